-- Every form in which SQL lets these functions be called, and every place where their values can be, gives what the plain
-- form gives. Each query prints t; what is not legal is an error.
CREATE TABLE events AS
SELECT n % 7 AS account, 'signal ' || n % 5 AS signal, timestamptz '2025-10-01 00:00+00' + n * interval '5 hours' AS at,
       CASE WHEN n % 3 = 0 THEN n END::float8 AS value
FROM generate_series(1, 400) AS n;
CREATE TABLE activities AS
SELECT account, account % 2 AS segment, health_activity(signal, at, value) AS activity FROM events GROUP BY account;
CREATE TABLE models AS
SELECT 1 AS id, health_model '{"half_life_days": 20, "signals": {"signal 1": 2, "signal 2": {"weight": 1, "measure": "sum"},
  "signal *": {"weight": 3, "measure": "distinct"}, "signal 3": {"weight": -1, "unit": "score"}}}' AS model;

-- Aggregates in windows, with frames that grow, move and turn empty, and with peers left out.
SELECT bool_and(w IS NOT DISTINCT FROM (SELECT health_activity(signal, at, value) FROM (
         SELECT *, row_number() OVER (ORDER BY at) AS n FROM events WHERE account = 3) AS e
       WHERE e.n BETWEEN q.n - 3 AND q.n - 1))
FROM (SELECT row_number() OVER (ORDER BY at) AS n,
             health_activity(signal, at, value) OVER (ORDER BY at ROWS BETWEEN 3 PRECEDING AND 1 PRECEDING) AS w
      FROM events WHERE account = 3) AS q;
SELECT bool_and(w = (SELECT health_activity(signal, at) FROM events AS e WHERE e.account = q.account
                     AND e.at <> q.at)) FROM (
  SELECT account, at, health_activity(signal, at)
    OVER (PARTITION BY account ORDER BY at RANGE BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING EXCLUDE CURRENT ROW) AS w
  FROM events) AS q;
SELECT bool_and(w = (SELECT health_rollup(activity) FROM activities AS a WHERE a.account BETWEEN q.account - 1 AND q.account + 1))
FROM (SELECT account, health_rollup(activity) OVER (ORDER BY account ROWS BETWEEN 1 PRECEDING AND 1 FOLLOWING) AS w
      FROM activities) AS q;
-- Several aggregates over one state, with and without FILTER, DISTINCT and ORDER BY.
SELECT bool_and(a = b AND a = c AND d + e = a AND f = g) FROM (
  SELECT health_activity(signal, at, value) AS a, health_activity(signal, at, value ORDER BY value NULLS FIRST, at DESC) AS b,
         health_activity(signal, at, value) AS c, health_activity(signal, at, value) FILTER (WHERE value > 200) AS d,
         health_activity(signal, at, value) FILTER (WHERE (value > 200) IS NOT TRUE) AS e,
         health_activity(DISTINCT signal, at::date) AS f,
         (SELECT health_activity(signal, day) FROM (SELECT DISTINCT signal, at::date AS day FROM events AS o
          WHERE o.account = events.account) AS q) AS g
  FROM events GROUP BY account) AS q;
SELECT health_activity(signal, at) FILTER (WHERE false) IS NULL FROM events;
-- Grouping sets, HAVING, and an aggregate of an aggregate.
WITH q AS (SELECT account, health_activity(signal, at, value) AS a FROM events
           GROUP BY GROUPING SETS ((account), ()) HAVING health_activity(signal, at, value) <> '{}')
SELECT (SELECT a FROM q WHERE account IS NULL) = (SELECT health_rollup(a) FROM q WHERE account IS NOT NULL);

-- Window functions: frames do not matter, names and several windows do not either, and nothing is no partition.
SELECT bool_and(a = b AND a = c AND d = a) FROM (
  SELECT health_score(activity, model, '2025-12-20') OVER w AS a,
         health_score(activity, model, '2025-12-20') OVER (PARTITION BY segment ORDER BY account) AS b,
         health_score(activity, model, '2025-12-20')
           OVER (PARTITION BY segment ORDER BY account DESC ROWS BETWEEN 1 PRECEDING AND CURRENT ROW) AS c,
         (health_report(activity, model, '2025-12-20') OVER w).score AS d
  FROM activities, models WINDOW w AS (PARTITION BY segment)) AS q;
