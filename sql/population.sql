-- health_population and health_population_part: whom accounts are compared with, as a value that can be kept, sent and
-- asked about any account.
\set SHOW_CONTEXT never
SET datestyle = 'ISO, YMD';

CREATE FUNCTION pg_temp.daily(signal text, first date, last date, every int DEFAULT 1) RETURNS health_activity
LANGUAGE sql AS $$ SELECT coalesce(health_daily(signal, first + n, 1, NULL), '{}') FROM generate_series(0, last - first, every) AS n $$;
CREATE TEMPORARY TABLE setting AS SELECT health_model '{"window_days": 28, "curve": "linear", "min_population": 3,
  "signals": {"login": 1, "export": {"weight": 5, "dimension": "outcomes"}, "user:*": {"weight": 2, "measure": "distinct"},
  "ticket": {"weight": -10, "unit": "score"}}}' AS model;
CREATE TEMPORARY TABLE account (name text, segment text, activity health_activity, size float8, since date);
INSERT INTO account VALUES
  ('acme', 'smb', pg_temp.daily('login', '2025-01-01', '2025-12-31') + pg_temp.daily('export', '2025-12-01', '2025-12-31', 7)
    + pg_temp.daily('user:ada', '2025-10-01', '2025-12-20'), 10, '2025-01-01'),
  ('bolt', 'smb', pg_temp.daily('login', '2025-10-01', '2025-12-31', 2) + '{"ticket": {"2025-12-30": 1}}', 4, '2025-09-01'),
  ('cord', 'smb', pg_temp.daily('login', '2025-03-01', '2025-11-20', 3), NULL, NULL),
  ('dune', 'smb', pg_temp.daily('login', '2025-12-22', '2025-12-31'), 3, '2025-12-22'),
  ('echo', 'smb', '{}', 6, '2025-11-01'),
  ('fort', 'smb', NULL, 2, '2025-01-01'),
  ('gale', 'smb', pg_temp.daily('login', '2026-01-05', '2026-02-01'), 5, '2026-01-05'),
  ('haze', 'ent', pg_temp.daily('login', '2025-01-01', '2025-12-31') + pg_temp.daily('export', '2025-11-01', '2025-12-31', 2),
    200, '2024-01-01'),
  ('iris', 'ent', pg_temp.daily('export', '2025-06-01', '2025-12-31', 5), -1, '2024-01-01');

ANALYZE setting;
ANALYZE account;

--
-- A population and its document
--

-- Of each segment: what a report needs of the others, readable as jsonb.
SELECT segment, jsonb_pretty(health_population(activity, model, '2026-01-01')::jsonb - 'model') AS population
FROM account, setting GROUP BY segment ORDER BY segment;
SELECT jsonb_pretty(health_population(activity, model, '2026-01-01', size, since)::jsonb - 'model') AS with_sizes
FROM account, setting WHERE segment = 'smb';
SELECT health_population(activity, model, '2026-01-01')::jsonb -> 'model' = model::jsonb AS its_model FROM account, setting GROUP BY model;

-- A page of one account: its report, in the row that the window function gives.
CREATE TEMPORARY TABLE kept AS
SELECT segment, health_population(activity, model, '2026-01-01', size, since) AS population
FROM account, setting GROUP BY segment;
SELECT name, (r).score_shown AS score, (r).band, (r).reason, (r).flags
FROM account JOIN kept USING (segment)
     CROSS JOIN LATERAL (SELECT health_report(population, activity, size, since) AS r OFFSET 0) AS r ORDER BY name;
SELECT name, round(health_score(population, activity, size, since)::numeric, 3) AS score
FROM account JOIN kept USING (segment) ORDER BY name;

--
-- The window form and the scalar form give the same rows
--

