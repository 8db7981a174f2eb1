-- What stored values of every version of their format give (test/golden): whatever version reads them, the same numbers. That
-- their bytes are read and written as ever is shown by test/tap/014_golden.pl.

-- The lines of a file: the first word, and what follows it.
CREATE FUNCTION pg_temp.golden(lines text) RETURNS TABLE (n bigint, head text, value text) LANGUAGE sql AS $$
  SELECT row_number() OVER (ORDER BY place), split_part(line, ' ', 1), substring(line FROM position(' ' IN line) + 1)
  FROM string_to_table(lines, E'\n') WITH ORDINALITY AS l (line, place) WHERE line NOT LIKE '#%'
$$;
\set models `cat "${PG_ABS_SRCDIR:-.}/test/golden/model_v1.txt"`
\set populations `cat "${PG_ABS_SRCDIR:-.}/test/golden/population_v1.txt"`
\set parts `cat "${PG_ABS_SRCDIR:-.}/test/golden/population_part_v1.txt"`
\set documents `cat "${PG_ABS_SRCDIR:-.}/test/golden/documents.txt"`
CREATE TEMPORARY TABLE models AS SELECT n, value::health_model AS model FROM pg_temp.golden(:'models');
CREATE TEMPORARY TABLE populations AS SELECT n, value::health_population AS population FROM pg_temp.golden(:'populations');
CREATE TEMPORARY TABLE parts AS SELECT n, ('\x' || head)::health_population_part AS part, value::health_population AS population
FROM pg_temp.golden(:'parts');
CREATE TEMPORARY TABLE documents AS SELECT n, head AS made_by, value::jsonb AS document FROM pg_temp.golden(:'documents');

CREATE TEMPORARY TABLE account (n int, activity health_activity, size float8, since date);
INSERT INTO account VALUES
  (1, '{"login": {"2025-10-20": 2, "2025-12-02": 4, "2025-12-17": 1, "2025-12-31": 8}, "seats": {"2025-12-30": [1, 0.75]},
        "nps": {"2025-12-20": [2, 15]}, "user:a": {"2025-12-31": 1}, "user:b": {"2025-12-28": 3}}', 4, '2025-01-01'),
  (2, '{"signed_in": {"2025-12-01": 3, "2025-12-31": 1}, "export": {"2025-12-16": 2, "2025-12-31": 1},
        "ticket": {"2025-12-30": 2}, "value": {"2025-12-31": [1, 12.5]}}', 1, '2025-06-01'),
  (3, '{"login": {"2025-12-12": 1, "2025-12-22": 5}, "ticket": {"2025-12-20": 6}, "errors": {"2025-12-22": 3},
        "csm": {"2025-12-21": [1, 33]}}', 16, '2025-12-12'),
  (4, '{"login": {"2025-12-16": 16, "2025-12-31": 16}, "export": {"2025-11-01": 1}, "données": {"2025-12-31": 1}}', 9, NULL),
  (5, '{}', NULL, '2025-01-01');

-- Models: the scores of five accounts, and all that a report counts. Rounded, as pow and exp2 may differ by the last bit.
SELECT m.n AS model, a.n AS account, round((r).score::numeric, 9) AS score, (r).score_shown AS shown, (r).band, (r).trend,
       round((r).score_change::numeric, 9) AS change, round((r).raw_score::numeric, 9) AS raw, round((r).baseline::numeric, 9) AS baseline,
       (r).coverage, (r).days_inactive AS inactive, (r).accounts_compared AS compared, (r).flags, (r).model AS name
FROM (SELECT m.n, a.n AS account, health_report(activity, model, '2026-01-01', size, since) OVER (PARTITION BY m.n) AS r
      FROM models AS m CROSS JOIN account AS a) AS s
     JOIN models AS m USING (n) JOIN account AS a ON a.n = s.account ORDER BY m.n, a.n;

