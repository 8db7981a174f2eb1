-- The metrics of a portfolio beside its health scores: churn, ARPU, lifetime value, retention, activation, time to
-- value, parent accounts, and net revenue retention by the band that an account had when the quarter began.
--
--   createdb portfolio
--   psql -d portfolio -v ON_ERROR_STOP=1 -f examples/sample.sql -f examples/views.sql -f examples/portfolio.sql
--
-- Plain views over a few tables, most of all accounts and subscriptions, and the stored activities. Dates come from settings.as_of.
\set QUIET on
\pset footer off
SET client_min_messages = warning;
SET plpgsql.check_asserts = on;

BEGIN;

-- ---------------------------------------------------------------- the sources

-- What a metric means is a decision: here it is written down once.
CREATE TABLE portfolio_settings (
    gross_margin     numeric NOT NULL,
    activation_days  int NOT NULL,   -- activated: so many of the onboarding steps on the first days from the start
    activation_steps int NOT NULL,
    outcome          text NOT NULL,  -- what the customer bought the product for
    value_days       int NOT NULL
);
INSERT INTO portfolio_settings VALUES (0.8, 14, 3, 'form_published', 7);

CREATE TABLE onboarding_steps (signal text PRIMARY KEY);
INSERT INTO onboarding_steps VALUES ('admin_login'), ('report_viewed'), ('invite_sent'), ('form_published');

-- The last two full quarters before as_of. The cast to timestamp keeps the session's time zone out.
CREATE VIEW quarters AS
SELECT to_char(starts, 'YYYY "Q"Q') AS quarter, starts::date AS starts, (starts + interval '3 months')::date AS ends
FROM (SELECT date_trunc('quarter', (SELECT as_of FROM settings)::timestamp) - ago * interval '3 months' AS starts
      FROM generate_series(1, 2) AS ago) AS s;

-- Who pays how much from when to when: a new row at each change of the amount, half-open like every span of days here.
CREATE TABLE subscriptions (
    account_id text NOT NULL REFERENCES accounts,
    started_on date NOT NULL,
    ended_on   date,  -- the first day without it; NULL: it runs on
    monthly    numeric NOT NULL,
    PRIMARY KEY (account_id, started_on),
    CHECK (ended_on > started_on)
);

-- Made up from the sample. Some accounts tried the product for years and began to pay in the last two quarters. Who
-- used it little leaves or shrinks more often: what is found by band below shows the road and is no evidence.
CREATE FUNCTION pg_temp.draw(text) RETURNS int LANGUAGE sql IMMUTABLE AS
$$ SELECT ('x' || left(md5($1), 6))::bit(24)::int % 100 $$;

INSERT INTO subscriptions
WITH starters AS (
    SELECT a.account_id, a.arr,
           CASE WHEN account_id > 'A010' AND segment <> 'enterprise' AND pg_temp.draw(account_id || ' starts') < 16
                THEN h.starts + pg_temp.draw(account_id || ' when') * (h.ends - h.starts) / 100
                ELSE created_on END AS started_on,
           percent_rank() OVER (PARTITION BY segment
                                ORDER BY coalesce(health_measure(activity, 'login', h.ends, 180), 0) / seats) AS usage
    FROM accounts AS a
    LEFT JOIN account_activity USING (account_id)
    CROSS JOIN (SELECT min(starts) AS starts, max(ends) AS ends FROM quarters) AS h
), drawn AS (  -- contracts change on the first of a month; the sample's ten stories keep theirs
    SELECT s.*, (q.starts + make_interval(months => 1 + pg_temp.draw(account_id || quarter || ' on') % 3))::date AS day,
           CASE WHEN draw < 10 * (1 - usage) THEN 'churn'
                WHEN draw BETWEEN 20 AND 20 + 12 * (1 - usage) THEN 'contraction'
                WHEN draw BETWEEN 40 AND 40 + 25 * usage THEN 'expansion' END AS kind
    FROM starters AS s
    CROSS JOIN quarters AS q
    CROSS JOIN LATERAL (SELECT pg_temp.draw(account_id || quarter) AS draw) AS d
    WHERE account_id > 'A010' AND q.starts > started_on
), steps AS (  -- before: how much the amount was, of what it is after
    SELECT account_id, arr, started_on AS day, 'start' AS kind, 1 AS before FROM starters
    UNION ALL
    SELECT account_id, arr, day, kind, CASE kind WHEN 'expansion' THEN 0.8 WHEN 'contraction' THEN 1.25 ELSE 1 END
    FROM (SELECT *, lag(kind) OVER (PARTITION BY account_id ORDER BY day) AS previous FROM drawn) AS d
    WHERE kind IS NOT NULL AND previous IS DISTINCT FROM 'churn'
)
SELECT account_id, day, ended_on, round(monthly, 2)
FROM (SELECT account_id, kind, day, lead(day) OVER w AS ended_on,
             arr / 12 * coalesce(lead(before) OVER w, 1) * coalesce(lead(before, 2) OVER w, 1) AS monthly
      FROM steps WINDOW w AS (PARTITION BY account_id ORDER BY day)) AS s
