-- examples/sources/posthog.sql over the tables of PostHog's batch exports to Postgres, with their columns and types.
SET client_min_messages = warning;
SET plpgsql.check_asserts = on;
CREATE EXTENSION health_score;
CREATE SCHEMA posthog;

CREATE TABLE posthog.events (
    uuid varchar(200), event varchar(200), properties jsonb, elements jsonb, "set" jsonb, set_once jsonb,
    distinct_id varchar(200), team_id integer, ip varchar(200), site_url varchar(200), "timestamp" timestamptz);
CREATE TABLE posthog.persons (
    team_id integer, distinct_id text, person_id text, properties jsonb, person_distinct_id_version integer,
    person_version integer, created_at timestamptz, PRIMARY KEY (team_id, distinct_id));

-- Persons: bob and con by one id each, ann by the id of her browser as well, dan was merged into P-dan2.
INSERT INTO posthog.persons (team_id, distinct_id, person_id, person_distinct_id_version, person_version) VALUES
    (1, 'ann', 'P-ann', 0, 1), (1, 'anon-ann', 'P-ann', 1, 1), (1, 'bob', 'P-bob', 0, 1), (1, 'con', 'P-con', 0, 1),
    (1, 'dan', 'P-dan2', 2, 3), (1, 'anon-dan', 'P-dan2', 1, 3), (1, 'eve', 'P-eve', 0, 1), (1, 'gus', 'P-gus', 0, 1),
    (2, 'ann', 'P-ann-of-two', 0, 1);

