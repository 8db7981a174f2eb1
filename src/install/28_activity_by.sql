-- Activities of many accounts at once: the aggregate owns the grouping. SELECT * FROM unnest((SELECT
-- health_activity_by(account_id, signal, occurred_at) FROM events)) gives the rows that GROUP BY account_id would.

-- for @account@
--   | bigint
--   | uuid
--   | text
CREATE TYPE health_activity_of_@account@ AS (account @account@, activity health_activity);
COMMENT ON TYPE health_activity_of_@account@ IS 'an account and its activity, as health_activity_by returns them';
COMMENT ON COLUMN health_activity_of_@account@.account IS 'the account';
COMMENT ON COLUMN health_activity_of_@account@.activity IS 'its activity; NULL where all its rows had no signal or no time';
CREATE FUNCTION health_activity_by_@account@_final(state internal) RETURNS health_activity_of_@account@[]
  AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION health_activity_by_@account@_final(internal) IS 'rows of a state; for health_activity_by only';
-- end

-- include state.template | @aggregate@ = health_activity_by

-- for @time@      | @suffix@ | @read@
--   | timestamptz |          |
--   | timestamp   |          | , times read as UTC
--   | date        | _date    | , UTC days
--   | text        | _text    | , times as text, UTC where they have no offset
-- for @value@         | @value_type@ | @nulls@
--   |                 |              |
--   | , value float8  | , float8     | ; a NULL value counts the event only
CREATE FUNCTION health_activity_by_add(state internal, account anynonarray, signal text, occurred_at @time@@value@)
  RETURNS internal AS 'MODULE_PATHNAME', 'health_activity_by_add@suffix@' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION health_activity_by_add(internal, anynonarray, text, @time@@value_type@) IS 'transition of health_activity_by';
-- for @account@
--   | bigint
--   | uuid
--   | text
CREATE AGGREGATE health_activity_by(account @account@, signal text, occurred_at @time@@value@) (
  SFUNC = health_activity_by_add, STYPE = internal, SSPACE = 1048576, COMBINEFUNC = health_activity_by_combine,
  SERIALFUNC = health_activity_by_serialize, DESERIALFUNC = health_activity_by_deserialize,
  FINALFUNC = health_activity_by_@account@_final, FINALFUNC_MODIFY = READ_ONLY, PARALLEL = SAFE
);
COMMENT ON AGGREGATE health_activity_by(@account@, text, @time@@value_type@) IS
  'activities of all accounts from their events@read@@nulls@: an array of (account, activity) for unnest, ordered by account; the fast form of GROUP BY account';
-- end
-- end
-- end