SELECT count(*) = 0 FROM (SELECT health_report(activity, model, '2025-12-20') OVER () FROM activities, models WHERE false) AS q;
SELECT bool_and(score = nested) FROM (
  SELECT health_normalize(raw, model) OVER (PARTITION BY segment) AS nested, score FROM (
    SELECT segment, model, health_raw_score(activity, model || '{"signals": {"signal 3": null, "signal *": null}}', '2025-12-20') AS raw,
           health_score(activity, model || '{"signals": {"signal 3": null, "signal *": null}}', '2025-12-20') OVER (PARTITION BY segment) AS score
    FROM activities, models) AS q) AS r;

-- Cursors: forward and backward, across a savepoint that is rolled back, and held beyond the transaction.
CREATE TABLE fetched (n serial, account int, score float8);
CREATE FUNCTION fetch_into(c refcursor, direction text) RETURNS void LANGUAGE plpgsql AS $$
DECLARE r record;
BEGIN
  IF direction = 'next' THEN FETCH NEXT FROM c INTO r;
  ELSIF direction = 'prior' THEN FETCH PRIOR FROM c INTO r;
  ELSE FETCH FIRST FROM c INTO r; END IF;
  INSERT INTO fetched (account, score) VALUES (r.account, r.score);
END $$;
BEGIN;
DECLARE c SCROLL CURSOR WITH HOLD FOR
SELECT account, (health_report(activity, model, '2025-12-20') OVER (ORDER BY account)).score FROM activities, models;
SELECT fetch_into('c', d) FROM unnest('{next,next,next,prior,prior,next,next,next}'::text[]) AS d \g /dev/null
SAVEPOINT s;
SELECT fetch_into('c', 'next') \g /dev/null
DELETE FROM activities;
ROLLBACK TO s;
SELECT fetch_into('c', d) FROM unnest('{first,next}'::text[]) AS d \g /dev/null
COMMIT;
SELECT fetch_into('c', d) FROM unnest('{next,prior}'::text[]) AS d \g /dev/null
CLOSE c;
SELECT array_agg(account ORDER BY n) = '{0,1,2,1,0,1,2,3,0,1,2,1}' AND bool_and(f.score = s.score) FROM fetched AS f JOIN (
  SELECT account, health_score(activity, model, '2025-12-20') OVER () AS score FROM activities, models) AS s USING (account);

-- Prepared, with models that change under a generic plan; and a table of models that does.
SET plan_cache_mode = force_generic_plan;
PREPARE scores(health_model, date) AS
SELECT string_agg(s::text, ' ' ORDER BY account) FROM (
  SELECT account, health_score(activity, $1, $2) OVER () AS s FROM activities) AS q;
CREATE FUNCTION scored(m health_model, d date) RETURNS text STABLE
  RETURN (SELECT string_agg(s::text, ' ' ORDER BY account) FROM (
    SELECT account, health_score(activity, m, d) OVER () AS s FROM activities) AS q);
CREATE TABLE answers (n serial, answer text);
DO $$
DECLARE m health_model; d date; a text;
BEGIN
  FOR i IN 1 .. 12 LOOP
    m := format('{"signals": {"signal %s": %s}}', i % 5, i)::health_model;
    d := date '2025-11-01' + i;
    EXECUTE format('EXECUTE scores(%L, %L)', m, d) INTO a;
    INSERT INTO answers (answer) VALUES (a || ':' || (a = scored(m, d)));
    UPDATE models SET model = m;
    SELECT string_agg(s::text, ' ' ORDER BY account) INTO a FROM (
      SELECT account, health_score(activity, (SELECT model FROM models), d) OVER () AS s FROM activities) AS q;
    INSERT INTO answers (answer) VALUES (a || ':' || (a = scored(m, d)));
  END LOOP;
