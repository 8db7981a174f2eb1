-- Intercom as Fivetran lands it: conversations, ratings, and the companies with plan, users and spend.
--
--   psql -d yours -v ON_ERROR_STOP=1 -f examples/sources/intercom.sql
--
-- or paste it: plain SQL that makes views in your own schema and changes nothing in the loader's, schema intercom.
-- If yours has another name, replace "intercom." with the dot. Run it again after a new column has come. Then
-- warehouse.sql, also where you have no other system; or by itself, between models.sql and views.sql, where a scorecard
-- of support will do (conversations are no usage, so nothing is said of silence):
--
--   INSERT INTO health_models VALUES ('support', '{"combine": "mean", "signals": {
--       "support_ticket": {"weight": 40, "usage": false, "scale": [[0, 1], [10, 0]], "label": "Support tickets",
--                          "text": "{count} support {count|ticket|tickets} in {window} days",
--                          "next_step": "Read the tickets and call about their cause"},
--       "csat": {"weight": 60, "measure": "last", "out_of": 5, "window_days": 180, "label": "Support rating",
--                "next_step": "Call the person who gave the rating"}}}')
--   ON CONFLICT (segment) DO UPDATE SET model = excluded.model;
--   CREATE VIEW events AS SELECT account_id, NULL AS user_id, signal AS event, value, occurred_at FROM intercom_signal;
--   CREATE VIEW accounts AS
--   SELECT account_id, coalesce(name, account_id) AS name, 'support' AS segment, seats, arr, csm, created_on, renews_on
--   FROM intercom_account
--   FULL JOIN (SELECT DISTINCT account_id FROM events) AS e USING (account_id);
--
-- intercom_signal has
--
--   support_ticket   a conversation that a contact began, when it began
--   csat             a rating from 1 to 5, at its time
--
-- The ready model has both. In intercom_account the plan is the segment (so a plan needs a model: INSERT INTO
-- health_models SELECT DISTINCT segment, model FROM intercom_account, of the model that you choose), the users are
-- the seats, and twelve times the monthly spend is the ARR.
-- The account_id is your company_id. Companies that Intercom made up for leads (…-qualification-company) and those
-- without one are intercom:<id>. The user_id is your id of a user; a lead is intercom:<id>. Who asks for help is no
-- seat in use: take the user: signals for user:* from the product's events.
-- Tables: company_history, contact_history, contact_company_history, conversation_history,
-- conversation_contact_history; of each record the active version counts. Without ratings there is no csat. Times may be with or without zone (then in
-- UTC): to_timestamp(extract(epoch FROM t)) takes both.
-- A conversation has no company, only contacts, and a contact may be in several. It counts once, never in each of
-- them: where the contact was at that time; if in several, where most contacts of the conversation are (whoever
-- writes together with a customer's people writes for that customer); if that does not decide, in the company that
-- the contact joined last, which is where a consultant most likely works now. Of contacts without a company it is
-- nobody's and left out.
-- Views on views look dear to the planner, which then compiles them for longer than they run: SET jit = off where
-- you read them.

-- ---------------------------------------------------------------- each record once

-- Each of these views has first the columns that a table may lack with what stands in for them: inside the second
-- SELECT a name means the column of the table if there is one. So no version of the connector stops the file.

CREATE OR REPLACE VIEW intercom_company AS
SELECT DISTINCT ON (c.id)
       c.id::text AS id,
       CASE WHEN c._fivetran_deleted IS TRUE THEN NULL
            WHEN c.company_id::text LIKE '%-qualification-company' OR coalesce(c.company_id::text, '') = ''
            THEN 'intercom:' || c.id
            ELSE c.company_id::text  -- CHANGE HERE: your id of the account
       END AS account_id,
       c.name::text AS name, c.plan_name::text AS plan, nullif(c.user_count::int, 0) AS users,
       nullif(c.monthly_spend::numeric, 0) AS monthly_spend,  -- 0 is what stands there when nothing was sent
       coalesce(to_timestamp(extract(epoch FROM c.remote_created_at)), to_timestamp(extract(epoch FROM c.created_at))) AS created_at
FROM (SELECT true AS _fivetran_active, false AS _fivetran_deleted, NULL::timestamp AS remote_created_at, NULL::text AS plan_name,
             NULL::int AS user_count, NULL::numeric AS monthly_spend) AS absent
CROSS JOIN LATERAL (SELECT id, company_id, name, plan_name, user_count, monthly_spend, remote_created_at, created_at, updated_at,
                           _fivetran_active, _fivetran_deleted, _fivetran_synced
                    FROM intercom.company_history) AS c
WHERE c._fivetran_active IS NOT FALSE
ORDER BY c.id, c.updated_at DESC, c._fivetran_synced DESC;

CREATE OR REPLACE VIEW intercom_contact AS
SELECT DISTINCT ON (c.id)
       c.id::text AS id,
       CASE WHEN c.role = 'user' AND c.external_id::text <> '' THEN c.external_id::text ELSE 'intercom:' || c.id END AS user_id
FROM (SELECT true AS _fivetran_active) AS absent
CROSS JOIN LATERAL (SELECT id, role, external_id, updated_at, _fivetran_active, _fivetran_synced
                    FROM intercom.contact_history) AS c
WHERE c._fivetran_active IS NOT FALSE
ORDER BY c.id, c.updated_at DESC, c._fivetran_synced DESC;

-- Who was in which company from when to when, and since when in all: each version of a contact lists its companies
-- again.
CREATE OR REPLACE VIEW intercom_membership AS
SELECT m.contact_id::text AS contact_id, m.company_id::text AS company_id, m._fivetran_active IS NOT FALSE AS is_active,
       to_timestamp(extract(epoch FROM m.contact_updated_at)) AS begins,
       CASE WHEN m._fivetran_active IS NOT FALSE THEN 'infinity' ELSE to_timestamp(extract(epoch FROM m._fivetran_end)) END AS ends,
       min(to_timestamp(extract(epoch FROM m.contact_updated_at))) OVER (PARTITION BY m.contact_id, m.company_id) AS joined_at
FROM (SELECT true AS _fivetran_active, NULL::timestamp AS _fivetran_end) AS absent
CROSS JOIN LATERAL (SELECT contact_id, company_id, contact_updated_at, _fivetran_active, _fivetran_end
                    FROM intercom.contact_company_history) AS m;

CREATE OR REPLACE VIEW intercom_conversation AS
SELECT *
FROM (
    SELECT DISTINCT ON (c.id)
           c.id::text AS id, to_timestamp(extract(epoch FROM c.created_at)) AS created_at,
           c.source_author_type IN ('user', 'lead', 'contact') OR c.source_delivered_as = 'customer_initiated'
               OR c.source_author_type IS NULL AND c.source_delivered_as IS NULL AS by_contact,
           CASE WHEN c.source_author_type IN ('user', 'lead', 'contact') THEN c.source_author_id::text END AS author_id,
           c.conversation_rating_value::float8 AS rating,
           coalesce(to_timestamp(extract(epoch FROM c.conversation_rating_created_at)), to_timestamp(extract(epoch FROM c.updated_at)))
               AS rated_at,
           c._fivetran_deleted IS TRUE AS is_deleted
    FROM (SELECT true AS _fivetran_active, false AS _fivetran_deleted, NULL::text AS source_delivered_as,
                 NULL::text AS source_author_type, NULL::text AS source_author_id, NULL::text AS conversation_rating_value,
                 NULL::timestamp AS conversation_rating_created_at) AS absent
    CROSS JOIN LATERAL (SELECT id, created_at, updated_at, source_author_type, source_author_id, source_delivered_as,
                               conversation_rating_value, conversation_rating_created_at, _fivetran_active, _fivetran_deleted,
                               _fivetran_synced
                        FROM intercom.conversation_history) AS c
    WHERE c._fivetran_active IS NOT FALSE
    ORDER BY c.id, c.updated_at DESC, c._fivetran_synced DESC
) AS c
WHERE NOT is_deleted;

-- ---------------------------------------------------------------- where a conversation belongs

-- At most one row for a conversation, see above.
CREATE OR REPLACE VIEW intercom_home AS
WITH conversation AS MATERIALIZED (SELECT id, created_at, author_id FROM intercom_conversation),
person (conversation_id, contact_id) AS (
    SELECT p.conversation_id::text, p.contact_id::text
    FROM (SELECT true AS _fivetran_active) AS absent
    CROSS JOIN LATERAL (SELECT conversation_id, contact_id, _fivetran_active FROM intercom.conversation_contact_history) AS p
    WHERE p._fivetran_active IS NOT FALSE
    UNION
    SELECT id, author_id FROM conversation WHERE author_id IS NOT NULL
), possible AS (
    SELECT p.conversation_id, p.contact_id, m.joined_at, m.begins <= c.created_at AND c.created_at < m.ends AS then_there,
           CASE WHEN o.id IS NULL THEN 'intercom:' || m.company_id ELSE o.account_id END AS account_id
    FROM person AS p
    JOIN conversation AS c ON c.id = p.conversation_id
    JOIN intercom_membership AS m ON m.contact_id = p.contact_id
    LEFT JOIN intercom_company AS o ON o.id = m.company_id
    WHERE m.is_active OR m.begins <= c.created_at AND c.created_at < m.ends
)
SELECT DISTINCT ON (conversation_id) conversation_id, account_id
FROM possible
WHERE account_id IS NOT NULL
GROUP BY conversation_id, account_id, then_there
ORDER BY conversation_id, then_there DESC NULLS LAST, count(DISTINCT contact_id) DESC, max(joined_at) DESC NULLS LAST,
         account_id;

-- Whose it is: the author's, else that of the only contact.
CREATE OR REPLACE VIEW intercom_who AS
SELECT c.id AS conversation_id, coalesce(p.user_id, 'intercom:' || w.contact_id) AS user_id
FROM intercom_conversation AS c
LEFT JOIN (
    SELECT p.conversation_id::text AS conversation_id, min(p.contact_id::text) AS contact_id
    FROM (SELECT true AS _fivetran_active) AS absent
    CROSS JOIN LATERAL (SELECT conversation_id, contact_id, _fivetran_active FROM intercom.conversation_contact_history) AS p
    WHERE p._fivetran_active IS NOT FALSE
    GROUP BY 1
    HAVING count(DISTINCT p.contact_id) = 1
) AS o ON o.conversation_id = c.id
CROSS JOIN LATERAL (SELECT coalesce(c.author_id, o.contact_id) AS contact_id) AS w
LEFT JOIN intercom_contact AS p ON p.id = w.contact_id;

-- ---------------------------------------------------------------- what is read

CREATE OR REPLACE VIEW intercom_signal AS
WITH home AS MATERIALIZED (SELECT * FROM intercom_home), who AS MATERIALIZED (SELECT * FROM intercom_who)
SELECT h.account_id, w.user_id, s.signal, s.value, s.occurred_at
FROM intercom_conversation AS c
JOIN home AS h ON h.conversation_id = c.id
JOIN who AS w ON w.conversation_id = c.id
CROSS JOIN LATERAL (VALUES ('support_ticket', NULL::float8, c.created_at, c.by_contact),
                           ('csat', c.rating, c.rated_at, c.rating IS NOT NULL)) AS s (signal, value, occurred_at, is_there)
WHERE s.is_there AND s.occurred_at IS NOT NULL;

CREATE OR REPLACE VIEW intercom_account AS
SELECT DISTINCT ON (account_id)
       account_id, name, nullif(plan, '') AS segment, users AS seats, 12 * monthly_spend AS arr, NULL::text AS csm,
       (created_at AT TIME ZONE 'UTC')::date AS created_on, NULL::date AS renews_on
FROM intercom_company
WHERE account_id IS NOT NULL
ORDER BY account_id, monthly_spend DESC NULLS LAST, id;
