-- health_auc, health_auc_interval, health_calibration, health_churn_probability, health_churn_interval and health_backtest
-- of random books, against their definitions in plain SQL, and of three against the figures of scipy, scikit-learn and pROC.
-- Runs in a fresh database. A failure names its seed: repeat it with psql -v seed=0.123456 -f ...
\ir common/start.sql
\ir common/trial.sql

-- Books of 1 to 60 accounts; scores with ties or without, that tell much, little or nothing, or the wrong way round.
CREATE TABLE outcome AS
SELECT book, n, score, random() < greatest(0, least(1, risk + slope * (score - 50) / 50)) AS churned
FROM (SELECT book, 1 + floor(60 * random())::int AS accounts, random() AS risk, 2 * random() - 1.5 AS slope, random() < 0.5 AS ties
      FROM generate_series(1, 300) AS book) AS b
CROSS JOIN LATERAL generate_series(1, accounts) AS n
CROSS JOIN LATERAL (SELECT CASE WHEN ties THEN 10 * floor(11 * random()) ELSE 100 * random() + 0 * n END AS score) AS s;
CREATE TABLE book AS
SELECT book, count(*) AS accounts, count(*) FILTER (WHERE churned) AS churned, count(*) FILTER (WHERE NOT churned) AS kept,
       health_auc(score, churned) AS auc, health_auc_interval(score, churned) AS sure,
       health_calibration(score, churned) AS calibration,
       health_backtest(score, churned, '{"signals": {"login": 1}, "red_below": 30, "green_from": 70}') AS backtest
FROM outcome GROUP BY book;

-- ---------------------------------------------------------------- AUC and its interval

CREATE TABLE pair AS
SELECT book, k.n AS kept, c.n AS churned, CASE WHEN k.score > c.score THEN 1 WHEN k.score = c.score THEN 0.5 ELSE 0 END::float8 AS won
FROM outcome AS k JOIN outcome AS c USING (book) WHERE NOT k.churned AND c.churned;
CREATE FUNCTION wilson(share float8, trials float8, side int) RETURNS float8 LANGUAGE sql AS $$
  SELECT (share + z * z / (2 * trials) + side * z * sqrt(share * (1 - share) / trials + z * z / (4 * trials * trials)))
         / (1 + z * z / trials) FROM (SELECT 1.959963984540054::float8 AS z) AS v
$$;
CREATE TABLE delong AS
SELECT book, b.kept, b.churned, (SELECT avg(won) FROM pair AS p WHERE p.book = b.book) AS auc,
       (SELECT var_samp(placed) FROM (SELECT avg(won) AS placed FROM pair AS p WHERE p.book = b.book GROUP BY p.kept) AS v) / b.kept
       + (SELECT var_samp(placed) FROM (SELECT avg(won) AS placed FROM pair AS p WHERE p.book = b.book GROUP BY p.churned) AS v)
         / b.churned AS variance
FROM book AS b WHERE b.kept > 0 AND b.churned > 0;
INSERT INTO trial
SELECT 'health_auc', format('book %s', book), b.auc, d.auc, 1e-12 FROM book AS b LEFT JOIN delong AS d USING (book);
\ir common/newcombe.sql
INSERT INTO trial
SELECT 'health_auc_interval', format('book %s', book), sure[end_of],
       CASE side WHEN -1 THEN least(greatest(0, d.auc - reach), newcombe(d.auc, 0, d.kept, d.churned))
                 ELSE greatest(least(1, d.auc + reach), newcombe(d.auc, 1, d.kept, d.churned)) END, 1e-9
FROM book JOIN delong AS d USING (book) CROSS JOIN LATERAL (SELECT 1.959963984540054 * sqrt(coalesce(variance, 0)) AS reach) AS r
CROSS JOIN (VALUES (1, -1), (2, 1)) AS v (end_of, side);

-- ---------------------------------------------------------------- calibration

CREATE TABLE tie AS
SELECT book, score, count(*) AS accounts, count(*) FILTER (WHERE churned) AS churned,
       row_number() OVER (PARTITION BY book ORDER BY score) AS place
