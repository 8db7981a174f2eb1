-- health_weighted_sum and health_sliding_sum: sums of weighted events, of all and in a moving frame.
SET datestyle = 'ISO, YMD';
SET TimeZone = 'America/New_York';  -- must not matter: days are UTC

CREATE TEMPORARY TABLE event (n int, weight float8, occurred_at timestamptz);
INSERT INTO event VALUES
  (1, 1, '2026-01-01 00:00+00'), (2, 2, '2026-01-01 23:59:59.999999+00'), (3, 4, '2026-01-02 00:00+00'),
  (4, NULL, '2026-01-03 12:00+00'), (5, 8, '2026-01-04 12:00+00'), (6, 16, '2026-01-20 12:00+00'),
  (7, -32, '2026-01-20 13:00+00');

-- Half-open: the window of 3 days at as_of 2026-01-04 is January 1 to 3.
SELECT as_of, health_weighted_sum(weight, occurred_at, '{"window_days": 3}', as_of) AS sum
FROM event CROSS JOIN unnest('{2026-01-01,2026-01-02,2026-01-04,2026-01-05,2026-01-21,2026-03-01}'::date[]) AS as_of
GROUP BY as_of ORDER BY as_of;

-- As of the day after the latest one in the frame. A NULL weight moves time only, and so does a gap.
SELECT n, health_sliding_sum(weight, occurred_at, '{"window_days": 3}') OVER (ORDER BY occurred_at) AS sum,
       health_sliding_sum(weight, occurred_at, '{"window_days": 3, "half_life_days": 1}') OVER (ORDER BY occurred_at)
         AS decayed
FROM event ORDER BY n;

-- Any frame, any order of rows, late rows too; what leaves the frame leaves the sum.
SELECT n, health_sliding_sum(weight, occurred_at, '{}') OVER (ORDER BY n ROWS 1 PRECEDING) AS two_rows,
       health_sliding_sum(weight, occurred_at, '{}') OVER (ORDER BY occurred_at RANGE '1 day' PRECEDING) AS day,
       health_sliding_sum(weight, occurred_at, '{}')
         OVER (ORDER BY health_day(occurred_at) GROUPS 1 PRECEDING) AS two_days,
       health_sliding_sum(weight, occurred_at, '{}')
         OVER (ORDER BY n ROWS BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING) AS rest,
       health_sliding_sum(weight, occurred_at, '{}') OVER (ORDER BY n DESC ROWS 1 PRECEDING) AS backwards,
       health_sliding_sum(weight, occurred_at, '{}') OVER (ORDER BY n ROWS BETWEEN 3 PRECEDING AND 2 PRECEDING) AS gone,
       health_sliding_sum(weight, occurred_at, '{}') OVER (ORDER BY n ROWS 2 PRECEDING EXCLUDE CURRENT ROW) AS others
FROM event ORDER BY n;

-- Times without a zone, dates and text are UTC.
SELECT health_weighted_sum(weight, occurred_at, '{"window_days": 3}', '2026-01-04') AS timestamptz,
       health_weighted_sum(weight, occurred_at AT TIME ZONE 'UTC', '{"window_days": 3}', '2026-01-04') AS timestamp,
       health_weighted_sum(weight, health_day(occurred_at), '{"window_days": 3}', '2026-01-04') AS date,
       health_weighted_sum(weight, occurred_at::text, '{"window_days": 3}', '2026-01-04') AS text
FROM event;
SELECT health_sliding_sum(weight, occurred_at AT TIME ZONE 'UTC', '{}') AS timestamp,
       health_sliding_sum(weight, health_day(occurred_at), '{}') AS date,
       health_sliding_sum(weight, occurred_at::text, '{}') AS text FROM event;
-- In a frame that moves, too; and an untyped literal is text.
SELECT count(*), count(*) FILTER (WHERE t IS DISTINCT FROM d) AS wrong
FROM (SELECT health_sliding_sum(weight, day::text, '{}') OVER (ORDER BY n ROWS 3 PRECEDING) AS t,
             health_sliding_sum(weight, day, '{}') OVER (ORDER BY n ROWS 3 PRECEDING) AS d
      FROM (SELECT n, n / 7.0 AS weight, date '2025-01-01' + n * 7 % 50 AS day FROM generate_series(1, 1000) AS n) AS r) AS s;
