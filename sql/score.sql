-- The window function health_score: from activities to 0..100 in one call.
SET datestyle = 'ISO, YMD';

-- Linear, without decay, so that the numbers can be checked by hand: the baseline is the 90th percentile of the raw
-- scores.
\set model '\'{"curve": "linear", "signals": {"login": 1}}\'::health_model'
CREATE TEMPORARY TABLE accounts (id int, segment text, seats float8, activity health_activity);
INSERT INTO accounts
SELECT n, CASE WHEN n <= 6 THEN 'smb' ELSE 'mid' END, 1 + n % 3,
       health_daily('login', date '2026-01-01', n * 10, NULL) + health_observation('nps', '2026-01-01', n % 5)
FROM generate_series(1, 11) AS n GROUP BY n;

-- Raw scores 10, 20 .. 110: the baseline is 100. It equals the two steps, raw score and normalization, to the bit.
SELECT id, score, score = two_steps AS same
FROM (SELECT id, health_score(activity, :model, '2026-01-10') OVER () AS score,
             health_normalize(health_raw_score(activity, :model, '2026-01-10'), :model) OVER () AS two_steps
             FROM accounts) AS s ORDER BY id;
SELECT bool_and(score = two_steps) AS same FROM (
  SELECT health_score(activity, model, '2026-01-10', seats) OVER () AS score,
         health_normalize(health_raw_score(activity, model, '2026-01-10', seats), model,
           health_adjustment(activity, model, '2026-01-10', seats)) OVER () AS two_steps
  FROM accounts, (VALUES ('{"half_life_days": 30, "signals": {
    "login": 1.5, "nps": {"weight": 7, "measure": "last", "neutral": 2}}}'::health_model)) AS m (model)) AS s;

-- The window moves with as_of, and the past does not see later events.
SELECT as_of, health_score('{"login": {"2026-01-01": 1, "2026-01-03": 1}}',
         '{"window_days": 3, "baseline": 4, "curve": "linear", "signals": {"login": 1}}', as_of)
  OVER (PARTITION BY as_of) AS score
FROM unnest(ARRAY[date '2026-01-01', '2026-01-02', '2026-01-04', '2026-01-05', '2026-01-06', '2026-01-07']) AS as_of
ORDER BY as_of;

-- An empty activity scores from 0; a NULL one has no score and is not part of the population, nor is a row without a
-- model.
SELECT id, health_score(activity, model, '2026-01-10') OVER () AS score
FROM (VALUES (1, '{"login": {"2026-01-01": 1000}}'::health_activity, NULL::health_model), (2, NULL, NULL),
             (3, '{"login": {"2026-01-01": 10}}', :model), (4, '{}', :model),
             (5, NULL, :model), (6, '{"login": {"2026-01-01": 1000}}', NULL),
             (7, '{"login": {"2026-01-01": 5}}', :model),
             (8, '{"login": {"2026-01-01": 10}}', :model)) AS v (id, activity, model);
SELECT id, health_score(activity, :model, as_of) OVER () AS score
FROM (VALUES (1, '{"login": {"2026-01-01": 10}}'::health_activity, date '2026-01-10'),
             (2, '{"login": {"2026-01-01": 1000}}', NULL)) AS v (id, activity, as_of);
-- Nothing but NULLs, in all positions of the partition.
SELECT health_score(NULL::health_activity, :model, '2026-01-10') OVER () IS NULL AS activity,
       health_score('{}'::health_activity, NULL, '2026-01-10') OVER () IS NULL AS model,
       health_score('{}'::health_activity, :model, NULL) OVER () IS NULL AS as_of,
       health_score(NULL::health_activity, NULL, NULL, NULL) OVER () IS NULL AS all;
-- coalesce gives customers without an activity a score.
SELECT id, health_score(coalesce(activity, '{}'), :model, '2026-01-10') OVER () AS score
FROM (VALUES (1, '{"login": {"2026-01-01": 10}}'::health_activity), (2, NULL)) AS v (id, activity);

-- Nobody active: 0, not NULL.
SELECT health_score(activity, :model, '2026-01-10') OVER ()
FROM (VALUES ('{}'::health_activity), ('{"login": {"2025-01-01": 9}}')) AS v (activity);

-- Adjustments: points on top of the normalized score.
SELECT id, health_score(activity, '{"curve": "linear", "signals": {
         "login": 1, "nps": {"weight": 2, "measure": "last", "neutral": 7},
         "cancel": {"weight": -50, "unit": "score", "max_points": 50}}}', '2026-01-10') OVER () AS score
