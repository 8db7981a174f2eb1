-- health_raw_score and health_adjustment of random accounts under random models, against plain SQL.
-- Runs in a fresh database. A failure names its seed: repeat it with psql -v seed=0.123456 -f ...
\ir common/start.sql
\ir common/trial.sql

-- By hand: 3*9 + 5*7 + 10*5 + 20*3 + 15*1 = 187
INSERT INTO trial
SELECT 'counts 3,5,10,20,15 with weights 9,7,5,3,1', NULL,
       health_raw_score('{"a": {"2026-01-01": 3}, "b": {"2026-01-02": 5}, "c": {"2026-01-03": 10},
                          "d": {"2026-01-04": 20}, "e": {"2026-01-05": 15}}',
                        '{"signals": {"a": 9, "b": 7, "c": 5, "d": 3, "e": 1}}', '2026-01-06'), 187;

-- ---------------------------------------------------------------- random accounts

CREATE TABLE event AS
SELECT floor(150 * a * a)::int AS account, names[1 + floor(b * cardinality(names))::int] AS signal,
       timestamptz '2025-01-01 00:00+00' + floor(c * 480)::int * interval '24 hours'
         + floor(d * 86400)::int * interval '1 second' AS occurred_at,
       CASE WHEN e < 0.7 THEN round(((f - 0.3) * 20)::numeric, 6)::float8 END AS value,
       floor(g * 10)::int AS part
FROM (SELECT random() AS a, random() AS b, random() AS c, random() AS d, random() AS e, random() AS f, random() AS g
      FROM generate_series(1, 30000)) AS dice,
     (SELECT ARRAY['login', 'login', 'export', 'export', 'old_export', 'legacy', 'nps', 'nps', 'csat', 'cancel',
                   'unknown'] || array_agg('user:' || i) AS names FROM generate_series(1, 8) AS i) AS n;
CREATE INDEX ON event (account);

CREATE TABLE cell AS
SELECT account, signal, (occurred_at AT TIME ZONE 'UTC')::date AS day, count(*) AS count,
       count(value) AS value_count, sum(value::numeric) AS value
FROM event GROUP BY account, signal, day;
CREATE INDEX ON cell (account, day);
ANALYZE cell;

-- The same activity from the events in order, and from random parts in random order. Some accounts have no events.
CREATE TABLE account AS
SELECT account, coalesce(activity, '{}') AS activity, coalesce(merged, '{}') AS merged
FROM generate_series(0, 151) AS account
     LEFT JOIN (SELECT account, health_activity(signal, occurred_at, value) AS activity
                FROM (SELECT * FROM event ORDER BY occurred_at) AS e GROUP BY account) AS e USING (account)
     LEFT JOIN (SELECT account, health_rollup(activity) AS merged
                FROM (SELECT account, health_activity(signal, occurred_at, value) AS activity
                      FROM (SELECT * FROM event ORDER BY random()) AS e GROUP BY account, part
                      ORDER BY random()) AS p GROUP BY account) AS m USING (account);

-- ---------------------------------------------------------------- random models

-- A model scores most of nine signals; each option is there in some of them only.
CREATE TABLE rule AS
SELECT model, signal, measure, gauge, weight, points, steps,
       CASE WHEN points IS NULL AND a < 0.3 THEN 'raw' WHEN a < 0.6 THEN 'score' END AS unit,
       CASE WHEN gauge AND points IS NULL AND b < 0.7 THEN round(((b - 0.2) * 10)::numeric, 2) END AS neutral,
       CASE WHEN c < 0.5 THEN 1 + floor(c * c * 1200)::int END AS window_days,
       measure IN ('count', 'days', 'sum', 'last', 'mean') AND c >= 0.8 AS never_expires,
       CASE WHEN NOT gauge AND points IS NULL THEN CASE WHEN h < 0.15 THEN jsonb '{"half_life_days": null}'
         WHEN h < 0.3 THEN jsonb_build_object('half_life_days', round((h * h * 600)::numeric, 1))
         WHEN h < 0.4 THEN jsonb_build_object('linear_days', ceil(h * 100)) END END AS own_decay,
       CASE WHEN measure = 'count' AND d < 0.4 THEN 1 + floor(d * 6)::int END AS daily_cap,
       CASE WHEN e < 0.3 THEN round((e * 100)::numeric, 1) END AS max_points,
       CASE WHEN signal = 'export' AND f < 0.6 THEN ARRAY['old_export', 'legacy'] END AS aliases,
       CASE WHEN measure = 'distinct' AND f < 0.5 THEN 1 + floor(f * 6)::int END AS min_days,
       measure = 'distinct' AND g < 0.5 AS of_size, measure = 'ratio' AND g < 0.5 AS of_values
