-- Salesforce as Fivetran lands it: meetings, calls, opportunities won and lost, accounts with ARR and renewal.
--
--   psql -d yours -v ON_ERROR_STOP=1 -f examples/sources/salesforce.sql
--
-- or paste it: plain SQL that makes views in your own schema and changes nothing in the loader's, schema salesforce.
-- If yours has another name, replace "salesforce." with the dot. Run it again after a new table or column has come.
-- Then warehouse.sql, also where you have no other system: a customer with anything on record in a year begins with 100
-- points and loses them. Do not put this beside models.sql alone, whose score is usage of a product, which no CRM knows.
--
-- salesforce_signal has
--
--   meeting               an event of the calendar, once for all that were invited
--   call, email, task     a task that is done, at the time of completion
--   contract_extended     a renewal or an expansion was won; the amount
--   renewal_lost          a renewal was lost
--   opportunity_lost      any other opportunity was lost
--   sponsor_left          a decision maker of a won opportunity was deleted, or has left the company
--
-- warehouse.sql (6) has the lines of model for those that the ready model does not have, but for email and task, which
-- mostly say what you did.
--
-- Assumed: accounts carry your customers (others are left out at the end), an amount is that of a year, a term lasts
-- a year.
-- The user_id is a contact. Who met you is no seat in use.
-- Tables: account; optional are all that stand in the list below. In history mode the active version counts. Where the
-- history has a table of its own (opportunity_history), put its name into the list.
-- Times may be with or without zone (then in UTC) and dates are midnight in UTC: to_timestamp(extract(epoch FROM t))
-- takes all three.
-- A merged account goes where master_record_id leads, through any number of merges. parent_id is not followed: a
-- subsidiary has a contract and a CSM of its own, so it has a score of its own, and parents.sql adds up parents.
-- Views on views look dear to the planner, which then compiles them for longer than they run: SET jit = off where
-- you read them.

-- ---------------------------------------------------------------- optional tables

-- What the loader does not bring stands here empty: tables, their columns, and whether they are texts, times or yes and
-- no. Columns that are not there are NULL. A history has a version that is active.
DO $$
DECLARE
    entry text[];
    place text;
