-- Keeping it fresh: what runs every night, what is done once, and what a scheduler needs. Run sample.sql and views.sql
-- first. Nothing here is part of the extension: copy it and change it. Account and user ids are text in the sample;
-- where yours are numbers, signals want user_id::text. It can be run again after a change.
--
-- What writes account_activity is a procedure, its days are parameters. Each takes the same lock and holds it to the end of
-- its own transaction, a night to the end of each step: two at once wait for each other.

-- Two activities beside the first: who was there (how many came, who comes often, who left), and readings that no source
-- can repeat, such as a column as it was today.
ALTER TABLE account_activity
    ADD COLUMN IF NOT EXISTS user_activity health_activity NOT NULL DEFAULT '{}',
    ADD COLUMN IF NOT EXISTS readings health_activity NOT NULL DEFAULT '{}';

-- So that a night reads the last days only. Partitions by month do as well.
CREATE INDEX IF NOT EXISTS events_occurred_at ON events (occurred_at);

-- Replaces the days from_day <= day < before_day of all accounts by what the events say now: late events are added,
-- deleted ones vanish, and running it again leads to the same. (docs/performance.md has the WHERE that spares the rows
-- of quiet accounts.) Every night the last days, once for a backfill the last
-- year: it goes in steps, commits each and says how far it is, so that a run that was ended loses one step at most. An
-- account that is new in accounts has only the days that ran since: backfill it, too. Where the days are those of an
-- office, or a source repeats events under one id with a time of its own, the sub-select reads wider than these days and
-- is cut afterwards: docs/time.md shows how.
--
-- Without the lock two at once would do no harm that the next night does not heal, but the one that began first could end
-- last, and put back what was true when it began. As it commits, it is called outside of a transaction; and under READ
-- COMMITTED, the default, or the one that waited fails and must be run again.
CREATE OR REPLACE PROCEDURE refresh_activity(from_day date, before_day date, step_days int DEFAULT 31)
LANGUAGE plpgsql AS $$
DECLARE
    first_day date := from_day;
    next_day  date;  -- where the next step begins
    refreshed bigint;
BEGIN
    IF (from_day < before_day AND step_days > 0) IS NOT TRUE THEN
        RAISE EXCEPTION 'no days to refresh from % to before %, % at a time', from_day, before_day, step_days;
    END IF;
    WHILE first_day < before_day LOOP
        next_day := least(first_day + step_days, before_day);
        PERFORM pg_advisory_xact_lock('account_activity'::regclass::bigint);

        -- Who is no longer there.
        DELETE FROM account_activity AS kept
        WHERE NOT EXISTS (SELECT FROM accounts WHERE accounts.account_id = kept.account_id);

        INSERT INTO account_activity AS kept (account_id, activity, user_activity)
        SELECT account_id, coalesce(tail.activity, '{}'), coalesce(tail.user_activity, '{}')
        FROM accounts LEFT JOIN (
            SELECT e.account_id, health_activity(s.signal, e.occurred_at, s.value) AS activity,
                   health_activity(s.person, e.occurred_at) AS user_activity
            FROM events AS e
            CROSS JOIN LATERAL (VALUES (e.event, e.value, nullif(e.user_id, '')),
                                       ('user:' || nullif(e.user_id, ''), NULL, NULL)) AS s (signal, value, person)
            WHERE e.occurred_at >= health_day_start(first_day) AND e.occurred_at < health_day_start(next_day)
            GROUP BY e.account_id) AS tail USING (account_id)
        ORDER BY account_id  -- one order for all who lock these rows, or one of them ends in a deadlock
        ON CONFLICT (account_id) DO UPDATE
        -- The tail of a splice reaches to the end: behind these days comes what is there already.
        SET activity = health_splice(kept.activity, excluded.activity + health_trim(kept.activity, next_day), first_day),
            user_activity = health_splice(kept.user_activity,
                                          excluded.user_activity + health_trim(kept.user_activity, next_day), first_day);
        GET DIAGNOSTICS refreshed = ROW_COUNT;

        COMMIT;
        RAISE NOTICE 'days % to %: % accounts, % %% of the days done', first_day, next_day - 1, refreshed,
            100 * (next_day - from_day) / (before_day - from_day);
        first_day := next_day;
    END LOOP;