FROM outcome GROUP BY book, score;
-- The isotonic fit by its min-max formula: over all beginnings up to a score, the least of the highest rates of runs that
-- reach it.
CREATE TABLE isotonic AS
SELECT t.book, t.score, (SELECT min(most)
                         FROM (SELECT max(rate) FILTER (WHERE last_place >= t.place) AS most
                               FROM (SELECT a.place AS first_place, z.place AS last_place,
                                            sum(z.churned) OVER w::float8 / sum(z.accounts) OVER w AS rate
                                     FROM tie AS a JOIN tie AS z ON z.book = a.book AND z.place >= a.place
                                     WHERE a.book = t.book AND a.place <= t.place
                                     WINDOW w AS (PARTITION BY a.place ORDER BY z.place)) AS run
                               GROUP BY first_place) AS beginnings) AS rate
FROM tie AS t WHERE t.book <= 60;
INSERT INTO trial
SELECT 'health_calibration', format('book %s, score %s', book, i.score), health_churn_probability(i.score, calibration), i.rate, 1e-12
FROM isotonic AS i JOIN book USING (book);
-- Between two scores in a straight line, and Wilson's interval of all accounts of the step.
CREATE TABLE step AS
SELECT book, rate, min(score) AS first_score, max(score) AS last_score, sum(t.accounts) AS accounts,
       lead(min(score)) OVER (PARTITION BY book ORDER BY min(score)) AS next_score,
       lead(rate) OVER (PARTITION BY book ORDER BY min(score)) AS next_rate
FROM isotonic JOIN tie AS t USING (book, score) GROUP BY book, rate;
INSERT INTO trial
SELECT 'health_churn_probability', format('book %s between %s and %s', book, last_score, next_score),
       health_churn_probability(last_score + part * (next_score - last_score), calibration), rate + part * (next_rate - rate), 1e-9
FROM (SELECT *, random() AS part FROM step WHERE next_score IS NOT NULL) AS s JOIN book USING (book);
INSERT INTO trial
SELECT 'health_churn_interval', format('book %s, score %s', book, first_score), (health_churn_interval(first_score, calibration))[end_of],
       wilson(rate, s.accounts, side), 1e-9
FROM step AS s JOIN book USING (book) CROSS JOIN (VALUES (1, -1), (2, 1)) AS v (end_of, side);

-- ---------------------------------------------------------------- backtest

INSERT INTO trial
SELECT 'KS', format('book %s', book), backtest ->> 'ks', max(abs(churned_up_to / b.churned - kept_up_to / b.kept)), 1e-6
FROM (SELECT book, score, count(*) FILTER (WHERE churned) OVER w::float8 AS churned_up_to,
             count(*) FILTER (WHERE NOT churned) OVER w::float8 AS kept_up_to
      FROM outcome WINDOW w AS (PARTITION BY book ORDER BY score)) AS o JOIN book AS b USING (book)
WHERE b.churned > 0 AND b.kept > 0 GROUP BY book, backtest;
INSERT INTO trial
SELECT 'what is of all', format('book %s, %s', book, what), mine, theirs, CASE WHEN what IN ('red_below', 'green_from') THEN 0.005001 ELSE 1e-6 END
FROM book AS b CROSS JOIN LATERAL (VALUES
  ('accounts', backtest ->> 'accounts', b.accounts::float8), ('churned', backtest ->> 'churned', b.churned),
  ('churn_rate', backtest ->> 'churn_rate', b.churned::float8 / b.accounts),
  ('low', backtest ->> 'low', wilson(b.churned::float8 / b.accounts, b.accounts, -1)),
  ('high', backtest ->> 'high', wilson(b.churned::float8 / b.accounts, b.accounts, 1)),
  ('auc', backtest ->> 'auc', auc), ('auc_low', backtest ->> 'auc_low', sure[1]), ('auc_high', backtest ->> 'auc_high', sure[2]),
  ('recall', backtest ->> 'recall_below_best', CASE WHEN b.kept > 0 THEN (SELECT count(*) FILTER (WHERE score < 70)::float8 FROM outcome AS o
                                     WHERE o.book = b.book AND o.churned) / nullif(b.churned, 0) END),
  ('red_below', backtest #>> '{cuts,red_below}',
   (SELECT percentile_cont(0.15) WITHIN GROUP (ORDER BY score) FROM outcome AS o WHERE o.book = b.book)),
  ('green_from', backtest #>> '{cuts,green_from}',
   (SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY score) FROM outcome AS o WHERE o.book = b.book))) AS v (what, mine, theirs);