CREATE FUNCTION pg_temp.differ(document jsonb, as_of date) RETURNS TABLE (form text, rows bigint, differ bigint)
LANGUAGE sql AS $$
  WITH row AS (
    SELECT name, health_report(activity, model || document, as_of) OVER w AS r3, health_score(activity, model || document, as_of) OVER w AS s3,
           health_report(activity, model || document, as_of, size) OVER w AS r4, health_score(activity, model || document, as_of, size) OVER w AS s4,
           health_report(activity, model || document, as_of, size, since) OVER w AS r5,
           health_score(activity, model || document, as_of, size, since) OVER w AS s5
    FROM account, setting WINDOW w AS (PARTITION BY segment)
  ), population AS (
    SELECT segment, health_population(activity, model || document, as_of) AS p3,
           health_population(activity, model || document, as_of, size) AS p4,
           health_population(activity, model || document, as_of, size, since) AS p5
    FROM account, setting GROUP BY segment
  )
  SELECT form, count(*), count(*) FILTER (WHERE mine IS DISTINCT FROM theirs)
  FROM row JOIN account USING (name) JOIN population USING (segment)
       CROSS JOIN LATERAL (VALUES
         ('report', r3::text, health_report(p3, activity)::text), ('score', s3::text, health_score(p3, activity)::text),
         ('report, size', r4::text, health_report(p4, activity, size)::text),
         ('score, size', s4::text, health_score(p4, activity, size)::text),
         ('report, size, since', r5::text, health_report(p5, activity, size, since)::text),
         ('score, size, since', s5::text, health_score(p5, activity, size, since)::text),
         ('report, size, since, as_of', r5::text, health_report(p5, activity, size, since, as_of)::text),
         ('score, size, since, as_of', s5::text, health_score(p5, activity, size, since, as_of)::text),
         ('report, no as_of', r5::text, health_report(p5, activity, size, since, NULL)::text)) AS v (form, mine, theirs)
  GROUP BY form ORDER BY form;
$$;
SELECT * FROM pg_temp.differ('{}', '2026-01-01');
SELECT sum(rows) AS rows, sum(differ) AS differ
FROM (VALUES ('{"language": "fr"}'::jsonb), ('{"population": "all", "curve": "open", "percentile": 0.5}'),
             ('{"baseline": 12.5}'), ('{"signals": {"login": {"weight": 1.25, "half_life_days": 9}}}'),
             ('{"combine": "mean", "usage_weight": 2, "signals": {"export": {"weight": 5, "out_of": 4, "measure": "last"}, "user:*": {"weight": 2, "measure": "distinct", "out_of": 5}}}'),
             ('{"max_drivers": 1, "trend_days": 7, "min_tenure_days": 60}')) AS v (document),
     unnest('{2025-06-01,2025-12-27,2026-01-10,2026-03-01}'::date[]) AS as_of, pg_temp.differ(document, as_of);

-- The forms without a size know no size: of a population with sizes an account then has the median one.
SELECT (r).flags FROM kept, health_report(population, '{"login": {"2025-12-31": 1}}') AS r WHERE segment = 'smb';
-- A population in which nobody has a size ignores sizes.
SELECT count(*) AS sizes, count(DISTINCT health_report(population, activity, seats)::text) AS rows
FROM (SELECT health_population(activity, model, '2026-01-01') AS population FROM account, setting) AS p,
     account, unnest('{NULL,1,7.5,-3,1e300}'::float8[]) AS seats WHERE name = 'acme';
-- One that was built without since may be asked with it.
SELECT (r).flags, (r).accounts_compared
FROM (SELECT health_population(activity, model, '2026-01-01') AS population FROM account, setting) AS p, account,
     health_report(population, activity, NULL, since) AS r WHERE name IN ('dune', 'gale') ORDER BY name;

-- Accounts without an activity, without events, before they began: as in a window.
SELECT activity, since, health_score(population, activity, NULL, since) AS score, (r).flags, (r).reason
FROM kept, (VALUES (NULL::health_activity, NULL::date), (NULL, '2026-05-01'), ('{}', NULL), ('{}', '2025-12-30'), ('{}', '2026-05-01'))
       AS v (activity, since), health_report(population, activity, NULL, since) AS r WHERE segment = 'smb';
SELECT health_report(NULL::health_population, '{}') IS NULL AS no_population,
       health_score(NULL::health_population, '{}') IS NULL AS no_score;