FROM (SELECT *, measure NOT IN ('count', 'days', 'sum') AS gauge, dice < 0.2 AS steps,
             CASE WHEN dice < 0.4 THEN jsonb_build_array(
               jsonb_build_array(floor(b * 4) / 2 - 1, round(c::numeric, 2)),
               jsonb_build_array(floor(b * 4) / 2 - 0.5, round(-d::numeric, 2)),
               jsonb_build_array(floor(b * 4) / 2 + 1 + floor(e * 20), round(f::numeric, 2))) END AS points
      FROM (SELECT model, signal, random() AS a, random() AS b, random() AS c, random() AS d, random() AS e,
                   random() AS f, random() AS g, random() AS h, random() AS there, random() AS dice,
                   round(((random() - 0.35) * 10)::numeric, floor(random() * 7)::int) AS weight,
                   CASE WHEN signal LIKE '%*' THEN 'distinct'
                        WHEN signal = 'login' THEN 'count'
                        ELSE (ARRAY['count', 'days', 'sum', 'last', 'mean', 'recency', 'ratio', 'trend'])
                               [1 + floor(random() * 8)::int] END AS measure
            FROM generate_series(1, 80) AS model
                 CROSS JOIN unnest(ARRAY['login', 'export', 'nps', 'csat', 'cancel', 'user:3', 'never', 'user:*',
                                         'user:1*']) AS signal) AS dice) AS dice
WHERE there < 0.75 OR signal = 'login';

CREATE TABLE model AS
SELECT model, window_days, half_life, linear, exponent, min_tenure_days,
       health_make_model(signals => signals, window_days => window_days, half_life_days => half_life,
                         linear_days => linear, size_exponent => exponent,
                         min_tenure_days => NULLIF(min_tenure_days, 14)) AS health_model
FROM (SELECT model, 1 + floor(random() * 200)::int AS window_days,
             CASE WHEN model % 3 = 1 THEN 1 + floor(random() * 60)::int END AS half_life,
             CASE WHEN model % 3 = 2 THEN 1 + floor(random() * 150)::int END AS linear,
             (ARRAY[0, 0.5, 1])[1 + floor(random() * 3)::int] AS exponent,
             (ARRAY[1, 14, 40])[1 + floor(random() * 3)::int] AS min_tenure_days
      FROM generate_series(1, 80) AS model) AS m
     JOIN (SELECT model, jsonb_object_agg(signal,
                    jsonb_strip_nulls(jsonb_build_object(
                      'weight', weight, 'measure', measure, 'unit', unit, 'neutral', neutral, 'daily_cap', daily_cap,
                      'max_points', max_points, 'aliases', to_jsonb(aliases), 'min_days', min_days,
                      CASE WHEN steps THEN 'steps' ELSE 'scale' END, points,
                      CASE measure WHEN 'distinct' THEN 'days' ELSE 'window_days' END, window_days,
                      'of', CASE WHEN of_size THEN 'size' WHEN measure = 'ratio' THEN 'login' END,
                      'values', CASE WHEN of_values THEN true END))
                    || CASE WHEN never_expires THEN '{"window_days": null}' ELSE '{}' END::jsonb
                    || coalesce(own_decay, '{}')) AS signals
           FROM rule GROUP BY model) AS s USING (model);

-- ---------------------------------------------------------------- the oracle

