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

-- What the product sees: logins a day, which changed on some day.
CREATE TABLE usage (name text NOT NULL REFERENCES account, day date NOT NULL, logins int NOT NULL);
INSERT INTO usage
SELECT name, day, logins
FROM (VALUES ('Alder', 60, date '2025-12-04', 60), ('Birch', 14, '2025-12-04', 5), ('Cedar', 30, '2025-12-15', 0),
             ('Dogwood', 9, '2025-12-04', 12), ('Elm', 24, '2025-12-04', 22), ('Fir', 10, '2025-12-04', 10))
       AS v (name, before, since, after)
     CROSS JOIN generate_series(0, 183) AS n
     CROSS JOIN LATERAL (SELECT date '2025-07-01' + n AS day) AS d
     CROSS JOIN LATERAL (SELECT CASE WHEN day < since THEN before ELSE after END AS logins) AS l
WHERE logins > 0;

-- What people and the billing say: a reading now and then. Some are old, some accounts were never asked.
CREATE TABLE reading (name text REFERENCES account, day date, measure text, value float8 NOT NULL);
INSERT INTO reading VALUES
  ('Alder', '2025-10-02', 'nps', 9), ('Alder', '2025-11-20', 'qbr_outcome', 1),
  ('Alder', '2025-12-10', 'csm_sentiment', 9), ('Alder', '2025-12-31', 'open_tickets', 1),
  ('Alder', '2025-12-31', 'seat_use', 0.95),
  ('Alder', '2025-12-31', 'past_due', 0),
  ('Birch', '2025-04-15', 'csm_sentiment', 3), ('Birch', '2025-05-05', 'qbr_outcome', -1),  -- nobody has called since
  ('Birch', '2025-12-31', 'open_tickets', 0), ('Birch', '2025-12-31', 'seat_use', 0.5),
  ('Birch', '2025-12-31', 'past_due', 0),
  ('Cedar', '2025-09-15', 'nps', 10), ('Cedar', '2025-12-01', 'csm_sentiment', 8),
  ('Cedar', '2025-12-31', 'open_tickets', 0), ('Cedar', '2025-12-31', 'seat_use', 0.1), ('Cedar', '2025-12-31', 'past_due', 0),
  ('Dogwood', '2025-11-15', 'nps', 4), ('Dogwood', '2025-11-30', 'open_tickets', 1),
  ('Dogwood', '2025-12-12', 'csm_sentiment', 7), ('Dogwood', '2025-12-31', 'open_tickets', 6),
  ('Dogwood', '2025-12-31', 'seat_use', 0.75), ('Dogwood', '2025-12-31', 'past_due', 0),
  ('Elm', '2025-11-01', 'past_due', 0), ('Elm', '2025-12-05', 'nps', 7), ('Elm', '2025-12-05', 'qbr_outcome', 0),
  ('Elm', '2025-12-18', 'csm_sentiment', 6), ('Elm', '2025-12-20', 'past_due', 1),
  ('Elm', '2025-12-31', 'open_tickets', 2), ('Elm', '2025-12-31', 'seat_use', 0.7),
  ('Fir', '2025-12-31', 'past_due', 0);

-- ---------------------------------------------------------------- one activity per account

CREATE TABLE account_activity AS
SELECT name, health_rollup(part) AS activity
FROM (SELECT name, health_daily('login', day, logins, NULL) AS part FROM usage GROUP BY name
      UNION ALL
      SELECT name, health_activity(measure, day, value) FROM reading GROUP BY name) AS parts
GROUP BY name;

-- ---------------------------------------------------------------- first road: adjustments of one model

-- Logins make the engagement, 0 to 100. Every other line moves it by weight * (latest reading - neutral), at most by
-- max_points. "window_days": null keeps a reading alive until the next one; how many seats were used in spring says
-- nothing today, so that expires.
CREATE TABLE scorecard (model health_model);
INSERT INTO scorecard VALUES ('{
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
                 "text": "Payment past due", "dimension": "commercial", "next_step": "Ask billing to call"}}}');

CREATE VIEW adjusted AS
SELECT name, (r).*
FROM (SELECT name, health_report(activity, (SELECT model FROM scorecard), '2026-01-01', seats) OVER () AS r
      FROM account JOIN account_activity USING (name)) AS scored;

\echo 'One model: engagement, moved by what people and the billing say.'
SELECT name, score_shown AS score, band, reason FROM adjusted ORDER BY adjusted.score;

\echo 'Where the points come from.'
SELECT name, max(points) FILTER (WHERE signal = 'login') AS logins,
       max(points) FILTER (WHERE signal = 'csm_sentiment') AS csm,
       max(points) FILTER (WHERE signal = 'qbr_outcome') AS qbr,
       max(points) FILTER (WHERE signal = 'nps') AS nps,
       max(points) FILTER (WHERE signal = 'open_tickets') AS tickets,
       max(points) FILTER (WHERE signal = 'seat_use') AS seats,
       max(points) FILTER (WHERE signal = 'past_due') AS payment,
       round(score::numeric, 1) AS score
