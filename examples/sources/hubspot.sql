-- HubSpot as Fivetran lands it: meetings, calls, tickets, deals won and lost, companies with ARR and renewal.
--
--   psql -d yours -v ON_ERROR_STOP=1 -f examples/sources/hubspot.sql
--
-- or paste it: plain SQL that makes views in your own schema and changes nothing in the loader's, schema hubspot. If
-- yours has another name, replace "hubspot." with the dot. Run it again after a new table or column has come.
-- Then warehouse.sql, also where you have no other system: a customer with anything on record in a year begins with 100
-- points and loses them. Do not put this beside models.sql alone, whose score is usage of a product, which no CRM knows.
--
-- hubspot_signal has
--
--   meeting             a meeting at its start, unless the outcome says that it was put off or called off
--   meeting_no_show     a meeting to which nobody of theirs came
--   call                a call
--   support_ticket      a ticket, when it was opened
--   contract_extended   a deal with a customer (existing business, a renewal) was won; the amount
--   renewal_lost        a renewal was lost
--   opportunity_lost    any other deal was lost
--
-- warehouse.sql (6) has the lines of model for those that the ready model does not have.
--
-- Assumed: companies are your customers (others are left out at the end), an amount is that of a year, a term lasts
-- a year.
-- The user_id is a contact. Who met you is no seat in use.
-- Tables: company; optional are all that stand in the list below (no Service Hub, no tickets). Properties (property_*)
-- are those that a portal has, so most may be missing.
-- Times may be with or without zone (then in UTC): to_timestamp(extract(epoch FROM t)) takes both.
-- A deal or ticket of several companies belongs to the primary one (association type 5, of tickets 26). Where none
-- is primary, it is one of each of them, once for each, and so is a meeting: they all were there. Merged companies,
-- deals and contacts are followed through any number of merges.
-- Views on views look dear to the planner, which then compiles them for longer than they run: SET jit = off where
-- you read them.

-- ---------------------------------------------------------------- optional tables

-- What a portal does not have stands here empty, so that neither a portal nor a version of the connector stops the
-- file: tables, their columns, and whether they are texts, times or yes and no. Columns that are not there are NULL.
DO $$
DECLARE
    entry text[];
    place text;
