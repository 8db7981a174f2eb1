-- Weights from who churned.

--@ theme Is the model any good
--@ function health_fit
--@ stability: experimental
--@ formula: ridge logistic regression of staying on what each signal says, winsorized and standardized, with an intercept for each date;
--@   the penalty is the one that tells best in other folds. The fitted model is a scorecard whose score rises in a straight line
--@   with the logit.
--@ keys: [all of them](proof.md#weights-second).
--@ null: as of `health_tune`.
--@ errors: as of `health_tune`; 22023 where no signal has a weight; 54000 beyond 200 signals with one.
--@ example:
--@   SELECT fitted -> 'observations' AS observations, fitted -> 'better' AS better, fitted ->> 'why' AS why
--@   FROM (SELECT health_fit('{"login": {"2025-12-31": 1}}', n = 1, '{"signals": {"login": 1}}', '2026-01-01') AS fitted
--@         FROM generate_series(1, 8) AS n) AS f;
--@ output:
--@    observations | better |               why
--@   --------------+--------+---------------------------------
--@    8            | false  | too few accounts left or stayed
-- include state.template | @aggregate@ = health_fit
-- include learner.template | @aggregate@ = health_fit | @cost@ = 500 | @text@ = weights that tell best who left (logistic regression); key model: the one to take, which is the given one unless the fitted one is better beyond chance. Rows: health_fit_rows; all keys: docs/proof.md

--@ function health_fit_rows
--@ stability: experimental
--@ units: the heaviest weight is 10; `points` on the scale of 0 to 100; `coverage` from 0 to 1; `direction` is positive, negative, unclear or
--@   none; [what each column says](proof.md#weights-second).
--@ null: no rows for NULL, nor where there were too few accounts to fit.
--@ errors: 22023 for a document that is no result of `health_fit`.
--@ example:
--@   SELECT signal, current_weight, weight, direction
--@   FROM health_fit_rows((SELECT health_fit(activity, churned, '{"signals": {"login": 1}}', '2026-01-01')
--@     FROM (SELECT n % 4 = 0 AS churned,
--@                 health_daily('login', '2025-12-31', n % 7 + CASE WHEN n % 4 = 0 THEN 1 ELSE 5 END, NULL) AS activity
--@           FROM generate_series(1, 80) AS n GROUP BY n) AS accounts));
--@ output:
--@    signal | current_weight | weight | direction
--@   --------+----------------+--------+-----------
--@    login  |              1 |     10 | positive
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
