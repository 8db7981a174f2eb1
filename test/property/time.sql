-- health_history, health_weighted_sum, health_sliding_sum, health_slope, health_stable_band and health_alert against plain
-- SQL and against each other, on random data.
-- Runs in a fresh database. A failure names its seed: repeat it with psql -v seed=0.123456 -f ...
\ir common/start.sql
\ir common/trial.sql

-- ---------------------------------------------------------------- sums of weighted events

CREATE TABLE weighted AS
SELECT 1 + n % 20 AS account, CASE WHEN random() > 0.05 THEN round((random() * 10 - 2)::numeric, 3)::float8 END AS weight,
       timestamptz '2025-03-01 00:00+00' + random() * CASE WHEN n % 20 = 6 THEN 20 ELSE 300 END * interval '24 hours'
         AS occurred_at
FROM generate_series(1, 6000) AS n;
INSERT INTO weighted SELECT 7, 3, timestamptz '2025-12-20 12:00+00';  -- after a gap longer than the window

CREATE TABLE models AS
SELECT n, m::health_model AS model
FROM (VALUES (1, '{"window_days": 90}'), (2, '{"window_days": 30, "half_life_days": 7.5}'),
             (3, '{"window_days": 60, "linear_days": 45}')) AS v (n, m);

-- Plain SQL: the sum of weights, rounded to a millionth, times the decay.
CREATE FUNCTION decay(model jsonb, age int) RETURNS float8 LANGUAGE sql IMMUTABLE AS $$
  SELECT CASE WHEN model ? 'half_life_days' THEN power(2::float8, -age / (model ->> 'half_life_days')::float8)
              WHEN model ? 'linear_days' THEN greatest(0, 1 - age / (model ->> 'linear_days')::float8) ELSE 1 END
$$;
CREATE FUNCTION weighted_sum(account int, model jsonb, as_of date) RETURNS float8 LANGUAGE sql STABLE AS $$
  SELECT coalesce(sum(round(w.weight::numeric, 6)::float8 * decay(model, as_of - 1 - health_day(w.occurred_at))), 0)
  FROM weighted AS w
  WHERE w.account = weighted_sum.account AND health_day(w.occurred_at) >= as_of - (model ->> 'window_days')::int
    AND health_day(w.occurred_at) < as_of
$$;

CREATE TABLE summed AS
SELECT account, n, model, as_of, sum
FROM (SELECT DISTINCT account FROM weighted) AS a CROSS JOIN models
     CROSS JOIN LATERAL (SELECT date '2025-04-10' + 37 * g AS as_of FROM generate_series(0, 7) AS g) AS d
     CROSS JOIN LATERAL (SELECT health_weighted_sum(weight, occurred_at, model, as_of) AS sum
                         FROM weighted AS w WHERE w.account = a.account) AS w;
INSERT INTO trial
SELECT 'weighted sum', format('account %s, model %s, %s', account, n, as_of), sum, weighted_sum(account, model::jsonb, as_of),
       1e-9 * (1 + abs(sum))
FROM summed;

-- The same from an activity, with as many events as thousandths of the weight, at weight 0.001.
INSERT INTO trial
SELECT 'raw score = weighted sum', format('account %s, model %s, %s', account, n, as_of),
       health_raw_score(activity, model || '{"signals": {
         "plus": 0.001, "minus": {"weight": -0.001, "unit": "raw"}}}', as_of), sum
FROM summed JOIN (
  SELECT account, health_daily(CASE WHEN weight > 0 THEN 'plus' ELSE 'minus' END, health_day(occurred_at),
                                  abs(round(weight * 1000))::int, NULL) AS activity
  FROM weighted WHERE weight IS NOT NULL GROUP BY account) AS a USING (account);

-- In moving frames: all rows before, 100 days, so many days, and a few rows, from which rows leave.
CREATE TABLE slid AS
SELECT account, n, model, health_day(occurred_at) AS day,
       health_sliding_sum(weight, occurred_at, model) OVER w AS "all rows before",
       health_sliding_sum(weight, occurred_at, model) OVER (w RANGE BETWEEN '2400 hours' PRECEDING AND CURRENT ROW) AS hours,
       health_sliding_sum(weight, occurred_at, model) OVER (w GROUPS BETWEEN 250 PRECEDING AND CURRENT ROW) AS groups,
       health_sliding_sum(weight, occurred_at, model) OVER (w ROWS 40 PRECEDING) AS rows,
       array_agg(weight) OVER (w ROWS 40 PRECEDING) AS weights,
       array_agg(occurred_at) OVER (w ROWS 40 PRECEDING) AS times,
       lead(health_day(occurred_at)) OVER w AS next_day
