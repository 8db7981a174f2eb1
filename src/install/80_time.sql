-- Scores over time.

CREATE FUNCTION health_weighted_sum_add(state internal, weight float8, occurred_at timestamptz, model health_model, as_of date)
  RETURNS internal AS 'MODULE_PATHNAME', 'health_weighted_sum_add' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION health_weighted_sum_add(internal, float8, timestamptz, health_model, date) IS 'transition of health_weighted_sum';
CREATE FUNCTION health_sliding_sum_add(state internal, weight float8, occurred_at timestamptz, model health_model)
  RETURNS internal AS 'MODULE_PATHNAME', 'health_sliding_sum_add' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION health_sliding_sum_add(internal, float8, timestamptz, health_model) IS 'transition of health_sliding_sum';
CREATE FUNCTION health_sliding_sum_remove(state internal, weight float8, occurred_at timestamptz, model health_model)
  RETURNS internal AS 'MODULE_PATHNAME', 'health_sliding_sum_remove' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION health_sliding_sum_remove(internal, float8, timestamptz, health_model) IS 'inverse transition of health_sliding_sum';

CREATE FUNCTION health_weighted_sum_add(state internal, weight float8, occurred_at timestamp, model health_model, as_of date)
  RETURNS internal AS 'MODULE_PATHNAME', 'health_weighted_sum_add' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION health_weighted_sum_add(internal, float8, timestamp, health_model, date) IS 'transition of health_weighted_sum';
CREATE FUNCTION health_sliding_sum_add(state internal, weight float8, occurred_at timestamp, model health_model)
  RETURNS internal AS 'MODULE_PATHNAME', 'health_sliding_sum_add' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION health_sliding_sum_add(internal, float8, timestamp, health_model) IS 'transition of health_sliding_sum';
CREATE FUNCTION health_sliding_sum_remove(state internal, weight float8, occurred_at timestamp, model health_model)
  RETURNS internal AS 'MODULE_PATHNAME', 'health_sliding_sum_remove' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION health_sliding_sum_remove(internal, float8, timestamp, health_model) IS 'inverse transition of health_sliding_sum';

CREATE FUNCTION health_weighted_sum_add(state internal, weight float8, occurred_at date, model health_model, as_of date)
  RETURNS internal AS 'MODULE_PATHNAME', 'health_weighted_sum_add_date' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION health_weighted_sum_add(internal, float8, date, health_model, date) IS 'transition of health_weighted_sum';
CREATE FUNCTION health_sliding_sum_add(state internal, weight float8, occurred_at date, model health_model)
  RETURNS internal AS 'MODULE_PATHNAME', 'health_sliding_sum_add_date' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION health_sliding_sum_add(internal, float8, date, health_model) IS 'transition of health_sliding_sum';
CREATE FUNCTION health_sliding_sum_remove(state internal, weight float8, occurred_at date, model health_model)
  RETURNS internal AS 'MODULE_PATHNAME', 'health_sliding_sum_remove_date' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION health_sliding_sum_remove(internal, float8, date, health_model) IS 'inverse transition of health_sliding_sum';

CREATE FUNCTION health_weighted_sum_combine(state internal, other internal) RETURNS internal
  AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION health_weighted_sum_combine(internal, internal) IS 'combines two states; for the aggregate only';
CREATE FUNCTION health_weighted_sum_serialize(state internal) RETURNS bytea
  AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION health_weighted_sum_serialize(internal) IS 'state of health_weighted_sum as bytes, for workers';
CREATE FUNCTION health_weighted_sum_deserialize(state bytea, internal) RETURNS internal
  AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION health_weighted_sum_deserialize(bytea, internal) IS 'state of health_weighted_sum from bytes, for workers';
CREATE FUNCTION health_weighted_sum_final(state internal) RETURNS float8
  AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION health_weighted_sum_final(internal) IS 'result of health_weighted_sum';

CREATE FUNCTION health_sliding_sum_final(state internal) RETURNS float8
  AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION health_sliding_sum_final(internal) IS 'result of health_sliding_sum';

