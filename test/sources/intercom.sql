-- examples/sources/intercom.sql against the seeds of Fivetran's dbt package (real columns and versions) and planted
-- conversations. c1 is "Blank Inc", your acme; k9 is a consultant, since June in c2, too.
\ir common.psql
CREATE SCHEMA intercom;

\set csv fivetran_seeds/intercom/company_history_data.csv
\set into intercom.company_history
\set types 'updated_at timestamp, _fivetran_synced timestamp, created_at timestamp, monthly_spend float8, remote_created_at timestamp, session_count int, user_count int, _fivetran_active boolean, _fivetran_start timestamp, _fivetran_end timestamp'
\ir load.psql
\set csv fivetran_seeds/intercom/contact_history_data.csv
\set into intercom.contact_history
\set types 'updated_at timestamp, _fivetran_active boolean, _fivetran_synced timestamp, created_at timestamp, _fivetran_start timestamp, _fivetran_end timestamp'
\ir load.psql
\set csv fivetran_seeds/intercom/contact_company_history_data.csv
\set into intercom.contact_company_history
\set types 'contact_updated_at timestamp, _fivetran_synced timestamp, _fivetran_active boolean, _fivetran_start timestamp, _fivetran_end timestamp'
\ir load.psql
\set csv fivetran_seeds/intercom/conversation_history_data.csv
\set into intercom.conversation_history
\set types 'updated_at timestamp, _fivetran_synced timestamp, conversation_rating_created_at timestamp, conversation_rating_value int, created_at timestamp, _fivetran_start timestamp, _fivetran_end timestamp, _fivetran_active boolean'
\ir load.psql
\set csv fivetran_seeds/intercom/conversation_contact_history_data.csv
\set into intercom.conversation_contact_history
\set types 'conversation_updated_at timestamp, _fivetran_synced timestamp, _fivetran_start timestamp, _fivetran_end timestamp, _fivetran_active boolean'
\ir load.psql

-- Neither ratings nor plans nor spend.
BEGIN;
ALTER TABLE intercom.conversation_history DROP conversation_rating_value, DROP conversation_rating_created_at;
ALTER TABLE intercom.company_history DROP plan_name, DROP user_count, DROP monthly_spend;
\i examples/sources/intercom.sql
DO $$
BEGIN
    PERFORM pg_temp.keeps_contract('intercom');
    ASSERT NOT EXISTS (SELECT FROM intercom_signal WHERE signal = 'csat'), 'no ratings';
END $$;
ROLLBACK;

\i examples/sources/intercom.sql

-- The seeds: nine companies, two with an id of yours. Two conversations in nine versions, whose author is in no company of the
-- seeds until one is planted; then each counts once.
DO $$
BEGIN
    PERFORM pg_temp.keeps_contract('intercom');
    ASSERT NOT EXISTS (SELECT FROM intercom_signal), 'nobody''s';
    INSERT INTO intercom.contact_company_history (contact_id, company_id, contact_updated_at, _fivetran_active)
    VALUES ('5f7295ca37f0d717d37dfddb', '5f8efd11391867b82cd45b18', '2020-10-01', true);
    ASSERT (SELECT array_agg(format('%s %s %s %s', account_id, user_id, signal, occurred_at AT TIME ZONE 'UTC') ORDER BY occurred_at)
            FROM intercom_signal)
           = '{"10hNkSuS4Niit8s48jDM intercom:5f7295ca37f0d717d37dfddb support_ticket 2020-10-28 23:59:37",
               "10hNkSuS4Niit8s48jDM intercom:5f7295ca37f0d717d37dfddb support_ticket 2020-11-04 03:12:03"}', 'each conversation once';
    ASSERT (SELECT count(*) = 9 AND count(*) FILTER (WHERE account_id LIKE 'intercom:%') = 7 AND bool_and(arr IS NULL AND seats = 1)
            FROM intercom_account), 'the companies of the seeds';
    ASSERT (SELECT created_on = '2020-06-09' AND name = 'DLxmEfVUC9CAmjiNyVphWw==' FROM intercom_account
            WHERE account_id = '154pAIt4n2R143aexUWL'), 'a company with an id of yours';
END $$;

-- ---------------------------------------------------------------- planted

