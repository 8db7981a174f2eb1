-- examples/backtest.sql: nothing of the future gets in, who churned and the AUC by plain SQL, dates that are not over left
-- out. Runs after it.
\set ON_ERROR_STOP on
SET client_min_messages = warning;
SET plpgsql.check_asserts = on;

-- ---------------------------------------------------------------- which dates, and who churned

DO $$ BEGIN
  ASSERT (SELECT array_agg((as_of, known_on) ORDER BY as_of) FROM backtest_dates)
         = (SELECT array_agg((as_of, as_of + 90) ORDER BY as_of) FROM unnest('{2025-08-04,2025-09-03,2025-10-03}'::date[]) AS as_of),
    'the last date is 90 days ago, the first has four weeks behind it';
END $$;

-- A day at a time: today is the first on which the answer for 2025-08-02 is known, 28 days after the first event.
BEGIN;
UPDATE settings SET as_of = '2025-10-31';
DO $$ BEGIN
  ASSERT (SELECT array_agg(as_of) = '{2025-08-02}' FROM backtest_dates), 'known today';
END $$;
UPDATE settings SET as_of = '2025-10-30';
REFRESH MATERIALIZED VIEW past_scores;
REFRESH MATERIALIZED VIEW tuned_models;
REFRESH MATERIALIZED VIEW fitted_models;
DO $$ BEGIN
  ASSERT (SELECT count(*) = 0 FROM backtest_dates), 'not over: left out';
  ASSERT (SELECT count(*) FROM auc_by_date) + (SELECT count(*) FROM backtest_by_date) + (SELECT count(*) FROM signal_power)
         + (SELECT count(*) FROM tuning) + (SELECT count(*) FROM fitting) + (SELECT count(*) FROM proposed_change) = 0, 'and then there is nothing to show';
  ASSERT (SELECT count(*) > 0 AND count(arr_at_risk) = 0 FROM arr_at_risk), 'nor a risk that anybody knows';
  ASSERT (SELECT customers = 300 AND dates = 0 AND accounts = 0 AND missing LIKE 'no date%' FROM backtest_input), 'which is said';
END $$;
ROLLBACK;

DO $$ BEGIN
  ASSERT (SELECT count(*) = 793 AND count(*) FILTER (WHERE churned) = 50 AND count(*) = (SELECT count(*) FROM past_scores)
          FROM past_accounts), 'as many as by hand';
  ASSERT (SELECT count(*) = 793 AND bool_and((p.churned = e.churned) IS TRUE)
          FROM past_accounts AS p
          FULL JOIN (SELECT as_of, account_id,
                            NOT EXISTS (SELECT FROM subscriptions AS s WHERE s.account_id = a.account_id
                                        AND s.started_on <= as_of + 90 AND coalesce(s.ended_on > as_of + 90, true)) AS churned
                     FROM accounts AS a CROSS JOIN (VALUES (date '2025-08-04'), ('2025-09-03'), ('2025-10-03')) AS d (as_of)
                     WHERE EXISTS (SELECT FROM subscriptions AS s WHERE s.account_id = a.account_id
                                   AND s.started_on < as_of AND coalesce(s.ended_on > as_of, true))) AS e USING (as_of, account_id)),
    'customers of each date, and who had left 90 days later';
END $$;

-- The edges of 2025-10-03, whose 90 days end on 2026-01-01.
BEGIN;
CREATE TEMPORARY TABLE edge (account_id text, churned boolean, spans daterange[]);
INSERT INTO edge VALUES
    ('left on the day',          NULL,  '{"[2024-01-01,2025-10-03)"}'),
    ('left the day after',       true,  '{"[2024-01-01,2025-10-04)"}'),
    ('left on the last day',     true,  '{"[2024-01-01,2026-01-01)"}'),
    ('left a day too late',      false, '{"[2024-01-01,2026-01-02)"}'),
    ('stays',                    false, '{"[2024-01-01,)"}'),
    ('began on the day',         NULL,  '{"[2025-10-03,)"}'),
    ('began the day before',     false, '{"[2025-10-02,)"}'),
    ('another contract',         false, '{"[2024-01-01,2025-11-01)","[2025-11-01,)"}'),
    ('came back in time',        false, '{"[2024-01-01,2025-11-01)","[2025-12-31,)"}'),
    ('came back too late',       true,  '{"[2024-01-01,2025-11-01)","[2026-01-02,)"}'),
    ('away on the day',          NULL,  '{"[2024-01-01,2025-09-15)","[2025-10-10,)"}'),
    ('two, one of which ends',   false, '{"[2024-01-01,2025-11-01)","[2025-02-01,)"}');
