-- Runs after examples/crm.sql: who is handed over, when, and in which form.
SET plpgsql.check_asserts = on;

-- A tool that writes all rows of a view into a CRM of its own, and marks them.
CREATE TABLE crm (system text, account_id text, row jsonb, PRIMARY KEY (system, account_id));

CREATE FUNCTION synchronize(system text) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
  key text := CASE system WHEN 'salesforce' THEN 'Health_Account_Id__c' WHEN 'hubspot' THEN 'health_account_id'
                          ELSE 'company_id' END;
  rows bigint;
BEGIN
  EXECUTE format('CREATE TEMPORARY TABLE read ON COMMIT DROP AS SELECT to_jsonb(v) AS row FROM crm_%s AS v', system);
  INSERT INTO crm SELECT system, row ->> key, row - 'batch' FROM read
  ON CONFLICT ON CONSTRAINT crm_pkey DO UPDATE SET row = excluded.row;
  rows := (SELECT count(*) FROM read);
  ASSERT mark_crm(system, (SELECT min(row ->> 'batch') FROM read)) = rows, 'marked is what was read';
  DROP TABLE read;
  RETURN rows;
END $$;

-- The first time everybody, then nobody, in each system for itself.
DO $$ BEGIN
  ASSERT synchronize('salesforce') = 300 AND synchronize('salesforce') = 0, 'Salesforce: all, then none';
  ASSERT (SELECT count(*) FROM crm_hubspot) = 300, 'HubSpot knows nothing of it';
  ASSERT synchronize('hubspot') = 300 AND synchronize('hubspot') = 0, 'HubSpot';
  ASSERT synchronize('intercom') = 300 AND synchronize('intercom') = 0, 'Intercom';
END $$;

-- What arrived is the scoreboard, under the names and with the types of each system.
DO $$ BEGIN
  ASSERT (SELECT row - 'is_deleted' FROM crm WHERE system = 'salesforce' AND account_id = 'A005')
         = (SELECT jsonb_build_object(
                'Health_Account_Id__c', 'A005', 'Health_Score__c', floor(score), 'Health_Band__c', band,
                'Health_Trend__c', trend, 'Health_At_Risk__c', true, 'Health_Opportunity__c', false,
                'Health_Reason__c', reason, 'Health_Main_Risk__c', main_risk, 'Health_Next_Step__c', next_step,
                'Health_Main_Opportunity__c', main_opportunity, 'Health_Flags__c', flags,
                'Health_As_Of__c', '2026-01-01') FROM scoreboard WHERE account_id = 'A005'), 'Salesforce has A005';
  ASSERT (SELECT row @> '{"company_id": "A001", "health_score": 100, "health_band": "green", "health_at_risk": false,
                          "health_scored_at": 1767225600, "is_deleted": false}'
          FROM crm WHERE system = 'intercom' AND account_id = 'A001'), 'Intercom has A001, with seconds for the date';
  ASSERT (SELECT row @> '{"health_account_id": "A010", "health_score": 0, "health_band": "red", "health_at_risk": true,
                          "health_opportunity": false, "health_flags": "no_activity", "health_as_of": "2026-01-01"}'
          FROM crm WHERE system = 'hubspot' AND account_id = 'A010'), 'HubSpot has A010';
  ASSERT (SELECT count(*) FROM crm WHERE system = 'hubspot' AND (row -> 'health_at_risk')::boolean)
         = (SELECT count(*) FROM scoreboard WHERE main_risk IS NOT NULL AND (band = 'red' OR trend = 'down')), 'at risk';
  ASSERT (SELECT count(*) FROM crm WHERE system = 'hubspot' AND (row -> 'health_opportunity')::boolean)
         = (SELECT count(main_opportunity) FROM scoreboard), 'opportunities';
END $$;

DO $$
DECLARE
  wrong text;
