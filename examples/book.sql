-- The book of customers: views to copy, each under the question that it answers. Run it over the tables and views of
-- views.sql and history.sql, those of the sample or your own:
--
--   psql -d yours -v ON_ERROR_STOP=1 -f examples/book.sql
--   SELECT * FROM ten_today;
--
-- Plain SQL that prints nothing, can be pasted into any client and run again after an edit. Dates come from settings.as_of;
-- nothing reads the clock.
--
--   ten_today                               monday                       weekly_digest
--   weight_change, weight_change_signals    account_facts                quiet_before_renewal, quiet_in_new_york
--   sponsor_gone, about_to_leave            coverage                     expansion
--   portfolio_by_quarter                    retention_by_segment, _band  arpu
--   onboarding, activation                  problem_to_action, response_time
--   day_so_far                              use_and_arr

BEGIN;
SET LOCAL client_min_messages = warning;

-- ---------------------------------------------------------------- what the product does not know

-- Made here where it is missing, and empty: then the lists that need it are empty, too. Fill the tables, or put views of
-- these names and columns in their place before you run this file:
--   CREATE VIEW renewals AS SELECT account_id, renews_on FROM accounts WHERE renews_on IS NOT NULL;

CREATE TABLE IF NOT EXISTS renewals (account_id text PRIMARY KEY, renews_on date NOT NULL);

-- Who pays how much from when to when: a new row at each change of the amount, half-open like every span of days here.
CREATE TABLE IF NOT EXISTS subscriptions (
    account_id text NOT NULL,
    started_on date NOT NULL,
    ended_on   date,  -- the first day without it; NULL: it runs on
    monthly    numeric NOT NULL,
    PRIMARY KEY (account_id, started_on),
    CHECK (ended_on > started_on)
);

CREATE TABLE IF NOT EXISTS account_cities (account_id text PRIMARY KEY, city text NOT NULL);

-- The CSMs who share the middle of the book.
CREATE TABLE IF NOT EXISTS pool (csm text PRIMARY KEY);

-- What a CSM did about an account, from the CRM: a call, a mail, a meeting.
CREATE TABLE IF NOT EXISTS csm_action (
    account_id text NOT NULL,
    csm        text,
    kind       text NOT NULL,
    acted_at   timestamptz NOT NULL
);

-- What was done today, for day_so_far; over sources (warehouse.sql) a view of their _signal views.
CREATE TABLE IF NOT EXISTS events (
    account_id  text NOT NULL,
    user_id     text,
    event       text NOT NULL,
    value       float8,
    occurred_at timestamptz NOT NULL
);

-- ---------------------------------------------------------------- what a word means

-- A metric is a decision. Here each is written down once.
CREATE TABLE IF NOT EXISTS book_settings (
    one              boolean PRIMARY KEY DEFAULT true CHECK (one),
    gross_margin     numeric NOT NULL,
    activation_days  int NOT NULL,     -- activated: so many of these signals on the first days from the start
    activation_steps int NOT NULL,
    onboarding       text[] NOT NULL,
    outcome          text NOT NULL,    -- what the customer bought the product for
    value_days       int NOT NULL
);
INSERT INTO book_settings VALUES
    (true, 0.8, 14, 3, '{admin_login,report_viewed,invite_sent,form_published}', 'form_published', 7)
ON CONFLICT DO NOTHING;

-- The change of a model that weight_change tries out. UPDATE it as you like, what is in force stays as it is.
CREATE TABLE IF NOT EXISTS model_change (one boolean PRIMARY KEY DEFAULT true CHECK (one), change jsonb NOT NULL);
INSERT INTO model_change VALUES (true, '{"signals": {"report_viewed": 4}}') ON CONFLICT DO NOTHING;

-- The last two full quarters before as_of. The cast to timestamp keeps the session's time zone out.
CREATE OR REPLACE VIEW quarters AS
SELECT to_char(starts, 'YYYY "Q"Q') AS quarter, starts::date AS starts, (starts + interval '3 months')::date AS ends
FROM (SELECT date_trunc('quarter', (SELECT as_of FROM settings)::timestamp) - ago * interval '3 months' AS starts
      FROM generate_series(1, 2) AS ago) AS s;

