-- Mixpanel: events as signals, counted for each company that they carry. Reads the table event as Fivetran lands it, here in
-- the schema mixpanel: replace it where yours has another name. Paste it into any client, or
--
--   psql -d yours -v ON_ERROR_STOP=1 -f examples/sources/mixpanel.sql
--
-- It makes mixpanel_signal and mixpanel_account. From there to a scoreboard: examples/warehouse.sql, also for several systems, or
-- by itself: examples/models.sql, then
--
--   CREATE VIEW events AS SELECT account_id, user_id, signal AS event, value, occurred_at FROM mixpanel_signal;
--   CREATE VIEW accounts AS
--   SELECT account_id, coalesce(name, account_id) AS name, coalesce(m.segment, 'mid') AS segment, seats, arr, csm,
--          coalesce(created_on, first_day) AS created_on, renews_on
--   FROM mixpanel_account
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
--   UPDATE health_models SET model = model || '{"signals": {"login": {"aliases": ["User Logged In", "Signed In"]},
--                                                           "report_viewed": {"aliases": ["Report Opened"]}}}';
--
-- and examples/views.sql.
--
-- What it takes as given:
--   account   the event's own group key, the property company_id (yours: SELECT DISTINCT jsonb_object_keys(properties::jsonb)
--             FROM mixpanel.event, and mixpanel_groups below); an event with several of them counts for each. An event
--             without one counts where its user was by the last event with one before it; what came before the first of
--             those belongs to nobody. No later event moves an earlier one.
--   user      distinct_id, and whom it was merged into: by distinct_id_before_identity, by an event with device_id and
--             user_id, by $identify, $create_alias and $merge events where they are exported. A device is no user.
--   signal    name, as it was sent. Names with $ are left out, but for page views ($mp_web_page_view) and app sessions
--             ($ae_session).
--   admin_login  beside the login of somebody who was an admin by the properties that the event carries
--   guest:<id>   beside whatever a user without a licence does; those rows have no user_id: user:* counts licences only.
--             Without a property that says so everybody is licensed.
--   value     the property value, where it is a number up to a billion
-- Each insert_id of a user, event and day counts once (Mixpanel's own rule): the copy that was processed first. An event
-- without a time counts nowhere, nor does one that a wrong clock puts before 1970 or after 2199.
--
-- Fivetran makes a column when it first sees a property of Mixpanel's own, so some may not be there. They stand in a row of
-- NULLs, absent, and SQL takes the one of the table where there is one. Once a column has appeared run this file again.
--
-- Millions of rows: CREATE INDEX ON mixpanel.event (insert_id); CREATE INDEX ON mixpanel.event ((time AT TIME ZONE 'UTC')).
-- Duplicates are found in the whole table and not in the rows that were asked for, so WHERE occurred_at >= ... outside of the
-- view is right and cheap: it reads its days by one index and looks up each id in the other. Hundreds of millions: write
-- CREATE MATERIALIZED VIEW for mixpanel_person and mixpanel_membership and refresh them, in this order, before the night.
-- Both read all events; where each event carries its company, write AND false behind groups_before.

-- CHANGE HERE: the group key whose values are your accounts. A value is text or a number, or an array of those.
CREATE OR REPLACE FUNCTION mixpanel_groups(properties jsonb) RETURNS jsonb LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE WHEN jsonb_typeof(properties -> 'company_id') IN ('string', 'number', 'array')
                THEN nullif(nullif(properties -> 'company_id', '""'), '[]') END
$$;

-- CHANGE HERE: how a value becomes an account. Free-mail domains such as gmail.com are never accounts.
CREATE OR REPLACE FUNCTION mixpanel_account_id(name text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE WHEN btrim(name) <> '' AND lower(btrim(name)) NOT IN (
        'gmail.com', 'googlemail.com', 'outlook.com', 'hotmail.com', 'hotmail.fr', 'hotmail.co.uk', 'live.com', 'live.fr',
        'msn.com', 'yahoo.com', 'yahoo.fr', 'yahoo.co.uk', 'ymail.com', 'aol.com', 'icloud.com', 'me.com', 'mac.com',
        'proton.me', 'protonmail.com', 'gmx.com', 'gmx.de', 'gmx.net', 'web.de', 't-online.de', 'mail.com', 'mail.ru',
        'yandex.ru', 'yandex.com', 'zoho.com', 'fastmail.com', 'comcast.net', 'qq.com', '163.com', '126.com', 'orange.fr',
        'wanadoo.fr', 'free.fr', 'laposte.net', 'sfr.fr', 'users.noreply.github.com') THEN btrim(name) END
$$;

-- CHANGE HERE, if your export has times in the zone of the project: AT TIME ZONE 'America/New_York', here and in the index.
-- Fivetran gives UTC, without saying so in the type. Whatever type a column has, the function of that type is taken, and
-- costs nothing.
CREATE OR REPLACE FUNCTION mixpanel_time(t timestamp) RETURNS timestamptz LANGUAGE sql IMMUTABLE PARALLEL SAFE
AS $$ SELECT t AT TIME ZONE 'UTC' $$;
CREATE OR REPLACE FUNCTION mixpanel_time(t timestamptz) RETURNS timestamptz LANGUAGE sql IMMUTABLE PARALLEL SAFE
AS $$ SELECT t $$;
CREATE OR REPLACE FUNCTION mixpanel_json(j jsonb) RETURNS jsonb LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT j $$;
CREATE OR REPLACE FUNCTION mixpanel_json(j json) RETURNS jsonb LANGUAGE sql IMMUTABLE PARALLEL SAFE
AS $$ SELECT j::jsonb $$;
CREATE OR REPLACE FUNCTION mixpanel_json(j text) RETURNS jsonb LANGUAGE sql IMMUTABLE PARALLEL SAFE
AS $$ SELECT CASE WHEN j LIKE '{%' OR j LIKE '[%' THEN j::jsonb END $$;

-- What an activity can hold: a name has at most 255 bytes (with user: or guest: before it), the values
-- of a day must add up. A value that is no number is none.
CREATE OR REPLACE FUNCTION mixpanel_name(name text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE WHEN octet_length(name) > 248 THEN left(name, 62) ELSE name END
$$;
CREATE OR REPLACE FUNCTION mixpanel_value(value jsonb) RETURNS float8 LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE jsonb_typeof(value) WHEN 'number' THEN CASE WHEN abs(value::numeric) <= 1e9 THEN value::float8 END END
$$;

-- Who an id stands for, where it stands for another one: what was said last counts. Chains are followed to their end; all
-- ids of a circle are the smallest of them.
CREATE OR REPLACE VIEW mixpanel_person (id, person) AS
WITH RECURSIVE said (old_id, new_id, said_at) AS (
    SELECT e.distinct_id_before_identity::text, e.distinct_id, max(said_at)
    FROM (SELECT NULL::text AS distinct_id_before_identity) AS absent
    CROSS JOIN LATERAL (SELECT distinct_id_before_identity, distinct_id::text, mixpanel_time(time) AS said_at
                        FROM mixpanel.event) AS e
    WHERE e.distinct_id_before_identity <> ''
    GROUP BY 1, 2
    UNION ALL
    SELECT '$device:' || e.device_id, e.user_id::text, max(said_at)
    FROM (SELECT NULL::text AS device_id, NULL::text AS user_id) AS absent
    CROSS JOIN LATERAL (SELECT device_id, user_id, mixpanel_time(time) AS said_at FROM mixpanel.event) AS e
    WHERE e.device_id <> '' AND e.user_id <> ''
    GROUP BY 1, 2
    UNION ALL
    SELECT CASE e.name WHEN '$identify' THEN coalesce(e.anon_id::text, e.properties ->> '$anon_id')
                       WHEN '$create_alias' THEN coalesce(e.alias::text, e.properties ->> 'alias')
                       ELSE coalesce(mixpanel_json(e.distinct_ids), e.properties -> '$distinct_ids') ->> 1 END,
           CASE e.name WHEN '$identify' THEN coalesce(e.identified_id::text, e.properties ->> '$identified_id')
                       WHEN '$create_alias' THEN e.distinct_id
                       ELSE coalesce(mixpanel_json(e.distinct_ids), e.properties -> '$distinct_ids') ->> 0 END, said_at
    FROM (SELECT NULL::text AS anon_id, NULL::text AS identified_id, NULL::text AS alias, NULL::text AS distinct_ids
         ) AS absent
    CROSS JOIN LATERAL (SELECT name, distinct_id::text, anon_id, identified_id, alias, distinct_ids,
                               mixpanel_json(properties) AS properties, mixpanel_time(time) AS said_at
                        FROM mixpanel.event WHERE name IN ('$identify', '$create_alias', '$merge')) AS e
), link AS (
    SELECT DISTINCT ON (old_id) old_id, new_id FROM said
    WHERE old_id <> '' AND new_id <> '' AND old_id <> new_id
    ORDER BY old_id, said_at DESC NULLS LAST, new_id
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

-- Where somebody was when, for events that do not say so: the times of the changes and the companies since each, so that
-- width_bucket() finds the last change before an event. OFFSET 0 keeps the properties out of what is sorted.
CREATE OR REPLACE VIEW mixpanel_membership (person, since, groups) AS
SELECT person, array_agg(said_at ORDER BY said_at, id), array_agg(groups ORDER BY said_at, id)
FROM (SELECT *, lag(groups) OVER (PARTITION BY person ORDER BY said_at, id) AS groups_before
      FROM (SELECT coalesce(p.person, e.distinct_id) AS person, e.id, e.groups, e.said_at
            FROM (SELECT nullif(distinct_id, '')::text AS distinct_id, _fivetran_id AS id, mixpanel_time(time) AS said_at,
                         mixpanel_groups(mixpanel_json(properties)) AS groups
                  FROM mixpanel.event OFFSET 0) AS e
            LEFT JOIN mixpanel_person AS p ON p.id = e.distinct_id
            WHERE e.distinct_id IS NOT NULL AND e.groups IS NOT NULL AND e.said_at IS NOT NULL) AS named) AS said
WHERE groups IS DISTINCT FROM groups_before
GROUP BY person;

CREATE OR REPLACE VIEW mixpanel_signal (account_id, user_id, signal, value, occurred_at) AS
SELECT a.account_id, CASE WHEN e.is_guest IS NOT TRUE THEN e.user_id END, s.signal, s.value, e.occurred_at
FROM (SELECT t.occurred_at, t.name, coalesce(mixpanel_groups(t.properties), m.groups[width_bucket(t.occurred_at, m.since)])
                 AS groups,
             mixpanel_name(CASE WHEN coalesce(p.person, t.distinct_id) NOT LIKE '$device:%'
                                 AND (p.person IS NOT NULL OR t.distinct_id IS DISTINCT FROM t.device_id)
                                THEN coalesce(p.person, t.distinct_id) END) AS user_id,
             -- CHANGE HERE: the properties that make an admin, and a user without a licence.
             coalesce(t.properties ->> 'is_admin' IN ('true', '1'), lower(t.properties ->> 'role') IN ('admin', 'owner'))
                 AS is_admin,
             coalesce(t.properties ->> 'is_guest' IN ('true', '1'), lower(t.properties ->> 'role') = 'guest') AS is_guest,
             mixpanel_value(t.properties -> 'value') AS value
      FROM (SELECT NULL::text AS insert_id, NULL::text AS device_id, NULL::bigint AS mp_processing_time_ms) AS absent
      CROSS JOIN LATERAL (SELECT nullif(distinct_id, '')::text AS distinct_id, name::text, insert_id, device_id::text,
                                 mixpanel_json(properties) AS properties, mixpanel_time(time) AS occurred_at,
                                 mp_processing_time_ms, tableoid AS part, ctid AS place
                          FROM mixpanel.event) AS t
      LEFT JOIN mixpanel_person AS p ON p.id = t.distinct_id
      LEFT JOIN mixpanel_membership AS m ON m.person = coalesce(p.person, t.distinct_id)
      -- CHANGE HERE: which of Mixpanel's own events count.
      WHERE (t.name NOT LIKE '$%' OR t.name IN ('$mp_web_page_view', '$ae_session'))
        AND NOT EXISTS (SELECT FROM (SELECT NULL::text AS insert_id, NULL::bigint AS mp_processing_time_ms) AS absent
                        CROSS JOIN LATERAL (SELECT insert_id AS same_id, nullif(distinct_id, '')::text AS same_user,
                                                   name AS same_name, mixpanel_time(time) AS same_time,
                                                   mp_processing_time_ms AS processed, tableoid AS part, ctid AS place
                                            FROM mixpanel.event) AS first
                        WHERE same_id = t.insert_id AND same_id <> '' AND same_name = t.name
                          AND same_user IS NOT DISTINCT FROM t.distinct_id
                          AND (same_time AT TIME ZONE 'UTC')::date = (t.occurred_at AT TIME ZONE 'UTC')::date
                          AND (coalesce(first.processed, 9e18), first.part, first.place)
                              < (coalesce(t.mp_processing_time_ms, 9e18), t.part, t.place))) AS e
CROSS JOIN LATERAL jsonb_array_elements(
    CASE WHEN jsonb_typeof(e.groups) <> 'array' THEN jsonb_build_array(e.groups)
         WHEN jsonb_array_length(e.groups) = 1 THEN e.groups
         ELSE (SELECT jsonb_agg(DISTINCT company) FROM jsonb_array_elements(e.groups) AS g (company)) END) AS g (company)
CROSS JOIN LATERAL (SELECT CASE WHEN jsonb_typeof(company) IN ('string', 'number')
                                THEN mixpanel_account_id(company #>> '{}') END) AS a (account_id)
CROSS JOIN LATERAL (VALUES (mixpanel_name(e.name), e.value),
    -- CHANGE HERE: which event is a login.
    (CASE WHEN e.is_admin AND lower(replace(e.name, ' ', '_'))
                              IN ('login', 'logged_in', 'signed_in', 'user_login', 'user_logged_in', 'user_signed_in')
          THEN 'admin_login' END, NULL),
    (CASE WHEN e.is_guest THEN 'guest:' || e.user_id END, NULL)) AS s (signal, value)
WHERE a.account_id IS NOT NULL AND s.signal <> ''
    AND e.occurred_at >= '1970-01-01 00:00+00' AND e.occurred_at < '2200-01-01 00:00+00';

-- Accounts: every company that an event had. Fivetran brings no profiles of groups, so what is known of one is what its
-- events carry, of each property the last that was given. An event of several companies does not say whose they are.
CREATE OR REPLACE FUNCTION mixpanel_number(property text) RETURNS numeric LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE WHEN property ~ '^\d{1,9}(\.\d+)?$' THEN property::numeric END
$$;

-- Times come as text or as seconds since 1970.
CREATE OR REPLACE FUNCTION mixpanel_date(property text) RETURNS date LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT CASE WHEN property ~ '^\d{4}-\d\d-\d\d[T ]\d\d:\d\d.*(Z|[+-]\d\d(:?\d\d)?)$'
                THEN (property::timestamptz AT TIME ZONE 'UTC')::date
                WHEN property ~ '^\d{4}-\d\d-\d\d' THEN left(property, 10)::date
                WHEN property ~ '^\d{9,10}(\.\d+)?$' THEN (to_timestamp(property::float8) AT TIME ZONE 'UTC')::date END
$$;

CREATE OR REPLACE VIEW mixpanel_account (account_id, name, segment, seats, arr, csm, created_on, renews_on) AS
WITH said AS (  -- few different ones, whatever the number of events
    SELECT mixpanel_groups(properties) AS groups,
           -- CHANGE HERE: the event properties that tell of the company.
           jsonb_strip_nulls(jsonb_build_object(
               'name', properties ->> 'company_name', 'plan', properties ->> 'plan', 'seats', properties ->> 'seats',
               'employee_count', properties ->> 'employee_count', 'mrr', properties ->> 'mrr', 'arr', properties ->> 'arr',
               'csm', properties ->> 'csm', 'created_at', properties ->> 'company_created_at',
               'renews_at', properties ->> 'renews_at')) AS properties,
           max(occurred_at) AS said_at
    FROM (SELECT mixpanel_json(properties) AS properties, mixpanel_time(time) AS occurred_at FROM mixpanel.event) AS e
    GROUP BY 1, 2
)
SELECT account_id, properties ->> 'name',
       -- CHANGE HERE: the segment is the model that is used; name your plans.
       CASE WHEN lower(properties ->> 'plan') IN ('enterprise') THEN 'enterprise'
            WHEN lower(properties ->> 'plan') IN ('mid', 'business', 'growth', 'pro', 'team') THEN 'mid'
            WHEN lower(properties ->> 'plan') IN ('smb', 'starter', 'basic', 'free') THEN 'smb' END,
       -- Licences if you send them, otherwise employees.
       coalesce(mixpanel_number(properties ->> 'seats'), mixpanel_number(properties ->> 'employee_count'))::int,
       -- CHANGE HERE: mrr is taken in whole units of money; where your tracking sends cents, 12 * ... / 100.
       coalesce(mixpanel_number(properties ->> 'arr'), 12 * mixpanel_number(properties ->> 'mrr')),
       properties ->> 'csm', mixpanel_date(properties ->> 'created_at'), mixpanel_date(properties ->> 'renews_at')
FROM (SELECT mixpanel_account_id(company #>> '{}') AS account_id,
             coalesce(jsonb_object_agg(p.key, p.value ORDER BY said_at NULLS FIRST) FILTER (WHERE p.value <> ''), '{}')
                 AS properties
      FROM said
      CROSS JOIN LATERAL jsonb_array_elements(CASE jsonb_typeof(groups) WHEN 'array' THEN groups
                                                   ELSE jsonb_build_array(groups) END) AS g (company)
      LEFT JOIN LATERAL jsonb_each_text(CASE WHEN jsonb_typeof(groups) = 'array' AND jsonb_array_length(groups) > 1
                                             THEN '{}' ELSE said.properties END) AS p ON true
      WHERE jsonb_typeof(company) IN ('string', 'number')
      GROUP BY 1) AS account
WHERE account_id IS NOT NULL;
