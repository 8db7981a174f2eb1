\echo Use "ALTER EXTENSION health_score UPDATE" to load this file. \quit

CREATE CAST (health_activity AS jsonb) WITH INOUT;
COMMENT ON CAST (health_activity AS jsonb) IS 'the text form: count; [count, sum]; or [count, sum, values], by signal and day';
CREATE CAST (jsonb AS health_activity) WITH INOUT;
COMMENT ON CAST (jsonb AS health_activity) IS 'validates the document';

-- What they take for some 25 signals and 600 cells: workers are worth their start sooner.
ALTER FUNCTION health_raw_score(health_activity, health_model, date, float8) COST 400;
ALTER FUNCTION health_adjustment(health_activity, health_model, date, float8) COST 400;
ALTER FUNCTION health_score(health_activity, health_model, date) COST 500;
ALTER FUNCTION health_score(health_activity, health_model, date, float8) COST 500;
ALTER FUNCTION health_report(health_activity, health_model, date) COST 2000;
ALTER FUNCTION health_report(health_activity, health_model, date, float8) COST 2000;
