-- The git history of 37 repositories as customer accounts: health of the repositories, and of their users. The second half
-- proves the result with plain SQL.
--
-- What the data is: real. Commits, merges and releases of public repositories, with names and addresses of their authors
-- replaced by keys, and times in the authors' own zones.
--
--   psql -d some_empty_database -v ON_ERROR_STOP=1 -v data=path/to/data -f test/git_events.sql
--
-- path/to/data holds the folder git_events, which is not part of the sources.
\set QUIET on
\pset footer off
SET client_min_messages = warning;
SET plpgsql.check_asserts = on;
SET TimeZone = 'America/New_York';  -- for the proof: days are UTC days whatever the session says
CREATE EXTENSION IF NOT EXISTS health_score;

CREATE TABLE git_event (
  account_id text NOT NULL, user_id text, user_name_key text, domain_key text, domain_kind text, signal text NOT NULL,
  value float8, occurred_at timestamptz NOT NULL);  -- value: changed lines; occurred_at comes with the author's zone
\cd :data
\copy git_event FROM 'git_events/git_events.csv' CSV HEADER

-- ---------------------------------------------------------------- activities

-- Two activities: what happened to the repository, and who was there. Releases have no user: NULL is skipped.
CREATE TABLE repository AS
SELECT account_id, health_activity(signal, occurred_at, value) AS activity,
       health_activity(user_id, occurred_at) AS users
FROM git_event GROUP BY account_id;
ALTER TABLE repository ADD PRIMARY KEY (account_id);

CREATE TABLE scoring AS
SELECT '{"half_life_days": 30, "signals": {"commit": 1, "merge": 3, "release": 10}}'::health_model AS model;

CREATE TABLE day (as_of date);
INSERT INTO day VALUES ('2019-07-01'), ('2022-01-01'), ('2024-03-31'), ('2026-08-23');

-- ---------------------------------------------------------------- health, active users, power users

CREATE TABLE health AS
SELECT account_id, as_of, score, health_band(score) AS band, raw, days_inactive, active, power, quiet,
       active::float8 / nullif(year, 0) AS active_share
FROM (SELECT account_id, as_of,
             health_score(activity, model, as_of) OVER (PARTITION BY as_of) AS score,
             health_raw_score(activity, model, as_of) AS raw,
             health_days_inactive(activity, as_of) AS days_inactive,
             health_active_count(users, as_of, 28) AS active,
             health_active_count(users, as_of, 28, min_days => 4) AS power,
             -- seen in the 90 days before, not in the last 28
             health_active_count(users, as_of, 118) - health_active_count(users, as_of, 28) AS quiet,
             health_active_count(users, as_of, 365) AS year
      FROM repository CROSS JOIN day CROSS JOIN scoring) AS scored;

\echo Repositories over the years: bands, and users of the last 28 days
SELECT as_of, count(*) FILTER (WHERE raw > 0) AS active_repositories,
       count(*) FILTER (WHERE band = 'green') AS green, count(*) FILTER (WHERE band = 'yellow') AS yellow,
       count(*) FILTER (WHERE band = 'red' AND raw > 0) AS red,
       sum(active) AS active_users, sum(power) AS power_users, sum(quiet) AS gone_quiet
FROM health GROUP BY as_of ORDER BY as_of;

\echo The healthiest repositories on 2026-08-23
SELECT account_id, floor(score) AS score, band, active AS active_users, power AS power_users, quiet AS gone_quiet,
       round(100 * active_share) || ' %' AS active_share
FROM health WHERE as_of = '2026-08-23' ORDER BY health.score DESC, account_id LIMIT 8;

-- Who to ask: users active on 10 days or more of a quarter, and silent in the 28 days since.
CREATE VIEW quiet_power_user AS
SELECT as_of, account_id, member AS user_id, active_days AS days, days_inactive AS silent_for
FROM repository CROSS JOIN day CROSS JOIN LATERAL health_members(users, '*', as_of, 118)
WHERE active_days >= 10 AND days_inactive >= 28;

\echo Power users who have gone quiet
SELECT * FROM quiet_power_user ORDER BY as_of DESC, days DESC, user_id LIMIT 8;

-- The share of active users can enter the score: one activity with both, licensed seats = users of the year.
CREATE TABLE shared AS
SELECT account_id, as_of, year, health_adjustment(activity + users, model, as_of, year) AS adjustment,
       health_report(activity + users, model, as_of, year) OVER (PARTITION BY as_of) AS report
