-- Five CSV files of a SaaS vendor, mapped to activities and scored, and proof that the result is right.
--
-- What the data is: RavenStack, 500 accounts made up by a generator. Who churns in it did not use the product less, so no score
-- can tell who leaves, and nothing here says that one does. What it is good for: sources that contradict each other (churn
-- flags, dates, a repeated usage_id), tickets without a rating, daily counts beside single events.
--
--   psql -d some_empty_database -v ON_ERROR_STOP=1 -v data=path/to/data -f test/ravenstack.sql
--
-- path/to/data holds the folder ravenstack, which is not part of the sources. Scores are for three dates of 2024.
\set QUIET on
\pset footer off
SET client_min_messages = warning;
SET plpgsql.check_asserts = on;
CREATE EXTENSION IF NOT EXISTS health_score;

-- ---------------------------------------------------------------- the sources, as they were exported

CREATE TABLE account (
  account_id text PRIMARY KEY, account_name text, industry text, country text, signup_date date, referral_source text,
  plan_tier text NOT NULL, seats int, is_trial boolean, churn_flag boolean);
CREATE TABLE subscription (
  subscription_id text PRIMARY KEY, account_id text NOT NULL REFERENCES account, start_date date, end_date date,
  plan_tier text, seats int, mrr_amount numeric, arr_amount numeric, is_trial boolean, upgrade_flag boolean,
  downgrade_flag boolean, churn_flag boolean, billing_frequency text, auto_renew_flag boolean);
CREATE TABLE feature_usage (  -- the export repeats some usage_id
  usage_id text, subscription_id text NOT NULL REFERENCES subscription, usage_date date, feature_name text,
  usage_count int, usage_duration_secs int, error_count int, is_beta_feature boolean);
CREATE TABLE support_ticket (
  ticket_id text PRIMARY KEY, account_id text NOT NULL REFERENCES account, submitted_at date, closed_at timestamp,
  resolution_time_hours float8, priority text, first_response_time_minutes int, satisfaction_score float8,
  escalation_flag boolean);
CREATE TABLE churn_event (
  churn_event_id text PRIMARY KEY, account_id text NOT NULL REFERENCES account, churn_date date, reason_code text,
  refund_amount_usd numeric, preceding_upgrade_flag boolean, preceding_downgrade_flag boolean, is_reactivation boolean,
  feedback_text text);

\cd :data
\copy account FROM 'ravenstack/ravenstack_accounts.csv' CSV HEADER
\copy subscription FROM 'ravenstack/ravenstack_subscriptions.csv' CSV HEADER
\copy feature_usage FROM 'ravenstack/ravenstack_feature_usage.csv' CSV HEADER
\copy support_ticket FROM 'ravenstack/ravenstack_support_tickets.csv' CSV HEADER
\copy churn_event FROM 'ravenstack/ravenstack_churn_events.csv' CSV HEADER

-- ---------------------------------------------------------------- one activity per account

-- Every source is aggregated for itself, then the parts are merged. `before` is for the proof below.
CREATE FUNCTION activities(before date DEFAULT 'infinity') RETURNS TABLE (account_id text, activity health_activity)
LANGUAGE sql STABLE AS $$
  SELECT account_id, health_rollup(part)
  FROM (
    -- A row stands for usage_count uses: the daily form. Its value, the seconds, is not scored but kept.
    SELECT account_id, health_daily(feature_name, usage_date, usage_count, usage_duration_secs) AS part
    FROM feature_usage JOIN subscription USING (subscription_id)
    WHERE usage_date < before AND usage_count > 0
    GROUP BY account_id
    UNION ALL
    SELECT account_id, health_daily('error', usage_date, error_count, NULL)
    FROM feature_usage JOIN subscription USING (subscription_id)
    WHERE usage_date < before
    GROUP BY account_id
    UNION ALL
    SELECT account_id, health_activity('ticket_' || priority, submitted_at)
    FROM support_ticket
    WHERE submitted_at < before
    GROUP BY account_id
    UNION ALL
    -- A row with a NULL signal is skipped: only escalated tickets count here.
    SELECT account_id, health_activity(CASE WHEN escalation_flag THEN 'escalation' END, submitted_at)
    FROM support_ticket
    WHERE submitted_at < before
    GROUP BY account_id
    UNION ALL
    -- Many closed tickets are not rated: they count, without a value.
    SELECT account_id, health_activity('satisfaction', closed_at, satisfaction_score)
    FROM support_ticket
    WHERE closed_at < before
    GROUP BY account_id
    UNION ALL
    SELECT account_id, health_activity('downgrade', start_date)
    FROM subscription
    WHERE downgrade_flag AND start_date < before
    GROUP BY account_id
  ) AS source
  GROUP BY account_id
