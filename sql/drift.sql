-- health_drift and health_drift_rows: what changed for all accounts at once.

-- Thirty accounts with two logins on each day but weekends, some exports, and a user each. From 2025-12-29 on the login has
-- another name.
CREATE TEMPORARY TABLE event AS
SELECT n AS account_id, day, CASE WHEN kind <> 'login' OR day < '2025-12-29' THEN kind ELSE 'signed_in' END AS event
FROM generate_series(1, 30) AS n, generate_series(0, 99) AS age
     CROSS JOIN LATERAL (SELECT date '2025-12-31' - age AS day) AS d
     CROSS JOIN LATERAL (VALUES ('login', 2), ('export', (n + age) % 5 / 4), ('user:' || n, 1)) AS k (kind, events)
     CROSS JOIN LATERAL generate_series(1, events)
WHERE extract(isodow FROM day) < 6;
CREATE TEMPORARY TABLE account AS SELECT account_id, health_activity(event, day) AS activity FROM event GROUP BY account_id;
SELECT as_of, f.* FROM (SELECT as_of, health_drift(activity, '{"signals": {"login": 1, "export": 5, "fax": 2, "user:*": {"weight": 1, "measure": "distinct"}}}', as_of) AS drift
      FROM account, unnest('{2025-12-29,2025-12-30,2026-01-01}'::date[]) AS as_of GROUP BY as_of) AS d
     CROSS JOIN health_drift_rows(drift) AS f ORDER BY as_of, kind DESC;
-- The alias that was found, put into the model, ends it.
SELECT f.* FROM (SELECT health_drift(activity, '{"signals": {"login": {"weight": 1, "aliases": ["signed_in"]}, "export": 5}}', '2026-01-01') AS drift FROM account) AS d
     CROSS JOIN health_drift_rows(drift) AS f;
-- One of two names takes a third of what was split; and nobody is there after Christmas Eve, which is one finding.
SELECT as_of, f.* FROM (SELECT as_of, health_drift(activity, '{"signals": {"login": 1, "export": 5, "user:*": {"weight": 1, "measure": "distinct"}}}', as_of) AS drift
      FROM (SELECT '2025-12-31'::date AS as_of, health_activity(event, day) AS activity FROM event WHERE day < '2025-12-25' GROUP BY account_id
            UNION ALL SELECT '2026-01-01', health_activity(CASE WHEN event = 'signed_in' AND account_id % 3 = 0 THEN 'signed_in_app' ELSE event END, day)
                      FROM event GROUP BY account_id) AS a
      GROUP BY as_of) AS d
     CROSS JOIN health_drift_rows(drift) AS f ORDER BY as_of;
-- All totals.
SELECT jsonb_pretty(health_drift(activity, '{"trend_days": 7, "signals": {"login": 1, "export": 5}}', '2025-12-25') -> 'signals') FROM account;
SELECT health_drift('{}', '{"signals": {"login": 0}}', '2026-01-01');
SELECT health_drift(NULL, '{"signals": {"login": 1}}', '2026-01-01') IS NULL AS activity, health_drift('{}', NULL, '2026-01-01') IS NULL AS model,
       health_drift('{}', '{"signals": {"login": 1}}', NULL) IS NULL AS as_of;
SELECT count(*) FROM health_drift_rows(NULL);
SELECT health_drift(activity, CASE WHEN account_id = 1 THEN '{"signals": {"login": 1}}' ELSE '{"signals": {"login": 2}}' END::health_model, '2026-01-01') FROM account;
SELECT health_drift(activity, '{"signals": {"login": 1}}', date '2026-01-01' + account_id) FROM account;
SELECT health_drift(activity, '{}', '2026-01-01') FROM account;
SELECT health_drift('{}', '{"signals": {"login": 1}}', '1969-12-31');
SELECT health_drift('{}', '{"signals": {"login": 1}}', 'infinity');
SELECT health_drift('{}', '{"signals": {"login": 1}}', now());
