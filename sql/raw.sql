-- health_raw_score and health_adjustment: one account, one model, one date.
SET datestyle = 'ISO, YMD';

-- The numbers of this file can be checked by hand: a login on each of four days.
\set a '\'{"login": {"2026-01-01": 1, "2026-01-02": 1, "2026-01-03": 1, "2026-01-04": 1}}\''

-- The window of W days at as_of = D is D-W .. D-1.
SELECT as_of, health_raw_score(:a, '{"window_days": 2, "signals": {"login": 10}}', as_of)
FROM unnest(ARRAY[date '2026-01-01', '2026-01-02', '2026-01-03', '2026-01-05', '2026-01-06', '2026-01-07']) AS as_of;

-- Decay: none, half-life of a day (the last full day has age 0), linear over four days.
SELECT health_raw_score(:a, '{"signals": {"login": 1}}', '2026-01-05') AS none,
       health_raw_score(:a, '{"half_life_days": 1, "signals": {"login": 1}}', '2026-01-05') AS half_life,
       health_raw_score(:a, '{"half_life_days": 1, "signals": {"login": 1}}', '2026-01-07') AS half_life_later,
       health_raw_score(:a, '{"linear_days": 4, "signals": {"login": 1}}', '2026-01-05') AS linear,
       health_raw_score(:a, '{"linear_days": 2, "signals": {"login": 1}}', '2026-01-05') AS linear_shorter_than_window;

-- Weights: a signal that is not in the model, or has weight 0, adds nothing; a negative one takes away, from the score
-- unless it says raw.
SELECT health_raw_score('{"login": {"2026-01-04": 3}, "cancel": {"2026-01-04": 2}, "seen": {"2026-01-04": 9}}', model,
         '2026-01-05')
FROM unnest(ARRAY['{"signals": {"login": 2}}', '{"signals": {"login": 2, "seen": 0}}',
  '{"signals": {"login": 2, "cancel": {"weight": -5, "unit": "raw"}}}', '{"signals": {"login": 2, "cancel": -5}}',
                  '{"signals": {"login": 0.000001}}', '{"signals": {"nobody": 1}}']::health_model[]) AS model;

-- What each measure counts.
\set m '\'{"posts": {"2026-01-01": [2, 10], "2026-01-03": [30, 6, 3], "2026-01-04": 5}, "user:1": {"2026-01-03": 1, "2026-01-04": 1}, "user:2": {"2026-01-04": 1}, "user:3": {"2026-01-01": 1}}\''
SELECT what, health_raw_score(:m, model, '2026-01-05'), health_adjustment(:m, model, '2026-01-05')
FROM (VALUES
  ('count: 37 events', '{"signals": {"posts": 2}}'::health_model),
  ('count: at most 4 a day', '{"signals": {"posts": {"weight": 2, "daily_cap": 4}}}'),
  ('days: 3', '{"signals": {"posts": {"weight": 2, "measure": "days"}}}'),
  ('sum: 16', '{"signals": {"posts": {"weight": 2, "measure": "sum"}}}'),
  ('last: 6 / 3, of the latest day with a value', '{"signals": {"posts": {"weight": 6, "measure": "last"}}}'),
  ('last: 1 above neutral', '{"signals": {"posts": {"weight": 6, "measure": "last", "neutral": 1}}}'),
  ('last: below neutral', '{"signals": {"posts": {"weight": 6, "measure": "last", "neutral": 7}}}'),
  ('last: joins the raw score', '{"signals": {"posts": {"weight": 6, "measure": "last", "unit": "raw"}}}'),
  ('distinct: 3 users', '{"signals": {"user:*": {"weight": 10, "measure": "distinct"}}}'),
  ('distinct: 2 in 3 days', '{"signals": {"user:*": {"weight": 10, "measure": "distinct", "days": 3}}}'),
  ('distinct: 1 on 2 days', '{"signals": {"user:*": {"weight": 10, "measure": "distinct", "min_days": 2}}}'),
  ('distinct: joins the raw score', '{"signals": {"user:*": {"weight": 10, "measure": "distinct", "unit": "raw"}}}'),
  ('count as points', '{"signals": {"posts": {"weight": -2, "unit": "score"}}}'),
  ('count as points, bounded', '{"signals": {"posts": {"weight": -2, "unit": "score", "max_points": 50}}}'),
  ('bounded to 0', '{"signals": {"posts": {"weight": 2, "max_points": 0}}}')) AS v (what, model);