WHERE kind <> 'churn'
ORDER BY account_id, day;

DROP FUNCTION pg_temp.draw(text);

-- Some accounts belong to a parent: five each.
CREATE TABLE parent_accounts (
    account_id text PRIMARY KEY REFERENCES accounts,
    parent     text NOT NULL
);
INSERT INTO parent_accounts
SELECT account_id, first_value(name) OVER (PARTITION BY n / 5 ORDER BY account_id) || ' Holding'
FROM (SELECT account_id, name, substr(account_id, 2)::int AS n FROM accounts) AS a
WHERE n BETWEEN 10 AND 299 AND n / 5 % 2 = 0;

-- ---------------------------------------------------------------- revenue: churn, ARPU, lifetime value, retention

CREATE FUNCTION net_retention(start numeric, expansion numeric, contraction numeric, churn numeric) RETURNS numeric
LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN (start + expansion - contraction - churn) / nullif(start, 0);

CREATE FUNCTION gross_retention(start numeric, contraction numeric, churn numeric) RETURNS numeric
LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN (start - contraction - churn) / nullif(start, 0);

-- Customer lifetime value: ARPU a quarter * gross margin / churn rate a quarter; 1 / churn rate is how many quarters an
-- account stays. NULL where nobody left.
CREATE FUNCTION lifetime_value(arpu numeric, gross_margin numeric, churn_rate numeric) RETURNS numeric
LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN arpu * gross_margin / nullif(churn_rate, 0);

-- One row per account and quarter: what it paid a month on the first day and on the first day after, and what that is.
-- Moves that cancel out within the quarter are not seen.
CREATE VIEW revenue_moves AS
SELECT quarter, starts, ends, account_id, segment, mrr_start, mrr_end,
       CASE WHEN mrr_start = 0 THEN mrr_end ELSE 0 END AS new,
       CASE WHEN mrr_start > 0 THEN greatest(mrr_end - mrr_start, 0) ELSE 0 END AS expansion,
       CASE WHEN mrr_end > 0 THEN greatest(mrr_start - mrr_end, 0) ELSE 0 END AS contraction,
       CASE WHEN mrr_end = 0 THEN mrr_start ELSE 0 END AS churn
FROM (SELECT q.*, account_id, segment,
             coalesce(sum(monthly) FILTER (WHERE daterange(started_on, ended_on) @> starts), 0) AS mrr_start,
             coalesce(sum(monthly) FILTER (WHERE daterange(started_on, ended_on) @> ends), 0) AS mrr_end
      FROM quarters AS q CROSS JOIN accounts JOIN subscriptions USING (account_id)
      GROUP BY quarter, starts, ends, account_id) AS m
WHERE mrr_start > 0 OR mrr_end > 0;

-- ARPU is a month's revenue per paying account.
CREATE VIEW portfolio_by_quarter AS
SELECT t.*, churned::numeric / nullif(accounts, 0) AS churn_rate, churn / nullif(mrr_start, 0) AS revenue_churn_rate,
       mrr_start / nullif(accounts, 0) AS arpu,
       lifetime_value(3 * mrr_start / nullif(accounts, 0), gross_margin, churned::numeric / nullif(accounts, 0)) AS clv,
       net_retention(mrr_start, expansion, contraction, churn) AS nrr,
       gross_retention(mrr_start, contraction, churn) AS grr