INSERT INTO accounts (account_id, name, segment, seats, created_on) SELECT account_id, account_id, 'mid', 10, '2024-01-01' FROM edge;
INSERT INTO subscriptions SELECT account_id, lower(span), upper(span), 100 FROM edge CROSS JOIN unnest(spans) AS span;
REFRESH MATERIALIZED VIEW past_scores;
DO $$ BEGIN
  ASSERT (SELECT bool_and(p.churned IS NOT DISTINCT FROM e.churned)
          FROM edge AS e LEFT JOIN past_scores AS p ON p.account_id = e.account_id AND as_of = '2025-10-03'),
    'wrong: ' || (SELECT string_agg(format('%s (%s)', e.account_id, p.churned), ', ')
                  FROM edge AS e LEFT JOIN past_scores AS p ON p.account_id = e.account_id AND as_of = '2025-10-03'
                  WHERE p.churned IS DISTINCT FROM e.churned);
END $$;
ROLLBACK;

-- What is missing, in words.
DO $$ BEGIN
  ASSERT (SELECT customers = (SELECT count(DISTINCT account_id) FROM subscriptions) AND left_so_far > 50 AND events_from = '2025-07-05'
                 AND dates = 3 AND first_date = '2025-08-04' AND last_date = '2025-10-03' AND accounts = 793 AND churned = 50
                 AND missing IS NULL FROM backtest_input), 'what there is';
END $$;
BEGIN;
UPDATE subscriptions SET ended_on = NULL;
DO $$ BEGIN ASSERT (SELECT dates = 3 AND churned = 0 AND missing LIKE 'nobody has left%' FROM backtest_input), 'nobody left'; END $$;
UPDATE subscriptions SET ended_on = '2026-03-01';
DO $$ BEGIN ASSERT (SELECT missing LIKE 'nobody left within%' FROM backtest_input), 'or too late'; END $$;
UPDATE subscriptions SET ended_on = '2025-10-04' WHERE started_on < '2025-10-03';
DO $$ BEGIN ASSERT (SELECT churned < accounts AND missing IS NULL FROM backtest_input), 'nearly all left'; END $$;
DELETE FROM subscriptions WHERE started_on >= '2025-10-03';
UPDATE backtest_settings SET dates = 1;
DO $$ BEGIN ASSERT (SELECT churned = accounts AND accounts > 0 AND missing = 'nobody stayed' FROM backtest_input), 'all left'; END $$;
REFRESH MATERIALIZED VIEW past_scores;
DO $$ BEGIN ASSERT (SELECT count(*) = 1 AND bool_and(auc IS NULL AND answer LIKE 'nobody left%') FROM auc_by_date), 'no AUC, which is said'; END $$;
DELETE FROM subscriptions;
DO $$ BEGIN ASSERT (SELECT customers = 0 AND missing LIKE 'customer_time has no rows%' FROM backtest_input), 'no customers'; END $$;
ROLLBACK;
BEGIN;
DELETE FROM account_activity;
DO $$ BEGIN ASSERT (SELECT customers = 300 AND missing LIKE '%no events' FROM backtest_input), 'no events'; END $$;
ROLLBACK;

-- ---------------------------------------------------------------- scores and what is made of them

-- The scores are those that the board showed on that date.
DO $$
DECLARE
  today date := (SELECT as_of FROM settings);
  then_day date;
BEGIN
  FOR then_day IN SELECT as_of FROM backtest_dates LOOP
    UPDATE settings SET as_of = then_day;
    ASSERT (SELECT count(*) > 260 AND bool_and(p.score = h.score AND p.segment = h.segment)
            FROM past_scores AS p LEFT JOIN account_health AS h USING (account_id) WHERE p.as_of = then_day),
      format('scores of %s', then_day);
  END LOOP;
  UPDATE settings SET as_of = today;
END $$;

