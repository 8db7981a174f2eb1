-- From the tables of your systems to a scoreboard, in one go:
--
--   psql -d yours -v ON_ERROR_STOP=1 -f examples/warehouse.sql
--
-- It is for psql and wants its neighbours: models.sql, views.sql, warehouse_source.psql and the folder sources.
--
-- What you change is between here and "From here on". Run it again after a change: it is all made anew, aliases and what was
-- read stay. The model, too, is made anew from models.sql and what you write here. It works with any one of the systems, and
-- with all of them. In a schema that has accounts or events of another making it stops before it changes anything.
--
-- A system whose tables lie where its loader usually puts them is found, and gets the views of sources/. If yours are
-- elsewhere, change and run its file of sources/ first; views that are there are taken as they are. So is one of your
-- own: a view mine_signal(account_id, user_id, signal, value, occurred_at), perhaps with a
-- mine_account(account_id, name, segment, seats, arr, csm, created_on, renews_on), and a line ('mine', ...) below.
-- One whose file fails is left out, with a warning; the others go on.
--
--   source_activity   what each account of each system did: the only thing that is read from the systems
--   account_alias     yours: which id stands for which account; a new row counts from the next night on, for all years
--   accounts, account_activity, account_health, scoreboard, health_drivers_by_account   as views.sql has them, so that
--                     history.sql, book.sql, crm.sql and the others work on them
--   scoreboard_drivers   the drivers with the systems that they come from
--   source_status     is each system loaded, and until which day does it have data?
--   source_overlap    how many accounts of each system another one knows, and how many names stand under several ids

\set quiet_before :QUIET
\set QUIET on
\set stop_before :ON_ERROR_STOP
\set ON_ERROR_STOP on
SELECT current_setting('client_min_messages') AS messages_before, current_setting('jit') AS jit_before \gset
SET client_min_messages = warning;
SET jit = off;  -- compiling the views of the sources takes far longer than reading them

-- What others made is left alone. That is so before the first run; afterwards these names are ours.
DO $$
DECLARE
    found text[];
    views text[];
BEGIN
    SELECT array_agg(relname::text ORDER BY relname),
           array_agg(relname::text ORDER BY relname) FILTER (WHERE relname IN ('accounts', 'events') AND relkind = 'v')
    INTO found, views
    FROM pg_class
    WHERE relnamespace = current_schema()::regnamespace AND relkind IN ('r', 'p', 'f', 'v', 'm')
      AND CASE WHEN to_regclass(format('%I.source_system', current_schema())) IS NULL
               THEN relname IN ('accounts', 'events', 'settings', 'account_activity', 'account_health', 'scoreboard',
                                'health_drivers_by_account', 'scoreboard_drivers', 'account_key', 'source_activity',
                                'source_failed', 'source_signal', 'source_account', 'source_same_name', 'source_overlap',
                                'source_name', 'source_status', 'model_name')
               ELSE (relname, relkind) IN (('accounts', 'v'), ('events', 'r')) END;
    IF found IS NOT NULL THEN
        RAISE EXCEPTION 'schema % has % already, which warehouse.sql has not made', current_schema(),
                        array_to_string(found, ', ')
            USING DETAIL = 'They are of sample.sql, of the header of a file of sources/ with views.sql, or your own. '
                           'Nothing was changed.',
                  HINT = 'Take another schema: CREATE SCHEMA health; and PGOPTIONS="-c search_path=health,public" before psql.'
                      || CASE WHEN views IS NULL THEN ''
                              ELSE format(' If they are of such a header, you may drop them: DROP VIEW %s CASCADE;%s',
                                          array_to_string(views, ', '),
                                          (SELECT ' DROP TABLE ' || string_agg(name, ', ') || ';' FROM unnest(found) AS name
                                           WHERE name IN ('account_activity', 'settings'))) END;
    END IF;
END $$;

\ir models.sql

DROP TABLE IF EXISTS pg_temp.chosen, pg_temp.used_segment, pg_temp.called, pg_temp.added, pg_temp.without_product, pg_temp.loaded;
CREATE TEMPORARY TABLE chosen (
    system text PRIMARY KEY, has_seats boolean, makes_accounts boolean, knows_accounts int, knows_money int, reread_days int
);

-- 1. Your systems. Delete the line of any that you want to leave out. Where two are synced with each other, such as the tickets of
-- HubSpot and Zendesk, what both have counts twice: delete one of them.
--
--   has_seats        who does something there uses a seat: the product. Elsewhere people are only counted in what they do.
--   makes_accounts   who is known there is a customer; false: its data count for accounts that another system knows
--   knows_accounts   whose name, segment and CSM count where several have one: the lowest number
--   knows_money      whose seats, ARR, renewal and date of the beginning
--   reread_days      NULL: a night reads it whole, so that deletions, merges and late events of any age count. A number: it
--                    reads so many days, and whole on Sundays. Worth it from some million rows on.
INSERT INTO chosen VALUES
    ('salesforce',  false, true, 1, 3, NULL),
    ('hubspot',     false, true, 2, 4, NULL),
    ('stripe',      false, true, 5, 1, NULL),
    ('chargebee',   false, true, 6, 2, NULL),
    ('zendesk',     false, true, 7, 10, NULL),
    ('intercom',    false, true, 8, 11, NULL),
    ('segment',     true,  true, 3, 5, NULL),
    ('rudderstack', true,  true, 4, 6, NULL),
    ('posthog',     true,  true, 9, 7, NULL),
    ('amplitude',   true,  true, 10, 8, NULL),
    ('mixpanel',    true,  true, 11, 9, NULL);

