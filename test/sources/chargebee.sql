-- Chargebee's tables with the columns and types of Airbyte's schema, planted customers, and what
-- examples/sources/chargebee.sql maps them to, worked out by hand. Then once more as a Singer tap lands them.
\ir common.psql
CREATE SCHEMA chargebee;
CREATE TABLE chargebee.customer (
    _airbyte_raw_id text, _airbyte_extracted_at timestamptz, _airbyte_meta jsonb, id text, first_name text, last_name text,
    email text, company text, auto_collection text, net_term_days bigint, created_at bigint, resource_version bigint,
    updated_at bigint, preferred_currency_code text, deleted boolean, mrr bigint, billing_address jsonb, relationship jsonb,
    meta_data jsonb, custom_fields jsonb);
CREATE TABLE chargebee.subscription (
    _airbyte_raw_id text, _airbyte_extracted_at timestamptz, _airbyte_meta jsonb, id text, currency_code text,
    start_date bigint, trial_end bigint, customer_id text, status text, current_term_start bigint, current_term_end bigint,
    next_billing_at bigint, created_at bigint, cancelled_at bigint, cancel_reason_code text, resource_version bigint,
    updated_at bigint, cancel_schedule_created_at bigint, due_invoices_count bigint, total_dues bigint, mrr bigint,
    exchange_rate numeric, base_currency_code text, deleted boolean, subscription_items jsonb, plan_id text,
    plan_quantity bigint, plan_unit_price bigint, billing_period bigint, billing_period_unit text, plan_amount bigint,
    meta_data jsonb, custom_fields jsonb);
CREATE TABLE chargebee.invoice (
    _airbyte_raw_id text, _airbyte_extracted_at timestamptz, _airbyte_meta jsonb, id text, customer_id text,
    subscription_id text, recurring boolean, status text, date bigint, due_date bigint, currency_code text, total bigint,
    amount_paid bigint, write_off_amount bigint, amount_due bigint, paid_at bigint, dunning_status text, voided_at bigint,
    resource_version bigint, updated_at bigint, first_invoice boolean, deleted boolean, line_items jsonb);
CREATE TABLE chargebee.transaction (
    _airbyte_raw_id text, _airbyte_extracted_at timestamptz, _airbyte_meta jsonb, id text, customer_id text,
    subscription_id text, type text, date bigint, currency_code text, amount bigint, status text, error_code text,
    resource_version bigint, updated_at bigint, deleted boolean, linked_invoices jsonb);
CREATE TABLE chargebee.event (
    _airbyte_raw_id text, _airbyte_extracted_at timestamptz, _airbyte_meta jsonb, id text, occurred_at bigint, source text,
    "user" text, event_type text, content jsonb, object text);

\i examples/sources/chargebee.sql
\i examples/sources/chargebee.sql

CREATE FUNCTION pg_temp.epoch(t timestamptz) RETURNS bigint LANGUAGE sql AS 'SELECT extract(epoch FROM t)::bigint';
INSERT INTO chargebee.customer (id, company, first_name, last_name, meta_data, created_at, resource_version, deleted,
                                updated_at) VALUES
    ('cb_a1', 'Acme', 'Ann', 'A', '{"account_id": "acme"}', pg_temp.epoch('2023-03-01 23:30+00'), 5, false, NULL),
    ('cb_a2', NULL, 'Ann', 'A', '{"account_id": "acme"}', pg_temp.epoch('2024-05-05 00:00+00'), 5, false, NULL),
    ('cb_b', 'Bolt', NULL, NULL, NULL, pg_temp.epoch('2024-01-01 00:00+00'), 5, false, NULL),
    ('cb_b', 'Bolt Global', NULL, NULL, NULL, pg_temp.epoch('2024-01-01 00:00+00'), 7, false, NULL),  -- renamed
    ('cb_b', 'Bolt', NULL, NULL, NULL, pg_temp.epoch('2024-01-01 00:00+00'), 6, false, NULL),         -- came late
    ('cb_c', NULL, 'Cy', 'Crane', '{"account_id": "crane"}', pg_temp.epoch('2024-01-01 00:00+00'), 1, false, NULL),
    ('cb_x', 'Gone', NULL, NULL, '{"account_id": "gone"}', pg_temp.epoch('2024-01-01 00:00+00'), 1, true, NULL);