END $$;
RESET plan_cache_mode;
SELECT count(*) = 24 AND count(DISTINCT answer) = 12 AND bool_and(answer LIKE '%:true') FROM answers;
UPDATE models SET model = '{"half_life_days": 20, "signals": {"signal 1": 2, "signal 3": {"weight": -1, "unit": "score"}}}';

-- In loops, with errors that are caught on the way.
DO $$
DECLARE total health_activity := '{}'; caught int := 0; one record;
BEGIN
  FOR one IN SELECT * FROM events ORDER BY at LOOP
    BEGIN
      total := total + health_observation(one.signal, one.at::date, 1);
      total := health_splice(total, '{"a": {"1969-12-31": 1}}'::text::health_activity, '2025-01-01');
    EXCEPTION WHEN invalid_text_representation THEN
      caught := caught + 1;
      total := total + health_observation(one.signal, one.at::date, 1);
    END;
  END LOOP;
  ASSERT caught = 400 AND total = (SELECT health_activity(signal, at::date, 1) + health_activity(signal, at::date, 1)
                                   FROM events), 'another total';
END $$;
SELECT (WITH RECURSIVE sums (account, activity) AS (
          SELECT -1, health_activity '{}'
          UNION ALL
          SELECT sums.account + 1, sums.activity + activities.activity
          FROM sums JOIN activities ON activities.account = sums.account + 1)
        SELECT activity FROM sums ORDER BY account DESC LIMIT 1) = (SELECT health_rollup(activity) FROM activities);

-- Whatever the server can be told to do in workers, with one row and with many.
SELECT count(set_config(name, 'on', false)) FROM pg_settings
WHERE name IN ('force_parallel_mode', 'debug_parallel_query');  -- its name since PostgreSQL 16
SET parallel_setup_cost = 0; SET parallel_tuple_cost = 0; SET min_parallel_table_scan_size = 0;
SELECT health_activity(signal, at, value) = (SELECT health_rollup(activity) FROM activities) FROM events;
SELECT bool_and(h.raw = health_raw_score(activity, model, h.as_of))
FROM activities, models, health_history(activity, model, '2025-11-01', '2025-11-20') AS h;
SELECT bool_and(health_activity_send(activity) = health_activity_send(activity::text::health_activity)) FROM activities;
SELECT count(*) = 7 FROM (SELECT account, health_activity(signal, at, value) AS activity FROM events GROUP BY account) AS a
JOIN activities ON a.account = activities.account AND a.activity = activities.activity;
SELECT count(set_config(name, 'off', false)) FROM pg_settings
WHERE name IN ('force_parallel_mode', 'debug_parallel_query');
RESET parallel_setup_cost; RESET parallel_tuple_cost; RESET min_parallel_table_scan_size;

-- Kept in all sorts of places: expressions of indexes, generated columns, domains, arrays, rows.
CREATE DOMAIN small_activity AS health_activity CHECK (health_active_count(VALUE, '2026-01-01', 1000) < 50);
CREATE TYPE pair AS (activity health_activity, model health_model);
CREATE TABLE kept (
  account int PRIMARY KEY, activity small_activity NOT NULL, history health_activity[],
  first date GENERATED ALWAYS AS (health_first_day(activity)) STORED, both_of pair);
CREATE UNIQUE INDEX ON kept (activity);
CREATE INDEX ON kept (health_raw_score(activity, '{"signals": {"signal 1": 1}}', '2025-12-01')) WHERE first IS NOT NULL;
INSERT INTO kept (account, activity, history, both_of)
SELECT account, activity, ARRAY[activity, '{}'], ROW(activity, model)::pair FROM activities, models;
SELECT bool_and(k.activity = a.activity AND history[1] = a.activity AND (both_of).activity = a.activity
                AND first = health_first_day(a.activity) AND k.history::text::health_activity[] = k.history
                AND (k.both_of::text::pair).activity = a.activity)
FROM kept AS k JOIN activities AS a USING (account);
INSERT INTO kept (account, activity) SELECT 99, activity FROM activities WHERE account = 1;
INSERT INTO kept (account, activity) SELECT 99, health_activity('s' || n, date '2025-12-01') FROM generate_series(1, 60) AS n;
SET enable_seqscan = off;
SELECT count(*) = 1 FROM kept WHERE activity = (SELECT activity FROM activities WHERE account = 4);
SELECT count(*) = (SELECT count(*) FROM activities
                   WHERE health_raw_score(activity, '{"signals": {"signal 1": 1}}', '2025-12-01') > 5)
