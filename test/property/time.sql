-- Scores over time against plain SQL and against each other, on random data. Raises an exception on any difference.
\set ON_ERROR_STOP 1
CREATE EXTENSION IF NOT EXISTS health_score;
SELECT setseed(0.2026);

CREATE TABLE weighted AS
SELECT 1 + n % 20 AS account, CASE WHEN random() < 0.05 THEN NULL ELSE round((random() * 10 - 2)::numeric, 3)::float8 END AS weight,
       timestamptz '2025-03-01 00:00+00' + random() * (CASE WHEN n % 20 = 7 THEN 20 ELSE 300 END) * interval '24 hours' AS occurred_at
FROM generate_series(1, 6000) AS n;
INSERT INTO weighted SELECT 7, 3, timestamptz '2025-12-20 12:00+00';  -- after a gap longer than the window

CREATE TABLE models AS
SELECT n, m::health_model AS model
FROM (VALUES (1, '{"window_days": 90}'), (2, '{"window_days": 30, "half_life_days": 7.5}'), (3, '{"window_days": 60, "linear_days": 45}')) AS v (n, m);

-- Plain SQL: the sum of weights per day, in numeric, times the decay.
CREATE FUNCTION decay(model jsonb, age int) RETURNS float8 LANGUAGE sql IMMUTABLE AS $$
  SELECT CASE WHEN model ? 'half_life_days' THEN power(2::float8, -age / (model ->> 'half_life_days')::float8)
              WHEN model ? 'linear_days' THEN greatest(0, 1 - age / (model ->> 'linear_days')::float8) ELSE 1 END $$;
CREATE FUNCTION weighted_sum(account int, model jsonb, as_of date) RETURNS float8 LANGUAGE sql STABLE AS $$
  SELECT sum(round(w.weight::numeric, 6)::float8 * decay(model, as_of - 1 - health_day(w.occurred_at)))
  FROM weighted AS w
  WHERE w.account = weighted_sum.account AND health_day(w.occurred_at) >= as_of - (model ->> 'window_days')::int
    AND health_day(w.occurred_at) < as_of $$;

-- The last row of each account's days, as a moving frame sees it: ordered, wide, narrow, by ROWS, RANGE and GROUPS.
CREATE TABLE slid AS
SELECT w.account, m.n, m.model, health_day(w.occurred_at) AS day,
       health_sliding_sum(w.weight, w.occurred_at, m.model) OVER (PARTITION BY w.account, m.n ORDER BY w.occurred_at RANGE UNBOUNDED PRECEDING) AS all_before,
       health_sliding_sum(w.weight, w.occurred_at, m.model) OVER (PARTITION BY w.account, m.n ORDER BY w.occurred_at
                                                                  RANGE BETWEEN interval '2400 hours' PRECEDING AND CURRENT ROW) AS ranged,
       health_sliding_sum(w.weight, w.occurred_at, m.model) OVER (PARTITION BY w.account, m.n ORDER BY w.occurred_at
                                                                  GROUPS BETWEEN 290 PRECEDING AND CURRENT ROW) AS grouped,
       health_sliding_sum(w.weight, w.occurred_at, m.model) OVER (PARTITION BY w.account, m.n ORDER BY w.occurred_at ROWS BETWEEN 40 PRECEDING AND CURRENT ROW) AS short_frame,
       array_agg(w.weight) OVER (PARTITION BY w.account, m.n ORDER BY w.occurred_at ROWS BETWEEN 40 PRECEDING AND CURRENT ROW) AS weights,
       array_agg(w.occurred_at) OVER (PARTITION BY w.account, m.n ORDER BY w.occurred_at ROWS BETWEEN 40 PRECEDING AND CURRENT ROW) AS times,
       lead(health_day(w.occurred_at)) OVER (PARTITION BY w.account, m.n ORDER BY w.occurred_at) AS next_day
FROM weighted AS w CROSS JOIN models AS m;

DO $$
DECLARE
  bad int; checked int;
