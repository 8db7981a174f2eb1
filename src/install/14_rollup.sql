-- Activities merged: health_rollup of the rows of a group, + of two.

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
