-- Scores over time: sums of weighted events, history, slope, stable band, alerts, sparkline.
SET datestyle = 'ISO, YMD';
SET TimeZone = 'America/New_York';  -- must not matter: days are UTC

--
-- health_weighted_sum and health_sliding_sum
--
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

-- Times without a zone and dates are UTC.
SELECT health_weighted_sum(weight, occurred_at, '{"window_days": 3}', '2026-01-04') AS timestamptz,
       health_weighted_sum(weight, occurred_at AT TIME ZONE 'UTC', '{"window_days": 3}', '2026-01-04') AS timestamp,
       health_weighted_sum(weight, health_day(occurred_at), '{"window_days": 3}', '2026-01-04') AS date
FROM event;
SELECT health_sliding_sum(weight, occurred_at AT TIME ZONE 'UTC', '{}') AS timestamp,
       health_sliding_sum(weight, health_day(occurred_at), '{}') AS date FROM event;

-- A million rows with removals: the bytes of a fresh computation, whatever came and went.
CREATE TEMPORARY TABLE long_series AS
SELECT n, (n * 7919::bigint % 1000003) / 7.0 AS weight, date '2000-01-01' + n / 200 AS day FROM generate_series(1, 1000000) AS n;
SELECT round(slid::numeric, 3) AS slid, slid = fresh AS same FROM
  (SELECT health_sliding_sum(weight, day, model) OVER (ORDER BY n ROWS 999 PRECEDING) AS slid, n
   FROM long_series, (VALUES ('{"half_life_days": 3.3}'::health_model)) AS m (model)) AS s,
  (SELECT health_weighted_sum(weight, day, '{"half_life_days": 3.3}', (SELECT max(day) + 1 FROM long_series)) AS fresh
   FROM long_series WHERE n > 999000) AS f
WHERE n = 1000000;

-- Nothing, and nothing that counts.
SELECT health_weighted_sum(weight, occurred_at, '{}', '2026-01-04') IS NULL AS no_rows,
       health_sliding_sum(weight, occurred_at, '{}') IS NULL AS no_rows_either FROM event WHERE false;
SELECT health_weighted_sum(NULL, occurred_at, '{}', '2026-01-04') AS no_weights,
       health_weighted_sum(weight, occurred_at, '{}', NULL) IS NULL AS no_date,
       health_weighted_sum(weight, occurred_at, NULL, '2026-01-04') IS NULL AS no_model,
       health_weighted_sum(weight, NULL::date, '{}', '2026-01-04') IS NULL AS no_time,
       health_sliding_sum(NULL, occurred_at, '{}') AS sliding FROM event;

-- What is wrong.
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
-- An argument that lies when its row leaves the frame.
SELECT health_sliding_sum(1, date '2025-01-01' + current_setting('test.shift', true)::int, '{}') OVER (ORDER BY n ROWS 1 PRECEDING),
       set_config('test.shift', (n * -21000)::text, false)
FROM (SELECT n, set_config('test.shift', '0', false) FROM generate_series(1, 4) AS n OFFSET 0) AS s;
-- The limits of days.
SELECT health_sliding_sum(1, day, '{"window_days": 36500}') FROM unnest('{1970-01-01,2199-12-31}'::date[]) AS day;

--
-- health_history
--
SELECT * FROM health_history('{"login": {"2026-01-01": 4, "2026-01-03": 2}, "nps": {"2026-01-02": [1, 9]},
                               "cancel": {"2026-01-03": 1}}',
  '{"window_days": 2, "signals": {"login": 1, "nps": {"weight": 2, "measure": "last", "neutral": 7, "window_days": null},
    "cancel": {"weight": -5, "unit": "score"}}}', '2026-01-01', '2026-01-06');
-- Per seat, and every other day.
SELECT * FROM health_history('{"login": {"2026-01-01": 4, "2026-01-03": 2}}', '{"window_days": 2, "signals": {"login": 1}}',
  '2026-01-01', '2026-01-06', size => 4, step => 2);