FROM kept WHERE first IS NOT NULL AND health_raw_score(activity, '{"signals": {"signal 1": 1}}', '2025-12-01') > 5;
-- Through the index on the expression, and the generated column that is its condition.
CREATE FUNCTION plan_of(query text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE plan json;
BEGIN EXECUTE 'EXPLAIN (FORMAT json) ' || query INTO plan; RETURN plan; END $$;
SELECT plan_of($$SELECT account FROM kept WHERE first IS NOT NULL
  AND health_raw_score(activity, '{"signals": {"signal 1": 1}}', '2025-12-01') > 5$$) ~ '"Index Name": "kept_health_raw_score_idx"';
RESET enable_seqscan;
-- Written by MERGE, by a trigger, by ON CONFLICT and by UPDATE ... RETURNING.
MERGE INTO kept AS k USING (VALUES (1, health_activity '{"m": {"2026-01-01": 1}}'), (50, '{"m": {"2026-01-01": 2}}')) AS n (account, activity)
ON k.account = n.account
WHEN MATCHED THEN UPDATE SET activity = health_splice(k.activity, n.activity, '2026-01-01')
WHEN NOT MATCHED THEN INSERT (account, activity) VALUES (n.account, n.activity);
SELECT bool_and(activity = CASE account WHEN 1 THEN (SELECT activity FROM activities WHERE account = 1)
                                        + '{"m": {"2026-01-01": 1}}' ELSE '{"m": {"2026-01-01": 2}}' END)
FROM kept WHERE account IN (1, 50);
CREATE FUNCTION merge_in() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN NEW.activity := OLD.activity + NEW.activity; RETURN NEW; END $$;
CREATE TRIGGER merge_in BEFORE UPDATE ON kept FOR EACH ROW EXECUTE FUNCTION merge_in();
INSERT INTO kept AS k (account, activity) VALUES (50, '{"m": {"2026-01-01": 3}}')
ON CONFLICT (account) DO UPDATE SET activity = excluded.activity;
WITH updated AS (UPDATE kept SET activity = '{"u": {"2026-01-02": 1}}' WHERE account = 50 RETURNING activity)
SELECT activity = '{"m": {"2026-01-01": 5}, "u": {"2026-01-02": 1}}' FROM updated;

-- Row-level security: a policy may ask about an activity, and a window sees the rows that the role may see.
CREATE ROLE regress_health_score_reader;
GRANT SELECT ON activities, models TO regress_health_score_reader;
ALTER TABLE activities ENABLE ROW LEVEL SECURITY;
CREATE POLICY seen ON activities USING (account <> 3 AND health_raw_score(activity, '{"signals": {"signal 1": 1}}', '2025-12-20') > 0);
SELECT string_agg(score::text, ' ' ORDER BY account) AS visible FROM (
  SELECT account, health_score(activity, model, '2025-12-20') OVER () AS score FROM activities, models
  WHERE account <> 3 AND health_raw_score(activity, '{"signals": {"signal 1": 1}}', '2025-12-20') > 0) AS q \gset
SET ROLE regress_health_score_reader;
SELECT count(*) BETWEEN 1 AND 6 AND string_agg(score::text, ' ' ORDER BY account) = :'visible' FROM (
  SELECT account, health_score(activity, model, '2025-12-20') OVER () AS score FROM activities, models) AS q;
RESET ROLE;
REVOKE ALL ON activities, models FROM regress_health_score_reader;
DROP ROLE regress_health_score_reader;

-- What is not legal is an error that says so.
SELECT health_score(activity, model, '2025-12-20') FROM activities, models;
SELECT health_score(activity, model, '2025-12-20') FILTER (WHERE true) OVER () FROM activities, models;
SELECT health_rollup(health_activity(signal, at)) FROM events;
CREATE INDEX ON kept (health_day(now()));
