-- The lists and metrics of examples/book.sql, each found another way. Runs after it.
\set ON_ERROR_STOP on
SET client_min_messages = warning;
SET plpgsql.check_asserts = on;

-- ---------------------------------------------------------------- segments

-- What happened, by plain SQL. Somebody was there on a day when an event has a user; API calls have none.
CREATE TEMPORARY TABLE seen AS
SELECT account_id, max(health_day(occurred_at)) AS somebody,
       max(health_day(occurred_at)) FILTER (WHERE event = 'admin_login') AS admin,
       count(DISTINCT user_id) FILTER (WHERE health_day(occurred_at) >= as_of - 30) AS users
FROM events CROSS JOIN settings
WHERE user_id IS NOT NULL AND health_day(occurred_at) < as_of GROUP BY account_id;

DO $$
DECLARE
  today date := (SELECT as_of FROM settings);
BEGIN
  ASSERT (SELECT count(*) = 300 AND bool_and(f.as_of = today AND f.name = a.name AND f.csm = a.csm AND f.arr = a.arr
                   AND f.days_quiet = today - coalesce(s.somebody + 1, a.created_on)
                   AND f.admin_days_quiet IS NOT DISTINCT FROM today - 1 - s.admin
                   AND f.users = coalesce(s.users, 0)
                   AND coalesce(f.seat_use, 0) = coalesce(s.users, 0) / a.seats::float8
                   AND f.city = c.city AND f.renews_on = r.renews_on AND f.days_to_renewal = r.renews_on - today
                   AND (f.score, f.band) = (b.score, b.band))
          FROM account_facts AS f JOIN accounts AS a USING (account_id) LEFT JOIN seen AS s USING (account_id)
          JOIN account_cities AS c USING (account_id) JOIN renewals AS r USING (account_id)
          JOIN scoreboard AS b USING (account_id)), 'facts of every account';
  ASSERT (SELECT count(*) FILTER (WHERE s.somebody < machine) > 0
          FROM seen AS s JOIN (SELECT account_id, max(health_day(occurred_at)) AS machine FROM events WHERE user_id IS NULL
                               GROUP BY account_id) AS m USING (account_id)), 'some machines come when nobody does';

  ASSERT (SELECT count(*) > 1 AND bool_and((e.days = q.days AND e.city = q.city) IS TRUE)
          FROM quiet_before_renewal AS q
          FULL JOIN (SELECT account_id, city, today - coalesce(somebody + 1, created_on) AS days
                     FROM accounts LEFT JOIN seen USING (account_id) JOIN renewals USING (account_id)
                     JOIN account_cities USING (account_id)
                     WHERE renews_on <= today + 90 AND coalesce(somebody + 1, created_on) <= today - 10) AS e
            USING (account_id)), 'quiet before renewal';
  ASSERT (SELECT array_agg(account_id) = '{A010}' FROM quiet_in_new_york)
         AND (SELECT count(DISTINCT city) > 1 FROM quiet_before_renewal), 'one of them in New York, others elsewhere';
  ASSERT (SELECT days = today - created_on
          FROM quiet_before_renewal JOIN accounts USING (account_id) WHERE account_id = 'A010'),
    'who never came is quiet since the purchase';

  ASSERT (SELECT count(*) > 1 AND bool_or(account_id = 'A003') AND bool_and((e.days = g.days) IS TRUE)
          FROM sponsor_gone AS g
          FULL JOIN (SELECT account_id, today - 1 - admin AS days FROM seen
                     WHERE admin < today - 14 AND somebody >= today - 3) AS e USING (account_id)),
    'whose admin is missed, the bank among them';

  ASSERT (SELECT array_agg((account_id, sign, days) ORDER BY account_id, sign) FROM about_to_leave)
         = (SELECT array_agg((account_id, event, days) ORDER BY account_id, event)
            FROM (SELECT account_id, event, today - max(health_day(occurred_at)) AS days
                  FROM events
                  WHERE event IN ('cancel_page_visited', 'full_export') AND occurred_at < health_day_start(today)
                  GROUP BY account_id, event) AS e
            WHERE days <= 7), 'about to leave';
  -- A week and no more.
  UPDATE account_activity SET activity = activity + '{"full_export": {"2025-12-24": 1}}' WHERE account_id = 'A001';
  ASSERT (SELECT count(*) = 0 FROM about_to_leave WHERE account_id = 'A001'), 'eight days ago';
  UPDATE account_activity SET activity = activity + '{"full_export": {"2025-12-25": 1}}' WHERE account_id = 'A001';
  ASSERT (SELECT sign = 'full_export' AND days = 7 FROM about_to_leave WHERE account_id = 'A001'), 'seven days ago';
  UPDATE account_activity SET activity = health_without(activity, '{full_export}') WHERE account_id = 'A001';
  -- What the billing says: an end that was asked for 60 days ago, until it is withdrawn.
  UPDATE account_activity SET activity = activity + '{"cancellation_scheduled": {"2025-11-01": [1, 1]}}' WHERE account_id = 'A001';
  ASSERT (SELECT sign = 'cancellation_scheduled' AND days = 61 FROM about_to_leave WHERE account_id = 'A001'), 'the end is agreed';
  UPDATE account_activity SET activity = activity + '{"cancellation_scheduled": {"2025-12-01": [1, 0]}}' WHERE account_id = 'A001';
  ASSERT (SELECT count(*) = 0 FROM about_to_leave WHERE account_id = 'A001'), 'and is not any more';
  -- What the CRM says.
  UPDATE account_activity SET activity = activity + '{"sponsor_left": {"2025-12-05": 1}}' WHERE account_id = 'A001';
  ASSERT (SELECT days = 27 FROM sponsor_gone WHERE account_id = 'A001'), 'the sponsor left';
  UPDATE account_activity SET activity = health_without(activity, '{cancellation_scheduled,sponsor_left}') WHERE account_id = 'A001';
