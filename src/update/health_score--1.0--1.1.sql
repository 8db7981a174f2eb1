\echo Use "ALTER EXTENSION health_score UPDATE" to load this file. \quit

CREATE CAST (health_activity AS jsonb) WITH INOUT;
COMMENT ON CAST (health_activity AS jsonb) IS 'the text form: count; [count, sum]; or [count, sum, values], by signal and day';
CREATE CAST (jsonb AS health_activity) WITH INOUT;
COMMENT ON CAST (jsonb AS health_activity) IS 'validates the document';

ALTER FUNCTION health_driver_rows(jsonb) CALLED ON NULL INPUT;
COMMENT ON AGGREGATE health_drivers(text, float8) IS
  'driver list of any weighted rows, points added up per signal; worst first, then strengths, last what has no signal';
