-- examples/warehouse.sql over the tables of four systems, Segment, Salesforce, Zendesk and Stripe, with planted truths; then
-- over one system at a time, and over all eleven. The extension lies in a schema of its own, so that each run has one, too.
SET plpgsql.check_asserts = on;
SET client_min_messages = warning;
CREATE SCHEMA ext;
CREATE EXTENSION health_score SCHEMA ext;
SET search_path = public, ext;

-- ---------------------------------------------------------------- the tables, as the loaders land them

CREATE SCHEMA app;
CREATE TABLE app.tracks (id text, user_id text, anonymous_id text, event text, event_text text, "timestamp" timestamptz,
                         received_at timestamptz);
CREATE TABLE app.identifies (id text, user_id text, anonymous_id text, "timestamp" timestamptz, received_at timestamptz, role text);
CREATE TABLE app.groups (id text, user_id text, anonymous_id text, group_id text, "timestamp" timestamptz, received_at timestamptz,
                         name text, plan text, seats int);
CREATE TABLE app.aliases (id text, user_id text, previous_id text, "timestamp" timestamptz);
CREATE SCHEMA salesforce;
CREATE TABLE salesforce.account (id text, master_record_id text, is_deleted boolean, name text, type text,
                                 number_of_employees int, owner_id text, created_date timestamp, product_account_id_c text,
                                 _fivetran_synced timestamp);
CREATE TABLE salesforce.contact (id text, account_id text, master_record_id text, is_deleted boolean, last_modified_date timestamp,
                                 _fivetran_synced timestamp);
CREATE TABLE salesforce.opportunity (id text, account_id text, type text, amount numeric, close_date date, is_closed boolean,
                                     is_won boolean, is_deleted boolean, _fivetran_synced timestamp);
CREATE TABLE salesforce.event (id text, account_id text, who_id text, start_date_time timestamp, activity_date_time timestamp,
                               activity_date date, is_deleted boolean, _fivetran_synced timestamp);
CREATE TABLE salesforce.task (id text, account_id text, who_id text, activity_date date, created_date timestamp,
                              is_closed boolean, is_deleted boolean, _fivetran_synced timestamp);
CREATE TABLE salesforce."user" (id text, name text, _fivetran_synced timestamp);
CREATE SCHEMA zendesk;
CREATE TABLE zendesk.organization (id bigint, external_id text, name text, created_at timestamp, _fivetran_synced timestamp);
CREATE TABLE zendesk."user" (id bigint, external_id text, organization_id bigint, email text, _fivetran_synced timestamp);
CREATE TABLE zendesk.ticket (id bigint, organization_id bigint, requester_id bigint, status text, priority text,
                             merged_ticket_ids text, created_at timestamp, updated_at timestamp, _fivetran_synced timestamp);
CREATE SCHEMA stripe;
CREATE TABLE stripe.customer (id text, name text, description text, metadata text, created timestamp, livemode boolean,
                              is_deleted boolean, _fivetran_synced timestamp);
CREATE TABLE stripe.subscription_history (id text, customer_id text, status text, quantity int, cancel_at_period_end boolean,
    cancel_at timestamp, canceled_at timestamp, ended_at timestamp, current_period_end timestamp, livemode boolean,
    _fivetran_active boolean, _fivetran_start timestamp, _fivetran_synced timestamp);
CREATE TABLE stripe.subscription_item (id text, subscription_id text, plan_id text, quantity int, current_period_end timestamp,
                                       _fivetran_synced timestamp);
CREATE TABLE stripe.price (id text, currency text, unit_amount int, unit_amount_decimal text, recurring_interval text,
                           recurring_interval_count int, recurring_usage_type text);
CREATE TABLE stripe.invoice (id text, customer_id text, status text, billing_reason text, currency text, amount_paid int,
    attempt_count int, created timestamp, due_date timestamp, period_start timestamp, period_end timestamp, livemode boolean,
    is_deleted boolean, status_transitions_finalized_at timestamp, status_transitions_paid_at timestamp,
    status_transitions_voided_at timestamp, status_transitions_marked_uncollectible_at timestamp, _fivetran_synced timestamp);
CREATE TABLE stripe.charge (id text, customer_id text, status text, currency text, amount int, created timestamp,
                            livemode boolean, _fivetran_synced timestamp);

