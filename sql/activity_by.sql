-- health_activity_by: the activities of all accounts at once.
SET datestyle = 'ISO, YMD';
SET timezone = 'UTC';

CREATE TEMPORARY TABLE events (account bigint, signal text, occurred_at timestamptz, value float8);
INSERT INTO events VALUES
  (7, 'login', '2026-01-03 08:00+00', NULL),
  (7, 'login', '2026-01-03 23:59:59.999999+00', NULL),
  (7, 'login', '2026-01-04 00:00+00', NULL),
  (7, 'export', '2026-01-02 10:00+00', 1.5),
  (7, 'export', '2026-01-02 11:00+00', NULL),
  (-2, 'login', '2026-01-05 12:00+00', 4),
  (NULL, 'login', '2026-01-05 12:00+00', NULL),
  (3, NULL, '2026-01-05 12:00+00', NULL),
  (3, 'login', NULL, NULL);

-- Rows of (account, activity), ordered by account, NULL last. An account without a signal or a time has no activity,
-- as under GROUP BY.
SELECT * FROM unnest((SELECT health_activity_by(account, signal, occurred_at) FROM events));
SELECT * FROM unnest((SELECT health_activity_by(account, signal, occurred_at, value) FROM events));

-- Accounts are bigint, uuid or text (int and varchar fit in), times are timestamptz, timestamp, date or text.
SELECT pg_typeof(health_activity_by(account::int, signal, occurred_at)),
       pg_typeof(health_activity_by(account::varchar, signal, occurred_at::date)),
       pg_typeof(health_activity_by(md5(account::text)::uuid, signal, occurred_at::timestamp)) FROM events;
SELECT * FROM unnest((SELECT health_activity_by('0' || account, signal, occurred_at AT TIME ZONE 'UTC') FROM events));
SELECT * FROM unnest((SELECT health_activity_by(md5(account::text)::uuid, signal, health_day(occurred_at), value) FROM events));

-- No rows, no array, no rows.
SELECT health_activity_by(account, signal, occurred_at) FROM events WHERE false;
SELECT * FROM unnest((SELECT health_activity_by(account, signal, occurred_at) FROM events WHERE false));

-- Ordinary SQL around it: FILTER, GROUP BY, DISTINCT, a window.
SELECT account > 0 AS positive, health_activity_by(account, signal, occurred_at) FILTER (WHERE signal = 'login')
FROM events GROUP BY 1 ORDER BY 1;
SELECT health_activity_by(DISTINCT account, signal, health_day(occurred_at)) FROM events;
SELECT signal, cardinality(health_activity_by(account, signal, occurred_at) OVER (ORDER BY occurred_at, signal)) AS accounts
FROM events;

-- The bytes that GROUP BY gives, whatever the order, the keys and the names; in a plan with workers too.
CREATE TABLE many AS
SELECT (n * 7919) % 523 - 200 AS account, CASE WHEN n % 97 > 0 THEN repeat('s', n % 23 + 1) || n % 5 END AS signal,
       timestamptz '2025-01-01 00:00+00' + (n * 37 % 5000) * interval '1 hour' AS occurred_at,
       CASE WHEN n % 3 > 0 THEN n / 8.0 END AS value
FROM generate_series(1, 30000) AS n;
ANALYZE many;
CREATE FUNCTION differences(account text, rest text) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
  bulk text := format('SELECT account::text, activity FROM unnest((SELECT health_activity_by(%s, %s) FROM many))', account, rest);
  grouped text := format('SELECT (%s)::text, health_activity(%s) FROM many GROUP BY %1$s', account, rest);
  result bigint;
BEGIN
  EXECUTE format('SELECT count(*) FROM ((%s EXCEPT ALL %s) UNION ALL (%2$s EXCEPT ALL %1$s)) AS d', bulk, grouped) INTO result;
  RETURN result;
