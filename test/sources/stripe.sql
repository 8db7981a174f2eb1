-- Stripe's tables with their documented columns, the real seeds, and then planted customers: what examples/sources/stripe.sql
-- maps them to is worked out by hand.
\ir common.psql
CREATE SCHEMA stripe;
-- Fivetran lands times with a zone, dbt's seeds without one: here invoices have one and the others do not.
CREATE TABLE stripe.charge (
    id text, _fivetran_synced timestamp, amount int, amount_refunded int, application text, application_fee_amount int,
    balance_transaction_id text, bank_account_id text, captured boolean, card_id text, connected_account_id text,
    created timestamp, currency text, customer_id text, description text, destination text, failure_code text,
    failure_message text, fraud_details_stripe_report text, fraud_details_user_report text, invoice_id text,
    livemode boolean, metadata text, on_behalf_of text, outcome_network_status text, outcome_reason text,
    outcome_risk_level text, outcome_risk_score int, outcome_seller_message text, outcome_type text, paid boolean,
    payment_intent_id text, receipt_email text, receipt_number text, receipt_url text, refunded boolean,
    shipping_address_city text, shipping_address_country text, shipping_address_line_1 text, shipping_address_line_2 text,
    shipping_address_postal_code text, shipping_address_state text, shipping_carrier text, shipping_name text,
    shipping_phone text, shipping_tracking_number text, source_id text, source_transfer text, statement_descriptor text,
    status text, transfer_data_destination text, transfer_group text, transfer_id text,
    calculated_statement_descriptor text);
CREATE TABLE stripe.customer (
    id text, _fivetran_synced timestamp, account_balance int, address_city text, address_country text, address_line_1 text,
    address_line_2 text, address_postal_code text, address_state text, balance int, bank_account_id text,
    created timestamp, currency text, default_card_id text, delinquent boolean, description text, email text,
    invoice_prefix text, invoice_settings_default_payment_method text, invoice_settings_footer text, is_deleted boolean,
    livemode boolean, name text, phone text, shipping_address_city text, shipping_address_country text,
    shipping_address_line_1 text, shipping_address_line_2 text, shipping_address_postal_code text,
    shipping_address_state text, shipping_carrier text, shipping_name text, shipping_phone text,
    shipping_tracking_number text, source_id text, tax_exempt text, tax_info_tax_id text, tax_info_type text,
    tax_info_verification_status text, tax_info_verification_verified_name text, metadata text);
CREATE TABLE stripe.subscription_history (
    id text, _fivetran_synced timestamp, _fivetran_active boolean, application_fee_percent float8, billing text,
    billing_cycle_anchor timestamp, billing_threshold_amount_gte int, billing_threshold_reset_billing_cycle_anchor boolean,
    cancel_at timestamp, cancel_at_period_end boolean, canceled_at timestamp, created timestamp,
    current_period_end timestamp, current_period_start timestamp, customer_id text, days_until_due int,
    default_source_id text, ended_at timestamp, livemode boolean, metadata text, quantity int, start_date timestamp,
    status text, tax_percent float8, trial_end timestamp, trial_start timestamp,
    _fivetran_start timestamp, _fivetran_end timestamp, latest_invoice_id text, default_payment_method_id text,
    pending_setup_intent_id text, pause_collection_behavior text, pause_collection_resumes_at timestamp);
CREATE TABLE stripe.subscription_item (
    _fivetran_synced timestamp, created timestamp, current_period_end timestamp, current_period_start timestamp, id text,
    metadata text, plan_id text, quantity int, subscription_id text);
CREATE TABLE stripe.price (
    id text, _fivetran_synced timestamp, active boolean, billing_scheme text, created timestamp, currency text,
    invoice_item_id text, is_deleted boolean, livemode boolean, lookup_key text, metadata text, nickname text,
    product_id text, recurring_aggregate_usage text, recurring_interval text, recurring_interval_count int,
    recurring_usage_type text, tiers_mode text, transform_quantity_divide_by int, transform_quantity_round text, type text,
    unit_amount int, unit_amount_decimal text);
