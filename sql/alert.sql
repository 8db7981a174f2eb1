-- health_alert: one alert a transition, none within the cooldown of its kind.
SET datestyle = 'ISO, YMD';

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
-- Bands of one's own: the worst one is red, a fall into any other is entered_yellow, a rise is recovered.
SELECT pg_temp.alerts('{90,70,50,30,10,30,90}', options) AS step_by_step,
       pg_temp.alerts('{90,70,50,30,10,30,90}', options || '{"cooldown_days": 0}') AS no_cooldown,
       pg_temp.alerts('{90,30,19}', options) AS several_at_once,
       pg_temp.alerts('{90,15}', options || '{"drop_points": 20}') AS red_before_drop,
       pg_temp.alerts('{90,45}', options || '{"drop_points": 20}') AS drop_before_yellow,
       pg_temp.alerts('{90,49,60}', options || '{"bands": [["bad", 0], ["good", 50]]}') AS two_bands
FROM (SELECT '{"bands": [["a", 0], ["b", 20], ["c", 40], ["d", 60], ["e", 80]], "stable_readings": 1, "stable_margin": 0,
               "drop_points": 100}'::jsonb AS options) AS o \gx
-- drop_days and the cooldown are days, not rows.
SELECT day, health_alert(score, day, '{"red_below": 10, "green_from": 20}') OVER (ORDER BY day) AS alert
FROM (VALUES (date '2026-01-01', 90), ('2026-01-29', 70), ('2026-02-01', 90), ('2026-02-10', 70), ('2026-02-12', 90),
             ('2026-02-20', 70), ('2026-03-21', 50), ('2026-03-22', 49)) AS v (day, score) ORDER BY day;
SELECT health_alert(50, NULL, '{}') OVER () IS NULL AS no_day, health_alert(50, '2026-01-01', NULL) OVER () IS NULL AS no_model;
SELECT health_alert(score, day, '{}') OVER (ORDER BY day DESC)
FROM (VALUES (date '2026-01-01', 90), ('2026-01-29', 70)) AS v (day, score);
SELECT health_alert('Infinity', '2026-01-01', '{}') OVER ();
SELECT health_alert(1, 'infinity', '{}') OVER ();
