-- Stripe, as Fivetran lands it: what customers paid, what they owe, what they ordered and what they cancelled.
-- Paste it into the schema of your own where you want the views; run it again after a change. It reads stripe.customer,
-- subscription_history, subscription_item, price, invoice and charge. Another name of the schema: replace "stripe.". Then
-- warehouse.sql, also where you have no other system: a customer with anything on record in a year begins with 100 points
-- and loses them.
--
-- stripe_signal   invoice_paid             amount paid, in major units; zero invoices are left out
--                 payment_days_past_due    a reading a day and account, of its oldest unpaid invoice; 0 once settled
--                 contract_extended        seats added (value: how many), or the invoice of a long term paid (no value)
--                 payment_failed           amount of a charge that was declined
--                 seats_removed            how many
--                 cancellation_scheduled   a reading at each change: how many subscriptions run out with their period as
--                                          somebody asked for it; 0 at first, and when it was withdrawn or has happened
--                 subscription_canceled    the end
--                 All are the customer's, none a user's. The ready model knows the first three; lines for the others:
--                   "payment_failed":         {"weight": -4, "max_points": 8, "dimension": "commercial"}
--                   "seats_removed":          {"weight": -8, "max_points": 16, "dimension": "commercial"}
--                   "cancellation_scheduled": {"weight": -55, "measure": "last", "scale": [[0, 0], [1, 1]],
--                                              "window_days": null, "dimension": "commercial"}
--                   "subscription_canceled":  {"weight": -40, "max_points": 40, "dimension": "commercial"}
-- stripe_account  ARR from licensed items of a fixed price, before discounts; a tiered or metered price has no amount and
--                 adds nothing. Trials have seats, but no ARR. renews_on is the next end of a period
--                 from the last sync on.
-- stripe_arr      the same by currency.
--
-- Optional are the tables price (or plan, from the time before prices; one of them there must be for an ARR) and charge, and
-- columns that a connector may not have, such as current_period_end, which came to subscription_item in 2025. What is not
-- there is taken as NULL; after it has come run this file again. Who connected before 2022 has a table subscription without
-- history: CREATE VIEW stripe.subscription_history AS SELECT * FROM stripe.subscription; its changes are unknown.
-- Times without a zone are UTC, here and in Stripe; to_timestamp(extract(epoch FROM t)) reads those with a zone as well.

-- CHANGE HERE: whose customer is it? Say where Stripe carries your id of the account: several customers may have the same one.
-- A customer without it is an account of its own. Test data (livemode false) is left out.
CREATE OR REPLACE VIEW stripe_customer AS
SELECT DISTINCT ON (c.id) c.id AS customer_id,
       coalesce(nullif(nullif(c.metadata::text, '')::jsonb ->> 'account_id', ''), 'stripe:' || c.id) AS account_id,
       coalesce(nullif(c.name, ''), nullif(c.description, '')) AS name,
       to_timestamp(extract(epoch FROM c.created)) AS created_at,
       coalesce(c.is_deleted, false) AS is_deleted
-- Columns that may not be there stand in a row of NULLs first: inside the second SELECT a name is that of the table if it has
-- such a column.
FROM (SELECT NULL::text AS metadata, NULL::text AS name, NULL::text AS description, NULL::boolean AS is_deleted,
             NULL::boolean AS livemode) AS absent
CROSS JOIN LATERAL (SELECT id, metadata, name, description, created, is_deleted, livemode, _fivetran_synced
                    FROM stripe.customer) AS c
WHERE c.livemode IS NOT FALSE
ORDER BY c.id, c._fivetran_synced DESC;

-- CHANGE HERE: what one unit of your currency costs, if ARR shall be in one: SELECT * FROM (VALUES ('eur', 1.0), ('usd', 0.9)) AS r.
-- With no rows an account is in its own currency, and one that pays in two has no ARR. With rows, a currency that has none
-- gives no ARR.
CREATE OR REPLACE VIEW stripe_rate (currency, rate) AS
SELECT NULL::text, NULL::numeric WHERE false;

-- Stripe counts in the smallest unit, which is a hundredth but for these. (UGX has no hundredths, and is sent with them.)
CREATE OR REPLACE FUNCTION stripe_amount(minor numeric, currency text) RETURNS numeric LANGUAGE sql IMMUTABLE PARALLEL SAFE AS
$$ SELECT minor / CASE WHEN lower(currency) IN ('bif', 'clp', 'djf', 'gnf', 'jpy', 'kmf', 'krw', 'mga', 'pyg', 'rwf', 'vnd',
                                                'vuv', 'xaf', 'xof', 'xpf') THEN 1
                       WHEN lower(currency) IN ('bhd', 'jod', 'kwd', 'omr', 'tnd') THEN 1000 ELSE 100 END $$;