-- Nobody, somebody without an activity, one account.
SELECT health_population(activity, model, '2026-01-01') FROM account, setting WHERE false;
SELECT health_population(activity, NULL, '2026-01-01'), health_population(activity, model, NULL) FROM account, setting;
SELECT health_population(NULL::health_activity, model, '2026-01-01')::jsonb - 'model' AS nobody FROM setting;
SELECT p::jsonb - 'model' AS one, (r).score, (r).flags
FROM (SELECT health_population('{"login": {"2025-12-31": 2}}'::health_activity, model, '2026-01-01') AS p FROM setting) AS p,
     health_report(p, '{"login": {"2025-12-31": 1}}') AS r;
SELECT (r).score, (r).reason, (r).flags FROM setting,
     health_report((SELECT health_population(NULL::health_activity, model, '2026-01-01') FROM setting),
                   '{"login": {"2025-12-31": 1}}') AS r;

--
-- A later date: a kept population is a frozen one
--

-- Its own date, three weeks later, and six: no row for the baseline, and neither stale data nor a signal that stopped is judged,
-- since nobody has looked at the others. The score before is one against the same population.
CREATE TEMPORARY TABLE fleet AS
SELECT 'fleet ' || n AS name, pg_temp.daily('login', '2025-01-01', '2026-01-20') + pg_temp.daily('export', '2025-01-01', '2025-12-31', 2)
       + pg_temp.daily('login', '2025-12-20', date '2025-12-20' + n) AS activity
FROM generate_series(1, 9) AS n;
CREATE TEMPORARY TABLE frozen AS SELECT health_population(activity, model, '2026-01-01') AS population FROM fleet, setting;
ANALYZE fleet;
SELECT (r).as_of, (r).score_shown AS score, round((r).previous_score::numeric, 3) AS previous, (r).baseline,
       (r).accounts_compared AS accounts, (r).flags, (r).reason
FROM frozen, fleet, unnest('{2026-01-01,2026-01-22,2026-02-10}'::date[]) AS day, health_report(population, activity, NULL, NULL, day) AS r
WHERE name = 'fleet 5' ORDER BY day;
-- Those who look at the others say more.
SELECT as_of, (r).flags FROM setting, unnest('{2026-01-22,2026-02-10}'::date[]) AS as_of, LATERAL
  (SELECT name, health_report(activity, model, as_of) OVER () AS r FROM fleet) AS r WHERE name = 'fleet 5' ORDER BY as_of;
SELECT form, count(*) FILTER (WHERE kind = 'baseline') AS baseline_rows, bool_and(abs(all_changes - score_change) < 1e-9) AS sums_hold
FROM (SELECT 'frozen' AS form, name, health_report(population, activity, NULL, NULL, '2026-01-22') AS r FROM frozen, fleet
      UNION ALL SELECT 'moving', name, health_report(activity, model, '2026-01-22') OVER () FROM fleet, setting) AS r,
     LATERAL (SELECT (r).score_change, kind, sum(change) OVER () AS all_changes FROM health_driver_rows((r).drivers)) AS d
GROUP BY form ORDER BY form;
SELECT count(*) AS rows, count(*) FILTER (WHERE (r).previous_score = health_score(population, activity, NULL, NULL, day - 28)) AS same
FROM frozen, fleet, unnest('{2026-01-29,2026-02-03}'::date[]) AS day, health_report(population, activity, NULL, NULL, day) AS r;
-- A session may change dates with every row, and keeps no more for it.
CREATE FUNCTION pg_temp.cached() RETURNS numeric LANGUAGE sql AS
$$ SELECT sum(total_bytes) FROM pg_backend_memory_contexts WHERE name = 'health_score cache' $$;
SELECT pg_temp.cached() AS cached \gset
SELECT count(DISTINCT health_score(population, activity, NULL, NULL, date '2026-01-22' + n % 2)) AS scores
FROM frozen, fleet, generate_series(1, 20000) AS n WHERE name = 'fleet 5';
SELECT pg_temp.cached() - :cached < 1000000 AS no_more;
-- An earlier date it cannot answer.
SELECT health_score(population, '{}', NULL, NULL, '2025-12-31') FROM frozen;
SELECT health_report(population, '{}', NULL, NULL, '2025-12-31') FROM frozen;
SELECT health_report(population, '{}', NULL, NULL, '-infinity') FROM frozen;
SELECT health_report(population, '{}', 'NaN') FROM frozen;

--
-- Rows, and other words
--

