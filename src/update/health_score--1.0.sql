-- health_score: explainable customer health scores.
\echo Use "CREATE EXTENSION health_score" to load this file. \quit

-- Days are UTC days of 86,400 seconds, whatever the session's time zone.

CREATE FUNCTION health_day(moment timestamptz) RETURNS date
  AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION health_day(timestamptz) IS 'UTC day of a moment; write health_day(now()) instead of current_date';
-- Without these both would become a timestamptz first, in the session's time zone.
CREATE FUNCTION health_day(moment timestamp) RETURNS date IMMUTABLE STRICT PARALLEL SAFE
  RETURN moment::pg_catalog.date;
COMMENT ON FUNCTION health_day(timestamp) IS 'day of a moment that is UTC already';
CREATE FUNCTION health_day(day date) RETURNS date IMMUTABLE STRICT PARALLEL SAFE
  RETURN day;
COMMENT ON FUNCTION health_day(date) IS 'the day itself';

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
-- Activities of many accounts at once: the aggregate owns the grouping. SELECT * FROM unnest((SELECT
-- health_activity_by(account_id, signal, occurred_at) FROM events)) gives the rows that GROUP BY account_id would.

CREATE TYPE health_activity_of_bigint AS (account bigint, activity health_activity);
COMMENT ON TYPE health_activity_of_bigint IS 'an account and its activity, as health_activity_by returns them';
COMMENT ON COLUMN health_activity_of_bigint.account IS 'the account';
COMMENT ON COLUMN health_activity_of_bigint.activity IS 'its activity; NULL where all its rows had no signal or no time';
CREATE TYPE health_activity_of_uuid AS (account uuid, activity health_activity);
COMMENT ON TYPE health_activity_of_uuid IS 'an account and its activity, as health_activity_by returns them';
COMMENT ON COLUMN health_activity_of_uuid.account IS 'the account';
COMMENT ON COLUMN health_activity_of_uuid.activity IS 'its activity; NULL where all its rows had no signal or no time';
CREATE TYPE health_activity_of_text AS (account text, activity health_activity);
COMMENT ON TYPE health_activity_of_text IS 'an account and its activity, as health_activity_by returns them';
COMMENT ON COLUMN health_activity_of_text.account IS 'the account';
COMMENT ON COLUMN health_activity_of_text.activity IS 'its activity; NULL where all its rows had no signal or no time';

CREATE FUNCTION health_activity_by_add(state internal, account anynonarray, signal text, occurred_at timestamptz)
  RETURNS internal AS 'MODULE_PATHNAME', 'health_activity_by_add' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION health_activity_by_add(internal, anynonarray, text, timestamptz) IS 'transition of health_activity_by';
CREATE FUNCTION health_activity_by_add(state internal, account anynonarray, signal text, occurred_at timestamptz, value float8)
  RETURNS internal AS 'MODULE_PATHNAME', 'health_activity_by_add' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION health_activity_by_add(internal, anynonarray, text, timestamptz, float8) IS 'transition of health_activity_by';
CREATE FUNCTION health_activity_by_add(state internal, account anynonarray, signal text, occurred_at timestamp)
  RETURNS internal AS 'MODULE_PATHNAME', 'health_activity_by_add' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION health_activity_by_add(internal, anynonarray, text, timestamp) IS 'transition of health_activity_by';
CREATE FUNCTION health_activity_by_add(state internal, account anynonarray, signal text, occurred_at timestamp, value float8)
  RETURNS internal AS 'MODULE_PATHNAME', 'health_activity_by_add' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION health_activity_by_add(internal, anynonarray, text, timestamp, float8) IS 'transition of health_activity_by';
CREATE FUNCTION health_activity_by_add(state internal, account anynonarray, signal text, occurred_at date)
  RETURNS internal AS 'MODULE_PATHNAME', 'health_activity_by_add_date' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION health_activity_by_add(internal, anynonarray, text, date) IS 'transition of health_activity_by';
CREATE FUNCTION health_activity_by_add(state internal, account anynonarray, signal text, occurred_at date, value float8)
  RETURNS internal AS 'MODULE_PATHNAME', 'health_activity_by_add_date' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION health_activity_by_add(internal, anynonarray, text, date, float8) IS 'transition of health_activity_by';
CREATE FUNCTION health_activity_by_serialize(state internal) RETURNS bytea
  AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION health_activity_by_serialize(internal) IS 'a state as bytes; for health_activity_by only';
CREATE FUNCTION health_activity_by_deserialize(bytes bytea, internal) RETURNS internal
  AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION health_activity_by_deserialize(bytea, internal) IS 'a state from bytes; for health_activity_by only';
CREATE FUNCTION health_activity_by_combine(state internal, other internal) RETURNS internal
  AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION health_activity_by_combine(internal, internal) IS 'combines two states; for health_activity_by only';
CREATE FUNCTION health_activity_by_bigint_final(state internal) RETURNS health_activity_of_bigint[]
  AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION health_activity_by_bigint_final(internal) IS 'rows of a state; for health_activity_by only';
CREATE FUNCTION health_activity_by_uuid_final(state internal) RETURNS health_activity_of_uuid[]
  AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION health_activity_by_uuid_final(internal) IS 'rows of a state; for health_activity_by only';
CREATE FUNCTION health_activity_by_text_final(state internal) RETURNS health_activity_of_text[]
  AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION health_activity_by_text_final(internal) IS 'rows of a state; for health_activity_by only';

CREATE AGGREGATE health_activity_by(account bigint, signal text, occurred_at timestamptz) (
  SFUNC = health_activity_by_add, STYPE = internal, SSPACE = 1048576, COMBINEFUNC = health_activity_by_combine,
  SERIALFUNC = health_activity_by_serialize, DESERIALFUNC = health_activity_by_deserialize,
  FINALFUNC = health_activity_by_bigint_final, FINALFUNC_MODIFY = READ_ONLY, PARALLEL = SAFE
);
COMMENT ON AGGREGATE health_activity_by(bigint, text, timestamptz) IS
  'activities of all accounts from their events: an array of (account, activity) for unnest, ordered by account; the fast form of GROUP BY account';
