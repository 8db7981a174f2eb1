-- The type health_model: writing it, overriding it, comparing it, and what it refuses.
\set SHOW_CONTEXT never

--
-- Text form
--

-- A model comes back as it was written, as a jsonb document: nothing is filled in.
SELECT '{"window_days": 90, "half_life_days": 30, "signals": {"login": 1, "export": {"weight": 5, "measure": "days"}}}'::health_model;
SELECT '{}'::health_model, '{"signals": {}}'::health_model AS no_signals;

-- Every option, at some value that is not its default.
SELECT '{"window_days": 60, "half_life_days": 14.5, "percentile": 0.95, "curve": "open", "population": "all", "baseline": 120.5,
         "min_population": 5, "size_exponent": 0.5, "red_below": 40, "green_from": 70.5, "trend_days": 7, "trend_points": 5,
         "drop_points": 15, "drop_days": 14, "cooldown_days": 0, "stable_readings": 3, "stable_margin": 2.5, "max_drivers": 3,
         "language": "fr", "name": "standard", "version": "2026-01", "weekend": [6, 7], "silent_days": 5, "risk_points": 1.5,
         "next_steps": {"silent": "Appeler", "never_active": {"en": "Train", "fr": "Former"}, "new": "", "usage_down": null,
                        "usage_up": "Féliciter"},
         "signals": {
           "login": {"weight": 1.000001, "measure": "count", "unit": "raw", "window_days": 30, "daily_cap": 20, "max_points": 50,
                     "inactive_days": 14, "aliases": ["signin", "sign in"], "label": "Login", "dimension": "adoption"},
           "admin": {"weight": 5, "measure": "days", "usage": false, "opportunity": true, "expected_within_days": 30,
                     "label": {"en": "Admin", "fr": "Administrateur"}},
           "spend": {"weight": 0.01, "measure": "sum", "unit": "score", "next_step": {"fr": "Appeler"}},
           "nps": {"weight": 2, "measure": "last", "neutral": 7, "window_days": null, "text": "NPS {value}"},
           "seats": {"weight": 2, "measure": "last", "out_of": 50,
                     "text": {"low": {"en": "{missing|seat is|seats are} empty", "fr": "{missing|place libre|places libres}"},
                              "steady": "{value} of {out_of}", "member_silent": "{member}, {days|day|days}"},
                     "next_step": {"high": "Talk about more seats", "low": {"fr": "Former"}}},
           "user:*": {"weight": 30, "measure": "distinct", "days": 14, "min_days": 2, "of": "size", "unit": "score", "neutral": 0.5},
           "team:*": {"weight": 1, "measure": "distinct", "window_days": 7},
           "csat": {"weight": 4, "measure": "mean", "neutral": 3, "out_of": 5},
           "errors": {"weight": -9, "measure": "ratio", "of": "login", "values": false, "scale": [[0.01, 0], [0.05, 1]]},
           "visit": {"weight": 5, "measure": "recency", "steps": [[0, -1], [0.5, 0], [0.9, 1]]},
           "calls": {"weight": 3, "measure": "trend", "window_days": 14},
           "cancel": {"weight": -50, "unit": "score", "max_points": 50},
           "seen": 0}}'::health_model IS NOT NULL AS good;

-- An option may be as small or as large as its limits.
SELECT model::health_model FROM unnest(ARRAY[
  '{"window_days": 1, "trend_days": 1, "drop_days": 1, "stable_readings": 1, "max_drivers": 1, "min_population": 0}',
  '{"window_days": 36500, "trend_days": 36500, "cooldown_days": 36500, "stable_readings": 1000, "max_drivers": 10000,
    "min_population": 1000000000}',
  '{"percentile": 0.000001, "size_exponent": 0, "red_below": 0, "green_from": 0, "trend_points": 0}',
  '{"bands": [["bad", 0], [{"en": "good", "fr": "bien"}, 100]]}', '{"bands": [[{"en": "a"}, 0.0], [{"fr": "b"}, 1e1]]}',
  '{"percentile": 1, "curve": "linear"}',
  '{"percentile": 0.999999, "size_exponent": 10, "red_below": 100, "green_from": 100, "trend_points": 100, "drop_points": 100}',
  '{"half_life_days": 0.001, "baseline": 0.000001}', '{"linear_days": 1000000000000, "baseline": null}',
  '{"signals": {"a": 1000000000, "b": -1000000000, "c": 0.000001, "d": 1.0000000, "e": 1e9}}',
  '{"signals": {"a": {"weight": 1, "daily_cap": 2147483647, "max_points": 0}}}']) AS model;
SELECT jsonb_build_object('signals', jsonb_object_agg(repeat('x', 250) || n, 1))::health_model IS NOT NULL
       AS many_signals
FROM generate_series(1, 10000) AS n;

--
-- health_make_model
--

SELECT health_make_model();
SELECT health_make_model(signals => (SELECT jsonb_object_agg(event, weight)
         FROM (VALUES ('login', 1), ('export', 5)) AS weights (event, weight)),
                         window_days => 90, half_life_days => 30);