-- The tables that may not be there.
DO $$
BEGIN
    IF to_regclass('stripe.price') IS NOT NULL THEN
        CREATE OR REPLACE VIEW stripe_price AS
        SELECT p.id::text AS id, lower(p.currency)::text AS currency,
               coalesce(p.unit_amount_decimal::numeric, p.unit_amount::numeric) AS amount, p.recurring_interval::text AS term,
               p.recurring_interval_count::int AS terms, p.recurring_usage_type = 'metered' AS is_metered
        FROM (SELECT NULL::text AS unit_amount_decimal, NULL::text AS recurring_usage_type) AS absent
        CROSS JOIN LATERAL (SELECT id, currency, unit_amount, unit_amount_decimal, recurring_interval, recurring_interval_count,
                                   recurring_usage_type FROM stripe.price) AS p;
    ELSIF to_regclass('stripe.plan') IS NOT NULL THEN
        CREATE OR REPLACE VIEW stripe_price AS
        SELECT id::text AS id, lower(currency)::text AS currency, amount::numeric AS amount, "interval"::text AS term,
               interval_count::int AS terms, usage_type = 'metered' AS is_metered FROM stripe.plan;
    ELSE
        CREATE OR REPLACE VIEW stripe_price AS
        SELECT NULL::text AS id, NULL::text AS currency, NULL::numeric AS amount, NULL::text AS term, NULL::int AS terms,
               NULL::boolean AS is_metered WHERE false;
    END IF;
    IF to_regclass('stripe.charge') IS NULL THEN
        CREATE OR REPLACE VIEW stripe_failed AS
        SELECT NULL::text AS customer_id, NULL::numeric AS amount, NULL::timestamptz AS failed_at WHERE false;
    ELSE
        CREATE OR REPLACE VIEW stripe_failed AS
        SELECT customer_id::text AS customer_id, stripe_amount(amount, currency) AS amount,
               to_timestamp(extract(epoch FROM created)) AS failed_at
        FROM (SELECT DISTINCT ON (c.id) c.* FROM (SELECT NULL::boolean AS livemode) AS absent
              CROSS JOIN LATERAL (SELECT id, customer_id, amount, currency, created, status, livemode, _fivetran_synced
                                  FROM stripe.charge) AS c
              ORDER BY c.id, c._fivetran_synced DESC) AS charge
        WHERE status = 'failed' AND livemode IS NOT FALSE;
    END IF;
END $$;

-- Each version of each subscription, the current one with is_current.
CREATE OR REPLACE VIEW stripe_subscription AS
SELECT DISTINCT ON (h.id, since) h.id AS subscription_id, coalesce(c.account_id, 'stripe:' || h.customer_id) AS account_id,
       since, coalesce(h._fivetran_active, true) AS is_current, h.status, h.quantity::int AS quantity,
       coalesce(h.cancel_at_period_end, false) AS at_period_end,
       coalesce(h.cancel_at_period_end, false) OR h.cancel_at IS NOT NULL AS is_ending,
       to_timestamp(extract(epoch FROM h.canceled_at)) AS canceled_at,
       to_timestamp(extract(epoch FROM h.ended_at)) AS ended_at,
       to_timestamp(extract(epoch FROM h.current_period_end)) AS period_end
FROM (SELECT NULL::timestamptz AS _fivetran_start, NULL::boolean AS _fivetran_active, NULL::int AS quantity,
             NULL::timestamptz AS cancel_at, NULL::timestamptz AS current_period_end, NULL::boolean AS livemode) AS absent
CROSS JOIN LATERAL (SELECT id, customer_id, status, quantity, cancel_at_period_end, cancel_at, canceled_at, ended_at,
                           current_period_end, livemode, _fivetran_start, _fivetran_active, _fivetran_synced
                    FROM stripe.subscription_history) AS h
CROSS JOIN LATERAL (SELECT to_timestamp(extract(epoch FROM coalesce(h._fivetran_start, h._fivetran_synced)))) AS s (since)
LEFT JOIN stripe_customer AS c USING (customer_id)
WHERE h.livemode IS NOT FALSE AND h.customer_id IS NOT NULL AND c.is_deleted IS NOT TRUE
ORDER BY h.id, since, coalesce(h._fivetran_active, true) DESC;

