-- Type health_activity: per signal and UTC day, how many events and how much value, for one account.

--@ theme Activities
--@ type health_activity
--@ stability: stable
--@ units: names of 1 to 255 bytes; days from 1970-01-01 to 2199-12-31; 1 to 2,147,483,647 events a signal and day; values
--@   and their sums up to 9.2e12 in size, kept to a millionth.
--@ keys: of the text form, by signal and day: `4` is four events, `[1, 9]` one event and the sum of its values, `[2, 9, 1]`
--@   two events of which one had a value.
--@ null: an operator gives NULL where one side is NULL; `->` also where the activity lacks the signal.
--@ errors: text that is no activity is 22P02, a signal or day that comes twice 22023, binary input that is not canonical
--@   22P03; `+` 22003 where a count or sum does not fit.
--@ notes: Equal activities have equal bytes, and so are equal by `=`, in any order of the events. `<` sorts by bytes, which says
--@   nothing of the accounts. A column of the type is not compressed, but moves out of the row where it is large.
--@ example:
--@   SELECT '{"login": {"2026-01-03": 4}}'::health_activity + '{"login": {"2026-01-03": 1}, "nps": {"2026-01-04": [1, 9]}}' AS both;
--@ output:
--@                               both
--@   -------------------------------------------------------------
--@    {"login": {"2026-01-03": 5}, "nps": {"2026-01-04": [1, 9]}}
CREATE TYPE health_activity;

CREATE FUNCTION health_activity_in(cstring) RETURNS health_activity
  AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION health_activity_out(health_activity) RETURNS cstring
  AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION health_activity_recv(internal) RETURNS health_activity
  AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION health_activity_send(health_activity) RETURNS bytea
  AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

CREATE TYPE health_activity (
  INPUT = health_activity_in, OUTPUT = health_activity_out,
  RECEIVE = health_activity_recv, SEND = health_activity_send,
  INTERNALLENGTH = VARIABLE, ALIGNMENT = double, STORAGE = external
);
COMMENT ON TYPE health_activity IS
  'activity of one account: events and value per signal and UTC day; text form {"login": {"2026-01-03": 4}, "nps": {"2026-01-03": [1, 9]}}';
COMMENT ON FUNCTION health_activity_in(cstring) IS 'input of health_activity: JSON, count or [count, sum] or [count, sum, values] per signal and day';
COMMENT ON FUNCTION health_activity_out(health_activity) IS 'output of health_activity';
COMMENT ON FUNCTION health_activity_recv(internal) IS 'binary input of health_activity; accepts canonical bytes only';
COMMENT ON FUNCTION health_activity_send(health_activity) IS 'binary output of health_activity: its canonical bytes';
CREATE CAST (health_activity AS jsonb) WITH INOUT AS ASSIGNMENT;
COMMENT ON CAST (health_activity AS jsonb) IS 'the text form: count; [count, sum]; or [count, sum, values], by signal and day';
CREATE CAST (jsonb AS health_activity) WITH INOUT AS ASSIGNMENT;
COMMENT ON CAST (jsonb AS health_activity) IS 'validates the document';
-- include json.template | @type@ = health_activity | @argument@ = activity | @document@ = the text form: count; [count, sum]; or [count, sum, values], by signal and day

CREATE FUNCTION health_activity_field(activity health_activity, signal text) RETURNS jsonb
  AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION health_activity_field(health_activity, text) IS 'implements ->';
CREATE OPERATOR -> (LEFTARG = health_activity, RIGHTARG = text, FUNCTION = health_activity_field);
COMMENT ON OPERATOR -> (health_activity, text) IS 'the days of a signal as a document; NULL where it has none';

-- Comparison: equal activities have equal bytes. The order is that of the bytes; it serves GROUP BY, DISTINCT and joins.

-- include comparison.template | @type@ = health_activity | @library@ = 'MODULE_PATHNAME', | @c@ = health_activity_ | @language@ = C

