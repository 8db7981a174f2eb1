-- examples/sources/zendesk.sql against the seeds of Fivetran's dbt package (real columns) and planted tickets. acme is
-- "Blank Inc", two organizations of one external_id; 902 has none, so it is zendesk:902. Synced last on 2025-12-06 at noon.
\ir common.psql
CREATE SCHEMA zendesk;

\set csv fivetran_seeds/zendesk/ticket_data.csv
\set into zendesk.ticket
\set types 'id bigint, _fivetran_synced timestamp, created_at timestamp, organization_id bigint, requester_id bigint, updated_at timestamp'
\ir load.psql
\set csv fivetran_seeds/zendesk/organization_data.csv
\set into zendesk.organization
\set types 'id bigint, _fivetran_synced timestamp, created_at timestamp, updated_at timestamp'
\ir load.psql
\set csv fivetran_seeds/zendesk/user_data.csv
\set into zendesk."user"
\set types 'id bigint, _fivetran_synced timestamp, active boolean, created_at timestamp, organization_id bigint, updated_at timestamp'
\ir load.psql

\i examples/sources/zendesk.sql

-- The seeds without the optional tables. Of ten tickets two are deleted; 1966 holds 1967, which is not there. None of their
-- organizations is in the table, so they are told apart by its id; 11071 has none, and its requester's counts. It is urgent
-- now, so from its beginning on 2020-08-28 to its last change on 2020-11-15: 79 days, and a 0.
DO $$
BEGIN
    PERFORM pg_temp.keeps_contract('zendesk');
    ASSERT (SELECT count(*) FROM zendesk_signal WHERE signal = 'support_ticket') = 8, 'two are deleted';
    ASSERT (SELECT account_id = 'zendesk:370297696174' AND user_id = 'zendesk:2222' AND occurred_at = '2020-08-28 18:06:36+00'
            FROM zendesk_signal JOIN zendesk_ticket USING (account_id, user_id) WHERE signal = 'support_ticket' AND id = '11071'),
           'the organization of the requester';
    ASSERT (SELECT account_id = 'zendesk:370469077513' FROM zendesk_ticket WHERE id = '16988'), 'an organization of its own';
    ASSERT (SELECT count(*) = 80 AND min(occurred_at) = '2020-08-28 23:59:59+00' AND max(occurred_at) = '2020-11-15 23:59:59+00'
                   AND sum(value) = 79 FROM zendesk_signal WHERE signal = 'urgent_tickets_open'), 'rough without the history';
    ASSERT (SELECT count(*) = 10 FROM zendesk_account), 'ten organizations';
    ASSERT (SELECT created_on = '2019-12-16' AND name = 'name10' FROM zendesk_account WHERE account_id = 'zendesk:370301409353'), 'name10';
END $$;

\set csv fivetran_seeds/zendesk/domain_name_data.csv
\set into zendesk.domain_name
\set types 'index int, organization_id bigint, _fivetran_synced timestamp'
\ir load.psql
\set csv fivetran_seeds/zendesk/ticket_field_history_data.csv
\set into zendesk.ticket_field_history
\set types 'ticket_id bigint, updated timestamp, _fivetran_synced timestamp'
\ir load.psql
CREATE TABLE zendesk.satisfaction_rating (id bigint, ticket_id bigint, score text, created_at timestamp, updated_at timestamp, _fivetran_synced timestamp);
\i examples/sources/zendesk.sql

-- With the history: urgent from 2020-11-02 until it was solved on 2020-11-14, through open and solved before.
DO $$
BEGIN
    ASSERT (SELECT array_agg(format('%s %s', (occurred_at AT TIME ZONE 'UTC')::date, value) ORDER BY occurred_at) FROM zendesk_signal
            WHERE signal = 'urgent_tickets_open')
           = (SELECT array_agg(format('%s %s', date '2020-11-02' + n, (n < 12)::int) ORDER BY n) FROM generate_series(0, 12) AS n),
           'twelve days and a 0';
    ASSERT (SELECT count(*) FROM zendesk_domain) = 0, 'the domains of the seeds are those of organizations that are not there';
END $$;

-- ---------------------------------------------------------------- planted

INSERT INTO zendesk.organization (id, external_id, name, created_at, _fivetran_synced) VALUES
  (900, 'acme', 'Blank Inc',     '2024-01-05 03:00', '2025-12-06'),
  (900, 'old',  'Blank Limited', '2024-01-05 03:00', '2025-11-06'),  -- an older copy
  (901, 'acme', 'Blank Labs',    '2024-06-05 03:00', '2025-12-06'),
  (902, NULL,   'Basalt',        '2025-02-01 03:00', '2025-12-06'),
  (904, 'us',   'Our own',       '2024-01-05 03:00', '2025-12-06');  -- agents only