END $$;

-- ---------------------------------------------------------------- ten accounts, Monday, the digest

DO $$
DECLARE
  today date := (SELECT as_of FROM settings);
BEGIN
  CREATE TEMPORARY TABLE due AS
  SELECT account_id, csm, arr, renews_on - today AS days, array_agg(DISTINCT reason ORDER BY reason) AS why
  FROM accounts
  JOIN renewals USING (account_id)
  JOIN (SELECT account_id, alert FROM band_history
        WHERE as_of BETWEEN today - 6 AND today AND alert IN ('entered_red', 'entered_yellow', 'drop')
        UNION ALL
        SELECT account_id, 'leaving' FROM events
        WHERE event IN ('cancel_page_visited', 'full_export') AND health_day(occurred_at) BETWEEN today - 7 AND today - 1
        UNION ALL
        SELECT account_id, 'renewal' FROM band_history JOIN renewals USING (account_id)
        WHERE as_of = today AND band = 'red' AND renews_on - today BETWEEN 0 AND 30) AS r (account_id, reason)
            USING (account_id)
  GROUP BY account_id, csm, arr, renews_on;
  ASSERT (SELECT count(*) > 10 FROM due), 'more than ten could be told';
  ASSERT (SELECT array_agg((account_id, why, arr_at_stake, days_to_renewal, goes_to) ORDER BY place)
          FROM (SELECT *, row_number() OVER () AS place FROM ten_today) AS t)
         = (SELECT array_agg((account_id, why, stake, days, who) ORDER BY stake DESC, account_id)
            FROM (SELECT account_id, array_to_string(why, ', ') AS why, stake, days,
                         CASE WHEN d.arr >= 50000 THEN 'account director'
                              WHEN main_risk_dimension = 'adoption' THEN 'customer success' ELSE d.csm END AS who
                  FROM due AS d JOIN scoreboard AS b USING (account_id)
                  CROSS JOIN LATERAL (SELECT round(CASE WHEN 'leaving' = ANY (why) THEN d.arr
                                                        ELSE d.arr - d.arr * score::numeric / 100 END) AS stake) AS s
                  ORDER BY stake DESC, account_id LIMIT 10) AS e), 'ten accounts';
  ASSERT (SELECT count(*) = 10 AND bool_and((t.main_risk, t.next_step, t.reason) = (b.main_risk, b.next_step, b.reason))
                 AND bool_or(account_id = 'A005' AND why = 'leaving' AND arr_at_stake = t.arr AND t.next_step = 'Call today'
                             AND goes_to = 'Farid' AND days_to_renewal = 50)
                 AND bool_or(account_id = 'A009' AND why = 'drop, entered_red, leaving' AND t.band = 'red')
          FROM ten_today AS t JOIN scoreboard AS b USING (account_id)),
    'each with a risk and a step; both stories are there';
  DROP TABLE due;
