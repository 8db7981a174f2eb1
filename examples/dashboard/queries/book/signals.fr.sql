-- The labels of the models in French.
SELECT segment, name AS signal,
       CASE jsonb_typeof(options -> 'label') WHEN 'object' THEN options #>> '{label,fr}'
                                             ELSE options ->> 'label' END AS label
FROM health_models
CROSS JOIN jsonb_each(model::jsonb -> 'signals') AS s (name, options);
