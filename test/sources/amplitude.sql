-- examples/sources/amplitude.sql over the table event as Fivetran documents it, with its own seeds and planted rows.
SET client_min_messages = warning;
SET plpgsql.check_asserts = on;
CREATE EXTENSION health_score;
CREATE SCHEMA amplitude;

CREATE TABLE amplitude.event (  -- in the order of the seed
    device_id text, id bigint, server_upload_time timestamptz, _fivetran_synced timestamptz, _insert_id text, ad_id text,
    amplitude_event_type text, amplitude_id bigint, app text, city text, client_event_time timestamptz,
    client_upload_time timestamptz, country text, data jsonb, device_brand text, device_carrier text, device_family text,
    device_manufacturer text, device_model text, device_type text, dma text, event_properties jsonb, event_time timestamptz,
    event_type text, event_type_id bigint, group_properties jsonb, groups jsonb, idfa text, ip_address text,
    is_attribution_event boolean, language text, library text, location_lat text, location_lng text, os_name text,
    os_version text, paying boolean, platform text, processed_time timestamptz, project_name text, region text,
    sample_rate integer, schema integer, server_received_time timestamptz, session_id bigint, start_version text,
    user_creation_time timestamptz, user_id text, user_properties jsonb, uuid text, version_name text,
    PRIMARY KEY (device_id, id, server_upload_time));

\set root `pwd`
\cd :data/fivetran_seeds/amplitude
SET TimeZone = 'UTC';  -- what the times of the file are in
\copy amplitude.event FROM 'amplitude_event_data.csv' CSV HEADER
SET TimeZone = 'America/New_York';
\cd :root

\i examples/sources/amplitude.sql

CREATE TABLE expected (account_id text, user_id text, signal text, value float8, occurred_at timestamptz);

-- Every row that only one side has.
CREATE FUNCTION difference() RETURNS text LANGUAGE plpgsql AS $$  -- no view: the one it reads is made again below
BEGIN
    RETURN (SELECT string_agg(d::text, E'\n')
            FROM ((SELECT 'missing' AS what, * FROM expected EXCEPT ALL SELECT 'missing', * FROM amplitude_signal)
                  UNION ALL
                  (SELECT 'unexpected' AS what, * FROM amplitude_signal EXCEPT ALL SELECT 'unexpected', * FROM expected)) AS d);
END $$;

-- The seed has no groups, so nobody's account. In groups, its ten events are there, at their times in UTC.
DO $$ BEGIN ASSERT difference() IS NULL, 'without groups:' || E'\n' || difference(); END $$;
UPDATE amplitude.event SET groups = '{"org": "seed"}' WHERE device_id LIKE '2ff5%' OR device_id LIKE '3b41%';
UPDATE amplitude.event SET groups = '{"org": ["seed", "seed-2"]}' WHERE uuid = '4d9ef78c-fe9c-11e8-8f72-06d118d38c1c';
INSERT INTO expected VALUES
    ('seed', 'dev@gmail.com', 'watch_test_amplitude', NULL, '2025-03-01 19:42:58.123+00'),
    ('seed', 'a@gmail.com', 'watch_test_amplitude', NULL, '2025-03-01 19:42:58.123+00'),
    ('seed', 'b@gmail.com', 'watch_test_amplitude_2', NULL, '2025-02-13 19:42:58.123+00'),
    ('seed', 'beyonce@gmail.com', 'watch_test_amplitude_2', NULL, '2025-02-01 19:42:58.123+00'),
    ('seed', 'jayz@gmail.com', 'watch_test_amplitude_2', NULL, '2025-02-12 19:42:58.123+00'),
    ('seed', 'rihanna@gmail.com', 'watch_test_amplitude_3', NULL, '2025-02-11 19:42:58.123+00'),
    -- Two accounts, and the three events of this user after it that name none.
    ('seed', 'john_doe@gmail.com', 'test_event_01', NULL, '2025-02-10 05:51:07+00'),
    ('seed-2', 'john_doe@gmail.com', 'test_event_01', NULL, '2025-02-10 05:51:07+00');
INSERT INTO expected
SELECT account, 'john_doe@gmail.com', repeat('a', 62), NULL, (day + time '05:51:07') AT TIME ZONE 'UTC'
FROM (VALUES ('seed'), ('seed-2')) AS a (account),
     (VALUES (date '2025-02-12'), (date '2025-02-12'), (date '2025-02-18')) AS d (day);
DO $$ BEGIN ASSERT difference() IS NULL, 'seeds:' || E'\n' || difference(); END $$;

