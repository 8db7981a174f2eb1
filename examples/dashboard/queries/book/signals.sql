-- Signals that the models name and nobody has (accounts is 0), and names that occur and no model of the segment knows
-- (known is false). Aliases and names ending in * are followed.
WITH seen AS MATERIALIZED (
    SELECT segment, signal, count(DISTINCT account_id) AS accounts, max(day) AS last_day
    FROM scoreboard
    JOIN account_activity USING (account_id)
    CROSS JOIN LATERAL health_cells(activity)
    WHERE day < as_of
    GROUP BY segment, signal
), known AS (
    SELECT segment, name AS signal, label, pattern
    FROM health_models
    CROSS JOIN jsonb_each(model::jsonb -> 'signals') AS s (name, options)
    CROSS JOIN LATERAL (
        SELECT CASE jsonb_typeof(options -> 'label') WHEN 'object' THEN options #>> '{label,en}'
                                                     ELSE options ->> 'label' END AS label
    ) AS l
    CROSS JOIN LATERAL (
        SELECT name AS pattern
        UNION ALL
        SELECT jsonb_array_elements_text(options -> 'aliases')
    ) AS p
    WHERE segment IN (SELECT segment FROM scoreboard)
), matched AS (
    SELECT k.segment, k.signal, k.label, s.signal AS name, s.accounts, s.last_day
    FROM known AS k
    LEFT JOIN seen AS s
        ON s.segment = k.segment
           AND (s.signal = k.pattern
                OR k.pattern LIKE '%*' AND starts_with(s.signal, left(k.pattern, -1)))
)
SELECT segment, signal, min(label) AS label, true AS known, coalesce(max(accounts), 0) AS accounts,
       max(last_day) AS last_day
FROM matched
GROUP BY segment, signal
HAVING count(name) = 0
UNION ALL
SELECT segment, signal, NULL, false, accounts, last_day
FROM seen AS s
WHERE NOT EXISTS (SELECT FROM matched AS m WHERE m.segment = s.segment AND m.name = s.signal)
ORDER BY known, accounts DESC, signal, segment;
