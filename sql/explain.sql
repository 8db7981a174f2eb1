-- health_explain: the sentence to read out.

SELECT health_explain(45, NULL, '[]'), health_explain(45.9, 67.1, '[]'), health_explain(45.9, 67.1, '[]', 'fr'),
       health_explain(45, 54.9, '[]', language => 'fr');
SELECT health_explain(45, 67, '[
  {"signal": "admin", "points": 3, "change": -12, "kind": "inactive", "text": "Admin inactive for 14 days"},
  {"signal": "export", "points": 4, "change": -7, "kind": "down", "text": "Export down 60%"},
  {"signal": "login", "points": 38, "change": 0, "kind": "steady", "text": "Login steady"}]');
SELECT health_explain(NULL, 67, '[]') IS NULL AS no_score, health_explain(45, 67, NULL) IS NULL AS no_drivers,
       health_explain(45, 67, '[]', NULL) IS NULL AS no_language;
SELECT health_explain(45, 67, '[]', 'de');
SELECT health_explain('NaN', 67, '[]');
SELECT health_explain(45, 'Infinity', '[]');
SELECT health_explain(45, 67, '{}');
SELECT health_explain(45, 67, '[1]');
SELECT health_explain(45, 67, '[{"points": "1"}]');
-- Scores, points and changes beyond 1e15 are errors.
SELECT health_explain(1e15, 999999999999999, '[{"signal": "a", "points": 1e15}]');
SELECT health_explain(1e16, 67, '[]');
SELECT health_explain(45, -1e300, '[]');
SELECT health_explain(45, 67, '[{"signal": "a", "change": -1e30}]');
SELECT health_explain(45, 67, '[{"signal": "a", "points": 1e400}]');

-- Of what is better with less of it, silence is no bad news, and more of it is none that fades.
WITH card AS (SELECT '{"combine": "mean", "usage_weight": 10, "window_days": 90, "signals": {"login": 1,
   "ticket": {"weight": 8, "scale": [[0, 1], [6, 0]], "inactive_days": 7}, "csat_low": {"weight": 5, "measure": "days", "scale": [[0, 1], [4, 0]], "opportunity": true}}}'::health_model AS model),
a AS (SELECT 'more of late' AS what, '{"login": {"2026-01-30": 9, "2026-01-29": 9}, "ticket": {"2025-12-20": 1, "2026-01-10": 1, "2026-01-20": 1, "2026-01-25": 1, "2026-01-31": 1}, "csat_low": {"2026-01-30": 1, "2026-01-29": 1, "2026-01-28": 1}}'::health_activity AS activity
UNION ALL SELECT 'long ago', '{"login": {"2026-01-30": 9, "2026-01-29": 9}, "ticket": {"2025-11-20": 1, "2025-11-22": 1, "2025-11-25": 1, "2025-12-01": 1, "2025-12-20": 2}}'
UNION ALL SELECT 'none', '{"login": {"2026-01-30": 9, "2026-01-29": 9}}')
SELECT what, (r).score, (r).main_risk, (r).main_opportunity, (r).reason FROM (SELECT what, health_report(activity, model, '2026-02-01') OVER () AS r FROM a, card) s;
