-- health_score: explainable customer health scores.
\echo Use "CREATE EXTENSION health_score" to load this file. \quit

-- Days are UTC days of 86,400 seconds, whatever the session's time zone.

CREATE FUNCTION health_day(moment timestamptz) RETURNS date
  AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION health_day(timestamptz) IS 'UTC day of a moment; write health_day(now()) instead of current_date';
-- timestamp and date would else be cast to timestamptz first, in the session's time zone.
CREATE FUNCTION health_day(moment timestamp) RETURNS date IMMUTABLE STRICT PARALLEL SAFE
  RETURN moment::pg_catalog.date;
COMMENT ON FUNCTION health_day(timestamp) IS 'day of a moment that is UTC already';
CREATE FUNCTION health_day(day date) RETURNS date IMMUTABLE STRICT PARALLEL SAFE
  RETURN day;
COMMENT ON FUNCTION health_day(date) IS 'the day itself';
-- Untyped literals, and string parameters of database drivers, resolve to text.
CREATE FUNCTION health_day(moment text) RETURNS date
  AS 'MODULE_PATHNAME', 'health_day_text' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION health_day(text) IS
  'UTC day of a moment as text: 2026-01-31, or with a time and perhaps an offset as 2026-01-31T10:00:00+02:00; without one it is UTC; error 22007 for anything else';

CREATE FUNCTION health_day_start(day date) RETURNS timestamptz
  AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION health_day_start(date) IS 'first moment of a UTC day; error 22008 for a day that no timestamptz reaches';

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
-- Casts between health_activity and json.
CREATE CAST (json AS health_activity) WITH INOUT AS ASSIGNMENT;
COMMENT ON CAST (json AS health_activity) IS 'validates the document';
-- A cast WITH FUNCTION: to_jsonb, row_to_json and the like use no other, and would quote the text form as a string.
CREATE FUNCTION health_activity_json(activity health_activity) RETURNS json IMMUTABLE STRICT PARALLEL SAFE
  RETURN activity::pg_catalog.text::pg_catalog.json;
COMMENT ON FUNCTION health_activity_json(health_activity) IS 'the activity as json; for the cast';
CREATE CAST (health_activity AS json) WITH FUNCTION health_activity_json(health_activity) AS ASSIGNMENT;
COMMENT ON CAST (health_activity AS json) IS 'the text form: count; [count, sum]; or [count, sum, values], by signal and day';

CREATE FUNCTION health_activity_field(activity health_activity, signal text) RETURNS jsonb
  AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION health_activity_field(health_activity, text) IS 'implements ->';
CREATE OPERATOR -> (LEFTARG = health_activity, RIGHTARG = text, FUNCTION = health_activity_field);
COMMENT ON OPERATOR -> (health_activity, text) IS 'the days of a signal as a document; NULL where it has none';

-- Comparison: equal activities have equal bytes. The order is that of the bytes; it serves GROUP BY, DISTINCT and joins.

-- Comparison operators and operator classes of health_activity, to sort, join and group by it. Its C functions: library,
-- where they are, with a comma, and c, how their names begin.

CREATE FUNCTION health_activity_eq(a health_activity, b health_activity) RETURNS boolean
  AS 'MODULE_PATHNAME', 'health_activity_eq' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION health_activity_eq(health_activity, health_activity) IS 'implements =';
CREATE OPERATOR = (
  LEFTARG = health_activity, RIGHTARG = health_activity, FUNCTION = health_activity_eq,
  COMMUTATOR = =, NEGATOR = <>, RESTRICT = eqsel, JOIN = eqjoinsel, HASHES, MERGES
);
COMMENT ON OPERATOR = (health_activity, health_activity) IS 'equal';
CREATE FUNCTION health_activity_ne(a health_activity, b health_activity) RETURNS boolean
  AS 'MODULE_PATHNAME', 'health_activity_ne' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION health_activity_ne(health_activity, health_activity) IS 'implements <>';
CREATE OPERATOR <> (
  LEFTARG = health_activity, RIGHTARG = health_activity, FUNCTION = health_activity_ne,
  COMMUTATOR = <>, NEGATOR = =, RESTRICT = neqsel, JOIN = neqjoinsel
);
COMMENT ON OPERATOR <> (health_activity, health_activity) IS 'not equal';
CREATE FUNCTION health_activity_lt(a health_activity, b health_activity) RETURNS boolean
  AS 'MODULE_PATHNAME', 'health_activity_lt' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION health_activity_lt(health_activity, health_activity) IS 'implements <';
CREATE OPERATOR < (
  LEFTARG = health_activity, RIGHTARG = health_activity, FUNCTION = health_activity_lt,
  COMMUTATOR = >, NEGATOR = >=, RESTRICT = scalarltsel, JOIN = scalarltjoinsel
);
COMMENT ON OPERATOR < (health_activity, health_activity) IS 'less than, in the order of the type';
CREATE FUNCTION health_activity_le(a health_activity, b health_activity) RETURNS boolean
  AS 'MODULE_PATHNAME', 'health_activity_le' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION health_activity_le(health_activity, health_activity) IS 'implements <=';
CREATE OPERATOR <= (
  LEFTARG = health_activity, RIGHTARG = health_activity, FUNCTION = health_activity_le,
  COMMUTATOR = >=, NEGATOR = >, RESTRICT = scalarlesel, JOIN = scalarlejoinsel
);
COMMENT ON OPERATOR <= (health_activity, health_activity) IS 'less than or equal, in the order of the type';
CREATE FUNCTION health_activity_gt(a health_activity, b health_activity) RETURNS boolean
  AS 'MODULE_PATHNAME', 'health_activity_gt' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION health_activity_gt(health_activity, health_activity) IS 'implements >';
CREATE OPERATOR > (
  LEFTARG = health_activity, RIGHTARG = health_activity, FUNCTION = health_activity_gt,
  COMMUTATOR = <, NEGATOR = <=, RESTRICT = scalargtsel, JOIN = scalargtjoinsel
);
COMMENT ON OPERATOR > (health_activity, health_activity) IS 'greater than, in the order of the type';
CREATE FUNCTION health_activity_ge(a health_activity, b health_activity) RETURNS boolean
  AS 'MODULE_PATHNAME', 'health_activity_ge' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION health_activity_ge(health_activity, health_activity) IS 'implements >=';
CREATE OPERATOR >= (
  LEFTARG = health_activity, RIGHTARG = health_activity, FUNCTION = health_activity_ge,
  COMMUTATOR = <=, NEGATOR = <, RESTRICT = scalargesel, JOIN = scalargejoinsel
);
COMMENT ON OPERATOR >= (health_activity, health_activity) IS 'greater than or equal, in the order of the type';

CREATE FUNCTION health_activity_cmp(a health_activity, b health_activity) RETURNS int
  AS 'MODULE_PATHNAME', 'health_activity_cmp' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION health_activity_cmp(health_activity, health_activity) IS 'orders two values: -1, 0 or 1';
CREATE FUNCTION health_activity_hash(health_activity) RETURNS int
  AS 'MODULE_PATHNAME', 'health_activity_hash' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION health_activity_hash(health_activity) IS 'hash of a value';
CREATE FUNCTION health_activity_hash_extended(health_activity, bigint) RETURNS bigint
  AS 'MODULE_PATHNAME', 'health_activity_hash_extended' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION health_activity_hash_extended(health_activity, bigint) IS 'seeded hash of a value';

CREATE OPERATOR CLASS health_activity_btree_ops DEFAULT FOR TYPE health_activity USING btree AS
  OPERATOR 1 <, OPERATOR 2 <=, OPERATOR 3 =, OPERATOR 4 >=, OPERATOR 5 >, FUNCTION 1 health_activity_cmp(health_activity, health_activity);
COMMENT ON OPERATOR CLASS health_activity_btree_ops USING btree IS 'order of health_activity';
CREATE OPERATOR CLASS health_activity_hash_ops DEFAULT FOR TYPE health_activity USING hash AS
  OPERATOR 1 =, FUNCTION 1 health_activity_hash(health_activity), FUNCTION 2 health_activity_hash_extended(health_activity, bigint);
COMMENT ON OPERATOR CLASS health_activity_hash_ops USING hash IS 'hashing of health_activity';

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

CREATE FUNCTION health_activity_add(state health_activity, signal text, occurred_at timestamptz) RETURNS health_activity
  AS 'MODULE_PATHNAME', 'health_activity_add' LANGUAGE C IMMUTABLE PARALLEL SAFE COST 10
  SUPPORT health_activity_support;
COMMENT ON FUNCTION health_activity_add(health_activity, text, timestamptz) IS
  'transition of health_activity(text, timestamptz)';
CREATE AGGREGATE health_activity(signal text, occurred_at timestamptz) (
  SFUNC = health_activity_add, STYPE = health_activity, SSPACE = 2048,
  COMBINEFUNC = health_activity_combine, FINALFUNC = health_activity_final, FINALFUNC_MODIFY = READ_ONLY,
  PARALLEL = SAFE
);
COMMENT ON AGGREGATE health_activity(text, timestamptz) IS 'activity of one account from its events; rows with a NULL signal or time are skipped; NULL for no rows';
CREATE FUNCTION health_activity_add(state health_activity, signal text, occurred_at timestamptz, value float8) RETURNS health_activity
  AS 'MODULE_PATHNAME', 'health_activity_add' LANGUAGE C IMMUTABLE PARALLEL SAFE COST 10
  SUPPORT health_activity_support;
COMMENT ON FUNCTION health_activity_add(health_activity, text, timestamptz, float8) IS
  'transition of health_activity(text, timestamptz, float8)';
CREATE AGGREGATE health_activity(signal text, occurred_at timestamptz, value float8) (
  SFUNC = health_activity_add, STYPE = health_activity, SSPACE = 2048,
  COMBINEFUNC = health_activity_combine, FINALFUNC = health_activity_final, FINALFUNC_MODIFY = READ_ONLY,
  PARALLEL = SAFE
);
COMMENT ON AGGREGATE health_activity(text, timestamptz, float8) IS 'activity with a value per event; a NULL value counts the event only; NaN and infinity are errors';
CREATE FUNCTION health_activity_add(state health_activity, signal text, occurred_at timestamp) RETURNS health_activity
  AS 'MODULE_PATHNAME', 'health_activity_add' LANGUAGE C IMMUTABLE PARALLEL SAFE COST 10
  SUPPORT health_activity_support;
COMMENT ON FUNCTION health_activity_add(health_activity, text, timestamp) IS
  'transition of health_activity(text, timestamp)';
CREATE AGGREGATE health_activity(signal text, occurred_at timestamp) (
  SFUNC = health_activity_add, STYPE = health_activity, SSPACE = 2048,
  COMBINEFUNC = health_activity_combine, FINALFUNC = health_activity_final, FINALFUNC_MODIFY = READ_ONLY,
  PARALLEL = SAFE
);
COMMENT ON AGGREGATE health_activity(text, timestamp) IS 'activity of one account from its events, times read as UTC; rows with a NULL signal or time are skipped; NULL for no rows';
CREATE FUNCTION health_activity_add(state health_activity, signal text, occurred_at timestamp, value float8) RETURNS health_activity
  AS 'MODULE_PATHNAME', 'health_activity_add' LANGUAGE C IMMUTABLE PARALLEL SAFE COST 10
  SUPPORT health_activity_support;
COMMENT ON FUNCTION health_activity_add(health_activity, text, timestamp, float8) IS
  'transition of health_activity(text, timestamp, float8)';
CREATE AGGREGATE health_activity(signal text, occurred_at timestamp, value float8) (
  SFUNC = health_activity_add, STYPE = health_activity, SSPACE = 2048,
  COMBINEFUNC = health_activity_combine, FINALFUNC = health_activity_final, FINALFUNC_MODIFY = READ_ONLY,
  PARALLEL = SAFE
);
COMMENT ON AGGREGATE health_activity(text, timestamp, float8) IS 'activity with a value per event, times read as UTC; a NULL value counts the event only; NaN and infinity are errors';
CREATE FUNCTION health_activity_add(state health_activity, signal text, occurred_at date) RETURNS health_activity
  AS 'MODULE_PATHNAME', 'health_activity_add_date' LANGUAGE C IMMUTABLE PARALLEL SAFE COST 10
  SUPPORT health_activity_support;
COMMENT ON FUNCTION health_activity_add(health_activity, text, date) IS
  'transition of health_activity(text, date)';
CREATE AGGREGATE health_activity(signal text, occurred_at date) (
  SFUNC = health_activity_add, STYPE = health_activity, SSPACE = 2048,
  COMBINEFUNC = health_activity_combine, FINALFUNC = health_activity_final, FINALFUNC_MODIFY = READ_ONLY,
  PARALLEL = SAFE
);
COMMENT ON AGGREGATE health_activity(text, date) IS 'activity of one account from its events, UTC days; rows with a NULL signal or time are skipped; NULL for no rows';
CREATE FUNCTION health_activity_add(state health_activity, signal text, occurred_at date, value float8) RETURNS health_activity
  AS 'MODULE_PATHNAME', 'health_activity_add_date' LANGUAGE C IMMUTABLE PARALLEL SAFE COST 10
  SUPPORT health_activity_support;
