-- health_cells: an activity as rows.
SET datestyle = 'ISO, YMD';

SELECT * FROM health_cells('{"a": {"2026-01-03": 4, "2026-01-04": [1, 9]}, "b": {"2026-01-03": [3, -0.5, 2]}}');
SELECT count(*) AS cells FROM health_cells('{}');
SELECT count(*) AS cells FROM health_cells(NULL);
-- Cells make the activity again: the way to change it in SQL.
SELECT health_daily(upper(signal), day, count, value, value_count)
FROM health_cells('{"a": {"2026-01-03": 4, "2026-01-04": [1, 9]}, "b": {"2026-01-03": [3, -0.5, 2]}}');
