-- The sentence that says why a score is what it is.

CREATE FUNCTION health_explain(score float8, previous_score float8, drivers jsonb, language text DEFAULT 'en') RETURNS text
  AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION health_explain(float8, float8, jsonb, text) IS
  'sentence to read out, in English (en) or French (fr): "Score 45: Admin inactive for 14 days; Export down 60%."';