DO $$ BEGIN
  ASSERT (SELECT count(*) = 3 AND bool_and(abs(auc - expected) < 0.000501 AND low < auc AND auc < high AND accounts = kept + gone
                                           AND churned = gone AND answer = 'those who left scored lower')
          FROM auc_by_date
          JOIN (SELECT as_of, avg(CASE WHEN k.score > c.score THEN 1 WHEN k.score = c.score THEN 0.5 ELSE 0 END::float8) AS expected,
                       count(DISTINCT k.account_id) AS kept, count(DISTINCT c.account_id) AS gone
                FROM past_scores AS k JOIN past_scores AS c USING (as_of) WHERE NOT k.churned AND c.churned
                GROUP BY as_of) AS pairs USING (as_of)), 'AUC by all pairs';
  ASSERT (SELECT count(*) = 12 AND bool_and(b.accounts = e.accounts AND b.churned = e.churned
                                            AND abs(b.churn_rate - e.churned::float8 / e.accounts) < 0.000501 AND low < b.churn_rate
                                            AND b.churn_rate < high AND abs(b.precision - precise) < 0.000501
                                            AND abs(b.recall - recalled) < 0.000501)
          FROM backtest_by_date AS b
          JOIN (SELECT coalesce(as_of::text, 'all') AS as_of, bucket, accounts, churned,
                       sum(churned) OVER so_far / sum(accounts) OVER so_far AS precise,
                       sum(churned) OVER so_far / sum(churned) OVER (PARTITION BY as_of) AS recalled
                FROM (SELECT as_of, CASE WHEN score < 50 THEN 'red' WHEN score < 80 THEN 'yellow' ELSE 'green' END AS bucket,
                             count(*) AS accounts, count(*) FILTER (WHERE churned) AS churned, min(score) AS from_score
                      FROM past_scores GROUP BY GROUPING SETS ((1, 2), (2))) AS c
                WINDOW so_far AS (PARTITION BY as_of ORDER BY from_score)) AS e
            ON part = 'band' AND b.bucket = e.bucket AND b.as_of = e.as_of), 'bands by date, and of all';
  ASSERT (SELECT array_agg((part, n) ORDER BY part) FROM (SELECT part, count(*) AS n FROM backtest_by_date WHERE as_of = 'all'
                                                          AND part <> 'calibration' GROUP BY part) AS p)
         = ARRAY[('all'::text, 1::bigint), ('band'::text, 3::bigint), ('decile'::text, 10::bigint)], 'of all dates, as rows for a chart';
END $$;

-- What the logins of 60 days say of small teams, at all dates together, by plain SQL.
DO $$ BEGIN
  ASSERT (SELECT abs(s.auc - e.auc) < 0.000501 AND s.observations = e.observations AND auc_low < s.auc AND s.auc < auc_high
          FROM signal_power AS s,
               (WITH logins AS (
                    SELECT p.account_id, as_of, p.churned, count(e.account_id) AS logins
                    FROM past_accounts AS p JOIN accounts AS a ON a.account_id = p.account_id AND segment = 'smb'
                    LEFT JOIN events AS e ON e.account_id = p.account_id AND event = 'login'
                                          AND e.occurred_at >= health_day_start(as_of - 60) AND e.occurred_at < health_day_start(as_of)
                    GROUP BY p.account_id, as_of, p.churned)
                SELECT avg(CASE WHEN k.logins > c.logins THEN 1 WHEN k.logins = c.logins THEN 0.5 ELSE 0 END::float8) AS auc,
                       (SELECT count(*) FROM logins WHERE logins > 0) AS observations
                FROM logins AS k JOIN logins AS c ON NOT k.churned AND c.churned) AS e
          WHERE segment = 'smb' AND signal = 'login'), 'what one signal says';
  ASSERT (SELECT count(DISTINCT segment) = 3 AND bool_and((auc IS NULL) = (coverage = 0)) AND bool_or(auc IS NULL)
                 AND bool_and((auc_low IS NULL AND auc_high IS NULL) = (auc IS NULL)) FROM signal_power),
    'of each segment, and nothing of what nobody had';
END $$;

-- ---------------------------------------------------------------- probabilities and money

DO $$ BEGIN
  -- Pooling neighbours keeps sums: as many are expected to leave as left.
  ASSERT (SELECT abs(sum(health_churn_probability(score, calibration)) - 50) < 1e-9 FROM past_scores CROSS JOIN churn_calibration),
    'expected churn of the past is that of the past';
  ASSERT (SELECT bool_and(probability <= before) FROM (SELECT probability, lag(probability) OVER (ORDER BY b.score) AS before
                                                       FROM account_risk JOIN scoreboard AS b USING (account_id)) AS r), 'who scores higher is not expected to leave more';
  ASSERT (SELECT count(*) FROM account_risk)
         = (SELECT count(DISTINCT account_id) FROM subscriptions WHERE started_on <= '2026-01-01' AND coalesce(ended_on > '2026-01-01', true))
         AND (SELECT count(*) FROM account_risk) < (SELECT count(*) FROM accounts), 'customers of today only';
  ASSERT (SELECT bool_and(r.score = b.score_shown AND abs(probability - health_churn_probability(b.score, calibration)) < 0.000501
                          AND low <= probability AND probability <= high)
          FROM account_risk AS r JOIN scoreboard AS b USING (account_id) CROSS JOIN churn_calibration), 'by the score of the board';
  ASSERT (SELECT bool_and(arr_at_risk <= before)
          FROM (SELECT arr_at_risk, lag(arr_at_risk) OVER (ORDER BY n) AS before
                FROM (SELECT arr_at_risk, row_number() OVER () AS n FROM account_risk) AS r) AS o), 'the most at risk first';
  ASSERT (SELECT count(*) = 4 AND bool_and(r.accounts = e.accounts AND abs(r.arr_at_risk - e.money) <= 0.5 * e.accounts AND r.low < r.arr_at_risk
                                           AND r.arr_at_risk < r.high AND r.high < r.arr)
          FROM arr_at_risk AS r
          JOIN (SELECT coalesce(segment, 'all') AS segment, count(*) AS accounts, sum(arr * probability) AS money FROM account_risk
                GROUP BY GROUPING SETS ((segment), ())) AS e USING (segment)), 'ARR at risk, with its range';