CREATE TABLE stripe.invoice (
    id text, _fivetran_synced timestamptz, amount_due int, amount_paid int, amount_remaining int, application_fee_amount int,
    post_payment_credit_notes_amount int, pre_payment_credit_notes_amount int, attempt_count int, attempted boolean,
    auto_advance boolean, billing text, billing_reason text, charge_id text, created timestamptz, currency text,
    customer_id text, date timestamptz, default_source_id text, description text, due_date timestamptz, ending_balance int,
    finalized_at timestamptz, footer text, hosted_invoice_url text, invoice_pdf text, is_deleted boolean, livemode boolean,
    metadata text, next_payment_attempt timestamptz, number text, paid boolean, default_payment_method_id text,
    payment_intent_id text, subscription_id text, period_end timestamptz, period_start timestamptz, receipt_number text,
    starting_balance int, statement_descriptor text, status text, status_transitions_finalized_at timestamptz,
    status_transitions_marked_uncollectible_at timestamptz, status_transitions_paid_at timestamptz,
    status_transitions_voided_at timestamptz, subscription_proration_date int, subtotal int, tax int, tax_percent numeric,
    threshold_reason_amount_gte int, total int, webhooks_delivered_at timestamptz);

\set here `pwd`
\cd :data/fivetran_seeds/stripe
\copy stripe.charge FROM 'charge_data.csv' CSV HEADER
\copy stripe.customer FROM 'customer_data.csv' CSV HEADER
\copy stripe.subscription_history (id, _fivetran_synced, _fivetran_active, application_fee_percent, billing, billing_cycle_anchor, billing_threshold_amount_gte, billing_threshold_reset_billing_cycle_anchor, cancel_at, cancel_at_period_end, canceled_at, created, current_period_end, current_period_start, customer_id, days_until_due, default_source_id, ended_at, livemode, metadata, quantity, start_date, status, tax_percent, trial_end, trial_start) FROM 'subscription_history_data.csv' CSV HEADER
\copy stripe.subscription_item FROM 'subscription_item_data.csv' CSV HEADER
\copy stripe.price FROM 'price_data.csv' CSV HEADER
\cd :here

\i examples/sources/stripe.sql
\i examples/sources/stripe.sql

-- ---------------------------------------------------------------- the seeds

DO $$ BEGIN
    -- 16 declined charges of 11 customers, 66,776.96 in all; the loader saw two subscriptions, both about to end.
    ASSERT (SELECT (count(*), count(DISTINCT account_id), sum(value)::numeric(12, 2)) = (16, 11, 66776.96)
            FROM stripe_signal WHERE signal = 'payment_failed'), 'seeds: declined charges';
    ASSERT (SELECT value = 32932.32 AND occurred_at = '2021-02-18 14:07:57+00' FROM stripe_signal
            WHERE account_id = 'stripe:cus_IRb688lkE0TnTM'), 'seeds: the largest';
    ASSERT (SELECT array_agg(account_id ORDER BY account_id) = '{stripe:123fsdf,stripe:sdf6547}' FROM stripe_signal
            WHERE signal = 'cancellation_scheduled' AND occurred_at = '2021-02-18 14:16:37+00'), 'seeds: about to end';
    ASSERT (SELECT count(*) = 18 FROM stripe_signal), 'seeds: nothing else';
    -- 12 customers, one of them deleted, none with a key of ours; and the customer of the subscription that is current.
    ASSERT (SELECT count(*) FILTER (WHERE account_id LIKE 'stripe:cus_%') = 11 AND count(*) = 12 FROM stripe_account),
        'seeds: customers';
    ASSERT NOT EXISTS (SELECT FROM stripe_account WHERE account_id = 'stripe:cus_IuKuZJLG9mNRn2'), 'seeds: the deleted one';
    ASSERT (SELECT seats = 1 AND renews_on = '2021-02-19' AND arr IS NULL FROM stripe_account
            WHERE account_id = 'stripe:sdf6547'), 'seeds: an item whose price is not there';
