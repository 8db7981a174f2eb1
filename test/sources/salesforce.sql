-- examples/sources/salesforce.sql against the seeds of Fivetran's dbt package (real columns, no account in common between its
-- tables) and a planted customer base. 001A is "Blank Inc": three records were merged into it, one into the next.
\ir common.psql
CREATE SCHEMA salesforce;

\set csv fivetran_seeds/salesforce/sf_account_data.csv
\set into salesforce.account
\set types '_fivetran_synced timestamp, is_deleted boolean, annual_revenue float8, number_of_employees int, _fivetran_active boolean'
\ir load.psql
\set csv fivetran_seeds/salesforce/sf_contact_data.csv
\set into salesforce.contact
\set types '_fivetran_synced timestamp, is_deleted boolean, created_date timestamp, last_modified_date timestamp, no_longer_at_company_c boolean, _fivetran_active boolean'
\ir load.psql
\set csv fivetran_seeds/salesforce/sf_opportunity_data.csv
\set into salesforce.opportunity
\set types '_fivetran_synced timestamp, amount float8, close_date timestamp, created_date timestamp, is_closed boolean, is_deleted boolean, is_won boolean, _fivetran_active boolean'
\ir load.psql
\set csv fivetran_seeds/salesforce/sf_opportunity_history_data.csv
\set into salesforce.opportunity_history
\set types '_fivetran_synced timestamp, _fivetran_start timestamp, _fivetran_end timestamp, amount float8, close_date timestamp, created_date timestamp, is_closed boolean, is_deleted boolean, is_won boolean, _fivetran_active boolean'
\ir load.psql
\set csv fivetran_seeds/salesforce/sf_event_data.csv
\set into salesforce.event
\set types '_fivetran_synced timestamp, activity_date timestamp, activity_date_time timestamp, start_date_time timestamp, end_date_time timestamp, is_child boolean, is_deleted boolean, is_recurrence boolean, _fivetran_active boolean'
\ir load.psql
\set csv fivetran_seeds/salesforce/sf_task_data.csv
\set into salesforce.task
\set types '_fivetran_synced timestamp, activity_date timestamp, completed_date_time timestamp, created_date timestamp, is_closed boolean, is_deleted boolean, is_recurrence boolean, _fivetran_active boolean'
\ir load.psql

-- Less than anybody has: accounts, nothing else.
BEGIN;
DROP TABLE salesforce.contact, salesforce.opportunity, salesforce.event, salesforce.task;
\i examples/sources/salesforce.sql
DO $$
BEGIN
    PERFORM pg_temp.keeps_contract('salesforce');
    ASSERT (SELECT count(*) = 1 FROM salesforce_account) AND (SELECT count(*) = 0 FROM salesforce_signal), 'accounts alone';
END $$;
ROLLBACK;

\i examples/sources/salesforce.sql

-- The seeds by themselves: ten meetings and nine tasks (one belongs to a lead, who has no account), all at one second, none of
-- them of an account that is there. Of the accounts nine are deleted, of the opportunities all.
DO $$
BEGIN
    PERFORM pg_temp.keeps_contract('salesforce');
    ASSERT (SELECT count(*) FROM salesforce_signal) = 19, 'ten meetings and nine tasks';
    ASSERT (SELECT bool_and(occurred_at = '2019-11-11 17:23:34+00' AND user_id IS NOT NULL) FROM salesforce_signal), 'in UTC';
    ASSERT (SELECT array_agg(format('%s %s %s', account_id, user_id, signal) ORDER BY account_id, user_id) FROM salesforce_signal
            WHERE account_id IN ('0011G00000f8MOkQAM', '0011G00000tM0pgQAC'))
           = '{"0011G00000f8MOkQAM 0031G00001QY4G5QAL meeting", "0011G00000tM0pgQAC 0031G00001NTqhqQAD task",
               "0011G00000tM0pgQAC 0031G00001NTqhqQAD task"}', 'accounts and contacts of the seeds';
    ASSERT (SELECT array_agg(format('%s: %s', account_id, name)) FROM salesforce_account) = '{"0015500000Xyy06AAB: Eric''s Test"}',
           'the account of the seeds that is not deleted';
