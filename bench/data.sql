-- Deterministic events: psql -v events=1000000 -v accounts=2000 -v keyed=1 -f data.sql. Account sizes follow a power law,
-- events arrive in order of time over the 180 days before 2026-01-01, 25 names, 23 of them with a weight. keyed: also with
-- other keys.
\set ON_ERROR_STOP 1
SET max_parallel_workers_per_gather = 0;  -- one stream, so that setseed() repeats

CREATE TABLE weights (event text PRIMARY KEY, weight numeric);
INSERT INTO weights
SELECT (ARRAY['page_view','login','search_performed','report_viewed','heartbeat','dashboard_opened','record_created',
              'record_updated','comment_added','file_uploaded','export_csv','api_call_batch','email_opened',
              'mobile_session','task_completed','workflow_run','notification_clicked','share_link_created',
              'user_invited','integration_connected','template_published','support_ticket_opened','seat_added',
              'payment_failed','downgrade_requested'])[i],
       (ARRAY[1,2,1,3,NULL,2,4,3,4,4,5,3,1,3,5,7,1,6,8,10,7,NULL,9,-50,-50])[i]
FROM generate_series(1, 25) AS i;

CREATE TABLE accounts AS
SELECT (k::bigint * 7919) % :accounts + 1 AS account_id, (ARRAY['enterprise', 'mid', 'smb'])[1 + k % 3] AS segment
FROM generate_series(0, :accounts - 1) AS k;
ALTER TABLE accounts ADD PRIMARY KEY (account_id);

CREATE UNLOGGED TABLE events (
    account_id bigint NOT NULL, user_id bigint NOT NULL, event text NOT NULL, occurred_at timestamptz NOT NULL
);
CREATE UNLOGGED TABLE million (LIKE events);  -- the same accounts with fewer events, to see what growth costs

\o /dev/null
SELECT format('SELECT setseed(0.42)'), format($$
INSERT INTO %1$I
SELECT ((floor(%2$s * power(random(), 3.33))::bigint * 7919) %% %2$s) + 1, floor(1000 * random()),
       names.list[1 + floor(25 * power(random(), 2.2))::int],
       timestamptz '2025-07-05 00:00+00' + i * (180 * 86400.0 / %3$s) * interval '1 second'
FROM generate_series(1, %3$s::bigint) AS i,
     (SELECT array_agg(event ORDER BY abs(weight) NULLS FIRST, event) AS list FROM weights) AS names
$$, name, :accounts, rows)
FROM (VALUES ('events', :events), ('million', 1000000)) AS made (name, rows)
WHERE name = 'events' OR :events > 1000000 \gexec

\if :keyed
-- The same events with values, and with keys of other types.
CREATE UNLOGGED TABLE keyed AS
SELECT account_id, md5(account_id::text)::uuid AS account_uuid, 'account ' || account_id AS account_name, event, occurred_at,
       user_id / 8.0::float8 AS value
FROM events;
VACUUM (FREEZE, ANALYZE) keyed;
\endif

CREATE INDEX ON events USING brin (occurred_at) WITH (pages_per_range = 32);
VACUUM (FREEZE, ANALYZE) events;
VACUUM (FREEZE, ANALYZE) million;
VACUUM ANALYZE accounts;

-- The model, and another one that asks what if the weights were others. Penalties are of unit raw, as plain SQL sums them.
CREATE TABLE models AS
SELECT name, health_make_model(half_life_days => 30, signals => jsonb_object_agg(event,
         CASE WHEN weight < 0 THEN jsonb_build_object('weight', weight, 'unit', 'raw') ELSE to_jsonb(weight) END)) AS model
FROM (SELECT 'default' AS name, event, weight FROM weights UNION ALL
      SELECT 'what_if', event, weight * (1 + length(event) % 3) FROM weights) AS w
WHERE weight IS NOT NULL GROUP BY name;
CREATE TABLE plain_weights AS
SELECT row_number() OVER (ORDER BY event)::int AS number, event, weight::float8,
       (weight * (1 + length(event) % 3))::float8 AS other_weight
FROM weights WHERE weight IS NOT NULL;
ANALYZE models, plain_weights;