-- Acme: ten seats at 50.00 a month, twelve from June on, the same twelve for 10.00 less in all from July on, nine in
-- November; then the wish to end, withdrawn and uttered again.
CREATE TEMP TABLE history (id text, customer_id text, version bigint, at timestamptz, status text, seats int, mrr bigint,
                           scheduled_at timestamptz, cancelled_at timestamptz, term_end timestamptz, currency text);
INSERT INTO history VALUES
    ('s1', 'cb_a1', 10, '2025-03-01 10:00+00', 'active',       10, 50000, NULL, NULL, '2026-03-01 10:00+00', 'USD'),
    ('s1', 'cb_a1', 20, '2025-06-10 10:00+00', 'active',       12, 60000, NULL, NULL, '2026-03-01 10:00+00', 'USD'),
    ('s1', 'cb_a1', 30, '2025-07-10 10:00+00', 'active',       12, 59000, NULL, NULL, '2026-03-01 10:00+00', 'USD'),
    ('s1', 'cb_a1', 40, '2025-11-05 23:00+00', 'active',        9, 45000, NULL, NULL, '2026-03-01 10:00+00', 'USD'),
    ('s1', 'cb_a1', 50, '2025-12-02 00:10+00', 'non_renewing',  9, 45000, '2025-12-01 23:50+00', '2026-03-01 10:00+00', '2026-03-01 10:00+00', 'USD'),
    ('s1', 'cb_a1', 60, '2025-12-03 10:00+00', 'active',        9, 45000, NULL, NULL, '2026-03-01 10:00+00', 'USD'),
    ('s1', 'cb_a1', 70, '2025-12-20 10:00+00', 'non_renewing',  9, 45000, '2025-12-20 09:59+00', '2026-03-01 10:00+00', '2026-03-01 10:00+00', 'USD'),
    ('s2', 'cb_a2', 10, '2025-01-15 10:00+00', 'active',        4, 12000, NULL, NULL, '2026-01-15 10:00+00', 'JPY'),
    ('s3', 'cb_b',  10, '2025-02-01 00:00+00', 'active',        5, 20000, NULL, NULL, '2025-08-01 00:00+00', 'USD'),
    ('s3', 'cb_b',  20, '2025-08-01 00:05+00', 'cancelled',     5, 0, NULL, '2025-08-01 00:00+00', '2025-08-01 00:00+00', 'USD'),
    ('s4', 'cb_b',  10, '2025-12-15 00:00+00', 'in_trial',      3, 15000, NULL, NULL, '2025-12-29 00:00+00', 'USD'),
    ('s6', 'cb_x',  10, '2025-12-15 00:00+00', 'cancelled',     3, 15000, NULL, '2025-12-15 00:00+00', NULL, 'USD');
-- Every change is an event, delivered twice; the row itself is the last.
INSERT INTO chargebee.event (id, occurred_at, event_type, content)
SELECT 'ev_' || id || version, pg_temp.epoch(at), 'subscription_changed',
       jsonb_build_object('subscription', jsonb_strip_nulls(jsonb_build_object(
           'id', id, 'customer_id', customer_id, 'status', status, 'currency_code', currency, 'mrr', mrr,
           'billing_period', 1, 'billing_period_unit', 'month', 'resource_version', version, 'updated_at', pg_temp.epoch(at),
           'cancel_schedule_created_at', pg_temp.epoch(scheduled_at), 'cancelled_at', pg_temp.epoch(cancelled_at),
           'current_term_end', pg_temp.epoch(term_end), 'deleted', false, 'subscription_items', jsonb_build_array(
               jsonb_build_object('item_price_id', 'seat', 'item_type', 'plan', 'quantity', seats),
               jsonb_build_object('item_price_id', 'support', 'item_type', 'addon', 'quantity', 1)))))
FROM history, generate_series(1, 2);
INSERT INTO chargebee.event (id, occurred_at, event_type, content) VALUES
    ('ev_card', pg_temp.epoch('2025-12-31 07:00+00'), 'card_added', '{"customer": {"id": "cb_a1"}}');
INSERT INTO chargebee.subscription (id, customer_id, status, currency_code, mrr, resource_version, updated_at, subscription_items,
    cancel_schedule_created_at, cancelled_at, current_term_end, deleted)