FROM (SELECT quarter, starts, count(*) FILTER (WHERE mrr_start > 0)::int AS accounts,
             count(*) FILTER (WHERE mrr_start > 0 AND mrr_end = 0)::int AS churned,
             count(*) FILTER (WHERE mrr_start > 0 AND mrr_end > 0)::int AS retained,
             count(*) FILTER (WHERE mrr_start = 0)::int AS added,
             sum(mrr_start) AS mrr_start, sum(new) AS new, sum(expansion) AS expansion,
             sum(contraction) AS contraction, sum(churn) AS churn, sum(mrr_end) AS mrr_end
      FROM revenue_moves GROUP BY quarter, starts) AS t
CROSS JOIN portfolio_settings;

-- Of the accounts that were there when the quarter began. Who came later can't lift it.
CREATE VIEW retention_by_segment AS
SELECT quarter, segment, count(*)::int AS accounts, count(*) FILTER (WHERE mrr_end > 0)::int AS retained,
       sum(mrr_start) AS mrr_start, avg((mrr_end > 0)::int) AS logo_retention,
       net_retention(sum(mrr_start), sum(expansion), sum(contraction), sum(churn)) AS nrr,
       gross_retention(sum(mrr_start), sum(contraction), sum(churn)) AS grr
FROM revenue_moves WHERE mrr_start > 0 GROUP BY quarter, segment;

-- ---------------------------------------------------------------- retention by health

-- The score of a quarter's first day, among the same accounts as in account_health: an as_of in the past sees no later
-- event. A quarter that began before the events did has no scores; they would all be 0.
CREATE VIEW quarter_scores AS
SELECT quarter, starts, account_id, score, health_band(score, model) AS band
FROM (SELECT q.quarter, q.starts, a.account_id, m.model,
             health_score(coalesce(t.activity, '{}'), m.model, q.starts, a.seats, a.created_on)
                 OVER (PARTITION BY a.segment, q.starts) AS score
      FROM quarters AS q
      CROSS JOIN accounts AS a
      JOIN health_models AS m USING (segment)
      LEFT JOIN account_activity AS t USING (account_id)
      WHERE q.starts > (SELECT min(health_first_day(activity)) FROM account_activity)) AS scored;

CREATE VIEW retention_by_band AS
SELECT quarter, coalesce(band, 'not scored') AS band, count(*)::int AS accounts,
       count(*) FILTER (WHERE mrr_end > 0)::int AS retained,
       sum(mrr_start) AS mrr_start, sum(expansion) AS expansion, sum(contraction) AS contraction, sum(churn) AS churn,
       avg((mrr_end > 0)::int) AS logo_retention,
       net_retention(sum(mrr_start), sum(expansion), sum(contraction), sum(churn)) AS nrr,
       gross_retention(sum(mrr_start), sum(contraction), sum(churn)) AS grr
FROM revenue_moves LEFT JOIN quarter_scores USING (quarter, account_id)
WHERE mrr_start > 0
GROUP BY quarter, coalesce(band, 'not scored');

-- ---------------------------------------------------------------- activation, time to value

-- Day 0 is the day of the start, so the first 7 days are 0 to 6. health_trim drops the days of the trial: what counts
-- is the first time since the start. Who started before the events did can't be judged.
CREATE VIEW onboarding AS
SELECT q.quarter, f.account_id, f.started_on, s.as_of - f.started_on AS observed_days,
       (SELECT count(*) FROM onboarding_steps AS o
        WHERE health_first_day(since, o.signal) < least(f.started_on + p.activation_days, s.as_of))::int AS steps,
       CASE WHEN health_first_day(since, p.outcome) < s.as_of
            THEN health_first_day(since, p.outcome) - f.started_on END AS days_to_value
FROM (SELECT account_id, min(started_on) AS started_on FROM subscriptions GROUP BY account_id) AS f
JOIN quarters AS q ON f.started_on >= q.starts AND f.started_on < q.ends
LEFT JOIN account_activity AS t USING (account_id)
CROSS JOIN LATERAL (SELECT health_trim(t.activity, f.started_on) AS since) AS a
CROSS JOIN portfolio_settings AS p
CROSS JOIN settings AS s
WHERE f.started_on >= (SELECT min(health_first_day(activity)) FROM account_activity);

