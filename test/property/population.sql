-- health_population: a report against the population of a random fleet, and against parts of it that were merged in any
-- split, is the row of the window function, to the byte; and a population that was kept is a frozen one.
-- Runs in a fresh database. A failure prints its seed: repeat it with psql -v seed=0.123456 -f ...
\ir common/start.sql
\ir common/trial.sql
\set claims 13
\ir common/fleets.sql

-- Each fleet in French, too, and as a scorecard, where every gauge has a best value; at several dates.
CREATE TABLE variant AS
SELECT fleet, variant, model || patch AS model
FROM model JOIN (SELECT fleet, jsonb_object_agg(signal, jsonb_build_object('unit', NULL, 'neutral', NULL, 'weight', abs(weight) + 1,
                          'max_points', NULL, 'out_of', CASE WHEN signal = 'user:*' OR measure IN ('recency', 'ratio', 'trend') THEN 1 ELSE 10 END))
                          FILTER (WHERE measure IN ('last', 'distinct', 'mean', 'recency', 'ratio', 'trend')) AS gauges
                 FROM rule GROUP BY fleet) AS g USING (fleet)
     CROSS JOIN LATERAL (VALUES ('sums', jsonb '{}'), ('French', '{"language": "fr", "max_drivers": 5, "weekend": [6, 7]}'),
                                ('scorecard', jsonb_build_object('combine', 'mean', 'usage_weight', 2, 'dimension_caps', NULL,
                                                                 'signals', gauges))) AS v (variant, patch);
-- Which accounts are in which part.
CREATE TABLE split AS
SELECT account, fleet, floor(random() * (1 + fleet % 6))::int AS part FROM scored;

CREATE TABLE question AS
SELECT fleet, variant, as_of + shift AS as_of, as_of + shift + 1 + floor(random() * 60)::int AS later, model
FROM variant JOIN fleet USING (fleet) CROSS JOIN unnest('{-40,0,25}'::int[]) AS shift;
CREATE TABLE asked AS
SELECT fleet, variant, as_of, health_population(activity, model, as_of) AS unsized,
       health_population(activity, model, as_of, size) AS sized, health_population(activity, model, as_of, size, since) AS tenured
FROM question JOIN scored USING (fleet) GROUP BY fleet, variant, as_of;
CREATE TABLE merged AS
SELECT fleet, variant, as_of, health_population_merge(unsized ORDER BY md5(part::text)) AS unsized,
       health_population_merge(sized ORDER BY md5(part || 'sized')) AS sized,
       health_population_merge(tenured ORDER BY md5(part || 'tenured')) AS tenured
FROM (SELECT fleet, variant, as_of, part, health_population_part(activity, model, as_of) AS unsized,
             health_population_part(activity, model, as_of, size) AS sized,
             health_population_part(activity, model, as_of, size, since) AS tenured
      FROM question JOIN scored USING (fleet) JOIN split USING (account, fleet) GROUP BY fleet, variant, as_of, part) AS p
GROUP BY fleet, variant, as_of;

INSERT INTO trial (claim, subject, mine, theirs)
SELECT claim, format('fleet %s, %s, %s', fleet, variant, as_of), mine::text, theirs::text
FROM asked AS a JOIN merged AS m USING (fleet, variant, as_of)
     CROSS JOIN LATERAL (VALUES ('merged parts', m.unsized, a.unsized), ('merged parts, sizes', m.sized, a.sized),
                                ('merged parts, sizes, since', m.tenured, a.tenured),
                                ('read from its text', a.tenured::text::health_population, a.tenured)) AS v (claim, mine, theirs);

-- What the window functions say of everybody, in one partition a fleet.
CREATE TABLE said AS
SELECT account, fleet, variant, as_of, later, activity, size, since,
       health_report(activity, model, as_of) OVER w AS r3, health_score(activity, model, as_of) OVER w AS s3,
       health_report(activity, model, as_of, size) OVER w AS r4, health_score(activity, model, as_of, size) OVER w AS s4,
       health_report(activity, model, as_of, size, since) OVER w AS r5,
       health_score(activity, model, as_of, size, since) OVER w AS s5
FROM question JOIN scored USING (fleet) WINDOW w AS (PARTITION BY fleet, variant, as_of);
-- Against the merged parts one account after the other, in any order.
INSERT INTO trial (claim, subject, mine, theirs)
SELECT claim, format('account %s, %s, %s', account, variant, as_of), mine, theirs
FROM (SELECT * FROM said JOIN merged USING (fleet, variant, as_of) ORDER BY md5(account || variant || as_of) OFFSET 0) AS s
     CROSS JOIN LATERAL (VALUES
       ('report', health_report(unsized, activity)::text, r3::text), ('score', health_score(unsized, activity)::text, s3::text),
       ('report, size', health_report(sized, activity, size)::text, r4::text),
       ('score, size', health_score(sized, activity, size)::text, s4::text),
       ('report, size, since', health_report(tenured, activity, size, since)::text, r5::text),
       ('score, size, since', health_score(tenured, activity, size, since, as_of)::text, s5::text)) AS v (claim, mine, theirs);

-- Later it stands for a frozen baseline.
CREATE TABLE frozen AS
SELECT account, q.fleet, variant, q.as_of, later, activity, size, since, tenured, trend_days,
       health_score(activity, model || jsonb_build_object('baseline', baseline), later, size, since)
         OVER (PARTITION BY q.fleet, variant, q.as_of) AS score
FROM question AS q JOIN asked USING (fleet, variant, as_of) JOIN scored USING (fleet)
     JOIN (SELECT fleet, trend_days FROM fleet) AS f USING (fleet)
     CROSS JOIN LATERAL (SELECT tenured::jsonb -> 'baseline' AS baseline) AS b
WHERE baseline::float8 BETWEEN 1e-6 AND 1e9;
INSERT INTO trial (claim, subject, mine, theirs)
SELECT claim, format('account %s, %s, %s, later %s', account, variant, as_of, later), mine, theirs
FROM frozen CROSS JOIN LATERAL (SELECT health_report(tenured, activity, size, since, later) AS r OFFSET 0) AS r
     CROSS JOIN LATERAL (VALUES
       ('later: the score of a frozen baseline', (r).score::text, score::text),
       ('later: the score before, against the same population', (r).previous_score::text,
        CASE WHEN (r).score_change IS NOT NULL AND later - trend_days >= as_of
             THEN health_score(tenured, activity, size, since, later - trend_days)
             ELSE (r).previous_score END::text),
       ('later: nothing is said of the others',
        concat_ws(' ', (SELECT 'baseline' FROM health_driver_rows((r).drivers) WHERE kind = 'baseline'),
                  (SELECT string_agg(flag, ',') FROM unnest(string_to_array((r).flags, ',')) AS flag
                   WHERE flag IN ('stale_data', 'signal_stopped', 'fleet_fell'))), '')) AS v (claim, mine, theirs);
\ir common/verdict.sql