FROM weighted CROSS JOIN models WINDOW w AS (PARTITION BY account, n ORDER BY occurred_at);
INSERT INTO trial
SELECT 'sliding sum, ' || frame, format('account %s, model %s, %s', account, n, day), mine, sum
FROM slid AS s
     CROSS JOIN LATERAL (SELECT health_weighted_sum(weight, occurred_at, model, day + 1) AS sum
                         FROM weighted AS w WHERE w.account = s.account) AS w
     CROSS JOIN LATERAL (VALUES ('all rows before', "all rows before"), ('hours', hours), ('groups', groups)) AS f (frame, mine)
WHERE next_day IS DISTINCT FROM day AND account <= 8
  AND NOT (frame = 'groups' AND account = 7);  -- whose rows are so close that the window holds more
INSERT INTO trial
SELECT 'sliding sum, rows', format('account %s, model %s, %s', account, n, day), rows, sum
FROM slid CROSS JOIN LATERAL (SELECT health_weighted_sum(weight, occurred_at, model, day + 1) AS sum
                              FROM unnest(weights, times) AS u (weight, occurred_at)) AS w
WHERE account IN (1, 7);

-- ---------------------------------------------------------------- history

-- With gauges, penalties, bounds, windows and decays of their own, sizes, and accounts that began late.
INSERT INTO trial
SELECT claim, format('account %s, size %s, %s', account, size, as_of), mine, theirs, tolerance
FROM (SELECT account, health_activity((ARRAY['a', 'b', 'c', 'd', 'e', 'n', 'p', 'user:' || account])[1 + (random() * 7)::int],
                                      occurred_at, weight) AS activity
      FROM weighted GROUP BY account) AS a
     CROSS JOIN (VALUES (NULL::float8, NULL::date), (3.7, NULL), (NULL, '2025-04-10'), (3.7, '2025-08-01')) AS s (size, since)
     CROSS JOIN (SELECT '{"window_days": 90, "half_life_days": 30, "signals": {
                   "a": 1, "b": {"weight": 3, "window_days": 30}, "c": {"weight": -2, "unit": "raw", "max_points": 5},
                   "d": {"weight": 1.5, "measure": "days"}, "e": {"weight": 0.3, "measure": "sum", "window_days": 10},
                   "n": {"weight": 2, "measure": "last", "neutral": 3, "window_days": null},
                   "p": {"weight": -4, "unit": "score", "window_days": 20},
                   "user:*": {"weight": 4, "measure": "distinct", "days": 14, "unit": "raw"}}}'::health_model AS model
                 UNION ALL SELECT '{"window_days": 90, "half_life_days": 30, "min_tenure_days": 21, "signals": {
                   "a": {"weight": 1, "half_life_days": 9}, "b": {"weight": 3, "window_days": 30, "linear_days": 20},
                   "c": {"weight": -2, "unit": "raw", "window_days": null, "half_life_days": null},
                   "d": {"weight": 1.5, "measure": "days", "half_life_days": 9}, "e": {"weight": 0.3, "measure": "sum"},
                   "n": {"weight": 2, "measure": "last", "neutral": 3, "window_days": null},
                   "p": {"weight": -4, "unit": "score", "window_days": null, "linear_days": 20}}}') AS m
     CROSS JOIN LATERAL health_history(activity, model, '2025-02-20', '2026-04-30', size, since) AS h
     CROSS JOIN LATERAL (SELECT -health_adjustment(activity, model || '{"signals": {"n": 0}}', as_of, size, since) AS p) AS p
     CROSS JOIN LATERAL (VALUES ('history, raw', raw, health_raw_score(activity, model, as_of, size, since), NULL),
                                ('history, adjustment', adjustment, health_adjustment(activity, model, as_of, size, since), NULL),
                                ('history, praise', praise, CASE WHEN p IS NOT NULL THEN greatest(0, adjustment + p) END, 1e-9),
                                ('history, penalty', penalty, p + greatest(0, -adjustment - p), 1e-9),
                                ('no history before it began', (raw IS NULL)::int, (as_of <= since IS TRUE)::int, NULL))
       AS v (claim, mine, theirs, tolerance);

-- Scores of many days by a baseline without those whose size is missing or who have just begun: the form of docs/time.md.
CREATE TABLE customer AS
SELECT account, segment, activity, CASE WHEN account % 4 > 0 OR segment = 'unsized' THEN size END AS seats, since
FROM (SELECT account, CASE WHEN account % 3 = 0 THEN 'unsized' ELSE 'sized' END AS segment,
             health_activity((ARRAY['a', 'b', 'n', 'p'])[1 + (random() * 3)::int], occurred_at, weight) AS activity
      FROM weighted GROUP BY account) AS a
     CROSS JOIN LATERAL (SELECT CASE WHEN segment = 'sized' THEN ceil(random() * 9 + account * 0) END AS size,
       CASE WHEN random() < 0.7 THEN date '2025-03-01' + floor(random() * 200 + account * 0)::int END AS since) AS d;
