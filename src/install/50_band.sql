-- The band of a score: red, yellow or green, or one of those that the model names.

--@ theme Scores
--@ function health_band
--@ stability: stable
--@ null: NULL for NULL.
--@ errors: 22003 for NaN or infinity. A score outside of 0 to 100 has the nearest band.
--@ see: [bands of one's own](model.md#how-do-i-name-bands-of-my-own).
--@ example:
--@   SELECT score, health_band(score), health_band(score, '{"bands": [["at risk", 0], ["fair", 60], ["good", 90]]}') AS own
--@   FROM unnest('{49.9,50,80,100}'::float8[]) AS score;
--@ output:
--@    score | health_band |   own
--@   -------+-------------+---------
--@     49.9 | red         | at risk
--@       50 | yellow      | at risk
--@       80 | green       | fair
--@      100 | green       | good
CREATE FUNCTION health_band(score float8) RETURNS text
  AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION health_band(float8) IS 'red below 50, yellow below 80, else green';
CREATE FUNCTION health_band(score float8, model health_model) RETURNS text
  AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION health_band(float8, health_model) IS 'red, yellow or green by the cuts of the model, or its bands; a cut belongs to the better band';