-- ---------------------------------------------------------------- Who is in a segment today? A WHERE on account_facts

-- One row per account with what segments ask for; add your own columns. Segments made of it follow the data: nobody is put
-- in by hand, nobody forgotten there. Machines are nobody: days_quiet is since the last usage, or since the purchase.
CREATE OR REPLACE VIEW account_facts AS
SELECT b.as_of, b.account_id, b.name, b.segment, c.city, b.csm, b.arr, a.seats, b.score, b.band, b.trend, b.main_risk,
       b.next_step, coalesce(b.days_inactive, b.as_of - a.created_on) AS days_quiet,
       health_days_inactive(t.activity, b.as_of, 'admin_login') AS admin_days_quiet,
       coalesce(u.users, 0) AS users, u.users::float8 / nullif(a.seats, 0) AS seat_use,
       r.renews_on, r.renews_on - b.as_of AS days_to_renewal
FROM scoreboard AS b
JOIN accounts AS a USING (account_id)
LEFT JOIN account_cities AS c USING (account_id)
LEFT JOIN renewals AS r USING (account_id)
LEFT JOIN account_activity AS t USING (account_id)
CROSS JOIN LATERAL (SELECT health_active_count(t.activity, b.as_of, 30, signals => '{user:*}') AS users) AS u;

-- Nobody there for 10 days, and the contract ends within 90.
CREATE OR REPLACE VIEW quiet_before_renewal AS
SELECT account_id, name, city, csm, arr, score, days_quiet AS days, renews_on, days_to_renewal
FROM account_facts WHERE days_quiet >= 10 AND days_to_renewal BETWEEN 0 AND 90;

CREATE OR REPLACE VIEW quiet_in_new_york AS
SELECT * FROM quiet_before_renewal WHERE city = 'New York';

-- The admin has been silent for two weeks, the others have not; or the CRM says that the sponsor left in the last four weeks.
CREATE OR REPLACE VIEW sponsor_gone AS
SELECT account_id, name, csm, arr, score, CASE WHEN has_left THEN as_of - health_last_day(activity, 'sponsor_left')
                                               ELSE admin_days_quiet END AS days
FROM account_facts
JOIN account_activity USING (account_id)
CROSS JOIN LATERAL (SELECT health_measure(activity, 'sponsor_left', as_of, 28) > 0 AS has_left) AS l
WHERE has_left OR admin_days_quiet >= 14 AND days_quiet < 3;

-- Who looked for the door in the last week, and whose end is agreed (a reading of the billing, until it is withdrawn). One
-- row per account and sign.
CREATE OR REPLACE VIEW about_to_leave AS
SELECT account_id, name, csm, arr, score, sign, as_of - health_last_day(activity, sign) AS days
FROM scoreboard
JOIN account_activity USING (account_id)
CROSS JOIN (VALUES ('cancel_page_visited', 7, 'count'), ('full_export', 7, 'count'), ('subscription_canceled', 7, 'count'),
                   ('cancellation_scheduled', 36500, 'last')) AS s (sign, within_days, measure)
WHERE health_measure(activity, sign, as_of, within_days, measure) > 0;

-- ---------------------------------------------------------------- Which ten accounts need somebody today, and who acts?

-- It got worse in the last 7 days, or looks for the door (about_to_leave), or is red and renews within 30 days. Who looks
-- for the door puts all of the ARR at stake, the others the share that is missing to a score of 100. That sorts the list and
-- is no expected loss: a score is no probability (health_churn_probability is one). who_acts is in history.sql.
CREATE OR REPLACE VIEW ten_today AS
SELECT account_id, name, csm, arr, b.score_shown AS score, h.band, main_risk,
       round(CASE WHEN why LIKE '%leaving%' THEN arr ELSE arr * (100 - b.score::numeric) / 100 END) AS arr_at_stake,
       why, renews_on, renews_on - as_of AS days_to_renewal, next_step,
       who_acts(arr, main_risk_dimension, csm) AS goes_to, reason
