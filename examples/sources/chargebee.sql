-- Chargebee, as Airbyte lands it (source-chargebee): what customers paid, what they owe, what they ordered and what they
-- cancelled. Paste it into the schema of your own where you want the views; run it again after a change. It reads
-- chargebee.customer, subscription, invoice, transaction and event. Another name of the schema: replace "chargebee.".
-- Then warehouse.sql, also where you have no other system: a customer with anything on record in a year begins with 100
-- points and loses them.
--
-- A Singer tap names them customers, subscriptions, invoices, transactions and events: add the s. Times may be seconds since
-- 1970 (Airbyte) or timestamps (Singer), JSON may be json, jsonb or text. Both item models are read: subscription_items, or
-- plan_quantity and the like of product catalog 1.0. Tables that are appended to serve as well as deduplicated ones: of each
-- row the highest resource_version counts. Columns beginning with _airbyte are not needed.
--
-- chargebee_signal   invoice_paid             amount paid, in major units; zero invoices are left out
--                    payment_days_past_due    a reading a day and account, of its oldest unpaid invoice; 0 once settled
--                    contract_extended        seats added (value: how many), or without a value: MRR up at the same seats,
--                                             the renewal of a long term paid
--                    payment_failed           amount
--                    seats_removed            how many
--                    downgraded               MRR down at the same seats, by how much, in major units
--                    cancellation_scheduled   a reading at each change: how many subscriptions run out with their term as
--                                             somebody asked for it; 0 at first, and when it was withdrawn or has happened
--                    subscription_canceled    the end
--                    All are the customer's, none a user's. The ready model knows the first three; lines for the others:
--                      "payment_failed":         {"weight": -4, "max_points": 8, "dimension": "commercial"}
--                      "seats_removed":          {"weight": -8, "max_points": 16, "dimension": "commercial"}
--                      "downgraded":             {"weight": -8, "max_points": 16, "dimension": "commercial"}
--                      "cancellation_scheduled": {"weight": -55, "measure": "last", "scale": [[0, 0], [1, 1]],
--                                                 "window_days": null, "dimension": "commercial"}
--                      "subscription_canceled":  {"weight": -40, "max_points": 40, "dimension": "commercial"}
-- chargebee_account  ARR is twelve times the MRR that Chargebee states, or else what the items cost in a year; trials have
--                    seats, but no ARR. renews_on is the next end of a term from the last
--                    change on.
-- chargebee_arr      the same by currency.
--
-- Optional are the tables event and transaction, and columns that a tap may not have, such as those of the other item model.
-- What is not there is taken as NULL; after it has come run this file again. The changes of a subscription are read from the
-- events, as the loader overwrites the row: without them only the last state is known.

-- A time, whatever the loader made of it.
CREATE OR REPLACE FUNCTION chargebee_time(t bigint) RETURNS timestamptz LANGUAGE sql IMMUTABLE PARALLEL SAFE AS
$$ SELECT to_timestamp(t) $$;
CREATE OR REPLACE FUNCTION chargebee_time(t timestamp) RETURNS timestamptz LANGUAGE sql IMMUTABLE PARALLEL SAFE AS
$$ SELECT t AT TIME ZONE 'UTC' $$;
CREATE OR REPLACE FUNCTION chargebee_time(t timestamptz) RETURNS timestamptz LANGUAGE sql IMMUTABLE PARALLEL SAFE AS
$$ SELECT t $$;
CREATE OR REPLACE FUNCTION chargebee_time(t text) RETURNS timestamptz LANGUAGE sql STABLE PARALLEL SAFE AS
$$ SELECT CASE WHEN t ~ '^[0-9]+$' THEN to_timestamp(t::bigint) ELSE t::timestamptz END $$;