SELECT DISTINCT ON (id) id, customer_id, status, currency, mrr, version, pg_temp.epoch(at),
       jsonb_build_array(jsonb_build_object('item_type', 'plan', 'quantity', seats)), pg_temp.epoch(scheduled_at),
       pg_temp.epoch(cancelled_at), pg_temp.epoch(term_end), false
FROM history ORDER BY id, version DESC;
-- Crane: product catalog 1.0, no MRR, 2 seats for 75.00 in three months; and one that was deleted.
INSERT INTO chargebee.subscription (id, customer_id, status, currency_code, resource_version, updated_at, plan_quantity,
    plan_amount, billing_period, billing_period_unit, current_term_end, deleted) VALUES
    ('s5', 'cb_c', 'active', 'USD', 3, pg_temp.epoch('2025-10-01 00:00+00'), 2, 7500, 3, 'month', pg_temp.epoch('2026-01-01 00:00+00'), false),
    ('s8', 'cb_c', 'cancelled', 'USD', 3, pg_temp.epoch('2025-10-01 00:00+00'), 90, 7500, 3, 'month', NULL, true),
    ('s7', 'cb_c', 'active', 'USD', 3, pg_temp.epoch('2025-10-01 00:00+00'), 90, 7500, 3, 'month', pg_temp.epoch('2025-12-31 00:00+00'), true);

INSERT INTO chargebee.invoice (id, customer_id, status, currency_code, amount_paid, due_date, paid_at, voided_at, recurring,
    first_invoice, line_items, resource_version, updated_at, deleted)
SELECT id, customer, status, currency, paid, pg_temp.epoch(due), pg_temp.epoch(paid_at), pg_temp.epoch(voided_at), renewal,
       NOT renewal, jsonb_build_array(jsonb_build_object('date_from', 1740787200, 'date_to', 1740787200 + days * 86400)),
       version, pg_temp.epoch('2025-12-31 06:00+00'), deleted
FROM (VALUES
    -- A year, paid six days late at an hour at which it is the day before in New York; the unpaid version came again.
    ('i1', 'cb_a1', 'paid', 'USD', 600000, '2025-03-10 12:00+00'::timestamptz, '2025-03-16 02:00+00'::timestamptz, NULL::timestamptz, true, 365, 9, false),
    ('i1', 'cb_a1', 'payment_due', 'USD', 0, '2025-03-10 12:00+00', NULL, NULL, true, 365, 4, false),
    ('i2', 'cb_a2', 'paid', 'JPY', 36000, '2025-03-14 00:00+00', '2025-03-15 08:00+00', NULL, true, 92, 9, false),
    ('i3', 'cb_b', 'payment_due', 'USD', 0, '2025-12-28 05:00+00', NULL, NULL, false, 30, 9, false),
    ('i4', 'cb_b', 'voided', 'USD', 0, '2025-10-01 00:00+00', NULL, '2025-10-04 00:00+00', false, 30, 9, false),
    ('i5', 'cb_b', 'pending', 'USD', 0, '2025-11-01 00:00+00', NULL, NULL, false, 30, 9, false),
    ('i6', 'cb_b', 'paid', 'USD', 0, '2025-12-15 00:00+00', '2025-12-15 00:00+00', NULL, false, 30, 9, false),
    ('i7', 'cb_c', 'not_paid', 'USD', 0, '2025-10-01 00:00+00', NULL, NULL, false, 30, 9, true),
    ('i8', 'cb_x', 'paid', 'USD', 5000, '2025-10-01 00:00+00', '2025-10-01 00:00+00', NULL, false, 30, 9, false)
) AS v (id, customer, status, currency, paid, due, paid_at, voided_at, renewal, days, version, deleted);
INSERT INTO chargebee.transaction (id, customer_id, type, status, currency_code, amount, date, resource_version, deleted) VALUES
    ('t1', 'cb_b', 'payment', 'in_progress', 'USD', 4999, pg_temp.epoch('2025-12-28 05:00+00'), 1, false),
    ('t1', 'cb_b', 'payment', 'failure', 'USD', 4999, pg_temp.epoch('2025-12-28 05:00+00'), 2, false),
    ('t2', 'cb_b', 'payment', 'failure', 'BHD', 1500, pg_temp.epoch('2025-12-30 23:00+00'), 1, false),
    ('t3', 'cb_b', 'refund', 'failure', 'USD', 1500, pg_temp.epoch('2025-12-30 23:00+00'), 1, false),
    ('t4', 'cb_b', 'payment', 'success', 'USD', 1500, pg_temp.epoch('2025-12-30 23:00+00'), 1, false),
    ('t5', 'cb_b', 'payment', 'failure', 'USD', 1500, pg_temp.epoch('2025-12-30 23:00+00'), 1, true);