INSERT INTO intercom.company_history (id, company_id, name, plan_name, monthly_spend, user_count, created_at, remote_created_at, updated_at, _fivetran_active, _fivetran_synced) VALUES
  ('c1', 'acme',   'Blank Inc', 'Pro',  500,   40, '2024-02-01 03:00', '2024-01-05 03:00', '2025-11-01', true,  '2025-12-01'),
  ('c1', 'acme',   'Blank Inc', 'Pro',  500,   40, '2024-02-01 03:00', '2024-01-05 03:00', '2025-11-01', true,  '2025-12-01'),  -- twice
  ('c1', 'acme',   'Blank Ltd', 'Free', 0,      4, '2024-02-01 03:00', '2024-01-05 03:00', '2025-12-01', false, '2025-12-02'),  -- not active
  ('c1', 'acme',   'Blank Ltd', 'Free', 0,      4, '2024-02-01 03:00', '2024-01-05 03:00', '2025-10-01', true,  '2025-12-02'),  -- an older copy
  ('c2', 'basalt', 'Basalt',    '',     0,      0, '2024-03-01 03:00', NULL,               '2025-11-01', true,  '2025-12-01'),
  ('c3', 'c3-qualification-company', 'Lead', NULL, 0, 1, '2025-03-01 03:00', NULL,         '2025-11-01', true,  '2025-12-01');
INSERT INTO intercom.contact_history (id, role, external_id, updated_at, _fivetran_active) VALUES
  ('k1', 'user', 'u-1', '2025-01-01', true), ('k1', 'user', 'old', '2024-01-01', false), ('k2', 'lead', '38562efa', '2025-01-01', true),
  ('k9', 'user', 'u-9', '2025-06-01', true), ('k3', 'user', 'u-3', '2025-10-01', true), ('k4', 'user', 'u-4', '2025-10-01', true);
INSERT INTO intercom.contact_company_history (contact_id, company_id, contact_updated_at, _fivetran_active, _fivetran_start, _fivetran_end) VALUES
  ('k1', 'c1', '2025-01-01', true,  '2025-01-01', '9999-12-31'), ('k2', 'c3', '2025-01-01', true, '2025-01-01', '9999-12-31'),
  ('k9', 'c1', '2025-01-01', false, '2025-01-01', '2025-06-01'),
  ('k9', 'c1', '2025-06-01', true,  '2025-06-01', '9999-12-31'), ('k9', 'c2', '2025-06-01', true, '2025-06-01', '9999-12-31'),
  ('k3', 'c1', '2025-01-01', false, '2025-01-01', '2025-10-01'), ('k3', 'c2', '2025-10-01', true, '2025-10-01', '9999-12-31'),
  ('k4', 'cX', '2025-01-01', true,  '2025-01-01', '9999-12-31'),
  ('k7', 'c1', '2025-01-01', true,  '2025-01-01', '9999-12-31'), ('k7', 'c2', '2025-03-01', false, '2025-03-01', '2025-04-01');
INSERT INTO intercom.conversation_history (id, created_at, updated_at, source_author_type, source_author_id, source_delivered_as, conversation_rating_value, conversation_rating_created_at, _fivetran_active) VALUES
  ('1001', '2025-03-01 10:00', '2025-03-02', 'user',  'k9', 'customer_initiated', NULL, NULL, true),
  ('1002', '2025-11-05 23:30', '2025-11-06', 'user',  'k9', 'customer_initiated', 4,    '2025-11-07 00:30', true),
  ('1003', '2025-11-06 10:00', '2025-11-06', 'user',  'k9', 'customer_initiated', NULL, NULL, true),
  ('1004', '2025-11-07 10:00', '2025-11-07', 'user',  'k1', 'customer_initiated', NULL, NULL, false),
  ('1004', '2025-11-07 10:00', '2025-11-08', 'user',  'k1', 'customer_initiated', 5,    '2025-11-08 01:00', false),
  ('1004', '2025-11-07 10:00', '2025-11-09', 'user',  'k1', 'customer_initiated', 2,    '2025-11-08 02:00', true),
  ('1004', '2025-11-07 10:00', '2025-11-09', 'user',  'k1', 'customer_initiated', 2,    '2025-11-08 02:00', true),
  ('1005', '2025-11-08 10:00', '2025-11-08', 'lead',  'k5', 'customer_initiated', 1,    '2025-11-08 11:00', true),
  ('1006', '2025-11-09 10:00', '2025-11-09', 'admin', '77', 'campaigns_initiated', 3,   NULL, true),
  ('1007', '2024-12-01 10:00', '2025-11-09', 'user',  'k9', 'customer_initiated', NULL, NULL, true),
  ('1008', '2025-09-01 10:00', '2025-09-01', 'user',  'k3', 'customer_initiated', NULL, NULL, true),
  ('1009', '2025-10-15 10:00', '2025-10-15', 'user',  'k3', 'customer_initiated', NULL, NULL, true),
  ('1010', '2025-11-10 10:00', '2025-11-10', 'user',  'k4', 'customer_initiated', NULL, NULL, true),
  ('1012', '2024-12-15 10:00', '2024-12-15', 'user',  'k7', 'customer_initiated', NULL, NULL, true),
  ('1011', '2025-11-11 10:00', '2025-11-11', 'lead',  'k2', 'customer_initiated', NULL, NULL, true);
