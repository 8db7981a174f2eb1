-- Type health_model: what matters and how. Stored as jsonb, validated when it is made.

--@ theme Models
--@ type health_model
--@ stability: stable
--@ keys: [the common options](model.md#the-common-options) and [all others](model.md#all-other-options).
--@ null: an operator gives NULL where one side is NULL; `->` and `->>` also for an option that the model does not say.
--@ errors: 22023 names the key that is unknown, of the wrong type or out of range, or comes twice; 22P02 for text that is no JSON.
--@   Most have a hint with the right spelling.
--@ notes: `||` merges at any depth; `null` takes a key away, and a bare number for a signal sets its weight and leaves the rest of it.
--@   The order of `<` is that of jsonb.
--@ example:
--@   SELECT '{"half_life_days": 30, "signals": {"login": 1}}'::health_model || '{"signals": {"login": 2, "export": 5}}' AS model;
--@ output:
--@                               model
--@   --------------------------------------------------------------
--@    {"signals": {"login": 2, "export": 5}, "half_life_days": 30}
-- include document.template | @type@ = health_model | @input@ = : JSON; error 22023 names the key at fault | @binary@ = : as jsonb | @text@ = scoring model: weights, window, decay, normalization, bands, texts; {"half_life_days": 30, "signals": {"login": 1, "export": 5}} | @made@ = a jsonb document as a model; error 22023 names the key at fault | @document@ = the model as a document
-- include json.template | @type@ = health_model | @argument@ = model | @document@ = the model as a document
-- include comparison.template | @type@ = health_model | @library@ = | @c@ = jsonb_ | @language@ = internal

-- for @name@      | @operator@ | @type@ | @jsonb_name@            | @text@
--   | field       | ->         | jsonb  | jsonb_object_field      | an option of the model, or its signals
--   | field_text  | ->>        | text   | jsonb_object_field_text | an option of the model, as text
CREATE FUNCTION health_model_@name@(model health_model, key text) RETURNS @type@
  AS '@jsonb_name@' LANGUAGE internal IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION health_model_@name@(health_model, text) IS 'implements @operator@';
CREATE OPERATOR @operator@ (LEFTARG = health_model, RIGHTARG = text, FUNCTION = health_model_@name@);
COMMENT ON OPERATOR @operator@ (health_model, text) IS '@text@; NULL where it is left out';
-- end

-- The text form takes untyped literals and string parameters of database drivers, which else would be appended to the
-- model's text. There is no health_model || health_model: it would read every untyped literal as a whole model.
-- for @type@   | @suffix@
--   | jsonb    |
--   | text     | _text
CREATE FUNCTION health_model_override(model health_model, changes @type@) RETURNS health_model
  AS 'MODULE_PATHNAME', 'health_model_override@suffix@' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION health_model_override(health_model, @type@) IS 'implements ||';
CREATE OPERATOR || (LEFTARG = health_model, RIGHTARG = @type@, FUNCTION = health_model_override);
COMMENT ON OPERATOR || (health_model, @type@) IS
  'the model with parts overridden, at any depth; null removes a key; a bare number for a signal sets its weight';
-- end

--@ function health_make_model
--@ stability: stable
--@ keys: each argument is the [option](model.md#all-other-options) of that name.
--@ null: an option that is NULL is left out.
--@ errors: 22023 names the key at fault.
--@ example:
--@   SELECT health_make_model(signals => '{"login": 1, "export": 5}', half_life_days => 30);
--@ output:
--@                         health_make_model
--@   --------------------------------------------------------------
--@    {"signals": {"login": 1, "export": 5}, "half_life_days": 30}
CREATE FUNCTION health_make_model(
  signals jsonb DEFAULT NULL,
  window_days int DEFAULT NULL,
  half_life_days numeric DEFAULT NULL,
  linear_days numeric DEFAULT NULL,
  percentile numeric DEFAULT NULL,
  curve text DEFAULT NULL,
  population text DEFAULT NULL,
  baseline numeric DEFAULT NULL,
  min_population int DEFAULT NULL,
  min_tenure_days int DEFAULT NULL,
  size_exponent numeric DEFAULT NULL,
  combine text DEFAULT NULL,
  usage_weight numeric DEFAULT NULL,
  dimension_caps jsonb DEFAULT NULL,
  red_below numeric DEFAULT NULL,
  green_from numeric DEFAULT NULL,
  bands jsonb DEFAULT NULL,
  trend_days int DEFAULT NULL,
  trend_points numeric DEFAULT NULL,
  drop_points numeric DEFAULT NULL,
  drop_days int DEFAULT NULL,
  cooldown_days int DEFAULT NULL,
  stable_readings int DEFAULT NULL,
  stable_margin numeric DEFAULT NULL,
  max_drivers int DEFAULT NULL,
  language text DEFAULT NULL,
  name text DEFAULT NULL,
  version text DEFAULT NULL,
  weekend int[] DEFAULT NULL,
  silent_days int DEFAULT NULL,
  risk_points numeric DEFAULT NULL,
  next_steps jsonb DEFAULT NULL
) RETURNS health_model
  LANGUAGE sql IMMUTABLE PARALLEL SAFE
  -- Only the top level is stripped of NULLs: inside signals a null has a meaning ("window_days": null never expires).
  RETURN (pg_catalog.jsonb_strip_nulls(pg_catalog.jsonb_build_object(
    'window_days', window_days,
    'half_life_days', half_life_days,
    'linear_days', linear_days,
    'percentile', percentile,
    'curve', curve,
    'population', population,
    'baseline', baseline,
    'min_population', min_population,
    'min_tenure_days', min_tenure_days,
    'size_exponent', size_exponent,
    'combine', combine,
    'usage_weight', usage_weight,
    'dimension_caps', dimension_caps,
    'red_below', red_below,
    'green_from', green_from,
    'bands', bands,
    'trend_days', trend_days,
    'trend_points', trend_points,
    'drop_points', drop_points,
    'drop_days', drop_days,
    'cooldown_days', cooldown_days,
    'stable_readings', stable_readings,
    'stable_margin', stable_margin,
    'max_drivers', max_drivers,
    'language', language,
    'name', name,
    'version', version,
    'weekend', weekend,
    'silent_days', silent_days,
    'risk_points', risk_points,
    'next_steps', next_steps
  )) OPERATOR(pg_catalog.||) CASE WHEN signals IS NULL THEN '{}' ELSE pg_catalog.jsonb_build_object('signals', signals) END)::health_model;
COMMENT ON FUNCTION health_make_model IS
  'a model from named arguments, for example health_make_model(signals => (SELECT jsonb_object_agg(event, weight) FROM weights), half_life_days => 30)';