CREATE TEMP TABLE expected (account_id text, signal text, value float8, occurred_at timestamptz);
INSERT INTO expected VALUES
    ('acme', 'invoice_paid', 6000, '2025-03-16 02:00+00'), ('acme', 'invoice_paid', 36000, '2025-03-15 08:00+00'),
    ('acme', 'contract_extended', NULL, '2025-03-16 02:00+00'),
    ('acme', 'payment_days_past_due', 1, '2025-03-11 00:00+00'), ('acme', 'payment_days_past_due', 2, '2025-03-12 00:00+00'),
    ('acme', 'payment_days_past_due', 3, '2025-03-13 00:00+00'), ('acme', 'payment_days_past_due', 4, '2025-03-14 00:00+00'),
    ('acme', 'payment_days_past_due', 5, '2025-03-15 00:00+00'), ('acme', 'payment_days_past_due', 0, '2025-03-16 00:00+00'),
    ('acme', 'contract_extended', 2, '2025-06-10 10:00+00'), ('acme', 'downgraded', 10, '2025-07-10 10:00+00'),
    ('acme', 'seats_removed', 3, '2025-11-05 23:00+00'),
    ('acme', 'cancellation_scheduled', 0, '2025-01-15 10:00+00'), ('acme', 'cancellation_scheduled', 0, '2025-03-01 10:00+00'),
    ('chargebee:cb_b', 'cancellation_scheduled', 0, '2025-02-01 00:00+00'),
    ('chargebee:cb_b', 'cancellation_scheduled', 0, '2025-12-15 00:00+00'),
    ('crane', 'cancellation_scheduled', 0, '2025-10-01 00:00+00'),
    ('acme', 'cancellation_scheduled', 1, '2025-12-01 23:50+00'),
    ('acme', 'cancellation_scheduled', 0, '2025-12-03 10:00+00'),
    ('acme', 'cancellation_scheduled', 1, '2025-12-20 09:59+00'),
    ('chargebee:cb_b', 'subscription_canceled', NULL, '2025-08-01 00:00+00'),
    ('chargebee:cb_b', 'payment_days_past_due', 1, '2025-10-02 00:00+00'),
    ('chargebee:cb_b', 'payment_days_past_due', 2, '2025-10-03 00:00+00'),
    ('chargebee:cb_b', 'payment_days_past_due', 0, '2025-10-04 00:00+00'),
    ('chargebee:cb_b', 'payment_days_past_due', 1, '2025-12-29 00:00+00'),
    ('chargebee:cb_b', 'payment_days_past_due', 2, '2025-12-30 00:00+00'),
    ('chargebee:cb_b', 'payment_days_past_due', 3, '2025-12-31 00:00+00'),
    ('chargebee:cb_b', 'payment_failed', 49.99, '2025-12-28 05:00+00'),
    ('chargebee:cb_b', 'payment_failed', 1.5, '2025-12-30 23:00+00');
CREATE PROCEDURE pg_temp.check_all() LANGUAGE plpgsql AS $$
DECLARE
    wrong text;
BEGIN
    SELECT string_agg(format('%s %s', which, row), E'\n' ORDER BY row::text) INTO wrong FROM (
        SELECT 'missing' AS which, row FROM (SELECT * FROM expected EXCEPT ALL
            SELECT account_id, signal, value, occurred_at FROM chargebee_signal) AS row
        UNION ALL
        SELECT 'not expected', row FROM (SELECT account_id, signal, value, occurred_at FROM chargebee_signal
            EXCEPT ALL SELECT * FROM expected) AS row) AS differences;
    ASSERT wrong IS NULL, wrong;
    PERFORM pg_temp.keeps_contract('chargebee');
    ASSERT NOT EXISTS (SELECT FROM chargebee_signal WHERE user_id IS NOT NULL), 'nobody in particular';

    ASSERT (SELECT array_agg((currency, arr)::text ORDER BY currency) = '{"(jpy,144000.00)","(usd,5400.00)"}'
            FROM chargebee_arr WHERE account_id = 'acme'), 'ARR by currency';
    ASSERT (SELECT (name, seats, created_on, renews_on) = ('Acme', 13, '2023-03-01'::date, '2026-01-15'::date) AND arr IS NULL
            FROM chargebee_account WHERE account_id = 'acme'), 'two customers, two currencies';
    ASSERT (SELECT (name, seats, arr, created_on) = ('Bolt Global', 3, 0, '2024-01-01'::date) AND renews_on IS NULL
            FROM chargebee_account WHERE account_id = 'chargebee:cb_b'), 'a trial, and a term that ended on 2025-12-29, before the last change';
    ASSERT (SELECT (name, seats, arr, renews_on) = ('Cy Crane', 2, 300, '2026-01-01'::date)
            FROM chargebee_account WHERE account_id = 'crane'), 'catalog 1.0';
    ASSERT (SELECT count(*) = 3 FROM chargebee_account), 'deleted';
