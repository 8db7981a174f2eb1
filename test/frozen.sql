-- The kept populations of examples/frozen.sql: their rows and dates, a fall of everybody that a moving baseline hides, teams, and
-- the page of one account. Runs after it.
\set ON_ERROR_STOP on
SET client_min_messages = warning;
SET plpgsql.check_asserts = on;

-- At its own date a population gives the rows of the window function, and a kept one is a value: no later event, and no
-- change of account_activity, is in it.
DO $$ BEGIN
  ASSERT (SELECT count(*) = 300 AND bool_and(scoreboard::text = kept::text)
          FROM scoreboard JOIN (
            SELECT a.account_id, a.name, a.segment, a.csm, a.arr, r.*
            FROM accounts AS a JOIN kept_populations AS p ON p.segment = a.segment AND p.as_of = '2026-01-01'
            LEFT JOIN account_activity AS t USING (account_id)
            CROSS JOIN LATERAL health_report(population, coalesce(t.activity, '{}'), seats, created_on) AS r) AS kept
          USING (account_id)), 'the rows of the window function, to the byte';
  ASSERT (SELECT bool_and(p.population = again.population)
          FROM kept_populations AS p
          JOIN (SELECT segment, health_population(health_splice(coalesce(activity, '{}'), '{}', '2025-10-01'), model,
                                                  '2025-10-01', seats, created_on) AS population
                FROM accounts JOIN health_models USING (segment) LEFT JOIN account_activity USING (account_id)
                GROUP BY segment) AS again USING (segment)
          WHERE as_of = '2025-10-01'), 'the first day does not see the quarter';
  ASSERT (SELECT max(pg_column_size(population)) < 16000 FROM kept_populations), 'some kilobytes';
  BEGIN
    PERFORM health_score(population, '{}', 1, NULL, '2025-09-30') FROM kept_populations WHERE as_of = '2025-10-01';
    ASSERT false, 'no earlier date';
  EXCEPTION WHEN invalid_parameter_value THEN
    ASSERT SQLERRM = 'as_of 2025-09-30 is before the population''s 2025-10-01', SQLERRM;
  END;
END $$;

-- ---------------------------------------------------------------- a fall of everybody

-- The same half year, but from 20 November on two of five events are missing, of every account and user alike: a
-- worse release, a competitor, or tracking that is broken. Readings and cancellations are left as they are.
CREATE TEMPORARY TABLE thinned_activity AS
SELECT account_id, health_activity(s.signal, occurred_at, s.value) AS activity
FROM (SELECT *, row_number() OVER (PARTITION BY account_id, event ORDER BY occurred_at, user_id) AS n FROM events) AS e
CROSS JOIN LATERAL (VALUES (event, e.value), ('user:' || user_id, NULL)) AS s (signal, value)
WHERE occurred_at < health_day_start('2025-11-20') OR n % 5 < 3
      OR event IN ('nps', 'support_ticket', 'cancel_page_visited', 'full_export')
GROUP BY account_id;

-- Both histories in both ways: against the accounts of the same day, as reports of every morning are, and against those
-- of the first day of the quarter.
CREATE TEMPORARY VIEW everybody AS
SELECT a.*, coalesce(t.activity, '{}') AS as_it_was, coalesce(f.activity, '{}') AS thinned
FROM accounts AS a
LEFT JOIN account_activity AS t USING (account_id)
LEFT JOIN thinned_activity AS f USING (account_id);

CREATE TEMPORARY TABLE both_ways AS
SELECT 'as it was' AS history, 'moving' AS baseline_is, account_id, (r).*
FROM (SELECT account_id, health_report(as_it_was, model, '2026-01-01', seats, created_on) OVER w AS r
      FROM everybody JOIN health_models USING (segment) WINDOW w AS (PARTITION BY segment)) AS s
UNION ALL
SELECT 'thinned', 'moving', account_id, (r).*
FROM (SELECT account_id, health_report(thinned, model, '2026-01-01', seats, created_on) OVER w AS r
      FROM everybody JOIN health_models USING (segment) WINDOW w AS (PARTITION BY segment)) AS s
UNION ALL
SELECT history, 'kept', account_id, r.*
FROM everybody
JOIN kept_populations USING (segment)
CROSS JOIN LATERAL (VALUES ('as it was', as_it_was), ('thinned', thinned)) AS h (history, activity)
CROSS JOIN LATERAL health_report(population, h.activity, seats, created_on, date '2026-01-01') AS r
WHERE kept_populations.as_of = '2025-10-01';

CREATE TEMPORARY VIEW band_shares AS
SELECT baseline_is, history, avg(score) AS mean,
       100.0 * count(*) FILTER (WHERE band = 'red') / count(*) AS red,
       100.0 * count(*) FILTER (WHERE band = 'yellow') / count(*) AS yellow,
       100.0 * count(*) FILTER (WHERE band = 'green') / count(*) AS green,
       count(*) FILTER (WHERE 'fleet_fell' = ANY (string_to_array(flags, ','))) AS fleet_fell
FROM both_ways GROUP BY baseline_is, history;

\echo 'New Year, in % of the accounts: who is compared with today''s sees nothing but a flag.'
SELECT baseline_is, history, round(mean) AS mean, round(red) AS "red %", round(yellow) AS "yellow %",
       round(green) AS "green %", fleet_fell
FROM band_shares ORDER BY baseline_is DESC, history;

