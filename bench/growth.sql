-- What may grow, and what is asked of it then: one CALL a case, see measure.sql for its arguments. Answers are mostly
-- numbers of results. n is such that 4n of something harmless takes from 20 ms to half a second.
\set ON_ERROR_STOP 1

-- ---------------------------------------------------------------- data that many cases share

CREATE FUNCTION some_model(signals int, options jsonb DEFAULT '{}') RETURNS health_model
  RETURN (SELECT (jsonb_build_object('half_life_days', 30, 'signals', jsonb_object_agg('signal ' || i, 1)) || options)::health_model
          FROM generate_series(1, signals) AS i);
CREATE FUNCTION some_activity(signals int, days int, before date DEFAULT '2026-01-01') RETURNS health_activity
  RETURN (SELECT health_daily('signal ' || i, before - day, 1, NULL)
          FROM generate_series(1, signals) AS i, generate_series(1, days) AS day);

-- 40,000 accounts with twenty signals each; the events of 8,000 of them, a hundred each.
CREATE TABLE events AS
SELECT account_id, 'signal ' || 1 + (7 * i + account_id) % 20 AS event, date '2025-12-31' - (i * i + account_id) % 90 AS day
FROM generate_series(1, 8000) AS account_id, generate_series(1, 100) AS i;
CREATE TABLE account_activity (account_id int PRIMARY KEY, activity health_activity);
INSERT INTO account_activity SELECT account_id, health_activity(event, day) FROM events GROUP BY account_id;
INSERT INTO account_activity SELECT account_id + 8000 * i, activity FROM account_activity, generate_series(1, 4) AS i;

-- The model of most cases; a model a row (without an index, or small numbers of groups are sorted and large ones
-- hashed); two large ones, as two columns and taking turns.
CREATE TABLE usual AS SELECT some_model(20) AS model;
CREATE TABLE models AS SELECT n, some_model(20, jsonb_build_object('half_life_days', n)) AS model FROM generate_series(1, 16000) AS n;
CREATE TABLE two AS SELECT some_model(200) AS one, some_model(200, '{"half_life_days": 31}') AS other;
CREATE FUNCTION turns(n int) RETURNS TABLE (i int, model health_model) STABLE
  BEGIN ATOMIC SELECT i, CASE i % 2 WHEN 0 THEN one ELSE other END FROM generate_series(1, n) AS i, two; END;
VACUUM ANALYZE;

-- ---------------------------------------------------------------- accounts

\set activities 'SELECT count(a) FROM (SELECT health_activity(event, day) AS a FROM events WHERE account_id <= :n GROUP BY account_id) AS q'
CALL add('accounts', 'activities', 2000, ':n', :'activities');
CALL add('accounts', 'activities, by the executor''s aggregate', 2000, ':n', :'activities', 'SET health_score.grouping = off');
CALL add('accounts', 'raw scores', 10000, ':n',
  $$SELECT count(health_raw_score(activity, (SELECT model FROM usual), '2026-01-01'))
    FROM account_activity WHERE account_id <= :n$$);
CALL add('accounts', 'scores', 10000, ':n',
  $$SELECT count(s) FROM (SELECT health_score(activity, (SELECT model FROM usual), '2026-01-01') OVER () AS s
                          FROM account_activity WHERE account_id <= :n) AS q$$);
CALL add('accounts', 'reports', 2500, ':n',
  $$SELECT count((r).score) FROM (SELECT health_report(activity, (SELECT model FROM usual), '2026-01-01') OVER () AS r
                                  FROM account_activity WHERE account_id <= :n) AS q$$);