END $$;

-- Monday compares with the score that was published a week ago, and says by what it moved.
DO $$
DECLARE
  today date := (SELECT as_of FROM settings);
BEGIN
  ASSERT (SELECT count(*) > 20 AND bool_and((abs(m.score - now.score) < 1e-9 AND abs(m.previous_score - was.score) < 1e-9
                   AND m.band = health_band(now.score) AND m.band_before = health_band(was.score)) IS TRUE)
          FROM monday AS m
          FULL JOIN (SELECT now.account_id FROM score_history AS now JOIN score_history AS was USING (account_id)
                     WHERE now.as_of = today AND was.as_of = today - 7 AND account_id <> 'A006'  -- too new to be compared
                           AND (abs(now.score - was.score) >= 5
                                OR (now.score < 50) <> (was.score < 50) OR (now.score < 80) <> (was.score < 80))) AS e
            USING (account_id)
          LEFT JOIN score_history AS now ON now.account_id = m.account_id AND now.as_of = today
          LEFT JOIN score_history AS was ON was.account_id = m.account_id AND was.as_of = today - 7),
    'who moved in a week, and nobody else';
  ASSERT (SELECT bool_and(abs(score_change - change) < 1e-9)
          FROM monday CROSS JOIN LATERAL (SELECT sum(change) AS change FROM health_driver_rows(drivers)) AS d),
    'the changes of the drivers add up to that of the score';
  -- Of the two visits to the cancel page one was in the last week; the report of four weeks has both.
  ASSERT (SELECT reason LIKE 'Score fell to 55 (-20): Cancel page visited%' FROM monday WHERE account_id = 'A005')
         AND (SELECT reason LIKE 'Score fell to 55 (-45): Cancel page visited%' FROM scoreboard WHERE account_id = 'A005'),
    'since last week, not since four weeks ago';
  ASSERT (SELECT bool_and(reason ~ '^Score (fell|rose) to ') FROM monday), 'every sentence tells the move';
END $$;

-- The digest adds up, for each CSM and over all.
DO $$ BEGIN
  ASSERT (SELECT count(*) = 8 AND sum(accounts) = 300 AND bool_and(red = red_before + newly_red - recovered)
                 AND sum(newly_red) > 0 AND sum(recovered) > 0 AND bool_and(char_length(line) = 13) FROM weekly_digest),
    'red now is red then, and newly red, less recovered';
  ASSERT (SELECT (sum(red), sum(red_arr)) FROM weekly_digest)
         = (SELECT (count(*), sum(arr)) FROM band_history JOIN settings USING (as_of) JOIN accounts USING (account_id)
            WHERE band = 'red'), 'red accounts and their ARR';
  ASSERT (SELECT bool_and((d.red_before, d.newly_red) = (e.red_before, e.newly_red))
          FROM weekly_digest AS d
          JOIN (SELECT csm, count(*) FILTER (WHERE was.band = 'red') AS red_before,
                       count(*) FILTER (WHERE now.band = 'red' AND was.band IS DISTINCT FROM 'red') AS newly_red
                FROM accounts
                JOIN band_history AS now ON now.account_id = accounts.account_id AND now.as_of = '2026-01-01'
                LEFT JOIN band_history AS was ON was.account_id = accounts.account_id AND was.as_of = '2025-12-25'
                GROUP BY csm) AS e USING (csm)), 'against a week ago';
  ASSERT abs((SELECT sum(score * accounts) - sum(change * accounts) FROM weekly_digest)
             - (SELECT sum(h.score) FROM score_history AS h JOIN settings AS s ON h.as_of = s.as_of - 7)) < 1e-6,
    'mean score and change';
  UPDATE accounts SET csm = NULL WHERE csm = 'Hugo';
  ASSERT (SELECT sum(accounts) = 300
                 AND count(*) FILTER (WHERE csm = 'nobody' AND accounts = 37 AND char_length(line) = 13) = 1
          FROM weekly_digest), 'accounts of nobody';
  UPDATE accounts SET csm = 'Hugo' WHERE csm IS NULL;