END $$;
-- All customers of the seeds have one external_id: with it as the key they are one account.
SELECT replace(pg_get_viewdef('stripe_customer'), 'account_id''', 'external_id''') AS by_external_id \gset
BEGIN;
CREATE OR REPLACE VIEW stripe_customer AS :by_external_id;
DO $$ BEGIN
    ASSERT (SELECT created_on = '2021-01-18' FROM stripe_account WHERE account_id = '80755622-45b3-40a6-9544-25af39e0e50c')
       AND (SELECT count(*) = 2 FROM stripe_account), 'several customers of one account';
END $$;
ROLLBACK;

-- ---------------------------------------------------------------- planted

TRUNCATE stripe.charge, stripe.customer, stripe.subscription_history, stripe.subscription_item;
INSERT INTO stripe.customer (id, _fivetran_synced, created, name, metadata, livemode, is_deleted) VALUES
    ('cus_a1', '2025-12-31 06:00', '2023-03-01 23:30', 'Acme',       '{"account_id": "acme"}', true, false),
    ('cus_a2', '2025-12-31 06:00', '2024-05-05 00:00', 'Acme Japan', '{"account_id": "acme"}', true, false),
    ('cus_b',  '2025-12-01 06:00', '2024-01-01 00:00', 'Bolt',       NULL, true, false),
    ('cus_b',  '2025-12-31 06:00', '2024-01-01 00:00', 'Bolt Global', '', true, false),      -- renamed, loaded twice
    ('cus_c',  '2025-12-31 06:00', '2024-02-01 00:00', 'Crane',      '{"account_id": "crane"}', true, false),
    ('cus_x',  '2025-12-31 06:00', '2024-02-01 00:00', 'Deleted',    '{"account_id": "gone"}', true, true),
    ('cus_t',  '2025-12-31 06:00', '2024-02-01 00:00', 'Test',       '{"account_id": "test"}', false, false);
INSERT INTO stripe.price (id, currency, unit_amount, unit_amount_decimal, recurring_interval, recurring_interval_count,
                          recurring_usage_type) VALUES
    ('p_year', 'usd', 60000, '60000', 'year', 1, 'licensed'), ('p_yen', 'JPY', 9000, '9000', 'month', 3, 'licensed'),
    ('p_cent', 'usd', NULL, '1250.5', 'month', 1, 'licensed'), ('p_meter', 'usd', 5, '5', 'month', 1, 'metered');

