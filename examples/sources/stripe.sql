-- Stripe, as Fivetran lands it: what customers paid, what they owe, what they ordered and what they cancelled.
-- Paste it into the schema of your own where the views shall be; run it again after a change. It reads stripe.customer,
-- subscription_history, subscription_item, price, invoice and charge. A schema called otherwise: replace "stripe.".
--
-- stripe_signal   invoice_paid             amount paid, in major units; invoices of nothing are left out
--                 payment_days_past_due    a reading a day and account, of its oldest unpaid invoice; 0 once settled
--                 contract_extended        seats added (value: how many), or the invoice of a long term paid (no value)
--                 payment_failed           amount of a charge that was declined
--                 seats_removed            how many
--                 cancellation_scheduled   someone asked for the end: the subscription runs out with its period
--                 cancellation_withdrawn   and thought better of it
--                 subscription_canceled    the end
--                 All are the customer's, none a user's. The ready model knows the first three; lines for the others:
--                   "payment_failed":         {"weight": -4, "max_points": 8, "dimension": "commercial"}
--                   "seats_removed":          {"weight": -8, "max_points": 16, "dimension": "commercial"}
--                   "cancellation_scheduled": {"weight": -25, "max_points": 25, "dimension": "commercial"}
--                   "cancellation_withdrawn": {"weight": 15, "unit": "score", "max_points": 15, "dimension": "commercial"}
--                   "subscription_canceled":  {"weight": -40, "max_points": 40, "dimension": "commercial"}
-- stripe_account  ARR from licensed items of a fixed price, before discounts; a tiered or metered price has no amount and
--                 adds nothing. Trials have seats, but no ARR. renews_on is the next end of a period.
-- stripe_arr      the same by currency.
--
-- Optional columns. Where yours lacks one, put the other in its place:
--   subscription_history._fivetran_start   _fivetran_synced; who connected before 2022 has a table subscription without
--                                          history: then add false AS _fivetran_active, and the changes are unknown
--   subscription_history.current_period_*  NULL::timestamptz: who connected after July 2025 has them in subscription_item
--   price                                  plan, with amount AS unit_amount, interval AS recurring_interval,
--                                          interval_count AS recurring_interval_count, usage_type AS recurring_usage_type
-- Times without a zone are UTC, here and in Stripe; to_timestamp(extract(epoch FROM t)) reads those with a zone as well.

-- Whose customer is it? HERE you say where Stripe carries your id of the account: several customers may have the same one.
-- A customer without it is an account of its own. Test data (livemode false) is left out.
CREATE OR REPLACE VIEW stripe_customer AS
SELECT DISTINCT ON (id) id AS customer_id,
       coalesce(nullif(nullif(metadata::text, '')::jsonb ->> 'account_id', ''), 'stripe:' || id) AS account_id,
       coalesce(nullif(name, ''), nullif(description, '')) AS name,
       to_timestamp(extract(epoch FROM created)) AS created_at,
       coalesce(is_deleted, false) AS is_deleted
FROM stripe.customer
WHERE livemode IS NOT FALSE
ORDER BY id, _fivetran_synced DESC;

-- What one unit of your currency costs, if ARR shall be in one: SELECT * FROM (VALUES ('eur', 1.0), ('usd', 0.9)) AS r.
-- With no rows an account is in its own currency, and one that pays in two has no ARR. With rows, a currency that has none
-- gives no ARR.
CREATE OR REPLACE VIEW stripe_rate (currency, rate) AS
SELECT NULL::text, NULL::numeric WHERE false;

-- Stripe counts in the smallest unit, which is a hundredth but for these. (UGX has no hundredths, and is sent with them.)
CREATE OR REPLACE FUNCTION stripe_amount(minor numeric, currency text) RETURNS numeric LANGUAGE sql IMMUTABLE PARALLEL SAFE AS
$$ SELECT minor / CASE WHEN lower(currency) IN ('bif', 'clp', 'djf', 'gnf', 'jpy', 'kmf', 'krw', 'mga', 'pyg', 'rwf', 'vnd',
                                                'vuv', 'xaf', 'xof', 'xpf') THEN 1
                       WHEN lower(currency) IN ('bhd', 'jod', 'kwd', 'omr', 'tnd') THEN 1000 ELSE 100 END $$;