SELECT health_weighted_sum(1, '2026-01-03', '{}', '2026-01-04'), health_sliding_sum(1, '2026-01-03', '{}');
SELECT health_weighted_sum(1, 'today', '{}', '2026-01-04');

-- A million rows with removals: the bytes of a fresh computation, whatever came and went.
CREATE TEMPORARY TABLE long_series AS
SELECT n, (n * 7919::bigint % 1000003) / 7.0 AS weight, date '2000-01-01' + n / 200 AS day FROM generate_series(1, 1000000) AS n;
SELECT round(slid::numeric, 3) AS slid, slid = fresh AS same FROM
  (SELECT health_sliding_sum(weight, day, model) OVER (ORDER BY n ROWS 999 PRECEDING) AS slid, n
   FROM long_series, (VALUES ('{"half_life_days": 3.3}'::health_model)) AS m (model)) AS s,
  (SELECT health_weighted_sum(weight, day, '{"half_life_days": 3.3}', (SELECT max(day) + 1 FROM long_series)) AS fresh
   FROM long_series WHERE n > 999000) AS f
WHERE n = 1000000;

-- No rows give NULL, and so does an unknown model or date; rows without a weight add 0.
SELECT health_weighted_sum(weight, occurred_at, '{}', '2026-01-04') IS NULL AS no_rows,
       health_sliding_sum(weight, occurred_at, '{}') IS NULL AS no_rows_either FROM event WHERE false;
SELECT health_weighted_sum(NULL, occurred_at, '{}', '2026-01-04') AS no_weights,
       health_weighted_sum(weight, occurred_at, '{}', NULL) IS NULL AS no_date,
       health_weighted_sum(weight, occurred_at, NULL, '2026-01-04') IS NULL AS no_model,
       health_weighted_sum(weight, NULL::date, '{}', '2026-01-04') IS NULL AS no_time,
       health_sliding_sum(NULL, occurred_at, '{}') AS sliding FROM event;

-- Weights, times, models and dates that are errors.
SELECT health_weighted_sum('NaN', '2026-01-01'::date, '{}', '2026-01-04');
SELECT health_weighted_sum('NaN', '2016-01-01'::date, '{}', '2026-01-04');
SELECT health_sliding_sum('-Infinity', '2026-01-01'::date, '{}');
SELECT health_sliding_sum(1e13, '2026-01-01'::date, '{}');
SELECT health_sliding_sum(1, 'infinity'::timestamptz, '{}');
SELECT health_sliding_sum(1, '1969-12-31'::date, '{}');
SELECT health_sliding_sum(1, '2200-01-01'::date, '{}');
SELECT health_weighted_sum(1, '2026-01-01'::date, '{}', as_of) FROM unnest('{2026-01-01,2026-01-02}'::date[]) AS as_of;
SELECT health_sliding_sum(1, '2026-01-01'::date, model) FROM unnest('{"{}","{\"window_days\": 3}"}'::health_model[]) AS model;
-- A frame that was empty takes the next model.
SELECT n, health_sliding_sum(1, day, model) OVER (ORDER BY n ROWS 1 PRECEDING) AS sum
FROM (VALUES (1, date '2025-01-01', '{"window_days": 10}'::health_model), (2, NULL, '{"window_days": 10}'),
             (3, '2025-01-03', '{"window_days": 20}')) AS v (n, day, model);
-- Many models, one a group.
SELECT count(*), sum(sum) FROM (
  SELECT health_weighted_sum(1, '2026-01-01'::date, ('{"window_days": ' || n || '}')::health_model, '2026-01-02') AS sum
  FROM generate_series(1, 3000) AS n GROUP BY n) AS g;
-- A volatile argument that gives another day when its row leaves the frame than when it came.
SELECT health_sliding_sum(1, date '2025-01-01' + current_setting('test.shift', true)::int, '{}') OVER (ORDER BY n ROWS 1 PRECEDING),
       set_config('test.shift', (n * -21000)::text, false)
FROM (SELECT n, set_config('test.shift', '0', false) FROM generate_series(1, 4) AS n OFFSET 0) AS s;
-- The first and the last day there are, in one frame.
SELECT health_sliding_sum(1, day, '{"window_days": 36500}') FROM unnest('{1970-01-01,2199-12-31}'::date[]) AS day;
