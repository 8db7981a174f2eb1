-- examples/sources/mixpanel.sql over the table event as Fivetran lands it, with its own seeds and planted rows.
SET client_min_messages = warning;
SET plpgsql.check_asserts = on;
CREATE EXTENSION health_score;
CREATE SCHEMA mixpanel;

CREATE TABLE mixpanel.event (  -- in the order of the seed; time has no zone
    _file text, _line bigint, _fivetran_id text PRIMARY KEY, event_id bigint, name text, time timestamp, distinct_id text,
    properties jsonb, insert_id text, mp_processing_time_ms bigint, _fivetran_synced timestamptz, screen_width bigint,
    wifi boolean, app_release text, app_version text, os text, mp_device_model text, city text, os_version text,
    mp_country_code text, lib_version text, manufacturer text, radio text, carrier text, screen_height bigint,
    app_build_number text, model text, region text, app_version_string text, mp_lib text, initial_referring_domain text,
    device_id text, referrer text, current_url text, browser text, browser_version text, initial_referrer text,
    search_engine text, referring_domain text, bluetooth_version text, has_nfc boolean, brand text, has_telephone boolean,
    screen_dpi bigint, google_play_services text, had_persisted_distinct_id boolean, bluetooth_enabled boolean, ios_ifa text,
    device text, mp_keyword text, distinct_id_before_identity text, ae_session_length text);

\set root `pwd`
\cd :data/fivetran_seeds/mixpanel
\copy mixpanel.event FROM 'event.csv' CSV HEADER
\cd :root

\i examples/sources/mixpanel.sql

CREATE TABLE expected (account_id text, user_id text, signal text, value float8, occurred_at timestamptz);

-- Every row that only one side has.
CREATE FUNCTION difference() RETURNS text LANGUAGE plpgsql AS $$  -- no view: the one it reads is made again below
BEGIN
    RETURN (SELECT string_agg(d::text, E'\n')
            FROM ((SELECT 'missing' AS what, * FROM expected EXCEPT ALL SELECT 'missing', * FROM mixpanel_signal)
                  UNION ALL
                  (SELECT 'unexpected' AS what, * FROM mixpanel_signal EXCEPT ALL SELECT 'unexpected', * FROM expected)) AS d);
END $$;

-- The seed has no companies, so nobody's account. With one, its five events are there, at their times in UTC. Two ids come
-- twice, but on another day or for another event.
DO $$ BEGIN ASSERT difference() IS NULL, 'without companies:' || E'\n' || difference(); END $$;
UPDATE mixpanel.event SET properties = properties || '{"company_id": 7}' WHERE name <> 'playthrough_30';
INSERT INTO expected VALUES
    ('7', '9e308c27-42ab-57af-beef-555708cde092', 'plays', NULL, '2020-08-01 10:16:46+00'),
    ('7', '622b169c-2187-5121-85e6-e5960b2512e3', 'playthrough_25', NULL, '2020-08-01 11:35:44+00'),
    ('7', '622b169c-2187-5121-85e6-e5960b2512e3', 'playthrough_25', NULL, '2024-02-02 08:58:02+00'),
    ('7', '622b169c-2187-5121-85e6-e5960b2512e7', 'playthrough_29', NULL, '2024-01-31 08:58:02+00'),
    ('7', '622b169c-2187-5121-85e6-e5960b2512e7', 'playthrough_30', NULL, '2025-02-27 08:58:02+00');
DO $$ BEGIN ASSERT difference() IS NULL, 'seeds:' || E'\n' || difference(); END $$;

-- Planted rows.
CREATE FUNCTION plant(id text, insert_id text, processed bigint, distinct_id text, name text, at timestamp, properties jsonb,
                      before text DEFAULT NULL, device text DEFAULT NULL)
RETURNS void LANGUAGE sql AS $$
    INSERT INTO mixpanel.event (_fivetran_id, insert_id, mp_processing_time_ms, distinct_id, name, time, properties,
                                distinct_id_before_identity, device_id)
    VALUES (id, insert_id, processed, distinct_id, name, at, properties, before, device)