-- Amounts are in the smallest unit, which is a hundredth but for these.
CREATE OR REPLACE FUNCTION chargebee_amount(minor numeric, currency text) RETURNS numeric
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS
$$ SELECT minor / CASE WHEN lower(currency) IN ('bif', 'clp', 'djf', 'gnf', 'jpy', 'kmf', 'krw', 'mga', 'pyg', 'rwf', 'vnd',
                                                'vuv', 'xaf', 'xof', 'xpf') THEN 1
                       WHEN lower(currency) IN ('bhd', 'iqd', 'jod', 'kwd', 'lyd', 'omr', 'tnd') THEN 1000 ELSE 100 END $$;

-- CHANGE HERE: whose customer is it? Say where Chargebee carries your id of the account: several customers may have the same
-- one. If you chose the customer's id yourself and it is that of the account, write id alone. A customer without a key is
-- an account of its own.
CREATE OR REPLACE VIEW chargebee_customer AS
SELECT DISTINCT ON (c.id) c.id AS customer_id,
       coalesce(nullif(nullif(c.meta_data::text, '')::jsonb ->> 'account_id', ''), 'chargebee:' || c.id) AS account_id,
       coalesce(nullif(c.company, ''), nullif(concat_ws(' ', nullif(c.first_name, ''), nullif(c.last_name, '')), '')) AS name,
       chargebee_time(c.created_at) AS created_at, coalesce(c.deleted, false) AS is_deleted
-- Columns that may not be there stand in a row of NULLs first: inside the second SELECT a name is that of the table if it has
-- such a column.
FROM (SELECT NULL::text AS meta_data, NULL::text AS company, NULL::text AS first_name, NULL::text AS last_name,
             NULL::boolean AS deleted, NULL::bigint AS resource_version) AS absent
CROSS JOIN LATERAL (SELECT id, meta_data, company, first_name, last_name, created_at, deleted, resource_version
                    FROM chargebee.customer) AS c
ORDER BY c.id, c.resource_version DESC NULLS LAST;

-- CHANGE HERE: what one unit of your currency costs, if ARR shall be in one: SELECT * FROM (VALUES ('eur', 1.0), ('usd', 0.9)) AS r.
-- With no rows an account is in its own currency, and one that pays in two has no ARR. With rows, a currency that has none
-- gives no ARR.
CREATE OR REPLACE VIEW chargebee_rate (currency, rate) AS
SELECT NULL::text, NULL::numeric WHERE false;

-- The tables that may not be there.
DO $$
BEGIN
    IF to_regclass('chargebee.event') IS NULL THEN
        CREATE OR REPLACE VIEW chargebee_event AS
        SELECT NULL::jsonb AS subscription, NULL::timestamptz AS occurred_at WHERE false;
    ELSE
        CREATE OR REPLACE VIEW chargebee_event AS
        SELECT content::jsonb -> 'subscription' AS subscription, chargebee_time(occurred_at) AS occurred_at
        FROM chargebee.event;
    END IF;
    IF to_regclass('chargebee.transaction') IS NULL THEN
        CREATE OR REPLACE VIEW chargebee_failed AS
        SELECT NULL::text AS customer_id, NULL::numeric AS amount, NULL::timestamptz AS failed_at WHERE false;
    ELSE
        CREATE OR REPLACE VIEW chargebee_failed AS
        SELECT customer_id::text AS customer_id, chargebee_amount(amount, currency_code) AS amount,
               chargebee_time(date) AS failed_at
        FROM (SELECT DISTINCT ON (t.id) t.*
              FROM (SELECT NULL::boolean AS deleted, NULL::bigint AS resource_version) AS absent
              CROSS JOIN LATERAL (SELECT id, customer_id, type, status, amount, currency_code, date, deleted, resource_version
                                  FROM chargebee.transaction) AS t
              ORDER BY t.id, t.resource_version DESC NULLS LAST) AS t
        WHERE type = 'payment' AND status = 'failure' AND deleted IS NOT TRUE;
    END IF;
END $$;

