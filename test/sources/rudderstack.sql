-- examples/sources/rudderstack.sql over the tables of a RudderStack source, with the columns and types of its loader.
SET client_min_messages = warning;
SET plpgsql.check_asserts = on;
CREATE EXTENSION health_score;
CREATE SCHEMA app;

CREATE TABLE app.tracks (
    id text, anonymous_id text, user_id text, event text, event_text text,
    context_ip text, context_library_name text, context_page_url text,
    original_timestamp timestamptz, sent_at timestamptz, "timestamp" timestamptz, received_at timestamptz,
    uuid_ts timestamptz);
CREATE TABLE app.identifies (
    id text, anonymous_id text, user_id text, email text, role text,
    "timestamp" timestamptz, received_at timestamptz, uuid_ts timestamptz);
CREATE TABLE app.groups (
    id text, anonymous_id text, user_id text, group_id text, name text,
    plan text, employee_count bigint, mrr numeric, created_at timestamptz, "timestamp" timestamptz,
    received_at timestamptz, uuid_ts timestamptz);
CREATE TABLE app.aliases (
    id text, previous_id text, user_id text, "timestamp" timestamptz, received_at timestamptz,
    uuid_ts timestamptz);

INSERT INTO app.identifies (id, anonymous_id, user_id, role, "timestamp") VALUES
    ('i1', 'A-ann', 'ann', 'member', '2025-12-01 08:00+00'), ('i2', 'A-ann', 'ann', 'admin',  '2025-12-20 08:00+00'),
    ('i3', 'A-ann', 'ann', NULL,     '2025-12-25 08:00+00'), ('i4', 'A-dan', 'dan', NULL,     '2025-12-06 08:00+00'),
    ('i5', 'A-gus', 'gus', 'guest',  '2025-12-01 08:00+00'), ('i6', 'A-gus', 'gus', 'member', '2025-12-10 08:00+00'),
    ('i7', 'A-kit', 'ann', NULL,     '2025-12-01 09:00+00'), ('i8', 'A-kit', 'bob', NULL,     '2025-12-20 09:00+00'),
    ('i9', 'A-ann', 'ann', 'owner',  NULL);
INSERT INTO app.aliases (id, previous_id, user_id, "timestamp") VALUES
    -- A chain of three, a circle, and one that leads into it.
    ('a1', 'old-1', 'old-2', '2025-12-01 01:00+00'), ('a2', 'old-2', 'old-3', '2025-12-01 02:00+00'),
    ('a3', 'old-3', 'eve',   '2025-12-01 03:00+00'), ('a4', 'x-1', 'x-2', '2025-12-01 01:00+00'),
    ('a5', 'x-2', 'x-1', '2025-12-01 02:00+00'), ('a6', 'w', 'x-2', '2025-12-01 03:00+00'),
    ('a7', 'z', 'z', '2025-12-01 03:00+00');
INSERT INTO app.groups (id, anonymous_id, user_id, group_id, name, plan, employee_count, mrr, created_at, "timestamp") VALUES
    ('g01', 'A-ann', 'ann', 'acme',   'Acme', 'Enterprise', 120, 1500.50, '2024-03-31 01:30+00', '2025-12-01 08:00+00'),
    ('g02', 'A-bob', 'bob', 'acme',   'Acme', NULL, NULL, NULL, NULL, '2025-12-01 08:00+00'),
    ('g03', 'A-bob', 'bob', 'globex', 'Globex', 'team', 12, 90, NULL, '2025-12-15 08:00+00'),
    -- The consultant, two accounts on one day.
    ('g04', 'A-con', 'con', 'acme',   NULL, NULL, NULL, NULL, NULL, '2025-12-03 08:00+00'),
    ('g05', 'A-con', 'con', 'globex', NULL, NULL, NULL, NULL, NULL, '2025-12-03 12:00+00'),
    ('g06', 'A-con', 'con', 'acme',   NULL, NULL, NULL, NULL, NULL, '2025-12-04 08:00+00'),
    ('g07', 'B-dan', 'dan', 'acme',   NULL, NULL, NULL, NULL, NULL, '2025-12-04 08:00+00'),
    ('g08', NULL, 'old-2', 'initech', 'Initech', 'starter', NULL, NULL, NULL, '2025-12-01 08:00+00'),
    ('g09', NULL, 'x-1',   'initech', NULL, NULL, NULL, NULL, NULL, '2025-12-01 08:00+00'),
    ('g10', 'A-gus', 'gus', 'globex', NULL, NULL, NULL, NULL, NULL, '2025-12-01 08:00+00'),
    ('g11', 'A-fay', 'fay', ' Gmail.com ', NULL, NULL, NULL, NULL, NULL, '2025-12-01 08:00+00'),
    -- Renamed; a call without a time; the same call twice; a customer who never came.
    ('g12', 'A-ann', 'ann', 'acme', 'Acme Global', NULL, NULL, NULL, NULL, '2025-12-22 08:00+00'),
    ('g13', 'A-ann', 'ann', 'globex', NULL, NULL, NULL, NULL, NULL, NULL),
    ('g01', 'A-ann', 'ann', 'acme',   'Acme', 'Enterprise', 120, 1500.50, '2024-03-31 01:30+00', '2025-12-01 08:00+00'),
    ('g15', NULL, repeat('u', 300), 'acme', NULL, NULL, NULL, NULL, NULL, '2025-12-01 08:00+00'),
    ('g14', NULL, 'sales', 'hooli', 'Hooli', 'gold', NULL, NULL, NULL, '2025-12-01 08:00+00');