INSERT INTO zendesk."user" (id, organization_id, email, role, _fivetran_synced) VALUES
  (60, 904, 'eva@us.example', 'agent', '2025-12-06'), (61, 904, 'ida@us.example', 'admin', '2025-12-06'),
  (62, 902, 'uwe@us.example', 'agent', '2025-12-06'), (63, 902, 'kai@basalt.example', 'end-user', '2025-12-06');
INSERT INTO zendesk."user" (id, external_id, organization_id, email, _fivetran_synced) VALUES
  (50, 'u-50', 902,  'ann@basalt.example',   '2025-12-06'),  -- a consultant, who was with 900 before
  (50, 'u-50', 900,  'ann@basalt.example',   '2025-11-01'),
  (51, NULL,   NULL, 'Xavier@Blank.Example', '2025-12-06'),
  (52, NULL,   NULL, 'joe@gmail.com',        '2025-12-06'),
  (53, NULL,   NULL, 'sue@shared.example',   '2025-12-06');
INSERT INTO zendesk.domain_name (index, organization_id, domain_name) VALUES
  (0, 900, 'blank.example'), (0, 901, 'blank.example'), (1, 900, 'gmail.com'), (2, 900, 'shared.example'), (0, 902, 'shared.example');
INSERT INTO zendesk.ticket (id, organization_id, requester_id, status, priority, merged_ticket_ids, created_at, updated_at, _fivetran_synced) VALUES
  (100, 900,  50, 'solved',  'normal', '[]',    '2025-11-01 23:30', '2025-11-03 00:00', '2025-12-06 12:00'),
  (100, 902,  50, 'open',    'urgent', '[]',    '2025-11-01 23:30', '2025-11-01 23:30', '2025-11-02 12:00'),
  (101, NULL, 50, 'open',    'normal', NULL,    '2025-11-02 10:00', '2025-11-02 10:00', '2025-12-06 12:00'),
  (102, NULL, 51, 'open',    NULL,     NULL,    '2025-11-02 11:00', '2025-11-02 10:00', '2025-12-06 12:00'),
  (103, NULL, 52, 'open',    'urgent', NULL,    '2025-11-02 12:00', '2025-11-02 10:00', '2025-12-06 12:00'),  -- nobody's
  (104, NULL, 53, 'open',    'urgent', NULL,    '2025-11-02 13:00', '2025-11-02 10:00', '2025-12-06 12:00'),  -- of two
  (106, 904,  60, 'open',    'urgent', NULL,    '2025-11-02 13:00', '2025-11-02 10:00', '2025-12-06 12:00'),  -- ours
  (105, 900,  50, 'deleted', 'urgent', NULL,    '2025-11-02 14:00', '2025-11-02 10:00', '2025-12-06 12:00'),
  (110, 900,  51, 'closed',  'urgent', NULL,    '2025-11-05 10:00', '2025-11-05 10:30', '2025-12-06 12:00'),  -- into 111,
  (111, 900,  51, 'closed',  'urgent', '[110]', '2025-11-05 11:00', '2025-11-05 11:30', '2025-12-06 12:00'),  -- into 112
  (112, 901,  50, 'closed',  'normal', '[111, 109]', '2025-11-05 12:00', '2025-11-06 11:30', '2025-12-06 12:00'),
  (113, 902,  50, 'closed',  'normal', '[114]', '2025-11-07 10:00', '2025-11-07 10:30', '2025-12-06 12:00'),  -- a circle
  (114, 902,  50, 'closed',  'normal', '[113]', '2025-11-07 11:00', '2025-11-07 11:30', '2025-12-06 12:00'),
  (120, 900,  51, 'solved',  'urgent', NULL,    '2025-12-01 22:00', '2025-12-04 03:00', '2025-12-06 12:00'),
  (121, 901,  51, 'open',    'urgent', NULL,    '2025-12-02 10:00', '2025-12-03 09:00', '2025-12-06 12:00'),
  (122, NULL, 50, 'closed',  'urgent', NULL,    '2025-11-20 08:00', '2025-11-22 09:00', '2025-12-06 12:00'),
  (123, 902,  50, 'solved',  'urgent', NULL,    '2025-12-02 05:00', '2025-12-05 10:00', '2025-12-06 12:00');
