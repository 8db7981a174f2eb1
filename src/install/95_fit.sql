-- Weights from who churned.

-- include state.template | @aggregate@ = health_fit
-- include learner.template | @aggregate@ = health_fit | @cost@ = 500 | @text@ = weights by who left; key model: the one to take, the given one unless the fitted one is better beyond chance. Rows: health_fit_rows; all keys: docs/proof.md

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