-- Each version of each subscription: as the events tell, and as the row is now.
CREATE OR REPLACE VIEW chargebee_subscription AS
WITH versions AS (
    SELECT DISTINCT ON (v.id, v.resource_version) v.*
    FROM (SELECT 1 AS rank, s.id, s.customer_id, s.status, s.currency_code, s.mrr::numeric AS mrr,
                 s.plan_quantity::int AS plan_quantity, s.plan_amount::numeric AS plan_amount,
                 s.billing_period::int AS billing_period, s.billing_period_unit,
                 nullif(s.subscription_items::text, '')::jsonb AS items, s.resource_version,
                 chargebee_time(s.updated_at) AS updated_at, chargebee_time(s.cancel_schedule_created_at) AS scheduled_at,
                 chargebee_time(s.cancelled_at) AS cancelled_at, chargebee_time(s.current_term_end) AS term_end,
                 coalesce(s.deleted, false) AS is_deleted
          FROM (SELECT NULL::bigint AS mrr, NULL::int AS plan_quantity, NULL::bigint AS plan_amount, NULL::int AS billing_period,
                       NULL::text AS billing_period_unit, NULL::jsonb AS subscription_items, NULL::bigint AS resource_version,
                       NULL::bigint AS cancel_schedule_created_at, NULL::boolean AS deleted) AS absent
          CROSS JOIN LATERAL (SELECT id, customer_id, status, currency_code, mrr, plan_quantity, plan_amount, billing_period,
                                     billing_period_unit, subscription_items, resource_version, updated_at,
                                     cancel_schedule_created_at, cancelled_at, current_term_end, deleted
                              FROM chargebee.subscription) AS s
          UNION ALL
          SELECT 2, s ->> 'id', s ->> 'customer_id', s ->> 'status', s ->> 'currency_code', (s ->> 'mrr')::numeric,
                 (s ->> 'plan_quantity')::int, (s ->> 'plan_amount')::numeric, (s ->> 'billing_period')::int,
                 s ->> 'billing_period_unit', s -> 'subscription_items', (s ->> 'resource_version')::bigint,
                 chargebee_time(s ->> 'updated_at'), chargebee_time(s ->> 'cancel_schedule_created_at'),
                 chargebee_time(s ->> 'cancelled_at'), chargebee_time(s ->> 'current_term_end'),
                 coalesce((s ->> 'deleted')::boolean, false)
          FROM chargebee_event AS e (s)
          WHERE s ? 'id') AS v
    ORDER BY v.id, v.resource_version, v.rank
)
SELECT v.id AS subscription_id, coalesce(c.account_id, 'chargebee:' || v.customer_id) AS account_id, v.resource_version,
       row_number() OVER (PARTITION BY v.id ORDER BY v.resource_version DESC NULLS LAST) = 1 AS is_current,
       v.updated_at, v.status, lower(v.currency_code) AS currency, chargebee_amount(v.mrr, v.currency_code) AS mrr,
       coalesce(i.seats, v.plan_quantity) AS seats,
       chargebee_amount(coalesce(i.amount, v.plan_amount), v.currency_code)
           * CASE v.billing_period_unit WHEN 'year' THEN 1 WHEN 'month' THEN 12 WHEN 'week' THEN 52 WHEN 'day' THEN 365 END
           / v.billing_period AS items_a_year,
       v.scheduled_at, v.cancelled_at, v.term_end, v.is_deleted
FROM versions AS v
LEFT JOIN chargebee_customer AS c USING (customer_id)
LEFT JOIN LATERAL (SELECT sum((i ->> 'quantity')::int) FILTER (WHERE i ->> 'item_type' = 'plan')::int AS seats,
                          sum((i ->> 'amount')::numeric) AS amount
                   FROM jsonb_array_elements(CASE jsonb_typeof(v.items) WHEN 'array' THEN v.items END) AS i) AS i ON true
WHERE v.customer_id IS NOT NULL AND c.is_deleted IS NOT TRUE;

