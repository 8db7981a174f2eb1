-- health_tune and health_signal_power of random accounts, against health_score and health_measure in plain SQL.
-- Runs in a fresh database. A failure names its seed: repeat it with psql -v seed=0.123456 -f ...
\ir common/start.sql
\ir common/trial.sql

-- 360 accounts at three dates: those who come less often of late churn more often. Events after a date are there as well.
CREATE TABLE account AS
SELECT n AS account_id, 1 + floor(random() * 30)::float8 AS size, CASE WHEN n % 9 = 0 THEN date '2025-06-01' ELSE '2025-01-01' END AS since,
       random() AS level, random() < 0.4 AS fades
FROM generate_series(1, 360) AS n;
CREATE TABLE event AS
SELECT account_id, (ARRAY['login', 'login', 'export', 'ticket', 'nps'])[1 + floor(5 * random())::int] AS signal,
       since + day AS day, CASE WHEN random() < 0.5 THEN round(10 * random()) END AS value
FROM account CROSS JOIN generate_series(0, 300, 3) AS day
WHERE random() < level * CASE WHEN fades AND day > 120 THEN 0.2 ELSE 1 END
UNION ALL SELECT account_id, 'registered', since, account_id FROM account;  -- which tells them apart
CREATE TABLE activity AS
SELECT account_id, (SELECT coalesce(health_activity(signal, day, value), '{}') FROM event AS e WHERE e.account_id = a.account_id) AS activity
FROM account AS a;
CREATE TABLE outcome AS
SELECT account_id, as_of, random() < CASE WHEN fades THEN 0.5 ELSE 0.1 END AS churned
FROM account CROSS JOIN unnest('{2025-07-01,2025-08-01,2025-09-15}'::date[]) AS as_of WHERE random() < 0.95;
CREATE TABLE model AS
SELECT kind, model::health_model FROM (VALUES
  ('raw', '{"window_days": 90, "half_life_days": 30, "signals": {"login": 1, "export": 3}}'),
  ('both', '{"window_days": 50, "linear_days": 40, "curve": "linear", "signals": {"login": 1, "export": {"weight": 2, "window_days": 20},
            "ticket": {"weight": -5, "unit": "score"}, "nps": {"weight": 2, "measure": "last", "neutral": 7}}}'),
  ('override', '{"window_days": 90, "signals": {"login": 1, "nps": {"measure": "last", "set_score": true}}}'),
  ('scorecard', '{"combine": "mean", "usage_weight": 40, "signals": {"login": {"weight": 1, "unit": "raw"},
                  "nps": {"weight": 20, "measure": "last", "out_of": 10, "window_days": 60}}}')) AS v (kind, model);
CREATE TABLE tuned AS
SELECT kind, model, health_tune(activity, churned, model, as_of, size, since) AS tuned
FROM model CROSS JOIN outcome JOIN account USING (account_id) JOIN activity USING (account_id) GROUP BY kind, model;

-- The AUC of each time is that of the scores of the model with it, among the accounts of each date, over all pairs of a date.
CREATE TABLE tried AS
SELECT kind, r.*, row_number() OVER (PARTITION BY kind) AS place,
       CASE WHEN current THEN model
            ELSE model || jsonb_build_object('window_days', window_days, 'half_life_days', half_life_days, 'linear_days', NULL)
       END AS variant
FROM tuned CROSS JOIN health_tune_rows(tuned) AS r;
CREATE TABLE scored AS
SELECT kind, place, as_of, churned, health_score(activity, variant, as_of, size, since) OVER (PARTITION BY kind, place, as_of) AS score
FROM tried CROSS JOIN outcome JOIN account USING (account_id) JOIN activity USING (account_id);
INSERT INTO trial
SELECT 'AUC', format('%s, %s days, half-life %s', kind, window_days, half_life_days), t.auc, sum(s.auc * pairs) / sum(pairs), 1e-5
FROM tried AS t JOIN (SELECT kind, place, health_auc(score, churned) AS auc,
                             count(*) FILTER (WHERE churned) * count(*) FILTER (WHERE NOT churned)::float8 AS pairs
                      FROM scored GROUP BY kind, place, as_of) AS s USING (kind, place)