$$;
DO $$
BEGIN
    -- Sent three times on a day; the one that was processed first counts. Another user, event or day is another event, and
    -- so is everything without an id.
    PERFORM plant('m01', 'ins-1', 20, 'ann', 'login', '2025-12-03 10:00:01', '{"company_id": "acme", "role": "member"}');
    PERFORM plant('m02', 'ins-1', 10, 'ann', 'login', '2025-12-03 10:00', '{"company_id": "acme"}');
    PERFORM plant('m03', 'ins-1', NULL, 'ann', 'login', '2025-12-03 23:00', '{"company_id": "acme"}');
    PERFORM plant('m04', 'ins-1', 10, 'bob', 'login', '2025-12-03 10:00', '{"company_id": "acme"}');
    PERFORM plant('m05', 'ins-1', 10, 'ann', 'export', '2025-12-03 10:00', '{"company_id": "acme"}');
    PERFORM plant('m06', 'ins-1', 10, 'ann', 'login', '2025-12-04 03:00', '{"company_id": "acme"}');
    PERFORM plant('m07', NULL, 10, 'ann', 'export', '2025-12-05 10:00', '{"company_id": "acme"}');
    PERFORM plant('m08', NULL, 10, 'ann', 'export', '2025-12-05 10:00', '{"company_id": "acme"}');
    PERFORM plant('m09', '', 10, 'ann', 'export', '2025-12-05 10:00', '{"company_id": "acme"}');
    PERFORM plant('m0a', '', 10, 'ann', 'export', '2025-12-05 10:00', '{"company_id": "acme"}');
    -- An admin since then; no time; what is Mixpanel's own.
    PERFORM plant('m10', 'a', 1, 'ann', 'User Logged In', '2025-12-21 23:30', '{"company_id": "acme", "role": "Admin"}');
    PERFORM plant('m11', 'b', 1, 'ann', 'login', '2025-12-22 10:00', '{"company_id": "acme", "is_admin": true}');
    PERFORM plant('m12', 'c', 1, 'ann', 'login', NULL, '{"company_id": "acme", "is_admin": true}');
    PERFORM plant('m13', 'd', 1, 'ann', '$mp_click', '2025-12-22 10:00', '{"company_id": "acme"}');
    PERFORM plant('m14', 'e', 1, 'ann', '$ae_session', '2025-12-22 10:00', '{"company_id": "acme"}');
    -- Bob moves; what came before stays, what says nothing goes along.
    PERFORM plant('m20', 'f', 1, 'bob', 'import', '2025-12-14 10:00', '{}');
    PERFORM plant('m21', 'g', 1, 'bob', 'export', '2025-12-15 10:00', '{"company_id": "globex"}');
    PERFORM plant('m22', 'h', 1, 'bob', 'import', '2025-12-16 10:00', '{"company_id": {"id": 1}}');
    PERFORM plant('m23', 'i', 1, 'bob', 'import', '2025-12-16 11:00', NULL);
    PERFORM plant('m24', 'j', 1, 'bob', 'import', '2025-12-16 12:00', '{"company_id": []}');
    PERFORM plant('m25', 'k', 1, 'bob', 'import', '2025-12-16 13:00', '{"company_id": ""}');
    -- The consultant: here, there, and in both; a number, twice the same.
    PERFORM plant('m30', 'l', 1, 'con', 'audit', '2025-12-03 09:00', '{"company_id": ["acme"]}');
    PERFORM plant('m31', 'm', 1, 'con', 'audit', '2025-12-03 13:00', '{"company_id": "globex"}');
    PERFORM plant('m32', 'n', 1, 'con', 'audit', '2025-12-04 09:00',
                  '{"company_id": ["acme", "globex", "acme", 42, null, {"a": 1}]}');
    -- Values: a number, a number in quotes, those that fit nowhere; a role of another type.
    PERFORM plant('m40', 'o', 1, 'bob', 'nps', '2025-12-17 10:00', '{"company_id": "globex", "value": 9}');
    PERFORM plant('m41', 'p', 1, 'bob', 'nps', '2025-12-17 11:00', '{"company_id": "globex", "value": "9", "role": 7}');
    PERFORM plant('m42', 'q', 1, 'bob', 'nps', '2025-12-17 12:00', '{"company_id": "globex", "value": 1e400}');
    PERFORM plant('m43', 'r', 1, 'bob', 'nps', '2025-12-17 13:00', '{"company_id": "globex", "value": -1e10}');
    -- What no activity holds: wrong clocks are left out, long names are cut.
    PERFORM plant('m44', 's', 1, 'bob', 'nps', '1969-12-31 10:00', '{"company_id": "globex"}');
    PERFORM plant('m45', 't', 1, 'bob', 'nps', '2200-01-01 00:00', '{"company_id": "globex"}');
    PERFORM plant('m46', 'u', 1, repeat('ü', 200), repeat('é', 200), '2025-12-17 10:00', '{"company_id": "globex"}');
    -- Visitors: identified later by $identify, by the id before, not at all, and nobody.
    PERFORM plant('m50', 'v', 1, 'anon-dan', 'report_viewed', '2025-12-05 09:00', '{"company_id": "acme"}', NULL, 'anon-dan');
    PERFORM plant('m51', 'w', 1, 'dan', '$identify', '2025-12-06 09:00', '{"$anon_id": "anon-dan", "$identified_id": "dan"}');
    PERFORM plant('m52', 'x', 1, 'anon-dora', 'report_viewed', '2025-12-05 09:00', '{"company_id": "acme"}');
    PERFORM plant('m53', 'y', 1, 'dora', 'report_viewed', '2025-12-06 09:00', '{"company_id": "acme"}', 'anon-dora');
    PERFORM plant('m54', 'z', 1, 'anon-zoe', 'report_viewed', '2025-12-05 10:00', '{"company_id": "acme"}', NULL, 'anon-zoe');
    PERFORM plant('m55', 'A', 1, '$device:zoe', 'report_viewed', '2025-12-05 11:00', '{"company_id": "acme"}', NULL, 'zoe');
    PERFORM plant('m56', 'B', 1, '', 'report_viewed', '2025-12-05 12:00', '{"company_id": "acme"}');
    PERFORM plant('m57', 'B', 1, NULL, 'report_viewed', '2025-12-05 12:00', '{"company_id": "acme"}');
    PERFORM plant('m58', 'C', 1, '', 'report_viewed', '2025-12-05 13:00', '{}');
    PERFORM plant('m59', 'D', 1, '$device:kim', 'export', '2025-12-06 10:00', '{"company_id": "initech"}', NULL, 'kim');
    -- Three aliases to eve, a circle, and one that leads into it.
    PERFORM plant('m60', 'E', 1, 'old-2', '$create_alias', '2025-12-01 01:00', '{"alias": "old-1"}');
    PERFORM plant('m61', 'F', 1, 'old-3', '$merge', '2025-12-01 02:00', '{"$distinct_ids": ["old-3", "old-2"]}');
    PERFORM plant('m62', 'G', 1, 'eve', '$create_alias', '2025-12-01 03:00', '{"alias": "old-3"}');
    PERFORM plant('m63', 'H', 1, 'x-2', '$create_alias', '2025-12-01 01:00', '{"alias": "x-1"}');
    PERFORM plant('m64', 'I', 1, 'x-1', '$create_alias', '2025-12-01 02:00', '{"alias": "x-2"}');
    PERFORM plant('m65', 'J', 1, 'x-2', '$create_alias', '2025-12-01 03:00', '{"alias": "w"}');
    PERFORM plant('m66', 'K', 1, 'x-2', '$merge', '2025-12-01 03:00', '{"$distinct_ids": "eve"}');
    PERFORM plant('m67', 'L', 1, 'old-1', 'export', '2025-12-08 09:00', '{"company_id": "initech"}');
    PERFORM plant('m68', 'M', 1, 'eve', 'export', '2025-12-08 10:00', '{}');
    PERFORM plant('m69', 'N', 1, 'x-2', 'export', '2025-12-08 11:00', '{"company_id": "initech"}');
    PERFORM plant('m6a', 'O', 1, 'w', 'export', '2025-12-08 12:00', '{"company_id": "initech"}');
    -- A guest, and the same person with a licence.
    PERFORM plant('m70', 'P', 1, 'gus', 'login', '2025-12-07 10:00', '{"company_id": "globex", "role": "guest"}');
    PERFORM plant('m71', 'Q', 1, 'gus', 'login', '2025-12-11 10:00', '{"company_id": "globex", "role": "member"}');
    -- No accounts: a mail provider, properties that are none.
    PERFORM plant('m80', 'R', 1, 'fay', 'login', '2025-12-11 10:00', '{"company_id": [" GMail.com", " "]}');
    PERFORM plant('m81', 'S', 1, 'fay', 'login', '2025-12-10 10:00', '{"company_id": true}');
    PERFORM plant('m82', 'T', 1, 'fay', 'login', '2025-12-10 11:00', '["company_id"]');
    PERFORM plant('m83', 'U', 1, 'fay', 'login', '2025-12-10 12:00', '"company_id"');
    -- What events tell of the company; of two companies nobody knows whose it is.
    PERFORM plant('m90', 'V', 1, 'ann', '$mp_click', '2025-12-01 10:00', '{"company_id": "acme", "company_name": "Acme",
        "plan": "Enterprise", "employee_count": 120, "mrr": 1500.5, "company_created_at": "2024-03-31T23:30:00-02:00"}');
    PERFORM plant('m91', 'W', 1, 'ann', '$mp_click', '2025-12-22 10:00', '{"company_id": "acme", "company_name":
        "Acme Global", "seats": "25"}');
    PERFORM plant('m92', 'X', 1, 'bob', '$mp_click', '2025-12-15 10:00', '{"company_id": ["globex"], "company_name": "Globex",
        "plan": ["team"], "mrr": 90, "arr": "1,000", "company_created_at": 1700000000}');
    PERFORM plant('m93', 'Y', 1, 'con', '$mp_click', '2025-12-16 10:00', '{"company_id": ["globex", "acme"], "company_name":
        "Both"}');