-- Who started less than activation_days ago is too new to be judged. The median counts those who are not there yet as
-- later than the others; it is NULL if that is half of them.
CREATE VIEW activation AS
SELECT quarter, count(*) FILTER (WHERE judged)::int AS accounts, count(*) FILTER (WHERE NOT judged)::int AS too_new,
       count(*) FILTER (WHERE judged AND activated)::int AS activated,
       avg(activated::int) FILTER (WHERE judged) AS activation_rate,
       count(*) FILTER (WHERE judged AND days < value_days)::int AS in_time,
       avg((days < value_days)::int) FILTER (WHERE judged) AS in_time_rate,
       nullif(percentile_disc(0.5) WITHIN GROUP (ORDER BY days) FILTER (WHERE judged), activation_days) AS median_days
FROM onboarding
CROSS JOIN portfolio_settings
CROSS JOIN LATERAL (SELECT observed_days >= greatest(activation_days, value_days) AS judged,
                           steps >= activation_steps AS activated,
                           least(coalesce(days_to_value, activation_days), activation_days) AS days) AS j
GROUP BY quarter, activation_days;

-- ---------------------------------------------------------------- parent accounts

-- The children that pay on the day of the scoreboard.
CREATE VIEW parent_children AS
SELECT p.parent, b.account_id, b.name, a.seats, 12 * s.monthly AS arr, b.score, b.band
FROM parent_accounts AS p
JOIN accounts AS a USING (account_id)
JOIN scoreboard AS b USING (account_id)
JOIN subscriptions AS s ON s.account_id = p.account_id AND daterange(s.started_on, s.ended_on) @> b.as_of;

-- Usage adds up, and a user of two children is one user: merge the activities.
CREATE TABLE parent_activity (
    parent   text PRIMARY KEY,
    activity health_activity NOT NULL
);
INSERT INTO parent_activity
SELECT parent, health_rollup(activity) FROM parent_children JOIN account_activity USING (account_id) GROUP BY parent;

-- A gauge does not add up. In the merged activity the latest reading is that of the child asked last, however small.
-- So each child's own latest reading is taken, weighted by ARR; coverage is the share of the ARR that was ever asked.
-- For both dates that a report compares: otherwise the trend would say that there was no reading before.
CREATE VIEW parent_gauges AS
SELECT c.parent, d.as_of, health_composite(nps, arr) AS nps, health_coverage(nps, arr) AS coverage,
       health_measure(p.activity, 'nps', d.as_of, 36500, 'last') AS nps_merged
FROM settings AS s
CROSS JOIN LATERAL (VALUES (s.as_of), (s.as_of - 28)) AS d (as_of)  -- trend_days of the model
CROSS JOIN parent_children AS c
JOIN parent_activity AS p USING (parent)
LEFT JOIN account_activity AS t USING (account_id)
CROSS JOIN LATERAL (SELECT health_measure(t.activity, 'nps', d.as_of, 36500, 'last') AS nps) AS n
GROUP BY c.parent, d.as_of, p.parent;

-- One model, the sizes added up, parents compared with parents. What is capped or counted in days is measured on
-- the parent as a whole, and a cancel page that one child visited costs the parent as much as the child. What is composed
-- for a date is in force then, and no mean is taken over dates.
-- children_score is the other road: the children's own scores, weighted by ARR.
CREATE VIEW parent_health AS
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

-- Nobody analyzes a table of one row unless asked; without statistics the planner takes it for a big one.
ANALYZE settings, portfolio_settings, onboarding_steps, health_models, account_activity, subscriptions, parent_accounts,
        parent_activity;

-- ---------------------------------------------------------------- what it says

\echo 'Two quarters.'
SELECT quarter, accounts, churned, added, mrr_start, new, expansion, contraction, churn, mrr_end
FROM portfolio_by_quarter ORDER BY starts;
SELECT quarter, round(100 * churn_rate, 1) AS "churn %", round(100 * revenue_churn_rate, 1) AS "revenue churn %",
       round(arpu) AS "ARPU", round(clv) AS "CLV", round(100 * nrr, 1) AS "NRR %", round(100 * grr, 1) AS "GRR %"