-- Acme: 10 seats a year from cus_a1, 12 from June on, 9 from November on, then the wish to end, taken back and uttered
-- again. 4 seats a quarter in yen from cus_a2, with a meter beside them.
INSERT INTO stripe.subscription_history (id, _fivetran_start, _fivetran_active, customer_id, status, quantity,
    cancel_at_period_end, canceled_at, current_period_end, livemode, cancel_at, ended_at) VALUES
    ('s1', '2025-03-01 10:00', false, 'cus_a1', 'active',   10, false, NULL, '2026-03-01 10:00', true, NULL, NULL),
    ('s1', '2025-06-10 10:00', false, 'cus_a1', 'active',   12, false, NULL, '2026-03-01 10:00', true, NULL, NULL),
    ('s1', '2025-06-10 10:00', false, 'cus_a1', 'active',   12, false, NULL, '2026-03-01 10:00', true, NULL, NULL),
    ('s1', '2025-11-05 23:00', false, 'cus_a1', 'active',    9, false, NULL, '2026-03-01 10:00', true, NULL, NULL),
    ('s1', '2025-12-02 00:10', false, 'cus_a1', 'active',    9, true, '2025-12-01 23:50', '2026-03-01 10:00', true, NULL, NULL),
    ('s1', '2025-12-03 10:00', false, 'cus_a1', 'active',    9, false, NULL, '2026-03-01 10:00', true, NULL, NULL),
    ('s1', '2025-12-20 10:00', false, 'cus_a1', 'past_due',  9, true, '2025-12-20 09:59', '2026-03-01 10:00', true, NULL, NULL),
    ('s1', '2025-12-21 10:00', true,  'cus_a1', 'past_due',  9, true, '2025-12-20 09:59', '2026-03-01 10:00', true, NULL, NULL),
    ('s2', '2025-01-15 10:00', true,  'cus_a2', 'active', NULL, false, NULL, NULL, true, NULL, NULL),
    -- Bolt: sold for a fixed term, ended; then a trial.
    ('s3', '2025-02-01 00:00', false, 'cus_b', 'active', 5, false, NULL, '2025-08-01', true, '2025-08-01', NULL),
    ('s3', '2025-08-01 00:05', true,  'cus_b', 'canceled', 5, false, '2025-08-01 00:00', '2025-08-01', true, '2025-08-01', '2025-08-01 00:00'),
    ('s4', '2025-12-15 00:00', true,  'cus_b', 'trialing', 3, false, NULL, '9999-01-01', true, NULL, NULL),
    -- Crane: price per seat in parts of a cent.
    ('s5', '2025-12-15 00:00', true,  'cus_c', 'active', 2, false, NULL, '2026-01-15', true, NULL, NULL),
    ('s9', '2025-05-01 00:10', false, 'cus_c', 'active', 2, true, '2025-05-01', '2025-07-01', true, NULL, NULL),
    ('s9', '2025-07-01 00:10', true,  'cus_c', 'canceled', 2, true, '2025-05-01', '2025-07-01', true, NULL, '2025-07-01'),
    ('s10', '2025-01-01 00:10', false, 'cus_c', 'active', 2, false, NULL, '2025-06-02', true, NULL, NULL),
    ('s10', '2025-05-02 00:00', false, 'cus_c', 'active', 2, false, NULL, '2025-06-02', true, '2025-06-02', NULL),
    ('s10', '2025-06-02 00:10', true,  'cus_c', 'canceled', 2, false, NULL, '2025-06-02', true, '2025-06-02', '2025-06-02'),
    ('s8', '2025-09-01 00:00', true,  'cus_c', 'canceled', 2, true, '2025-08-01', '2025-09-01', true, NULL, '2025-09-01'),
    ('s6', '2025-12-15 00:00', true,  'cus_x', 'canceled', 2, false, '2025-12-15', '2026-01-15', true, NULL, '2025-12-15'),
    ('s7', '2025-12-15 00:00', true,  'cus_t', 'canceled', 2, false, '2025-12-15', '2026-01-15', false, NULL, '2025-12-15');
INSERT INTO stripe.subscription_item (id, _fivetran_synced, subscription_id, plan_id, quantity, current_period_end) VALUES
    ('i1', '2025-11-01', 's1', 'p_year', 12, NULL), ('i1', '2025-12-31', 's1', 'p_year', 9, NULL),
    ('i2', '2025-12-31', 's2', 'p_yen', 4, '2026-01-15 10:00'), ('i3', '2025-12-31', 's2', 'p_meter', NULL, '2026-01-15 10:00'),
    ('i4', '2025-12-31', 's4', 'p_year', 3, NULL), ('i5', '2025-12-31', 's5', 'p_cent', 2, NULL);

