-- The small lines of the scoreboard: the score of the last 13 weeks, oldest first.
SELECT account_id, json_agg(floor(h.score) ORDER BY h.as_of) AS line
FROM score_history AS h
JOIN scoreboard AS b USING (account_id)
WHERE h.as_of > b.as_of - 13 * 7 AND h.as_of <= b.as_of AND (b.as_of - h.as_of) % 7 = 0
GROUP BY account_id;