CREATE AGGREGATE health_weighted_sum(weight float8, occurred_at timestamptz, model health_model, as_of date) (
  SFUNC = health_weighted_sum_add, STYPE = internal, SSPACE = 4096, COMBINEFUNC = health_weighted_sum_combine,
  SERIALFUNC = health_weighted_sum_serialize, DESERIALFUNC = health_weighted_sum_deserialize,
  FINALFUNC = health_weighted_sum_final, FINALFUNC_MODIFY = READ_ONLY, PARALLEL = SAFE
);
COMMENT ON AGGREGATE health_weighted_sum(float8, timestamptz, health_model, date) IS
  'windowed, decayed sum of weighted events at as_of; window and decay from the model';
CREATE AGGREGATE health_sliding_sum(weight float8, occurred_at timestamptz, model health_model) (
  SFUNC = health_sliding_sum_add, STYPE = internal, SSPACE = 4096,
  FINALFUNC = health_sliding_sum_final, FINALFUNC_MODIFY = READ_ONLY,
  MSFUNC = health_sliding_sum_add, MINVFUNC = health_sliding_sum_remove, MSTYPE = internal, MSSPACE = 4096,
  MFINALFUNC = health_sliding_sum_final, MFINALFUNC_MODIFY = READ_ONLY, PARALLEL = SAFE
);
COMMENT ON AGGREGATE health_sliding_sum(float8, timestamptz, health_model) IS
  'windowed, decayed sum of weighted events in a moving frame, for OVER (... ORDER BY occurred_at): as of the day after the latest one in the frame; a NULL weight moves time only';

CREATE AGGREGATE health_weighted_sum(weight float8, occurred_at timestamp, model health_model, as_of date) (
  SFUNC = health_weighted_sum_add, STYPE = internal, SSPACE = 4096, COMBINEFUNC = health_weighted_sum_combine,
  SERIALFUNC = health_weighted_sum_serialize, DESERIALFUNC = health_weighted_sum_deserialize,
  FINALFUNC = health_weighted_sum_final, FINALFUNC_MODIFY = READ_ONLY, PARALLEL = SAFE
);
COMMENT ON AGGREGATE health_weighted_sum(float8, timestamp, health_model, date) IS
  'windowed, decayed sum of weighted events at as_of; window and decay from the model; times read as UTC';
CREATE AGGREGATE health_sliding_sum(weight float8, occurred_at timestamp, model health_model) (
  SFUNC = health_sliding_sum_add, STYPE = internal, SSPACE = 4096,
  FINALFUNC = health_sliding_sum_final, FINALFUNC_MODIFY = READ_ONLY,
  MSFUNC = health_sliding_sum_add, MINVFUNC = health_sliding_sum_remove, MSTYPE = internal, MSSPACE = 4096,
  MFINALFUNC = health_sliding_sum_final, MFINALFUNC_MODIFY = READ_ONLY, PARALLEL = SAFE
);
COMMENT ON AGGREGATE health_sliding_sum(float8, timestamp, health_model) IS
  'windowed, decayed sum of weighted events in a moving frame, for OVER (... ORDER BY occurred_at): as of the day after the latest one in the frame; a NULL weight moves time only; times read as UTC';

CREATE AGGREGATE health_weighted_sum(weight float8, occurred_at date, model health_model, as_of date) (
  SFUNC = health_weighted_sum_add, STYPE = internal, SSPACE = 4096, COMBINEFUNC = health_weighted_sum_combine,
  SERIALFUNC = health_weighted_sum_serialize, DESERIALFUNC = health_weighted_sum_deserialize,
  FINALFUNC = health_weighted_sum_final, FINALFUNC_MODIFY = READ_ONLY, PARALLEL = SAFE
);
COMMENT ON AGGREGATE health_weighted_sum(float8, date, health_model, date) IS
  'windowed, decayed sum of weighted events at as_of; window and decay from the model; UTC days';