-- health_make_model has a named argument for every option.
SELECT health_make_model(signals => '{"a": 1}', window_days => 60, half_life_days => 14.5, percentile => 0.95,
         curve => 'open',
         population => 'all', baseline => 120.5, min_population => 5, min_tenure_days => 7, size_exponent => 0.5, red_below => 40,
         green_from => 70.5,
         trend_days => 7, trend_points => 5, drop_points => 15, drop_days => 14, cooldown_days => 0,
         stable_readings => 3,
         stable_margin => 2.5, max_drivers => 3, language => 'fr', name => 'standard', version => '2026-01', weekend => '{6,7}',
         silent_days => 5, risk_points => 1.5, combine => 'sum', dimension_caps => '{"other": 10}',
         next_steps => '{"silent": "Call", "new": {"fr": "Accueillir"}, "usage_up": ""}')
     = '{"signals": {"a": 1}, "window_days": 60, "half_life_days": 14.5, "percentile": 0.95, "curve": "open",
         "population": "all", "baseline": 120.5, "min_population": 5, "min_tenure_days": 7, "size_exponent": 0.5,
         "red_below": 40, "green_from": 70.5, "trend_days": 7, "trend_points": 5, "drop_points": 15, "drop_days": 14,
         "cooldown_days": 0, "stable_readings": 3, "stable_margin": 2.5, "max_drivers": 3, "language": "fr",
         "name": "standard", "version": "2026-01", "weekend": [6, 7], "silent_days": 5, "risk_points": 1.5, "combine": "sum",
         "dimension_caps": {"other": 10}, "next_steps": {"silent": "Call", "new": {"fr": "Accueillir"}, "usage_up": ""}}' AS same;
-- A scorecard: the raw score and two measures with their weights, what takes points, and what sets the score.
SELECT health_make_model(signals => '{"login": 1, "nps": {"weight": 30, "measure": "last", "out_of": 10},
                                      "export": {"weight": 20, "scale": [[0, 0], [12, 1]]}, "ticket": -2,
                                      "csm": {"measure": "last", "set_score": true, "window_days": 30}}',
         combine => 'mean', usage_weight => 40);
-- A measure stays one: another weight keeps its unit, 0 leaves it out, and points need another unit.
SELECT model || '{"signals": {"nps": 50}}' AS weight, model || '{"signals": {"nps": 0}}' AS left_out
FROM (VALUES ('{"combine": "mean", "signals": {"nps": {"weight": 30, "measure": "last", "out_of": 10}}}'::health_model)) AS v (model);
SELECT '{"combine": "mean", "signals": {"nps": {"weight": 30, "measure": "last", "out_of": 10}}}'::health_model || '{"signals": {"nps": -5}}';
-- A scorecard is made a sum, and back.
SELECT '{"combine": "mean", "usage_weight": 40, "signals": {"login": 1}}'::health_model
         || '{"combine": null, "usage_weight": null}' AS sum,
       '{"signals": {"login": 1}}'::health_model || '{"combine": "mean", "usage_weight": 40}' AS mean;
SELECT health_make_model(linear_days => 45);
SELECT health_make_model(bands => '[["bad", 0], [{"en": "good", "fr": "bien"}, 60]]');
-- NULL means left out; a null inside signals keeps its meaning.
SELECT health_make_model(signals => '{"nps": {"weight": 2, "measure": "last", "window_days": null}}',
         window_days => NULL, curve => NULL);
--
-- Casts
--

SELECT '{"signals": {"login": 1}}'::jsonb::health_model,
       '{"signals": {"login": 1}}'::health_model::jsonb -> 'signals' AS signals;
-- Assignment casts both ways: a jsonb column can fill a model column, and the other way round.
CREATE TEMPORARY TABLE models (id int, model health_model, document jsonb);
INSERT INTO models SELECT 1, '{"signals": {"login": 1}}'::jsonb, '{"signals": {"login": 1}}'::health_model;
SELECT * FROM models;
INSERT INTO models (model) VALUES ('{"curve": "round"}'::jsonb);
INSERT INTO models SELECT 2, '{"curve": "open"}'::json;
SELECT to_jsonb(m), row_to_json(m), (jsonb_populate_record(NULL::models, to_jsonb(m))).model = model AS same
FROM models AS m ORDER BY id;
-- What a model says, as of a document.
SELECT model -> 'signals' -> 'login' AS login, model ->> 'curve' AS curve FROM models ORDER BY id;

--
-- Overriding: model || jsonb
--

SELECT '{"window_days": 90, "signals": {"login": 1, "export": {"weight": 5, "measure": "days"}}}'::health_model
       || patch AS model
