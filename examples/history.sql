-- Scores over time: a daily history, bands that do not flap, alerts, and the lists a customer success team works from.
-- Run sample.sql and views.sql first, in the same database:
--
--   createdb history
--   psql -d history -v ON_ERROR_STOP=1 -f examples/sample.sql -f examples/views.sql -f examples/history.sql
--
-- Nothing here reads the clock: every date comes from settings.as_of. In production, every night: UPDATE settings SET
-- as_of = health_day(now()); the new events into account_activity; REFRESH the scoreboard; update_score_history;
-- REFRESH band_history, then alert_feed.
\set QUIET on
\pset footer off
SET client_min_messages = warning;
SET plpgsql.check_asserts = on;

-- Without statistics the planner expects thousands of rows, and compiles (JIT) longer than the queries run.
ANALYZE settings, health_models, account_activity, scoreboard;

BEGIN;

-- ---------------------------------------------------------------- renewals

-- When each contract ends: small teams pay by the quarter, the others by the year. Yours come from the billing.
CREATE TABLE renewals (
    account_id text PRIMARY KEY REFERENCES accounts,
    renews_on  date NOT NULL
);

INSERT INTO renewals
SELECT account_id, (SELECT min(day)
                    FROM generate_series(1, 60) AS n
                    CROSS JOIN LATERAL (SELECT CASE segment WHEN 'smb' THEN 3 * n ELSE 12 * n END AS months) AS m
                    CROSS JOIN LATERAL (SELECT (created_on + make_interval(months => months))::date AS day) AS d
                    WHERE day >= as_of)
FROM accounts CROSS JOIN settings;

-- ---------------------------------------------------------------- a score for each account and day