CREATE AGGREGATE health_activity_by(account bigint, signal text, occurred_at timestamptz, value float8) (
  SFUNC = health_activity_by_add, STYPE = internal, SSPACE = 1048576, COMBINEFUNC = health_activity_by_combine,
  SERIALFUNC = health_activity_by_serialize, DESERIALFUNC = health_activity_by_deserialize,
  FINALFUNC = health_activity_by_bigint_final, FINALFUNC_MODIFY = READ_ONLY, PARALLEL = SAFE
);
COMMENT ON AGGREGATE health_activity_by(bigint, text, timestamptz, float8) IS
  'activities of all accounts from their events; a NULL value counts the event only: an array of (account, activity) for unnest, ordered by account; the fast form of GROUP BY account';
CREATE AGGREGATE health_activity_by(account bigint, signal text, occurred_at timestamp) (
  SFUNC = health_activity_by_add, STYPE = internal, SSPACE = 1048576, COMBINEFUNC = health_activity_by_combine,
  SERIALFUNC = health_activity_by_serialize, DESERIALFUNC = health_activity_by_deserialize,
  FINALFUNC = health_activity_by_bigint_final, FINALFUNC_MODIFY = READ_ONLY, PARALLEL = SAFE
);
COMMENT ON AGGREGATE health_activity_by(bigint, text, timestamp) IS
  'activities of all accounts from their events, times read as UTC: an array of (account, activity) for unnest, ordered by account; the fast form of GROUP BY account';
CREATE AGGREGATE health_activity_by(account bigint, signal text, occurred_at timestamp, value float8) (
  SFUNC = health_activity_by_add, STYPE = internal, SSPACE = 1048576, COMBINEFUNC = health_activity_by_combine,
  SERIALFUNC = health_activity_by_serialize, DESERIALFUNC = health_activity_by_deserialize,
  FINALFUNC = health_activity_by_bigint_final, FINALFUNC_MODIFY = READ_ONLY, PARALLEL = SAFE
);
COMMENT ON AGGREGATE health_activity_by(bigint, text, timestamp, float8) IS
  'activities of all accounts from their events, times read as UTC; a NULL value counts the event only: an array of (account, activity) for unnest, ordered by account; the fast form of GROUP BY account';
CREATE AGGREGATE health_activity_by(account bigint, signal text, occurred_at date) (
  SFUNC = health_activity_by_add, STYPE = internal, SSPACE = 1048576, COMBINEFUNC = health_activity_by_combine,
  SERIALFUNC = health_activity_by_serialize, DESERIALFUNC = health_activity_by_deserialize,
  FINALFUNC = health_activity_by_bigint_final, FINALFUNC_MODIFY = READ_ONLY, PARALLEL = SAFE
);
COMMENT ON AGGREGATE health_activity_by(bigint, text, date) IS
  'activities of all accounts from their events, UTC days: an array of (account, activity) for unnest, ordered by account; the fast form of GROUP BY account';
CREATE AGGREGATE health_activity_by(account bigint, signal text, occurred_at date, value float8) (
  SFUNC = health_activity_by_add, STYPE = internal, SSPACE = 1048576, COMBINEFUNC = health_activity_by_combine,
  SERIALFUNC = health_activity_by_serialize, DESERIALFUNC = health_activity_by_deserialize,
  FINALFUNC = health_activity_by_bigint_final, FINALFUNC_MODIFY = READ_ONLY, PARALLEL = SAFE
);
COMMENT ON AGGREGATE health_activity_by(bigint, text, date, float8) IS
  'activities of all accounts from their events, UTC days; a NULL value counts the event only: an array of (account, activity) for unnest, ordered by account; the fast form of GROUP BY account';
CREATE AGGREGATE health_activity_by(account uuid, signal text, occurred_at timestamptz) (
  SFUNC = health_activity_by_add, STYPE = internal, SSPACE = 1048576, COMBINEFUNC = health_activity_by_combine,
  SERIALFUNC = health_activity_by_serialize, DESERIALFUNC = health_activity_by_deserialize,
  FINALFUNC = health_activity_by_uuid_final, FINALFUNC_MODIFY = READ_ONLY, PARALLEL = SAFE
);
COMMENT ON AGGREGATE health_activity_by(uuid, text, timestamptz) IS
  'activities of all accounts from their events: an array of (account, activity) for unnest, ordered by account; the fast form of GROUP BY account';
CREATE AGGREGATE health_activity_by(account uuid, signal text, occurred_at timestamptz, value float8) (
  SFUNC = health_activity_by_add, STYPE = internal, SSPACE = 1048576, COMBINEFUNC = health_activity_by_combine,
  SERIALFUNC = health_activity_by_serialize, DESERIALFUNC = health_activity_by_deserialize,
  FINALFUNC = health_activity_by_uuid_final, FINALFUNC_MODIFY = READ_ONLY, PARALLEL = SAFE
);
COMMENT ON AGGREGATE health_activity_by(uuid, text, timestamptz, float8) IS
  'activities of all accounts from their events; a NULL value counts the event only: an array of (account, activity) for unnest, ordered by account; the fast form of GROUP BY account';
CREATE AGGREGATE health_activity_by(account uuid, signal text, occurred_at timestamp) (
  SFUNC = health_activity_by_add, STYPE = internal, SSPACE = 1048576, COMBINEFUNC = health_activity_by_combine,
  SERIALFUNC = health_activity_by_serialize, DESERIALFUNC = health_activity_by_deserialize,
  FINALFUNC = health_activity_by_uuid_final, FINALFUNC_MODIFY = READ_ONLY, PARALLEL = SAFE
);
COMMENT ON AGGREGATE health_activity_by(uuid, text, timestamp) IS
  'activities of all accounts from their events, times read as UTC: an array of (account, activity) for unnest, ordered by account; the fast form of GROUP BY account';
