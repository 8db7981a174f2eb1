-- health_history: the raw score and the adjustment of one account for many dates.
SET datestyle = 'ISO, YMD';
SET TimeZone = 'America/New_York';  -- must not matter: days are UTC

SELECT * FROM health_history('{"login": {"2026-01-01": 4, "2026-01-03": 2}, "nps": {"2026-01-02": [1, 9]},
                               "cancel": {"2026-01-03": 1}}',
  '{"window_days": 2, "signals": {"login": 1, "nps": {"weight": 2, "measure": "last", "neutral": 7, "window_days": null},
    "cancel": {"weight": -5, "unit": "score"}}}', '2026-01-01', '2026-01-06');
-- Per seat, and every other day.
SELECT * FROM health_history('{"login": {"2026-01-01": 4, "2026-01-03": 2}}', '{"window_days": 2, "signals": {"login": 1}}',
  '2026-01-01', '2026-01-06', size => 4, step => 2);
-- Of an account that began on the second: no score until then, and the same as health_raw_score on every date.
SELECT h.*, raw IS NOT DISTINCT FROM health_raw_score(activity, model, as_of, 2, since) AS same
FROM (VALUES ('{"login": {"2026-01-01": 4, "2026-01-03": 2}, "cancel": {"2026-01-03": 1}}'::health_activity,
              '{"min_tenure_days": 2, "window_days": 4, "signals": {"login": 1, "cancel": {"weight": -5, "unit": "score"}}}'::health_model,
              date '2026-01-02')) AS v (activity, model, since),
     health_history(activity, model, '2026-01-01', '2026-01-08', 2, since) AS h;
SELECT * FROM health_history('{"login": {"2026-01-01": 4, "2026-01-03": 2}}', '{"signals": {"login": 1}}',
  '2026-01-01', '2026-01-06', NULL, '2025-12-20', 3);
SELECT since, string_agg(coalesce(raw::text, 'NULL'), ' ' ORDER BY as_of) AS raw
FROM unnest(ARRAY[NULL, '-infinity', '2025-12-31', '2026-01-04', 'infinity']::date[]) AS since,
     health_history('{"login": {"2026-01-01": 4}}', '{"signals": {"login": 1}}', '2026-01-01', '2026-01-06', since => since)
GROUP BY since ORDER BY since;
SELECT count(*) FROM health_history('{}', '{"signals": {"login": 1}}', '2026-01-06', '2026-01-01');
SELECT count(*) FROM health_history('{}', '{"signals": {"login": 1}}', '2026-01-02', '2026-01-01', step => 7);
SELECT count(*) FROM health_history('{}', '{"signals": {"login": 1}}', '0044-03-16 BC', '0044-03-15 BC');
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
       CROSS JOIN LATERAL health_history(activity, model, '2026-01-10', '2026-03-10', size, NULL, 7) AS h
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

-- With gauges of several days and scales, of young accounts too: the numbers of each date are those of raw score and
-- adjustment, to the bit.
SELECT count(*), count(*) FILTER (WHERE raw = health_raw_score(activity, model, as_of, size, since)) AS raw,
       count(*) FILTER (WHERE adjustment = health_adjustment(activity, model, as_of, size, since)) AS adjustment,
       count(DISTINCT adjustment) > 300 AS many
FROM account CROSS JOIN (VALUES ('{"window_days": 30, "half_life_days": 9, "signals": {
       "login": {"weight": 3, "measure": "trend", "window_days": 20}, "cancel": {"weight": -9, "measure": "ratio", "of": "login"},
       "nps": {"weight": 4, "measure": "mean", "scale": [[2, -1], [9, 1]]},
       "export": {"weight": 5, "scale": [[0, -1], [9, 1]], "aliases": ["exports"]}}}'::health_model),
       ('{"signals": {"login": 1, "nps": {"weight": 1, "measure": "mean", "unit": "raw", "window_days": null}, "cancel": {"weight": 2,
       "measure": "recency", "neutral": 0.5}, "export": {"weight": 1, "measure": "sum", "steps": [[0, -1], [40, 2]]}}}')) AS m (model)
     CROSS JOIN (VALUES (NULL::float8, NULL::date), (3, '2025-12-20')) AS t (size, since)
     CROSS JOIN LATERAL health_history(activity, model, '2026-01-10', '2026-04-10', size, since);

-- The planner knows how many dates a history has.
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