INSERT INTO posthog.events (uuid, team_id, distinct_id, event, properties, "set", "timestamp") VALUES
    -- Properties of persons and groups.
    ('s1', 1, 'ann', '$identify', '{"$anon_distinct_id": "anon-ann", "$set": {"role": "member"}}', NULL,
        '2025-12-01 08:00+00'),
    ('s2', 1, 'ann', '$set', '{}', '{"role": "admin"}', '2025-12-20 08:00+00'),
    ('s3', 1, 'ann', '$set', '{"$set": {"email": "ann@acme.example"}}', NULL, '2025-12-24 08:00+00'),
    ('s4', 1, 'gus', '$set', '{"$set": {"role": "guest"}}', NULL, '2025-12-01 08:00+00'),
    ('s5', 1, 'gus', '$set', '{"$set": {"role": 7, "is_guest": false}}', NULL, '2025-12-10 08:00+00'),
    ('s6', 1, 'ann', '$set', '{"$set": "role"}', NULL, '2025-12-25 08:00+00'),
    ('s7', 2, 'hal', '$set', '{"$set": {"role": "admin"}}', NULL, '2025-12-01 08:00+00'),
    ('g1', 1, 'ann', '$groupidentify', '{"$group_type": "company", "$group_key": "acme", "$group_set":
        {"name": "Acme", "plan": "Enterprise", "employee_count": 120, "mrr": 1500.5,
         "created_at": "2024-03-31T23:30:00-02:00"}}', NULL, '2025-12-01 08:00+00'),
    ('g2', 1, 'ann', '$groupidentify', '{"$group_type": "company", "$group_key": "acme", "$group_set":
        {"name": "Acme Global", "seats": "25", "mrr": "lots"}}', NULL, '2025-12-22 08:00+00'),
    ('g3', 1, 'bob', '$groupidentify', '{"$group_type": "company", "$group_key": 42, "$group_set":
        {"name": 42, "plan": ["team"], "mrr": 90, "created_at": 1700000000}}', NULL, '2025-12-01 08:00+00'),
    ('g4', 1, 'bob', '$groupidentify', '{"$group_type": "project", "$group_key": "website"}', NULL, '2025-12-01 08:00+00'),
    ('g5', 1, 'sales', '$groupidentify', '{"$group_type": "company", "$group_key": "hooli", "$group_set": "none"}', NULL,
        '2025-12-01 08:00+00'),
    -- The export wrote it twice, and a copy has another time; as team 2 it is somebody else.
    ('e01', 1, 'ann', 'login', '{"$groups": {"company": "acme", "project": "x"}}', NULL, '2025-12-03 10:00+00'),
    ('e01', 1, 'ann', 'login', '{"$groups": {"company": "acme", "project": "x"}}', NULL, '2025-12-03 10:00+00'),
    ('e01', 1, 'ann', 'login', '{"$groups": {"company": "acme", "project": "x"}}', NULL, '2025-12-09 10:00+00'),
    ('e02', 2, 'ann', 'login', '{"$groups": {"company": "initech"}}', NULL, '2025-12-03 11:00+00'),
    ('e03', 1, 'ann', 'User logged in', '{"$groups": {"company": "acme"}}', NULL, '2025-12-21 23:30+00'),
    ('e04', 1, 'anon-ann', 'login', '{"$groups": {"company": "acme"}}', NULL, '2025-12-26 10:00+00'),
    ('e05', 1, 'ann', 'export', '{"$groups": {"company": "acme"}}', NULL, NULL),
    ('e06', 1, 'ann', '$autocapture', '{"$groups": {"company": "acme"}}', NULL, '2025-12-26 10:00+00'),
    ('e07', 1, 'ann', '$pageview', '{"$groups": {"company": "acme"}}', NULL, '2025-12-26 10:30+00'),
    -- Values: a number, a number in quotes, one that fits nowhere.
    ('e10', 1, 'bob', 'nps', '{"$groups": {"company": 42}, "value": 9}', NULL, '2025-12-05 10:00+00'),
    ('e11', 1, 'bob', 'nps', '{"$groups": {"company": 42}, "value": "9"}', NULL, '2025-12-05 11:00+00'),
    ('e12', 1, 'bob', 'nps', '{"$groups": {"company": 42}, "value": 1e400}', NULL, '2025-12-05 12:00+00'),
    ('e13', 1, 'bob', 'nps', '{"$groups": {"company": 42}, "value": -1e10}', NULL, '2025-12-05 13:00+00'),
    -- What no activity holds: wrong clocks are left out, long names are cut.
    ('e14', 1, 'bob', 'nps', '{"$groups": {"company": 42}}', NULL, '1969-12-31 13:00+00'),
    ('e15', 1, 'bob', 'nps', '{"$groups": {"company": 42}}', NULL, '2200-01-01 00:00+00'),
    ('e16', 1, 'bob', repeat('é', 200), '{"$groups": {"company": 42}}', NULL, '2025-12-05 14:00+00'),
    ('e17', 1, repeat('ü', 200), 'export', '{"$groups": {"company": 42}}', NULL, '2025-12-05 15:00+00'),
    -- The consultant: his own events say where, those of the server count where he was last; an array counts for each, once.
    ('e19', 1, 'con', 'import', '{}', NULL, '2025-12-03 07:00+00'),
    ('e20', 1, 'con', 'report_viewed', '{"$groups": {"company": "acme"}}', NULL, '2025-12-03 09:00+00'),
    ('e21', 1, 'con', 'report_viewed', '{"$groups": {"company": "globex"}}', NULL, '2025-12-03 13:00+00'),
    ('e22', 1, 'con', 'import', '{"$groups": "acme"}', NULL, '2025-12-03 14:00+00'),
    ('e23', 1, 'con', 'audit', '{"$groups": {"company": ["acme", "globex", "acme", {"a": 1}, null]}}', NULL,
        '2025-12-04 09:00+00'),
    ('e24', 1, 'con', 'import', '{"$groups": {"company": ""}}', NULL, '2025-12-04 10:00+00'),
    ('e25', 1, 'con', 'report_viewed', '{"$groups": {"company": "acme"}}', NULL, '2025-12-05 09:00+00'),
    ('e25', 1, 'con', 'report_viewed', '{"$groups": {"company": "acme"}}', NULL, NULL),
    -- Bob changes the account: what came before stays where it was.
    ('e26', 1, 'bob', 'import', '{}', NULL, '2025-12-06 10:00+00'),
    ('e27', 1, 'bob', 'login', '{"$groups": {"company": "globex"}}', NULL, '2025-12-15 08:00+00'),
    ('e28', 1, 'bob', 'import', '{}', NULL, '2025-12-15 09:00+00'),
    ('e29', 1, 'bob', 'import', '{"$groups": {"company": {"id": 42}}}', NULL, '2025-12-15 10:00+00'),
    -- The same id in two projects is two people.
    ('e65', 2, 'hal', 'login', '{"$groups": {"company": "initech"}}', NULL, '2025-12-02 10:00+00'),
    ('e66', 1, 'hal', 'import', '{}', NULL, '2025-12-03 10:00+00'),
    ('e67', 1, 'hal', 'login', '{"$groups": {"company": "globex"}}', NULL, '2025-12-04 10:00+00'),
    ('a8', 2, 'somebody', '$create_alias', '{"alias": "old-2"}', NULL, '2025-12-01 01:00+00'),
    -- A visitor who was identified later, and one who never was.
    ('e30', 1, 'anon-dan', 'report_viewed', '{"$groups": {"company": "acme"}, "$process_person_profile": false}', NULL,
        '2025-12-05 09:00+00'),
    ('e31', 1, 'anon-zoe', 'report_viewed', '{"$groups": {"company": "acme"}, "$process_person_profile": false}', NULL,
        '2025-12-05 10:00+00'),
    -- Not in the export yet: three aliases to somebody who is, a circle, and one that leads into it.
    ('a1', 1, 'old-2', '$create_alias', '{"alias": "old-1"}', NULL, '2025-12-01 01:00+00'),
    ('a2', 1, 'old-3', '$merge_dangerously', '{"alias": "old-2"}', NULL, '2025-12-01 02:00+00'),
    ('a3', 1, 'eve',   '$identify', '{"$anon_distinct_id": "old-3"}', NULL, '2025-12-01 03:00+00'),
    ('a4', 1, 'x-2', '$create_alias', '{"alias": "x-1"}', NULL, '2025-12-01 01:00+00'),
    ('a5', 1, 'x-1', '$create_alias', '{"alias": "x-2"}', NULL, '2025-12-01 02:00+00'),
    ('a6', 1, 'x-2', '$create_alias', '{"alias": "w"}', NULL, '2025-12-01 03:00+00'),
    -- The export knows better than an event.
    ('a7', 1, 'bob', '$identify', '{"$anon_distinct_id": "anon-ann"}', NULL, '2025-12-25 03:00+00'),
    ('e40', 1, 'old-1', 'export', '{"$groups": {"company": "initech"}}', NULL, '2025-12-08 09:00+00'),
    ('e41', 1, 'eve', 'export', '{}', NULL, '2025-12-08 10:00+00'),
    ('e42', 1, 'x-2', 'export', '{"$groups": {"company": "initech"}}', NULL, '2025-12-08 11:00+00'),
    ('e43', 1, 'w', 'export', '{"$groups": {"company": "initech"}}', NULL, '2025-12-08 12:00+00'),
    ('e50', 1, 'gus', 'login', '{"$groups": {"company": "globex"}}', NULL, '2025-12-07 10:00+00'),
    ('e51', 1, 'gus', 'login', '{"$groups": {"company": "globex"}}', NULL, '2025-12-11 10:00+00'),
    -- No accounts: a mail provider, groups that are none.
    ('e60', 1, 'fay', 'login', '{"$groups": {"company": " GMail.com"}}', NULL, '2025-12-11 10:00+00'),
    ('e61', 1, 'fay', 'login', '{"$groups": {"company": {"id": "acme"}}}', NULL, '2025-12-10 10:00+00'),
    ('e62', 1, 'fay', 'login', '{"$groups": ["acme"]}', NULL, '2025-12-10 10:00+00'),
    ('e63', 1, 'fay', 'login', '[1]', NULL, '2025-12-10 10:00+00'),
    ('e64', 1, 'fay', 'login', NULL, NULL, '2025-12-10 10:00+00');