END $$;

-- ---------------------------------------------------------------- planted

INSERT INTO salesforce.account (id, name, type, number_of_employees, owner_id, is_deleted, master_record_id, parent_id, _fivetran_active, _fivetran_synced) VALUES
  ('001A', 'Blank Limited', 'Prospect',        900, '005X', false, NULL,   NULL,   true,  '2025-12-30'),  -- an older copy
  ('001A', 'Blank Inc', 'Customer - Direct',  1200, '005Y', false, NULL,   NULL,   true,  '2025-12-31'),
  ('001A', 'Blank GmbH', 'Prospect',            10, '005X', true,  NULL,   NULL,   false, '2026-01-01'),  -- no version that holds
  ('001B', 'Blank',     NULL,                    5, '005X', true,  '001A', NULL,   true,  '2025-12-31'),
  ('001C', 'Blank Inc', NULL,                    5, '005X', true,  '001B', NULL,   true,  '2025-12-31'),
  ('001D', 'Blank Inc', NULL,                    5, '005X', true,  '001C', NULL,   true,  '2025-12-31'),
  ('001P', 'Round',     NULL,                   50, '005X', true,  '001Q', NULL,   true,  '2025-12-31'),  -- each merged
  ('001Q', 'Round',     NULL,                   50, '005X', false, '001P', NULL,   true,  '2025-12-31'),  -- into the other
  ('001G', 'Gone',      'Customer - Direct',    50, '005X', true,  NULL,   NULL,   true,  '2025-12-31'),
  ('001S', 'Blank Labs', 'Prospect',           250, NULL,   false, NULL,   '001A', true,  '2025-12-31'),  -- bought all the same
  ('001R', 'Rather Not', 'Prospect',          5000, '005X', false, NULL,   NULL,   true,  '2025-12-31');

INSERT INTO salesforce.contact (id, account_id, is_deleted, master_record_id, no_longer_at_company_c, last_modified_date, _fivetran_active, _fivetran_synced) VALUES
  ('003K', '001A', false, NULL,   NULL,  '2025-01-01 00:00:00', true, '2025-12-31'),  -- advises 001A and 001S
  ('0031', '001A', false, NULL,   false, '2025-01-01 00:00:00', true, '2025-12-31'),
  ('0032', '001A', true,  '0031', false, '2025-11-20 09:00:00', true, '2025-12-31'),  -- merged: did not leave
  ('0033', '001D', true,  NULL,   false, '2025-12-02 01:30:00', true, '2025-12-31'),
  ('0034', '001A', true,  NULL,   false, '2025-12-03 10:00:00', true, '2025-12-31'),  -- no decision of theirs
  ('0035', '001S', false, NULL,   true,  '2025-12-05 10:00:00', true, '2025-12-31');

INSERT INTO salesforce.opportunity (id, account_id, type, amount, close_date, is_closed, is_won, is_deleted, _fivetran_active, _fivetran_synced) VALUES
  ('0061', '001D', 'New Customer',                50000, '2024-03-01', true,  true,  false, true,  '2025-12-31'),
  ('0061', '001D', 'New Customer',                99999, '2024-02-01', false, false, false, true,  '2025-11-30'),
  ('0062', '001A', 'Existing Customer - Upgrade',  5000, '2024-06-01', true,  true,  false, true,  '2025-12-31'),
  ('0063', '001A', 'Renewal',                     60000, '2025-03-01', true,  true,  false, true,  '2025-12-31'),
  ('0064', '001C', 'Existing Customer - Upgrade', 12000, '2025-06-15', true,  true,  false, true,  '2025-12-31'),
  ('0064', '001C', 'Renewal',                     77777, '2025-07-15', true,  true,  false, false, '2026-01-01'),
  ('0065', '001B', 'Upsell',                       3000, '2025-09-01', true,  false, false, true,  '2025-12-31'),
  ('0066', '001A', 'Renewal',                     66000, '2025-02-01', false, false, false, true,  '2025-12-31'),  -- forgotten
  ('0067', '001A', 'Renewal',                     74000, '2026-03-01', false, false, false, true,  '2025-12-31'),
  ('0068', '001A', 'Renewal',                     80000, '2025-10-01', true,  true,  true,  true,  '2025-12-31'),
  ('0069', '001S', NULL,                          10000, '2025-04-10', true,  true,  false, true,  '2025-12-31'),
  ('0070', '001S', 'Renewal',                     10000, '2025-12-20', true,  false, false, true,  '2025-12-31'),
  ('0071', '001R', 'New Customer',                90000, '2025-12-01', false, false, false, true,  '2025-12-31'),
  ('0072', '001G', 'Renewal',                      1000, '2025-12-01', true,  true,  false, true,  '2025-12-31');

