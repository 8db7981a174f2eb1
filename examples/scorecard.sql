-- A customer success scorecard: what the product sees, and what people and the billing say, in one score of an account.
-- A weighted mean of measures, in which what nobody measured is left out and the report says how much was there.
--
--   createdb demo
--   psql -d demo -v ON_ERROR_STOP=1 -f examples/scorecard.sql
--
-- In a database of its own: it makes six accounts and what is known of them, and prints their scores. Copy the model and what
-- follows it. Nothing here reads the clock: scores are for 2026-01-01.
\set QUIET on
\pset footer off
SET client_min_messages = warning;
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

-- ---------------------------------------------------------------- the scorecard

-- Logins are compared with the other accounts, 0 to 100, and weigh 40. Every other line is a measure of its own: its
-- latest reading, mapped to 0..1 by a scale, or by out_of, the best value. A reading counts for as long as its window;
-- how many seats were used in spring says nothing today. A cancel page takes points from the mean, and a CSM who knows
-- better sets the score for a month.
CREATE TABLE scorecard (model health_model);
INSERT INTO scorecard VALUES ('{
  "name": "scorecard", "version": "1", "combine": "mean", "usage_weight": 40, "half_life_days": 30, "min_population": 5,
  "signals": {
    "login": {"weight": 1, "label": "Logins", "dimension": "engagement"},
    "seat_use": {"weight": 10, "measure": "last", "out_of": 1, "window_days": 30,
                 "label": "Seat use", "dimension": "engagement"},
    "csm_sentiment": {"weight": 15, "measure": "last", "scale": [[1, 0], [10, 1]], "window_days": 180,
                      "label": "CSM sentiment", "dimension": "relationship", "next_step": "Talk to the sponsor"},
    "qbr_outcome": {"weight": 10, "measure": "last", "scale": [[-1, 0], [1, 1]], "window_days": 180,
                    "label": "Last QBR", "dimension": "relationship", "next_step": "Schedule a QBR"},
    "nps": {"weight": 10, "measure": "last", "out_of": 10, "window_days": 180,
            "label": "NPS rating", "dimension": "relationship"},
    "open_tickets": {"weight": 5, "measure": "last", "scale": [[0, 1], [5, 0]], "window_days": 30,
                     "label": "Open tickets", "dimension": "support", "next_step": "Review the open tickets"},
    "past_due": {"weight": 10, "measure": "last", "scale": [[0, 1], [1, 0]], "window_days": 180,
                 "label": "Payment", "dimension": "commercial", "next_step": "Ask billing to call"},
    "cancel_page_visited": {"weight": -25, "max_points": 50, "dimension": "commercial"},
    "csm_score": {"measure": "last", "set_score": true, "window_days": 30, "label": "the CSM"}}}');

CREATE VIEW scored AS
SELECT name, (r).*
FROM (SELECT name, health_report(activity, (SELECT model FROM scorecard), '2026-01-01', seats) OVER () AS r
      FROM account JOIN account_activity USING (name)) AS reported;

\echo 'How good, and how much of it we know.'
SELECT name, score_shown AS score, band, round(100 * coverage) AS "coverage %", reason
FROM scored ORDER BY scored.score;

\echo 'By dimension: points, which sum to the score.'
SELECT name, round((dimensions ->> 'engagement')::numeric) AS engagement,
       round((dimensions ->> 'relationship')::numeric) AS relationship, round((dimensions ->> 'support')::numeric) AS support,
       round((dimensions ->> 'commercial')::numeric) AS commercial, round(score::numeric) AS score
FROM scored ORDER BY scored.score;

-- Every measure of every account: what it gives, and what was read.
CREATE VIEW part AS
SELECT name, s.signal, points, recent AS reading
FROM scored CROSS JOIN scorecard AS c CROSS JOIN jsonb_each(c.model::jsonb -> 'signals') AS s (signal, options)
     LEFT JOIN LATERAL health_driver_rows(drivers) AS d ON d.signal = s.signal
WHERE options ->> 'measure' = 'last' AND options ? 'weight';

\echo 'What we do not know.'
SELECT name, string_agg(signal, ', ' ORDER BY signal) AS missing FROM part WHERE reading IS NULL GROUP BY name ORDER BY name;

\echo 'The CSM knows that the sponsor of Cedar has left: a reading sets the score, for 30 days.'
SELECT name, (r).score_shown AS score, (r).band, (r).reason
FROM (SELECT name, health_report(CASE name WHEN 'Cedar' THEN activity + health_observation('csm_score', '2025-12-31', 20)
                                           ELSE activity END,
                                 (SELECT model FROM scorecard), '2026-01-01', seats) OVER () AS r
      FROM account JOIN account_activity USING (name)) AS reported
WHERE name = 'Cedar';
