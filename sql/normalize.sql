-- health_normalize: from raw scores to 0..100, over a partition and against a baseline; curves, points on top.

-- Raw scores of a made-up population, with what a spreadsheet gives for them (PERCENTILE.INC at 90 %, three curves).
CREATE TEMPORARY TABLE accounts (id serial, raw float8, linear float8, exponential float8, open float8);
INSERT INTO accounts (raw, linear, exponential, open) VALUES
  (475, 100, 100, 99.476954), (89, 42.747358, 69.588572, 62.629714), (101, 48.511047, 74.749173, 67.274256),
  (7, 3.362152, 8.27729, 7.449561), (3, 1.440922, 3.62601, 3.263409), (21, 10.086455, 23.027941, 20.725147),
  (2, 0.960615, 2.430682, 2.187614), (149, 71.565802, 89.726593, 80.753934), (223, 100, 100, 91.509867),
  (1, 0.480307, 1.222062, 1.099856), (13, 6.243996, 14.87955, 13.391595), (9, 4.322767, 10.526898, 9.474208),
  (37, 17.771374, 37.313254, 33.581928);

CREATE FUNCTION pg_temp.six(float8) RETURNS numeric LANGUAGE sql RETURN round($1::numeric, 6);

SELECT raw, pg_temp.six(health_normalize(raw, '{"curve": "linear"}') OVER ()) AS linear,
       pg_temp.six(health_normalize(raw, '{"curve": "exponential"}') OVER ()) AS exponential,
       pg_temp.six(health_normalize(raw, '{"curve": "open"}') OVER ()) AS open
FROM accounts ORDER BY id;
SELECT count(*) AS wrong FROM (
  SELECT linear, exponential, open, health_normalize(raw, '{"curve": "linear"}') OVER () AS l,
         health_normalize(raw, '{}') OVER () AS e,
         health_normalize(raw, '{"curve": "open"}') OVER () AS o FROM accounts) AS n
WHERE pg_temp.six(l) <> pg_temp.six(linear) OR pg_temp.six(e) <> pg_temp.six(exponential)
  OR pg_temp.six(o) <> pg_temp.six(open);

-- At the baseline: exactly 100, and 100 p on the open curve.
SELECT curve, pg_temp.six(health_normalize(208.2, 208.2, model)) AS at,
       health_normalize(208.2, 208.2, model) = 100 AS exactly_100, pg_temp.six(health_normalize(2082, 208.2, model)) AS ten_times
FROM unnest(ARRAY['linear', 'exponential', 'open']) AS curve, LATERAL health_make_model(curve => curve) AS model;
-- The scalar form gives the very same bits against the baseline of the population.
SELECT bool_and(over_all = against_baseline) AS same FROM (
  SELECT health_normalize(raw, '{}') OVER () AS over_all,
         health_normalize(raw, (SELECT health_baseline(raw, '{}') FROM accounts), '{}') AS against_baseline
  FROM accounts) AS n;

-- The maximum as the mark for 100: parts of the best one.
SELECT count(*) AS wrong FROM (
  SELECT raw, max(raw) OVER () AS most, health_normalize(raw, '{"percentile": 1, "curve": "linear"}') OVER () AS score
  FROM accounts) AS n WHERE score <> 100 * raw / most;

-- Ties get equal scores, and all tied earn all.
SELECT raw, pg_temp.six(health_normalize(raw, '{}') OVER ()) AS score
FROM (VALUES (10::float8), (10), (20), (20), (20), (40)) AS v (raw);
SELECT raw, health_normalize(raw, '{}') OVER () AS score FROM (VALUES (10::float8), (10), (10)) AS v (raw);

-- Not active is 0, and does not pull the baseline down; with population all it does.
SELECT raw, pg_temp.six(health_normalize(raw, '{"curve": "linear"}') OVER ()) AS active,
       pg_temp.six(health_normalize(raw, '{"curve": "linear", "population": "all"}') OVER ()) AS all
FROM (VALUES (-5::float8), (0), (0), (NULL), (4), (8)) AS v (raw);
-- Nobody eligible: all 0. A baseline of 0 or less, possible with population all: 100 or 0.
SELECT raw, health_normalize(raw, '{}') OVER () AS all_inactive FROM (VALUES (0::float8), (-3), (NULL)) AS v (raw);
SELECT raw, health_normalize(raw, '{"population": "all", "percentile": 0.5}') OVER () AS median_is_0
FROM (VALUES (0::float8), (0), (0), (-3), (7)) AS v (raw);
SELECT raw, health_normalize(raw, '{"population": "all", "percentile": 0.5}') OVER () AS median_below_0
FROM (VALUES (-3::float8), (-2), (7)) AS v (raw);
-- One account alone earns the maximum.
SELECT health_normalize(12, '{}') OVER () AS exponential,
       pg_temp.six(health_normalize(12, '{"curve": "open"}') OVER ()) AS open,
       health_normalize(0, '{}') OVER () AS zero;