COMMENT ON FUNCTION health_activity_add(health_activity, text, date, float8) IS
  'transition of health_activity(text, date, float8)';
CREATE AGGREGATE health_activity(signal text, occurred_at date, value float8) (
  SFUNC = health_activity_add, STYPE = health_activity, SSPACE = 2048,
  COMBINEFUNC = health_activity_combine, FINALFUNC = health_activity_final, FINALFUNC_MODIFY = READ_ONLY,
  PARALLEL = SAFE
);
COMMENT ON AGGREGATE health_activity(text, date, float8) IS 'activity with a value per event, UTC days; a NULL value counts the event only; NaN and infinity are errors';
CREATE FUNCTION health_activity_add(state health_activity, signal text, occurred_at text) RETURNS health_activity
  AS 'MODULE_PATHNAME', 'health_activity_add_text' LANGUAGE C IMMUTABLE PARALLEL SAFE COST 10
  SUPPORT health_activity_support;
COMMENT ON FUNCTION health_activity_add(health_activity, text, text) IS
  'transition of health_activity(text, text)';
CREATE AGGREGATE health_activity(signal text, occurred_at text) (
  SFUNC = health_activity_add, STYPE = health_activity, SSPACE = 2048,
  COMBINEFUNC = health_activity_combine, FINALFUNC = health_activity_final, FINALFUNC_MODIFY = READ_ONLY,
  PARALLEL = SAFE
);
COMMENT ON AGGREGATE health_activity(text, text) IS 'activity of one account from its events, times as text, UTC where they have no offset; rows with a NULL signal or time are skipped; NULL for no rows';
CREATE FUNCTION health_activity_add(state health_activity, signal text, occurred_at text, value float8) RETURNS health_activity
  AS 'MODULE_PATHNAME', 'health_activity_add_text' LANGUAGE C IMMUTABLE PARALLEL SAFE COST 10
  SUPPORT health_activity_support;
COMMENT ON FUNCTION health_activity_add(health_activity, text, text, float8) IS
  'transition of health_activity(text, text, float8)';
CREATE AGGREGATE health_activity(signal text, occurred_at text, value float8) (
  SFUNC = health_activity_add, STYPE = health_activity, SSPACE = 2048,
  COMBINEFUNC = health_activity_combine, FINALFUNC = health_activity_final, FINALFUNC_MODIFY = READ_ONLY,
  PARALLEL = SAFE
);
COMMENT ON AGGREGATE health_activity(text, text, float8) IS 'activity with a value per event, times as text, UTC where they have no offset; a NULL value counts the event only; NaN and infinity are errors';

CREATE FUNCTION health_observation(signal text, day date, value float8) RETURNS health_activity
  AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION health_observation(text, date, float8) IS
  'one reading as an activity: activity + health_observation(''seat_use'', day, x); empty where an argument is NULL';
-- Activities from daily tables. Not a form of health_activity: where the value is left out, the count would silently be
-- taken as the value of one event.

CREATE FUNCTION health_daily_add(state health_activity, signal text, day date, count bigint, value float8)
  RETURNS health_activity AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION health_daily_add(health_activity, text, date, bigint, float8) IS 'transition of health_daily';
CREATE AGGREGATE health_daily(signal text, day date, count bigint, value float8) (
  SFUNC = health_daily_add, STYPE = health_activity, SSPACE = 2048,
  COMBINEFUNC = health_activity_combine, FINALFUNC = health_activity_final, FINALFUNC_MODIFY = READ_ONLY,
  PARALLEL = SAFE
);
COMMENT ON AGGREGATE health_daily(text, date, bigint, float8) IS
  'activity from a daily table: events and sum of values of a day (NULL for none); rows with a NULL signal or day, and with NULL or 0 events, are skipped';
CREATE FUNCTION health_daily_add(state health_activity, signal text, day date, count bigint, value float8, value_count bigint)
  RETURNS health_activity AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION health_daily_add(health_activity, text, date, bigint, float8, bigint) IS 'transition of health_daily';
CREATE AGGREGATE health_daily(signal text, day date, count bigint, value float8, value_count bigint) (
  SFUNC = health_daily_add, STYPE = health_activity, SSPACE = 2048,
  COMBINEFUNC = health_activity_combine, FINALFUNC = health_activity_final, FINALFUNC_MODIFY = READ_ONLY,
  PARALLEL = SAFE
);
COMMENT ON AGGREGATE health_daily(text, date, bigint, float8, bigint) IS
  'activity from a daily table: events, sum of values and events that had a value, as health_cells gives them (NULL for all); rows with a NULL signal or day, and with NULL or 0 events, are skipped';
-- Activities merged: health_rollup of the rows of a group, + of two.

-- sum is health_rollup under the name that people try who add with +.
CREATE AGGREGATE health_rollup(activity health_activity) (
  SFUNC = health_activity_combine, STYPE = health_activity, SSPACE = 2048,
  COMBINEFUNC = health_activity_combine, FINALFUNC = health_activity_final, FINALFUNC_MODIFY = READ_ONLY,
  PARALLEL = SAFE
);
COMMENT ON AGGREGATE health_rollup(health_activity) IS 'merges activities: days, accounts or shards into one; NULL for no rows';
CREATE AGGREGATE sum(activity health_activity) (
  SFUNC = health_activity_combine, STYPE = health_activity, SSPACE = 2048,
  COMBINEFUNC = health_activity_combine, FINALFUNC = health_activity_final, FINALFUNC_MODIFY = READ_ONLY,
  PARALLEL = SAFE
);
COMMENT ON AGGREGATE sum(health_activity) IS 'merges activities: days, accounts or shards into one; NULL for no rows';

CREATE FUNCTION health_activity_plus(a health_activity, b health_activity) RETURNS health_activity
  AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 10;
COMMENT ON FUNCTION health_activity_plus(health_activity, health_activity) IS 'implements +';
CREATE OPERATOR + (
  LEFTARG = health_activity, RIGHTARG = health_activity, FUNCTION = health_activity_plus, COMMUTATOR = +
);
COMMENT ON OPERATOR + (health_activity, health_activity) IS 'both activities together; NULL if one is NULL';
-- Days of an activity: replaced by those of another one, or dropped.

CREATE FUNCTION health_splice(activity health_activity, tail health_activity, from_day date) RETURNS health_activity
  AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE COST 10;
COMMENT ON FUNCTION health_splice(health_activity, health_activity, date) IS
  'days >= from_day replaced by those of the tail; earlier days of the tail are ignored; a NULL activity counts as empty';

CREATE FUNCTION health_trim(activity health_activity, from_day date) RETURNS health_activity
  AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 10;
COMMENT ON FUNCTION health_trim(health_activity, date) IS 'the activity without the days before from_day: retention';
-- Signals of an activity dropped, such as a user who asked for erasure.

CREATE FUNCTION health_without(activity health_activity, signals text[]) RETURNS health_activity
  AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 10;
COMMENT ON FUNCTION health_without(health_activity, text[]) IS
  'the activity without these signals, for example the erasure of a user; an entry such as user:* stands for all with that prefix';
-- An activity as rows.

CREATE FUNCTION health_cells(activity health_activity, OUT signal text, OUT day date, OUT count int, OUT value_count int,
                             OUT value float8) RETURNS SETOF record
  AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 100 ROWS 500;
COMMENT ON FUNCTION health_cells(health_activity) IS
  'the activity as rows: events, events with a value and sum of values (NULL for none) per signal and day';
-- One signal of an activity over some days, as a number.

CREATE FUNCTION health_measure(activity health_activity, signal text, as_of date, days int, measure text DEFAULT 'count')
  RETURNS float8
  AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 10;
COMMENT ON FUNCTION health_measure(health_activity, text, date, int, text) IS
  'a signal over the given number of days before as_of as a number: count, days, sum, last, mean, distinct (signal user:*), recency or trend; last and mean are NULL without a value, trend without 5 events in as many days before';
-- How many signals of an activity, users for example, were seen in some days.

CREATE FUNCTION health_active_count(activity health_activity, as_of date, days int, min_days int DEFAULT 1,
                                    signals text[] DEFAULT NULL) RETURNS int
  AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE COST 10;
COMMENT ON FUNCTION health_active_count(health_activity, date, int, int, text[]) IS
  'number of signals (users) seen on at least min_days of the given number of days before as_of; an entry such as user:* stands for a prefix';
-- When a signal of an activity was seen: first, last, how long ago.

CREATE FUNCTION health_days_inactive(activity health_activity, as_of date, signal text DEFAULT NULL) RETURNS int
  AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE COST 10;
COMMENT ON FUNCTION health_days_inactive(health_activity, date, text) IS
  'full days before as_of without the signal, or without any; 0 where it was there the day before, NULL if it was never seen before';

CREATE FUNCTION health_first_day(activity health_activity, signal text DEFAULT NULL) RETURNS date
  AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE COST 10;
COMMENT ON FUNCTION health_first_day(health_activity, text) IS 'first day of a signal, or of all; NULL if there is none';

CREATE FUNCTION health_last_day(activity health_activity, signal text DEFAULT NULL) RETURNS date
  AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE COST 10;
COMMENT ON FUNCTION health_last_day(health_activity, text) IS 'last day of a signal, or of all; NULL if there is none';
-- Who is behind a prefix: the users of an account, say.

CREATE FUNCTION health_members(activity health_activity, prefix text, as_of date, days int, OUT member text,
                               OUT active_days int, OUT days_inactive int, OUT rhythm float8, OUT share float8) RETURNS SETOF record
  AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 100 ROWS 50;
COMMENT ON FUNCTION health_members(health_activity, text, date, int) IS
  'who is behind a prefix (user:*), seen before as_of, most active first: member, the name after the prefix; active_days of the given number of days before as_of; days_inactive in full days; rhythm in calendar days for one active day (1 or more); share of all active_days (0 to 1)';
-- Type health_model: what matters and how. Stored as jsonb, validated when it is made.

-- A type that is a document: stored as jsonb, validated when it is made.
CREATE TYPE health_model;

CREATE FUNCTION health_model_in(cstring) RETURNS health_model
  AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION health_model_in(cstring) IS 'input of health_model: JSON; error 22023 names the key at fault';
CREATE FUNCTION health_model_out(health_model) RETURNS cstring
  AS 'jsonb_out' LANGUAGE internal IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION health_model_out(health_model) IS 'output of health_model';
CREATE FUNCTION health_model_recv(internal) RETURNS health_model
  AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION health_model_recv(internal) IS 'binary input of health_model: as jsonb';
CREATE FUNCTION health_model_send(health_model) RETURNS bytea
  AS 'jsonb_send' LANGUAGE internal IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION health_model_send(health_model) IS 'binary output of health_model: as jsonb';

CREATE TYPE health_model (
  INPUT = health_model_in, OUTPUT = health_model_out, RECEIVE = health_model_recv, SEND = health_model_send, LIKE = jsonb
);
COMMENT ON TYPE health_model IS 'scoring model: weights, window, decay, normalization, bands, texts; {"half_life_days": 30, "signals": {"login": 1, "export": 5}}';

CREATE FUNCTION health_model(document jsonb) RETURNS health_model
  AS 'MODULE_PATHNAME', 'health_model_from_jsonb' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION health_model(jsonb) IS 'a jsonb document as a model; error 22023 names the key at fault';
CREATE CAST (jsonb AS health_model) WITH FUNCTION health_model(jsonb) AS ASSIGNMENT;
COMMENT ON CAST (jsonb AS health_model) IS 'validates the document';
CREATE CAST (health_model AS jsonb) WITHOUT FUNCTION AS ASSIGNMENT;
COMMENT ON CAST (health_model AS jsonb) IS 'the model as a document';
-- Casts between health_model and json.
CREATE CAST (json AS health_model) WITH INOUT AS ASSIGNMENT;
COMMENT ON CAST (json AS health_model) IS 'validates the document';
-- A cast WITH FUNCTION: to_jsonb, row_to_json and the like use no other, and would quote the text form as a string.
CREATE FUNCTION health_model_json(model health_model) RETURNS json IMMUTABLE STRICT PARALLEL SAFE
  RETURN model::pg_catalog.text::pg_catalog.json;
COMMENT ON FUNCTION health_model_json(health_model) IS 'the model as json; for the cast';
CREATE CAST (health_model AS json) WITH FUNCTION health_model_json(health_model) AS ASSIGNMENT;
COMMENT ON CAST (health_model AS json) IS 'the model as a document';
-- Comparison operators and operator classes of health_model, to sort, join and group by it. Its C functions: library,
-- where they are, with a comma, and c, how their names begin.

CREATE FUNCTION health_model_eq(a health_model, b health_model) RETURNS boolean
  AS  'jsonb_eq' LANGUAGE internal IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION health_model_eq(health_model, health_model) IS 'implements =';