FROM scoreboard AS b
JOIN band_history AS h USING (account_id, as_of)
LEFT JOIN renewals USING (account_id)
CROSS JOIN LATERAL (
    SELECT string_agg(what, ', ' ORDER BY what) AS why
    FROM (SELECT alert
          FROM band_history AS w
          WHERE w.account_id = b.account_id AND w.as_of > b.as_of - 7 AND w.as_of <= b.as_of AND alert <> 'recovered'
          UNION
          SELECT 'leaving' FROM about_to_leave AS l WHERE l.account_id = b.account_id
          UNION
          SELECT 'renewal' WHERE h.band = 'red' AND renews_on BETWEEN b.as_of AND b.as_of + 30) AS news (what)
) AS n
WHERE why IS NOT NULL
ORDER BY arr_at_stake DESC NULLS LAST, account_id
LIMIT 10;

-- ---------------------------------------------------------------- What changed since last week, and why? For Monday

-- The same report with trend_days 7, so that sentences and drivers compare with last Monday and not with four weeks ago, and
-- with trend_points 1, so that they tell each move.
-- Who moved by 5 points or into another band; drivers goes into health_driver_rows.
CREATE OR REPLACE VIEW monday AS
SELECT account_id, name, csm, arr, (r).previous_score, (r).score, (r).score_change, band_before, (r).band, (r).reason,
       (r).main_risk, (r).next_step, (r).drivers
FROM (SELECT account_id, name, csm, arr, r, health_band((r).previous_score, model) AS band_before
      FROM (SELECT account_id, name, csm, arr, model,
                   health_report(coalesce(activity, '{}'), model || '{"trend_days": 7, "trend_points": 1}', as_of, seats, created_on)
                       OVER (PARTITION BY segment) AS r
            FROM accounts
            CROSS JOIN settings
            JOIN health_models USING (segment)
            LEFT JOIN account_activity USING (account_id)) AS scored) AS compared
WHERE abs((r).score_change) >= 5 OR (r).band <> band_before;

-- ---------------------------------------------------------------- How did each CSM's book do this week?

-- Against 7 days before. Newly red and recovered accounts are told by the stable band: red now = red then + newly red -
-- recovered. The line is the mean score of the last 13 weeks, on the fixed scale of 0 to 100.
CREATE OR REPLACE VIEW weekly_digest AS
WITH weeks AS (
    SELECT coalesce(csm, 'nobody') AS csm, h.as_of, avg(score) AS score, (s.as_of - h.as_of) / 7 AS ago
    FROM band_history AS h JOIN accounts USING (account_id) CROSS JOIN settings AS s
    WHERE (s.as_of - h.as_of) % 7 = 0 AND h.as_of > s.as_of - 91 AND h.as_of <= s.as_of
    GROUP BY coalesce(csm, 'nobody'), h.as_of, s.as_of
), lines AS (
    SELECT csm, avg(score) FILTER (WHERE ago = 0) AS score, avg(score) FILTER (WHERE ago = 1) AS score_before,
           health_sparkline(score ORDER BY as_of) AS line
    FROM weeks
    GROUP BY csm
), moves AS (
    SELECT coalesce(csm, 'nobody') AS csm, arr, now.band = 'red' AS red, coalesce(before.band = 'red', false) AS was_red
    FROM settings AS s
    JOIN band_history AS now ON now.as_of = s.as_of
    LEFT JOIN band_history AS before ON before.account_id = now.account_id AND before.as_of = s.as_of - 7
    JOIN accounts AS a ON a.account_id = now.account_id
)
SELECT csm, count(*)::int AS accounts, score, score - score_before AS change,
       count(*) FILTER (WHERE was_red)::int AS red_before,
       count(*) FILTER (WHERE red AND NOT was_red)::int AS newly_red,
       count(*) FILTER (WHERE was_red AND NOT red)::int AS recovered,
       count(*) FILTER (WHERE red)::int AS red,
       coalesce(sum(arr) FILTER (WHERE red), 0) AS red_arr, line
FROM moves JOIN lines USING (csm)
GROUP BY csm, score, score_before, line;

-- ---------------------------------------------------------------- Who moves when a weight changes, and why?

