-- Parent accounts: a holding is scored on what its subsidiaries did together. Run it over the tables and views of views.sql,
-- those of the sample or your own:
--
--   psql -d yours -v ON_ERROR_STOP=1 -f examples/parents.sql
--   SELECT parent, children, arr, score_shown, band, main_risk, next_step FROM parent_health ORDER BY score;
--
-- Plain SQL that prints nothing and can be run again. Reads parent_accounts(account_id, parent), which says who belongs to
-- whom (where parents have parents, the topmost one), and subscriptions(account_id, started_on, ended_on, monthly); who
-- has no contracts takes a.arr and leaves the join out. Every night: REFRESH MATERIALIZED VIEW parent_activity.

BEGIN;
SET LOCAL client_min_messages = warning;

-- The children that pay on the day of the scoreboard.
CREATE OR REPLACE VIEW parent_children AS
SELECT p.parent, b.account_id, b.name, a.seats, 12 * s.monthly AS arr, b.score, b.band
FROM parent_accounts AS p
JOIN accounts AS a USING (account_id)
JOIN scoreboard AS b USING (account_id)
JOIN subscriptions AS s ON s.account_id = p.account_id AND daterange(s.started_on, s.ended_on) @> b.as_of;

-- Usage adds up, and a user of two children is one user: merge the activities. Refreshed after them, every night.
CREATE MATERIALIZED VIEW IF NOT EXISTS parent_activity AS
SELECT parent, coalesce(health_rollup(activity), '{}') AS activity
FROM parent_children LEFT JOIN account_activity USING (account_id) GROUP BY parent;

CREATE UNIQUE INDEX IF NOT EXISTS parent_activity_key ON parent_activity (parent);

-- A gauge does not add up. In the merged activity the latest reading is that of the child asked last, however small.
-- So each child's own latest reading is taken, weighted by ARR; coverage is the share of the ARR that was ever asked.
-- For both dates that a report compares: otherwise the trend would say that there was no reading before.
CREATE OR REPLACE VIEW parent_gauges AS
SELECT parent, as_of, nps, coverage, health_measure(p.activity, 'nps', as_of, 36500, 'last') AS nps_merged
FROM (SELECT c.parent, d.as_of, health_composite(nps, arr) AS nps, health_coverage(nps, arr) AS coverage
      FROM settings AS s
      CROSS JOIN LATERAL (VALUES (s.as_of), (s.as_of - 28)) AS d (as_of)  -- trend_days of the model
      CROSS JOIN parent_children AS c
      LEFT JOIN account_activity AS t USING (account_id)
      CROSS JOIN LATERAL (SELECT health_measure(t.activity, 'nps', d.as_of, 36500, 'last') AS nps) AS n
      GROUP BY c.parent, d.as_of) AS g
JOIN parent_activity AS p USING (parent);

-- One model, the sizes added up, parents compared with parents. What is capped or counted in days is measured on
-- the parent as a whole, and a cancel page that one child visited costs the parent as much as the child. What is composed
-- for a date is in force then, and no mean is taken over dates.
-- children_score is the other road: the children's own scores, weighted by ARR.
CREATE OR REPLACE VIEW parent_health AS
SELECT parent, children, seats, arr, children_score, nps, nps_coverage, (r).*
FROM (SELECT c.*, g.nps, g.nps_coverage,
             health_report(health_without(p.activity, '{nps}') + g.readings,
                           (SELECT model || '{"signals": {"nps": {"measure": "last"}}}' FROM health_models WHERE segment = 'mid'),
                           (SELECT as_of FROM settings),
                           c.seats) OVER () AS r
      FROM (SELECT parent, count(*)::int AS children, sum(seats)::int AS seats, sum(arr) AS arr,
                   health_composite(score, arr) AS children_score
            FROM parent_children GROUP BY parent) AS c
      JOIN parent_activity AS p USING (parent)
      JOIN (SELECT parent, health_rollup(health_observation('nps', g.as_of - 1, nps)) AS readings,
                   max(nps) FILTER (WHERE g.as_of = s.as_of) AS nps,
                   max(coverage) FILTER (WHERE g.as_of = s.as_of) AS nps_coverage
            FROM parent_gauges AS g CROSS JOIN settings AS s GROUP BY parent) AS g USING (parent)) AS scored;

COMMIT;

ANALYZE parent_activity;