CREATE OPERATOR = (
  LEFTARG = health_model, RIGHTARG = health_model, FUNCTION = health_model_eq,
  COMMUTATOR = =, NEGATOR = <>, RESTRICT = eqsel, JOIN = eqjoinsel, HASHES, MERGES
);
COMMENT ON OPERATOR = (health_model, health_model) IS 'equal';
CREATE FUNCTION health_model_ne(a health_model, b health_model) RETURNS boolean
  AS  'jsonb_ne' LANGUAGE internal IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION health_model_ne(health_model, health_model) IS 'implements <>';
CREATE OPERATOR <> (
  LEFTARG = health_model, RIGHTARG = health_model, FUNCTION = health_model_ne,
  COMMUTATOR = <>, NEGATOR = =, RESTRICT = neqsel, JOIN = neqjoinsel
);
COMMENT ON OPERATOR <> (health_model, health_model) IS 'not equal';
CREATE FUNCTION health_model_lt(a health_model, b health_model) RETURNS boolean
  AS  'jsonb_lt' LANGUAGE internal IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION health_model_lt(health_model, health_model) IS 'implements <';
CREATE OPERATOR < (
  LEFTARG = health_model, RIGHTARG = health_model, FUNCTION = health_model_lt,
  COMMUTATOR = >, NEGATOR = >=, RESTRICT = scalarltsel, JOIN = scalarltjoinsel
);
COMMENT ON OPERATOR < (health_model, health_model) IS 'less than, in the order of the type';
CREATE FUNCTION health_model_le(a health_model, b health_model) RETURNS boolean
  AS  'jsonb_le' LANGUAGE internal IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION health_model_le(health_model, health_model) IS 'implements <=';
CREATE OPERATOR <= (
  LEFTARG = health_model, RIGHTARG = health_model, FUNCTION = health_model_le,
  COMMUTATOR = >=, NEGATOR = >, RESTRICT = scalarlesel, JOIN = scalarlejoinsel
);
COMMENT ON OPERATOR <= (health_model, health_model) IS 'less than or equal, in the order of the type';
CREATE FUNCTION health_model_gt(a health_model, b health_model) RETURNS boolean
  AS  'jsonb_gt' LANGUAGE internal IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION health_model_gt(health_model, health_model) IS 'implements >';
CREATE OPERATOR > (
  LEFTARG = health_model, RIGHTARG = health_model, FUNCTION = health_model_gt,
  COMMUTATOR = <, NEGATOR = <=, RESTRICT = scalargtsel, JOIN = scalargtjoinsel
);
COMMENT ON OPERATOR > (health_model, health_model) IS 'greater than, in the order of the type';
CREATE FUNCTION health_model_ge(a health_model, b health_model) RETURNS boolean
  AS  'jsonb_ge' LANGUAGE internal IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION health_model_ge(health_model, health_model) IS 'implements >=';
CREATE OPERATOR >= (
  LEFTARG = health_model, RIGHTARG = health_model, FUNCTION = health_model_ge,
  COMMUTATOR = <=, NEGATOR = <, RESTRICT = scalargesel, JOIN = scalargejoinsel
);
COMMENT ON OPERATOR >= (health_model, health_model) IS 'greater than or equal, in the order of the type';

CREATE FUNCTION health_model_cmp(a health_model, b health_model) RETURNS int
  AS  'jsonb_cmp' LANGUAGE internal IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION health_model_cmp(health_model, health_model) IS 'orders two values: -1, 0 or 1';
CREATE FUNCTION health_model_hash(health_model) RETURNS int
  AS  'jsonb_hash' LANGUAGE internal IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION health_model_hash(health_model) IS 'hash of a value';
CREATE FUNCTION health_model_hash_extended(health_model, bigint) RETURNS bigint
  AS  'jsonb_hash_extended' LANGUAGE internal IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION health_model_hash_extended(health_model, bigint) IS 'seeded hash of a value';

CREATE OPERATOR CLASS health_model_btree_ops DEFAULT FOR TYPE health_model USING btree AS
  OPERATOR 1 <, OPERATOR 2 <=, OPERATOR 3 =, OPERATOR 4 >=, OPERATOR 5 >, FUNCTION 1 health_model_cmp(health_model, health_model);
COMMENT ON OPERATOR CLASS health_model_btree_ops USING btree IS 'order of health_model';
CREATE OPERATOR CLASS health_model_hash_ops DEFAULT FOR TYPE health_model USING hash AS
  OPERATOR 1 =, FUNCTION 1 health_model_hash(health_model), FUNCTION 2 health_model_hash_extended(health_model, bigint);
COMMENT ON OPERATOR CLASS health_model_hash_ops USING hash IS 'hashing of health_model';

CREATE FUNCTION health_model_field(model health_model, key text) RETURNS jsonb
  AS 'jsonb_object_field' LANGUAGE internal IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION health_model_field(health_model, text) IS 'implements ->';
CREATE OPERATOR -> (LEFTARG = health_model, RIGHTARG = text, FUNCTION = health_model_field);
COMMENT ON OPERATOR -> (health_model, text) IS 'an option of the model, or its signals; NULL where it is left out';
CREATE FUNCTION health_model_field_text(model health_model, key text) RETURNS text
  AS 'jsonb_object_field_text' LANGUAGE internal IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION health_model_field_text(health_model, text) IS 'implements ->>';
CREATE OPERATOR ->> (LEFTARG = health_model, RIGHTARG = text, FUNCTION = health_model_field_text);
COMMENT ON OPERATOR ->> (health_model, text) IS 'an option of the model, as text; NULL where it is left out';

-- The text form takes untyped literals and string parameters of database drivers, which else would be appended to the
-- model's text. There is no health_model || health_model: it would read every untyped literal as a whole model.
CREATE FUNCTION health_model_override(model health_model, changes jsonb) RETURNS health_model
  AS 'MODULE_PATHNAME', 'health_model_override' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION health_model_override(health_model, jsonb) IS 'implements ||';
CREATE OPERATOR || (LEFTARG = health_model, RIGHTARG = jsonb, FUNCTION = health_model_override);
COMMENT ON OPERATOR || (health_model, jsonb) IS
  'the model with parts overridden, at any depth; null removes a key; a bare number for a signal sets its weight';
CREATE FUNCTION health_model_override(model health_model, changes text) RETURNS health_model
  AS 'MODULE_PATHNAME', 'health_model_override_text' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION health_model_override(health_model, text) IS 'implements ||';
CREATE OPERATOR || (LEFTARG = health_model, RIGHTARG = text, FUNCTION = health_model_override);
COMMENT ON OPERATOR || (health_model, text) IS
  'the model with parts overridden, at any depth; null removes a key; a bare number for a signal sets its weight';

CREATE FUNCTION health_make_model(
  signals jsonb DEFAULT NULL,
  window_days int DEFAULT NULL,
  half_life_days numeric DEFAULT NULL,
  linear_days numeric DEFAULT NULL,
  percentile numeric DEFAULT NULL,
  curve text DEFAULT NULL,
  population text DEFAULT NULL,
  baseline numeric DEFAULT NULL,
  min_population int DEFAULT NULL,
  min_tenure_days int DEFAULT NULL,
  size_exponent numeric DEFAULT NULL,
  combine text DEFAULT NULL,
  usage_weight numeric DEFAULT NULL,
  dimension_caps jsonb DEFAULT NULL,
  red_below numeric DEFAULT NULL,
  green_from numeric DEFAULT NULL,
  bands jsonb DEFAULT NULL,
  trend_days int DEFAULT NULL,
  trend_points numeric DEFAULT NULL,
  drop_points numeric DEFAULT NULL,
  drop_days int DEFAULT NULL,
  cooldown_days int DEFAULT NULL,
  stable_readings int DEFAULT NULL,
  stable_margin numeric DEFAULT NULL,
  max_drivers int DEFAULT NULL,
  language text DEFAULT NULL,
  name text DEFAULT NULL,
  version text DEFAULT NULL,
  weekend int[] DEFAULT NULL,
  silent_days int DEFAULT NULL,
  risk_points numeric DEFAULT NULL,
  next_steps jsonb DEFAULT NULL
) RETURNS health_model
  LANGUAGE sql IMMUTABLE PARALLEL SAFE
  -- Only the top level is stripped of NULLs: inside signals a null has a meaning ("window_days": null never expires).
  RETURN (pg_catalog.jsonb_strip_nulls(pg_catalog.jsonb_build_object(
    'window_days', window_days,
    'half_life_days', half_life_days,
    'linear_days', linear_days,
    'percentile', percentile,
    'curve', curve,
    'population', population,
    'baseline', baseline,
    'min_population', min_population,
    'min_tenure_days', min_tenure_days,
    'size_exponent', size_exponent,
    'combine', combine,
    'usage_weight', usage_weight,
    'dimension_caps', dimension_caps,
    'red_below', red_below,
    'green_from', green_from,
    'bands', bands,
    'trend_days', trend_days,
    'trend_points', trend_points,
    'drop_points', drop_points,
    'drop_days', drop_days,
    'cooldown_days', cooldown_days,
    'stable_readings', stable_readings,
    'stable_margin', stable_margin,
    'max_drivers', max_drivers,
    'language', language,
    'name', name,
    'version', version,
    'weekend', weekend,
    'silent_days', silent_days,
    'risk_points', risk_points,
    'next_steps', next_steps
  )) OPERATOR(pg_catalog.||) CASE WHEN signals IS NULL THEN '{}' ELSE pg_catalog.jsonb_build_object('signals', signals) END)::health_model;
COMMENT ON FUNCTION health_make_model IS
  'a model from named arguments, for example health_make_model(signals => (SELECT jsonb_object_agg(event, weight) FROM weights), half_life_days => 30)';
-- Scores of one account, before it is compared with others.

CREATE FUNCTION health_raw_score(activity health_activity, model health_model, as_of date, size float8 DEFAULT NULL,
                                 since date DEFAULT NULL) RETURNS float8
  AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE COST 100;
COMMENT ON FUNCTION health_raw_score(health_activity, health_model, date, float8, date) IS
  'weighted, windowed, decayed sum over the full days before as_of; counts and sums are divided by size^size_exponent where a size is given; an account younger than a window is scaled to it where since, the day it began, is given; NULL until then';

CREATE FUNCTION health_adjustment(activity health_activity, model health_model, as_of date, size float8 DEFAULT NULL,
                                 since date DEFAULT NULL) RETURNS float8
  AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE COST 100;
COMMENT ON FUNCTION health_adjustment(health_activity, health_model, date, float8, date) IS
  'points of the signals of unit score, to be added after normalization; negative where penalties weigh more';

-- The raw score of one account for many dates, in one pass over its activity.

CREATE FUNCTION health_history_support(request internal) RETURNS internal
  AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION health_history_support(internal) IS 'tells the planner how many rows health_history gives';
CREATE FUNCTION health_history(activity health_activity, model health_model, from_day date, to_day date,
                               size float8 DEFAULT NULL, since date DEFAULT NULL, step int DEFAULT 1,
                               OUT as_of date, OUT raw float8, OUT adjustment float8, OUT praise float8, OUT penalty float8) RETURNS SETOF record
  AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE COST 1000 ROWS 90
  SUPPORT health_history_support;
COMMENT ON FUNCTION health_history(health_activity, health_model, date, date, float8, date, int) IS
  'raw score and adjustment (praise less penalty) for each as_of from from_day to to_day, both inclusive, every step days; one pass over the activity';
-- Windowed, decayed sums straight from weighted events: health_weighted_sum of a group, health_sliding_sum in a frame.

-- What carries a state of health_weighted_sum between workers.
CREATE FUNCTION health_weighted_sum_combine(state internal, other internal) RETURNS internal
  AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION health_weighted_sum_combine(internal, internal) IS 'combines two states; for health_weighted_sum only';
CREATE FUNCTION health_weighted_sum_serialize(state internal) RETURNS bytea
  AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION health_weighted_sum_serialize(internal) IS 'state of health_weighted_sum as bytes, for workers';
CREATE FUNCTION health_weighted_sum_deserialize(state bytea, internal) RETURNS internal
  AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION health_weighted_sum_deserialize(bytea, internal) IS 'state of health_weighted_sum from bytes, for workers';
CREATE FUNCTION health_weighted_sum_final(state internal) RETURNS float8
  AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION health_weighted_sum_final(internal) IS 'result of health_weighted_sum';

CREATE FUNCTION health_sliding_sum_final(state internal) RETURNS float8
  AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION health_sliding_sum_final(internal) IS 'result of health_sliding_sum';

CREATE FUNCTION health_weighted_sum_add(state internal, weight float8, occurred_at timestamptz, model health_model, as_of date)
  RETURNS internal AS 'MODULE_PATHNAME', 'health_weighted_sum_add' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION health_weighted_sum_add(internal, float8, timestamptz, health_model, date) IS 'transition of health_weighted_sum';
CREATE AGGREGATE health_weighted_sum(weight float8, occurred_at timestamptz, model health_model, as_of date) (
  SFUNC = health_weighted_sum_add, STYPE = internal, SSPACE = 4096, COMBINEFUNC = health_weighted_sum_combine,
  SERIALFUNC = health_weighted_sum_serialize, DESERIALFUNC = health_weighted_sum_deserialize,
  FINALFUNC = health_weighted_sum_final, FINALFUNC_MODIFY = READ_ONLY, PARALLEL = SAFE
);
COMMENT ON AGGREGATE health_weighted_sum(float8, timestamptz, health_model, date) IS
  'windowed, decayed sum of weighted events at as_of; window and decay from the model';