FROM (SELECT *, health_active_count(users, as_of, 365) AS year
      FROM repository CROSS JOIN day
           CROSS JOIN (SELECT model || '{"size_exponent": 0, "signals": {"u_*": {
                                "weight": 30, "measure": "distinct", "days": 28, "of": "size", "neutral": 0.25,
                                "label": "Active users"}}}' AS model FROM scoring) AS s) AS sized;

-- ---------------------------------------------------------------- proof

-- Events with their UTC day, by plain SQL.
CREATE TABLE event AS SELECT *, (occurred_at AT TIME ZONE 'UTC')::date AS day FROM git_event;

-- Counts and changed lines per repository, signal and UTC day; days per user.
CREATE TABLE cell AS
SELECT account_id, signal, day, count(*) AS count, count(value) AS value_count, sum(value) AS value
FROM event GROUP BY account_id, signal, day;
DO $$ BEGIN
  ASSERT (SELECT count(*) FROM event WHERE day <> occurred_at::date) > 1000,
    'many events fall on another day in the time zone of the session';
  ASSERT (SELECT count(*) FROM repository) = 37, 'all repositories are there';
  ASSERT (SELECT count(*) FROM repository, health_cells(activity)) = (SELECT count(*) FROM cell),
    'health_cells has one row per repository, signal and UTC day';
  ASSERT NOT EXISTS (TABLE cell EXCEPT SELECT account_id, c.* FROM repository, health_cells(activity) AS c),
    'counts and lines per UTC day equal GROUP BY';
  ASSERT (SELECT count(*) FROM repository, health_cells(users))
         = (SELECT count(DISTINCT (account_id, user_id, day)) FROM event WHERE user_id IS NOT NULL),
    'one row per user and UTC day';
  ASSERT NOT EXISTS (SELECT account_id, user_id, day, count(*) FROM event WHERE user_id IS NOT NULL GROUP BY 1, 2, 3
                     EXCEPT SELECT account_id, signal, c.day, count FROM repository, health_cells(users) AS c),
    'events per user and UTC day equal GROUP BY';
  ASSERT (SELECT bool_and(health_first_day(activity) = first AND health_last_day(activity) = last
                          AND health_first_day(activity, 'commit') = first_commit
                          AND health_last_day(activity, 'release') IS NOT DISTINCT FROM last_release)
          FROM repository
               JOIN (SELECT account_id, min(day) AS first, max(day) AS last,
                            min(day) FILTER (WHERE signal = 'commit') AS first_commit,
                            max(day) FILTER (WHERE signal = 'release') AS last_release
                     FROM event GROUP BY account_id) AS e USING (account_id)), 'first and last day equal min and max';
END $$;

-- Every column of the table health, by plain SQL.
CREATE TABLE expected AS
SELECT account_id, as_of, raw, as_of - 1 - last AS days_inactive, active, power, quiet
FROM (SELECT DISTINCT account_id FROM event) AS a CROSS JOIN day AS d
     CROSS JOIN LATERAL (SELECT max(day) AS last,
                                coalesce(sum((CASE signal WHEN 'commit' THEN 1 WHEN 'merge' THEN 3 ELSE 10 END)
                                             * power(2, -(d.as_of - 1 - day) / 30.0::float8))
                                         FILTER (WHERE day >= d.as_of - 90), 0) AS raw
                         FROM event AS e WHERE e.account_id = a.account_id AND day < d.as_of) AS e
     CROSS JOIN LATERAL (SELECT count(*) FILTER (WHERE days > 0) AS active, count(*) FILTER (WHERE days >= 4) AS power,
                                count(*) FILTER (WHERE last >= d.as_of - 118 AND last < d.as_of - 28) AS quiet
                         FROM (SELECT max(day) AS last, count(DISTINCT day) FILTER (WHERE day >= d.as_of - 28) AS days
                               FROM event AS e
                               WHERE e.account_id = a.account_id AND day < d.as_of AND user_id IS NOT NULL
                               GROUP BY user_id) AS u) AS u;
