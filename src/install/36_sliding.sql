-- Windowed, decayed sums straight from weighted events: health_weighted_sum of a group, health_sliding_sum in a frame.

-- include state.template | @aggregate@ = health_weighted_sum
CREATE FUNCTION health_weighted_sum_final(state internal) RETURNS float8
  AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION health_weighted_sum_final(internal) IS 'result of health_weighted_sum';

CREATE FUNCTION health_sliding_sum_final(state internal) RETURNS float8
  AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION health_sliding_sum_final(internal) IS 'result of health_sliding_sum';

--@ theme Over time
--@ function health_weighted_sum
--@ stability: stable
--@ formula: Σ weight × δ(as_of - 1 - day) over the days of the model's window, as in `health_raw_score` and to its bits; weights are
--@   rounded to a millionth.
--@ units: weights up to 9.2e12 in size.
--@ null: a row with a NULL weight or time adds nothing; NULL where no row has a time, a model and a date.
--@ errors: 22003 for a weight that is NaN, infinite or too large; 22008 for an infinite time; 22007 for text that is no time;
--@   22023 where model or `as_of` differs within the group.
--@ example:
--@   SELECT health_weighted_sum(weight, day, '{"half_life_days": 10}', '2026-01-05')
--@   FROM (VALUES (4, date '2026-01-03'), (5, '2025-12-25')) AS v (weight, day);
--@ output:
--@    health_weighted_sum
--@   ---------------------
--@       6.23213196614723
--@ function health_sliding_sum
--@ stability: stable
--@ formula: that of `health_weighted_sum` at the day after the latest one of the frame. Sums are integers, so a row that leaves the
--@   frame leaves no trace.
--@ units: weights up to 9.2e12 in size. The frame must be wider than the model's window.
--@ null: as of `health_weighted_sum`, but that a NULL weight moves the latest day.
--@ errors: as of `health_weighted_sum`.
--@ see: [sums of weighted events](time.md#sums-of-weighted-events).
--@ example:
--@   SELECT day, health_sliding_sum(weight, day, '{"half_life_days": 1, "window_days": 7}') OVER (ORDER BY day ROWS 100 PRECEDING)
--@   FROM (VALUES (4, date '2026-01-03'), (2, '2026-01-04')) AS v (weight, day);
--@ output:
--@       day     | health_sliding_sum
--@   ------------+--------------------
--@    2026-01-03 |                  4
--@    2026-01-04 |                  4
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
