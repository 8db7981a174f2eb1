-- Activities merged: health_rollup of the rows of a group, + of two.

--@ theme Activities
--@ function health_rollup
--@ stability: stable
--@ formula: counts and sums of the same signal and day are added up; exact, in any order and any split.
--@ null: NULL activities are skipped; NULL where no row is left.
--@ errors: 22003 where a count or sum does not fit; 54000 beyond a million signals.
--@ example:
--@   SELECT health_rollup(activity)
--@   FROM (VALUES ('{"login": {"2026-01-03": 4}}'::health_activity), ('{"login": {"2026-01-03": 1, "2026-01-04": 2}}')) AS v (activity);
--@ output:
--@                    health_rollup
--@   -----------------------------------------------
--@    {"login": {"2026-01-03": 5, "2026-01-04": 2}}
--@ function sum
--@ stability: stable
--@ notes: `health_rollup` under the name that people try.
--@ null: as of `health_rollup`.
--@ errors: as of `health_rollup`.
--@ example:
--@   SELECT sum(activity) FROM (VALUES ('{"login": {"2026-01-03": 4}}'::health_activity), ('{"export": {"2026-01-04": 1}}')) AS v (activity);
--@ output:
--@                               sum
--@   -----------------------------------------------------------
--@    {"export": {"2026-01-04": 1}, "login": {"2026-01-03": 4}}
-- sum is health_rollup under the name that people try who add with +.
-- for @name@
--   | health_rollup
--   | sum
CREATE AGGREGATE @name@(activity health_activity) (
  SFUNC = health_activity_combine, STYPE = health_activity, SSPACE = 2048,
  COMBINEFUNC = health_activity_combine, FINALFUNC = health_activity_final, FINALFUNC_MODIFY = READ_ONLY,
  PARALLEL = SAFE
);
COMMENT ON AGGREGATE @name@(health_activity) IS 'merges activities: days, accounts or shards into one; NULL for no rows';
-- end

CREATE FUNCTION health_activity_plus(a health_activity, b health_activity) RETURNS health_activity
  AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 10;
COMMENT ON FUNCTION health_activity_plus(health_activity, health_activity) IS 'implements +';
CREATE OPERATOR + (
  LEFTARG = health_activity, RIGHTARG = health_activity, FUNCTION = health_activity_plus, COMMUTATOR = +
);
COMMENT ON OPERATOR + (health_activity, health_activity) IS 'both activities together; NULL if one is NULL';