-- Planted rows; in place of a device its number.
INSERT INTO amplitude.event (device_id, id, server_upload_time, uuid, _insert_id, amplitude_id, user_id, event_type, event_time,
                             groups, event_properties, user_properties, data)
SELECT 'd' || amplitude_id, row_number() OVER (), coalesce(uploaded, at, '2025-12-01 00:00+00'), uuid, insert_id, amplitude_id,
       user_id, event, at, groups::jsonb, event_properties::jsonb, user_properties::jsonb, data::jsonb
FROM (VALUES
    -- Uploaded twice under one _insert_id, with another uuid, and once more on another day; an _insert_id of another device
    -- is another event, and a uuid that comes twice is not.
    ('u01', 'ins-1', 1, 'ann', 'login', timestamptz '2025-12-03 10:00+00', timestamptz '2025-12-03 10:01+00', '{"org": "acme"}',
     NULL, '{"role": "member"}', NULL),
    ('u02', 'ins-1', 1, 'ann', 'login', '2025-12-03 10:00:01+00', '2025-12-03 10:02+00', '{"org": "acme"}', NULL, NULL, NULL),
    ('u03', 'ins-1', 1, 'ann', 'login', '2025-12-09 10:00+00', '2025-12-13 10:02+00', '{"org": "acme"}', NULL, NULL, NULL),
    ('u04', 'ins-1', 2, 'bob', 'export', '2025-12-02 10:00+00', NULL, '{"org": "acme"}', NULL, NULL, NULL),
    ('u05', '', 2, 'bob', 'export', '2025-12-03 10:00+00', NULL, '{"org": "acme"}', NULL, NULL, NULL),
    ('u05', '', 2, 'bob', 'export', '2025-12-03 10:00+00', '2025-12-05 10:00+00', '{"org": "acme"}', NULL, NULL, NULL),
    -- An admin since then.
    ('u06', NULL, 1, 'ann', 'User Logged In', '2025-12-21 23:30+00', NULL, '{"org": "acme"}', NULL, '{"role": "Admin"}', NULL),
    ('u07', NULL, 1, 'ann', 'login', '2025-12-22 10:00+00', NULL, '{"org": "acme"}', NULL, '{"is_admin": true}', NULL),
    ('u08', NULL, 1, 'ann', 'login', NULL, NULL, '{"org": "acme"}', NULL, '{"is_admin": true}', NULL),
    ('u09', NULL, 1, 'ann', '$identify', '2025-12-22 10:00+00', NULL, '{"org": "acme"}', NULL, NULL, NULL),
    -- Bob moves; what came before stays, what says nothing goes along.
    ('u10', NULL, 2, 'bob', 'import', '2025-12-14 10:00+00', NULL, '{}', NULL, NULL, NULL),
    ('u11', NULL, 2, 'bob', 'export', '2025-12-15 10:00+00', NULL, '{"org": "globex"}', NULL, NULL, NULL),
    ('u12', NULL, 2, 'bob', 'import', '2025-12-16 10:00+00', NULL, NULL, NULL, NULL, NULL),
    ('u13', NULL, 2, 'bob', 'import', '2025-12-16 11:00+00', NULL, '{"org": []}', NULL, NULL, NULL),
    ('u14', NULL, 2, 'bob', 'import', '2025-12-16 12:00+00', NULL, '{"org": {"id": 1}}', NULL, NULL, NULL),
    ('u15', NULL, 2, 'bob', 'import', '2025-12-16 13:00+00', NULL, '{"org": ""}', NULL, NULL, NULL),
    -- The consultant: here, there, and in both; one group type among others, a number, twice the same.
    ('u20', NULL, 3, 'con', 'audit', '2025-12-03 09:00+00', NULL, '{"org": ["acme"], "team": ["x"]}', NULL, NULL, NULL),
    ('u21', NULL, 3, 'con', 'audit', '2025-12-03 13:00+00', NULL, '{"org": "globex"}', NULL, NULL, NULL),
    ('u22', NULL, 3, 'con', 'audit', '2025-12-04 09:00+00', NULL, '{"org": ["acme", "globex", "acme", 42, null, {"a": 1}]}', NULL,
     NULL, NULL),
    -- Values: a number, a number in quotes, one that fits nowhere; properties that are no object.
    ('u30', NULL, 2, 'bob', 'nps', '2025-12-17 10:00+00', NULL, '{"org": "globex"}', '{"value": 9}', NULL, NULL),
    ('u31', NULL, 2, 'bob', 'nps', '2025-12-17 11:00+00', NULL, '{"org": "globex"}', '{"value": "9"}', '{"role": 7}', NULL),
    ('u32', NULL, 2, 'bob', 'nps', '2025-12-17 12:00+00', NULL, '{"org": "globex"}', '{"value": 1e400}', '["admin"]', NULL),
    ('u33', NULL, 2, 'bob', 'nps', '2025-12-17 13:00+00', NULL, '{"org": "globex"}', '[9]', '{"role": ["admin"]}', NULL),
    ('u34', NULL, 2, 'bob', 'nps', '2025-12-17 14:00+00', NULL, '{"org": "globex"}', '{"value": 1e10}', NULL, NULL),
    -- What no activity holds: wrong clocks are left out, long names are cut (as that of 260 bytes in the seed).
    ('u35', NULL, 2, 'bob', 'nps', '1969-12-31 10:00+00', NULL, '{"org": "globex"}', NULL, NULL, NULL),
    ('u36', NULL, 2, 'bob', 'nps', '2200-01-01 00:00+00', NULL, '{"org": "globex"}', NULL, NULL, NULL),
    ('u37', NULL, 2, repeat('u', 300), 'nps', '2025-12-17 10:00+00', NULL, '{"org": "globex"}', NULL, NULL, NULL),
    -- A visitor who was identified later, and one who never was.
    ('u40', NULL, 4, NULL, 'report_viewed', '2025-12-05 09:00+00', NULL, '{"company": "acme"}', NULL, NULL, NULL),
    ('u41', NULL, 4, 'dan', 'report_viewed', '2025-12-06 09:00+00', NULL, '{"company": "acme"}', NULL, NULL, NULL),
    ('u42', NULL, 5, '', 'report_viewed', '2025-12-05 09:00+00', NULL, '{"organization": "acme"}', NULL, NULL, NULL),
    -- Three merges to eve, a circle in which x is known, and one that leads into it.
    ('u50', NULL, 61, NULL, 'export', '2025-12-08 09:00+00', NULL, '{"org": "initech"}', NULL, NULL, '{"merged_amplitude_id": 62}'),
    ('u51', NULL, 62, NULL, 'export', '2025-12-08 10:00+00', NULL, '{"org": "initech"}', NULL, NULL, '{"merged_amplitude_id": "63"}'),
    ('u52', NULL, 63, NULL, 'export', '2025-12-08 11:00+00', NULL, '{}', NULL, NULL, '{"merged_amplitude_id": 64}'),
    ('u53', NULL, 64, 'eve', 'export', '2025-12-08 12:00+00', NULL, '{}', NULL, NULL, '{"merged_amplitude_id": 64}'),
    ('u54', NULL, 72, NULL, 'export', '2025-12-08 09:00+00', NULL, '{"org": "initech"}', NULL, NULL, '{"merged_amplitude_id": 73}'),
    ('u55', NULL, 73, 'x', 'export', '2025-12-08 10:00+00', NULL, '{"org": "initech"}', NULL, NULL, '{"merged_amplitude_id": 72}'),
    ('u56', NULL, 71, NULL, 'export', '2025-12-08 11:00+00', NULL, '{"org": "initech"}', NULL, NULL, '{"merged_amplitude_id": 73}'),
    ('u57', NULL, 71, NULL, 'export', '2025-12-07 11:00+00', NULL, '{"org": "initech"}', NULL, NULL, '{"merged_amplitude_id": "?"}'),
    -- A guest, and the same person with a licence.
    ('u60', NULL, 8, 'gus', 'login', '2025-12-07 10:00+00', NULL, '{"org": "globex"}', NULL, '{"role": "guest"}', NULL),
    ('u61', NULL, 8, 'gus', 'login', '2025-12-11 10:00+00', NULL, '{"org": "globex"}', NULL, '{"role": "member"}', NULL),
    -- No accounts: a mail provider, groups that are none.
    ('u70', NULL, 9, 'fay', 'login', '2025-12-11 10:00+00', NULL, '{"org": [" GMail.com", " "]}', NULL, NULL, NULL),
    ('u71', NULL, 9, 'fay', 'login', '2025-12-10 10:00+00', NULL, '{"org": {"name": "acme"}}', NULL, NULL, NULL),
    ('u72', NULL, 9, 'fay', 'login', '2025-12-10 10:00+00', NULL, '["acme"]', NULL, NULL, NULL),
    ('u73', NULL, 9, 'fay', 'login', '2025-12-10 10:00+00', NULL, '{"org": []}', NULL, NULL, NULL),
    ('u74', NULL, 9, 'fay', 'login', '2025-12-10 10:00+00', NULL, '{"org": true}', NULL, NULL, NULL)
) AS e (uuid, insert_id, amplitude_id, user_id, event, at, uploaded, groups, event_properties, user_properties, data);
INSERT INTO amplitude.event (device_id, id, server_upload_time, uuid, amplitude_id, event_type, event_time, groups,
                             group_properties) VALUES
    ('server', 1, '2025-12-01 08:00+00', 'p1', 99, '$groupidentify', '2025-12-01 08:00+00', '{"org": "acme"}',
     '{"$set": {"name": "Acme", "plan": "Enterprise", "employee_count": 120, "mrr": 1500.5, "created_at": "2024-03-31T23:30:00-02:00"}}'),
    ('server', 2, '2025-12-22 08:00+00', 'p2', 99, '$groupidentify', '2025-12-22 08:00+00', '{"org": "acme"}',
     '{"name": "Acme Global", "seats": "25"}'),
    ('server', 3, '2025-12-02 08:00+00', 'p3', 99, '$groupidentify', '2025-12-02 08:00+00', '{"org": ["globex", 42]}',
     '{"org": {"globex": {"name": "Globex", "plan": "team", "mrr": 90}, "42": {"name": 42, "arr": "1,000", "created_at": 1700000000}}}'),
    -- Of several groups nobody knows whose properties these are.
    ('server', 4, '2025-12-03 08:00+00', 'p4', 99, '$groupidentify', '2025-12-03 08:00+00', '{"org": ["globex", "42"]}',
     '{"name": "Both"}');