CREATE AGGREGATE health_activity_by(account uuid, signal text, occurred_at timestamp, value float8) (
  SFUNC = health_activity_by_add, STYPE = internal, SSPACE = 1048576, COMBINEFUNC = health_activity_by_combine,
  SERIALFUNC = health_activity_by_serialize, DESERIALFUNC = health_activity_by_deserialize,
  FINALFUNC = health_activity_by_uuid_final, FINALFUNC_MODIFY = READ_ONLY, PARALLEL = SAFE
);
COMMENT ON AGGREGATE health_activity_by(uuid, text, timestamp, float8) IS
  'activities of all accounts from their events, times read as UTC; a NULL value counts the event only: an array of (account, activity) for unnest, ordered by account; the fast form of GROUP BY account';
CREATE AGGREGATE health_activity_by(account uuid, signal text, occurred_at date) (
  SFUNC = health_activity_by_add, STYPE = internal, SSPACE = 1048576, COMBINEFUNC = health_activity_by_combine,
  SERIALFUNC = health_activity_by_serialize, DESERIALFUNC = health_activity_by_deserialize,
  FINALFUNC = health_activity_by_uuid_final, FINALFUNC_MODIFY = READ_ONLY, PARALLEL = SAFE
);
COMMENT ON AGGREGATE health_activity_by(uuid, text, date) IS
  'activities of all accounts from their events, UTC days: an array of (account, activity) for unnest, ordered by account; the fast form of GROUP BY account';
CREATE AGGREGATE health_activity_by(account uuid, signal text, occurred_at date, value float8) (
  SFUNC = health_activity_by_add, STYPE = internal, SSPACE = 1048576, COMBINEFUNC = health_activity_by_combine,
  SERIALFUNC = health_activity_by_serialize, DESERIALFUNC = health_activity_by_deserialize,
  FINALFUNC = health_activity_by_uuid_final, FINALFUNC_MODIFY = READ_ONLY, PARALLEL = SAFE
);
COMMENT ON AGGREGATE health_activity_by(uuid, text, date, float8) IS
  'activities of all accounts from their events, UTC days; a NULL value counts the event only: an array of (account, activity) for unnest, ordered by account; the fast form of GROUP BY account';
CREATE AGGREGATE health_activity_by(account text, signal text, occurred_at timestamptz) (
  SFUNC = health_activity_by_add, STYPE = internal, SSPACE = 1048576, COMBINEFUNC = health_activity_by_combine,
  SERIALFUNC = health_activity_by_serialize, DESERIALFUNC = health_activity_by_deserialize,
  FINALFUNC = health_activity_by_text_final, FINALFUNC_MODIFY = READ_ONLY, PARALLEL = SAFE
);
COMMENT ON AGGREGATE health_activity_by(text, text, timestamptz) IS
  'activities of all accounts from their events: an array of (account, activity) for unnest, ordered by account; the fast form of GROUP BY account';
CREATE AGGREGATE health_activity_by(account text, signal text, occurred_at timestamptz, value float8) (
  SFUNC = health_activity_by_add, STYPE = internal, SSPACE = 1048576, COMBINEFUNC = health_activity_by_combine,
  SERIALFUNC = health_activity_by_serialize, DESERIALFUNC = health_activity_by_deserialize,
  FINALFUNC = health_activity_by_text_final, FINALFUNC_MODIFY = READ_ONLY, PARALLEL = SAFE
);
COMMENT ON AGGREGATE health_activity_by(text, text, timestamptz, float8) IS
  'activities of all accounts from their events; a NULL value counts the event only: an array of (account, activity) for unnest, ordered by account; the fast form of GROUP BY account';
CREATE AGGREGATE health_activity_by(account text, signal text, occurred_at timestamp) (
  SFUNC = health_activity_by_add, STYPE = internal, SSPACE = 1048576, COMBINEFUNC = health_activity_by_combine,
  SERIALFUNC = health_activity_by_serialize, DESERIALFUNC = health_activity_by_deserialize,
  FINALFUNC = health_activity_by_text_final, FINALFUNC_MODIFY = READ_ONLY, PARALLEL = SAFE
);
COMMENT ON AGGREGATE health_activity_by(text, text, timestamp) IS
  'activities of all accounts from their events, times read as UTC: an array of (account, activity) for unnest, ordered by account; the fast form of GROUP BY account';
CREATE AGGREGATE health_activity_by(account text, signal text, occurred_at timestamp, value float8) (
  SFUNC = health_activity_by_add, STYPE = internal, SSPACE = 1048576, COMBINEFUNC = health_activity_by_combine,
  SERIALFUNC = health_activity_by_serialize, DESERIALFUNC = health_activity_by_deserialize,
  FINALFUNC = health_activity_by_text_final, FINALFUNC_MODIFY = READ_ONLY, PARALLEL = SAFE
);
COMMENT ON AGGREGATE health_activity_by(text, text, timestamp, float8) IS
  'activities of all accounts from their events, times read as UTC; a NULL value counts the event only: an array of (account, activity) for unnest, ordered by account; the fast form of GROUP BY account';
CREATE AGGREGATE health_activity_by(account text, signal text, occurred_at date) (
  SFUNC = health_activity_by_add, STYPE = internal, SSPACE = 1048576, COMBINEFUNC = health_activity_by_combine,
  SERIALFUNC = health_activity_by_serialize, DESERIALFUNC = health_activity_by_deserialize,
  FINALFUNC = health_activity_by_text_final, FINALFUNC_MODIFY = READ_ONLY, PARALLEL = SAFE
);
COMMENT ON AGGREGATE health_activity_by(text, text, date) IS
  'activities of all accounts from their events, UTC days: an array of (account, activity) for unnest, ordered by account; the fast form of GROUP BY account';
