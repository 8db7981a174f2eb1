-- How a case of growth.sql is measured, and the table of what came out; before growth.sql.
\set ON_ERROR_STOP 1

CREATE TABLE cases (
  number int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  grows text, name text,
  n int,         -- measured at n, 2n and 4n: :n in the texts below
  answer text,   -- what the query must answer
  query text,    -- one row with one number
  setup text,    -- what it needs, not timed, in temporary tables
  beside text, beside_query text,  -- the same answer without what grows, and its name
  aim float8,    -- what twice as much should cost: 2 times, or nothing more (1) where the accounts have none of it
  beside_aim float8  -- how many times what stands beside 4n may cost; NULL where the two are not the same work
);
CREATE PROCEDURE add(grows text, name text, n int, answer text, query text, setup text DEFAULT NULL,
                     beside text DEFAULT NULL, beside_query text DEFAULT NULL, aim float8 DEFAULT 2,
                     beside_aim float8 DEFAULT NULL)
BEGIN ATOMIC
  INSERT INTO cases (grows, name, n, answer, query, setup, beside, beside_query, aim, beside_aim)
  VALUES (grows, name, n, answer, query, setup, beside, beside_query, aim, beside_aim);
END;

-- Time, and the most memory of its own that the server took; or what kept it from an answer.
CREATE TABLE times (number int, factor int, is_beside boolean, ms float8, kb float8, failure text);

CREATE FUNCTION at_size(text, n int) RETURNS text  -- not the casts: '::numeric'
  RETURN regexp_replace($1, '(?<!:):n\M', n::text, 'g');

CREATE FUNCTION status(line text) RETURNS float8  -- kB
  RETURN substring(pg_read_file('/proc/self/status') FROM line || ':\s*(\d+)')::float8;

-- Whether there is something to measure in this round: what took long is not repeated, what failed not made larger.
CREATE FUNCTION due(which int, size int, beside boolean) RETURNS boolean
BEGIN ATOMIC
  SELECT NOT EXISTS (SELECT FROM times WHERE number = which AND is_beside = beside
                     AND (failure IS NOT NULL AND factor <= size OR ms > 2000 AND factor = size))
         AND (NOT beside OR size = 4 AND EXISTS (SELECT FROM cases WHERE number = which AND beside_query IS NOT NULL));
END;

-- One session a size: prepare, then measure.
CREATE PROCEDURE prepare(which int, factor int) LANGUAGE plpgsql AS $$
DECLARE
  one cases;
BEGIN
  SELECT * INTO one FROM cases WHERE number = which;
  IF one.setup IS NOT NULL AND (due(which, factor, false) OR due(which, factor, true)) THEN
    EXECUTE at_size(one.setup, one.n * factor);
  END IF;
END $$;

CREATE PROCEDURE measure(which int, factor int, is_beside boolean) LANGUAGE plpgsql AS $$
DECLARE
  one cases;
  statement text;
  expected float8;
  answer float8;
  start timestamptz;
  own float8;
BEGIN
  IF NOT due(which, factor, is_beside) THEN RETURN; END IF;
  SELECT * INTO one FROM cases WHERE number = which;
  statement := at_size(CASE WHEN is_beside THEN one.beside_query ELSE one.query END, one.n * factor);
  EXECUTE 'SELECT ' || at_size(one.answer, one.n * factor) INTO expected;
  COPY (SELECT 5) TO '/proc/self/clear_refs';  -- the peak starts from here
  own := status('RssAnon');
  FOR i IN 1..2 LOOP
    start := clock_timestamp();
    EXECUTE statement INTO answer;
    INSERT INTO times
    SELECT which, factor, is_beside, 1000 * extract(epoch FROM clock_timestamp() - start),
           greatest(0, status('VmHWM') - status('RssFile') - status('RssShmem') - own);
    IF answer IS DISTINCT FROM expected THEN
      RAISE '%, %: % instead of % at %', one.grows, one.name, answer, expected, one.n * factor;
    END IF;
    EXIT WHEN clock_timestamp() - start > interval '2 s';  -- long enough
  END LOOP;
EXCEPTION
  WHEN query_canceled THEN
    INSERT INTO times VALUES (which, factor, is_beside, NULL, NULL, '> ' || current_setting('statement_timeout'));
  WHEN out_of_memory THEN INSERT INTO times VALUES (which, factor, is_beside, NULL, NULL, 'no memory');
END $$;

CREATE FUNCTION shown(ms float8) RETURNS text
  RETURN CASE WHEN ms < 10 THEN to_char(ms, 'FM90.0') || ' ms' WHEN ms < 1000 THEN to_char(ms, 'FM9990') || ' ms'
              ELSE to_char(ms / 1000, 'FM990.0') || ' s' END;
CREATE FUNCTION ratio(a float8, b float8) RETURNS text
  RETURN coalesce(to_char(a / nullif(b, 0), CASE WHEN a < 100 * b THEN 'FM990.0' ELSE 'FM999,990' END), '–');

CREATE VIEW growth AS
WITH best AS (  -- the shortest time of all rounds: others on the machine can only make it longer
  SELECT number, factor, is_beside, min(ms) AS ms, max(kb) AS kb, min(failure) AS failure FROM times GROUP BY 1, 2, 3
), sizes AS (
  SELECT c.*, a.ms AS ms1, b.ms AS ms2, d.ms AS ms4, coalesce(a.failure, b.failure, d.failure) AS failure,
         coalesce(d.kb, b.kb, a.kb) AS kb, e.ms AS beside_ms, e.failure AS beside_failure
  FROM cases AS c
       LEFT JOIN best AS a ON a.number = c.number AND a.factor = 1 AND NOT a.is_beside
       LEFT JOIN best AS b ON b.number = c.number AND b.factor = 2 AND NOT b.is_beside
       LEFT JOIN best AS d ON d.number = c.number AND d.factor = 4 AND NOT d.is_beside
       LEFT JOIN best AS e ON e.number = c.number AND e.is_beside
  WHERE a.number IS NOT NULL
)
SELECT number,
  concat('| ', concat_ws(' | ', grows, name, to_char(n, 'FM999,999,990'),
    coalesce(shown(ms1), failure), coalesce(shown(ms2), failure), coalesce(shown(ms4), failure),
    ratio(ms2, ms1), ratio(ms4, ms2), aim,
    CASE WHEN failure IS NULL AND ms4 <= ms1 * (1.4 * aim) ^ 2 AND ms4 <= coalesce(beside_aim * beside_ms, ms4)
         THEN 'met' ELSE '**missed**' END,
    coalesce(to_char(kb / 1024, 'FM999,990') || ' MB', '–'),
    coalesce(beside || ': ' || coalesce(shown(beside_ms), beside_failure) || ', ratio ' || ratio(ms4, beside_ms)
             || coalesce(', aim ' || beside_aim, ''), '')), ' |') AS line
FROM sizes;
