-- Is the model any good? The past scored as it was known then, set against who has left since, and what follows of that: what
-- a score means in churn and in money, what each signal says, and which model would have told more. Run it over the tables and
-- views of views.sql, those of the sample or your own:
--
--   psql -d yours -v ON_ERROR_STOP=1 -f examples/backtest.sql
--   SELECT * FROM backtest_input;  -- what there is: customers, who left, dates; `missing` says what keeps the others empty
--   SELECT * FROM auc_by_date;
--
-- Fill `subscriptions` first, or say under CHANGE HERE where you have it: without it nobody was ever a customer, and all views
-- are empty.
--
-- Plain SQL that prints nothing and can be run again; what changes in a materialized view is dropped by hand before. Nothing
-- reads the clock. Once a quarter, before anybody touches a weight:
--
--   REFRESH MATERIALIZED VIEW past_scores;
--   REFRESH MATERIALIZED VIEW tuned_models;
--   REFRESH MATERIALIZED VIEW fitted_models;
--
--   backtest_input                          auc_by_date                  backtest_by_date
--   past_accounts, past_scores
--   signal_power                            tuning                       fitting, fitted_signals
--   proposed_models, proposed_change        churn_calibration
--   account_risk, arr_at_risk               tracking_changes
--
-- docs/proof.md says how to read them. Three things must hold of the tables, or the answer is too good:
--
--   who left is still in accounts and account_activity; of a table of today's customers nobody ever leaves
--   signals are dated when they became known; a reading "at risk" that a CSM enters after the notice, dated back, tells it
--   segment, seats and created_on are those of then as well; where they change, join them by date in past_scores

BEGIN;
SET LOCAL client_min_messages = warning;

-- ---------------------------------------------------------------- who left, and when

-- CHANGE HERE: from which day to which each account was a customer; left_on is the first day without it, NULL where it goes
-- on. Here a contract says so, and there may be several in a row. With an end date in accounts it is
--   SELECT account_id, created_on AS began_on, left_on FROM accounts
CREATE TABLE IF NOT EXISTS subscriptions (
    account_id text NOT NULL,
    started_on date NOT NULL,
    ended_on   date,  -- the first day without it; NULL: it runs on
    monthly    numeric NOT NULL,
    PRIMARY KEY (account_id, started_on),
    CHECK (ended_on > started_on)
);
CREATE OR REPLACE VIEW customer_time AS
SELECT account_id, started_on AS began_on, ended_on AS left_on FROM subscriptions;

-- Churned: no longer a customer horizon_days after the date. Dates lie every_days apart; the first has at least history_days
-- of events behind it. 28, as the sample has half a year in all: windows that reach back further are cut short at the first
-- dates, of all accounts alike. Where you have years, take the longest window of your models:
--   UPDATE backtest_settings SET history_days = 180;
CREATE TABLE IF NOT EXISTS backtest_settings (
    one          boolean PRIMARY KEY DEFAULT true CHECK (one),
    horizon_days int NOT NULL CHECK (horizon_days > 0),
    every_days   int NOT NULL CHECK (every_days > 0),
    dates        int NOT NULL CHECK (dates > 0),
    history_days int NOT NULL
);
INSERT INTO backtest_settings VALUES (true, 90, 30, 12, 28) ON CONFLICT DO NOTHING;

-- The last date is the one of which the horizon has just ended: of a later one nobody knows yet who leaves.
CREATE OR REPLACE VIEW backtest_dates AS
SELECT as_of, as_of + horizon_days AS known_on
FROM backtest_settings
CROSS JOIN (SELECT as_of AS today FROM settings) AS s
CROSS JOIN (SELECT min(health_first_day(activity)) AS first_day FROM account_activity) AS f
CROSS JOIN LATERAL (SELECT today - horizon_days - every_days * n AS as_of FROM generate_series(0, dates - 1) AS n) AS d
WHERE as_of >= first_day + history_days;

-- One row per account and date: those that were customers then, since a day at least. Who had left by then, or had not begun,
-- is none of them. Who left and came back within the horizon has not churned.
CREATE OR REPLACE VIEW past_accounts AS
SELECT as_of, account_id, NOT bool_or(daterange(began_on, left_on) @> known_on) AS churned
FROM backtest_dates
CROSS JOIN customer_time
GROUP BY as_of, known_on, account_id
HAVING bool_or(daterange(began_on, left_on) @> as_of AND coalesce(began_on < as_of, true));

