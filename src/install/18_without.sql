-- Signals of an activity dropped, such as a user who asked for erasure.

--@ theme Activities
--@ function health_without
--@ stability: stable
--@ null: NULL for NULL; a NULL entry of the array names nothing.
--@ errors: none of its own. A name that the activity lacks is no error.
--@ example:
--@   SELECT health_without('{"login": {"2026-01-03": 4}, "user:ada": {"2026-01-03": 1}}', '{user:*}');
--@ output:
--@           health_without
--@   ------------------------------
--@    {"login": {"2026-01-03": 4}}
CREATE FUNCTION health_without(activity health_activity, signals text[]) RETURNS health_activity
  AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 10;
COMMENT ON FUNCTION health_without(health_activity, text[]) IS
  'the activity without these signals, for example the erasure of a user; an entry such as user:* stands for all with that prefix';
