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