INSERT INTO zendesk.ticket_field_history (ticket_id, field_name, value, updated) VALUES
  (120, 'status', 'new', '2025-12-01 22:00'), (120, 'priority', 'urgent', '2025-12-01 22:00'), (120, 'status', 'solved', '2025-12-04 03:00'),
  (121, 'status', 'new', '2025-12-02 10:00'), (121, 'priority', 'low', '2025-12-02 10:00'), (121, 'priority', 'urgent', '2025-12-03 09:00'),
  (121, 'priority', 'urgent', '2025-12-03 09:00'), (121, 'status', 'pending', '2025-12-03 10:00'),
  -- Solved within its first day, opened again after two.
  (123, 'priority', 'urgent', '2025-12-02 05:00'), (123, 'status', 'solved', '2025-12-02 20:00'),
  (123, 'priority', 'high', '2025-12-02 21:00'), (123, 'priority', 'urgent', '2025-12-02 21:30'), (123, 'status', 'open', '2025-12-04 00:30'),
  (123, 'status', 'solved', '2025-12-05 10:00');
INSERT INTO zendesk.satisfaction_rating VALUES
  (1, 100, 'offered', '2025-11-03 00:00', '2025-11-03 00:00', '2025-11-04'), (1, 100, 'good', '2025-11-03 00:00', '2025-11-10 04:30', '2025-12-06'),
  (2, 101, 'offered', '2025-11-03 00:00', '2025-11-03 00:00', '2025-12-06'), (3, 105, 'bad', '2025-11-03 00:00', '2025-11-03 00:00', '2025-12-06'),
  (4, 110, 'bad', '2025-11-06 00:00', '2025-11-08 02:00', '2025-12-06'), (5, 103, 'bad', '2025-11-06 00:00', '2025-11-08 02:00', '2025-12-06');

CREATE TABLE wanted_signal (LIKE zendesk_signal);
INSERT INTO wanted_signal VALUES
  ('acme',        'u-50',       'support_ticket', NULL, '2025-11-01 23:30+00'),
  ('zendesk:902', 'u-50',       'support_ticket', NULL, '2025-11-02 10:00+00'),
  ('acme',        'zendesk:51', 'support_ticket', NULL, '2025-11-02 11:00+00'),
  ('acme',        'u-50',       'support_ticket', NULL, '2025-11-05 12:00+00'),
  ('zendesk:902', 'u-50',       'support_ticket', NULL, '2025-11-07 10:00+00'),
  ('acme',        'zendesk:51', 'support_ticket', NULL, '2025-12-01 22:00+00'),
  ('acme',        'zendesk:51', 'support_ticket', NULL, '2025-12-02 10:00+00'),
  ('zendesk:902', 'u-50',       'support_ticket', NULL, '2025-11-20 08:00+00'),
  ('zendesk:902', 'u-50',       'support_ticket', NULL, '2025-12-02 05:00+00'),
  ('acme',        'u-50',       'csat', 5, '2025-11-10 04:30+00'),
  ('acme',        'u-50',       'csat', 1, '2025-11-08 02:00+00'),
  ('acme',        NULL, 'urgent_tickets_open', 1, '2025-12-01 23:59:59+00'),  -- 120
  ('acme',        NULL, 'urgent_tickets_open', 1, '2025-12-02 23:59:59+00'),
  ('acme',        NULL, 'urgent_tickets_open', 2, '2025-12-03 23:59:59+00'),  -- and 121, no longer low
  ('acme',        NULL, 'urgent_tickets_open', 1, '2025-12-04 23:59:59+00'),  -- 121 alone
  ('acme',        NULL, 'urgent_tickets_open', 1, '2025-12-05 23:59:59+00'),
  ('acme',        NULL, 'urgent_tickets_open', 1, '2025-12-06 12:00:00+00'),  -- the last sync
  ('zendesk:902', NULL, 'urgent_tickets_open', 1, '2025-11-20 23:59:59+00'),
  ('zendesk:902', NULL, 'urgent_tickets_open', 1, '2025-11-21 23:59:59+00'),
  ('zendesk:902', NULL, 'urgent_tickets_open', 0, '2025-11-22 23:59:59+00'),
  ('zendesk:902', NULL, 'urgent_tickets_open', 1, '2025-12-04 23:59:59+00'),
  ('zendesk:902', NULL, 'urgent_tickets_open', 0, '2025-12-05 23:59:59+00');
CREATE TABLE wanted_account (LIKE zendesk_account);
INSERT INTO wanted_account (account_id, name, created_on) VALUES ('acme', 'Blank Inc', '2024-01-05'), ('zendesk:902', 'Basalt', '2025-02-01');
CREATE VIEW planted_signal AS SELECT * FROM zendesk_signal WHERE length(account_id) < 12;
CREATE VIEW planted_account AS SELECT * FROM zendesk_account WHERE length(account_id) < 12;
DO $$
BEGIN
    PERFORM pg_temp.keeps_contract('zendesk');
    ASSERT pg_temp.difference('planted_signal', 'wanted_signal') IS NULL, pg_temp.difference('planted_signal', 'wanted_signal');
    ASSERT pg_temp.difference('planted_account', 'wanted_account') IS NULL, pg_temp.difference('planted_account', 'wanted_account');
