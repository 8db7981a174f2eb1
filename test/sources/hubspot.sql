-- examples/sources/hubspot.sql against the seeds of Fivetran's dbt package (real columns, most of them without properties) and
-- a planted customer base. 10 is "Blank Inc": three records were merged into it, one into the next.
\ir common.psql
CREATE SCHEMA hubspot;

\set csv fivetran_seeds/hubspot/company_data_postgres.csv
\set into hubspot.company
\set types 'id bigint, is_deleted boolean, _fivetran_synced timestamp, property_createdate timestamp'
\ir load.psql
\set csv fivetran_seeds/hubspot/deal_data.csv
\set into hubspot.deal
\set types 'deal_id bigint, is_deleted boolean, owner_id bigint, property_amount float8, property_closedate timestamp, property_createdate timestamp'
\ir load.psql
ALTER TABLE hubspot.deal ADD _fivetran_synced timestamp;  -- every table of the loader has it, the seed leaves it out
\set csv fivetran_seeds/hubspot/deal_company_data.csv
\set into hubspot.deal_company
\set types 'company_id bigint, deal_id bigint, type_id int'
\ir load.psql
\set csv fivetran_seeds/hubspot/engagement_data.csv
\set into hubspot.engagement
\set types 'id bigint, _fivetran_synced timestamp'
\ir load.psql
\set csv fivetran_seeds/hubspot/engagement_company_data.csv
\set into hubspot.engagement_company
\set types 'company_id bigint, engagement_id bigint, type_id int, _fivetran_synced timestamp'
\ir load.psql
\set csv fivetran_seeds/hubspot/engagement_meeting_data.csv
\set into hubspot.engagement_meeting
\set types 'engagement_id bigint, _fivetran_synced timestamp, start_time timestamp, end_time timestamp'
\ir load.psql
\set csv fivetran_seeds/hubspot/ticket_data.csv
\set into hubspot.ticket
\set types '_fivetran_synced timestamp, id bigint, is_deleted boolean, property_closed_date timestamp, property_createdate timestamp'
\ir load.psql
\set csv fivetran_seeds/hubspot/ticket_company_data.csv
\set into hubspot.ticket_company
\set types '_fivetran_synced timestamp, ticket_id bigint, company_id bigint'
\ir load.psql

-- Less than anybody has: companies, nothing else.
BEGIN;
DROP TABLE hubspot.deal, hubspot.deal_company, hubspot.engagement, hubspot.engagement_company, hubspot.engagement_meeting,
  hubspot.ticket, hubspot.ticket_company;
\i examples/sources/hubspot.sql
DO $$
BEGIN
    PERFORM pg_temp.keeps_contract('hubspot');
    ASSERT (SELECT count(*) = 24 FROM hubspot_account) AND (SELECT count(*) = 0 FROM hubspot_signal), 'companies alone';
END $$;
ROLLBACK;

\i examples/sources/hubspot.sql

-- The seeds without the optional tables: 24 companies, and no association leads from one of their records to another. So two
-- are added, to a meeting and a ticket of the seeds.
INSERT INTO hubspot.engagement_company (engagement_id, company_id) VALUES (3416212491, 2182162682);
INSERT INTO hubspot.ticket_company (ticket_id, company_id) VALUES (307034542, 2182162682), (307034542, 2182162682);
DO $$
BEGIN
    PERFORM pg_temp.keeps_contract('hubspot');
    ASSERT (SELECT count(*) = 24 AND count(name) = 24 AND min(created_on) = '2018-07-11' FROM hubspot_account), 'the companies of the seeds';
    ASSERT (SELECT array_agg(format('%s %s %s', account_id, signal, occurred_at AT TIME ZONE 'UTC') ORDER BY signal) FROM hubspot_signal)
           = '{"2182162682 meeting 2019-09-26 13:00:00","2182162682 support_ticket 2021-02-16 20:31:05"}', 'a meeting and a ticket of the seeds';
END $$;

-- ---------------------------------------------------------------- planted