FROM portfolio_by_quarter ORDER BY starts;

\echo 'Who stayed, by segment.'
SELECT quarter, segment, accounts, retained, round(100 * logo_retention, 1) AS "retained %",
       round(100 * nrr, 1) AS "NRR %", round(100 * grr, 1) AS "GRR %"
FROM retention_by_segment ORDER BY quarter, segment;

\echo 'Who stayed, by the band of the first day. The events begin after the first quarter did.'
SELECT quarter, band, accounts, retained, mrr_start, expansion, contraction, churn, round(100 * nrr, 1) AS "NRR %",
       round(100 * grr, 1) AS "GRR %"
FROM retention_by_band ORDER BY quarter, grr;

\echo 'How new customers arrive: three of four steps in 14 days, a first form in 7.'
SELECT quarter, accounts, too_new, activated, round(100 * activation_rate) AS "activated %", in_time,
       round(100 * in_time_rate) AS "in time %", median_days
FROM activation ORDER BY quarter;

\echo 'Parent accounts, the weakest first: scored on what their children did together.'
SELECT parent, children, seats, round(arr) AS arr, score_shown AS score, band, floor(children_score) AS "of children",
       coalesce(main_risk, 'none') AS main_risk
FROM parent_health ORDER BY parent_health.score, parent LIMIT 6;

\echo 'Why gauges are composed: NPS of the merged activity is that of the child asked last.'
SELECT g.parent, round(g.nps_merged::numeric, 1) AS merged, round(g.nps::numeric, 1) AS composed,
       round(100 * g.coverage) AS "heard % of ARR"
FROM parent_gauges AS g JOIN settings USING (as_of)
ORDER BY abs(g.nps_merged - g.nps) DESC NULLS LAST, g.parent LIMIT 4;
SELECT c.name, round(c.arr) AS arr, last.day AS asked_on, last.value / last.value_count AS nps
FROM (SELECT parent FROM parent_gauges JOIN settings USING (as_of)
      ORDER BY abs(nps_merged - nps) DESC NULLS LAST, parent LIMIT 1) AS g
JOIN parent_children AS c USING (parent)
LEFT JOIN account_activity AS t USING (account_id)
LEFT JOIN LATERAL (SELECT * FROM health_cells(t.activity)
                   WHERE signal = 'nps' ORDER BY day DESC LIMIT 1) AS last ON true
ORDER BY last.day DESC NULLS LAST, c.name;

-- ---------------------------------------------------------------- proof

-- Formulas on numbers that can be done in the head.
DO $$ BEGIN
  ASSERT net_retention(100, 20, 5, 5) = 1.10, 'net retention';
  ASSERT gross_retention(100, 5, 5) = 0.90, 'gross retention';
  ASSERT lifetime_value(100, 0.8, 0.05) = 1600, 'lifetime value';
  ASSERT net_retention(0, 20, 0, 0) IS NULL, 'nothing to retain';
END $$;