INSERT INTO salesforce.event (id, account_id, who_id, start_date_time, activity_date, is_child, is_recurrence, is_deleted, _fivetran_synced) VALUES
  ('00U1', '001D', '0032', '2025-11-05 23:30:00', '2025-11-05', false, false, false, '2025-12-31'),
  ('00U1', '001D', '0032', '2025-11-04 23:30:00', '2025-11-04', false, false, false, '2025-11-01'),  -- before it was put off
  ('00U2', '001D', '0032', '2025-11-05 23:30:00', '2025-11-05', true,  false, false, '2025-12-31'),  -- a colleague's copy
  ('00U3', '001A', '0031', '2025-11-10 10:00:00', '2025-11-10', false, true,  false, '2025-12-31'),  -- the series
  ('00U4', '001A', '0031', '2025-11-10 10:00:00', '2025-11-10', false, false, false, '2025-12-31'),
  ('00U5', '001A', '0031', '2025-11-12 10:00:00', '2025-11-12', false, false, true,  '2025-12-31'),
  ('00U6', '001A', '003K', NULL,                  '2025-11-13', false, false, false, '2025-12-31'),  -- all day
  ('00U7', '001S', '003K', '2025-11-14 15:00:00', '2025-11-14', false, false, false, '2025-12-31'),
  ('00U8', '001P', NULL,   '2025-11-15 15:00:00', '2025-11-15', false, false, false, '2025-12-31'),
  ('00U9', '001G', NULL,   '2025-11-16 15:00:00', '2025-11-16', false, false, false, '2025-12-31'),
  ('00UA', NULL,   '00Q1', '2025-11-16 15:00:00', '2025-11-16', false, false, false, '2025-12-31');  -- a lead

INSERT INTO salesforce.task (id, account_id, who_id, task_subtype, status, completed_date_time, activity_date, created_date, is_closed, is_deleted, is_recurrence, _fivetran_synced) VALUES
  ('00T1', '001B', '0033', 'Call',  'Completed',   '2025-11-06 02:15:00', '2025-11-01', '2025-10-01', true,  false, false, '2025-12-31'),
  ('00T2', '001A', '0031', 'Call',  'Not Started', NULL,                  '2025-11-01', '2025-10-01', false, false, false, '2025-12-31'),
  ('00T3', '001A', '0031', 'Email', 'Completed',   NULL,                  '2025-11-07', '2025-10-01', true,  false, false, '2025-12-31'),
  ('00T4', '001S', '003K', 'Task',  'Erledigt',    NULL,                  NULL, '2025-10-02 08:00:00', true,  false, false, '2025-12-31'),
  ('00T5', '001A', '0031', 'Task',  'Completed',   '2025-11-08 02:15:00', '2025-11-01', '2025-10-01', true,  true,  false, '2025-12-31');

-- Without the optional tables: no owner, and nobody has left.
DO $$
BEGIN
    ASSERT NOT EXISTS (SELECT FROM salesforce_signal WHERE signal = 'sponsor_left'), 'no roles, no sponsors';
    ASSERT (SELECT csm IS NULL FROM salesforce_account WHERE account_id = '001A'), 'no users, no names';
