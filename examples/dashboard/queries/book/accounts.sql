-- Everything that the scoreboard shows, one row per account. The first query that is read: all pages need it.
SELECT account_id, name, segment, csm, arr, as_of, score, score_shown, band, trend, score_change, previous_score,
       reason, main_risk, next_step, main_opportunity, dimensions, days_inactive, flags
FROM scoreboard
ORDER BY account_id;