CREATE FUNCTION health_sliding_sum_add(state internal, weight float8, occurred_at timestamptz, model health_model)
  RETURNS internal AS 'MODULE_PATHNAME', 'health_sliding_sum_add' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION health_sliding_sum_add(internal, float8, timestamptz, health_model) IS 'transition of health_sliding_sum';
CREATE FUNCTION health_sliding_sum_remove(state internal, weight float8, occurred_at timestamptz, model health_model)
  RETURNS internal AS 'MODULE_PATHNAME', 'health_sliding_sum_remove' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION health_sliding_sum_remove(internal, float8, timestamptz, health_model) IS 'inverse transition of health_sliding_sum';
CREATE AGGREGATE health_sliding_sum(weight float8, occurred_at timestamptz, model health_model) (
  SFUNC = health_sliding_sum_add, STYPE = internal, SSPACE = 4096,
  FINALFUNC = health_sliding_sum_final, FINALFUNC_MODIFY = READ_ONLY,
  MSFUNC = health_sliding_sum_add, MINVFUNC = health_sliding_sum_remove, MSTYPE = internal, MSSPACE = 4096,
  MFINALFUNC = health_sliding_sum_final, MFINALFUNC_MODIFY = READ_ONLY, PARALLEL = SAFE
);
COMMENT ON AGGREGATE health_sliding_sum(float8, timestamptz, health_model) IS
  'windowed, decayed sum of weighted events in a moving frame: as of the day after the latest one in it; for OVER (... ORDER BY occurred_at); a NULL weight moves time only';

CREATE FUNCTION health_weighted_sum_add(state internal, weight float8, occurred_at timestamp, model health_model, as_of date)
  RETURNS internal AS 'MODULE_PATHNAME', 'health_weighted_sum_add' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION health_weighted_sum_add(internal, float8, timestamp, health_model, date) IS 'transition of health_weighted_sum';
CREATE AGGREGATE health_weighted_sum(weight float8, occurred_at timestamp, model health_model, as_of date) (
  SFUNC = health_weighted_sum_add, STYPE = internal, SSPACE = 4096, COMBINEFUNC = health_weighted_sum_combine,
  SERIALFUNC = health_weighted_sum_serialize, DESERIALFUNC = health_weighted_sum_deserialize,
  FINALFUNC = health_weighted_sum_final, FINALFUNC_MODIFY = READ_ONLY, PARALLEL = SAFE
);
COMMENT ON AGGREGATE health_weighted_sum(float8, timestamp, health_model, date) IS
  'windowed, decayed sum of weighted events at as_of; window and decay from the model; times read as UTC';

CREATE FUNCTION health_sliding_sum_add(state internal, weight float8, occurred_at timestamp, model health_model)
  RETURNS internal AS 'MODULE_PATHNAME', 'health_sliding_sum_add' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION health_sliding_sum_add(internal, float8, timestamp, health_model) IS 'transition of health_sliding_sum';
CREATE FUNCTION health_sliding_sum_remove(state internal, weight float8, occurred_at timestamp, model health_model)
  RETURNS internal AS 'MODULE_PATHNAME', 'health_sliding_sum_remove' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION health_sliding_sum_remove(internal, float8, timestamp, health_model) IS 'inverse transition of health_sliding_sum';
CREATE AGGREGATE health_sliding_sum(weight float8, occurred_at timestamp, model health_model) (
  SFUNC = health_sliding_sum_add, STYPE = internal, SSPACE = 4096,
  FINALFUNC = health_sliding_sum_final, FINALFUNC_MODIFY = READ_ONLY,
  MSFUNC = health_sliding_sum_add, MINVFUNC = health_sliding_sum_remove, MSTYPE = internal, MSSPACE = 4096,
  MFINALFUNC = health_sliding_sum_final, MFINALFUNC_MODIFY = READ_ONLY, PARALLEL = SAFE
);
COMMENT ON AGGREGATE health_sliding_sum(float8, timestamp, health_model) IS
  'windowed, decayed sum of weighted events in a moving frame: as of the day after the latest one in it; for OVER (... ORDER BY occurred_at); a NULL weight moves time only; times read as UTC';

CREATE FUNCTION health_weighted_sum_add(state internal, weight float8, occurred_at date, model health_model, as_of date)
  RETURNS internal AS 'MODULE_PATHNAME', 'health_weighted_sum_add_date' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION health_weighted_sum_add(internal, float8, date, health_model, date) IS 'transition of health_weighted_sum';
CREATE AGGREGATE health_weighted_sum(weight float8, occurred_at date, model health_model, as_of date) (
  SFUNC = health_weighted_sum_add, STYPE = internal, SSPACE = 4096, COMBINEFUNC = health_weighted_sum_combine,
  SERIALFUNC = health_weighted_sum_serialize, DESERIALFUNC = health_weighted_sum_deserialize,
  FINALFUNC = health_weighted_sum_final, FINALFUNC_MODIFY = READ_ONLY, PARALLEL = SAFE
);
COMMENT ON AGGREGATE health_weighted_sum(float8, date, health_model, date) IS
  'windowed, decayed sum of weighted events at as_of; window and decay from the model; UTC days';

CREATE FUNCTION health_sliding_sum_add(state internal, weight float8, occurred_at date, model health_model)
  RETURNS internal AS 'MODULE_PATHNAME', 'health_sliding_sum_add_date' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION health_sliding_sum_add(internal, float8, date, health_model) IS 'transition of health_sliding_sum';
CREATE FUNCTION health_sliding_sum_remove(state internal, weight float8, occurred_at date, model health_model)
  RETURNS internal AS 'MODULE_PATHNAME', 'health_sliding_sum_remove_date' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION health_sliding_sum_remove(internal, float8, date, health_model) IS 'inverse transition of health_sliding_sum';
CREATE AGGREGATE health_sliding_sum(weight float8, occurred_at date, model health_model) (
  SFUNC = health_sliding_sum_add, STYPE = internal, SSPACE = 4096,
  FINALFUNC = health_sliding_sum_final, FINALFUNC_MODIFY = READ_ONLY,
  MSFUNC = health_sliding_sum_add, MINVFUNC = health_sliding_sum_remove, MSTYPE = internal, MSSPACE = 4096,
  MFINALFUNC = health_sliding_sum_final, MFINALFUNC_MODIFY = READ_ONLY, PARALLEL = SAFE
);
COMMENT ON AGGREGATE health_sliding_sum(float8, date, health_model) IS
  'windowed, decayed sum of weighted events in a moving frame: as of the day after the latest one in it; for OVER (... ORDER BY occurred_at); a NULL weight moves time only; UTC days';

CREATE FUNCTION health_weighted_sum_add(state internal, weight float8, occurred_at text, model health_model, as_of date)
  RETURNS internal AS 'MODULE_PATHNAME', 'health_weighted_sum_add_text' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION health_weighted_sum_add(internal, float8, text, health_model, date) IS 'transition of health_weighted_sum';
CREATE AGGREGATE health_weighted_sum(weight float8, occurred_at text, model health_model, as_of date) (
  SFUNC = health_weighted_sum_add, STYPE = internal, SSPACE = 4096, COMBINEFUNC = health_weighted_sum_combine,
  SERIALFUNC = health_weighted_sum_serialize, DESERIALFUNC = health_weighted_sum_deserialize,
  FINALFUNC = health_weighted_sum_final, FINALFUNC_MODIFY = READ_ONLY, PARALLEL = SAFE
);
COMMENT ON AGGREGATE health_weighted_sum(float8, text, health_model, date) IS
  'windowed, decayed sum of weighted events at as_of; window and decay from the model; times as text, UTC where they have no offset';

CREATE FUNCTION health_sliding_sum_add(state internal, weight float8, occurred_at text, model health_model)
  RETURNS internal AS 'MODULE_PATHNAME', 'health_sliding_sum_add_text' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION health_sliding_sum_add(internal, float8, text, health_model) IS 'transition of health_sliding_sum';
CREATE FUNCTION health_sliding_sum_remove(state internal, weight float8, occurred_at text, model health_model)
  RETURNS internal AS 'MODULE_PATHNAME', 'health_sliding_sum_remove_text' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION health_sliding_sum_remove(internal, float8, text, health_model) IS 'inverse transition of health_sliding_sum';
CREATE AGGREGATE health_sliding_sum(weight float8, occurred_at text, model health_model) (
  SFUNC = health_sliding_sum_add, STYPE = internal, SSPACE = 4096,
  FINALFUNC = health_sliding_sum_final, FINALFUNC_MODIFY = READ_ONLY,
  MSFUNC = health_sliding_sum_add, MINVFUNC = health_sliding_sum_remove, MSTYPE = internal, MSSPACE = 4096,
  MFINALFUNC = health_sliding_sum_final, MFINALFUNC_MODIFY = READ_ONLY, PARALLEL = SAFE
);
COMMENT ON AGGREGATE health_sliding_sum(float8, text, health_model) IS
  'windowed, decayed sum of weighted events in a moving frame: as of the day after the latest one in it; for OVER (... ORDER BY occurred_at); a NULL weight moves time only; times as text, UTC where they have no offset';

-- The raw score that earns 100 in a population.

CREATE FUNCTION health_baseline_add(state internal, raw float8, model health_model) RETURNS internal
  AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION health_baseline_add(internal, float8, health_model) IS 'transition of health_baseline';
CREATE FUNCTION health_baseline_final(state internal) RETURNS float8
  AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION health_baseline_final(internal) IS 'result of health_baseline';
-- What carries a state of health_baseline between workers.
CREATE FUNCTION health_baseline_combine(state internal, other internal) RETURNS internal
  AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION health_baseline_combine(internal, internal) IS 'combines two states; for health_baseline only';
CREATE FUNCTION health_baseline_serialize(state internal) RETURNS bytea
  AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION health_baseline_serialize(internal) IS 'state of health_baseline as bytes, for workers';
CREATE FUNCTION health_baseline_deserialize(state bytea, internal) RETURNS internal
  AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION health_baseline_deserialize(bytea, internal) IS 'state of health_baseline from bytes, for workers';
CREATE AGGREGATE health_baseline(raw float8, model health_model) (
  SFUNC = health_baseline_add, STYPE = internal, SSPACE = 65536, COMBINEFUNC = health_baseline_combine,
  SERIALFUNC = health_baseline_serialize, DESERIALFUNC = health_baseline_deserialize,
  FINALFUNC = health_baseline_final, FINALFUNC_MODIFY = READ_ONLY, PARALLEL = SAFE
);
COMMENT ON AGGREGATE health_baseline(float8, health_model) IS
  'raw score that earns 100: percentile_cont of the eligible raw scores, or the baseline frozen in the model; NULL if nobody is eligible';
-- From raw scores to 0..100.

CREATE FUNCTION health_normalize(raw float8, model health_model) RETURNS float8
  AS 'MODULE_PATHNAME', 'health_normalize_over' LANGUAGE C WINDOW IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION health_normalize(float8, health_model) IS
  'window function: raw scores of a partition on the scale 0 to 100, on the model''s curve up to their baseline';
CREATE FUNCTION health_normalize(raw float8, model health_model, adjustment float8) RETURNS float8
  AS 'MODULE_PATHNAME', 'health_normalize_over' LANGUAGE C WINDOW IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION health_normalize(float8, health_model, float8) IS
  'window function: raw scores of a partition as 0 to 100, and an adjustment in points, the result kept within 0 and 100';
CREATE FUNCTION health_normalize(raw float8, model health_model, praise float8, penalty float8) RETURNS float8
  AS 'MODULE_PATHNAME', 'health_normalize_over' LANGUAGE C WINDOW IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION health_normalize(float8, health_model, float8, float8) IS
  'window function: raw scores of a partition as 0 to 100, with points that are added first, up to 100, and points that are taken then, down to 0; as health_score does';
CREATE FUNCTION health_normalize(raw float8, baseline float8, model health_model, adjustment float8 DEFAULT NULL)
  RETURNS float8
  AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION health_normalize(float8, float8, health_model, float8) IS
  'a raw score against a frozen or shared baseline; a NULL baseline gives 0 for raw <= 0, else NULL';
CREATE FUNCTION health_normalize(raw float8, baseline float8, model health_model, praise float8, penalty float8)
  RETURNS float8
  AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION health_normalize(float8, float8, health_model, float8, float8) IS
  'a raw score against a baseline, with points that are added first, up to 100, and points that are taken then, down to 0';
-- Numbers clamped to two percentiles of their partition, so that outliers do not distort what is derived from them.

CREATE FUNCTION health_winsorize(x float8, lower_percentile float8, upper_percentile float8) RETURNS float8
  AS 'MODULE_PATHNAME' LANGUAGE C WINDOW IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION health_winsorize(float8, float8, float8) IS
  'window function: x clamped to two percentiles (0 to 1) of its partition';
