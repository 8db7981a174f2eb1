-- Type health_activity: per signal and UTC day, how many events and how much value, for one account.

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

CREATE FUNCTION health_observation(signal text, day date, value float8) RETURNS health_activity
  AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION health_observation(text, date, float8) IS
  'one reading as an activity: activity + health_observation(''seat_use'', day, x); empty where an argument is NULL';