GROUP BY kind, place, window_days, half_life_days, t.auc;
INSERT INTO trial
SELECT 'all are tried', kind, count(*) || ' ' || count(*) FILTER (WHERE current) || ' ' || count(*) FILTER (WHERE chosen),
       CASE kind WHEN 'both' THEN 43 ELSE 42 END || ' 1 1', NULL FROM tried GROUP BY kind;
INSERT INTO trial
SELECT 'the model', kind, tuned -> 'model', variant::jsonb, NULL FROM tuned JOIN tried USING (kind) WHERE chosen;
INSERT INTO trial
SELECT 'counts', kind, tuned ->> 'observations' || ' ' || (tuned ->> 'churned') || ' ' || (tuned ->> 'dates'),
       count(*) || ' ' || count(*) FILTER (WHERE churned) || ' ' || count(DISTINCT as_of), NULL FROM tuned CROSS JOIN outcome GROUP BY kind, tuned;
-- The AUC at the last of three dates of what the two before it chose; and that choice, where these alone make as many folds:
-- with others the same gain may be beyond chance or not.
CREATE TABLE forward AS
SELECT kind, tuned -> 'forward' AS forward, (tuned #>> '{forward,window_days}')::int AS window_days,
       (tuned #>> '{forward,half_life_days}')::float8 AS half_life_days, tuned -> 'folds' = earlier -> 'folds' AS same_folds, earlier
FROM tuned JOIN model USING (kind, model)
CROSS JOIN LATERAL (SELECT health_tune(activity, churned, model, as_of, size, since) AS earlier
                    FROM outcome JOIN account USING (account_id) JOIN activity USING (account_id) WHERE as_of < '2025-09-15') AS e;
INSERT INTO trial
SELECT 'forward', format('%s, auc', kind), (forward ->> 'auc')::float8, health_auc(score, churned), 1e-5
FROM forward AS f JOIN tried AS t USING (kind) JOIN scored AS s USING (kind, place)
WHERE as_of = '2025-09-15' AND t.window_days = f.window_days AND t.half_life_days IS NOT DISTINCT FROM f.half_life_days
GROUP BY kind, forward;
INSERT INTO trial
SELECT 'forward', format('%s, %s', kind, what), mine, theirs, 1e-5
FROM forward AS f CROSS JOIN LATERAL health_tune_rows(earlier) AS c
CROSS JOIN LATERAL (VALUES ('window', f.window_days::float8, c.window_days::float8),
                           ('half-life', coalesce(f.half_life_days, 0), coalesce(c.half_life_days, 0))) AS v (what, mine, theirs)
WHERE c.chosen AND same_folds;

-- No order of the rows shows, and no event of later days: the same of activities that end at each date.
CREATE VIEW cut AS
SELECT account_id, as_of, churned, size, since, health_splice(activity, '{}', as_of) AS activity
FROM outcome JOIN account USING (account_id) JOIN activity USING (account_id);
INSERT INTO trial
SELECT 'no later event', kind, health_tune(activity, churned, model, as_of, size, since), tuned, NULL
FROM tuned CROSS JOIN cut GROUP BY kind, model, tuned;
INSERT INTO trial
SELECT 'no later event', 'signal power', (SELECT health_signal_power(activity, churned, model, as_of) FROM cut),
       (SELECT health_signal_power(activity, churned, model, as_of) FROM outcome JOIN activity USING (account_id)), NULL
FROM model WHERE kind = 'raw';
INSERT INTO trial
SELECT 'any order', kind, health_tune(activity, churned, model, as_of, size, since ORDER BY md5(account_id || '/' || as_of)), tuned, NULL
FROM tuned CROSS JOIN outcome JOIN account USING (account_id) JOIN activity USING (account_id) GROUP BY kind, model, tuned;

-- ---------------------------------------------------------------- what each signal says

CREATE TABLE measured AS
SELECT signal, account_id, as_of, churned,
       CASE signal WHEN 'nps' THEN health_measure(activity, signal, as_of, 60, 'last') WHEN 'value' THEN health_measure(activity, 'export', as_of, 30, 'sum')
            ELSE health_measure(activity, signal, as_of, 90) END AS x,
       CASE signal WHEN 'nps' THEN health_measure(activity, signal, as_of, 60, 'last') IS NOT NULL
            ELSE coalesce(health_measure(activity, CASE signal WHEN 'value' THEN 'export' ELSE signal END, as_of,
                                         CASE signal WHEN 'value' THEN 30 ELSE 90 END), 0) > 0 END AS had
FROM outcome JOIN activity USING (account_id) CROSS JOIN unnest('{login,export,ticket,nps}'::text[]) AS signal;
-- The interval of an account's dates that hang together (N. A. Obuchowski, Biometrics 53, 1997), at least Newcombe's (Statist.
-- Med. 25, 2006, method 5) of as many as there are accounts with a row of the kind: pair by pair.
CREATE TABLE placed AS
SELECT a.signal, a.account_id, a.churned, avg(CASE WHEN a.x = b.x THEN 0.5 ELSE ((a.x > b.x) <> a.churned)::int END)::float8 AS placement
FROM measured AS a JOIN measured AS b USING (signal) WHERE a.churned <> b.churned AND a.x IS NOT NULL AND b.x IS NOT NULL
GROUP BY a.signal, a.account_id, a.as_of, a.churned;
\ir common/newcombe.sql
CREATE TABLE sure AS
SELECT signal, least(auc - reach, newcombe(auc, 0, with_kept, with_churned)) AS low,
       greatest(auc + reach, newcombe(auc, 1, with_kept, with_churned)) AS high
FROM (SELECT signal, auc, count(of_kept) AS with_kept, count(of_churned) AS with_churned,
             1.959963984540054 * sqrt(count(of_kept) / (count(of_kept) - 1.0) * sum(of_kept ^ 2) / kept ^ 2
                                      + count(of_churned) / (count(of_churned) - 1.0) * sum(of_churned ^ 2) / churned ^ 2
                                      + 2 * count(*) / (count(*) - 1.0) * sum(of_kept * of_churned) / (kept * churned)) AS reach
      FROM (SELECT signal, account_id, sum(placement - auc) FILTER (WHERE NOT churned) AS of_kept,
                   sum(placement - auc) FILTER (WHERE churned) AS of_churned
            FROM placed JOIN (SELECT signal, health_auc(x, churned) AS auc FROM measured GROUP BY signal) AS a USING (signal)
            GROUP BY signal, account_id) AS of_account
      JOIN (SELECT signal, health_auc(x, churned) AS auc, count(*) FILTER (WHERE NOT churned AND x IS NOT NULL)::float8 AS kept,
                   count(*) FILTER (WHERE churned AND x IS NOT NULL)::float8 AS churned
            FROM measured GROUP BY signal) AS n USING (signal)
      GROUP BY signal, auc, kept, churned) AS r;
INSERT INTO trial
SELECT 'signal power', format('%s, %s', signal, what), mine, theirs, 1e-6
FROM (SELECT health_signal_power(activity, churned, '{"signals": {"login": 1, "export": 3, "ticket": -1,
                                                     "nps": {"weight": 1, "measure": "last", "neutral": 7, "window_days": 60}}}', as_of) AS power
      FROM outcome JOIN activity USING (account_id)) AS p
CROSS JOIN health_signal_power_rows(power) AS r
JOIN (SELECT signal, health_auc(x, churned) AS auc, count(*) FILTER (WHERE had) AS observations,
             avg(had::int) AS coverage, avg(churned::int) FILTER (WHERE had) AS with_it, avg(churned::int) FILTER (WHERE NOT had) AS without_it
      FROM measured GROUP BY signal) AS e USING (signal)
JOIN sure USING (signal)
CROSS JOIN LATERAL (VALUES ('auc', r.auc, e.auc), ('low', r.auc_low, sure.low), ('high', r.auc_high, sure.high),
                           ('observations', r.observations, e.observations), ('coverage', r.coverage, e.coverage),
                           ('with', r.churn_rate_with, with_it), ('without', r.churn_rate_without, without_it)) AS v (what, mine, theirs);

\set claims 8
\ir common/verdict.sql