\i examples/sources/posthog.sql

CREATE TABLE expected (account_id text, user_id text, signal text, value float8, occurred_at timestamptz);
INSERT INTO expected VALUES
    ('acme', 'P-ann', 'login', NULL, '2025-12-03 10:00+00'),
    ('initech', 'P-ann-of-two', 'login', NULL, '2025-12-03 11:00+00'),
    ('acme', 'P-ann', 'User logged in', NULL, '2025-12-21 23:30+00'),
    ('acme', 'P-ann', 'admin_login', NULL, '2025-12-21 23:30+00'),
    ('acme', 'P-ann', 'login', NULL, '2025-12-26 10:00+00'), ('acme', 'P-ann', 'admin_login', NULL, '2025-12-26 10:00+00'),
    ('acme', 'P-ann', '$pageview', NULL, '2025-12-26 10:30+00'),
    ('42', 'P-bob', 'nps', 9, '2025-12-05 10:00+00'), ('42', 'P-bob', 'nps', NULL, '2025-12-05 11:00+00'),
    ('42', 'P-bob', 'nps', NULL, '2025-12-05 13:00+00'), ('42', 'P-bob', repeat('é', 62), NULL, '2025-12-05 14:00+00'),
    ('42', repeat('ü', 62), 'export', NULL, '2025-12-05 15:00+00'),
    ('42', 'P-bob', 'nps', NULL, '2025-12-05 12:00+00'), ('42', 'P-bob', 'import', NULL, '2025-12-06 10:00+00'),
    ('globex', 'P-bob', 'login', NULL, '2025-12-15 08:00+00'), ('globex', 'P-bob', 'import', NULL, '2025-12-15 09:00+00'),
    ('globex', 'P-bob', 'import', NULL, '2025-12-15 10:00+00'), ('globex', 'hal', 'login', NULL, '2025-12-04 10:00+00'),
    ('initech', 'hal', 'login', NULL, '2025-12-02 10:00+00'), ('initech', 'hal', 'admin_login', NULL, '2025-12-02 10:00+00'),
    ('acme', 'P-con', 'report_viewed', NULL, '2025-12-03 09:00+00'),
    ('globex', 'P-con', 'report_viewed', NULL, '2025-12-03 13:00+00'),
    ('globex', 'P-con', 'import', NULL, '2025-12-03 14:00+00'),
    ('acme', 'P-con', 'audit', NULL, '2025-12-04 09:00+00'), ('globex', 'P-con', 'audit', NULL, '2025-12-04 09:00+00'),
    ('acme', 'P-con', 'import', NULL, '2025-12-04 10:00+00'), ('globex', 'P-con', 'import', NULL, '2025-12-04 10:00+00'),
    ('acme', 'P-con', 'report_viewed', NULL, '2025-12-05 09:00+00'),
    ('acme', 'P-dan2', 'report_viewed', NULL, '2025-12-05 09:00+00'),
    ('acme', NULL, 'report_viewed', NULL, '2025-12-05 10:00+00'),
    ('initech', 'P-eve', 'export', NULL, '2025-12-08 09:00+00'), ('initech', 'P-eve', 'export', NULL, '2025-12-08 10:00+00'),
    ('initech', 'x-1', 'export', NULL, '2025-12-08 11:00+00'), ('initech', 'x-1', 'export', NULL, '2025-12-08 12:00+00'),
    ('globex', NULL, 'login', NULL, '2025-12-07 10:00+00'), ('globex', NULL, 'guest:P-gus', NULL, '2025-12-07 10:00+00'),
    ('globex', 'P-gus', 'login', NULL, '2025-12-11 10:00+00');

