-- The scores of examples/scorecard.sql against the same means by hand. Runs after it.
\set ON_ERROR_STOP on
SET client_min_messages = warning;
SET plpgsql.check_asserts = on;

-- The same mean by hand: one row a measure, NULL where nobody measured.
CREATE VIEW measured AS
SELECT name, measure, weight, 100 * CASE WHEN value IS NOT NULL THEN least(greatest(value, 0), 1) END AS score
FROM (SELECT name, activity,
             health_score(activity, '{"half_life_days": 30, "signals": {"login": 1}}', '2026-01-01', seats) OVER () AS usage
      FROM account JOIN account_activity USING (name)) AS u
     CROSS JOIN (VALUES ('usage', 40, 1), ('csm_sentiment', 15, 180), ('qbr_outcome', 10, 180), ('nps', 10, 180),
                        ('open_tickets', 5, 30), ('seat_use', 10, 30), ('past_due', 10, 180)) AS w (measure, weight, days)
     CROSS JOIN LATERAL health_measure(activity, measure, '2026-01-01', days, 'last') AS latest
     CROSS JOIN LATERAL (SELECT CASE measure WHEN 'usage' THEN usage / 100
                                             WHEN 'csm_sentiment' THEN (latest - 1) / 9
                                             WHEN 'qbr_outcome' THEN (latest + 1) / 2
                                             WHEN 'nps' THEN latest / 10
                                             WHEN 'open_tickets' THEN 1 - latest / 5
                                             WHEN 'seat_use' THEN latest
                                             WHEN 'past_due' THEN 1 - latest END AS value) AS v;

CREATE VIEW by_hand AS
SELECT name, health_composite(score, weight) AS score, health_coverage(score, weight) AS coverage
FROM measured GROUP BY name;
CREATE VIEW summed AS
SELECT name, score, previous_score, sum(points) AS points, sum(change) AS change
FROM scored CROSS JOIN health_driver_rows(drivers) GROUP BY name, score, previous_score;

DO $$
BEGIN
  ASSERT (SELECT count(*) = 6 AND bool_and(abs(s.score - h.score) < 1e-9 AND abs(s.coverage - h.coverage) < 1e-9)
          FROM scored AS s JOIN by_hand AS h USING (name)), 'the scorecard is the weighted mean of what is known';
  ASSERT (SELECT count(*) = 6 AND bool_and(abs(score - points) < 1e-9) FROM summed), 'points sum to the score';
  ASSERT (SELECT bool_and(abs(score - previous_score - change) < 1e-9) FROM summed WHERE previous_score IS NOT NULL),
         'changes sum to the change';
  ASSERT (SELECT bool_and(abs(score - (SELECT sum(value::float8) FROM jsonb_each_text(dimensions))) < 1e-9)
          FROM scored), 'dimensions sum to the score';
  ASSERT (SELECT coverage FROM scored WHERE name = 'Fir') = 0.5 AND (SELECT coverage FROM scored WHERE name = 'Alder') = 1,
         'coverage';
  ASSERT (SELECT reading IS NULL FROM part WHERE name = 'Birch' AND signal = 'csm_sentiment'), 'a reading of April is too old';
  ASSERT (SELECT bool_and((r).score = 20) FROM (
            SELECT name, health_report(activity + health_observation('csm_score', '2025-12-31', 20),
                                       (SELECT model FROM scorecard), '2026-01-01', seats) OVER () AS r
            FROM account JOIN account_activity USING (name)) AS o), 'the CSM sets the score';
END $$;
\echo 'Every score is the sum of its parts.'
