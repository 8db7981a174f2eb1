-- Each population: how many accounts make the baseline, what earns 100, and over how many days changes are told.
SELECT segment, b.model, count(*) AS accounts, max(accounts_compared) AS accounts_compared, max(baseline) AS baseline,
       percentile_cont(0.5) WITHIN GROUP (ORDER BY score) AS median_score,
       coalesce(max((m.model::jsonb ->> 'trend_days')::int), 28) AS trend_days
FROM scoreboard AS b
LEFT JOIN health_models AS m USING (segment)
GROUP BY segment, b.model
ORDER BY accounts DESC, segment;