-- One row per account and signal: its points under the model in force and under that of model_change. The moves of an
-- account add up to new_score - old_score. A signal that did not change moves, too, where the baseline did.
CREATE OR REPLACE VIEW weight_change_signals AS
SELECT account_id, name, segment, csm, arr, old_score, new_score, signal, label, old_points, new_points,
       new_points - old_points AS moved
FROM (SELECT account_id, name, segment, csm, arr, (o).score AS old_score, (n).score AS new_score,
             (o).drivers AS old_drivers, (n).drivers AS new_drivers
      FROM (SELECT account_id, name, segment, csm, arr,
                   health_report(coalesce(activity, '{}'), model || '{"max_drivers": 1000}', as_of, seats, created_on)
                       OVER (PARTITION BY segment) AS o,
                   health_report(coalesce(activity, '{}'), model || change || '{"max_drivers": 1000}', as_of, seats,
                                 created_on) OVER (PARTITION BY segment) AS n
            FROM accounts
            CROSS JOIN settings
            CROSS JOIN model_change
            JOIN health_models USING (segment)
            LEFT JOIN account_activity USING (account_id)) AS scored) AS both_ways
CROSS JOIN LATERAL (
    SELECT coalesce(o.signal, n.signal, o.kind, n.kind) AS signal, coalesce(o.label, n.label) AS label,
           coalesce(o.points, 0) AS old_points, coalesce(n.points, 0) AS new_points
    FROM health_driver_rows(old_drivers) AS o
    FULL JOIN health_driver_rows(new_drivers) AS n ON coalesce(o.signal, o.kind) = coalesce(n.signal, n.kind)
    WHERE coalesce(o.kind, n.kind) <> 'baseline'  -- tells of the past, and has no points
) AS d;

-- Who moves by a point or into another band, and by what: the three signals that moved most.
CREATE OR REPLACE VIEW weight_change AS
SELECT account_id, name, segment, csm, arr, old_score, new_score, new_score - old_score AS moved,
       health_band(old_score, model) AS old_band, health_band(new_score, model || change) AS new_band, why
FROM (SELECT account_id, name, segment, csm, arr, old_score, new_score,
             string_agg(coalesce(label, signal) || ' ' || to_char(moved, 'FMS990.0'), ', ' ORDER BY abs(moved) DESC, signal)
                 FILTER (WHERE place <= 3 AND abs(moved) >= 0.05) AS why
      FROM (SELECT *, row_number() OVER (PARTITION BY account_id ORDER BY abs(moved) DESC, signal) AS place
            FROM weight_change_signals) AS s
      GROUP BY account_id, name, segment, csm, arr, old_score, new_score) AS m
JOIN health_models USING (segment)
CROSS JOIN model_change
WHERE abs(new_score - old_score) >= 1 OR health_band(old_score, model) <> health_band(new_score, model || change);

-- ---------------------------------------------------------------- Who looks after whom?

-- Tiers by ARR: the top 20 % keep their CSM (high touch); the next 40 % are dealt out to the pool in rounds, so that each
-- gets as many and about as much; the rest hears from the product (tech touch).
CREATE OR REPLACE VIEW coverage AS
SELECT account_id, name, arr, tier, CASE tier WHEN 'high-touch' THEN t.csm WHEN 'pooled' THEN p.csm END AS owner
FROM (SELECT *, row_number() OVER (PARTITION BY tier ORDER BY arr DESC NULLS LAST, account_id) - 1 AS turn
      FROM (SELECT *, CASE WHEN place <= ceil(0.2 * accounts) THEN 'high-touch'
                           WHEN place <= ceil(0.6 * accounts) THEN 'pooled'
                           ELSE 'tech-touch' END AS tier
            FROM (SELECT account_id, name, csm, arr, row_number() OVER (ORDER BY arr DESC NULLS LAST, account_id) AS place,
                         count(*) OVER () AS accounts
                  FROM accounts) AS a) AS placed) AS t
LEFT JOIN (SELECT csm, row_number() OVER (ORDER BY csm) - 1 AS seat, count(*) OVER () AS seats FROM pool) AS p
    ON tier = 'pooled' AND seat = turn % seats;