INSERT INTO intercom.conversation_contact_history (conversation_id, contact_id, conversation_updated_at, _fivetran_active) VALUES
  ('1001', 'k9', '2025-03-02', true), ('1002', 'k9', '2025-11-06', true), ('1003', 'k9', '2025-11-06', true), ('1003', 'k1', '2025-11-06', true),
  ('1004', 'k1', '2025-11-07', false), ('1004', 'k1', '2025-11-09', true), ('1004', 'k3', '2025-11-07', false), ('1005', 'k5', '2025-11-08', true),
  ('1006', 'k1', '2025-11-09', true), ('1007', 'k9', '2025-11-09', true), ('1010', 'k4', '2025-11-10', true);

CREATE TABLE wanted_signal (LIKE intercom_signal);
INSERT INTO wanted_signal VALUES
  ('acme',        'u-9',         'support_ticket', NULL, '2025-03-01 10:00+00'),  -- before the consultant was in the other company
  ('basalt',      'u-9',         'support_ticket', NULL, '2025-11-05 23:30+00'),  -- in both: the one joined last
  ('acme',        'u-9',         'support_ticket', NULL, '2025-11-06 10:00+00'),  -- in both, together with somebody of acme
  ('acme',        'u-1',         'support_ticket', NULL, '2025-11-07 10:00+00'),
  ('basalt',      'u-9',         'support_ticket', NULL, '2024-12-01 10:00+00'),  -- before anything is known
  ('acme',        'intercom:k7', 'support_ticket', NULL, '2024-12-15 10:00+00'),  -- likewise, and no longer in basalt
  ('acme',        'u-3',         'support_ticket', NULL, '2025-09-01 10:00+00'),  -- before the move
  ('basalt',      'u-3',         'support_ticket', NULL, '2025-10-15 10:00+00'),
  ('intercom:cX', 'u-4',         'support_ticket', NULL, '2025-11-10 10:00+00'),
  ('intercom:c3', 'intercom:k2', 'support_ticket', NULL, '2025-11-11 10:00+00'),
  ('basalt',      'u-9',         'csat', 4, '2025-11-07 00:30+00'),
  ('acme',        'u-1',         'csat', 2, '2025-11-08 02:00+00'),
  ('acme',        'u-1',         'csat', 3, '2025-11-09 00:00+00');  -- of a message of yours: no ticket, but a rating
CREATE TABLE wanted_account (LIKE intercom_account);
INSERT INTO wanted_account VALUES
  ('acme',        'Blank Inc', 'Pro', 40,   6000, NULL, '2024-01-05', NULL),
  ('basalt',      'Basalt',    NULL,  NULL, NULL, NULL, '2024-03-01', NULL),
  ('intercom:c3', 'Lead',      NULL,  1,    NULL, NULL, '2025-03-01', NULL);
CREATE VIEW planted_signal AS SELECT * FROM intercom_signal WHERE length(account_id) < 12;
CREATE VIEW planted_account AS SELECT * FROM intercom_account WHERE length(account_id) < 12;
DO $$
BEGIN
    PERFORM pg_temp.keeps_contract('intercom');
    ASSERT pg_temp.difference('planted_signal', 'wanted_signal') IS NULL, pg_temp.difference('planted_signal', 'wanted_signal');
    ASSERT pg_temp.difference('planted_account', 'wanted_account') IS NULL, pg_temp.difference('planted_account', 'wanted_account');