BEGIN
  -- Aggregate = sliding on the last row of the day before = fresh computation of the frame, to the bit.
  SELECT count(*), count(*) FILTER (WHERE s.all_before IS DISTINCT FROM w.sum OR s.ranged IS DISTINCT FROM w.sum OR s.grouped IS DISTINCT FROM w.sum)
  INTO checked, bad
  FROM slid AS s CROSS JOIN LATERAL (SELECT health_weighted_sum(weight, occurred_at, s.model, s.day + 1) AS sum
                                     FROM weighted AS w WHERE w.account = s.account) AS w
  WHERE s.next_day IS DISTINCT FROM s.day AND s.account <= 8;
  IF bad > 0 OR checked < 1000 THEN RAISE EXCEPTION 'sliding sum: % of % differ from the weighted sum', bad, checked; END IF;

  SELECT count(*), count(*) FILTER (WHERE s.short_frame IS DISTINCT FROM w.sum) INTO checked, bad
  FROM slid AS s CROSS JOIN LATERAL (SELECT health_weighted_sum(u.w, u.t, s.model, s.day + 1) AS sum FROM unnest(s.weights, s.times) AS u (w, t)) AS w
  WHERE s.account IN (1, 7);
  IF bad > 0 OR checked < 1000 THEN RAISE EXCEPTION 'short frame: % of % differ', bad, checked; END IF;

  -- Weighted sum = plain SQL.
  SELECT count(*), count(*) FILTER (WHERE (abs(w.sum - coalesce(o.sum, 0)) <= 1e-9 * (1 + abs(w.sum))) IS NOT TRUE) INTO checked, bad
  FROM (SELECT DISTINCT account FROM weighted) AS a CROSS JOIN models AS m
  CROSS JOIN LATERAL (SELECT '2025-04-10'::date + 37 * g AS as_of FROM generate_series(0, 7) AS g) AS d
  CROSS JOIN LATERAL (SELECT health_weighted_sum(weight, occurred_at, m.model, d.as_of) AS sum FROM weighted AS w WHERE w.account = a.account) AS w
  CROSS JOIN LATERAL (SELECT weighted_sum(a.account, m.model::jsonb, d.as_of) AS sum) AS o;
  IF bad > 0 OR checked < 400 THEN RAISE EXCEPTION 'weighted sum: % of % differ from plain SQL', bad, checked; END IF;

  -- The third road: an activity with as many events as thousandths of the weight, at weight 0.001.
  SELECT count(*), count(*) FILTER (WHERE health_raw_score(act.activity, m.model || '{"signals": {"plus": 0.001, "minus": -0.001}}', d.as_of) IS DISTINCT FROM w.sum)
  INTO checked, bad
  FROM (SELECT account, health_activity(CASE WHEN weight > 0 THEN 'plus' ELSE 'minus' END, health_day(occurred_at), abs(round(weight * 1000))::int, NULL) AS activity
        FROM weighted WHERE weight IS NOT NULL GROUP BY account) AS act
  CROSS JOIN models AS m CROSS JOIN LATERAL (SELECT '2025-04-10'::date + 37 * g AS as_of FROM generate_series(0, 7) AS g) AS d
  CROSS JOIN LATERAL (SELECT health_weighted_sum(weight, occurred_at, m.model, d.as_of) AS sum FROM weighted AS w WHERE w.account = act.account) AS w;
  IF bad > 0 OR checked < 400 THEN RAISE EXCEPTION 'activity: % of % differ from the weighted sum', bad, checked; END IF;
END $$;

-- History = raw score and adjustment at every day, with gauges, penalties, own windows and sizes, to the bit.
DO $$
DECLARE
  bad int; checked int;
BEGIN
  WITH activities AS (
    SELECT account, health_activity((ARRAY['a', 'b', 'c', 'd', 'e', 'n', 'user:' || account])[1 + (random() * 6)::int], occurred_at, weight) AS activity
    FROM weighted GROUP BY account
  ), model AS (
    SELECT '{"window_days": 90, "half_life_days": 30, "signals": {
      "a": 1, "b": {"weight": 3, "window_days": 30}, "c": {"weight": -2, "max_points": 5}, "d": {"weight": 1.5, "measure": "days"},
      "e": {"weight": 0.3, "measure": "sum", "window_days": 10}, "n": {"weight": 2, "measure": "last", "neutral": 3, "window_days": null},
      "user:*": {"weight": 4, "measure": "distinct", "days": 14, "unit": "raw"}}}'::health_model AS model
  )
  SELECT count(*), count(*) FILTER (WHERE h.raw IS DISTINCT FROM health_raw_score(activity, model, h.as_of, s.size)
                                       OR h.adjustment IS DISTINCT FROM health_adjustment(activity, model, h.as_of, s.size))
  INTO checked, bad
  FROM activities, model, (VALUES (NULL::float8), (3.7)) AS s (size),
       health_history(activity, model, '2025-02-20', '2026-04-30', s.size) AS h;
  IF bad > 0 OR checked <> 20 * 2 * 435 THEN RAISE EXCEPTION 'history: % of % differ', bad, checked; END IF;
END $$;

-- Slope = the median of all pairwise slopes, also in moving frames with gaps.
CREATE TABLE readings AS
SELECT 1 + n % 5 AS account, '2026-01-01'::date + (n / 5) * (1 + n % 5) AS day, CASE WHEN random() < 0.1 THEN NULL ELSE random() * 100 END AS score
FROM generate_series(0, 499) AS n;

DO $$
DECLARE
  bad int; checked int;
BEGIN
  SELECT count(*), count(*) FILTER (WHERE (s.slope IS NULL) <> (o.slope IS NULL) OR abs(s.slope - o.slope) > 1e-9)
  INTO checked, bad
  FROM (SELECT account, day, health_slope(score, day) OVER w AS slope, array_agg(score) OVER w AS scores, array_agg(day) OVER w AS days
        FROM readings WINDOW w AS (PARTITION BY account ORDER BY day ROWS 12 PRECEDING)) AS s
  CROSS JOIN LATERAL (SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY 7 * (y.score - x.score) / (y.day - x.day)) AS slope
                      FROM unnest(s.scores, s.days) AS x (score, day) JOIN unnest(s.scores, s.days) AS y (score, day) ON y.day > x.day) AS o;
  IF bad > 0 OR checked <> 500 THEN RAISE EXCEPTION 'slope: % of % differ', bad, checked; END IF;
END $$;