FROM (VALUES (1, '{"login": {"2026-01-01": 10}}'::health_activity),
             -- praise above 100 is capped
             (2, '{"login": {"2026-01-01": 10}, "nps": {"2026-01-01": [1, 10]}}'),
             -- the penalty bites from there
             (3, '{"login": {"2026-01-01": 10}, "nps": {"2026-01-01": [1, 10]}, "cancel": {"2026-01-02": 3}}'),
             (4, '{"login": {"2026-01-01": 5}, "nps": {"2026-01-01": [1, 10]}}'),
             (5, '{"login": {"2026-01-01": 5}, "nps": {"2026-01-01": [1, 2]}}'),
             (6, '{"cancel": {"2026-01-02": 1}}')) AS v (id, activity);

--
-- Sizes
--

-- Per seat: 10 logins of 1 seat are as much as 40 of 4.
SELECT id, size, health_score(activity, :model, '2026-01-10', size) OVER () AS score
FROM (VALUES (1, 1::float8, '{"login": {"2026-01-01": 10}}'::health_activity), (2, 4, '{"login": {"2026-01-01": 40}}'),
             (3, 2, '{"login": {"2026-01-01": 10}}')) AS v (id, size, activity);
-- Unknown sizes (NULL, 0, negative) are taken at the median of the known ones, here 4, and stay out of the baseline.
SELECT id, size, health_score(activity, :model, '2026-01-10', size) OVER () AS score
FROM (VALUES (1, 2::float8, '{"login": {"2026-01-01": 20}}'::health_activity), (2, 4, '{"login": {"2026-01-01": 40}}'),
             (3, 8, '{"login": {"2026-01-01": 80}}'),
             (4, NULL, '{"login": {"2026-01-01": 20}}'), (5, 0, '{"login": {"2026-01-01": 30}}'),
             (6, -1, '{"login": {"2026-01-01": 400}}')) AS v (id, size, activity);
-- The median of an even number of sizes lies between; sizes of rows without activity do not count.
SELECT id, size, health_score(activity, :model, '2026-01-10', size) OVER () AS score
FROM (VALUES (1, 2::float8, '{"login": {"2026-01-01": 20}}'::health_activity), (2, 4, '{"login": {"2026-01-01": 40}}'),
             (3, NULL, '{"login": {"2026-01-01": 15}}'), (4, 1000, NULL)) AS v (id, size, activity);
-- Nobody has a size: nothing is divided.
SELECT bool_and(with_size = without) AS same FROM (
  SELECT health_score(activity, :model, '2026-01-10', NULL) OVER () AS with_size,
         health_score(activity, :model, '2026-01-10') OVER () AS without FROM accounts) AS s;
SELECT health_score(activity, :model, '2026-01-10', size) OVER ()
FROM (VALUES ('{}'::health_activity, 3::float8), ('{}', 'NaN')) AS v (activity, size);
SELECT health_score('{}'::health_activity, :model, '2026-01-10', '-Infinity') OVER ();

--
-- Young accounts
--

-- Since when they are there: seven logins in the first week are as many as 45 in the window of 90 days (as if in 14 days),
-- but only those who have been there for min_tenure_days make the baseline: here 90.
CREATE TEMPORARY TABLE customer (id int, since date, activity health_activity);
INSERT INTO customer VALUES
  (1, '2024-01-01', '{"login": {"2026-01-01": 90}}'), (2, NULL, '{"login": {"2026-01-01": 45}}'),
  (3, '2025-12-27', '{"login": {"2026-01-01": 14}}'), (4, '2025-12-28', '{"login": {"2026-01-01": 7}}'),
  (5, '2026-01-03', '{"login": {"2026-01-09": 7}}'), (6, '2026-01-10', '{"login": {"2026-01-01": 7}}'), (7, '2026-01-09', NULL),
  (8, '2027-01-01', '{}'), (9, '-infinity', '{"login": {"2026-01-01": 9}}'), (10, 'infinity', '{"login": {"2026-01-01": 500}}');