SELECT count(*) FROM health_history('{}', '{"signals": {"login": 1}}', '2026-01-06', '2026-01-01');
SELECT count(*) FROM health_history('{}', '{"signals": {"login": 1}}', '2026-01-02', '2026-01-01', step => 7);
SELECT * FROM health_history('{}', '{"signals": {"login": 1}}', '2026-01-06', '2026-01-06');
SELECT count(*) FROM health_history(NULL, '{"signals": {"login": 1}}', '2026-01-01', '2026-01-06');
SELECT count(*) FROM health_history('{}', '{"signals": {"login": 1}}', NULL, '2026-01-06');
SELECT * FROM health_history('{}', '{"signals": {"login": 1}}', '2026-01-01', '2026-01-06', step => 0);
SELECT * FROM health_history('{}', '{"signals": {"login": 1}}', '2026-01-01', '2026-01-06', 'NaN');
SELECT count(*) FROM health_history('{}', '{"signals": {"login": 1}}', '1970-01-02', '2199-12-31');
SELECT count(*) FROM health_history('{}', '{"signals": {"login": 1}}', '1700-01-01', '2026-01-01');
SELECT count(*) FROM health_history('{}', '{"signals": {"login": 1}}', '-infinity', '2026-01-01');
SELECT count(*) FROM health_history('{}', '{}', '2026-01-01', '2026-01-06');

-- The daily score of a segment: raw scores of a day compared with each other. It is health_score for every day.
CREATE TEMPORARY TABLE account AS
SELECT n AS account, 'segment ' || n % 2 AS segment, CASE WHEN n % 3 > 0 THEN n::float8 END AS seats,
       health_activity((ARRAY['login', 'export', 'cancel', 'nps'])[1 + (n * e) % 4], date '2026-01-01' + e * n % 60, (e % 11)::float8)
       AS activity
FROM generate_series(1, 30) AS n, generate_series(1, 40) AS e GROUP BY n;
CREATE TEMPORARY VIEW daily_score AS
SELECT account, segment, as_of, health_normalize(raw, model, praise, penalty) OVER (PARTITION BY segment, as_of) AS score
FROM (VALUES ('{"window_days": 21, "half_life_days": 9, "signals": {"login": 1, "export": {"weight": 2, "measure": "sum"},
                "cancel": {"weight": -5, "unit": "score"}, "nps": {"weight": 2, "measure": "last", "neutral": 5}}}'
              ::health_model)) AS m (model)
     CROSS JOIN account CROSS JOIN LATERAL health_history(activity, model, '2026-01-10', '2026-03-10', 7);
SELECT count(*), count(*) FILTER (WHERE d.score = s.score) AS same
FROM daily_score AS d JOIN (
  SELECT account, as_of::date, health_score(activity, '{"window_days": 21, "half_life_days": 9, "signals": {"login": 1,
           "export": {"weight": 2, "measure": "sum"}, "cancel": {"weight": -5, "unit": "score"},
           "nps": {"weight": 2, "measure": "last", "neutral": 5}}}', as_of::date, 7) OVER (PARTITION BY segment, as_of) AS score
  FROM account, generate_series(timestamp '2026-01-10', '2026-03-10', '1 day') AS as_of) AS s USING (account, as_of);

-- Where some accounts have no size: the median for them, and a baseline without them, as health_score does it.
CREATE TEMPORARY VIEW sized_score AS
WITH sized AS (
  SELECT *, coalesce(seats, (SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY seats) FROM account AS peer
                             WHERE peer.segment = account.segment)) AS size FROM account
), daily AS (
  SELECT account, segment, seats, model, h.*
  FROM sized CROSS JOIN (VALUES ('{"window_days": 21, "half_life_days": 9, "signals": {"login": 1, "export": {"weight": 2,
    "measure": "sum"}, "cancel": {"weight": -5, "unit": "score"}, "nps": {"weight": 2, "measure": "last", "neutral": 5}}}'
    ::health_model)) AS m (model)
       CROSS JOIN LATERAL health_history(activity, model, '2026-01-10', '2026-03-10', size, 7) AS h
), baselines AS (
  SELECT segment, as_of, health_baseline(raw, model) FILTER (WHERE seats > 0) AS baseline FROM daily GROUP BY 1, 2
)
SELECT account, as_of, seats, health_normalize(raw, baseline, model, praise, penalty) AS score
FROM daily JOIN baselines USING (segment, as_of);
SELECT count(*), count(*) FILTER (WHERE d.score = s.score) AS same, count(*) FILTER (WHERE d.seats IS NULL) AS without_size
FROM sized_score AS d JOIN (
  SELECT account, as_of::date, health_score(activity, '{"window_days": 21, "half_life_days": 9, "signals": {"login": 1,
           "export": {"weight": 2, "measure": "sum"}, "cancel": {"weight": -5, "unit": "score"},
           "nps": {"weight": 2, "measure": "last", "neutral": 5}}}', as_of::date, seats) OVER (PARTITION BY segment, as_of) AS score
  FROM account, generate_series(timestamp '2026-01-10', '2026-03-10', '7 days') AS as_of) AS s USING (account, as_of);