-- ---------------------------------------------------------------- Who has room to grow?

-- Healthy, rising, nearly out of seats, and the contract is open soon (account_facts). The slope is the median of all pairs
-- of the last 28 readings, in points a week: one good day makes none.
CREATE OR REPLACE VIEW expansion AS
SELECT account_id, name, csm, arr, score, slope, seats, users, seat_use, renews_on
FROM account_facts AS f
CROSS JOIN LATERAL (SELECT health_slope(h.score, h.as_of) AS slope
                    FROM score_history AS h
                    WHERE h.account_id = f.account_id AND h.as_of > f.as_of - 28 AND h.as_of <= f.as_of) AS s
WHERE score > 75 AND slope > 0 AND seat_use > 0.8 AND days_to_renewal BETWEEN 0 AND 60;

-- ---------------------------------------------------------------- How much is used of what is paid for?

-- Use as a share of what earns 100 in the segment, and not cut there: 2 is twice as much. Of a scorecard it is that of its
-- usage. Raw scores are per seat, so a large contract does not look well used by its size.
CREATE OR REPLACE VIEW use_and_arr AS
SELECT account_id, name, segment, csm, arr, score, use,
       CASE WHEN use < 0.5 AND arr >= median_arr THEN 'pays much, uses little'
            WHEN use >= 1 AND arr < median_arr THEN 'pays little, uses much' END AS gap
FROM scoreboard
CROSS JOIN LATERAL (SELECT raw_score / nullif(baseline, 0) AS use) AS u
JOIN (SELECT segment, percentile_cont(0.5) WITHIN GROUP (ORDER BY arr::float8) AS median_arr
      FROM accounts GROUP BY segment) AS m USING (segment);

-- ---------------------------------------------------------------- How does today look so far?

-- as_of + 1: what the events of today, up to now, would give, in place of what is stored of today. For who did something
-- today; the silence of half a day is no news. All are scored for the same unfinished day, so the baseline has lost as much.
-- For one account, in microseconds, see account_page in frozen.sql.
CREATE OR REPLACE VIEW day_so_far AS
SELECT account_id, b.name, b.csm, b.arr, b.score AS score_this_morning, s.score, s.score - b.score AS moved,
       b.band AS band_this_morning, s.band, events_today, s.reason
FROM (SELECT account_id, events_today, (r).score, (r).band, (r).reason
      FROM (SELECT a.account_id, events_today,
                   health_report(health_splice(coalesce(t.activity, '{}'), coalesce(n.activity, '{}'), as_of), model,
                                 as_of + 1, seats, created_on) OVER (PARTITION BY segment) AS r
            FROM accounts AS a
            CROSS JOIN settings
            JOIN health_models USING (segment)
            LEFT JOIN account_activity AS t USING (account_id)
            LEFT JOIN (SELECT e.account_id, (count(*) / 2)::int AS events_today,  -- each event is two signals
                              health_activity(s.signal, e.occurred_at, s.value) AS activity
                       FROM events AS e
                       CROSS JOIN LATERAL (VALUES (e.event, e.value), ('user:' || e.user_id, NULL)) AS s (signal, value)
                       WHERE e.occurred_at >= (SELECT health_day_start(as_of) FROM settings)
                             AND e.occurred_at < (SELECT health_day_start(as_of + 1) FROM settings)
                       GROUP BY e.account_id) AS n USING (account_id)) AS scored) AS s
JOIN scoreboard AS b USING (account_id)
WHERE events_today > 0;

-- ---------------------------------------------------------------- What are churn rate, NRR, CLV? By quarter

CREATE OR REPLACE FUNCTION net_retention(start numeric, expansion numeric, contraction numeric, churn numeric)
RETURNS numeric LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN (start + expansion - contraction - churn) / nullif(start, 0);

CREATE OR REPLACE FUNCTION gross_retention(start numeric, contraction numeric, churn numeric) RETURNS numeric
LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN (start - contraction - churn) / nullif(start, 0);