-- A view with two parameters: one pass over each stored activity gives all days. The population of a day are the
-- accounts of the segment that existed by then, but for those of less than 14 days (the model's min_tenure_days), which
-- are scored and not compared with. Any other filter (a CSM, an ARR) would change the population and with it the scores:
-- put it outside. Segments and seats are those of today. Every account needs its seats: health_score takes the median for
-- missing ones, health_history does not.
CREATE FUNCTION scores_between(from_day date, to_day date)
RETURNS TABLE (account_id text, segment text, as_of date, score float8) LANGUAGE sql STABLE AS $$
    WITH daily AS (
        SELECT account_id, segment, model, h.*, h.as_of - created_on >= 14 AS compared
        FROM accounts
        JOIN health_models USING (segment)
        LEFT JOIN account_activity USING (account_id)
        CROSS JOIN LATERAL health_history(coalesce(activity, '{}'), model, from_day, to_day, seats, created_on) AS h
        WHERE created_on < h.as_of  -- at least one full day
    ), baselines AS (
        SELECT segment, as_of, health_baseline(raw, model) FILTER (WHERE compared) AS baseline
        FROM daily GROUP BY segment, as_of
    )
    SELECT account_id, segment, as_of, health_normalize(raw, baseline, model, praise, penalty)
    FROM daily JOIN baselines USING (segment, as_of)
$$;

-- The last 90 days, computed afresh.
CREATE VIEW score_by_day AS
SELECT d.* FROM settings AS s CROSS JOIN LATERAL scores_between(s.as_of - 89, s.as_of) AS d;

-- What was published, day by day.
CREATE TABLE score_history (
    account_id text REFERENCES accounts,
    as_of      date,
    score      float8 NOT NULL,
    PRIMARY KEY (account_id, as_of)
);

INSERT INTO score_history SELECT account_id, as_of, score FROM score_by_day ORDER BY account_id, as_of;

-- Every night: the new day, and the days before it that late events may have moved. Says how many rows that changed; a
-- second run changes none.
CREATE FUNCTION update_score_history(from_day date) RETURNS bigint LANGUAGE sql AS $$
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

\echo 'The nightly run over the last week: nothing new.'
SELECT update_score_history(as_of - 6) AS rows_changed FROM settings;

-- ---------------------------------------------------------------- bands and alerts

-- Both functions look back along all days of an account: filter outside.
CREATE MATERIALIZED VIEW band_history AS
SELECT account_id, as_of, score, health_stable_band(score, model) OVER days AS band,
       health_alert(score, as_of, model) OVER days AS alert
FROM score_history JOIN accounts USING (account_id) JOIN health_models USING (segment)
WINDOW days AS (PARTITION BY account_id ORDER BY as_of);

CREATE UNIQUE INDEX ON band_history (account_id, as_of);

-- One row per new red, fall and recovery, with the sentence of that day: a report of all accounts for each day that has an
-- alert, as a sentence compares with the others. The model's cooldown is in health_alert; days and ARR are filtered by
-- who reads it.
CREATE MATERIALIZED VIEW alert_feed AS
SELECT h.as_of, alert, account_id, b.name, b.arr, h.score, b.score AS score_today, (r).main_risk_dimension,
       CASE WHEN alert = 'recovered' THEN csm
            WHEN arr >= 50000 THEN 'account director'
            WHEN (r).main_risk_dimension = 'adoption' THEN 'customer success'
            ELSE csm END AS goes_to,
       (r).reason, (r).next_step
FROM band_history AS h
JOIN (SELECT d.as_of, account_id, health_report(coalesce(activity, '{}'), model, d.as_of, seats, created_on)
                                      OVER (PARTITION BY segment, d.as_of) AS r
      FROM (SELECT DISTINCT as_of FROM band_history WHERE alert IS NOT NULL) AS d
      CROSS JOIN accounts
      JOIN health_models USING (segment)
      LEFT JOIN account_activity USING (account_id)) AS told USING (account_id, as_of)
JOIN scoreboard AS b USING (account_id)
WHERE alert IN ('entered_red', 'drop', 'recovered');

-- ---------------------------------------------------------------- segments that follow the data

CREATE VIEW quiet_before_renewal AS
SELECT account_id, name, csm, arr, score, days, renews_on
FROM scoreboard
JOIN accounts USING (account_id, name, csm, arr)
JOIN renewals USING (account_id)
LEFT JOIN account_activity USING (account_id)
-- NULL: never came.
CROSS JOIN LATERAL (SELECT coalesce(health_days_inactive(activity, as_of), as_of - created_on) AS days) AS d
WHERE days >= 10 AND renews_on BETWEEN as_of AND as_of + 90;

CREATE VIEW sponsor_gone AS
SELECT account_id, name, csm, arr, score, days
FROM scoreboard
JOIN account_activity USING (account_id)
CROSS JOIN LATERAL (SELECT health_days_inactive(activity, as_of, 'admin_login') AS days) AS d
WHERE days >= 14 AND health_days_inactive(activity, as_of) < 3;

-- One row per account and sign.
CREATE VIEW about_to_leave AS
SELECT account_id, name, csm, arr, score, sign, as_of - health_last_day(activity, sign) AS days
FROM scoreboard
JOIN account_activity USING (account_id)
CROSS JOIN (VALUES ('cancel_page_visited'), ('full_export')) AS s (sign)
WHERE health_measure(activity, sign, as_of, 7) > 0;

-- ---------------------------------------------------------------- what the team reads on Monday

-- Per CSM, against 7 days before. Newly red and recovered accounts are told by the stable band: red now = red then
-- + newly red - recovered. The line is the mean score of the last 13 weeks, on the fixed scale of 0 to 100.
CREATE VIEW weekly_digest AS
WITH weeks AS (
    SELECT csm, h.as_of, avg(score) AS score, (s.as_of - h.as_of) / 7 AS ago
    FROM band_history AS h JOIN accounts USING (account_id) CROSS JOIN settings AS s
    WHERE (s.as_of - h.as_of) % 7 = 0
    GROUP BY csm, h.as_of, s.as_of
), lines AS (
    SELECT csm, avg(score) FILTER (WHERE ago = 0) AS score, avg(score) FILTER (WHERE ago = 1) AS score_before,
           health_sparkline(score ORDER BY as_of) AS line
    FROM weeks
    GROUP BY csm
), moves AS (
    SELECT csm, arr, now.band = 'red' AS red, coalesce(before.band = 'red', false) AS was_red
    FROM settings AS s
    JOIN band_history AS now ON now.as_of = s.as_of
    LEFT JOIN band_history AS before ON before.account_id = now.account_id AND before.as_of = s.as_of - 7
    JOIN accounts AS a ON a.account_id = now.account_id
)
SELECT csm, count(*)::int AS accounts, score, score - score_before AS change,
       count(*) FILTER (WHERE was_red)::int AS red_before,
       count(*) FILTER (WHERE red AND NOT was_red)::int AS newly_red,
       count(*) FILTER (WHERE was_red AND NOT red)::int AS recovered,
       count(*) FILTER (WHERE red)::int AS red,
       coalesce(sum(arr) FILTER (WHERE red), 0) AS red_arr, line
FROM moves JOIN lines USING (csm)
GROUP BY csm, score, score_before, line;

-- Whom to call this week: it got worse in the last 7 days, or looks for the door, or is red and renews within 30 days.
-- Who looks for the door puts all of the ARR at risk, the others the share that is missing to a score of 100.
CREATE VIEW ten_this_week AS
SELECT account_id, name, csm, arr,
       round(CASE WHEN why LIKE '%leaving%' THEN arr ELSE arr * (100 - b.score::numeric) / 100 END) AS arr_at_risk,
       why, renews_on, reason
FROM scoreboard AS b
JOIN band_history AS h USING (account_id, as_of)
JOIN renewals USING (account_id)
CROSS JOIN LATERAL (
    SELECT string_agg(what, ', ' ORDER BY what) AS why
    FROM (SELECT alert
          FROM band_history AS w
          WHERE w.account_id = b.account_id AND w.as_of > b.as_of - 7 AND w.as_of <= b.as_of AND alert <> 'recovered'
          UNION
          SELECT 'leaving' FROM about_to_leave AS l WHERE l.account_id = b.account_id
          UNION
          SELECT 'renewal' WHERE h.band = 'red' AND renews_on BETWEEN b.as_of AND b.as_of + 30) AS news (what)
) AS n
WHERE why IS NOT NULL
ORDER BY arr_at_risk DESC, account_id
LIMIT 10;

-- Healthy, rising, nearly out of seats, and the contract is open soon. The slope is the median of all pairs of the last
-- 28 readings, in points a week: one good day makes none.
CREATE VIEW expansion AS
SELECT account_id, name, csm, arr, score, slope, seats, users, seat_use, renews_on
FROM scoreboard AS b
JOIN accounts USING (account_id, name, csm, arr)
JOIN account_activity USING (account_id)
JOIN renewals USING (account_id)
CROSS JOIN LATERAL (SELECT health_slope(h.score, h.as_of) AS slope
                    FROM score_history AS h
                    WHERE h.account_id = b.account_id AND h.as_of > b.as_of - 28 AND h.as_of <= b.as_of) AS s
CROSS JOIN LATERAL (SELECT health_active_count(activity, b.as_of, 30, signals => '{user:*}') AS users) AS u
CROSS JOIN LATERAL (SELECT users::float8 / nullif(seats, 0) AS seat_use) AS share
WHERE score > 75 AND slope > 0 AND seat_use > 0.8 AND renews_on BETWEEN b.as_of AND b.as_of + 60;

-- Who looks after whom: the top 20 % by ARR keep their CSM; the next 40 % are dealt out to the pool in rounds, so that
-- each gets as many and about as much; the rest hears from the product.
CREATE TABLE pool (csm text PRIMARY KEY);
INSERT INTO pool VALUES ('Daniel'), ('Grace'), ('Hugo');

CREATE VIEW coverage AS
SELECT account_id, name, arr, tier, CASE tier WHEN 'high-touch' THEN t.csm WHEN 'pooled' THEN p.csm END AS owner
FROM (SELECT *, row_number() OVER (PARTITION BY tier ORDER BY arr DESC, account_id) - 1 AS turn
      FROM (SELECT *, CASE WHEN place <= ceil(0.2 * accounts) THEN 'high-touch'
                           WHEN place <= ceil(0.6 * accounts) THEN 'pooled'
                           ELSE 'tech-touch' END AS tier
            FROM (SELECT account_id, name, csm, arr, row_number() OVER (ORDER BY arr DESC, account_id) AS place,
                         count(*) OVER () AS accounts
                  FROM accounts) AS a) AS placed) AS t
LEFT JOIN (SELECT csm, row_number() OVER (ORDER BY csm) - 1 AS seat, count(*) OVER () AS seats FROM pool) AS p
    ON tier = 'pooled' AND seat = turn % seats;

COMMIT;

ANALYZE renewals, score_history, band_history;

-- ---------------------------------------------------------------- the lists

\echo 'Weekly digest.'
SELECT csm, accounts, round(score::numeric, 1) AS score, round(change::numeric, 1) AS change, red_before, newly_red,
       recovered, red, red_arr, line
FROM weekly_digest ORDER BY red_arr DESC;

\echo 'Six stories of the sample, week by week.'
SELECT name, health_sparkline(score ORDER BY h.as_of) FILTER (WHERE (s.as_of - h.as_of) % 7 = 0) AS line,
       string_agg(alert || ' ' || h.as_of, ', ' ORDER BY h.as_of) AS alerts
FROM band_history AS h JOIN accounts USING (account_id) CROSS JOIN settings AS s
WHERE account_id IN ('A001', 'A003', 'A004', 'A005', 'A006', 'A009')
GROUP BY account_id, name ORDER BY account_id;

\echo 'Alerts of the last 10 days, contracts from 10000.'
SELECT f.as_of, alert, name, arr, goes_to, reason
FROM alert_feed AS f CROSS JOIN settings AS s
WHERE f.as_of > s.as_of - 10 AND arr >= 10000
ORDER BY f.as_of DESC, arr DESC;

\echo 'Ten accounts for this week.'
SELECT name, csm, arr_at_risk, why, renews_on, reason FROM ten_this_week;

\echo 'Room to grow.'
SELECT name, csm, arr, floor(score) AS score, round(slope::numeric, 1) AS slope, users || ' of ' || seats AS users,
       renews_on
FROM expansion ORDER BY slope DESC;

\echo 'Segments: who is in them today.'
SELECT 'quiet before renewal' AS segment, name, csm, arr, floor(score) AS score, days FROM quiet_before_renewal
UNION ALL
SELECT 'sponsor gone', name, csm, arr, floor(score), days FROM sponsor_gone
UNION ALL
SELECT 'about to leave', name, csm, arr, floor(score), days FROM about_to_leave
ORDER BY segment, arr DESC, name;

\echo 'Who covers what.'
SELECT tier, coalesce(owner, 'product') AS owner, count(*) AS accounts, sum(arr) AS arr
FROM coverage GROUP BY tier, owner ORDER BY tier, owner;

-- ---------------------------------------------------------------- proof

-- The history is what health_score gives on each day, to the bit: with seats, readings of NPS and penalties.
DO $$ BEGIN
  ASSERT (SELECT count(*) FROM score_history)
         = (SELECT sum(least(90, as_of - created_on)) FROM accounts CROSS JOIN settings),
    'every account has a score for every day since it exists';
  ASSERT NOT EXISTS (
    SELECT FROM settings AS s
    CROSS JOIN generate_series(0, 89) AS ago
    CROSS JOIN LATERAL (
      SELECT account_id, s.as_of - ago AS as_of,
             health_score(coalesce(activity, '{}'), model, s.as_of - ago, seats, created_on)
                 OVER (PARTITION BY segment) AS score
      FROM accounts JOIN health_models USING (segment) LEFT JOIN account_activity USING (account_id)
      WHERE created_on < s.as_of - ago) AS d
    LEFT JOIN score_history AS h ON h.account_id = d.account_id AND h.as_of = d.as_of
    WHERE h.score IS DISTINCT FROM d.score), 'history equals health_score';
  ASSERT (SELECT count(*) = 300 AND bool_and(h.score = b.score)
          FROM scoreboard AS b JOIN score_history AS h USING (account_id, as_of)), 'and the scoreboard today';
END $$;

-- The nightly run mends what is wrong or missing, and nothing else.
DO $$
DECLARE
  today date := (SELECT as_of FROM settings);
BEGIN
  UPDATE score_history SET score = score / 2 WHERE account_id = 'A001' AND as_of = today - 1;
  DELETE FROM score_history WHERE account_id = 'A002' AND as_of = today;
  ASSERT update_score_history(today - 6) = 2, 'two rows are mended';
  ASSERT update_score_history(today - 6) = 0, 'a second run changes no row';
  ASSERT NOT EXISTS (SELECT account_id, as_of, score FROM band_history EXCEPT TABLE score_history), 'all as before';
END $$;

-- What could be told: every change of the band, and every start of a fall of 20 points within 28 days.
CREATE TEMPORARY TABLE transition AS
WITH days AS (
    SELECT *, lag(band) OVER w AS band_before,
           max(score) OVER (PARTITION BY account_id ORDER BY as_of RANGE '28 days' PRECEDING) - score >= 20 AS falling
    FROM band_history
    WINDOW w AS (PARTITION BY account_id ORDER BY as_of)
), more AS (
    SELECT *, lag(falling, 1, false) OVER (PARTITION BY account_id ORDER BY as_of) AS falling_before FROM days
)
SELECT account_id, as_of, alert, CASE WHEN band = 'red' THEN 'entered_red'
                                      WHEN band_before = 'green' THEN 'entered_yellow'
                                      ELSE 'recovered' END AS kind
FROM more WHERE band <> band_before
UNION ALL
SELECT account_id, as_of, alert, 'drop' FROM more WHERE falling AND NOT falling_before;

DO $$
DECLARE
  cooldown int := 14;  -- of the models
BEGIN
  ASSERT (SELECT count(alert) > 100 AND count(DISTINCT alert) = 4 FROM band_history), 'there are alerts of each kind';
  ASSERT NOT EXISTS (SELECT account_id, as_of, alert FROM band_history WHERE alert IS NOT NULL
                     EXCEPT SELECT account_id, as_of, kind FROM transition), 'every alert is a transition of its kind';
  ASSERT NOT EXISTS (SELECT FROM transition AS t
                     WHERE alert IS NULL
                           AND NOT EXISTS (SELECT FROM transition AS e
                                           WHERE e.account_id = t.account_id AND e.kind = t.kind
                                                 AND e.alert IS NOT NULL
                                                 AND e.as_of < t.as_of AND e.as_of > t.as_of - cooldown)),
    'and every transition is told, but for the cooldown of its kind';
  ASSERT (SELECT bool_and(as_of - told_before >= cooldown)
          FROM (SELECT as_of, lag(as_of) OVER (PARTITION BY account_id, alert ORDER BY as_of) AS told_before
                FROM band_history WHERE alert IS NOT NULL) AS a), 'no alert within the cooldown of its kind';
  ASSERT EXISTS (SELECT FROM transition WHERE alert IS NULL), 'which keeps back some';
  ASSERT (SELECT 2 * count(*) FILTER (WHERE band <> band_before) < count(*) FILTER (WHERE plain <> plain_before)
          FROM (SELECT band, health_band(score) AS plain, lag(band) OVER w AS band_before,
                       lag(health_band(score)) OVER w AS plain_before
                FROM band_history WINDOW w AS (PARTITION BY account_id ORDER BY as_of)) AS b),
    'the stable band changes less than half as often as the plain one';
END $$;

-- The stories of the sample are where they belong.
DO $$
DECLARE
  today date := (SELECT as_of FROM settings);
  first_visit date := (SELECT min(health_day(occurred_at)) FROM events
                       WHERE account_id = 'A005' AND event = 'cancel_page_visited');
BEGIN
  ASSERT (SELECT count(*) = 90 AND bool_and(band = 'green') AND count(alert) = 0
          FROM band_history WHERE account_id = 'A001'), 'the healthy giant is no news';
  ASSERT (SELECT array_agg(alert ORDER BY as_of) = '{entered_yellow,drop}'
          FROM band_history WHERE account_id = 'A004' AND alert IS NOT NULL), 'the slow fade is told twice, going down';
  ASSERT (SELECT goes_to = 'customer success' FROM alert_feed WHERE account_id = 'A004'), 'as a gap in adoption';
  ASSERT (SELECT as_of = first_visit + 1 AND alert = 'drop' AND goes_to = 'Farid'
          FROM alert_feed WHERE account_id = 'A005'), 'the cancel page is told on the next day, to the CSM';
  ASSERT (SELECT array_agg(alert ORDER BY as_of) = '{entered_yellow,drop,entered_red}'
          FROM band_history WHERE account_id = 'A009' AND alert IS NOT NULL), 'who takes the data out falls on';
  ASSERT (SELECT count(*) = 10 AND bool_or(account_id = 'A005' AND why = 'leaving' AND arr_at_risk = arr)
                 AND bool_or(account_id = 'A009' AND why = 'drop, entered_red, leaving') FROM ten_this_week),
    'both are among the ten of the week';
  ASSERT EXISTS (SELECT FROM sponsor_gone WHERE account_id = 'A003'), 'the admin of the bank is missed';
  ASSERT (SELECT min(as_of) = created_on + 1 AND count(*) = 10
          FROM score_history JOIN accounts USING (account_id) WHERE account_id = 'A006' GROUP BY created_on),
    'a new account has no score before it came';
  ASSERT (SELECT days = today - created_on
          FROM quiet_before_renewal JOIN accounts USING (account_id) WHERE account_id = 'A010'),
    'who never came is quiet since the purchase';
END $$;

-- The feed has one row per alert; the lists hold what they say, found another way.
DO $$
DECLARE
  today date := (SELECT as_of FROM settings);
BEGIN
  ASSERT (SELECT count(*) = count(DISTINCT (account_id, as_of)) AND count(*) = count(reason)
                 AND count(DISTINCT goes_to) = 10
                 AND bool_and(substring(reason FROM '\d+')::int = floor(score)) FROM alert_feed)
         AND (SELECT count(*) FROM alert_feed) = (SELECT count(*) FROM band_history WHERE alert <> 'entered_yellow'),
    'one row per alert, with the sentence of its day, to a director, customer success or one of eight CSMs';

  CREATE TEMPORARY TABLE recomputed AS
  SELECT account_id, slope, users
  FROM score_history AS h
  JOIN accounts USING (account_id)
  JOIN renewals USING (account_id)
  CROSS JOIN LATERAL (SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY 7 * (y.score - x.score) / (y.as_of - x.as_of))
                      FROM score_history AS x JOIN score_history AS y USING (account_id)
                      WHERE account_id = h.account_id AND x.as_of >= today - 27 AND y.as_of > x.as_of) AS s (slope)
  JOIN (SELECT account_id, count(DISTINCT user_id) AS users
        FROM events WHERE occurred_at >= health_day_start(today - 30) AND occurred_at < health_day_start(today)
        GROUP BY account_id) AS u USING (account_id)
  WHERE h.as_of = today AND score > 75 AND renews_on - today BETWEEN 0 AND 60 AND slope > 0 AND users > seats * 0.8;
  ASSERT (SELECT count(*) > 5 AND bool_and((r.users = e.users AND abs(r.slope - e.slope) < 1e-9) IS TRUE)
          FROM expansion AS e FULL JOIN recomputed AS r USING (account_id)), 'expansion';

  ASSERT (SELECT count(*) > 1 AND bool_and((e.days = q.days) IS TRUE)
          FROM quiet_before_renewal AS q
          FULL JOIN (SELECT account_id, today - coalesce(max(health_day(occurred_at)) + 1, created_on) AS days
                     FROM accounts LEFT JOIN events USING (account_id) JOIN renewals USING (account_id)
                     WHERE renews_on <= today + 90
                     GROUP BY account_id, created_on
                     HAVING today - coalesce(max(health_day(occurred_at)) + 1, created_on) >= 10) AS e
            USING (account_id)), 'quiet before renewal';

  ASSERT (SELECT array_agg((account_id, sign, days) ORDER BY account_id, sign) FROM about_to_leave)
         = (SELECT array_agg((account_id, event, days) ORDER BY account_id, event)
            FROM (SELECT account_id, event, today - max(health_day(occurred_at)) AS days
                  FROM events
                  WHERE event IN ('cancel_page_visited', 'full_export') AND occurred_at < health_day_start(today)
                  GROUP BY account_id, event) AS e
            WHERE days <= 7), 'about to leave';