CREATE AGGREGATE health_activity_by(account text, signal text, occurred_at date, value float8) (
  SFUNC = health_activity_by_add, STYPE = internal, SSPACE = 1048576, COMBINEFUNC = health_activity_by_combine,
  SERIALFUNC = health_activity_by_serialize, DESERIALFUNC = health_activity_by_deserialize,
  FINALFUNC = health_activity_by_text_final, FINALFUNC_MODIFY = READ_ONLY, PARALLEL = SAFE
);
COMMENT ON AGGREGATE health_activity_by(text, text, date, float8) IS
  'activities of all accounts from their events, UTC days; a NULL value counts the event only: an array of (account, activity) for unnest, ordered by account; the fast form of GROUP BY account';
-- Type health_model: what matters and how. Stored as jsonb, validated when it is made.

CREATE TYPE health_model;

CREATE FUNCTION health_model_in(cstring) RETURNS health_model
  AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION health_model_out(health_model) RETURNS cstring
  AS 'jsonb_out' LANGUAGE internal IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION health_model_recv(internal) RETURNS health_model
  AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION health_model_send(health_model) RETURNS bytea
  AS 'jsonb_send' LANGUAGE internal IMMUTABLE STRICT PARALLEL SAFE;

CREATE TYPE health_model (
  INPUT = health_model_in, OUTPUT = health_model_out, RECEIVE = health_model_recv, SEND = health_model_send, LIKE = jsonb
);
COMMENT ON TYPE health_model IS
  'scoring model: weights, window, decay, normalization, bands, texts; {"half_life_days": 30, "signals": {"login": 1, "export": 5}}';
COMMENT ON FUNCTION health_model_in(cstring) IS 'input of health_model: JSON; error 22023 names the key at fault';
COMMENT ON FUNCTION health_model_out(health_model) IS 'output of health_model';
COMMENT ON FUNCTION health_model_recv(internal) IS 'binary input of health_model: as jsonb';
COMMENT ON FUNCTION health_model_send(health_model) IS 'binary output of health_model: as jsonb';

CREATE FUNCTION health_model(document jsonb) RETURNS health_model
  AS 'MODULE_PATHNAME', 'health_model_from_jsonb' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION health_model(jsonb) IS 'a jsonb document as a model; error 22023 names the key at fault';
CREATE CAST (jsonb AS health_model) WITH FUNCTION health_model(jsonb) AS ASSIGNMENT;
COMMENT ON CAST (jsonb AS health_model) IS 'validates the document';
CREATE CAST (health_model AS jsonb) WITHOUT FUNCTION AS ASSIGNMENT;
COMMENT ON CAST (health_model AS jsonb) IS 'the model as a document';

CREATE FUNCTION health_model_override(model health_model, changes jsonb) RETURNS health_model
  AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION health_model_override(health_model, jsonb) IS 'implements ||';
CREATE OPERATOR || (LEFTARG = health_model, RIGHTARG = jsonb, FUNCTION = health_model_override);
COMMENT ON OPERATOR || (health_model, jsonb) IS
  'the model with parts overridden, at any depth; null removes a key; a bare number for a signal sets its weight';

-- Comparison as for jsonb, so that models can be grouped and partitioned by.

CREATE FUNCTION health_model_eq(a health_model, b health_model) RETURNS boolean
  AS 'jsonb_eq' LANGUAGE internal IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION health_model_eq(health_model, health_model) IS 'implements =';
CREATE OPERATOR = (
  LEFTARG = health_model, RIGHTARG = health_model, FUNCTION = health_model_eq,
  COMMUTATOR = =, NEGATOR = <>, RESTRICT = eqsel, JOIN = eqjoinsel, HASHES, MERGES
);
COMMENT ON OPERATOR = (health_model, health_model) IS 'equal';
CREATE FUNCTION health_model_ne(a health_model, b health_model) RETURNS boolean
  AS 'jsonb_ne' LANGUAGE internal IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION health_model_ne(health_model, health_model) IS 'implements <>';
CREATE OPERATOR <> (
  LEFTARG = health_model, RIGHTARG = health_model, FUNCTION = health_model_ne,
  COMMUTATOR = <>, NEGATOR = =, RESTRICT = neqsel, JOIN = neqjoinsel
);
COMMENT ON OPERATOR <> (health_model, health_model) IS 'not equal';
CREATE FUNCTION health_model_lt(a health_model, b health_model) RETURNS boolean
  AS 'jsonb_lt' LANGUAGE internal IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION health_model_lt(health_model, health_model) IS 'implements <';
CREATE OPERATOR < (
  LEFTARG = health_model, RIGHTARG = health_model, FUNCTION = health_model_lt,
  COMMUTATOR = >, NEGATOR = >=, RESTRICT = scalarltsel, JOIN = scalarltjoinsel
);
COMMENT ON OPERATOR < (health_model, health_model) IS 'less than, in the order of the type';
CREATE FUNCTION health_model_le(a health_model, b health_model) RETURNS boolean
  AS 'jsonb_le' LANGUAGE internal IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION health_model_le(health_model, health_model) IS 'implements <=';
CREATE OPERATOR <= (
  LEFTARG = health_model, RIGHTARG = health_model, FUNCTION = health_model_le,
  COMMUTATOR = >=, NEGATOR = >, RESTRICT = scalarlesel, JOIN = scalarlejoinsel
);
COMMENT ON OPERATOR <= (health_model, health_model) IS 'less than or equal, in the order of the type';
CREATE FUNCTION health_model_gt(a health_model, b health_model) RETURNS boolean
  AS 'jsonb_gt' LANGUAGE internal IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION health_model_gt(health_model, health_model) IS 'implements >';
