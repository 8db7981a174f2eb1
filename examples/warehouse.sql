-- From the tables of your systems to a scoreboard, in one go:
--
--   psql -d yours -v ON_ERROR_STOP=1 -f examples/warehouse.sql
--
-- What you change is between here and "From here on". Run it again after a change: it is all made anew, aliases and what was
-- read stay. The model, too, is made anew from models.sql and what you write here. It works with any one of the systems, and
-- with all of them. Run it in a schema that has no accounts and events of another making.
--
-- A system whose tables lie where its loader usually puts them is found, and gets the views of sources/. Do yours lie
-- elsewhere, then change and run its file of sources/ first; views that are there are taken as they are. So is one of your
-- own: a view mine_signal(account_id, user_id, signal, value, occurred_at), perhaps with a
-- mine_account(account_id, name, segment, seats, arr, csm, created_on, renews_on), and a line ('mine', ...) below.
--
--   source_activity   what each account of each system did: the only thing that is read from the systems
--   account_alias     yours: which id stands for which account; a new row counts from the next night on, for all years
--   accounts, account_activity, account_health, scoreboard, health_drivers_by_account   as views.sql has them, so that
--                     history.sql, book.sql, crm.sql and the others work on them
--   scoreboard_drivers   the drivers with the systems that they come from
--   source_status     is each system loaded, and until which day does it have data?

\set quiet_before :QUIET
\set QUIET on
SELECT current_setting('client_min_messages') AS messages_before \gset
SET client_min_messages = warning;
\ir models.sql

CREATE TEMPORARY TABLE chosen (
    system text PRIMARY KEY, has_seats boolean, makes_accounts boolean, knows_accounts int, knows_money int, reread_days int
);

-- 1. Your systems. Delete the line of one that shall be left out.
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
-- product has that of the CRM. Fill it here or elsewhere.
CREATE TABLE IF NOT EXISTS account_alias (
    alias      text PRIMARY KEY,
    account_id text NOT NULL
);
-- INSERT INTO account_alias SELECT id, product_account_id_c FROM salesforce.account WHERE product_account_id_c <> ''
-- ON CONFLICT (alias) DO UPDATE SET account_id = excluded.account_id;

-- 4. The segment of an account, which is also its model: one of those of models.sql.
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
                               "label": {"en": "Meetings", "fr": "Réunions"}},
    "meeting_no_show":        {"weight": -2, "max_points": 6, "dimension": "relationship",
                               "label": {"en": "Missed meetings", "fr": "Réunions manquées"},
                               "next_step": {"en": "Find another time, or another person",
                                             "fr": "Trouver une autre date, ou une autre personne"}},
    "call":                   {"weight": 1, "max_points": 3, "usage": false, "dimension": "relationship",
                               "label": {"en": "Calls", "fr": "Appels"}},
    "renewal_lost":           {"weight": -30, "max_points": 30, "dimension": "commercial",
                               "label": {"en": "Renewal lost", "fr": "Renouvellement perdu"},
                               "next_step": {"en": "Ask who decided, and what would change it",
                                             "fr": "Demander qui a décidé, et ce qui changerait la décision"}},
    "opportunity_lost":       {"weight": -3, "max_points": 6, "dimension": "commercial",
                               "label": {"en": "Opportunity lost", "fr": "Opportunité perdue"}},
    "payment_failed":         {"weight": -4, "max_points": 8, "dimension": "commercial",
                               "label": {"en": "Payment failed", "fr": "Paiement refusé"},
                               "next_step": {"en": "Ask for another card", "fr": "Demander un autre moyen de paiement"}},
    "seats_removed":          {"weight": -8, "max_points": 16, "dimension": "commercial",
                               "label": {"en": "Seats removed", "fr": "Licences supprimées"},
                               "next_step": {"en": "Ask which team left, and why",
                                             "fr": "Demander quelle équipe est partie, et pourquoi"}},
    "downgraded":             {"weight": -8, "max_points": 16, "dimension": "commercial",
                               "label": {"en": "Downgraded", "fr": "Passage à une offre inférieure"},
                               "next_step": {"en": "Ask what was not worth its price",
                                             "fr": "Demander ce qui ne valait pas son prix"}},
    "cancellation_scheduled": {"weight": -55, "measure": "last", "scale": [[0, 0], [1, 1]], "window_days": null,
                               "dimension": "commercial", "label": {"en": "Cancellation scheduled", "fr": "Résiliation demandée"},
                               "text": {"low":  {"en": "a subscription is set to end with its period",
                                                 "fr": "un abonnement s’arrêtera à la fin de sa période"},
                                        "rose": {"en": "a subscription is set to end with its period",
                                                 "fr": "un abonnement s’arrêtera à la fin de sa période"}},
                               "next_step": {"en": "Call today", "fr": "Appeler aujourd’hui"}},
    "subscription_canceled":  {"weight": -40, "max_points": 40, "dimension": "commercial",
                               "label": {"en": "Subscription canceled", "fr": "Abonnement résilié"},
                               "next_step": {"en": "Ask what would bring them back",
                                             "fr": "Demander ce qui les ferait revenir"}}
} $$);