\set csv fivetran_seeds/hubspot/contact_data.csv
\set into hubspot.contact
\set types '_fivetran_deleted boolean, _fivetran_synced timestamp, id bigint, property_createdate timestamp'
\ir load.psql
\set csv fivetran_seeds/hubspot/contact_merge_audit_data.csv
\set into hubspot.contact_merge_audit
\set types 'canonical_vid bigint, contact_id bigint, vid_to_merge bigint, _fivetran_synced timestamp, timestamp timestamp'
\ir load.psql
\set csv fivetran_seeds/hubspot/merged_deal_data.csv
\set into hubspot.merged_deal
\set types 'deal_id bigint, merged_deal_id bigint, _fivetran_synced timestamp'
\ir load.psql
ALTER TABLE hubspot.company ADD property_lifecyclestage text, ADD property_numberofemployees float8, ADD property_hubspot_owner_id bigint,
  ADD property_hs_merged_object_ids text;
ALTER TABLE hubspot.deal ADD property_dealtype text;
ALTER TABLE hubspot.ticket ADD property_hs_merged_object_ids text;
ALTER TABLE hubspot.ticket_company ADD type_id int;
ALTER TABLE hubspot.contact ADD property_hs_calculated_merged_vids text;
CREATE TABLE hubspot.owner (owner_id bigint, first_name text, last_name text, _fivetran_synced timestamp);
CREATE TABLE hubspot.deal_pipeline_stage (stage_id text, pipeline_id text, label text, closed_won boolean, probability float8, _fivetran_synced timestamp);
CREATE TABLE hubspot.engagement_contact (engagement_id bigint, contact_id bigint, _fivetran_synced timestamp);
CREATE TABLE hubspot.engagement_call (engagement_id bigint, "timestamp" timestamp, _fivetran_synced timestamp);
CREATE TABLE hubspot.ticket_contact (ticket_id bigint, contact_id bigint, _fivetran_synced timestamp);

INSERT INTO hubspot.company (id, property_name, property_lifecyclestage, property_numberofemployees, property_hubspot_owner_id, property_createdate, property_hs_merged_object_ids, is_deleted, _fivetran_synced) VALUES
  (10, 'Blank Inc',  'customer',    1200, 7,    '2023-05-05 03:00', '11',  false, '2025-12-31'),
  (10, 'Blank Ltd',  'lead',         900, 7,    '2023-05-05 03:00', NULL,  false, '2025-12-30'),  -- an older copy
  (11, 'Blank',      'customer',       5, NULL, '2023-05-05 03:00', '12',  true,  '2025-12-31'),
  (12, 'Blank',      'customer',       5, NULL, '2023-05-05 03:00', '13',  true,  '2025-12-31'),  -- 13 is no longer there
  (20, 'Round',      'customer',      50, 8,    '2024-02-01 03:00', '21',  false, '2025-12-31'),  -- each merged
  (21, 'Round',      'customer',      50, 8,    '2024-02-01 03:00', '20',  false, '2025-12-31'),  -- into the other
  (30, 'Basalt',     'lead',         250, NULL, '2025-01-01 03:00', NULL,  false, '2025-12-31'),  -- bought all the same
  (40, 'Rather Not', 'opportunity', 5000, 7,    '2025-01-01 03:00', NULL,  false, '2025-12-31'),
  (50, 'Gone',       'customer',      50, 7,    '2025-01-01 03:00', NULL,  true,  '2025-12-31'),
  (60, 'Forgotten',  'customer',      50, NULL, '2023-01-01 03:00', NULL,  false, '2025-12-31'),  -- a term long over
  (70, 'Leaving',    'customer',      50, NULL, '2023-01-01 03:00', NULL,  false, '2025-12-31'),  -- a renewal lost
  (80, 'Overdue',    'customer',      50, NULL, '2023-01-01 03:00', NULL,  false, '2025-12-31');  -- a deal that nobody moved
INSERT INTO hubspot.owner VALUES (7, 'Amélie', 'Aubry', '2025-12-31'), (8, 'Bruno', NULL, '2025-12-31');
INSERT INTO hubspot.deal_pipeline_stage VALUES ('s1', 'p', 'Lost', false, 0, '2025-12-31'), ('s2', 'p', 'Signed', true, 1, '2025-12-31'),
  ('s3', 'p', 'Talking', false, 0.4, '2025-12-31');

