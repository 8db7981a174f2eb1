-- The same sentences in French: the populations of each day that has an alert, and by them a report of each account
-- that has one.
WITH told AS (
    SELECT account_id, as_of FROM alert_feed WHERE as_of > (SELECT max(as_of) FROM scoreboard) - 28
), populations AS (
    SELECT d.as_of, segment,
           health_population(coalesce(activity, '{}'), model || '{"language": "fr"}', d.as_of, seats, created_on)
               AS population
    FROM (SELECT DISTINCT as_of FROM told) AS d
    CROSS JOIN accounts
    JOIN health_models USING (segment)
    LEFT JOIN account_activity USING (account_id)
    GROUP BY d.as_of, segment
)
SELECT account_id, told.as_of, r.reason, r.next_step
FROM told
JOIN accounts USING (account_id)
JOIN populations USING (as_of, segment)
LEFT JOIN account_activity USING (account_id)
CROSS JOIN LATERAL health_report(population, coalesce(activity, '{}'), seats, created_on) AS r;
