-- Flags of the reports: how many accounts have each, in which segment.
SELECT flag, segment, count(*) AS accounts, sum(arr) AS arr
FROM scoreboard
CROSS JOIN LATERAL string_to_table(flags, ',') AS flag
GROUP BY flag, segment
ORDER BY flag, segment;