END $$;

-- ---------------------------------------------------------------- a changed weight

-- Both scores are those of health_score, and the moves of the signals add up. With no change nobody moves; without the cancel
-- page those move who visited it, up, and by nothing else.
DO $$
DECLARE
  tried jsonb;
BEGIN
  FOREACH tried IN ARRAY ARRAY['{"signals": {"report_viewed": 4}}', '{"half_life_days": 10}',
                               '{"signals": {"cancel_page_visited": null}}',
                               '{}']::jsonb[] LOOP
    UPDATE model_change SET change = tried;
    CREATE TEMPORARY TABLE expected AS
    SELECT account_id, old_score, new_score,
           CASE WHEN old_score < 50 THEN 'red' WHEN old_score < 80 THEN 'yellow' ELSE 'green' END AS old_band,
           CASE WHEN new_score < 50 THEN 'red' WHEN new_score < 80 THEN 'yellow' ELSE 'green' END AS new_band
    FROM (SELECT account_id,
                 health_score(coalesce(activity, '{}'), model, as_of, seats, created_on) OVER w AS old_score,
                 health_score(coalesce(activity, '{}'), model || tried, as_of, seats, created_on) OVER w AS new_score
          FROM accounts CROSS JOIN settings JOIN health_models USING (segment) LEFT JOIN account_activity USING (account_id)
          WINDOW w AS (PARTITION BY segment)) AS s;
    ASSERT (SELECT count(*) = 300 AND bool_and(abs(s.old - e.old_score) < 1e-9 AND abs(s.new - e.new_score) < 1e-9
                     AND abs(s.old + s.moved - s.new) < 1e-9 AND abs(s.points - s.new) < 1e-9) FROM expected AS e
            LEFT JOIN (SELECT account_id, max(old_score) AS old, max(new_score) AS new, sum(moved) AS moved, sum(new_points) AS points
                       FROM weight_change_signals GROUP BY account_id) AS s USING (account_id)),
      'points add up, under ' || tried::text;
    ASSERT NOT EXISTS (SELECT FROM weight_change_signals WHERE signal = 'other' OR label IS NULL),
      'each signal by its name, under ' || tried::text;
    ASSERT (SELECT coalesce(bool_and((m.account_id = e.account_id AND abs(m.moved - e.new_score + e.old_score) < 1e-9
                                      AND (m.old_band, m.new_band) = (e.old_band, e.new_band)) IS TRUE), tried = '{}')
            FROM weight_change AS m
            FULL JOIN (SELECT * FROM expected WHERE abs(new_score - old_score) >= 1 OR old_band <> new_band) AS e
                USING (account_id)),
      'who moves, and who does not, under ' || tried::text;
    IF tried -> 'signals' ? 'cancel_page_visited' THEN
      ASSERT (SELECT count(*) > 10 AND bool_and(moved > 0 AND (why = 'Cancel page visited ' || to_char(moved, 'FMS990.0')
                                                                OR old_score = 0 AND why LIKE 'Cancel page visited +%'))
                                                                    FROM weight_change),
        'by the cancel page alone, but where other penalties shared what was left above 0';
      ASSERT (SELECT bool_and(visited) FROM weight_change CROSS JOIN LATERAL (
                SELECT EXISTS (SELECT FROM events AS e
                               WHERE e.account_id = weight_change.account_id AND event = 'cancel_page_visited'
                                     AND health_day(occurred_at) >= date '2026-01-01' - CASE segment WHEN 'smb' THEN 60
                                                                                        WHEN 'mid' THEN 90 ELSE 120 END)
                       AS visited) AS v)
             AND (SELECT abs(new_score - 100) < 1e-9 FROM weight_change WHERE account_id = 'A005'),
        'who visited it, and the story would be at 100';
    END IF;
    IF tried -> 'signals' ? 'report_viewed' THEN
      ASSERT (SELECT count(*) > 100 AND count(*) FILTER (WHERE old_band <> new_band) > 5
                     AND min(moved) < -1 AND max(moved) > 1
                     FROM weight_change), 'some rise, some fall';
      ASSERT (SELECT count(*) FILTER (WHERE moved > 1) > 100 AND min(moved) > -1e-9
              FROM weight_change_signals WHERE signal = 'report_viewed')
             AND (SELECT max(moved) < 1e-9 FROM weight_change_signals WHERE signal IN ('login', 'form_published')),
        'reports give more, the rest of the usage less';
      ASSERT (SELECT bool_and(starts_with(why, label || ' ' || to_char(s.moved, 'FMS990.0')))
              FROM weight_change JOIN (SELECT DISTINCT ON (account_id) account_id, label, moved FROM weight_change_signals
                                       ORDER BY account_id, abs(moved) DESC, signal) AS s USING (account_id)),
        'the largest first';
    END IF;
    DROP TABLE expected;
  END LOOP;
  UPDATE model_change SET change = '{"signals": {"report_viewed": 4}}';