CREATE OR REPLACE VIEW stripe_signal (account_id, user_id, signal, value, occurred_at) AS
WITH synced AS (  -- readings last as long as the data
    SELECT (to_timestamp(extract(epoch FROM greatest((SELECT max(_fivetran_synced) FROM stripe.invoice),
                                                     (SELECT max(_fivetran_synced) FROM stripe.subscription_history),
                                                     (SELECT max(_fivetran_synced) FROM stripe.customer))))
            AT TIME ZONE 'UTC')::date AS last_day
), invoices AS MATERIALIZED (
    SELECT coalesce(c.account_id, 'stripe:' || i.customer_id) AS account_id, i.status, i.billing_reason,
           stripe_amount(i.amount_paid, i.currency) AS paid, i.due_date IS NOT NULL OR i.attempt_count > 0 AS was_due,
           to_timestamp(extract(epoch FROM coalesce(i.due_date, i.status_transitions_finalized_at, i.created))) AS due_at,
           to_timestamp(extract(epoch FROM i.status_transitions_paid_at)) AS paid_at,
           to_timestamp(extract(epoch FROM least(i.status_transitions_paid_at, i.status_transitions_voided_at,
                                                 i.status_transitions_marked_uncollectible_at))) AS settled_at,
           i.period_end - i.period_start AS term
    FROM (SELECT DISTINCT ON (i.id) i.*
          FROM (SELECT NULL::timestamptz AS created, NULL::timestamptz AS due_date, NULL::int AS attempt_count,
                       NULL::text AS billing_reason, NULL::timestamptz AS period_start, NULL::timestamptz AS period_end,
                       NULL::timestamptz AS status_transitions_finalized_at, NULL::timestamptz AS status_transitions_paid_at,
                       NULL::timestamptz AS status_transitions_voided_at, NULL::boolean AS is_deleted, NULL::boolean AS livemode,
                       NULL::timestamptz AS status_transitions_marked_uncollectible_at) AS absent
          CROSS JOIN LATERAL (SELECT id, customer_id, status, currency, amount_paid, created, due_date, attempt_count,
                                     billing_reason, period_start, period_end, is_deleted, livemode, _fivetran_synced,
                                     status_transitions_finalized_at, status_transitions_paid_at,
                                     status_transitions_voided_at, status_transitions_marked_uncollectible_at
                              FROM stripe.invoice) AS i
          ORDER BY i.id, i._fivetran_synced DESC) AS i
    LEFT JOIN stripe_customer AS c USING (customer_id)
    WHERE i.livemode IS NOT FALSE AND i.is_deleted IS NOT TRUE AND i.customer_id IS NOT NULL AND c.is_deleted IS NOT TRUE
), overdue AS (  -- the day after it was due is the first, that of the settlement the last
    SELECT account_id, status, (due_at AT TIME ZONE 'UTC')::date AS due_day,
           (settled_at AT TIME ZONE 'UTC')::date AS settled_day
    FROM invoices
    WHERE was_due AND (status = 'open' OR status IN ('paid', 'void', 'uncollectible') AND settled_at IS NOT NULL)
), changes AS (
    -- One that began with a cancel_at of its own is sold for a fixed term: nobody asked.
    SELECT *, lag(quantity) OVER versions AS quantity_before, lag(status) OVER versions AS status_before,
           status NOT IN ('canceled', 'incomplete_expired')
               AND (at_period_end OR is_ending AND NOT first_value(is_ending) OVER versions) AS is_pending
    FROM stripe_subscription
    WINDOW versions AS (PARTITION BY subscription_id ORDER BY since, is_current)
), pending AS (  -- canceled_at is when it was asked for, also in the first version that the loader saw
    SELECT account_id, subscription_id, is_pending::int - coalesce(was_pending, false)::int AS more,
           CASE WHEN is_pending THEN coalesce(canceled_at, since) WHEN status = 'canceled' THEN coalesce(ended_at, since)
                ELSE since END AS at
    FROM (SELECT *, lag(is_pending) OVER (PARTITION BY subscription_id ORDER BY since, is_current) AS was_pending
          FROM changes) AS c
    WHERE is_pending IS DISTINCT FROM was_pending  -- also the first version, for a 0 to begin with
)
SELECT account_id, NULL::text, 'invoice_paid', paid::float8, coalesce(paid_at, due_at)
FROM invoices WHERE status = 'paid' AND paid > 0 AND coalesce(paid_at, due_at) IS NOT NULL
UNION ALL
SELECT account_id, NULL, 'payment_days_past_due', max(CASE WHEN day IS DISTINCT FROM settled_day THEN day - due_day ELSE 0 END),
       day::timestamp AT TIME ZONE 'UTC'
FROM overdue CROSS JOIN synced
CROSS JOIN LATERAL (SELECT due_day + n FROM generate_series(1, least(settled_day, last_day) - due_day) AS n) AS d (day)
GROUP BY account_id, day
UNION ALL
-- The period of an invoice is the term that ended with it: half a year or longer is a contract, a month is not.
SELECT account_id, NULL, 'contract_extended', NULL, paid_at
FROM invoices
WHERE billing_reason = 'subscription_cycle' AND status = 'paid' AND paid > 0 AND paid_at IS NOT NULL
  AND term > interval '170 days'
