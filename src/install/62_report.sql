-- Scores of a population, and what they are made of.

--@ theme Scores
--@ type health_report_row
--@ stability: stable
--@ see: [what a report says](drivers.md): its drivers, facts and [flags](drivers.md#flags).
--@ notes: Where there is no score, the columns that hang on it are NULL, and `flags` says why.
CREATE TYPE health_report_row AS (
  as_of date,
  score float8,
  score_shown int,
  band text,
  trend text,
  score_change float8,
  previous_score float8,
  reason text,
  main_risk text,
  main_risk_signal text,
  main_risk_dimension text,
  next_step text,
  main_opportunity text,
  main_opportunity_signal text,
  dimensions jsonb,
  drivers jsonb,
  coverage float8,
  raw_score float8,
  raw_change_pct float8,
  baseline float8,
  days_inactive int,
  accounts_compared int,
  flags text,
  model text
);
COMMENT ON TYPE health_report_row IS 'one account''s report; expand it with (r).* in an outer query';
COMMENT ON COLUMN health_report_row.as_of IS 'the date the score holds for: full days before it count';
COMMENT ON COLUMN health_report_row.score IS '0 to 100; NULL without data';
COMMENT ON COLUMN health_report_row.score_shown IS 'the score as sentences say it, rounded down: another rounding may show another band';
COMMENT ON COLUMN health_report_row.band IS 'red, yellow or green, or the model''s own bands';
COMMENT ON COLUMN health_report_row.trend IS 'up, down or flat against trend_days earlier';
COMMENT ON COLUMN health_report_row.score_change IS 'points against trend_days earlier';
COMMENT ON COLUMN health_report_row.previous_score IS 'the same model trend_days earlier';
COMMENT ON COLUMN health_report_row.reason IS 'sentence to read out';
COMMENT ON COLUMN health_report_row.main_risk IS 'what somebody should look at first; NULL where nobody needs to: the accounts that have one are the work list';
COMMENT ON COLUMN health_report_row.main_risk_signal IS 'its signal; NULL where it is a fact of the account, such as nobody being active';
COMMENT ON COLUMN health_report_row.main_risk_dimension IS 'its dimension; of a fact of the account, the one whose usage lost most';
COMMENT ON COLUMN health_report_row.next_step IS 'what to do about the main risk; without one about the opportunity, or for a new account';
COMMENT ON COLUMN health_report_row.main_opportunity IS 'good news to talk about more; NULL where there is none';
COMMENT ON COLUMN health_report_row.main_opportunity_signal IS 'its signal; NULL where it is usage as a whole';
COMMENT ON COLUMN health_report_row.dimensions IS 'points per dimension; they sum to the score';
COMMENT ON COLUMN health_report_row.drivers IS 'array of drivers; their points sum to the score';
COMMENT ON COLUMN health_report_row.coverage IS 'of a scorecard: share of the weights, 0 to 1, whose measures have a value; NULL otherwise';
COMMENT ON COLUMN health_report_row.raw_score IS 'the weighted, decayed sum before it is compared with others';
COMMENT ON COLUMN health_report_row.raw_change_pct IS 'percent that the raw score moved against trend_days earlier';
COMMENT ON COLUMN health_report_row.baseline IS 'raw score that earns 100 in this population';
COMMENT ON COLUMN health_report_row.days_inactive IS 'full days without usage; NULL if there never was any';
COMMENT ON COLUMN health_report_row.accounts_compared IS 'how many accounts make the baseline';
COMMENT ON COLUMN health_report_row.flags IS
  'comma-separated: no_activity, no_data, size_missing, new_account, not_started, small_population, degenerate_baseline, unscored_signals, usage_drop, stale_data, signal_stopped, fleet_fell';
COMMENT ON COLUMN health_report_row.model IS 'name and version of the model; NULL without a name';

--@ function health_report
--@ stability: stable
--@ formula: the score is `health_score`; [points](drivers.md#how-points-are-shared) add up to it, their changes to its change.
--@ null: a NULL row where the model, date or population is NULL; a row with the flag `no_data` where the activity is NULL, with
--@   `not_started` up to the day `since`.
--@ errors: as of `health_score`; 0A000 for sentences in French where the database is not in UTF-8.
--@ example:
--@   SELECT account_id, (r).score_shown, (r).band, (r).main_risk
--@   FROM (SELECT account_id, health_report(activity, '{"signals": {"login": 1, "cancel_page_visited": -25}}',
--@                                           '2026-01-05') OVER () AS r
--@         FROM (VALUES ('acme', '{"login": {"2026-01-03": 10}}'::health_activity),
--@                      ('duck', '{"login": {"2026-01-03": 9}, "cancel_page_visited": {"2026-01-04": 1}}')) AS v (account_id, activity)) AS scored;
--@ output:
--@    account_id | score_shown |  band  |           main_risk
--@   ------------+-------------+--------+-------------------------------
--@    acme       |         100 | green  |
--@    duck       |          72 | yellow | Cancel page visited 1 day ago
--@ example:
--@   WITH accounts (account_id, activity) AS (
--@     VALUES ('acme', '{"login": {"2026-01-03": 10}}'::health_activity), ('duck', '{"login": {"2026-01-03": 4}}')
--@   ), p AS (
--@     SELECT health_population(activity, '{"signals": {"login": 1}}', '2026-01-05') AS population FROM accounts
--@   )
--@   SELECT account_id, r.score_shown, r.band
--@   FROM accounts CROSS JOIN p CROSS JOIN LATERAL health_report(population, activity) AS r;
--@ output:
--@    account_id | score_shown |  band
--@   ------------+-------------+--------
--@    acme       |         100 | green
--@    duck       |          69 | yellow
CREATE FUNCTION health_report(activity health_activity, model health_model, as_of date) RETURNS health_report_row
  AS 'MODULE_PATHNAME' LANGUAGE C WINDOW IMMUTABLE PARALLEL SAFE COST 1000;
COMMENT ON FUNCTION health_report(health_activity, health_model, date) IS
  'window function: score, band, trend, drivers and flags of each account of a partition; expand it with (r).* in an outer query';
CREATE FUNCTION health_report(activity health_activity, model health_model, as_of date, size float8)
  RETURNS health_report_row
  AS 'MODULE_PATHNAME' LANGUAGE C WINDOW IMMUTABLE PARALLEL SAFE COST 1000;
COMMENT ON FUNCTION health_report(health_activity, health_model, date, float8) IS
  'window function: reports of a partition per size (seats); a missing size is taken at the median of the partition';
CREATE FUNCTION health_report(activity health_activity, model health_model, as_of date, size float8, since date)
  RETURNS health_report_row
  AS 'MODULE_PATHNAME' LANGUAGE C WINDOW IMMUTABLE PARALLEL SAFE COST 1000;
COMMENT ON FUNCTION health_report(health_activity, health_model, date, float8, date) IS
  'window function: reports of a partition, with the day each account began: young ones are scaled to their tenure and stay out of the baseline; flags new_account and not_started';

-- Against a population, in any query and on every core.
CREATE FUNCTION health_report(population health_population, activity health_activity, size float8 DEFAULT NULL,
                    since date DEFAULT NULL, as_of date DEFAULT NULL) RETURNS health_report_row
  AS 'MODULE_PATHNAME', 'health_report_of_population' LANGUAGE C IMMUTABLE PARALLEL SAFE COST 1000;
COMMENT ON FUNCTION health_report(health_population, health_activity, float8, date, date) IS
  'report of one account against a population, the row that the window function gives: SELECT r.* FROM ... CROSS JOIN LATERAL health_report(...) AS r; with a size where the population has sizes, with since where it has days; a later as_of than the population''s leaves it as it was, a frozen one';
