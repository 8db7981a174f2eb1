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