CREATE OPERATOR > (
  LEFTARG = health_model, RIGHTARG = health_model, FUNCTION = health_model_gt,
  COMMUTATOR = <, NEGATOR = <=, RESTRICT = scalargtsel, JOIN = scalargtjoinsel
);
COMMENT ON OPERATOR > (health_model, health_model) IS 'greater than, in the order of the type';
CREATE FUNCTION health_model_ge(a health_model, b health_model) RETURNS boolean
  AS 'jsonb_ge' LANGUAGE internal IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION health_model_ge(health_model, health_model) IS 'implements >=';
CREATE OPERATOR >= (
  LEFTARG = health_model, RIGHTARG = health_model, FUNCTION = health_model_ge,
  COMMUTATOR = <=, NEGATOR = <, RESTRICT = scalargesel, JOIN = scalargejoinsel
);
COMMENT ON OPERATOR >= (health_model, health_model) IS 'greater than or equal, in the order of the type';
CREATE FUNCTION health_model_cmp(a health_model, b health_model) RETURNS int
  AS 'jsonb_cmp' LANGUAGE internal IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION health_model_cmp(health_model, health_model) IS 'orders two values: -1, 0 or 1';
CREATE FUNCTION health_model_hash(health_model) RETURNS int
  AS 'jsonb_hash' LANGUAGE internal IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION health_model_hash(health_model) IS 'hash of a value';
CREATE FUNCTION health_model_hash_extended(health_model, bigint) RETURNS bigint
  AS 'jsonb_hash_extended' LANGUAGE internal IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION health_model_hash_extended(health_model, bigint) IS 'seeded hash of a value';

CREATE OPERATOR CLASS health_model_btree_ops DEFAULT FOR TYPE health_model USING btree AS
  OPERATOR 1 <, OPERATOR 2 <=, OPERATOR 3 =, OPERATOR 4 >=, OPERATOR 5 >, FUNCTION 1 health_model_cmp(health_model, health_model);
COMMENT ON OPERATOR CLASS health_model_btree_ops USING btree IS 'order of health_model';
CREATE OPERATOR CLASS health_model_hash_ops DEFAULT FOR TYPE health_model USING hash AS
  OPERATOR 1 =, FUNCTION 1 health_model_hash(health_model), FUNCTION 2 health_model_hash_extended(health_model, bigint);
COMMENT ON OPERATOR CLASS health_model_hash_ops USING hash IS 'hashing of health_model';

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
  size_exponent numeric DEFAULT NULL,
  red_below numeric DEFAULT NULL,
  green_from numeric DEFAULT NULL,
  trend_days int DEFAULT NULL,
  trend_points numeric DEFAULT NULL,
  drop_points numeric DEFAULT NULL,
  drop_days int DEFAULT NULL,
  cooldown_days int DEFAULT NULL,
  stable_readings int DEFAULT NULL,
  stable_margin numeric DEFAULT NULL,
  max_drivers int DEFAULT NULL,
  language text DEFAULT NULL
) RETURNS health_model
  LANGUAGE sql IMMUTABLE PARALLEL SAFE
  -- Only the top level is stripped of NULLs: inside signals a null can mean something.
  RETURN (pg_catalog.jsonb_strip_nulls(pg_catalog.jsonb_build_object(
    'window_days', window_days,
    'half_life_days', half_life_days,
    'linear_days', linear_days,
    'percentile', percentile,
    'curve', curve,
    'population', population,
    'baseline', baseline,
    'min_population', min_population,
    'size_exponent', size_exponent,
    'red_below', red_below,
    'green_from', green_from,
    'trend_days', trend_days,
    'trend_points', trend_points,
    'drop_points', drop_points,
    'drop_days', drop_days,
    'cooldown_days', cooldown_days,
    'stable_readings', stable_readings,
    'stable_margin', stable_margin,
    'max_drivers', max_drivers,
    'language', language
  )) OPERATOR(pg_catalog.||) CASE WHEN signals IS NULL THEN '{}' ELSE pg_catalog.jsonb_build_object('signals', signals) END)::health_model;
COMMENT ON FUNCTION health_make_model IS
  'a model from named arguments, for example health_make_model(signals => (SELECT jsonb_object_agg(event, weight) FROM weights), half_life_days => 30)';
-- Scores of one account, before it is compared with others.

CREATE FUNCTION health_raw_score(activity health_activity, model health_model, as_of date, size float8 DEFAULT NULL)
  RETURNS float8
  AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE COST 100;
COMMENT ON FUNCTION health_raw_score(health_activity, health_model, date, float8) IS
  'weighted, windowed, decayed sum over the full days before as_of; counts and sums are divided by size^size_exponent where a size is given';

CREATE FUNCTION health_adjustment(activity health_activity, model health_model, as_of date, size float8 DEFAULT NULL)
  RETURNS float8
  AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE COST 100;
COMMENT ON FUNCTION health_adjustment(health_activity, health_model, date, float8) IS
  'points of the signals of unit score, to be added after normalization';

-- From raw scores to 0..100.

CREATE FUNCTION health_baseline_add(state internal, raw float8, model health_model) RETURNS internal
  AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION health_baseline_add(internal, float8, health_model) IS 'transition of health_baseline';
CREATE FUNCTION health_baseline_final(state internal) RETURNS float8
  AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION health_baseline_final(internal) IS 'result of health_baseline';
CREATE AGGREGATE health_baseline(raw float8, model health_model) (
  SFUNC = health_baseline_add, STYPE = internal, SSPACE = 65536,
  FINALFUNC = health_baseline_final, FINALFUNC_MODIFY = READ_ONLY, PARALLEL = SAFE
);
COMMENT ON AGGREGATE health_baseline(float8, health_model) IS
  'raw score that earns 100: percentile_cont of the eligible raw scores, or the baseline frozen in the model; NULL if nobody is eligible';

