-- Who changed the band within 28 days: where it was 7 and 28 days ago (NULL: not there yet), and where it is. crossed is the
-- day on which the band changed to what it is, with the score of that day.
WITH changes AS (
    SELECT account_id, as_of, score, band, lag(band) OVER (PARTITION BY account_id ORDER BY as_of) AS band_before
    FROM band_history WHERE as_of >= (SELECT max(as_of) FROM scoreboard) - 28
), crossed AS (
    SELECT account_id, max(as_of) AS as_of FROM changes WHERE band <> band_before GROUP BY account_id
)
SELECT b.account_id, month.band AS band_28, month.score AS score_28, week.band AS band_7, week.score AS score_7,
       now.band AS band_now, now.score AS score_now, c.as_of AS crossed_on, day.score AS crossed_score
FROM scoreboard AS b
JOIN band_history AS now USING (account_id, as_of)
LEFT JOIN band_history AS week ON week.account_id = b.account_id AND week.as_of = b.as_of - 7
LEFT JOIN band_history AS month ON month.account_id = b.account_id AND month.as_of = b.as_of - 28
LEFT JOIN crossed AS c ON c.account_id = b.account_id
LEFT JOIN band_history AS day ON day.account_id = c.account_id AND day.as_of = c.as_of
WHERE week.band IS DISTINCT FROM now.band OR month.band IS DISTINCT FROM now.band
ORDER BY b.arr DESC NULLS LAST, b.account_id;
