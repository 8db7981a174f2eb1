-- Scores over time: a daily history, bands that do not flap, a feed of alerts, and the night that keeps them.
-- Run it over the tables and views of views.sql, those of the sample or your own:
--
--   psql -d yours -v ON_ERROR_STOP=1 -f examples/history.sql
--   SELECT * FROM alert_feed ORDER BY as_of DESC, arr DESC;
--
-- Plain SQL that prints nothing and can be run again; what changes in a materialized view is dropped by hand before.
-- Nothing here reads the clock: every date comes from settings.as_of. In production, every night, after the new events went
-- into account_activity (refresh.sql):
--
--   UPDATE settings SET as_of = health_day(now());
--   REFRESH MATERIALIZED VIEW CONCURRENTLY scoreboard;
--   CALL refresh_history(health_day(now()) - 6);  -- as many days as events come late
--
-- Assumes accounts(account_id, name, segment, seats, arr, csm, created_on), of which seats, arr, csm and created_on may be
-- NULL, health_models by segment, and account_activity.

BEGIN;
SET LOCAL client_min_messages = warning;

-- Without statistics the planner expects thousands of rows, and compiles (JIT) longer than the queries run.
ANALYZE settings, health_models, account_activity, scoreboard;

-- ---------------------------------------------------------------- a score for each account and day

-- A view with two parameters: one pass over each stored activity gives all days, the same scores as health_score of each
-- day. So whom accounts are compared with is written out: those of the segment that existed by then, but for those of less
-- than 14 days (the model's min_tenure_days) and those without seats, which are scored at the median. Any other filter (a
-- CSM, an ARR) would change the population and with it the scores: put it outside. Segments and seats are those of today.
CREATE OR REPLACE FUNCTION scores_between(from_day date, to_day date)
RETURNS TABLE (account_id text, segment text, as_of date, score float8) LANGUAGE sql STABLE AS $$
    WITH medians AS (
        SELECT segment, percentile_cont(0.5) WITHIN GROUP (ORDER BY seats) AS median
        FROM accounts WHERE seats > 0 GROUP BY segment
    ), daily AS (
        SELECT account_id, segment, model, h.*,
               (seats > 0 OR median IS NULL) AND coalesce(h.as_of - created_on >= 14, true) AS compared
        FROM accounts
        JOIN health_models USING (segment)
        LEFT JOIN medians USING (segment)
        LEFT JOIN account_activity USING (account_id)
        CROSS JOIN LATERAL health_history(coalesce(activity, '{}'), model, from_day, to_day,
                                          CASE WHEN seats > 0 THEN seats ELSE median END, created_on) AS h
        WHERE coalesce(created_on < h.as_of, true)  -- at least one full day
    ), baselines AS (
        SELECT segment, as_of, coalesce(health_baseline(raw, model) FILTER (WHERE compared),
                                        (model ->> 'baseline')::float8) AS baseline
        FROM daily GROUP BY segment, as_of, model
    )
    SELECT account_id, segment, as_of,
           health_normalize(CASE WHEN baseline IS NULL AND raw > 0 THEN 0 ELSE raw END,  -- with nobody to compare with
                            baseline, model, praise, penalty)
    FROM daily JOIN baselines USING (segment, as_of)
$$;

-- What was published, day by day.
CREATE TABLE IF NOT EXISTS score_history (
    account_id text REFERENCES accounts ON DELETE CASCADE,
    as_of      date,
    score      float8 NOT NULL,
    PRIMARY KEY (account_id, as_of)
);

-- The new day, and the days before it that late events may have moved. Says how many rows that changed; a second run
-- changes none.
CREATE OR REPLACE FUNCTION update_score_history(from_day date) RETURNS bigint LANGUAGE sql AS $$
    WITH changed AS (
        INSERT INTO score_history AS h (account_id, as_of, score)
        SELECT account_id, as_of, score
        FROM scores_between(from_day, (SELECT as_of FROM settings))
        ORDER BY account_id, as_of
        ON CONFLICT (account_id, as_of) DO UPDATE SET score = excluded.score
        WHERE h.score IS DISTINCT FROM excluded.score
        RETURNING 1
    )
    SELECT count(*) FROM changed
$$;

-- Once: the last 90 days, computed from the activities.
DO $$ BEGIN PERFORM update_score_history(as_of - 89) FROM settings; END $$;

-- ---------------------------------------------------------------- bands and alerts

-- Both functions look back along all days of an account: filter outside.
CREATE MATERIALIZED VIEW IF NOT EXISTS band_history AS
SELECT account_id, as_of, score, health_stable_band(score, model) OVER days AS band,
       health_alert(score, as_of, model) OVER days AS alert
FROM score_history JOIN accounts USING (account_id) JOIN health_models USING (segment)
WINDOW days AS (PARTITION BY account_id ORDER BY as_of);

CREATE UNIQUE INDEX IF NOT EXISTS band_history_key ON band_history (account_id, as_of);

-- Who acts: here it is said once, for the feed and the lists of book.sql. Value at risk goes to a director, a gap in
-- adoption to customer success as a team, all else to the CSM of the account, and to the team where there is none.
CREATE OR REPLACE FUNCTION who_acts(arr numeric, main_risk_dimension text, csm text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE WHEN arr >= 50000 THEN 'account director'
            WHEN main_risk_dimension = 'adoption' THEN 'customer success'
            ELSE coalesce(csm, 'customer success') END;

-- One row per new red, fall and recovery, with the sentence of that day: the accounts of each day that has an alert, as the
-- population that a sentence compares with, and by it a report of each account that has one. The model's cooldown is in
-- health_alert; days and ARR are filtered by who reads it. A recovery is good news, for the CSM.
CREATE MATERIALIZED VIEW IF NOT EXISTS alert_feed AS
WITH told AS (
    SELECT account_id, as_of, alert, score FROM band_history WHERE alert IN ('entered_red', 'drop', 'recovered')
), populations AS (
    SELECT as_of, segment, health_population(coalesce(activity, '{}'), model, as_of, seats, created_on) AS population
    FROM (SELECT DISTINCT as_of FROM told) AS d
    CROSS JOIN accounts
    JOIN health_models USING (segment)
    LEFT JOIN account_activity USING (account_id)
    GROUP BY as_of, segment
)
SELECT t.as_of, alert, account_id, b.name, b.arr, t.score, b.score AS score_today, r.main_risk_dimension,
       CASE WHEN alert = 'recovered' THEN who_acts(NULL, NULL, b.csm)
            ELSE who_acts(b.arr, r.main_risk_dimension, b.csm) END AS goes_to,
       r.reason, r.next_step
FROM told AS t
JOIN accounts AS a USING (account_id)
JOIN populations AS p ON p.as_of = t.as_of AND p.segment = a.segment
JOIN scoreboard AS b USING (account_id)
LEFT JOIN account_activity AS c USING (account_id)
CROSS JOIN LATERAL health_report(p.population, coalesce(c.activity, '{}'), a.seats, a.created_on) AS r;

CREATE UNIQUE INDEX IF NOT EXISTS alert_feed_key ON alert_feed (account_id, as_of);

-- ---------------------------------------------------------------- the night

CREATE OR REPLACE PROCEDURE refresh_history(from_day date) LANGUAGE plpgsql AS $$
BEGIN
    PERFORM update_score_history(from_day);
    REFRESH MATERIALIZED VIEW CONCURRENTLY band_history;
    REFRESH MATERIALIZED VIEW CONCURRENTLY alert_feed;
END $$;

COMMIT;

ANALYZE score_history, band_history, alert_feed;
