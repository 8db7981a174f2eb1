-- Zendesk Support as Fivetran lands it: tickets, how many urgent ones are open day by day, and ratings.
--
--   psql -d yours -v ON_ERROR_STOP=1 -f examples/sources/zendesk.sql
--
-- or paste it: plain SQL that makes views in your own schema and changes nothing in the loader's, schema zendesk. If
-- yours has another name, replace "zendesk." with the dot. Run it again after a new table or column has come. Then
-- warehouse.sql, also where you have no other system; or by itself, between models.sql and views.sql, where a scorecard
-- of support will do (tickets are no usage, so nothing is said of silence):
--
--   INSERT INTO health_models VALUES ('support', '{"combine": "mean", "signals": {
--       "support_ticket": {"weight": 30, "usage": false, "scale": [[0, 1], [10, 0]], "label": "Support tickets",
--                          "text": "{count} support {count|ticket|tickets} in {window} days",
--                          "next_step": "Read the tickets and call about their cause"},
--       "urgent_tickets_open": {"weight": 30, "measure": "last", "scale": [[0, 1], [3, 0]], "window_days": 14,
--                               "label": "Urgent tickets open", "next_step": "Get a date from support and pass it on"},
--       "csat": {"weight": 40, "measure": "last", "out_of": 5, "window_days": 180, "label": "Support rating",
--                "next_step": "Call the person who gave the rating"}}}')
--   ON CONFLICT (segment) DO UPDATE SET model = excluded.model;
--   CREATE VIEW events AS SELECT account_id, NULL AS user_id, signal AS event, value, occurred_at FROM zendesk_signal;
--   CREATE VIEW accounts AS
--   SELECT account_id, coalesce(name, account_id) AS name, 'support' AS segment, seats, arr, csm, created_on, renews_on
--   FROM zendesk_account
--   FULL JOIN (SELECT DISTINCT account_id FROM events) AS e USING (account_id);
--
-- zendesk_signal has
--
--   support_ticket        a ticket, when it was opened
--   urgent_tickets_open   how many urgent tickets were open at the end of the day (UTC), for each day with some, and 0 when
--                         the last was solved; up to the last sync, whose day is read at that moment
--   csat                  a rating: good is 5 and bad is 1, out of 5
--
-- The ready model has all three. The user_id is the requester: the external_id (your user's id, where you send it),
-- else zendesk:<id>. Who asks for help is no seat in use: take the user: signals for user:* from the product's
-- events. An organization whose people are agents and admins, and none an end-user, is your own and no account.
-- Tables: ticket, organization, "user"; optional satisfaction_rating, domain_name and ticket_field_history. Without
-- the last a ticket is urgent from its beginning to its last change if it is now, so the days of urgent_tickets_open
-- are rough.
-- Times may be with or without zone (then in UTC): to_timestamp(extract(epoch FROM t)) takes both.
-- A ticket belongs to its own organization, the requester's when it was opened: who changes the company leaves the
-- tickets where they were, and a consultant's tickets count where each was opened. Where it has none: the
-- requester's organization now; else the one with the domain of the address, never a free-mail provider's and only
-- if it is in one account. A ticket of nobody's is left out, so is a deleted one, and one merged into another
-- (merged_ticket_ids).
-- Views on views look dear to the planner, which then compiles them for longer than they run: SET jit = off where
-- you read them.

-- ---------------------------------------------------------------- each record once

-- Each of these views has first the columns that a table may lack with what stands in for them: inside the second
-- SELECT a name means the column of the table if there is one. So no version of the connector stops the file.

CREATE OR REPLACE VIEW zendesk_organization AS
SELECT DISTINCT ON (o.id)
       o.id::text AS id, o.name::text AS name, to_timestamp(extract(epoch FROM o.created_at)) AS created_at,
       CASE WHEN o._fivetran_deleted IS NOT TRUE AND s.organization_id IS NULL
            THEN coalesce(nullif(o.external_id::text, ''), 'zendesk:' || o.id)  -- CHANGE HERE: your id of the account
       END AS account_id
FROM (SELECT false AS _fivetran_deleted, NULL::text AS external_id) AS absent
CROSS JOIN LATERAL (SELECT id, external_id, name, created_at, _fivetran_deleted, _fivetran_synced
                    FROM zendesk.organization) AS o
LEFT JOIN (SELECT u.organization_id::text AS organization_id
           FROM (SELECT NULL::text AS role) AS absent
           CROSS JOIN LATERAL (SELECT organization_id, role FROM zendesk."user") AS u
           GROUP BY 1
           HAVING count(u.role) > 0 AND count(*) FILTER (WHERE u.role::text = 'end-user' OR u.role IS NULL) = 0
          ) AS s ON s.organization_id = o.id::text  -- staff
ORDER BY o.id, o._fivetran_synced DESC;

-- The optional tables. Of a history only what is read below is kept.
DO $$
BEGIN
    IF to_regclass('zendesk.domain_name') IS NULL THEN
        CREATE OR REPLACE VIEW zendesk_domain AS SELECT NULL::text AS domain, NULL::text AS account_id WHERE false;
    ELSE
        CREATE OR REPLACE VIEW zendesk_domain AS
        SELECT lower(btrim(d.domain_name::text)) AS domain, min(o.account_id) AS account_id
        FROM zendesk.domain_name AS d
        JOIN zendesk_organization AS o ON o.id = d.organization_id::text
        -- CHANGE HERE: addresses that anyone can have
        WHERE lower(btrim(d.domain_name::text)) NOT IN (
        'gmail.com', 'googlemail.com', 'outlook.com', 'hotmail.com', 'hotmail.fr', 'hotmail.co.uk', 'live.com', 'live.fr',
        'msn.com', 'yahoo.com', 'yahoo.fr', 'yahoo.co.uk', 'ymail.com', 'aol.com', 'icloud.com', 'me.com', 'mac.com',
        'proton.me', 'protonmail.com', 'gmx.com', 'gmx.de', 'gmx.net', 'web.de', 't-online.de', 'mail.com', 'mail.ru',
        'yandex.ru', 'yandex.com', 'zoho.com', 'fastmail.com', 'comcast.net', 'qq.com', '163.com', '126.com', 'orange.fr',
        'wanadoo.fr', 'free.fr', 'laposte.net', 'sfr.fr', 'users.noreply.github.com')
        GROUP BY 1
        HAVING count(DISTINCT o.account_id) = 1;
    END IF;
    IF to_regclass('zendesk.satisfaction_rating') IS NULL THEN
        CREATE OR REPLACE VIEW zendesk_rating AS
        SELECT NULL::text AS ticket_id, NULL::text AS score, NULL::timestamptz AS rated_at WHERE false;
    ELSE
        CREATE OR REPLACE VIEW zendesk_rating AS
        SELECT ticket_id, score, rated_at
        FROM (
            SELECT DISTINCT ON (id)
                   id, ticket_id::text AS ticket_id, score::text AS score,
                   to_timestamp(extract(epoch FROM coalesce(updated_at, created_at))) AS rated_at  -- created: when asked for
            FROM zendesk.satisfaction_rating
            ORDER BY id, _fivetran_synced DESC
        ) AS r
        WHERE score IN ('good', 'bad');
    END IF;
    IF to_regclass('zendesk.ticket_field_history') IS NULL THEN
        CREATE OR REPLACE VIEW zendesk_change AS
        SELECT NULL::text AS ticket_id, NULL::text AS field, NULL::text AS value, NULL::timestamptz AS changed_at WHERE false;
    ELSE
        CREATE OR REPLACE VIEW zendesk_change AS
        SELECT DISTINCT ticket_id::text AS ticket_id, field_name::text AS field, value::text AS value,
               to_timestamp(extract(epoch FROM updated)) AS changed_at
        FROM zendesk.ticket_field_history
        WHERE field_name IN ('status', 'priority');
    END IF;
END $$;

-- Whom a person belongs to now. An organization that was not loaded still tells its tickets from others.
CREATE OR REPLACE VIEW zendesk_person AS
SELECT u.id, u.user_id,
       coalesce(CASE WHEN o.id IS NULL THEN 'zendesk:' || u.organization_id ELSE o.account_id END, d.account_id) AS account_id
FROM (
    SELECT DISTINCT ON (u.id)
           u.id::text AS id, coalesce(nullif(u.external_id::text, ''), 'zendesk:' || u.id) AS user_id,
           u.organization_id::text AS organization_id, lower(split_part(u.email::text, '@', 2)) AS domain
    FROM (SELECT NULL::text AS external_id) AS absent
    CROSS JOIN LATERAL (SELECT id, external_id, organization_id, email, _fivetran_synced FROM zendesk."user") AS u
    ORDER BY u.id, u._fivetran_synced DESC
) AS u
LEFT JOIN zendesk_organization AS o ON o.id = u.organization_id
LEFT JOIN zendesk_domain AS d ON d.domain = u.domain;

-- All tickets that are there, with their account, also those of nobody's (NULL) and those merged into another.
CREATE OR REPLACE VIEW zendesk_ticket AS
SELECT t.id, t.status, t.priority, t.merged_ids, t.created_at, t.updated_at,
       coalesce(CASE WHEN o.id IS NULL THEN 'zendesk:' || t.organization_id ELSE o.account_id END, p.account_id) AS account_id,
       coalesce(p.user_id, 'zendesk:' || t.requester_id) AS user_id
FROM (
    SELECT DISTINCT ON (t.id)
           t.id::text AS id, t.organization_id::text AS organization_id, t.requester_id::text AS requester_id,
           t.status::text AS status, t.priority::text AS priority, t.merged_ticket_ids::text AS merged_ids,
           coalesce(t._fivetran_deleted, false) OR t.status = 'deleted' AS is_deleted,
           to_timestamp(extract(epoch FROM t.created_at)) AS created_at,
           to_timestamp(extract(epoch FROM t.updated_at)) AS updated_at
    FROM (SELECT false AS _fivetran_deleted, NULL::text AS merged_ticket_ids) AS absent
    CROSS JOIN LATERAL (SELECT id, organization_id, requester_id, status, priority, merged_ticket_ids, created_at, updated_at,
                               _fivetran_deleted, _fivetran_synced
                        FROM zendesk.ticket) AS t
    ORDER BY t.id, t._fivetran_synced DESC
) AS t
LEFT JOIN zendesk_organization AS o ON o.id = t.organization_id
LEFT JOIN zendesk_person AS p ON p.id = t.requester_id
WHERE t.is_deleted IS NOT TRUE;

-- ---------------------------------------------------------------- merges

-- Where a merged ticket ended: the end of the chain, and in a circle (which can only be an error) always the same
-- one.
-- Whoever reads this does so MATERIALIZED, so that it is computed once and not for each row.
CREATE OR REPLACE VIEW zendesk_survivor AS
WITH RECURSIVE edge (id, target) AS (
    SELECT e.id, e.target  -- through arrays, so that the planner expects few rows
    FROM (SELECT array_agg(m[1]) AS ids, array_agg(t.id) AS targets
          FROM zendesk_ticket AS t CROSS JOIN LATERAL regexp_matches(t.merged_ids, '\d+', 'g') AS m) AS a
    CROSS JOIN LATERAL unnest(a.ids, a.targets) AS e (id, target)
), merged (id, target) AS (
    SELECT id, target FROM edge
    UNION  -- without ALL, so that a circle ends
    SELECT m.id, e.target FROM merged AS m JOIN edge AS e ON e.id = m.target
)
SELECT m.id, (array_agg(m.target ORDER BY e.id IS NOT NULL, m.target))[1] AS survivor
FROM merged AS m
LEFT JOIN (SELECT DISTINCT id FROM edge) AS e ON e.id = m.target
LEFT JOIN merged AS circle ON circle.id = m.target AND circle.target = circle.id
WHERE e.id IS NULL OR circle.id IS NOT NULL
GROUP BY m.id;

-- ---------------------------------------------------------------- urgent, from when to when

CREATE OR REPLACE VIEW zendesk_urgent AS
WITH survivor AS MATERIALIZED (SELECT * FROM zendesk_survivor), ever AS MATERIALIZED (
    SELECT DISTINCT ticket_id FROM zendesk_change WHERE field = 'priority' AND value = 'urgent'
), ticket AS MATERIALIZED (
    SELECT t.*
    FROM zendesk_ticket AS t
    LEFT JOIN survivor AS s USING (id)
    WHERE coalesce(s.survivor, t.id) = t.id AND t.account_id IS NOT NULL
      AND (t.priority = 'urgent' OR t.id IN (SELECT ticket_id FROM ever))
), history AS MATERIALIZED (
    SELECT c.ticket_id, c.field, coalesce(c.value, '') AS value, c.changed_at
    FROM zendesk_change AS c
    JOIN ticket AS t ON t.id = c.ticket_id
), change (ticket_id, field, value, changed_at) AS (
    SELECT * FROM history
    UNION ALL
    -- What has no history is as it is now.
    SELECT t.id, f.field, f.value, f.changed_at
    FROM ticket AS t
    CROSS JOIN LATERAL (VALUES ('priority', t.priority, t.created_at), ('status', 'new', t.created_at),
                               ('status', t.status, t.updated_at)) AS f (field, value, changed_at)
    LEFT JOIN (SELECT DISTINCT ticket_id, field FROM history) AS h ON h.ticket_id = t.id AND h.field = f.field
    WHERE h.ticket_id IS NULL
), moment AS (
    -- What changes at one moment is one row; what does not change is that of the moment before.
    SELECT ticket_id, changed_at, max(value) FILTER (WHERE field = 'priority') AS priority,
           max(value) FILTER (WHERE field = 'status') AS status
    FROM change
    GROUP BY ticket_id, changed_at
), counted AS (
    SELECT *, count(priority) OVER past AS priorities, count(status) OVER past AS statuses,
           lead(changed_at) OVER (PARTITION BY ticket_id ORDER BY changed_at) AS ends
    FROM moment
    WINDOW past AS (PARTITION BY ticket_id ORDER BY changed_at)
), state AS (
    SELECT ticket_id, changed_at AS begins, ends, max(priority) OVER (PARTITION BY ticket_id, priorities) AS priority,
           max(status) OVER (PARTITION BY ticket_id, statuses) AS status
    FROM counted
)
SELECT t.account_id, t.id AS ticket_id, s.begins, s.ends
FROM state AS s
JOIN ticket AS t ON t.id = s.ticket_id
WHERE s.priority = 'urgent' AND coalesce(s.status, 'new') NOT IN ('solved', 'closed', 'deleted');

-- ---------------------------------------------------------------- what is read

CREATE OR REPLACE VIEW zendesk_signal AS
WITH survivor AS MATERIALIZED (SELECT * FROM zendesk_survivor), ticket AS MATERIALIZED (SELECT * FROM zendesk_ticket)
SELECT t.account_id, t.user_id, 'support_ticket' AS signal, NULL::float8 AS value, t.created_at AS occurred_at
FROM ticket AS t
LEFT JOIN survivor AS s USING (id)
WHERE coalesce(s.survivor, t.id) = t.id AND t.account_id IS NOT NULL AND t.created_at IS NOT NULL
UNION ALL
SELECT t.account_id, t.user_id, 'csat', CASE r.score WHEN 'good' THEN 5 ELSE 1 END, r.rated_at
FROM zendesk_rating AS r
LEFT JOIN survivor AS s ON s.id = r.ticket_id
JOIN ticket AS t ON t.id = coalesce(s.survivor, r.ticket_id)
WHERE t.account_id IS NOT NULL AND r.rated_at IS NOT NULL
UNION ALL
-- A spell is read on each of its days but the last; on that one it adds nothing, so that a 0 stands where no other
-- is open.
SELECT u.account_id, NULL, 'urgent_tickets_open', count(*) FILTER (WHERE u.last_day IS NULL OR d.day < u.last_day),
       least((d.day + time '23:59:59') AT TIME ZONE 'UTC', l.synced_at)
FROM (SELECT account_id, (begins AT TIME ZONE 'UTC')::date AS first_day, (ends AT TIME ZONE 'UTC')::date AS last_day
      FROM zendesk_urgent) AS u
CROSS JOIN (SELECT max(to_timestamp(extract(epoch FROM _fivetran_synced))) AS synced_at FROM zendesk.ticket) AS l
CROSS JOIN LATERAL (
    SELECT u.first_day + n AS day
    FROM generate_series(0, coalesce(u.last_day, (l.synced_at AT TIME ZONE 'UTC')::date) - u.first_day) AS n
) AS d
WHERE u.last_day IS NULL OR u.first_day < u.last_day
GROUP BY u.account_id, d.day, l.synced_at;

-- Several organizations of one external_id are one account.
CREATE OR REPLACE VIEW zendesk_account AS
SELECT DISTINCT ON (account_id)
       account_id, name, NULL::text AS segment, NULL::int AS seats, NULL::numeric AS arr, NULL::text AS csm,
       (created_at AT TIME ZONE 'UTC')::date AS created_on, NULL::date AS renews_on
FROM zendesk_organization
WHERE account_id IS NOT NULL
ORDER BY account_id, created_at, id;