CREATE TABLE ask AS
SELECT row_number() OVER () AS id, model, account, date '2025-01-01' + floor(random() * 520)::int AS as_of,
       CASE WHEN random() < 0.7 THEN (ARRAY[0.5, 1, 3, 40, -1, 0])[1 + floor(random() * 6)::int] END::float8 AS size,
       CASE WHEN random() < 0.6 THEN date '2025-01-01' + floor(random() * 520)::int END AS since
FROM model CROSS JOIN generate_series(0, 151) AS account;
-- Most that have begun did so not long before.
UPDATE ask SET since = as_of - ceil(random() * 100)::int WHERE since < as_of - 100;

-- The decay of a signal at each age, and the sum of all up to it.
CREATE TABLE fade AS
SELECT model, signal, age, decay, sum(decay) OVER (PARTITION BY model, signal ORDER BY age) AS total
FROM rule JOIN model USING (model) CROSS JOIN generate_series(0, 1300) AS age
     CROSS JOIN LATERAL (SELECT CASE WHEN own_decay IS NULL THEN half_life ELSE (own_decay ->> 'half_life_days')::float8 END AS h,
                                CASE WHEN own_decay IS NULL THEN linear ELSE (own_decay ->> 'linear_days')::float8 END AS l) AS o
     CROSS JOIN LATERAL (SELECT CASE WHEN age > 1000 * h THEN 0 WHEN h IS NOT NULL THEN power(2, -age / h) WHEN l IS NOT NULL THEN greatest(0, 1 - age / l)
                                     ELSE 1 END::float8 AS decay) AS d;
CREATE UNIQUE INDEX ON fade (model, signal, age);
ANALYZE fade;

CREATE FUNCTION mapped(value float8, points jsonb, steps boolean) RETURNS float8 LANGUAGE sql
RETURN CASE WHEN value IS NOT NULL THEN coalesce(
  (SELECT CASE WHEN steps OR next_x IS NULL THEN y ELSE y + (next_y - y) * (value - x) / (next_x - x) END
   FROM (SELECT x, y, lead(x) OVER w AS next_x, lead(y) OVER w AS next_y
         FROM (SELECT (point -> 0)::float8 AS x, (point -> 1)::float8 AS y FROM jsonb_array_elements(points) AS point) AS p
         WINDOW w AS (ORDER BY x)) AS p
   WHERE x <= value ORDER BY x DESC LIMIT 1), (points -> 0 -> 1)::float8) END;

-- c_s of every case and signal, and the size of the numbers it was summed from, to judge differences by.
-- A size that is NULL or not positive is no size: nothing is divided, and there is no share of it. Of an account that is
-- younger than a window, the days since count, as if it had gone on so.
CREATE TABLE part AS
SELECT id, counts_as AS unit,
       greatest(-max_points, least(max_points, coalesce(weight * term, 0))) AS c,
       coalesce(abs(weight) * t.magnitude, 0) AS magnitude