END $$;

-- The digest adds up, for each CSM and over all.
DO $$ BEGIN
  ASSERT (SELECT count(*) = 8 AND sum(accounts) = 300 AND bool_and(red = red_before + newly_red - recovered)
                 AND sum(newly_red) > 0 AND sum(recovered) > 0 AND bool_and(char_length(line) = 13) FROM weekly_digest),
    'red now is red then, and newly red, less recovered';
  ASSERT (SELECT (sum(red), sum(red_arr)) FROM weekly_digest)
         = (SELECT (count(*), sum(arr)) FROM band_history JOIN settings USING (as_of) JOIN accounts USING (account_id)
            WHERE band = 'red'), 'red accounts and their ARR';
  ASSERT abs((SELECT sum(score * accounts) - sum(change * accounts) FROM weekly_digest)
             - (SELECT sum(h.score) FROM score_history AS h JOIN settings AS s ON h.as_of = s.as_of - 7)) < 1e-6,
    'mean score and change';
END $$;

-- Every account is in one tier, with an owner unless the product looks after it.
DO $$ BEGIN
  ASSERT (SELECT count(*) = 300 AND count(DISTINCT account_id) = 300
                 AND bool_and((owner IS NULL) = (tier = 'tech-touch')) FROM coverage), 'every account once';
  ASSERT (SELECT array_agg(n ORDER BY tier) = '{60,120,120}'
          FROM (SELECT tier, count(*) AS n FROM coverage GROUP BY tier) AS c)
         AND (SELECT min(arr) FROM coverage WHERE tier = 'high-touch')
             >= (SELECT max(arr) FROM coverage WHERE tier = 'pooled')
         AND (SELECT min(arr) FROM coverage WHERE tier = 'pooled')
             >= (SELECT max(arr) FROM coverage WHERE tier = 'tech-touch'), 'the largest first';
  ASSERT (SELECT count(*) = 3 AND max(n) - min(n) <= 1 AND max(arr) < 1.1 * min(arr)
          FROM (SELECT count(*) AS n, sum(arr) AS arr FROM coverage WHERE tier = 'pooled' GROUP BY owner) AS p),
    'the pool shares evenly';
END $$;

\echo 'All facts hold.'
