-- What is measured, as views: each task in the extension's words and in the strongest plain SQL that we know. They
-- answer the same questions: UTC days, full days before 2026-01-01, a window of 90 days, a half-life of 30, ages in
-- whole days, and per segment the 90th percentile of the raw scores above 0. Run after data.sql.
\set ON_ERROR_STOP 1
SET jit = off; SET work_mem = '1GB';
SET max_parallel_workers_per_gather = 0;

-- Whole days before the last one. The day of an interval beats dates in a time zone; the planner inlines it.
CREATE FUNCTION plain_age(at timestamptz) RETURNS int IMMUTABLE PARALLEL SAFE
  RETURN date_part('day', timestamptz '2025-12-31 23:59:59.999999+00' - at)::int;

-- Kept tables. The extension's, as in docs/performance.md:
CREATE TABLE account_activity (account_id bigint PRIMARY KEY, activity health_activity)
  WITH (toast_tuple_target = 8160);
INSERT INTO account_activity SELECT account_id, health_activity(event, occurred_at) FROM events GROUP BY 1;

-- and plain SQL's: decayed sums by account and event; weighted sums by account and day, every day, so that a window is
-- 90 rows.
CREATE UNLOGGED TABLE account_signal AS
SELECT account_id, event, sum(exp(-ln(2) / 30 * plain_age(occurred_at))) AS decayed FROM events
WHERE occurred_at >= '2025-10-03 00:00+00' AND occurred_at < '2026-01-01 00:00+00' GROUP BY 1, 2 ORDER BY 1, 2;
CREATE UNLOGGED TABLE account_day AS
SELECT account_id, day, coalesce(weight, 0) AS weight
FROM accounts CROSS JOIN (SELECT date '2025-07-05' + n AS day FROM generate_series(0, 179) AS n) AS days
     LEFT JOIN (SELECT account_id, (occurred_at AT TIME ZONE 'UTC')::date AS day, sum(weight) AS weight
                FROM events JOIN plain_weights USING (event) GROUP BY 1, 2) AS seen USING (account_id, day)
ORDER BY 1, 2;
ALTER TABLE account_day ADD PRIMARY KEY (account_id, day);

-- A million weighted rows over 463 days in one partition; 20,000 rows are 9 days, 200,000 are 93.
CREATE UNLOGGED TABLE weighted AS
SELECT n, (n % 10)::float8 AS weight, timestamptz '2025-01-01 00:00+00' + n * interval '40 seconds' AS occurred_at
FROM generate_series(1, 1000000) AS n;
CREATE UNLOGGED TABLE readings AS
SELECT account_id, date '2025-10-03' + n AS as_of, 50 + 50 * sin(account_id + n / 9.0) AS score
FROM accounts, generate_series(1, 90) AS n WHERE account_id <= 20000;
-- What is kept for reports against a population: one of each segment.
CREATE TABLE populations AS
SELECT segment, health_population(coalesce(activity, '{}'), model, '2026-01-01') AS population
FROM accounts LEFT JOIN account_activity USING (account_id) CROSS JOIN models
WHERE models.name = 'default' GROUP BY segment, model;
ALTER TABLE populations ADD PRIMARY KEY (segment);
-- Small tables are shared among workers where they say so; docs/performance.md.
ALTER TABLE accounts SET (parallel_workers = 2);
ALTER TABLE account_activity SET (parallel_workers = 2);
VACUUM ANALYZE accounts, account_activity, account_signal, account_day, populations, weighted, readings;

-- Activities from events, and the floor: counting the same rows by the same key.
SELECT format('CREATE VIEW count_%s AS SELECT %s AS account_id, count(*) AS n FROM %s GROUP BY 1', count, key, source),
       format('CREATE VIEW natural_activity%s AS SELECT %s AS account_id, health_activity(%s) AS activity FROM %s GROUP BY 1',
              name, key, arguments, source)
