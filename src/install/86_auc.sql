-- How well scores tell who stayed from who churned.

--@ theme Is the model any good
--@ function health_auc
--@ stability: stable
--@ formula: the share of the pairs of one that stayed and one that churned in which the former scores higher, ties one half: the area
--@   under the ROC curve, Mann-Whitney's U / (n m).
--@ units: 0 to 1; 0.5 is chance.
--@ null: rows with a NULL score or `churned` are not counted; NULL unless some churned and some stayed.
--@ errors: 22003 for a score that is NaN or infinite.
--@ see: [is the model any good?](proof.md)
--@ example:
--@   SELECT health_auc(score, churned) FROM (VALUES (20, true), (55, true), (50, false), (80, false), (90, false)) AS v (score, churned);
--@ output:
--@        health_auc
--@   --------------------
--@    0.8333333333333334
--@ function health_auc_interval
--@ stability: stable
--@ formula: the wider one of the intervals of DeLong, DeLong and Clarke-Pearson (Biometrics 44, 1988) and of Newcombe (Statist. Med. 25,
--@   2006, method 5), cut to 0 to 1. Right for one date: an account at several dates makes it too narrow.
--@ units: two numbers from 0 to 1, at 95 %.
--@ null: as of `health_auc`.
--@ errors: as of `health_auc`.
--@ example:
--@   SELECT round(ends[1]::numeric, 2) AS low, round(ends[2]::numeric, 2) AS high
--@   FROM (SELECT health_auc_interval(score, churned) AS ends
--@         FROM (VALUES (20, true), (55, true), (50, false), (80, false), (90, false)) AS v (score, churned)) AS i;
--@ output:
--@    low  | high
--@   ------+------
--@    0.31 | 1.00
CREATE FUNCTION health_auc_add(state internal, score float8, churned boolean) RETURNS internal
  AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION health_auc_add(internal, float8, boolean) IS
  'transition of health_auc, health_auc_interval and health_calibration';
-- include state.template | @aggregate@ = health_auc
CREATE FUNCTION health_auc_final(state internal) RETURNS float8
  AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION health_auc_final(internal) IS 'result of health_auc';
CREATE FUNCTION health_auc_interval_final(state internal) RETURNS float8[]
  AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION health_auc_interval_final(internal) IS 'result of health_auc_interval';

CREATE AGGREGATE health_auc(score float8, churned boolean) (
  SFUNC = health_auc_add, STYPE = internal, SSPACE = 65536, COMBINEFUNC = health_auc_combine,
  SERIALFUNC = health_auc_serialize, DESERIALFUNC = health_auc_deserialize,
  FINALFUNC = health_auc_final, FINALFUNC_MODIFY = READ_ONLY, PARALLEL = SAFE
);
COMMENT ON AGGREGATE health_auc(float8, boolean) IS
  'chance that an account that was kept scores above one that churned, ties one half: 0.5 knows nothing, 1 tells all; NULL unless there are both';
CREATE AGGREGATE health_auc_interval(score float8, churned boolean) (
  SFUNC = health_auc_add, STYPE = internal, SSPACE = 65536, COMBINEFUNC = health_auc_combine,
  SERIALFUNC = health_auc_serialize, DESERIALFUNC = health_auc_deserialize,
  FINALFUNC = health_auc_interval_final, FINALFUNC_MODIFY = READ_ONLY, PARALLEL = SAFE
);
COMMENT ON AGGREGATE health_auc_interval(float8, boolean) IS
  'low and high end of health_auc at 95 % (the wider of those of DeLong and Newcombe); where 0.5 lies between them no link is shown';