INSERT INTO app.tracks (id, anonymous_id, user_id, event, "timestamp", received_at) VALUES
    ('t01', 'A-ann', 'ann', 'login', '2025-12-03 10:00+00', '2025-12-03 10:00:02+00'),
    -- Sent again: with a time of its own, and once more on another day, where it must not count either.
    ('t01', 'A-ann', 'ann', 'login', '2025-12-03 10:00:01+00', '2025-12-03 10:05+00'),
    ('t01', 'A-ann', 'ann', 'login', '2025-12-09 10:00+00', '2025-12-09 10:00+00'),
    ('t02', 'A-ann', 'ann', 'logged_in', '2025-12-21 23:30+00', '2025-12-21 23:30+00'),
    ('t03', 'A-ann', 'ann', 'login', '2025-12-26 10:00+00', '2025-12-26 10:00+00'),
    ('t04', 'A-ann', 'ann', 'export', '2025-12-26 11:00+00', '2025-12-26 11:00+00'),
    ('t05', 'A-ann', 'ann', 'export', NULL, '2025-12-26 11:00+00'),
    ('t06', 'A-ann', 'ann', NULL, '2025-12-26 11:00+00', '2025-12-26 11:00+00'),
    ('t07', 'A-ann', 'ann', 'export', '2025-12-01 07:59:59+00', '2025-12-01 08:00+00'),
    -- What no activity holds: wrong clocks are left out, long names are cut.
    ('t08', 'A-ann', 'ann', 'export', '1969-12-31 10:00+00', '2025-12-02 10:00+00'),
    ('t09', 'A-ann', 'ann', 'export', '9999-12-31 10:00+00', '2025-12-02 10:00+00'),
    ('t0a', 'A-ann', 'ann', repeat('é', 300), '2025-12-02 10:00+00', '2025-12-02 10:00+00'),
    ('t0b', NULL, repeat('u', 300), 'export', '2025-12-02 10:00+00', '2025-12-02 10:00+00'),
    ('t10', 'A-bob', 'bob', 'export', '2025-12-02 10:00+00', '2025-12-02 10:00+00'),
    ('t10', 'A-bob', 'bob', 'export', '2025-12-05 10:00+00', NULL),
    ('t11', 'A-bob', 'bob', 'export', '2025-12-15 07:59:59+00', '2025-12-15 08:00+00'),
    ('t12', 'A-bob', 'bob', 'export', '2025-12-15 08:00+00', '2025-12-15 08:00+00'),
    ('t13', 'A-kit', NULL,  'export', '2025-12-21 08:00+00', '2025-12-21 08:00+00'),
    ('t20', 'A-con', 'con', 'report_viewed', '2025-12-03 09:00+00', '2025-12-03 09:00+00'),
    ('t21', 'A-con', 'con', 'report_viewed', '2025-12-03 13:00+00', '2025-12-03 13:00+00'),
    ('t22', 'A-con', 'con', 'report_viewed', '2025-12-04 09:00+00', '2025-12-04 09:00+00'),
    ('t30', 'A-dan', NULL,  'report_viewed', '2025-12-05 09:00+00', '2025-12-05 09:00+00'),
    ('t31', 'A-zoe', NULL,  'report_viewed', '2025-12-05 09:00+00', '2025-12-05 09:00+00'),
    ('t32', 'A-dan', '',    'report_viewed', '2025-12-07 09:00+00', '2025-12-07 09:00+00'),
    ('t40', NULL, 'old-1',  'export', '2025-12-08 09:00+00', '2025-12-08 09:00+00'),
    ('t41', NULL, 'eve',    'export', '2025-12-08 10:00+00', '2025-12-08 10:00+00'),
    ('t42', NULL, 'x-2',    'export', '2025-12-08 11:00+00', '2025-12-08 11:00+00'),
    ('t43', NULL, 'w',      'export', '2025-12-08 12:00+00', '2025-12-08 12:00+00'),
    ('t50', 'A-gus', 'gus', 'login', '2025-12-07 10:00+00', '2025-12-07 10:00+00'),
    ('t51', 'A-gus', 'gus', 'login', '2025-12-11 10:00+00', '2025-12-11 10:00+00'),
    ('t60', 'A-fay', 'fay', 'login', '2025-12-11 10:00+00', '2025-12-11 10:00+00');