-- Thirty accounts use the product, acme and bolt among them: two or three people each, who sign in on most days and look at
-- reports. Every tenth call comes twice, a day later.
INSERT INTO app.groups (id, user_id, group_id, "timestamp", received_at, name, plan, seats)
SELECT 'g' || a || u, account || '-' || u, account, '2024-12-01 08:00+00', '2024-12-01 08:00+00', 'Group ' || account, 'team', 4
FROM generate_series(1, 30) AS a CROSS JOIN generate_series(1, 2 + a % 2) AS u
CROSS JOIN LATERAL (SELECT CASE a WHEN 1 THEN 'acme' WHEN 2 THEN 'bolt' ELSE 'p' || a END AS account) AS n;
INSERT INTO app.tracks (id, user_id, event, "timestamp", received_at)
SELECT format('t-%s-%s-%s', user_id, d, kind), user_id, kind, at, at + interval '5 minutes'
FROM app.groups CROSS JOIN generate_series(0, 364) AS d
CROSS JOIN (VALUES ('signed_in', 0), ('report_viewed', 1), ('Pixel Fired', 2)) AS k (kind, n)
-- Hours, as a day of an interval is the session's.
CROSS JOIN LATERAL (SELECT '2025-01-01 00:30+00'::timestamptz + make_interval(hours => 24 * d + (d * 7 + n) % 24) AS at) AS t
WHERE (d * 5 + n + length(user_id)) % 7 < 5
  AND NOT (group_id = 'acme' AND d > 340);  -- nobody of Acme came in the last three weeks
INSERT INTO app.tracks
SELECT id, user_id, anonymous_id, event, event_text, "timestamp" + interval '24 hours', received_at + interval '24 hours'
FROM app.tracks WHERE hashtext(id) % 10 = 0;

-- Acme has an id of the CRM, which a field there leads to the product's; so has Bolt, which was renamed and has a customer
-- of Stripe more than anybody told. 001C is known to Salesforce only, organization 903 to Zendesk only.
INSERT INTO salesforce.account (id, is_deleted, name, number_of_employees, owner_id, created_date, product_account_id_c,
                                _fivetran_synced) VALUES
    ('001A', false, 'Acme', 120, '005X', '2024-06-01', 'acme', '2025-12-31'),
    ('001B', false, 'Bolt', 1500, '005X', '2024-06-01', 'bolt', '2025-11-30'),
    ('001B', false, 'Bolt Global', 1500, '005X', '2024-06-01', 'bolt', '2025-12-31'),
    ('001C', false, 'Crane', 30, NULL, '2024-06-01', NULL, '2025-12-31');
INSERT INTO salesforce."user" VALUES ('005X', 'Chloé', '2025-12-31');
INSERT INTO salesforce.event (id, account_id, start_date_time, is_deleted, _fivetran_synced)
SELECT '00U' || n, CASE n % 3 WHEN 0 THEN '001A' WHEN 1 THEN '001B' ELSE '001C' END,
       '2025-12-30 23:30'::timestamp - make_interval(days => 9 * n), n = 7, '2025-12-31'
FROM generate_series(0, 20) AS n;
INSERT INTO salesforce.opportunity VALUES ('0061', '001A', 'New Business', 9000, '2025-03-01', true, true, false, '2025-12-31'),
                                          ('0062', '001A', 'Renewal', 9000, '2026-03-01', false, false, false, '2025-12-31');
INSERT INTO zendesk.organization VALUES (901, 'acme', 'Acme', '2024-07-01', '2025-12-31'), (902, 'bolt', 'Bolt', '2024-07-01', '2025-12-31'),
                                        (903, NULL, 'Drift', '2024-07-01', '2025-12-31');
INSERT INTO zendesk.ticket
SELECT n, 901 + n % 3, 1, CASE WHEN n = 0 THEN 'open' ELSE 'solved' END, CASE WHEN n = 0 THEN 'urgent' ELSE 'normal' END, NULL,
       '2025-12-28 22:00'::timestamp - make_interval(days => 4 * n), '2025-12-30', '2025-12-31 06:00'
FROM generate_series(0, 17) AS n;
INSERT INTO stripe.customer VALUES
    ('cus_a', 'Acme SA', NULL, '{"account_id": "acme"}', '2025-02-01', true, false, '2025-12-31'),
    ('cus_b1', 'Bolt', NULL, '{"account_id": "bolt"}', '2025-02-01', true, false, '2025-12-31'),
    ('cus_b2', 'Bolt GmbH', NULL, NULL, '2025-04-01', true, false, '2025-12-31');
INSERT INTO stripe.price VALUES ('seat', 'usd', 5000, '5000', 'month', 1, 'licensed');
INSERT INTO stripe.subscription_history VALUES
    ('s1', 'cus_a', 'active', 5, false, NULL, NULL, NULL, '2026-03-01', true, false, '2025-02-01', '2025-12-31'),
    ('s1', 'cus_a', 'active', 5, true, NULL, '2025-12-20', NULL, '2026-03-01', true, true, '2025-12-20', '2025-12-31'),
    ('s2', 'cus_b1', 'active', 3, false, NULL, NULL, NULL, '2026-05-01', true, true, '2025-02-01', '2025-12-31'),
    ('s3', 'cus_b2', 'active', 2, false, NULL, NULL, NULL, '2026-02-01', true, true, '2025-04-01', '2025-12-31');
