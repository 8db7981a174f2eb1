-- Their words in French.
SELECT account_id, d.rank, d.label, d.text
FROM (
    SELECT account_id, health_report(coalesce(activity, '{}'), model || '{"language": "fr"}',
                                     (SELECT max(as_of) FROM scoreboard), seats, created_on)
                           OVER (PARTITION BY segment) AS r
    FROM accounts
    LEFT JOIN health_models USING (segment)
    LEFT JOIN account_activity USING (account_id)
) AS scored
CROSS JOIN LATERAL health_driver_rows((r).drivers) AS d
ORDER BY account_id, rank;