-- The subscriptions are a contract history, and every account that is there at the start is churned or retained.
DO $$ BEGIN
  ASSERT NOT EXISTS (SELECT FROM subscriptions AS a JOIN subscriptions AS b USING (account_id)
                     WHERE a.started_on < b.started_on AND coalesce(a.ended_on > b.started_on, true)), 'no overlap';
  ASSERT (SELECT bool_and(12 * monthly = arr) FROM subscriptions JOIN accounts USING (account_id)
          WHERE ended_on IS NULL), 'who pays today pays the ARR of the account';
  ASSERT (SELECT count(*) = 2 AND bool_and(churned > 0 AND expansion > 0 AND contraction > 0 AND new > 0)
          FROM portfolio_by_quarter), 'two quarters with every kind of move';
  ASSERT (SELECT bool_and(churned + retained = accounts) FROM portfolio_by_quarter), 'churned or retained';
  ASSERT (SELECT bool_and(retained + added = (SELECT count(DISTINCT account_id) FROM subscriptions
                                              WHERE started_on <= ends AND (ended_on IS NULL OR ended_on > ends)))
          FROM portfolio_by_quarter JOIN quarters USING (quarter)), 'retained and added are there at the end';
  ASSERT (SELECT bool_and(abs(churn_rate * accounts - churned) < 1e-9 AND abs(arpu * accounts - mrr_start) < 1e-9
                          AND abs(revenue_churn_rate * mrr_start - churn) < 1e-9
                          AND abs(clv - 3 * 0.8 * mrr_start / churned) < 1e-6)
          FROM portfolio_by_quarter), 'rates by hand';
  ASSERT (SELECT bool_and(mrr_start + new + expansion - contraction - churn = mrr_end) FROM portfolio_by_quarter),
         'the moves lead from the start to the end';
  ASSERT (SELECT bool_and(mrr_start = (SELECT sum(monthly) FROM subscriptions
                                   WHERE started_on <= starts AND (ended_on IS NULL OR ended_on > starts)))
          FROM portfolio_by_quarter), 'the start is what runs that day';
  ASSERT (SELECT bool_and(mrr_end = following) FROM (
            SELECT mrr_end, lead(mrr_start) OVER (ORDER BY starts) AS following FROM portfolio_by_quarter) AS f
          WHERE following IS NOT NULL), 'a quarter ends where the next one starts';
  ASSERT (SELECT bool_and(churned = (SELECT count(*)
                                     FROM (SELECT max(coalesce(ended_on, 'infinity')) AS gone
                                           FROM subscriptions GROUP BY account_id) AS g
                                     WHERE gone > q.starts AND gone <= q.ends))
          FROM portfolio_by_quarter JOIN quarters AS q USING (quarter)), 'churned: the last contract ended';
  ASSERT (SELECT count(*) = 2 AND bool_and((t.accounts, t.retained, t.mrr_start) = (s.accounts, s.retained, s.mrr_start)
                                           AND abs(t.retained - s.stayed) < 1e-9 AND abs(t.nrr - s.nrr) < 1e-9)
          FROM portfolio_by_quarter AS t
          JOIN (SELECT quarter, sum(accounts) AS accounts, sum(retained) AS retained, sum(mrr_start) AS mrr_start,
                       sum(accounts * logo_retention) AS stayed, sum(mrr_start * nrr) / sum(mrr_start) AS nrr
                FROM retention_by_segment GROUP BY quarter) AS s USING (quarter)), 'segments add up';
END $$;

-- Bands add up to the portfolio, and the only quarter with events before it has all three.
DO $$ BEGIN
  ASSERT (SELECT count(*) = 2 AND bool_and(
                   (t.accounts, t.retained, t.mrr_start, t.expansion, t.contraction, t.churn, t.nrr, t.grr)
                   = (b.accounts, b.retained, b.mrr_start, b.expansion, b.contraction, b.churn,
                      net_retention(b.mrr_start, b.expansion, b.contraction, b.churn),
                      gross_retention(b.mrr_start, b.contraction, b.churn)))
          FROM portfolio_by_quarter AS t
          JOIN (SELECT quarter, sum(accounts) AS accounts, sum(retained) AS retained, sum(mrr_start) AS mrr_start,
                       sum(expansion) AS expansion, sum(contraction) AS contraction, sum(churn) AS churn
                FROM retention_by_band GROUP BY quarter) AS b USING (quarter)), 'bands add up';
  ASSERT (SELECT array_agg(band ORDER BY quarter, band)
                 = ARRAY['not scored', 'green', 'red', 'yellow'] FROM retention_by_band), 'bands';
END $$;

