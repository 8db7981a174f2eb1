-- Signals that the models name and nobody has (known), and names that occur and the model of the segment does not know.
-- Aliases, and names that end in *, are followed.
WITH known AS (
    SELECT segment, name AS signal, pattern, label
    FROM health_models
    CROSS JOIN jsonb_each(model::jsonb -> 'signals') AS s (name, options)
    CROSS JOIN LATERAL (SELECT name UNION ALL SELECT jsonb_array_elements_text(options -> 'aliases')) AS p (pattern)
    CROSS JOIN LATERAL (SELECT CASE jsonb_typeof(options -> 'label') WHEN 'object' THEN options #>> '{label,en}'
                                                                     ELSE options ->> 'label' END) AS l (label)
    WHERE segment IN (SELECT segment FROM scoreboard)
), seen AS MATERIALIZED (
    SELECT segment, account_id, signal AS name, max(day) AS last_day
    FROM scoreboard
    JOIN account_activity USING (account_id)
    CROSS JOIN LATERAL health_cells(activity) AS c
    WHERE day < as_of
    GROUP BY segment, account_id, signal
), named AS MATERIALIZED (
    SELECT seen.*, coalesce(k.signal, p.signal) AS signal
    FROM seen
    LEFT JOIN known AS k ON k.segment = seen.segment AND k.pattern = seen.name
    LEFT JOIN known AS p ON p.segment = seen.segment AND k.signal IS NULL AND p.pattern LIKE '%*'
                            AND starts_with(seen.name, left(p.pattern, -1))
)
SELECT segment, signal, min(label) AS label, true AS known, 0 AS accounts, NULL::date AS last_day
FROM known
WHERE (segment, signal) NOT IN (SELECT segment, signal FROM named WHERE signal IS NOT NULL)
GROUP BY segment, signal
UNION ALL
SELECT segment, name, NULL, false, count(DISTINCT account_id), max(last_day)
FROM named
WHERE signal IS NULL
GROUP BY segment, name
ORDER BY known, accounts DESC, signal, segment;