-- Customer lifetime value: ARPU a quarter * gross margin / churn rate a quarter; 1 / churn rate is how many quarters an
-- account stays. NULL where nobody left.
CREATE OR REPLACE FUNCTION lifetime_value(arpu numeric, gross_margin numeric, churn_rate numeric) RETURNS numeric
LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN arpu * gross_margin / nullif(churn_rate, 0);

-- One row per account and quarter: what it paid a month on the first day and on the first day after, and what that is.
-- Moves that cancel out within the quarter are not seen.
CREATE OR REPLACE VIEW revenue_moves AS
SELECT quarter, starts, ends, account_id, segment, mrr_start, mrr_end,
       CASE WHEN mrr_start = 0 THEN mrr_end ELSE 0 END AS new,
       CASE WHEN mrr_start > 0 THEN greatest(mrr_end - mrr_start, 0) ELSE 0 END AS expansion,
       CASE WHEN mrr_end > 0 THEN greatest(mrr_start - mrr_end, 0) ELSE 0 END AS contraction,
       CASE WHEN mrr_end = 0 THEN mrr_start ELSE 0 END AS churn
FROM (SELECT q.*, account_id, segment,
             coalesce(sum(monthly) FILTER (WHERE daterange(started_on, ended_on) @> starts), 0) AS mrr_start,
             coalesce(sum(monthly) FILTER (WHERE daterange(started_on, ended_on) @> ends), 0) AS mrr_end
      FROM quarters AS q CROSS JOIN accounts JOIN subscriptions USING (account_id)
      GROUP BY quarter, starts, ends, account_id, segment) AS m
WHERE mrr_start > 0 OR mrr_end > 0;

-- Rates are of the accounts, or of the revenue, that were there when the quarter began. arpu is a month's revenue per paying
-- account on that day.
CREATE OR REPLACE VIEW portfolio_by_quarter AS
SELECT t.*, churned::numeric / nullif(accounts, 0) AS churn_rate, churn / nullif(mrr_start, 0) AS revenue_churn_rate,
       mrr_start / nullif(accounts, 0) AS arpu,
       lifetime_value(3 * mrr_start / nullif(accounts, 0), gross_margin, churned::numeric / nullif(accounts, 0)) AS clv,
       net_retention(mrr_start, expansion, contraction, churn) AS nrr,
       gross_retention(mrr_start, contraction, churn) AS grr
FROM (SELECT quarter, starts, count(*) FILTER (WHERE mrr_start > 0)::int AS accounts,
             count(*) FILTER (WHERE mrr_start > 0 AND mrr_end = 0)::int AS churned,
             count(*) FILTER (WHERE mrr_start > 0 AND mrr_end > 0)::int AS retained,
             count(*) FILTER (WHERE mrr_start = 0)::int AS added,
             sum(mrr_start) AS mrr_start, sum(new) AS new, sum(expansion) AS expansion,
             sum(contraction) AS contraction, sum(churn) AS churn, sum(mrr_end) AS mrr_end
      FROM revenue_moves GROUP BY quarter, starts) AS t
CROSS JOIN book_settings;

-- ---------------------------------------------------------------- Who stayed: which segment, and which band?

-- Of the accounts that were there when the quarter began. Who came later can't lift it.
CREATE OR REPLACE VIEW retention_by_segment AS
SELECT quarter, segment, count(*)::int AS accounts, count(*) FILTER (WHERE mrr_end > 0)::int AS retained,
       sum(mrr_start) AS mrr_start, avg((mrr_end > 0)::int) AS logo_retention,
       net_retention(sum(mrr_start), sum(expansion), sum(contraction), sum(churn)) AS nrr,
       gross_retention(sum(mrr_start), sum(contraction), sum(churn)) AS grr
FROM revenue_moves WHERE mrr_start > 0 GROUP BY quarter, segment;

