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