-- The band of a score: red, yellow or green, or one of those that the model names.

CREATE FUNCTION health_band(score float8) RETURNS text
  AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION health_band(float8) IS 'red below 50, yellow below 80, else green';
CREATE FUNCTION health_band(score float8, model health_model) RETURNS text
  AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION health_band(float8, health_model) IS 'red, yellow or green by the cuts of the model, or its bands; a cut belongs to the better band';
-- The band of a series of scores, with hysteresis: it does not flap where scores move around a cut.

CREATE FUNCTION health_stable_band(score float8, model health_model) RETURNS text
  AS 'MODULE_PATHNAME' LANGUAGE C WINDOW IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION health_stable_band(float8, health_model) IS
  'window function, OVER (PARTITION BY account ORDER BY day): band with hysteresis; stable_readings, stable_margin and drop_points of the model; a NULL score keeps the band';
-- Alerts on a series of scores: one for each transition.

CREATE FUNCTION health_alert(score float8, day date, model health_model) RETURNS text
  AS 'MODULE_PATHNAME' LANGUAGE C WINDOW IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION health_alert(float8, date, health_model) IS
  'window function, OVER (PARTITION BY account ORDER BY day): alert of a reading, or NULL: entered_red (the worst band), drop, entered_yellow (a fall into any other band) or recovered; one per transition, none within the cooldown of its kind';
-- Populations as values: whom an account is compared with.

-- A type that is a document: stored as jsonb, validated when it is made.
CREATE TYPE health_population;

CREATE FUNCTION health_population_in(cstring) RETURNS health_population
  AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION health_population_in(cstring) IS 'input of health_population';
CREATE FUNCTION health_population_out(health_population) RETURNS cstring
  AS 'jsonb_out' LANGUAGE internal IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION health_population_out(health_population) IS 'output of health_population';
CREATE FUNCTION health_population_recv(internal) RETURNS health_population
  AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION health_population_recv(internal) IS 'binary input of health_population';
CREATE FUNCTION health_population_send(health_population) RETURNS bytea
  AS 'jsonb_send' LANGUAGE internal IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION health_population_send(health_population) IS 'binary output of health_population';

CREATE TYPE health_population (
  INPUT = health_population_in, OUTPUT = health_population_out, RECEIVE = health_population_recv, SEND = health_population_send, LIKE = jsonb
);
COMMENT ON TYPE health_population IS 'whom accounts are compared with: model, date, baseline, medians and the profile of the peers; made by health_population(activity, model, as_of)';

CREATE FUNCTION health_population(document jsonb) RETURNS health_population
  AS 'MODULE_PATHNAME', 'health_population_from_jsonb' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION health_population(jsonb) IS 'a jsonb document as a population; error 22023 for anything else';
CREATE CAST (jsonb AS health_population) WITH FUNCTION health_population(jsonb) AS ASSIGNMENT;
COMMENT ON CAST (jsonb AS health_population) IS 'validates the document';
CREATE CAST (health_population AS jsonb) WITHOUT FUNCTION AS ASSIGNMENT;
COMMENT ON CAST (health_population AS jsonb) IS 'the population as a document';
-- Casts between health_population and json.
CREATE CAST (json AS health_population) WITH INOUT AS ASSIGNMENT;
COMMENT ON CAST (json AS health_population) IS 'validates the document';
-- A cast WITH FUNCTION: to_jsonb, row_to_json and the like use no other, and would quote the text form as a string.
CREATE FUNCTION health_population_json(population health_population) RETURNS json IMMUTABLE STRICT PARALLEL SAFE
  RETURN population::pg_catalog.text::pg_catalog.json;
COMMENT ON FUNCTION health_population_json(health_population) IS 'the population as json; for the cast';
CREATE CAST (health_population AS json) WITH FUNCTION health_population_json(health_population) AS ASSIGNMENT;
COMMENT ON CAST (health_population AS json) IS 'the population as a document';
-- Comparison operators and operator classes of health_population, to sort, join and group by it. Its C functions: library,
-- where they are, with a comma, and c, how their names begin.

CREATE FUNCTION health_population_eq(a health_population, b health_population) RETURNS boolean
  AS  'jsonb_eq' LANGUAGE internal IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION health_population_eq(health_population, health_population) IS 'implements =';
CREATE OPERATOR = (
  LEFTARG = health_population, RIGHTARG = health_population, FUNCTION = health_population_eq,
  COMMUTATOR = =, NEGATOR = <>, RESTRICT = eqsel, JOIN = eqjoinsel, HASHES, MERGES
);
COMMENT ON OPERATOR = (health_population, health_population) IS 'equal';
CREATE FUNCTION health_population_ne(a health_population, b health_population) RETURNS boolean
  AS  'jsonb_ne' LANGUAGE internal IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION health_population_ne(health_population, health_population) IS 'implements <>';
CREATE OPERATOR <> (
  LEFTARG = health_population, RIGHTARG = health_population, FUNCTION = health_population_ne,
  COMMUTATOR = <>, NEGATOR = =, RESTRICT = neqsel, JOIN = neqjoinsel
);
COMMENT ON OPERATOR <> (health_population, health_population) IS 'not equal';
CREATE FUNCTION health_population_lt(a health_population, b health_population) RETURNS boolean
  AS  'jsonb_lt' LANGUAGE internal IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION health_population_lt(health_population, health_population) IS 'implements <';
CREATE OPERATOR < (
  LEFTARG = health_population, RIGHTARG = health_population, FUNCTION = health_population_lt,
  COMMUTATOR = >, NEGATOR = >=, RESTRICT = scalarltsel, JOIN = scalarltjoinsel
);
COMMENT ON OPERATOR < (health_population, health_population) IS 'less than, in the order of the type';
CREATE FUNCTION health_population_le(a health_population, b health_population) RETURNS boolean
  AS  'jsonb_le' LANGUAGE internal IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION health_population_le(health_population, health_population) IS 'implements <=';
CREATE OPERATOR <= (
  LEFTARG = health_population, RIGHTARG = health_population, FUNCTION = health_population_le,
  COMMUTATOR = >=, NEGATOR = >, RESTRICT = scalarlesel, JOIN = scalarlejoinsel
);
COMMENT ON OPERATOR <= (health_population, health_population) IS 'less than or equal, in the order of the type';
CREATE FUNCTION health_population_gt(a health_population, b health_population) RETURNS boolean
  AS  'jsonb_gt' LANGUAGE internal IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION health_population_gt(health_population, health_population) IS 'implements >';
CREATE OPERATOR > (
  LEFTARG = health_population, RIGHTARG = health_population, FUNCTION = health_population_gt,
  COMMUTATOR = <, NEGATOR = <=, RESTRICT = scalargtsel, JOIN = scalargtjoinsel
);
COMMENT ON OPERATOR > (health_population, health_population) IS 'greater than, in the order of the type';
CREATE FUNCTION health_population_ge(a health_population, b health_population) RETURNS boolean
  AS  'jsonb_ge' LANGUAGE internal IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION health_population_ge(health_population, health_population) IS 'implements >=';
CREATE OPERATOR >= (
  LEFTARG = health_population, RIGHTARG = health_population, FUNCTION = health_population_ge,
  COMMUTATOR = <=, NEGATOR = <, RESTRICT = scalargesel, JOIN = scalargejoinsel
);
COMMENT ON OPERATOR >= (health_population, health_population) IS 'greater than or equal, in the order of the type';

CREATE FUNCTION health_population_cmp(a health_population, b health_population) RETURNS int
  AS  'jsonb_cmp' LANGUAGE internal IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION health_population_cmp(health_population, health_population) IS 'orders two values: -1, 0 or 1';
CREATE FUNCTION health_population_hash(health_population) RETURNS int
  AS  'jsonb_hash' LANGUAGE internal IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION health_population_hash(health_population) IS 'hash of a value';
CREATE FUNCTION health_population_hash_extended(health_population, bigint) RETURNS bigint
  AS  'jsonb_hash_extended' LANGUAGE internal IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION health_population_hash_extended(health_population, bigint) IS 'seeded hash of a value';

CREATE OPERATOR CLASS health_population_btree_ops DEFAULT FOR TYPE health_population USING btree AS
  OPERATOR 1 <, OPERATOR 2 <=, OPERATOR 3 =, OPERATOR 4 >=, OPERATOR 5 >, FUNCTION 1 health_population_cmp(health_population, health_population);
COMMENT ON OPERATOR CLASS health_population_btree_ops USING btree IS 'order of health_population';
CREATE OPERATOR CLASS health_population_hash_ops DEFAULT FOR TYPE health_population USING hash AS
  OPERATOR 1 =, FUNCTION 1 health_population_hash(health_population), FUNCTION 2 health_population_hash_extended(health_population, bigint);
COMMENT ON OPERATOR CLASS health_population_hash_ops USING hash IS 'hashing of health_population';

-- The text form takes untyped literals and string parameters of database drivers, as that of models does.
CREATE FUNCTION health_population_override(population health_population, words jsonb) RETURNS health_population
  AS 'MODULE_PATHNAME', 'health_population_override' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION health_population_override(health_population, jsonb) IS 'implements ||';
CREATE OPERATOR || (LEFTARG = health_population, RIGHTARG = jsonb, FUNCTION = health_population_override);
COMMENT ON OPERATOR || (health_population, jsonb) IS
  'the population in other words: language, name, version, next_steps, and label, text, next_step of signals; any other key is an error';
CREATE FUNCTION health_population_override(population health_population, words text) RETURNS health_population
  AS 'MODULE_PATHNAME', 'health_population_override_text' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION health_population_override(health_population, text) IS 'implements ||';
CREATE OPERATOR || (LEFTARG = health_population, RIGHTARG = text, FUNCTION = health_population_override);
COMMENT ON OPERATOR || (health_population, text) IS
  'the population in other words: language, name, version, next_steps, and label, text, next_step of signals; any other key is an error';

CREATE FUNCTION health_population_rows(population health_population)
  RETURNS TABLE (signal text, label text, contribution float8, recent float8, days_inactive float8, pct float8, stopped date)
  AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE ROWS 20;
COMMENT ON FUNCTION health_population_rows(health_population) IS
  'a population''s medians of each signal. Of the peers, the more active half: contribution, in raw points, and recent, its measure over trend_days (per size where sizes were given). Of the accounts that had it, from min_population on: days_inactive, full days without it, and pct, change in percent against the trend_days before; stopped: its first day without anybody';

CREATE TYPE health_population_part;

CREATE FUNCTION health_population_part_in(cstring) RETURNS health_population_part
  AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION health_population_part_in(cstring) IS 'input of health_population_part: bytes, as of bytea';
CREATE FUNCTION health_population_part_out(health_population_part) RETURNS cstring
  AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION health_population_part_out(health_population_part) IS 'output of health_population_part: bytes, as of bytea in hex';
CREATE FUNCTION health_population_part_recv(internal) RETURNS health_population_part
  AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION health_population_part_recv(internal) IS 'binary input of health_population_part';
CREATE FUNCTION health_population_part_send(health_population_part) RETURNS bytea
  AS 'byteasend' LANGUAGE internal IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION health_population_part_send(health_population_part) IS 'binary output of health_population_part';

CREATE TYPE health_population_part (
  INPUT = health_population_part_in, OUTPUT = health_population_part_out, RECEIVE = health_population_part_recv,
  SEND = health_population_part_send, INTERNALLENGTH = VARIABLE, ALIGNMENT = double, STORAGE = extended
);
COMMENT ON TYPE health_population_part IS
  'part of a population that others can be merged with: four numbers for each account and signal; made by health_population_part(activity, model, as_of)';

CREATE FUNCTION health_population_add(state health_population_part, activity health_activity, model health_model, as_of date) RETURNS health_population_part
  AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE COST 200;
COMMENT ON FUNCTION health_population_add(health_population_part, health_activity, health_model, date) IS 'transition of health_population and health_population_part; for the aggregates only';
CREATE FUNCTION health_population_add(state health_population_part, activity health_activity, model health_model, as_of date, size float8) RETURNS health_population_part
  AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE COST 200;
COMMENT ON FUNCTION health_population_add(health_population_part, health_activity, health_model, date, float8) IS 'transition of health_population and health_population_part; for the aggregates only';
CREATE FUNCTION health_population_add(state health_population_part, activity health_activity, model health_model, as_of date, size float8, since date) RETURNS health_population_part
  AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE COST 200;
COMMENT ON FUNCTION health_population_add(health_population_part, health_activity, health_model, date, float8, date) IS 'transition of health_population and health_population_part; for the aggregates only';
CREATE FUNCTION health_population_combine(state health_population_part, part health_population_part) RETURNS health_population_part
  AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE COST 200;
COMMENT ON FUNCTION health_population_combine(health_population_part, health_population_part) IS 'combines two states; for the aggregates only';
CREATE FUNCTION health_population_final(state health_population_part) RETURNS health_population
  AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION health_population_final(health_population_part) IS 'result of health_population and health_population_merge; for the aggregates only';
