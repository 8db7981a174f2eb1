-- Windowed, decayed sums straight from weighted events: health_weighted_sum of a group, health_sliding_sum in a frame.

-- include state.template | @aggregate@ = health_weighted_sum
CREATE FUNCTION health_weighted_sum_final(state internal) RETURNS float8
  AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION health_weighted_sum_final(internal) IS 'result of health_weighted_sum';

CREATE FUNCTION health_sliding_sum_final(state internal) RETURNS float8
  AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION health_sliding_sum_final(internal) IS 'result of health_sliding_sum';

-- for @time@      | @suffix@ | @read@
--   | timestamptz |          |
--   | timestamp   |          | ; times read as UTC
--   | date        | _date    | ; UTC days
--   | text        | _text    | ; times as text, UTC where they have no offset
CREATE FUNCTION health_weighted_sum_add(state internal, weight float8, occurred_at @time@, model health_model, as_of date)
  RETURNS internal AS 'MODULE_PATHNAME', 'health_weighted_sum_add@suffix@' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION health_weighted_sum_add(internal, float8, @time@, health_model, date) IS 'transition of health_weighted_sum';
CREATE AGGREGATE health_weighted_sum(weight float8, occurred_at @time@, model health_model, as_of date) (
  SFUNC = health_weighted_sum_add, STYPE = internal, SSPACE = 4096, COMBINEFUNC = health_weighted_sum_combine,
  SERIALFUNC = health_weighted_sum_serialize, DESERIALFUNC = health_weighted_sum_deserialize,
  FINALFUNC = health_weighted_sum_final, FINALFUNC_MODIFY = READ_ONLY, PARALLEL = SAFE
);
COMMENT ON AGGREGATE health_weighted_sum(float8, @time@, health_model, date) IS
  'windowed, decayed sum of weighted events at as_of; window and decay from the model@read@';

-- for @step@   | @says@
--   | add      | transition
--   | remove   | inverse transition
CREATE FUNCTION health_sliding_sum_@step@(state internal, weight float8, occurred_at @time@, model health_model)
  RETURNS internal AS 'MODULE_PATHNAME', 'health_sliding_sum_@step@@suffix@' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION health_sliding_sum_@step@(internal, float8, @time@, health_model) IS '@says@ of health_sliding_sum';
-- end
CREATE AGGREGATE health_sliding_sum(weight float8, occurred_at @time@, model health_model) (
  SFUNC = health_sliding_sum_add, STYPE = internal, SSPACE = 4096,
  FINALFUNC = health_sliding_sum_final, FINALFUNC_MODIFY = READ_ONLY,
  MSFUNC = health_sliding_sum_add, MINVFUNC = health_sliding_sum_remove, MSTYPE = internal, MSSPACE = 4096,
  MFINALFUNC = health_sliding_sum_final, MFINALFUNC_MODIFY = READ_ONLY, PARALLEL = SAFE
);
COMMENT ON AGGREGATE health_sliding_sum(float8, @time@, health_model) IS
  'windowed, decayed sum of weighted events in a moving frame: as of the day after the latest one in it; for OVER (... ORDER BY occurred_at); a NULL weight moves time only@read@';

-- end