END $$;

INSERT INTO expected VALUES
    ('acme', 'ann', 'login', NULL, '2025-12-03 10:00+00'), ('acme', 'bob', 'login', NULL, '2025-12-03 10:00+00'),
    ('acme', 'ann', 'export', NULL, '2025-12-03 10:00+00'), ('acme', 'ann', 'login', NULL, '2025-12-04 03:00+00'),
    ('acme', 'ann', 'export', NULL, '2025-12-05 10:00+00'), ('acme', 'ann', 'export', NULL, '2025-12-05 10:00+00'),
    ('acme', 'ann', 'export', NULL, '2025-12-05 10:00+00'), ('acme', 'ann', 'export', NULL, '2025-12-05 10:00+00'),
    ('acme', 'ann', 'User Logged In', NULL, '2025-12-21 23:30+00'), ('acme', 'ann', 'admin_login', NULL, '2025-12-21 23:30+00'),
    ('acme', 'ann', 'login', NULL, '2025-12-22 10:00+00'), ('acme', 'ann', 'admin_login', NULL, '2025-12-22 10:00+00'),
    ('acme', 'ann', '$ae_session', NULL, '2025-12-22 10:00+00'),
    ('acme', 'bob', 'import', NULL, '2025-12-14 10:00+00'), ('globex', 'bob', 'export', NULL, '2025-12-15 10:00+00'),
    ('globex', 'bob', 'import', NULL, '2025-12-16 10:00+00'), ('globex', 'bob', 'import', NULL, '2025-12-16 11:00+00'),
    ('globex', 'bob', 'import', NULL, '2025-12-16 12:00+00'), ('globex', 'bob', 'import', NULL, '2025-12-16 13:00+00'),
    ('acme', 'con', 'audit', NULL, '2025-12-03 09:00+00'), ('globex', 'con', 'audit', NULL, '2025-12-03 13:00+00'),
    ('acme', 'con', 'audit', NULL, '2025-12-04 09:00+00'), ('globex', 'con', 'audit', NULL, '2025-12-04 09:00+00'),
    ('42', 'con', 'audit', NULL, '2025-12-04 09:00+00'),
    ('globex', 'bob', 'nps', 9, '2025-12-17 10:00+00'), ('globex', 'bob', 'nps', NULL, '2025-12-17 11:00+00'),
    ('globex', 'bob', 'nps', NULL, '2025-12-17 12:00+00'), ('globex', 'bob', 'nps', NULL, '2025-12-17 13:00+00'),
    ('globex', repeat('ü', 62), repeat('é', 62), NULL, '2025-12-17 10:00+00'),
    ('acme', 'dan', 'report_viewed', NULL, '2025-12-05 09:00+00'), ('acme', 'dora', 'report_viewed', NULL, '2025-12-05 09:00+00'),
    ('acme', 'dora', 'report_viewed', NULL, '2025-12-06 09:00+00'), ('acme', NULL, 'report_viewed', NULL, '2025-12-05 10:00+00'),
    ('acme', NULL, 'report_viewed', NULL, '2025-12-05 11:00+00'), ('acme', NULL, 'report_viewed', NULL, '2025-12-05 12:00+00'),
    ('initech', NULL, 'export', NULL, '2025-12-06 10:00+00'),
    ('initech', 'eve', 'export', NULL, '2025-12-08 09:00+00'), ('initech', 'eve', 'export', NULL, '2025-12-08 10:00+00'),
    ('initech', 'x-1', 'export', NULL, '2025-12-08 11:00+00'), ('initech', 'x-1', 'export', NULL, '2025-12-08 12:00+00'),
    ('globex', NULL, 'login', NULL, '2025-12-07 10:00+00'), ('globex', NULL, 'guest:gus', NULL, '2025-12-07 10:00+00'),
    ('globex', 'gus', 'login', NULL, '2025-12-11 10:00+00');