-- A NULL raw score or model gives NULL.
SELECT raw, health_normalize(raw, '{}') OVER () AS score FROM (VALUES (NULL::float8), (NULL)) AS v (raw);
SELECT raw, model, pg_temp.six(health_normalize(raw, model) OVER ()) AS score
FROM (VALUES (5::float8, NULL::health_model), (10, '{"curve": "linear"}'), (5, '{"curve": "linear"}'))
  AS v (raw, model);
SELECT health_normalize(5, NULL::health_model) OVER () IS NULL AS no_model_at_all;

-- A frozen baseline does not look at the others.
SELECT raw, health_normalize(raw, '{"curve": "linear", "baseline": 200}') OVER () AS score
FROM (VALUES (50::float8), (200), (300), (0)) AS v (raw);
-- Against an unknown baseline an inactive account is 0, any other unknown.
SELECT raw, health_normalize(raw, NULL::float8, '{}') AS unknown, health_normalize(raw, 0, '{}') AS zero,
       health_normalize(raw, -2, '{}') AS negative
FROM unnest(ARRAY[-1, 0, 1, NULL]::float8[]) AS raw;
SELECT health_normalize(1, 2, NULL::health_model) IS NULL AS no_model;

-- Adjustments: praise is capped first, so that a penalty always bites.
SELECT raw, adjustment, health_normalize(raw, 100, '{"curve": "linear"}', adjustment) AS score
FROM (VALUES (50::float8, 10::float8), (50, -10), (95, 10), (100, -10), (5, -10), (0, 10), (50, NULL), (0, 1000),
             (100, -1000)) AS v (raw, adjustment);
SELECT raw, adjustment, health_normalize(raw, '{"curve": "linear", "baseline": 100}', adjustment) OVER () AS score
FROM (VALUES (50::float8, 10::float8), (95, 10), (100, -10), (NULL, 10), (50, NULL)) AS v (raw, adjustment);

-- Segments: each has its own baseline.
SELECT segment, raw, health_normalize(raw, '{"curve": "linear", "percentile": 0.5}')
       OVER (PARTITION BY segment) AS score
FROM (VALUES ('big', 100::float8), ('big', 200), ('big', 300), ('small', 1), ('small', 2), ('small', 3))
  AS v (segment, raw) ORDER BY segment, raw;
-- Neither a frame nor an order changes the population.
SELECT count(*) AS wrong FROM (SELECT health_normalize(raw, '{}') OVER () AS plain,
         health_normalize(raw, '{}') OVER (ORDER BY id ROWS 1 PRECEDING) AS framed FROM accounts) AS n
  WHERE plain <> framed;

-- A partition has one model: the same document counts as the same, however it is written.
SELECT raw, health_normalize(raw, model) OVER () AS score
FROM (VALUES (1::float8, '{"curve": "linear", "percentile": 0.5}'::health_model),
             (3, '{"percentile": 0.50, "curve": "linear"}')) AS v (raw, model);
SELECT raw, health_normalize(raw, model) OVER ()
FROM (VALUES (1::float8, '{"curve": "linear"}'::health_model), (2, '{"curve": "open"}')) AS v (raw, model);
SELECT raw, pg_temp.six(health_normalize(raw, model) OVER (PARTITION BY model)) AS score
FROM (VALUES (1::float8, '{"curve": "linear"}'::health_model), (2, '{"curve": "open"}')) AS v (raw, model);

-- What is no number is refused, wherever it stands.
SELECT health_normalize(raw, '{}') OVER () FROM (VALUES (1::float8), ('NaN')) AS v (raw);
SELECT health_normalize(1, '{}', 'Infinity'::float8) OVER ();
SELECT health_normalize('Infinity', 1, '{}');
SELECT health_normalize(1, 'NaN'::float8, '{}');
SELECT health_normalize(1, 1, '{}', '-Infinity');

-- Praise and penalty apart: praise is capped first, so that a penalty always bites. As one number they would give 100.
SELECT health_normalize(raw, '{"baseline": 10, "curve": "linear"}', praise, penalty) OVER () AS over,
       health_normalize(raw, 10, '{"curve": "linear"}', praise, penalty) AS scalar,
       health_normalize(raw, 10, '{"curve": "linear"}', coalesce(praise, 0) - coalesce(penalty, 0)) AS one_number
FROM (VALUES (10, 6, 5), (9.9, 3, 2), (5, 10, NULL), (5, NULL, 60), (-3, 7, 4), (NULL, 1, 1)) AS v (raw, praise, penalty);
SELECT health_normalize(1, 1, '{}', -5, 0);
SELECT health_normalize(1, '{}', 0, -5) OVER ();
SELECT health_normalize(1, 1, '{}', 0, 'NaN');

SELECT health_normalize(1, '{}');