-- The score of a quarter's first day, among the same accounts as in account_health: an as_of in the past sees no later
-- event. A quarter that began before the events did has no scores; they would all be 0.
CREATE OR REPLACE VIEW quarter_scores AS
SELECT quarter, starts, account_id, score, health_band(score, model) AS band
FROM (SELECT q.quarter, q.starts, a.account_id, m.model,
             health_score(coalesce(t.activity, '{}'), m.model, q.starts, a.seats, a.created_on)
                 OVER (PARTITION BY a.segment, q.starts) AS score
      FROM quarters AS q
      CROSS JOIN accounts AS a
      JOIN health_models AS m USING (segment)
      LEFT JOIN account_activity AS t USING (account_id)
      WHERE q.starts > (SELECT min(health_first_day(activity)) FROM account_activity)) AS scored;

CREATE OR REPLACE VIEW retention_by_band AS
SELECT quarter, coalesce(band, 'not scored') AS band, count(*)::int AS accounts,
       count(*) FILTER (WHERE mrr_end > 0)::int AS retained,
       sum(mrr_start) AS mrr_start, sum(expansion) AS expansion, sum(contraction) AS contraction, sum(churn) AS churn,
       avg((mrr_end > 0)::int) AS logo_retention,
       net_retention(sum(mrr_start), sum(expansion), sum(contraction), sum(churn)) AS nrr,
       gross_retention(sum(mrr_start), sum(contraction), sum(churn)) AS grr
FROM revenue_moves LEFT JOIN quarter_scores USING (quarter, account_id)
WHERE mrr_start > 0
GROUP BY quarter, coalesce(band, 'not scored');

-- ---------------------------------------------------------------- What does an account pay, and a user (ARPU)?

-- A month's revenue on the first day after the quarter, per paying account and per user that was there in the 30 days
-- before. A user of two accounts is one: the activities are merged.
CREATE OR REPLACE VIEW arpu AS
SELECT quarter, accounts, mrr, mrr / accounts AS arpu_account, users, mrr / nullif(users, 0) AS arpu_user
FROM (SELECT quarter, count(*)::int AS accounts, sum(mrr_end) AS mrr,
             health_active_count(health_rollup(activity), ends, 30, signals => '{user:*}') AS users
      FROM revenue_moves LEFT JOIN account_activity USING (account_id)
      WHERE mrr_end > 0
      GROUP BY quarter, ends) AS q;

-- ---------------------------------------------------------------- Do new customers arrive, and when do they have value?

-- One row per account that began to pay in a quarter. Day 0 is the day of the start, so the first 7 days are 0 to 6.
-- health_trim drops the days of the trial: what counts is the first time since the start. Who started before the events did
-- can't be judged.
CREATE OR REPLACE VIEW onboarding AS
SELECT q.quarter, f.account_id, f.started_on, s.as_of - f.started_on AS observed_days,
       (SELECT count(*) FROM unnest(p.onboarding) AS signal
        WHERE health_first_day(since, signal) < least(f.started_on + p.activation_days, s.as_of))::int AS steps,
       CASE WHEN health_first_day(since, p.outcome) < s.as_of
            THEN health_first_day(since, p.outcome) - f.started_on END AS days_to_value
FROM (SELECT account_id, min(started_on) AS started_on FROM subscriptions GROUP BY account_id) AS f
JOIN quarters AS q ON f.started_on >= q.starts AND f.started_on < q.ends
LEFT JOIN account_activity AS t USING (account_id)
CROSS JOIN LATERAL (SELECT health_trim(t.activity, f.started_on) AS since) AS a
CROSS JOIN book_settings AS p
CROSS JOIN settings AS s
WHERE f.started_on >= (SELECT min(health_first_day(activity)) FROM account_activity);

-- Who started less than activation_days ago is too new to be judged. The median counts those who are not there yet as
-- later than the others; it is NULL if that is half of them.
CREATE OR REPLACE VIEW activation AS
SELECT quarter, count(*) FILTER (WHERE judged)::int AS accounts, count(*) FILTER (WHERE NOT judged)::int AS too_new,
       count(*) FILTER (WHERE judged AND activated)::int AS activated,
       avg(activated::int) FILTER (WHERE judged) AS activation_rate,
       count(*) FILTER (WHERE judged AND days < value_days)::int AS in_time,
       avg((days < value_days)::int) FILTER (WHERE judged) AS in_time_rate,
       nullif(percentile_disc(0.5) WITHIN GROUP (ORDER BY days) FILTER (WHERE judged), activation_days) AS median_days