$$;

CREATE TABLE account_activity AS SELECT * FROM activities();
ALTER TABLE account_activity ADD PRIMARY KEY (account_id);

-- ---------------------------------------------------------------- the model

-- All features weigh the same; what tells against an account is written out. Tickets of low priority are left out, so
-- the report flags them as unscored_signals; "ticket_low": 0 would say that this is meant.
CREATE TABLE scoring AS
SELECT health_make_model(
         signals => jsonb_object_agg(feature_name, '{"weight": 1, "dimension": "adoption"}'::jsonb),
         half_life_days => 30, size_exponent => 0.5)
       || '{"signals": {
             "error":         {"weight": -0.5, "unit": "raw", "dimension": "quality"},
             "ticket_urgent": {"weight": -6, "unit": "raw", "dimension": "support"},
             "ticket_high":   {"weight": -3, "unit": "raw", "dimension": "support"},
             "ticket_medium": {"weight": -1, "unit": "raw", "dimension": "support"},
             "escalation":    {"weight": -15, "unit": "score", "max_points": 30, "dimension": "support"},
             "satisfaction":  {"weight": 5, "measure": "last", "neutral": 4, "window_days": 180,
                               "dimension": "support"},
             "downgrade":     {"weight": -20, "unit": "score", "max_points": 20, "dimension": "contract"}}}' AS model
FROM (SELECT DISTINCT feature_name FROM feature_usage) AS feature;

-- ---------------------------------------------------------------- the scores

CREATE TABLE day (as_of date);
INSERT INTO day VALUES ('2024-03-01'), ('2024-07-01'), ('2024-10-01');

-- Accounts are compared within their plan tier. An account without events has the empty activity.
CREATE TABLE report AS
SELECT account_id, plan_tier, (r).*
FROM (SELECT account_id, plan_tier,
             health_report(coalesce(activity, '{}'), model, as_of, seats) OVER (PARTITION BY plan_tier, as_of) AS r
      FROM day CROSS JOIN scoring CROSS JOIN account LEFT JOIN account_activity USING (account_id)) AS scored;

\echo Health by plan tier, and how many of the accounts churned within 90 days
SELECT r.as_of, plan_tier, count(*) AS accounts,
       count(*) FILTER (WHERE band = 'red') AS red,
       count(*) FILTER (WHERE band = 'yellow') AS yellow,
       count(*) FILTER (WHERE band = 'green') AS green,
       round(avg(score)) AS score,
       round(avg(score) FILTER (WHERE churned)) AS score_of_churned,
       count(*) FILTER (WHERE churned) AS churned
FROM report AS r
     CROSS JOIN LATERAL (SELECT EXISTS (SELECT FROM churn_event AS c
                                        WHERE c.account_id = r.account_id AND NOT is_reactivation
                                              AND churn_date >= r.as_of AND churn_date < r.as_of + 90)) AS c (churned)
GROUP BY r.as_of, plan_tier ORDER BY r.as_of, plan_tier;

\echo Five accounts that fell furthest by October, and why
SELECT account_name, reason
FROM report JOIN account USING (account_id, plan_tier)
WHERE as_of = '2024-10-01'
ORDER BY score_change NULLS LAST, account_id LIMIT 5;

-- ---------------------------------------------------------------- proof