CREATE FUNCTION health_normalize(raw float8, model health_model) RETURNS float8
  AS 'MODULE_PATHNAME', 'health_normalize_over' LANGUAGE C WINDOW IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION health_normalize(float8, health_model) IS
  'window function: raw scores of a partition on the scale 0 to 100, on the model''s curve up to their baseline';
CREATE FUNCTION health_normalize(raw float8, model health_model, adjustment float8) RETURNS float8
  AS 'MODULE_PATHNAME', 'health_normalize_over' LANGUAGE C WINDOW IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION health_normalize(float8, health_model, float8) IS
  'window function: the same with an adjustment in points, the result kept within 0 and 100';
CREATE FUNCTION health_normalize(raw float8, model health_model, praise float8, penalty float8) RETURNS float8
  AS 'MODULE_PATHNAME', 'health_normalize_over' LANGUAGE C WINDOW IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION health_normalize(float8, health_model, float8, float8) IS
  'window function: the same with points that are added first, up to 100, and points that are taken then, down to 0; as health_score does';
CREATE FUNCTION health_normalize(raw float8, baseline float8, model health_model, adjustment float8 DEFAULT NULL)
  RETURNS float8
  AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION health_normalize(float8, float8, health_model, float8) IS
  'a raw score against a frozen or shared baseline; a NULL baseline gives 0 for raw <= 0, else NULL';
CREATE FUNCTION health_normalize(raw float8, baseline float8, model health_model, praise float8, penalty float8)
  RETURNS float8
  AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION health_normalize(float8, float8, health_model, float8, float8) IS
  'the same with points that are added first, up to 100, and points that are taken then, down to 0';

CREATE FUNCTION health_winsorize(x float8, lower_percentile float8, upper_percentile float8) RETURNS float8
  AS 'MODULE_PATHNAME' LANGUAGE C WINDOW IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION health_winsorize(float8, float8, float8) IS
  'window function: x clamped to two percentiles (0 to 1) of its partition';
CREATE FUNCTION health_band(score float8) RETURNS text
  AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION health_band(float8) IS 'red below 50, yellow below 80, else green';
CREATE FUNCTION health_band(score float8, model health_model) RETURNS text
  AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION health_band(float8, health_model) IS 'red, yellow or green by the cuts of the model; the lower cut belongs to the better band';

-- Scores of a population, and what they are made of.

CREATE TYPE health_report_row AS (
  as_of date,
  score float8,
  band text,
  trend text,
  change float8,
  previous_score float8,
  reason text,
  main_risk text,
  main_risk_signal text,
  next_step text,
  dimension text,
  dimensions jsonb,
  drivers jsonb,
  raw float8,
  raw_change_pct float8,
  baseline float8,
  days_inactive int,
  population int,
  flags text
);
COMMENT ON TYPE health_report_row IS 'one account''s report; expand it with (r).* in an outer query';
COMMENT ON COLUMN health_report_row.as_of IS 'the date the score holds for: full days before it count';
COMMENT ON COLUMN health_report_row.score IS '0 to 100; NULL without data';
COMMENT ON COLUMN health_report_row.band IS 'red, yellow or green';
COMMENT ON COLUMN health_report_row.trend IS 'up, down or flat against trend_days earlier';
COMMENT ON COLUMN health_report_row.change IS 'points against trend_days earlier';
COMMENT ON COLUMN health_report_row.previous_score IS 'the same model trend_days earlier';
COMMENT ON COLUMN health_report_row.reason IS 'sentence to read out';
COMMENT ON COLUMN health_report_row.main_risk IS 'text of the first risk';
COMMENT ON COLUMN health_report_row.main_risk_signal IS 'its signal';
COMMENT ON COLUMN health_report_row.next_step IS 'its next step';
COMMENT ON COLUMN health_report_row.dimension IS 'its dimension';
COMMENT ON COLUMN health_report_row.dimensions IS 'points per dimension; they sum to the score';
COMMENT ON COLUMN health_report_row.drivers IS 'array of drivers; their points sum to the score';
COMMENT ON COLUMN health_report_row.raw IS 'raw score';
COMMENT ON COLUMN health_report_row.raw_change_pct IS 'percent that the raw score moved against trend_days earlier';
COMMENT ON COLUMN health_report_row.baseline IS 'raw score that earns 100 in this population';
COMMENT ON COLUMN health_report_row.days_inactive IS 'full days without any activity';
COMMENT ON COLUMN health_report_row.population IS 'accounts that make the baseline';
COMMENT ON COLUMN health_report_row.flags IS
  'comma-separated: no_activity, no_data, size_missing, new_account, small_population, degenerate_baseline, unscored_signals, usage_drop, stale_data';

CREATE FUNCTION health_score(activity health_activity, model health_model, as_of date) RETURNS float8
  AS 'MODULE_PATHNAME' LANGUAGE C WINDOW IMMUTABLE PARALLEL SAFE COST 200;
COMMENT ON FUNCTION health_score(health_activity, health_model, date) IS
  'window function: scores 0 to 100 of the accounts of a partition; model and as_of are the same for all of its rows';
CREATE FUNCTION health_score(activity health_activity, model health_model, as_of date, size float8) RETURNS float8
  AS 'MODULE_PATHNAME' LANGUAGE C WINDOW IMMUTABLE PARALLEL SAFE COST 200;
COMMENT ON FUNCTION health_score(health_activity, health_model, date, float8) IS
  'window function: the same per size (seats); a missing size is taken at the median of the partition';

CREATE FUNCTION health_report(activity health_activity, model health_model, as_of date) RETURNS health_report_row
  AS 'MODULE_PATHNAME' LANGUAGE C WINDOW IMMUTABLE PARALLEL SAFE COST 1000;