END $$;
CREATE TABLE salesforce."user" (id text, name text, _fivetran_synced timestamp);
INSERT INTO salesforce."user" VALUES ('005X', 'Bruno', '2025-12-31'), ('005Y', 'Amelie', '2025-10-01'), ('005Y', 'Amélie', '2025-12-31');
CREATE TABLE salesforce.opportunity_contact_role (id text, opportunity_id text, contact_id text, role text, is_deleted boolean, _fivetran_synced timestamp);
INSERT INTO salesforce.opportunity_contact_role VALUES
  ('00K1', '0061', '0033', 'Decision Maker', false, '2025-12-31'), ('00K2', '0063', '0033', 'Executive Sponsor', false, '2025-12-31'),
  ('00K3', '0063', '0032', 'Decision Maker', false, '2025-12-31'), ('00K4', '0063', '0034', 'Evaluator', false, '2025-12-31'),
  ('00K5', '0069', '0035', 'Economic Buyer', false, '2025-12-31');
\i examples/sources/salesforce.sql

CREATE TABLE wanted_signal (LIKE salesforce_signal);
INSERT INTO wanted_signal VALUES
  ('001A', '0031', 'meeting',           NULL,  '2025-11-05 23:30+00'),
  ('001A', '0031', 'meeting',           NULL,  '2025-11-10 10:00+00'),
  ('001A', '003K', 'meeting',           NULL,  '2025-11-13 00:00+00'),
  ('001S', '003K', 'meeting',           NULL,  '2025-11-14 15:00+00'),
  ('001Q', NULL,   'meeting',           NULL,  '2025-11-15 15:00+00'),
  ('001A', '0033', 'call',              NULL,  '2025-11-06 02:15+00'),
  ('001A', '0031', 'email',             NULL,  '2025-11-07 00:00+00'),
  ('001S', '003K', 'task',              NULL,  '2025-10-02 08:00+00'),
  ('001A', NULL,   'contract_extended', 5000,  '2024-06-01 00:00+00'),
  ('001A', NULL,   'contract_extended', 60000, '2025-03-01 00:00+00'),
  ('001A', NULL,   'contract_extended', 12000, '2025-06-15 00:00+00'),
  ('001A', NULL,   'opportunity_lost',  3000,  '2025-09-01 00:00+00'),
  ('001S', NULL,   'renewal_lost',      10000, '2025-12-20 00:00+00'),
  ('001A', '0033', 'sponsor_left',      NULL,  '2025-12-02 01:30+00'),
  ('001S', '0035', 'sponsor_left',      NULL,  '2025-12-05 10:00+00');
-- 72000 = 60000 at the last renewal and 12000 added since; the 5000 of before are in the renewal.
CREATE TABLE wanted_account (LIKE salesforce_account);
INSERT INTO wanted_account VALUES
  ('001A', 'Blank Inc',  'enterprise', NULL, 72000, 'Amélie', '2024-03-01', '2026-03-01'),
  ('001S', 'Blank Labs', 'mid',        NULL, 10000, NULL,     '2025-04-10', NULL),
  ('001Q', 'Round',      'smb',        NULL, NULL,  'Bruno',  NULL,         NULL);
CREATE VIEW planted_signal AS SELECT * FROM salesforce_signal WHERE length(account_id) = 4;
CREATE VIEW planted_account AS SELECT * FROM salesforce_account WHERE length(account_id) = 4;
DO $$
BEGIN
    PERFORM pg_temp.keeps_contract('salesforce');
    ASSERT pg_temp.difference('planted_signal', 'wanted_signal') IS NULL, pg_temp.difference('planted_signal', 'wanted_signal');
    ASSERT pg_temp.difference('planted_account', 'wanted_account') IS NULL, pg_temp.difference('planted_account', 'wanted_account');
END $$;