END $$;
SELECT differences(account, rest) FROM
  unnest(ARRAY['account', 'account::text', 'repeat(account::text, 9)', 'md5(account::text)::uuid', 'nullif(account, 5)']) AS account,
  unnest(ARRAY['signal, occurred_at', 'signal, occurred_at, value', 'signal, health_day(occurred_at), value',
               'signal, occurred_at::text', 'signal, occurred_at::text, value']) AS rest;
SET max_parallel_workers_per_gather = 2;
SET parallel_setup_cost = 0;
SET parallel_tuple_cost = 0;
SET min_parallel_table_scan_size = 0;
SELECT differences(account, rest) FROM
  unnest(ARRAY['account', 'account::text', 'md5(account::text)::uuid', 'nullif(account, 5)']) AS account,
  unnest(ARRAY['signal, occurred_at', 'signal, occurred_at, value']) AS rest;

-- Text as time: what an untyped literal and a string parameter are.
SET timezone = 'Asia/Tokyo';
SELECT health_activity_by(1, 'login', '2026-01-01'), health_activity_by('a', 'login', '2026-01-01 08:00'::varchar, 2);
PREPARE untyped (bigint) AS SELECT health_activity_by($1, $2, $3);
EXECUTE untyped(1, 'login', '2026-01-01');
SET timezone = 'UTC';

-- Errors of a row name its account; those of a sum come when a batch of rows is added, so perhaps a few rows later.
SELECT health_activity_by('acme', 'login', '9999-12-31');
SELECT health_activity_by('f0000000-0000-0000-0000-000000000001'::uuid, 'login', '9999-12-31');
SELECT health_activity_by(NULL::text, 'login', 'now');
SELECT health_activity_by(1, '', now());
SELECT health_activity_by(1, repeat('x', 256), now());
SELECT health_activity_by(1, 'login', 'infinity'::timestamptz);
SELECT health_activity_by(1, 'login', date '1969-12-31');
SELECT health_activity_by(1, 'nps', date '2026-01-01', 'NaN');
SELECT health_activity_by(1, 'nps', date '2026-01-01', 9e12) FROM generate_series(1, 2);
SELECT health_activity_by(1.5, 'login', date '2026-01-01');

CREATE COLLATION any_case (provider = icu, locale = 'und-u-ks-level2', deterministic = false);
SELECT health_activity_by('a' COLLATE any_case, 'login', date '2026-01-01');
-- It is the account's collation that matters, not the signal's.
CREATE TEMPORARY TABLE cased (account text COLLATE any_case, signal text COLLATE "C");
INSERT INTO cased VALUES ('a', 'login'), ('A', 'login');
SELECT health_activity_by(account, signal, date '2026-01-01') FROM cased;
SELECT health_activity_by(account COLLATE "C", signal, date '2026-01-01') FROM cased;
SELECT health_activity_by(signal, account, date '2026-01-01') FROM cased;
DROP TABLE cased;
-- Nor may the account's type take different bytes for equal, which GROUP BY would put together.
CREATE EXTENSION citext;
CREATE DOMAIN handle AS citext;
CREATE DOMAIN code AS varchar(9);
CREATE TEMPORARY TABLE cased (account citext, handle handle, code code);
INSERT INTO cased VALUES ('a', 'a', 'a'), ('A', 'A', 'A');
SELECT account, health_activity('login', date '2026-01-01') FROM cased GROUP BY account;
SELECT health_activity_by(account, 'login', date '2026-01-01') FROM cased;
SELECT health_activity_by(handle, 'login', date '2026-01-01') FROM cased;
SELECT health_activity_by(account::text, 'login', date '2026-01-01') FROM cased;
SELECT health_activity_by(code, 'login', date '2026-01-01') FROM cased;
SELECT health_activity_by(account, 'login', date '2026-01-01') FROM cased WHERE false;
DROP TABLE cased;
DROP DOMAIN handle, code;
DROP EXTENSION citext;

DROP TABLE many;
DROP FUNCTION differences;
DROP COLLATION any_case;