-- Each tie in the tenth where its middle lies.
CREATE TABLE bucket AS
SELECT book, 'decile' AS part, (1 + floor(10 * (below + t.accounts / 2.0) / b.accounts))::text AS bucket, t.accounts, t.churned
FROM (SELECT *, sum(accounts) OVER (PARTITION BY book ORDER BY score) - accounts AS below FROM tie) AS t JOIN book AS b USING (book)
UNION ALL
SELECT book, 'band', CASE WHEN score < 30 THEN 'red' WHEN score < 70 THEN 'yellow' ELSE 'green' END, accounts, churned FROM tie;
CREATE TABLE bucketed AS
SELECT book, part, bucket, sum(accounts)::float8 AS accounts, sum(churned)::float8 AS churned FROM bucket GROUP BY book, part, bucket;
INSERT INTO trial
SELECT part || 's', format('book %s, %s %s, %s', book, part, bucket, what), mine, theirs, 1e-6
FROM (SELECT b.book, b.churned / b.accounts::float8 AS base_rate, (SELECT count(*) FROM tie AS t WHERE t.book = b.book) AS scores, r.*
      FROM book AS b CROSS JOIN health_backtest_rows(backtest) AS r WHERE part IN ('decile', 'band')) AS r
LEFT JOIN bucketed AS o USING (book, part, bucket)
CROSS JOIN LATERAL (VALUES
  ('accounts', r.accounts, coalesce(o.accounts, 0)), ('churned', r.churned, coalesce(o.churned, 0)),
  ('churn_rate', r.churn_rate, o.churned / o.accounts), ('low', r.low, wilson(o.churned / o.accounts, o.accounts, -1)),
  ('high', r.high, wilson(o.churned / o.accounts, o.accounts, 1)),
  ('lift', r.lift, CASE WHEN o.accounts > 0 AND base_rate > 0 AND part = 'decile' AND scores < 10 THEN 1
                        ELSE o.churned / o.accounts / nullif(base_rate, 0) END)) AS v (what, mine, theirs);
INSERT INTO trial
SELECT 'precision and recall', format('book %s, %s, %s', book, band ->> 'band', what), mine, theirs, 1e-6
FROM book AS b CROSS JOIN jsonb_array_elements(backtest -> 'bands') AS band
CROSS JOIN LATERAL (SELECT count(*)::float8 AS accounts, (count(*) FILTER (WHERE churned))::float8 AS churned FROM outcome AS o
                    WHERE o.book = b.book AND score < CASE band ->> 'band' WHEN 'red' THEN 30 WHEN 'yellow' THEN 70 ELSE 1000 END) AS o
CROSS JOIN LATERAL (VALUES ('precision', band ->> 'precision', o.churned / nullif(o.accounts, 0)),
                           ('recall', band ->> 'recall', o.churned / nullif(b.churned, 0))) AS v (what, mine, theirs);

-- ---------------------------------------------------------------- scipy, scikit-learn and pROC