FROM (VALUES ('rows', '', 'account_id', 'event, occurred_at', 'events'),
             ('million', '_million', 'account_id', 'event, occurred_at', 'million'),
             ('half', '_half', 'account_id', 'event, occurred_at', $$events WHERE occurred_at >= '2025-10-03 00:00+00'$$),
             ('values', '_values', 'account_id', 'event, occurred_at, value', 'keyed'),
             ('text', '_text', 'account_name', 'event, occurred_at', 'keyed'),
             ('uuid', '_uuid', 'account_uuid', 'event, occurred_at', 'keyed')) AS v (count, name, key, arguments, source)
WHERE to_regclass(split_part(source, ' ', 1)) IS NOT NULL \gexec

-- Reports from the events and from the kept activities; scores, also with other weights.
SELECT format($$
CREATE VIEW %s_report AS
SELECT account_id, health_report(coalesce(activity, '{}'), (SELECT model FROM models WHERE name = 'default'),
                                 '2026-01-01') OVER (PARTITION BY segment) AS report
FROM accounts LEFT JOIN %s AS a USING (account_id)$$, name, activities)
FROM (VALUES ('natural', 'natural_activity'), ('stored', 'account_activity')) AS r (name, activities) \gexec
CREATE VIEW stored_score AS
SELECT account_id, health_score(coalesce(activity, '{}'), (SELECT model FROM models WHERE name = 'default'),
                                '2026-01-01') OVER (PARTITION BY segment) AS score
FROM accounts LEFT JOIN account_activity USING (account_id);
CREATE VIEW stored_what_if AS  -- as docs/performance.md has it: workers do what is behind OFFSET 0
SELECT account_id,
       health_normalize(coalesce(raw, health_raw_score('{}', (SELECT model FROM models WHERE name = 'what_if'), '2026-01-01')),
                        (SELECT model FROM models WHERE name = 'what_if')) OVER (PARTITION BY segment) AS score
FROM accounts
     LEFT JOIN (SELECT account_id,
                       health_raw_score(activity, (SELECT model FROM models WHERE name = 'what_if'), '2026-01-01') AS raw
                FROM account_activity OFFSET 0) AS r USING (account_id);

-- The same by populations, which workers make and ask: in one statement, and kept.
SELECT format($$
CREATE VIEW population_%s AS
WITH populations AS (
  SELECT segment, health_population(coalesce(activity, '{}'), (SELECT model FROM models WHERE name = %L), '2026-01-01')
  FROM accounts LEFT JOIN account_activity USING (account_id) GROUP BY segment
)
SELECT account_id, %s(population, coalesce(activity, '{}')) AS %s
FROM accounts
     JOIN unnest((SELECT array_agg(p) FROM populations AS p)) AS p (segment text, population health_population)
          USING (segment)
     LEFT JOIN account_activity USING (account_id)$$, task, model, function, answer)
FROM (VALUES ('report', 'default', 'health_report', 'report'), ('what_if', 'what_if', 'health_score', 'score'))
     AS f (task, model, function, answer) \gexec
CREATE VIEW kept_report AS
SELECT account_id, health_report(population, coalesce(activity, '{}')) AS report
FROM accounts JOIN populations USING (segment) LEFT JOIN account_activity USING (account_id);
CREATE VIEW page AS  -- of one account
SELECT account_id, r AS report
FROM accounts JOIN populations USING (segment) LEFT JOIN account_activity USING (account_id)
     CROSS JOIN LATERAL health_report(population, coalesce(activity, '{}')) AS r;

CREATE VIEW stored_count AS
SELECT account_id, count(*) OVER (PARTITION BY segment) AS n
FROM accounts LEFT JOIN account_activity USING (account_id);
-- Every driver, for the comparison of answers.
CREATE VIEW stored_drivers AS
SELECT account_id, d.signal, d.points, d.recent, d.prior, d.days_inactive FROM (
  SELECT account_id,
         health_report(activity, (SELECT model || '{"max_drivers": 100}' FROM models WHERE name = 'default'),
                       '2026-01-01') OVER (PARTITION BY segment) AS r
  FROM accounts JOIN account_activity USING (account_id)) AS q, health_driver_rows((r).drivers) AS d;