BEGIN
    FOREACH entry SLICE 1 IN ARRAY ARRAY[
        ['contact', 'id text, account_id text, master_record_id text, is_deleted bool, no_longer_at_company_c bool,
                  last_modified_date time, _fivetran_active bool, _fivetran_synced time'],
        ['opportunity', 'id text, account_id text, type text, amount text, close_date time, is_closed bool, is_won bool,
                  is_deleted bool, _fivetran_active bool, _fivetran_synced time'],
        ['opportunity_contact_role', 'opportunity_id text, contact_id text, role text, is_deleted bool'],
        ['event', 'id text, account_id text, who_id text, start_date_time time, activity_date_time time,
                  activity_date time, is_deleted bool, is_child bool, is_recurrence bool, _fivetran_active bool,
                  _fivetran_synced time'],
        ['task', 'id text, account_id text, who_id text, task_subtype text, type text, completed_date_time time,
                  activity_date time, created_date time, is_closed bool, is_deleted bool, is_recurrence bool,
                  _fivetran_active bool, _fivetran_synced time'],
        ['user', 'id text, name text, _fivetran_active bool, _fivetran_synced time']]
    LOOP
        place := CASE WHEN to_regclass(format('salesforce.%I', entry[1])) IS NULL THEN '(SELECT WHERE false) AS nothing'
                      ELSE format('salesforce.%I', entry[1]) END;
        EXECUTE (
            SELECT format('CREATE OR REPLACE VIEW %I AS SELECT %s FROM (SELECT %s) AS absent
                           CROSS JOIN LATERAL (SELECT %s FROM %s) AS t',
                          'salesforce_optional_' || entry[1],
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

-- Each of these views has first the columns that a table may lack with what stands in for them: inside the second
-- SELECT a name means the column of the table if there is one. So no version of the connector stops the file.

-- The account_id is that of Salesforce. If a field of yours has the account's id in your product, this is the place
-- for it.
CREATE OR REPLACE VIEW salesforce_company AS
SELECT DISTINCT ON (a.id)
       a.id::text AS id,
       a.id::text AS account_id,  -- CHANGE HERE: your own id: coalesce(a.product_account_id_c, a.id), and the column below
       a.master_record_id::text AS master_id, coalesce(a.is_deleted, false) AS is_deleted,
       a.name::text AS name, a.type::text AS type, a.number_of_employees::int AS employees, a.owner_id::text AS owner_id,
       to_timestamp(extract(epoch FROM a.created_date)) AS created_at
FROM (SELECT true AS _fivetran_active, NULL::text AS type, NULL::int AS number_of_employees, NULL::text AS owner_id,
             NULL::timestamp AS created_date) AS absent
CROSS JOIN LATERAL (SELECT id, master_record_id, is_deleted, name, type, number_of_employees, owner_id, created_date,
                           _fivetran_active, _fivetran_synced
                    FROM salesforce.account) AS a
WHERE a._fivetran_active IS NOT FALSE
ORDER BY a.id, a._fivetran_synced DESC;

CREATE OR REPLACE VIEW salesforce_person AS
SELECT DISTINCT ON (id) id, account_id AS company_id, master_record_id AS master_id, coalesce(is_deleted, false) AS is_deleted,
       coalesce(is_deleted, false) AND master_record_id IS NULL OR coalesce(no_longer_at_company_c, false) AS has_left,
       last_modified_date AS changed_at
FROM salesforce_optional_contact
WHERE _fivetran_active IS NOT FALSE
ORDER BY id, _fivetran_synced DESC NULLS LAST;

-- The kind comes from the type, a picklist that each company words for itself: see that yours are in.
CREATE OR REPLACE VIEW salesforce_deal AS
SELECT id, company_id, amount, closed_at, is_closed, is_won,
       CASE WHEN type ~* 'renew|replacement' THEN 'renewal'
            WHEN type ~* 'upgrade|upsell|expan|cross|add' THEN 'expansion'
            WHEN type ~* 'downgrade|contraction' THEN 'contraction'
            ELSE 'new' END AS kind
FROM (
    SELECT DISTINCT ON (id) id, account_id AS company_id, type, nullif(amount, '')::numeric AS amount, close_date AS closed_at,
           coalesce(is_closed, false) AS is_closed, coalesce(is_won, false) AS is_won, is_deleted
    FROM salesforce_optional_opportunity  -- CHANGE HERE: where the history has a table of its own: opportunity_history in the list
    WHERE _fivetran_active IS NOT FALSE
    ORDER BY id, _fivetran_synced DESC NULLS LAST
) AS d
WHERE is_deleted IS NOT TRUE;

CREATE OR REPLACE VIEW salesforce_owner AS
SELECT DISTINCT ON (id) id, name FROM salesforce_optional_user
WHERE _fivetran_active IS NOT FALSE
ORDER BY id, _fivetran_synced DESC NULLS LAST;

-- The roles are those of the picklist as it comes.
CREATE OR REPLACE VIEW salesforce_sponsor AS
SELECT DISTINCT opportunity_id AS deal_id, contact_id AS person_id FROM salesforce_optional_opportunity_contact_role
WHERE role ~* 'decision|sponsor|economic buyer' AND is_deleted IS NOT TRUE;

-- ---------------------------------------------------------------- merges

-- Where a merged record ended: the end of the chain, and in a circle (which can only be an error) one that is not
-- deleted.
-- Whoever reads this does so MATERIALIZED, so that it is computed once and not for each row.
CREATE OR REPLACE VIEW salesforce_survivor AS
WITH RECURSIVE edge (id, target, is_deleted) AS (
    SELECT e.id, e.target, e.is_deleted  -- through arrays, so that the planner expects few rows
    FROM (SELECT array_agg(r.id) AS ids, array_agg(r.master_id) AS targets, array_agg(r.is_deleted) AS deleted
          FROM (SELECT id, master_id, is_deleted FROM salesforce_company UNION ALL
                SELECT id, master_id, is_deleted FROM salesforce_person) AS r
          WHERE r.master_id IS NOT NULL) AS a
    CROSS JOIN LATERAL unnest(a.ids, a.targets, a.deleted) AS e (id, target, is_deleted)
), merged (id, target) AS (
    SELECT id, target FROM edge
    UNION  -- without ALL, so that a circle ends
    SELECT m.id, e.target FROM merged AS m JOIN edge AS e ON e.id = m.target
)
SELECT m.id, (array_agg(m.target ORDER BY e.id IS NOT NULL, e.is_deleted, m.target))[1] AS survivor
FROM merged AS m
LEFT JOIN edge AS e ON e.id = m.target
LEFT JOIN merged AS circle ON circle.id = m.target AND circle.target = circle.id
WHERE e.id IS NULL OR circle.id IS NOT NULL
GROUP BY m.id;

CREATE OR REPLACE VIEW salesforce_key AS
WITH survivor AS MATERIALIZED (SELECT * FROM salesforce_survivor)
SELECT c.id, coalesce(s.survivor, c.id) AS kept_id, coalesce(kept.account_id, s.survivor, c.account_id) AS account_id,
       coalesce(kept.is_deleted, c.is_deleted) AS is_deleted
FROM salesforce_company AS c
LEFT JOIN survivor AS s USING (id)
LEFT JOIN salesforce_company AS kept ON kept.id = s.survivor;

-- ---------------------------------------------------------------- what is read

CREATE OR REPLACE VIEW salesforce_signal AS
WITH key AS MATERIALIZED (SELECT * FROM salesforce_key), survivor AS MATERIALIZED (SELECT * FROM salesforce_survivor),
happened (id, company_id, person_id, signal, value, occurred_at, is_deleted) AS (
    -- A group event has a row for each invited colleague (is_child), a series one for its definition (is_recurrence).
    (SELECT DISTINCT ON (id) id, account_id, who_id, 'meeting', NULL::float8,
            coalesce(start_date_time, activity_date_time, activity_date),
            coalesce(is_deleted, false) OR coalesce(is_child, false) OR coalesce(is_recurrence, false)
     FROM salesforce_optional_event
     WHERE _fivetran_active IS NOT FALSE
     ORDER BY id, _fivetran_synced DESC NULLS LAST)
    UNION ALL
    (SELECT DISTINCT ON (id) id, account_id, who_id,
            CASE WHEN task_subtype = 'Call' OR type = 'Call' THEN 'call'
                 WHEN task_subtype IN ('Email', 'ListEmail') OR type = 'Email' THEN 'email' ELSE 'task' END, NULL,
            coalesce(completed_date_time, activity_date, created_date),
            coalesce(is_deleted, false) OR coalesce(is_recurrence, false) OR is_closed IS NOT TRUE
     FROM salesforce_optional_task
     WHERE _fivetran_active IS NOT FALSE
     ORDER BY id, _fivetran_synced DESC NULLS LAST)
    UNION ALL
    SELECT id, company_id, NULL,
           CASE WHEN is_won THEN 'contract_extended' WHEN kind = 'renewal' THEN 'renewal_lost' ELSE 'opportunity_lost' END,
           amount::float8, closed_at, is_won AND kind IN ('new', 'contraction')
    FROM salesforce_deal
    WHERE is_closed
    UNION ALL
    -- Once for an account and a person, who may have decided several times.
    SELECT DISTINCT p.id, k.kept_id, p.id, 'sponsor_left', NULL::float8, p.changed_at, false
    FROM salesforce_sponsor AS s
    JOIN salesforce_deal AS d ON d.id = s.deal_id AND d.is_won
    JOIN key AS k ON k.id = d.company_id
    JOIN salesforce_person AS p ON p.id = s.person_id AND p.has_left
)
SELECT coalesce(k.account_id, h.company_id) AS account_id, coalesce(s.survivor, h.person_id) AS user_id, h.signal, h.value,
       h.occurred_at
FROM happened AS h
LEFT JOIN key AS k ON k.id = h.company_id
LEFT JOIN survivor AS s ON s.id = h.person_id
WHERE NOT h.is_deleted AND k.is_deleted IS NOT TRUE AND h.company_id IS NOT NULL AND h.occurred_at IS NOT NULL;

CREATE OR REPLACE VIEW salesforce_account AS
WITH key AS MATERIALIZED (SELECT * FROM salesforce_key), deal AS MATERIALIZED (
    SELECT k.account_id, d.kind, d.amount, d.is_closed, d.is_won, (d.closed_at AT TIME ZONE 'UTC')::date AS day
    FROM salesforce_deal AS d
    JOIN key AS k ON k.id = d.company_id
    WHERE d.closed_at IS NOT NULL
), term AS (
    -- The contract that holds: the last one won that is no addition. Additions count from its day on.
    SELECT DISTINCT ON (account_id) account_id, amount, day
    FROM deal
    WHERE is_won AND kind <> 'expansion'
    ORDER BY account_id, day DESC, amount DESC NULLS LAST
), synced AS (
    SELECT (greatest((SELECT to_timestamp(extract(epoch FROM max(_fivetran_synced))) FROM salesforce.account),
                     (SELECT max(_fivetran_synced) FROM salesforce_optional_opportunity)) AT TIME ZONE 'UTC')::date AS day
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
       -- annual_revenue of an account is what the customer earns, not what you do.
       CASE WHEN t.amount IS NOT NULL OR s.added IS NOT NULL THEN coalesce(t.amount, 0) + coalesce(s.added, 0) END AS arr,
       o.name AS csm,  -- the owner of the account
       coalesce(s.first_day, (c.created_at AT TIME ZONE 'UTC')::date) AS created_on,
       -- An open renewal says when, else the term. A day before the last sync is none, nor is the end of a term whose
       -- renewal was lost.
       coalesce(s.renewal, CASE WHEN s.is_lost IS NOT TRUE AND ((t.day + interval '1 year')::date < y.day) IS NOT TRUE
                                THEN (t.day + interval '1 year')::date END) AS renews_on
FROM salesforce_company AS c
CROSS JOIN synced AS y
JOIN key AS k ON k.id = c.id AND k.kept_id = c.id  -- not merged into another
LEFT JOIN salesforce_owner AS o ON o.id = c.owner_id
LEFT JOIN term AS t ON t.account_id = c.account_id
LEFT JOIN sums AS s ON s.account_id = c.account_id
WHERE NOT k.is_deleted
  -- CHANGE HERE: who is a customer: whoever bought, and whoever is not called something else
  AND (s.first_day IS NOT NULL OR coalesce(c.type, '') !~* 'prospect|competitor|analyst|investor|press|partner')
ORDER BY c.account_id, c.created_at, c.id;
