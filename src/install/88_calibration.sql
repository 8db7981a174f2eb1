-- What a score means in churn.

--@ theme Is the model any good
--@ function health_calibration
--@ stability: stable
--@ formula: isotonic regression by pooling neighbors that are out of order (Barlow et al., Statistical Inference under Order
--@   Restrictions, 1972); each step with Wilson's interval (J. Amer. Statist. Assoc. 22, 1927).
--@ keys: `accounts`, `churned`, and `steps`, lowest scores first: `from_score`, `to_score`, `accounts`, `churned`, `churn_rate`, `low`, `high`.
--@ null: rows with a NULL score or `churned` are not counted; NULL where no row is left.
--@ errors: 22003 for a score that is NaN or infinite.
--@ see: [what a score means in money](proof.md#what-a-score-means-in-money).
--@ example:
--@   SELECT step -> 'from_score' AS from_score, step -> 'to_score' AS to_score, step -> 'accounts' AS accounts,
--@          step -> 'churn_rate' AS churn_rate
--@   FROM (SELECT health_calibration(score, churned) AS calibration
--@         FROM (VALUES (20, true), (30, false), (55, true), (80, false), (90, false)) AS v (score, churned)) AS c
--@        CROSS JOIN jsonb_array_elements(calibration -> 'steps') AS step;
--@ output:
--@    from_score | to_score | accounts | churn_rate
--@   ------------+----------+----------+------------
--@    20         | 20       | 1        | 1
--@    30         | 55       | 2        | 0.5
--@    80         | 90       | 2        | 0
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

--@ function health_churn_probability
--@ stability: stable
--@ formula: the rate of the step that has the score; between two steps in a straight line, beyond the first and the last as there.
--@ units: 0 to 1, within the time that the outcomes were about.
--@ null: NULL for NULL.
--@ errors: 22023 for a document that is no calibration, or has no step; 22003 for a score that is NaN or infinite.
--@ example:
--@   SELECT score, health_churn_probability(score, '{"accounts": 8, "churned": 3, "steps": [
--@     {"from_score": 0, "to_score": 40, "accounts": 4, "churned": 3}, {"from_score": 60, "to_score": 100, "accounts": 4, "churned": 0}]}')
--@   FROM unnest('{20,50,80}'::float8[]) AS score;
--@ output:
--@    score | health_churn_probability
--@   -------+--------------------------
--@       20 |                     0.75
--@       50 |                    0.375
--@       80 |                        0
CREATE FUNCTION health_churn_probability(score float8, calibration jsonb) RETURNS float8
  AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION health_churn_probability(float8, jsonb) IS
  'chance of churn, 0 to 1, of a score, by a calibration; straight between its steps';
--@ function health_churn_interval
--@ stability: stable
--@ formula: the two ends of Wilson's interval of the step, between two steps in a straight line.
--@ units: two numbers from 0 to 1.
--@ null: NULL for NULL.
--@ errors: as of `health_churn_probability`.
--@ example:
--@   SELECT round(ends[1]::numeric, 2) AS low, round(ends[2]::numeric, 2) AS high
--@   FROM health_churn_interval(20, '{"accounts": 4, "churned": 3, "steps": [{"from_score": 0, "to_score": 40, "accounts": 4, "churned": 3}]}') AS ends;
--@ output:
--@    low  | high
--@   ------+------
--@    0.30 | 0.95
CREATE FUNCTION health_churn_interval(score float8, calibration jsonb) RETURNS float8[]
  AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION health_churn_interval(float8, jsonb) IS
  'low and high end of health_churn_probability at 95 % (Wilson, of the accounts of the step)';