-- Three books with ties, of scores s and churned c. By scipy 1.10.1 and scikit-learn 1.2.1, for all of n accounts, k of which
-- churned and m did not:
--   sklearn.metrics.roc_auc_score(c, -s); scipy.stats.ks_2samp(s[c == 1], s[c == 0]).statistic
--   scipy.stats.binomtest(k, n).proportion_ci(method='wilson')
--   sklearn.isotonic.IsotonicRegression(increasing=False, out_of_bounds='clip').fit(s, c).predict(x)
-- The interval of the AUC is the outer one of DeLong's, by pROC 1.18.0 in R 4.2.2,
--   pROC::ci.auc(pROC::roc(c, s, levels = c(0, 1), direction = '>'), method = 'delong')
-- which is 0.648602 to 1, 0.363081 to 0.911919 and 0.574324 to 0.940676, and Newcombe's, by
--   def se(t): return sqrt(t*(1-t)/(m*k)*(1+((m+k)/2-1)*((1-t)/(2-t)+t/(1+t))))
--   scipy.optimize.brentq(lambda t: auc-t-z*se(t), 1e-12, auc); scipy.optimize.brentq(lambda t: t-auc-z*se(t), auc, 1-1e-12)
-- with z = scipy.stats.norm.ppf(0.975), which is 0.571983 to 0.944278, 0.41833 to 0.806446 and 0.535419 to 0.888372.
CREATE TABLE known AS
SELECT number, health_backtest(score, churned = 1, '{"signals": {"login": 1}}') AS backtest, health_calibration(score, churned = 1) AS calibration
FROM (VALUES
  (1, '{12,35,35,48,52,52,60,71,71,83,90,97,5,20,35,44,60,66,71,88}'::float8[], '{1,1,0,0,1,0,0,0,1,0,0,0,1,1,1,0,1,0,0,0}'::int[]),
  (2, '{10,10,20,20,20,50,50,90,90,95,20,30,35,40,40,50,50,50,55,60,60,65,70,70,75,80,80,85,90,90}',
      '{1,1,1,1,1,1,1,1,1,1,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0}'),
  (3, '{1,1,2,2,2,3,3,4,4,5,1,2,3,3,4,4,5,5,5,5,5,4,3,5,4,5,2,5,4,5}', '{1,1,1,1,1,1,1,1,1,1,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0}')
) AS v (number, scores, outcomes) CROSS JOIN ROWS FROM (unnest(scores), unnest(outcomes)) AS u (score, churned) GROUP BY number;
INSERT INTO trial
SELECT 'scipy, scikit-learn and pROC', format('book %s, %s', number, key), backtest ->> key, theirs, 1e-6
FROM known JOIN (VALUES
  (1, 'auc', 0.8333333333333334), (1, 'ks', 0.5416666666666666), (1, 'low', 0.21880653237281705), (1, 'high', 0.6134184992377467),
  (1, 'auc_low', 0.5719832925297323), (1, 'auc_high', 1),
  (2, 'auc', 0.6375), (2, 'ks', 0.45), (2, 'low', 0.19230498083676134), (2, 'high', 0.5121994835545616),
  (2, 'auc_low', 0.363080993952512), (2, 'auc_high', 0.911919006047488),
  (3, 'auc', 0.7575), (3, 'ks', 0.4), (3, 'auc_low', 0.5354186935579641), (3, 'auc_high', 0.940676183250121)) AS v (number, key, theirs)
  USING (number);
INSERT INTO trial
SELECT 'scipy, scikit-learn and pROC', format('book %s, probability at %s', number, score), health_churn_probability(score, calibration), theirs, 1e-6
FROM known JOIN (VALUES
  (1, '{0,12,30,35,40,47,52,56,60,70,85,100}'::float8[], '{1,1,0.77777778,0.66666667,0.48148148,0.33333333,0.33333333,0.33333333,0.33333333,0.25,0,0}'::float8[]),
  (2, '{0,10,15,20,25,30,50,52.5,55,95,99}', '{1,1,0.875,0.75,0.48611111,0.22222222,0.22222222,0.21111111,0.2,0.2,0.2}'), (3, '{0,1,1.5,2,2.5,3,3.25,4,5,6}', '{0.66666667,0.66666667,0.63333333,0.6,0.5,0.4,0.37142857,0.28571429,0.1,0.1}')) AS v (number, scores, rates) USING (number)
CROSS JOIN ROWS FROM (unnest(scores), unnest(rates)) AS u (score, theirs);

\set claims 11
\ir common/verdict.sql
