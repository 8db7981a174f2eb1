-- How good scores were, seen by who churned.

--@ theme Is the model any good
--@ function health_backtest
--@ stability: stable
--@ formula: rates with Wilson's interval, the AUC with that of `health_auc_interval`; `ks` is the largest difference between the shares
--@   of those who left and of those who stayed up to a score (Kolmogorov-Smirnov).
--@ keys: [all of them](proof.md#all-of-it-at-once).
--@ null: rows with a NULL score, `churned` or model are not counted; NULL where no row is left. A key that is not known is missing.
--@ errors: 22003 for a score that is NaN or infinite; 22023 where the model differs within the group.
--@ example:
--@   SELECT backtest -> 'accounts' AS accounts, backtest -> 'auc' AS auc, backtest -> 'ks' AS ks, backtest -> 'cuts' AS cuts
--@   FROM (SELECT health_backtest(score, churned, '{}') AS backtest
--@         FROM (VALUES (20, true), (55, true), (50, false), (80, false), (90, false)) AS v (score, churned)) AS b;
--@ output:
--@    accounts |   auc    |    ks    |                cuts
--@   ----------+----------+----------+-------------------------------------
--@    5        | 0.833333 | 0.666667 | {"red_below": 38, "green_from": 55}
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

--@ function health_backtest_rows
--@ stability: stable
--@ null: no rows for NULL.
--@ errors: 22023 for a document that is no result of `health_backtest`.
--@ example:
--@   SELECT part, bucket, accounts, churned, precision, recall
--@   FROM health_backtest_rows((SELECT health_backtest(score, churned, '{}')
--@     FROM (VALUES (20, true), (55, true), (50, false), (80, false), (90, false)) AS v (score, churned))) WHERE part = 'band';
--@ output:
--@    part | bucket | accounts | churned | precision | recall
--@   ------+--------+----------+---------+-----------+--------
--@    band | red    |        1 |       1 |         1 |    0.5
--@    band | yellow |        2 |       1 |  0.666667 |      1
--@    band | green  |        2 |       0 |       0.4 |      1
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
