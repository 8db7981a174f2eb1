-- A customer success scorecard: what the product sees, and what people and the billing say, in one score of an account.
-- Built twice from the same activities: as adjustments of one model, and as a weighted mean of measures.
--
--   createdb demo
--   psql -d demo -v ON_ERROR_STOP=1 -f examples/scorecard.sql
--
-- Nothing here reads the clock: scores are for 2026-01-01.
\set QUIET on
\pset footer off
SET client_min_messages = warning;
SET plpgsql.check_asserts = on;
CREATE EXTENSION IF NOT EXISTS health_score;

-- ---------------------------------------------------------------- the sources

CREATE TABLE account (name text PRIMARY KEY, seats int NOT NULL);
INSERT INTO account VALUES ('Alder', 40), ('Birch', 10), ('Cedar', 25), ('Dogwood', 12), ('Elm', 30), ('Fir', 8);

-- What the product sees: logins a day, with the day they became fewer, or stopped.
CREATE TABLE usage (name text NOT NULL REFERENCES account, day date NOT NULL, logins int NOT NULL);
INSERT INTO usage
SELECT name, day::date, CASE WHEN day < since THEN before ELSE after END
FROM (VALUES ('Alder', 60, date '2025-12-04', 60), ('Birch', 14, '2025-12-04', 5), ('Cedar', 30, '2025-12-15', 0),
             ('Dogwood', 9, '2025-12-04', 12), ('Elm', 24, '2025-12-04', 22), ('Fir', 10, '2025-12-04', 10)) AS v (name, before, since, after)
     CROSS JOIN generate_series(timestamp '2025-07-01', '2025-12-31', '1 day') AS day
WHERE CASE WHEN day < since THEN before ELSE after END > 0;

-- What people and the billing say: a reading now and then. Some are old, some accounts were never asked.
CREATE TABLE reading (name text NOT NULL REFERENCES account, measure text NOT NULL, day date NOT NULL, value float8 NOT NULL);
INSERT INTO reading VALUES
  ('Alder', 'csm_sentiment', '2025-12-10', 9), ('Alder', 'qbr_outcome', '2025-11-20', 1), ('Alder', 'nps', '2025-10-02', 9),
  ('Alder', 'open_tickets', '2025-12-31', 1), ('Alder', 'seat_use', '2025-12-31', 0.95), ('Alder', 'past_due', '2025-12-31', 0),
  ('Birch', 'csm_sentiment', '2025-04-15', 3), ('Birch', 'qbr_outcome', '2025-05-05', -1),  -- nobody has talked to them since
  ('Birch', 'open_tickets', '2025-12-31', 0), ('Birch', 'seat_use', '2025-12-31', 0.5), ('Birch', 'past_due', '2025-12-31', 0),
  ('Cedar', 'csm_sentiment', '2025-12-01', 8), ('Cedar', 'nps', '2025-09-15', 10), ('Cedar', 'open_tickets', '2025-12-31', 0),
  ('Cedar', 'seat_use', '2025-12-31', 0.1), ('Cedar', 'past_due', '2025-12-31', 0),
  ('Dogwood', 'csm_sentiment', '2025-12-12', 7), ('Dogwood', 'nps', '2025-11-15', 4), ('Dogwood', 'open_tickets', '2025-11-30', 1),
  ('Dogwood', 'open_tickets', '2025-12-31', 6), ('Dogwood', 'seat_use', '2025-12-31', 0.75), ('Dogwood', 'past_due', '2025-12-31', 0),
  ('Elm', 'csm_sentiment', '2025-12-18', 6), ('Elm', 'qbr_outcome', '2025-12-05', 0), ('Elm', 'nps', '2025-12-05', 7), ('Elm', 'open_tickets', '2025-12-31', 2),
  ('Elm', 'seat_use', '2025-12-31', 0.7), ('Elm', 'past_due', '2025-11-01', 0), ('Elm', 'past_due', '2025-12-20', 1),
  ('Fir', 'past_due', '2025-12-31', 0);

-- ---------------------------------------------------------------- one activity per account