-- A signal's own window; null never ends; an expired reading and an absent one contribute nothing,
-- a distinct without members has the value 0.
SELECT what, health_adjustment('{"nps": {"2025-01-01": [1, 9]}, "user:1": {"2025-01-01": 1}}', model, '2026-01-05')
FROM (VALUES
  ('expired', '{"signals": {"nps": {"weight": 2, "measure": "last", "neutral": 7}}}'::health_model),
  ('longer window', '{"signals": {"nps": {"weight": 2, "measure": "last", "neutral": 7, "window_days": 369}}}'),
  ('a day too short', '{"signals": {"nps": {"weight": 2, "measure": "last", "neutral": 7, "window_days": 368}}}'),
  ('never expires', '{"signals": {"nps": {"weight": 2, "measure": "last", "neutral": 7, "window_days": null}}}'),
  ('absent', '{"signals": {"csat": {"weight": 2, "measure": "last", "neutral": 7}}}'),
  ('distinct without members', '{"signals": {"user:*": {"weight": 10, "measure": "distinct", "neutral": 3}}}'))
  AS v (what, model);

-- Gauges of several days. A ratio needs something to be divided by, a trend 5 events in as many days before.
\set g '\'{"ticket": {"2025-12-20": [2, 6], "2026-01-02": [3, 14, 2], "2026-01-04": 1}, "visit": {"2025-12-20": [40, 4], "2026-01-02": [20, 36]}}\''
SELECT what, health_adjustment(:g, model, '2026-01-05'), health_adjustment('{}', model, '2026-01-05') AS of_nothing
FROM (VALUES
  ('mean: 20 / 4', '{"signals": {"ticket": {"weight": 10, "measure": "mean"}}}'::health_model),
  ('mean: 1 above neutral', '{"signals": {"ticket": {"weight": 10, "measure": "mean", "neutral": 4}}}'),
  ('mean of three days', '{"signals": {"ticket": {"weight": 10, "measure": "mean", "window_days": 3}}}'),
  ('mean of a day without value', '{"signals": {"ticket": {"weight": 10, "measure": "mean", "window_days": 1}}}'),
  ('recency', '{"signals": {"visit": {"weight": 10, "measure": "recency", "window_days": 10}}}'),
  ('recency, out of its window', '{"signals": {"visit": {"weight": 10, "measure": "recency", "window_days": 2, "neutral": 0.5}}}'),
  ('ratio: 6 of 60', '{"signals": {"visit": 0, "ticket": {"weight": -100, "measure": "ratio", "of": "visit"}}}'),
  ('ratio of sums: 20 of 40', '{"signals": {"visit": 0, "ticket": {"weight": 10, "measure": "ratio", "of": "visit", "values": true}}}'),
  ('ratio to nothing', '{"signals": {"visit": 0, "ticket": {"weight": 10, "measure": "ratio", "of": "visit", "window_days": 2}}}'),
  ('trend: 20 after 40', '{"signals": {"visit": {"weight": 10, "measure": "trend", "window_days": 14}}}'),
  ('trend: 4 after 2', '{"signals": {"ticket": {"weight": 10, "measure": "trend", "window_days": 14}}}')) AS v (what, model);

-- A scale maps the value first; it is drawn through its points, flat outside. Steps jump at them. Counts too, then in
-- points: all of the window, undecayed, not per size, and of a young account as if it went on so.
SELECT what, health_adjustment(:g, model, '2026-01-05', 5) AS points, health_adjustment('{}', model, '2026-01-05') AS of_nothing,
       health_adjustment(:g, model, '2026-01-05', NULL, '2025-12-16') AS since_december
FROM (VALUES
  ('scaled mean', '{"signals": {"ticket": {"weight": 10, "measure": "mean", "scale": [[4, 0], [6, 1]]}}}'::health_model),
  ('steps of the mean', '{"signals": {"ticket": {"weight": 10, "measure": "mean", "steps": [[4, 0.25], [6, 1]]}}}'),
  ('scaled count', '{"half_life_days": 5, "signals": {"visit": {"weight": 10, "scale": [[0, -1], [60, 0], [120, 1]]}}}'),
  ('scaled days', '{"signals": {"visit": {"weight": 10, "measure": "days", "steps": [[0, -1], [2, 1]], "max_points": 4}}}'),
  ('scaled recency', '{"signals": {"visit": {"weight": -10, "measure": "recency", "steps": [[0, 1], [0.5, 0]]}}}'))
  AS v (what, model);

