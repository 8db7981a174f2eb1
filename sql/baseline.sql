-- health_baseline: the raw score that earns 100.

-- Raw scores of a made-up population, with what a spreadsheet gives for them (PERCENTILE.INC at 90 %, three curves).
CREATE TEMPORARY TABLE accounts (id serial, raw float8, linear float8, exponential float8, open float8);
INSERT INTO accounts (raw, linear, exponential, open) VALUES
  (475, 100, 100, 99.476954), (89, 42.747358, 69.588572, 62.629714), (101, 48.511047, 74.749173, 67.274256),
  (7, 3.362152, 8.27729, 7.449561), (3, 1.440922, 3.62601, 3.263409), (21, 10.086455, 23.027941, 20.725147),
  (2, 0.960615, 2.430682, 2.187614), (149, 71.565802, 89.726593, 80.753934), (223, 100, 100, 91.509867),
  (1, 0.480307, 1.222062, 1.099856), (13, 6.243996, 14.87955, 13.391595), (9, 4.322767, 10.526898, 9.474208),
  (37, 17.771374, 37.313254, 33.581928);

SELECT health_baseline(raw, '{}') AS baseline, health_baseline(raw, '{"percentile": 0.5}') AS median,
       health_baseline(raw, '{}') = percentile_cont(0.9) WITHIN GROUP (ORDER BY raw) AS same FROM accounts;
-- The maximum, with the linear curve only.
SELECT health_baseline(raw, '{"percentile": 1, "curve": "linear"}') AS baseline, max(raw) FROM accounts;
SELECT count(*) AS wrong FROM (
  SELECT health_baseline(raw, model) OVER moving AS baseline, max(raw) OVER moving AS most
  FROM accounts, (VALUES ('{"percentile": 1, "curve": "linear"}'::health_model)) AS v (model)
  WINDOW moving AS (ORDER BY id ROWS BETWEEN 3 PRECEDING AND 1 PRECEDING)) AS n
WHERE baseline IS DISTINCT FROM most;
SELECT health_baseline(raw, '{"percentile": 1}') FROM accounts;

-- Not active does not pull the baseline down; with population all it does.
SELECT health_baseline(raw, '{}') AS active, health_baseline(raw, '{"population": "all"}') AS all, count(raw)
FROM (VALUES (-5::float8), (0), (0), (NULL), (4), (8)) AS v (raw);

-- Nobody eligible: no baseline.
SELECT health_baseline(raw, '{}') IS NULL AS no_rows, health_baseline(raw, NULL) IS NULL AS no_model FROM accounts
WHERE raw < 0;
SELECT health_baseline(raw, '{}') IS NULL AS nobody FROM (VALUES (0::float8), (-1), (NULL)) AS v (raw);

-- A frozen baseline does not look at the accounts.
SELECT health_baseline(raw, '{"baseline": 200}') AS of_accounts,
       (SELECT health_baseline(0, '{"baseline": 200}')) AS of_nobody FROM accounts;

-- A running baseline, and one over a moving frame.
SELECT count(*) AS wrong FROM (
  SELECT id, health_baseline(raw, '{}') OVER (ORDER BY id) AS so_far,
         health_baseline(raw, '{}') OVER (ORDER BY id ROWS BETWEEN 3 PRECEDING AND 1 PRECEDING) AS before
  FROM accounts) AS n
WHERE so_far <> (SELECT percentile_cont(0.9) WITHIN GROUP (ORDER BY raw) FROM accounts AS a WHERE a.id <= n.id)
   OR before IS DISTINCT FROM (SELECT percentile_cont(0.9) WITHIN GROUP (ORDER BY raw) FROM accounts AS a
     WHERE a.id BETWEEN n.id - 3 AND n.id - 1);

-- One model; what is no number is refused; numbers may be of any size, though the difference of two be none.
SELECT health_baseline(raw, model) FROM (VALUES (1::float8, '{"curve": "linear"}'::health_model),
         (2, '{"curve": "open"}')) AS v (raw, model);
SELECT health_baseline('NaN', '{}');
SELECT health_baseline(raw, '{"population": "all"}') AS ninth,
       health_baseline(raw, '{"population": "all", "percentile": 0.5}') AS median
FROM (VALUES (-1.7e308::float8), (1.7e308)) AS v (raw);
