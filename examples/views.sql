-- From events to a scoreboard: what a data team keeps in its own schema. Run sample.sql first, or have tables accounts
-- and events of your own, and health_models as models.sql makes it. On Citus distribute those first (docs/scale.md).

-- Running it again changes nothing but the views; their rows are refresh.sql's.

-- The date the scores hold for: the full UTC days before it count.
CREATE TABLE IF NOT EXISTS settings (as_of date NOT NULL);

-- What each account did, day by day. The only step that reads the events; every question is answered from here.
-- Users are signals too, under a prefix, so that the share of active users can enter the score.
SELECT to_regclass(format('%I.account_activity', current_schema())) IS NULL AS is_new \gset
\if :is_new
CREATE TABLE account_activity (
    account_id text PRIMARY KEY,
    activity   health_activity NOT NULL
);

-- Where Citus is installed, activities lie where the events of their accounts do, and the date on every node. So there is
-- no BEGIN and COMMIT around all this; elsewhere psql -1 makes it all or nothing.
SELECT count(*) > 0 AS has_citus FROM pg_proc WHERE proname = 'create_distributed_table' \gset
\if :has_citus
SELECT create_reference_table('settings');
SELECT create_distributed_table('account_activity', 'account_id', colocate_with => 'accounts');
\endif

INSERT INTO account_activity
SELECT e.account_id, health_activity(s.signal, e.occurred_at, s.value)
FROM events AS e
CROSS JOIN LATERAL (VALUES (e.event, e.value), ('user:' || e.user_id, NULL)) AS s (signal, value)
GROUP BY e.account_id;
\endif

-- To begin with it is the day after the newest event (of the sample: 2026-01-01), but not after today, as calendars have
-- events to come. In production: UPDATE settings SET as_of = health_day(now()).
INSERT INTO settings
SELECT least(max(health_last_day(activity)) + 1, health_day(now())) FROM account_activity
HAVING NOT EXISTS (SELECT FROM settings);

-- One row per account, in plain columns. A segment is a population with a model of its own: its 90th percentile earns
-- 100. created_on says since when an account is there, so that a new one is measured over its own days. Accounts without
-- any event count as well, with an empty activity. Filter this view as you like, but outside: a WHERE inside would change
-- the population and so the scores. For the sentences in French: model || '{"language": "fr"}'.
CREATE OR REPLACE VIEW account_health AS
SELECT account_id, name, segment, csm, arr, (r).*
FROM (
    SELECT a.account_id, a.name, a.segment, a.csm, a.arr,
           health_report(coalesce(t.activity, '{}'), m.model, s.as_of, a.seats, a.created_on)
               OVER (PARTITION BY a.segment) AS r
    FROM accounts AS a
    CROSS JOIN settings AS s
    LEFT JOIN health_models AS m USING (segment)
    LEFT JOIN account_activity AS t USING (account_id)
) AS scored;

-- What dashboards read. The unique index lets it be refreshed while they do:
-- REFRESH MATERIALIZED VIEW CONCURRENTLY scoreboard.
CREATE MATERIALIZED VIEW IF NOT EXISTS scoreboard AS
SELECT * FROM account_health;

CREATE UNIQUE INDEX IF NOT EXISTS scoreboard_account_id_idx ON scoreboard (account_id);

-- One row per account and driver, for tools that prefer rows to JSON. The points of an account add up to its score.
CREATE OR REPLACE VIEW health_drivers_by_account AS
SELECT b.account_id, b.segment, b.as_of, d.*
FROM scoreboard AS b
CROSS JOIN LATERAL health_driver_rows(b.drivers) AS d;

-- Small tables, but the planner should know how small.
ANALYZE settings, account_activity, scoreboard;
