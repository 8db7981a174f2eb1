-- The last 90 days of an account: a score a day from first_day on (NULL where there is none), and its alerts.
SELECT b.account_id, min(d.day) AS first_day,
       json_agg(round(h.score::numeric, 1) ORDER BY d.day) AS scores,
       json_agg(json_build_object('as_of', h.as_of, 'alert', h.alert) ORDER BY h.as_of)
           FILTER (WHERE h.alert IS NOT NULL) AS alerts
FROM scoreboard AS b
CROSS JOIN LATERAL (SELECT b.as_of - ago AS day FROM generate_series(0, 89) AS ago) AS d
LEFT JOIN band_history AS h ON h.account_id = b.account_id AND h.as_of = d.day
WHERE d.day >= (SELECT min(as_of) FROM band_history AS f WHERE f.account_id = b.account_id)
GROUP BY b.account_id;
