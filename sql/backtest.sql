-- health_backtest and health_backtest_rows: how good the scores of a date were, seen by who churned since.

-- A hundred accounts: the lower the score, the more of them churned.
CREATE TEMPORARY TABLE scored AS SELECT n AS score, n * 37 % 100 < 60 - n * 3 / 5 AS churned FROM generate_series(1, 100) AS n;
CREATE TEMPORARY TABLE tested AS
SELECT health_backtest(score, churned, '{"signals": {"login": 1}}') AS backtest FROM scored;
SELECT jsonb_pretty(backtest - 'deciles' - 'calibration') FROM tested;
SELECT d.* FROM tested CROSS JOIN health_backtest_rows(backtest) AS d;
-- Its calibration is what health_calibration makes of the same scores.
SELECT backtest -> 'calibration' = (SELECT health_calibration(score, churned) FROM scored) AS same,
       health_churn_probability(50, backtest -> 'calibration') AS probability FROM tested;
SELECT part, count(*), sum(accounts) AS accounts, sum(churned) AS churned
FROM tested CROSS JOIN health_backtest_rows(backtest) GROUP BY part ORDER BY part;
-- Of those up to this band: how many leave (precision), and how many of those who leave they are (recall); as in the document.
SELECT bucket, accounts, churned, precision, recall
FROM tested CROSS JOIN health_backtest_rows(backtest) WHERE part = 'band';
SELECT count(*) FROM tested CROSS JOIN health_backtest_rows(backtest) WHERE part <> 'band' AND num_nonnulls(precision, recall) > 0;
-- A score or an outcome that is not known yet is not counted.
SELECT health_backtest(score, churned, '{"signals": {"login": 1}}') = (SELECT backtest FROM tested) AS same
FROM (TABLE scored UNION ALL VALUES (NULL, true), (50, NULL)) AS s;
-- The cuts are a change of the model: 15 % red, 35 % yellow, 50 % green.
SELECT health_band(score, '{"signals": {"login": 1}}'::health_model || (backtest -> 'cuts')) AS band, count(*)
FROM scored CROSS JOIN tested GROUP BY band ORDER BY min(score);
-- The bands are those of the model.
SELECT bucket, accounts, churned
FROM (SELECT health_backtest(score, churned, '{"bands": [["lost", 0], ["weak", 30], ["fine", 60], ["great", 90]],
                                               "signals": {"login": 1}}') AS backtest FROM scored) AS t
CROSS JOIN health_backtest_rows(backtest) WHERE part = 'band';
-- Fewer scores than deciles lift nothing; nobody churned: there is nothing to tell apart.
SELECT DISTINCT lift FROM (SELECT health_backtest(round(score / 20), churned, '{"signals": {"login": 1}}') AS backtest FROM scored) AS t
CROSS JOIN health_backtest_rows(backtest) WHERE part = 'decile';
SELECT backtest - 'deciles' - 'bands' - 'calibration' AS backtest
FROM (SELECT health_backtest(score, false, '{"signals": {"login": 1}}') AS backtest FROM scored) AS t;
SELECT health_backtest(score, churned, NULL) IS NULL AS model, health_backtest(NULL, churned, '{"signals": {"login": 1}}') IS NULL AS score
FROM scored;
SELECT count(*) FROM health_backtest_rows(NULL);
SELECT count(*) FROM health_backtest_rows('{}');
-- One model a group, each group its own.
SELECT half, backtest ->> 'accounts' AS accounts, jsonb_array_length(backtest -> 'bands') AS bands
FROM (SELECT score > 50 AS half,
             health_backtest(score, churned, CASE WHEN score > 50 THEN '{"signals": {"login": 1}}'
                             ELSE '{"bands": [["bad", 0], ["good", 50]], "signals": {"login": 1}}' END::health_model) AS backtest
      FROM scored GROUP BY score > 50) AS g ORDER BY half;
SELECT health_backtest(score, churned, CASE WHEN score > 50 THEN '{"signals": {"login": 1}}'
                                       ELSE '{"signals": {"login": 2}}' END::health_model) FROM scored;
SELECT health_backtest('NaN', true, '{"signals": {"login": 1}}');
SELECT health_backtest(50, true);