-- For people: what it holds of each signal.
SELECT segment, r.* FROM kept CROSS JOIN LATERAL health_population_rows(population) AS r ORDER BY segment COLLATE "C" DESC, signal COLLATE "C";
SELECT count(*) FROM health_population_rows(NULL);
-- How a share of the size moved says nothing of those whose size is not known: here it was two of ten, then one.
SELECT signal, pct FROM (
  SELECT health_population(activity, '{"min_population": 3, "signals": {"user:*": {"weight": 2, "measure": "distinct", "days": 14, "of": "size"}}}',
                           '2026-01-01', CASE WHEN n <= 3 THEN 10 END) AS population
  FROM generate_series(1, 8) AS n, (SELECT pg_temp.daily('user:ada', '2025-10-01', '2025-12-31') +
                                           pg_temp.daily('user:bob', '2025-10-01', '2025-12-05') AS activity) AS a) AS p,
  health_population_rows(population);
-- One population serves two languages: the rows are those of the window form in the other one.
SELECT count(*) AS rows, count(*) FILTER (WHERE mine IS DISTINCT FROM theirs) AS differ, count(DISTINCT mine) > 4 AS told
FROM (SELECT name, health_report(population || words, activity, size, since)::text AS mine
      FROM account JOIN kept USING (segment), (VALUES ('{"language": "fr", "name": "été", "signals": {"login": {"label": "Connexion"}}}'::jsonb)) AS v (words)) AS s
     JOIN (SELECT name, (health_report(activity, model || '{"language": "fr", "name": "été", "signals": {"login": {"label": "Connexion"}}}', '2026-01-01',
                                       size, since) OVER (PARTITION BY segment))::text AS theirs FROM account, setting) AS w USING (name);
SELECT population || '{}' = population AS nothing, population || '{"language": "fr"}' || '{"language": null}' = population AS back,
       population || NULL::jsonb IS NULL AS none FROM kept ORDER BY segment;
SELECT population || '{"trend_days": 7}' FROM kept;
SELECT population || '{"signals": {"login": {"label": "L", "weight": 2}}}' FROM kept;
SELECT population || '{"signals": {"log": {"label": "L"}}}' FROM kept;
SELECT population || '{"language": "de"}' FROM kept;
SELECT population || '{"signals": {"login": 3}}' FROM kept;
SELECT population || '{"signals": {"login": null}}' FROM kept;
SELECT population || '{"signals": null}' FROM kept;
SELECT population || '["language"]'::jsonb FROM kept;
SELECT population || '{"name": "a", "name": "b"}' FROM kept;
SELECT population || 'language' FROM kept;
-- Each word there is, a parameter without a type, and texts that are checked as a model's are.
PREPARE told AS SELECT (health_report(population || $1, '{}'::health_activity, size, since)).next_step
  FROM account JOIN kept USING (segment) ORDER BY name LIMIT 1;
EXECUTE told('{"name": "a", "version": "2", "next_steps": {"never_active": "Ring them up"},
  "signals": {"login": {"text": "{label}: {recent}", "next_step": "Ask"}}}');
DEALLOCATE told;
SELECT population || '{"signals": {"login": {"text": "{rescent}"}}}' FROM kept;
-- The other words are in the document, and the rest is untouched.
SELECT (population || '{"name": "a"}')::jsonb -> 'model' ->> 'name' AS name,
       (population || '{"name": "a"}')::jsonb - 'model' = population::jsonb - 'model' AS untouched FROM kept LIMIT 1;

--
-- Parts
--

-- Merged in any split they are the population of all.
CREATE TEMPORARY TABLE split AS
SELECT splits, health_population_part(activity, model, '2026-01-01', size, since) AS part
FROM account, setting, generate_series(1, 9) AS splits GROUP BY splits, hashtext(name) % splits;
SELECT splits, count(*) AS parts, health_population_merge(part) = (SELECT health_population(activity, model, '2026-01-01', size, since)
                                                                   FROM account, setting) AS same
