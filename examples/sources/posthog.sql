-- PostHog: events as signals, counted for the group that they carry. Reads what the batch exports to Postgres write, the
-- models events and persons, here posthog.events and posthog.persons: replace those where yours have other names. Paste it
-- into any client, or
--
--   psql -d yours -v ON_ERROR_STOP=1 -f examples/sources/posthog.sql
--
-- It makes posthog_signal and posthog_account. From there to a scoreboard: examples/warehouse.sql, also for several systems, or
-- by itself: examples/models.sql, then
--
--   CREATE VIEW events AS SELECT account_id, user_id, signal AS event, value, occurred_at FROM posthog_signal;
--   CREATE VIEW accounts AS
--   SELECT account_id, coalesce(name, account_id) AS name, coalesce(m.segment, 'mid') AS segment, seats, arr, csm,
--          coalesce(created_on, first_day) AS created_on, renews_on
--   FROM posthog_account
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
--   UPDATE health_models SET model = model || '{"signals": {"login": {"aliases": ["user logged in", "User logged in"]},
--                                                           "report_viewed": {"aliases": ["report opened"]}}}';
--
-- and examples/views.sql.
--
-- What it takes as given:
--   account   the key of the event's own group of type company (properties, $groups). Which types are yours:
--             SELECT DISTINCT jsonb_object_keys(properties -> '$groups') FROM posthog.events
--             WHERE jsonb_typeof(properties -> '$groups') = 'object';
--             None? Groups are an add-on that is paid for. Without it take a property of the event or of the person, such
--             as the domain of the mail address: posthog_group and posthog_home below. Several keys in an array count for
--             each. An event without one counts where its person was by the last event with a group before it; what came
--             before the first of those belongs to nobody. No later event moves an earlier one.
--   user      person_id of the persons export, which follows merges; a distinct_id that is not there (yet) is followed
--             by the $identify, $create_alias and $merge_dangerously events. An anonymous visitor is no user.
--   signal    event, as it was sent. Of PostHog's own events, which begin with $, page and screen views stay.
--   admin_login  beside the login of somebody who was an admin by the last $identify or $set before it; who has none is
--             what the persons export says today
--   guest:<id>   beside whatever a user without a licence does; those rows have no user_id: user:* counts licences only.
--             Without a property that says so everybody is licensed.
--   value     the property value, where it is a number up to a billion
-- The export may write an event twice; each uuid counts once. An event without a timestamp counts nowhere, nor does one
-- that a wrong clock puts before 1970 or after 2199.
--
-- Millions of rows: CREATE INDEX ON posthog.events (uuid); the same on ("timestamp") and on (event). Duplicates are found by
-- uuid in the whole table and not in the rows that were asked for, so WHERE occurred_at >= ... outside of the view is
-- right and cheap: it reads its days by one index and looks up each uuid in the other. Hundreds of millions: write CREATE
-- MATERIALIZED VIEW for posthog_person, posthog_membership and posthog_role, and refresh them, in this order, before the
-- night. Membership reads all events; where each event carries its group, write AND false behind its groups_before.

-- CHANGE HERE: company is the group type whose keys are your accounts. Without groups, a property of the event:
-- SELECT properties -> 'company_id'.
CREATE OR REPLACE FUNCTION posthog_group(properties jsonb) RETURNS jsonb LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT properties #> '{$groups,company}'
$$;

-- CHANGE HERE, if events do not say it: where somebody is by the person properties of the persons export, from the
-- beginning until an event has a group. SELECT properties -> 'company_id', or the domain of the mail address:
-- SELECT to_jsonb(lower(nullif(split_part(properties ->> 'email', '@', 2), ''))).
CREATE OR REPLACE FUNCTION posthog_home(properties jsonb) RETURNS jsonb LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT NULL::jsonb
$$;

-- A key is text or a number, or an array of those.
CREATE OR REPLACE FUNCTION posthog_key(key jsonb) RETURNS jsonb LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE WHEN jsonb_typeof(key) IN ('string', 'number', 'array') THEN nullif(nullif(key, '""'), '[]') END
$$;
CREATE OR REPLACE FUNCTION posthog_groups(properties jsonb) RETURNS jsonb LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT posthog_key(posthog_group(properties))
$$;