-- Every row that only one side has.
CREATE VIEW difference AS
(SELECT 'missing' AS what, * FROM expected EXCEPT ALL SELECT 'missing', * FROM posthog_signal)
UNION ALL
(SELECT 'unexpected' AS what, * FROM posthog_signal EXCEPT ALL SELECT 'unexpected', * FROM expected);

DO $$
DECLARE
    wrong text := (SELECT string_agg(d::text, E'\n') FROM difference AS d);
    names text := (SELECT string_agg(format('%s %s', attname, atttypid::regtype), ', ' ORDER BY attnum) FROM pg_attribute
                   WHERE attrelid = 'posthog_signal'::regclass AND attnum > 0);
BEGIN
    ASSERT wrong IS NULL, 'signals:' || E'\n' || wrong;
    ASSERT names = 'account_id text, user_id text, signal text, value double precision, '
                   'occurred_at timestamp with time zone', names;
    ASSERT NOT EXISTS (SELECT FROM posthog_signal
                       WHERE occurred_at >= '2025-12-09 00:00+00' AND occurred_at < '2025-12-10 00:00+00'),
        'a copy counted on another day';
    ASSERT (SELECT jsonb_object_agg(account_id, to_jsonb(a) - 'account_id') FROM posthog_account AS a) = '{
        "acme":  {"name": "Acme Global", "segment": "enterprise", "seats": 25, "arr": null, "csm": null,
                  "created_on": "2024-04-01", "renews_on": null},
        "42":    {"name": "42", "segment": null, "seats": null, "arr": 1080, "csm": null, "created_on": "2023-11-14",
                  "renews_on": null},
        "hooli": {"name": null, "segment": null, "seats": null, "arr": null, "csm": null, "created_on": null,
                  "renews_on": null}}', (SELECT string_agg(a::text, E'\n') FROM posthog_account AS a);
END $$;

-- A person who was deleted, once the export says so, is followed by the events again.
ALTER TABLE posthog.persons ADD COLUMN is_deleted boolean;
UPDATE posthog.persons SET is_deleted = true WHERE distinct_id = 'anon-ann';
\i examples/sources/posthog.sql
UPDATE expected SET user_id = 'P-bob' WHERE occurred_at = '2025-12-26 10:00+00';
DELETE FROM expected WHERE occurred_at = '2025-12-26 10:00+00' AND signal = 'admin_login';
DO $$
DECLARE
    wrong text := (SELECT string_agg(d::text, E'\n') FROM difference AS d);
BEGIN
    ASSERT wrong IS NULL, 'signals after a deletion:' || E'\n' || wrong;
END $$;

