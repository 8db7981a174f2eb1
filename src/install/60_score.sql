-- Scores 0..100 of the accounts of a partition.

--@ theme Scores
--@ function health_score
--@ stability: stable
--@ formula: `health_normalize` of the raw scores of the partition, or against the population's baseline, with praise and penalty apart.
--@   A scorecard is Σ w m / Σ w over its measures that have a value. `set_score` overrides both.
--@ units: 0 to 100. Filter outside: a `WHERE` beside the window function changes the population.
--@ null: NULL where the activity, model, date or population is NULL, up to the day `since`, and for a scorecard without any measure;
--@   `{}` has a score. A NULL size is taken at the median and stays out of the baseline.
--@ errors: 22023 for a model without signals, where model or `as_of` differs within the partition, for a size that is NaN or infinite,
--@   and for an `as_of` before the population's; 22008 for an infinite `as_of`.
--@ example:
--@   SELECT account_id, health_score(activity, '{"curve": "linear", "signals": {"login": 1}}', '2026-01-05') OVER () AS score
--@   FROM (VALUES ('acme', '{"login": {"2026-01-03": 10}}'::health_activity), ('duck', '{"login": {"2026-01-03": 5}}'), ('newcomer', '{}'))
--@        AS v (account_id, activity);
--@ output:
--@    account_id |       score
--@   ------------+-------------------
--@    acme       |               100
--@    duck       | 52.63157894736842
--@    newcomer   |                 0
CREATE FUNCTION health_score(activity health_activity, model health_model, as_of date) RETURNS float8
  AS 'MODULE_PATHNAME' LANGUAGE C WINDOW IMMUTABLE PARALLEL SAFE COST 200;
COMMENT ON FUNCTION health_score(health_activity, health_model, date) IS
  'window function: scores 0 to 100 of the accounts of a partition; model and as_of are the same for all of its rows';
CREATE FUNCTION health_score(activity health_activity, model health_model, as_of date, size float8) RETURNS float8
  AS 'MODULE_PATHNAME' LANGUAGE C WINDOW IMMUTABLE PARALLEL SAFE COST 200;
COMMENT ON FUNCTION health_score(health_activity, health_model, date, float8) IS
  'window function: scores of a partition per size (seats); a missing size is taken at the median of the partition';
CREATE FUNCTION health_score(activity health_activity, model health_model, as_of date, size float8, since date) RETURNS float8
  AS 'MODULE_PATHNAME' LANGUAGE C WINDOW IMMUTABLE PARALLEL SAFE COST 200;
COMMENT ON FUNCTION health_score(health_activity, health_model, date, float8, date) IS
  'window function: scores of a partition, with the day each account began: young ones are scaled to their tenure and stay out of the baseline; NULL until it began';

-- Against a population, in any query and on every core.
CREATE FUNCTION health_score(population health_population, activity health_activity, size float8 DEFAULT NULL,
                    since date DEFAULT NULL, as_of date DEFAULT NULL) RETURNS float8
  AS 'MODULE_PATHNAME', 'health_score_of_population' LANGUAGE C IMMUTABLE PARALLEL SAFE COST 200;
COMMENT ON FUNCTION health_score(health_population, health_activity, float8, date, date) IS
  'score 0 to 100 of one account against a population; with a size where the population has sizes, with since where it has days; a later as_of than the population''s leaves it as it was, a frozen one';