\i examples/sources/rudderstack.sql

CREATE TABLE expected (account_id text, user_id text, signal text, value float8, occurred_at timestamptz);
INSERT INTO expected VALUES
    ('acme', 'ann', 'login', NULL, '2025-12-03 10:00+00'),
    ('acme', 'ann', 'logged_in', NULL, '2025-12-21 23:30+00'), ('acme', 'ann', 'admin_login', NULL, '2025-12-21 23:30+00'),
    ('acme', 'ann', 'login', NULL, '2025-12-26 10:00+00'), ('acme', 'ann', 'admin_login', NULL, '2025-12-26 10:00+00'),
    ('acme', 'ann', 'export', NULL, '2025-12-26 11:00+00'),
    ('acme', 'ann', repeat('é', 62), NULL, '2025-12-02 10:00+00'),
    ('acme', repeat('u', 62), 'export', NULL, '2025-12-02 10:00+00'),
    ('acme', 'bob', 'export', NULL, '2025-12-02 10:00+00'), ('acme', 'bob', 'export', NULL, '2025-12-15 07:59:59+00'),
    ('globex', 'bob', 'export', NULL, '2025-12-15 08:00+00'), ('globex', 'bob', 'export', NULL, '2025-12-21 08:00+00'),
    ('acme', 'con', 'report_viewed', NULL, '2025-12-03 09:00+00'),
    ('globex', 'con', 'report_viewed', NULL, '2025-12-03 13:00+00'),
    ('acme', 'con', 'report_viewed', NULL, '2025-12-04 09:00+00'),
    ('acme', 'dan', 'report_viewed', NULL, '2025-12-05 09:00+00'),
    ('acme', 'dan', 'report_viewed', NULL, '2025-12-07 09:00+00'),
    ('initech', 'eve', 'export', NULL, '2025-12-08 09:00+00'), ('initech', 'eve', 'export', NULL, '2025-12-08 10:00+00'),
    ('initech', 'x-1', 'export', NULL, '2025-12-08 11:00+00'), ('initech', 'x-1', 'export', NULL, '2025-12-08 12:00+00'),
    ('globex', NULL, 'login', NULL, '2025-12-07 10:00+00'), ('globex', NULL, 'guest:gus', NULL, '2025-12-07 10:00+00'),
    ('globex', 'gus', 'login', NULL, '2025-12-11 10:00+00');

-- Every row that only one side has.
CREATE VIEW difference AS
(SELECT 'missing' AS what, * FROM expected EXCEPT ALL SELECT 'missing', * FROM rudderstack_signal)
UNION ALL
(SELECT 'unexpected' AS what, * FROM rudderstack_signal EXCEPT ALL SELECT 'unexpected', * FROM expected);

DO $$
DECLARE
    wrong text := (SELECT string_agg(d::text, E'\n') FROM difference AS d);
    names text := (SELECT string_agg(format('%s %s', attname, atttypid::regtype), ', ' ORDER BY attnum) FROM pg_attribute
                   WHERE attrelid = 'rudderstack_signal'::regclass AND attnum > 0);