UNION ALL
SELECT account_id, NULL, CASE WHEN quantity > quantity_before THEN 'contract_extended' ELSE 'seats_removed' END,
       abs(quantity - quantity_before), since
FROM changes WHERE quantity <> quantity_before AND status IN ('active', 'past_due') AND status_before IN ('active', 'past_due')
UNION ALL
(SELECT DISTINCT ON (account_id, (at AT TIME ZONE 'UTC')::date) account_id, NULL, 'cancellation_scheduled',
        sum(more) OVER (PARTITION BY account_id ORDER BY at, subscription_id ROWS UNBOUNDED PRECEDING), at
 FROM pending ORDER BY account_id, (at AT TIME ZONE 'UTC')::date, at DESC, subscription_id DESC)
UNION ALL
SELECT account_id, NULL, 'subscription_canceled', NULL, coalesce(ended_at, canceled_at, since)
FROM changes WHERE is_current AND status = 'canceled'
UNION ALL
SELECT coalesce(c.account_id, 'stripe:' || f.customer_id), NULL, 'payment_failed', f.amount::float8, f.failed_at
FROM stripe_failed AS f
LEFT JOIN stripe_customer AS c USING (customer_id)
WHERE f.customer_id IS NOT NULL AND f.failed_at IS NOT NULL AND c.is_deleted IS NOT TRUE;

-- Items of the subscriptions that run.
CREATE OR REPLACE VIEW stripe_item AS
SELECT s.account_id, p.currency, coalesce(i.quantity, s.quantity)::int AS seats,
       coalesce(s.period_end, to_timestamp(extract(epoch FROM i.current_period_end))) AS period_end,
       CASE WHEN s.status = 'trialing' THEN 0
            ELSE stripe_amount(p.amount, p.currency) * coalesce(i.quantity, s.quantity)
                 * CASE p.term WHEN 'year' THEN 1 WHEN 'month' THEN 12 WHEN 'week' THEN 52 WHEN 'day' THEN 365 END
                 / p.terms END AS arr
FROM stripe_subscription AS s
LEFT JOIN (SELECT DISTINCT ON (i.id) i.*
           FROM (SELECT NULL::timestamptz AS current_period_end) AS absent
           CROSS JOIN LATERAL (SELECT id, subscription_id, plan_id, quantity, current_period_end, _fivetran_synced
                               FROM stripe.subscription_item) AS i
           ORDER BY i.id, i._fivetran_synced DESC) AS i USING (subscription_id)
LEFT JOIN stripe_price AS p ON p.id = i.plan_id
WHERE s.is_current AND s.status IN ('active', 'past_due', 'unpaid', 'trialing') AND p.is_metered IS NOT TRUE;

CREATE OR REPLACE VIEW stripe_arr AS
SELECT account_id, currency, round(sum(arr), 2) AS arr
FROM stripe_item WHERE arr IS NOT NULL GROUP BY account_id, currency;

CREATE OR REPLACE VIEW stripe_account (account_id, name, segment, seats, arr, csm, created_on, renews_on) AS
WITH customers AS (
    SELECT account_id, (array_agg(name ORDER BY created_at, customer_id) FILTER (WHERE name IS NOT NULL))[1] AS name,
           min((created_at AT TIME ZONE 'UTC')::date) AS created_on
    FROM stripe_customer WHERE NOT is_deleted GROUP BY account_id
), synced AS (
    SELECT date_trunc('day', to_timestamp(extract(epoch FROM greatest((SELECT max(_fivetran_synced) FROM stripe.invoice),
        (SELECT max(_fivetran_synced) FROM stripe.subscription_history)))), 'UTC') AS at
), items AS (
    SELECT account_id, sum(seats)::int AS seats,
           min((period_end AT TIME ZONE 'UTC')::date) FILTER (WHERE period_end < '2200-01-01 00:00+00'
               AND (period_end < (SELECT at FROM synced)) IS NOT TRUE) AS renews_on
    FROM stripe_item GROUP BY account_id
), money AS (
    SELECT account_id, CASE WHEN count(r.rate) = count(*) THEN round(sum(a.arr * r.rate), 2)
                            WHEN count(*) = 1 AND NOT EXISTS (SELECT FROM stripe_rate) THEN sum(a.arr) END AS arr
    FROM stripe_arr AS a LEFT JOIN stripe_rate AS r USING (currency) GROUP BY account_id
)
SELECT account_id, c.name, NULL::text, i.seats, m.arr, NULL::text, c.created_on, i.renews_on
FROM customers AS c FULL JOIN items AS i USING (account_id) LEFT JOIN money AS m USING (account_id);