SELECT id, since, health_raw_score(activity, :model, '2026-01-10', NULL, since) AS raw,
       health_score(activity, :model || '{"percentile": 0.99999}', '2026-01-10', NULL, since) OVER () AS score
FROM customer ORDER BY id;
-- The same from the two steps, the population by FILTER.
SELECT bool_and(score IS NOT DISTINCT FROM health_normalize(raw, baseline, :model)) AS same
FROM (SELECT id, health_raw_score(activity, :model, '2026-01-10', NULL, since) AS raw,
             health_score(activity, :model, '2026-01-10', NULL, since) OVER () AS score FROM customer) AS s,
     (SELECT health_baseline(health_raw_score(activity, :model, '2026-01-10', NULL, since), :model)
               FILTER (WHERE since IS NULL OR since <= date '2026-01-10' - 14) AS baseline FROM customer) AS b;
-- Nobody is old enough: there is no baseline.
SELECT id, health_score(activity, :model, '2026-01-10', NULL, since) OVER () AS score FROM customer WHERE id IN (4, 5);
DROP TABLE customer;

--
-- Partitions
--

-- Each segment has its own baseline; here the medians, 35 and 90.
SELECT id, segment, round(health_score(activity, :model || '{"percentile": 0.5}', '2026-01-10')
         OVER (PARTITION BY segment)) AS score FROM accounts ORDER BY id;
-- Filtering beside the window changes the population and so the scores; filtering outside does not.
SELECT id, round(health_score(activity, :model, '2026-01-10') OVER ()) AS inside FROM accounts
WHERE id <= 2 ORDER BY id;
SELECT id, outside FROM (SELECT id, health_score(activity, :model, '2026-01-10') OVER () AS outside FROM accounts) AS s
WHERE id <= 2 ORDER BY id;
-- Neither an order nor a frame changes the population.
SELECT bool_and(plain = framed) AS same FROM (SELECT health_score(activity, :model, '2026-01-10') OVER () AS plain,
  health_score(activity, :model, '2026-01-10') OVER (ORDER BY id DESC ROWS 1 PRECEDING) AS framed FROM accounts) AS s;

-- A window that is computed again and again, for another date each time: nothing is left of the one before.
SELECT day, scores FROM unnest(ARRAY[date '2026-01-01', '2026-01-02', '2026-04-01', '2026-04-02']) AS day,
  LATERAL (SELECT string_agg(score::text, ' ' ORDER BY id) AS scores
    FROM (SELECT id, health_score(activity, :model, day) OVER () AS score FROM accounts) AS s) AS l;

-- One as_of and one model a partition.
SELECT health_score(activity, :model, date '2026-01-10' + id) OVER () FROM accounts;
SELECT health_score(activity, health_make_model(jsonb_build_object('login', id)), '2026-01-10') OVER () FROM accounts;
SELECT day, id, round(health_score(activity, :model, day) OVER (PARTITION BY day)) AS score
FROM accounts, unnest(ARRAY[date '2026-01-01', '2026-01-02']) AS day WHERE id IN (5, 10) ORDER BY day, id;
SELECT model, id, round(health_score(activity, model, '2026-01-10') OVER (PARTITION BY model)) AS score
FROM accounts, unnest(ARRAY[:model, '{"baseline": 200, "curve": "linear", "signals": {"login": 1}}']::health_model[])
  AS model WHERE id IN (5, 10) ORDER BY model, id;