FROM onboarding
CROSS JOIN book_settings
CROSS JOIN LATERAL (SELECT observed_days >= greatest(activation_days, value_days) AS judged,
                           steps >= activation_steps AS activated,
                           least(coalesce(days_to_value, activation_days), activation_days) AS days) AS j
GROUP BY quarter, activation_days;

-- ---------------------------------------------------------------- How long from a problem to the first action?

-- One row per alert that is bad news. It is known when its day begins: the score of a date uses the days before it. What
-- counts is the first action from then on, for this account, whoever did it; hours is NULL while nobody has acted.
CREATE OR REPLACE VIEW problem_to_action AS
SELECT f.as_of, f.alert, f.account_id, f.name, f.arr, a.csm, known_at, acted.acted_at, acted.kind, acted.csm AS acted_by,
       (extract(epoch FROM acted.acted_at - known_at) / 3600)::float8 AS hours
FROM alert_feed AS f
JOIN accounts AS a USING (account_id)
CROSS JOIN LATERAL (SELECT health_day_start(f.as_of) AS known_at) AS k
LEFT JOIN LATERAL (SELECT acted_at, kind, csm FROM csm_action AS c
                   WHERE c.account_id = f.account_id AND c.acted_at >= known_at
                   ORDER BY acted_at LIMIT 1) AS acted ON true
WHERE f.alert <> 'recovered';

-- By CSM. The median counts open problems as later than the others; it is NULL if they are half of them.
CREATE OR REPLACE VIEW response_time AS
SELECT csm, count(*)::int AS problems, count(hours)::int AS acted, (count(*) - count(hours))::int AS still_open,
       nullif(percentile_disc(0.5) WITHIN GROUP (ORDER BY coalesce(hours, 'infinity')), 'infinity') AS median_hours
FROM problem_to_action GROUP BY csm;

-- The questions, as \dv+ shows them.
COMMENT ON VIEW ten_today IS 'Which ten accounts need somebody today, why, and who acts?';
COMMENT ON VIEW monday IS 'What changed since last week, and why?';
COMMENT ON VIEW weekly_digest IS 'How did each CSM''s book do this week?';
COMMENT ON VIEW account_facts IS 'Who is in a segment today? (a WHERE on it)';
COMMENT ON VIEW quiet_before_renewal IS 'Who has not been there for 10 days and renews within 90?';
COMMENT ON VIEW quiet_in_new_york IS 'Who in New York has not been there for 10 days and renews within 90?';
COMMENT ON VIEW sponsor_gone IS 'Whose admin is silent while the others are not?';
COMMENT ON VIEW about_to_leave IS 'Who looked for the door in the last week?';
COMMENT ON VIEW weight_change IS 'Who moves when a weight changes, and why?';
COMMENT ON VIEW weight_change_signals IS 'By how many points does each signal move?';
COMMENT ON VIEW coverage IS 'Who looks after whom?';
COMMENT ON VIEW expansion IS 'Who has room to grow?';
COMMENT ON VIEW use_and_arr IS 'How much is used of what is paid for?';
COMMENT ON VIEW day_so_far IS 'How does today look so far?';
COMMENT ON VIEW portfolio_by_quarter IS 'What are churn rate, NRR, GRR and CLV?';
COMMENT ON VIEW retention_by_segment IS 'Which segments stay?';
COMMENT ON VIEW retention_by_band IS 'Do healthy accounts stay?';
COMMENT ON VIEW arpu IS 'What does an account pay, and a user?';
COMMENT ON VIEW onboarding IS 'How far did each new customer get, and when did it first see value?';
COMMENT ON VIEW activation IS 'How many new customers get started, and how long does it take?';
COMMENT ON VIEW problem_to_action IS 'How long from a problem to the first action?';
COMMENT ON VIEW response_time IS 'How long from a problem to the first action, by CSM?';

COMMIT;

-- Nobody analyzes a table of one row unless asked; without statistics the planner takes it for a big one.
ANALYZE settings, book_settings, model_change;