-- 7. Where no system has seats in use, nothing can be said of usage: every account begins with 100 points and loses them.
-- To be there is then to pay, to meet or to ask, and silence says little.
CREATE TEMPORARY TABLE without_product (model jsonb);
INSERT INTO without_product VALUES ($$ {
  "silent_days": 400,
  "next_steps": {"never_active": {"en": "Get in touch, as nothing is on record", "fr": "Prendre contact : rien n’est connu"},
                 "new":          {"en": "Follow the onboarding plan", "fr": "Suivre le plan d’accueil"}},
  "signals": {
    "login": null, "report_viewed": null, "admin_login": null, "user:*": null, "invite_sent": null, "form_published": null,
    "export": null, "api_call": null,
    "customer": {"weight": 100, "scale": [[0, 1], [1, 1]], "usage": false, "dimension": "commercial",
                 "label": {"en": "Customer", "fr": "Client"},
                 "text": {"steady": {"en": "a customer begins with 100 points", "fr": "un client part de 100 points"},
                          "high":   {"en": "a customer begins with 100 points", "fr": "un client part de 100 points"}}},
    "support_ticket": {"unit": "score", "max_points": 9, "usage": true},
    "meeting": {"unit": "score", "max_points": 9, "usage": true},
    "call": {"unit": "score", "usage": true},
    "invoice_paid": {"usage": true},
    "contract_extended": {"usage": true}}
} $$);

-- ---------------------------------------------------------------- From here on nothing needs a change.

DO $$
BEGIN
    IF EXISTS (SELECT FROM pg_class WHERE relnamespace = current_schema()::regnamespace
                                      AND (relname, relkind) IN (('accounts', 'v'), ('events', 'r'))) THEN
        RAISE EXCEPTION 'accounts or events are there already, made by hand or by sample.sql'
            USING HINT = 'Drop both, with all views of them, or set another schema: PGOPTIONS="-c search_path=mine,public".';
    END IF;
END $$;

-- The sources that are not connected yet, where their tables are. Segment and RudderStack land the same tables: who has
-- RudderStack runs its file first.
CREATE OR REPLACE FUNCTION pg_temp.wants(system text, sample text) RETURNS boolean LANGUAGE sql AS $$
    SELECT to_regclass(sample) IS NOT NULL AND to_regclass(system || '_signal') IS NULL
       AND EXISTS (SELECT FROM chosen WHERE chosen.system = wants.system)
$$;
SELECT pg_temp.wants('salesforce', 'salesforce.account') AS salesforce, pg_temp.wants('hubspot', 'hubspot.company') AS hubspot,
       pg_temp.wants('stripe', 'stripe.subscription_history') AS stripe,
       pg_temp.wants('chargebee', 'chargebee.subscription') AS chargebee, pg_temp.wants('zendesk', 'zendesk.ticket') AS zendesk,
       pg_temp.wants('intercom', 'intercom.conversation_history') AS intercom,
       pg_temp.wants('segment', 'app.tracks') AND to_regclass('rudderstack_signal') IS NULL AS segment,
       pg_temp.wants('posthog', 'posthog.events') AS posthog, pg_temp.wants('amplitude', 'amplitude.event') AS amplitude,
       pg_temp.wants('mixpanel', 'mixpanel.event') AS mixpanel \gset
\if :salesforce \ir sources/salesforce.sql \endif
\if :hubspot \ir sources/hubspot.sql \endif
\if :stripe \ir sources/stripe.sql \endif
\if :chargebee \ir sources/chargebee.sql \endif
\if :zendesk \ir sources/zendesk.sql \endif
\if :intercom \ir sources/intercom.sql \endif
\if :segment \ir sources/segment.sql \endif
\if :posthog \ir sources/posthog.sql \endif
\if :amplitude \ir sources/amplitude.sql \endif
\if :mixpanel \ir sources/mixpanel.sql \endif

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
UPDATE health_models SET model = model || jsonb_build_object('signals', (SELECT signals FROM added));
UPDATE health_models SET model = model || (SELECT model FROM without_product)
WHERE NOT EXISTS (SELECT FROM source_system WHERE has_seats);
DO $$
DECLARE
    name record;
BEGIN
    FOR name IN SELECT signal, jsonb_agg(event ORDER BY event) AS events FROM called GROUP BY signal LOOP
        IF EXISTS (SELECT FROM health_models WHERE model::jsonb -> 'signals' -> name.signal IS NULL) THEN
            CONTINUE WHEN NOT EXISTS (SELECT FROM source_system WHERE has_seats);
            RAISE EXCEPTION 'the model has no signal %, which shall stand for %', name.signal, name.events;
        END IF;
        UPDATE health_models SET model = model || jsonb_build_object('signals', jsonb_build_object(name.signal,
            jsonb_build_object('aliases',
                coalesce(model::jsonb -> 'signals' -> name.signal -> 'aliases', '[]') || name.events)));
    END LOOP;
END $$;

DROP TABLE chosen, called, added, without_product;

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
        RAISE EXCEPTION 'no system is connected' USING HINT = 'Run a file of examples/sources first.';
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
                                         (CASE WHEN $2 THEN 'user:' || nullif(e.user_id, '') END, NULL, NULL)
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
    USING name, source.has_seats, from_day, today, today - source.keep_days;
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
WHERE c.signal NOT LIKE 'user:%' AND c.signal NOT LIKE 'guest:%'
GROUP BY a.system, c.signal, n.signal;

-- Is everything there? A system whose last day lags behind read_until has not been synced by its loader.
CREATE OR REPLACE VIEW source_status AS
SELECT s.system, count(a.source_id)::int AS accounts, max(health_last_day(a.activity)) AS last_day, s.read_until, s.failed
FROM source_system AS s LEFT JOIN source_activity AS a USING (system)
GROUP BY s.system;

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

SELECT * FROM source_status ORDER BY system;
SELECT system, name AS "does not count", accounts, events FROM source_name WHERE signal IS NULL ORDER BY events DESC LIMIT 10;
SELECT account_id, name, segment, score_shown AS score, band, main_risk, next_step FROM scoreboard ORDER BY score LIMIT 20;
SET client_min_messages = :messages_before;
\set QUIET :quiet_before
