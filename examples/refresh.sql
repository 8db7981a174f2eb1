-- Keeping it fresh: what runs every night, what is done once, and what a scheduler needs. Run sample.sql and views.sql
-- first. Nothing here is part of the extension: copy it and change it.

BEGIN;

-- Users in an activity of their own beside the first: how many came, who comes often, who left.
ALTER TABLE account_activity ADD users health_activity NOT NULL DEFAULT '{}';

-- An account that is deleted takes its activities along. (Its events must be gone too, or a rebuild brings it back.)
ALTER TABLE account_activity ADD FOREIGN KEY (account_id) REFERENCES accounts ON DELETE CASCADE;

CREATE INDEX ON events (occurred_at);  -- or partitions by month: so that a night reads the last days only

-- Replaces the days from_day <= day < before_day of all accounts by what the events say now: late events are added,
-- deleted ones vanish, and running it again changes nothing. Every night the last days, once for a backfill the last
-- year: it goes in steps, commits each and says how far it is, so that a run that was ended loses one step at most.
--
-- Runs wait for each other. Two at once would do no harm that the next night does not heal, but the one that began
-- first could end last, and put back what was true when it began.
CREATE PROCEDURE refresh_activity(from_day date, before_day date, step_days int DEFAULT 31)
LANGUAGE plpgsql AS $$
DECLARE
    first_day date := from_day;
    next_day  date;  -- where the next step begins
    changed   bigint;
BEGIN
    WHILE first_day < before_day LOOP
        next_day := least(first_day + step_days, before_day);
        PERFORM pg_advisory_xact_lock('account_activity'::regclass::bigint);

        INSERT INTO account_activity AS kept (account_id, activity, users)
        SELECT account_id, coalesce(tail.activity, '{}'), coalesce(tail.users, '{}')
        FROM accounts LEFT JOIN (
            SELECT e.account_id, health_activity(s.signal, e.occurred_at, s.value) AS activity,
                   health_activity(s.person, e.occurred_at) AS users
            FROM events AS e
            CROSS JOIN LATERAL (VALUES (e.event, e.value, e.user_id),
                                       ('user:' || e.user_id, NULL, NULL)) AS s (signal, value, person)
            WHERE e.occurred_at >= health_day_start(first_day) AND e.occurred_at < health_day_start(next_day)
            GROUP BY e.account_id) AS tail USING (account_id)
        ORDER BY account_id  -- one order for all who lock these rows, or one of them ends in a deadlock
        ON CONFLICT (account_id) DO UPDATE
        -- The tail of a splice reaches to the end: behind these days comes what is there already.
        SET activity = health_splice(kept.activity, excluded.activity + health_trim(kept.activity, next_day), first_day),
            users = health_splice(kept.users, excluded.users + health_trim(kept.users, next_day), first_day);
        GET DIAGNOSTICS changed = ROW_COUNT;

        COMMIT;
        RAISE NOTICE 'days % to %: % accounts, % %% of the days done', first_day, next_day - 1, changed,
            100 * (next_day - from_day) / (before_day - from_day);
        first_day := next_day;
    END LOOP;
END $$;

-- Retention: days before this one are dropped. Keep the longest window of the models plus trend_days, or previous
-- scores are wrong.
CREATE PROCEDURE trim_activity(first_day date)
LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_advisory_xact_lock('account_activity'::regclass::bigint);
    UPDATE account_activity SET activity = health_trim(activity, first_day), users = health_trim(users, first_day)
    WHERE least(health_first_day(activity), health_first_day(users)) < first_day;
END $$;

COMMIT;

-- Once: a year of events, a month or so at a time.
CALL refresh_activity('2025-01-01', '2026-01-01');
ANALYZE account_activity;

-- Every night: as many days as events come late, and at least since the last night that succeeded. In production
-- health_day(now()) stands where the sample has its last day.
CALL refresh_activity('2025-12-29', '2026-01-01');
UPDATE settings SET as_of = '2026-01-01' WHERE as_of <> '2026-01-01';
REFRESH MATERIALIZED VIEW CONCURRENTLY scoreboard;

-- Once a month.
CALL trim_activity('2025-07-01');

-- When a person asks to be forgotten: the name goes, what was done stays.
BEGIN;
SELECT pg_advisory_xact_lock('account_activity'::regclass::bigint);
UPDATE events SET user_id = NULL WHERE account_id = 'A007' AND user_id = 'consultant-1';
UPDATE account_activity
SET activity = health_without(activity, '{user:consultant-1}'), users = health_without(users, '{consultant-1}')
WHERE account_id = 'A007';
COMMIT;

-- What the second activity is good for: active users of a week and of four weeks, and regulars (8 days of 28).
CREATE VIEW account_users AS
SELECT account_id, health_active_count(users, as_of, 7) AS week, health_active_count(users, as_of, 28) AS month,
       health_active_count(users, as_of, 28, min_days => 8) AS regulars
FROM account_activity CROSS JOIN settings;

-- The schedule, where pg_cron is installed. Its clock is GMT, as the days of an activity are, and its grain a minute. A
-- night begins five minutes after the day is over; the board follows with time to spare. A job that is still running
-- when its time comes again is not started twice.
SELECT count(*) > 0 AS has_cron FROM pg_extension WHERE extname = 'pg_cron' \gset
\if :has_cron
SELECT cron.schedule('health: activity', '5 0 * * *',
                     'CALL refresh_activity(health_day(now()) - 3, health_day(now()))');
SELECT cron.schedule('health: scoreboard', '35 0 * * *',
                     'UPDATE settings SET as_of = health_day(now()); REFRESH MATERIALIZED VIEW CONCURRENTLY scoreboard');
SELECT cron.schedule('health: retention', '5 1 1 * *',
                     'CALL trim_activity(health_day(now()) - 400)');
-- cron.job_run_details says how each run went, and grows.
SELECT cron.schedule('health: log', '5 2 * * *',
                     $$DELETE FROM cron.job_run_details WHERE end_time < now() - interval '30 days'$$);
\endif
