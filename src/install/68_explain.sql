-- The sentence that says why a score is what it is.

--@ theme Explanations and scorecards
--@ function health_explain
--@ stability: stable
--@ units: scores are rounded down, as in the column `score_shown`.
--@ null: NULL where the score, drivers or language is NULL; without a previous score no change is told.
--@ errors: 22023 for another language than `en` or `fr`, and for drivers that are no array of objects; 22003 for numbers that are NaN,
--@   infinite or beyond 1e15 in size; 0A000 for French where the database is not in UTF-8.
--@ example:
--@   SELECT health_explain(45, 67, health_drivers(signal, points, previous))
--@   FROM (VALUES ('sentiment', 25, 40), ('open_tickets', -12, -3), ('seat_use', 32, 30)) AS v (signal, points, previous);
--@ output:
--@                        health_explain
--@   ---------------------------------------------------------
--@    Score fell to 45 (-22): Sentiment -15; Open tickets -9.
CREATE FUNCTION health_explain(score float8, previous_score float8, drivers jsonb, language text DEFAULT 'en') RETURNS text
  AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION health_explain(float8, float8, jsonb, text) IS
  'sentence to read out, in English (en) or French (fr): "Score 45: Admin inactive for 14 days; Export down 60%."';