INSERT INTO hubspot.deal (deal_id, property_dealname, property_dealtype, deal_pipeline_stage_id, property_amount, property_closedate, is_deleted, _fivetran_synced) VALUES
  (101, 'First',        'newbusiness',      'closedwon', 50000, '2024-03-01 00:30', false, '2025-12-31'),
  (101, 'First',        'existingbusiness', 'closedwon', 99999, '2024-03-01 00:30', false, '2025-12-30'),
  (102, 'Renewal 2025', 'existingbusiness', 's2',        60000, '2025-03-01 00:30', false, '2025-12-31'),
  (103, 'Seats',        'existingbusiness', 's2',        12000, '2025-06-15 00:30', false, '2025-12-31'),
  (104, 'Copy',         'existingbusiness', 'closedwon',   111, '2025-08-01 00:30', false, '2025-12-31'),
  (105, 'Copy',         'existingbusiness', 'closedwon',   222, '2025-08-01 00:30', false, '2025-12-31'),
  (106, 'More seats',   'existingbusiness', 's1',         3000, '2025-09-01 00:30', false, '2025-12-31'),
  (107, 'Twice',        NULL,               'closedlost',  100, '2025-10-01 00:30', false, '2025-12-31'),
  (108, 'Twice',        NULL,               'closedlost',  200, '2025-10-01 00:30', false, '2025-12-31'),
  (109, 'Renewal 2026', 'existingbusiness', 's3',        74000, '2026-03-01 00:30', false, '2025-12-31'),
  (110, 'Renewal',      'existingbusiness', 'closedwon', 80000, '2025-10-01 00:30', true,  '2025-12-31'),
  (111, 'Renewal',      'existingbusiness', 's1',        10000, '2025-12-20 00:30', false, '2025-12-31'),
  (112, 'Module',       'upsell',           's1',          700, '2025-08-05 00:30', false, '2025-12-31'),
  (113, 'Renewal',      'existingbusiness', 'closedwon',  5000, '2025-10-01 00:30', false, '2025-12-31'),
  (114, 'First',        'newbusiness',      'closedwon',  6000, '2023-03-01 00:30', false, '2025-12-31'),
  (115, 'First',        'newbusiness',      'closedwon',  7000, '2025-02-01 00:30', false, '2025-12-31'),
  (116, 'Renewal',      'existingbusiness', 's1',         7000, '2025-12-01 00:30', false, '2025-12-31'),
  (117, 'First',        'newbusiness',      'closedwon',  8000, '2025-05-01 00:30', false, '2025-12-31'),
  (118, 'Renewal',      'existingbusiness', 's3',         8000, '2025-12-15 00:30', false, '2025-12-31');
INSERT INTO hubspot.merged_deal (merged_deal_id, deal_id) VALUES (104, 105), (105, 106), (107, 108), (108, 107);
INSERT INTO hubspot.deal_company (deal_id, company_id, type_id, category) VALUES
  (101, 13, 5, 'HUBSPOT_DEFINED'), (101, 13, 341, 'HUBSPOT_DEFINED'), (101, 30, 341, 'HUBSPOT_DEFINED'),  -- a primary one
  (102, 10, 341, 'HUBSPOT_DEFINED'),
  (103, 10, 341, 'HUBSPOT_DEFINED'), (103, 12, 341, 'HUBSPOT_DEFINED'), (103, 30, 341, 'HUBSPOT_DEFINED'),  -- each of two
  (104, 11, 5, 'HUBSPOT_DEFINED'),  -- all that is known of 106
  (107, 30, 5, 'HUBSPOT_DEFINED'), (108, 30, 5, 'HUBSPOT_DEFINED'),
  (109, 10, 5, 'HUBSPOT_DEFINED'), (110, 10, 5, 'HUBSPOT_DEFINED'), (111, 30, 5, 'HUBSPOT_DEFINED'),
  (112, 10, 5, 'HUBSPOT_DEFINED'), (112, 30, 5, 'USER_DEFINED'),  -- the numbers of labels of one's own mean something else
  (113, 50, 5, 'HUBSPOT_DEFINED'), (114, 60, 5, 'HUBSPOT_DEFINED'), (115, 70, 5, 'HUBSPOT_DEFINED'), (116, 70, 5, 'HUBSPOT_DEFINED'),
  (117, 80, 5, 'HUBSPOT_DEFINED'), (118, 80, 5, 'HUBSPOT_DEFINED');