-- Populations: one account against them, on their day and a month later.
SELECT p.n AS population, as_of, round((r).score::numeric, 9) AS score, (r).score_shown AS shown, (r).band,
       round((r).score_change::numeric, 9) AS change, round((r).baseline::numeric, 9) AS baseline, (r).accounts_compared AS compared, (r).flags,
       (SELECT string_agg(concat_ws(' ', signal, round(points::numeric, 6), round(vs_peers::numeric, 6)), ', ' ORDER BY signal COLLATE "C")
        FROM health_driver_rows((r).drivers) WHERE signal IS NOT NULL) AS points_and_vs_peers
FROM populations AS p
     CROSS JOIN unnest('{2026-01-01,2026-02-01}'::date[]) AS as_of
     CROSS JOIN LATERAL (SELECT health_report(population, activity + '{"a": {"2025-12-20": 1, "2025-12-31": 1}}', size, since, as_of) AS r
                         FROM account WHERE n = 1 OFFSET 0) AS reported
ORDER BY p.n, as_of;
SELECT n AS population, r.* FROM populations CROSS JOIN LATERAL health_population_rows(population) AS r
WHERE n IN (1, 6) ORDER BY n, signal COLLATE "C";

-- Parts: alone and merged with one of today. Made of the same accounts, parts and populations are the same, but where a half-life
-- brings in exp2.
SELECT n, health_population_merge(part) = population AS same FROM parts GROUP BY n, population ORDER BY n;
SELECT p.n, population::jsonb -> 'accounts' AS accounts, merged::jsonb -> 'accounts' AS with_as_many
FROM parts AS p
     JOIN (SELECT n, health_population_merge(part) AS merged
           FROM (SELECT n, part FROM parts
                 UNION ALL SELECT m.n, health_population_part(activity, model, '2026-01-01', size, since)
                 FROM models AS m CROSS JOIN account GROUP BY m.n) AS q
           GROUP BY n) AS b USING (n) ORDER BY n;
SELECT m.n, made.part::text = parts.part::text AS same_part, made.population = parts.population AS same_population
FROM models AS m
     JOIN parts USING (n)
     CROSS JOIN LATERAL (SELECT health_population_part(activity, model, '2026-01-01', size, since) AS part,
                                health_population(activity, model, '2026-01-01', size, since) AS population FROM account) AS made
WHERE model -> 'half_life_days' IS NULL ORDER BY n;

-- Documents that are kept: all that reads them.
SELECT r.* FROM documents CROSS JOIN LATERAL health_backtest_rows(document) AS r WHERE made_by = 'backtest';
SELECT score, round(health_churn_probability(score, document)::numeric, 6) AS probability, health_churn_interval(score, document) AS interval
FROM documents CROSS JOIN unnest('{0,30,36,100}'::float8[]) AS score WHERE made_by = 'calibration';
SELECT score, round(health_churn_probability(score, document -> 'calibration')::numeric, 6) AS probability
FROM documents CROSS JOIN unnest('{0,30,36,100}'::float8[]) AS score WHERE made_by = 'backtest';
SELECT r.* FROM documents CROSS JOIN LATERAL health_signal_power_rows(document) AS r WHERE made_by = 'signal_power';
SELECT r.* FROM documents CROSS JOIN LATERAL health_tune_rows(document) AS r WHERE made_by = 'tune';
SELECT r.signal, r.current_weight, r.weight, r.points, r.coverage, r.direction, r.note, r.resembles
FROM documents CROSS JOIN LATERAL health_fit_rows(document) AS r WHERE made_by = 'fit';
SELECT made_by, (document -> 'model')::health_model AS model, (document -> 'candidate')::health_model AS candidate
FROM documents WHERE made_by IN ('tune', 'fit');
SELECT r.* FROM documents CROSS JOIN LATERAL health_drift_rows(document) AS r WHERE made_by = 'drift';
SELECT n, r.rank, r.signal, r.kind, r.points, r.change, r.vs_peers, r.recent, r.prior, r.pct, r.days_inactive
FROM documents CROSS JOIN LATERAL health_driver_rows(document) AS r WHERE made_by = 'drivers' ORDER BY n, r.rank;
SELECT n, health_explain(89, 99, document, 'fr') IS NOT NULL AS explained FROM documents WHERE made_by = 'drivers' ORDER BY n;
