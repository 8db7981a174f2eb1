-- Random fleets: tables fleet, rule, model, account, event and scored. Each fleet has a model with all measures, in both
-- units where they have two, a date, and sizes for all, some or none of its accounts.
CREATE TABLE fleet AS
SELECT fleet, date '2026-01-01' + floor(random() * 100)::int AS as_of, 20 + floor(random() * 80)::int AS window_days,
       7 + floor(random() * 40)::int AS trend_days, round((0.5 + 0.45 * random())::numeric, 2)::float8 AS p,
       (ARRAY['exponential', 'linear', 'open'])[1 + fleet % 3] AS curve,
       (ARRAY['active', 'all'])[1 + fleet / 3 % 2] AS population,
       CASE WHEN fleet % 4 = 3 THEN 20 + floor(random() * 200)::int END AS frozen,
       CASE WHEN fleet % 5 = 0 THEN 30 END AS half_life, CASE WHEN fleet % 5 = 1 THEN 60 END AS linear,
       (ARRAY[0, 0.5, 1])[1 + fleet / 2 % 3]::float8 AS exponent,
       1 + floor(random() * 30)::int AS min_tenure,
       CASE WHEN fleet % 4 < 2 THEN floor(random() * 25) END AS cap  -- of the dimension `voice`
FROM generate_series(1, 24) AS fleet;

-- Weights from low to high, neutral values from 0 up, and how often max_points bounds a signal.
CREATE TABLE rule AS
SELECT fleet, signal, measure, unit, round((low + random() * (high - low))::numeric, 3) AS weight,
       CASE WHEN measure IN ('last', 'distinct', 'mean', 'recency', 'ratio', 'trend')
            THEN round((neutral * random())::numeric, 2) END AS neutral,
       CASE measure WHEN 'distinct' THEN 14 WHEN 'last' THEN 45 WHEN 'trend' THEN 28
                    ELSE window_days END AS window_days,
       measure IN ('count', 'days', 'sum', 'last', 'mean') AND signal <> 'visit' AND random() < 0.1 AS never_expires,
       CASE WHEN signal = 'visit'  -- x, x, y, y
            THEN ARRAY[1 + floor(random() * 3), 4 + floor(random() * 9),
                       round((random() * 9)::numeric, 2), round((random() * 20)::numeric, 2)] END AS mapping,
       CASE WHEN measure IN ('count', 'days', 'sum') AND signal <> 'visit' AND random() < 0.3
            THEN (ARRAY[jsonb '{"half_life_days": null}', '{"half_life_days": 9}', '{"linear_days": 25}'])
                   [ceil(random() * 3)::int]
            END AS own_decay,
       CASE WHEN signal = 'login' AND random() < 0.5 THEN 1 + floor(random() * 3)::int END AS daily_cap,
       CASE WHEN random() < bounded THEN 1 + floor(random() * 20)::int END AS max_points,
       signal IN ('praise', 'credit', 'nps', 'effort', 'report') AS voice
FROM fleet
     CROSS JOIN (VALUES ('login', 'count', 'raw', 1, 5, 0, 0.1),
                        ('export', 'days', 'raw', 1, 9, 0, 0.1),
                        ('seconds', 'sum', 'raw', 0, 1, 0, 0.1),
                        ('error', 'count', 'raw', -3, 0, 0, 0.5),
                        ('csat', 'last', 'raw', 0, 4, 5, 0.3),
                        ('team:*', 'distinct', 'raw', 0, 9, 3, 0.3),
                        ('cancel', 'count', 'score', -20, 0, 0, 0.5),
                        ('praise', 'days', 'score', 0, 3, 0, 0.3),
                        ('credit', 'sum', 'score', -2, 2, 0, 0.3),
                        ('nps', 'last', 'score', 0, 5, 10, 0.3),
                        ('user:*', 'distinct', 'score', 0, 30, 1, 0.3),
                        ('effort', 'mean', 'score', -3, 1, 7, 0.3),
                        ('advice', 'recency', 'score', 0, 10, 1, 0.3),
                        ('report', 'ratio', 'score', 0, 10, 1, 0.3),
                        ('course', 'trend', 'score', 0, 10, 0, 0.3),
                        ('visit', 'count', 'score', 0, 1, 0, 0.3))
       AS v (signal, measure, unit, low, high, neutral, bounded);

CREATE TABLE model AS
SELECT fleet, (jsonb_strip_nulls(jsonb_build_object(
         'window_days', window_days, 'trend_days', trend_days, 'percentile', p, 'curve', curve,
         'population', population, 'baseline', frozen, 'half_life_days', half_life, 'linear_days', linear,
         'size_exponent', exponent, 'max_drivers', 100, 'min_population', 5, 'min_tenure_days', min_tenure))
         || CASE WHEN cap IS NOT NULL THEN jsonb_build_object('dimension_caps', jsonb_build_object('voice', cap)) ELSE '{}' END
         || jsonb_build_object('signals', signals))::health_model AS model