-- last and distinct do not decay.
SELECT health_adjustment('{"nps": {"2026-01-01": [1, 9]}}',
         '{"half_life_days": 1, "signals": {"nps": {"weight": 2, "measure": "last", "neutral": 7}}}',
       '2026-01-05') AS last,
       health_adjustment('{"user:1": {"2026-01-01": 1}}',
         '{"half_life_days": 1, "signals": {"user:*": {"weight": 10, "measure": "distinct"}}}',
       '2026-01-05') AS distinct;

-- Sizes: count and sum of unit raw are divided by size^size_exponent. days, last, distinct and points are not.
SELECT what, health_raw_score(:m, model, '2026-01-05', 4) AS raw,
       health_adjustment(:m, model, '2026-01-05', 4) AS adjustment
FROM (VALUES
  ('count: 37 / 4', '{"signals": {"posts": 1}}'::health_model),
  ('count: 37 / 2', '{"size_exponent": 0.5, "signals": {"posts": 1}}'),
  ('count: 37', '{"size_exponent": 0, "signals": {"posts": 1}}'),
  ('sum: 16 / 4', '{"signals": {"posts": {"weight": 1, "measure": "sum"}}}'),
  ('days: 3', '{"signals": {"posts": {"weight": 1, "measure": "days"}}}'),
  ('count: 37 / 4, bounded after the division', '{"signals": {"posts": {"weight": 1, "max_points": 5}}}'),
  ('last as raw', '{"signals": {"posts": {"weight": 6, "measure": "last", "unit": "raw"}}}'),
  ('count as points', '{"signals": {"posts": {"weight": -2, "unit": "score"}}}'),
  ('share of 4 seats: 3 / 4', '{"signals": {"user:*": {"weight": 100, "measure": "distinct", "of": "size"}}}'),
  ('share against 50 %', '{"signals": {"user:*": {"weight": 100, "measure": "distinct", "of": "size", "neutral": 0.5}}}'),
  ('all together', '{"signals": {"posts": 1, "user:*": {"weight": 10, "measure": "distinct", "unit": "raw"},
                                 "user:3": {"weight": 5, "measure": "days"}}}')) AS v (what, model);
-- No size, or none that can be: not divided, and no share. More users than seats are a share of 1.
SELECT size, health_raw_score(:m, '{"signals": {"posts": 1}}', '2026-01-05', size) AS raw,
       health_adjustment(:m, '{"signals": {"user:*": {"weight": 100, "measure": "distinct", "of": "size",
                                                      "neutral": 0.5}}}', '2026-01-05', size) AS share
FROM unnest(ARRAY[NULL, 0, -4, 2, 3, 1000]::float8[]) AS size;

-- Aliases: the old name of an event counts as the new one, on days that have both, too.
SELECT health_raw_score('{"login": {"2026-01-03": 2, "2026-01-04": 1}, "signin": {"2026-01-02": 1, "2026-01-03": 3}}',
         model, '2026-01-05')
FROM unnest(ARRAY['{"signals": {"login": 1}}', '{"signals": {"login": {"weight": 1, "aliases": ["signin"]}}}',
                  '{"signals": {"login": {"weight": 1, "aliases": ["signin"], "daily_cap": 4}}}',
                  '{"signals": {"login": {"weight": 1, "aliases": ["signin"], "measure": "days"}}}']::health_model[])
                  AS model;

-- A member of a distinct may be a signal of its own.
SELECT health_raw_score('{"user:1": {"2026-01-04": 3}, "user:2": {"2026-01-04": 1}}',
                        '{"signals": {"user:1": 5, "user:*": {"weight": 1, "measure": "distinct", "unit": "raw"}}}',
                        '2026-01-05');

-- Names that occur and that the model does not know: the query of docs/guides/events.md. Aliases are known, and so is
-- whatever has the prefix of a distinct; the flag of a report says the same.
CREATE TEMPORARY TABLE models AS SELECT 'default' AS name, health_model '{"signals": {
  "login": {"weight": 1, "aliases": ["signin", "sign in"]}, "export": 1, "user:*": {"weight": 1, "measure": "distinct"}}}' AS model
