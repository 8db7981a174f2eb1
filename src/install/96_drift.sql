-- What changed for all accounts at once, as it does where tracking changes.

--@ theme Is the model any good
--@ function health_drift
--@ stability: experimental
--@ formula: what is to be expected on a day is the mean of the same weekday in the four weeks before; each kind has its own test against
--@   it: [what changed for everybody](proof.md#what-changed-for-everybody).
--@ keys: `as_of`, `accounts`; `findings`, the rows of `health_drift_rows`; `signals`, of all names `signal`, `known` (to the model),
--@   `recent` and `prior` events, `accounts_recent`, `accounts_prior`, `first` and `last` day.
--@ null: rows with a NULL activity, model or `as_of` are not counted; NULL where no row is left.
--@ errors: 22023 for a model without signals, and where model or `as_of` differs within the group; 22008 for an infinite `as_of`; 54000
--@   beyond 100,000 names that the model does not know.
--@ example:
--@   SELECT s -> 'signal' AS signal, s -> 'known' AS known, s -> 'recent' AS recent, s -> 'last' AS last
--@   FROM (SELECT health_drift('{"login": {"2026-01-03": 4}, "exprot": {"2026-01-04": 1}}',
--@                             '{"signals": {"login": 1}}', '2026-01-05') AS drift) AS d
--@        CROSS JOIN jsonb_array_elements(drift -> 'signals') AS s;
--@ output:
--@     signal  | known | recent |     last
--@   ----------+-------+--------+--------------
--@    "login"  | true  | 4      | "2026-01-03"
--@    "exprot" | false | 1      | "2026-01-04"
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

--@ function health_drift_rows
--@ stability: experimental
--@ units: `kind` is quiet, renamed, stopped, duplicated, jumped, new, unscored or never_seen; `recent` and `prior` are events.
--@ null: no rows for NULL.
--@ errors: 22023 for a document that is no result of `health_drift`.
--@ example:
--@   SELECT * FROM health_drift_rows((SELECT health_drift('{"login": {"2026-01-03": 4}, "exprot": {"2026-01-04": 1}}',
--@                                                        '{"signals": {"login": 1, "export": 5}}', '2026-01-05')));
--@ output:
--@       kind    | signal | alias |   since    | recent | prior | accounts
--@   ------------+--------+-------+------------+--------+-------+----------
--@    new        | exprot |       | 2026-01-04 |      1 |     0 |        1
--@    never_seen | export |       |            |      0 |     0 |        0
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