BEGIN
  -- Salesforce: letters, digits and single underscores, at most 40 characters before __c. HubSpot and Intercom: lower case.
  SELECT string_agg(format('%s.%s', attrelid::regclass, attname), ', ') INTO wrong
  FROM pg_attribute
  WHERE attrelid IN ('crm_salesforce'::regclass, 'crm_hubspot'::regclass, 'crm_intercom'::regclass)
        AND attname NOT IN ('is_deleted', 'batch')
        AND NOT CASE attrelid WHEN 'crm_salesforce'::regclass
                              THEN attname ~ '^[A-Z][A-Za-z0-9]*(_[A-Za-z0-9]+)*__c$' AND length(attname) <= 43
                     ELSE attname ~ '^[a-z][a-z0-9_]*$' END;
  ASSERT wrong IS NULL, wrong || ' is no name there';
  -- Numbers that are numbers in every driver, and booleans.
  ASSERT (SELECT array_agg(DISTINCT format_type(atttypid, atttypmod) ORDER BY format_type(atttypid, atttypmod))
          FROM pg_attribute
          WHERE attrelid IN ('crm_salesforce'::regclass, 'crm_hubspot'::regclass, 'crm_intercom'::regclass))
         = '{boolean,date,"double precision",integer,text}', 'types';
  ASSERT (SELECT count(*) FROM crm CROSS JOIN LATERAL jsonb_each_text(row) WHERE char_length(value) > 255) = 0, 'lengths';
  ASSERT crm_text(repeat('x', 255)) = repeat('x', 255) AND crm_text(repeat('été ', 100)) = rtrim(repeat('été ', 63)) || '…'
         AND char_length(crm_text(repeat('x', 256))) = 255, 'a text is cut at a word where there is one';
END $$;

-- Only who changed by a point, a band, a flag, a risk or a step. The scoreboard is another one, which holds what the test puts there.
BEGIN;
CREATE TABLE board AS SELECT * FROM scoreboard;
SELECT format('CREATE OR REPLACE VIEW crm_current AS %s',
              replace(pg_get_viewdef('crm_current'), 'FROM scoreboard', 'FROM board AS scoreboard')) \gexec

DO $$ BEGIN
  UPDATE board SET as_of = as_of + 1, reason = 'another sentence', score = floor(score) + 0.999,
                   main_risk = main_risk || ' and a day';
  ASSERT (SELECT count(*) FROM crm_changes) = 0, 'a sentence, a date or less than a point is no change';
  UPDATE board SET score_shown = score_shown - 1 WHERE account_id = 'A001';
  UPDATE board SET band = 'blue' WHERE account_id = 'A002';
  UPDATE board SET flags = 'stale_data' WHERE account_id = 'A003';
  UPDATE board SET main_opportunity = CASE WHEN main_opportunity IS NULL THEN 'good news' END WHERE account_id = 'A004';
  UPDATE board SET trend = 'down', main_risk = 'bad news' WHERE account_id = 'A007';
  UPDATE board SET score_shown = NULL, band = NULL, trend = NULL, main_risk = 'no news', flags = 'not_started' WHERE account_id = 'A006';
  DELETE FROM board WHERE account_id = 'A008';
  INSERT INTO board SELECT 'A999', name, segment, csm, arr, as_of, score, score_shown, band FROM board WHERE account_id = 'A001';
  ASSERT (SELECT array_agg("Health_Account_Id__c" ORDER BY "Health_Account_Id__c") FROM crm_salesforce)
         = '{A001,A002,A003,A004,A006,A007,A008,A999}', 'those who changed, one who is gone, a new one';
  ASSERT (SELECT "Health_Reason__c" = 'another sentence' AND "Health_As_Of__c" = '2026-01-02' AND NOT is_deleted
          FROM crm_salesforce WHERE "Health_Account_Id__c" = 'A001'), 'with the sentence of today';
  ASSERT (SELECT is_deleted AND "Health_Score__c" IS NULL AND "Health_Band__c" IS NULL AND "Health_Reason__c" IS NULL
                 AND NOT "Health_At_Risk__c" AND NOT "Health_Opportunity__c"
          FROM crm_salesforce WHERE "Health_Account_Id__c" = 'A008'), 'nothing is left of an account that is gone';
  ASSERT (SELECT NOT health_at_risk AND health_score IS NULL FROM crm_hubspot WHERE health_account_id = 'A006'),
    'a checkbox is never empty';
  ASSERT synchronize('salesforce') = 8 AND synchronize('salesforce') = 0, 'once';
  ASSERT (SELECT count(*) FROM crm_hubspot) = 8, 'the others are still to be told';
  -- Back to what HubSpot has: no change for HubSpot, one for Salesforce.
  UPDATE board SET score_shown = score_shown + 1 WHERE account_id = 'A001';
  ASSERT (SELECT count(*) FILTER (WHERE system = 'salesforce') = 1 AND count(*) FILTER (WHERE system = 'hubspot') = 7
          FROM crm_changes), 'each by what it has';
  -- Who comes back is handed over.
  INSERT INTO board SELECT * FROM scoreboard WHERE account_id = 'A008';
  ASSERT (SELECT NOT is_deleted AND "Health_Score__c" IS NOT NULL FROM crm_salesforce WHERE "Health_Account_Id__c" = 'A008'),
    'an account that is back';
  ASSERT synchronize('salesforce') = 2 AND synchronize('hubspot') = 6 AND synchronize('hubspot') = 0, 'all is told';