INSERT INTO stripe.subscription_item VALUES ('i1', 's1', 'seat', 5, NULL, '2025-12-31'), ('i2', 's2', 'seat', 3, NULL, '2025-12-31'),
                                            ('i3', 's3', 'seat', 2, NULL, '2025-12-31');
INSERT INTO stripe.invoice (id, customer_id, status, billing_reason, currency, amount_paid, attempt_count, due_date,
                            status_transitions_paid_at, livemode, is_deleted, _fivetran_synced)
SELECT 'in' || customer || m, customer, 'paid', 'subscription_cycle', 'usd', 25000, 1, '2025-06-01'::timestamp + make_interval(months => m),
       '2025-06-01 23:45'::timestamp + make_interval(months => m), true, false, '2025-12-31'
FROM (VALUES ('cus_a'), ('cus_b1'), ('cus_b2')) AS c (customer), generate_series(0, 6) AS m;

-- ---------------------------------------------------------------- the first run

CREATE TABLE account_alias (alias text PRIMARY KEY, account_id text NOT NULL);
INSERT INTO account_alias SELECT DISTINCT id, product_account_id_c FROM salesforce.account WHERE product_account_id_c <> '';
INSERT INTO account_alias VALUES ('circle 1', 'circle 2'), ('circle 2', 'circle 3'), ('circle 3', 'circle 2'), ('p3', 'p3');
\set today 2026-01-01
\o /dev/null
\i examples/warehouse.sql
\o

DO $$ BEGIN
    ASSERT (SELECT array_agg(system::text ORDER BY system) = '{salesforce,segment,stripe,zendesk}' FROM source_system), 'connected';
    ASSERT (SELECT bool_and(failed IS NULL AND read_until = '2026-01-01' AND last_day > '2025-12-15') FROM source_status), 'read';

    -- The CRM knows the name, the segment and the CSM best, the billing seats, ARR, beginning and renewal.
    ASSERT (SELECT (name, segment, csm, seats, arr, created_on, renews_on)
                   = ('Acme', 'mid', 'Chloé', 5, 3000, '2025-02-01'::date, '2026-03-01'::date)
            FROM accounts WHERE account_id = 'acme'), 'Acme';
    ASSERT (SELECT (name, segment, seats, arr) = ('Bolt Global', 'enterprise', 3, 1800) FROM accounts WHERE account_id = 'bolt'),
        'renamed, and still the same';
    ASSERT (SELECT (name, seats, arr) = ('Bolt GmbH', 2, 1200) FROM accounts WHERE account_id = 'stripe:cus_b2'), 'not merged yet';
    ASSERT (SELECT name = 'Crane' AND seats IS NULL FROM accounts WHERE account_id = '001C')
       AND (SELECT name = 'Drift' AND segment = 'smb' FROM accounts WHERE account_id = 'zendesk:903'), 'known to one system';
    -- 30 of the product with 4 seats of their own, these two and the customer.
    ASSERT (SELECT count(*) = 33 AND count(*) FILTER (WHERE seats = 4) = 28 FROM accounts), 'accounts';
    ASSERT (SELECT count(*) = 33 AND bool_and(score IS NOT NULL AND as_of = '2026-01-01') FROM scoreboard), 'scoreboard';
    ASSERT (SELECT array_agg(account_id ORDER BY account_id) = '{acme,bolt,stripe:cus_b2}' FROM renewals), 'renewals';

    -- Cycles: the smallest of them, wherever one comes in.
    ASSERT (SELECT array_agg(account_id ORDER BY alias) = '{circle 2,circle 2,circle 2}' FROM account_key WHERE alias LIKE 'circle%'),
        'a circle';

    -- What Acme's score is made of comes from all four.
    ASSERT (SELECT array_agg(DISTINCT system ORDER BY system) = '{salesforce,segment,stripe,zendesk}'
            FROM scoreboard_drivers CROSS JOIN unnest(string_to_array(systems, ', ')) AS system WHERE account_id = 'acme'),
        'drivers from four systems';
    ASSERT (SELECT bool_and(systems = CASE signal WHEN 'login' THEN 'segment' WHEN 'user:*' THEN 'segment' WHEN 'meeting' THEN 'salesforce'
                            WHEN 'urgent_tickets_open' THEN 'zendesk' WHEN 'cancellation_scheduled' THEN 'stripe' END)
                   AND count(*) = 4
            FROM scoreboard_drivers WHERE account_id = 'acme'
                                      AND signal IN ('user:*', 'meeting', 'urgent_tickets_open', 'cancellation_scheduled')), 'each its own';
    ASSERT (SELECT bool_and(abs(s.score - d.points) < 1e-6) FROM scoreboard AS s
            JOIN (SELECT account_id, sum(points) AS points FROM scoreboard_drivers GROUP BY 1) AS d USING (account_id)), 'drivers add up';
    ASSERT (SELECT band = 'red' AND reason LIKE '%set to end%nobody active for 24 days%' FROM scoreboard WHERE account_id = 'acme'),
        'two systems in one sentence';
    -- A name of the product's own counts as the model's; one that is not told is named.
    ASSERT (SELECT signal = 'login' FROM source_name WHERE name = 'signed_in')
       AND (SELECT array_agg(name ORDER BY name) = '{Pixel Fired}' FROM source_name WHERE signal IS NULL), 'names';