END $$;

-- ---------------------------------------------------------------- tuning and the proposal

DO $$ BEGIN
  -- Made up to depend on the mean use of half a year: no window is better than another beyond chance.
  ASSERT (SELECT count(*) = 3 AND bool_and(kept AND gain IS NULL AND dates = 3) AND sum(churned) = 50 AND sum(observations) = 793
                 AND bool_and((proposed_window_days, proposed_half_life_days) = (window_days, half_life_days)) FROM tuning),
    'nothing is proposed on this little';
  ASSERT (SELECT count(*) = 3 AND bool_and(kept AND dates = 3) AND sum(churned) = 50 FROM fitting), 'nor are other weights';
  -- Nine of large companies left: too few for folds, and an interval of 0 to 1 is none.
  ASSERT (SELECT bool_and(t.why = f.why AND t.why = CASE segment WHEN 'smb' THEN 'no gain beyond chance'
                                                    ELSE 'too few accounts left or stayed' END
                          AND num_nonnulls(t.auc_low, t.auc_high) = CASE segment WHEN 'smb' THEN 2 ELSE 0 END
                          AND (f.auc IS NULL) = (segment <> 'smb') AND t.auc IS NOT NULL)
          FROM tuning AS t JOIN fitting AS f USING (segment)), 'why, in words';
  ASSERT (SELECT count(DISTINCT segment) > 0 AND count(*) FILTER (WHERE signal = 'login' AND current_weight = 1 AND weight IS NOT NULL) > 0
          FROM fitted_signals), 'what they would be is told';
  ASSERT (SELECT bool_and(p.model = m.model) FROM proposed_models AS p JOIN health_models AS m USING (segment)),
    'so the proposal is the model in force';
  ASSERT (SELECT count(*) = 0 FROM proposed_change), 'and nobody moves';
END $$;

-- Another model in force than the one that was tuned.
BEGIN;
UPDATE health_models SET model = model || '{"half_life_days": 5, "red_below": 40}' WHERE segment = 'smb';
CREATE TEMPORARY TABLE both_ways AS
SELECT account_id, h.score, h.band, b.score AS proposed_score, b.band AS proposed_band
FROM account_health AS h JOIN scoreboard AS b USING (account_id);
DO $$ BEGIN
  ASSERT (SELECT count(*) > 20 AND bool_and((c.score, c.proposed_score, c.band, c.proposed_band)
                                            = (round(e.score::numeric, 1), round(e.proposed_score::numeric, 1), e.band, e.proposed_band)
                                            AND abs(c.moved - (e.proposed_score - e.score)) < 0.0501 AND segment = 'smb')
          FROM proposed_change AS c FULL JOIN (SELECT * FROM both_ways WHERE abs(score - proposed_score) >= 1 OR band <> proposed_band) AS e
            USING (account_id)), 'who would move, and by how much';
  ASSERT (SELECT bool_and(abs(moved) <= before)
          FROM (SELECT moved, lag(abs(moved)) OVER (ORDER BY n) AS before
                FROM (SELECT moved, row_number() OVER () AS n FROM proposed_change) AS c) AS o), 'the largest move first';
END $$;
ROLLBACK;

-- ---------------------------------------------------------------- nothing of the future gets in