-- Each version of each subscription, the current one with is_current.
CREATE OR REPLACE VIEW stripe_subscription AS
SELECT DISTINCT ON (h.id, since) h.id AS subscription_id, coalesce(c.account_id, 'stripe:' || h.customer_id) AS account_id,
       since, coalesce(h._fivetran_active, true) AS is_current, h.status, h.quantity::int AS quantity,
       coalesce(h.cancel_at_period_end, false) AS at_period_end,
       coalesce(h.cancel_at_period_end, false) OR h.cancel_at IS NOT NULL AS is_ending,
       to_timestamp(extract(epoch FROM h.canceled_at)) AS canceled_at,
       to_timestamp(extract(epoch FROM h.ended_at)) AS ended_at,
       to_timestamp(extract(epoch FROM h.current_period_end)) AS period_end
FROM stripe.subscription_history AS h
CROSS JOIN LATERAL (SELECT to_timestamp(extract(epoch FROM coalesce(h._fivetran_start, h._fivetran_synced)))) AS s (since)
LEFT JOIN stripe_customer AS c USING (customer_id)
WHERE h.livemode IS NOT FALSE AND h.customer_id IS NOT NULL AND c.is_deleted IS NOT TRUE
ORDER BY h.id, since, coalesce(h._fivetran_active, true) DESC;

