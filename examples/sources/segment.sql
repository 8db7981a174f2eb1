-- Segment: track calls as signals, counted for the account where the user was at the time. Reads the schema of one source
-- in a Postgres warehouse, here app; yours has another name: replace app. (for a second source make the views again
-- under another name). Paste it into any client, or
--
--   psql -d yours -v ON_ERROR_STOP=1 -f examples/sources/segment.sql
--
-- It makes segment_signal and segment_account. From there to a scoreboard: examples/warehouse.sql, also for several systems, or
-- by itself: examples/models.sql, then
--
--   CREATE VIEW events AS SELECT account_id, user_id, signal AS event, value, occurred_at FROM segment_signal;
--   CREATE VIEW accounts AS
--   SELECT account_id, coalesce(name, account_id) AS name, coalesce(m.segment, 'mid') AS segment, seats, arr, csm,
--          coalesce(created_on, first_day) AS created_on, renews_on
--   FROM segment_account
--   FULL JOIN (SELECT account_id, min(health_day(occurred_at)) AS first_day FROM events GROUP BY 1) AS e USING (account_id)
--   LEFT JOIN health_models AS m USING (segment);
--
-- which names come in that the model does not know,
--
--   SELECT event, count(*) FROM events
--   WHERE event NOT LIKE 'guest:%' AND event NOT IN (
--       SELECT jsonb_object_keys(model::jsonb -> 'signals') FROM health_models UNION
--       SELECT jsonb_path_query(model::jsonb, '$.signals.*.aliases[*]') #>> '{}' FROM health_models)
--   GROUP BY event ORDER BY count DESC;
--
-- what it calls them (yours, and after views.sql: REFRESH MATERIALIZED VIEW scoreboard),
--
--   UPDATE health_models SET model = model || '{"signals": {"login": {"aliases": ["logged_in", "signed_in"]},
--                                                           "report_viewed": {"aliases": ["report_opened"]}}}';
--
-- and examples/views.sql.
--
-- What it takes as given:
--   account   context_group_id, if your tracking sends context.groupId; otherwise the group of the last group call of
--             this user before the event. A later group call moves no earlier event, so a consultant counts for whom the
--             work was, and what came before the first group call belongs to nobody.
--   user      user_id. An anonymous_id stands for the user last identified with it; alias calls are followed.
--   signal    event, as Segment stores it (snake_case)
--   admin_login  beside the login of somebody who was an admin by the last identify call before it
--   guest:<id>   beside whatever a user without a licence does; those rows have no user_id: user:* counts licences only.
--             Without a trait that says so everybody is licensed.
--   value     none: properties are columns of a table for each event. Below is how to read one.
-- Each id counts once, as it was received first. A call without a timestamp counts nowhere, nor does one that a wrong
-- clock puts before 1970 or after 2199.
--
-- Segment makes a column when it first sees a value, so role, is_admin, is_guest and context_group_id may not be there.
-- They stand in a row of NULLs, absent, and SQL takes the one of the table where there is one. Once a column has appeared
-- run this file again. The tables aliases and groups are optional.
--
-- Millions of rows: CREATE INDEX ON app.tracks (id); CREATE INDEX ON app.tracks ("timestamp"). Duplicates are found by id in
-- the whole table and not in the rows that were asked for, so WHERE occurred_at >= ... outside of the view is right and
-- cheap: it reads its days by one index and looks up each id in the other. Hundreds of millions: write CREATE
-- MATERIALIZED VIEW for segment_person, segment_membership and segment_role, and refresh them, in this order, before the
-- night.