INSERT INTO stripe.invoice (id, _fivetran_synced, customer_id, status, currency, amount_paid, billing_reason, due_date,
    attempt_count, status_transitions_finalized_at, status_transitions_paid_at, status_transitions_voided_at, period_start,
    period_end, livemode, is_deleted, created) VALUES
    -- A year of Acme, paid six days late at an hour at which it is the day before in New York; loaded twice, the first
    -- time unpaid.
    ('in1', '2025-03-02 00:00+00', 'cus_a1', 'open', 'usd', 0, 'subscription_cycle', '2025-03-10 12:00+00', 0,
     '2025-03-01 00:00+00', NULL, NULL, '2024-03-01 00:00+00', '2025-03-01 00:00+00', true, false, '2025-03-01 00:00+00'),
    ('in1', '2025-03-17 00:00+00', 'cus_a1', 'paid', 'usd', 600000, 'subscription_cycle', '2025-03-10 12:00+00', 0,
     '2025-03-01 00:00+00', '2025-03-16 02:00+00', NULL, '2024-03-01 00:00+00', '2025-03-01 00:00+00', true, false, '2025-03-01 00:00+00'),
    -- Yen, paid on the day it was made; the older one of the same account is still open on the days between.
    ('in2', '2025-03-17 00:00+00', 'cus_a2', 'paid', 'jpy', 36000, 'subscription_cycle', '2025-03-14 00:00+00', 0,
     '2025-03-01 00:00+00', '2025-03-15 08:00+00', NULL, '2024-12-15 00:00+00', '2025-03-15 00:00+00', true, false, '2025-03-01 00:00+00'),
    -- Bolt: by card, declined and still open at the last sync; one voided after three days; a draft; one of nothing.
    ('in3', '2025-12-31 06:00+00', 'cus_b', 'open', 'usd', 0, 'manual', NULL, 2, '2025-12-28 05:00+00', NULL, NULL,
     '2025-12-28 00:00+00', '2025-12-28 00:00+00', true, false, '2025-12-28 00:00+00'),
    ('in4', '2025-12-31 06:00+00', 'cus_b', 'void', 'usd', 0, 'manual', '2025-10-01 00:00+00', 0, '2025-09-01 05:00+00', NULL,
     '2025-10-04 00:00+00', '2025-09-01 00:00+00', '2025-09-01 00:00+00', true, false, '2025-09-01 00:00+00'),
    ('in5', '2025-12-31 06:00+00', 'cus_b', 'draft', 'usd', 0, 'manual', '2025-11-01 00:00+00', 0, NULL, NULL, NULL, NULL, NULL,
     true, false, '2025-10-01 00:00+00'),
    ('in6', '2025-12-31 06:00+00', 'cus_b', 'paid', 'usd', 0, 'subscription_create', NULL, 0, '2025-12-15 00:00+00',
     '2025-12-15 00:00+00', NULL, NULL, NULL, true, false, '2025-12-15 00:00+00'),
    -- Deleted, of a deleted customer, a test.
    ('in7', '2025-12-31 06:00+00', 'cus_c', 'open', 'usd', 0, 'manual', '2025-10-01 00:00+00', 0, NULL, NULL, NULL, NULL, NULL,
     true, true, '2025-10-01 00:00+00'),
    ('in8', '2025-12-31 06:00+00', 'cus_x', 'paid', 'usd', 5000, 'manual', NULL, 0, NULL, '2025-10-01 00:00+00', NULL, NULL, NULL,
     true, false, '2025-10-01 00:00+00'),
    ('in9', '2025-12-31 06:00+00', 'cus_t', 'paid', 'usd', 5000, 'manual', NULL, 0, NULL, '2025-10-01 00:00+00', NULL, NULL, NULL,
     false, false, '2025-10-01 00:00+00');
INSERT INTO stripe.charge (id, _fivetran_synced, customer_id, status, currency, amount, created, livemode) VALUES
    ('ch1', '2025-12-28 06:00', 'cus_b', 'failed', 'usd', 4999, '2025-12-28 05:00', true),
    ('ch1', '2025-12-31 06:00', 'cus_b', 'failed', 'usd', 4999, '2025-12-28 05:00', true),
    ('ch2', '2025-12-31 06:00', 'cus_b', 'failed', 'bhd', 1500, '2025-12-30 23:00', true),
    ('ch3', '2025-12-31 06:00', 'cus_c', 'succeeded', 'usd', 1500, '2025-12-30 23:00', true),
    ('ch4', '2025-12-31 06:00', NULL, 'failed', 'usd', 1500, '2025-12-30 23:00', true);