CREATE PROCEDURE check_all(about text) LANGUAGE plpgsql AS $$
DECLARE
    names text := (SELECT string_agg(format('%s %s', attname, atttypid::regtype), ', ' ORDER BY attnum) FROM pg_attribute
                   WHERE attrelid = 'mixpanel_signal'::regclass AND attnum > 0);
BEGIN
    ASSERT difference() IS NULL, about || E':\n' || difference();
    ASSERT names = 'account_id text, user_id text, signal text, value double precision, '
                   'occurred_at timestamp with time zone', names;
    -- Cut at a day: the days before and after do not change what counts.
    ASSERT (SELECT array_agg(occurred_at) = ARRAY[timestamptz '2025-12-04 03:00+00'] FROM mixpanel_signal
            WHERE signal = 'login' AND occurred_at >= '2025-12-04 00:00+00' AND occurred_at < '2025-12-05 00:00+00'), 'cut';
    ASSERT (SELECT jsonb_object_agg(account_id, to_jsonb(a) - 'account_id') FROM mixpanel_account AS a
            WHERE account_id <> '7') = '{
        "acme":    {"name": "Acme Global", "segment": "enterprise", "seats": 25, "arr": 18006.0, "csm": null,
                    "created_on": "2024-04-01", "renews_on": null},
        "globex":  {"name": "Globex", "segment": null, "seats": null, "arr": 1080, "csm": null, "created_on": "2023-11-14",
                    "renews_on": null},
        "42":      {"name": null, "segment": null, "seats": null, "arr": null, "csm": null, "created_on": null,
                    "renews_on": null},
        "initech": {"name": null, "segment": null, "seats": null, "arr": null, "csm": null, "created_on": null,
                    "renews_on": null}}', (SELECT string_agg(a::text, E'\n') FROM mixpanel_account AS a);