-- What there is, one row. accounts and churned of the dates count an account once a date.
CREATE OR REPLACE VIEW backtest_input AS
SELECT c.customers, c.left_so_far, f.first_day AS events_from, d.dates, d.first_date, d.last_date, p.accounts, p.churned,
       CASE WHEN c.customers = 0 THEN 'customer_time has no rows: nobody was ever a customer'
            WHEN c.left_so_far = 0 THEN 'nobody has left: left_on is empty, or who left was deleted'
            WHEN f.first_day IS NULL THEN 'account_activity has no events'
            WHEN d.dates = 0 THEN 'no date has history_days of events behind it and horizon_days after it'
            WHEN p.churned = 0 THEN 'nobody left within horizon_days of a date'
            WHEN p.churned = p.accounts THEN 'nobody stayed' END AS missing
FROM (SELECT count(DISTINCT account_id)::int AS customers,
             (count(DISTINCT account_id) FILTER (WHERE left_on IS NOT NULL))::int AS left_so_far FROM customer_time) AS c
CROSS JOIN (SELECT min(health_first_day(activity)) AS first_day FROM account_activity) AS f
CROSS JOIN (SELECT count(*)::int AS dates, min(as_of) AS first_date, max(as_of) AS last_date FROM backtest_dates) AS d
CROSS JOIN (SELECT count(*)::int AS accounts, count(*) FILTER (WHERE churned)::int AS churned FROM past_accounts) AS p;

-- ---------------------------------------------------------------- What were the scores of those dates?

-- As account_health showed them: activities count the days before as_of only, whatever they hold of later ones, and who was no
-- customer is left out outside, as a filter inside would change the population. No day on or after as_of enters it, but for
-- `churned`.
CREATE MATERIALIZED VIEW IF NOT EXISTS past_scores AS
SELECT as_of, account_id, segment, churned, score
FROM (SELECT d.as_of, a.account_id, a.segment,
             health_score(coalesce(t.activity, '{}'), m.model, d.as_of, a.seats, a.created_on)
                 OVER (PARTITION BY a.segment, d.as_of) AS score
      FROM backtest_dates AS d
      CROSS JOIN accounts AS a
      JOIN health_models AS m USING (segment)
      LEFT JOIN account_activity AS t USING (account_id)) AS scored
JOIN past_accounts USING (as_of, account_id);

CREATE UNIQUE INDEX IF NOT EXISTS past_scores_key ON past_scores (as_of, account_id);

-- One model for what is asked of all segments at once: the bands, and the names of the signals. Those of models.sql are the
-- same in all; where yours differ, group by segment instead.
CREATE OR REPLACE VIEW any_model AS SELECT model FROM health_models ORDER BY segment LIMIT 1;

-- ---------------------------------------------------------------- Did those who left score lower?

-- A date at a time, since an account at three dates is one account. Where 0.5, which is chance, lies between low and high, the
-- date shows no link.
CREATE OR REPLACE VIEW auc_by_date AS
SELECT as_of, accounts, churned, round(churned::numeric / accounts, 3) AS churn_rate, round(auc::numeric, 3) AS auc,
       round(low::numeric, 3) AS low, round(high::numeric, 3) AS high,
       CASE WHEN auc IS NULL THEN 'nobody left, or nobody stayed'
            WHEN low > 0.5 THEN 'those who left scored lower'
            WHEN high < 0.5 THEN 'those who left scored higher'
            WHEN high > 0.55 THEN 'no link seen: too few left to tell'
            ELSE 'hardly any link' END AS answer
FROM (SELECT as_of, count(*)::int AS accounts, count(*) FILTER (WHERE churned)::int AS churned,
             health_auc(score, churned) AS auc, health_auc_interval(score, churned) AS sure
      FROM past_scores GROUP BY as_of) AS a
CROSS JOIN LATERAL (SELECT sure[1] AS low, sure[2] AS high) AS i;

-- ---------------------------------------------------------------- How many left of each band and decile?

-- Precision of red: of those we call, how many leave; recall: of those who leave, how many we call. as_of `all` is of all dates
-- together, where rates are steadier, but low and high too near: accounts are counted once a date.
CREATE OR REPLACE VIEW backtest_by_date AS
SELECT coalesce(to_char(as_of, 'YYYY-MM-DD'), 'all') AS as_of, r.part, r.bucket, r.accounts, r.churned,
       round(r.churn_rate::numeric, 3) AS churn_rate, round(r.low::numeric, 3) AS low, round(r.high::numeric, 3) AS high,
       round(r.lift::numeric, 2) AS lift, round(r.precision::numeric, 3) AS precision, round(r.recall::numeric, 3) AS recall