-- Every event of the sources as (account, signal, day), with plain SQL.
CREATE VIEW event AS
SELECT account_id, feature_name AS signal, usage_date AS day, usage_count AS count, usage_duration_secs::float8 AS value
FROM feature_usage JOIN subscription USING (subscription_id) WHERE usage_count > 0
UNION ALL
SELECT account_id, 'error', usage_date, error_count, NULL
FROM feature_usage JOIN subscription USING (subscription_id) WHERE error_count > 0
UNION ALL
SELECT account_id, 'ticket_' || priority, submitted_at, 1, NULL FROM support_ticket
UNION ALL
SELECT account_id, 'escalation', submitted_at, 1, NULL FROM support_ticket WHERE escalation_flag
UNION ALL
SELECT account_id, 'satisfaction', closed_at::date, 1, satisfaction_score
FROM support_ticket WHERE closed_at IS NOT NULL
UNION ALL
SELECT account_id, 'downgrade', start_date, 1, NULL FROM subscription WHERE downgrade_flag;

-- The activities hold the sources, no more and no less.
CREATE TABLE cell AS
SELECT account_id, signal, day, sum(count) AS count,
       coalesce(sum(count) FILTER (WHERE value IS NOT NULL), 0) AS value_count, sum(value) AS value
FROM event GROUP BY account_id, signal, day;
DO $$ BEGIN
  ASSERT (SELECT count(*) FROM cell) > 20000, 'the sources have events';
  ASSERT (SELECT count(*) FROM account_activity, health_cells(activity)) = (SELECT count(*) FROM cell),
    'health_cells has one row per account, signal and day';
  ASSERT NOT EXISTS (TABLE cell EXCEPT SELECT account_id, c.* FROM account_activity, health_cells(activity) AS c),
    'health_cells equals GROUP BY';
END $$;

-- Every account has a score in a band, and what is said about it adds up.
DO $$ BEGIN
  ASSERT (SELECT bool_and(accounts = 500 AND scores = 500 AND bands = 3)
          FROM (SELECT count(DISTINCT account_id) AS accounts, count(score) AS scores, count(DISTINCT band) AS bands
                FROM report GROUP BY as_of) AS r), '500 accounts with a score on each date, in three bands';
  ASSERT (SELECT count(*) FROM report) = 1500, 'one row per account and date';
  ASSERT (SELECT bool_and(score BETWEEN 0 AND 100 AND band = health_band(score)
                          AND band = CASE WHEN score < 50 THEN 'red' WHEN score < 80 THEN 'yellow' ELSE 'green' END)
          FROM report), 'bands are cut at 50 and 80';
  ASSERT (SELECT bool_and(abs(score - points) < 1e-9)
          FROM report, LATERAL (SELECT sum((d ->> 'points')::float8) AS points
                                FROM jsonb_array_elements(drivers) AS d) AS s),
    'points add up to the score';
  ASSERT (SELECT bool_and(abs(score - points) < 1e-9)
          FROM report, LATERAL (SELECT sum(value::float8) AS points FROM jsonb_each_text(dimensions)) AS s),
    'dimensions add up to the score';
END $$;

-- The baseline is the 90th percentile of the active accounts of the tier.
DO $$ BEGIN
  ASSERT (SELECT bool_and(abs(baseline - p90) <= 1e-12 * p90 AND accounts_compared = active)
          FROM report
               JOIN (SELECT plan_tier, as_of, count(*) AS active,
                            percentile_cont(0.9) WITHIN GROUP (ORDER BY raw_score) AS p90
                     FROM report WHERE raw_score > 0 GROUP BY plan_tier, as_of) AS tier USING (plan_tier, as_of)),
    'the baseline equals percentile_cont';
END $$;

-- No event from as_of on is seen: with the later events taken away, every column of the report stays what it is.
DO $$ BEGIN
  ASSERT (SELECT count(*) FROM event WHERE day >= '2024-10-01') > 1000, 'there are later events';
  ASSERT NOT EXISTS (
    TABLE report
    EXCEPT
    SELECT account_id, plan_tier, (r).*
    FROM (SELECT account_id, plan_tier,
                 health_report(coalesce(activity, '{}'), model, as_of, seats) OVER (PARTITION BY plan_tier, as_of) AS r
          FROM day CROSS JOIN scoring CROSS JOIN account
               LEFT JOIN (SELECT as_of, a.* FROM day, activities(as_of) AS a) AS known
                 USING (as_of, account_id)) AS scored),
    'the past does not see later events';