END $$;

-- The same with zones, and with what is deleted marked: a conversation is gone, a company's are where its contacts are besides.
DROP VIEW planted_signal, planted_account;
SELECT pg_temp.give_zones('intercom') \g /dev/null
ALTER TABLE intercom.company_history ADD _fivetran_deleted boolean;
ALTER TABLE intercom.conversation_history ADD _fivetran_deleted boolean;
INSERT INTO intercom.company_history (id, company_id, name, monthly_spend, user_count, created_at, updated_at, _fivetran_active, _fivetran_deleted)
VALUES ('c4', 'gone', 'Gone', 0, 0, '2025-01-01Z', '2025-12-01Z', true, true);
INSERT INTO intercom.contact_company_history (contact_id, company_id, contact_updated_at, _fivetran_active)
VALUES ('k6', 'c4', '2025-02-01Z', true), ('k6', 'c2', '2025-01-01Z', true);
INSERT INTO intercom.conversation_history (id, created_at, updated_at, source_author_type, source_author_id, _fivetran_active, _fivetran_deleted)
VALUES ('1020', '2025-11-20 10:00Z', '2025-11-20Z', 'user', 'k6', true, false), ('1021', '2025-11-21 10:00Z', '2025-11-21Z', 'user', 'k6', true, true);
INSERT INTO wanted_signal VALUES ('basalt', 'intercom:k6', 'support_ticket', NULL, '2025-11-20 10:00+00');
\i examples/sources/intercom.sql
CREATE VIEW planted_signal AS SELECT * FROM intercom_signal WHERE length(account_id) < 12;
CREATE VIEW planted_account AS SELECT * FROM intercom_account WHERE length(account_id) < 12;
DO $$
BEGIN
    ASSERT pg_temp.difference('planted_signal', 'wanted_signal') IS NULL, pg_temp.difference('planted_signal', 'wanted_signal');
    ASSERT pg_temp.difference('planted_account', 'wanted_account') IS NULL, pg_temp.difference('planted_account', 'wanted_account');
END $$;

-- Blank Inc becomes Blank Global, in a version of its own.
UPDATE intercom.company_history SET _fivetran_active = false WHERE id = 'c1';
INSERT INTO intercom.company_history (id, company_id, name, plan_name, monthly_spend, user_count, created_at, remote_created_at, updated_at, _fivetran_active)
VALUES ('c1', 'acme', 'Blank Global', 'Pro', 500, 40, '2024-02-01 03:00Z', '2024-01-05 03:00Z', '2025-12-01Z', true);
UPDATE wanted_account SET name = 'Blank Global' WHERE account_id = 'acme';
DO $$
BEGIN
    ASSERT pg_temp.difference('planted_signal', 'wanted_signal') IS NULL, pg_temp.difference('planted_signal', 'wanted_signal');
    ASSERT pg_temp.difference('planted_account', 'wanted_account') IS NULL, pg_temp.difference('planted_account', 'wanted_account');
END $$;

\set system intercom
\set as_of 2025-12-01
\ir road.psql
-- In the 90 days acme has 2 conversations, basalt 3, and the last ratings are 3 and 4 of 5; the conversation of September 1 is too old by a day.
DO $$
BEGIN
    ASSERT (SELECT abs(score - (40 * 80 + 60 * 60) / 100.0) < 1e-9 AND seats = 40 AND b.arr = 6000
            FROM scoreboard AS b JOIN accounts USING (account_id) WHERE account_id = 'acme'), 'acme';
    ASSERT (SELECT abs(score - (40 * 70 + 60 * 80) / 100.0) < 1e-9 FROM scoreboard WHERE account_id = 'basalt'), 'basalt';
    ASSERT (SELECT count(*) = 9 AND bool_and(score = 100 AND main_risk IS NULL AND next_step IS NULL) FROM scoreboard
            WHERE account_id NOT IN ('acme', 'basalt', 'intercom:c3', 'intercom:cX')), 'nobody is missed who asked nothing';
    ASSERT (SELECT count(*) = 13 AND bool_and(score IS NOT NULL) FROM scoreboard), 'each account has a score';
END $$;