END $$;

-- ---------------------------------------------------------------- against plain SQL over the tables

-- What each table says for itself, in the product's ids.
CREATE VIEW oracle (account_id, signal, day, count) AS
WITH ids (id, account_id) AS (
    VALUES ('001A', 'acme'), ('001B', 'bolt'), ('901', 'acme'), ('902', 'bolt'), ('903', 'zendesk:903'), ('cus_a', 'acme'),
           ('cus_b1', 'bolt'), ('cus_b2', 'stripe:cus_b2')
), events (id, signal, at) AS (
    SELECT split_part(user_id, '-', 1), s.signal, at
    FROM (SELECT id, user_id, event, min("timestamp") AS at FROM app.tracks GROUP BY id, user_id, event) AS t
    CROSS JOIN LATERAL (VALUES (event), ('user:' || user_id)) AS s (signal)
    UNION ALL
    SELECT account_id, 'meeting', start_date_time AT TIME ZONE 'UTC' FROM salesforce.event WHERE NOT is_deleted
    UNION ALL
    SELECT account_id, 'contract_extended', close_date::timestamp AT TIME ZONE 'UTC' FROM salesforce.opportunity
    WHERE is_won AND type = 'Renewal'
    UNION ALL
    SELECT organization_id::text, 'support_ticket', created_at AT TIME ZONE 'UTC' FROM zendesk.ticket
    UNION ALL
    SELECT organization_id::text, 'urgent_tickets_open', (created_at + make_interval(days => n)) AT TIME ZONE 'UTC'
    FROM zendesk.ticket CROSS JOIN generate_series(0, 3) AS n WHERE priority = 'urgent'  -- from the 28th to the 31st
    UNION ALL
    SELECT customer_id, 'invoice_paid', status_transitions_paid_at AT TIME ZONE 'UTC' FROM stripe.invoice
    UNION ALL
    SELECT customer_id, 'cancellation_scheduled', canceled_at AT TIME ZONE 'UTC' FROM stripe.subscription_history
    WHERE canceled_at IS NOT NULL
    UNION ALL
    SELECT customer_id, 'cancellation_scheduled', min(_fivetran_start) AT TIME ZONE 'UTC'  -- 0 to begin with
    FROM stripe.subscription_history GROUP BY customer_id, id
)
SELECT coalesce(i.account_id, e.id), e.signal, (e.at AT TIME ZONE 'UTC')::date, count(*)
FROM events AS e LEFT JOIN ids AS i USING (id)
WHERE e.at < (SELECT as_of::timestamp AT TIME ZONE 'UTC' FROM settings)
GROUP BY 1, 2, 3;
CREATE VIEW mapped (account_id, signal, day, count) AS
SELECT account_id, signal, day, count FROM account_activity CROSS JOIN health_cells(activity) AS c;
CREATE PROCEDURE agree(at text) LANGUAGE plpgsql AS $$
DECLARE
    wrong text;
BEGIN
    SELECT string_agg(row::text, E'\n') INTO wrong FROM (
        (SELECT 'missing', * FROM (TABLE oracle EXCEPT TABLE mapped) AS o LIMIT 10)
        UNION ALL (SELECT 'not expected', * FROM (TABLE mapped EXCEPT TABLE oracle) AS m LIMIT 10)) AS row;
    ASSERT wrong IS NULL, at || E':\n' || wrong;
    ASSERT (SELECT sum(count) > 30000 FROM mapped), 'hardly anything';
END $$;
CALL agree('after the first run');

-- ---------------------------------------------------------------- nights

-- The same night, and the same file, once more: not a row is written.
CREATE TABLE before (what text, place text, content text);
CREATE PROCEDURE take_note(keep boolean) LANGUAGE plpgsql AS $$
DECLARE
    wrong text;