END $$;
CALL check_all('signals');

-- Columns that appear: the identity of the newer projects, and the ids of $identify as columns of their own.
ALTER TABLE mixpanel.event ADD user_id text, ADD anon_id text, ADD identified_id text, ADD alias text, ADD distinct_ids text;
UPDATE mixpanel.event SET anon_id = 'anon-dan', identified_id = 'dan', properties = '{}' WHERE _fivetran_id = 'm51';
UPDATE mixpanel.event SET alias = 'old-1', properties = '{}' WHERE _fivetran_id = 'm60';
UPDATE mixpanel.event SET distinct_ids = '["old-3", "old-2"]', properties = '{}' WHERE _fivetran_id = 'm61';
INSERT INTO mixpanel.event (_fivetran_id, insert_id, distinct_id, device_id, user_id, name, time, properties) VALUES
    ('m5a', 'Z', 'kim@initech.example', 'kim', 'kim@initech.example', 'export', '2025-12-07 10:00', '{}');
\i examples/sources/mixpanel.sql
UPDATE expected SET user_id = 'kim@initech.example' WHERE account_id = 'initech' AND user_id IS NULL;
INSERT INTO expected VALUES ('initech', 'kim@initech.example', 'export', NULL, '2025-12-07 10:00+00');
CALL check_all('signals after new columns');