-- 2. How many days of each account are kept. At least the longest window of the models, and trend_days.
\set keep_days 400

-- 3. Which id stands for which account. An alias of an alias is followed to the end. Usually the CRM has your own id, or the
-- product has that of the CRM. Fill it here or elsewhere. Without it a customer of three systems that do not carry each other's
-- ids is three accounts: source_overlap tells, at the end.
CREATE TABLE IF NOT EXISTS account_alias (
    alias      text PRIMARY KEY,
    account_id text NOT NULL
);
-- A field of Salesforce has your id, and a property of HubSpot (here called account_id):
-- INSERT INTO account_alias SELECT id, product_account_id_c FROM salesforce.account WHERE product_account_id_c <> ''
-- ON CONFLICT (alias) DO UPDATE SET account_id = excluded.account_id;
-- INSERT INTO account_alias SELECT id::text, property_account_id FROM hubspot.company WHERE property_account_id <> ''
-- ON CONFLICT (alias) DO UPDATE SET account_id = excluded.account_id;
--
-- By domain: the organization of Zendesk whose domain one company of HubSpot has. (Addresses that anyone can have are none.)
-- INSERT INTO account_alias
-- SELECT 'zendesk:' || d.organization_id, min(c.id::text)
-- FROM zendesk.domain_name AS d JOIN hubspot.company AS c ON lower(c.property_domain) = lower(d.domain_name)
-- WHERE lower(d.domain_name) NOT IN ('gmail.com', 'outlook.com', 'hotmail.com', 'yahoo.com', 'icloud.com')
-- GROUP BY d.organization_id HAVING count(DISTINCT c.id) = 1
-- ON CONFLICT (alias) DO UPDATE SET account_id = excluded.account_id;
--
-- By equal name, after a first run. Look at each pair before you take it: two customers may be called the same.
-- SELECT * FROM source_same_name;
-- INSERT INTO account_alias SELECT alias, account_id FROM source_same_name WHERE name NOT IN ('acme', 'atlas')
-- ON CONFLICT (alias) DO UPDATE SET account_id = excluded.account_id;

-- 4. The segment of an account, which is also its model: one of those of models.sql, which get what 5 to 7 say. Other rows of
-- health_models stay as they are.
CREATE TEMPORARY TABLE used_segment (segment text PRIMARY KEY);
INSERT INTO used_segment VALUES ('smb'), ('mid'), ('enterprise');
CREATE OR REPLACE FUNCTION account_segment(segment text, seats int, arr numeric) RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE WHEN lower(segment) IN ('smb', 'mid', 'enterprise') THEN lower(segment)
                WHEN seats >= 200 OR arr >= 100000 THEN 'enterprise'
                WHEN seats >= 20 OR arr >= 10000 THEN 'mid' ELSE 'smb' END
$$;

-- 5. What you call it, and what the model calls it. Names that are the model's own need no row.
CREATE TEMPORARY TABLE called (event text PRIMARY KEY, signal text);
INSERT INTO called VALUES
    ('logged_in', 'login'), ('signed_in', 'login'), ('user_logged_in', 'login'), ('user_signed_in', 'login'),
    ('user logged in', 'login'), ('User logged in', 'login'), ('User Logged In', 'login'), ('Logged In', 'login'),
    ('Signed In', 'login'), ('Login', 'login'), ('report_opened', 'report_viewed'), ('Report Viewed', 'report_viewed'),
    ('user_invited', 'invite_sent'), ('User Invited', 'invite_sent'), ('Invite Sent', 'invite_sent'),
    ('Form Published', 'form_published'), ('exported', 'export'), ('Exported', 'export'), ('Export', 'export');