-- The same with zones and dates, from a table in history mode, where an opportunity has a row for each of its versions.
DROP VIEW planted_signal, planted_account;
SELECT pg_temp.give_zones('salesforce') \g /dev/null
ALTER TABLE salesforce.event ALTER activity_date TYPE date USING (activity_date AT TIME ZONE 'UTC')::date;
ALTER TABLE salesforce.task ALTER activity_date TYPE date USING (activity_date AT TIME ZONE 'UTC')::date;
ALTER TABLE salesforce.opportunity_history ALTER close_date TYPE date USING (close_date AT TIME ZONE 'UTC')::date;
ALTER TABLE salesforce.opportunity ALTER close_date TYPE date USING (close_date AT TIME ZONE 'UTC')::date;
INSERT INTO salesforce.opportunity_history (id, account_id, type, amount, close_date, is_closed, is_won, is_deleted, _fivetran_active, _fivetran_start, _fivetran_end, _fivetran_synced)
SELECT id, account_id, type, amount, close_date, is_closed, is_won, is_deleted, _fivetran_active, '2025-06-01 00:00Z', '9999-12-31 23:59:59Z', _fivetran_synced
FROM salesforce.opportunity WHERE length(account_id) = 4;
INSERT INTO salesforce.opportunity_history (id, account_id, type, amount, close_date, is_closed, is_won, is_deleted, _fivetran_active, _fivetran_start, _fivetran_end, _fivetran_synced)
SELECT id, account_id, 'Renewal', 1, close_date, true, true, false, false, '2025-01-01 00:00Z', '2025-05-31 23:59:59Z', '2026-01-01'
FROM salesforce.opportunity WHERE length(account_id) = 4 AND _fivetran_active;
DROP TABLE salesforce.opportunity;
ALTER TABLE salesforce.opportunity_history RENAME TO opportunity;
\i examples/sources/salesforce.sql
CREATE VIEW planted_signal AS SELECT * FROM salesforce_signal WHERE length(account_id) = 4;
CREATE VIEW planted_account AS SELECT * FROM salesforce_account WHERE length(account_id) = 4;
DO $$
BEGIN
    ASSERT pg_temp.difference('planted_signal', 'wanted_signal') IS NULL, pg_temp.difference('planted_signal', 'wanted_signal');
    ASSERT pg_temp.difference('planted_account', 'wanted_account') IS NULL, pg_temp.difference('planted_account', 'wanted_account');
END $$;

-- Blank Inc becomes Blank Global.
INSERT INTO salesforce.account (id, name, type, number_of_employees, owner_id, is_deleted, _fivetran_active, _fivetran_synced)
VALUES ('001A', 'Blank Global', 'Customer - Direct', 1200, '005Y', false, true, '2026-01-01');
UPDATE wanted_account SET name = 'Blank Global' WHERE account_id = '001A';
DO $$
BEGIN
    ASSERT pg_temp.difference('planted_signal', 'wanted_signal') IS NULL, pg_temp.difference('planted_signal', 'wanted_signal');
    ASSERT pg_temp.difference('planted_account', 'wanted_account') IS NULL, pg_temp.difference('planted_account', 'wanted_account');
END $$;

\set as_of 2026-01-01
\ir warehouse.psql
-- A sponsor who left costs 25 points in enterprise and 15 in mid, a renewal lost 11 full days ago 30 of a half-life of 30 days.
DO $$
BEGIN
    ASSERT (SELECT array_agg(account_id || ' ' || segment || ' ' || main_risk ORDER BY account_id) FROM scoreboard
            WHERE main_risk IS NOT NULL AND length(account_id) = 4)
           = '{001A enterprise The sponsor left 30 days ago,001S mid Renewal lost 12 days ago}', 'risks';
    ASSERT (SELECT score FROM scoreboard WHERE account_id = '001A') = 75, 'no more than a sponsor who left';
    ASSERT (SELECT abs(score - (100 - 15 - 30 * 2 ^ (-11 / 30.0))) < 1e-9 FROM scoreboard WHERE account_id = '001S'), 'and a renewal';
    ASSERT (SELECT count(*) = 4 FROM scoreboard), 'each account has a score';
END $$;
