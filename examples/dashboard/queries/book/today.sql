-- The ten accounts on the wall, as book.sql chooses them, and why today.
SELECT account_id, arr_at_stake, days_to_renewal, why
FROM ten_today
ORDER BY arr_at_stake DESC NULLS LAST, account_id;
