-- What was told in the last 28 days, with the sentence and the band of its day.
SELECT account_id, as_of, f.alert, f.score, band, arr, goes_to, reason, next_step
FROM alert_feed AS f
LEFT JOIN band_history AS h USING (account_id, as_of)
WHERE as_of > (SELECT max(as_of) FROM scoreboard) - 28
ORDER BY as_of DESC, arr DESC NULLS LAST, account_id;