FROM (SELECT as_of, health_backtest(score, churned, model) AS backtest
      FROM past_scores CROSS JOIN any_model GROUP BY GROUPING SETS ((as_of), ())) AS b
CROSS JOIN LATERAL health_backtest_rows(backtest) AS r;

-- ---------------------------------------------------------------- What does each signal say, before we touch its weight?

-- Of all dates; the intervals mind that an account is at several. A signal whose direction is not the sign of its weight
-- deserves a look. auc NULL: nobody ever had it.
CREATE OR REPLACE VIEW signal_power AS
SELECT segment, r.signal, r.label, r.weight, r.observations, round(r.coverage::numeric, 3) AS coverage,
       CASE WHEN r.coverage > 0 THEN round(r.auc::numeric, 3) END AS auc,
       CASE WHEN r.coverage > 0 THEN round(r.auc_low::numeric, 3) END AS auc_low,
       CASE WHEN r.coverage > 0 THEN round(r.auc_high::numeric, 3) END AS auc_high,
       round(r.churn_rate_with::numeric, 3) AS churn_rate_with, round(r.churn_rate_without::numeric, 3) AS churn_rate_without,
       r.direction
FROM (SELECT segment, health_signal_power(coalesce(activity, '{}'), churned, model, p.as_of) AS power
      FROM past_accounts AS p
      JOIN accounts USING (account_id)
      JOIN health_models USING (segment)
      LEFT JOIN account_activity USING (account_id)
      GROUP BY segment) AS s
CROSS JOIN LATERAL health_signal_power_rows(power) AS r;

-- ---------------------------------------------------------------- How far back should it look, how fast forget?

-- All dates, by segment, as each has a model of its own.
CREATE MATERIALIZED VIEW IF NOT EXISTS tuned_models AS
SELECT segment, health_tune(coalesce(activity, '{}'), churned, model, p.as_of, seats, created_on) AS tuned
FROM past_accounts AS p
JOIN accounts USING (account_id)
JOIN health_models USING (segment)
LEFT JOIN account_activity USING (account_id)
GROUP BY segment;

CREATE UNIQUE INDEX IF NOT EXISTS tuned_models_key ON tuned_models (segment);

-- The model in force and the one that is proposed, which is the same one (kept, and why) unless another is better beyond chance;
-- the best AUC of all is the first row of health_tune_rows(tuned). forward_gain is the number to show: what the earlier dates
-- would have chosen, measured on the later ones; 0 where they would have kept it. Intervals are NULL where too few left.
CREATE OR REPLACE VIEW tuning AS
SELECT segment, t.observations, t.churned, t.dates, now.window_days, now.half_life_days, round(now.auc::numeric, 4) AS auc,
       CASE WHEN t.folds > 0 THEN round(now.auc_low::numeric, 4) END AS auc_low,
       CASE WHEN t.folds > 0 THEN round(now.auc_high::numeric, 4) END AS auc_high,
       proposed.window_days AS proposed_window_days, proposed.half_life_days AS proposed_half_life_days,
       round(proposed.auc::numeric, 4) AS proposed_auc, proposed.current IS NOT false AS kept, t.why,
       CASE WHEN NOT proposed.current THEN round(t.gain, 4) END AS gain,
       CASE WHEN NOT proposed.current THEN round(t.gain_low, 4) END AS gain_low,
       CASE WHEN NOT proposed.current THEN round(t.gain_high, 4) END AS gain_high,
       f.since AS forward_since, round(f.gain, 4) AS forward_gain,
       CASE WHEN t.folds > 0 THEN round(f.gain_low, 4) END AS forward_gain_low,
       CASE WHEN t.folds > 0 THEN round(f.gain_high, 4) END AS forward_gain_high
FROM tuned_models
CROSS JOIN LATERAL jsonb_to_record(tuned) AS t (observations int, churned int, dates int, folds int, why text, gain numeric,
                                                gain_low numeric, gain_high numeric, forward jsonb)