END $$;

-- ---------------------------------------------------------------- coverage, room to grow, use

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

CREATE FUNCTION pg_temp.in_expansion(account text, renewal date) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
  before date := (SELECT renews_on FROM renewals WHERE account_id = account);
  shown boolean;
BEGIN
  UPDATE renewals SET renews_on = renewal WHERE account_id = account;
  shown := EXISTS (SELECT FROM expansion WHERE account_id = account);
  UPDATE renewals SET renews_on = before WHERE account_id = account;
  RETURN shown;
END $$;

DO $$
DECLARE
  today date := (SELECT as_of FROM settings);
BEGIN
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
  -- The contract is open from today to two months ahead.
  ASSERT (SELECT array_agg(shown ORDER BY ahead) = '{f,t,t,f}'
          FROM (VALUES (-1), (0), (60), (61)) AS v (ahead)
          CROSS JOIN LATERAL (SELECT pg_temp.in_expansion('A118', today + ahead) AS shown) AS x), 'its edges';
END $$;

-- Use against the percentile of the raw scores of the segment, without those of less than 14 days.
DO $$ BEGIN
  ASSERT (SELECT count(*) = 300 AND bool_and(abs(u.use - b.raw_score / p) < 1e-9)
                 AND bool_and(u.gap IS NOT DISTINCT FROM
                              CASE WHEN b.raw_score < p / 2 AND 2 * place >= n + 1 THEN 'pays much, uses little'
                                   WHEN b.raw_score >= p AND 2 * place < n + 1 THEN 'pays little, uses much' END)
                 AND count(DISTINCT gap) = 2 AND max(use) > 2
          FROM use_and_arr AS u
          JOIN scoreboard AS b USING (account_id)
          JOIN (SELECT account_id, count(*) OVER (PARTITION BY segment) AS n,
                       -- equal ones are on the same side of the median: their last place counts
                       count(*) OVER (PARTITION BY segment ORDER BY arr) AS place FROM accounts) AS a USING (account_id)
          JOIN (SELECT b.segment, percentile_cont(CASE b.segment WHEN 'enterprise' THEN 0.75 ELSE 0.9 END)
                                      WITHIN GROUP (ORDER BY raw_score) AS p
                FROM scoreboard AS b JOIN accounts USING (account_id)
                WHERE raw_score > 0 AND created_on <= date '2026-01-01' - 14
                GROUP BY b.segment) AS e ON e.segment = u.segment),
    'use is the raw score by the percentile';
END $$;

-- ---------------------------------------------------------------- the day so far

-- Nobody has done anything yet. Then the admin of the bank comes back and a visitor looks for the door: the scores are those of
-- activities rebuilt from all events, for the next date, whether the stored ones have heard of today or not.
DO $$
DECLARE
  heard boolean;