-- CHANGE HERE: how a group becomes an account. Free-mail domains such as gmail.com are never accounts.
CREATE OR REPLACE FUNCTION segment_account_id(group_id text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE WHEN btrim(group_id) <> '' AND lower(btrim(group_id)) NOT IN (
        'gmail.com', 'googlemail.com', 'outlook.com', 'hotmail.com', 'hotmail.fr', 'hotmail.co.uk', 'live.com', 'live.fr',
        'msn.com', 'yahoo.com', 'yahoo.fr', 'yahoo.co.uk', 'ymail.com', 'aol.com', 'icloud.com', 'me.com', 'mac.com',
        'proton.me', 'protonmail.com', 'gmx.com', 'gmx.de', 'gmx.net', 'web.de', 't-online.de', 'mail.com', 'mail.ru',
        'yandex.ru', 'yandex.com', 'zoho.com', 'fastmail.com', 'comcast.net', 'qq.com', '163.com', '126.com', 'orange.fr',
        'wanadoo.fr', 'free.fr', 'laposte.net', 'sfr.fr', 'users.noreply.github.com') THEN btrim(group_id) END
$$;

-- What an activity can hold: a name has at most 255 bytes (with user: or guest: before it).
CREATE OR REPLACE FUNCTION segment_name(name text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE WHEN octet_length(name) > 248 THEN left(name, 62) ELSE name END
$$;

-- The tables that come with the first call of their kind.
DO $$
BEGIN
    IF to_regclass('app.aliases') IS NULL THEN
        CREATE OR REPLACE VIEW segment_alias AS
        SELECT NULL::text AS previous_id, NULL::text AS user_id, NULL::timestamptz AS called_at WHERE false;
    ELSE
        CREATE OR REPLACE VIEW segment_alias AS
        SELECT previous_id::text AS previous_id, user_id::text AS user_id, "timestamp"::timestamptz AS called_at
        FROM app.aliases;
    END IF;
    IF to_regclass('app.groups') IS NULL THEN
        CREATE OR REPLACE VIEW segment_group AS
        SELECT NULL::text AS id, NULL::text AS user_id, NULL::text AS anonymous_id, NULL::text AS group_id,
               NULL::timestamptz AS called_at, NULL::jsonb AS traits WHERE false;
    ELSE
        CREATE OR REPLACE VIEW segment_group AS
        SELECT id::text AS id, nullif(user_id, '')::text AS user_id, anonymous_id::text AS anonymous_id,
               group_id::text AS group_id, "timestamp"::timestamptz AS called_at, to_jsonb(g) AS traits
        FROM app.groups AS g;
    END IF;
END $$;

-- Who an id stands for, where it stands for another one. Chains are followed to their end; all ids of a circle are the
-- smallest of them.
CREATE OR REPLACE VIEW segment_person (id, person) AS
WITH RECURSIVE link AS (
    SELECT DISTINCT ON (old_id) old_id, new_id
    FROM (SELECT anonymous_id::text, user_id::text, "timestamp" FROM app.identifies
          UNION ALL SELECT previous_id, user_id, called_at FROM segment_alias
         ) AS call (old_id, new_id, called_at)
    WHERE old_id <> '' AND new_id <> '' AND old_id <> new_id
    ORDER BY old_id, called_at DESC NULLS LAST, new_id
), walk AS (
    SELECT old_id AS id, new_id AS person, ARRAY[old_id] AS seen FROM link
    UNION ALL
    SELECT id, new_id, seen || person FROM walk JOIN link ON old_id = person WHERE person <> ALL (seen)
)
SELECT id, min(CASE WHEN person = ANY (seen)
                    THEN (SELECT min(member) FROM unnest(seen[array_position(seen, person):]) AS member)
                    ELSE person END)
FROM walk
WHERE person = ANY (seen) OR NOT EXISTS (SELECT FROM link WHERE old_id = person)
GROUP BY id;  -- one row each as it is, but so the planner knows

-- Where somebody was when: the times of the changes and the account since each, so that width_bucket() finds the last
-- change before an event.
CREATE OR REPLACE VIEW segment_membership (person, since, account_id) AS
SELECT person, array_agg(called_at ORDER BY called_at, call), array_agg(account_id ORDER BY called_at, call)
FROM (SELECT *, lag(account_id) OVER (PARTITION BY person ORDER BY called_at, call) AS account_before
      FROM (SELECT coalesce(p.person, c.user_id, c.anonymous_id) AS person,
                   segment_account_id(c.group_id) AS account_id, c.called_at, c.id AS call
            FROM segment_group AS c
            LEFT JOIN segment_person AS p ON p.id = coalesce(c.user_id, c.anonymous_id)) AS named
      WHERE account_id IS NOT NULL AND called_at IS NOT NULL) AS calls
WHERE account_id IS DISTINCT FROM account_before
GROUP BY person;

-- Who was admin or guest when. A call that does not say so changes nothing.
CREATE OR REPLACE VIEW segment_role (person, since, is_admin, is_guest) AS
WITH said AS (
    SELECT coalesce(p.person, c.user_id, c.anonymous_id) AS person, c."timestamp" AS called_at, c.id AS call,
           -- CHANGE HERE: the traits that make an admin, and a user without a licence.
           coalesce(c.is_admin::text IN ('true', 't', '1'), lower(c.role::text) IN ('admin', 'owner')) AS is_admin,
           coalesce(c.is_guest::text IN ('true', 't', '1'), lower(c.role::text) = 'guest') AS is_guest
    FROM (SELECT NULL::text AS role, NULL::text AS is_admin, NULL::text AS is_guest) AS absent
    CROSS JOIN LATERAL (SELECT id, nullif(user_id, '')::text AS user_id, anonymous_id::text, "timestamp",
                               role, is_admin, is_guest FROM app.identifies) AS c
    LEFT JOIN segment_person AS p ON p.id = coalesce(c.user_id, c.anonymous_id)
), counted AS (  -- each answer opens a group, which ends before the next one
    SELECT *, count(is_admin) OVER w AS a, count(is_guest) OVER w AS g FROM said
    WHERE called_at IS NOT NULL AND (is_admin IS NOT NULL OR is_guest IS NOT NULL)
    WINDOW w AS (PARTITION BY person ORDER BY called_at, call)
), known AS (
    SELECT person, called_at, call,
           coalesce(first_value(is_admin) OVER (PARTITION BY person, a ORDER BY called_at, call), false) AS is_admin,
           coalesce(first_value(is_guest) OVER (PARTITION BY person, g ORDER BY called_at, call), false) AS is_guest
    FROM counted
), changes AS (
    SELECT *, lag(ARRAY[is_admin, is_guest]) OVER (PARTITION BY person ORDER BY called_at, call) AS before FROM known
)
SELECT person, array_agg(called_at ORDER BY called_at, call), array_agg(is_admin ORDER BY called_at, call),
       array_agg(is_guest ORDER BY called_at, call)
FROM changes
WHERE before IS DISTINCT FROM ARRAY[is_admin, is_guest]
GROUP BY person;

CREATE OR REPLACE VIEW segment_signal (account_id, user_id, signal, value, occurred_at) AS
SELECT e.account_id, CASE WHEN e.is_guest IS NOT TRUE THEN e.user_id END, s.signal, s.value, e.occurred_at
FROM (SELECT t.occurred_at, t.event, coalesce(segment_account_id(t.context_group_id),
                                              m.account_id[width_bucket(t.occurred_at, m.since)]) AS account_id,
             segment_name(coalesce(p.person, t.user_id)) AS user_id,
             r.is_admin[width_bucket(t.occurred_at, r.since)] AS is_admin,
             r.is_guest[width_bucket(t.occurred_at, r.since)] AS is_guest
      FROM (SELECT NULL::text AS context_group_id) AS absent
      CROSS JOIN LATERAL (SELECT id, nullif(user_id, '')::text AS user_id, anonymous_id::text, event::text,
                                 context_group_id::text, "timestamp" AS occurred_at, received_at, tableoid AS part,
                                 ctid AS place
                          FROM app.tracks) AS t
      LEFT JOIN segment_person AS p ON p.id = coalesce(t.user_id, t.anonymous_id)
      LEFT JOIN segment_membership AS m ON m.person = coalesce(p.person, t.user_id, t.anonymous_id)
      LEFT JOIN segment_role AS r ON r.person = coalesce(p.person, t.user_id)
      WHERE NOT EXISTS (SELECT FROM app.tracks AS first  -- each id once, as it came first
                        WHERE first.id = t.id
                          AND (coalesce(first.received_at, 'infinity'), first.tableoid, first.ctid)
                              < (coalesce(t.received_at, 'infinity'), t.part, t.place))) AS e
CROSS JOIN LATERAL (VALUES (segment_name(e.event), NULL::float8),
    -- CHANGE HERE: which event is a login.
    (CASE WHEN e.is_admin AND e.event IN ('login', 'logged_in', 'signed_in', 'user_logged_in', 'user_signed_in')
          THEN 'admin_login' END, NULL),
    (CASE WHEN e.is_guest THEN 'guest:' || e.user_id END, NULL)) AS s (signal, value)
WHERE e.account_id IS NOT NULL AND s.signal <> ''
    AND e.occurred_at >= '1970-01-01 00:00+00' AND e.occurred_at < '2200-01-01 00:00+00';

-- A value: write (SELECT n.score FROM app.nps_answered AS n WHERE n.id = t.id LIMIT 1) AS score behind t.event above and
-- e.score for NULL::float8, and make an index on app.nps_answered (id).

-- Accounts by the traits of their group calls, of each trait what was said last; a trait that you do not send is NULL.
CREATE OR REPLACE FUNCTION segment_number(trait text) RETURNS numeric LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE WHEN trait ~ '^\d{1,9}(\.\d+)?$' THEN trait::numeric END
$$;

-- Times come as timestamps, as text or as seconds since 1970.
CREATE OR REPLACE FUNCTION segment_date(trait text) RETURNS date LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT CASE WHEN trait ~ '^\d{4}-\d\d-\d\d[T ]\d\d:\d\d.*(Z|[+-]\d\d(:?\d\d)?)$'
                THEN (trait::timestamptz AT TIME ZONE 'UTC')::date
                WHEN trait ~ '^\d{4}-\d\d-\d\d' THEN left(trait, 10)::date
                WHEN trait ~ '^\d{9,10}(\.\d+)?$' THEN (to_timestamp(trait::float8) AT TIME ZONE 'UTC')::date END
$$;

CREATE OR REPLACE VIEW segment_account (account_id, name, segment, seats, arr, csm, created_on, renews_on) AS
SELECT account_id, traits ->> 'name',
       -- CHANGE HERE: the segment is the model that is used; name your plans.
       CASE WHEN lower(traits ->> 'plan') IN ('enterprise') THEN 'enterprise'
            WHEN lower(traits ->> 'plan') IN ('mid', 'business', 'growth', 'pro', 'team') THEN 'mid'
            WHEN lower(traits ->> 'plan') IN ('smb', 'starter', 'basic', 'free') THEN 'smb' END,
       -- Licences if you send them, otherwise employees.
       coalesce(segment_number(traits ->> 'seats'), segment_number(traits ->> 'employee_count'),
                segment_number(traits ->> 'employees'))::int,
       -- CHANGE HERE: mrr is taken in whole units of money; where your tracking sends cents, 12 * ... / 100.
       coalesce(segment_number(traits ->> 'arr'), 12 * segment_number(traits ->> 'mrr')),
       traits ->> 'csm', segment_date(traits ->> 'created_at'), segment_date(traits ->> 'renews_at')
FROM (SELECT segment_account_id(g.group_id) AS account_id,
             jsonb_object_agg(t.key, t.value ORDER BY g.called_at NULLS FIRST, g.id) AS traits
      FROM segment_group AS g CROSS JOIN LATERAL jsonb_each_text(g.traits) AS t
      WHERE t.value <> '' AND t.key IN ('group_id', 'name', 'plan', 'seats', 'employee_count', 'employees', 'mrr', 'arr',
                                        'csm', 'created_at', 'renews_at')
      GROUP BY 1) AS account
WHERE account_id IS NOT NULL;