-- 6. What else shall count: signals of your systems that the ready model does not have. The files of sources/ list them.
CREATE TEMPORARY TABLE added (signals jsonb);
INSERT INTO added VALUES ($$ {
    "meeting":                {"weight": 3, "measure": "days", "usage": false, "dimension": "relationship",
                               "label": {"en": "Meetings", "fr": "réunions"}},
    "meeting_no_show":        {"weight": -2, "max_points": 6, "dimension": "relationship",
                               "label": {"en": "Missed meetings", "fr": "réunions manquées"},
                               "next_step": {"en": "Find another time, or another person",
                                             "fr": "Trouver une autre date, ou une autre personne"}},
    "call":                   {"weight": 1, "max_points": 3, "usage": false, "dimension": "relationship",
                               "label": {"en": "Calls", "fr": "appels"}},
    "renewal_lost":           {"weight": -30, "max_points": 30, "dimension": "commercial",
                               "label": {"en": "Renewal lost", "fr": "renouvellement perdu"},
                               "next_step": {"en": "Ask who decided, and what would change it",
                                             "fr": "Demander qui a décidé, et ce qui changerait la décision"}},
    "opportunity_lost":       {"weight": -3, "max_points": 6, "dimension": "commercial",
                               "label": {"en": "Opportunity lost", "fr": "opportunité perdue"}},
    "payment_failed":         {"weight": -4, "max_points": 8, "dimension": "commercial",
                               "label": {"en": "Payment failed", "fr": "paiement refusé"},
                               "next_step": {"en": "Ask for another card", "fr": "Demander un autre moyen de paiement"}},
    "seats_removed":          {"weight": -8, "max_points": 16, "dimension": "commercial",
                               "label": {"en": "Seats removed", "fr": "licences supprimées"},
                               "next_step": {"en": "Ask which team left, and why",
                                             "fr": "Demander quelle équipe est partie, et pourquoi"}},
    "downgraded":             {"weight": -8, "max_points": 16, "dimension": "commercial",
                               "label": {"en": "Downgraded", "fr": "passage à une offre inférieure"},
                               "next_step": {"en": "Ask what was not worth its price",
                                             "fr": "Demander ce qui ne valait pas son prix"}},
    "cancellation_scheduled": {"weight": -55, "measure": "last", "scale": [[0, 0], [1, 1]], "window_days": null,
                               "dimension": "commercial", "label": {"en": "Cancellation scheduled", "fr": "résiliation demandée"},
                               "text": {"low":  {"en": "a subscription is set to end with its period",
                                                 "fr": "un abonnement s’arrêtera à la fin de sa période"},
                                        "rose": {"en": "a subscription is set to end with its period",
                                                 "fr": "un abonnement s’arrêtera à la fin de sa période"}},
                               "next_step": {"en": "Call today", "fr": "Appeler aujourd’hui"}},
    "subscription_canceled":  {"weight": -40, "max_points": 40, "dimension": "commercial",
                               "label": {"en": "Subscription canceled", "fr": "abonnement résilié"},
                               "next_step": {"en": "Ask what would bring them back",
                                             "fr": "Demander ce qui les ferait revenir"}}
} $$);

-- 7. Where no system has seats in use, nothing can be said of usage: an account has 100 points and loses them. To be there is
-- then to pay, to meet or to ask, and silence says little; but 100 points are for those of whom a system told anything within
-- a year (on_record), and others have 50. A rating weighs more than beside usage. Tickets alone are no risk, as a large
-- customer asks more often; a bad rating is one, and urgent ones are.
CREATE TEMPORARY TABLE without_product (model jsonb);
INSERT INTO without_product VALUES ($$ {
  "silent_days": 400,
  "next_steps": {"never_active": {"en": "Get in touch, as nothing is on record", "fr": "Prendre contact : rien n’est connu"},
                 "new":          {"en": "Follow the onboarding plan", "fr": "Suivre le plan d’accueil"}},
  "signals": {
    "login": null, "report_viewed": null, "admin_login": null, "user:*": null, "invite_sent": null, "form_published": null,
    "export": null, "api_call": null,
    "on_record": {"weight": 100, "measure": "recency", "window_days": 365, "scale": [[0, 0.5], [0.001, 1]],
                  "dimension": "commercial", "label": {"en": "Last known activity", "fr": "dernière activité connue"},
                  "text": {"high": {"en": "last known activity {ago} {ago|day|days} ago",
                                    "fr": "dernière activité connue il y a {ago} {ago|jour|jours}"},
                           "rose": {"en": "last known activity {ago} {ago|day|days} ago",
                                    "fr": "dernière activité connue il y a {ago} {ago|jour|jours}"},
                           "fell": {"en": "no known activity for {days} {days|day|days}",
                                    "fr": "aucune activité connue depuis {days} {days|jour|jours}"},
                           "low":  {"en": "no known activity for {days} {days|day|days}",
                                    "fr": "aucune activité connue depuis {days} {days|jour|jours}"}},
                  "next_step": {"en": "Get in touch, as nothing is on record", "fr": "Prendre contact : rien n’est connu"}},
    "csat": 8,
    "support_ticket": {"unit": "score", "weight": -1, "max_points": 2.5, "usage": true},
    "meeting": {"unit": "score", "max_points": 9, "usage": true},
    "call": {"unit": "score", "usage": true},
    "invoice_paid": {"usage": true},
    "contract_extended": {"usage": true}}
} $$);

-- ---------------------------------------------------------------- From here on nothing needs a change.

-- Where the loaders usually put them. Segment and RudderStack land the same tables: who has RudderStack runs its file first.
CREATE TEMPORARY TABLE loaded (system text PRIMARY KEY, place text);
INSERT INTO loaded VALUES
    ('salesforce', 'salesforce.account'), ('hubspot', 'hubspot.company'), ('stripe', 'stripe.subscription_history'),
    ('chargebee', 'chargebee.subscription'), ('zendesk', 'zendesk.ticket'), ('intercom', 'intercom.conversation_history'),
    ('segment', 'app.tracks'), ('rudderstack', 'app.tracks'), ('posthog', 'posthog.events'), ('amplitude', 'amplitude.event'),
    ('mixpanel', 'mixpanel.event');

