-- health_calibration, health_churn_probability and health_churn_interval: what a score means in churn.

CREATE TEMPORARY TABLE scored (score float8, churned boolean, arr numeric);
INSERT INTO scored VALUES (5, true, 100), (5, true, 200), (30, false, 300), (30, true, 400), (45, true, 500),
                          (60, false, 600), (60, false, 700), (95, false, 800);
-- One of two at 30 and one of one at 45 are in the wrong order, so both scores are one step.
CREATE TEMPORARY TABLE calibrated AS SELECT health_calibration(score, churned) AS calibration FROM scored;
SELECT jsonb_pretty(calibration) FROM calibrated;
SELECT score, round(health_churn_probability(score, calibration)::numeric, 6) AS probability,
       round(ends[1]::numeric, 6) AS low, round(ends[2]::numeric, 6) AS high
FROM unnest('{-10,5,17.5,30,45,52.5,60,1000}'::float8[]) AS score CROSS JOIN calibrated
CROSS JOIN LATERAL health_churn_interval(score, calibration) AS ends;
-- ARR at risk, with its error bar.
SELECT round(sum(health_churn_probability(score, calibration)::numeric * arr)) AS arr_at_risk,
       round(sum((health_churn_interval(score, calibration))[1]::numeric * arr)) AS low,
       round(sum((health_churn_interval(score, calibration))[2]::numeric * arr)) AS high
FROM scored CROSS JOIN calibrated;
SELECT health_churn_probability(NULL, calibration) IS NULL AS score, health_churn_probability(5, NULL) IS NULL AS calibration
FROM calibrated;
-- All churned, nobody did, one account.
SELECT health_calibration(score, true) -> 'steps' -> 0 ->> 'churn_rate' AS everybody,
       health_calibration(score, false) -> 'steps' AS nobody FROM scored;
SELECT health_churn_probability(50, health_calibration(50, true)) FROM generate_series(1, 1);
SELECT health_calibration(score, churned) IS NULL AS no_rows FROM scored WHERE false;

SELECT health_churn_probability('NaN', calibration) FROM calibrated;
SELECT health_churn_probability(50, '{}');
SELECT health_churn_probability(50, '[]');
SELECT health_churn_probability(50, '7');
SELECT health_churn_probability(50, '{"steps": []}');
SELECT health_churn_probability(50, '{"steps": [{"from_score": 1, "to_score": 2, "accounts": 3}]}');
SELECT health_churn_probability(50, '{"steps": [{"from_score": 1, "to_score": 2, "accounts": 3, "churned": 4}]}');
SELECT health_churn_interval(50, '{"steps": [{"from_score": 3, "to_score": 2, "accounts": 3, "churned": 1}]}');