BEGIN
  ASSERT (SELECT count(*) = 0 FROM day_so_far), 'a quiet morning';
  CREATE TEMPORARY TABLE stored AS TABLE account_activity;
  INSERT INTO events VALUES ('A003', 'A003-admin', 'admin_login', NULL, '2026-01-01 08:00+00'),
                            ('A003', 'A003-admin', 'report_viewed', NULL, '2026-01-01 23:59:59+00'),
                            ('A002', 'A002-1', 'cancel_page_visited', NULL, '2026-01-01 00:00+00'),
                            ('A001', NULL, 'login', NULL, '2026-01-02 00:00+00');  -- tomorrow
  FOREACH heard IN ARRAY '{f,t}'::boolean[] LOOP
    IF heard THEN
      UPDATE account_activity AS t SET activity = t.activity + n.activity
      FROM (SELECT account_id, health_activity(s.signal, occurred_at, s.value) AS activity FROM events AS e
            CROSS JOIN LATERAL (VALUES (event, e.value), ('user:' || user_id, NULL)) AS s (signal, value)
            WHERE occurred_at >= '2026-01-01 00:00+00' GROUP BY account_id) AS n WHERE n.account_id = t.account_id;
    END IF;
    ASSERT (SELECT array_agg((account_id, events_today, score, band, moved) ORDER BY account_id) FROM day_so_far)
           = (SELECT array_agg((account_id, n, s.score, health_band(s.score), s.score - b.score) ORDER BY account_id)
              FROM (VALUES ('A002', 1), ('A003', 2)) AS e (account_id, n)
              JOIN (SELECT account_id, health_score(coalesce(activity, '{}'), model, '2026-01-02', seats, created_on)
                                           OVER (PARTITION BY segment) AS score
                    FROM accounts JOIN health_models USING (segment)
                    LEFT JOIN (SELECT account_id, health_activity(s.signal, occurred_at, s.value) AS activity
                               FROM events AS e
                               CROSS JOIN LATERAL (VALUES (event, e.value), ('user:' || user_id, NULL)) AS s (signal, value)
                               WHERE occurred_at < '2026-01-02 00:00+00' GROUP BY account_id) AS rebuilt
                                   USING (account_id)) AS s
                USING (account_id)
              JOIN scoreboard AS b USING (account_id)), 'as the next night would say';
  END LOOP;
  ASSERT (SELECT moved < -25 AND reason LIKE '%Cancel page visited%' FROM day_so_far WHERE account_id = 'A002')
         AND (SELECT moved > 0 AND reason !~ 'Admin inactive' FROM day_so_far WHERE account_id = 'A003'), 'both are told';
  DELETE FROM events WHERE occurred_at >= '2026-01-01 00:00+00';
  UPDATE account_activity AS t SET activity = stored.activity FROM stored WHERE stored.account_id = t.account_id;
  DROP TABLE stored;
END $$;

-- ---------------------------------------------------------------- revenue

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

-- A month's revenue by the accounts, and by the people who were there.
DO $$ BEGIN
  ASSERT (SELECT count(*) = 2 AND bool_and(a.mrr = p.mrr_end AND a.accounts = p.retained + p.added AND a.users = u.users
                   AND abs(a.arpu_account * a.accounts - a.mrr) < 1e-9 AND abs(a.arpu_user * a.users - a.mrr) < 1e-9
                   AND u.users < u.seats)  -- the consultant has two seats
          FROM arpu AS a JOIN portfolio_by_quarter AS p USING (quarter)
          JOIN (SELECT quarter, count(DISTINCT user_id) AS users, count(DISTINCT (account_id, user_id)) AS seats
                FROM quarters AS q
                JOIN subscriptions AS s ON started_on <= ends AND (ended_on IS NULL OR ended_on > ends)
                JOIN events USING (account_id)
                WHERE health_day(occurred_at) < ends AND health_day(occurred_at) >= ends - 30 GROUP BY quarter) AS u
            USING (quarter)), 'arpu';
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

-- ---------------------------------------------------------------- from a problem to the first action