-- The sources that are not connected yet, where their tables are.
CREATE OR REPLACE FUNCTION pg_temp.wants(name text) RETURNS boolean LANGUAGE sql AS $$
    SELECT EXISTS (SELECT FROM chosen JOIN loaded USING (system) WHERE system = name AND to_regclass(place) IS NOT NULL)
       AND to_regclass(name || '_signal') IS NULL
$$;
SELECT pg_temp.wants('salesforce') AS salesforce, pg_temp.wants('hubspot') AS hubspot, pg_temp.wants('stripe') AS stripe,
       pg_temp.wants('chargebee') AS chargebee, pg_temp.wants('zendesk') AS zendesk, pg_temp.wants('intercom') AS intercom,
       pg_temp.wants('segment') AND to_regclass('rudderstack_signal') IS NULL AS segment, pg_temp.wants('posthog') AS posthog,
       pg_temp.wants('amplitude') AS amplitude, pg_temp.wants('mixpanel') AS mixpanel \gset
CREATE TABLE IF NOT EXISTS source_failed (
    system text PRIMARY KEY,
    failed text NOT NULL  -- why its file made no views
);
DELETE FROM source_failed;
\if :salesforce \set system salesforce \ir warehouse_source.psql \endif
\if :hubspot \set system hubspot \ir warehouse_source.psql \endif
\if :stripe \set system stripe \ir warehouse_source.psql \endif
\if :chargebee \set system chargebee \ir warehouse_source.psql \endif
\if :zendesk \set system zendesk \ir warehouse_source.psql \endif
\if :intercom \set system intercom \ir warehouse_source.psql \endif
\if :segment \set system segment \ir warehouse_source.psql \endif
\if :posthog \set system posthog \ir warehouse_source.psql \endif
\if :amplitude \set system amplitude \ir warehouse_source.psql \endif
\if :mixpanel \set system mixpanel \ir warehouse_source.psql \endif

-- What is connected, and how its last night went.
CREATE TABLE IF NOT EXISTS source_system (
    system         text PRIMARY KEY,
    has_seats      boolean NOT NULL,
    makes_accounts boolean NOT NULL,
    knows_accounts int NOT NULL,
    knows_money    int NOT NULL,
    reread_days    int,
    keep_days      int NOT NULL,
    read_until     date,  -- days before it are there
    failed         text
);
DELETE FROM source_system WHERE system NOT IN (SELECT system FROM chosen WHERE to_regclass(system || '_signal') IS NOT NULL);
INSERT INTO source_system
SELECT *, :keep_days FROM chosen WHERE to_regclass(system || '_signal') IS NOT NULL
ON CONFLICT (system) DO UPDATE
SET has_seats = excluded.has_seats, makes_accounts = excluded.makes_accounts, knows_accounts = excluded.knows_accounts,
    knows_money = excluded.knows_money, reread_days = excluded.reread_days, keep_days = excluded.keep_days,
    read_until = NULL;  -- read it whole

-- The model: ours, then yours.
UPDATE health_models SET model = model || jsonb_build_object('signals', (SELECT signals FROM added))
WHERE segment IN (TABLE used_segment);
UPDATE health_models SET model = model || (SELECT model FROM without_product)
WHERE segment IN (TABLE used_segment) AND NOT EXISTS (SELECT FROM source_system WHERE has_seats);
DO $$
DECLARE
    name record;
BEGIN
    FOR name IN SELECT signal, jsonb_agg(event ORDER BY event) AS events FROM called GROUP BY signal LOOP
        IF EXISTS (SELECT FROM health_models WHERE segment IN (TABLE used_segment)
                                               AND model::jsonb -> 'signals' -> name.signal IS NULL) THEN
            CONTINUE WHEN NOT EXISTS (SELECT FROM source_system WHERE has_seats);
            RAISE EXCEPTION 'the model has no signal %, which shall stand for %', name.signal, name.events;
        END IF;
        UPDATE health_models SET model = model || jsonb_build_object('signals', jsonb_build_object(name.signal,
            jsonb_build_object('aliases',
                coalesce(model::jsonb -> 'signals' -> name.signal -> 'aliases', '[]') || name.events)))
        WHERE segment IN (TABLE used_segment);
    END LOOP;
END $$;

DROP TABLE chosen, called, added, without_product, used_segment;

-- What each account did in each system, under the id that it has there. Accounts come together by adding these up, so a new
-- alias needs no event to be read again.
CREATE TABLE IF NOT EXISTS source_activity (
    system        text NOT NULL REFERENCES source_system ON DELETE CASCADE,
    source_id     text NOT NULL,
    account_id    text,  -- who that is, by account_alias
    activity      health_activity NOT NULL,
    user_activity health_activity NOT NULL,  -- who was there, as in refresh.sql
    PRIMARY KEY (system, source_id)
);
CREATE INDEX IF NOT EXISTS source_activity_account_id ON source_activity (account_id);

-- All systems as one table, which is read for the first time here, and wherever an example wants the events themselves.
DO $$
DECLARE
    signals text;
    known   text;