END $$;

-- Retention: days before this one are dropped. Keep the longest window of the models plus trend_days, or previous
-- scores are wrong. Readings stay: a signal with "window_days": null still counts after years.
CREATE OR REPLACE PROCEDURE trim_activity(first_day date)
LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_advisory_xact_lock('account_activity'::regclass::bigint);
    UPDATE account_activity
    SET activity = health_trim(activity, first_day), user_activity = health_trim(user_activity, first_day)
    WHERE least(health_first_day(activity), health_first_day(user_activity)) < first_day;
END $$;

-- What is read today, as of the last full day: a splice, so that reading twice counts once. Scores take the sum,
-- activity + readings.
CREATE OR REPLACE PROCEDURE read_columns(today date)
LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_advisory_xact_lock('account_activity'::regclass::bigint);
    UPDATE account_activity AS kept
    SET readings = health_splice(kept.readings, health_observation('arr', today - 1, accounts.arr::float8), today - 1)
    FROM accounts WHERE accounts.account_id = kept.account_id AND accounts.arr IS NOT NULL;
END $$;

-- When a person asks to be forgotten: the name goes, what was done stays. Under the lock, or a night that has read the
-- events already would bring the name back.
CREATE OR REPLACE PROCEDURE forget_user(forgotten text)
LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_advisory_xact_lock('account_activity'::regclass::bigint);
    UPDATE events SET user_id = NULL WHERE user_id = forgotten;
    UPDATE account_activity
    SET activity = health_without(activity, ARRAY['user:' || forgotten]),
        user_activity = health_without(user_activity, ARRAY[forgotten])
    WHERE health_last_day(user_activity, forgotten) IS NOT NULL;
END $$;

-- Once: a year of events, a month or so at a time.
CALL refresh_activity('2025-01-01', '2026-01-01');
ANALYZE account_activity;

-- Every night: as many days as events come late, and at least since the last night that succeeded. In production
-- health_day(now()) stands where the sample has its last day.
CALL refresh_activity('2025-12-29', '2026-01-01');
CALL read_columns('2026-01-01');
UPDATE settings SET as_of = '2026-01-01' WHERE as_of <> '2026-01-01';
REFRESH MATERIALIZED VIEW CONCURRENTLY scoreboard;

-- Once a month.
CALL trim_activity('2025-07-01');

-- When it is asked for.
CALL forget_user('consultant-1');

-- What the second activity is good for: active users of a week and of four weeks, and regulars (8 days of 28).
CREATE OR REPLACE VIEW account_users AS
SELECT account_id, health_active_count(user_activity, as_of, 7) AS week,
       health_active_count(user_activity, as_of, 28) AS month,
       health_active_count(user_activity, as_of, 28, min_days => 8) AS regulars
FROM account_activity CROSS JOIN settings;

-- The schedule, where pg_cron is installed. Its clock is GMT, as the days of an activity are. A night begins five minutes
-- after the day is over; the board follows with time to spare. A job does not run beside itself.
SELECT count(*) > 0 AS has_cron FROM pg_extension WHERE extname = 'pg_cron' \gset
\if :has_cron
SELECT cron.schedule('health: activity', '5 0 * * *',
                     'CALL refresh_activity(health_day(now()) - 3, health_day(now()))');
SELECT cron.schedule('health: scoreboard', '35 0 * * *',
                     'CALL read_columns(health_day(now()));
                      UPDATE settings SET as_of = health_day(now());
                      REFRESH MATERIALIZED VIEW CONCURRENTLY scoreboard');
SELECT cron.schedule('health: retention', '5 1 1 * *',
                     'CALL trim_activity(health_day(now()) - 400)');
-- cron.job_run_details says how each run went, and grows.
SELECT cron.schedule('health: log', '5 2 * * *',
                     $$DELETE FROM cron.job_run_details WHERE end_time < now() - interval '30 days'$$);
\endif
