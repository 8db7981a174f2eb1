-- The sentences of the accounts in French: a second report by the same model, at the date of the scoreboard. Its
-- columns take the place of those of accounts.sql.
SELECT account_id, (r).reason, (r).main_risk, (r).next_step, (r).main_opportunity
FROM (
    SELECT account_id, health_report(coalesce(activity, '{}'), model || '{"language": "fr"}',
                                     (SELECT max(as_of) FROM scoreboard), seats, created_on)
                           OVER (PARTITION BY segment) AS r
    FROM accounts
    LEFT JOIN health_models USING (segment)
    LEFT JOIN account_activity USING (account_id)
) AS scored
JOIN scoreboard USING (account_id);