END $$;
CALL pg_temp.check_all();

-- In one currency.
CREATE OR REPLACE VIEW chargebee_rate (currency, rate) AS VALUES ('usd', 1.0), ('jpy', 0.0065);
DO $$ BEGIN
    ASSERT (SELECT arr = 6336 FROM chargebee_account WHERE account_id = 'acme'), '5,400 and 936';
END $$;

-- ---------------------------------------------------------------- as a Singer tap lands it: plural, timestamps, JSON as text

DROP VIEW chargebee_customer, chargebee_rate, chargebee_event, chargebee_failed CASCADE;
SELECT format('ALTER TABLE %s ALTER %I TYPE %s', c.attrelid::regclass, attname,
              CASE WHEN atttypid = 'jsonb'::regtype THEN format('text USING %I::text', attname)
                   ELSE format('timestamptz USING to_timestamp(%I)', attname) END)
FROM pg_attribute AS c JOIN pg_class AS t ON t.oid = attrelid
WHERE relnamespace = 'chargebee'::regnamespace AND attnum > 0
  AND (atttypid = 'jsonb'::regtype OR atttypid = 'int8'::regtype AND (attname ~ '_at$|date$|_end$|_start$')) \gexec
UPDATE chargebee.invoice SET line_items =
    '[{"date_from": "2025-03-01T00:00:00.000000Z", "date_to": "2026-03-01T00:00:00.000000Z"}]' WHERE id = 'i1';
UPDATE chargebee.event SET content = regexp_replace(content, '"updated_at": (\d+)',
    '"updated_at": "' || to_char(occurred_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') || '"');
SELECT format('ALTER TABLE chargebee.%1$I RENAME TO %1$ss', relname)
FROM pg_class WHERE relnamespace = 'chargebee'::regnamespace AND relkind = 'r' \gexec
-- The reader adds the s.
\set file `sed -E 's/chargebee\.(customer|subscription|invoice|transaction|event)\b/chargebee.\1s/' examples/sources/chargebee.sql`
:file
CALL pg_temp.check_all();

-- ---------------------------------------------------------------- no events, no transactions, catalog 1.0

DROP TABLE chargebee.events, chargebee.transactions CASCADE;
ALTER TABLE chargebee.subscriptions DROP subscription_items CASCADE, DROP mrr CASCADE, DROP cancel_schedule_created_at CASCADE;
:file
DO $$ BEGIN
    ASSERT (SELECT (seats, arr) = (2, 300) FROM chargebee_account WHERE account_id = 'crane'), 'plans';
    ASSERT (SELECT occurred_at = '2025-12-20 10:00+00' FROM chargebee_signal
            WHERE signal = 'cancellation_scheduled' AND account_id = 'acme' AND value = 1), 'by the time of the change';
    ASSERT NOT EXISTS (SELECT FROM chargebee_signal WHERE signal IN ('payment_failed', 'seats_removed', 'downgraded')), 'not known';
END $$;

\set as_of 2026-01-01
\ir warehouse.psql
DO $$ BEGIN
    ASSERT (SELECT array_agg(account_id || ' ' || band ORDER BY account_id) = '{"acme red","chargebee:cb_b green","crane green"}' FROM scoreboard), 'bands';
    ASSERT (SELECT main_risk LIKE 'A subscription is set to end with its period%' AND next_step = 'Call today' FROM scoreboard
            WHERE account_id = 'acme'), 'the cancellation';
END $$;
