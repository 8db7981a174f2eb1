-- What a reverse-ETL tool reads for Salesforce, HubSpot and Intercom: one view each, with the rows that changed since that
-- system was last synchronized, by a point of the score, the band, a flag, at_risk, opportunity, the signal
-- of the main risk or the next step. The first time these are all accounts. A sentence alone is no change, "for 14 days" is
-- another text every day; so that none gets stale, a row is also handed over when that was last done a week ago.
--
--   psql -d yours -v ON_ERROR_STOP=1 -f examples/crm.sql      after views.sql; again after an edit
--
-- The tool reads the view, writes the rows by their key, and then says so:
--
--   SELECT * FROM crm_salesforce;                             key: the external id "Health_Account_Id__c"
--   SELECT mark_crm('salesforce', batch);                     the batch of any of those rows
--
-- A batch stands for all rows of the view. If the scoreboard was refreshed meanwhile, mark_crm marks nothing and says 0,
-- and the next synchronization hands over what is new then; a row that comes twice is harmless, one that is left out is
-- not. A tool that cannot pass a value calls mark_crm('salesforce'), which marks what the view shows now: keep it away
-- from the hour of the night.
--
-- An account that is gone comes once more, with is_deleted and without a score, so that no old one stays in the CRM.
-- batch and is_deleted are for the tool, all other columns are fields; make them as the comments at the views say. Where
-- account_id is the CRM's own id already, let the tool match on that in place of the external id.

BEGIN;
SET LOCAL client_min_messages = warning;

-- After how many days an account that did not change is handed over again, for its sentences; NULL: never.
CREATE OR REPLACE FUNCTION crm_repeat_days() RETURNS int LANGUAGE sql IMMUTABLE AS $$ SELECT 7 $$;

-- What each system has, but for the sentences.
CREATE TABLE IF NOT EXISTS crm_handed (
    system      text CHECK (system IN ('salesforce', 'hubspot', 'intercom')),
    account_id  text,
    score       int,
    band        text,
    flags       text,
    at_risk     boolean NOT NULL,
    opportunity boolean NOT NULL,
    risk_signal text,
    next_step   text,
    handed_on   date NOT NULL,  -- its as_of
    PRIMARY KEY (system, account_id)
);

-- A text field takes 255 characters. What is longer ends with the last whole word.
CREATE OR REPLACE FUNCTION crm_text(content text) RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE WHEN char_length(content) <= 255 THEN content
                ELSE regexp_replace(left(content, 254), '[[:space:][:punct:]]+[^[:space:]]*$', '') || '…' END
$$;

-- at_risk: red, or falling, with something to look at. Many a healthy account has a main risk, too.
CREATE OR REPLACE VIEW crm_current AS
SELECT account_id, score_shown AS score, band, trend,
       coalesce(main_risk IS NOT NULL AND (band = 'red' OR trend = 'down'), false) AS at_risk,
       main_opportunity IS NOT NULL AS opportunity,
       crm_text(reason) AS reason, crm_text(main_risk) AS main_risk, crm_text(next_step) AS next_step,
       crm_text(main_opportunity) AS main_opportunity, crm_text(flags) AS flags, as_of,
       main_risk_signal AS risk_signal
FROM scoreboard;

CREATE OR REPLACE VIEW crm_changes AS
WITH changes AS (
    SELECT s.system, c.*, false AS is_deleted
    FROM (VALUES ('salesforce'), ('hubspot'), ('intercom')) AS s (system)
    CROSS JOIN crm_current AS c
    LEFT JOIN crm_handed AS h ON h.system = s.system AND h.account_id = c.account_id
    WHERE h.account_id IS NULL
          OR (h.score, h.band, h.flags, h.at_risk, h.opportunity, h.risk_signal, h.next_step)
             IS DISTINCT FROM (c.score, c.band, c.flags, c.at_risk, c.opportunity, c.risk_signal, c.next_step)
          OR c.as_of - h.handed_on >= crm_repeat_days()
    UNION ALL
    SELECT system, account_id, NULL, NULL, NULL, false, false, NULL, NULL, NULL, NULL, NULL,
           (SELECT max(as_of) FROM crm_current), NULL, true
    FROM crm_handed AS h
    WHERE NOT EXISTS (SELECT FROM crm_current AS c WHERE c.account_id = h.account_id)
)
SELECT c.*, batch
FROM changes AS c
JOIN (SELECT system, md5(string_agg(md5(row_to_json(r)::text), '' ORDER BY account_id)) AS batch
      FROM changes AS r GROUP BY system) AS b USING (system);