END $$;

-- At score 0 nothing can move the score, and yet the cancel page was visited; nor is another step for the same risk lost.
DO $$ BEGIN
  UPDATE board SET main_risk = 'Cancel page visited today', main_risk_signal = 'cancel_page_visited' WHERE account_id = 'A010';
  UPDATE board SET next_step = 'Write instead of calling' WHERE account_id = 'A005';
  ASSERT (SELECT array_agg(health_account_id ORDER BY health_account_id) FROM crm_hubspot) = '{A005,A010}', 'risk and step';
  ASSERT (SELECT health_main_risk = 'Cancel page visited today' AND health_score = 0 FROM crm_hubspot
          WHERE health_account_id = 'A010'), 'the new risk of an account at 0';
  UPDATE board SET main_risk_signal = NULL, next_step = NULL WHERE account_id = 'A010';
  ASSERT (SELECT count(*) FROM crm_hubspot) = 2, 'none where there was one';
  ASSERT synchronize('salesforce') = 2 AND synchronize('hubspot') = 2 AND synchronize('intercom') > 2, 'told everywhere';
  ASSERT (SELECT count(*) FROM crm_changes) = 0, 'once';
END $$;

-- A week later all sentences are told again, but each account only when its own week is over.
DO $$
DECLARE
  today date := (SELECT max(as_of) FROM board);
BEGIN
  UPDATE board SET as_of = today + 5;
  UPDATE board SET score_shown = 50 WHERE account_id = 'A011';
  ASSERT synchronize('salesforce') = 1, 'one who changed';
  UPDATE board SET as_of = today + 6, reason = 'a sentence of today';
  ASSERT (SELECT count(*) FROM crm_salesforce WHERE "Health_Account_Id__c" IN ('A005', 'A010', 'A011')) = 0, 'six days';
  UPDATE board SET as_of = today + 7;
  ASSERT (SELECT count(*) FROM crm_salesforce) = (SELECT count(*) - 1 FROM board), 'all but him';
  ASSERT (SELECT "Health_Reason__c" = 'a sentence of today' AND "Health_As_Of__c" = today + 7
          FROM crm_salesforce WHERE "Health_Account_Id__c" = 'A005'), 'with the sentence of today';
  ASSERT synchronize('salesforce') > 1 AND synchronize('salesforce') = 0, 'once a week';
  UPDATE board SET as_of = today + 12;
  ASSERT (SELECT array_agg("Health_Account_Id__c") FROM crm_salesforce) = '{A011}', 'then he';
  CREATE OR REPLACE FUNCTION crm_repeat_days() RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT NULL::int';
  UPDATE board SET as_of = today + 100;
  ASSERT (SELECT count(*) FROM crm_salesforce) = 0, 'or never';
  CREATE OR REPLACE FUNCTION crm_repeat_days() RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT 7';
  UPDATE board SET as_of = today;
END $$;

-- The scoreboard is refreshed between the reading and the mark: nothing is marked, nothing is lost.
DO $$
DECLARE
  read_batch text;
BEGIN
  UPDATE board SET score_shown = 1 WHERE account_id = 'A011';
  read_batch := (SELECT batch FROM crm_salesforce);
  UPDATE board SET score_shown = 2 WHERE account_id = 'A012';
  ASSERT mark_crm('salesforce', read_batch) = 0, 'another batch';
  ASSERT (SELECT count(*) = 2 AND count(DISTINCT batch) = 1 FROM crm_salesforce), 'both are told the next time';
  ASSERT mark_crm('salesforce', (SELECT min(batch) FROM crm_salesforce)) = 2, 'one batch for all rows';
  ASSERT mark_crm('salesforce', 'none') = 0 AND mark_crm('salesforce', NULL) = 0, 'nothing to mark';
  UPDATE board SET score_shown = 3 WHERE account_id = 'A012';
  ASSERT mark_crm('salesforce') = 1, 'without a batch: what is there now';
  ASSERT (SELECT count(*) FROM crm_salesforce) = 0, 'all is marked';
END $$;
ROLLBACK;

DROP FUNCTION synchronize;
DROP TABLE crm;
