-- health_result: what the functions in _rows take is the result of the function that their name says.

-- A document of another function, or a part of one, would else be no rows, as if nothing had been found.
SELECT count(*) FROM health_backtest_rows('{"tried": []}');
SELECT count(*) FROM health_backtest_rows('[]');
SELECT count(*) FROM health_signal_power_rows('{"deciles": []}');
SELECT count(*) FROM health_signal_power_rows('5');
SELECT count(*) FROM health_tune_rows('{"better": false}');
SELECT count(*) FROM health_tune_rows('[{"window_days": 90}]');
SELECT count(*) FROM health_fit_rows('{"tried": []}');
SELECT count(*) FROM health_fit_rows('"better"');
SELECT count(*) FROM health_drift_rows('{"signals": []}');
-- As they are made, and by hand.
SELECT (SELECT count(*) FROM health_backtest_rows((SELECT health_backtest(1, true, '{"signals": {"login": 1}}')))) AS backtest,
       (SELECT count(*) FROM health_signal_power_rows('[]')) AS signal_power,
       (SELECT count(*) FROM health_tune_rows('{"tried": [{"window_days": 90}]}')) AS tune,
       (SELECT count(*) FROM health_fit_rows('{"better": false}')) AS fit,
       (SELECT count(*) FROM health_drift_rows('{"findings": []}')) AS drift;
SELECT health_result('{"a": null}', 'health_a', 'a') AS has_it, health_result('["a"]', 'health_a') AS an_array,
       health_result(NULL, 'health_a', 'a') IS NULL AS nothing;
SELECT health_result('["a"]', 'health_a', 'a');
-- They are part of the query that calls them all the same, so a condition on a column is planned with them.
CREATE FUNCTION pg_temp.plan_has(query text, node text) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE plan jsonb;
BEGIN
  EXECUTE 'EXPLAIN (FORMAT json) ' || query INTO plan;
  RETURN plan::text LIKE '%' || node || '%';
END $$;
SELECT made, pg_temp.plan_has(query, 'jsonb_to_recordset') AS inlined, pg_temp.plan_has(query, made || '_rows') AS called
FROM (VALUES ('health_backtest', 'part = ''band'''), ('health_signal_power', 'coverage > 0'), ('health_tune', 'chosen'),
             ('health_fit', 'weight > 0'), ('health_drift', 'accounts > 0')) AS v (made, condition)
     CROSS JOIN LATERAL (SELECT format('SELECT r.* FROM (VALUES (''{}''::jsonb), (NULL)) AS v (document), %s_rows(document) AS r WHERE %s',
                                       made, condition) AS query) AS q;
