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
CREATE CAST (health_activity AS jsonb) WITH INOUT;
COMMENT ON CAST (health_activity AS jsonb) IS 'the text form: count; [count, sum]; or [count, sum, values], by signal and day';
CREATE CAST (jsonb AS health_activity) WITH INOUT;
COMMENT ON CAST (jsonb AS health_activity) IS 'validates the document';

-- Comparison: equal activities have equal bytes. The order is that of the bytes; it serves GROUP BY, DISTINCT and joins.

CREATE FUNCTION health_activity_eq(a health_activity, b health_activity) RETURNS boolean
  AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION health_activity_eq(health_activity, health_activity) IS 'implements =';
CREATE OPERATOR = (
  LEFTARG = health_activity, RIGHTARG = health_activity, FUNCTION = health_activity_eq,
  COMMUTATOR = =, NEGATOR = <>, RESTRICT = eqsel, JOIN = eqjoinsel, HASHES, MERGES
);
COMMENT ON OPERATOR = (health_activity, health_activity) IS 'equal';
CREATE FUNCTION health_activity_ne(a health_activity, b health_activity) RETURNS boolean
  AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION health_activity_ne(health_activity, health_activity) IS 'implements <>';
CREATE OPERATOR <> (
  LEFTARG = health_activity, RIGHTARG = health_activity, FUNCTION = health_activity_ne,
  COMMUTATOR = <>, NEGATOR = =, RESTRICT = neqsel, JOIN = neqjoinsel
);
COMMENT ON OPERATOR <> (health_activity, health_activity) IS 'not equal';
CREATE FUNCTION health_activity_lt(a health_activity, b health_activity) RETURNS boolean
  AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION health_activity_lt(health_activity, health_activity) IS 'implements <';
CREATE OPERATOR < (
  LEFTARG = health_activity, RIGHTARG = health_activity, FUNCTION = health_activity_lt,
  COMMUTATOR = >, NEGATOR = >=, RESTRICT = scalarltsel, JOIN = scalarltjoinsel
);
COMMENT ON OPERATOR < (health_activity, health_activity) IS 'less than, in the order of the type';
CREATE FUNCTION health_activity_le(a health_activity, b health_activity) RETURNS boolean
  AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION health_activity_le(health_activity, health_activity) IS 'implements <=';
CREATE OPERATOR <= (
  LEFTARG = health_activity, RIGHTARG = health_activity, FUNCTION = health_activity_le,
  COMMUTATOR = >=, NEGATOR = >, RESTRICT = scalarlesel, JOIN = scalarlejoinsel
);
COMMENT ON OPERATOR <= (health_activity, health_activity) IS 'less than or equal, in the order of the type';
CREATE FUNCTION health_activity_gt(a health_activity, b health_activity) RETURNS boolean
  AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION health_activity_gt(health_activity, health_activity) IS 'implements >';
CREATE OPERATOR > (
  LEFTARG = health_activity, RIGHTARG = health_activity, FUNCTION = health_activity_gt,
  COMMUTATOR = <, NEGATOR = <=, RESTRICT = scalargtsel, JOIN = scalargtjoinsel
);
COMMENT ON OPERATOR > (health_activity, health_activity) IS 'greater than, in the order of the type';
CREATE FUNCTION health_activity_ge(a health_activity, b health_activity) RETURNS boolean
  AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION health_activity_ge(health_activity, health_activity) IS 'implements >=';
CREATE OPERATOR >= (
  LEFTARG = health_activity, RIGHTARG = health_activity, FUNCTION = health_activity_ge,
  COMMUTATOR = <=, NEGATOR = <, RESTRICT = scalargesel, JOIN = scalargejoinsel
);
COMMENT ON OPERATOR >= (health_activity, health_activity) IS 'greater than or equal, in the order of the type';
CREATE FUNCTION health_activity_cmp(a health_activity, b health_activity) RETURNS int
  AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION health_activity_cmp(health_activity, health_activity) IS 'orders two values: -1, 0 or 1';
CREATE FUNCTION health_activity_hash(health_activity) RETURNS int
  AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION health_activity_hash(health_activity) IS 'hash of a value';
CREATE FUNCTION health_activity_hash_extended(health_activity, bigint) RETURNS bigint
  AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION health_activity_hash_extended(health_activity, bigint) IS 'seeded hash of a value';

CREATE OPERATOR CLASS health_activity_btree_ops DEFAULT FOR TYPE health_activity USING btree AS
  OPERATOR 1 <, OPERATOR 2 <=, OPERATOR 3 =, OPERATOR 4 >=, OPERATOR 5 >, FUNCTION 1 health_activity_cmp(health_activity, health_activity);
COMMENT ON OPERATOR CLASS health_activity_btree_ops USING btree IS 'order of health_activity';
CREATE OPERATOR CLASS health_activity_hash_ops DEFAULT FOR TYPE health_activity USING hash AS
  OPERATOR 1 =, FUNCTION 1 health_activity_hash(health_activity), FUNCTION 2 health_activity_hash_extended(health_activity, bigint);
COMMENT ON OPERATOR CLASS health_activity_hash_ops USING hash IS 'hashing of health_activity';