INSERT INTO expected VALUES
    ('acme', 'ann', 'login', NULL, '2025-12-03 10:00+00'),
    ('acme', 'bob', 'export', NULL, '2025-12-02 10:00+00'), ('acme', 'bob', 'export', NULL, '2025-12-03 10:00+00'),
    ('acme', 'ann', 'User Logged In', NULL, '2025-12-21 23:30+00'), ('acme', 'ann', 'admin_login', NULL, '2025-12-21 23:30+00'),
    ('acme', 'ann', 'login', NULL, '2025-12-22 10:00+00'), ('acme', 'ann', 'admin_login', NULL, '2025-12-22 10:00+00'),
    ('acme', 'bob', 'import', NULL, '2025-12-14 10:00+00'), ('globex', 'bob', 'export', NULL, '2025-12-15 10:00+00'),
    ('globex', 'bob', 'import', NULL, '2025-12-16 10:00+00'), ('globex', 'bob', 'import', NULL, '2025-12-16 11:00+00'),
    ('globex', 'bob', 'import', NULL, '2025-12-16 12:00+00'), ('globex', 'bob', 'import', NULL, '2025-12-16 13:00+00'),
    ('acme', 'con', 'audit', NULL, '2025-12-03 09:00+00'), ('globex', 'con', 'audit', NULL, '2025-12-03 13:00+00'),
    ('acme', 'con', 'audit', NULL, '2025-12-04 09:00+00'), ('globex', 'con', 'audit', NULL, '2025-12-04 09:00+00'),
    ('42', 'con', 'audit', NULL, '2025-12-04 09:00+00'),
    ('globex', 'bob', 'nps', NULL, '2025-12-17 14:00+00'), ('globex', repeat('u', 62), 'nps', NULL, '2025-12-17 10:00+00'),
    ('globex', 'bob', 'nps', 9, '2025-12-17 10:00+00'), ('globex', 'bob', 'nps', NULL, '2025-12-17 11:00+00'),
    ('globex', 'bob', 'nps', NULL, '2025-12-17 12:00+00'), ('globex', 'bob', 'nps', NULL, '2025-12-17 13:00+00'),
    ('acme', 'dan', 'report_viewed', NULL, '2025-12-05 09:00+00'),
    ('acme', 'dan', 'report_viewed', NULL, '2025-12-06 09:00+00'),
    ('acme', NULL, 'report_viewed', NULL, '2025-12-05 09:00+00'),
    ('initech', 'eve', 'export', NULL, '2025-12-08 09:00+00'), ('initech', 'eve', 'export', NULL, '2025-12-08 10:00+00'),
    ('initech', 'eve', 'export', NULL, '2025-12-08 11:00+00'), ('initech', 'eve', 'export', NULL, '2025-12-08 12:00+00'),
    ('initech', 'x', 'export', NULL, '2025-12-08 09:00+00'), ('initech', 'x', 'export', NULL, '2025-12-08 10:00+00'),
    ('initech', 'x', 'export', NULL, '2025-12-08 11:00+00'), ('initech', 'x', 'export', NULL, '2025-12-07 11:00+00'),
    ('globex', NULL, 'login', NULL, '2025-12-07 10:00+00'), ('globex', NULL, 'guest:gus', NULL, '2025-12-07 10:00+00'),
    ('globex', 'gus', 'login', NULL, '2025-12-11 10:00+00');