BEGIN
    CREATE TEMP TABLE now_is AS
    SELECT 'source_activity' AS what, ctid::text AS place, t::text AS content FROM source_activity AS t
    UNION ALL SELECT 'accounts', ctid::text, t::text FROM accounts AS t
    UNION ALL SELECT 'account_activity', ctid::text, t::text FROM account_activity AS t
    UNION ALL SELECT 'scoreboard', ctid::text, t::text FROM scoreboard AS t
    UNION ALL SELECT 'settings', ctid::text, t::text FROM settings AS t;
    IF keep THEN
        TRUNCATE before;
        INSERT INTO before TABLE now_is;
    END IF;
    SELECT string_agg(left(row::text, 300), E'\n') INTO wrong
    FROM ((TABLE before EXCEPT TABLE now_is) UNION ALL (TABLE now_is EXCEPT TABLE before)) AS row;
    DROP TABLE now_is;
    ASSERT wrong IS NULL, wrong;
END $$;
CALL take_note(true);
CALL refresh_warehouse('2026-01-01');
CALL take_note(false);
\o /dev/null
\i examples/warehouse.sql
\o
CALL take_note(false);

-- Somebody tells that the customer of Stripe is Bolt, by an alias of an alias. No event is read for it, in no system: only
-- accounts are made anew.
INSERT INTO account_alias VALUES ('stripe:cus_b2', '001B');
CALL refresh_accounts();
DO $$ BEGIN
    ASSERT NOT EXISTS (SELECT FROM accounts WHERE account_id = 'stripe:cus_b2'), 'merged';
    ASSERT (SELECT (name, seats, arr, renews_on) = ('Bolt Global', 5, 3000, '2026-02-01'::date) FROM accounts WHERE account_id = 'bolt'),
        'both customers';
    ASSERT (SELECT health_measure(activity, 'invoice_paid', '2026-01-01', 400, 'count') = 14 FROM account_activity
            WHERE account_id = 'bolt'), 'invoices of both';
END $$;
DELETE FROM account_alias WHERE alias = 'stripe:cus_b2';

-- The next night, of which the product is read for three days only: a call of that day, one that came late, and the second
-- delivery of an older one, in the middle of the days that are read. Meanwhile Zendesk cannot be read.
\i examples/history.sql
\i examples/book.sql
\i examples/crm.sql
\i examples/backtest.sql
DO $$ BEGIN
    ASSERT (SELECT (seats, days_quiet, days_to_renewal) = (5, 24, 59) FROM account_facts WHERE account_id = 'acme'),
        'the book works on it';
END $$;
UPDATE source_system SET reread_days = 3 WHERE system = 'segment';
INSERT INTO app.tracks (id, user_id, event, "timestamp", received_at) VALUES
    ('new', 'p5-1', 'signed_in', '2026-01-01 23:59+00', '2026-01-02 00:01+00'),
    ('late', 'p5-1', 'signed_in', '2025-12-30 12:00+00', '2026-01-02 00:01+00');
INSERT INTO app.tracks SELECT id, user_id, anonymous_id, event, event_text, '2025-12-31 12:00+00', '2026-01-02 00:01+00'
FROM app.tracks WHERE "timestamp" < '2025-12-20 00:00+00' AND user_id = 'p6-1' LIMIT 50;
SELECT pg_get_viewdef('zendesk_signal') AS zendesk_signal \gset
CREATE OR REPLACE VIEW zendesk_signal AS
SELECT 'a'::text AS account_id, NULL::text AS user_id, 'support_ticket'::text AS signal, (1 / (random() < 0)::int)::float8 AS value,
       '2025-12-01 00:00+00'::timestamptz AS occurred_at;
SET client_min_messages = error;
CALL refresh_warehouse('2026-01-02');
SET client_min_messages = warning;
DO $$ BEGIN
    ASSERT (SELECT failed = 'division by zero' AND read_until = '2026-01-01' FROM source_status WHERE system = 'zendesk'),
        'what went wrong is told';
    ASSERT (SELECT count(*) = 33 AND bool_and(as_of = '2026-01-02') FROM scoreboard), 'and the board is there';
    ASSERT (SELECT max(as_of) = '2026-01-02' FROM score_history), 'and its history';
END $$;
CREATE OR REPLACE VIEW zendesk_signal AS :zendesk_signal;
CALL agree('after a night of three days');
CALL refresh_warehouse('2026-01-02');
CALL agree('after Zendesk could be read again');
DO $$ BEGIN
    ASSERT (SELECT bool_and(failed IS NULL AND read_until = '2026-01-02') FROM source_status), 'forgotten';
END $$;
-- Read whole it is the same.
CALL take_note(true);
UPDATE source_system SET read_until = NULL, reread_days = NULL;
CALL refresh_warehouse('2026-01-02');
CALL take_note(false);