COMMENT ON FUNCTION health_report(health_activity, health_model, date) IS
  'window function: score, band, trend, drivers and flags of each account of a partition; expand it with (r).* in an outer query';
CREATE FUNCTION health_report(activity health_activity, model health_model, as_of date, size float8)
  RETURNS health_report_row
  AS 'MODULE_PATHNAME' LANGUAGE C WINDOW IMMUTABLE PARALLEL SAFE COST 1000;
COMMENT ON FUNCTION health_report(health_activity, health_model, date, float8) IS
  'window function: the same per size (seats); a missing size is taken at the median of the partition';
-- Drivers for any weighted rows, drivers as rows, and the sentence.

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
  'driver list of any weighted rows, points added up per signal; worst first, then strengths';
CREATE AGGREGATE health_drivers(signal text, points float8, previous float8) (
  SFUNC = health_drivers_add, STYPE = internal, SSPACE = 4096,
  FINALFUNC = health_drivers_final, FINALFUNC_MODIFY = READ_ONLY, PARALLEL = SAFE
);
COMMENT ON AGGREGATE health_drivers(text, float8, float8) IS
  'the same with the change against earlier points; NULL counts as 0 where the other number is given';

CREATE FUNCTION health_driver_rows(drivers jsonb)
  RETURNS TABLE (rank int, signal text, label text, dimension text, kind text, points float8, change float8,
                 vs_peers float8, recent float8, prior float8, pct float8, days_inactive int, text text)
  LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE ROWS 10
  BEGIN ATOMIC
    SELECT d.rank::int, d.signal, d.label, d.dimension, d.kind, d.points, d.change, d.vs_peers, d.recent, d.prior,
           d.pct, d.days_inactive, d.text
    FROM ROWS FROM (pg_catalog.jsonb_to_recordset(drivers) AS (
           signal text, label text, dimension text, kind text, points float8, change float8, vs_peers float8,
           recent float8, prior float8, pct float8, days_inactive int, text text)) WITH ORDINALITY
         AS d(signal, label, dimension, kind, points, change, vs_peers, recent, prior, pct, days_inactive, text, rank);
  END;
COMMENT ON FUNCTION health_driver_rows(jsonb) IS 'the drivers as rows, in their order: the form for BI tools';

CREATE FUNCTION health_explain(score float8, previous_score float8, drivers jsonb, language text DEFAULT 'en') RETURNS text
  AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION health_explain(float8, float8, jsonb, text) IS
  'sentence to read out, in English (en) or French (fr): "Score 45: Admin inactive for 14 days; Export down 60%."';

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
  'share of the weight, 0 to 1, that had a score';
-- Scores over time.

CREATE FUNCTION health_weighted_sum_add(state internal, weight float8, occurred_at timestamptz, model health_model, as_of date)
  RETURNS internal AS 'MODULE_PATHNAME', 'health_weighted_sum_add' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION health_weighted_sum_add(internal, float8, timestamptz, health_model, date) IS 'transition of health_weighted_sum';
CREATE FUNCTION health_sliding_sum_add(state internal, weight float8, occurred_at timestamptz, model health_model)
  RETURNS internal AS 'MODULE_PATHNAME', 'health_sliding_sum_add' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION health_sliding_sum_add(internal, float8, timestamptz, health_model) IS 'transition of health_sliding_sum';
CREATE FUNCTION health_sliding_sum_remove(state internal, weight float8, occurred_at timestamptz, model health_model)
  RETURNS internal AS 'MODULE_PATHNAME', 'health_sliding_sum_remove' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION health_sliding_sum_remove(internal, float8, timestamptz, health_model) IS 'inverse transition of health_sliding_sum';

CREATE FUNCTION health_weighted_sum_add(state internal, weight float8, occurred_at timestamp, model health_model, as_of date)
  RETURNS internal AS 'MODULE_PATHNAME', 'health_weighted_sum_add' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION health_weighted_sum_add(internal, float8, timestamp, health_model, date) IS 'transition of health_weighted_sum';
CREATE FUNCTION health_sliding_sum_add(state internal, weight float8, occurred_at timestamp, model health_model)
  RETURNS internal AS 'MODULE_PATHNAME', 'health_sliding_sum_add' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION health_sliding_sum_add(internal, float8, timestamp, health_model) IS 'transition of health_sliding_sum';
CREATE FUNCTION health_sliding_sum_remove(state internal, weight float8, occurred_at timestamp, model health_model)
  RETURNS internal AS 'MODULE_PATHNAME', 'health_sliding_sum_remove' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION health_sliding_sum_remove(internal, float8, timestamp, health_model) IS 'inverse transition of health_sliding_sum';

CREATE FUNCTION health_weighted_sum_add(state internal, weight float8, occurred_at date, model health_model, as_of date)
  RETURNS internal AS 'MODULE_PATHNAME', 'health_weighted_sum_add_date' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION health_weighted_sum_add(internal, float8, date, health_model, date) IS 'transition of health_weighted_sum';
CREATE FUNCTION health_sliding_sum_add(state internal, weight float8, occurred_at date, model health_model)
  RETURNS internal AS 'MODULE_PATHNAME', 'health_sliding_sum_add_date' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION health_sliding_sum_add(internal, float8, date, health_model) IS 'transition of health_sliding_sum';
CREATE FUNCTION health_sliding_sum_remove(state internal, weight float8, occurred_at date, model health_model)
  RETURNS internal AS 'MODULE_PATHNAME', 'health_sliding_sum_remove_date' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION health_sliding_sum_remove(internal, float8, date, health_model) IS 'inverse transition of health_sliding_sum';

CREATE FUNCTION health_weighted_sum_final(state internal) RETURNS float8
  AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION health_weighted_sum_final(internal) IS 'result of health_weighted_sum';

