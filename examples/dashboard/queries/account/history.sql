-- The last 90 days of an account, oldest first: how many days ago, the score, and the alerts.
SELECT account_id, json_agg(b.as_of - h.as_of ORDER BY h.as_of) AS ago,
       json_agg(floor(h.score * 10) / 10 ORDER BY h.as_of) AS scores,
       json_agg(json_build_object('as_of', h.as_of, 'alert', alert) ORDER BY h.as_of)
           FILTER (WHERE alert IS NOT NULL) AS alerts
FROM scoreboard AS b
JOIN band_history AS h USING (account_id)
WHERE h.as_of > b.as_of - 90 AND h.as_of <= b.as_of
GROUP BY account_id;