CREATE TABLE scoring AS SELECT health_model '{"half_life_days": 30, "min_tenure_days": 30, "signals": {
  "a": 1, "b": {"weight": 3, "window_days": 30, "half_life_days": null}, "n": {"weight": 2, "measure": "last", "neutral": 3},
  "p": {"weight": -0.5, "unit": "score"}}}' AS model;
INSERT INTO scoring SELECT model || '{"baseline": 40}' FROM scoring;
INSERT INTO trial
WITH sized AS (
  SELECT *, CASE WHEN seats > 0 THEN seats
                 ELSE (SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY seats) FROM customer AS peer
                       WHERE peer.segment = customer.segment AND seats > 0) END AS size FROM customer
), daily AS (
  SELECT account, segment, model, h.*,
         (seats > 0 OR size IS NULL) AND (since IS NULL OR as_of - since >= 30) AS compared
  FROM sized CROSS JOIN scoring CROSS JOIN LATERAL health_history(activity, model, '2025-03-10', '2025-11-30', size, since) AS h
), baselines AS (
  SELECT segment, as_of, model, coalesce(health_baseline(raw, model) FILTER (WHERE compared),
                                         (model ->> 'baseline')::float8) AS baseline
  FROM daily GROUP BY segment, as_of, model
)
SELECT 'history and baseline = health_score', format('account %s, %s', account, as_of),
       health_normalize(CASE WHEN baseline IS NULL AND raw > 0 THEN 0 ELSE raw END, baseline, model, praise, penalty), score
FROM daily JOIN baselines USING (segment, as_of, model) JOIN (
  SELECT account, as_of::date, model,
         health_score(activity, model, as_of::date, seats, since) OVER (PARTITION BY segment, as_of, model) AS score
  FROM customer CROSS JOIN scoring CROSS JOIN generate_series(timestamp '2025-03-10', '2025-11-30', '1 day') AS as_of) AS s
  USING (account, as_of, model);

-- ---------------------------------------------------------------- slope

-- The median of all pairwise slopes, in moving frames with gaps and unequal distances.
CREATE TABLE reading AS
SELECT 1 + n % 5 AS account, date '2026-01-01' + (n / 5) * (1 + n % 5) AS day,
       CASE WHEN random() > 0.1 THEN random() * 100 END AS score
FROM generate_series(0, 499) AS n;
INSERT INTO trial
SELECT 'slope', format('account %s, %s', account, day), s.slope, o.slope, 1e-9
FROM (SELECT account, day, health_slope(score, day) OVER w AS slope, array_agg(score) OVER w AS scores,
             array_agg(day) OVER w AS days
      FROM reading WINDOW w AS (PARTITION BY account ORDER BY day ROWS 12 PRECEDING)) AS s
     CROSS JOIN LATERAL (
       SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY 7 * (y.score - x.score) / (y.day - x.day)) AS slope
       FROM unnest(scores, days) AS x (score, day) JOIN unnest(scores, days) AS y (score, day) ON y.day > x.day) AS o;

-- ---------------------------------------------------------------- bands and alerts

CREATE TABLE walk AS
SELECT account, n, date '2026-01-01' + n * (1 + account % 3) AS day,
       CASE WHEN random() > 0.1
            -- Quarters: some lie on a cut, or a margin above one.
            THEN round(4 * greatest(0, least(100, 50 + 50 * sin(account + n / (3.0 + account % 9)) + 30 * (random() - 0.5)))) / 4
            END AS score
FROM generate_series(1, 40) AS account, generate_series(1, 60) AS n;
-- Red, yellow and green for every third account, else 2 to 20 bands, some narrower than the margin. A cut belongs to the
-- band above it; cuts leaves out the first one.
CREATE TABLE banding AS
SELECT account, CASE WHEN account % 3 = 0 THEN '{50,80}' ELSE random_cuts END::float8[] AS cuts
FROM (SELECT account, array_agg(DISTINCT cut ORDER BY cut) AS random_cuts
      FROM (SELECT account, (1 + floor(random() * CASE WHEN account % 5 = 0 THEN 200 ELSE 400 END)) / 4 AS cut
            FROM generate_series(1, 40) AS account CROSS JOIN LATERAL generate_series(1, 1 + account % 19)) AS c
      GROUP BY account) AS c;
CREATE TABLE rule AS
SELECT account, cuts, CASE WHEN bands IS NULL THEN '{red,yellow,green}' ELSE names END AS names,
       health_make_model(bands => bands, stable_readings => 1 + account % 4, stable_margin => account % 7 + account % 5 / 4 * 20,
                         drop_points => 10 + account % 30, drop_days => 1 + account % 20,
                         cooldown_days => account % 15) AS model