-- The planner asks it what the transitions of the aggregate cost: that loads the library in time for its node, which
-- takes the place of the executor's aggregate under GROUP BY.
--@ theme Settings
--@ setting health_score.grouping
--@ stability: stable
--@ default: on
--@ summary: whether the planner may group activities by the extension's own node
--@ notes: `on`: under a plain `GROUP BY` the [grouping node](performance.md#the-grouping-node) takes the place of the executor's
--@   aggregate, faster and with the same result; `off`: it does not. Anybody may set it, in a session, or for a role or
--@   database. A session has the setting once it has called a function of the extension: before that `SHOW` does not know it
--@   (42704), and `ALTER ROLE ... SET` is the superuser's.
--@ example:
--@   SHOW health_score.grouping;
--@ output:
--@    health_score.grouping
--@   -----------------------
--@    on
CREATE FUNCTION health_activity_support(request internal) RETURNS internal
  AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION health_activity_support(internal) IS 'lets the planner group activities by the extension''s own node (health_score.grouping)';

-- The aggregate: its state is an activity in the making, which combines and becomes canonical at the end.

CREATE FUNCTION health_activity_combine(state health_activity, other health_activity) RETURNS health_activity
  AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION health_activity_combine(health_activity, health_activity) IS 'combines two states; for the aggregates only';
CREATE FUNCTION health_activity_final(state health_activity) RETURNS health_activity
  AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION health_activity_final(health_activity) IS 'canonical form of a state; for the aggregates only';

--@ theme Activities
--@ function health_activity
--@ stability: stable
--@ formula: of each signal and UTC day the number of events and the sum of their values.
--@ null: rows with a NULL signal or time are skipped, an event with a NULL value counts without one; NULL where no row is left.
--@ errors: 22008 for a day out of range, 22007 for text that is no time, 22003 for a value that is NaN, infinite or above
--@   9.2e12 in size, 22023 for an empty name or one of more than 255 bytes. Each names the signal.
--@ see: [which statements group faster](performance.md#the-grouping-node).
--@ example:
--@   SELECT account_id, health_activity(event, occurred_at, rating)
--@   FROM (VALUES ('acme', 'login', timestamptz '2026-01-03 10:00+00', NULL::float8), ('acme', 'login', '2026-01-03 11:00+00', NULL),
--@                ('acme', 'nps', '2026-01-04 09:00+00', 9)) AS events (account_id, event, occurred_at, rating) GROUP BY account_id;
--@ output:
--@    account_id |                       health_activity
--@   ------------+-------------------------------------------------------------
--@    acme       | {"login": {"2026-01-03": 2}, "nps": {"2026-01-04": [1, 9]}}
-- for @time@      | @suffix@ | @read@
--   | timestamptz |          |
--   | timestamp   |          | , times read as UTC
--   | date        | _date    | , UTC days
--   | text        | _text    | , times as text, UTC where they have no offset
-- for @value@         | @value_type@ | @made_of@                                | @nulls@
--   |                 |              | activity of one account from its events | rows with a NULL signal or time are skipped; NULL for no rows
--   | , value float8  | , float8     | activity with a value per event         | a NULL value counts the event only; NaN and infinity are errors
CREATE FUNCTION health_activity_add(state health_activity, signal text, occurred_at @time@@value@) RETURNS health_activity
  AS 'MODULE_PATHNAME', 'health_activity_add@suffix@' LANGUAGE C IMMUTABLE PARALLEL SAFE COST 10
  SUPPORT health_activity_support;
COMMENT ON FUNCTION health_activity_add(health_activity, text, @time@@value_type@) IS
  'transition of health_activity(text, @time@@value_type@)';
CREATE AGGREGATE health_activity(signal text, occurred_at @time@@value@) (
  SFUNC = health_activity_add, STYPE = health_activity, SSPACE = 2048,
  COMBINEFUNC = health_activity_combine, FINALFUNC = health_activity_final, FINALFUNC_MODIFY = READ_ONLY,
  PARALLEL = SAFE
);
COMMENT ON AGGREGATE health_activity(text, @time@@value_type@) IS '@made_of@@read@; @nulls@';
-- end
-- end

--@ function health_observation
--@ stability: stable
--@ null: `{}` where an argument is NULL, so that adding it changes nothing.
--@ errors: as of `health_activity`.
--@ example:
--@   SELECT health_observation('nps', '2026-01-03', 9);
--@ output:
--@          health_observation
--@   ---------------------------------
--@    {"nps": {"2026-01-03": [1, 9]}}
CREATE FUNCTION health_observation(signal text, day date, value float8) RETURNS health_activity
  AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION health_observation(text, date, float8) IS
  'one reading as an activity: activity + health_observation(''seat_use'', day, x); empty where an argument is NULL';
