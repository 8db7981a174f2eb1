-- Populations that are kept: a quarter scored against the accounts of its first day, small teams compared with their whole
-- segment, and the page of one account as its events come in. Run it over the tables and views of views.sql, those of the
-- sample or your own:
--
--   psql -d yours -v ON_ERROR_STOP=1 -f examples/frozen.sql
--   SELECT account_id, name, score_shown, reason FROM quarter_health WHERE as_of = '2026-01-01';
--   SELECT score_shown, reason FROM account_page('A003');
--
-- Plain SQL that prints nothing and can be run again; it puts a trigger on events. Nothing reads the clock: dates are literals
-- where a quarter begins, and as_of of settings for the page. What a fall of everybody looks like against a kept
-- population and against a moving one is in test/frozen.sql.

BEGIN;
SET LOCAL client_min_messages = warning;
ANALYZE accounts, events, health_models;

-- ---------------------------------------------------------------- what is kept

-- A row a segment and date, some kilobytes each, and most of that is its model. Whom accounts are compared with stays
-- what it was, whatever becomes of the accounts, of their activities and of health_models.
CREATE TABLE IF NOT EXISTS kept_populations (
    as_of      date,
    segment    text,
    population health_population NOT NULL,
    PRIMARY KEY (as_of, segment)
);

-- Of the first day of the quarter, and of today; in production every night, and for ever those of a first day.
INSERT INTO kept_populations
SELECT day, segment, health_population(coalesce(activity, '{}'), model, day, seats, created_on)
FROM accounts
JOIN health_models USING (segment)
LEFT JOIN account_activity USING (account_id)
CROSS JOIN (VALUES (date '2025-10-01'), (date '2026-01-01')) AS d (day)
GROUP BY day, segment  -- two models in one group are an error
ON CONFLICT DO NOTHING;

-- SELECT * FROM kept_populations CROSS JOIN health_population_rows(population) says what is in them: the median, the days of
-- silence and the change in percent of each signal.

-- ---------------------------------------------------------------- a quarter against its first day

-- A goal that is set on the first day, "half of them green by New Year", keeps its meaning: what earned 100 then earns 100
-- all along, however the other accounts move. Without a window function any WHERE may stand here and beside this view.
CREATE OR REPLACE VIEW quarter_health AS
SELECT account_id, name, csm, r.*
FROM accounts
JOIN kept_populations USING (segment)
LEFT JOIN account_activity USING (account_id)
CROSS JOIN (SELECT date '2025-10-01' + 7 * n FROM generate_series(0, 13) AS n UNION ALL SELECT '2026-01-01') AS d (day)
CROSS JOIN LATERAL health_report(population, coalesce(activity, '{}'), seats, created_on, d.day) AS r
WHERE kept_populations.as_of = '2025-10-01';

-- ---------------------------------------------------------------- small teams

-- The accounts of one CSM in a segment may be too few to be compared with each other: the best of five earns 100, however
-- bad it is. Teams of fewer than twenty are compared with the whole segment, which has the same model.
CREATE OR REPLACE VIEW team_health AS
SELECT a.account_id, t.segment, t.csm, t.accounts AS team, r.*
FROM (SELECT segment, csm, count(*) AS accounts,
             health_population(coalesce(activity, '{}'), model, '2026-01-01', seats, created_on) AS own
      FROM accounts JOIN health_models USING (segment) LEFT JOIN account_activity USING (account_id)
      GROUP BY segment, csm) AS t
JOIN kept_populations AS everybody ON everybody.as_of = '2026-01-01' AND everybody.segment = t.segment
JOIN accounts AS a ON (a.segment, a.csm) = (t.segment, t.csm)
LEFT JOIN account_activity USING (account_id)
CROSS JOIN LATERAL health_report(CASE WHEN t.accounts < 20 THEN everybody.population ELSE t.own END,
                                 coalesce(activity, '{}'), seats, created_on) AS r;

-- ---------------------------------------------------------------- the page of one account, now

-- Events go into the activities of their accounts as they come; the night (refresh.sql) heals what was deleted or
-- changed, and whatever it overtook. Whoever listens is told which accounts to report anew.
CREATE OR REPLACE FUNCTION take_events() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO account_activity AS kept
    SELECT account_id, health_activity(s.signal, occurred_at, s.value)
    FROM new_events AS e
    CROSS JOIN LATERAL (VALUES (e.event, e.value), ('user:' || e.user_id, NULL)) AS s (signal, value)
    GROUP BY account_id
    ORDER BY account_id  -- one order for all who lock these rows
    ON CONFLICT (account_id) DO UPDATE SET activity = kept.activity + excluded.activity;
    PERFORM pg_notify('account_health', account_id) FROM (SELECT DISTINCT account_id FROM new_events) AS e;
    RETURN NULL;
END $$;
CREATE OR REPLACE TRIGGER take_events AFTER INSERT ON events
REFERENCING NEW TABLE AS new_events FOR EACH STATEMENT EXECUTE FUNCTION take_events();

-- What the page shows: three rows by their keys and one report, however many accounts there are.
-- as_of + 1: what happened today counts, too, against the population of this morning, which ends with yesterday.
CREATE OR REPLACE FUNCTION account_page(id text, language text DEFAULT NULL) RETURNS SETOF health_report_row
LANGUAGE sql STABLE ROWS 1 AS $$
    SELECT r.*
    FROM settings
    JOIN accounts AS a ON a.account_id = id
    JOIN kept_populations AS p ON p.as_of = settings.as_of AND p.segment = a.segment
    LEFT JOIN account_activity AS t ON t.account_id = a.account_id
    CROSS JOIN LATERAL health_report(
        CASE WHEN language IS NULL THEN p.population ELSE p.population || jsonb_build_object('language', language) END,
        coalesce(t.activity, '{}'), a.seats, a.created_on, settings.as_of + 1) AS r
$$;

COMMIT;

ANALYZE kept_populations;
