-- Who changed the band within 28 days: where it was 7 and 28 days ago (NULL: not there yet), and where it is.
SELECT b.account_id, month.band AS band_28, month.score AS score_28, week.band AS band_7, week.score AS score_7,
       now.band AS band_now, now.score AS score_now
FROM scoreboard AS b
JOIN band_history AS now USING (account_id, as_of)
LEFT JOIN band_history AS week ON week.account_id = b.account_id AND week.as_of = b.as_of - 7
LEFT JOIN band_history AS month ON month.account_id = b.account_id AND month.as_of = b.as_of - 28
WHERE week.band IS DISTINCT FROM now.band OR month.band IS DISTINCT FROM now.band
ORDER BY b.arr DESC NULLS LAST, b.account_id;