-- CHANGE HERE: how a key becomes an account. Free-mail domains such as gmail.com are never accounts.
CREATE OR REPLACE FUNCTION posthog_account_id(key text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE WHEN btrim(key) <> '' AND lower(btrim(key)) NOT IN (
        'gmail.com', 'googlemail.com', 'outlook.com', 'hotmail.com', 'hotmail.fr', 'hotmail.co.uk', 'live.com', 'live.fr',
        'msn.com', 'yahoo.com', 'yahoo.fr', 'yahoo.co.uk', 'ymail.com', 'aol.com', 'icloud.com', 'me.com', 'mac.com',
        'proton.me', 'protonmail.com', 'gmx.com', 'gmx.de', 'gmx.net', 'web.de', 't-online.de', 'mail.com', 'mail.ru',
        'yandex.ru', 'yandex.com', 'zoho.com', 'fastmail.com', 'comcast.net', 'qq.com', '163.com', '126.com', 'orange.fr',
        'wanadoo.fr', 'free.fr', 'laposte.net', 'sfr.fr', 'users.noreply.github.com') THEN btrim(key) END
$$;

-- What an activity can hold: a name has at most 255 bytes (with user: or guest: before it), the values
-- of a day must add up. A value that is no number is none.
CREATE OR REPLACE FUNCTION posthog_name(name text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE WHEN octet_length(name) > 248 THEN left(name, 62) ELSE name END
$$;
CREATE OR REPLACE FUNCTION posthog_value(value jsonb) RETURNS float8 LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE jsonb_typeof(value) WHEN 'number' THEN CASE WHEN abs(value::numeric) <= 1e9 THEN value::float8 END END
$$;

-- The persons export, where there is one.
DO $$
BEGIN
    IF to_regclass('posthog.persons') IS NULL THEN
        CREATE OR REPLACE VIEW posthog_profile AS
        SELECT NULL::int AS team_id, NULL::text AS distinct_id, NULL::text AS person_id, NULL::bigint AS version,
               NULL::jsonb AS properties WHERE false;
    ELSE
        CREATE OR REPLACE VIEW posthog_profile AS
        SELECT p.team_id::int AS team_id, p.distinct_id::text AS distinct_id, p.person_id::text AS person_id,
               p.person_distinct_id_version::bigint AS version, p.properties::jsonb AS properties
        FROM (SELECT false AS is_deleted, NULL::jsonb AS properties) AS absent
        CROSS JOIN LATERAL (SELECT team_id, distinct_id, person_id, person_distinct_id_version, properties, is_deleted
                            FROM posthog.persons) AS p
        WHERE p.is_deleted IS NOT TRUE;
    END IF;
END $$;

-- Who an id stands for, where it stands for another one: the export says so, or else events do. Chains are followed to
-- their end; all ids of a circle are the smallest of them. Ids are those of a project: its number is before them.
CREATE OR REPLACE VIEW posthog_person (id, person) AS
WITH RECURSIVE link AS (
    SELECT DISTINCT ON (team_id, old_id) team_id || ':' || old_id AS old_id, team_id || ':' || new_id AS new_id
    FROM (SELECT team_id, distinct_id, person_id, version, NULL::timestamptz FROM posthog_profile
          UNION ALL
          SELECT team_id, properties ->> CASE event WHEN '$identify' THEN '$anon_distinct_id' ELSE 'alias' END,
                 distinct_id::text, NULL, "timestamp"
          FROM posthog.events WHERE event IN ('$identify', '$create_alias', '$merge_dangerously')
         ) AS said (team_id, old_id, new_id, version, said_at)
    WHERE old_id <> '' AND new_id <> '' AND old_id <> new_id
    ORDER BY team_id, old_id, version DESC NULLS LAST, said_at DESC NULLS LAST, new_id
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

-- Where somebody was when, for events that do not say so: the times of the changes and the groups since each, so that
-- width_bucket() finds the last change before an event. OFFSET 0 keeps the properties out of what is sorted.
CREATE OR REPLACE VIEW posthog_membership (person, since, groups) AS
SELECT person, array_agg(said_at ORDER BY said_at, uuid), array_agg(groups ORDER BY said_at, uuid)
FROM (SELECT *, lag(groups) OVER (PARTITION BY person ORDER BY said_at, uuid) AS groups_before
      FROM (SELECT coalesce(p.person, e.id) AS person, e.groups, e.said_at, e.uuid
            FROM ((SELECT team_id || ':' || distinct_id AS id, uuid, "timestamp" AS said_at,
                          posthog_groups(properties) AS groups
                   FROM posthog.events OFFSET 0)
                  UNION ALL
                  SELECT team_id || ':' || distinct_id, '', '-infinity', posthog_key(posthog_home(properties))
                  FROM posthog_profile) AS e
            LEFT JOIN posthog_person AS p ON p.id = e.id
            WHERE e.groups IS NOT NULL AND e.said_at IS NOT NULL) AS named) AS said
WHERE groups IS DISTINCT FROM groups_before
GROUP BY person;

-- Who was admin or guest when. An event that does not say so changes nothing.
CREATE OR REPLACE VIEW posthog_role (person, since, is_admin, is_guest) AS
WITH said AS (
    SELECT coalesce(p.person, e.id) AS person, e.said_at, e.uuid,
           -- CHANGE HERE: the person properties that make an admin, and a user without a licence.
           coalesce(e.set ->> 'is_admin' IN ('true', '1'), lower(e.set ->> 'role') IN ('admin', 'owner')) AS is_admin,
           coalesce(e.set ->> 'is_guest' IN ('true', '1'), lower(e.set ->> 'role') = 'guest') AS is_guest
    FROM ((SELECT team_id || ':' || distinct_id AS id, uuid, "timestamp" AS said_at,
                  coalesce(properties -> '$set', "set") AS set
           FROM posthog.events WHERE event IN ('$identify', '$set') OFFSET 0)
          UNION ALL
          SELECT DISTINCT team_id || ':' || person_id, '', timestamptz '-infinity', properties FROM posthog_profile) AS e
    LEFT JOIN posthog_person AS p ON p.id = e.id
), answered AS (  -- a profile counts where no event says it
    SELECT person, said_at, uuid,
           CASE WHEN said_at > '-infinity' OR count(is_admin) FILTER (WHERE said_at > '-infinity') OVER w = 0 THEN is_admin END
               AS is_admin,
           CASE WHEN said_at > '-infinity' OR count(is_guest) FILTER (WHERE said_at > '-infinity') OVER w = 0 THEN is_guest END
               AS is_guest
    FROM said
    WINDOW w AS (PARTITION BY person)
), counted AS (  -- each answer opens a group, which ends before the next one
    SELECT *, count(is_admin) OVER w AS a, count(is_guest) OVER w AS g FROM answered
    WHERE said_at IS NOT NULL AND (is_admin IS NOT NULL OR is_guest IS NOT NULL)
    WINDOW w AS (PARTITION BY person ORDER BY said_at, uuid)
), known AS (
    SELECT person, said_at, uuid,
           coalesce(first_value(is_admin) OVER (PARTITION BY person, a ORDER BY said_at, uuid), false) AS is_admin,
           coalesce(first_value(is_guest) OVER (PARTITION BY person, g ORDER BY said_at, uuid), false) AS is_guest
    FROM counted
), changes AS (
    SELECT *, lag(ARRAY[is_admin, is_guest]) OVER (PARTITION BY person ORDER BY said_at, uuid) AS before FROM known
)
SELECT person, array_agg(said_at ORDER BY said_at, uuid), array_agg(is_admin ORDER BY said_at, uuid),
       array_agg(is_guest ORDER BY said_at, uuid)
FROM changes
WHERE before IS DISTINCT FROM ARRAY[is_admin, is_guest]
GROUP BY person;

CREATE OR REPLACE VIEW posthog_signal (account_id, user_id, signal, value, occurred_at) AS
SELECT a.account_id, CASE WHEN e.is_guest IS NOT TRUE THEN e.user_id END, s.signal, s.value, e.occurred_at
FROM (SELECT t.occurred_at, t.event, coalesce(posthog_groups(t.properties), m.groups[width_bucket(t.occurred_at, m.since)])
                 AS groups,
             posthog_name(CASE WHEN p.person IS NOT NULL THEN substr(p.person, strpos(p.person, ':') + 1)
                               WHEN t.properties ->> '$process_person_profile' IS DISTINCT FROM 'false' THEN t.distinct_id
                          END) AS user_id,
             r.is_admin[width_bucket(t.occurred_at, r.since)] AS is_admin,
             r.is_guest[width_bucket(t.occurred_at, r.since)] AS is_guest,
             posthog_value(t.properties -> 'value') AS value
      FROM (SELECT uuid, team_id || ':' || distinct_id AS id, distinct_id::text, event::text, properties,
                   "timestamp" AS occurred_at, tableoid AS part, ctid AS place
            FROM posthog.events) AS t
      LEFT JOIN posthog_person AS p ON p.id = t.id
      LEFT JOIN posthog_membership AS m ON m.person = coalesce(p.person, t.id)
      LEFT JOIN posthog_role AS r ON r.person = coalesce(p.person, t.id)
      -- CHANGE HERE: which of PostHog's own events count.
      WHERE (t.event NOT LIKE '$%' OR t.event IN ('$pageview', '$screen'))
        AND NOT EXISTS (SELECT FROM posthog.events AS first  -- each uuid once
                        WHERE first.uuid = t.uuid
                          AND (coalesce(first."timestamp", 'infinity'), first.tableoid, first.ctid)
                              < (coalesce(t.occurred_at, 'infinity'), t.part, t.place))) AS e
CROSS JOIN LATERAL jsonb_array_elements(
    CASE WHEN jsonb_typeof(e.groups) <> 'array' THEN jsonb_build_array(e.groups)
         WHEN jsonb_array_length(e.groups) = 1 THEN e.groups
         ELSE (SELECT jsonb_agg(DISTINCT key) FROM jsonb_array_elements(e.groups) AS g (key)) END) AS g (key)
CROSS JOIN LATERAL (SELECT CASE WHEN jsonb_typeof(key) IN ('string', 'number')
                                THEN posthog_account_id(key #>> '{}') END) AS a (account_id)
CROSS JOIN LATERAL (VALUES (posthog_name(e.event), e.value),
    -- CHANGE HERE: which event is a login.
    (CASE WHEN e.is_admin AND lower(replace(e.event, ' ', '_'))
                              IN ('login', 'logged_in', 'signed_in', 'user_login', 'user_logged_in', 'user_signed_in')
          THEN 'admin_login' END, NULL),
    (CASE WHEN e.is_guest THEN 'guest:' || e.user_id END, NULL)) AS s (signal, value)
WHERE a.account_id IS NOT NULL AND s.signal <> ''
    AND e.occurred_at >= '1970-01-01 00:00+00' AND e.occurred_at < '2200-01-01 00:00+00';

-- Accounts by the properties of their $groupidentify events, of each the last that was given; what you do not send is NULL.
CREATE OR REPLACE FUNCTION posthog_number(property text) RETURNS numeric LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE WHEN property ~ '^\d{1,9}(\.\d+)?$' THEN property::numeric END
$$;

-- Times come as text or as seconds since 1970.
CREATE OR REPLACE FUNCTION posthog_date(property text) RETURNS date LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT CASE WHEN property ~ '^\d{4}-\d\d-\d\d[T ]\d\d:\d\d.*(Z|[+-]\d\d(:?\d\d)?)$'
                THEN (property::timestamptz AT TIME ZONE 'UTC')::date
                WHEN property ~ '^\d{4}-\d\d-\d\d' THEN left(property, 10)::date
                WHEN property ~ '^\d{9,10}(\.\d+)?$' THEN (to_timestamp(property::float8) AT TIME ZONE 'UTC')::date END
$$;

CREATE OR REPLACE VIEW posthog_account (account_id, name, segment, seats, arr, csm, created_on, renews_on) AS
SELECT account_id, properties ->> 'name',
       -- CHANGE HERE: the segment is the model that is used; name your plans.
       CASE WHEN lower(properties ->> 'plan') IN ('enterprise') THEN 'enterprise'
            WHEN lower(properties ->> 'plan') IN ('mid', 'business', 'growth', 'pro', 'team') THEN 'mid'
            WHEN lower(properties ->> 'plan') IN ('smb', 'starter', 'basic', 'free') THEN 'smb' END,
       -- Licences if you send them, otherwise employees.
       coalesce(posthog_number(properties ->> 'seats'), posthog_number(properties ->> 'employee_count'),
                posthog_number(properties ->> 'employees'))::int,
       -- CHANGE HERE: mrr is taken in whole units of money; where your tracking sends cents, 12 * ... / 100.
       coalesce(posthog_number(properties ->> 'arr'), 12 * posthog_number(properties ->> 'mrr')),
       properties ->> 'csm', posthog_date(properties ->> 'created_at'), posthog_date(properties ->> 'renews_at')
FROM (SELECT posthog_account_id(g.properties ->> '$group_key') AS account_id,
             coalesce(jsonb_object_agg(s.key, s.value ORDER BY g."timestamp" NULLS FIRST, g.uuid)
                      FILTER (WHERE s.value <> ''), '{}') AS properties
      FROM posthog.events AS g
      LEFT JOIN LATERAL jsonb_each_text(CASE jsonb_typeof(g.properties -> '$group_set') WHEN 'object'
                                             THEN g.properties -> '$group_set' ELSE '{}' END) AS s ON true
      -- CHANGE HERE: the group type, as above.
      WHERE g.event = '$groupidentify' AND g.properties ->> '$group_type' = 'company'
      GROUP BY 1) AS account
WHERE account_id IS NOT NULL;