FROM split GROUP BY splits ORDER BY splits;
SELECT health_population_merge(part ORDER BY part::text DESC) = health_population_merge(part ORDER BY part::text) AS any_order FROM split
WHERE splits = 5;
SELECT health_population_merge(NULL::health_population_part) AS nothing, health_population_part(activity, model, '2026-01-01') AS nobody
FROM account, setting WHERE false;
-- A part of nobody changes nothing.
SELECT health_population_merge(part) = (SELECT health_population_merge(part) FROM split WHERE splits = 3) AS same
FROM (SELECT part FROM split WHERE splits = 3 UNION ALL SELECT NULL UNION ALL
      SELECT health_population_part(NULL::health_activity, model, '2026-01-01', NULL, NULL) FROM setting) AS p;
-- Parts with sizes and parts without are not of one population: half of the accounts would make no baseline.
SELECT health_population_merge(part)
FROM (SELECT health_population_part(activity, model, '2026-01-01', size) AS part FROM account, setting UNION ALL
      SELECT health_population_part(activity, model, '2026-01-01') FROM account, setting) AS p;
-- Arguments by name: the later date alone.
SELECT name, (r).as_of, (r).score_shown, (r).flags
FROM account JOIN kept USING (segment)
     CROSS JOIN LATERAL (SELECT health_report(population, activity, as_of => '2026-01-15') AS r OFFSET 0) AS r
WHERE name IN ('acme', 'haze') ORDER BY name;
-- A state goes on after its result: each row of a window has that of a population of its frame.
SELECT count(*) AS rows, count(*) FILTER (WHERE growing = merged) AS growing_alike, count(*) FILTER (WHERE frame = frame_merged) AS frame_alike,
       count(DISTINCT growing) AS populations, bool_or(growing = (SELECT health_population(activity, model, '2026-01-01', size, since)
                                                                  FROM account, setting)) AS ends_with_all
FROM (SELECT health_population(activity, model, '2026-01-01', size, since) OVER w AS growing,
             health_population_part(activity, model, '2026-01-01', size, since) OVER w AS part,
             health_population(activity, model, '2026-01-01', size, since) OVER f AS frame,
             health_population_part(activity, model, '2026-01-01', size, since) OVER f AS frame_part
      FROM account, setting WINDOW w AS (ORDER BY name), f AS (ORDER BY name ROWS BETWEEN 2 PRECEDING AND 1 FOLLOWING)) AS windows,
     LATERAL (SELECT health_population_merge(p.part) AS merged FROM (VALUES (part)) AS p (part)) AS m,
     LATERAL (SELECT health_population_merge(p.part) AS frame_merged FROM (VALUES (frame_part)) AS p (part)) AS fm;
-- Parts of another model or date.
SELECT health_population_merge(part) FROM (SELECT health_population_part(activity, model || '{"window_days": 29}', '2026-01-01') AS part
  FROM account, setting UNION ALL SELECT part FROM split WHERE splits = 1) AS p;
SELECT health_population_merge(part) FROM (SELECT health_population_part(activity, model, '2026-01-02') AS part
  FROM account, setting UNION ALL SELECT part FROM split WHERE splits = 1) AS p;
-- And rows of one aggregate that differ.
SELECT health_population(activity, CASE WHEN name < 'c' THEN model ELSE model || '{"window_days": 29}' END, '2026-01-01') FROM account, setting;
SELECT health_population(activity, model, date '2026-01-01' + (name < 'c')::int) FROM account, setting;
SELECT health_population(activity, '{}', '2026-01-01') FROM account;
SELECT health_population(activity, model, 'infinity') FROM account, setting;
SELECT health_population(activity, model, day) FROM account, setting, (VALUES (date '1969-12-31')) AS v (day);
SELECT health_population(activity, model, day) FROM account, setting, (VALUES (date '2200-01-02')) AS v (day);
SELECT health_population(activity, model, day)::jsonb ->> 'as_of' AS as_of FROM account, setting, unnest('{1970-01-01,2200-01-01}'::date[]) AS day GROUP BY day ORDER BY day;
SELECT health_population(activity, model, '2026-01-01', 'NaN') FROM account, setting;

--
-- The types: text, bytes, casts, comparisons
--

-- What a dump writes is read back as it was.
SELECT segment, population::text::health_population = population AS text, population::jsonb::health_population = population AS jsonb,
       population::text::health_population::text = population::text AS same_text