INSERT INTO hubspot.engagement (id, type, _fivetran_synced) SELECT id, CASE WHEN id < 300 THEN 'MEETING' ELSE 'CALL' END, '2025-12-31'
FROM unnest('{201,202,203,204,205,206,301,301}'::bigint[]) AS id;
INSERT INTO hubspot.engagement_meeting (engagement_id, start_time, meeting_outcome, _fivetran_synced) VALUES
  (201, '2025-11-05 23:30', 'COMPLETED', '2025-12-31'), (201, '2025-11-04 23:30', 'SCHEDULED', '2025-11-01'),
  (202, '2025-11-06 10:00', 'CANCELED',  '2025-12-31'), (203, '2025-11-07 10:00', 'NO_SHOW',   '2025-12-31'),
  (204, '2025-11-08 10:00', NULL,        '2025-12-31'), (205, '2025-11-09 10:00', 'SCHEDULED', '2025-12-31'),
  (206, '2025-11-10 10:00', 'COMPLETED', '2025-12-31');
INSERT INTO hubspot.engagement_call (engagement_id, "timestamp") VALUES (301, '2025-11-06 02:15');
INSERT INTO hubspot.engagement_company (engagement_id, company_id, type_id, category) VALUES
  (201, 12, 188, 'HUBSPOT_DEFINED'), (202, 10, 188, 'HUBSPOT_DEFINED'), (203, 10, 188, 'HUBSPOT_DEFINED'), (204, 10, 188, 'HUBSPOT_DEFINED'),
  (204, 11, 188, 'HUBSPOT_DEFINED'), (204, 30, 188, 'HUBSPOT_DEFINED'), (205, 30, 188, 'HUBSPOT_DEFINED'), (206, 21, 188, 'HUBSPOT_DEFINED'),
  (301, 11, 182, 'HUBSPOT_DEFINED');
-- 61 was merged into 62 and 62 into 63, told in two ways. 70 advises 10 and 30.
INSERT INTO hubspot.contact_merge_audit (canonical_vid, vid_to_merge) VALUES (62, 61);
INSERT INTO hubspot.contact (id, property_hs_calculated_merged_vids) VALUES (63, '62:1690000000000;59:1690000000001'), (70, NULL);
INSERT INTO hubspot.engagement_contact (engagement_id, contact_id) VALUES (201, 61), (201, 63), (204, 70), (205, 70), (206, 63), (206, 70), (301, 62);

INSERT INTO hubspot.ticket (id, property_createdate, is_deleted, property_hs_merged_object_ids, _fivetran_synced) VALUES
  (401, '2025-11-11 23:30', false, NULL,  '2025-12-31'), (401, '2025-11-10 23:30', false, NULL,  '2025-12-30'),
  (402, '2025-11-12 10:00', true,  NULL,  '2025-12-31'), (403, '2025-11-13 10:00', false, NULL,  '2025-12-31'),
  (404, '2025-11-14 10:00', false, '403', '2025-12-31'), (405, '2025-11-15 10:00', false, NULL,  '2025-12-31');
INSERT INTO hubspot.ticket_company (ticket_id, company_id, type_id, category) VALUES
  (401, 30, 26, 'HUBSPOT_DEFINED'), (401, 30, 339, 'HUBSPOT_DEFINED'), (401, 10, 339, 'HUBSPOT_DEFINED'), (402, 10, 26, 'HUBSPOT_DEFINED'),
  (403, 30, 26, 'HUBSPOT_DEFINED'), (404, 10, 339, 'HUBSPOT_DEFINED'), (405, 50, 26, 'HUBSPOT_DEFINED');
INSERT INTO hubspot.ticket_contact (ticket_id, contact_id) VALUES (404, 70);
\i examples/sources/hubspot.sql

CREATE TABLE wanted_signal (LIKE hubspot_signal);
INSERT INTO wanted_signal VALUES
  ('10', '63', 'meeting',           NULL,  '2025-11-05 23:30+00'),
  ('10', NULL, 'meeting_no_show',   NULL,  '2025-11-07 10:00+00'),
  ('10', '70', 'meeting',           NULL,  '2025-11-08 10:00+00'),  -- one meeting
  ('30', '70', 'meeting',           NULL,  '2025-11-08 10:00+00'),  -- of two companies
  ('30', '70', 'meeting',           NULL,  '2025-11-09 10:00+00'),
  ('20', NULL, 'meeting',           NULL,  '2025-11-10 10:00+00'),
  ('10', '63', 'call',              NULL,  '2025-11-06 02:15+00'),
  ('30', NULL, 'support_ticket',    NULL,  '2025-11-11 23:30+00'),
  ('10', '70', 'support_ticket',    NULL,  '2025-11-14 10:00+00'),
  ('10', NULL, 'contract_extended', 60000, '2025-03-01 00:30+00'),
  ('10', NULL, 'contract_extended', 12000, '2025-06-15 00:30+00'),
  ('30', NULL, 'contract_extended', 12000, '2025-06-15 00:30+00'),
  ('10', NULL, 'opportunity_lost',  3000,  '2025-09-01 00:30+00'),
  ('10', NULL, 'opportunity_lost',  700,   '2025-08-05 00:30+00'),
  ('30', NULL, 'opportunity_lost',  100,   '2025-10-01 00:30+00'),
  ('70', NULL, 'renewal_lost',      7000,  '2025-12-01 00:30+00'),
  ('30', NULL, 'renewal_lost',      10000, '2025-12-20 00:30+00');
