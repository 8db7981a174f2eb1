-- The session's time zone changes nothing, also on the days when clocks change. current_date, and casts between date,
-- timestamp and timestamptz, do follow it: that is what health_day and the overloads are for.
SET datestyle = 'ISO, YMD';
SET intervalstyle = 'postgres';

-- The one value of a query, as text, in a session with that time zone.
CREATE FUNCTION pg_temp.under(zone text, query text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE result text;
BEGIN
  PERFORM set_config('timezone', zone, true);
  EXECUTE query INTO result;
  RETURN result;
END $$;

-- An event every hour, around the four changes of clocks of 2026 in Europe and in America.
CREATE TABLE timezone_events AS
SELECT signal, occurred_at FROM (VALUES ('eu_spring', timestamptz '2026-03-28 00:00+00'),
                                        ('eu_autumn', '2026-10-24 00:00+00'),
                                        ('us_spring', '2026-03-07 00:00+00'),
                                        ('us_autumn', '2026-10-31 00:00+00')) AS v (signal, first),
     generate_series(0, 71) AS hour, LATERAL (SELECT first + hour * interval '1 hour' AS occurred_at) AS e;
SET timezone = 'America/New_York';
SELECT signal, string_agg(day || ': ' || count, ', ' ORDER BY day)
FROM health_cells((SELECT health_activity(signal, occurred_at) FROM timezone_events)) GROUP BY signal ORDER BY signal;

-- The same in all zones; the last two queries are what not to write.
SELECT query, paris = utc AND new_york = utc AND kiritimati = utc AS same
FROM unnest(ARRAY[
  $$SELECT health_activity(signal, occurred_at) FROM timezone_events$$,
  $$SELECT health_activity(signal, occurred_at, 1.5) FROM timezone_events$$,
  $$SELECT health_activity(signal, occurred_at AT TIME ZONE 'UTC') FROM timezone_events$$,
  $$SELECT health_activity(signal, occurred_at AT TIME ZONE 'UTC', 1.5) FROM timezone_events$$,
  $$SELECT health_activity(signal, health_day(occurred_at)) FROM timezone_events$$,
  $$SELECT health_activity(signal, health_day(occurred_at), 1.5) FROM timezone_events$$,
  $$SELECT health_daily(signal, health_day(occurred_at), 1, 1.5) FROM timezone_events$$,
  $$SELECT health_activity('a', timestamp '2026-03-29 02:30:00')$$,  -- an hour that Paris does not have
  $$SELECT health_activity('a', timestamp '2026-11-01 01:30:00')$$,  -- one that New York has twice
  $$SELECT '{"a": {"2026-03-29": 1, "2026-10-25": 2}}'::health_activity$$,
  $$SELECT health_observation('a', '2026-03-29', 1)$$,
  $$SELECT array_agg(health_day(occurred_at) ORDER BY occurred_at) FROM timezone_events$$,
  $$SELECT extract(epoch FROM health_day_start('2026-03-29'))$$,
  $$SELECT health_day(health_day_start('2026-10-25'))$$,
  $$SELECT health_splice(health_activity(signal, occurred_at), NULL, '2026-03-29') FROM timezone_events$$,
  $$SELECT health_trim(health_activity(signal, occurred_at), '2026-10-25') FROM timezone_events$$,
  $$SELECT health_first_day(health_activity(signal, occurred_at)) FROM timezone_events$$,
  $$SELECT health_days_inactive(health_activity(signal, occurred_at), '2026-12-01') FROM timezone_events$$,
  $$SELECT health_measure(health_activity(signal, occurred_at), 'eu_spring', '2026-03-30', 2) FROM timezone_events$$,
  $$SELECT health_active_count(health_activity(signal, occurred_at), '2026-03-30', 2) FROM timezone_events$$,
  $$SELECT health_raw_score(health_activity(signal, occurred_at), '{"half_life_days": 7, "signals": {"eu_spring": 1, "us_spring": 2}}', '2026-04-01') FROM timezone_events$$,
  $$SELECT sum(score) FROM (SELECT health_score(health_activity(signal, occurred_at), '{"half_life_days": 7, "signals": {"eu_spring": 1, "us_spring": 2}}', '2026-04-01') OVER () AS score
    FROM timezone_events GROUP BY signal) AS s$$,
  $$SELECT string_agg(r::text, ' ') FROM (SELECT health_report(health_activity(signal, occurred_at), '{"half_life_days": 7, "signals": {"eu_spring": 1, "us_spring": 2}}', '2026-04-01') OVER (ORDER BY signal) AS r
    FROM timezone_events GROUP BY signal) AS s$$,
  $$SELECT health_activity('a', '2026-03-29 00:30:00')$$,
  $$SELECT health_activity(signal, occurred_at::text) FROM timezone_events$$,
  $$SELECT health_activity(signal, (occurred_at AT TIME ZONE 'UTC')::text, 1.5) FROM timezone_events$$,
  $$SELECT health_weighted_sum(1, occurred_at::text, '{"half_life_days": 7}', '2026-04-01') FROM timezone_events$$,
  $$SELECT health_activity(signal, occurred_at::date) FROM timezone_events$$,
  $$SELECT health_activity(signal, occurred_at::timestamp) FROM timezone_events$$]) WITH ORDINALITY AS q (query, n),
  LATERAL (SELECT pg_temp.under('UTC', query) AS utc, pg_temp.under('Europe/Paris', query) AS paris,
                  pg_temp.under('America/New_York', query) AS new_york,
                  pg_temp.under('Pacific/Kiritimati', query) AS kiritimati) AS results
ORDER BY n;

-- health_day where current_date would be wrong: the same moment is another date in Paris, and in New York.
SET timezone = 'Europe/Paris';
SELECT moment::date AS session_date, health_day(moment)
FROM (VALUES (timestamptz '2026-03-28 23:30+00'), ('2026-07-01 22:30+00')) AS v (moment);
SET timezone = 'America/New_York';
SELECT moment::date AS session_date, health_day(moment)
FROM (VALUES (timestamptz '2026-03-08 03:30+00'), ('2026-07-01 03:30+00')) AS v (moment);
-- A timestamp or a date handed to a timestamptz argument would be read in the session's zone: the overloads read UTC.
SELECT health_activity('a', timestamp '2026-07-01 23:30:00') AS overload,
       health_activity('a', (timestamp '2026-07-01 23:30:00')::timestamptz) AS cast;
SELECT health_activity('a', date '2026-07-01') AS overload;

-- The day begins at midnight UTC, which is another hour in each zone.
SET timezone = 'Europe/Paris';
SELECT health_day_start('2026-03-29') AS before_change, health_day_start('2026-03-30') AS after_change,
       health_day_start('2026-03-30') - health_day_start('2026-03-29') AS length;
-- Today's recipe in any zone: as_of for a score of full days is the UTC day of now().
SELECT bool_and(pg_temp.under(name, 'SELECT health_day(now())') = pg_temp.under('UTC', 'SELECT health_day(now())'))
       AS same,
       bool_and(pg_temp.under(name, 'SELECT current_date') = pg_temp.under('UTC', 'SELECT current_date'))
       AS current_date_same
FROM unnest(ARRAY['Pacific/Kiritimati', 'Etc/GMT+12', 'Europe/Paris', 'America/New_York']) AS name;

-- A time with an offset is a timestamptz whatever the session thinks.
SELECT health_activity('a', '2026-07-01 23:30:00-05') AS next_day;
DROP TABLE timezone_events;

-- Days of what is no timestamptz are the same everywhere too.
SELECT DISTINCT pg_temp.under(zone, $$SELECT concat_ws(' ', health_day(date '2025-12-31'),
  health_day(timestamp '2025-12-31 00:30'), health_day(timestamp '2025-12-31 23:59:59.999999'),
  health_day(timestamptz '2025-12-31 00:30+00'), health_day('2025-12-31 00:30+00'))$$) AS days
FROM unnest('{UTC,Europe/Paris,Asia/Kolkata,America/New_York}'::text[]) AS zone;

--
-- Days of an office: local time handed over as timestamp, the cut a day early, what is not whole trimmed
--

-- An event every quarter of an hour, around changes of clocks; in Havana and Beirut they come at midnight, so that a
-- local day has its last or first hour twice or not at all. Lord Howe moves by half an hour.
CREATE TEMPORARY TABLE office AS
SELECT timestamptz '2026-03-26 00:00+00' + n * interval '15 minutes' AS occurred_at FROM generate_series(0, 1200) AS n
UNION ALL
SELECT timestamptz '2026-10-29 00:00+00' + n * interval '15 minutes' FROM generate_series(0, 600) AS n;
-- Night after night, each with a tail of two days, from what a rebuild of the first day gives. `early` is the recipe's cut.
CREATE FUNCTION pg_temp.nights(zone text, early interval) RETURNS health_activity LANGUAGE plpgsql AS $$
DECLARE
  kept health_activity;
  today date;
BEGIN
  FOR today IN SELECT date '2026-03-25' + n FROM generate_series(0, 230) AS n LOOP
    SELECT health_splice(kept, health_trim(health_activity('e', occurred_at AT TIME ZONE zone), today - 2), today - 2)
    INTO kept FROM office
    WHERE occurred_at >= health_day_start(today - 2) - early
      AND (occurred_at AT TIME ZONE zone)::date < today;  -- what is not there yet
  END LOOP;
  RETURN kept;
END $$;
SELECT zone, paris, new_york, lost > 0 AS midnight_utc_loses
FROM unnest('{UTC,Pacific/Auckland,Pacific/Kiritimati,Pacific/Niue,America/Havana,Asia/Beirut,Asia/Kathmandu,Australia/Lord_Howe,America/New_York}'::text[]) AS zone,
  LATERAL (SELECT health_activity('e', occurred_at AT TIME ZONE zone)::text AS rebuilt,
                  health_activity('e', occurred_at AT TIME ZONE zone) AS activity FROM office) AS r,
  LATERAL (SELECT pg_temp.under('Europe/Paris', format('SELECT pg_temp.nights(%L, ''24 hours'')', zone)) = rebuilt AS paris,
                  pg_temp.under('America/New_York', format('SELECT pg_temp.nights(%L, ''24 hours'')', zone)) = rebuilt AS new_york,
                  health_measure(activity, 'e', '2027-01-01', 365)
                  - health_measure(pg_temp.nights(zone, '0'), 'e', '2027-01-01', 365) AS lost) AS n;

-- Retries with a time of their own: the first delivery counts. Cut first, and they count again on another day.
CREATE TEMPORARY TABLE delivery AS
SELECT * FROM (VALUES (1, timestamptz '2026-03-27 10:00+00'), (1, '2026-03-29 10:00+00'), (2, '2026-03-28 12:00+00'),
                      (2, '2026-03-28 13:00+00'), (3, '2026-03-29 09:00+00')) AS v (id, occurred_at);
SELECT (SELECT health_activity('e', occurred_at)
        FROM (SELECT DISTINCT ON (id) id, occurred_at FROM delivery WHERE occurred_at >= health_day_start('2026-03-28') - interval '7 days'
              ORDER BY id, occurred_at) AS once
        WHERE occurred_at >= health_day_start('2026-03-28')) AS cut_after,
       (SELECT health_activity('e', occurred_at)
        FROM (SELECT DISTINCT ON (id) id, occurred_at FROM delivery WHERE occurred_at >= health_day_start('2026-03-28')
              ORDER BY id, occurred_at) AS once) AS cut_first;