CREATE OR REPLACE VIEW chargebee_signal (account_id, user_id, signal, value, occurred_at) AS
WITH synced AS (  -- readings last as long as the data
    SELECT (greatest((SELECT max(chargebee_time(updated_at)) FROM chargebee.invoice),
                     (SELECT max(chargebee_time(updated_at)) FROM chargebee.subscription),
                     (SELECT max(chargebee_time(updated_at)) FROM chargebee.customer),
                     (SELECT max(occurred_at) FROM chargebee_event)) AT TIME ZONE 'UTC')::date AS last_day
), invoices AS MATERIALIZED (
    SELECT coalesce(c.account_id, 'chargebee:' || i.customer_id) AS account_id, i.status,
           i.recurring AND NOT i.first_invoice AS is_renewal,
           chargebee_amount(i.amount_paid, i.currency_code) AS paid, chargebee_time(i.due_date) AS due_at,
           chargebee_time(i.paid_at) AS paid_at,
           least(chargebee_time(i.paid_at), chargebee_time(i.voided_at)) AS settled_at, t.term
    FROM (SELECT DISTINCT ON (i.id) i.*
          FROM (SELECT NULL::boolean AS recurring, NULL::boolean AS first_invoice, NULL::bigint AS voided_at,
                       NULL::jsonb AS line_items, NULL::boolean AS deleted, NULL::bigint AS resource_version) AS absent
          CROSS JOIN LATERAL (SELECT id, customer_id, status, currency_code, amount_paid, due_date, paid_at, voided_at, recurring,
                                     first_invoice, line_items, deleted, resource_version FROM chargebee.invoice) AS i
          ORDER BY i.id, i.resource_version DESC NULLS LAST) AS i
    LEFT JOIN chargebee_customer AS c USING (customer_id)
    LEFT JOIN LATERAL (SELECT max(chargebee_time(l ->> 'date_to') - chargebee_time(l ->> 'date_from')) AS term
                       FROM jsonb_array_elements(nullif(i.line_items::text, '')::jsonb) AS l) AS t ON true
    WHERE i.deleted IS NOT TRUE AND i.customer_id IS NOT NULL AND c.is_deleted IS NOT TRUE
), overdue AS (  -- the day after it was due is the first, that of the settlement the last
    SELECT account_id, (due_at AT TIME ZONE 'UTC')::date AS due_day, (settled_at AT TIME ZONE 'UTC')::date AS settled_day
    FROM invoices
    WHERE due_at IS NOT NULL AND (status IN ('payment_due', 'not_paid', 'posted')
                                  OR status IN ('paid', 'voided') AND settled_at IS NOT NULL)
), changes AS (
    SELECT *, lag(seats) OVER versions AS seats_before, lag(mrr) OVER versions AS mrr_before,
           lag(status) OVER versions AS status_before
    FROM chargebee_subscription
    WHERE NOT is_deleted
    WINDOW versions AS (PARTITION BY subscription_id ORDER BY resource_version NULLS FIRST)
), pending AS (
    SELECT account_id, subscription_id,
           (status = 'non_renewing')::int - coalesce(status_before = 'non_renewing', false)::int AS more,
           CASE WHEN status = 'non_renewing' THEN coalesce(scheduled_at, updated_at)
                WHEN status = 'cancelled' THEN coalesce(cancelled_at, updated_at) ELSE updated_at END AS at
    FROM (SELECT *, lag(status) OVER (PARTITION BY subscription_id ORDER BY resource_version NULLS FIRST) AS status_before
          FROM chargebee_subscription WHERE NOT is_deleted) AS c
    -- The first, too, for a 0 to begin with.
    WHERE (status = 'non_renewing') IS DISTINCT FROM (status_before = 'non_renewing')
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
-- Half a year or longer is a contract, a month is not.
SELECT account_id, NULL, 'contract_extended', NULL, paid_at
FROM invoices WHERE is_renewal AND status = 'paid' AND paid > 0 AND paid_at IS NOT NULL AND term > interval '170 days'
UNION ALL
SELECT account_id, NULL, CASE WHEN seats > seats_before OR seats IS NOT DISTINCT FROM seats_before AND mrr > mrr_before
                              THEN 'contract_extended' WHEN seats < seats_before THEN 'seats_removed' ELSE 'downgraded' END,
       CASE WHEN seats <> seats_before THEN abs(seats - seats_before) WHEN mrr < mrr_before THEN mrr_before - mrr END,
       updated_at
FROM changes
WHERE (seats <> seats_before OR mrr <> mrr_before) AND status IN ('active', 'non_renewing')
  AND status_before IN ('active', 'non_renewing') AND updated_at IS NOT NULL
UNION ALL
(SELECT DISTINCT ON (account_id, (at AT TIME ZONE 'UTC')::date) account_id, NULL, 'cancellation_scheduled',
        sum(more) OVER (PARTITION BY account_id ORDER BY at, subscription_id ROWS UNBOUNDED PRECEDING), at
 FROM pending WHERE at IS NOT NULL ORDER BY account_id, (at AT TIME ZONE 'UTC')::date, at DESC, subscription_id DESC)
UNION ALL
SELECT account_id, NULL, 'subscription_canceled', NULL, coalesce(cancelled_at, updated_at)
FROM changes WHERE is_current AND status = 'cancelled' AND coalesce(cancelled_at, updated_at) IS NOT NULL
UNION ALL
SELECT coalesce(c.account_id, 'chargebee:' || f.customer_id), NULL, 'payment_failed', f.amount::float8, f.failed_at
FROM chargebee_failed AS f
LEFT JOIN chargebee_customer AS c USING (customer_id)
WHERE f.customer_id IS NOT NULL AND f.failed_at IS NOT NULL AND c.is_deleted IS NOT TRUE;

CREATE OR REPLACE VIEW chargebee_arr AS
SELECT account_id, currency,
       round(sum(CASE WHEN status = 'in_trial' THEN 0 ELSE coalesce(12 * mrr, items_a_year) END), 2) AS arr
FROM chargebee_subscription
WHERE is_current AND NOT is_deleted AND status IN ('active', 'non_renewing', 'in_trial')
GROUP BY account_id, currency
HAVING count(coalesce(12 * mrr, items_a_year)) > 0;

CREATE OR REPLACE VIEW chargebee_account (account_id, name, segment, seats, arr, csm, created_on, renews_on) AS
WITH customers AS (
    SELECT account_id, (array_agg(name ORDER BY created_at, customer_id) FILTER (WHERE name IS NOT NULL))[1] AS name,
           min((created_at AT TIME ZONE 'UTC')::date) AS created_on
    FROM chargebee_customer WHERE NOT is_deleted GROUP BY account_id
), synced AS (
    SELECT date_trunc('day', greatest((SELECT max(chargebee_time(updated_at)) FROM chargebee.invoice),
                                      (SELECT max(chargebee_time(updated_at)) FROM chargebee.subscription)), 'UTC') AS at
), running AS (
    SELECT account_id, sum(seats)::int AS seats,
           min((term_end AT TIME ZONE 'UTC')::date) FILTER (WHERE term_end < '2200-01-01 00:00+00'
               AND (term_end < (SELECT at FROM synced)) IS NOT TRUE) AS renews_on
    FROM chargebee_subscription
    WHERE is_current AND NOT is_deleted AND status IN ('active', 'non_renewing', 'in_trial') GROUP BY account_id
), money AS (
    SELECT account_id, CASE WHEN count(r.rate) = count(*) THEN round(sum(a.arr * r.rate), 2)
                            WHEN count(*) = 1 AND NOT EXISTS (SELECT FROM chargebee_rate) THEN sum(a.arr) END AS arr
    FROM chargebee_arr AS a LEFT JOIN chargebee_rate AS r USING (currency) GROUP BY account_id
)
SELECT account_id, c.name, NULL::text, i.seats, m.arr, NULL::text, c.created_on, i.renews_on
FROM customers AS c FULL JOIN running AS i USING (account_id) LEFT JOIN money AS m USING (account_id);