END $$;

-- Satisfaction is the mean of the latest day of the last 180 that has a rating, in health_measure and in the drivers
-- (which print six places; there is room for all of them, or it may be folded into the rest).
CREATE TABLE rating AS
SELECT DISTINCT ON (account_id, as_of) account_id, as_of, value / value_count AS mean
FROM cell JOIN day AS d ON day >= as_of - 180 AND day < as_of
WHERE signal = 'satisfaction' AND value_count > 0
ORDER BY account_id, as_of, day DESC;
CREATE TABLE unfolded AS
SELECT account_id, as_of, activity,
       health_report(activity, model || '{"max_drivers": 100}', as_of, seats)
         OVER (PARTITION BY plan_tier, as_of) AS report
FROM day CROSS JOIN scoring CROSS JOIN account JOIN account_activity USING (account_id);
DO $$ BEGIN
  ASSERT (SELECT count(*) FROM rating) > 500, 'many accounts have a rating';
  ASSERT (SELECT bool_and(abs(mean - health_measure(activity, 'satisfaction', as_of, 180, 'last')) < 1e-12)
                 AND count(*) = (SELECT count(*) FROM rating)
          FROM rating JOIN unfolded USING (account_id, as_of)),
    'health_measure equals the mean of the latest rated day';
  ASSERT (SELECT bool_and(abs(mean - (d ->> 'recent')::float8) < 1e-6) AND count(*) = (SELECT count(*) FROM rating)
          FROM rating JOIN unfolded USING (account_id, as_of)
               CROSS JOIN LATERAL jsonb_array_elements((report).drivers) AS d WHERE d ->> 'signal' = 'satisfaction'),
    'the driver says the same';
END $$;

-- Who churns did not do less: the honest answer is that no score can tell, and it is given.
CREATE TABLE outcome AS
SELECT account_id, as_of, EXISTS (SELECT FROM churn_event AS c WHERE c.account_id = a.account_id AND churn_date >= as_of
                                                                 AND churn_date < as_of + 90) AS churned
FROM account AS a CROSS JOIN day WHERE signup_date < as_of;
DO $$
DECLARE
  told jsonb := (SELECT health_tune(activity, churned, model, as_of, seats)
                 FROM outcome JOIN account USING (account_id) JOIN account_activity USING (account_id) CROSS JOIN scoring);
BEGIN
  ASSERT (SELECT count(*) > 20 FROM outcome WHERE churned), 'some churned';
  ASSERT (SELECT bool_and(sure[1] < 0.5 AND sure[2] > 0.5)
          FROM (SELECT health_auc_interval((r).score, churned) AS sure
                FROM (SELECT as_of, churned, health_report(coalesce(activity, '{}'), model, as_of, seats) OVER (PARTITION BY as_of) AS r
                      FROM outcome JOIN account USING (account_id) LEFT JOIN account_activity USING (account_id) CROSS JOIN scoring) AS s
                GROUP BY as_of) AS i), 'at no date does the score know more than chance';
  ASSERT told -> 'model' = (SELECT model::jsonb FROM scoring), 'and no other window or half-life is proposed';
  ASSERT (SELECT (health_fit(activity, churned, model, as_of, seats) -> 'model') = (SELECT model::jsonb FROM scoring)
          FROM outcome JOIN account USING (account_id) JOIN account_activity USING (account_id) CROSS JOIN scoring), 'nor other weights';
  ASSERT (SELECT count(*) = 3 * 47 AND bool_and(direction = 'unclear')
          FROM (SELECT health_signal_power(activity, churned, model, as_of) AS power
                FROM outcome JOIN account_activity USING (account_id) CROSS JOIN scoring GROUP BY as_of) AS p
          CROSS JOIN health_signal_power_rows(power)), 'nor does any signal say something at any date';
END $$;

\echo All facts hold.