CREATE TABLE wanted_account (LIKE hubspot_account);
INSERT INTO wanted_account VALUES
  ('10', 'Blank Inc', 'enterprise', NULL, 72000, 'Amélie Aubry', '2024-03-01', '2026-03-01'),
  ('20', 'Round',     'smb',        NULL, NULL,  'Bruno',        '2024-02-01', NULL),
  ('30', 'Basalt',    'mid',        NULL, 12000, NULL,           '2025-06-15', NULL),
  ('60', 'Forgotten', 'smb',        NULL, 6000,  NULL,           '2023-03-01', NULL),
  ('70', 'Leaving',   'smb',        NULL, 7000,  NULL,           '2025-02-01', NULL),
  ('80', 'Overdue',   'smb',        NULL, 8000,  NULL,           '2025-05-01', '2026-05-01');
CREATE VIEW planted_signal AS SELECT * FROM hubspot_signal WHERE length(account_id) = 2;
CREATE VIEW planted_account AS SELECT * FROM hubspot_account WHERE length(account_id) = 2;
DO $$
BEGIN
    PERFORM pg_temp.keeps_contract('hubspot');
    ASSERT pg_temp.difference('planted_signal', 'wanted_signal') IS NULL, pg_temp.difference('planted_signal', 'wanted_signal');
    ASSERT pg_temp.difference('planted_account', 'wanted_account') IS NULL, pg_temp.difference('planted_account', 'wanted_account');
    -- The merges of the seeds: fourteen deals into six, four contacts by the audit, three by the list of a contact,
    -- and the three planted.
    ASSERT (SELECT count(*) FILTER (WHERE kind = 'deal' AND id::bigint > 1000) = 14
                   AND count(DISTINCT survivor) FILTER (WHERE kind = 'deal' AND id::bigint > 1000) = 6
                   AND count(*) FILTER (WHERE kind = 'contact' AND id IN ('11111', '7777', '8888', '9999')) = 4
                   AND count(*) FILTER (WHERE kind = 'contact' AND survivor = '78971951') = 3
                   AND count(*) FILTER (WHERE kind = 'contact') = 4 + 3 + 3 FROM hubspot_survivor), 'merges of the seeds';
END $$;

-- The same with zones, from the columns that the newer connector has: those of meetings and calls are properties, what is
-- deleted is marked.
DROP VIEW planted_signal, planted_account;
SELECT pg_temp.give_zones('hubspot') \g /dev/null
ALTER TABLE hubspot.engagement_meeting RENAME start_time TO property_hs_meeting_start_time;
ALTER TABLE hubspot.engagement_meeting RENAME meeting_outcome TO property_hs_meeting_outcome;
ALTER TABLE hubspot.engagement ADD "timestamp" timestamptz, ADD active boolean, ADD _fivetran_deleted boolean;
ALTER TABLE hubspot.deal ADD property_hs_is_closed_won boolean, ADD property_hs_is_closed boolean;
UPDATE hubspot.deal SET property_hs_is_closed_won = deal_pipeline_stage_id IN ('closedwon', 's2'),
                        property_hs_is_closed = deal_pipeline_stage_id NOT IN ('s3') WHERE deal_id < 1000;
DROP VIEW IF EXISTS hubspot_optional_deal_pipeline_stage CASCADE;
DROP TABLE hubspot.deal_pipeline_stage;
INSERT INTO hubspot.engagement (id, type, active, _fivetran_deleted, "timestamp") VALUES
  (302, 'CALL', true, false, '2025-11-16 10:00Z'), (303, 'CALL', false, NULL, '2025-11-16 10:00Z'), (304, 'CALL', true, true, '2025-11-16 10:00Z');