FROM banding CROSS JOIN LATERAL (
  SELECT array_agg(name ORDER BY cut) AS names,
         CASE WHEN account % 3 > 0 THEN jsonb_agg(jsonb_build_array(
           CASE WHEN random() < 0.5 THEN to_jsonb(name) ELSE jsonb_build_object('fr', 'tranche ' || cut, 'en', name) END, cut)
           ORDER BY cut) END AS bands
  FROM (SELECT cut, 'from ' || cut AS name FROM unnest('{0}'::float8[] || cuts) AS cut) AS b) AS b;

-- Looks back over all readings for each one. Bands are numbered from 1, the worst; a band was entered at `since`.
CREATE FUNCTION replay(scores float8[], days date[], cuts float8[], names text[], model jsonb, OUT n int, OUT plain text,
                       OUT band text, OUT alert text) RETURNS SETOF record
LANGUAGE plpgsql AS $$
DECLARE
  bands int[] := '{}'; lower_bands int[] := '{}';
  b int; since int; before int; k int := model ->> 'stable_readings'; target int;
  fell boolean; falling boolean := false; due text[]; fired jsonb := '{}'; kind text;
BEGIN
  FOR i IN 1 .. cardinality(scores) LOOP
    bands := bands || 1 + width_bucket(scores[i], cuts);
    lower_bands := lower_bands || 1 + width_bucket(
      CASE WHEN scores[i] = 100 THEN 100 ELSE scores[i] - (model ->> 'stable_margin')::float8 END, cuts);
    before := b;
    IF b IS NULL OR bands[i] < b AND scores[since] - scores[i] >= (model ->> 'drop_points')::float8 THEN
      b := bands[i]; since := i;
    ELSIF i - since >= k THEN
      SELECT CASE WHEN max(x) < b THEN max(x) ELSE greatest(b, min(y)) END INTO target
      FROM unnest(bands[i - k + 1 : i], lower_bands[i - k + 1 : i]) AS u (x, y);
      IF target <> b THEN b := target; since := i; END IF;
    END IF;
    SELECT coalesce(max(score) - scores[i] >= (model ->> 'drop_points')::float8, false) INTO fell
    FROM unnest(scores[: i - 1], days[: i - 1]) AS u (score, day)
    WHERE day >= days[i] - (model ->> 'drop_days')::int;
    due := array_remove(ARRAY[CASE WHEN b < before AND b = 1 THEN 'entered_red' END,
                              CASE WHEN fell AND NOT falling THEN 'drop' END,
                              CASE WHEN b < before AND b > 1 THEN 'entered_yellow' END,
                              CASE WHEN b > before THEN 'recovered' END], NULL);
    falling := fell;
    alert := NULL;
    FOREACH kind IN ARRAY due LOOP
      CONTINUE WHEN days[i] - (fired ->> kind)::date < (model ->> 'cooldown_days')::int;
      fired := fired || jsonb_build_object(kind, days[i]);
      alert := coalesce(alert, kind);
    END LOOP;
    n := i; plain := names[bands[i]]; band := names[b];
    RETURN NEXT;
  END LOOP;
END $$;
CREATE TABLE replayed AS
SELECT account, r.* FROM (SELECT account, array_agg(score ORDER BY day) AS scores, array_agg(day ORDER BY day) AS days
                          FROM walk WHERE score IS NOT NULL GROUP BY account) AS w
     JOIN rule USING (account) CROSS JOIN LATERAL replay(scores, days, cuts, names, model::jsonb) AS r;
CREATE TABLE told AS
SELECT account, day, score, health_band(score, model) AS plain, health_stable_band(score, model) OVER w AS band,
       health_alert(score, day, model) OVER w AS alert,
       count(score) OVER w AS n
FROM walk JOIN rule USING (account) WINDOW w AS (PARTITION BY account ORDER BY day);
INSERT INTO trial
SELECT claim, format('account %s, %s', account, day), mine, theirs
FROM told AS t JOIN replayed AS r USING (account, n)
     CROSS JOIN LATERAL (VALUES ('band', t.plain, CASE WHEN score IS NOT NULL THEN r.plain END), ('stable band', t.band, r.band),
                                (CASE WHEN score IS NULL THEN 'no alert in a gap' ELSE 'alert' END, coalesce(t.alert, 'none'),
                                 CASE WHEN score IS NULL THEN 'none' ELSE coalesce(r.alert, 'none') END)) AS v (claim, mine, theirs);
INSERT INTO trial SELECT 'alerts of each kind', NULL, count(DISTINCT alert), 4 FROM told;

-- ---------------------------------------------------------------- verdict

\set claims 18
\ir common/verdict.sql