-- Plain SQL: the score. An array of decays beats exp() for each row.
CREATE VIEW decays AS SELECT array_agg(exp(-ln(2) / 30 * age) ORDER BY age) AS list FROM generate_series(0, 117) AS age;
CREATE FUNCTION plain_curve(x float8) RETURNS float8 IMMUTABLE PARALLEL SAFE
  RETURN 100 * (1 - power(0.1, least(greatest(x, 0), 1))) / 0.9;
CREATE VIEW plain_score AS
WITH raw AS (
  SELECT account_id, sum(weight * (SELECT list FROM decays)[1 + plain_age(occurred_at)]) AS raw
  FROM events JOIN plain_weights USING (event)
  WHERE occurred_at >= '2025-10-03 00:00+00' AND occurred_at < '2026-01-01 00:00+00' GROUP BY 1
), baseline AS (
  SELECT segment, percentile_cont(0.9) WITHIN GROUP (ORDER BY raw) AS b
  FROM accounts JOIN raw USING (account_id) WHERE raw > 0 GROUP BY 1
)
SELECT account_id, plain_curve(coalesce(raw, 0) / b) AS score
FROM accounts LEFT JOIN raw USING (account_id) JOIN baseline USING (segment);

-- By account and signal over all events: what the window holds now and held 28 days ago, the last 28 days and the 28
-- before, the last time. Three disjoint parts, so that no row is weighed twice; grouped by a number, not by a text.
CREATE VIEW plain_part AS
SELECT account_id, number,
       sum((SELECT list FROM decays)[1 + plain_age(occurred_at)])
         FILTER (WHERE occurred_at >= '2025-12-04 00:00+00') AS s1,
       sum((SELECT list FROM decays)[1 + plain_age(occurred_at)])
         FILTER (WHERE occurred_at >= '2025-10-03 00:00+00' AND occurred_at < '2025-12-04 00:00+00') AS s2,
       sum((SELECT list FROM decays)[1 + plain_age(occurred_at)])
         FILTER (WHERE occurred_at >= '2025-09-05 00:00+00' AND occurred_at < '2025-10-03 00:00+00') AS s3,
       count(*) FILTER (WHERE occurred_at >= '2025-12-04 00:00+00') AS recent,
       count(*) FILTER (WHERE occurred_at >= '2025-11-06 00:00+00' AND occurred_at < '2025-12-04 00:00+00') AS prior,
       max(occurred_at) AS last
FROM events JOIN plain_weights USING (event) WHERE occurred_at < '2026-01-01 00:00+00' GROUP BY 1, 2;

-- Score and drivers from one pass over the events. Points are shares of the score: positive signals share what they
-- earn together, negative ones what they take away.
CREATE VIEW plain_report AS
WITH moved AS (
  SELECT account_id, event, recent, prior, last, weight * (coalesce(s1, 0) + coalesce(s2, 0)) AS c,
         weight * (coalesce(s1, 0) + coalesce(s2, 0) - (coalesce(s2, 0) + coalesce(s3, 0)) * power(2, 28 / 30.0))
           AS change
  FROM plain_part JOIN plain_weights USING (number)
), ranked AS (
  SELECT *, row_number() OVER (PARTITION BY account_id ORDER BY abs(change) DESC, event) AS rank FROM moved
), raw AS (
  SELECT account_id, sum(c) AS raw, coalesce(sum(c) FILTER (WHERE c > 0), 0) AS gains FROM moved GROUP BY 1
), baseline AS (
  SELECT segment, percentile_cont(0.9) WITHIN GROUP (ORDER BY raw) AS b
  FROM accounts JOIN raw USING (account_id) WHERE raw > 0 GROUP BY 1
), scored AS (
  SELECT account_id, raw, gains, plain_curve(coalesce(raw, 0) / b) AS score, plain_curve(gains / b) AS gained
  FROM accounts LEFT JOIN raw USING (account_id) JOIN baseline USING (segment)
)
SELECT account_id, score, drivers
FROM scored LEFT JOIN (
  SELECT account_id, json_agg(json_build_object('signal', event, 'points',
           CASE WHEN c > 0 THEN c / gains * gained WHEN c < 0 THEN c / (gains - raw) * (gained - score) ELSE 0 END,
           'change', change, 'recent', recent, 'prior', prior,
           'days_inactive', plain_age(last)) ORDER BY rank) AS drivers
  FROM ranked JOIN scored USING (account_id) WHERE rank <= 5 GROUP BY 1) AS d USING (account_id);