FROM kept ORDER BY segment;
SELECT health_population '{"version": 1, "as_of": "2026-01-01", "accounts": 0, "model": {"signals": {"a": 1}}}';
SELECT splits, bool_and(part::text::health_population_part::text = part::text) AS text FROM split GROUP BY splits ORDER BY splits;
-- The binary form: a version, then the document.
SELECT left(encode(health_population_send(population), 'escape'), 30) FROM kept WHERE segment = 'ent';
-- health_population_recv and health_population_part_recv read COPY's binary form (test/tap/002_roundtrip.pl).

-- A stored one is compared by its document: =, hash, order.
SELECT count(DISTINCT population) AS kinds, count(*) FILTER (WHERE population = p) AS equal, count(*) FILTER (WHERE population <> p) AS other
FROM (SELECT population FROM kept UNION ALL SELECT population FROM kept) AS k, (SELECT population AS p FROM kept WHERE segment = 'ent') AS e;
SELECT count(*) FROM (SELECT population FROM kept GROUP BY population) AS k;
SELECT min(segment) AS segment FROM kept GROUP BY population ORDER BY population > (SELECT population FROM kept WHERE segment = 'ent');
CREATE TEMPORARY TABLE stored (day date PRIMARY KEY, population health_population UNIQUE);
INSERT INTO stored SELECT '2026-01-01', population::jsonb FROM kept WHERE segment = 'ent';
INSERT INTO stored SELECT '2026-01-02', population FROM kept WHERE segment = 'ent';
-- One value is written in one way: zeros, and what is empty, are left out, and keys have jsonb's order.
SELECT text::health_population = other::health_population AS same
FROM (VALUES ('{"version": 1, "as_of": "2026-01-01", "accounts": 2, "baseline": 1.50, "peers": false, "fell": false,
                "signals": {"a": {"recent": 0.0, "contribution": -0.0}}, "model": {"signals": {"a": 1}}}',
              '{"model": {"signals": {"a": 1}}, "signals": {}, "as_of": "2026-01-01", "version": 1.0, "baseline": 15e-1, "accounts": 2.0}'))
       AS v (text, other);

-- Documents that are none.
SELECT health_population '{"version": 1';
SELECT health_population '[]';
SELECT health_population '5';
SELECT health_population '{}';
SELECT health_population '{"version": 1, "as_of": "2026-01-01", "accounts": 0, "model": 5}';
SELECT health_population '{"version": 1, "as_of": "2026-01-01", "accounts": 0, "model": {}}';
SELECT health_population '{"version": 2, "as_of": "2026-01-01", "accounts": 0, "model": {"signals": {"a": 1}}}';
SELECT health_population '{"version": 1, "accounts": 0, "model": {"signals": {"a": 1}}}';
CREATE TEMPORARY VIEW document AS
SELECT '{"version": 1, "as_of": "2026-01-01", "accounts": 0, "model": {"signals": {"a": 1}}}'::jsonb AS document;
SELECT health_population(document || '{"version": 2}') FROM document;
SELECT health_population(document || '{"version": null}') FROM document;
SELECT health_population(document || '{"as_of": "2026-02-30"}') FROM document;
SELECT health_population(document || '{"as_of": "yesterday"}') FROM document;
SELECT health_population(document || '{"as_of": null}') FROM document;
SELECT health_population(document || '{"accounts": -1}') FROM document;
SELECT health_population(document || '{"accounts": 1.5}') FROM document;
SELECT health_population(document || '{"accounts": 1e300}') FROM document;
SELECT health_population(document || '{"size": 0}') FROM document;
SELECT health_population(document || '{"size": "10"}') FROM document;
SELECT health_population(document || '{"baseline": 1e400}') FROM document;
SELECT health_population(document || '{"baseline": []}') FROM document;
SELECT health_population(document || '{"peers": 1}') FROM document;
SELECT health_population(document || '{"newest": 5}') FROM document;
SELECT health_population(document || '{"signals": []}') FROM document;
SELECT health_population(document || '{"signals": {"a": 5}}') FROM document;
SELECT health_population(document || '{"signals": {"b": {}}}') FROM document;
SELECT health_population(document || '{"signals": {"a": {"mean": 5}}}') FROM document;
SELECT health_population(document || '{"signals": {"a": {"stopped": "2026"}}}') FROM document;
SELECT health_population(document || '{"extra": 1}') FROM document;
SELECT health_population(document - 'model') FROM document;
SELECT health_population '{"version": 1, "version": 1, "as_of": "2026-01-01", "accounts": 0, "model": {"signals": {"a": 1}}}';