CREATE FUNCTION health_sliding_sum_final(state internal) RETURNS float8
  AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION health_sliding_sum_final(internal) IS 'result of health_sliding_sum';

CREATE AGGREGATE health_weighted_sum(weight float8, occurred_at timestamptz, model health_model, as_of date) (
  SFUNC = health_weighted_sum_add, STYPE = internal, SSPACE = 4096,
  FINALFUNC = health_weighted_sum_final, FINALFUNC_MODIFY = READ_ONLY, PARALLEL = SAFE
);
COMMENT ON AGGREGATE health_weighted_sum(float8, timestamptz, health_model, date) IS
  'windowed, decayed sum of weighted events at as_of; window and decay from the model';
CREATE AGGREGATE health_sliding_sum(weight float8, occurred_at timestamptz, model health_model) (
  SFUNC = health_sliding_sum_add, STYPE = internal, SSPACE = 4096,
  FINALFUNC = health_sliding_sum_final, FINALFUNC_MODIFY = READ_ONLY,
  MSFUNC = health_sliding_sum_add, MINVFUNC = health_sliding_sum_remove, MSTYPE = internal, MSSPACE = 4096,
  MFINALFUNC = health_sliding_sum_final, MFINALFUNC_MODIFY = READ_ONLY, PARALLEL = SAFE
);
COMMENT ON AGGREGATE health_sliding_sum(float8, timestamptz, health_model) IS
  'windowed, decayed sum of weighted events in a moving frame, for OVER (... ORDER BY occurred_at): as of the day after the latest one in the frame; a NULL weight moves time only';

CREATE AGGREGATE health_weighted_sum(weight float8, occurred_at timestamp, model health_model, as_of date) (
  SFUNC = health_weighted_sum_add, STYPE = internal, SSPACE = 4096,
  FINALFUNC = health_weighted_sum_final, FINALFUNC_MODIFY = READ_ONLY, PARALLEL = SAFE
);
COMMENT ON AGGREGATE health_weighted_sum(float8, timestamp, health_model, date) IS
  'windowed, decayed sum of weighted events at as_of; window and decay from the model; times read as UTC';
CREATE AGGREGATE health_sliding_sum(weight float8, occurred_at timestamp, model health_model) (
  SFUNC = health_sliding_sum_add, STYPE = internal, SSPACE = 4096,
  FINALFUNC = health_sliding_sum_final, FINALFUNC_MODIFY = READ_ONLY,
  MSFUNC = health_sliding_sum_add, MINVFUNC = health_sliding_sum_remove, MSTYPE = internal, MSSPACE = 4096,
  MFINALFUNC = health_sliding_sum_final, MFINALFUNC_MODIFY = READ_ONLY, PARALLEL = SAFE
);
COMMENT ON AGGREGATE health_sliding_sum(float8, timestamp, health_model) IS
  'windowed, decayed sum of weighted events in a moving frame, for OVER (... ORDER BY occurred_at): as of the day after the latest one in the frame; a NULL weight moves time only; times read as UTC';

CREATE AGGREGATE health_weighted_sum(weight float8, occurred_at date, model health_model, as_of date) (
  SFUNC = health_weighted_sum_add, STYPE = internal, SSPACE = 4096,
  FINALFUNC = health_weighted_sum_final, FINALFUNC_MODIFY = READ_ONLY, PARALLEL = SAFE
);
COMMENT ON AGGREGATE health_weighted_sum(float8, date, health_model, date) IS
  'windowed, decayed sum of weighted events at as_of; window and decay from the model; UTC days';
CREATE AGGREGATE health_sliding_sum(weight float8, occurred_at date, model health_model) (
  SFUNC = health_sliding_sum_add, STYPE = internal, SSPACE = 4096,
  FINALFUNC = health_sliding_sum_final, FINALFUNC_MODIFY = READ_ONLY,
  MSFUNC = health_sliding_sum_add, MINVFUNC = health_sliding_sum_remove, MSTYPE = internal, MSSPACE = 4096,
  MFINALFUNC = health_sliding_sum_final, MFINALFUNC_MODIFY = READ_ONLY, PARALLEL = SAFE
);
COMMENT ON AGGREGATE health_sliding_sum(float8, date, health_model) IS
  'windowed, decayed sum of weighted events in a moving frame, for OVER (... ORDER BY occurred_at): as of the day after the latest one in the frame; a NULL weight moves time only; UTC days';

CREATE FUNCTION health_history_support(request internal) RETURNS internal
  AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION health_history_support(internal) IS 'tells the planner how many rows health_history gives';
CREATE FUNCTION health_history(activity health_activity, model health_model, from_day date, to_day date,
                               size float8 DEFAULT NULL, step int DEFAULT 1,
                               OUT as_of date, OUT raw float8, OUT adjustment float8, OUT praise float8, OUT penalty float8) RETURNS SETOF record
  AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE COST 1000 ROWS 90
  SUPPORT health_history_support;
COMMENT ON FUNCTION health_history(health_activity, health_model, date, date, float8, int) IS
  'raw score and adjustment (praise less penalty) for each as_of from from_day to to_day, both inclusive, every step days; one pass over the activity';

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

CREATE FUNCTION health_stable_band(score float8, model health_model) RETURNS text
  AS 'MODULE_PATHNAME' LANGUAGE C WINDOW IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION health_stable_band(float8, health_model) IS
  'window function, OVER (PARTITION BY account ORDER BY day): band with hysteresis; stable_readings, stable_margin and drop_points of the model; a NULL score keeps the band';

CREATE FUNCTION health_alert(score float8, day date, model health_model) RETURNS text
  AS 'MODULE_PATHNAME' LANGUAGE C WINDOW IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION health_alert(float8, date, health_model) IS
  'window function, OVER (PARTITION BY account ORDER BY day): entered_red, drop, entered_yellow, recovered or NULL; one per transition, none within the cooldown of its kind';

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
