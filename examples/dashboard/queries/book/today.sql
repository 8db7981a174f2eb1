-- The ten accounts on the wall: not in green, with something to do, by the ARR that is missing to a score of 100.
SELECT account_id, round(arr * (100 - score::numeric) / 100) AS arr_at_risk
FROM scoreboard
WHERE band <> 'green' AND main_risk IS NOT NULL
ORDER BY arr_at_risk DESC NULLS LAST, account_id
LIMIT 10;