-- Bytes that are no part: 22P03.
\set VERBOSITY sqlstate
SELECT health_population_part 'abc';
SELECT health_population_part '\x';
SELECT health_population_part '\x0102030405060708090a0b0c0d0e0f';
SELECT overlay(part::text PLACING '02' FROM 3)::health_population_part FROM split WHERE splits = 1;
SELECT left(part::text, -2)::health_population_part FROM split WHERE splits = 1;
SELECT (part::text || '00')::health_population_part FROM split WHERE splits = 1;
\set VERBOSITY default
SELECT health_population_part '\x01';

--
-- Calls
--

-- Populations and models are both literals, and so are a size and a date: a call of three or more literals alone says
-- which it is by a type.
SELECT health_score('{"a": {"2025-12-31": 1}}', '{"signals": {"a": 1}}', '2026-01-01') OVER ();
SELECT health_score('{"a": {"2025-12-31": 1}}'::health_activity, '{"signals": {"a": 1}}', '2026-01-01') OVER () AS score;
SELECT health_score('{"a": {"2025-12-31": 1}}', '{"signals": {"a": 1}}', date '2026-01-01') OVER () AS score;
SELECT health_score('{"a": {"2025-12-31": 1}}', '{"signals": {"a": 1}}', '2026-01-01', 10) OVER () AS score;
PREPARE three AS SELECT health_report($1, $2, $3) OVER ();
PREPARE three (health_activity) AS SELECT health_report($1, $2, $3) OVER ();
PREPARE four (health_activity, health_model, date) AS SELECT health_report($1, $2, $3, $4) OVER ();
PREPARE five (health_activity, health_model, date, float8, date) AS SELECT health_score($1, $2, $3, $4, $5) OVER ();
PREPARE column_three AS SELECT health_report(activity, $1, $2) OVER () FROM account;
PREPARE column_five AS SELECT health_report(activity, $1, $2, size, since) OVER (PARTITION BY segment) FROM account;
PREPARE literal_model AS SELECT health_score(activity, '{"signals": {"login": 1}}', $1) OVER () FROM account;
PREPARE page AS SELECT health_report($1, $2);
PREPARE page_size (health_population) AS SELECT health_report($1, $2, $3);
PREPARE page_all (health_population) AS SELECT health_report($1, $2, $3, $4, $5);
PREPARE page_column AS SELECT health_report(population, $1, $2, $3, $4) FROM kept;
PREPARE everybody AS SELECT health_population(activity, $1, $2) FROM account;
PREPARE everybody_sized AS SELECT health_population_part(activity, $1, $2, size, since) FROM account;
SELECT name, parameter_types FROM pg_prepared_statements ORDER BY name;
EXECUTE five ('{"a": {"2025-12-31": 1}}', '{"signals": {"a": 1}}', '2026-01-01', 2, '2025-01-01');
-- A generic plan, too.
SET plan_cache_mode = force_generic_plan;
EXECUTE five ('{"a": {"2025-12-31": 1}}', '{"signals": {"a": 1}}', '2026-01-01', 2, '2025-01-01');
SELECT population AS smb FROM kept WHERE segment = 'smb' \gset
CREATE FUNCTION pg_temp.score(page health_report_row) RETURNS float8 LANGUAGE sql RETURN round(($1).score::numeric, 3);
PREPARE page_score (health_population) AS SELECT pg_temp.score(health_report($1, $2, $3, $4, $5));
EXECUTE page_score (:'smb', '{"login": {"2025-12-31": 1}}', NULL, NULL, NULL);
EXECUTE page_score (:'smb', '{"login": {"2025-12-31": 1}}', 2, '2025-01-01', '2026-01-01');
EXECUTE page_score (:'smb', '{"login": {"2025-12-31": 1}}', 2, '2025-01-01', '2026-01-20');
RESET plan_cache_mode;
DEALLOCATE ALL;