-- Building.

CREATE FUNCTION health_activity_combine(state health_activity, other health_activity) RETURNS health_activity
  AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION health_activity_combine(health_activity, health_activity) IS 'combines two states; for the aggregates only';
CREATE FUNCTION health_activity_final(state health_activity) RETURNS health_activity
  AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION health_activity_final(health_activity) IS 'canonical form of a state; for the aggregates only';

CREATE FUNCTION health_activity_add(state health_activity, signal text, occurred_at timestamptz) RETURNS health_activity
  AS 'MODULE_PATHNAME', 'health_activity_add' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION health_activity_add(health_activity, text, timestamptz) IS 'transition of health_activity(text, timestamptz)';
CREATE AGGREGATE health_activity(signal text, occurred_at timestamptz) (
  SFUNC = health_activity_add, STYPE = health_activity, SSPACE = 2048,
  COMBINEFUNC = health_activity_combine, FINALFUNC = health_activity_final, FINALFUNC_MODIFY = READ_ONLY,
  PARALLEL = SAFE
);
COMMENT ON AGGREGATE health_activity(text, timestamptz) IS
  'activity of one account from its events; rows with a NULL signal or time are skipped; NULL for no rows';

CREATE FUNCTION health_activity_add(state health_activity, signal text, occurred_at timestamptz, value float8) RETURNS health_activity
  AS 'MODULE_PATHNAME', 'health_activity_add' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION health_activity_add(health_activity, text, timestamptz, float8) IS 'transition of health_activity(text, timestamptz, float8)';
CREATE AGGREGATE health_activity(signal text, occurred_at timestamptz, value float8) (
  SFUNC = health_activity_add, STYPE = health_activity, SSPACE = 2048,
  COMBINEFUNC = health_activity_combine, FINALFUNC = health_activity_final, FINALFUNC_MODIFY = READ_ONLY,
  PARALLEL = SAFE
);
COMMENT ON AGGREGATE health_activity(text, timestamptz, float8) IS
  'activity with a value per event; a NULL value counts the event only; NaN and infinity are errors';

CREATE FUNCTION health_activity_add(state health_activity, signal text, occurred_at timestamp) RETURNS health_activity
  AS 'MODULE_PATHNAME', 'health_activity_add' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION health_activity_add(health_activity, text, timestamp) IS 'transition of health_activity(text, timestamp)';
CREATE AGGREGATE health_activity(signal text, occurred_at timestamp) (
  SFUNC = health_activity_add, STYPE = health_activity, SSPACE = 2048,
  COMBINEFUNC = health_activity_combine, FINALFUNC = health_activity_final, FINALFUNC_MODIFY = READ_ONLY,
  PARALLEL = SAFE
);
COMMENT ON AGGREGATE health_activity(text, timestamp) IS
  'activity of one account from its events, times read as UTC; rows with a NULL signal or time are skipped; NULL for no rows';

CREATE FUNCTION health_activity_add(state health_activity, signal text, occurred_at timestamp, value float8) RETURNS health_activity
  AS 'MODULE_PATHNAME', 'health_activity_add' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION health_activity_add(health_activity, text, timestamp, float8) IS 'transition of health_activity(text, timestamp, float8)';
CREATE AGGREGATE health_activity(signal text, occurred_at timestamp, value float8) (
  SFUNC = health_activity_add, STYPE = health_activity, SSPACE = 2048,
  COMBINEFUNC = health_activity_combine, FINALFUNC = health_activity_final, FINALFUNC_MODIFY = READ_ONLY,
  PARALLEL = SAFE
);
COMMENT ON AGGREGATE health_activity(text, timestamp, float8) IS
  'activity with a value per event, times read as UTC; a NULL value counts the event only; NaN and infinity are errors';

CREATE FUNCTION health_activity_add(state health_activity, signal text, occurred_at date) RETURNS health_activity
  AS 'MODULE_PATHNAME', 'health_activity_add_date' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION health_activity_add(health_activity, text, date) IS 'transition of health_activity(text, date)';
CREATE AGGREGATE health_activity(signal text, occurred_at date) (
  SFUNC = health_activity_add, STYPE = health_activity, SSPACE = 2048,
  COMBINEFUNC = health_activity_combine, FINALFUNC = health_activity_final, FINALFUNC_MODIFY = READ_ONLY,
  PARALLEL = SAFE
);
COMMENT ON AGGREGATE health_activity(text, date) IS
  'activity of one account from its events, UTC days; rows with a NULL signal or time are skipped; NULL for no rows';

CREATE FUNCTION health_activity_add(state health_activity, signal text, occurred_at date, value float8) RETURNS health_activity
  AS 'MODULE_PATHNAME', 'health_activity_add_date' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION health_activity_add(health_activity, text, date, float8) IS 'transition of health_activity(text, date, float8)';
CREATE AGGREGATE health_activity(signal text, occurred_at date, value float8) (
  SFUNC = health_activity_add, STYPE = health_activity, SSPACE = 2048,
  COMBINEFUNC = health_activity_combine, FINALFUNC = health_activity_final, FINALFUNC_MODIFY = READ_ONLY,
  PARALLEL = SAFE
);
COMMENT ON AGGREGATE health_activity(text, date, float8) IS
  'activity with a value per event, UTC days; a NULL value counts the event only; NaN and infinity are errors';

