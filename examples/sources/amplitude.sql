-- Amplitude: events as signals, counted for each group that they carry. Reads the table event as Fivetran lands it, here in
-- the schema amplitude: replace it where yours has another name. Paste it into any client, or
--
--   psql -d yours -v ON_ERROR_STOP=1 -f examples/sources/amplitude.sql
--
-- It makes amplitude_signal and amplitude_account. From there to a scoreboard: examples/warehouse.sql, also for several systems, or
-- by itself: examples/models.sql, then
--
--   CREATE VIEW events AS SELECT account_id, user_id, signal AS event, value, occurred_at FROM amplitude_signal;
--   CREATE VIEW accounts AS
--   SELECT account_id, coalesce(name, account_id) AS name, coalesce(m.segment, 'mid') AS segment, seats, arr, csm,
--          coalesce(created_on, first_day) AS created_on, renews_on
--   FROM amplitude_account
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
--   account   the event's own groups of one type (org, company, organization, account); an event with several of them
--             counts for each. Yours: SELECT DISTINCT jsonb_object_keys(groups::jsonb) FROM amplitude.event. Groups are an
--             add-on: without it amplitude_group below takes a user property. An event without one counts where its user
--             was by the last event with a group before it; what came before the first of those belongs to nobody. No
--             later event moves an earlier one, and Amplitude fills no groups in afterwards.
--   user      user_id. An amplitude_id without one stands for the user last seen under it; merges (merged_amplitude_id in
--             data) are followed. Who stays unknown is no user.
--   signal    event_type, as it was sent. $identify and its like are left out.
--   admin_login  beside the login of somebody who was an admin by the user properties that the event carries
--   guest:<id>   beside whatever a user without a licence does; those rows have no user_id: user:* counts licences only.
--             Without a property that says so everybody is licensed.
--   value     the event property value, where it is a number up to a billion
-- Each _insert_id of a device counts once, or each uuid where there is none: the copy that was uploaded first. An event
-- without a time counts nowhere, nor does one that a wrong clock puts before 1970 or after 2199. Times without a zone are
-- UTC, JSON may be text.
--
-- Millions of rows:
--   CREATE INDEX ON amplitude.event ((coalesce(nullif(_insert_id, ''), uuid)));
--   CREATE INDEX ON amplitude.event (event_time);  -- without a time zone: ((event_time AT TIME ZONE 'UTC'))
-- Duplicates are found in the whole table and not in the rows that were asked for, so WHERE occurred_at >= ... outside of the
-- view is right and cheap: it reads its days by one index and looks up each id in the other. Hundreds of millions: write
-- CREATE MATERIALIZED VIEW for amplitude_person and amplitude_membership and refresh them, in this order, before the
-- night. Both read all events: where each event carries its group, write AND false behind groups_before; its user, HAVING
-- false behind GROUP BY id.

-- CHANGE HERE: the group type whose groups are your accounts; of these the first that an event has. Without groups add a
-- property of the user behind the last of them: user_properties -> 'company_id', or the domain of the mail address:
-- to_jsonb(lower(nullif(split_part(user_properties ->> 'email', '@', 2), ''))).
CREATE OR REPLACE FUNCTION amplitude_group(groups jsonb, user_properties jsonb) RETURNS jsonb
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT coalesce(groups -> 'org', groups -> 'company', groups -> 'organization', groups -> 'account')
$$;

-- A group is text or a number, or an array of those.
CREATE OR REPLACE FUNCTION amplitude_groups(groups jsonb, user_properties jsonb) RETURNS jsonb
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE WHEN jsonb_typeof(amplitude_group(groups, user_properties)) IN ('string', 'number', 'array')
                THEN nullif(nullif(amplitude_group(groups, user_properties), '""'), '[]') END
$$;