END $$;

-- The same with zones, and with the columns that newer connectors add: what is deleted is gone, an organization's tickets go
-- where their requesters are.
DROP VIEW planted_signal, planted_account;
SELECT pg_temp.give_zones('zendesk') \g /dev/null
ALTER TABLE zendesk.ticket ADD _fivetran_deleted boolean;
ALTER TABLE zendesk.organization ADD _fivetran_deleted boolean;
INSERT INTO zendesk.organization (id, external_id, name, created_at, _fivetran_synced, _fivetran_deleted)
VALUES (903, 'gone', 'Gone', '2024-01-05 03:00Z', '2025-12-06Z', true);
INSERT INTO zendesk.ticket (id, organization_id, requester_id, status, priority, created_at, updated_at, _fivetran_synced, _fivetran_deleted) VALUES
  (130, 903, 50, 'open', 'normal', '2025-11-28 10:00Z', '2025-11-28 10:00Z', '2025-12-06 12:00Z', NULL),
  (131, 900, 50, 'open', 'urgent', '2025-11-28 10:00Z', '2025-11-28 10:00Z', '2025-12-06 12:00Z', true);
INSERT INTO wanted_signal VALUES ('zendesk:902', 'u-50', 'support_ticket', NULL, '2025-11-28 10:00+00');
\i examples/sources/zendesk.sql
CREATE VIEW planted_signal AS SELECT * FROM zendesk_signal WHERE length(account_id) < 12;
CREATE VIEW planted_account AS SELECT * FROM zendesk_account WHERE length(account_id) < 12;
DO $$
BEGIN
    ASSERT pg_temp.difference('planted_signal', 'wanted_signal') IS NULL, pg_temp.difference('planted_signal', 'wanted_signal');
    ASSERT pg_temp.difference('planted_account', 'wanted_account') IS NULL, pg_temp.difference('planted_account', 'wanted_account');
END $$;

-- Blank Inc becomes Blank Global.
UPDATE zendesk.organization SET name = 'Blank Global' WHERE id = 900;
UPDATE wanted_account SET name = 'Blank Global' WHERE account_id = 'acme';
DO $$
BEGIN
    ASSERT pg_temp.difference('planted_signal', 'wanted_signal') IS NULL, pg_temp.difference('planted_signal', 'wanted_signal');
    ASSERT pg_temp.difference('planted_account', 'wanted_account') IS NULL, pg_temp.difference('planted_account', 'wanted_account');
END $$;

\set system zendesk
\set lists `for f in $(grep -l "'gmail.com'" examples/sources/*.sql); do sed -n "/'gmail.com'/,/'sfr.fr'/p" $f | grep -o "'[a-z0-9.-]*'" | md5sum; done | awk '{n[$1]++} END {for (k in n) {f += n[k]; l++} printf "%d files, %d list", f, l}'`
\set as_of 2025-12-07
\ir road.psql
-- acme: 5 tickets of 10 are 50, 1 urgent of 3 leaves 67, the last rating is 5 of 5. 902: 5 tickets, 0 urgent, never rated. The
-- others of the seeds have been silent for years.
SELECT set_config('test.lists', :'lists', false) \g /dev/null
DO $$
BEGIN
    ASSERT (SELECT abs(score - (30 * 50 + 30 * 200 / 3.0 + 40 * 100) / 100) < 1e-6 FROM scoreboard WHERE account_id = 'acme'), 'acme';
    ASSERT (SELECT abs(score - (30 * 50 + 30 * 100) / 60) < 1e-6 AND coverage = 0.6 FROM scoreboard WHERE account_id = 'zendesk:902'), '902';
    ASSERT (SELECT main_risk = '5 support tickets in 90 days' FROM scoreboard WHERE account_id = 'zendesk:902'), 'its risk';
    ASSERT (SELECT count(*) = 18 AND bool_and(score = 100 AND main_risk IS NULL AND next_step IS NULL AND flags IS NULL)
            FROM scoreboard WHERE length(account_id) > 12), 'nobody is missed who asked nothing, and eight organizations that are not there have asked';
    -- All files that name mail providers name the same.
    ASSERT current_setting('test.lists') = '6 files, 1 list', 'mail providers';
END $$;
