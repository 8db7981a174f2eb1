-- The same sentences in French: a report of all accounts for each day that has an alert, as alert_feed makes it.
SELECT account_id, as_of, (r).reason, (r).next_step
FROM (
    SELECT d.as_of, account_id, health_report(coalesce(activity, '{}'), model || '{"language": "fr"}', d.as_of, seats,
                                              created_on)
                                    OVER (PARTITION BY segment, d.as_of) AS r
    FROM (SELECT DISTINCT as_of FROM alert_feed WHERE as_of > (SELECT max(as_of) FROM scoreboard) - 28) AS d
    CROSS JOIN accounts
    JOIN health_models USING (segment)
    LEFT JOIN account_activity USING (account_id)
) AS told
JOIN alert_feed USING (account_id, as_of);