CREATE PROCEDURE check_all(about text) LANGUAGE plpgsql AS $$
DECLARE
    names text := (SELECT string_agg(format('%s %s', attname, atttypid::regtype), ', ' ORDER BY attnum) FROM pg_attribute
                   WHERE attrelid = 'amplitude_signal'::regclass AND attnum > 0);
BEGIN
    ASSERT difference() IS NULL, about || E':\n' || difference();
    ASSERT names = 'account_id text, user_id text, signal text, value double precision, '
                   'occurred_at timestamp with time zone', names;
    ASSERT NOT EXISTS (SELECT FROM amplitude_signal
                       WHERE occurred_at >= '2025-12-09 00:00+00' AND occurred_at < '2025-12-10 00:00+00'),
        'a copy counted on another day';
    ASSERT (SELECT jsonb_object_agg(account_id, to_jsonb(a) - 'account_id') FROM amplitude_account AS a
            WHERE account_id NOT LIKE 'seed%') = '{
        "acme":    {"name": "Acme Global", "segment": "enterprise", "seats": 25, "arr": 18006.0, "csm": null,
                    "created_on": "2024-04-01", "renews_on": null},
        "globex":  {"name": "Globex", "segment": "mid", "seats": null, "arr": 1080, "csm": null, "created_on": null,
                    "renews_on": null},
        "42":      {"name": "42", "segment": null, "seats": null, "arr": null, "csm": null, "created_on": "2023-11-14",
                    "renews_on": null},
        "initech": {"name": null, "segment": null, "seats": null, "arr": null, "csm": null, "created_on": null,
                    "renews_on": null}}', (SELECT string_agg(a::text, E'\n') FROM amplitude_account AS a);
