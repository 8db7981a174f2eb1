-- Signals of an activity dropped, such as a user who asked for erasure.

CREATE FUNCTION health_without(activity health_activity, signals text[]) RETURNS health_activity
  AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 10;
COMMENT ON FUNCTION health_without(health_activity, text[]) IS
  'signals dropped, for example the erasure of a user; an entry such as user:* drops all signals with that prefix';