--
-- health_slope
--
SELECT name, health_slope(score, day) AS a_week FROM (VALUES
  ('flat', 50, date '2026-01-01'), ('flat', 50, '2026-01-08'), ('flat', 50, '2026-01-20'),
  ('two', 50, '2026-01-01'), ('two', 57, '2026-01-15'),
  ('one outlier', 10, '2026-01-01'), ('one outlier', 11, '2026-01-02'), ('one outlier', 99, '2026-01-03'),
  ('one outlier', 13, '2026-01-04'), ('one outlier', 14, '2026-01-05'),
  ('gaps', 80, '2026-01-01'), ('gaps', NULL, '2026-01-02'), ('gaps', 79, '2026-01-08'), ('gaps', 70, '2026-03-12'),
  ('one', 50, '2026-01-01'), ('a day', 50, '2026-01-01'), ('a day', 60, '2026-01-01'), ('none', NULL, NULL)
) AS v (name, score, day) GROUP BY name ORDER BY name;
SELECT day, health_slope(score, day) OVER (ORDER BY day ROWS 3 PRECEDING) AS a_week
FROM (SELECT date '2026-01-01' + n AS day, CASE WHEN n % 3 > 0 THEN 60 - n * n END AS score
      FROM generate_series(0, 9) AS n) AS s ORDER BY day;
SELECT health_slope(1, '2026-01-01') IS NULL AS no_rows WHERE false;
SELECT health_slope('NaN', '2026-01-01');
SELECT health_slope(1, 'infinity');
SELECT health_slope(score, day) FROM (VALUES (1e308, date '2026-01-01'), (-1e308, '2026-01-02')) AS v (score, day);
SELECT health_slope(score, day) FROM (VALUES (1e308, date '2026-01-01'), (-1e308, '2026-02-05')) AS v (score, day);
SELECT health_slope(n, date '2000-01-01' + n) FROM generate_series(1, 5000) AS n;

--
-- health_stable_band
--
CREATE TEMPORARY TABLE reading (name text, n int, score float8);
INSERT INTO reading SELECT name, n, score FROM (VALUES
  ('oscillates', '{81,79,81,79,82,78,81,79,80,79}'::float8[]),    -- around the cut of 80: never leaves
  ('falls at once', '{85,84,60,61,62}'),                          -- 20 points since the band was entered
  ('two readings', '{85,79,78,77,84,83,82}'),                     -- down after two in a row; up after two above 83
  ('straight to red', '{85,70,49,48}'),                           -- a fall of 20 passes, however far
  ('gap', '{85,79,NULL,78,NULL}'),                                -- NULL is no reading
  ('recovers', '{30,54,52,54,55,84,84}')
) AS v (name, scores) CROSS JOIN unnest(scores) WITH ORDINALITY AS s (score, n);
SELECT name, string_agg(coalesce(score::text, '-') || ' ' || band, ', ' ORDER BY n) AS bands
FROM (SELECT *, health_stable_band(score, '{}') OVER (PARTITION BY name ORDER BY n) AS band FROM reading) AS r
GROUP BY name ORDER BY name;
-- Replaying a history gives the same bands: a row says nothing of later ones.
SELECT bool_and(band = replayed) AS same FROM
  (SELECT name, n, health_stable_band(score, '{}') OVER (PARTITION BY name ORDER BY n) AS band FROM reading) AS r
  CROSS JOIN LATERAL (SELECT health_stable_band(score, '{}') OVER (ORDER BY p.n) AS replayed, p.n AS last
                      FROM reading AS p WHERE p.name = r.name AND p.n <= r.n ORDER BY last DESC LIMIT 1) AS p;
-- One reading and no margin: the plain band.
SELECT bool_and(health_band IS NOT DISTINCT FROM band) AS plain FROM
  (SELECT health_band(score), health_stable_band(score, '{"stable_readings": 1, "stable_margin": 0}') OVER (ORDER BY n) AS band
   FROM (SELECT n, 100 * sin(n) ^ 2 AS score FROM generate_series(1, 200) AS n) AS s) AS b;
SELECT n, health_stable_band(50, model) OVER (ORDER BY n) AS band
FROM (VALUES (1, '{}'::health_model), (2, NULL), (3, '{}')) AS v (n, model);
SELECT health_stable_band(NULL, '{}') OVER () IS NULL AS never_seen, health_stable_band(50, NULL) OVER () IS NULL AS no_model;
SELECT health_stable_band('NaN', '{}') OVER ();
SELECT health_stable_band(50, model) OVER () FROM unnest('{"{}","{\"red_below\": 3}"}'::health_model[]) AS model;
SELECT health_stable_band(50, '{}');

