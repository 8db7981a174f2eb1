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