BEGIN
    FOREACH entry SLICE 1 IN ARRAY ARRAY[
        ['owner', 'owner_id text, first_name text, last_name text'],
        ['deal', 'deal_id text, deal_pipeline_stage_id text, property_dealname text, property_dealtype text,
                  property_amount text, property_closedate time, property_hs_is_closed_won bool,
                  property_hs_is_closed bool, is_deleted bool, _fivetran_synced time'],
        ['deal_company', 'deal_id text, company_id text, type_id text, category text'],
        ['deal_pipeline_stage', 'stage_id text, closed_won text, probability text'],
        ['merged_deal', 'deal_id text, merged_deal_id text'],
        ['contact', 'id text, property_hs_merged_object_ids text, property_hs_calculated_merged_vids text'],
        ['contact_merge_audit', 'canonical_vid text, vid_to_merge text'],
        ['engagement', 'id text, type text, timestamp time, active bool, _fivetran_deleted bool, _fivetran_synced time'],
        ['engagement_company', 'engagement_id text, company_id text'],
        ['engagement_contact', 'engagement_id text, contact_id text'],
        ['engagement_meeting', 'engagement_id text, meeting_outcome text, property_hs_meeting_outcome text,
                  start_time time, property_hs_meeting_start_time time, timestamp time, property_hs_timestamp time,
                  property_hs_createdate time, _fivetran_deleted bool, _fivetran_synced time'],
        ['engagement_call', 'engagement_id text, timestamp time, property_hs_timestamp time, property_hs_createdate time,
                  _fivetran_deleted bool, _fivetran_synced time'],
        ['ticket', 'id text, property_createdate time, is_deleted bool, property_hs_merged_object_ids text,
                  _fivetran_synced time'],
        ['ticket_company', 'ticket_id text, company_id text, type_id text, category text'],
        ['ticket_contact', 'ticket_id text, contact_id text']]
    LOOP
        place := CASE WHEN to_regclass('hubspot.' || entry[1]) IS NULL THEN '(SELECT WHERE false) AS nothing'
                      ELSE 'hubspot.' || entry[1] END;
        EXECUTE (
            SELECT format('CREATE OR REPLACE VIEW %I AS SELECT %s FROM (SELECT %s) AS absent
                           CROSS JOIN LATERAL (SELECT %s FROM %s) AS t',
                          'hubspot_optional_' || entry[1],
                          string_agg(format(CASE c[2] WHEN 'time' THEN 'to_timestamp(extract(epoch FROM t.%I)) AS %1$I'
                                                      WHEN 'bool' THEN 'nullif(t.%I::text, '''')::boolean AS %1$I'
                                                      ELSE 't.%I::text AS %1$I' END, c[1]), ', '),
                          string_agg(format(CASE c[2] WHEN 'time' THEN 'NULL::timestamp AS %I'
                                                      ELSE 'NULL::text AS %I' END, c[1]), ', '),
                          string_agg(format('%I', c[1]), ', '), place)
            FROM regexp_matches(entry[2], '(\w+) (\w+)', 'g') AS c);
    END LOOP;
END $$;

-- ---------------------------------------------------------------- each record once

-- First stand the columns that the table may lack: inside the second SELECT a name means the column of the table if
-- there is one.
CREATE OR REPLACE VIEW hubspot_company AS
SELECT DISTINCT ON (c.id)
       c.id::text AS id,
       c.id::text AS account_id,  -- CHANGE HERE: your own id, such as coalesce(c.property_account_id, c.id::text), and below
       c.property_name::text AS name, c.property_lifecyclestage::text AS stage, coalesce(c.is_deleted, false) AS is_deleted,
       nullif(c.property_numberofemployees::text, '')::numeric AS employees, c.property_hubspot_owner_id::text AS owner_id,
       to_timestamp(extract(epoch FROM c.property_createdate)) AS created_at, c.property_hs_merged_object_ids::text AS merged_ids
FROM (SELECT NULL::text AS property_lifecyclestage, NULL::text AS property_numberofemployees,
             NULL::text AS property_hubspot_owner_id, NULL::timestamp AS property_createdate,
             NULL::text AS property_hs_merged_object_ids) AS absent
CROSS JOIN LATERAL (SELECT id, is_deleted, property_name, property_lifecyclestage, property_numberofemployees,
                           property_hubspot_owner_id, property_createdate, property_hs_merged_object_ids, _fivetran_synced
                    FROM hubspot.company) AS c
ORDER BY c.id, c._fivetran_synced DESC;

-- All deals, also merged and deleted ones. Type, stage and name are worded by each company: see that yours are in.
CREATE OR REPLACE VIEW hubspot_deal AS
SELECT d.id, d.amount, d.closed_at, d.is_deleted,
       coalesce(d.is_won, s.closed_won::boolean, d.stage_id = 'closedwon', false) AS is_won,
       coalesce(d.is_closed, s.closed_won::boolean OR s.probability::numeric = 0, d.stage_id IN ('closedwon', 'closedlost'), false)
           AS is_closed,
       CASE WHEN d.type ~* 'renew' OR d.name ~* 'renew' THEN 'renewal'
            WHEN d.type ~* 'existing|upgrade|upsell|expan|cross' THEN 'expansion'
            ELSE 'new' END AS kind
FROM (
    SELECT DISTINCT ON (deal_id)
           deal_id AS id, deal_pipeline_stage_id AS stage_id, property_dealname AS name, property_dealtype AS type,
           nullif(property_amount, '')::numeric AS amount, property_closedate AS closed_at,
           coalesce(is_deleted, false) AS is_deleted, property_hs_is_closed_won AS is_won,
           property_hs_is_closed AS is_closed
    FROM hubspot_optional_deal
    ORDER BY deal_id, _fivetran_synced DESC NULLS LAST
) AS d
LEFT JOIN (SELECT DISTINCT ON (stage_id) stage_id, closed_won, probability FROM hubspot_optional_deal_pipeline_stage
           ORDER BY stage_id) AS s ON s.stage_id = d.stage_id;

CREATE OR REPLACE VIEW hubspot_ticket AS
SELECT DISTINCT ON (id) id, property_createdate AS created_at, coalesce(is_deleted, false) AS is_deleted,
       property_hs_merged_object_ids AS merged_ids
FROM hubspot_optional_ticket
ORDER BY id, _fivetran_synced DESC NULLS LAST;

-- ---------------------------------------------------------------- merges

-- Where a merged record ended: the end of the chain, and in a circle (which can only be an error) always the same
-- one.
-- Whoever reads this does so MATERIALIZED, so that it is computed once and not for each row.
CREATE OR REPLACE VIEW hubspot_survivor AS
WITH RECURSIVE told (kind, id, target) AS (
    SELECT 'company', m[1], c.id FROM hubspot_company AS c CROSS JOIN LATERAL regexp_matches(c.merged_ids, '\d+', 'g') AS m
    UNION
    SELECT 'ticket', m[1], t.id FROM hubspot_ticket AS t CROSS JOIN LATERAL regexp_matches(t.merged_ids, '\d+', 'g') AS m
    UNION
    SELECT 'deal', merged_deal_id, deal_id FROM hubspot_optional_merged_deal
    UNION
    SELECT 'contact', vid_to_merge, canonical_vid FROM hubspot_optional_contact_merge_audit
    UNION
    SELECT 'contact', m[1], c.id
    FROM hubspot_optional_contact AS c CROSS JOIN LATERAL regexp_matches(c.property_hs_merged_object_ids, '\d+', 'g') AS m
    UNION  -- id:time;id:time
    SELECT 'contact', m[1], c.id
    FROM hubspot_optional_contact AS c
    CROSS JOIN LATERAL regexp_matches(c.property_hs_calculated_merged_vids, '(\d+):', 'g') AS m
), edge (kind, id, target) AS (
    SELECT e.kind, e.id, e.target  -- through arrays, so that the planner expects few rows
    FROM (SELECT array_agg(kind) AS kinds, array_agg(id) AS ids, array_agg(target) AS targets FROM told) AS a
    CROSS JOIN LATERAL unnest(a.kinds, a.ids, a.targets) AS e (kind, id, target)
), merged (kind, id, target) AS (
    SELECT kind, id, target FROM edge
    UNION  -- without ALL, so that a circle ends
    SELECT m.kind, m.id, e.target FROM merged AS m JOIN edge AS e ON e.kind = m.kind AND e.id = m.target
)
SELECT m.kind, m.id, (array_agg(m.target ORDER BY e.id IS NOT NULL, m.target))[1] AS survivor
FROM merged AS m
LEFT JOIN (SELECT DISTINCT kind, id FROM edge) AS e ON e.kind = m.kind AND e.id = m.target
LEFT JOIN merged AS circle ON circle.kind = m.kind AND circle.id = m.target AND circle.target = circle.id
WHERE e.id IS NULL OR circle.id IS NOT NULL
GROUP BY m.kind, m.id;

CREATE OR REPLACE VIEW hubspot_key AS
WITH survivor AS MATERIALIZED (SELECT id, survivor FROM hubspot_survivor WHERE kind = 'company')
SELECT i.id, coalesce(s.survivor, i.id) AS kept_id, coalesce(c.account_id, s.survivor, i.id) AS account_id,
       coalesce(c.is_deleted, false) AS is_deleted
FROM (SELECT id FROM hubspot_company UNION SELECT id FROM survivor) AS i
LEFT JOIN survivor AS s ON s.id = i.id
LEFT JOIN hubspot_company AS c ON c.id = coalesce(s.survivor, i.id);

-- ---------------------------------------------------------------- whose it is

-- The accounts of a deal, ticket or engagement, each once: the primary one, else all; what a merged record had
-- counts only where the one that stayed has nothing. A merged record is not in here, so nothing below counts it.
CREATE OR REPLACE VIEW hubspot_belonging AS
WITH survivor AS MATERIALIZED (SELECT * FROM hubspot_survivor), key AS MATERIALIZED (SELECT * FROM hubspot_key), link AS (
    SELECT 'deal' AS kind, deal_id AS id, company_id, type_id = '5' AND category IS DISTINCT FROM 'USER_DEFINED' AS is_primary
    FROM hubspot_optional_deal_company
    UNION ALL
    SELECT 'ticket', ticket_id, company_id, type_id = '26' AND category IS DISTINCT FROM 'USER_DEFINED'
    FROM hubspot_optional_ticket_company
    UNION ALL
    SELECT 'engagement', engagement_id, company_id, false FROM hubspot_optional_engagement_company
), ranked AS (
    SELECT l.kind, coalesce(s.survivor, l.id) AS id, coalesce(k.account_id, l.company_id) AS account_id,
           rank() OVER (PARTITION BY l.kind, coalesce(s.survivor, l.id)
                        ORDER BY coalesce(s.survivor, l.id) <> l.id, l.is_primary IS NOT TRUE) AS place
    FROM link AS l
    LEFT JOIN survivor AS s ON s.kind = l.kind AND s.id = l.id
    LEFT JOIN key AS k ON k.id = l.company_id
    WHERE k.is_deleted IS NOT TRUE
)
SELECT DISTINCT kind, id, account_id FROM ranked WHERE place = 1;

-- Their contact, if it was one.
CREATE OR REPLACE VIEW hubspot_who AS
WITH survivor AS MATERIALIZED (SELECT id, survivor FROM hubspot_survivor WHERE kind = 'contact')
SELECT w.kind, w.id, min(coalesce(s.survivor, w.contact_id)) AS user_id
FROM (
    SELECT 'engagement' AS kind, engagement_id AS id, contact_id FROM hubspot_optional_engagement_contact
    UNION
    SELECT 'ticket', ticket_id, contact_id FROM hubspot_optional_ticket_contact
) AS w
LEFT JOIN survivor AS s ON s.id = w.contact_id
GROUP BY w.kind, w.id
HAVING count(DISTINCT coalesce(s.survivor, w.contact_id)) = 1;

-- ---------------------------------------------------------------- what is read

CREATE OR REPLACE VIEW hubspot_signal AS
WITH belonging AS MATERIALIZED (SELECT * FROM hubspot_belonging), who AS MATERIALIZED (SELECT * FROM hubspot_who),
engagement AS (
    SELECT DISTINCT ON (id) id, upper(type) AS type, "timestamp" AS happened_at,
           active IS FALSE OR _fivetran_deleted AS is_deleted
    FROM hubspot_optional_engagement
    ORDER BY id, _fivetran_synced DESC NULLS LAST
), meeting AS (
    SELECT DISTINCT ON (engagement_id)
           engagement_id AS id, upper(coalesce(meeting_outcome, property_hs_meeting_outcome, '')) AS outcome,
           coalesce(start_time, property_hs_meeting_start_time, "timestamp", property_hs_timestamp) AS started_at,
           property_hs_createdate AS created_at, _fivetran_deleted AS is_deleted
    FROM hubspot_optional_engagement_meeting
    ORDER BY engagement_id, _fivetran_synced DESC NULLS LAST
), called AS (
    SELECT DISTINCT ON (engagement_id)
           engagement_id AS id, 'CALL' AS type, coalesce("timestamp", property_hs_timestamp) AS called_at,
           property_hs_createdate AS created_at, _fivetran_deleted AS is_deleted
    FROM hubspot_optional_engagement_call
    ORDER BY engagement_id, _fivetran_synced DESC NULLS LAST
), happened (kind, id, signal, value, occurred_at) AS (
    SELECT 'engagement', id, CASE m.outcome WHEN 'NO_SHOW' THEN 'meeting_no_show' ELSE 'meeting' END, NULL::float8,
           coalesce(m.started_at, e.happened_at, m.created_at)
    FROM meeting AS m
    LEFT JOIN engagement AS e USING (id)
    WHERE e.is_deleted IS NOT TRUE AND m.is_deleted IS NOT TRUE
      AND m.outcome NOT IN ('CANCELED', 'CANCELLED', 'RESCHEDULED')
    UNION ALL
    SELECT 'engagement', id, 'call', NULL, coalesce(c.called_at, e.happened_at, c.created_at)
    FROM engagement AS e
    FULL JOIN called AS c USING (id)
    WHERE coalesce(c.type, e.type) = 'CALL' AND e.is_deleted IS NOT TRUE AND c.is_deleted IS NOT TRUE
    UNION ALL
    SELECT 'ticket', id, 'support_ticket', NULL, created_at FROM hubspot_ticket WHERE NOT is_deleted
    UNION ALL
    SELECT 'deal', id,
           CASE WHEN is_won THEN 'contract_extended' WHEN kind = 'renewal' THEN 'renewal_lost' ELSE 'opportunity_lost' END,
           amount::float8, closed_at
    FROM hubspot_deal
    WHERE is_closed AND NOT is_deleted AND NOT (is_won AND kind = 'new')
)
SELECT b.account_id, w.user_id, h.signal, h.value, h.occurred_at
FROM happened AS h
JOIN belonging AS b USING (kind, id)
LEFT JOIN who AS w USING (kind, id)
WHERE h.occurred_at IS NOT NULL;

CREATE OR REPLACE VIEW hubspot_account AS
WITH key AS MATERIALIZED (SELECT * FROM hubspot_key),
belonging AS MATERIALIZED (SELECT * FROM hubspot_belonging WHERE kind = 'deal'),
deal AS MATERIALIZED (
    SELECT b.account_id, d.kind, d.amount, d.is_closed, d.is_won, (d.closed_at AT TIME ZONE 'UTC')::date AS day
    FROM hubspot_deal AS d
    JOIN belonging AS b ON b.id = d.id
    WHERE d.closed_at IS NOT NULL AND NOT d.is_deleted
), term AS (
    -- The contract that holds: the last one won that is no addition. Additions count from its day on.
    SELECT DISTINCT ON (account_id) account_id, amount, day
    FROM deal
    WHERE is_won AND kind <> 'expansion'
    ORDER BY account_id, day DESC, amount DESC NULLS LAST
), synced AS (
    SELECT (max(at) AT TIME ZONE 'UTC')::date AS day
    FROM (SELECT max(_fivetran_synced) AS at FROM hubspot_optional_deal UNION ALL
          SELECT to_timestamp(extract(epoch FROM max(_fivetran_synced))) FROM hubspot.company) AS s
), sums AS (
    SELECT d.account_id, min(d.day) FILTER (WHERE d.is_won) AS first_day,
           sum(d.amount) FILTER (WHERE d.is_won AND d.kind = 'expansion' AND (t.day IS NULL OR d.day >= t.day)) AS added,
           min(d.day) FILTER (WHERE NOT d.is_closed AND d.kind = 'renewal' AND (t.day IS NULL OR d.day > t.day)
                                    AND (d.day < y.day) IS NOT TRUE) AS renewal,
           bool_or(d.is_closed AND NOT d.is_won AND d.kind = 'renewal' AND d.day > t.day) AS is_lost
    FROM deal AS d
    CROSS JOIN synced AS y
    LEFT JOIN term AS t USING (account_id)
    GROUP BY d.account_id
)
SELECT DISTINCT ON (c.account_id)
       c.account_id, c.name,
       -- CHANGE HERE: the segment is the population in which an account is compared, and names its model
       CASE WHEN c.employees >= 1000 THEN 'enterprise' WHEN c.employees >= 100 THEN 'mid' WHEN c.employees IS NOT NULL THEN 'smb'
       END AS segment,
       NULL::int AS seats,
       -- property_annualrevenue is what the customer earns, not what you do.
       CASE WHEN t.amount IS NOT NULL OR s.added IS NOT NULL THEN coalesce(t.amount, 0) + coalesce(s.added, 0) END AS arr,
       o.name AS csm,  -- the owner of the company
       coalesce(s.first_day, (c.created_at AT TIME ZONE 'UTC')::date) AS created_on,
       -- An open renewal says when, else the term. A day before the last sync is none, nor is the end of a term whose
       -- renewal was lost.
       coalesce(s.renewal, CASE WHEN s.is_lost IS NOT TRUE AND ((t.day + interval '1 year')::date < y.day) IS NOT TRUE
                                THEN (t.day + interval '1 year')::date END) AS renews_on
FROM hubspot_company AS c
CROSS JOIN synced AS y
JOIN key AS k ON k.id = c.id AND k.kept_id = c.id  -- not merged into another
LEFT JOIN (SELECT owner_id, max(concat_ws(' ', first_name, last_name)) AS name FROM hubspot_optional_owner GROUP BY 1) AS o
       ON o.owner_id = c.owner_id
LEFT JOIN term AS t ON t.account_id = c.account_id
LEFT JOIN sums AS s ON s.account_id = c.account_id
WHERE NOT k.is_deleted
  -- CHANGE HERE: who is a customer: whoever bought, and whoever is not called something else
  AND (s.first_day IS NOT NULL
       OR coalesce(c.stage, '') !~* '^(subscriber|lead|marketingqualifiedlead|salesqualifiedlead|opportunity)$')
ORDER BY c.account_id, c.created_at, c.id;
