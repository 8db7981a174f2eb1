-- How many accounts, and how much ARR, were in each band on the same day of the last 13 weeks.
SELECT h.as_of, h.band, count(*) AS accounts, sum(b.arr) AS arr, min(h.score) AS lowest
FROM band_history AS h
JOIN scoreboard AS b USING (account_id)
WHERE h.as_of > b.as_of - 13 * 7 AND h.as_of <= b.as_of AND (b.as_of - h.as_of) % 7 = 0
GROUP BY h.as_of, h.band
ORDER BY h.as_of, lowest;