CREATE TEMP TABLE expected (account_id text, signal text, value float8, occurred_at timestamptz);
INSERT INTO expected VALUES
    ('acme', 'invoice_paid', 6000, '2025-03-16 02:00+00'), ('acme', 'invoice_paid', 36000, '2025-03-15 08:00+00'),
    ('acme', 'contract_extended', NULL, '2025-03-16 02:00+00'),
    ('acme', 'payment_days_past_due', 1, '2025-03-11 00:00+00'), ('acme', 'payment_days_past_due', 2, '2025-03-12 00:00+00'),
    ('acme', 'payment_days_past_due', 3, '2025-03-13 00:00+00'), ('acme', 'payment_days_past_due', 4, '2025-03-14 00:00+00'),
    ('acme', 'payment_days_past_due', 5, '2025-03-15 00:00+00'), ('acme', 'payment_days_past_due', 0, '2025-03-16 00:00+00'),
    ('acme', 'contract_extended', 2, '2025-06-10 10:00+00'), ('acme', 'seats_removed', 3, '2025-11-05 23:00+00'),
    ('acme', 'cancellation_scheduled', 0, '2025-01-15 10:00+00'), ('acme', 'cancellation_scheduled', 0, '2025-03-01 10:00+00'),
    ('stripe:cus_b', 'cancellation_scheduled', 0, '2025-02-01 00:00+00'),
    ('stripe:cus_b', 'cancellation_scheduled', 0, '2025-12-15 00:00+00'),
    ('acme', 'cancellation_scheduled', 1, '2025-12-01 23:50+00'),
    ('acme', 'cancellation_scheduled', 0, '2025-12-03 10:00+00'),
    ('acme', 'cancellation_scheduled', 1, '2025-12-20 09:59+00'),
    -- Two of Crane, the second of which ended while the first was still to end.
    ('crane', 'cancellation_scheduled', 0, '2025-01-01 00:10+00'), ('crane', 'cancellation_scheduled', 0, '2025-09-01 00:00+00'),
    ('crane', 'cancellation_scheduled', 0, '2025-12-15 00:00+00'),
    ('crane', 'cancellation_scheduled', 1, '2025-05-01 00:00+00'), ('crane', 'cancellation_scheduled', 2, '2025-05-02 00:00+00'),
    ('crane', 'cancellation_scheduled', 1, '2025-06-02 00:00+00'), ('crane', 'cancellation_scheduled', 0, '2025-07-01 00:00+00'),
    ('crane', 'subscription_canceled', NULL, '2025-06-02 00:00+00'), ('crane', 'subscription_canceled', NULL, '2025-07-01 00:00+00'),
    ('stripe:cus_b', 'subscription_canceled', NULL, '2025-08-01 00:00+00'),
    ('crane', 'subscription_canceled', NULL, '2025-09-01 00:00+00'),
    ('stripe:cus_b', 'payment_days_past_due', 1, '2025-10-02 00:00+00'),
    ('stripe:cus_b', 'payment_days_past_due', 2, '2025-10-03 00:00+00'),
    ('stripe:cus_b', 'payment_days_past_due', 0, '2025-10-04 00:00+00'),
    ('stripe:cus_b', 'payment_days_past_due', 1, '2025-12-29 00:00+00'),
    ('stripe:cus_b', 'payment_days_past_due', 2, '2025-12-30 00:00+00'),
    ('stripe:cus_b', 'payment_days_past_due', 3, '2025-12-31 00:00+00'),
    ('stripe:cus_b', 'payment_failed', 49.99, '2025-12-28 05:00+00'),
    ('stripe:cus_b', 'payment_failed', 1.5, '2025-12-30 23:00+00');
DO $$
DECLARE
    wrong text;
BEGIN
    SELECT string_agg(format('%s %s', which, row), E'\n' ORDER BY row::text) INTO wrong FROM (
        SELECT 'missing' AS which, row FROM (SELECT * FROM expected EXCEPT ALL
            SELECT account_id, signal, value, occurred_at FROM stripe_signal) AS row
        UNION ALL
        SELECT 'not expected', row FROM (SELECT account_id, signal, value, occurred_at FROM stripe_signal
            EXCEPT ALL SELECT * FROM expected) AS row) AS differences;
    ASSERT wrong IS NULL, wrong;
    PERFORM pg_temp.keeps_contract('stripe');
    ASSERT NOT EXISTS (SELECT FROM stripe_signal WHERE user_id IS NOT NULL), 'nobody in particular';

    -- 9 seats of 600.00 a year; 4 of 9,000 yen a quarter.
    ASSERT (SELECT array_agg((currency, arr)::text ORDER BY currency) = '{"(jpy,144000.00)","(usd,5400.00)"}'
            FROM stripe_arr WHERE account_id = 'acme'), 'ARR by currency';
    ASSERT (SELECT (name, seats, created_on, renews_on) = ('Acme', 13, '2023-03-01'::date, '2026-01-15'::date) AND arr IS NULL
            FROM stripe_account WHERE account_id = 'acme'), 'two customers, two currencies';
    ASSERT (SELECT (name, seats, arr, created_on) = ('Bolt Global', 3, 0, '2024-01-01'::date) AND renews_on IS NULL
            FROM stripe_account WHERE account_id = 'stripe:cus_b'), 'a trial, and a period without end';
    ASSERT (SELECT (seats, arr, renews_on) = (2, 300.12, '2026-01-15'::date)
            FROM stripe_account WHERE account_id = 'crane'), 'parts of a cent';
    ASSERT (SELECT count(*) = 3 FROM stripe_account), 'deleted, test';