-- Without the persons export; then with its properties, which count where no event says it: zoe is an admin, joe a guest,
-- kim was none then.
BEGIN;
DROP TABLE posthog.persons CASCADE;
\i examples/sources/posthog.sql
DO $$
BEGIN
    ASSERT (SELECT count(*) = 3 FROM posthog_signal WHERE user_id = 'ann' AND account_id = 'acme' AND signal <> '$pageview'
            AND occurred_at < '2025-12-25'), 'without persons';
END $$;
ROLLBACK;
BEGIN;
INSERT INTO posthog.persons (team_id, distinct_id, person_id, properties, person_distinct_id_version) VALUES
    (1, 'zoe', 'P-zoe', '{"role": "owner", "email": "zoe@Stark.example"}', 0), (1, 'zoe-2', 'P-zoe', '{"role": "owner"}', 0),
    (1, 'joe', 'P-joe', '{"is_guest": true, "email": "joe@gmail.com"}', 0), (1, 'kim', 'P-kim', '{"role": "admin"}', 0);
INSERT INTO posthog.events (uuid, team_id, distinct_id, event, properties, "timestamp") VALUES
    ('z1', 1, 'zoe', 'login', '{"$groups": {"company": "wayne"}}', '2025-12-10 10:00+00'),
    ('z2', 1, 'joe', 'login', '{"$groups": {"company": "wayne"}}', '2025-12-10 11:00+00'),
    ('z3', 1, 'kim', 'login', '{"$groups": {"company": "wayne"}}', '2025-12-10 12:00+00'),
    ('z4', 1, 'kim', '$set', '{"$set": {"role": "member"}}', '2025-12-11 12:00+00'),
    ('z5', 1, 'zoe', 'export', '{"company_id": "stark"}', '2025-12-09 10:00+00'),
    ('z6', 1, 'joe', 'export', '{}', '2025-12-09 11:00+00'), ('z7', 1, 'zoe', 'export', '{}', '2025-12-11 10:00+00');
CREATE VIEW planted AS
SELECT array_agg(concat_ws(' ', account_id, user_id, signal) ORDER BY occurred_at, signal) AS rows FROM posthog_signal
WHERE account_id IN ('wayne', 'stark', 'stark.example', 'gmail.com');
DO $$
BEGIN
    ASSERT (SELECT rows FROM planted) = '{wayne P-zoe admin_login,wayne P-zoe login,wayne guest:P-joe,wayne login,wayne P-kim login,
                                          wayne P-zoe export}', (SELECT rows::text FROM planted);
END $$;
-- Without groups: the two functions as their comments say.
CREATE OR REPLACE FUNCTION posthog_group(properties jsonb) RETURNS jsonb LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT properties -> 'company_id'
$$;
CREATE OR REPLACE FUNCTION posthog_home(properties jsonb) RETURNS jsonb LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT to_jsonb(lower(nullif(split_part(properties ->> 'email', '@', 2), '')))
$$;
UPDATE posthog.events SET properties = properties - '$groups' WHERE uuid LIKE 'z%';
DO $$
BEGIN
    ASSERT (SELECT rows FROM planted) = '{stark P-zoe export,stark P-zoe admin_login,stark P-zoe login,stark P-zoe export}',
        (SELECT rows::text FROM planted);
END $$;
UPDATE posthog.events SET properties = '{}' WHERE uuid = 'z5';
DO $$
BEGIN
    ASSERT (SELECT rows FROM planted) = '{stark.example P-zoe export,stark.example P-zoe admin_login,stark.example P-zoe login,
                                          stark.example P-zoe export}', (SELECT rows::text FROM planted);
END $$;
ROLLBACK;

-- To a scoreboard, as the head of the file says.
INSERT INTO posthog.events (uuid, team_id, distinct_id, event, properties, "timestamp") VALUES
    ('g6', 1, 'bob', '$groupidentify', '{"$group_type": "company", "$group_key": "globex", "$group_set": {"plan": "team"}}',
     '2025-12-02 08:00+00');
\set system posthog
\set as_of 2026-01-01
\ir product.psql
DO $$
BEGIN
    -- One of them by another name, which the UPDATE of the head gives to the model.
    ASSERT (SELECT recent = 2 FROM health_drivers_by_account WHERE account_id = 'acme' AND signal = 'login'), 'aliases';
    ASSERT (SELECT activity::jsonb -> 'user:P-con' FROM account_activity WHERE account_id = 'acme')
           = '{"2025-12-03": 1, "2025-12-04": 2, "2025-12-05": 1}', 'the consultant';
END $$;