-- Few columns, JSON as text and times with a zone.
ALTER SCHEMA mixpanel RENAME TO mixpanel_typed;
CREATE SCHEMA mixpanel;
SET TimeZone = 'UTC';
CREATE TABLE mixpanel.event AS
SELECT _fivetran_id, name, time::timestamptz, distinct_id, device_id, distinct_id_before_identity, insert_id, user_id, anon_id,
       identified_id, alias, distinct_ids, coalesce(properties::text, '') AS properties
FROM mixpanel_typed.event
WHERE _fivetran_id NOT IN ('m01', 'm03');  -- there is no other order any more
SET TimeZone = 'America/New_York';
\i examples/sources/mixpanel.sql
CALL check_all('signals of text');

-- Without an insert_id each _fivetran_id counts.
ALTER SCHEMA mixpanel RENAME TO mixpanel_of_text;
CREATE SCHEMA mixpanel;
CREATE TABLE mixpanel.event AS
SELECT _fivetran_id, name, time, distinct_id, properties FROM mixpanel_of_text.event WHERE name IN ('login', 'export');
\i examples/sources/mixpanel.sql
DO $$
BEGIN
    ASSERT (SELECT array_agg(format('%s %s', signal, user_id) ORDER BY signal, user_id) FROM mixpanel_signal
            WHERE account_id = 'acme' AND occurred_at < '2025-12-05 00:00+00')
           = ARRAY['export ann', 'login ann', 'login ann', 'login bob'], 'the documented columns';
END $$;

-- To a scoreboard, as the head of the file says.
ALTER SCHEMA mixpanel RENAME TO mixpanel_of_few;
ALTER SCHEMA mixpanel_typed RENAME TO mixpanel;
UPDATE mixpanel.event SET properties = properties || '{"plan": "team"}' WHERE _fivetran_id = 'm21';
\i examples/sources/mixpanel.sql
\set system mixpanel
\set as_of 2026-01-01
\ir product.psql
DO $$
BEGIN
    ASSERT (SELECT activity::jsonb -> 'user:con' FROM account_activity WHERE account_id = 'globex')
           = '{"2025-12-03": 1, "2025-12-04": 1}', 'the consultant';
END $$;