-- The past does not see later events: with the later days cut off, and with activities built from the earlier events
-- alone, the scores stay what they are. (health_splice with an empty tail cuts the end, as health_trim cuts the start.)
DO $$
DECLARE past date := (SELECT max(starts) FROM quarters);
BEGIN
  CREATE TEMPORARY TABLE past_activity AS
  SELECT e.account_id, health_activity(s.signal, e.occurred_at, s.value) AS activity
  FROM events AS e
  CROSS JOIN LATERAL (VALUES (e.event, e.value), ('user:' || e.user_id, NULL)) AS s (signal, value)
  WHERE e.occurred_at < health_day_start(past)
  GROUP BY e.account_id;
  ASSERT (SELECT count(*) FROM events WHERE occurred_at >= health_day_start(past)) > 100000, 'there are later events';
  ASSERT NOT EXISTS (SELECT FROM account_activity AS t LEFT JOIN past_activity AS p USING (account_id)
                     WHERE health_splice(t.activity, '{}', past) <> coalesce(p.activity, '{}')), 'cut is never seen';
  ASSERT (SELECT count(*) = 300 AND bool_and(q.score = s.score AND (q.band = 'red') = (s.score < 50)
                                             AND (q.band = 'green') = (s.score >= 80))
          FROM quarter_scores AS q
          JOIN (SELECT a.account_id, health_score(coalesce(p.activity, '{}'), model, past, a.seats, a.created_on)
                                         OVER (PARTITION BY a.segment) AS score
                FROM accounts AS a JOIN health_models USING (segment) LEFT JOIN past_activity AS p USING (account_id)) AS s
            USING (account_id)), 'the past does not see later events';
  ASSERT (SELECT count(*) FILTER (WHERE q.score <> b.score) > 200
          FROM quarter_scores AS q JOIN scoreboard AS b USING (account_id)), 'it is another score than that of today';
  DROP TABLE past_activity;
END $$;

-- Activation and time to value from the events, without the extension.
DO $$ BEGIN
  CREATE TEMPORARY TABLE first_event AS
  SELECT account_id, started_on, event, min((occurred_at AT TIME ZONE 'UTC')::date) - started_on AS days
  FROM onboarding JOIN events USING (account_id)
  WHERE (occurred_at AT TIME ZONE 'UTC')::date >= started_on
  GROUP BY account_id, started_on, event;
  ASSERT (SELECT count(*) > 20 AND count(DISTINCT steps) >= 4 FROM onboarding), 'there are starters of every kind';
  ASSERT (SELECT bool_and(o.steps = (SELECT count(*) FROM first_event AS e
                                     WHERE e.account_id = o.account_id AND e.days < 14
                                           AND e.event IN ('admin_login', 'report_viewed', 'invite_sent',
                                                           'form_published'))
                          AND o.days_to_value IS NOT DISTINCT FROM (SELECT days FROM first_event AS e
                                     WHERE e.account_id = o.account_id AND e.event = 'form_published'))
          FROM onboarding AS o), 'onboarding equals plain SQL';
  ASSERT NOT EXISTS (
    SELECT quarter, accounts, activated, round(activation_rate * accounts, 6), in_time,
           round(in_time_rate * accounts, 6), median_days
    FROM activation
    EXCEPT
    SELECT quarter, count(*), count(*) FILTER (WHERE done >= 3), count(*) FILTER (WHERE done >= 3),
           count(*) FILTER (WHERE form < 7), count(*) FILTER (WHERE form < 7),
           (array_agg(CASE WHEN form < 14 THEN form END ORDER BY form NULLS LAST))[(count(*) + 1) / 2]
    FROM (SELECT q.quarter, f.account_id,
                 count(*) FILTER (WHERE days < 14 AND event IN ('admin_login', 'report_viewed', 'invite_sent',
                                                                'form_published')) AS done,
                 min(days) FILTER (WHERE event = 'form_published') AS form
          FROM (SELECT account_id, min(started_on) AS first FROM subscriptions GROUP BY account_id) AS f
          JOIN quarters AS q ON first BETWEEN starts AND ends - 1
          LEFT JOIN first_event AS e USING (account_id)
          WHERE first + 14 <= (SELECT as_of FROM settings)
                AND first >= (SELECT min(occurred_at AT TIME ZONE 'UTC')::date FROM events)
          GROUP BY q.quarter, f.account_id) AS s
    GROUP BY quarter), 'activation equals plain SQL';
  ASSERT (SELECT sum(accounts + too_new) = (SELECT count(*) FROM onboarding) AND sum(too_new) > 0 FROM activation),
    'who is too new is set aside, not counted as failed';
  DROP TABLE first_event;
END $$;

