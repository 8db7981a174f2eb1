-- How a property test begins: in a fresh database, with a seed of its own or the one given by psql -v seed=0.123456.
\set ON_ERROR_STOP on
\set QUIET on
\if :{?seed}
\else
  SELECT round(random()::numeric, 6) AS seed \gset
\endif
CREATE EXTENSION IF NOT EXISTS health_score;
SET TimeZone = 'America/New_York';  -- must not matter: days are UTC
SET max_parallel_workers_per_gather = 0;
SET jit = off;
SELECT setseed(:seed) \g /dev/null