BEGIN
    ASSERT wrong IS NULL, 'signals:' || E'\n' || wrong;
    ASSERT names = 'account_id text, user_id text, signal text, value double precision, '
                   'occurred_at timestamp with time zone', names;
    -- Cut at a day: the copy of t01 of that day stays out, it is known by its id.
    ASSERT NOT EXISTS (SELECT FROM rudderstack_signal
                       WHERE occurred_at >= '2025-12-09 00:00+00' AND occurred_at < '2025-12-10 00:00+00'),
        'a copy counted on the day it was sent again';
    ASSERT (SELECT jsonb_object_agg(account_id, to_jsonb(a) - 'account_id') FROM rudderstack_account AS a) = '{
        "acme":    {"name": "Acme Global", "segment": "enterprise", "seats": 120, "arr": 18006.00, "csm": null,
                    "created_on": "2024-03-31", "renews_on": null},
        "globex":  {"name": "Globex", "segment": "mid", "seats": 12, "arr": 1080, "csm": null, "created_on": null,
                    "renews_on": null},
        "initech": {"name": "Initech", "segment": "smb", "seats": null, "arr": null, "csm": null, "created_on": null,
                    "renews_on": null},
        "hooli":   {"name": "Hooli", "segment": null, "seats": null, "arr": null, "csm": null, "created_on": null,
                    "renews_on": null}}',
        (SELECT string_agg(a::text, E'\n') FROM rudderstack_account AS a);
END $$;

-- Columns that appear: the group of the event itself goes before that of the last call. Traits of another type: text where
-- numbers were, and a flag.
ALTER TABLE app.tracks ADD COLUMN context_group_id text;
UPDATE app.tracks SET context_group_id = CASE id WHEN 't04' THEN 'globex' ELSE '' END WHERE id IN ('t04', 't10');
ALTER TABLE app.identifies ADD COLUMN is_admin boolean;
UPDATE app.identifies SET is_admin = true WHERE id = 'i1';
ALTER TABLE app.groups ALTER COLUMN mrr TYPE text, ADD COLUMN seats text;
UPDATE app.groups SET mrr = 'about 90' WHERE id = 'g03';
UPDATE app.groups SET seats = '25' WHERE id = 'g12';
\i examples/sources/rudderstack.sql
UPDATE expected SET account_id = 'globex' WHERE occurred_at = '2025-12-26 11:00+00';
INSERT INTO expected VALUES ('acme', 'ann', 'admin_login', NULL, '2025-12-03 10:00+00');
DO $$
DECLARE
    wrong text := (SELECT string_agg(d::text, E'\n') FROM difference AS d);
BEGIN
    ASSERT wrong IS NULL, 'signals after new columns:' || E'\n' || wrong;
    ASSERT (SELECT (seats, arr) = (25, 18006) FROM rudderstack_account WHERE account_id = 'acme')
       AND (SELECT (seats, arr) IS NOT DISTINCT FROM (12, NULL::numeric) FROM rudderstack_account
            WHERE account_id = 'globex'),
        (SELECT string_agg(a::text, E'\n') FROM rudderstack_account AS a);
END $$;

-- A source without group and alias calls: each call carries its account.
BEGIN;
DROP TABLE app.groups, app.aliases CASCADE;
\i examples/sources/rudderstack.sql
DO $$
BEGIN
    ASSERT NOT EXISTS (SELECT FROM rudderstack_account)
       AND (SELECT array_agg(DISTINCT account_id) = '{globex}' FROM rudderstack_signal), 'without groups and aliases';
END $$;
ROLLBACK;

-- To a scoreboard, as the head of the file says.
INSERT INTO app.tracks (id, user_id, event, "timestamp", received_at, context_group_id)
VALUES ('t99', 'ann', 'login', '2025-12-28 10:00+00', '2025-12-28 10:00+00', 'stark');  -- of which no group call tells
INSERT INTO expected VALUES ('stark', 'ann', 'login', NULL, '2025-12-28 10:00+00');
\set system rudderstack
\set as_of 2026-01-01
\ir product.psql
DO $$
BEGIN
    ASSERT (SELECT activity::jsonb -> 'user:con' FROM account_activity WHERE account_id = 'acme')
           = '{"2025-12-03": 1, "2025-12-04": 1}', 'the consultant';
    ASSERT (SELECT segment = 'mid' AND score = 0 FROM scoreboard WHERE account_id = 'hooli'), 'a plan without a model, and no event';
END $$;