CREATE AGGREGATE health_sliding_sum(weight float8, occurred_at date, model health_model) (
  SFUNC = health_sliding_sum_add, STYPE = internal, SSPACE = 4096,
  FINALFUNC = health_sliding_sum_final, FINALFUNC_MODIFY = READ_ONLY,
  MSFUNC = health_sliding_sum_add, MINVFUNC = health_sliding_sum_remove, MSTYPE = internal, MSSPACE = 4096,
  MFINALFUNC = health_sliding_sum_final, MFINALFUNC_MODIFY = READ_ONLY, PARALLEL = SAFE
);
COMMENT ON AGGREGATE health_sliding_sum(float8, date, health_model) IS
  'windowed, decayed sum of weighted events in a moving frame, for OVER (... ORDER BY occurred_at): as of the day after the latest one in the frame; a NULL weight moves time only; UTC days';

CREATE FUNCTION health_history_support(request internal) RETURNS internal
  AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION health_history_support(internal) IS 'tells the planner how many rows health_history gives';
CREATE FUNCTION health_history(activity health_activity, model health_model, from_day date, to_day date,
                               size float8 DEFAULT NULL, step int DEFAULT 1,
                               OUT as_of date, OUT raw float8, OUT adjustment float8, OUT praise float8, OUT penalty float8) RETURNS SETOF record
  AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE COST 1000 ROWS 90
  SUPPORT health_history_support;
COMMENT ON FUNCTION health_history(health_activity, health_model, date, date, float8, int) IS
  'raw score and adjustment (praise less penalty) for each as_of from from_day to to_day, both inclusive, every step days; one pass over the activity';

CREATE FUNCTION health_slope_add(state internal, score float8, day date) RETURNS internal
  AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION health_slope_add(internal, float8, date) IS 'transition of health_slope';
CREATE FUNCTION health_slope_remove(state internal, score float8, day date) RETURNS internal
  AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION health_slope_remove(internal, float8, date) IS 'inverse transition of health_slope';
CREATE FUNCTION health_slope_final(state internal) RETURNS float8
  AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE COST 1000;
COMMENT ON FUNCTION health_slope_final(internal) IS 'result of health_slope';
CREATE AGGREGATE health_slope(score float8, day date) (
  SFUNC = health_slope_add, STYPE = internal, SSPACE = 2048,
  FINALFUNC = health_slope_final, FINALFUNC_MODIFY = READ_ONLY,
  MSFUNC = health_slope_add, MINVFUNC = health_slope_remove, MSTYPE = internal, MSSPACE = 2048,
  MFINALFUNC = health_slope_final, MFINALFUNC_MODIFY = READ_ONLY, PARALLEL = SAFE
);
COMMENT ON AGGREGATE health_slope(float8, date) IS
  'Theil-Sen slope in points a week: the median over all pairs of readings; NULL with fewer than two days; at most 4096 readings';

CREATE FUNCTION health_stable_band(score float8, model health_model) RETURNS text
  AS 'MODULE_PATHNAME' LANGUAGE C WINDOW IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION health_stable_band(float8, health_model) IS
  'window function, OVER (PARTITION BY account ORDER BY day): band with hysteresis; stable_readings, stable_margin and drop_points of the model; a NULL score keeps the band';

CREATE FUNCTION health_alert(score float8, day date, model health_model) RETURNS text
  AS 'MODULE_PATHNAME' LANGUAGE C WINDOW IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION health_alert(float8, date, health_model) IS
  'window function, OVER (PARTITION BY account ORDER BY day): entered_red, drop, entered_yellow, recovered or NULL; one per transition, none within the cooldown of its kind';

CREATE FUNCTION health_sparkline_add(state internal, score float8) RETURNS internal
  AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION health_sparkline_add(internal, float8) IS 'transition of health_sparkline';
CREATE FUNCTION health_sparkline_final(state internal) RETURNS text
  AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION health_sparkline_final(internal) IS 'result of health_sparkline';
CREATE AGGREGATE health_sparkline(score float8) (
  SFUNC = health_sparkline_add, STYPE = internal, SSPACE = 2048,
  FINALFUNC = health_sparkline_final, FINALFUNC_MODIFY = READ_ONLY, PARALLEL = SAFE
);
COMMENT ON AGGREGATE health_sparkline(float8) IS
  'scores as a line of blocks on the fixed scale 0 to 100: health_sparkline(score ORDER BY day); a space for NULL';