CROSS JOIN LATERAL jsonb_to_record(coalesce(t.forward, '{}')) AS f (since date, gain numeric, gain_low numeric, gain_high numeric)
LEFT JOIN LATERAL health_tune_rows(tuned) AS now ON now.current
LEFT JOIN LATERAL health_tune_rows(tuned) AS proposed ON proposed.chosen;

-- ---------------------------------------------------------------- Which weights?

-- After the time: of the window and half-life that health_tune proposes. The given weights stay unless others are better beyond
-- chance for accounts that they had not seen.
CREATE MATERIALIZED VIEW IF NOT EXISTS fitted_models AS
SELECT segment, health_fit(coalesce(activity, '{}'), churned, (tuned -> 'model')::health_model, p.as_of, seats,
                           created_on) AS fitted
FROM past_accounts AS p
JOIN accounts USING (account_id)
JOIN tuned_models USING (segment)
LEFT JOIN account_activity USING (account_id)
GROUP BY segment;

CREATE UNIQUE INDEX IF NOT EXISTS fitted_models_key ON fitted_models (segment);

-- As tuning has it: the AUC of the given weights, those of the model that health_tune proposes, and of fitted ones, of
-- accounts that these had not seen. why: what keeps the given ones.
CREATE OR REPLACE VIEW fitting AS
SELECT segment, t.observations, t.churned, t.dates, round(t.current_auc, 4) AS current_auc, round(t.auc, 4) AS auc,
       round(t.auc_low, 4) AS auc_low, round(t.auc_high, 4) AS auc_high, NOT t.better AS kept, t.why, round(t.gain, 4) AS gain,
       round(t.gain_low, 4) AS gain_low, round(t.gain_high, 4) AS gain_high, f.since AS forward_since,
       round(f.gain, 4) AS forward_gain, round(f.gain_low, 4) AS forward_gain_low,
       round(f.gain_high, 4) AS forward_gain_high
FROM fitted_models
CROSS JOIN LATERAL jsonb_to_record(fitted) AS t (observations int, churned int, dates int, current_auc numeric, auc numeric,
                                                 auc_low numeric, auc_high numeric, better boolean, why text, gain numeric,
                                                 gain_low numeric, gain_high numeric, forward jsonb)
CROSS JOIN LATERAL jsonb_to_record(coalesce(t.forward, '{}')) AS f (since date, gain numeric, gain_low numeric, gain_high numeric);

-- What each signal weighs and would weigh, whether that is proposed or not.
CREATE OR REPLACE VIEW fitted_signals AS
SELECT segment, r.signal, r.label, r.current_weight, r.weight, round(r.odds_ratio::numeric, 2) AS odds_ratio,
       round(r.odds_ratio_low::numeric, 2) AS odds_ratio_low, round(r.odds_ratio_high::numeric, 2) AS odds_ratio_high,
       round(r.points::numeric, 1) AS points, round(r.coverage::numeric, 3) AS coverage, r.direction, r.note, r.resembles
FROM fitted_models CROSS JOIN LATERAL health_fit_rows(fitted) AS r;

-- ---------------------------------------------------------------- Which model is proposed, and who would move?

-- Nothing is in force before you say so:
--   UPDATE health_models AS m SET model = p.model FROM proposed_models AS p WHERE p.segment = m.segment;
CREATE OR REPLACE VIEW proposed_models AS
SELECT segment, (fitted -> 'model')::health_model AS model FROM fitted_models;

-- Who would move today by a point or into another band, the largest move first. Look at ten whom you know before you take it.
-- By which signals: weight_change of book.sql.
CREATE OR REPLACE VIEW proposed_change AS
SELECT account_id, name, segment, csm, arr, round(b.score::numeric, 1) AS score,
       round(b.proposed_score::numeric, 1) AS proposed_score, round((b.proposed_score - b.score)::numeric, 1) AS moved, band, proposed_band
FROM (SELECT account_id, name, segment, csm, arr, score, proposed_score, health_band(score, model) AS band,
             health_band(proposed_score, proposed) AS proposed_band
      FROM (SELECT account_id, name, segment, csm, arr, m.model, p.model AS proposed,
                   health_score(coalesce(activity, '{}'), m.model, as_of, seats, created_on)
                       OVER (PARTITION BY segment) AS score,
                   health_score(coalesce(activity, '{}'), p.model, as_of, seats, created_on)
                       OVER (PARTITION BY segment) AS proposed_score
            FROM accounts
            CROSS JOIN settings
            JOIN health_models AS m USING (segment)
            JOIN proposed_models AS p USING (segment)
            LEFT JOIN account_activity USING (account_id)) AS scored) AS b
