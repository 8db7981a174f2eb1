-- Scores of one account, before it is compared with others.

CREATE FUNCTION health_raw_score(activity health_activity, model health_model, as_of date, size float8 DEFAULT NULL,
                                 since date DEFAULT NULL) RETURNS float8
  AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE COST 100;
COMMENT ON FUNCTION health_raw_score(health_activity, health_model, date, float8, date) IS
  'weighted, windowed, decayed sum over the full days before as_of; counts and sums are divided by size^size_exponent where a size is given; an account younger than a window is scaled to it where since, the day it began, is given; NULL until then';

CREATE FUNCTION health_adjustment(activity health_activity, model health_model, as_of date, size float8 DEFAULT NULL,
                                 since date DEFAULT NULL) RETURNS float8
  AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE COST 100;
COMMENT ON FUNCTION health_adjustment(health_activity, health_model, date, float8, date) IS
  'points of the signals of unit score, to be added after normalization; negative where penalties weigh more';

