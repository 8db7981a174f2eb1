-- The daily history, the stable bands and the feed of examples/history.sql, against plain SQL. Runs after it.
\set ON_ERROR_STOP on
SET client_min_messages = warning;
SET plpgsql.check_asserts = on;

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
  ASSERT update_score_history(today - 6) = 0, 'nothing new, nothing changed';
  UPDATE score_history SET score = score / 2 WHERE account_id = 'A001' AND as_of = today - 1;
  DELETE FROM score_history WHERE account_id = 'A002' AND as_of = today;
  ASSERT update_score_history(today - 6) = 2, 'two rows are mended';
  ASSERT update_score_history(today - 6) = 0, 'a second run changes no row';
  ASSERT NOT EXISTS (SELECT account_id, as_of, score FROM band_history EXCEPT TABLE score_history), 'all as before';
END $$;

-- The night as a whole: what it mends reaches the bands and the feed.
CREATE TEMPORARY TABLE fed AS SELECT * FROM alert_feed;
DO $$
DECLARE
  today date := (SELECT as_of FROM settings);
BEGIN
  DELETE FROM score_history WHERE as_of > today - 3;
  REFRESH MATERIALIZED VIEW band_history;
  REFRESH MATERIALIZED VIEW alert_feed;
  ASSERT (SELECT max(as_of) = today - 3 FROM band_history) AND (SELECT max(as_of) <= today - 3 FROM alert_feed),
    'three nights are missing';
  CALL refresh_history(today - 6);
  ASSERT (SELECT count(*) > 0 FROM fed WHERE as_of > today - 3)
         AND NOT EXISTS (TABLE fed EXCEPT TABLE alert_feed) AND NOT EXISTS (TABLE alert_feed EXCEPT TABLE fed),
    'and caught up with';
END $$;

-- Where seats and dates are not known: still what health_score gives, to the bit. Two segments have gaps, one has no seats.
BEGIN;
UPDATE accounts SET seats = CASE WHEN segment = 'mid' OR account_id < 'A100' THEN NULL
                                 WHEN account_id < 'A110' THEN 0 ELSE seats END,
                    created_on = CASE WHEN account_id > 'A200' THEN NULL ELSE created_on END;
DO $$ BEGIN
  ASSERT (SELECT count(*) FROM scores_between('2025-12-12', '2026-01-01'))
         = (SELECT sum(least(21, coalesce(date '2026-01-01' - created_on, 21))) FROM accounts), 'a score for every day';
  ASSERT NOT EXISTS (
    SELECT FROM generate_series(0, 20) AS ago
    CROSS JOIN LATERAL (
      SELECT account_id, date '2026-01-01' - ago AS as_of,
             health_score(coalesce(activity, '{}'), model, date '2026-01-01' - ago, seats, created_on)
                 OVER (PARTITION BY segment) AS score
      FROM accounts JOIN health_models USING (segment) LEFT JOIN account_activity USING (account_id)
      WHERE coalesce(created_on < date '2026-01-01' - ago, true)) AS d
    LEFT JOIN scores_between('2025-12-12', '2026-01-01') AS h ON h.account_id = d.account_id AND h.as_of = d.as_of
    WHERE h.score IS DISTINCT FROM d.score), 'history equals health_score, with gaps';
  UPDATE accounts SET created_on = '2025-12-25' WHERE segment = 'smb';  -- all too new: nobody to compare with
  ASSERT (SELECT count(*) > 0 AND bool_and(h.score IS NOT DISTINCT FROM d.score)
          FROM (SELECT account_id, health_score(coalesce(activity, '{}'), model, '2026-01-01', seats, created_on)
                                       OVER (PARTITION BY segment) AS score
                FROM accounts JOIN health_models USING (segment) LEFT JOIN account_activity USING (account_id)) AS d
          LEFT JOIN scores_between('2026-01-01', '2026-01-01') AS h USING (account_id)),
    'and with a segment that began last week';
END $$;
ROLLBACK;

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
  ASSERT (SELECT min(as_of) = created_on + 1 AND count(*) = 10
          FROM score_history JOIN accounts USING (account_id) WHERE account_id = 'A006' GROUP BY created_on),
    'a new account has no score before it came';
END $$;

-- The feed has one row per alert, with the sentence of its day, and goes to who should act.
DO $$ BEGIN
  ASSERT (SELECT count(*) = count(DISTINCT (account_id, as_of)) AND count(*) = count(reason)
                 AND count(DISTINCT goes_to) = 10
                 AND bool_and(substring(reason FROM '\d+')::int = floor(score)) FROM alert_feed)
         AND (SELECT count(*) FROM alert_feed) = (SELECT count(*) FROM band_history WHERE alert <> 'entered_yellow'),
    'one row per alert, with the sentence of its day, to a director, customer success or one of eight CSMs';
  ASSERT (SELECT bool_and(goes_to = CASE WHEN alert = 'recovered' THEN csm WHEN f.arr >= 50000 THEN 'account director'
                                         WHEN main_risk_dimension = 'adoption' THEN 'customer success' ELSE csm END)
          FROM alert_feed AS f JOIN accounts USING (account_id)), 'recoveries to the CSM, value at risk to a director';
  ASSERT who_acts(10, 'support', NULL) = 'customer success' AND who_acts(10, NULL, 'Grace') = 'Grace'
         AND who_acts(50000, 'adoption', NULL) = 'account director' AND who_acts(NULL, NULL, NULL) = 'customer success',
    'somebody acts';
  ASSERT (SELECT array_agg(attname || ' ' || format_type(atttypid, NULL) ORDER BY attnum)
                 = '{as_of date,alert text,account_id text,name text,arr numeric,score double precision,
                     score_today double precision,main_risk_dimension text,goes_to text,reason text,next_step text}'
          FROM pg_attribute WHERE attrelid = 'alert_feed'::regclass AND attnum > 0), 'the columns that others read';
END $$;

\echo All facts hold.