CREATE TABLE account_activity AS
SELECT name, health_rollup(part) AS activity
FROM (SELECT name, health_activity('login', day, logins, NULL) AS part FROM usage GROUP BY name
      UNION ALL
      SELECT name, health_activity(measure, day, value) FROM reading GROUP BY name) AS parts
GROUP BY name;

-- ---------------------------------------------------------------- first road: adjustments of one model

-- Logins make the engagement, 0 to 100. Every other line moves it by weight * (latest reading - neutral), at most by
-- max_points. "window_days": null keeps a reading alive until the next one; the seats of a month ago say nothing today.
CREATE TABLE scorecard AS SELECT '{
  "half_life_days": 30, "min_population": 5,
  "signals": {
    "login": {"weight": 1, "label": "Logins", "dimension": "engagement"},
    "csm_sentiment": {"weight": 3, "measure": "last", "neutral": 6, "max_points": 10, "window_days": null,
                      "label": "CSM sentiment", "dimension": "relationship", "next_step": "Talk to the sponsor"},
    "qbr_outcome": {"weight": 5, "measure": "last", "neutral": 0, "window_days": null,
                    "label": "Last QBR", "dimension": "relationship", "next_step": "Schedule a QBR"},
    "nps": {"weight": 2, "measure": "last", "neutral": 7, "max_points": 6, "window_days": null,
            "label": "NPS", "dimension": "relationship"},
    "open_tickets": {"weight": -2, "measure": "last", "max_points": 10, "window_days": 30,
                     "label": "Open tickets", "dimension": "support", "next_step": "Review the open tickets"},
    "seat_use": {"weight": 20, "measure": "last", "neutral": 0.6, "window_days": 30,
                 "label": "Seat use", "dimension": "engagement"},
    "past_due": {"weight": -20, "measure": "last", "window_days": null,
                 "text": "Payment past due", "dimension": "commercial", "next_step": "Ask billing to call"}}}'::health_model AS model;

CREATE VIEW adjusted AS
SELECT name, (r).*
FROM (SELECT name, health_report(activity, (SELECT model FROM scorecard), '2026-01-01', seats) OVER () AS r
      FROM account JOIN account_activity USING (name)) AS scored;

\echo 'One model: engagement, moved by what people and the billing say.'
SELECT name, floor(score) AS score, band, reason FROM adjusted ORDER BY score;

\echo 'Where the points come from.'
SELECT name, round(sum(points) FILTER (WHERE signal = 'login')::numeric, 1) AS logins, round(sum(points) FILTER (WHERE signal = 'csm_sentiment')::numeric, 1) AS csm,
       round(sum(points) FILTER (WHERE signal = 'qbr_outcome')::numeric, 1) AS qbr, round(sum(points) FILTER (WHERE signal = 'nps')::numeric, 1) AS nps,
       round(sum(points) FILTER (WHERE signal = 'open_tickets')::numeric, 1) AS tickets, round(sum(points) FILTER (WHERE signal = 'seat_use')::numeric, 1) AS seats,
       round(sum(points) FILTER (WHERE signal = 'past_due')::numeric, 1) AS payment, round(score::numeric, 1) AS score
FROM adjusted CROSS JOIN health_driver_rows(drivers) GROUP BY name, score ORDER BY score;

-- ---------------------------------------------------------------- second road: a weighted mean of measures

-- Every measure on a scale of its own from 0 to 100. What nobody measured is NULL: it is left out, not counted as 0.
CREATE TABLE weight (measure text PRIMARY KEY, weight float8 NOT NULL);
INSERT INTO weight VALUES ('engagement', 40), ('csm_sentiment', 15), ('qbr_outcome', 10), ('nps', 10), ('open_tickets', 5), ('seat_use', 10), ('past_due', 10);