CREATE FUNCTION health_population_part_final(state health_population_part) RETURNS health_population_part
  AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION health_population_part_final(health_population_part) IS 'a state as it is stored; for the aggregates only';

CREATE AGGREGATE health_population(activity health_activity, model health_model, as_of date) (
  SFUNC = health_population_add, STYPE = health_population_part, SSPACE = 65536,
  COMBINEFUNC = health_population_combine, FINALFUNC = health_population_final, FINALFUNC_MODIFY = READ_ONLY, PARALLEL = SAFE
);
COMMENT ON AGGREGATE health_population(health_activity, health_model, date) IS 'population of these accounts under a model at a date; NULL without any row that has a model and a date';
CREATE AGGREGATE health_population_part(activity health_activity, model health_model, as_of date) (
  SFUNC = health_population_add, STYPE = health_population_part, SSPACE = 65536,
  COMBINEFUNC = health_population_combine, FINALFUNC = health_population_part_final, FINALFUNC_MODIFY = READ_ONLY, PARALLEL = SAFE
);
COMMENT ON AGGREGATE health_population_part(health_activity, health_model, date) IS 'part of a population of these accounts under a model at a date, to be merged with others';
CREATE AGGREGATE health_population(activity health_activity, model health_model, as_of date, size float8) (
  SFUNC = health_population_add, STYPE = health_population_part, SSPACE = 65536,
  COMBINEFUNC = health_population_combine, FINALFUNC = health_population_final, FINALFUNC_MODIFY = READ_ONLY, PARALLEL = SAFE
);
COMMENT ON AGGREGATE health_population(health_activity, health_model, date, float8) IS 'population of these accounts, per size (seats); NULL without any row that has a model and a date';
CREATE AGGREGATE health_population_part(activity health_activity, model health_model, as_of date, size float8) (
  SFUNC = health_population_add, STYPE = health_population_part, SSPACE = 65536,
  COMBINEFUNC = health_population_combine, FINALFUNC = health_population_part_final, FINALFUNC_MODIFY = READ_ONLY, PARALLEL = SAFE
);
COMMENT ON AGGREGATE health_population_part(health_activity, health_model, date, float8) IS 'part of a population of these accounts, per size (seats), to be merged with others';
CREATE AGGREGATE health_population(activity health_activity, model health_model, as_of date, size float8, since date) (
  SFUNC = health_population_add, STYPE = health_population_part, SSPACE = 65536,
  COMBINEFUNC = health_population_combine, FINALFUNC = health_population_final, FINALFUNC_MODIFY = READ_ONLY, PARALLEL = SAFE
);
COMMENT ON AGGREGATE health_population(health_activity, health_model, date, float8, date) IS 'population of these accounts, per size and with the day each began; NULL without any row that has a model and a date';
CREATE AGGREGATE health_population_part(activity health_activity, model health_model, as_of date, size float8, since date) (
  SFUNC = health_population_add, STYPE = health_population_part, SSPACE = 65536,
  COMBINEFUNC = health_population_combine, FINALFUNC = health_population_part_final, FINALFUNC_MODIFY = READ_ONLY, PARALLEL = SAFE
);
COMMENT ON AGGREGATE health_population_part(health_activity, health_model, date, float8, date) IS 'part of a population of these accounts, per size and with the day each began, to be merged with others';
CREATE AGGREGATE health_population_merge(part health_population_part) (
  SFUNC = health_population_combine, STYPE = health_population_part, SSPACE = 65536,
  COMBINEFUNC = health_population_combine, FINALFUNC = health_population_final, FINALFUNC_MODIFY = READ_ONLY, PARALLEL = SAFE
);
COMMENT ON AGGREGATE health_population_merge(health_population_part) IS
  'population of parts that were made under one model at one date; exact in any order and any split';
-- Scores 0..100 of the accounts of a partition.

CREATE FUNCTION health_score(activity health_activity, model health_model, as_of date) RETURNS float8
  AS 'MODULE_PATHNAME' LANGUAGE C WINDOW IMMUTABLE PARALLEL SAFE COST 200;
COMMENT ON FUNCTION health_score(health_activity, health_model, date) IS
  'window function: scores 0 to 100 of the accounts of a partition; model and as_of are the same for all of its rows';
CREATE FUNCTION health_score(activity health_activity, model health_model, as_of date, size float8) RETURNS float8
  AS 'MODULE_PATHNAME' LANGUAGE C WINDOW IMMUTABLE PARALLEL SAFE COST 200;
COMMENT ON FUNCTION health_score(health_activity, health_model, date, float8) IS
  'window function: scores of a partition per size (seats); a missing size is taken at the median of the partition';
CREATE FUNCTION health_score(activity health_activity, model health_model, as_of date, size float8, since date) RETURNS float8
  AS 'MODULE_PATHNAME' LANGUAGE C WINDOW IMMUTABLE PARALLEL SAFE COST 200;
COMMENT ON FUNCTION health_score(health_activity, health_model, date, float8, date) IS
  'window function: scores of a partition, with the day each account began: young ones are scaled to their tenure and stay out of the baseline; NULL until it began';

-- Against a population, in any query and on every core.
CREATE FUNCTION health_score(population health_population, activity health_activity, size float8 DEFAULT NULL,
                    since date DEFAULT NULL, as_of date DEFAULT NULL) RETURNS float8
  AS 'MODULE_PATHNAME', 'health_score_of_population' LANGUAGE C IMMUTABLE PARALLEL SAFE COST 200;
COMMENT ON FUNCTION health_score(health_population, health_activity, float8, date, date) IS
  'score 0 to 100 of one account against a population; with a size where the population has sizes, with since where it has days; a later as_of than the population''s leaves it as it was, a frozen one';
-- Scores of a population, and what they are made of.

CREATE TYPE health_report_row AS (
  as_of date,
  score float8,
  score_shown int,
  band text,
  trend text,
  score_change float8,
  previous_score float8,
  reason text,
  main_risk text,
  main_risk_signal text,
  main_risk_dimension text,
  next_step text,
  main_opportunity text,
  main_opportunity_signal text,
  dimensions jsonb,
  drivers jsonb,
  coverage float8,
  raw_score float8,
  raw_change_pct float8,
  baseline float8,
  days_inactive int,
  accounts_compared int,
  flags text,
  model text
);
COMMENT ON TYPE health_report_row IS 'one account''s report; expand it with (r).* in an outer query';
COMMENT ON COLUMN health_report_row.as_of IS 'the date the score holds for: full days before it count';
COMMENT ON COLUMN health_report_row.score IS '0 to 100; NULL without data';
COMMENT ON COLUMN health_report_row.score_shown IS 'the score as sentences say it, rounded down: another rounding may show another band';
COMMENT ON COLUMN health_report_row.band IS 'red, yellow or green, or the model''s own bands';
COMMENT ON COLUMN health_report_row.trend IS 'up, down or flat against trend_days earlier';
COMMENT ON COLUMN health_report_row.score_change IS 'points against trend_days earlier';
COMMENT ON COLUMN health_report_row.previous_score IS 'the same model trend_days earlier';
COMMENT ON COLUMN health_report_row.reason IS 'sentence to read out';
COMMENT ON COLUMN health_report_row.main_risk IS 'what somebody should look at first; NULL where nobody needs to: the accounts that have one are the work list';
COMMENT ON COLUMN health_report_row.main_risk_signal IS 'its signal; NULL where it is a fact of the account, such as nobody being active';
COMMENT ON COLUMN health_report_row.main_risk_dimension IS 'its dimension; of a fact of the account, the one whose usage lost most';
COMMENT ON COLUMN health_report_row.next_step IS 'what to do about the main risk; without one about the opportunity, or for a new account';
COMMENT ON COLUMN health_report_row.main_opportunity IS 'good news to talk about more; NULL where there is none';
COMMENT ON COLUMN health_report_row.main_opportunity_signal IS 'its signal; NULL where it is usage as a whole';
COMMENT ON COLUMN health_report_row.dimensions IS 'points per dimension; they sum to the score';
COMMENT ON COLUMN health_report_row.drivers IS 'array of drivers; their points sum to the score';
COMMENT ON COLUMN health_report_row.coverage IS 'of a scorecard: share of the weights, 0 to 1, whose measures have a value; NULL otherwise';
COMMENT ON COLUMN health_report_row.raw_score IS 'the weighted, decayed sum before it is compared with others';
COMMENT ON COLUMN health_report_row.raw_change_pct IS 'percent that the raw score moved against trend_days earlier';
COMMENT ON COLUMN health_report_row.baseline IS 'raw score that earns 100 in this population';
COMMENT ON COLUMN health_report_row.days_inactive IS 'full days without usage; NULL if there never was any';
COMMENT ON COLUMN health_report_row.accounts_compared IS 'how many accounts make the baseline';
COMMENT ON COLUMN health_report_row.flags IS
  'comma-separated: no_activity, no_data, size_missing, new_account, not_started, small_population, degenerate_baseline, unscored_signals, usage_drop, stale_data, signal_stopped, fleet_fell';
COMMENT ON COLUMN health_report_row.model IS 'name and version of the model; NULL without a name';

CREATE FUNCTION health_report(activity health_activity, model health_model, as_of date) RETURNS health_report_row
  AS 'MODULE_PATHNAME' LANGUAGE C WINDOW IMMUTABLE PARALLEL SAFE COST 1000;
COMMENT ON FUNCTION health_report(health_activity, health_model, date) IS
  'window function: score, band, trend, drivers and flags of each account of a partition; expand it with (r).* in an outer query';
CREATE FUNCTION health_report(activity health_activity, model health_model, as_of date, size float8)
  RETURNS health_report_row
  AS 'MODULE_PATHNAME' LANGUAGE C WINDOW IMMUTABLE PARALLEL SAFE COST 1000;
COMMENT ON FUNCTION health_report(health_activity, health_model, date, float8) IS
  'window function: reports of a partition per size (seats); a missing size is taken at the median of the partition';
CREATE FUNCTION health_report(activity health_activity, model health_model, as_of date, size float8, since date)
  RETURNS health_report_row
  AS 'MODULE_PATHNAME' LANGUAGE C WINDOW IMMUTABLE PARALLEL SAFE COST 1000;
COMMENT ON FUNCTION health_report(health_activity, health_model, date, float8, date) IS
  'window function: reports of a partition, with the day each account began: young ones are scaled to their tenure and stay out of the baseline; flags new_account and not_started';

-- Against a population, in any query and on every core.
CREATE FUNCTION health_report(population health_population, activity health_activity, size float8 DEFAULT NULL,
                    since date DEFAULT NULL, as_of date DEFAULT NULL) RETURNS health_report_row
  AS 'MODULE_PATHNAME', 'health_report_of_population' LANGUAGE C IMMUTABLE PARALLEL SAFE COST 1000;
COMMENT ON FUNCTION health_report(health_population, health_activity, float8, date, date) IS
  'report of one account against a population, the row that the window function gives: SELECT r.* FROM ... CROSS JOIN LATERAL health_report(...) AS r; with a size where the population has sizes, with since where it has days; a later as_of than the population''s leaves it as it was, a frozen one';
-- The sentence that says why a score is what it is.

CREATE FUNCTION health_explain(score float8, previous_score float8, drivers jsonb, language text DEFAULT 'en') RETURNS text
  AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION health_explain(float8, float8, jsonb, text) IS
  'sentence to read out, in English (en) or French (fr): "Score 45: Admin inactive for 14 days; Export down 60%."';
-- Drivers of any weighted rows, and drivers as rows.

CREATE FUNCTION health_drivers_add(state internal, signal text, points float8) RETURNS internal
  AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION health_drivers_add(internal, text, float8) IS 'transition of health_drivers(text, float8)';
CREATE FUNCTION health_drivers_add(state internal, signal text, points float8, previous float8) RETURNS internal
  AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION health_drivers_add(internal, text, float8, float8) IS 'transition of health_drivers(text, float8, float8)';
CREATE FUNCTION health_drivers_final(state internal) RETURNS jsonb
  AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION health_drivers_final(internal) IS 'result of health_drivers';
CREATE AGGREGATE health_drivers(signal text, points float8) (
  SFUNC = health_drivers_add, STYPE = internal, SSPACE = 4096,
  FINALFUNC = health_drivers_final, FINALFUNC_MODIFY = READ_ONLY, PARALLEL = SAFE
);
COMMENT ON AGGREGATE health_drivers(text, float8) IS
  'driver list of any weighted rows, points added up per signal; worst first, then strengths, last what has no signal';
CREATE AGGREGATE health_drivers(signal text, points float8, previous float8) (
  SFUNC = health_drivers_add, STYPE = internal, SSPACE = 4096,
  FINALFUNC = health_drivers_final, FINALFUNC_MODIFY = READ_ONLY, PARALLEL = SAFE
);
COMMENT ON AGGREGATE health_drivers(text, float8, float8) IS
  'driver list of weighted rows, with the change against earlier points; NULL counts as 0 where the other number is given';

