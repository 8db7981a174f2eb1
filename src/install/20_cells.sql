-- An activity as rows.

--@ theme Activities
--@ function health_cells
--@ stability: stable
--@ null: no rows for NULL.
--@ errors: none of its own.
--@ notes: In order of the signal's bytes, then of the day. `health_daily(signal, day, count, value, value_count)` takes it back, sums up
--@   to 9.0e9 in size to a millionth, as they are `float8` here.
--@ example:
--@   SELECT * FROM health_cells('{"login": {"2026-01-03": 4}, "nps": {"2026-01-03": [2, 9, 1]}}');
--@ output:
--@    signal |    day     | count | value_count | value
--@   --------+------------+-------+-------------+-------
--@    login  | 2026-01-03 |     4 |           0 |
--@    nps    | 2026-01-03 |     2 |           1 |     9
CREATE FUNCTION health_cells(activity health_activity, OUT signal text, OUT day date, OUT count int, OUT value_count int,
                             OUT value float8) RETURNS SETOF record
  AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 100 ROWS 500;
COMMENT ON FUNCTION health_cells(health_activity) IS
  'the activity as rows: events, events with a value and sum of values (NULL for none) per signal and day';