-- The same document is the same model, however it is written.
SELECT count(score) AS scored FROM (
  SELECT health_score(activity, CASE WHEN id % 2 = 0 THEN '{"signals": {"login": 1}, "window_days": 90}'
                                     ELSE '{"window_days": 90.0, "signals": {"login": 1.0}}' END::health_model,
                      '2026-01-10') OVER () AS score
  FROM accounts) AS s;

-- What cannot be scored.
SELECT health_score('{}'::health_activity, '{}', '2026-01-10') OVER ();
SELECT health_score('{}'::health_activity, :model, 'infinity') OVER ();
SELECT health_score('{}'::health_activity, :model, '2026-01-10');

--
-- Documented arithmetic: figures and rules that vendors publish, as models. Their own rounding is left out.
--

CREATE FUNCTION pg_temp.readings(document jsonb) RETURNS health_activity LANGUAGE sql AS
  $$SELECT coalesce(sum(health_observation(key, '2026-01-09', value::float8)), '{}') FROM jsonb_each_text(document)$$;
CREATE FUNCTION pg_temp.scorecard(signals jsonb) RETURNS health_model LANGUAGE sql AS
  $$SELECT health_make_model(signals, combine => 'mean')$$;
-- Measures of 0 to 100 with these weights.
CREATE FUNCTION pg_temp.of_hundred(weights jsonb) RETURNS health_model LANGUAGE sql AS
  $$SELECT pg_temp.scorecard(jsonb_object_agg(key,
             jsonb_build_object('weight', value::numeric, 'measure', 'last', 'out_of', 100)))
    FROM jsonb_each_text(weights)$$;
CREATE FUNCTION pg_temp.steps(weight numeric, steps jsonb) RETURNS jsonb LANGUAGE sql AS
  $$SELECT jsonb_build_object('weight', weight, 'measure', 'last', 'steps', steps)$$;

CREATE TEMPORARY TABLE documented AS
-- Gainsight, group score: (20 * 47 + 15 * 59 + 22 * 21) / 57.
SELECT 'Gainsight group' AS what, 40.122 AS expected,
       pg_temp.of_hundred('{"tickets": 20, "time_to_resolve": 15, "frequency": 22}') AS model,
       pg_temp.readings('{"tickets": 47, "time_to_resolve": 59, "frequency": 21}') AS activity
UNION ALL
-- Natero: components 2, 3, 3 and 2 of 10; the metrics of a component weigh the same: 80, (76 + 65) / 2, 90, 54. It says 75.
SELECT 'Natero', 74.95,
       pg_temp.of_hundred('{"open_tickets": 2, "active_days": 1.5, "active_users": 1.5, "email_report": 3, "csm": 2}'),
       pg_temp.readings('{"open_tickets": 80, "active_days": 76, "active_users": 65, "email_report": 90, "csm": 54}')
UNION ALL
-- Natero, a metric: 0 up to 7 minutes, 100 from 30 on, in proportion between. It says 48, 0 and 100.
SELECT 'Natero metric, ' || x || ' minutes', expected,
       pg_temp.scorecard('{"session": {"weight": 1, "measure": "last", "scale": [[7, 0], [30, 1]]}}'),
       pg_temp.readings(jsonb_build_object('session', x))
FROM (VALUES (5, 0), (18, 47.826), (35, 100)) AS v (x, expected)
UNION ALL
-- Totango: good is 100, average 60, poor 0, and their mean weighted. Weights and limits are made up.
SELECT 'Totango' || suffix, expected, pg_temp.scorecard(jsonb_build_object(
         'licenses', pg_temp.steps(70, '[[0, 0], [40, 0.6], [80, 1]]'),
         'visits', pg_temp.steps(30, '[[0, 0], [5, 0.6], [10, 1]]'))),
       pg_temp.readings(seen)
FROM (VALUES ('', 88, '{"licenses": 85, "visits": 7}'::jsonb), (', poor', 18, '{"licenses": 20, "visits": 7}'),
             (', one missing', 100, '{"licenses": 85}')) AS v (suffix, expected, seen)
