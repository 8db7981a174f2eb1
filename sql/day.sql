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
SET timezone = 'Asia/Tokyo';
SELECT health_day('2026-01-04') AS literal, health_day('2026-01-04 08:00'::varchar) AS string,
       health_day('2026-01-04 08:00'::timestamptz) AS moment, health_day(date '2026-01-04') AS date;
PREPARE day AS SELECT health_day($1);
EXECUTE day('2026-01-04 08:00');
SET timezone = 'UTC';

-- Text: a date, or date and time, perhaps with an offset. The server rounds to microseconds, into the next day too.
SELECT text, health_day(text), health_day(text) = health_day(text::timestamptz) AS as_the_server
FROM unnest(ARRAY['2026-01-03', ' 2026-01-03 ', '2026-01-03 10:00', '2026-01-03T10:00:00.123Z', '2026-01-03 23:30:00-01',
  '2026-01-03 10:00:00.123456+05:30', '2026-01-03T00:10:00+0530', '2026-01-03 24:00:00', '2026-01-03 23:59:60',
  '2026-01-03T23:59:59.9999999Z']) AS text;
-- A moment is read as PostgreSQL, JavaScript and Python print it, in any zone.
CREATE FUNCTION pg_temp.wrong(zone text, OUT wrong bigint, OUT offsets text) LANGUAGE plpgsql AS $$
BEGIN
  PERFORM set_config('timezone', zone, true);
  SELECT count(*) FILTER (WHERE health_day(text) <> health_day(moment)),
         string_agg(DISTINCT substring(text FROM ' .*([+-][0-9:]+)$'), ' ') INTO wrong, offsets
  FROM generate_series(0, 2000) AS n,
       LATERAL (SELECT timestamptz '1970-01-01 00:00+00' + n * interval '777:31:07.001' AS moment) AS m,
       LATERAL unnest(ARRAY[moment::text, to_jsonb(moment) #>> '{}', (moment AT TIME ZONE 'UTC')::text,
                            to_char(moment AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')]) AS text;
END $$;
SELECT zone, w.* FROM unnest(ARRAY['UTC', 'Europe/Paris', 'America/St_Johns', 'Asia/Kathmandu', 'Africa/Monrovia']) AS zone,
  pg_temp.wrong(zone) AS w;
-- What needs a clock, a zone or a setting is refused.
SELECT health_day('now');
\set VERBOSITY terse
SELECT health_day('infinity');
SELECT health_day('2026-1-3');
SELECT health_day('20260103');
SELECT health_day('03/01/2026'::text);
SELECT health_day('2026-02-29');
SELECT health_day('2026-01-03 10:00 Europe/Paris');
SELECT health_day('');
\set VERBOSITY default

SELECT health_day_start('2026-01-04'), health_day(health_day_start('2026-01-04')) AS and_back;

-- Infinities and NULL stay what they are.
SELECT health_day(timestamptz 'infinity'), health_day(timestamp '-infinity'), health_day(NULL);
SELECT health_day_start('infinity'), health_day_start('-infinity'), health_day_start(NULL);

-- The ends of what a timestamptz can hold.
SELECT health_day(timestamptz '4714-11-24 00:00:00+00 BC'), health_day(timestamptz '294276-12-31 23:59:59.999999+00');
SELECT health_day_start('4714-11-24 BC'), health_day_start('294276-12-31');
SELECT health_day_start('294277-01-01');

-- A date goes through both ways and comes back: every 97th day of four centuries.
SELECT count(*) AS wrong FROM generate_series(0, 146097, 97) AS n
WHERE health_day(health_day_start(date '1900-01-01' + n)) <> date '1900-01-01' + n;