CREATE OR REPLACE VIEW stripe_signal (account_id, user_id, signal, value, occurred_at) AS
WITH synced AS (  -- readings last as long as the data
    SELECT (to_timestamp(extract(epoch FROM greatest((SELECT max(_fivetran_synced) FROM stripe.invoice),
                                                     (SELECT max(_fivetran_synced) FROM stripe.subscription_history),
                                                     (SELECT max(_fivetran_synced) FROM stripe.customer),
                                                     (SELECT max(_fivetran_synced) FROM stripe.charge))))
            AT TIME ZONE 'UTC')::date AS last_day
), invoices AS MATERIALIZED (
    SELECT coalesce(c.account_id, 'stripe:' || i.customer_id) AS account_id, i.status, i.billing_reason,
           stripe_amount(i.amount_paid, i.currency) AS paid, i.due_date IS NOT NULL OR i.attempt_count > 0 AS was_due,
           to_timestamp(extract(epoch FROM coalesce(i.due_date, i.status_transitions_finalized_at, i.created))) AS due_at,
           to_timestamp(extract(epoch FROM i.status_transitions_paid_at)) AS paid_at,
           to_timestamp(extract(epoch FROM least(i.status_transitions_paid_at, i.status_transitions_voided_at,
                                                 i.status_transitions_marked_uncollectible_at))) AS settled_at,
           i.period_end - i.period_start AS term
    FROM (SELECT DISTINCT ON (id) * FROM stripe.invoice ORDER BY id, _fivetran_synced DESC) AS i
    LEFT JOIN stripe_customer AS c USING (customer_id)
    WHERE i.livemode IS NOT FALSE AND i.is_deleted IS NOT TRUE AND i.customer_id IS NOT NULL AND c.is_deleted IS NOT TRUE
), overdue AS (  -- the day after it was due is the first, that of the settlement the last
    SELECT account_id, status, (due_at AT TIME ZONE 'UTC')::date AS due_day,
           (settled_at AT TIME ZONE 'UTC')::date AS settled_day
    FROM invoices
    WHERE was_due AND (status = 'open' OR status IN ('paid', 'void', 'uncollectible') AND settled_at IS NOT NULL)
), changes AS (
    SELECT *, lag(quantity) OVER versions AS quantity_before, lag(is_ending) OVER versions AS was_ending,
           lag(status) OVER versions AS status_before
    FROM stripe_subscription
    WINDOW versions AS (PARTITION BY subscription_id ORDER BY since, is_current)
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
-- canceled_at is when it was asked for, also in the first version that the loader saw. One that began with a cancel_at of
-- its own is sold for a fixed term: nobody asked.
SELECT account_id, NULL, 'cancellation_scheduled', NULL, coalesce(canceled_at, since)
FROM changes
WHERE is_ending AND NOT coalesce(was_ending, NOT at_period_end) AND status NOT IN ('canceled', 'incomplete_expired')
UNION ALL
SELECT account_id, NULL, 'cancellation_withdrawn', NULL, since
FROM changes WHERE was_ending AND NOT is_ending AND status NOT IN ('canceled', 'incomplete_expired')
UNION ALL
SELECT account_id, NULL, 'subscription_canceled', NULL, coalesce(ended_at, canceled_at, since)
FROM changes WHERE is_current AND status = 'canceled'
UNION ALL
SELECT coalesce(c.account_id, 'stripe:' || p.customer_id), NULL, 'payment_failed',
       stripe_amount(p.amount, p.currency)::float8, to_timestamp(extract(epoch FROM p.created))
FROM (SELECT DISTINCT ON (id) * FROM stripe.charge ORDER BY id, _fivetran_synced DESC) AS p
LEFT JOIN stripe_customer AS c USING (customer_id)
WHERE p.status = 'failed' AND p.livemode IS NOT FALSE AND p.customer_id IS NOT NULL AND p.created IS NOT NULL
  AND c.is_deleted IS NOT TRUE;

-- Items of the subscriptions that run.
CREATE OR REPLACE VIEW stripe_item AS
SELECT s.account_id, lower(p.currency) AS currency, coalesce(i.quantity, s.quantity)::int AS seats,
       coalesce(s.period_end, to_timestamp(extract(epoch FROM i.current_period_end))) AS period_end,
       CASE WHEN s.status = 'trialing' THEN 0
            ELSE stripe_amount(coalesce(p.unit_amount_decimal::numeric, p.unit_amount), p.currency)
                 * coalesce(i.quantity, s.quantity)
                 * CASE p.recurring_interval WHEN 'year' THEN 1 WHEN 'month' THEN 12 WHEN 'week' THEN 52 WHEN 'day' THEN 365 END
                 / p.recurring_interval_count END AS arr
FROM stripe_subscription AS s
LEFT JOIN (SELECT DISTINCT ON (id) * FROM stripe.subscription_item ORDER BY id, _fivetran_synced DESC) AS i
       USING (subscription_id)
LEFT JOIN stripe.price AS p ON p.id = i.plan_id
WHERE s.is_current AND s.status IN ('active', 'past_due', 'unpaid', 'trialing')
  AND p.recurring_usage_type IS DISTINCT FROM 'metered';

CREATE OR REPLACE VIEW stripe_arr AS
SELECT account_id, currency, round(sum(arr), 2) AS arr
FROM stripe_item WHERE arr IS NOT NULL GROUP BY account_id, currency;

CREATE OR REPLACE VIEW stripe_account (account_id, name, segment, seats, arr, csm, created_on, renews_on) AS
WITH customers AS (
    SELECT account_id, (array_agg(name ORDER BY created_at, customer_id) FILTER (WHERE name IS NOT NULL))[1] AS name,
           min((created_at AT TIME ZONE 'UTC')::date) AS created_on
    FROM stripe_customer WHERE NOT is_deleted GROUP BY account_id
), items AS (
    SELECT account_id, sum(seats)::int AS seats,
           min((period_end AT TIME ZONE 'UTC')::date) FILTER (WHERE period_end < '2200-01-01 00:00+00') AS renews_on
    FROM stripe_item GROUP BY account_id
), money AS (
    SELECT account_id, CASE WHEN count(r.rate) = count(*) THEN round(sum(a.arr * r.rate), 2)
                            WHEN count(*) = 1 AND NOT EXISTS (SELECT FROM stripe_rate) THEN sum(a.arr) END AS arr
    FROM stripe_arr AS a LEFT JOIN stripe_rate AS r USING (currency) GROUP BY account_id
)
SELECT account_id, c.name, NULL::text, i.seats, m.arr, NULL::text, c.created_on, i.renews_on
FROM customers AS c FULL JOIN items AS i USING (account_id) LEFT JOIN money AS m USING (account_id);
