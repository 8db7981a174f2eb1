-- The drivers of an account, for its waterfalls. Millionths of a point would only make the files larger.
SELECT account_id, rank, signal, label, dimension, kind, round(points::numeric, 6) AS points,
       round(change::numeric, 6) AS change, round(vs_peers::numeric, 6) AS vs_peers, text
FROM health_drivers_by_account
ORDER BY account_id, rank;
