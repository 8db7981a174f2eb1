-- Alerts on a series of scores: one for each transition.

CREATE FUNCTION health_alert(score float8, day date, model health_model) RETURNS text
  AS 'MODULE_PATHNAME' LANGUAGE C WINDOW IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION health_alert(float8, date, health_model) IS
  'window function, OVER (PARTITION BY account ORDER BY day): entered_red (the worst band), drop, entered_yellow (a fall into any other band), recovered or NULL; one per transition, none within the cooldown of its kind';