BEGIN
    SELECT string_agg(format('SELECT %L AS system, account_id, CASE WHEN %L THEN user_id END AS user_id, signal, value,
                                     occurred_at FROM %I', system, has_seats, system || '_signal'), ' UNION ALL '),
           string_agg(format('SELECT %L AS system, account_id, name, segment, seats, arr, csm, created_on, renews_on FROM %I',
                             system, system || '_account'), ' UNION ALL ')
               FILTER (WHERE to_regclass(system || '_account') IS NOT NULL)
    INTO signals, known FROM source_system;
    IF signals IS NULL THEN
        RAISE EXCEPTION 'no system is connected' USING
            DETAIL = coalesce((SELECT string_agg(failed, E'\n' ORDER BY system) FROM source_failed),
                              format('None of these is there, or may be read: %s.',
                                     (SELECT string_agg(DISTINCT place, ', ') FROM loaded))),
            HINT = 'Change the schema in the file of your system in examples/sources, run that, and then this again.';
    END IF;
    EXECUTE 'CREATE OR REPLACE VIEW source_signal (system, source_id, user_id, signal, value, occurred_at) AS ' || signals;
    EXECUTE 'CREATE OR REPLACE VIEW source_account
             (system, source_id, name, segment, seats, arr, csm, created_on, renews_on) AS ' ||
        coalesce(known, 'SELECT NULL::text, NULL::text, NULL::text, NULL::text, NULL::int, NULL::numeric, NULL::text,
                                NULL::date, NULL::date WHERE false');
END $$;

-- Who an alias is at last. In a circle it is the smallest of it.
CREATE OR REPLACE VIEW account_key (alias, account_id) AS
WITH RECURSIVE link AS (
    SELECT alias, account_id FROM account_alias WHERE alias <> account_id
), walk AS (
    SELECT alias, account_id, ARRAY[alias] AS seen FROM link
    UNION ALL
    SELECT w.alias, l.account_id, w.seen || w.account_id
    FROM walk AS w JOIN link AS l ON l.alias = w.account_id WHERE w.account_id <> ALL (w.seen)
)
SELECT alias, CASE WHEN account_id = ANY (seen)
                   THEN (SELECT min(id) FROM unnest(seen[array_position(seen, account_id):]) AS id) ELSE account_id END
FROM walk
WHERE account_id = ANY (seen) OR NOT EXISTS (SELECT FROM link WHERE link.alias = walk.account_id);

CREATE OR REPLACE VIEW events (account_id, user_id, event, value, occurred_at) AS
SELECT coalesce(k.account_id, s.source_id), s.user_id, s.signal, s.value, s.occurred_at
FROM source_signal AS s LEFT JOIN account_key AS k ON k.alias = s.source_id;

CREATE TABLE IF NOT EXISTS accounts (
    account_id text PRIMARY KEY,
    name       text NOT NULL,
    segment    text NOT NULL,
    seats      int,
    arr        numeric,
    csm        text,
    created_on date
);
ALTER TABLE accounts ADD COLUMN IF NOT EXISTS renews_on date;

CREATE TABLE IF NOT EXISTS settings (as_of date NOT NULL);
INSERT INTO settings SELECT '1970-01-01' WHERE NOT EXISTS (SELECT FROM settings);
CREATE TABLE IF NOT EXISTS account_activity (
    account_id text PRIMARY KEY,
    activity   health_activity NOT NULL
);
ALTER TABLE account_activity ADD COLUMN IF NOT EXISTS user_activity health_activity NOT NULL DEFAULT '{}';

-- ---------------------------------------------------------------- the night

-- Reads a system: the days that may have changed, or all that are kept. Only rows that differ are written.
-- Compiling takes longer than what these queries save by it.
CREATE OR REPLACE PROCEDURE refresh_source(name text, today date) LANGUAGE plpgsql SET jit = off AS $$
DECLARE
    source   source_system;
    whole    boolean;
    from_day date;
    marks    boolean := NOT EXISTS (SELECT FROM source_system WHERE has_seats);  -- the days on record, see 7
BEGIN
    SELECT * INTO STRICT source FROM source_system WHERE system = name FOR UPDATE;
    whole := source.reread_days IS NULL OR source.read_until IS NULL OR extract(isodow FROM today) = 7
        OR source.read_until - source.reread_days < today - source.keep_days;
    from_day := CASE WHEN whole THEN today - source.keep_days ELSE least(source.read_until, today) - source.reread_days END;
    EXECUTE format($query$
        INSERT INTO source_activity AS kept (system, source_id, activity, user_activity)
        SELECT $1, source_id, coalesce(tail.activity, '{}'), coalesce(tail.user_activity, '{}')
        FROM (SELECT e.account_id AS source_id, health_activity(s.signal, e.occurred_at, s.value) AS activity,
                     health_activity(s.person, e.occurred_at) AS user_activity
              FROM %I AS e
              CROSS JOIN LATERAL (VALUES (e.signal, e.value, CASE WHEN $2 THEN nullif(e.user_id, '') END),
                                         (CASE WHEN $2 THEN 'user:' || nullif(e.user_id, '') END, NULL, NULL),
                                         (CASE WHEN $6 THEN 'on_record' END, NULL, NULL)
                                 ) AS s (signal, value, person)
              WHERE e.occurred_at >= health_day_start($3) AND e.occurred_at < health_day_start($4)
              GROUP BY e.account_id) AS tail
        FULL JOIN (SELECT source_id FROM source_activity WHERE system = $1) AS known USING (source_id)
        ORDER BY source_id
        ON CONFLICT (system, source_id) DO UPDATE
        SET activity = health_splice(health_trim(kept.activity, $5), excluded.activity, $3),
            user_activity = health_splice(health_trim(kept.user_activity, $5), excluded.user_activity, $3)
        WHERE (kept.activity, kept.user_activity) IS DISTINCT FROM
              (health_splice(health_trim(kept.activity, $5), excluded.activity, $3),
               health_splice(health_trim(kept.user_activity, $5), excluded.user_activity, $3))
        $query$, name || '_signal')
    USING name, source.has_seats, from_day, today, today - source.keep_days, marks;
    DELETE FROM source_activity WHERE system = name AND activity = '{}';
    UPDATE source_system SET read_until = today, failed = NULL
    WHERE system = name AND (read_until, failed) IS DISTINCT FROM (today, NULL::text);
END $$;

-- Accounts: of each column what the system says that knows best. Who has two entries in one system, by merging two
-- customers with an alias, has the seats and the ARR of both.
CREATE OR REPLACE PROCEDURE refresh_accounts() LANGUAGE plpgsql SET jit = off AS $$
BEGIN
    UPDATE source_activity AS a SET account_id = now_is.account_id
    FROM (SELECT system, source_id, coalesce(k.account_id, source_id) AS account_id
          FROM source_activity LEFT JOIN account_key AS k ON k.alias = source_id) AS now_is
    WHERE (a.system, a.source_id) = (now_is.system, now_is.source_id) AND a.account_id IS DISTINCT FROM now_is.account_id;

    WITH known AS (
        SELECT coalesce(k.account_id, a.source_id) AS account_id, a.*, s.knows_accounts, s.knows_money, s.makes_accounts
        FROM (SELECT * FROM source_account
              UNION ALL
              SELECT system, source_id, NULL, NULL, NULL, NULL, NULL, NULL, NULL FROM source_activity) AS a
        JOIN source_system AS s USING (system)
        LEFT JOIN account_key AS k ON k.alias = a.source_id
        WHERE a.source_id <> ''
    ), by_system AS (
        SELECT account_id, knows_accounts, knows_money, bool_or(makes_accounts) AS makes_accounts,
               (array_agg(name ORDER BY account_id <> source_id, source_id) FILTER (WHERE name <> ''))[1] AS name,
               (array_agg(segment ORDER BY account_id <> source_id, source_id) FILTER (WHERE segment <> ''))[1] AS segment,
               (array_agg(csm ORDER BY account_id <> source_id, source_id) FILTER (WHERE csm <> ''))[1] AS csm,
               sum(seats)::int AS seats, sum(arr) AS arr, min(created_on) AS created_on, min(renews_on) AS renews_on
        FROM known GROUP BY account_id, knows_accounts, knows_money
    ), best AS (
        SELECT account_id, (array_agg(name ORDER BY knows_accounts) FILTER (WHERE name IS NOT NULL))[1] AS name,
               (array_agg(segment ORDER BY knows_accounts) FILTER (WHERE segment IS NOT NULL))[1] AS segment,
               (array_agg(csm ORDER BY knows_accounts) FILTER (WHERE csm IS NOT NULL))[1] AS csm,
               (array_agg(seats ORDER BY knows_money) FILTER (WHERE seats IS NOT NULL))[1] AS seats,
               (array_agg(arr ORDER BY knows_money) FILTER (WHERE arr IS NOT NULL))[1] AS arr,
               (array_agg(created_on ORDER BY knows_money) FILTER (WHERE created_on IS NOT NULL))[1] AS created_on,
               (array_agg(renews_on ORDER BY knows_money) FILTER (WHERE renews_on IS NOT NULL))[1] AS renews_on
        FROM by_system GROUP BY account_id HAVING bool_or(makes_accounts)
    ), gone AS (
        DELETE FROM accounts WHERE account_id NOT IN (SELECT account_id FROM best)
    )
    INSERT INTO accounts AS kept (account_id, name, segment, seats, arr, csm, created_on, renews_on)
    SELECT account_id, coalesce(name, account_id), account_segment(segment, seats, arr), seats, arr, csm, created_on, renews_on
    FROM best
    ORDER BY account_id
    ON CONFLICT (account_id) DO UPDATE
    SET name = excluded.name, segment = excluded.segment, seats = excluded.seats, arr = excluded.arr, csm = excluded.csm,
        created_on = excluded.created_on, renews_on = excluded.renews_on
    WHERE (kept.name, kept.segment, kept.seats, kept.arr, kept.csm, kept.created_on, kept.renews_on) IS DISTINCT FROM
          (excluded.name, excluded.segment, excluded.seats, excluded.arr, excluded.csm, excluded.created_on,
           excluded.renews_on);

    WITH merged AS (
        SELECT account_id, health_rollup(activity) AS activity, health_rollup(user_activity) AS user_activity
        FROM source_activity GROUP BY account_id
    ), gone AS (
        DELETE FROM account_activity
        WHERE account_id NOT IN (SELECT account_id FROM merged JOIN accounts USING (account_id))
    )
    INSERT INTO account_activity AS kept (account_id, activity, user_activity)
    SELECT account_id, activity, user_activity FROM merged JOIN accounts USING (account_id)
    ORDER BY account_id
    ON CONFLICT (account_id) DO UPDATE SET activity = excluded.activity, user_activity = excluded.user_activity
    WHERE (kept.activity, kept.user_activity) IS DISTINCT FROM (excluded.activity, excluded.user_activity);
END $$;

-- A night. A system that cannot be read is left as it was, with a warning and its error in source_status, and the board is
-- made of the others. Two nights at once wait for each other.
CREATE OR REPLACE PROCEDURE refresh_warehouse(today date) LANGUAGE plpgsql AS $$
DECLARE
    name text;
BEGIN
    FOR name IN SELECT system FROM source_system ORDER BY system LOOP
        PERFORM pg_advisory_xact_lock('account_activity'::regclass::bigint);
        BEGIN
            CALL refresh_source(name, today);
        EXCEPTION WHEN OTHERS THEN
            RAISE WARNING '% was not read: %', name, sqlerrm;
            UPDATE source_system SET failed = sqlerrm WHERE system = name;
        END;
        COMMIT;
    END LOOP;
    PERFORM pg_advisory_xact_lock('account_activity'::regclass::bigint);
    CALL refresh_accounts();
    UPDATE settings SET as_of = today WHERE as_of <> today;
    REFRESH MATERIALIZED VIEW CONCURRENTLY scoreboard;
    IF to_regprocedure('refresh_history(date)') IS NOT NULL THEN  -- who has run history.sql
        CALL refresh_history(today - 6);
    END IF;
END $$;

\ir views.sql

-- As book.sql wants them.
SELECT to_regclass('renewals') IS NULL AS has_no_renewals \gset
\if :has_no_renewals
CREATE VIEW renewals AS SELECT account_id, renews_on FROM accounts WHERE renews_on IS NOT NULL;
\endif

-- What a signal of the model is called in the systems.
CREATE OR REPLACE VIEW model_name (segment, signal, name) AS
SELECT m.segment, s.key, n.name
FROM health_models AS m
CROSS JOIN LATERAL jsonb_each(m.model::jsonb -> 'signals') AS s
CROSS JOIN LATERAL (SELECT s.key
                    UNION ALL
                    SELECT jsonb_array_elements_text(s.value -> 'aliases') WHERE jsonb_typeof(s.value) = 'object') AS n (name);

-- The drivers with the systems that a signal of theirs came from. One that is of the account as a whole has none.
CREATE OR REPLACE VIEW scoreboard_drivers AS
WITH names AS MATERIALIZED (SELECT segment, signal, array_agg(name) AS names FROM model_name GROUP BY segment, signal)
SELECT d.*, s.systems
FROM health_drivers_by_account AS d
LEFT JOIN names AS n USING (segment, signal)
LEFT JOIN LATERAL (
    SELECT string_agg(a.system, ', ' ORDER BY a.system) AS systems
    FROM (SELECT a.system
          FROM source_activity AS a
          WHERE a.account_id = d.account_id
            AND CASE WHEN d.signal LIKE '%*'
                     THEN EXISTS (SELECT FROM health_members(a.activity, rtrim(d.signal, '*'), d.as_of, 400))
                     ELSE EXISTS (SELECT FROM unnest(n.names) AS name WHERE health_last_day(a.activity, name) IS NOT NULL) END
          GROUP BY a.system) AS a
) AS s ON true;

-- What came under which name, and which signal of the model that is. NULL: it does not count, see 5 and 6.
CREATE OR REPLACE VIEW source_name AS
SELECT a.system, c.signal AS name, n.signal, count(DISTINCT a.source_id)::int AS accounts, sum(c.count)::float8 AS events
FROM source_activity AS a
CROSS JOIN LATERAL health_cells(a.activity) AS c
LEFT JOIN (SELECT DISTINCT signal, name FROM model_name) AS n ON n.name = c.signal
WHERE c.signal NOT LIKE 'user:%' AND c.signal NOT LIKE 'guest:%' AND c.signal <> 'on_record'
GROUP BY a.system, c.signal, n.signal;

-- Is everything there?
CREATE OR REPLACE VIEW source_status AS
SELECT system, accounts, last_day, read_until, failed,
       CASE WHEN failed IS NOT NULL THEN 'not read: see failed'
            WHEN last_day IS NULL THEN format('nothing in the %s days before %s', keep_days, read_until)
            WHEN last_day < read_until - 7 THEN format('nothing since %s: does its loader run?', last_day) END AS warning
FROM (SELECT s.system, count(a.source_id)::int AS accounts, max(health_last_day(a.activity)) AS last_day, s.read_until, s.failed,
             s.keep_days
      FROM source_system AS s LEFT JOIN source_activity AS a USING (system)
      GROUP BY s.system) AS s
UNION ALL
SELECT system, 0, NULL, NULL, failed, 'not connected: see failed' FROM source_failed;

-- Names that stand under several ids: who could be whom. The account_id is that of the system which knows accounts best.
CREATE OR REPLACE VIEW source_same_name AS
WITH known AS MATERIALIZED (
    SELECT lower(btrim(a.name)) AS name, coalesce(k.account_id, a.source_id) AS account_id, min(s.knows_accounts) AS rank,
           string_agg(DISTINCT a.system, ', ') AS systems
    FROM source_account AS a JOIN source_system AS s USING (system) LEFT JOIN account_key AS k ON k.alias = a.source_id
    WHERE a.source_id <> '' AND btrim(a.name) <> '' GROUP BY 1, 2
), best AS (
    SELECT *, first_value(account_id) OVER by_name AS best_id, first_value(systems) OVER by_name AS best_systems
    FROM known WINDOW by_name AS (PARTITION BY name ORDER BY rank, account_id)
)
SELECT name, account_id AS alias, best_id AS account_id, systems AS alias_of, best_systems AS account_of
FROM best WHERE account_id <> best_id;

-- Do the systems mean the same accounts? Of each: its accounts, how many of them another system has under the same id, and
-- how many have a name that stands under another id as well. (SET jit = off where you read these two.)
CREATE OR REPLACE VIEW source_overlap AS
WITH known AS MATERIALIZED (
    SELECT DISTINCT a.system, coalesce(k.account_id, a.source_id) AS account_id
    FROM (SELECT system, source_id FROM source_account UNION ALL SELECT system, source_id FROM source_activity) AS a
    LEFT JOIN account_key AS k ON k.alias = a.source_id
    WHERE a.source_id <> ''
), several AS (
    SELECT account_id FROM known GROUP BY account_id HAVING count(*) > 1
), named AS MATERIALIZED (
    SELECT alias AS account_id FROM source_same_name UNION SELECT account_id FROM source_same_name
)
SELECT k.system, count(*)::int AS accounts, count(s.account_id)::int AS known_elsewhere, count(n.account_id)::int AS same_name
FROM known AS k LEFT JOIN several AS s USING (account_id) LEFT JOIN named AS n USING (account_id)
GROUP BY k.system;

-- The first night, and every night: today's board is of the full days before today. (psql -v today=2026-01-01 for another.)
\if :{?today}
\else
SELECT health_day(now()) AS today \gset
\endif
CALL refresh_warehouse(:'today');
ANALYZE source_activity, accounts, account_activity, scoreboard;

-- Where pg_cron is installed; its clock is GMT, as the days are. Set the time to when the loaders are through. The job runs
-- with the search_path of its role: ALTER ROLE ... SET search_path, if this lies in a schema of its own.
SELECT count(*) > 0 AS has_cron FROM pg_extension WHERE extname = 'pg_cron' \gset
\if :has_cron
SELECT cron.schedule('health: warehouse', '30 5 * * *', 'CALL refresh_warehouse(health_day(now()))');
\endif

-- Nobody there: what was looked for.
DO $$
DECLARE
    source  record;
    has     text;
    signals bigint;
    newest  date;
BEGIN
    FOR source IN SELECT system, place, to_regclass(place) IS NOT NULL AS is_there
                  FROM source_system LEFT JOIN loaded USING (system) WHERE NOT EXISTS (SELECT FROM accounts) LOOP
        has := 'its tables are not where they usually are';
        IF source.is_there THEN
            EXECUTE format('SELECT %L || count(*) || %L FROM %s', source.place || ' has ', ' rows', source.place) INTO has;
        END IF;
        EXECUTE format('SELECT count(*), max(health_day(occurred_at)) FROM %I', source.system || '_signal') INTO signals, newest;
        RAISE WARNING 'no account of %: %, and %_signal has % of an account%', source.system, has, source.system, signals,
                      coalesce(', the newest of ' || newest, '')
            USING HINT = 'Does the account stand where the file of sources/ looks for it? It marks the place.';
    END LOOP;
END $$;
DROP TABLE loaded;

SELECT * FROM source_status ORDER BY system;
SELECT count(*) > 1 AS has_several FROM source_system \gset
\if :has_several
SELECT system, accounts, known_elsewhere AS "known to another", same_name AS "name under several ids"
FROM source_overlap ORDER BY system;
SELECT coalesce(bool_or(same_name > 0 OR known_elsewhere = 0), false) AS do_not_match FROM source_overlap \gset
\if :do_not_match
\echo 'Ids of these systems do not match: a customer of two of them may be two accounts. Section 3 leads them together.'
\echo
\endif
\endif
SELECT system, name AS "does not count (name it in 5)", accounts, events
FROM source_name WHERE signal IS NULL ORDER BY events DESC LIMIT 10;
SELECT coalesce(band, 'no score') AS band, count(*) AS accounts FROM scoreboard GROUP BY band ORDER BY min(score);
SELECT account_id, left(name, 30) AS name, segment, score_shown AS score, band,
       CASE WHEN length(reason) > 90 THEN left(reason, 89) || '…' ELSE reason END AS reason, next_step
FROM scoreboard ORDER BY score, account_id LIMIT 20;
SET client_min_messages = :messages_before;
SET jit = :jit_before;
\set ON_ERROR_STOP :stop_before
\set QUIET :quiet_before