-- A quarter: 14 weeks of all accounts, and New Year.
DO $$ BEGIN
  ASSERT (SELECT count(*) = 15 * 300 AND count(DISTINCT as_of) = 15 FROM quarter_health), 'fourteen weeks and New Year';
  ASSERT (SELECT array_agg(DISTINCT created_on >= '2025-12-01' AND flags ~ 'not_started') = '{t}'
          FROM quarter_health JOIN accounts USING (account_id) WHERE score IS NULL), 'who had not begun';
  ASSERT (SELECT count(*) = 300
                 AND bool_and((q.score, q.reason, q.drivers) IS NOT DISTINCT FROM (r.score, r.reason, r.drivers))
          FROM quarter_health AS q JOIN (
            SELECT account_id, (r).* FROM (
              SELECT account_id, health_report(as_it_was, model, '2025-10-01', seats, created_on) OVER w AS r
              FROM everybody JOIN health_models USING (segment) WINDOW w AS (PARTITION BY segment)) AS s) AS r
            USING (account_id)
          WHERE q.as_of = '2025-10-01'), 'the first day is that of the window function';
  ASSERT (SELECT bool_and(abs(score - points) < 1e-9)
          FROM quarter_health CROSS JOIN LATERAL (SELECT sum(points) AS points FROM health_driver_rows(drivers)) AS d
          WHERE as_of = '2025-12-24'), 'points add up to the score';
END $$;

-- Two of five events missing, of everybody: hidden by a moving baseline, plain against a kept one.
DO $$
DECLARE
  was   band_shares := (SELECT b FROM band_shares AS b WHERE (baseline_is, history) = ('moving', 'as it was'));
  now   band_shares := (SELECT b FROM band_shares AS b WHERE (baseline_is, history) = ('moving', 'thinned'));
  k_was band_shares := (SELECT b FROM band_shares AS b WHERE (baseline_is, history) = ('kept', 'as it was'));
  k_now band_shares := (SELECT b FROM band_shares AS b WHERE (baseline_is, history) = ('kept', 'thinned'));
BEGIN
  ASSERT abs(now.mean - was.mean) < 2 AND abs(now.red - was.red) < 3 AND abs(now.green - was.green) < 3, 'hidden';
  ASSERT was.fleet_fell = 0 AND now.fleet_fell > 100, 'but for a flag, where a whole segment fell by a fifth';
  ASSERT k_now.mean < k_was.mean - 10 AND k_now.green < 0.6 * k_was.green AND k_now.red > 1.5 * k_was.red, 'plain';
  ASSERT NOT EXISTS (SELECT FROM both_ways WHERE baseline_is = 'kept'
                     AND flags ~ 'fleet_fell|stale_data|signal_stopped'), 'which nobody judges of a kept population';
  ASSERT (SELECT count(*) FILTER (WHERE baseline_is = 'kept') = 0 AND count(*) > 100
          FROM both_ways CROSS JOIN health_driver_rows(drivers) AS d WHERE d.kind = 'baseline'),
         'nothing but the account moves its score';
END $$;

-- ---------------------------------------------------------------- teams and the page

DO $$ BEGIN
  ASSERT (SELECT count(*) = 300 AND count(DISTINCT (segment, csm)) = 24 AND bool_or(team < 20) AND bool_or(team >= 20)
          FROM team_health), 'teams of both kinds';
  ASSERT (SELECT bool_and(coalesce(flags, '') !~ 'small_population') FROM team_health WHERE team < 20),
         'enough to compare with';
  ASSERT (SELECT count(*) > 100 AND bool_and((t.score, t.reason, t.drivers) = (b.score, b.reason, b.drivers))
          FROM team_health AS t JOIN scoreboard AS b USING (account_id) WHERE team < 20), 'as the segment sees them';
END $$;

-- The admin of Halcyon Bank, who was silent, comes back on New Year's day.
CREATE TEMPORARY TABLE before AS SELECT * FROM account_activity;
CREATE TEMPORARY TABLE page_before AS SELECT * FROM account_page('A003');
INSERT INTO events
SELECT 'A003', 'admin', 'admin_login', NULL, timestamptz '2026-01-01 08:00+00' + n * interval '20 minutes'
FROM generate_series(1, 5) AS n;

-- The page: one activity changed, to the bytes that all events give; and its report is that of the whole book.
DO $$ BEGIN
  ASSERT (SELECT array_agg(account_id) = '{A003}' FROM account_activity JOIN before USING (account_id)
          WHERE account_activity.activity <> before.activity), 'one account';
  ASSERT (SELECT t.activity = rebuilt.activity FROM account_activity AS t, (
            SELECT health_activity(s.signal, occurred_at, s.value) AS activity FROM events AS e
            CROSS JOIN LATERAL (VALUES (e.event, e.value), ('user:' || e.user_id, NULL)) AS s (signal, value)
            WHERE account_id = 'A003') AS rebuilt
          WHERE account_id = 'A003'), 'the bytes of a rebuild';
  ASSERT (SELECT p.as_of = '2026-01-02' AND p.score > b.score AND b.main_risk = 'Admin inactive for 15 days'
                 AND p.main_risk <> b.main_risk
          FROM account_page('A003') AS p, page_before AS b), 'the admin is back';
  ASSERT (SELECT en.score = fr.score AND en.reason <> fr.reason AND fr.reason LIKE 'Score %'
          FROM account_page('A003') AS en, account_page('A003', 'fr') AS fr), 'two languages, one population';
  ASSERT (SELECT count(*) = 1 AND count(score) = 1 FROM account_page('A010')), 'who never came has a page';
  ASSERT NOT EXISTS (SELECT FROM account_page('nobody')), 'who is not there has none';
END $$;

\echo All facts hold.