-- README's six lines.
CREATE TEMPORARY TABLE events (account_id text, event text, occurred_at timestamptz);
INSERT INTO events SELECT 'acme', 'login', t FROM generate_series('2025-10-01 09:00+00'::timestamptz, '2025-12-31 12:00+00', '24 hours') t;
INSERT INTO events SELECT 'duck', 'login', t FROM generate_series('2025-10-01 09:00+00'::timestamptz, '2025-12-16 12:00+00', '24 hours') t;
INSERT INTO events VALUES ('acme', 'export', '2025-12-30 10:00+00'), ('duck', 'cancel_page_visited', '2025-12-29 08:00+00');
SELECT account_id, (r).score_shown AS score, (r).band, (r).reason
FROM (SELECT account_id,
             health_report(health_activity(event, occurred_at),
                           '{"half_life_days": 30, "signals": {"login": 1, "export": 5,
                             "cancel_page_visited": -25}}',
                           '2026-01-01') OVER () AS r
      FROM events GROUP BY account_id) AS scored;

-- What is for the aggregates only: their transitions are refused elsewhere, their results are those of a part.
SELECT health_population_add(NULL, '{}', '{"signals": {"a": 1}}', date '2026-01-01');
SELECT health_population_add(NULL, '{}', '{"signals": {"a": 1}}', date '2026-01-01', 1, date '2025-01-01');
SELECT health_population_combine(part, part) FROM split WHERE splits = 1;
SELECT health_population_final(part) = (SELECT health_population_merge(part) FROM split WHERE splits = 1) AS same_population FROM split WHERE splits = 1;
SELECT health_population_part_final(part)::text = part::text AS same_part FROM split WHERE splits = 1;

--
-- What is stored
--

-- Values of format version 1: these lines never change. A population that was kept is read, says what it said, and
-- reports as it did; a part that another server of the same kind made is merged.
CREATE TEMPORARY TABLE golden AS SELECT health_population
  '{"as_of": "2026-01-01", "fell": true, "size": 2.5, "model": {"name": "golden", "signals": {"a": {"weight": 1.5, "label": {"en": "Login", "fr": "Connexion"}}, "b": 2}, "trend_days": 7, "min_population": 3}, "peers": true, "newest": "2025-12-31", "signals": {"a": {"pct": -12.5, "recent": 2, "contribution": 3, "days_inactive": 1}, "b": {"stopped": "2025-12-20", "days_inactive": 12}}, "version": 1, "accounts": 4, "baseline": 4.25, "days_inactive": 0.5, "previous_baseline": 5.75}'
  AS population;
SELECT population FROM golden;
SELECT left(encode(bytes, 'hex'), 24) AS head, length(bytes), md5(bytes) FROM golden, health_population_send(population) AS bytes;
SELECT s.* FROM golden, health_population_rows(population) AS s;
SELECT (r).score_shown, (r).baseline, (r).accounts_compared, (r).flags, (r).reason
FROM (SELECT health_report(population || '{"language": "fr"}', '{"a": {"2025-12-20": 1, "2025-12-31": 1}}', 5, '2025-01-01') AS r FROM golden) AS q;
CREATE TEMPORARY TABLE golden_part AS
SELECT health_population_part(activity, '{"min_population": 2, "signals": {"a": 1, "b": {"weight": 3, "measure": "last", "out_of": 10}}}', '2026-01-01', size) AS part
FROM (VALUES (health_activity '{"a": {"2025-12-01": 2, "2025-12-30": 1}}', 2::float8), ('{"a": {"2025-12-31": 4}, "b": {"2025-12-31": [1, 7]}}', 4), ('{"c": {"2025-12-01": 1}}', NULL)) AS v (activity, size);
SELECT part FROM golden_part;
SELECT health_population_merge(part) FROM golden_part;

-- What they say of themselves.
\df health_population*
\dT health_population*
SELECT p.oid::regprocedure AS function, obj_description(p.oid, 'pg_proc') AS comment
FROM pg_proc AS p WHERE proname LIKE 'health_population%' OR proname IN ('health_score', 'health_report') AND proargtypes[0] = 'health_population'::regtype
ORDER BY p.oid::regprocedure::text COLLATE "C";