FROM unnest(ARRAY[
  '{}',
  '{"window_days": 30}',                                  -- another value
  '{"curve": "linear"}',                                  -- one more option
  '{"window_days": null}',                                -- back to the default
  '{"signals": {"login": 2}}',                            -- another weight
  '{"signals": {"export": 9}}',                           -- the other options of the signal stay
  '{"signals": {"export": {"measure": "count"}}}',        -- another option, the weight stays
  '{"signals": {"export": {"measure": null}}}',
  '{"signals": {"login": {"daily_cap": 3}}}',             -- a bare weight gets an option
  '{"signals": {"login": null}}',                         -- a signal less
  '{"signals": {"nps": {"weight": 2, "measure": "last", "window_days": null}}}',  -- a signal more: null is its value
  '{"signals": null}']::jsonb[]) AS patch;
-- Changes may be text, an untyped literal or an untyped parameter; a key twice is seen there, which jsonb drops.
SELECT model || '{"signals": {"b": null}}' AS literal, model || '{"signals": {"b": null}}'::varchar AS string,
       model || '{"signals": {"b": null}}'::jsonb AS document
FROM (VALUES ('{"signals": {"a": 1, "b": 2}}'::health_model)) AS v (model);
PREPARE change AS SELECT '{"signals": {"a": 1}}'::health_model || $1;
EXECUTE change('{"signals": {"a": 7}}');
PREPARE change_text(text) AS SELECT '{"signals": {"a": 1}}'::health_model || $1;
EXECUTE change_text('{"signals": {"a": 8}}');
SELECT '{}'::health_model || '{"signals": {"a": 1, "a": 2}}';
SELECT '{}'::health_model || '{"signals": {"a": 1,}}';
-- A model is no change: if it were, each untyped literal would be read as a whole model.
SELECT '{}'::health_model || '{}'::health_model;
-- Chained; NULL gives NULL.
SELECT '{"signals": {"login": 1}}'::health_model || '{"signals": {"export": 5}}' || '{"half_life_days": 30}';
SELECT ('{}'::health_model || NULL) IS NULL AS no_patch, (NULL::health_model || '{}') IS NULL AS no_model;
-- Decay is either of two; changing from one to the other takes two keys.
SELECT '{"half_life_days": 30}'::health_model || '{"half_life_days": null, "linear_days": 60}';
SELECT '{"half_life_days": 30}'::health_model || '{"linear_days": 60}';
-- Texts are merged, too: a kind more, a kind less; from plain to by kind takes two steps, or nulls.
SELECT '{"signals": {"a": {"weight": 1, "text": {"down": "Less", "up": "More"}}}}'::health_model
         || '{"signals": {"a": {"text": {"down": null, "inactive": "Gone"}}}}' AS kinds,
       '{"signals": {"a": {"weight": 1, "text": {"en": "Bad", "fr": "Mal"}}}}'::health_model
         || '{"signals": {"a": {"text": {"en": null, "fr": null, "down": "Less"}}}}' AS other_kinds,
       '{"next_steps": {"silent": "Call"}}'::health_model || '{"next_steps": {"silent": null, "new": ""}}' AS steps \x\g\x
SELECT '{"signals": {"a": {"weight": 1, "text": {"en": "Bad"}}}}'::health_model || '{"signals": {"a": {"text": {"down": "Less"}}}}';
-- Bands are replaced as a whole, and take the place of red_below and green_from.
SELECT '{"bands": [["bad", 0], ["good", 60]]}'::health_model || '{"bands": [["low", 0], ["high", 40]]}' AS others,
       '{"red_below": 40}'::health_model || '{"red_below": null, "bands": [["low", 0], ["high", 40]]}' AS instead;
SELECT '{"red_below": 40}'::health_model || '{"bands": [["low", 0], ["high", 40]]}';
-- The result is checked, with the path of what is wrong.
SELECT '{"signals": {"export": {"weight": 5}}}'::health_model || '{"signals": {"export": {"neutral": 7}}}';
SELECT '{"signals": {"export": {"weight": 5}}}'::health_model || '{"signals": {"export": {"weight": null}}}';
SELECT '{}'::health_model || '[1]';
SELECT '{}'::health_model || '2';

-- A negative weight means points; the unit is stored, and another weight keeps it.
SELECT '{"signals": {"x": -5}}'::health_model, '{"signals": {"x": -5}}'::jsonb::health_model AS of_jsonb,
       health_make_model(signals => '{"x": -5}') AS made, '{"signals": {"x": -5}}'::health_model::text::health_model AS again,
       '{}'::health_model || '{"signals": {"x": -5}}' AS added,
       '{"signals": {"x": {"weight": -5, "unit": "raw"}}}'::health_model AS raw \x\g\x
SELECT '{"signals": {"x": -5}}'::health_model || '{"signals": {"x": 5}}' AS points,
       '{"signals": {"x": 5}}'::health_model || '{"signals": {"x": -5}}' AS raw,
       '{"signals": {"x": 5}}'::health_model || '{"signals": {"x": {"weight": -5, "unit": null}}}' AS decided_anew,
       '{"signals": {"x": -5}}'::health_model = '{"signals": {"x": {"weight": -5.0, "unit": "score"}}}' AS eq \x\g\x

--
-- Comparison: as documents, so the order of keys and the way to write a number do not matter
--