-- Deleted and merged in a source, years of it: a whole reading takes it away.
DELETE FROM zendesk.ticket WHERE organization_id = 903;
DELETE FROM zendesk.organization WHERE id = 903;
CALL refresh_warehouse('2026-01-02');
DO $$ BEGIN
    ASSERT NOT EXISTS (SELECT FROM accounts WHERE account_id = 'zendesk:903'), 'gone';
END $$;
CALL agree('after a deletion');

-- ---------------------------------------------------------------- one system at a time, and eleven

-- The loaders' tables are no longer found, but the views know them.
ALTER SCHEMA app RENAME TO old_app;
ALTER SCHEMA salesforce RENAME TO old_salesforce;
ALTER SCHEMA zendesk RENAME TO old_zendesk;
ALTER SCHEMA stripe RENAME TO old_stripe;

CREATE SCHEMA no_seats;  -- Stripe: an account without trouble is fine
SET search_path = no_seats, ext;
CREATE VIEW stripe_signal AS TABLE public.stripe_signal;
CREATE VIEW stripe_account AS TABLE public.stripe_account;
\o /dev/null
\i examples/warehouse.sql
\i examples/warehouse.sql
\o
DO $$ BEGIN
    ASSERT (SELECT array_agg(account_id || ' ' || score_shown ORDER BY account_id) = '{acme 45,bolt 100,stripe:cus_b2 100}' FROM scoreboard),
        'Stripe alone: 100, less 55 for a cancellation';
    ASSERT (SELECT count(*) = 1 FROM scoreboard WHERE main_risk IS NOT NULL), 'one has a risk';
END $$;

CREATE SCHEMA no_accounts;  -- a product without group traits
SET search_path = no_accounts, ext;
CREATE VIEW mixpanel_signal AS TABLE public.segment_signal;
\o /dev/null
\i examples/warehouse.sql
\o
DO $$ BEGIN
    ASSERT (SELECT count(*) = 30 AND bool_and(score > 0) FROM scoreboard)
       AND (SELECT account_id = 'acme' FROM scoreboard ORDER BY score LIMIT 1), 'a product alone';
    ASSERT (SELECT count(*) = 30 AND bool_and(name = account_id AND segment = 'smb') FROM accounts), 'accounts by their events';
END $$;