FROM ask JOIN model USING (model) JOIN rule AS r USING (model)
     CROSS JOIN LATERAL (
       SELECT CASE WHEN size > 0 THEN size END AS seats, coalesce(neutral, 0)::float8 AS zero, counts_as,
              CASE WHEN never_expires THEN 100000
                   ELSE coalesce(r.window_days, CASE measure WHEN 'trend' THEN 28 ELSE model.window_days END) END AS whole,
              CASE WHEN since IS NOT NULL AND (counts_as = 'raw' OR points IS NOT NULL)
                        AND measure IN ('count', 'days', 'sum') AND NOT never_expires
                   THEN greatest(as_of - since, min_tenure_days) END AS tenure,
              CASE WHEN counts_as = 'score' OR measure = 'days' THEN 1
                   ELSE coalesce(power(CASE WHEN size > 0 THEN size END, exponent), 1) END AS divisor
       FROM (SELECT coalesce(unit, CASE WHEN gauge OR points IS NOT NULL OR weight < 0 THEN 'score'
                                        ELSE 'raw' END) AS counts_as) AS u) AS o
     CROSS JOIN LATERAL (SELECT least(whole, tenure) AS days) AS n
     CROSS JOIN LATERAL (SELECT CASE WHEN days = whole THEN 1 ELSE
       (SELECT total FROM fade AS f WHERE f.model = ask.model AND f.signal = r.signal AND age = whole - 1)
       / (SELECT total FROM fade AS f WHERE f.model = ask.model AND f.signal = r.signal AND age = days - 1) END AS factor) AS f
     CROSS JOIN LATERAL (  -- a signal and its aliases: one count a day, capped, then decayed by its age
       SELECT sum(x * decay) * factor AS decayed, sum(abs(x) * decay) * factor AS magnitude,
              coalesce(sum(x), 0)::float8 * whole / days AS amount,
              (sum(value) / nullif(sum(value_count), 0))::float8 AS mean, coalesce(sum(value), 0) AS value,
              coalesce(sum(count), 0) AS count, max(day) AS last,
              (array_agg(value / value_count ORDER BY day DESC) FILTER (WHERE value_count > 0))[1]::float8 AS latest
       FROM (SELECT day, sum(value_count) AS value_count, sum(value) AS value, sum(count) AS count,
                    CASE measure WHEN 'count' THEN least(sum(count), daily_cap) WHEN 'days' THEN 1
                                 ELSE coalesce(sum(value), 0) END AS x,
                    (SELECT decay FROM fade AS f WHERE f.model = ask.model AND f.signal = r.signal AND age = as_of - 1 - day)
             FROM cell AS c
             WHERE c.account = ask.account AND day >= as_of - days AND day < as_of
                   AND (c.signal = r.signal OR c.signal = ANY (aliases))
             GROUP BY day) AS d) AS w
     CROSS JOIN LATERAL (  -- of a ratio: all logins
       SELECT sum(count) AS count, sum(value) AS value FROM cell AS c
       WHERE c.account = ask.account AND c.signal = 'login' AND day >= as_of - days AND day < as_of) AS l
     CROSS JOIN LATERAL (  -- of a trend: events in as many days before
       SELECT coalesce(sum(count), 0) AS count FROM cell AS c
       WHERE measure = 'trend' AND c.account = ask.account AND (c.signal = r.signal OR c.signal = ANY (aliases))
             AND day >= as_of - 2 * days AND day < as_of - days) AS b
     CROSS JOIN LATERAL (
       SELECT count(*)::float8 AS members
       FROM (SELECT FROM cell AS c
             WHERE c.account = ask.account AND day >= as_of - days AND day < as_of
                   AND measure = 'distinct' AND starts_with(c.signal, left(r.signal, -1))
             GROUP BY c.signal HAVING count(*) >= coalesce(min_days, 1)) AS m) AS g
     CROSS JOIN LATERAL (
       SELECT CASE WHEN measure = 'last' THEN latest
                   WHEN measure = 'mean' THEN mean
                   WHEN measure = 'recency' THEN coalesce(1 - (as_of - 1 - last) / days::float8, 0)
                   WHEN of_values THEN (w.value / nullif(l.value, 0))::float8
                   WHEN measure = 'ratio' THEN (w.count / l.count)::float8
                   WHEN measure = 'trend' AND b.count >= 5 THEN least(1, (w.count - b.count) / b.count)::float8
                   WHEN measure = 'trend' THEN NULL
                   WHEN of_size THEN CASE WHEN members > seats THEN 1 ELSE members / seats END
                   WHEN measure = 'distinct' THEN members
                   ELSE amount END AS value) AS v
     CROSS JOIN LATERAL (
       SELECT CASE WHEN points IS NOT NULL THEN mapped(v.value, points, steps) WHEN gauge THEN v.value - zero
                   ELSE decayed / divisor END AS term,
              CASE WHEN points IS NOT NULL THEN 100 WHEN gauge THEN abs(v.value) + abs(zero)
                   ELSE w.magnitude / divisor END AS magnitude) AS t
WHERE since < as_of IS NOT FALSE;

-- What was known on the day: the activity of the events before as_of (UTC).
CREATE TABLE past AS
SELECT id, coalesce(health_activity(signal, occurred_at, value), '{}') AS activity
FROM ask LEFT JOIN event ON event.account = ask.account AND occurred_at < as_of::timestamp AT TIME ZONE 'UTC'
GROUP BY id;

-- ---------------------------------------------------------------- claims