END $$;
CALL check_all('signals');

-- The same where the loader gives JSON as text and times without a zone.
ALTER SCHEMA amplitude RENAME TO amplitude_typed;
CREATE SCHEMA amplitude;
CREATE TABLE amplitude.event AS SELECT * FROM amplitude_typed.event WITH NO DATA;
ALTER TABLE amplitude.event ALTER data TYPE text, ALTER groups TYPE text, ALTER group_properties TYPE json USING NULL,
    ALTER event_properties TYPE json USING NULL, ALTER user_properties TYPE varchar,
    ALTER event_time TYPE timestamp, ALTER server_upload_time TYPE timestamp;
SET TimeZone = 'UTC';
INSERT INTO amplitude.event
SELECT (jsonb_populate_record(NULL::amplitude.event, to_jsonb(e))).* FROM amplitude_typed.event AS e;
SET TimeZone = 'America/New_York';
UPDATE amplitude.event SET user_properties = '' WHERE user_properties IS NULL;
\i examples/sources/amplitude.sql
CALL check_all('signals of text');

-- To a scoreboard, as the head of the file says.
\set system amplitude
\set as_of 2026-01-01
\ir product.psql
DO $$
BEGIN
    ASSERT (SELECT activity::jsonb -> 'user:con' FROM account_activity WHERE account_id = 'globex')
           = '{"2025-12-03": 1, "2025-12-04": 1}', 'the consultant';
END $$;

-- Without groups: a property of the user, as the comment says.
CREATE OR REPLACE FUNCTION amplitude_group(groups jsonb, user_properties jsonb) RETURNS jsonb
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT coalesce(groups -> 'org', groups -> 'company', groups -> 'organization', groups -> 'account',
                    to_jsonb(lower(nullif(split_part(user_properties ->> 'email', '@', 2), ''))))
$$;
DO $$
BEGIN
    INSERT INTO amplitude.event (uuid, user_id, amplitude_id, event_type, event_time, user_properties) VALUES
        ('w1', 'wes', 901, 'login', '2025-12-10 10:00', '{"email": "Wes@Wayne.example"}'),
        ('w2', 'wes', 901, 'export', '2025-12-10 11:00', NULL),
        ('w3', 'joe', 902, 'login', '2025-12-10 12:00', '{"email": "joe@gmail.com"}');
    ASSERT (SELECT array_agg(concat_ws(' ', account_id, user_id, signal) ORDER BY occurred_at) FROM amplitude_signal
            WHERE user_id IN ('wes', 'joe')) = '{wayne.example wes login,wayne.example wes export}', 'a mail domain';
    ASSERT EXISTS (SELECT FROM amplitude_account WHERE account_id = 'wayne.example'), 'its account';
END $$;

SELECT pg_temp.keeps_contract('amplitude') \g /dev/null
