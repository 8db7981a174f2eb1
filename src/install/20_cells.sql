-- An activity as rows.

CREATE FUNCTION health_cells(activity health_activity, OUT signal text, OUT day date, OUT count int, OUT value_count int,
                             OUT value float8) RETURNS SETOF record
  AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 100 ROWS 500;
COMMENT ON FUNCTION health_cells(health_activity) IS
  'the activity as rows: events, events with a value and sum of values (NULL for none) per signal and day';
