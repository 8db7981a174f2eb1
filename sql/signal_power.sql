-- health_signal_power and health_signal_power_rows: what each signal says of churn by itself.

-- Accounts 1 to 4 churned. Who logs in often stays, who writes tickets goes, exports tell nothing; NPS was asked now and then,
-- 0 being an answer; nobody ever had an invoice.
CREATE TEMPORARY TABLE account AS
SELECT n, n <= 4 AS churned,
       (SELECT health_activity(signal, '2025-12-20', value)
        FROM (SELECT 'login' AS signal, NULL::float8 AS value FROM generate_series(1, n)
              UNION ALL SELECT 'ticket', NULL FROM generate_series(1, 6 - n)
              UNION ALL SELECT 'export', NULL FROM generate_series(1, n % 3)
              UNION ALL SELECT 'nps', n % 2 * 7 WHERE n IN (1, 2, 9, 10)
              UNION ALL SELECT 'user:' || u, NULL FROM generate_series(1, 1 + n / 3) AS u) AS e) AS activity
FROM generate_series(1, 12) AS n;
SELECT signal, weight, observations, coverage, auc, auc_low, auc_high, churn_rate_with AS rate_with, churn_rate_without AS rate_without,
       direction
FROM (SELECT health_signal_power(activity, churned, '{"signals": {
        "login": 1, "ticket": {"weight": -2, "label": "Tickets"}, "export": 1, "invoice": 3,
        "nps": {"weight": 1, "measure": "last", "neutral": 7}, "user:*": {"weight": 1, "measure": "distinct"}}}', '2026-01-01') AS power
      FROM account) AS p CROSS JOIN health_signal_power_rows(power);
SELECT health_signal_power(activity, churned, '{"signals": {"ticket": {"weight": -2, "label": {"en": "Tickets", "fr": "Demandes"}}},
                                                "language": "fr"}', '2026-01-01') FROM account;
-- Before the events, and after the window, nobody had anything: there is nothing to tell.
SELECT as_of, health_signal_power(activity, churned, '{"signals": {"login": 1}}', as_of) AS power
FROM account, unnest('{2025-12-20,2026-03-20,2026-03-21}'::date[]) AS as_of GROUP BY as_of ORDER BY as_of;
-- Rows of several dates go into one: what an account did by then, and whether it churned thereafter.
SELECT observations, auc FROM (SELECT health_signal_power(activity, churned, '{"signals": {"login": 1}}', as_of) AS power
                               FROM account, unnest('{2025-12-20,2026-01-01}'::date[]) AS as_of) AS p CROSS JOIN health_signal_power_rows(power);
-- The same at three dates tells no more than at one: the intervals are those of one date.
SELECT signal, observations, auc, auc_low, auc_high, direction
FROM (SELECT health_signal_power(activity, churned, '{"signals": {"login": 1, "export": 1}}', as_of) AS power
      FROM account, unnest('{2025-12-25,2026-01-01,2026-01-10}'::date[]) AS as_of) AS p CROSS JOIN health_signal_power_rows(power);
-- Who is not known says nothing.
SELECT health_signal_power(activity, churned, '{"signals": {"login": 1}}', '2026-01-01') IS NULL AS nothing
FROM (VALUES (NULL::health_activity, true), ('{}', NULL)) AS v (activity, churned);
SELECT health_signal_power('{}', true, NULL, '2026-01-01') IS NULL AS model,
       health_signal_power('{}', true, '{"signals": {"login": 1}}', NULL) IS NULL AS as_of;
SELECT count(*) FROM health_signal_power_rows(NULL);
SELECT health_signal_power(activity, churned, CASE WHEN n = 1 THEN '{"signals": {"login": 1}}' ELSE '{"signals": {"login": 2}}' END::health_model,
                           '2026-01-01') FROM account;
SELECT health_signal_power('{}', true, '{}', '2026-01-01');
SELECT health_signal_power('{}', true, '{"signals": {"login": 1}}', 'infinity');
SELECT health_signal_power('{}', 1, '{"signals": {"login": 1}}', '2026-01-01');