-- ---------------------------------------------------------------- the three systems

-- Fields of Account: Health_Account_Id__c Text(255), external id, unique; Health_Score__c Number(3, 0); at_risk and
-- opportunity Checkbox; Health_As_Of__c Date; all others Text(255).
CREATE OR REPLACE VIEW crm_salesforce AS
SELECT account_id AS "Health_Account_Id__c", score AS "Health_Score__c", band AS "Health_Band__c",
       trend AS "Health_Trend__c", at_risk AS "Health_At_Risk__c", opportunity AS "Health_Opportunity__c",
       reason AS "Health_Reason__c", main_risk AS "Health_Main_Risk__c", next_step AS "Health_Next_Step__c",
       main_opportunity AS "Health_Main_Opportunity__c", flags AS "Health_Flags__c", as_of AS "Health_As_Of__c",
       is_deleted, batch
FROM crm_changes WHERE system = 'salesforce';

-- Properties of Company: health_account_id a text that has unique values; health_score a number; at_risk and opportunity
-- single checkboxes; health_as_of a date; all others single-line texts.
CREATE OR REPLACE VIEW crm_hubspot AS
SELECT account_id AS health_account_id, score AS health_score, band AS health_band, trend AS health_trend,
       at_risk AS health_at_risk, opportunity AS health_opportunity, reason AS health_reason,
       main_risk AS health_main_risk, next_step AS health_next_step, main_opportunity AS health_main_opportunity,
       flags AS health_flags, as_of AS health_as_of, is_deleted, batch
FROM crm_changes WHERE system = 'hubspot';

-- Custom attributes of Company, whose key is company_id: health_score a number; at_risk and opportunity booleans;
-- health_scored_at a date, in seconds since 1970 as Intercom has dates; all others texts.
CREATE OR REPLACE VIEW crm_intercom AS
SELECT account_id AS company_id, score AS health_score, band AS health_band, trend AS health_trend,
       at_risk AS health_at_risk, opportunity AS health_opportunity, reason AS health_reason,
       main_risk AS health_main_risk, next_step AS health_next_step, main_opportunity AS health_main_opportunity,
       flags AS health_flags, extract(epoch FROM health_day_start(as_of))::float8 AS health_scored_at, is_deleted, batch
FROM crm_changes WHERE system = 'intercom';

-- After a synchronization. Says how many accounts it marked: 0 if the batch is not what the view shows now.
CREATE OR REPLACE FUNCTION mark_crm(of_system text, of_batch text DEFAULT NULL) RETURNS bigint LANGUAGE sql AS $$
    WITH done AS MATERIALIZED (
        SELECT * FROM crm_changes WHERE system = of_system AND (of_batch IS NULL OR batch = of_batch)
    ), forgotten AS (
        DELETE FROM crm_handed AS h USING done AS d
        WHERE d.is_deleted AND h.system = d.system AND h.account_id = d.account_id
    ), handed AS (
        INSERT INTO crm_handed
        SELECT system, account_id, score, band, flags, at_risk, opportunity, risk_signal, next_step, as_of
        FROM done WHERE NOT is_deleted
        ON CONFLICT (system, account_id) DO UPDATE
        SET score = excluded.score, band = excluded.band, flags = excluded.flags, at_risk = excluded.at_risk,
            opportunity = excluded.opportunity, risk_signal = excluded.risk_signal, next_step = excluded.next_step,
            handed_on = excluded.handed_on
    )
    SELECT count(*) FROM done
$$;

COMMIT;