-- Everything that is said of the dates up to a day, as text: floating-point numbers to their last bit.
CREATE FUNCTION told(until date) RETURNS jsonb LANGUAGE sql AS $$
  SELECT jsonb_build_object(
    'scores', (SELECT jsonb_agg(p ORDER BY as_of, account_id) FROM past_scores AS p WHERE as_of <= until),
    'auc', (SELECT jsonb_agg(a ORDER BY as_of) FROM auc_by_date AS a WHERE as_of <= until),
    'backtest', (SELECT jsonb_agg(b ORDER BY as_of, part, bucket) FROM backtest_by_date AS b WHERE as_of <= until::text),
    'power', (SELECT jsonb_agg(power ORDER BY segment)
              FROM (SELECT segment, health_signal_power(coalesce(activity, '{}'), churned, model, p.as_of) AS power
                    FROM past_accounts AS p JOIN accounts USING (account_id) JOIN health_models USING (segment)
                    LEFT JOIN account_activity USING (account_id) WHERE p.as_of <= until GROUP BY segment) AS s),
    'tuned', (SELECT jsonb_agg(tuned ORDER BY segment)
              FROM (SELECT segment, health_tune(coalesce(activity, '{}'), churned, model, p.as_of, seats, created_on) AS tuned
                    FROM past_accounts AS p JOIN accounts USING (account_id) JOIN health_models USING (segment)
                    LEFT JOIN account_activity USING (account_id) WHERE p.as_of <= until GROUP BY segment) AS t),
    'fitted', (SELECT jsonb_agg(fitted ORDER BY segment)
               FROM (SELECT segment, health_fit(coalesce(activity, '{}'), churned, model, p.as_of, seats, created_on) AS fitted
                     FROM past_accounts AS p JOIN accounts USING (account_id) JOIN health_models USING (segment)
                     LEFT JOIN account_activity USING (account_id) WHERE p.as_of <= until GROUP BY segment) AS t))
$$;

CREATE TABLE later AS  -- a row for each day and change: what happens to the activities
SELECT as_of, kind, on_day
FROM backtest_dates
CROSS JOIN LATERAL (VALUES ('added', as_of), ('added', as_of + 1), ('added', as_of + 60), ('removed', as_of), ('replaced', as_of),
                           ('control', as_of - 1)) AS v (kind, on_day);
CREATE TABLE kept_activity AS TABLE account_activity;

DO $$
DECLARE
  change record;
  known_of date;
  before jsonb;
  after jsonb;
BEGIN
  FOR change IN TABLE later ORDER BY as_of, kind, on_day LOOP
    IF known_of IS DISTINCT FROM change.as_of THEN
      known_of := change.as_of;
      before := told(known_of);
    END IF;
    UPDATE account_activity AS a
    SET activity = CASE WHEN change.kind = 'removed' THEN health_splice(activity, '{}', change.on_day)
                        WHEN change.kind = 'replaced' THEN health_splice(activity, noise, change.on_day)
                        ELSE activity + noise END
    FROM (SELECT account_id, health_daily(signal, change.on_day, 1 + length(signal) * substr(account_id, 2)::int % 50, 1) AS noise
          FROM account_activity CROSS JOIN unnest('{login,report_viewed,cancel_page_visited,support_ticket,nps,csm_score}'::text[]) AS signal
          GROUP BY account_id) AS n
    WHERE n.account_id = a.account_id;
    REFRESH MATERIALIZED VIEW past_scores;
    after := told(change.as_of);
    ASSERT (before = after) = (change.kind <> 'control'), format('%s on %s, as of %s: %s', change.kind, change.on_day, change.as_of,
      (SELECT string_agg(key, ', ') FROM jsonb_each(before) WHERE value <> after -> key));
    UPDATE account_activity AS a SET activity = k.activity FROM kept_activity AS k WHERE k.account_id = a.account_id;
    REFRESH MATERIALIZED VIEW past_scores;
  END LOOP;
  ASSERT jsonb_array_length(told('2025-10-03') -> 'scores') = 793 AND jsonb_array_length(told('2025-10-03') #> '{tuned,0,tried}') = 43
         AND jsonb_array_length(told('2025-10-03') #> '{fitted,2,signals}') > 15
         AND told('2025-10-03') -> 'power' <> 'null', 'something was compared';
END $$;

-- Nor does what becomes of a customer after the horizon.
BEGIN;
DO $$
DECLARE
  before jsonb := told('2025-09-03');
BEGIN
  UPDATE subscriptions SET ended_on = '2025-12-03' WHERE ended_on IS NULL AND started_on < '2025-12-02';
  REFRESH MATERIALIZED VIEW past_scores;
  ASSERT told('2025-09-03') = before, 'all leave the day after the 90 days';
  UPDATE subscriptions SET ended_on = '2025-12-02' WHERE ended_on = '2025-12-03';
  REFRESH MATERIALIZED VIEW past_scores;
  ASSERT (SELECT count(*) FILTER (WHERE churned) > 200 FROM past_scores WHERE as_of = '2025-09-03'), 'a day earlier they are churned';
END $$;
ROLLBACK;