CREATE FUNCTION health_driver_rows(drivers jsonb)
  RETURNS TABLE (rank int, signal text, label text, dimension text, kind text, points float8, change float8,
                 vs_peers float8, recent float8, prior float8, pct float8, days_inactive int, text text)
  LANGUAGE sql IMMUTABLE PARALLEL SAFE ROWS 10  -- not STRICT, so that it is inlined
  BEGIN ATOMIC
    SELECT d.rank::int, d.signal, d.label, d.dimension, d.kind, d.points, d.change, d.vs_peers, d.recent, d.prior,
           d.pct, d.days_inactive, d.text
    -- Anything but an array is passed to health_explain for the sake of its error.
    FROM ROWS FROM (pg_catalog.jsonb_to_recordset(
           CASE WHEN pg_catalog.jsonb_typeof(drivers) OPERATOR(pg_catalog.=) 'array' THEN drivers
                ELSE health_explain(0, NULL, drivers)::pg_catalog.jsonb END) AS (
           signal text, label text, dimension text, kind text, points float8, change float8, vs_peers float8,
           recent float8, prior float8, pct float8, days_inactive int, text text)) WITH ORDINALITY
         AS d(signal, label, dimension, kind, points, change, vs_peers, recent, prior, pct, days_inactive, text, rank);
  END;
COMMENT ON FUNCTION health_driver_rows(jsonb) IS 'the drivers as rows, in their order: the form for BI tools';
-- Scorecards: one score from several measures.

CREATE FUNCTION health_composite_add(state bytea, score float8, weight float8) RETURNS bytea
  AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION health_composite_add(bytea, float8, float8) IS 'transition of health_composite and health_coverage';
CREATE FUNCTION health_composite_combine(state bytea, other bytea) RETURNS bytea
  AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION health_composite_combine(bytea, bytea) IS 'combines two states; for the aggregates only';
CREATE FUNCTION health_composite_final(state bytea) RETURNS float8
  AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION health_composite_final(bytea) IS 'result of health_composite';
CREATE FUNCTION health_coverage_final(state bytea) RETURNS float8
  AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION health_coverage_final(bytea) IS 'result of health_coverage';

CREATE AGGREGATE health_composite(score float8, weight float8) (
  SFUNC = health_composite_add, STYPE = bytea, COMBINEFUNC = health_composite_combine,
  FINALFUNC = health_composite_final, FINALFUNC_MODIFY = READ_ONLY, PARALLEL = SAFE
);
COMMENT ON AGGREGATE health_composite(float8, float8) IS
  'weighted mean of scores; NULL scores are left out; NULL if there is none';
CREATE AGGREGATE health_coverage(score float8, weight float8) (
  SFUNC = health_composite_add, STYPE = bytea, COMBINEFUNC = health_composite_combine,
  FINALFUNC = health_coverage_final, FINALFUNC_MODIFY = READ_ONLY, PARALLEL = SAFE
);
COMMENT ON AGGREGATE health_coverage(float8, float8) IS
  'share of the weight, 0 to 1, that had a score; NULL where the weights add up to 0';
-- The slope of a series of scores.

CREATE FUNCTION health_slope_add(state internal, score float8, day date) RETURNS internal
  AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION health_slope_add(internal, float8, date) IS 'transition of health_slope';
CREATE FUNCTION health_slope_remove(state internal, score float8, day date) RETURNS internal
  AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION health_slope_remove(internal, float8, date) IS 'inverse transition of health_slope';
CREATE FUNCTION health_slope_final(state internal) RETURNS float8
  AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE COST 1000;
COMMENT ON FUNCTION health_slope_final(internal) IS 'result of health_slope';
CREATE AGGREGATE health_slope(score float8, day date) (
  SFUNC = health_slope_add, STYPE = internal, SSPACE = 2048,
  FINALFUNC = health_slope_final, FINALFUNC_MODIFY = READ_ONLY,
  MSFUNC = health_slope_add, MINVFUNC = health_slope_remove, MSTYPE = internal, MSSPACE = 2048,
  MFINALFUNC = health_slope_final, MFINALFUNC_MODIFY = READ_ONLY, PARALLEL = SAFE
);
COMMENT ON AGGREGATE health_slope(float8, date) IS
  'Theil-Sen slope in points a week: the median over all pairs of readings; NULL with fewer than two days; at most 4096 readings';
-- A series of scores as a line of text.

CREATE FUNCTION health_sparkline_add(state internal, score float8) RETURNS internal
  AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION health_sparkline_add(internal, float8) IS 'transition of health_sparkline';
CREATE FUNCTION health_sparkline_final(state internal) RETURNS text
  AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION health_sparkline_final(internal) IS 'result of health_sparkline';
CREATE AGGREGATE health_sparkline(score float8) (
  SFUNC = health_sparkline_add, STYPE = internal, SSPACE = 2048,
  FINALFUNC = health_sparkline_final, FINALFUNC_MODIFY = READ_ONLY, PARALLEL = SAFE
);
COMMENT ON AGGREGATE health_sparkline(float8) IS
  'scores as a line of blocks on the fixed scale 0 to 100: health_sparkline(score ORDER BY day); a space for NULL';
-- How well scores tell who stayed from who churned.

CREATE FUNCTION health_auc_add(state internal, score float8, churned boolean) RETURNS internal
  AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION health_auc_add(internal, float8, boolean) IS
  'transition of health_auc, health_auc_interval and health_calibration';
-- What carries a state of health_auc between workers.
CREATE FUNCTION health_auc_combine(state internal, other internal) RETURNS internal
  AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION health_auc_combine(internal, internal) IS 'combines two states; for health_auc only';
CREATE FUNCTION health_auc_serialize(state internal) RETURNS bytea
  AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION health_auc_serialize(internal) IS 'state of health_auc as bytes, for workers';
CREATE FUNCTION health_auc_deserialize(state bytea, internal) RETURNS internal
  AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION health_auc_deserialize(bytea, internal) IS 'state of health_auc from bytes, for workers';
CREATE FUNCTION health_auc_final(state internal) RETURNS float8
  AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION health_auc_final(internal) IS 'result of health_auc';
CREATE FUNCTION health_auc_interval_final(state internal) RETURNS float8[]
  AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION health_auc_interval_final(internal) IS 'result of health_auc_interval';

CREATE AGGREGATE health_auc(score float8, churned boolean) (
  SFUNC = health_auc_add, STYPE = internal, SSPACE = 65536, COMBINEFUNC = health_auc_combine,
  SERIALFUNC = health_auc_serialize, DESERIALFUNC = health_auc_deserialize,
  FINALFUNC = health_auc_final, FINALFUNC_MODIFY = READ_ONLY, PARALLEL = SAFE
);
COMMENT ON AGGREGATE health_auc(float8, boolean) IS
  'chance that an account that was kept scores above one that churned, ties one half: 0.5 knows nothing, 1 tells all; NULL unless there are both';
CREATE AGGREGATE health_auc_interval(score float8, churned boolean) (
  SFUNC = health_auc_add, STYPE = internal, SSPACE = 65536, COMBINEFUNC = health_auc_combine,
  SERIALFUNC = health_auc_serialize, DESERIALFUNC = health_auc_deserialize,
  FINALFUNC = health_auc_interval_final, FINALFUNC_MODIFY = READ_ONLY, PARALLEL = SAFE
);
COMMENT ON AGGREGATE health_auc_interval(float8, boolean) IS
  'low and high end of health_auc at 95 % (the wider of those of DeLong and Newcombe); where 0.5 lies between them no link is shown';
-- What a score means in churn.

CREATE FUNCTION health_calibration_final(state internal) RETURNS jsonb
  AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION health_calibration_final(internal) IS 'result of health_calibration';
CREATE AGGREGATE health_calibration(score float8, churned boolean) (
  SFUNC = health_auc_add, STYPE = internal, SSPACE = 65536, COMBINEFUNC = health_auc_combine,
  SERIALFUNC = health_auc_serialize, DESERIALFUNC = health_auc_deserialize,
  FINALFUNC = health_calibration_final, FINALFUNC_MODIFY = READ_ONLY, PARALLEL = SAFE
);
COMMENT ON AGGREGATE health_calibration(float8, boolean) IS
  'churn rate by score as steps that fall while scores rise (isotonic regression), each with its 95 % interval; for health_churn_probability';

CREATE FUNCTION health_churn_probability(score float8, calibration jsonb) RETURNS float8
  AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION health_churn_probability(float8, jsonb) IS
  'chance of churn, 0 to 1, of a score, by a calibration; straight between its steps';
CREATE FUNCTION health_churn_interval(score float8, calibration jsonb) RETURNS float8[]
  AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION health_churn_interval(float8, jsonb) IS
  'low and high end of health_churn_probability at 95 % (Wilson, of the accounts of the step)';
-- Documents that are results: what functions in _rows take is looked at first, since one that lacks what they read would
-- be no rows, as if nothing had been found.

CREATE FUNCTION health_result(document jsonb, maker text, key text DEFAULT NULL) RETURNS jsonb
  AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION health_result(jsonb, text, text) IS
  'the document, if it has the key (without one: if it is an array), as the result of the function maker has; else error 22023. For the functions in _rows';
-- How good scores were, seen by who churned.

CREATE FUNCTION health_backtest_add(state internal, score float8, churned boolean, model health_model) RETURNS internal
  AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION health_backtest_add(internal, float8, boolean, health_model) IS 'transition of health_backtest';
CREATE FUNCTION health_backtest_final(state internal) RETURNS jsonb
  AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION health_backtest_final(internal) IS 'result of health_backtest';
CREATE AGGREGATE health_backtest(score float8, churned boolean, model health_model) (
  SFUNC = health_backtest_add, STYPE = internal, SSPACE = 65536,
  FINALFUNC = health_backtest_final, FINALFUNC_MODIFY = READ_ONLY, PARALLEL = SAFE
);
COMMENT ON AGGREGATE health_backtest(float8, boolean, health_model) IS
  'how the scores of a date did, by who left: churn rate, AUC, deciles, bands, cuts, calibration; rows with a NULL score or churned are not counted. Rows: health_backtest_rows; all keys: docs/proof.md';