-- Two forms of the same million reports; the activities of 40,000 accounts stand for those of all.
\set book '(SELECT activity FROM account_activity, generate_series(1, 25) LIMIT :n) AS a'
CALL add('accounts', 'reports of a whole book, window', 250000, ':n',
  $$SELECT count((r).score) FROM (SELECT health_report(activity, (SELECT model FROM usual), '2026-01-01') OVER () AS r
                                  FROM $$ || :'book' || ') AS q');
CALL add('accounts', 'reports of a whole book, population', 250000, ':n',
  $$SELECT count((r).score) FROM (
      SELECT health_report((SELECT health_population(activity, (SELECT model FROM usual), '2026-01-01') FROM $$ || :'book' || $$), activity) AS r
      FROM $$ || :'book' || ' OFFSET 0) AS q');
CALL add('accounts', 'histories of 90 days', 5000, '90 * :n',
  $$SELECT count(raw) FROM account_activity, health_history(activity, (SELECT model FROM usual), '2025-10-04', '2026-01-01')
    WHERE account_id <= :n$$);
CALL add('accounts', 'histories of 90 days, of young accounts', 5000, '90 * :n',
  $$SELECT count(raw) FROM account_activity, health_history(activity, (SELECT model FROM usual), '2025-10-04', '2026-01-01', since => '2025-09-20')
    WHERE account_id <= :n$$, beside => 'nobody says since when', beside_aim => 4, beside_query =>
  $$SELECT count(raw) FROM account_activity, health_history(activity, (SELECT model FROM usual), '2025-10-04', '2026-01-01')
    WHERE account_id <= :n$$);
CALL add('accounts', 'scores, what if inside the call', 5000, ':n',
  $$SELECT count(s) FROM (SELECT health_score(activity, model || '{"signals": {"signal 3": 9}}', '2026-01-01') OVER () AS s
                          FROM account_activity, usual WHERE account_id <= :n) AS q$$,
  beside => 'made once', beside_aim => 2, beside_query =>
  $$SELECT count(s) FROM (SELECT health_score(activity, model, '2026-01-01') OVER () AS s FROM account_activity,
                          (SELECT model || '{"signals": {"signal 3": 9}}' AS model FROM usual OFFSET 0) AS m
                          WHERE account_id <= :n) AS q$$);
CALL add('accounts', 'raw scores, what if inside the call', 5000, ':n',
  $$SELECT count(health_raw_score(activity, model || '{"signals": {"signal 3": 9}}', '2026-01-01'))
    FROM account_activity, usual WHERE account_id <= :n$$,
  beside => 'made once', beside_aim => 2, beside_query =>
  $$SELECT count(health_raw_score(activity, model, '2026-01-01')) FROM account_activity,
           (SELECT model || '{"signals": {"signal 3": 9}}' AS model FROM usual OFFSET 0) AS m WHERE account_id <= :n$$);

-- ---------------------------------------------------------------- models

-- Each model has to be read once: as a scalar function over the same rows does.
\set rows 'SELECT count(health_normalize(n, 100, model)) FROM models WHERE n <= :n'
CALL add('models', 'normalized by a baseline, a model a row', 4000, ':n', :'rows');
CALL add('models', 'weighted sums, a model a group', 4000, ':n',
  $$SELECT count(s) FROM (SELECT health_weighted_sum(1, date '2025-12-25', model, '2026-01-01') AS s FROM models WHERE n <= :n GROUP BY n) AS q$$,
  beside => 'a model a row', beside_aim => 3, beside_query => :'rows');
CALL add('models', 'baselines, a model a group', 4000, ':n',
  'SELECT count(b) FROM (SELECT health_baseline(n, model) AS b FROM models WHERE n <= :n GROUP BY n) AS q',
  beside => 'a model a row', beside_aim => 3, beside_query => :'rows');
CALL add('models', 'weighted sums, one model in all groups', 4000, ':n',
  $$SELECT count(s) FROM (SELECT health_weighted_sum(1, date '2025-12-25', (SELECT model FROM usual), '2026-01-01') AS s FROM models WHERE n <= :n GROUP BY n) AS q$$);
CALL add('models', 'sliding sums, a model a partition', 4000, ':n',
  $$SELECT count(s) FROM (SELECT health_sliding_sum(1, date '2025-12-25', model) OVER (PARTITION BY n ORDER BY n ROWS 1 PRECEDING) AS s FROM models WHERE n <= :n) AS q$$,
  beside => 'a model a row', beside_aim => 3, beside_query => :'rows');
CALL add('models', 'normalized, a model a partition', 4000, ':n',
  'SELECT count(s) FROM (SELECT health_normalize(n, model) OVER (PARTITION BY n) AS s FROM models WHERE n <= :n) AS q',
  beside => 'a model a row', beside_aim => 3, beside_query => :'rows');
CALL add('models', 'stable bands, a model a partition', 4000, ':n',
  'SELECT count(s) FROM (SELECT health_stable_band(50, model) OVER (PARTITION BY n) AS s FROM models WHERE n <= :n) AS q',
  beside => 'a model a row', beside_aim => 3, beside_query => :'rows');
CALL add('models', 'alerts, a model a partition', 4000, ':n',
  $$SELECT count(a) FROM (SELECT coalesce(health_alert(50, '2026-01-01', model) OVER (PARTITION BY n), '') AS a FROM models WHERE n <= :n) AS q$$,
  beside => 'a model a row', beside_aim => 3, beside_query => :'rows');
CALL add('models', 'scores, a model a partition', 4000, ':n',
  $$SELECT count(s) FROM (SELECT health_score((SELECT activity FROM account_activity WHERE account_id = 1), model, '2026-01-01')
                                   OVER (PARTITION BY n) AS s FROM models WHERE n <= :n) AS q$$,
  beside => 'a model a row', beside_aim => 3, beside_query => :'rows');
CALL add('models', 'raw scores, a model a row', 4000, ':n',
  $$SELECT count(health_raw_score((SELECT activity FROM account_activity WHERE account_id = 1), model, '2026-01-01')) FROM models WHERE n <= :n$$);
-- A large model lies out of line, and each row has a copy of its own: reading it is all that may cost.
CALL add('models', 'baseline, a copy of a model of 2,000 signals a row', 500, '1',
  'SELECT count(b) FROM (SELECT health_baseline(n, model) AS b FROM asked) AS q',
  $$CREATE TEMP TABLE asked AS SELECT n, model FROM generate_series(1, :n) AS n,
    (SELECT health_model(jsonb_build_object('signals', jsonb_object_agg('s' || md5(i::text), i))) AS model
     FROM generate_series(1, 2000) AS i OFFSET 0) AS large$$,
  beside => 'its size', beside_aim => 6, beside_query => 'SELECT least(1, sum(length(model::text))) FROM asked');
CALL add('models', 'bands, two models taking turns', 12000, ':n', 'SELECT count(health_band(i % 100, model)) FROM turns(:n)',
  beside => 'two columns', beside_aim => 2, beside_query =>
  'SELECT count(CASE i % 2 WHEN 0 THEN health_band(i % 100, one) ELSE health_band(i % 100, other) END) FROM generate_series(1, :n) AS i, two');
CALL add('models', 'raw scores, two models taking turns', 12000, ':n',
  $$SELECT count(health_raw_score(activity, model, '2026-01-01')) FROM turns(:n), account_activity WHERE account_id = 1$$,
  beside => 'two columns', beside_aim => 2, beside_query =>
  $$SELECT count(CASE i % 2 WHEN 0 THEN health_raw_score(activity, one, '2026-01-01') ELSE health_raw_score(activity, other, '2026-01-01') END)
    FROM generate_series(1, :n) AS i, two, account_activity WHERE account_id = 1$$);
CALL add('models', 'histories of 10 days, two models taking turns', 3000, '10 * :n',
  $$SELECT count(raw) FROM turns(:n), account_activity, health_history(activity, model, '2025-12-23', '2026-01-01') WHERE account_id = 1$$,
  beside => 'one model', beside_aim => 2, beside_query =>
  $$SELECT count(raw) FROM generate_series(1, :n) AS i, two, account_activity,
    health_history(activity, CASE WHEN i > 0 THEN one END, '2025-12-23', '2026-01-01') WHERE account_id = 1$$);
CALL add('models', 'raw scores, a hundred models taking turns', 12000, ':n',
  $$SELECT count(health_raw_score(activity, model, '2026-01-01')) FROM asked$$,
  $$CREATE TEMP TABLE asked AS SELECT activity, model FROM generate_series(1, :n) AS i JOIN models ON n = i % 100 + 1
    JOIN account_activity ON account_id = 1 ORDER BY i$$,
  beside => 'one model', beside_query =>
  $$SELECT count(health_raw_score(activity, (SELECT model FROM usual), '2026-01-01')) FROM asked$$);

-- ---------------------------------------------------------------- partitions

\set dates 'CREATE TEMP TABLE asked AS SELECT as_of, account_id, health_daily(''signal '' || i, as_of - i, 1, NULL) AS activity FROM (SELECT date ''1990-01-01'' + n AS as_of FROM generate_series(1, :n) AS n) AS d, generate_series(1, 4) AS account_id, generate_series(1, 20) AS i GROUP BY 1, 2'
CALL add('partitions', 'scores, a partition a date', 2500, '4 * :n',
  'SELECT count(s) FROM (SELECT health_score(activity, (SELECT model FROM usual), as_of) OVER (PARTITION BY as_of) AS s FROM asked) AS q',
  :'dates', beside => 'one date', beside_aim => 4, beside_query =>
  $$SELECT count(s) FROM (SELECT health_score(activity, (SELECT model FROM usual), '2026-01-01') OVER () AS s
                          FROM account_activity WHERE account_id <= 4 * :n) AS q$$);
CALL add('partitions', 'reports, a partition a date', 2500, '4 * :n',
  'SELECT count((r).score) FROM (SELECT health_report(activity, (SELECT model FROM usual), as_of) OVER (PARTITION BY as_of) AS r FROM asked) AS q',
  :'dates', beside => 'one date', beside_aim => 4, beside_query =>
  $$SELECT count((r).score) FROM (SELECT health_report(activity, (SELECT model FROM usual), '2026-01-01') OVER () AS r
                                  FROM account_activity WHERE account_id <= 4 * :n) AS q$$);
CALL add('partitions', 'scores, a partition a date, model of 200 signals', 2500, '4 * :n',
  'SELECT count(s) FROM (SELECT health_score(activity, (SELECT one FROM two), as_of) OVER (PARTITION BY as_of) AS s FROM asked) AS q',
  :'dates', beside => 'one date', beside_aim => 4, beside_query =>
  $$SELECT count(s) FROM (SELECT health_score(activity, (SELECT one FROM two), '2026-01-01') OVER () AS s
                          FROM account_activity WHERE account_id <= 4 * :n) AS q$$);
CALL add('partitions', 'normalized, a partition a date', 2500, '4 * :n',
  'SELECT count(s) FROM (SELECT health_normalize(account_id, (SELECT model FROM usual)) OVER (PARTITION BY as_of) AS s FROM asked) AS q',
  :'dates', beside => 'one date', beside_aim => 4, beside_query =>
  'SELECT count(s) FROM (SELECT health_normalize(account_id, (SELECT model FROM usual)) OVER () AS s FROM asked) AS q');

-- ---------------------------------------------------------------- aliases

-- Activity under every old name, on days of its own.
\set aliases 'CREATE TEMP TABLE asked AS SELECT (SELECT health_daily(''old '' || i, date ''1970-01-01'' + 20 * i + day, 1, NULL) FROM generate_series(1, :n) AS i, generate_series(0, 19) AS day) AS activity, (SELECT jsonb_build_object(''window_days'', 36500, ''signals'', jsonb_build_object(''new'', jsonb_build_object(''weight'', 1, ''aliases'', jsonb_agg(''old '' || i))))::health_model FROM generate_series(1, :n) AS i) AS model'
CALL add('aliases', 'raw score, activity under every alias', 400, '10',
  $$SELECT count(health_raw_score(activity, model, date '2060-01-01' + i)) FROM asked, generate_series(1, 10) AS i$$, :'aliases');
CALL add('aliases', 'report, activity under every alias', 400, '10',
  $$SELECT count((r).score) FROM (SELECT health_report(activity, model, '2060-01-01') OVER () AS r FROM asked, generate_series(1, 10)) AS q$$, :'aliases');
CALL add('aliases', 'models are read', 5000, '10', 'SELECT count(t::health_model) FROM asked, generate_series(1, 10)',
  $$CREATE TEMP TABLE asked AS SELECT jsonb_build_object('signals', jsonb_build_object('new', jsonb_build_object('weight', 1, 'aliases', jsonb_agg('old ' || i))))::text AS t
    FROM generate_series(1, :n) AS i$$);

-- ---------------------------------------------------------------- prefixes

-- None of them matches, and all begin as the names do.
\set prefixes 'CREATE TEMP TABLE asked AS SELECT some_activity(50000, 1) AS activity, (SELECT array_agg(''signal '' || i || ''x*'') FROM generate_series(1, :n) AS i) AS list, (SELECT jsonb_build_object(''signals'', jsonb_object_agg(''signal '' || i || ''x*'', ''{"weight": 1, "measure": "distinct"}''::jsonb))::health_model FROM generate_series(1, :n) AS i) AS model'
CALL add('prefixes', 'health_active_count, 50,000 signals', 1000, '5',
  $$SELECT count(health_active_count(activity, date '2026-01-01' + i, 90, 1, list)) FROM asked, generate_series(1, 5) AS i$$, :'prefixes', aim => 1);
CALL add('prefixes', 'health_without, 50,000 signals', 1000, '5',
  $$SELECT count(health_without(activity, list || i::text)) FROM asked, generate_series(1, 5) AS i$$, :'prefixes', aim => 1);
CALL add('prefixes', 'raw score, 50,000 signals', 2500, '5',
  $$SELECT count(health_raw_score(activity, model, date '2026-01-01' + i)) FROM asked, generate_series(1, 5) AS i$$, :'prefixes', aim => 1);
CALL add('prefixes', 'raw score, prefixes of as many lengths', 60, '5',
  $$SELECT count(health_raw_score(activity, model, date '2026-01-01' + i)) FROM asked, generate_series(1, 5) AS i$$,
  $$CREATE TEMP TABLE asked AS
    SELECT (SELECT health_activity(repeat('b', 240) || i, date '2025-12-25') FROM generate_series(1, 20000) AS i) AS activity,
           (SELECT jsonb_build_object('signals', jsonb_object_agg(repeat('b', i) || 'x*', '{"weight": 1, "measure": "distinct"}'::jsonb))::health_model
            FROM generate_series(1, :n) AS i) AS model$$, aim => 1);

-- ---------------------------------------------------------------- signals

-- Of the model; the accounts have twenty of them.
\set model 'CREATE TEMP TABLE asked AS SELECT some_model(:n) AS model'
CALL add('signals', 'raw scores of 10,000 accounts, model of n', 2500, '10000',
  $$SELECT count(health_raw_score(activity, (SELECT model FROM asked), '2026-01-01')) FROM account_activity WHERE account_id <= 10000$$,
  :'model', aim => 1);
CALL add('signals', 'models are read, a text for each of ten kinds', 1000, '10', 'SELECT count(t::health_model) FROM asked, generate_series(1, 10)',
  $$CREATE TEMP TABLE asked AS SELECT jsonb_build_object('signals', jsonb_object_agg('signal ' || i, jsonb_build_object('weight', 1, 'text', texts)))::text AS t
    FROM generate_series(1, :n) AS i, (SELECT jsonb_object_agg(kind, '{label}: {count|one|many}') AS texts
      FROM unnest('{risk,inactive,down,up,fell,rose,new,low,high,steady}'::text[]) AS kind) AS k$$);
CALL add('signals', 'scores of 10,000 accounts, model of n', 2500, '10000',
  $$SELECT count(s) FROM (SELECT health_score(activity, (SELECT model FROM asked), '2026-01-01') OVER () AS s
                          FROM account_activity WHERE account_id <= 10000) AS q$$, :'model', aim => 1);
CALL add('signals', 'reports of 2,000 accounts, model of n', 2500, '2000',
  $$SELECT count((r).score) FROM (SELECT health_report(activity, (SELECT model FROM asked), '2026-01-01') OVER () AS r
                                  FROM account_activity WHERE account_id <= 2000) AS q$$, :'model', aim => 1,
  beside => 'model of 20', beside_aim => 2, beside_query =>
  $$SELECT count((r).score) FROM (SELECT health_report(activity, (SELECT model FROM usual), '2026-01-01') OVER () AS r
                                  FROM account_activity WHERE account_id <= 2000) AS q$$);
CALL add('signals', 'histories of 90 days, 500 accounts, model of n', 2500, '500 * 90',
  $$SELECT count(raw) FROM account_activity, health_history(activity, (SELECT model FROM asked), '2025-10-04', '2026-01-01')
    WHERE account_id <= 500$$, :'model', aim => 1);
CALL add('signals', 'raw scores of 10,000 accounts, model of n gauges', 2500, '10000',
  $$SELECT count(health_raw_score(activity, (SELECT model FROM asked), '2026-01-01')) FROM account_activity WHERE account_id <= 10000$$,
  $$CREATE TEMP TABLE asked AS SELECT jsonb_build_object('signals', jsonb_object_agg('signal ' || i, '{"weight": 1, "measure": "last"}'::jsonb))::health_model AS model
    FROM generate_series(1, :n) AS i$$, aim => 1);
-- Of the model and the activity.
CALL add('signals', 'reports, all signals of the model seen', 2500, '5',
  $$SELECT count((r).score) FROM (SELECT health_report(activity, model, '2026-01-01') OVER () AS r FROM asked, generate_series(1, 5)) AS q$$,
  'CREATE TEMP TABLE asked AS SELECT some_activity(:n, 10) AS activity, some_model(:n) AS model');
CALL add('signals', 'reports, all seen, a dimension each', 2500, '5',
  $$SELECT count((r).score) FROM (SELECT health_report(activity, model, '2026-01-01') OVER () AS r FROM asked, generate_series(1, 5)) AS q$$,
  $$CREATE TEMP TABLE asked AS SELECT some_activity(:n, 10) AS activity,
      (SELECT jsonb_build_object('signals', jsonb_object_agg('signal ' || i, jsonb_build_object('weight', 1, 'dimension', 'd' || i)), 'max_drivers', 10000)
       FROM generate_series(1, :n) AS i)::health_model AS model$$);
CALL add('signals', 'models are read', 2500, '10', 'SELECT count(t::health_model) FROM asked, generate_series(1, 10)',
  'CREATE TEMP TABLE asked AS SELECT some_model(:n)::text AS t');
CALL add('signals', 'models are overridden', 2500, '10',
  'SELECT count(model || jsonb_set(changes, ''{percentile}'', to_jsonb(0.01 * i))) FROM asked, generate_series(1, 10) AS i',
  $$CREATE TEMP TABLE asked AS SELECT some_model(:n) AS model, jsonb_build_object('signals', jsonb_object_agg('signal ' || 2 * i, 2)) AS changes
    FROM generate_series(1, :n / 2) AS i$$);
-- Of the activity.
\set activity 'CREATE TEMP TABLE asked AS SELECT activity, activity::text AS t FROM some_activity(:n, 1) AS activity'
CALL add('signals', 'an activity is made', 50000, '1',
  $$SELECT count(a) FROM (SELECT health_activity('signal ' || i, date '2025-12-25') AS a FROM generate_series(1, :n) AS i) AS q$$);
CALL add('signals', 'an activity is made under GROUP BY', 50000, '1',
  $$SELECT count(a) FROM (SELECT health_activity('signal ' || i, date '2025-12-25') AS a FROM generate_series(1, :n) AS i GROUP BY i - i) AS q$$);
CALL add('signals', 'text form out', 50000, '1', 'SELECT count(*) FROM asked WHERE activity::text = t', :'activity');
CALL add('signals', 'text form in', 50000, '1', 'SELECT count(*) FROM asked WHERE activity = t::health_activity', :'activity');
CALL add('signals', 'raw score, all under a prefix', 50000, '10',
  $$SELECT count(health_raw_score(activity, '{"signals": {"signal*": {"weight": 1, "measure": "distinct", "unit": "raw"}}}', '2026-01-01')) FROM asked, generate_series(1, 10)$$, :'activity');
CALL add('signals', 'rollup of three', 50000, '1', 'SELECT count(a) FROM (SELECT health_rollup(activity) AS a FROM asked, generate_series(1, 3)) AS q', :'activity');
CALL add('signals', 'sum of two', 50000, '10', $$SELECT count(activity + health_observation('seats', '2025-12-25', i)) FROM asked, generate_series(1, 10) AS i$$, :'activity');
CALL add('signals', 'cells', 50000, ':n', 'SELECT count(count) FROM asked, health_cells(activity)', :'activity');
CALL add('signals', 'members', 50000, ':n', $$SELECT count(share) FROM asked, health_members(activity, 'signal ', '2026-01-01', 30)$$, :'activity');
CALL add('signals', 'drivers of any weighted rows', 20000, '1',
  $$SELECT count(d) FROM (SELECT health_drivers('signal ' || i, i) AS d FROM generate_series(1, :n) AS i) AS q$$);

-- ---------------------------------------------------------------- days

-- Twenty signals on each day before 2199-01-01.
\set days 'CREATE TEMP TABLE asked AS SELECT activity, activity::text AS t FROM some_activity(20, :n, ''2199-01-01'') AS activity'
CALL add('days', 'an activity is made, oldest day first', 9000, '1',
  $$SELECT count(a) FROM (SELECT health_activity('signal ' || i, date '2090-01-01' + day) AS a FROM generate_series(1, :n) AS day, generate_series(1, 20) AS i) AS q$$);
CALL add('days', 'an activity is made, newest day first', 9000, '1',
  $$SELECT count(a) FROM (SELECT health_activity('signal ' || i, date '2199-01-01' - day) AS a FROM generate_series(1, :n) AS day, generate_series(1, 20) AS i) AS q$$);
CALL add('days', 'an activity is made under GROUP BY', 9000, '1',
  $$SELECT count(a) FROM (SELECT health_activity('signal ' || i, date '2090-01-01' + day) AS a
                          FROM generate_series(1, :n) AS day, generate_series(1, 20) AS i GROUP BY i - i) AS q$$);
CALL add('days', 'text form out', 9000, '1', 'SELECT count(*) FROM asked WHERE activity::text = t', :'days');
CALL add('days', 'text form in', 9000, '1', 'SELECT count(*) FROM asked WHERE activity = t::health_activity', :'days');
CALL add('days', 'cells', 9000, '20 * :n', 'SELECT count(count) FROM asked, health_cells(activity)', :'days');
CALL add('days', 'members', 9000, '10 * 20',
  $$SELECT count(share) FROM asked, generate_series(1, 10) AS i, health_members(activity, 'signal ', date '2199-01-01' + i, 36500)$$, :'days');
CALL add('days', 'raw score', 9000, '10',
  $$SELECT count(health_raw_score(activity, (SELECT model || '{"window_days": 36500}' FROM usual), date '2199-01-01' + i)) FROM asked, generate_series(1, 10) AS i$$, :'days');
CALL add('days', 'a day is spliced', 9000, '50',
  $$SELECT count(health_splice(activity, '{}', date '2198-12-31' - i)) FROM asked, generate_series(1, 50) AS i$$, :'days');
CALL add('days', 'rollup of as many days', 9000, '1',
  'SELECT count(a) FROM (SELECT health_rollup(activity) AS a FROM asked) AS q',
  $$CREATE TEMP TABLE asked AS SELECT some_activity(20, 1, date '2090-01-01' + i) AS activity FROM generate_series(1, :n) AS i$$);
CALL add('days', 'history of as many dates', 20000, ':n',
  $$SELECT count(raw) FROM asked, health_history(activity, (SELECT model FROM usual), date '2199-01-01' - :n + 1, '2199-01-01')$$, :'days');
CALL add('days', 'weighted sum', 100000, '1',
  $$SELECT count(s) FROM (SELECT health_weighted_sum(1, date '2199-01-01' - i % 36500, '{"window_days": 36500}', '2199-01-02') AS s FROM generate_series(1, :n) AS i) AS q$$);
CALL add('days', 'sliding sum, a frame of 90 rows', 20000, ':n',
  $$SELECT count(s) FROM (SELECT health_sliding_sum(1, date '1970-01-01' + i, (SELECT model FROM usual)) OVER (ORDER BY i ROWS 89 PRECEDING) AS s
                          FROM generate_series(1, :n) AS i) AS q$$);
CALL add('days', 'slope', 1000, '1', $$SELECT count(s) FROM (SELECT health_slope(i * 7919 % 101, date '2026-01-01' - i) AS s FROM generate_series(1, :n) AS i) AS q$$);
CALL add('days', 'sparkline', 25000, '1', 'SELECT count(s) FROM (SELECT health_sparkline(i % 101) AS s FROM generate_series(1, :n) AS i) AS q');
CALL add('days', 'stable bands', 20000, ':n',
  'SELECT count(s) FROM (SELECT health_stable_band(i * 7919 % 101, (SELECT model FROM usual)) OVER (ORDER BY i) AS s FROM generate_series(1, :n) AS i) AS q');
CALL add('days', 'alerts', 20000, ':n',
  $$SELECT count(a) FROM (SELECT coalesce(health_alert(i * 7919 % 101, date '1970-01-01' + i, (SELECT model || '{"drop_days": 36500}' FROM usual)) OVER (ORDER BY i), '') AS a
                          FROM generate_series(1, :n) AS i) AS q$$);
-- Between twenty cells, under windows that never end.
\set between 'CREATE TEMP TABLE asked AS SELECT health_activity(''signal '' || (1 + i % 2), date ''2199-01-01'' - (:n * i / 20)::int) AS activity, health_model ''{"half_life_days": 30, "signals": {"signal 1": {"weight": 1, "window_days": null, "half_life_days": null}, "signal 2": {"weight": 2, "window_days": null}}}'' AS model FROM generate_series(1, 20) AS i'
CALL add('days', 'raw scores, n days between twenty cells', 9000, '20000',
  $$SELECT count(health_raw_score(activity, model, date '2199-01-01' + i)) FROM asked, generate_series(1, 20000) AS i$$, :'between', aim => 1);
CALL add('days', 'histories, n days between twenty cells', 9000, '90 * 200',
  $$SELECT count(raw) FROM asked, generate_series(1, 200) AS i, health_history(activity, model, '2198-10-04', '2199-01-01')$$, :'between', aim => 1);
-- Of the window; the activities have ninety. As activities CROSS JOIN models CROSS JOIN dates.
\set window 'CREATE TEMP TABLE asked AS SELECT activity, model, date ''2026-01-01'' - day AS as_of FROM account_activity, generate_series(1, 100) AS day, (SELECT some_model(20, jsonb_build_object(''window_days'', :n - i)) AS model FROM generate_series(0, 1) AS i) AS m WHERE account_id <= 100 ORDER BY account_id, day, model'
CALL add('days', 'raw scores, two models taking turns, window of n', 9125, '20000',
  'SELECT count(health_raw_score(activity, model, as_of)) FROM asked', :'window', aim => 1, beside => '90 days', beside_aim => 2, beside_query =>
  $$SELECT count(health_raw_score(activity, (SELECT model FROM usual), as_of)) FROM asked$$);
CALL add('days', 'histories, window of n', 9125, '90 * 500',
  $$SELECT count(raw) FROM account_activity, health_history(activity, (SELECT some_model(20, '{"window_days": :n}')), '2025-10-04', '2026-01-01')
    WHERE account_id <= 500$$, aim => 1);
CALL add('days', 'scores, a partition a date, window of n', 9125, '4000',
  $$SELECT count(s) FROM (SELECT health_score(activity, (SELECT some_model(20, '{"window_days": :n}')), as_of) OVER (PARTITION BY as_of) AS s
                          FROM account_activity, (SELECT date '2026-01-01' - day AS as_of FROM generate_series(1, 1000) AS day) AS d WHERE account_id <= 4) AS q$$, aim => 1);
-- Ten million cells at 4n.
CALL add('days', 'text form out, 125 signals', 20000, '1', $$SELECT count(*) FROM asked WHERE activity::text LIKE '{"signal 1"%'$$,
  $$CREATE TEMP TABLE asked AS SELECT some_activity(125, :n, '2199-01-01') AS activity$$);
CALL add('days', 'text form in, 125 signals', 20000, '1', 'SELECT count(*) FROM asked WHERE activity = t::health_activity',
  $$CREATE TEMP TABLE asked AS SELECT activity, activity::text AS t FROM some_activity(125, :n, '2199-01-01') AS activity$$);