-- What if the weights were others, from the kept sums by account and event.
CREATE VIEW plain_what_if AS
WITH raw AS (
  SELECT account_id, sum(other_weight * decayed) AS raw FROM account_signal JOIN plain_weights USING (event) GROUP BY 1
), baseline AS (
  SELECT segment, percentile_cont(0.9) WITHIN GROUP (ORDER BY raw) AS b
  FROM accounts JOIN raw USING (account_id) WHERE raw > 0 GROUP BY 1
)
SELECT account_id, plain_curve(coalesce(raw, 0) / b) AS score
FROM accounts LEFT JOIN raw USING (account_id) JOIN baseline USING (segment);

-- The raw scores of 90 days: from the kept activities, and as differences of running totals over the kept days.
CREATE VIEW stored_history AS
SELECT account_id, h.as_of, h.raw
FROM accounts LEFT JOIN account_activity USING (account_id), LATERAL
     health_history(coalesce(activity, '{}'), (SELECT model FROM models WHERE name = 'default'),
                    '2025-10-04', '2026-01-01') AS h;
-- A scorecard has no history from raw scores: its scores of 13 weeks, each date by itself, as in docs/time.md.
CREATE VIEW stored_scorecard AS
SELECT account_id, as_of, health_score(coalesce(activity, '{}'),
         (SELECT model || '{"combine": "mean", "usage_weight": 60, "signals": {
            "login": {"weight": 40, "measure": "recency", "scale": [[0, 0], [1, 1]]}}}' FROM models WHERE name = 'default'),
         as_of) OVER (PARTITION BY segment, as_of) AS score
FROM accounts LEFT JOIN account_activity USING (account_id)
     CROSS JOIN (SELECT date '2026-01-01' - 7 * n AS as_of FROM generate_series(0, 12) AS n) AS weeks;
CREATE VIEW plain_history AS
SELECT account_id, day + 1 AS as_of, raw
FROM (SELECT account_id, day,
             (total - lag(total, 90, 0::float8) OVER w) * exp(-ln(2) / 30 * (day - date '2025-07-05')) AS raw
      FROM (SELECT account_id, day, sum(weight * exp(ln(2) / 30 * (day - date '2025-07-05')))
                                      OVER (PARTITION BY account_id ORDER BY day ROWS UNBOUNDED PRECEDING) AS total
            FROM account_day) AS t
      WINDOW w AS (PARTITION BY account_id ORDER BY day)) AS q
WHERE day >= '2025-10-03';

-- A sum in a moving frame, one row an account and day; of at most 20,000 accounts.
CREATE VIEW plain_sliding AS
SELECT account_id, day, sum(weight) OVER (PARTITION BY account_id ORDER BY day ROWS 89 PRECEDING) AS s
FROM account_day WHERE account_id <= 20000;
CREATE VIEW stored_sliding AS
SELECT account_id, day, health_sliding_sum(weight, day, '{"half_life_days": 30}')
                          OVER (PARTITION BY account_id ORDER BY day ROWS 89 PRECEDING) AS s
FROM account_day WHERE account_id <= 20000;

-- What a night brings up to date; filled and measured by bench/run.
CREATE TABLE nightly (LIKE account_activity INCLUDING INDEXES) WITH (toast_tuple_target = 8160);