CREATE FUNCTION health_backtest_rows(backtest jsonb)
  RETURNS TABLE (part text, bucket text, accounts int, churned int, churn_rate float8, low float8, high float8, lift float8,
                 "precision" float8, recall float8)
  LANGUAGE sql IMMUTABLE PARALLEL SAFE ROWS 20  -- not STRICT, so that it is inlined
  BEGIN ATOMIC
    SELECT p.part,
           CASE p.part WHEN 'all' THEN 'all' WHEN 'decile' THEN r.decile::text WHEN 'band' THEN r.band
                       ELSE pg_catalog.concat(pg_catalog.round(r.from_score::numeric, 1), '..',
                                              pg_catalog.round(r.to_score::numeric, 1)) END,
           r.accounts, r.churned, r.churn_rate, r.low, r.high, r.lift, r.precision,
           CASE p.part WHEN 'band' THEN r.recall END
    FROM (VALUES ('all'::text, pg_catalog.jsonb_build_array(health_result(backtest, 'health_backtest', 'deciles'))),
                 ('decile', backtest OPERATOR(pg_catalog.->) 'deciles'), ('band', backtest OPERATOR(pg_catalog.->) 'bands'),
                 ('calibration', backtest OPERATOR(pg_catalog.#>) '{calibration,steps}'))
           AS p (part, items)
    CROSS JOIN ROWS FROM (pg_catalog.jsonb_to_recordset(p.items) AS (
           decile int, band text, from_score float8, to_score float8, accounts int, churned int, churn_rate float8, low float8,
           high float8, lift float8, precision float8, recall float8)) WITH ORDINALITY AS r (decile, band, from_score, to_score,
           accounts, churned, churn_rate, low, high, lift, precision, recall, place)
    WHERE backtest IS NOT NULL
    ORDER BY pg_catalog.array_position('{all,decile,band,calibration}'::text[], p.part), r.place;
  END;
COMMENT ON FUNCTION health_backtest_rows(jsonb) IS
  'a backtest as rows: part is all, decile (1 has the lowest scores), band or calibration (scores from..to). precision and recall are of the accounts up to this band, NULL elsewhere';
-- What each signal says of churn by itself.

CREATE FUNCTION health_signal_power_add(state internal, activity health_activity, churned boolean, model health_model, as_of date)
  RETURNS internal AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE COST 200;
COMMENT ON FUNCTION health_signal_power_add(internal, health_activity, boolean, health_model, date) IS 'transition of health_signal_power';
CREATE FUNCTION health_signal_power_final(state internal) RETURNS jsonb
  AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION health_signal_power_final(internal) IS 'result of health_signal_power';
CREATE AGGREGATE health_signal_power(activity health_activity, churned boolean, model health_model, as_of date) (
  SFUNC = health_signal_power_add, STYPE = internal, SSPACE = 1048576,
  FINALFUNC = health_signal_power_final, FINALFUNC_MODIFY = READ_ONLY, PARALLEL = SAFE
);
COMMENT ON AGGREGATE health_signal_power(health_activity, boolean, health_model, date) IS
  'what each signal of the model says by itself of who left, at one or several dates. Rows: health_signal_power_rows, the most telling first';

CREATE FUNCTION health_signal_power_rows(power jsonb)
  RETURNS TABLE (signal text, label text, weight float8, observations int, coverage float8, auc float8, auc_low float8,
                 auc_high float8, churn_rate_with float8, churn_rate_without float8, direction text)
  LANGUAGE sql IMMUTABLE PARALLEL SAFE ROWS 20  -- not STRICT, so that it is inlined
  BEGIN ATOMIC
    SELECT r.signal, r.label, r.weight, r.observations, r.coverage, r.auc, r.auc_low, r.auc_high, r.churn_rate_with,
           r.churn_rate_without, r.direction
    FROM pg_catalog.jsonb_to_recordset(health_result(power, 'health_signal_power')) AS r (
           signal text, label text, weight float8, observations int, coverage float8, auc float8, auc_low float8,
           auc_high float8, churn_rate_with float8, churn_rate_without float8, direction text);
  END;
COMMENT ON FUNCTION health_signal_power_rows(jsonb) IS 'what health_signal_power found of each signal, the most telling first. auc: the chance that an account that stayed has more of it than one that left; coverage: share of the rows that have it';
-- Which window and half-life tell best who will churn.

-- What carries a state of health_tune between workers.
CREATE FUNCTION health_tune_combine(state internal, other internal) RETURNS internal
  AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION health_tune_combine(internal, internal) IS 'combines two states; for health_tune only';
CREATE FUNCTION health_tune_serialize(state internal) RETURNS bytea
  AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION health_tune_serialize(internal) IS 'state of health_tune as bytes, for workers';
CREATE FUNCTION health_tune_deserialize(state bytea, internal) RETURNS internal
  AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION health_tune_deserialize(bytea, internal) IS 'state of health_tune from bytes, for workers';
-- What is left of health_tune, an aggregate that learns from accounts and what became of them.
CREATE FUNCTION health_tune_final(state internal) RETURNS jsonb
  AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION health_tune_final(internal) IS 'result of health_tune';
CREATE FUNCTION health_tune_add(state internal, activity health_activity, churned boolean, model health_model, as_of date) RETURNS internal
  AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE COST 2000;
COMMENT ON FUNCTION health_tune_add(internal, health_activity, boolean, health_model, date) IS 'transition of health_tune';
CREATE AGGREGATE health_tune(activity health_activity, churned boolean, model health_model, as_of date) (
  SFUNC = health_tune_add, STYPE = internal, SSPACE = 1048576, COMBINEFUNC = health_tune_combine,
  SERIALFUNC = health_tune_serialize, DESERIALFUNC = health_tune_deserialize,
  FINALFUNC = health_tune_final, FINALFUNC_MODIFY = READ_ONLY, PARALLEL = SAFE
);
COMMENT ON AGGREGATE health_tune(health_activity, boolean, health_model, date) IS
  'which of 42 windows and half-lives tells best who left; key model: the one to take, which is the given one unless another is better beyond chance. Rows: health_tune_rows; all keys: docs/proof.md';
CREATE FUNCTION health_tune_add(state internal, activity health_activity, churned boolean, model health_model, as_of date, size float8) RETURNS internal
  AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE COST 2000;
COMMENT ON FUNCTION health_tune_add(internal, health_activity, boolean, health_model, date, float8) IS 'transition of health_tune';
CREATE AGGREGATE health_tune(activity health_activity, churned boolean, model health_model, as_of date, size float8) (
  SFUNC = health_tune_add, STYPE = internal, SSPACE = 1048576, COMBINEFUNC = health_tune_combine,
  SERIALFUNC = health_tune_serialize, DESERIALFUNC = health_tune_deserialize,
  FINALFUNC = health_tune_final, FINALFUNC_MODIFY = READ_ONLY, PARALLEL = SAFE
);
COMMENT ON AGGREGATE health_tune(health_activity, boolean, health_model, date, float8) IS
  'which of 42 windows and half-lives tells best who left; key model: the one to take, which is the given one unless another is better beyond chance. Rows: health_tune_rows; all keys: docs/proof.md';
CREATE FUNCTION health_tune_add(state internal, activity health_activity, churned boolean, model health_model, as_of date, size float8, since date) RETURNS internal
  AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE COST 2000;
COMMENT ON FUNCTION health_tune_add(internal, health_activity, boolean, health_model, date, float8, date) IS 'transition of health_tune';
CREATE AGGREGATE health_tune(activity health_activity, churned boolean, model health_model, as_of date, size float8, since date) (
  SFUNC = health_tune_add, STYPE = internal, SSPACE = 1048576, COMBINEFUNC = health_tune_combine,
  SERIALFUNC = health_tune_serialize, DESERIALFUNC = health_tune_deserialize,
  FINALFUNC = health_tune_final, FINALFUNC_MODIFY = READ_ONLY, PARALLEL = SAFE
);
COMMENT ON AGGREGATE health_tune(health_activity, boolean, health_model, date, float8, date) IS
  'which of 42 windows and half-lives tells best who left; key model: the one to take, which is the given one unless another is better beyond chance. Rows: health_tune_rows; all keys: docs/proof.md';

CREATE FUNCTION health_tune_rows(tuned jsonb)
  RETURNS TABLE (window_days int, half_life_days float8, auc float8, auc_low float8, auc_high float8, current boolean, chosen boolean)
  LANGUAGE sql IMMUTABLE PARALLEL SAFE ROWS 43  -- not STRICT, so that it is inlined
  BEGIN ATOMIC
    SELECT r.window_days, r.half_life_days, r.auc, r.auc_low, r.auc_high, r.current, r.chosen
    FROM pg_catalog.jsonb_to_recordset(
           health_result(tuned, 'health_tune', 'tried') OPERATOR(pg_catalog.->) 'tried') AS r (
           window_days int, half_life_days float8, auc float8, auc_low float8, auc_high float8, current boolean, chosen boolean);
  END;
COMMENT ON FUNCTION health_tune_rows(jsonb) IS
  'what health_tune tried, the best AUC first; current: the given model, chosen: the one to take. window_days 36500: all days; half_life_days NULL: no decay';
-- Weights from who churned.

-- What carries a state of health_fit between workers.
CREATE FUNCTION health_fit_combine(state internal, other internal) RETURNS internal
  AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION health_fit_combine(internal, internal) IS 'combines two states; for health_fit only';
CREATE FUNCTION health_fit_serialize(state internal) RETURNS bytea
  AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION health_fit_serialize(internal) IS 'state of health_fit as bytes, for workers';
CREATE FUNCTION health_fit_deserialize(state bytea, internal) RETURNS internal
  AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION health_fit_deserialize(bytea, internal) IS 'state of health_fit from bytes, for workers';
-- What is left of health_fit, an aggregate that learns from accounts and what became of them.
CREATE FUNCTION health_fit_final(state internal) RETURNS jsonb
  AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION health_fit_final(internal) IS 'result of health_fit';
CREATE FUNCTION health_fit_add(state internal, activity health_activity, churned boolean, model health_model, as_of date) RETURNS internal
  AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE COST 500;
COMMENT ON FUNCTION health_fit_add(internal, health_activity, boolean, health_model, date) IS 'transition of health_fit';
CREATE AGGREGATE health_fit(activity health_activity, churned boolean, model health_model, as_of date) (
  SFUNC = health_fit_add, STYPE = internal, SSPACE = 1048576, COMBINEFUNC = health_fit_combine,
  SERIALFUNC = health_fit_serialize, DESERIALFUNC = health_fit_deserialize,
  FINALFUNC = health_fit_final, FINALFUNC_MODIFY = READ_ONLY, PARALLEL = SAFE
);
COMMENT ON AGGREGATE health_fit(health_activity, boolean, health_model, date) IS
  'weights that tell best who left (logistic regression); key model: the one to take, which is the given one unless the fitted one is better beyond chance. Rows: health_fit_rows; all keys: docs/proof.md';
CREATE FUNCTION health_fit_add(state internal, activity health_activity, churned boolean, model health_model, as_of date, size float8) RETURNS internal
  AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE COST 500;
COMMENT ON FUNCTION health_fit_add(internal, health_activity, boolean, health_model, date, float8) IS 'transition of health_fit';
CREATE AGGREGATE health_fit(activity health_activity, churned boolean, model health_model, as_of date, size float8) (
  SFUNC = health_fit_add, STYPE = internal, SSPACE = 1048576, COMBINEFUNC = health_fit_combine,
  SERIALFUNC = health_fit_serialize, DESERIALFUNC = health_fit_deserialize,
  FINALFUNC = health_fit_final, FINALFUNC_MODIFY = READ_ONLY, PARALLEL = SAFE
);
COMMENT ON AGGREGATE health_fit(health_activity, boolean, health_model, date, float8) IS
  'weights that tell best who left (logistic regression); key model: the one to take, which is the given one unless the fitted one is better beyond chance. Rows: health_fit_rows; all keys: docs/proof.md';
CREATE FUNCTION health_fit_add(state internal, activity health_activity, churned boolean, model health_model, as_of date, size float8, since date) RETURNS internal
  AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE COST 500;
COMMENT ON FUNCTION health_fit_add(internal, health_activity, boolean, health_model, date, float8, date) IS 'transition of health_fit';
CREATE AGGREGATE health_fit(activity health_activity, churned boolean, model health_model, as_of date, size float8, since date) (
  SFUNC = health_fit_add, STYPE = internal, SSPACE = 1048576, COMBINEFUNC = health_fit_combine,
  SERIALFUNC = health_fit_serialize, DESERIALFUNC = health_fit_deserialize,
  FINALFUNC = health_fit_final, FINALFUNC_MODIFY = READ_ONLY, PARALLEL = SAFE
);
COMMENT ON AGGREGATE health_fit(health_activity, boolean, health_model, date, float8, date) IS
  'weights that tell best who left (logistic regression); key model: the one to take, which is the given one unless the fitted one is better beyond chance. Rows: health_fit_rows; all keys: docs/proof.md';

CREATE FUNCTION health_fit_rows(fitted jsonb)
  RETURNS TABLE (signal text, label text, current_weight float8, weight float8, odds_ratio float8, odds_ratio_low float8,
                 odds_ratio_high float8, points float8, coverage float8, direction text, note text, resembles text)
  LANGUAGE sql IMMUTABLE PARALLEL SAFE ROWS 20  -- not STRICT, so that it is inlined
  BEGIN ATOMIC
    SELECT r.signal, r.label, r.current_weight, r.weight, r.odds_ratio, r.odds_ratio_low, r.odds_ratio_high, r.points, r.coverage,
           r.direction, r.note, r.resembles
    FROM pg_catalog.jsonb_to_recordset(
           health_result(fitted, 'health_fit', 'better') OPERATOR(pg_catalog.->) 'signals') AS r (
           signal text, label text, current_weight float8, weight float8, odds_ratio float8, odds_ratio_low float8,
           odds_ratio_high float8, points float8, coverage float8, direction text, note text, resembles text);
  END;
COMMENT ON FUNCTION health_fit_rows(jsonb) IS
  'what health_fit found of each signal, most points first; odds_ratio: of churn, for one standard deviation more. points: the most this signal alone can move the score; usage signals share one bound, so they may add up to more than 100';
-- What changed for all accounts at once, as it does where tracking changes.

CREATE FUNCTION health_drift_add(state internal, activity health_activity, model health_model, as_of date) RETURNS internal
  AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE COST 200;
COMMENT ON FUNCTION health_drift_add(internal, health_activity, health_model, date) IS 'transition of health_drift';
CREATE FUNCTION health_drift_final(state internal) RETURNS jsonb
  AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION health_drift_final(internal) IS 'result of health_drift';
CREATE AGGREGATE health_drift(activity health_activity, model health_model, as_of date) (
  SFUNC = health_drift_add, STYPE = internal, SSPACE = 1048576,
  FINALFUNC = health_drift_final, FINALFUNC_MODIFY = READ_ONLY, PARALLEL = SAFE
);
COMMENT ON AGGREGATE health_drift(health_activity, health_model, date) IS
  'what changed for all accounts at once: a fleet that is quiet; signals that were renamed (with the new name), stopped, are counted twice, jumped, are new, unscored or were never seen; and the totals of each';

CREATE FUNCTION health_drift_rows(drift jsonb)
  RETURNS TABLE (kind text, signal text, alias text, since date, recent float8, prior float8, accounts int)
  LANGUAGE sql IMMUTABLE PARALLEL SAFE ROWS 10  -- not STRICT, so that it is inlined
  BEGIN ATOMIC
    SELECT r.kind, r.signal, r.alias, r.since, r.recent, r.prior, r.accounts
    FROM pg_catalog.jsonb_to_recordset(
           health_result(drift, 'health_drift', 'findings') OPERATOR(pg_catalog.->) 'findings') AS r (
           kind text, signal text, alias text, since date, recent float8, prior float8, accounts int);
  END;
COMMENT ON FUNCTION health_drift_rows(jsonb) IS
  'the findings of health_drift: kind, the signal (* for all), what a renamed one is called now, since when, events in the last trend_days and in as many before, and how many accounts had it';