CREATE TABLE answer AS
SELECT id, v.*, a.activity <> p.activity AS has_later
FROM ask JOIN model USING (model) JOIN account AS a USING (account) JOIN past AS p USING (id)
     CROSS JOIN LATERAL (
       VALUES ('health_raw_score', 'raw', health_raw_score(a.activity, health_model, as_of, size, since),
               health_raw_score(a.merged, health_model, as_of, size, since),
               health_raw_score(p.activity, health_model, as_of, size, since)),
              ('health_adjustment', 'score', health_adjustment(a.activity, health_model, as_of, size, since),
               health_adjustment(a.merged, health_model, as_of, size, since),
               health_adjustment(p.activity, health_model, as_of, size, since))) AS v (claim, unit, mine, merged, past);

INSERT INTO trial
SELECT claim, format('id %s', id), mine, CASE WHEN since < as_of IS NOT FALSE THEN coalesce(theirs, 0) END,
       1e-9 * coalesce(magnitude, 0)
FROM answer JOIN ask USING (id)
     LEFT JOIN (SELECT id, unit, sum(c) AS theirs, sum(magnitude) AS magnitude FROM part GROUP BY id, unit) AS o
     USING (id, unit);
-- The text of a float8 tells all its bits.
INSERT INTO trial
SELECT claim || ', events in any order', format('id %s', id), mine, merged FROM answer;
INSERT INTO trial
SELECT claim || ', events from as_of on', format('id %s', id), mine, past FROM answer WHERE has_later;

-- Who has been there for as long as the longest window is scored as if nobody had said since when.
INSERT INTO trial
SELECT 'raw score of an old account', format('id %s', id), health_raw_score(activity, health_model, as_of, size, as_of - 302),
       health_raw_score(activity, health_model, as_of, size)
FROM ask JOIN model USING (model) JOIN account USING (account) WHERE id % 4 = 0;
-- An account that began on the day of its first event, as the window and its decay see it: what it has, times a factor.
INSERT INTO trial
SELECT 'raw score of a young account', format('id %s', id),
       health_raw_score(activity, one, as_of, NULL, as_of - tenure),
       health_raw_score(activity, one || jsonb_build_object('window_days', tenure), as_of)
         * (SELECT sum(power(2, -age / 30.0::float8)) FROM generate_series(0, 89) AS age)
         / (SELECT sum(power(2, -age / 30.0::float8)) FROM generate_series(0, tenure - 1) AS age),
       1e-9 * (1 + abs(health_raw_score(activity, one, as_of, NULL, as_of - tenure)))
FROM ask JOIN account USING (account)
     CROSS JOIN LATERAL (SELECT 14 + account * 7 % 100 AS tenure, health_model '{"half_life_days": 30, "signals": {
       "login": 1, "export": {"weight": 3, "measure": "days"}, "nps": {"weight": 0.5, "measure": "sum"}}}' AS one) AS t
WHERE model = 1 AND tenure < 90;

-- The history and the report have the same bits, whatever options the model uses.
INSERT INTO trial
SELECT claim, format('id %s, %s', id, h.as_of), mine, theirs
FROM ask JOIN model USING (model) JOIN account USING (account)
     CROSS JOIN LATERAL health_history(activity, health_model, ask.as_of - 21, ask.as_of, size, since, 7) AS h
     CROSS JOIN LATERAL (VALUES
       ('health_history, raw', h.raw, health_raw_score(activity, health_model, h.as_of, size, since)),
       ('health_history, adjustment', h.adjustment, health_adjustment(activity, health_model, h.as_of, size, since)))
       AS v (claim, mine, theirs)
WHERE id % 4 = 1;
INSERT INTO trial
SELECT 'health_report, raw score', format('id %s', id), (report).raw_score,
       health_raw_score(activity, health_model, as_of, size, since)
FROM (SELECT *, health_report(activity, health_model, as_of, size, since) OVER (PARTITION BY id) AS report
      FROM ask JOIN model USING (model) JOIN account USING (account) WHERE id % 4 = 2) AS r;

-- ---------------------------------------------------------------- verdict

\set claims 12
\ir common/verdict.sql
