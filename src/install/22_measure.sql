-- One signal of an activity over some days, as a number.

--@ theme Activities
--@ function health_measure
--@ stability: stable
--@ formula: over the days from `as_of - days` to `as_of - 1`: `count` of events; `days` with any; `sum` of values; `last`, the mean
--@   value of the latest day that has one; `mean` of all values; `distinct`, how many signals have the prefix; `recency`, 1
--@   where it was there yesterday, else 1 - days since / days, 0 without any; `trend`, (events - events of as many days before) /
--@   the latter, at most 1.
--@ units: `days` is 1 or more.
--@ null: NULL for NULL; `last` and `mean` without a value; `trend` with fewer than 5 events before. Otherwise 0 without any event.
--@ errors: 22023 for another measure, for `days` below 1, for `distinct` of a name without `*`, and for `*` with another measure;
--@   22008 for an infinite `as_of`.
--@ example:
--@   SELECT health_measure(activity, 'login', '2026-01-05', 28) AS count,
--@          health_measure(activity, 'login', '2026-01-05', 28, 'days') AS days,
--@          health_measure(activity, 'login', '2026-01-05', 28, 'recency') AS recency,
--@          health_measure(activity, 'nps', '2026-01-05', 90, 'last') AS nps
--@   FROM (VALUES ('{"login": {"2026-01-02": 1, "2026-01-03": 4}, "nps": {"2025-12-20": [2, 17]}}'::health_activity)) AS v (activity);
--@ output:
--@    count | days |      recency       | nps
--@   -------+------+--------------------+-----
--@        5 |    2 | 0.9642857142857143 | 8.5
CREATE FUNCTION health_measure(activity health_activity, signal text, as_of date, days int, measure text DEFAULT 'count')
  RETURNS float8
  AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 10;
COMMENT ON FUNCTION health_measure(health_activity, text, date, int, text) IS
  'a signal over the given number of days before as_of as a number: count, days, sum, last, mean, distinct (signal user:*), recency or trend; last and mean are NULL without a value, trend without 5 events in as many days before';
