-- Is the model any good, of a large book: psql -v accounts=100000 -f proof.sql. Accounts with 25 signals on twenty days each,
-- of the 540 days before 2026-01-01; at five dates, who left within 90 days.
\set ON_ERROR_STOP 1

-- A number in [0, 1) that depends on nothing but its arguments, the same everywhere: integer hashing.
CREATE FUNCTION noise(account bigint, which bigint) RETURNS float8 LANGUAGE sql IMMUTABLE PARALLEL SAFE
  RETURN ((account * 2654435761 # which * 40503) % 2147483647 * 48271 % 2147483647 # 1013904223) % 2147483647 / 2147483647.0::float8;

CREATE TABLE model AS
SELECT health_make_model(half_life_days => 30, signals => jsonb_object_agg('signal ' || i,
         CASE WHEN i % 8 = 0 THEN '{"weight": -1, "unit": "raw"}' ELSE to_jsonb(i) END)) AS model
FROM generate_series(1, 25) AS i;

-- One in five has been fading: its days are older ones, and it leaves four times as often.
CREATE TABLE account AS
SELECT account_id::int, noise(account_id, 0) < 0.2 AS fading FROM generate_series(1, :accounts) AS account_id;
CREATE TABLE event AS
SELECT account_id, 'signal ' || i AS signal,
       date '2025-12-31' - floor(540 * CASE WHEN fading THEN sqrt(at) ELSE at END)::int AS day, 1 + (3 * at * i)::int AS count
FROM account CROSS JOIN generate_series(1, 25) AS i CROSS JOIN generate_series(1, 20) AS k
CROSS JOIN LATERAL (SELECT noise(account_id, 100 * i + k) AS at) AS n;
CREATE TABLE account_activity AS
SELECT account_id, health_daily(signal, day, count, NULL) AS activity FROM event GROUP BY account_id;
DROP TABLE event;

CREATE TABLE outcome AS
SELECT account_id, as_of, noise(account_id, extract(julian FROM as_of)::bigint) < CASE WHEN fading THEN 0.08 ELSE 0.02 END AS churned
FROM account CROSS JOIN unnest('{2025-01-01,2025-04-01,2025-07-01,2025-10-01,2026-01-01}'::date[]) AS as_of;
VACUUM ANALYZE;
CREATE TABLE past_scores AS
SELECT account_id, as_of, churned, health_score(activity, model, as_of) OVER (PARTITION BY as_of) AS score
FROM outcome JOIN account_activity USING (account_id) CROSS JOIN model;
CREATE TABLE calibration AS SELECT health_calibration(score, churned) AS calibration FROM past_scores;
VACUUM ANALYZE;

-- What is asked of two cores, in seconds.
CREATE TABLE cases (number int GENERATED ALWAYS AS IDENTITY, name text, rows int8, asked float8, query text);
INSERT INTO cases (name, rows, asked, query) VALUES
  ('health_tune', 5 * :accounts, 60,
   'SELECT health_tune(activity, churned, model, as_of) FROM outcome JOIN account_activity USING (account_id) CROSS JOIN model'),
  ('health_fit', 5 * :accounts, 10,
   'SELECT health_fit(activity, churned, model, as_of) FROM outcome JOIN account_activity USING (account_id) CROSS JOIN model'),
  ('health_signal_power', :accounts, NULL,
   $$SELECT health_signal_power(activity, churned, model, as_of) FROM outcome JOIN account_activity USING (account_id) CROSS JOIN model
     WHERE as_of = '2026-01-01'$$),
  ('health_drift', :accounts, NULL, $$SELECT health_drift(activity, model, '2026-01-01') FROM account_activity CROSS JOIN model$$),
  ('health_backtest', 5 * :accounts, NULL, 'SELECT health_backtest(score, churned, model) FROM past_scores CROSS JOIN model'),
  ('health_auc', 5 * :accounts, NULL, 'SELECT health_auc(score, churned) FROM past_scores'),
  ('health_auc_interval', 5 * :accounts, NULL, 'SELECT health_auc_interval(score, churned) FROM past_scores'),
  ('health_calibration', 5 * :accounts, NULL, 'SELECT health_calibration(score, churned) FROM past_scores'),
  ('health_churn_probability', 5 * :accounts, NULL,
   'SELECT sum(health_churn_probability(score, calibration)) FROM past_scores CROSS JOIN calibration'),
  ('count(*)', 5 * :accounts, NULL, 'SELECT count(*) FILTER (WHERE churned) FROM past_scores');