CREATE SCHEMA eleven;
SET search_path = eleven, ext;
SELECT format('CREATE VIEW %1$s_signal AS SELECT ''acme''::text AS account_id, ''u''::text AS user_id, ''by_%1$s''::text AS signal,
               NULL::float8 AS value, ''2025-12-%2$s 00:00+00''::timestamptz AS occurred_at;
               CREATE VIEW %1$s_account AS SELECT ''acme''::text AS account_id, ''Acme of %1$s''::text AS name, NULL::text AS segment,
               %2$s AS seats, NULL::numeric AS arr, NULL::text AS csm, NULL::date AS created_on, NULL::date AS renews_on', system, 10 + n)
FROM unnest('{salesforce,hubspot,stripe,chargebee,zendesk,intercom,segment,rudderstack,posthog,amplitude,mixpanel}'::text[])
     WITH ORDINALITY AS s (system, n) \gexec
\o /dev/null
\i examples/warehouse.sql
\o
DO $$ BEGIN
    ASSERT (SELECT count(*) = 11 AND bool_and(accounts = 1 AND failed IS NULL) FROM source_status), 'eleven';
    ASSERT (SELECT (name, seats) = ('Acme of salesforce', 13) FROM accounts), 'who knows best';
    ASSERT (SELECT count(*) = 11 FROM source_name WHERE signal IS NULL), 'eleven names that no model knows';
    -- One user in five products that have seats.
    ASSERT (SELECT health_measure(activity, 'user:u', '2026-01-01', 90, 'count') = 5 FROM account_activity), 'seats';
END $$;

-- ---------------------------------------------------------------- what is in the way, and what fails

-- An error ends warehouse.sql and not this file, which goes on with the next line.
CREATE TABLE public.told (what text, message text);
CREATE SCHEMA own;
SET search_path = own, ext;
CREATE VIEW stripe_signal AS TABLE public.stripe_signal;
CREATE TABLE accounts AS SELECT 1 AS id, 'pro' AS plan;
CREATE TABLE settings AS SELECT 'color' AS key, 'red' AS value;
\set ON_ERROR_STOP off
\i examples/warehouse.sql
INSERT INTO public.told VALUES ('own', :'LAST_ERROR_MESSAGE');
-- As the header of a source file says, with views.sql: its date is the day after the newest event. Then what the hint says.
CREATE SCHEMA header;
SET search_path = header, ext;
CREATE VIEW accounts AS SELECT 'a' AS account_id, 'A' AS name, 'smb' AS segment, 'c' AS csm, 1 AS arr, 1 AS seats, NULL::date AS created_on;
CREATE VIEW events AS
SELECT 'a' AS account_id, NULL::text AS user_id, 'login' AS event, NULL::float8 AS value, '2025-11-10 23:59:59+00'::timestamptz AS occurred_at;
\i examples/models.sql
\i examples/views.sql
CREATE TABLE public.begun AS TABLE settings;
\set ON_ERROR_STOP off
\i examples/warehouse.sql
INSERT INTO public.told VALUES ('header', :'LAST_ERROR_MESSAGE');
SET client_min_messages = warning;
DROP VIEW accounts, events CASCADE; DROP TABLE account_activity, settings;
CREATE VIEW stripe_signal AS TABLE public.stripe_signal;
\o /dev/null
\i examples/warehouse.sql
\o
CREATE SCHEMA none;
SET search_path = none, ext;
\set ON_ERROR_STOP off
\i examples/warehouse.sql
INSERT INTO public.told VALUES ('none', :'LAST_ERROR_MESSAGE');
DO $$ BEGIN
    ASSERT (SELECT message LIKE 'schema own has accounts, settings already%' FROM public.told WHERE what = 'own'), 'tables of their own';
    ASSERT (SELECT (id, plan) = (1, 'pro') FROM own.accounts) AND (SELECT key = 'color' FROM own.settings), 'are as they were';
    ASSERT (SELECT array_agg(relname::text ORDER BY relname) = '{accounts,settings,stripe_signal}' FROM pg_class
            WHERE relnamespace = 'own'::regnamespace), 'nothing was made beside them';
    ASSERT (SELECT message LIKE 'schema header has account_activity, account_health, accounts, events, %settings already%'
            FROM public.told WHERE what = 'header'), 'views';
    ASSERT (SELECT as_of = '2025-11-11' FROM public.begun), 'the day after the newest event';
    ASSERT (SELECT count(*) = 3 FROM header.scoreboard), 'the way out';
    ASSERT (SELECT message = 'no system is connected' FROM public.told WHERE what = 'none'), 'no system';
END $$;

-- A table of Chargebee without the columns: that system is left out, without half of its views. A scorecard of somebody
-- else's among the models stays as it is. Data that end are told.
CREATE SCHEMA chargebee;
CREATE TABLE chargebee.subscription (id int);
CREATE TABLE chargebee.customer (id int);
CREATE SCHEMA fails;
SET search_path = fails, ext;
CREATE TABLE health_models (segment text PRIMARY KEY, model health_model NOT NULL);
INSERT INTO health_models VALUES ('support', '{"combine": "mean", "signals": {"csat": {"weight": 1, "measure": "last", "out_of": 5}}}');
CREATE TABLE before AS SELECT model::text FROM health_models;
CREATE VIEW stripe_signal AS SELECT * FROM public.stripe_signal WHERE occurred_at < '2025-12-10 00:00+00';
CREATE VIEW zendesk_signal AS SELECT * FROM public.zendesk_signal WHERE false;
\o /dev/null
\i examples/warehouse.sql
\o
DO $$ BEGIN
    ASSERT (SELECT accounts = 0 AND warning LIKE 'not connected%' AND failed LIKE 'column %does not exist' FROM source_status
            WHERE system = 'chargebee'), 'told';
    ASSERT NOT EXISTS (SELECT FROM pg_class WHERE relname LIKE 'chargebee%' AND relnamespace = 'fails'::regnamespace), 'not half';
    ASSERT (SELECT count(*) = 3 FROM scoreboard), 'the others go on';
    ASSERT (SELECT model::text = (SELECT model FROM before) FROM health_models WHERE segment = 'support'), 'not ours';
    ASSERT (SELECT warning = 'nothing since 2025-12-01: does its loader run?' FROM source_status WHERE system = 'stripe'), 'behind';
    ASSERT (SELECT warning = 'nothing in the 400 days before 2026-01-01' FROM source_status WHERE system = 'zendesk'), 'empty';
END $$;
DROP SCHEMA chargebee CASCADE;

-- Ten customers in three systems that do not know each other's ids, one of them twice in Stripe.
CREATE SCHEMA apart;
SET search_path = apart, ext;
CREATE VIEW hubspot_account AS
SELECT n::text AS account_id, 'Firm ' || n AS name, NULL::text AS segment, NULL::int AS seats, NULL::numeric AS arr, NULL::text AS csm,
       '2024-10-08'::date AS created_on, NULL::date AS renews_on FROM generate_series(1, 10) AS n;
CREATE VIEW stripe_account AS
SELECT 'stripe:cus_' || account_id AS account_id, upper(name) AS name, segment, seats, 1200::numeric AS arr, csm, created_on, renews_on
FROM hubspot_account
UNION ALL SELECT 'stripe:cus_1b', 'Firm 1', NULL, NULL, 300, NULL, NULL, NULL;
CREATE VIEW zendesk_account AS
SELECT 'zendesk:' || account_id AS account_id, name || ' ' AS name, segment, seats, arr, csm, created_on, renews_on FROM hubspot_account
UNION ALL SELECT 'zendesk:alone', 'Else', NULL, NULL, NULL, NULL, NULL, NULL;
-- Number 9 has nothing on record anywhere, number 10 was there last 390 days ago, number 8 was rated 1 and has two tickets.
CREATE VIEW hubspot_signal AS
SELECT account_id, NULL::text AS user_id, 'meeting'::text AS signal, NULL::float8 AS value, '2025-12-15 10:00+00'::timestamptz AS occurred_at
FROM hubspot_account WHERE account_id <> ALL ('{9,10}');
CREATE VIEW stripe_signal AS
SELECT account_id, NULL::text AS user_id, 'invoice_paid'::text AS signal, 100::float8 AS value,
       CASE WHEN account_id LIKE '%10' THEN '2024-12-07 10:00+00' ELSE '2025-12-20 10:00+00' END::timestamptz AS occurred_at
FROM stripe_account WHERE account_id NOT LIKE '%9';
CREATE VIEW zendesk_signal AS
SELECT 'zendesk:8'::text AS account_id, 'u'::text AS user_id, signal, value, occurred_at::timestamptz
FROM (VALUES ('support_ticket', NULL::float8, '2025-12-20 10:00+00'), ('support_ticket', NULL, '2025-12-21 10:00+00'),
             ('csat', 1, '2025-11-15 10:00+00')) AS v (signal, value, occurred_at);
\o /dev/null
\i examples/warehouse.sql
\o
DO $$ BEGIN
    ASSERT (SELECT count(*) = 32 FROM accounts), 'three for one';
    ASSERT (SELECT array_agg(format('%s %s %s %s', system, accounts, known_elsewhere, same_name) ORDER BY system)
                   = '{hubspot 10 0 10,stripe 11 0 11,zendesk 11 0 10}' FROM source_overlap), 'and that is told';
    ASSERT (SELECT count(*) = 21 AND bool_and(account_id = split_part(name, ' ', 2) AND account_of = 'hubspot') FROM source_same_name),
        'who could be whom';
    -- The rating costs three steps of eight, the tickets one each.
    ASSERT (SELECT (band, score_shown, main_risk_signal) = ('yellow', 74, 'csat') FROM scoreboard WHERE account_id = 'zendesk:8'),
        'the rating is the risk';
    ASSERT (SELECT (band, score_shown) = ('yellow', 50) AND main_risk LIKE 'No activity on record since the start 450 days ago'
            FROM scoreboard WHERE account_id = '9'), 'nothing on record';
    ASSERT (SELECT (band, score_shown) = ('yellow', 50) AND main_risk = 'No known activity for 389 days'
            FROM scoreboard WHERE account_id = 'stripe:cus_10'), 'nothing for a year';
    ASSERT (SELECT bool_and(score_shown = 100 AND reason LIKE '%last known activity 12 days ago.' AND main_risk IS NULL)
            FROM scoreboard WHERE account_id LIKE 'stripe:cus_%' AND account_id <> 'stripe:cus_10' AND account_id <> 'stripe:cus_9'),
        'a customer who pays';
END $$;
INSERT INTO account_alias SELECT alias, account_id FROM source_same_name;
CALL refresh_warehouse('2026-01-01');
DO $$ BEGIN
    ASSERT (SELECT count(*) = 11 FROM accounts) AND (SELECT arr = 1500 FROM accounts WHERE account_id = '1'), 'led together';
    ASSERT (SELECT array_agg(format('%s %s %s %s', system, accounts, known_elsewhere, same_name) ORDER BY system)
                   = '{hubspot 10 10 0,stripe 10 10 0,zendesk 11 10 0}' FROM source_overlap), 'and that is told, too';
    ASSERT NOT EXISTS (SELECT FROM source_same_name), 'no more';
END $$;

-- No account: the tables have rows, but none of an account.
CREATE SCHEMA zendesk;
CREATE TABLE zendesk.ticket AS SELECT 1 AS id;
CREATE SCHEMA nobody;
SET search_path = nobody, ext;
CREATE VIEW zendesk_signal AS SELECT * FROM public.zendesk_signal WHERE false;
\o /dev/null
\i examples/warehouse.sql
\o
DO $$ BEGIN
    ASSERT NOT EXISTS (SELECT FROM scoreboard), 'an empty board';
END $$;
