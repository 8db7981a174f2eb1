-- Alerts on a series of scores: one for each transition.

--@ theme Over time
--@ function health_alert
--@ stability: stable
--@ formula: `entered_red`, `entered_yellow`, `recovered`: where `health_stable_band` changes. `drop`: the score is `drop_points` or more
--@   below its highest of the last `drop_days` days, and was not at the reading before. The same kind not again within `cooldown_days`.
--@ null: NULL where there is no alert, and where score, day or model is NULL.
--@ errors: 22023 where days are not in order or the model differs within the partition; 22003 for a score that is NaN or infinite;
--@   22008 for an infinite day.
--@ see: [alerts](time.md#alerts).
--@ example:
--@   SELECT day, score, health_alert(score, day, '{}') OVER (ORDER BY day)
--@   FROM (VALUES (date '2026-01-01', 90), ('2026-01-02', 65), ('2026-01-03', 64), ('2026-01-04', 40)) AS v (day, score);
--@ output:
--@       day     | score | health_alert
--@   ------------+-------+--------------
--@    2026-01-01 |    90 |
--@    2026-01-02 |    65 | drop
--@    2026-01-03 |    64 |
--@    2026-01-04 |    40 | entered_red
CREATE FUNCTION health_alert(score float8, day date, model health_model) RETURNS text
  AS 'MODULE_PATHNAME' LANGUAGE C WINDOW IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION health_alert(float8, date, health_model) IS
  'window function, OVER (PARTITION BY account ORDER BY day): alert of a reading, or NULL: entered_red (the worst band), drop, entered_yellow (a fall into any other band) or recovered; one per transition, none within the cooldown of its kind';
