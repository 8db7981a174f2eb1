-- Scores of one account, before it is compared with others.

--@ theme Scores
--@ function health_raw_score
--@ stability: stable
--@ formula: Σ weight × Σ x(d) δ(as_of - 1 - d) over the signals of unit raw and the days d of their windows. x(d) is the
--@   day's count (up to `daily_cap`), 1, or sum of values, by the measure; δ(age) is 1, 2^(-age / half_life_days) or
--@   max(0, 1 - age / linear_days). Counts and sums are divided by size^`size_exponent`. A gauge has weight × (value - neutral)
--@   for the inner sum. A window longer than the account is old is scaled: [from activity to score](model.md#from-activity-to-score).
--@ units: weighted events, 0 or more unless a weight of unit raw is negative.
--@ null: NULL where the activity, model or `as_of` is NULL, and up to the day `since`. A NULL size, or one of 0 or less, is none; a NULL
--@   `since` is long ago.
--@ errors: 22023 for a model without signals, and for a size that is NaN or infinite; 22008 for an infinite `as_of`.
--@ example:
--@   SELECT health_raw_score('{"login": {"2026-01-03": 4}, "export": {"2025-12-25": 1}}',
--@                           '{"half_life_days": 10, "signals": {"login": 1, "export": 5}}', '2026-01-05');
--@ output:
--@    health_raw_score
--@   ------------------
--@    6.23213196614723
CREATE FUNCTION health_raw_score(activity health_activity, model health_model, as_of date, size float8 DEFAULT NULL,
                                 since date DEFAULT NULL) RETURNS float8
  AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE COST 100;
COMMENT ON FUNCTION health_raw_score(health_activity, health_model, date, float8, date) IS
  'weighted, windowed, decayed sum over the full days before as_of; counts and sums are divided by size^size_exponent where a size is given; an account younger than a window is scaled to it where since, the day it began, is given; NULL until then';

--@ function health_adjustment
--@ stability: stable
--@ formula: the sum of the signals of unit score, each within its `max_points`, each dimension within its `dimension_caps`.
--@ units: points on the scale of 0 to 100; negative where penalties weigh more.
--@ null: as of `health_raw_score`.
--@ errors: as of `health_raw_score`.
--@ example:
--@   SELECT health_adjustment('{"cancel_page_visited": {"2026-01-03": 1}}',
--@                           '{"signals": {"login": 1, "cancel_page_visited": -25}}', '2026-01-05');
--@ output:
--@    health_adjustment
--@   -------------------
--@                  -25
CREATE FUNCTION health_adjustment(activity health_activity, model health_model, as_of date, size float8 DEFAULT NULL,
                                 since date DEFAULT NULL) RETURNS float8
  AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE COST 100;
COMMENT ON FUNCTION health_adjustment(health_activity, health_model, date, float8, date) IS
  'points of the signals of unit score, to be added after normalization; negative where penalties weigh more';