END $$;

-- In one currency.
CREATE OR REPLACE VIEW stripe_rate (currency, rate) AS VALUES ('usd', 1.0), ('jpy', 0.0065);
DO $$ BEGIN
    ASSERT (SELECT arr = 6336 FROM stripe_account WHERE account_id = 'acme'), '5,400 and 936';
END $$;
CREATE OR REPLACE VIEW stripe_rate (currency, rate) AS VALUES ('eur', 1.0);
DO $$ BEGIN
    ASSERT NOT EXISTS (SELECT FROM stripe_account WHERE arr IS NOT NULL AND account_id <> 'stripe:cus_b'), 'no rate, no ARR';
END $$;

-- ---------------------------------------------------------------- a connector of another time

-- Plans in place of prices, no charges, no ends of periods and no states of an invoice, one version of a subscription.
CREATE OR REPLACE VIEW stripe_rate (currency, rate) AS SELECT NULL::text, NULL::numeric WHERE false;
CREATE TABLE stripe.plan (id text, currency text, amount int, "interval" text, interval_count int, usage_type text);
INSERT INTO stripe.plan SELECT id, currency, round(unit_amount_decimal::numeric), recurring_interval, recurring_interval_count,
                               recurring_usage_type FROM stripe.price;
DROP TABLE stripe.price, stripe.charge CASCADE;
DELETE FROM stripe.subscription_history WHERE NOT _fivetran_active;
ALTER TABLE stripe.subscription_history DROP current_period_end CASCADE, DROP _fivetran_start CASCADE,
    DROP _fivetran_active CASCADE, DROP cancel_at CASCADE;
UPDATE stripe.subscription_history SET _fivetran_synced = '2025-12-31 06:00';
ALTER TABLE stripe.invoice DROP status_transitions_marked_uncollectible_at CASCADE, DROP attempt_count CASCADE;
\i examples/sources/stripe.sql
DO $$ BEGIN
    ASSERT (SELECT count(*) = 0 FROM stripe_signal WHERE signal IN ('payment_failed', 'seats_removed')), 'not known';
    ASSERT (SELECT min(occurred_at) = '2025-12-20 09:59+00' FROM stripe_signal
            WHERE signal = 'cancellation_scheduled' AND account_id = 'acme' AND value = 1), 'still known';
    ASSERT (SELECT count(*) = 2 AND sum(value) = 42000 FROM stripe_signal WHERE signal = 'invoice_paid'), 'invoices';
    ASSERT (SELECT (seats, renews_on) = (13, '2026-01-15'::date) FROM stripe_account WHERE account_id = 'acme'), 'periods of items';
    ASSERT (SELECT arr = 300.24 AND renews_on IS NULL FROM stripe_account WHERE account_id = 'crane'), 'plans';
END $$;

-- A period that ended before the last sync is no renewal to come.
UPDATE stripe.subscription_item SET current_period_end = '2025-12-20 00:00';
DO $$ BEGIN
    ASSERT (SELECT count(*) = 3 AND count(renews_on) = 0 FROM stripe_account), 'past';
END $$;

\set as_of 2026-01-01
\ir warehouse.psql
DO $$ BEGIN
    ASSERT (SELECT array_agg(account_id || ' ' || band ORDER BY account_id) = '{"acme red","crane green","stripe:cus_b green"}' FROM scoreboard), 'bands';
    ASSERT (SELECT main_risk LIKE 'A subscription is set to end with its period%' AND next_step = 'Call today' FROM scoreboard
            WHERE account_id = 'acme'), 'the cancellation';
END $$;