-- CHANGE HERE: how a group becomes an account. Free-mail domains such as gmail.com are never accounts.
CREATE OR REPLACE FUNCTION amplitude_account_id(name text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE WHEN btrim(name) <> '' AND lower(btrim(name)) NOT IN (
        'gmail.com', 'googlemail.com', 'outlook.com', 'hotmail.com', 'hotmail.fr', 'hotmail.co.uk', 'live.com', 'live.fr',
        'msn.com', 'yahoo.com', 'yahoo.fr', 'yahoo.co.uk', 'ymail.com', 'aol.com', 'icloud.com', 'me.com', 'mac.com',
        'proton.me', 'protonmail.com', 'gmx.com', 'gmx.de', 'gmx.net', 'web.de', 't-online.de', 'mail.com', 'mail.ru',
        'yandex.ru', 'yandex.com', 'zoho.com', 'fastmail.com', 'comcast.net', 'qq.com', '163.com', '126.com', 'orange.fr',
        'wanadoo.fr', 'free.fr', 'laposte.net', 'sfr.fr', 'users.noreply.github.com') THEN btrim(name) END
$$;

-- Whatever type the loader gave a column: the function of that type is taken, and costs nothing.
CREATE OR REPLACE FUNCTION amplitude_time(t timestamptz) RETURNS timestamptz LANGUAGE sql IMMUTABLE PARALLEL SAFE
AS $$ SELECT t $$;
CREATE OR REPLACE FUNCTION amplitude_time(t timestamp) RETURNS timestamptz LANGUAGE sql IMMUTABLE PARALLEL SAFE
AS $$ SELECT t AT TIME ZONE 'UTC' $$;
CREATE OR REPLACE FUNCTION amplitude_json(j jsonb) RETURNS jsonb LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT j $$;
CREATE OR REPLACE FUNCTION amplitude_json(j json) RETURNS jsonb LANGUAGE sql IMMUTABLE PARALLEL SAFE
AS $$ SELECT j::jsonb $$;
CREATE OR REPLACE FUNCTION amplitude_json(j text) RETURNS jsonb LANGUAGE sql IMMUTABLE PARALLEL SAFE
AS $$ SELECT CASE WHEN j LIKE '{%' THEN j::jsonb END $$;

-- What an activity can hold: a name has at most 255 bytes (with user: or guest: before it), the values
-- of a day must add up. A value that is no number is none.
CREATE OR REPLACE FUNCTION amplitude_name(name text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE WHEN octet_length(name) > 248 THEN left(name, 62) ELSE name END
$$;
CREATE OR REPLACE FUNCTION amplitude_value(value jsonb) RETURNS float8 LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE jsonb_typeof(value) WHEN 'number' THEN CASE WHEN abs(value::numeric) <= 1e9 THEN value::float8 END END
$$;

-- The user of an amplitude_id, for events that do not say so. Merges are followed to their end; all ids of a circle are
-- the smallest of them.
CREATE OR REPLACE VIEW amplitude_person (amplitude_id, user_id) AS
WITH RECURSIVE link AS (
    SELECT DISTINCT ON (amplitude_id) amplitude_id AS old_id, new_id
    FROM (SELECT amplitude_id::bigint, event_time, amplitude_json(data) ->> 'merged_amplitude_id' AS merged
          FROM amplitude.event) AS e
    CROSS JOIN LATERAL (SELECT CASE WHEN merged ~ '^\d{1,18}$' THEN merged::bigint END) AS m (new_id)
    WHERE new_id <> amplitude_id
    ORDER BY amplitude_id, event_time DESC NULLS LAST, new_id
), walk AS (
    SELECT old_id AS id, new_id AS person, ARRAY[old_id] AS seen FROM link
    UNION ALL
    SELECT id, new_id, seen || person FROM walk JOIN link ON old_id = person WHERE person <> ALL (seen)
), canonical AS (
    SELECT id, CASE WHEN person = ANY (seen)
                    THEN (SELECT min(member) FROM unnest(seen[array_position(seen, person):]) AS member)
                    ELSE person END AS person
    FROM walk
    WHERE person = ANY (seen) OR NOT EXISTS (SELECT FROM link WHERE old_id = person)
), known AS (
    SELECT DISTINCT ON (coalesce(c.person, e.amplitude_id)) coalesce(c.person, e.amplitude_id) AS person, e.user_id
    FROM (SELECT amplitude_id::bigint, user_id::text, event_time FROM amplitude.event WHERE user_id <> '') AS e
    LEFT JOIN canonical AS c ON c.id = e.amplitude_id
    ORDER BY coalesce(c.person, e.amplitude_id), e.event_time DESC NULLS LAST, e.user_id
)
SELECT id, min(user_id)
FROM (SELECT id, user_id FROM canonical JOIN known USING (person)
      UNION ALL
      SELECT person, user_id FROM known WHERE NOT EXISTS (SELECT FROM canonical WHERE id = known.person)
     ) AS each (id, user_id)
GROUP BY id;  -- one row each as it is, but so the planner knows

-- Where somebody was when, for events that do not say so: the times of the changes and the groups since each, so that
-- width_bucket() finds the last change before an event. OFFSET 0 keeps what is not needed out of what is sorted.
CREATE OR REPLACE VIEW amplitude_membership (person, since, groups) AS
SELECT person, array_agg(said_at ORDER BY said_at, uuid), array_agg(groups ORDER BY said_at, uuid)
FROM (SELECT *, lag(groups) OVER (PARTITION BY person ORDER BY said_at, uuid) AS groups_before
      FROM (SELECT coalesce(e.user_id, p.user_id, e.amplitude_id::text) AS person, e.groups, e.said_at, e.uuid
            FROM (SELECT nullif(user_id, '')::text AS user_id, amplitude_id, uuid, amplitude_time(event_time) AS said_at,
                         amplitude_groups(amplitude_json(groups), amplitude_json(user_properties)) AS groups
                  FROM amplitude.event OFFSET 0) AS e
            LEFT JOIN amplitude_person AS p ON p.amplitude_id = e.amplitude_id
            WHERE e.groups IS NOT NULL AND e.said_at IS NOT NULL) AS named) AS said
WHERE groups IS DISTINCT FROM groups_before
GROUP BY person;

CREATE OR REPLACE VIEW amplitude_signal (account_id, user_id, signal, value, occurred_at) AS
SELECT a.account_id, CASE WHEN e.is_guest IS NOT TRUE THEN e.user_id END, s.signal, s.value, e.occurred_at
FROM (SELECT t.occurred_at, t.event_type, coalesce(t.groups, m.groups[width_bucket(t.occurred_at, m.since)]) AS groups,
             amplitude_name(coalesce(t.user_id, p.user_id)) AS user_id,
             -- CHANGE HERE: the user properties that make an admin, and a user without a licence.
             coalesce(t.user_properties ->> 'is_admin' IN ('true', '1'),
                      lower(t.user_properties ->> 'role') IN ('admin', 'owner')) AS is_admin,
             coalesce(t.user_properties ->> 'is_guest' IN ('true', '1'),
                      lower(t.user_properties ->> 'role') = 'guest') AS is_guest,
             amplitude_value(t.properties -> 'value') AS value
      FROM (SELECT coalesce(nullif(_insert_id, ''), uuid) AS key, device_id, amplitude_id,
                   nullif(user_id, '')::text AS user_id, event_type::text,
                   amplitude_groups(amplitude_json(groups), amplitude_json(user_properties)) AS groups,
                   amplitude_json(user_properties) AS user_properties, amplitude_json(event_properties) AS properties,
                   amplitude_time(event_time) AS occurred_at, server_upload_time, tableoid AS part, ctid AS place
            FROM amplitude.event) AS t
      LEFT JOIN amplitude_person AS p ON p.amplitude_id = t.amplitude_id
      LEFT JOIN amplitude_membership AS m ON m.person = coalesce(t.user_id, p.user_id, t.amplitude_id::text)
      WHERE t.event_type NOT LIKE '$%'
        AND NOT EXISTS (SELECT FROM amplitude.event AS first  -- each event once, as it came first
                        WHERE coalesce(nullif(first._insert_id, ''), first.uuid) = t.key
                          AND first.device_id IS NOT DISTINCT FROM t.device_id
                          AND (coalesce(first.server_upload_time, 'infinity'), first.tableoid, first.ctid)
                              < (coalesce(t.server_upload_time, 'infinity'), t.part, t.place))) AS e
CROSS JOIN LATERAL jsonb_array_elements(
    CASE WHEN jsonb_typeof(e.groups) <> 'array' THEN jsonb_build_array(e.groups)
         WHEN jsonb_array_length(e.groups) = 1 THEN e.groups
         ELSE (SELECT jsonb_agg(DISTINCT name) FROM jsonb_array_elements(e.groups) AS g (name)) END) AS g (name)
CROSS JOIN LATERAL (SELECT CASE WHEN jsonb_typeof(name) IN ('string', 'number')
                                THEN amplitude_account_id(name #>> '{}') END) AS a (account_id)
CROSS JOIN LATERAL (VALUES (amplitude_name(e.event_type), e.value),
    -- CHANGE HERE: which event is a login.
    (CASE WHEN e.is_admin AND lower(replace(e.event_type, ' ', '_'))
                              IN ('login', 'logged_in', 'signed_in', 'user_login', 'user_logged_in', 'user_signed_in')
          THEN 'admin_login' END, NULL),
    (CASE WHEN e.is_guest THEN 'guest:' || e.user_id END, NULL)) AS s (signal, value)
WHERE a.account_id IS NOT NULL AND s.signal <> ''
    AND e.occurred_at >= '1970-01-01 00:00+00' AND e.occurred_at < '2200-01-01 00:00+00';

-- Accounts: every group that an event had, with its group properties, of each the last that was given. They come as
-- {"org": {"acme": {"name": ...}}}, or for one group as {"$set": {"name": ...}} or {"name": ...}.
CREATE OR REPLACE FUNCTION amplitude_number(property text) RETURNS numeric LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE WHEN property ~ '^\d{1,9}(\.\d+)?$' THEN property::numeric END
$$;

-- Times come as text or as seconds since 1970.
CREATE OR REPLACE FUNCTION amplitude_date(property text) RETURNS date LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT CASE WHEN property ~ '^\d{4}-\d\d-\d\d[T ]\d\d:\d\d.*(Z|[+-]\d\d(:?\d\d)?)$'
                THEN (property::timestamptz AT TIME ZONE 'UTC')::date
                WHEN property ~ '^\d{4}-\d\d-\d\d' THEN left(property, 10)::date
                WHEN property ~ '^\d{9,10}(\.\d+)?$' THEN (to_timestamp(property::float8) AT TIME ZONE 'UTC')::date END
$$;

CREATE OR REPLACE VIEW amplitude_account (account_id, name, segment, seats, arr, csm, created_on, renews_on) AS
WITH said AS (  -- few different ones, whatever the number of events
    SELECT amplitude_groups(amplitude_json(groups), amplitude_json(user_properties)) AS groups,
           amplitude_json(group_properties) AS properties,
           max(amplitude_time(event_time)) AS said_at
    FROM amplitude.event
    GROUP BY 1, 2
)
SELECT account_id, properties ->> 'name',
       -- CHANGE HERE: the segment is the model that is used; name your plans.
       CASE WHEN lower(properties ->> 'plan') IN ('enterprise') THEN 'enterprise'
            WHEN lower(properties ->> 'plan') IN ('mid', 'business', 'growth', 'pro', 'team') THEN 'mid'
            WHEN lower(properties ->> 'plan') IN ('smb', 'starter', 'basic', 'free') THEN 'smb' END,
       -- Licences if you send them, otherwise employees.
       coalesce(amplitude_number(properties ->> 'seats'), amplitude_number(properties ->> 'employee_count'),
                amplitude_number(properties ->> 'employees'))::int,
       -- CHANGE HERE: mrr is taken in whole units of money; where your tracking sends cents, 12 * ... / 100.
       coalesce(amplitude_number(properties ->> 'arr'), 12 * amplitude_number(properties ->> 'mrr')),
       properties ->> 'csm', amplitude_date(properties ->> 'created_at'), amplitude_date(properties ->> 'renews_at')
FROM (SELECT amplitude_account_id(name #>> '{}') AS account_id,
             coalesce(jsonb_object_agg(p.key, p.value ORDER BY said_at NULLS FIRST) FILTER (WHERE p.value <> ''), '{}')
                 AS properties
      FROM said
      CROSS JOIN LATERAL jsonb_array_elements(CASE jsonb_typeof(groups) WHEN 'array' THEN groups
                                                   ELSE jsonb_build_array(groups) END) AS g (name)
      LEFT JOIN LATERAL (SELECT CASE WHEN jsonb_typeof(amplitude_group(properties, NULL) -> (name #>> '{}')) = 'object'
                                     THEN amplitude_group(properties, NULL) -> (name #>> '{}')
                                     WHEN jsonb_typeof(groups) = 'array' AND jsonb_array_length(groups) > 1 THEN '{}'
                                     WHEN jsonb_typeof(properties -> '$set') = 'object' THEN properties -> '$set'
                                     WHEN jsonb_typeof(properties) = 'object' THEN properties
                                     ELSE '{}' END AS own) AS o ON true
      LEFT JOIN LATERAL jsonb_each_text(own) AS p ON true
      WHERE jsonb_typeof(name) IN ('string', 'number')
      GROUP BY 1) AS account
WHERE account_id IS NOT NULL;