DO $$ BEGIN
  ASSERT (SELECT count(*) = 37 * 4 AND bool_and(
                   abs(h.raw - e.raw) <= 1e-12 * e.raw
                   AND h.days_inactive IS NOT DISTINCT FROM e.days_inactive
                   AND (h.active, h.power, h.quiet) = (e.active, e.power, e.quiet))
          FROM health AS h JOIN expected AS e USING (account_id, as_of)), 'the health table equals plain SQL';
  -- The default curve: 100 * (1 - 0.1^min(raw / p90, 1)) / 0.9, p90 over the repositories with raw > 0.
  ASSERT (SELECT count(*) = 37 * 4 AND bool_and(
                   abs(score - 100 * (1 - power(0.1::float8, least(e.raw / p90, 1))) / 0.9) < 1e-9)
          FROM health
               JOIN expected AS e USING (account_id, as_of)
               JOIN (SELECT as_of, percentile_cont(0.9) WITHIN GROUP (ORDER BY raw) AS p90
                     FROM expected WHERE raw > 0 GROUP BY as_of) AS b USING (as_of)), 'the score equals plain SQL';
  ASSERT (SELECT count(DISTINCT band) FROM health) = 3, 'there are three bands';
END $$;

DO $$ BEGIN
  ASSERT (SELECT count(*) FROM quiet_power_user) > 0, 'some power users have gone quiet';
  ASSERT NOT EXISTS (
    (SELECT as_of, account_id, user_id, days, silent_for FROM quiet_power_user)
    EXCEPT
    SELECT as_of, account_id, user_id, count(DISTINCT day) FILTER (WHERE day >= as_of - 118), as_of - 1 - max(day)
    FROM event CROSS JOIN day AS d WHERE day < as_of GROUP BY as_of, account_id, user_id HAVING max(day) < as_of - 28),
    'users gone quiet equal plain SQL';
  ASSERT (SELECT count(*) FROM quiet_power_user) = (
    SELECT count(*)
    FROM (SELECT FROM event CROSS JOIN day AS d WHERE day >= as_of - 118 AND day < as_of AND user_id IS NOT NULL
          GROUP BY as_of, account_id, user_id HAVING max(day) < as_of - 28 AND count(DISTINCT day) >= 10) AS u),
    'no user gone quiet is missing';
  -- A repository without users in the year has no size, so no share.
  ASSERT (SELECT count(*) = 37 * 4 AND bool_and(
                   abs(adjustment - CASE WHEN year > 0 THEN 30 * (active::float8 / year - 0.25) ELSE 0 END) < 1e-12)
          FROM shared JOIN expected USING (account_id, as_of)), 'the share of active users enters the score';
  ASSERT (SELECT count(*) = 37 * 4 AND bool_and(abs((report).score - points) < 1e-9)
          FROM shared, LATERAL (SELECT sum((d ->> 'points')::float8) AS points
                                FROM jsonb_array_elements((report).drivers) AS d) AS s),
    'points add up to the score';
END $$;

-- ---------------------------------------------------------------- is a model any good

-- A member of a repository at the first day of a quarter, who had been there in the 90 days before; lost if not in the 90
-- days that followed.
CREATE TABLE member AS
SELECT account_id, user_id, health_activity(signal, occurred_at) AS activity
FROM git_event WHERE user_id IS NOT NULL GROUP BY account_id, user_id;
CREATE TABLE outcome AS
SELECT account_id, user_id, as_of, activity, health_days_inactive(activity, as_of + 90) >= 90 AS churned
FROM member CROSS JOIN LATERAL (SELECT first_day::date AS as_of
                                FROM generate_series('2019-01-01'::timestamp, '2026-04-01', '3 months') AS first_day) AS q
WHERE health_days_inactive(activity, as_of) < 90;

-- The default window of 90 days without decay, and what the earlier quarters make of it, measured on the later ones.
CREATE TABLE tuned AS
SELECT health_tune(activity, churned, '{"signals": {"commit": 1, "merge": 3}}', as_of) AS tuned FROM outcome;
CREATE TABLE known AS  -- what could be known at the date
SELECT o.account_id, o.user_id, o.as_of, o.churned, health_activity(e.signal, e.occurred_at) AS activity
FROM outcome AS o JOIN git_event AS e ON e.account_id = o.account_id AND e.user_id = o.user_id
                                     AND e.occurred_at < o.as_of::timestamp AT TIME ZONE 'UTC'
GROUP BY o.account_id, o.user_id, o.as_of, o.churned;
DO $$
DECLARE
  told jsonb := (SELECT tuned FROM tuned);
