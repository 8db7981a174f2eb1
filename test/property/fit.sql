-- health_fit of random accounts, against the equations of ridge logistic regression and against health_score, in plain
-- SQL.
-- Runs in a fresh database. A failure names its seed: repeat it with psql -v seed=0.123456 -f ...
\ir common/start.sql
\ir common/trial.sql

-- 400 accounts at two dates: whoever exports stays, whoever has tickets leaves. Events after a date are there as well.
CREATE TABLE account AS
SELECT n AS account_id, 1 + floor(random() * 30)::float8 AS size, CASE WHEN n % 9 = 0 THEN date '2025-06-01' ELSE '2025-01-01' END AS since,
       random() AS exports, random() AS tickets, random() AS logins
FROM generate_series(1, 400) AS n;
CREATE TABLE event AS
SELECT account_id, signal, since + day AS day, CASE WHEN signal = 'nps' THEN round(10 * random()) WHEN random() < 0.5 THEN round(10 * random()) END AS value
FROM account CROSS JOIN generate_series(0, 300, 2) AS day CROSS JOIN unnest('{login,export,ticket,nps}'::text[]) AS signal
WHERE random() + 0 * day < 0.3 * CASE signal WHEN 'login' THEN logins WHEN 'export' THEN exports WHEN 'ticket' THEN tickets ELSE 0.1 END;
CREATE TABLE activity AS
SELECT account_id, (SELECT coalesce(health_activity(signal, day, value), '{}') FROM event AS e WHERE e.account_id = a.account_id) AS activity
FROM account AS a;
CREATE TABLE outcome AS
SELECT account_id, as_of, random() < 1 / (1 + exp(1 + 3 * (exports - 0.5) - 3 * (tickets - 0.5))) AS churned
FROM account CROSS JOIN unnest('{2025-07-01,2025-09-15}'::date[]) AS as_of WHERE random() < 0.95;
CREATE TABLE model AS
SELECT kind, model::health_model FROM (VALUES
  ('raw', '{"window_days": 90, "half_life_days": 30, "signals": {"login": 1, "export": 3, "ticket": {"weight": 2, "measure": "days"}}}'),
  ('points', '{"window_days": 50, "linear_days": 40, "percentile": 0.8, "size_exponent": 0.5, "dimension_caps": {"other": 1},
              "signals": {"login": 1, "export": {"weight": 2, "measure": "sum", "window_days": 20},
              "ticket": {"weight": -5, "max_points": 3}, "nps": {"weight": 2, "measure": "last", "neutral": 7}}}')) AS v (kind, model);
CREATE TABLE fitted AS
SELECT kind, model, health_fit(activity, churned, model, as_of, size, since) AS fit
FROM model CROSS JOIN outcome JOIN account USING (account_id) JOIN activity USING (account_id) GROUP BY kind, model;
-- Usage: of unit raw, and no measure in the model that came of it.
CREATE TABLE slope AS
SELECT kind, model, (fit ->> 'penalty')::float8 AS penalty, r.*, fit -> 'candidate' -> 'signals' -> r.signal AS option, -ln(r.odds_ratio) AS slope,
       NOT (r.signal = 'nps' OR kind = 'points' AND r.signal = 'ticket')
       AND (fit #>> ARRAY['candidate', 'signals', r.signal, 'unit']) IS DISTINCT FROM 'share' AS usage
FROM fitted CROSS JOIN health_fit_rows(fit) AS r;

-- What each signal says: the raw score of a model that has no other, of weight 1; or the value in the window.
CREATE TABLE measured AS
SELECT kind, account_id, as_of, churned, signal, usage,
       CASE WHEN usage THEN health_raw_score(activity, alone, as_of, size, since)
            WHEN signal = 'nps' THEN health_measure(activity, signal, as_of, 50, 'last')
            ELSE coalesce(health_measure(activity, signal, as_of, least(days, tenure), coalesce(option ->> 'measure', 'count')), 0) * days / least(days, tenure) END AS x
FROM slope CROSS JOIN outcome JOIN account USING (account_id) JOIN activity USING (account_id)
CROSS JOIN LATERAL (SELECT coalesce((option ->> 'window_days')::int, (model::jsonb ->> 'window_days')::int) AS days, greatest(as_of - since, 14) AS tenure) AS d
CROSS JOIN LATERAL (SELECT (model::jsonb - 'dimension_caps' || jsonb_build_object('signals', jsonb_build_object(signal,
                              CASE jsonb_typeof(model::jsonb -> 'signals' -> signal) WHEN 'object' THEN model::jsonb -> 'signals' -> signal ELSE '{}' END
                              - 'max_points' || '{"weight": 1}')))::health_model AS alone) AS m;
-- Winsorized at the percentile of those that are not 0, and standardized.
CREATE TABLE bound AS
SELECT kind, signal, percentile_cont(coalesce((model::jsonb ->> 'percentile')::float8, 0.9)) WITHIN GROUP (ORDER BY abs(x)) AS bound
FROM measured JOIN model USING (kind) WHERE x <> 0 GROUP BY kind, signal, model;
CREATE TABLE winsorized AS
SELECT kind, account_id, as_of, churned, signal, usage, CASE WHEN x > bound THEN bound ELSE x END AS x FROM measured JOIN bound USING (kind, signal);
CREATE TABLE standard AS
SELECT kind, signal, avg(x) AS mean, stddev_pop(x) AS deviation FROM winsorized GROUP BY kind, signal;
-- Whoever has no value is taken as the mean.
CREATE TABLE z AS
SELECT kind, account_id, as_of, churned, signal, coalesce((x - mean) / deviation, 0) AS z, slope, penalty, note
FROM winsorized JOIN standard USING (kind, signal) JOIN slope USING (kind, signal);
-- The intercept of each date makes the sum of the chances the number of those kept: by Newton's method.
CREATE TABLE logit AS
SELECT kind, account_id, as_of, churned, sum(slope * z) AS logit FROM z GROUP BY kind, account_id, as_of, churned;
CREATE TABLE intercept AS
WITH RECURSIVE step AS (
  SELECT kind, as_of, 0 AS round, 0::float8 AS a FROM logit GROUP BY kind, as_of
  UNION ALL
  SELECT kind, as_of, round + 1, a + off
  FROM step CROSS JOIN LATERAL (SELECT sum((NOT churned)::int - p) / sum(p * (1 - p)) AS off
                                FROM logit AS l CROSS JOIN LATERAL (SELECT 1 / (1 + exp(-a - logit)) AS p) AS p
                                WHERE l.kind = step.kind AND l.as_of = step.as_of) AS o
  WHERE round < 30)
SELECT kind, as_of, a FROM step WHERE round = 30;
-- Where the likelihood less the penalty is highest its slope is 0: sum of (kept - p) z = penalty * rows * slope.
INSERT INTO trial
SELECT 'ridge', format('%s, %s', kind, signal), sum(((NOT churned)::int - 1 / (1 + exp(-a - logit))) * z) / count(*), min(penalty * slope), 2e-5
FROM z JOIN logit USING (kind, account_id, as_of, churned) JOIN intercept USING (kind, as_of)
WHERE note IS NULL GROUP BY kind, signal;

-- Weights are the slopes: of one of it for usage, which the baseline and usage_weight bring to the logit, of the whole
-- range for a measure.
CREATE TABLE worth AS
SELECT kind, signal, w.usage, weight, points, option, bound, slope * bound / deviation AS logit,
       CASE WHEN w.usage THEN weight * bound / (fit #>> '{candidate,baseline}')::float8 * coalesce((fit #>> '{candidate,usage_weight}')::float8, 1) ELSE weight END AS share
FROM slope AS w JOIN bound USING (kind, signal) JOIN standard AS s USING (kind, signal) JOIN fitted USING (kind) WHERE weight <> 0;
INSERT INTO trial
SELECT 'weights', format('%s, %s', kind, signal), share / abs(logit) / first_value(share / abs(logit)) OVER (PARTITION BY kind ORDER BY signal), 1, 2e-3 FROM worth;
INSERT INTO trial
SELECT 'bounds', format('%s, %s', kind, signal), CASE WHEN usage THEN (option ->> 'max_points')::float8 / weight ELSE (option #>> '{scale,1,0}')::float8 END / bound, 1, 2e-3
FROM worth;
INSERT INTO trial
SELECT 'directions', format('%s, %s', kind, signal), CASE WHEN usage THEN option -> 'scale' ELSE (option #> '{scale,0,1}') || (option #> '{scale,1,1}') END,
       CASE WHEN usage THEN NULL WHEN logit > 0 THEN '[0, 1]'::jsonb ELSE '[1, 0]' END, NULL FROM worth;
INSERT INTO trial
SELECT 'points', format('%s, %s', kind, signal), points, 100 * share / (sum(share) FILTER (WHERE NOT usage) OVER (PARTITION BY kind)
                                                                      + (fit #>> '{candidate,usage_weight}')::float8), 0.1
FROM worth JOIN fitted USING (kind);
INSERT INTO trial
SELECT 'heaviest', format('%s, %s', kind, usage), CASE WHEN usage THEN max(weight) ELSE greatest(max(weight), min((fit #>> '{candidate,usage_weight}')::float8)) END, 10, 1e-9
FROM worth JOIN fitted USING (kind) GROUP BY kind, usage;

-- The fitted model's scores are the logits on another scale, from 0 to 100 where all measures have a value.
CREATE TABLE scored AS
SELECT kind, account_id, as_of, churned, health_score(activity, model, as_of, size, since) OVER (PARTITION BY kind, as_of) AS own,
       health_raw_score(activity, (fit -> 'candidate')::health_model, as_of, size, since) / (fit #>> '{candidate,baseline}')::float8 AS usage,
       health_score(activity, (fit -> 'candidate')::health_model, as_of, size, since) OVER (PARTITION BY kind, as_of) AS score
FROM fitted CROSS JOIN outcome JOIN account USING (account_id) JOIN activity USING (account_id);
INSERT INTO trial
SELECT 'scores rise with the logit', kind, corr(score, logit), 1, 1e-4
FROM scored AS s JOIN logit USING (kind, account_id, as_of, churned)
WHERE usage < 1 AND NOT EXISTS (SELECT FROM measured AS m WHERE m.x IS NULL AND m.kind = s.kind AND m.account_id = s.account_id AND m.as_of = s.as_of)
GROUP BY kind;
INSERT INTO trial
SELECT 'saturated', s.kind, (fit ->> 'saturated')::float8, avg((score < 0.02 OR score > 99.98)::int), 2e-2
FROM scored AS s JOIN fitted USING (kind) GROUP BY s.kind, fit;
INSERT INTO trial
SELECT 'AUC of the given model', kind, (fit ->> 'current_auc')::float8, sum(auc * pairs) / sum(pairs), 1e-6
FROM fitted JOIN (SELECT kind, health_auc(own, churned) AS auc, count(*) FILTER (WHERE churned) * count(*) FILTER (WHERE NOT churned)::float8 AS pairs
                  FROM scored GROUP BY kind, as_of) AS s USING (kind) GROUP BY kind, fit;
-- Bands hold as many accounts as they did: as many are below a cut, but for those at the cut, which has two places.
INSERT INTO trial
SELECT 'bands', format('%s, below %s', kind, cut),
       least(greatest(count(*) FILTER (WHERE own < own_cut), count(*) FILTER (WHERE score < at - 0.006)), count(*) FILTER (WHERE score < at + 0.006)),
       count(*) FILTER (WHERE own < own_cut), 0
FROM scored JOIN fitted USING (kind) CROSS JOIN (VALUES ('red_below', 50), ('green_from', 80)) AS v (cut, own_cut)
CROSS JOIN LATERAL (SELECT (fit -> 'candidate' ->> cut)::float8 AS at) AS c GROUP BY kind, cut;

-- No order of the rows shows, and no event of later days.
INSERT INTO trial
SELECT 'any order', kind, health_fit(activity, churned, model, as_of, size, since ORDER BY md5(account_id || '/' || as_of)), fit, NULL
FROM fitted CROSS JOIN outcome JOIN account USING (account_id) JOIN activity USING (account_id) GROUP BY kind, model, fit;
INSERT INTO trial
SELECT 'the past only', kind,
       health_fit((SELECT coalesce(health_activity(signal, day, value), '{}') FROM event AS e WHERE e.account_id = o.account_id AND day < as_of),
                  churned, model, as_of, size, since) - 'auc_low' - 'auc_high' - 'gain_low' - 'gain_high' - 'auc' - 'gain' - 'penalty' - 'folds',
       fit - 'auc_low' - 'auc_high' - 'gain_low' - 'gain_high' - 'auc' - 'gain' - 'penalty' - 'folds', NULL
FROM fitted CROSS JOIN outcome AS o JOIN account USING (account_id) GROUP BY kind, model, fit;

\set claims 12
\ir common/verdict.sql