CREATE FUNCTION health_activity_add(state health_activity, signal text, day date, count bigint, value float8)
  RETURNS health_activity
  AS 'MODULE_PATHNAME', 'health_activity_add_day' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION health_activity_add(health_activity, text, date, bigint, float8) IS
  'transition of health_activity(text, date, bigint, float8)';
CREATE AGGREGATE health_activity(signal text, day date, count bigint, value float8) (
  SFUNC = health_activity_add, STYPE = health_activity, SSPACE = 2048,
  COMBINEFUNC = health_activity_combine, FINALFUNC = health_activity_final, FINALFUNC_MODIFY = READ_ONLY,
  PARALLEL = SAFE
);
COMMENT ON AGGREGATE health_activity(text, date, bigint, float8) IS
  'activity from a daily table: events and sum of values of a day (NULL for none); rows with NULL or 0 events are skipped';

CREATE AGGREGATE health_rollup(activity health_activity) (
  SFUNC = health_activity_combine, STYPE = health_activity, SSPACE = 2048,
  COMBINEFUNC = health_activity_combine, FINALFUNC = health_activity_final, FINALFUNC_MODIFY = READ_ONLY,
  PARALLEL = SAFE
);
COMMENT ON AGGREGATE health_rollup(health_activity) IS 'merges activities: days, accounts or shards into one; NULL for no rows';

CREATE FUNCTION health_observation(signal text, day date, value float8) RETURNS health_activity
  AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION health_observation(text, date, float8) IS
  'one reading as an activity: activity + health_observation(''seat_use'', day, x); empty where an argument is NULL';

CREATE FUNCTION health_activity_plus(a health_activity, b health_activity) RETURNS health_activity
  AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 10;
COMMENT ON FUNCTION health_activity_plus(health_activity, health_activity) IS 'implements +';
CREATE OPERATOR + (
  LEFTARG = health_activity, RIGHTARG = health_activity, FUNCTION = health_activity_plus, COMMUTATOR = +
);
COMMENT ON OPERATOR + (health_activity, health_activity) IS 'both activities together; NULL if one is NULL';

CREATE FUNCTION health_splice(activity health_activity, tail health_activity, from_day date) RETURNS health_activity
  AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE COST 10;
COMMENT ON FUNCTION health_splice(health_activity, health_activity, date) IS
  'days >= from_day replaced by those of the tail; earlier days of the tail are ignored; a NULL activity counts as empty';

CREATE FUNCTION health_trim(activity health_activity, from_day date) RETURNS health_activity
  AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 10;
COMMENT ON FUNCTION health_trim(health_activity, date) IS 'days before from_day dropped: retention';

CREATE FUNCTION health_without(activity health_activity, signals text[]) RETURNS health_activity
  AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 10;
COMMENT ON FUNCTION health_without(health_activity, text[]) IS
  'signals dropped, for example the erasure of a user; an entry such as user:* drops all signals with that prefix';

-- Asking.

CREATE FUNCTION health_cells(activity health_activity, OUT signal text, OUT day date, OUT count int, OUT value_count int,
                             OUT value float8) RETURNS SETOF record
  AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 100 ROWS 500;
COMMENT ON FUNCTION health_cells(health_activity) IS
  'the activity as rows: events, events with a value and sum of values (NULL for none) per signal and day';

CREATE FUNCTION health_measure(activity health_activity, signal text, as_of date, days int, measure text DEFAULT 'count')
  RETURNS float8
  AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 10;
COMMENT ON FUNCTION health_measure(health_activity, text, date, int, text) IS
  'count, days, sum, last or distinct (signal user:*) of a signal over the given number of days before as_of; last is NULL without a value';

CREATE FUNCTION health_active_count(activity health_activity, as_of date, days int, min_days int DEFAULT 1,
                                    signals text[] DEFAULT NULL) RETURNS int
  AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE COST 10;
COMMENT ON FUNCTION health_active_count(health_activity, date, int, int, text[]) IS
  'number of signals (users) seen on at least min_days of the given number of days before as_of; an entry such as user:* stands for a prefix';

CREATE FUNCTION health_days_inactive(activity health_activity, as_of date, signal text DEFAULT NULL) RETURNS int
  AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE COST 10;
COMMENT ON FUNCTION health_days_inactive(health_activity, date, text) IS
  'full days before as_of without the signal, or without any; NULL if it was never seen before';

CREATE FUNCTION health_first_day(activity health_activity, signal text DEFAULT NULL) RETURNS date
  AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE COST 10;
COMMENT ON FUNCTION health_first_day(health_activity, text) IS 'first day of a signal, or of all; NULL if there is none';

CREATE FUNCTION health_last_day(activity health_activity, signal text DEFAULT NULL) RETURNS date
  AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE COST 10;
COMMENT ON FUNCTION health_last_day(health_activity, text) IS 'last day of a signal, or of all; NULL if there is none';