FROM (SELECT name, score, signal, round(points::numeric, 1) AS points
      FROM adjusted CROSS JOIN health_driver_rows(drivers)) AS d
GROUP BY name, d.score ORDER BY d.score;

-- ---------------------------------------------------------------- second road: a weighted mean of measures

CREATE TABLE weight (measure text PRIMARY KEY, weight float8 NOT NULL);
INSERT INTO weight VALUES
  ('engagement', 40), ('csm_sentiment', 15), ('qbr_outcome', 10), ('nps', 10), ('open_tickets', 5), ('seat_use', 10),
  ('past_due', 10);

CREATE VIEW engagement AS
SELECT name, activity, health_score(activity, '{"half_life_days": 30, "signals": {"login": 1}}', '2026-01-01', seats)
                         OVER () AS engagement
FROM account JOIN account_activity USING (name);

-- Every measure on a scale from 0 to 100, from its latest reading. What nobody measured is NULL: it is left out, not
-- counted as 0.
CREATE VIEW measured AS
SELECT name, measure, weight,
       CASE measure WHEN 'engagement' THEN engagement
                    WHEN 'csm_sentiment' THEN 100 * (value - 1) / 9                                -- 1 to 10
                    WHEN 'qbr_outcome' THEN 50 * (value + 1)                                       -- -1, 0 or 1
                    WHEN 'nps' THEN 10 * value                                                     -- 0 to 10
                    WHEN 'open_tickets' THEN 100 / (1 + value)                                     -- 0, 1, 2 ...
                    WHEN 'seat_use' THEN 100 * value                                               -- a share
                    WHEN 'past_due' THEN 100 * (1 - value) END AS score
FROM engagement CROSS JOIN weight
     CROSS JOIN LATERAL (SELECT CASE WHEN measure IN ('open_tickets', 'seat_use') THEN 30 ELSE 36500 END AS days) AS d
     CROSS JOIN LATERAL (SELECT health_measure(activity, measure, '2026-01-01', days, 'last') AS value) AS v;

-- A measure's share of the composite is its weight among those that are there: the shares sum to it.
CREATE VIEW composite AS
SELECT name, health_composite(score, weight) AS score, health_coverage(score, weight) AS coverage,
       health_drivers(measure, share) AS drivers
FROM (SELECT *, score * weight / sum(weight) FILTER (WHERE score IS NOT NULL) OVER (PARTITION BY name) AS share
      FROM measured) AS s
GROUP BY name;

\echo 'A weighted mean: how good, and how much of it we know.'
SELECT name, floor(score) AS score, health_band(score) AS band, round(100 * coverage) AS "coverage %",
       health_explain(score, NULL, drivers) AS explanation
FROM composite ORDER BY composite.score;

\echo 'What we do not know.'
SELECT name, string_agg(measure, ', ' ORDER BY measure) AS missing
FROM measured WHERE score IS NULL GROUP BY name ORDER BY name;

-- ---------------------------------------------------------------- proof

CREATE VIEW adjusted_points AS
SELECT name, score, sum(points) AS points FROM adjusted CROSS JOIN health_driver_rows(drivers) GROUP BY name, score;
CREATE VIEW composite_points AS
SELECT name, score, sum(points) AS points FROM composite CROSS JOIN health_driver_rows(drivers) GROUP BY name, score;
CREATE VIEW by_hand AS
SELECT name, sum(score * weight) / sum(weight) AS score, sum(weight) / 100 AS coverage
FROM measured WHERE score IS NOT NULL GROUP BY name;

DO $$
BEGIN
  ASSERT (SELECT count(*) = 6 AND bool_and(abs(score - points) < 1e-9) FROM adjusted_points), 'points sum to the score';
  ASSERT (SELECT bool_and(abs(score - (SELECT sum(value::float8) FROM jsonb_each_text(dimensions))) < 1e-9)
          FROM adjusted), 'dimensions sum to the score';
  ASSERT (SELECT points FROM adjusted CROSS JOIN health_driver_rows(drivers)
          WHERE name = 'Birch' AND signal = 'csm_sentiment') = 3 * (3 - 6), 'a reading of April still counts';
  ASSERT (SELECT main_risk_signal = 'past_due' AND next_step = 'Ask billing to call' FROM adjusted WHERE name = 'Elm'),
         'a late payment is the risk, and the model says what to do';
  ASSERT (SELECT count(*) = 6 AND bool_and(abs(c.score - h.score) < 1e-9 AND abs(c.coverage - h.coverage) < 1e-9)
          FROM composite AS c JOIN by_hand AS h USING (name)), 'the composite is the weighted mean of what is known';
  ASSERT (SELECT count(*) = 6 AND bool_and(abs(score - points) < 1e-9) FROM composite_points),
         'drivers sum to the composite';
  ASSERT (SELECT coverage FROM composite WHERE name = 'Fir') = 0.5
         AND (SELECT coverage FROM composite WHERE name = 'Alder') = 1, 'coverage';
END $$;
\echo 'Every score is the sum of its parts.'