INSERT INTO hubspot.engagement_company (engagement_id, company_id) VALUES (302, 30), (303, 30), (304, 30);
INSERT INTO wanted_signal VALUES ('30', NULL, 'call', NULL, '2025-11-16 10:00+00');
-- Calls without a time in engagement, one that is not there at all, and one that is deleted in the one or the other table.
ALTER TABLE hubspot.engagement_call RENAME "timestamp" TO property_hs_timestamp;
ALTER TABLE hubspot.engagement_call ADD property_hs_createdate timestamptz, ADD _fivetran_deleted boolean;
ALTER TABLE hubspot.engagement_meeting ADD property_hs_timestamp timestamptz, ADD _fivetran_deleted boolean;
INSERT INTO hubspot.engagement (id, type) VALUES (305, 'CALL'), (306, 'CALL'), (308, 'CALL'), (207, 'MEETING'), (208, 'MEETING');
INSERT INTO hubspot.engagement_call (engagement_id, property_hs_timestamp, property_hs_createdate, _fivetran_deleted) VALUES
  (303, '2025-11-17 10:00Z', NULL, false), (305, '2025-11-17 10:00Z', '2025-11-17 11:00Z', false), (306, NULL, '2025-11-18 11:00Z', NULL),
  (307, '2025-11-19 10:00Z', '2025-11-17 11:00Z', false), (308, '2025-11-20 10:00Z', NULL, true);
INSERT INTO hubspot.engagement_meeting (engagement_id, property_hs_timestamp, _fivetran_deleted) VALUES
  (207, '2025-11-21 10:00Z', false), (208, '2025-11-22 10:00Z', true);
INSERT INTO hubspot.engagement_company (engagement_id, company_id) SELECT id, 30 FROM unnest('{305,306,307,308,207,208}'::bigint[]) AS id;
INSERT INTO wanted_signal VALUES ('30', NULL, 'call', NULL, '2025-11-17 10:00+00'), ('30', NULL, 'call', NULL, '2025-11-18 11:00+00'),
  ('30', NULL, 'call', NULL, '2025-11-19 10:00+00'), ('30', NULL, 'meeting', NULL, '2025-11-21 10:00+00');
\i examples/sources/hubspot.sql
CREATE VIEW planted_signal AS SELECT * FROM hubspot_signal WHERE length(account_id) = 2;
CREATE VIEW planted_account AS SELECT * FROM hubspot_account WHERE length(account_id) = 2;
DO $$
BEGIN
    ASSERT pg_temp.difference('planted_signal', 'wanted_signal') IS NULL, pg_temp.difference('planted_signal', 'wanted_signal');
    ASSERT pg_temp.difference('planted_account', 'wanted_account') IS NULL, pg_temp.difference('planted_account', 'wanted_account');
END $$;

-- Blank Inc becomes Blank Global.
UPDATE hubspot.company SET property_name = 'Blank Global' WHERE id = 10 AND _fivetran_synced = '2025-12-31Z';
UPDATE wanted_account SET name = 'Blank Global' WHERE account_id = '10';
DO $$
BEGIN
    ASSERT pg_temp.difference('planted_signal', 'wanted_signal') IS NULL, pg_temp.difference('planted_signal', 'wanted_signal');
    ASSERT pg_temp.difference('planted_account', 'wanted_account') IS NULL, pg_temp.difference('planted_account', 'wanted_account');
END $$;

\set as_of 2026-01-01
\ir warehouse.psql
DO $$
BEGIN
    ASSERT (SELECT count(*) = 30 FROM scoreboard), 'each account has a score';
    ASSERT (SELECT main_risk = 'Renewal lost 12 days ago' AND next_step = 'Ask who decided, and what would change it'
            FROM scoreboard WHERE account_id = '30'), 'the risk of 30';
    ASSERT (SELECT abs(points + 30 * 2 ^ (-11 / 30.0)) < 1e-9 FROM health_drivers_by_account
            WHERE account_id = '30' AND signal = 'renewal_lost'), 'what it costs';
    ASSERT (SELECT array_agg(account_id || ' ' || band ORDER BY account_id) = '{10 green,20 green,30 yellow}' FROM scoreboard
            WHERE account_id IN ('10', '20', '30')), 'bands';
END $$;
