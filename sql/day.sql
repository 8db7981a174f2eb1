-- A day is a UTC day of 86,400 seconds, whatever the session's time zone.
SET datestyle = 'ISO, YMD';
SET timezone = 'UTC';

-- Midnight belongs to the new day, also before 1970 and before 2000, where the number of microseconds is negative.
SELECT moment, health_day(moment) FROM (VALUES
  (timestamptz '2026-01-03 23:59:59.999999+00'),
  ('2026-01-04 00:00:00+00'),
  ('2000-01-01 00:00:00+00'),
  ('1999-12-31 23:59:59.999999+00'),
  ('1970-01-01 00:00:00+00'),
  ('1969-12-31 23:59:59.999999+00'),
  ('1969-12-31 00:00:00+00')) AS v (moment);

-- The offset of a literal counts, the zone of the session does not.
SELECT health_day('2026-01-04 00:30:00+02') AS the_day_before, health_day('2026-01-03 20:00:00-05') AS the_day_after;

SELECT health_day_start('2026-01-04'), health_day(health_day_start('2026-01-04')) AS and_back;

-- Infinities and NULL stay what they are.
SELECT health_day('infinity'), health_day('-infinity'), health_day(NULL);
SELECT health_day_start('infinity'), health_day_start('-infinity'), health_day_start(NULL);

-- The ends of what a timestamptz can hold.
SELECT health_day('4714-11-24 00:00:00+00 BC'), health_day('294276-12-31 23:59:59.999999+00');
SELECT health_day_start('4714-11-24 BC'), health_day_start('294276-12-31');
SELECT health_day_start('294277-01-01');

-- A date goes through both ways and comes back: every 97th day of four centuries.
SELECT count(*) AS wrong FROM generate_series(0, 146097, 97) AS n
WHERE health_day(health_day_start(date '1900-01-01' + n)) <> date '1900-01-01' + n;
