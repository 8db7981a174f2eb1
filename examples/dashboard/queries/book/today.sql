-- The ten accounts on the wall, as book.sql chooses them.
SELECT account_id, arr_at_stake
FROM ten_today
ORDER BY arr_at_stake DESC NULLS LAST, account_id;