FROM fleet
     JOIN (SELECT fleet, jsonb_object_agg(signal, jsonb_strip_nulls(jsonb_build_object(
                    'weight', weight, 'measure', measure, 'unit', unit, 'neutral', neutral, 'daily_cap', daily_cap,
                    'max_points', max_points, 'dimension', CASE WHEN voice THEN 'voice' END,
                    CASE measure WHEN 'distinct' THEN 'days' ELSE 'window_days' END, window_days,
                    'of', CASE WHEN signal = 'user:*' THEN 'size' WHEN measure = 'ratio' THEN 'login' END,
                    'scale', CASE WHEN fleet % 2 = 0 THEN points END, 'steps', CASE WHEN fleet % 2 = 1 THEN points END,
                    'aliases', CASE WHEN signal = 'login' THEN '["old_login"]'::jsonb END))
                    || CASE WHEN never_expires THEN '{"window_days": null}' ELSE '{}' END::jsonb
                    || coalesce(own_decay, '{}')) AS signals
           FROM rule
                CROSS JOIN LATERAL (SELECT CASE WHEN mapping IS NOT NULL THEN jsonb_build_array(
                  jsonb_build_array(mapping[1], mapping[3]),
                  jsonb_build_array(mapping[2], mapping[4])) END AS points) AS p
           GROUP BY fleet) AS r USING (fleet);

-- Some accounts are not known, some are new, some fell silent; of some it is said since when they are there.
CREATE TABLE account AS
SELECT row_number() OVER () AS account, fleet, a < 0.05 AS unknown,
       CASE WHEN fleet % 3 = 1 OR fleet % 3 = 2 AND b < 0.7 THEN ceil(c * 20)
            WHEN fleet % 3 = 2 AND b < 0.8 THEN 0 END::float8 AS size,
       -floor(d * 200)::int AS start, CASE WHEN e < 0.3 THEN -floor(e * 200)::int ELSE 10 END AS stop,
       CASE WHEN fleet % 2 = 0 AND g < 0.7 THEN -floor(d * 200)::int + floor(h * 60)::int - 50 END AS began
FROM (SELECT fleet, random() AS a, random() AS b, random() AS c, random() AS d, random() AS e,
             random() AS g, random() AS h
      FROM generate_series(1, 24) AS fleet CROSS JOIN LATERAL generate_series(1, 1 + (fleet * 7) % 24)) AS dice;

CREATE TABLE event AS
SELECT account, signal, as_of + start + floor(b * (stop - start))::int AS day,
       CASE signal WHEN 'nps' THEN floor(c * 11) WHEN 'csat' THEN 1 + floor(c * 5)
                   WHEN 'effort' THEN CASE WHEN c < 0.8 THEN 1 + floor(c * 9) END
                   WHEN 'seconds' THEN round((c * 10 - 1)::numeric, 3)
                   WHEN 'credit' THEN round((c * 10 - 5)::numeric, 2) END::float8 AS value
FROM (SELECT account, fleet, start, stop, random() AS b, random() AS c,
             (ARRAY['login', 'login', 'login', 'login', 'old_login', 'export', 'export', 'seconds', 'seconds', 'error',
                    'csat', 'praise', 'credit', 'nps', 'user:' || n % 5, 'user:' || n % 3, 'team:' || n % 4,
                    'effort', 'effort', 'advice', 'report', 'course', 'course', 'course', 'visit',
                    CASE WHEN random() < 0.3 THEN 'cancel' END])[1 + floor(random() * 26)::int] AS signal
      FROM account CROSS JOIN LATERAL generate_series(1, (account * 13) % 130) AS n
      WHERE stop > start) AS dice
     JOIN fleet USING (fleet)
WHERE signal IS NOT NULL;
CREATE INDEX ON event (account, day);
ANALYZE event;

-- Sizes as scored: one that is missing is the median of those that are known.
CREATE TABLE scored AS
SELECT account, fleet, activity, size, CASE WHEN size > 0 THEN size ELSE median END AS seats,
       (size > 0) IS NOT TRUE AND median IS NOT NULL AS size_missing, first, since,
       since < as_of IS NOT FALSE AS started,
       CASE WHEN since IS NULL THEN first < as_of - trend_days IS TRUE
            ELSE as_of - trend_days - since >= min_tenure END AS compared
FROM (SELECT account, fleet, size, as_of, trend_days, min_tenure, as_of + began AS since,
             min(day) FILTER (WHERE day < as_of) AS first,
             CASE WHEN NOT unknown THEN coalesce(health_activity(signal, day, value), '{}') END AS activity
      FROM account JOIN fleet USING (fleet) LEFT JOIN event USING (account)
      GROUP BY account, fleet, size, unknown, began, as_of, trend_days, min_tenure) AS a
     JOIN (SELECT fleet, percentile_cont(0.5) WITHIN GROUP (ORDER BY size)
                           FILTER (WHERE size > 0 AND NOT unknown) AS median
           FROM account GROUP BY fleet) AS m USING (fleet);