SELECT '{"window_days": 90, "signals": {"a": 1}}'::health_model = '{"signals": {"a": 1.0}, "window_days": 90}' AS eq,
       '{"signals": {"a": 1}}'::health_model = '{"signals": {"a": {"weight": 1}}}' AS other_document,
       '{}'::health_model <> '{"curve": "open"}' AS ne;
SELECT model, count(*) FROM (VALUES ('{"signals": {"a": 1}}'::health_model), ('{"signals": {"a": 1.0}}'), ('{}'),
         (NULL), (NULL)) AS v (model)
GROUP BY model ORDER BY count(*), model;
SELECT count(*) AS pairs, count(*) FILTER (WHERE (a < b)::int + (a = b)::int + (a > b)::int <> 1
    OR (a <= b) = (a > b) OR (a >= b) = (a < b) OR (a <> b) = (a = b)) AS wrong
FROM unnest(ARRAY['{}', '{"curve": "open"}', '{"curve": "linear"}', '{"signals": {"a": 1}}', '{"signals": {"a": 1.0}}',
  '{"signals": {"b": 1}}']::health_model[]) AS a,
     unnest(ARRAY['{}', '{"curve": "open"}', '{"curve": "linear"}', '{"signals": {"a": 1}}', '{"signals": {"a": 1.0}}',
       '{"signals": {"b": 1}}']::health_model[]) AS b;
CREATE UNIQUE INDEX ON models (model);
INSERT INTO models (model) VALUES ('{"signals": {"login": 1.0}}');
CREATE INDEX ON models USING hash (model);

--
-- What a model refuses
--

SELECT '{"half_life_days": -3}'::health_model;
SELECT '{"halflife": 30}'::health_model;
SELECT '{"signals": {"login": {"wieght": 1}}}'::health_model;
SELECT health_make_model(half_life_days => -3);
SELECT health_make_model(half_life_days => 30, linear_days => 60);