WHERE abs(b.proposed_score - b.score) >= 1 OR band <> proposed_band
ORDER BY abs(b.proposed_score - b.score) DESC, account_id;

-- ---------------------------------------------------------------- What does a score mean in churn, and in money?

CREATE OR REPLACE VIEW churn_calibration AS
SELECT health_calibration(score, churned) AS calibration FROM past_scores;

-- The chance that an account of today's score leaves within the horizon, as accounts of such scores did, and what that is in
-- ARR; the most first. Of the customers.
CREATE OR REPLACE VIEW account_risk AS
SELECT account_id, name, segment, csm, arr, score_shown AS score, probability, low, high, round(arr * probability) AS arr_at_risk
FROM scoreboard
JOIN (SELECT account_id FROM customer_time CROSS JOIN settings GROUP BY account_id
      HAVING bool_or(daterange(began_on, left_on) @> as_of)) AS customers USING (account_id)
CROSS JOIN churn_calibration
CROSS JOIN LATERAL (SELECT health_churn_interval(score, calibration) AS sure) AS i
CROSS JOIN LATERAL (SELECT round(health_churn_probability(score, calibration)::numeric, 3) AS probability,
                           round(sure[1]::numeric, 3) AS low, round(sure[2]::numeric, 3) AS high) AS c
ORDER BY arr_at_risk DESC NULLS LAST, probability DESC, account_id;

-- By segment, and of all. low and high add up those of the accounts, as if all erred to one side: the range is wide, and the
-- truth lies well inside.
CREATE OR REPLACE VIEW arr_at_risk AS
SELECT CASE WHEN grouping(segment) = 1 THEN 'all' ELSE segment END AS segment, count(*)::int AS accounts, sum(arr) AS arr,
       round(sum(probability), 1) AS expected_churned, sum(arr_at_risk) AS arr_at_risk, round(sum(arr * low)) AS low,
       round(sum(arr * high)) AS high
FROM account_risk GROUP BY GROUPING SETS ((segment), ());

-- ---------------------------------------------------------------- Did the tracking change last night?

-- Every morning, before anybody is called.
CREATE OR REPLACE VIEW tracking_changes AS
SELECT as_of, f.*
FROM (SELECT as_of, health_drift(activity, model, as_of) AS drift
      FROM account_activity CROSS JOIN any_model CROSS JOIN settings GROUP BY as_of) AS d
CROSS JOIN LATERAL health_drift_rows(drift) AS f;

-- The questions, as \dv+ shows them.
COMMENT ON VIEW customer_time IS 'From when to when was each account a customer?';
COMMENT ON VIEW backtest_dates IS 'Which dates are looked at, and when is it known who left?';
COMMENT ON VIEW backtest_input IS 'Is there enough: customers, who left, events, dates? What is missing?';
COMMENT ON VIEW past_accounts IS 'Who was a customer on each date, and had left horizon_days later?';
COMMENT ON MATERIALIZED VIEW past_scores IS 'What were the scores of those dates?';
COMMENT ON VIEW any_model IS 'Which bands and names of signals are taken for all segments at once?';
COMMENT ON VIEW auc_by_date IS 'Did those who left score lower?';
COMMENT ON VIEW backtest_by_date IS 'How many left of each band and decile?';
COMMENT ON VIEW signal_power IS 'What does each signal say, before we touch its weight?';
COMMENT ON VIEW tuning IS 'How far back should the score look, how fast forget?';
COMMENT ON VIEW fitting IS 'Are other weights better than ours?';
COMMENT ON VIEW fitted_signals IS 'What would each signal weigh?';
COMMENT ON VIEW proposed_models IS 'Which model is proposed?';
COMMENT ON VIEW proposed_change IS 'Who would move if it were taken?';
COMMENT ON VIEW churn_calibration IS 'What churn rate had each range of scores?';
COMMENT ON VIEW account_risk IS 'How likely is each account to leave, and what ARR is that?';
COMMENT ON VIEW arr_at_risk IS 'How much revenue is at risk, and how sure is that?';
COMMENT ON VIEW tracking_changes IS 'Did the tracking change last night?';

COMMIT;

ANALYZE backtest_settings, past_scores, tuned_models, fitted_models;