UNION ALL
-- PulseScore, its two worked examples: 84; and 71 where engagement is missing, so that 0.85 of the weights are there.
SELECT 'PulseScore' || suffix, expected,
       pg_temp.of_hundred('{"payments": 30, "mrr_trend": 20, "failed": 20, "tickets": 15, "engagement": 15}'),
       pg_temp.readings(seen)
FROM (VALUES ('', 84, '{"payments": 95, "mrr_trend": 90, "failed": 75, "tickets": 70, "engagement": 80}'::jsonb),
             (', no engagement', 70.588, '{"payments": 50, "mrr_trend": 50, "failed": 100, "tickets": 100}'))
       AS v (suffix, expected, seen)
UNION ALL
-- Zudo: its tables of points, and its weights with a CSM's pulse, which holds for 90 days; without one they are 25, 20, 20,
-- 20 and 15. An account that is made up: 10 hours are 80, 4 requests 60, 12 meetings 80, 2 days 100, 8 days ago 60.
SELECT 'Zudo' || suffix, expected, pg_temp.scorecard(jsonb_build_object(
         'email_hours', pg_temp.steps(20, '[[0, 1], [4, 0.8], [12, 0.6], [24, 0.4], [48, 0.2]]'),
         'requests', pg_temp.steps(16, '[[0, 1], [1, 0.8], [3, 0.6], [6, 0.4], [11, 0.2]]'),
         'meetings', pg_temp.steps(16, '[[0, 0.4], [6, 0.6], [12, 0.8], [24, 1]]'),
         'resolution_days', pg_temp.steps(16, '[[0, 1], [3, 0.8], [7, 0.6], [14, 0.4], [30, 0.2]]'),
         'last_touch_days', pg_temp.steps(12, '[[0, 1], [3, 0.8], [7, 0.6], [14, 0.4], [30, 0.2]]'),
         'pulse', '{"weight": 20, "measure": "last", "out_of": 100, "window_days": 90}'::jsonb)),
       pulse + pg_temp.readings(
         '{"email_hours": 10, "requests": 4, "meetings": 12, "resolution_days": 2, "last_touch_days": 8}')
FROM (VALUES (', pulse 40', 69.6, pg_temp.readings('{"pulse": 40}')), (', no pulse', 77, '{}'::health_activity),
             (', pulse of 100 days ago', 77, '{"pulse": {"2025-10-01": [1, 40]}}')) AS v (suffix, expected, pulse)
UNION ALL
-- Planhat: points from a middle of 5 out of 10, here of 50: an NPS of 0 to 10 gives -5 to +5, or one below 6 takes 3; ends
-- at 0 and 10.
SELECT 'Planhat, NPS ' || nps || coalesce(', ' || effect, ''), expected, health_make_model(jsonb_build_object(
         'middle', '{"weight": 50, "steps": [[0, 1]]}'::jsonb, 'nps', CASE WHEN effect IS NULL
           THEN '{"weight": 50, "measure": "last", "scale": [[0, -1], [10, 1]]}'::jsonb
           ELSE '{"weight": 30, "measure": "last", "steps": [[0, -1], [6, 0]]}' END)),
       pg_temp.readings(jsonb_build_object('nps', nps))
FROM (VALUES (0, 0, NULL), (7, 70, NULL), (10, 100, NULL), (5, 20, 'below 6')) AS v (nps, expected, effect);

SELECT what, expected, round(score::numeric, 3) AS score, abs(score - expected) < 0.001 AS same
FROM (SELECT what, expected, health_score(activity, model, '2026-01-10') OVER (PARTITION BY model) AS score FROM documented) AS s
ORDER BY what;
-- Planhat, a group: the mean of its companies, 10, 5, 5 and 5.
SELECT health_composite(score, 1) FROM unnest('{10,5,5,5}'::float8[]) AS score;
-- Of a report: what is there, by its weight.
SELECT what, round(coverage::numeric, 3) AS coverage FROM (
  SELECT what, (health_report(activity, model, '2026-01-10') OVER (PARTITION BY model)).coverage FROM documented) AS r
WHERE coverage < 1 ORDER BY what;