--
-- health_alert
--
CREATE FUNCTION pg_temp.alerts(scores float8[], options jsonb DEFAULT '{}') RETURNS text LANGUAGE sql AS $$
  SELECT coalesce(string_agg(n || ' ' || alert, ', ' ORDER BY n), 'silent')
  FROM (SELECT n, health_alert(score, date '2026-01-01' + n::int, options::health_model) OVER (ORDER BY n) AS alert
        FROM unnest(scores) WITH ORDINALITY AS s (score, n)) AS a
$$;
SELECT pg_temp.alerts('{70,65,66,65,64}') AS five_points,
       pg_temp.alerts('{70,49,48,47,46}') AS into_red,
       pg_temp.alerts('{100,95,90,85,81,80}') AS within_green,
       pg_temp.alerts('{90,85,79,78,77}') AS into_yellow,
       pg_temp.alerts('{40,41,60,61,62,90,91}') AS recovered_once_in_the_cooldown,
       pg_temp.alerts('{60,49,48,60,60,49,48}') AS red_once_in_the_cooldown,
       pg_temp.alerts('{60,49,48,60,60,49,48}', '{"cooldown_days": 0}') AS red_twice,
       pg_temp.alerts('{90,NULL,60,NULL,60}') AS gaps,
       pg_temp.alerts('{NULL,30,NULL}') AS first_reading,
       pg_temp.alerts('{100,80,81,79,81}', '{"green_from": 70}') AS one_fall,
       pg_temp.alerts('{100,40,39,38}') AS red_before_drop \gx
-- drop_days and the cooldown are days, not rows.
SELECT day, health_alert(score, day, '{"red_below": 10, "green_from": 20}') OVER (ORDER BY day) AS alert
FROM (VALUES (date '2026-01-01', 90), ('2026-01-29', 70), ('2026-02-01', 90), ('2026-02-10', 70), ('2026-02-12', 90),
             ('2026-02-20', 70), ('2026-03-21', 50), ('2026-03-22', 49)) AS v (day, score) ORDER BY day;
SELECT health_alert(50, NULL, '{}') OVER () IS NULL AS no_day, health_alert(50, '2026-01-01', NULL) OVER () IS NULL AS no_model;
SELECT health_alert(score, day, '{}') OVER (ORDER BY day DESC)
FROM (VALUES (date '2026-01-01', 90), ('2026-01-29', 70)) AS v (day, score);
SELECT health_alert('Infinity', '2026-01-01', '{}') OVER ();
SELECT health_alert(1, 'infinity', '{}') OVER ();

--
-- health_sparkline
--
SELECT health_sparkline(score ORDER BY score) FROM generate_series(0, 100, 12.5) AS score;
SELECT health_sparkline(score ORDER BY n) AS with_gaps FROM (VALUES (1, 50), (2, NULL), (3, 100), (4, -3), (5, 900)) AS v (n, score);
SELECT name, health_sparkline(score ORDER BY n) FROM reading GROUP BY name ORDER BY name;
SELECT health_sparkline(score) IS NULL AS no_rows FROM reading WHERE false;
SELECT health_sparkline('NaN');
SELECT length(health_sparkline(50)), pg_column_size(health_sparkline(50)) FROM generate_series(1, 1000);
SELECT health_sparkline(50) FROM generate_series(1, 100001);

--
-- The planner knows how many dates a history has
--

CREATE FUNCTION planned_rows(query text) RETURNS float8 LANGUAGE plpgsql AS $$
DECLARE plan json;
BEGIN
  EXECUTE 'EXPLAIN (FORMAT json) ' || query INTO plan;
  RETURN plan -> 0 -> 'Plan' ->> 'Plan Rows';
END $$;
SELECT arguments, planned_rows(format($$SELECT * FROM health_history('{}', '{"signals": {"login": 1}}', %s)$$, arguments))
FROM (VALUES ($$'2025-01-01', '2025-12-31'$$), ($$'2025-01-01', '2025-12-31', step => 7$$),
             ($$'2025-01-01', date '2025-01-01' + 9, 20$$), ($$'2025-01-02', '2025-01-01'$$),
             ($$'-infinity', '2025-12-31'$$), ($$NULL, '2025-12-31'$$), ($$'2025-01-01', '2025-12-31', step => 0$$),
             ($$'2025-01-01', (SELECT date '2025-12-31')$$)) AS v (arguments);
DROP FUNCTION planned_rows;