DO $$ BEGIN
  ASSERT (SELECT count(*) > 100 AND count(*) FILTER (WHERE p.hours IS NULL) > 10
                 AND count(*) FILTER (WHERE p.hours < 24) > 3
                 AND bool_and((p.hours IS NOT DISTINCT FROM e.hours AND p.csm = e.csm) IS TRUE)
          FROM problem_to_action AS p
          FULL JOIN (SELECT b.account_id, b.as_of, a.csm, extract(epoch FROM min(acted_at) - since)::float8 / 3600 AS hours
                     FROM band_history AS b
                     JOIN accounts AS a USING (account_id)
                     CROSS JOIN LATERAL (SELECT b.as_of::timestamp AT TIME ZONE 'UTC' AS since) AS s
                     LEFT JOIN csm_action AS c ON c.account_id = b.account_id AND acted_at >= since
                     WHERE alert IN ('drop', 'entered_red')
                     GROUP BY b.account_id, b.as_of, a.csm, since) AS e
            USING (account_id, as_of)), 'the first action after each bad alert';
  ASSERT (SELECT hours = 10.5 AND kind = 'call' AND acted_by = 'Farid' FROM problem_to_action WHERE account_id = 'A005')
         AND (SELECT array_agg(hours ORDER BY as_of) = '{33,NULL}' FROM problem_to_action WHERE account_id = 'A009')
         AND (SELECT hours IS NULL AND acted_at IS NULL FROM problem_to_action WHERE account_id = 'A004'), 'the stories';
  ASSERT (SELECT count(*) = 8 AND bool_and(acted + still_open = problems)
                 AND sum(problems) = (SELECT count(*) FROM problem_to_action)
                 AND sum(acted) = (SELECT count(hours) FROM problem_to_action)
                 AND bool_and(median_hours IS NOT DISTINCT FROM (SELECT hours FROM problem_to_action AS p WHERE p.csm = r.csm
                                ORDER BY hours NULLS LAST OFFSET (problems + 1) / 2 - 1 LIMIT 1))
          FROM response_time AS r), 'by CSM, open ones last';
  INSERT INTO csm_action VALUES ('A004', 'Esther', 'mail', '2025-12-31 23:59:59+00');
  ASSERT (SELECT hours IS NULL FROM problem_to_action WHERE account_id = 'A004'), 'what was done before is no answer';
  INSERT INTO csm_action VALUES ('A004', NULL, 'call', '2026-01-01 00:00+00');
  ASSERT (SELECT hours = 0 AND kind = 'call' AND acted_by IS NULL FROM problem_to_action WHERE account_id = 'A004'),
    'at once';
  DELETE FROM csm_action WHERE account_id = 'A004';
END $$;

-- ---------------------------------------------------------------- what a BI tool reads; without contracts

DO $$ BEGIN
  ASSERT (SELECT count(DISTINCT attrelid) = 26
                 AND bool_and(atttypid = ANY ('{float8,numeric,int,bigint,text,date,jsonb,timestamptz}'::regtype[]))
          FROM pg_attribute
          WHERE attnum > 0 AND attrelid = ANY (
            '{quarters,account_facts,quiet_before_renewal,quiet_in_new_york,sponsor_gone,about_to_leave,ten_today,monday,weekly_digest,
              weight_change_signals,weight_change,coverage,expansion,use_and_arr,day_so_far,revenue_moves,portfolio_by_quarter,
              retention_by_segment,quarter_scores,retention_by_band,arpu,onboarding,activation,problem_to_action,response_time,
              scoreboard}'::regclass[])), 'plain columns';
  ASSERT (SELECT count(*) = 22 AND count(DISTINCT said) = 22 AND bool_and(said LIKE '%?%')
          FROM pg_class CROSS JOIN LATERAL obj_description(oid, 'pg_class') AS said
          WHERE relkind = 'v' AND relnamespace = 'public'::regnamespace AND said IS NOT NULL),
    'each list says its question';
END $$;

-- A team that has the product's events only: in a schema of its own the tables are made, and the lists that need none of
-- them work.
CREATE SCHEMA bare;
SET search_path = bare, public;
\ir ../examples/book.sql
DO $$ BEGIN
  ASSERT (SELECT count(*) = 0 FROM bare.renewals) AND (SELECT count(*) > 0 FROM public.renewals), 'tables of its own';
  ASSERT (SELECT count(*) = 10 AND count(renews_on) = 0 FROM ten_today) AND (SELECT count(*) = 300 FROM account_facts)
         AND (SELECT count(*) = 8 FROM weekly_digest) AND (SELECT count(*) > 0 FROM monday)
         AND (SELECT count(*) > 0 FROM weight_change)
         AND (SELECT count(*) = 120 AND count(owner) = 0 FROM coverage WHERE tier = 'pooled'), 'what needs no contract';
  ASSERT (SELECT count(*) = 0 FROM quiet_before_renewal) AND (SELECT count(*) = 0 FROM expansion)
         AND (SELECT count(*) = 0 FROM portfolio_by_quarter) AND (SELECT count(*) = 0 FROM arpu)
         AND (SELECT count(*) = 0 FROM activation) AND (SELECT sum(acted) = 0 FROM response_time), 'and what does is empty';
END $$;
RESET search_path;

\echo All facts hold.