-- What each wrong document is answered with.
CREATE FUNCTION pg_temp.answer(document text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE hint text;
BEGIN
  PERFORM document::health_model;
  RETURN 'accepted';
EXCEPTION WHEN OTHERS THEN
  GET STACKED DIAGNOSTICS hint = PG_EXCEPTION_HINT;
  RETURN sqlstate || ' ' || sqlerrm || E'\n      ' || hint;
END $$;
-- Options and arguments of health_make_model are the same list.
SELECT (SELECT string_agg(key, ', ' ORDER BY key COLLATE "C")
         FROM regexp_split_to_table(substring(pg_temp.answer('{"?": 1}') from 'Known keys: (.*)[.]'), ', ') AS key)
     = (SELECT string_agg(name, ', ' ORDER BY name COLLATE "C") FROM pg_proc, unnest(proargnames) AS name
       WHERE proname = 'health_make_model') AS same;
\pset format unaligned
\pset tuples_only on

SELECT document || E'\n   -> ' || pg_temp.answer(document) FROM unnest(ARRAY[
  '[]', 'null', '"login"', '{"signals": [1]}', '{"signals": null}', '{"a\"b": 1}',
  '{"window_days": 0}', '{"window_days": 36501}', '{"window_days": 1.5}', '{"window_days": "90"}',
  '{"window_days": null}',
  '{"half_life_days": 0}', '{"half_life_days": "30"}', '{"half_life_days": 1e13}', '{"half_life_days": null}',
  '{"linear_days": -1}', '{"linear_days": []}',
  '{"half_life_days": 30, "linear_days": 60}',
  '{"percentile": 0}', '{"percentile": 1}', '{"percentile": 90}', '{"curve": "log"}', '{"curve": 1}',
  '{"population": "some"}',
  '{"baseline": 0}', '{"baseline": -5}', '{"baseline": "high"}', '{"min_population": -1}', '{"min_population": 2.5}',
  '{"combine": "max"}', '{"combine": 1}', '{"usage_weight": 0}', '{"usage_weight": -1}', '{"usage_weight": "40"}',
  '{"usage_weight": 40}', '{"combine": "mean", "usage_weight": 40}',
  '{"combine": "mean", "signals": {"login": 1}}', '{"combine": "mean", "usage_weight": 40, "signals": {"login": 0}}',
  '{"combine": "mean", "signals": {"nps": {"weight": 1, "measure": "last"}}}',
  '{"combine": "mean", "signals": {"user:*": {"weight": 1, "measure": "distinct"}}}',
  '{"combine": "mean", "signals": {"user:*": {"weight": 1, "measure": "distinct", "of": "size"}}}',
  '{"combine": "mean", "signals": {"login": {"weight": 1, "measure": "recency"}}}',
  '{"combine": "mean", "signals": {"login": {"weight": 1, "unit": "share"}}}',
  '{"combine": "mean", "signals": {"nps": {"weight": -1, "measure": "last", "unit": "share", "out_of": 10}}}',
  '{"combine": "mean", "signals": {"nps": {"weight": 1, "measure": "last", "out_of": 10, "neutral": 7}}}',
  '{"combine": "mean", "signals": {"nps": {"weight": 1, "measure": "last", "out_of": 10, "max_points": 7}}}',
  '{"signals": {"nps": {"weight": 1, "measure": "last", "unit": "share", "out_of": 10}}}',
  '{"dimension_caps": 10}', '{"dimension_caps": null}', '{"dimension_caps": {"other": "10"}, "signals": {"login": -1}}',
  '{"dimension_caps": {"other": -1}, "signals": {"login": -1}}', '{"dimension_caps": {"other": 0}, "signals": {"login": -1}}',
  '{"dimension_caps": {"email": 10}, "signals": {"login": -1}}',
  '{"signals": {"csm": {"measure": "last", "set_score": true}, "am": {"measure": "last", "set_score": true}}}',
  '{"min_tenure_days": 0}', '{"min_tenure_days": 36501}', '{"min_tenure_days": 1.5}', '{"min_tenure_days": null}',
  '{"size_exponent": -1}', '{"size_exponent": 11}', '{"red_below": -1}', '{"green_from": 101}', '{"red_below": 90}',
  '{"red_below": 60, "green_from": 59}',
  '{"bands": null}', '{"bands": {"bad": 0, "good": 50}}', '{"bands": "red"}', '{"bands": []}', '{"bands": [["bad", 0]]}',
  '{"bands": ["bad", "good"]}', '{"bands": [["bad", 0], null]}', '{"bands": [["bad", 0], ["good"]]}',
  '{"bands": [["bad", 0], ["good", 50, 80]]}', '{"bands": [[0, "bad"], [50, "good"]]}',
  '{"bands": [["bad", 0], [null, 50]]}', '{"bands": [["bad", 0], ["", 50]]}', '{"bands": [["bad", 0], [{}, 50]]}',
  '{"bands": [["bad", 0], [{"de": "gut"}, 50]]}', '{"bands": [["bad", 0], [{"en": "good", "fr": null}, 50]]}',
  '{"bands": [["bad", 10], ["good", 50]]}', '{"bands": [["bad", 0], ["fair", 50], ["good", 50]]}',
  '{"bands": [["bad", 0], ["fair", 50], ["good", 40]]}', '{"bands": [["bad", 0], ["good", -1]]}',
  '{"bands": [["bad", 0], ["good", 100.1]]}', '{"bands": [["bad", 0], ["good", "50"]]}',
  '{"bands": [["bad", 0], ["good", "NaN"]]}', '{"bands": [["bad", 0], ["good", null]]}',
  '{"bands": [["bad", 0], ["fair", 50], ["bad", 80]]}',
  '{"bands": [[{"en": "bad", "fr": "mal"}, 0], [{"en": "good", "fr": "mal"}, 50]]}',
  '{"bands": [["bad", 0], ["good", 50]], "red_below": 50}', '{"bands": [["bad", 0], ["good", 50]], "green_from": 80}',
  '{"trend_days": 0}', '{"trend_points": 101}', '{"drop_points": -1}', '{"drop_days": 0}', '{"cooldown_days": -1}',
  '{"stable_readings": 0}', '{"stable_readings": 1001}', '{"stable_margin": 101}', '{"max_drivers": 0}',
  '{"max_drivers": true}', '{"language": "de"}', '{"name": ""}', '{"version": 3}',
  '{"weekend": 6}', '{"weekend": [0]}', '{"weekend": ["Sat"]}', '{"weekend": [1, 2, 3, 4, 5, 6, 7]}', '{"silent_days": 0}',
  '{"silent_days": null}', '{"risk_points": -1}', '{"usage": true}',
  '{"next_steps": "Call"}', '{"next_steps": {"silence": "Call"}}', '{"next_steps": {"inactive": "Call"}}',
  '{"next_steps": {"new": 1}}', '{"next_steps": {"new": {"de": "Los"}}}', '{"percentile": 1, "curve": "open"}']) AS document;

SELECT document || E'\n   -> ' || pg_temp.answer('{"signals": ' || document || '}') FROM unnest(ARRAY[
  '{"login": null}', '{"login": "1"}', '{"login": true}', '{"login": [1]}', '{"login": {}}',
  '{"login": {"measure": "days"}}',
  '{"login": 0.0000001}', '{"login": 1000000001}', '{"login": -1000000000.000001}', '{"login": 1e400}',
  '{"login": {"weight": null}}', '{"login": {"weight": "5"}}', '{"login": {"weight": 1.2345678}}',
  '{"login": {"weight": 1, "measure": "avg"}}', '{"login": {"weight": 1, "measure": null}}',
  '{"login": {"weight": 1, "unit": "points"}}',
  '{"login": {"weight": 1, "measure": "last", "neutral": "7"}}', '{"login": {"weight": 1, "neutral": 7}}',
  '{"login": {"weight": 1, "window_days": 0}}', '{"user:*": {"weight": 1, "measure": "distinct", "window_days": null}}',
  '{"login": {"weight": 1, "window_days": null}}', '{"login": {"weight": 1, "half_life_days": null, "linear_days": null}}',
  '{"login": {"weight": 1, "half_life_days": null, "linear_days": 30}}', '{"login": {"weight": 1, "half_life_days": 0}}',
  '{"login": {"weight": 1, "half_life_days": "30"}}', '{"login": {"weight": 1, "linear_days": -1}}',
  '{"login": {"weight": 1, "half_life_days": 9, "linear_days": 30}}',
  '{"nps": {"weight": 1, "measure": "last", "half_life_days": 30}}', '{"nps": {"weight": 1, "measure": "last", "linear_days": null}}',
  '{"user:*": {"weight": 1, "measure": "distinct", "half_life_days": null}}',
  '{"login": {"weight": 1, "daily_cap": 0}}', '{"login": {"weight": 1, "daily_cap": 1.5}}',
  '{"login": {"weight": 1, "measure": "days", "daily_cap": 3}}',
  '{"login": {"weight": 1, "max_points": -1}}', '{"login": {"weight": 1, "inactive_days": 0}}',
  '{"login": {"weight": 1, "days": 14}}', '{"login": {"weight": 1, "min_days": 2}}',
  '{"login": {"weight": 1, "of": "size"}}',
  '{"login": {"weight": 1, "measure": "ratio"}}', '{"login": {"weight": 1, "measure": "ratio", "of": "login"}}',
  '{"calls": 0, "errors": {"weight": 1, "measure": "ratio", "of": "cals"}}',
  '{"errors": {"weight": 1, "measure": "ratio", "of": {}}}', '{"errors": {"weight": 1, "values": true}}',
  '{"errors": {"weight": 1, "measure": "ratio", "of": "x", "values": 1}}',
  '{"login": {"weight": 1, "scale": 7}}', '{"login": {"weight": 1, "scale": []}}',
  '{"login": {"weight": 1, "scale": [[7, 0], 30]}}', '{"login": {"weight": 1, "scale": [[7, 0], [7, 1]]}}',
  '{"login": {"weight": 1, "steps": [[7, 0], [30, "1"]]}}', '{"login": {"weight": 1, "steps": [[1e13, 0]]}}',
  '{"login": {"weight": 1, "steps": [[7, 0]], "scale": [[7, 0]]}}',
  '{"login": {"weight": 1, "unit": "raw", "steps": [[7, 0]]}}',
  '{"login": {"weight": 1, "measure": "last", "neutral": 7, "scale": [[7, 0]]}}',
  '{"login": {"weight": 1, "half_life_days": 7, "scale": [[7, 0]]}}',
  '{"login": {"weight": 1, "measure": "mean", "linear_days": 7}}',
  '{"login": {"weight": 1, "out_of": 5}}', '{"login": {"weight": 1, "measure": "last", "out_of": 0}}',
  '{"login": {"weight": 1, "measure": "recency", "window_days": null}}',
  '{"login": {"weight": 1, "measure": "distinct"}}', '{"user:*": 1}', '{"user:*": {"weight": 1, "measure": "days"}}',
  '{"user:*": {"weight": 1, "measure": "distinct", "of": "seats"}}',
  '{"user:*": {"weight": 1, "measure": "distinct", "min_days": 0}}',
  '{"user:*": {"weight": 1, "measure": "distinct", "days": 14, "window_days": 14}}',
  '{"user:*": {"weight": 1, "measure": "distinct", "aliases": ["u"]}}',
  '{"login": {"weight": 1, "aliases": "signin"}}', '{"login": {"weight": 1, "aliases": [""]}}',
  '{"login": {"weight": 1, "aliases": [1]}}', '{"login": {"weight": 1, "aliases": ["sign*"]}}',
  '{"login": {"weight": 1, "aliases": ["login"]}}', '{"login": 1, "signin": {"weight": 1, "aliases": ["login"]}}',
  '{"a": {"weight": 1, "aliases": ["c"]}, "b": {"weight": 1, "aliases": ["c"]}}',
  '{"login": {"weight": 1, "label": 5}}', '{"login": {"weight": 1, "label": {"de": "Anmeldung"}}}',
  '{"login": {"weight": 1, "label": {"en": null}}}',
  '{"login": {"weight": 1, "dimension": ""}}', '{"login": {"weight": 1, "dimension": {"en": "use"}}}',
  '{"login": {"weight": 1, "next_step": []}}', '{"login": {"weight": 1, "text": true}}',
  '{"login": {"weight": 1, "text": "{sise} of {prior}"}}', '{"adoption": {"login": 1, "export": 5}}',
  '{"login": {"weight": 1, "text": {"inactif": "Parti"}}}', '{"login": {"weight": 1, "text": {"silent": "Gone"}}}',
  '{"login": {"weight": 1, "text": {"en": "Gone", "down": "Less"}}}', '{"login": {"weight": 1, "text": {"down": {"up": "x"}}}}',
  '{"login": {"weight": 1, "next_step": {"down": null}}}', '{"login": {"weight": 1, "text": {"down": "{sise|a|b}"}}}',
  '{"login": {"weight": 1, "text": "{size|seat}"}}', '{"login": {"weight": 1, "text": {"low": {"fr": "{size|a|b|c}"}}}}',
  '{"login": {"weight": 1, "text": "{missing|one|{count}}"}}', '{"login": {"weight": 1, "text": "{missing|one|many"}}',
  '{"login": {"weight": 1, "percentile": 0.7}}',
  '{"csm": {"measure": "last", "set_score": "yes"}}', '{"csm": {"measure": "mean", "set_score": true}}',
  '{"csm": {"set_score": true}}', '{"csm": {"measure": "last", "set_score": true, "unit": "raw"}}',
  '{"csm": {"measure": "last", "set_score": false}}',
  '{"login": {"weight": 1, "usage": "yes"}}', '{"login": {"weight": 1, "opportunity": 1}}',
  '{"login": {"weight": 1, "expected_within_days": 0}}', '{"login": {"weight": 1, "silent_days": 7}}',
  '{"connexion réussie 🚀": {"weight": "un"}}']) AS document;

-- Names that are empty, as long as names may be, and longer; 10,000 signals and one more.
SELECT left(pg_temp.answer('{"signals": {"": 1}}'), 5);
SELECT pg_temp.answer(format('{"signals": {"%s": 1}}', repeat('x', 255)));
SELECT pg_temp.answer(format('{"signals": {"%s": 1}}', repeat('x', 256)));
SELECT pg_temp.answer(format('{"signals": {"%s": {"weight": "no"}}}', repeat('🚀', 63)));
SELECT pg_temp.answer(format('{"%s": 1}', repeat('x', 1000)));
SELECT pg_temp.answer(format('{"signals": {"login": "%s"}}', repeat('é', 1000)));
-- Names of bands of up to 255 bytes, and 20 bands.
SELECT pg_temp.answer(format('{"bands": [["bad", 0], ["%s", 50]]}', repeat('x', 255)));
SELECT pg_temp.answer(format('{"bands": [["bad", 0], ["%s", 50]]}', repeat('é', 128)));
SELECT n, pg_temp.answer(jsonb_build_object('bands', jsonb_agg(jsonb_build_array('b' || i, i) ORDER BY i))::text)
FROM unnest('{20,21}'::int[]) AS n, generate_series(0, n - 1) AS i GROUP BY n ORDER BY n;
-- Texts of up to 4,000 bytes.
SELECT pg_temp.answer(format('{"signals": {"login": {"weight": 1, "label": "%s"}}}', repeat('é', 2000)));
SELECT pg_temp.answer(format('{"signals": {"login": {"weight": 1, "%s": "%s"}}}', option, repeat('é', 2001)))
FROM unnest(ARRAY['label', 'dimension', 'next_step', 'text']) AS option;
SELECT pg_temp.answer(format('{"signals": {"login": {"weight": 1, "label": {"fr": "%s"}}}}', repeat('é', 2001)));
SELECT pg_temp.answer(format('{"signals": {"login": {"weight": 1, "text": {"down": {"fr": "%s"}}}}}', repeat('é', 2001)));
SELECT pg_temp.answer(format('{"next_steps": {"new": "%s"}}', repeat('é', 2001)));
-- Many kinds that are none; 10,000 signals with a text for each kind.
SELECT left(pg_temp.answer(jsonb_build_object('signals', jsonb_build_object('a', jsonb_build_object('weight', 1, 'text',
  jsonb_object_agg('kind' || n, n))))::text), 60) FROM generate_series(1, 100000) AS n;
SELECT pg_temp.answer(jsonb_build_object('signals', jsonb_object_agg(n, jsonb_build_object('weight', 1, 'text', texts)))::text)
FROM generate_series(1, 10000) AS n, (SELECT jsonb_object_agg(kind, '{label}: {count|one|many}') AS texts FROM unnest(ARRAY[
  'risk', 'awaited', 'inactive', 'down', 'up', 'fell', 'rose', 'new', 'fading', 'low', 'high', 'expired', 'below_peers',
  'steady', 'moved', 'member_silent', 'no_data']) AS kind) AS v;
SELECT pg_temp.answer(jsonb_build_object('signals', jsonb_object_agg(n, 1))::text) FROM generate_series(1, 10001) AS n;
-- What is no JSON at all is no model either.
SELECT left(pg_temp.answer(document), 5) FROM unnest(ARRAY['', '{', '{"signals"}', '{"window_days": NaN}',
         '{"window_days": 090}']) AS document;
-- A key comes once, at any depth, however it is written.
SELECT document || E'\n   -> ' || pg_temp.answer(document) FROM unnest(ARRAY[
  '{"window_days": 30, "signals": {"login": 1}, "window_days": 60}',
  '{"signals": {"login": 1, "export": 2, "login": 1}}',
  '{"signals": {"login": 1}, "signals": {"export": 2}}',
  '{"signals": {"login": {"weight": 1, "label": {"en": "Login", "en": "Log in"}}}}',
  '{"signals": {"login": {"weight": 1, "text": {"down": "Less", "down": "Fewer"}}}}', '{"next_steps": {"new": "", "new": ""}}',
  '{"signals": {"login": 1, "log\u0069n": 2}}',
  '{"x": [{"a": 1}, {"a": 1, "b": [{"c": 1, "c": 2}]}]}']) AS document;
\pset format aligned
\pset tuples_only off

--
-- Many models: each is compiled once, and none is taken for another
--
CREATE TEMPORARY TABLE asked AS
SELECT n, health_model(jsonb_build_object('half_life_days', n, 'window_days', 20 + n,
                                          'signals', jsonb_build_object('login', 1, 's' || n % 3, n))) AS model
FROM generate_series(1, 40) AS n;
CREATE TEMPORARY TABLE done AS
SELECT a, health_activity(CASE WHEN i % 2 = 0 THEN 'login' ELSE 's' || i % 3 END, date '2025-12-31' - i * a % 50) AS activity
FROM generate_series(1, 5) AS a, generate_series(1, 30) AS i GROUP BY a;
-- In turns, as one by one: each in a query of its own.
CREATE FUNCTION pg_temp.alone(activity health_activity, model health_model) RETURNS float8 LANGUAGE plpgsql AS $$
DECLARE raw float8;
BEGIN
  EXECUTE 'SELECT health_raw_score($1, $2, ''2026-01-01'')' INTO raw USING activity, model;
  RETURN raw;
END $$;
SELECT count(*), bool_and(health_raw_score(activity, model, '2026-01-01') = pg_temp.alone(activity, model)) AS same
FROM (SELECT * FROM done, asked ORDER BY a, n OFFSET 0) AS turns;
SELECT count(*), bool_and(raw = pg_temp.alone(activity, model)) AS same FROM done, asked,
  health_history(activity, model, '2025-12-30', '2026-01-01') WHERE as_of = '2026-01-01';
SELECT count(*), bool_and(score = health_normalize(health_raw_score(activity, model, '2026-01-01'), 50, model)) AS same
FROM (SELECT *, health_score(activity, model || '{"baseline": 50}', '2026-01-01') OVER (PARTITION BY n) AS score
      FROM done, asked) AS scored;
-- Overrides in turns, two models and two patches.
SELECT n, patch, count(DISTINCT model || patch), min((model || patch)::text)
FROM generate_series(1, 3), (SELECT * FROM asked WHERE n < 3) AS a,
     (VALUES ('{"window_days": 1}'::jsonb), ('{"half_life_days": null}')) AS p (patch)
GROUP BY n, patch ORDER BY n, patch;
-- A model for each group; and numbers that jsonb calls equal make no other model.
SELECT count(*), bool_and(sum = health_raw_score(health_activity, model, '2026-01-01')) AS same
FROM (SELECT n, model, health_weighted_sum(1, d, model, '2026-01-01') AS sum, health_activity('login', d)
      FROM asked, (SELECT date '2025-12-31' - i AS d FROM generate_series(0, 40) AS i) AS days GROUP BY n, model) AS sums;
SELECT health_weighted_sum(1, '2025-12-31'::date, model, '2026-01-01')
FROM unnest(ARRAY['{"window_days": 30}', '{"window_days": 30.0}', '{"window_days": 3e1}']::health_model[]) AS model;
SELECT health_baseline(3, model) FROM unnest(ARRAY['{"percentile": 0.5}', '{"percentile": 0.50}']::health_model[]) AS model;
SELECT health_score('{}', model, '2026-01-01') OVER ()
FROM unnest(ARRAY['{"signals": {"a": 1}}', '{"signals": {"a": 1.0}}']::health_model[]) AS model;
-- Models out of line, a copy in each row: by column, in a window, in a group, overridden.
CREATE TEMPORARY TABLE copies AS SELECT n, model FROM generate_series(1, 300) AS n,
  (SELECT health_model(jsonb_build_object('signals', jsonb_object_agg('s' || md5(i::text), i))) AS model
   FROM generate_series(1, 2000) AS i OFFSET 0) AS large;
SELECT count(*), count(DISTINCT health_band(n / 3.0, model)) AS bands,
       count(DISTINCT health_raw_score(health_observation('s' || md5('7'), '2025-12-31', n), model, '2026-01-01')) AS raws,
       count(DISTINCT health_normalize(n, 300, model || '{"curve": "linear"}')) AS scores FROM copies;
SELECT health_baseline(n, model), health_weighted_sum(n, '2025-12-31'::date, model, '2026-01-01') FROM copies;
SELECT count(DISTINCT s) FROM (SELECT health_normalize(n, model) OVER () AS s FROM copies) AS scored;
-- Models that differ only by which signal has which weight are two models.
SELECT health_baseline(3, model) FROM (SELECT health_model(jsonb_build_object('signals', jsonb_object_agg('s' || i,
  CASE WHEN i = 10 + swapped * 16 THEN 2 ELSE 1 END))) AS model
  FROM generate_series(10, 50) AS i, generate_series(0, 1) AS swapped GROUP BY swapped) AS two;