UNION ALL SELECT 'other', '{"signals": {"users": 1}}';
CREATE TEMPORARY TABLE account_activity AS SELECT health_activity(signal, date '2026-01-04') AS activity
FROM unnest('{login,signin,"sign in",Export,export,exports,user:,user:1,users,user,user:*}'::text[]) AS signal GROUP BY signal;
SELECT signal FROM (SELECT DISTINCT signal FROM account_activity CROSS JOIN health_cells(activity)) AS seen
WHERE NOT EXISTS (
  SELECT FROM models CROSS JOIN jsonb_each(model::jsonb -> 'signals') AS known (name, options)
  WHERE models.name = 'default'
    AND (signal = known.name OR options -> 'aliases' ? signal
         OR known.name LIKE '%*' AND starts_with(signal, left(known.name, -1)))) ORDER BY signal COLLATE "C";
SELECT string_agg(signal, ' ' ORDER BY signal COLLATE "C") AS unscored
FROM (SELECT activity, health_report(activity, model, '2026-01-05') OVER () AS r
      FROM account_activity CROSS JOIN models WHERE name = 'default') AS reports CROSS JOIN health_cells(activity)
WHERE 'unscored_signals' = ANY (string_to_array((r).flags, ','));
DROP TABLE models, account_activity;

-- Decays of their own, null for none; windows that never end.
SELECT what, health_raw_score('{"left": {"1999-12-31": 1}, "login": {"2025-12-30": 1, "2026-01-03": 1, "2026-01-04": 1}}',
         ('{"half_life_days": 1, "signals": ' || signals || '}')::health_model, '2026-01-05')
FROM (VALUES
  ('all fade: 1 + 1/2 + 1/32', '{"login": 1, "left": {"weight": -5, "unit": "raw"}}'),
  ('what happened once stays', '{"login": 1, "left": {"weight": -5, "unit": "raw", "window_days": null, "half_life_days": null}}'),
  ('linear over four days: 1 + 3/4', '{"login": {"weight": 1, "linear_days": 4}}'),
  ('none: 3', '{"login": {"weight": 1, "linear_days": null}}'),
  ('slower: 1 + 1/2^(1/6) + 1/2^(5/6)', '{"login": {"weight": 1, "half_life_days": 6}}'),
  ('points too', '{"login": {"weight": 1, "unit": "score", "half_life_days": 6}}'),
  ('days of all time', '{"left": {"weight": 1, "measure": "days", "window_days": null, "half_life_days": null}}')) AS v (what, signals);

-- Young accounts: what began within the window is taken as if it had gone on so. 4 logins in 4 days are 90 in 90 days; the
-- first days are judged like min_tenure_days, 14 unless the model says otherwise. Before it begins there is no score.
SELECT since, health_raw_score(:a, '{"signals": {"login": 1}}', '2026-01-05', since => since) AS by_14_days,
       health_raw_score(:a, '{"min_tenure_days": 1, "signals": {"login": 1}}', '2026-01-05', since => since) AS by_its_days,
       health_raw_score(:a, '{"min_tenure_days": 1, "window_days": 4, "signals": {"login": 1}}', '2026-01-05', since => since)
         AS of_4_days
FROM unnest(ARRAY[NULL, '-infinity', '2025-01-01', '2025-10-07', '2025-10-08', '2025-12-21', '2025-12-22', '2025-12-23',
                  '2026-01-01', '2026-01-03', '2026-01-04', '2026-01-05', '2026-01-06', 'infinity']::date[]) AS since;
SELECT what, health_raw_score(:a, model, '2026-01-05', NULL, '2026-01-01') AS raw,
       health_raw_score(:a, model, '2026-01-05', 10, '2026-01-01') AS of_ten_seats,
       health_adjustment(:a, model, '2026-01-05', NULL, '2026-01-01') AS adjustment
FROM (SELECT what, ('{"min_tenure_days": 1, ' || options || ', "signals": {"login": ' || login || '}}')::health_model
      FROM (VALUES
  ('count: 4 x 90 / 4', '"window_days": 90', '1'),
  ('days: 4 x 90 / 4', '"window_days": 90', '{"weight": 1, "measure": "days"}'),
  ('half-life of a day: 1.875 x 2 / 1.875', '"half_life_days": 1', '1'),
  ('linear over four days: all that can count is there', '"linear_days": 4', '1'),
  ('divided and bounded when it is scaled', '"window_days": 90', '{"weight": 1, "max_points": 50}'),
  ('a window that never ends is not scaled', '"window_days": 90', '{"weight": 1, "window_days": null}'),
  ('points are not scaled', '"window_days": 90', '{"weight": 1, "unit": "score"}')) AS v (what, options, login)) AS m (what, model);
