-- What was told in the last 28 days, with the sentence of its day.
SELECT account_id, as_of, alert, score, arr, goes_to, reason, next_step
FROM alert_feed
WHERE as_of > (SELECT max(as_of) FROM scoreboard) - 28
ORDER BY as_of DESC, arr DESC NULLS LAST, account_id;