CREATE VIEW measured AS
SELECT name, measure, weight, score
FROM (SELECT name, activity, health_score(activity, '{"half_life_days": 30, "signals": {"login": 1}}', '2026-01-01', seats) OVER () AS engagement
      FROM account JOIN account_activity USING (name)) AS a
     CROSS JOIN weight
     -- The latest reading, however old; of seats and tickets the latest of the last 30 days.
     CROSS JOIN LATERAL (SELECT health_measure(activity, measure, '2026-01-01', CASE WHEN measure IN ('open_tickets', 'seat_use') THEN 30 ELSE 36500 END,
                                               'last') AS value) AS v
     CROSS JOIN LATERAL (SELECT CASE measure WHEN 'engagement' THEN engagement
                                             WHEN 'csm_sentiment' THEN 100 * (value - 1) / 9   -- 1 to 10
                                             WHEN 'qbr_outcome' THEN 50 * (value + 1)          -- -1, 0 or 1
                                             WHEN 'nps' THEN 10 * value                        -- 0 to 10
                                             WHEN 'open_tickets' THEN greatest(0, 100 - 20 * value) + 0 * value  -- greatest() overlooks NULL
                                             WHEN 'seat_use' THEN 100 * value                  -- a share
                                             WHEN 'past_due' THEN 100 * (1 - value) END AS score) AS s;

-- Each measure shares in the composite by its weight among those that are there, so the drivers sum to it.
CREATE VIEW composite AS
SELECT name, score, coverage, drivers, health_band(score) AS band
FROM (SELECT name, health_composite(score, weight) AS score, health_coverage(score, weight) AS coverage, health_drivers(measure, share) AS drivers
      FROM (SELECT *, score * weight / sum(weight) FILTER (WHERE score IS NOT NULL) OVER (PARTITION BY name) AS share FROM measured) AS s
      GROUP BY name) AS c;

\echo 'A weighted mean: how good, and how much of it we know.'
SELECT name, floor(score) AS score, band, round(100 * coverage) AS "coverage %", health_explain(score, NULL, drivers) AS points FROM composite ORDER BY score;

\echo 'What we do not know.'
SELECT name, string_agg(measure, ', ' ORDER BY measure) AS missing FROM measured WHERE score IS NULL GROUP BY name ORDER BY name;

-- ---------------------------------------------------------------- proof

DO $$
BEGIN
  ASSERT (SELECT count(*) = 6 AND bool_and(abs(score - points) < 1e-9)
          FROM (SELECT name, score, sum(points) AS points FROM adjusted CROSS JOIN health_driver_rows(drivers) GROUP BY name, score) AS a),
         'points sum to the score';
  ASSERT (SELECT bool_and(abs(score - points) < 1e-9)
          FROM (SELECT name, score, (SELECT sum(value::float8) FROM jsonb_each_text(dimensions)) AS points FROM adjusted) AS a),
         'dimensions sum to the score';
  ASSERT (SELECT points FROM adjusted CROSS JOIN health_driver_rows(drivers) WHERE name = 'Birch' AND signal = 'csm_sentiment') = -9,
         'a reading of April still counts: 3 * (3 - 6)';
  ASSERT (SELECT main_risk_signal || ': ' || next_step FROM adjusted WHERE name = 'Elm') = 'past_due: Ask billing to call',
         'a late payment is the risk, and the model says what to do';
  ASSERT (SELECT bool_and(abs(c.score - m.score) < 1e-9 AND abs(coverage - known) < 1e-9)
          FROM composite AS c
               JOIN (SELECT name, sum(score * weight) / sum(weight) FILTER (WHERE score IS NOT NULL) AS score,
                            sum(weight) FILTER (WHERE score IS NOT NULL) / sum(weight) AS known FROM measured GROUP BY name) AS m USING (name)),
         'the composite is the weighted mean of what is known';
  ASSERT (SELECT bool_and(abs(score - points) < 1e-9)
          FROM (SELECT name, score, sum(points) AS points FROM composite CROSS JOIN health_driver_rows(drivers) GROUP BY name, score) AS a),
         'drivers sum to the composite';
  ASSERT (SELECT coverage FROM composite WHERE name = 'Fir') = 0.5 AND (SELECT coverage FROM composite WHERE name = 'Alder') = 1, 'coverage';
END $$;
\echo 'Every score is the sum of its parts.'