SELECT health_adjustment(:a, '{"signals": {"login": 1}}', '2026-01-05', since => '2026-01-05') IS NULL AS not_begun;

-- The past does not see the future, and an empty activity is 0, not NULL and not -0.
SELECT health_raw_score(:a, '{"signals": {"login": 1}}', '2025-06-01') AS before,
       health_raw_score('{}', '{"signals": {"login": {"weight": -1, "unit": "raw"}}}', '2026-01-05') AS empty,
       health_adjustment('{}', '{"signals": {"login": {"weight": -1, "unit": "score"}}}', '2026-01-05') AS no_points,
       health_raw_score('{"a": {"2026-01-04": 2}, "b": {"2026-01-04": 1}}',
         '{"signals": {"a": 1, "b": {"weight": -2, "unit": "raw"}}}', '2026-01-05') AS balanced;
SELECT health_raw_score(NULL, '{"signals": {"login": 1}}', '2026-01-05') IS NULL AS no_activity,
       health_raw_score('{}', NULL, '2026-01-05') IS NULL AS no_model,
       health_raw_score('{}', '{"signals": {"login": 1}}', NULL) IS NULL AS no_date,
       health_adjustment(NULL, '{"signals": {"login": 1}}', '2026-01-05', 3) IS NULL AS no_adjustment;

-- Another model in each row.
SELECT weight, health_raw_score(:a, health_make_model(jsonb_build_object('login', weight)), '2026-01-05') AS raw
FROM generate_series(1, 6) AS weight;

-- Decayed scores against plain SQL.
SELECT count(*) AS wrong FROM generate_series(0, 400, 7) AS n, LATERAL (SELECT date '2025-06-01' + n AS as_of) AS d
WHERE abs(health_raw_score((SELECT health_activity(CASE WHEN i % 3 = 0 THEN 'export' ELSE 'login' END,
  date '2025-01-01' + i * 37 % 500, i % 11) FROM generate_series(0, 999) AS i),
                           '{"window_days": 120, "half_life_days": 30, "signals": {
                              "login": 1.5, "export": {"weight": 0.25, "measure": "sum"}}}', as_of)
    - (SELECT coalesce(sum(CASE WHEN i % 3 = 0 THEN 0.25 * (i % 11) ELSE 1.5 END * 2 ^ (-(as_of - 1 - day) / 30.0)), 0)
       FROM generate_series(0, 999) AS i, LATERAL (SELECT date '2025-01-01' + i * 37 % 500 AS day) AS e
       WHERE day >= as_of - 120 AND day < as_of)) > 1e-9;

-- Dates: finite, and at any distance.
SELECT health_raw_score(:a, '{"signals": {"login": 1}}', '5874897-12-31') AS far_future,
       health_raw_score(:a, '{"signals": {"login": 1}}', '4714-11-24 BC') AS far_past;
SELECT health_raw_score('{}', '{"signals": {"login": 1}}', 'infinity');

-- What cannot be scored.
SELECT health_raw_score('{}', '{"window_days": 30}', '2026-01-05');
SELECT health_raw_score('{}', '{"signals": {"login": 1}}', '2026-01-05', 'NaN');
SELECT health_adjustment('{}', '{"signals": {"login": 1}}', '2026-01-05', 'Infinity');
-- The largest product of weight and value there is, on 366 days; then a size that makes it too large for a float8.
SELECT abs(health_raw_score((SELECT health_activity('spend', date '2025-01-01' + n, 9e12)
         FROM generate_series(0, 365) AS n),
           '{"window_days": 1000, "signals": {"spend": {"weight": 1000000000, "measure": "sum"}}}',
           '2026-01-05') / (1e9 * 9e12 * 366) - 1) < 1e-12 AS good;
SELECT health_raw_score('{"spend": {"2026-01-04": [1, 9e12]}}',
         '{"size_exponent": 10, "signals": {"spend": {"weight": 1e9, "measure": "sum"}}}', '2026-01-05', 1e-30);