BEGIN
  ASSERT (told ->> 'observations')::int = (SELECT count(*) FROM outcome) AND (told ->> 'observations')::int > 3000, 'all cases are seen';
  ASSERT (told #>> '{forward,gain_low}')::float8 > 0, 'what the earlier quarters choose is better on the later ones, beyond chance';
  ASSERT (told #>> '{forward,auc}')::float8 > 0.74 AND (told #>> '{forward,current_auc}')::float8 < 0.73, 'by so much';
  ASSERT (told ->> 'gain_low')::float8 > 0 AND told #> '{model,half_life_days}' IS NOT NULL, 'recent days count more';
  ASSERT (SELECT auc_low > 0.5 FROM health_tune_rows(told) WHERE current), 'the default is no noise either';
  -- Nothing of later days enters, to the byte: weeks after the date are in no activity of `known`.
  ASSERT (SELECT count(*) = 0
          FROM (SELECT k.as_of, health_backtest(health_raw_score(k.activity, '{"signals": {"commit": 1, "merge": 3}}', k.as_of), k.churned,
                                                '{"signals": {"commit": 1}}') AS backtest FROM known AS k GROUP BY k.as_of
                EXCEPT
                SELECT o.as_of, health_backtest(health_raw_score(o.activity, '{"signals": {"commit": 1, "merge": 3}}', o.as_of), o.churned,
                                                '{"signals": {"commit": 1}}') FROM outcome AS o GROUP BY o.as_of) AS different),
    'later events change no backtest';
  ASSERT (SELECT (health_tune(activity, churned, '{"signals": {"commit": 1, "merge": 3}}', as_of) -> 'tried') IS NOT NULL FROM known)
     AND (SELECT bool_and(abs(k.auc - t.auc) < 1e-9)
          FROM health_tune_rows((SELECT health_tune(activity, churned, '{"signals": {"commit": 1, "merge": 3}}', as_of) FROM known)) AS k
          JOIN health_tune_rows(told) AS t ON (t.window_days, t.half_life_days) IS NOT DISTINCT FROM (k.window_days, k.half_life_days)),
    'nor the AUC of any combination';
  ASSERT (SELECT health_signal_power(activity, churned, '{"signals": {"commit": 1, "merge": 3}}', as_of) FROM known)
       = (SELECT health_signal_power(activity, churned, '{"signals": {"commit": 1, "merge": 3}}', as_of) FROM outcome),
    'nor what a signal says';
END $$;

-- Weights after the time: of more of what the history tells. Chosen and fitted on the quarters before 2024, measured on those
-- thereafter, of which nothing was known: the window and half-life gain, and the weights once more.
CREATE TABLE detail AS
SELECT account_id, user_id, health_activity(s.signal, occurred_at) AS activity
FROM git_event CROSS JOIN LATERAL (VALUES (signal), ('active'), (CASE WHEN signal = 'commit' AND value < 20 THEN 'small_change' END),
                                          (CASE WHEN signal = 'commit' AND value >= 200 THEN 'large_change' END),
                                          (CASE WHEN extract(isodow FROM occurred_at AT TIME ZONE 'UTC') > 5 THEN 'weekend' END)) AS s (signal)
WHERE user_id IS NOT NULL AND s.signal IS NOT NULL GROUP BY account_id, user_id;
CREATE TABLE detailed AS
SELECT d.activity, o.as_of, o.churned FROM outcome AS o JOIN detail AS d USING (account_id, user_id);
CREATE TABLE step AS
WITH given AS (SELECT '{"signals": {"commit": 1, "merge": 3, "active": {"weight": 1, "measure": "days"}, "small_change": 1, "large_change": 1,
                        "weekend": 1}}'::health_model AS model),
     timed AS (SELECT (health_tune(activity, churned, model, as_of) -> 'model')::health_model AS model
               FROM detailed CROSS JOIN given WHERE as_of < '2024-01-01'),
     weighed AS (SELECT (health_fit(activity, churned, model, as_of) -> 'model')::health_model AS model
                 FROM detailed CROSS JOIN timed WHERE as_of < '2024-01-01')
SELECT 1 AS step, model FROM given UNION ALL SELECT 2, model FROM timed UNION ALL SELECT 3, model FROM weighed;
CREATE TABLE step_auc AS
SELECT step, sum(auc * pairs) / sum(pairs) AS auc
FROM (SELECT step, as_of, health_auc(score, churned) AS auc, count(*) FILTER (WHERE churned) * count(*) FILTER (WHERE NOT churned) AS pairs
      FROM (SELECT step, as_of, churned, health_score(activity, model, as_of) OVER (PARTITION BY step, as_of) AS score
            FROM detailed CROSS JOIN step WHERE as_of >= '2024-01-01') AS s
      GROUP BY step, as_of) AS a GROUP BY step;
\echo AUC on later quarters: of the default, of another window and half-life, and of weights besides
SELECT step, round(auc::numeric, 3) AS auc FROM step_auc ORDER BY step;
DO $$
DECLARE
  told jsonb := (SELECT health_fit(activity, churned, model, as_of) FROM detailed CROSS JOIN step WHERE step = 2);
BEGIN
  ASSERT (SELECT max(auc) FILTER (WHERE step = 2) - max(auc) FILTER (WHERE step = 1) > 0.02 FROM step_auc), 'time gains';
  ASSERT (SELECT max(auc) FILTER (WHERE step = 3) - max(auc) FILTER (WHERE step = 2) > 0.02 FROM step_auc), 'and so do weights';
  ASSERT told #>> '{forward,since}' = '2024-01-01' AND (told #>> '{forward,gain_low}')::float8 > 0, 'beyond chance';
  ASSERT abs((told #>> '{forward,auc}')::float8 - (SELECT auc FROM step_auc WHERE step = 3)) < 0.002
     AND abs((told #>> '{forward,current_auc}')::float8 - (SELECT auc FROM step_auc WHERE step = 2)) < 1e-6,
    'forward is what it says: fitted to the earlier dates, seen on the later ones';
  ASSERT (told ->> 'gain_low')::float8 > 0 AND told -> 'model' = told -> 'candidate' AND (told ->> 'saturated')::float8 < 0.05, 'so they are proposed';
END $$;

-- How often to choose anew: the best combination of the dates that are over, as of each quarter since 2021, each January and once,
-- measured on the quarter that follows. The figures of docs/proof.md, to two places.
CREATE TABLE chosen AS
SELECT quarter, '{"signals": {"commit": 1, "merge": 3}}'::health_model
                || jsonb_build_object('window_days', window_days, 'half_life_days', half_life_days) AS model
FROM (SELECT quarter, health_tune(activity, churned, '{"signals": {"commit": 1, "merge": 3}}', as_of) AS tuned
      FROM outcome CROSS JOIN (SELECT DISTINCT as_of AS quarter FROM outcome WHERE as_of >= '2021-01-01') AS q
      WHERE as_of <= quarter - 90 GROUP BY quarter) AS t
CROSS JOIN LATERAL (SELECT * FROM health_tune_rows(tuned) LIMIT 1) AS best;
CREATE TABLE measured AS  -- weighted by pairs, as all quarters together
SELECT how, sum(auc * pairs) / sum(pairs) AS auc
FROM (SELECT as_of, how, count(*) FILTER (WHERE churned) * count(*) FILTER (WHERE NOT churned) AS pairs,
             health_auc(health_raw_score(activity, model, as_of), churned) AS auc
      FROM (SELECT as_of, activity, churned, v.*
            FROM outcome CROSS JOIN LATERAL (VALUES ('quarterly', as_of), ('yearly', date_trunc('year', as_of::timestamp)::date),
                                                    ('once', '2021-01-01')) AS v (how, quarter)
            WHERE as_of >= '2021-01-01') AS o JOIN chosen USING (quarter)
      GROUP BY as_of, how) AS a GROUP BY how;
DO $$ BEGIN
  ASSERT (SELECT count(*) = 3 AND min(auc) > 0.76 AND max(auc) < 0.77 FROM measured),
    'to choose more often gains nothing: ' || (SELECT string_agg(format('%s %s', how, auc), ', ') FROM measured);
  ASSERT (SELECT sum(auc * pairs) / sum(pairs) < 0.73
          FROM (SELECT health_auc(health_raw_score(activity, '{"signals": {"commit": 1, "merge": 3}}', as_of), churned) AS auc,
                       count(*) FILTER (WHERE churned) * count(*) FILTER (WHERE NOT churned) AS pairs
                FROM outcome WHERE as_of >= '2021-01-01' GROUP BY as_of) AS d), 'the default is behind all of them';
END $$;

\echo All facts hold.