-- A parent has its children's cells, added up: in every cell the children less the parent leave nothing.
DO $$ BEGIN
  ASSERT (SELECT count(*) > 20000 AND bool_and((count, value_count, value) = (0, 0, 0))
          FROM (SELECT sum(sign * count) AS count, sum(sign * value_count) AS value_count,
                       coalesce(sum(sign * value), 0) AS value
                FROM (SELECT 1 AS sign, parent, activity FROM parent_children JOIN account_activity USING (account_id)
                      UNION ALL
                      SELECT -1, parent, activity FROM parent_activity) AS a
                CROSS JOIN health_cells(activity)
                GROUP BY parent, signal, day) AS rest), 'the rollup is the sum of the children';
END $$;

-- The composed gauge is the formula done by hand, it is what the model sees, and merging would have said otherwise.
DO $$ BEGIN
  CREATE TEMPORARY TABLE by_hand AS
  SELECT parent, sum(nps * arr) / sum(arr) AS nps, sum(arr) / max(total) AS coverage
  FROM (SELECT parent, account_id, arr, sum(arr) OVER (PARTITION BY parent) AS total FROM parent_children) AS c
  JOIN (SELECT DISTINCT ON (account_id) account_id, avg(value) AS nps
        FROM events WHERE event = 'nps' AND occurred_at < health_day_start((SELECT as_of FROM settings))
        GROUP BY account_id, health_day(occurred_at) ORDER BY account_id, health_day(occurred_at) DESC) AS n
    USING (account_id)
  GROUP BY parent;
  ASSERT (SELECT count(*) >= 20 AND bool_and(abs(g.nps - h.nps) < 1e-9 AND abs(g.coverage - h.coverage) < 1e-9)
          FROM parent_gauges AS g JOIN settings USING (as_of) JOIN by_hand AS h USING (parent)), 'composed by hand';
  ASSERT (SELECT count(*) FROM parent_gauges JOIN settings USING (as_of)) = (SELECT count(*) FROM by_hand)
         + (SELECT count(*) FROM parent_gauges JOIN settings USING (as_of) WHERE nps IS NULL), 'none is missing';
  ASSERT (SELECT count(*) > 0 FROM parent_health WHERE nps_coverage < 1), 'not everybody was asked';
  ASSERT (SELECT count(*) FILTER (WHERE abs(nps_merged - nps) >= 1) > 0 FROM parent_gauges), 'merged is not composed';
  -- The driver tells the value in force on both dates. An activity keeps a millionth of it.
  ASSERT (SELECT count(*) >= 20 AND bool_and(abs((d ->> 'recent')::float8 - h.nps) < 1e-5
                                             AND abs((d ->> 'prior')::float8 - before.nps) < 1e-5)
          FROM parent_health AS p JOIN by_hand AS h USING (parent)
          JOIN parent_gauges AS before ON before.parent = p.parent AND before.as_of = p.as_of - 28
          CROSS JOIN jsonb_array_elements(p.drivers) AS d
          WHERE d ->> 'signal' = 'nps'), 'the score has the composed gauge';
  ASSERT (SELECT bool_and(p.seats = (SELECT sum(seats) FROM parent_accounts AS c JOIN accounts USING (account_id)
                                     JOIN subscriptions AS s USING (account_id)
                                     WHERE c.parent = p.parent AND s.ended_on IS NULL)
                          AND abs(score - (SELECT sum(points) FROM health_driver_rows(p.drivers))) < 1e-9)
          FROM parent_health AS p), 'sizes add up, and points do';
  ASSERT (SELECT bool_and(abs(children_score - (SELECT sum(c.score * c.arr) / sum(c.arr) FROM parent_children AS c
                                                WHERE c.parent = p.parent)) < 1e-9)
          FROM parent_health AS p), 'the children''s scores, composed by hand';
  DROP TABLE by_hand;
END $$;

-- What a BI tool reads.
DO $$ BEGIN
  ASSERT (SELECT count(DISTINCT attrelid) = 11
                 AND bool_and(atttypid = ANY ('{float8,numeric,int,text,date,jsonb}'::regtype[]))
          FROM pg_attribute
          WHERE attnum > 0 AND attrelid = ANY (
            '{quarters,revenue_moves,portfolio_by_quarter,retention_by_segment,quarter_scores,retention_by_band,
              onboarding,activation,parent_children,parent_gauges,parent_health}'::regclass[])), 'plain columns';
END $$;

\echo All facts hold.
