-- health_report: what happens in the life of an account, and what the report says about it.
SET datestyle = 'ISO, YMD';

-- Most models here are linear with a frozen baseline: points can be added by hand.
CREATE TEMPORARY TABLE account (name text, activity health_activity, size float8);
CREATE TEMPORARY TABLE setting (model health_model);
INSERT INTO setting VALUES (NULL);

CREATE FUNCTION pg_temp.daily(
  signal text, first date, last date, count int DEFAULT 1, weekdays int[] DEFAULT '{1,2,3,4,5,6,7}'
) RETURNS health_activity LANGUAGE sql AS $$
  SELECT health_daily(signal, first + n, count, NULL) FROM generate_series(0, last - first) AS n
  WHERE extract(isodow FROM first + n) = ANY (weekdays)
$$;
CREATE FUNCTION pg_temp.reports(as_of date, changes jsonb DEFAULT '{}') RETURNS TABLE (name text, r health_report_row)
LANGUAGE sql AS $$
  SELECT name, health_report(activity, (SELECT model || changes FROM setting), as_of, size) OVER ()
  FROM account ORDER BY name COLLATE "C"
$$;
-- The first driver beside the sentence.
CREATE FUNCTION pg_temp.told(as_of date, changes jsonb DEFAULT '{}')
RETURNS TABLE (name text, score numeric, change numeric, first_driver text, kind text, main_risk text, reason text)
LANGUAGE sql AS $$
  SELECT name, round((r).score::numeric, 2), round((r).score_change::numeric, 2), (r).drivers -> 0 ->> 'signal',
         (r).drivers -> 0 ->> 'kind', (r).main_risk, (r).reason
  FROM pg_temp.reports(as_of, changes)
$$;
CREATE FUNCTION pg_temp.drivers(as_of date, changes jsonb DEFAULT '{}')
RETURNS TABLE (name text, signal text, kind text, points numeric, change numeric, vs_peers numeric, text text)
LANGUAGE sql AS $$
  SELECT name, signal, kind, round(points::numeric, 2), round(change::numeric, 2), round(vs_peers::numeric, 2), text
  FROM pg_temp.reports(as_of, changes), health_driver_rows((r).drivers) ORDER BY name COLLATE "C", rank
$$;

--
-- One account
--

-- A weekday admin is silent for 14 days among steady logins: inactive, not down. Still so on day 56, not on day 180.
INSERT INTO account VALUES ('admin', pg_temp.daily('login', '2025-01-01', '2026-12-31')
  + pg_temp.daily('admin_login', '2025-01-01', '2025-12-19', 1, '{1,2,3,4,5}'));
UPDATE setting SET model = '{"curve": "linear", "baseline": 200, "signals": {
  "login": 1, "admin_login": {"weight": 1, "label": "Admin"}}}';
SELECT as_of, t.* FROM unnest(ARRAY[date '2025-12-25', '2026-01-03', '2026-02-14']) AS as_of, pg_temp.told(as_of) AS t;
SELECT * FROM pg_temp.drivers('2026-01-03');
SELECT as_of, kind FROM unnest(ARRAY[date '2026-06-17', '2026-06-18']) AS as_of, pg_temp.drivers(as_of)
WHERE signal = 'admin_login';

-- A quarterly export on day 32 is as usual.
TRUNCATE account;
INSERT INTO account VALUES ('quarterly', pg_temp.daily('login', '2025-01-01', '2026-12-31')
  + '{"export": {"2025-04-01": 1, "2025-07-01": 1, "2025-10-01": 1}}');
UPDATE setting SET model = '{"curve": "linear", "baseline": 200, "signals": {"login": 1, "export": 10}}';
SELECT * FROM pg_temp.drivers('2025-11-03');

-- A gauge is never inactive: past_due fell from 1 to 0 and has not been heard of for 40 days.
TRUNCATE account;
INSERT INTO account VALUES ('paid', pg_temp.daily('login', '2025-01-01', '2026-12-31')
  + '{"past_due": {"2025-10-01": [1, 1], "2025-11-22": [1, 0]}}');
UPDATE setting SET model = '{"curve": "linear", "baseline": 100, "signals": {
  "login": 1, "past_due": {"weight": -20, "measure": "last"}}}';
SELECT * FROM pg_temp.drivers('2025-12-01');
SELECT * FROM pg_temp.drivers('2026-01-02');

-- What measures of several days and scales say, in both languages: low where they cost, high where they help.
TRUNCATE account;
INSERT INTO account VALUES ('gauged', pg_temp.daily('login', '2025-01-01', '2025-12-21')
  + pg_temp.daily('call', '2025-01-01', '2025-12-31', 1, '{1,2,3,4,5}')
  + '{"csat": {"2025-11-02": [2, 9], "2025-12-10": [3, 6]}, "error": {"2025-12-20": 4}, "form": {"2025-10-05": 1, "2025-12-25": 3}}');
UPDATE setting SET model = '{"curve": "linear", "baseline": 1, "signals": {
  "anything": 1, "call": 0, "csat": {"weight": 9, "measure": "mean", "neutral": 3.5, "label": "CSAT"},
  "login": {"weight": 6, "measure": "recency", "window_days": 20, "scale": [[0, -1], [1, 1]], "label": {"en": "Login", "fr": "Connexion"}},
  "error": {"weight": -40, "measure": "ratio", "of": "call", "out_of": 1, "label": {"en": "Error rate", "fr": "Taux d''erreur"}},
  "form": {"weight": 8, "steps": [[0, -1], [4, 1]], "label": {"en": "Forms", "fr": "Formulaires"}}}}';
SELECT * FROM pg_temp.drivers('2026-01-01', '{"signals": {"form": {"measure": "trend", "steps": null}}}');
SELECT * FROM pg_temp.drivers('2026-01-01');
SELECT * FROM pg_temp.drivers('2026-01-01', '{"language": "fr"}');

-- The burst of onboarding leaves the window, though as much is done as before.
TRUNCATE account;
INSERT INTO account VALUES ('onboarded', pg_temp.daily('login', '2025-01-01', '2026-12-31')
  + pg_temp.daily('form_published', '2025-01-01', '2025-01-10', 4)
  + pg_temp.daily('form_published', '2025-01-11', '2025-12-31', 1, '{1}'));
UPDATE setting SET model = '{"curve": "linear", "baseline": 200, "signals": {"login": 1, "form_published": 1}}';
SELECT * FROM pg_temp.told('2025-04-11');
SELECT * FROM pg_temp.drivers('2025-04-11');
-- The same where more is done than before: what costs points is not up.
UPDATE account SET activity = activity + pg_temp.daily('form_published', '2025-02-14', '2025-04-10', 1, '{2}')
  + pg_temp.daily('form_published', '2025-03-14', '2025-04-10', 1, '{4,5}');
SELECT * FROM pg_temp.drivers('2025-04-11');

-- 3 exports, then 2: that is chance, not down. Where it costs points, the sentence says what happened.
TRUNCATE account;
INSERT INTO account VALUES ('few', pg_temp.daily('login', '2025-01-01', '2026-12-31')
  + '{"export": {"2025-11-10": 1, "2025-11-17": 1, "2025-11-24": 1, "2025-12-15": 1, "2025-12-22": 1}}');
UPDATE setting SET model = '{"curve": "linear", "baseline": 100, "window_days": 28, "signals": {
  "login": 1, "export": 0.9}}';
SELECT * FROM pg_temp.drivers('2026-01-01');
SELECT * FROM pg_temp.told('2026-01-01', '{"signals": {"export": 6}}');
SELECT * FROM pg_temp.told('2026-01-01', '{"signals": {"export": 6}, "language": "fr"}');

-- One old ticket, worth 0.04 points on a score of 86, is a risk but nothing to begin with.
TRUNCATE account;
INSERT INTO account VALUES ('ticket', pg_temp.daily('login', '2025-01-01', '2026-12-31')
  + '{"ticket": {"2025-10-20": 1}}');
UPDATE setting SET model = '{"curve": "linear", "baseline": 100, "signals": {
  "login": 0.956, "ticket": {"weight": -0.04, "unit": "raw"}}}';
SELECT * FROM pg_temp.told('2026-01-01');
SELECT * FROM pg_temp.drivers('2026-01-01');

-- Praise is capped before the penalty: NPS +6 and an escalation -5 on 100 make 95.
TRUNCATE account;
INSERT INTO account VALUES ('escalated', pg_temp.daily('login', '2025-01-01', '2026-12-31')
  + '{"nps": {"2025-12-01": [1, 10]}, "escalation": {"2025-12-29": 1}}');
UPDATE setting SET model = '{"curve": "linear", "baseline": 50, "signals": {
  "login": 1, "nps": {"weight": 2, "measure": "last", "neutral": 7, "label": "NPS"},
  "escalation": {"weight": -5, "unit": "score"}}}';
SELECT * FROM pg_temp.told('2026-01-01');
SELECT * FROM pg_temp.drivers('2026-01-01');

-- Two visits of the cancel page would cost 100 points, but max_points bounds them.
TRUNCATE account;
INSERT INTO account VALUES ('leaving', pg_temp.daily('login', '2025-01-01', '2026-12-31')
  + '{"cancel_page_visited": {"2025-12-23": 1, "2025-12-29": 1}}');
UPDATE setting SET model = '{"curve": "linear", "baseline": 90, "signals": {
  "login": 1, "cancel_page_visited": {"weight": -50, "unit": "score", "max_points": 30}}}';
SELECT * FROM pg_temp.told('2026-01-01');
SELECT * FROM pg_temp.drivers('2026-01-01');
-- Where there is next to nothing to take away, the penalty is still of kind risk.
SELECT * FROM pg_temp.drivers('2026-01-01', '{"baseline": 100000}');

-- Weights as one writes them first: what has a negative one takes points, whatever a busy account does besides.
TRUNCATE account;
INSERT INTO account SELECT 'busy ' || i, pg_temp.daily('login', '2025-10-01', '2025-12-31')
  + health_daily('form_published', '2025-12-01'::date + day, i, NULL)
FROM generate_series(1, 25) AS i, generate_series(0, 9) AS day GROUP BY i;
INSERT INTO account SELECT 'leaving', activity + '{"cancel_page_visited": {"2025-12-29": 1}, "all_data_exported": {"2025-12-30": 1}}'
FROM account WHERE name = 'busy 25';
UPDATE setting SET model = '{"signals": {
  "login": 1, "form_published": 9, "cancel_page_visited": -50, "all_data_exported": -50}}';
SELECT model FROM setting;
SELECT (r).score, (r).band, (r).main_risk FROM pg_temp.reports('2026-01-01') WHERE name = 'leaving';
SELECT * FROM pg_temp.told('2026-01-01') WHERE name = 'leaving';
-- The same in raw points.
SELECT (r).score, (r).band FROM pg_temp.reports('2026-01-01', '{"signals": {
  "cancel_page_visited": {"unit": "raw"}, "all_data_exported": {"unit": "raw"}}}') WHERE name = 'leaving';

-- Ten days old: nothing to compare with.
TRUNCATE account;
INSERT INTO account VALUES ('new', pg_temp.daily('login', '2025-12-22', '2025-12-31'));
UPDATE setting SET model = '{"curve": "linear", "baseline": 40, "min_population": 1, "signals": {"login": 1}}';
SELECT (r).score, (r).previous_score, (r).score_change, (r).trend, (r).raw_change_pct, (r).reason, (r).main_risk, (r).flags
FROM pg_temp.reports('2026-01-01');
SELECT * FROM pg_temp.drivers('2026-01-01');

-- Users are signals of the same activity; the share of the licensed ones that come has a text of its own.
TRUNCATE account;
INSERT INTO account VALUES ('team', pg_temp.daily('login', '2025-01-01', '2026-12-31')
  + '{"user:ann": {"2025-12-01": 2, "2025-12-30": 3}, "user:bob": {"2025-11-30": 1, "2025-12-18": 1},
      "user:cid": {"2025-12-01": 1, "2025-12-17": 5}}', 5);
UPDATE setting SET model = '{"curve": "linear", "baseline": 18, "signals": {
  "login": 1,
  "user:*": {"weight": 30, "measure": "distinct", "days": 14, "of": "size", "neutral": 0.5,
             "next_step": "Offer a training", "dimension": "adoption",
             "text": {"en": "{missing} of {size} licensed users have not logged in for {days} days",
                      "fr": "{missing} utilisateurs sur {size} sans connexion depuis {days} jours"}}}}';
SELECT * FROM pg_temp.told('2026-01-01');
SELECT * FROM pg_temp.told('2026-01-01', '{"language": "fr"}');
SELECT (r).main_risk_signal, (r).next_step, (r).main_risk_dimension, (r).dimensions FROM pg_temp.reports('2026-01-01');

-- Three stories in one sentence, in both languages. Points before: 28 + 20 + 12 + 7.3, now: 28 + 10 + 4.8 + 7.3 - 5.
TRUNCATE account;
INSERT INTO account VALUES ('all', pg_temp.daily('login', '2025-01-01', '2026-12-31')
  + pg_temp.daily('admin_login', '2025-01-01', '2025-12-19', 1, '{1,2,3,4,5}')
  + pg_temp.daily('export', '2025-11-10', '2025-11-29')
  + pg_temp.daily('export', '2025-12-06', '2026-01-02', 1, '{1,5}')
  + pg_temp.daily('report_viewed', '2025-01-01', '2026-12-31', 1, '{3}')
  + '{"cancel_page_visited": {"2025-12-28": 1, "2025-12-31": 1}}');
UPDATE setting SET model = '{"curve": "linear", "baseline": 100, "window_days": 28, "signals": {
  "login": 1, "report_viewed": 1.825, "admin_login": {"weight": 1, "label": "Admin"}, "export": 0.6,
  "cancel_page_visited": {"weight": -2.5, "unit": "score",
                          "label": {"en": "Cancel page visited", "fr": "Page de résiliation visitée"}}}}';
SELECT * FROM pg_temp.told('2026-01-03');
SELECT * FROM pg_temp.told('2026-01-03', '{"language": "fr"}');
SELECT * FROM pg_temp.drivers('2026-01-03');
-- The sentence counts with the scores it prints.
SELECT round((r).previous_score::numeric, 2) AS previous_score, round((r).score::numeric, 2) AS score,
       round((r).score_change::numeric, 2) AS score_change FROM pg_temp.reports('2026-01-03');

-- At most three risks are read out, at most max_drivers are listed; the rest is added up.
SELECT * FROM pg_temp.drivers('2026-01-03', '{"max_drivers": 2}');
SELECT * FROM pg_temp.drivers('2026-01-03', '{"max_drivers": 2, "language": "fr"}') OFFSET 2;

--
-- An account among others
--

-- A giant at three times the baseline loses 60 % of its logins: it keeps its score, but not its peace.
TRUNCATE account;
INSERT INTO account
SELECT 'peer ' || n, pg_temp.daily('login', '2025-01-01', '2026-12-31', 10) FROM generate_series(10, 38) AS n;
INSERT INTO account VALUES ('giant', pg_temp.daily('login', '2025-01-01', '2025-12-03', 30)
  + pg_temp.daily('login', '2025-12-04', '2026-12-31', 12));
UPDATE setting SET model = '{"curve": "linear", "window_days": 28, "signals": {"login": 1}}';
SELECT * FROM pg_temp.told('2026-01-01') LIMIT 2;
SELECT (r).score, (r).previous_score, (r).raw_score, (r).baseline, (r).raw_change_pct, (r).trend, (r).main_risk_signal,
       (r).flags FROM pg_temp.reports('2026-01-01') LIMIT 2;

-- An account that always was low: not a fall, but its peers tell what is missing.
TRUNCATE account;
INSERT INTO account
SELECT 'peer ' || n, pg_temp.daily('login', '2025-01-01', '2026-12-31', 2)
                     + pg_temp.daily('form_published', '2025-01-02', '2026-12-31', 15, '{4}')
FROM generate_series(10, 38) AS n;
INSERT INTO account VALUES ('low', pg_temp.daily('login', '2025-01-01', '2026-12-31', 2));
UPDATE setting SET model = '{"curve": "linear", "window_days": 28, "signals": {
  "login": 1, "form_published": {"weight": 1, "next_step": {"en": "Show the form editor"}}}}';
SELECT * FROM pg_temp.told('2026-01-01') LIMIT 2;
SELECT * FROM pg_temp.drivers('2026-01-01') LIMIT 4;
SELECT (r).next_step, (r).band FROM pg_temp.reports('2026-01-01') LIMIT 1;
-- The same on the rise: that is not what is wrong with a low score.
UPDATE account SET activity = activity + '{"form_published": {"2025-11-10": 6, "2025-12-10": 13}}' WHERE name = 'low';
SELECT * FROM pg_temp.told('2026-01-01') LIMIT 1;

-- August: everybody logs in 40 % less. Nobody is down, except who lost much more than the others.
TRUNCATE account;
INSERT INTO account
SELECT 'peer ' || n, pg_temp.daily('login', '2025-01-01', '2025-07-31', 5 * n)
                     + pg_temp.daily('login', '2025-08-01', '2025-08-31', 3 * n)
FROM generate_series(10, 38) AS n;
INSERT INTO account VALUES ('worse', pg_temp.daily('login', '2025-01-01', '2025-07-31', 50)
  + pg_temp.daily('login', '2025-08-01', '2025-08-31', 5));
UPDATE setting SET model = '{"curve": "linear", "window_days": 28, "signals": {"login": 1}}';
SELECT kind, count(*) FROM pg_temp.drivers('2025-08-29') GROUP BY kind ORDER BY kind;
SELECT * FROM pg_temp.drivers('2025-08-29') WHERE name IN ('peer 20', 'peer 33', 'worse');
-- With a frozen baseline nothing but behaviour moves a score.
SELECT * FROM pg_temp.drivers('2025-08-29', '{"baseline": 6000}') WHERE name IN ('peer 20', 'peer 33', 'worse');
SELECT * FROM pg_temp.told('2025-08-29', '{"baseline": 6000}') WHERE name IN ('peer 20', 'peer 33', 'worse');

-- The same silence of everybody: not inactive, unless too few ever had the signal to ask.
TRUNCATE account;
INSERT INTO account
SELECT 'peer ' || n, pg_temp.daily('login', '2025-01-01', '2025-12-31')
                     + pg_temp.daily('export', '2025-01-01', '2025-12-10')
FROM generate_series(10, 38) AS n;
UPDATE setting SET model = '{"curve": "linear", "window_days": 28, "signals": {"export": 1}}';
SELECT kind, count(*) FROM pg_temp.drivers('2026-01-01') GROUP BY kind;
SELECT kind, count(*) FROM pg_temp.drivers('2026-01-01', '{"min_population": 30}') GROUP BY kind;

--
-- Flags, NULLs, sizes
--

-- Accounts for most of the flags; those that concern the whole population come below.
TRUNCATE account;
UPDATE setting SET model = '{"signals": {"login": 1}}';
INSERT INTO account
SELECT 'peer ' || n, pg_temp.daily('login', '2025-10-01', '2025-12-29', n), 10 FROM generate_series(10, 20) AS n;
INSERT INTO account VALUES
  ('a never came', '{}', 10),
  ('b not loaded', NULL, 10),
  ('c without size', pg_temp.daily('login', '2025-10-01', '2025-12-29', 12), NULL),
  ('d size 0', pg_temp.daily('login', '2025-10-01', '2025-12-29', 12), 0),
  ('e new', pg_temp.daily('login', '2025-12-04', '2025-12-29', 12), 10),
  ('f not so new', pg_temp.daily('login', '2025-12-03', '2025-12-29', 12), 10),
  ('g renamed', pg_temp.daily('login', '2025-10-01', '2025-12-29', 12) + '{"logon": {"2025-12-31": 1}}', 10),
  ('h renamed back then', pg_temp.daily('login', '2025-10-01', '2025-12-29', 12) + '{"login": {"2025-12-31": 1}, "logon": {"2025-10-02": 1}}', 10),
  ('i fell', pg_temp.daily('login', '2025-09-10', '2025-10-10', 12), 10),
  ('j comes tomorrow', '{"login": {"2026-01-01": 1}}', 10);
SELECT name, round((r).score::numeric, 2) AS score, (r).band, round((r).raw_score::numeric, 2) AS raw_score,
       round((r).raw_change_pct) AS raw_change_pct, (r).days_inactive, (r).accounts_compared, (r).flags
FROM pg_temp.reports('2026-01-01') LIMIT 11;
-- Points alone need no population.
SELECT name, (r).score, (r).flags
FROM pg_temp.reports('2026-01-01', '{"signals": {"login": {"unit": "score", "max_points": 60}}}') LIMIT 3;
-- Fifteen accounts are enough where the model says so.
SELECT name, (r).flags FROM pg_temp.reports('2026-01-02', '{"min_population": 15}') LIMIT 6;
-- Days later the data is stale. A name of weight 0 is known, but not scored.
SELECT name, (r).flags FROM pg_temp.reports('2026-01-04', '{"min_population": 15, "signals": {"logon": 0}}') LIMIT 8;
-- Nobody is eligible, or the baseline is not positive.
SELECT name, (r).score, (r).baseline, (r).accounts_compared, (r).flags
FROM pg_temp.reports('2026-01-01', '{"signals": {"login": -1}}') LIMIT 4;
SELECT name, (r).score, round((r).baseline::numeric, 2) AS baseline, (r).accounts_compared, (r).flags
FROM pg_temp.reports('2026-01-01', '{"signals": {"login": -1}, "population": "all"}') LIMIT 4;

-- A reading of every night is no visit. The product's feed was cut five days ago, and one account was silent before.
CREATE TEMPORARY TABLE nightly AS
SELECT 'account ' || n AS name, health_daily('login', day, 3, NULL) 
         FILTER (WHERE day < CASE n WHEN 3 THEN '2025-12-20' ELSE '2025-12-27' END::date)
       + health_rollup(health_observation('seat_use', day, 0.5)) 
       + health_daily('ticket', day, 1, NULL) AS activity
FROM generate_series(1, 3) AS n, generate_series(timestamp '2025-10-01', '2025-12-31', '1 day') AS t,
     health_day(t) AS day
GROUP BY n;
CREATE FUNCTION pg_temp.visits(changes jsonb DEFAULT '{}') RETURNS TABLE (name text, days_inactive int, flags text)
  LANGUAGE sql AS $$
  SELECT name, (r).days_inactive, (r).flags
  FROM (SELECT name, health_report(activity, '{"min_population": 1, "signals": {
                       "login": 1, "ticket": {"weight": -1, "unit": "raw"},
                       "seat_use": {"weight": 20, "measure": "last", "neutral": 0.6}}}'::health_model || changes,
                     '2026-01-01') OVER () AS r
        FROM nightly) AS s ORDER BY name
$$;
SELECT * FROM pg_temp.visits();
-- Unless the model says that they are visits, or that nothing is.
SELECT * FROM pg_temp.visits('{"signals": {"ticket": {"usage": true}}}');
SELECT * FROM pg_temp.visits('{"signals": {"login": {"usage": false}}}');
-- A name that the model does not know is no visit, though the account is not new.
SELECT * FROM pg_temp.visits('{"signals": {"login": null, "signin": 1}}');
SELECT * FROM pg_temp.visits('{"signals": {"login": null, "signin": {"weight": 1, "aliases": ["login"]}}}');

-- An account without any activity is compared with its peers too. The score of no activity known is not known.
SELECT * FROM pg_temp.drivers('2026-01-01') WHERE name < 'c';
SELECT (r).reason, (r).drivers, (r).dimensions, (r).main_risk, (r).as_of, (r).baseline
FROM pg_temp.reports('2026-01-01') OFFSET 1 LIMIT 1;

-- A NULL model gives a NULL row and takes no part.
SELECT name, r IS NULL AS no_report, round(score::numeric, 2) AS score, (r).accounts_compared
FROM (SELECT name, health_report(activity, model, '2026-01-01', size) OVER () AS r,
             health_score(activity, model, '2026-01-01', size) OVER () AS score
      FROM (SELECT *, CASE WHEN name > 'peer 18' THEN '{"signals": {"login": 1}}'::health_model END AS model
            FROM account WHERE name >= 'peer 17') AS a) AS r ORDER BY name;
SELECT health_report('{}'::health_activity, '{"signals": {"login": 1}}', NULL) OVER () IS NULL AS no_date;

-- Partitions are populations of their own. One model and one date in each.
SELECT DISTINCT name < 'peer' AS special, (r).accounts_compared
FROM (SELECT name, health_report(activity, '{"signals": {"login": 1}}', '2026-01-01', size)
                     OVER (PARTITION BY name < 'peer') AS r FROM account) AS r ORDER BY special;
CREATE TEMPORARY TABLE question (day date, model health_model);
INSERT INTO question VALUES ('2026-01-01', '{"signals": {"login": 1}}'), ('2026-01-02', '{"signals": {"login": 2}}');
SELECT health_report('{}', '{"signals": {"login": 1}}', day) OVER () FROM question;
SELECT health_report('{}', model, '2026-01-01') OVER () FROM question;
SELECT day, (health_report('{}', model, day) OVER (PARTITION BY day, model)).score FROM question;
SELECT health_report('{}'::health_activity, '{}', '2026-01-01') OVER ();
SELECT health_report('{}'::health_activity, '{"signals": {"login": 1}}', '2026-01-01', 'NaN') OVER ();
SELECT health_report('{}'::health_activity, '{"signals": {"login": 1}}', 'infinity') OVER ();
SELECT health_report('{}'::health_activity, '{"signals": {"login": 1}}', '2026-01-01');

-- The row type: what (r).* gives a view.
CREATE TEMPORARY VIEW report AS
SELECT name, (r).* FROM (SELECT name, health_report(activity, '{"signals": {"login": 1}}', '2026-01-10') OVER () AS r
         FROM account) AS s;
SELECT attname, format_type(atttypid, atttypmod) FROM pg_attribute WHERE attrelid = 'report'::regclass AND attnum > 0
ORDER BY attnum;
-- The row expands into plain columns, in this order. What a row says is made by the model that it names.
SELECT (r).* FROM pg_temp.reports('2026-01-01') \gdesc
\x
SELECT (r).* FROM pg_temp.reports('2026-01-01', '{"curve": "linear", "baseline": 48, "name": "standard", "version": "2026-01", "signals": {
  "login": {"weight": 1, "next_step": "Call", "dimension": "use"}}}') OFFSET 8 LIMIT 1;
\x
SELECT named, (health_report('{}', health_model(named || '{"signals": {"login": 1}}'), '2026-01-01')
                 OVER (PARTITION BY named)).model
FROM unnest(ARRAY['{}', '{"name": "standard"}', '{"version": "2026-01"}']::jsonb[]) AS named ORDER BY named;
-- Shown is what the sentence says: rounded down, so that it stands in the band beside it.
SELECT (r).score, (r).score_shown, (r).band, (r).reason
FROM (SELECT health_report('{"nps": {"2025-12-31": [1, 79.99]}}', health_model '{"signals": {"nps": {"weight": 1, "measure": "last"}}}', '2026-01-01')
               OVER () AS r) AS reported;

-- The jsonb is to the byte what PostgreSQL makes of its text: the rows other and baseline, forty dimensions, amounts of
-- seventeen digits; and documents that contain objects like the one before, and unlike.
CREATE TEMPORARY TABLE wide AS
SELECT n, health_activity('s' || i, timestamp '2025-12-31' - (n + i) % 80 * interval '1 day', n * i) AS activity
FROM generate_series(1, 12) AS n, generate_series(1, 40) AS i WHERE n % 5 > 0 OR i < 20 GROUP BY n;
INSERT INTO wide SELECT 13, health_daily('s1', date '2025-12-31' - n, 1, 9e12) FROM generate_series(0, 1199) AS n;
SELECT count(*), bool_and(ours *= theirs) AS same, min(jsonb_array_length(ours.drivers)) AS fewest,
       max(jsonb_array_length(ours.drivers)) AS most, max(length(ours.drivers #>> '{0,recent}')) AS digits,
       count(*) FILTER (WHERE (SELECT count(*) FROM jsonb_object_keys(ours.dimensions)) = 40) AS dimensions
FROM (SELECT (r).drivers, (r).dimensions
      FROM (SELECT health_report(activity, model, '2026-01-01') OVER (PARTITION BY model) AS r
            FROM wide, (SELECT jsonb_build_object('trend_days', 1500, 'window_days', 2000, 'max_drivers', most, 'signals',
                                 jsonb_object_agg('s' || i, jsonb_build_object('weight', 1e-6 * i, 'measure', 'sum',
                                                                               'dimension', 'd' || i)))::health_model
                        FROM generate_series(1, 40) AS i, unnest('{1,3,100}'::int[]) AS most GROUP BY most
                       ) AS models (model)) AS q
     ) AS ours, LATERAL (SELECT ours.drivers::text::jsonb, ours.dimensions::text::jsonb) AS theirs;
SELECT ours *= theirs AS same
FROM (SELECT ('{"signals": {"a": {"label": {"en": "A", "fr": "B"}, "next_step": {"fr": "C", "en": "D"}, "weight": 1},
                            "b": {"weight": 2, "label": {"en": "A", "fr": "B"}}, "c": {"weight": 2, "label": "E"}}}'::health_model
              || '{"signals": {"b": {"next_step": {"en": "F"}}, "d": {"label": {"fr": "G", "en": "H"}, "weight": 3}}}')::jsonb
     ) AS ours (model), LATERAL (SELECT ours.model::text::jsonb) AS theirs;

-- Young accounts: since when they are there decides what is compared, what is told of them, and what is scaled.
SELECT name, round((r).score::numeric, 2) AS score, round((r).previous_score::numeric, 2) AS previous, round((r).raw_score::numeric, 2) AS raw,
       (r).baseline, (r).accounts_compared, (r).flags
FROM (SELECT name, health_report(activity, '{"curve": "linear", "min_population": 0, "signals": {"login": 1}}',
                                 '2026-01-01', NULL, since) OVER () AS r
      FROM (VALUES ('a never said', pg_temp.daily('login', '2025-10-03', '2025-12-31'), NULL),
                   ('b old', pg_temp.daily('login', '2025-10-03', '2025-12-31'), date '-infinity'),
                   ('c 42 days: 28 days ago 14', pg_temp.daily('login', '2025-11-20', '2025-12-31'), '2025-11-20'),
                   ('d 41 days', pg_temp.daily('login', '2025-11-21', '2025-12-31'), '2025-11-21'),
                   ('e 14 days', pg_temp.daily('login', '2025-12-18', '2025-12-31'), '2025-12-18'),
                   ('f 13 days', pg_temp.daily('login', '2025-12-19', '2025-12-31', 9), '2025-12-19'),
                   ('g a day', '{"login": {"2025-12-31": 1}}', '2025-12-31'), ('h silent for 14 days', '{}', '2025-12-18'),
                   ('i silent for a year', '{}', '2025-01-01'), ('j today', '{"login": {"2025-12-31": 1}}', '2026-01-01'),
                   ('k next year', '{}', 'infinity'), ('l not loaded', NULL, '2025-12-30'), ('m nor begun', NULL, '2026-02-01'))
        AS v (name, activity, since)) AS s ORDER BY name;

-- Of an account without a size an activity is asked for twice; with one, a volatile one does no harm.
CREATE TEMPORARY SEQUENCE asked;
CREATE FUNCTION pg_temp.fickle() RETURNS health_activity LANGUAGE sql VOLATILE AS $$
  SELECT CASE WHEN nextval('asked') % 2 = 1 THEN '{"login": {"2025-12-31": 1}}'::health_activity END
$$;
SELECT (health_report(pg_temp.fickle(), '{"signals": {"login": 1}}', '2026-01-01') OVER ()).score;
SELECT setval('asked', 2);
SELECT (health_report(pg_temp.fickle(), '{"signals": {"login": 1}}', '2026-01-01', 1) OVER ()).score;
SELECT setval('asked', 2);
SELECT (health_report(pg_temp.fickle(), '{"signals": {"login": 1}}', '2026-01-01', NULL) OVER ()).score;

-- Alone in its partition an account has the maximum, for it is compared with itself: a flag says so unless the model
-- wants no more than one.
SELECT n, min_population, (r).score, (r).flags
FROM (SELECT n, min_population,
             health_report(health_daily('login', '2025-12-31', n, NULL),
                           health_make_model(signals => '{"login": 1}', min_population => min_population), '2026-01-01')
               OVER (PARTITION BY n, min_population) AS r
      FROM unnest(ARRAY[1, 9]) AS n, unnest(ARRAY[1, NULL]) AS min_population GROUP BY n, min_population) AS alone
ORDER BY min_population, n;

--
-- Far out
--

CREATE FUNCTION pg_temp.told_of(activity health_activity, model jsonb, size float8 DEFAULT NULL)
RETURNS TABLE (first_driver text, reason text, main_risk text) LANGUAGE sql AS $$
  SELECT (r).drivers #>> '{0,text}', (r).reason, (r).main_risk
  FROM (SELECT health_report(activity, model::health_model, '2026-01-01', size) OVER () AS r) AS s
$$;

-- Where a size to its exponent is beyond all numbers, sentences still print some.
SELECT size, first_driver FROM unnest('{1e300,1,1e-30}'::float8[]) AS size, pg_temp.told_of('{"login": {"2025-12-31": 5}}',
  '{"size_exponent": 10, "curve": "linear", "baseline": 4, "signals": {
     "login": {"weight": 1, "text": {"new": "{recent}, {peers} of peers"}}}}', size);

-- Nobody's name is no member's.
SELECT reason FROM pg_temp.told_of(pg_temp.daily('user:', '2025-10-01', '2025-12-20') + pg_temp.daily('user:ada', '2025-12-01', '2025-12-18'),
  '{"curve": "linear", "baseline": 20, "signals": {"user:*": {"weight": 10, "measure": "distinct", "label": "User"}}}');

-- What never was is not so many days ago: it has been none since the account began, or says so itself.
SELECT text, (r).main_risk
FROM (SELECT text, export, health_report(pg_temp.daily('login', '2025-10-01', '2025-12-31')
                 + CASE WHEN export THEN pg_temp.daily('export', '2025-10-01', '2025-12-31') ELSE '{}' END,
               jsonb_build_object('curve', 'linear', 'baseline', 1000, 'signals', jsonb_build_object(
                 'login', 1, 'export', jsonb_build_object('weight', 5, 'text', text)))::health_model, '2026-01-01') OVER (PARTITION BY text) AS r
      FROM unnest(ARRAY['No export for {days} {days|day|days}', 'Last export {ago} days ago']) AS text, unnest('{f,t,t,t}'::bool[]) AS export) AS s
WHERE NOT export ORDER BY text;

-- Sums that fall below 0 fall by more than they were: no percentage, and nothing tripled.
SELECT language, t.reason FROM unnest('{en,fr}'::text[]) AS language, pg_temp.told_of(
  (SELECT health_daily(signal, day, 1, amount) FROM unnest('{a,b,c}'::text[]) AS signal,
     (VALUES (date '2025-11-01', 3000), ('2025-12-01', 300), ('2025-12-20', -900)) AS v (day, amount)),
  jsonb_build_object('language', language, 'curve', 'linear', 'baseline', 10000, 'signals',
    '{"a": {"weight": 1, "measure": "sum"}, "b": {"weight": 1, "measure": "sum"}, "c": {"weight": 1, "measure": "sum"}}'::jsonb)) AS t;

-- On an open curve the baseline scores 100 times the percentile.
SELECT percentile, main_risk FROM unnest(ARRAY[0.9, 0.995]) AS percentile, pg_temp.told_of('{"login": {"2025-12-01": 5}}',
  jsonb_build_object('curve', 'open', 'baseline', 100, 'percentile', percentile, 'signals', '{"login": 1}'::jsonb));

-- Where nothing is usage, none is low.
SELECT reason, main_risk FROM pg_temp.told_of('{"invoice": {"2025-12-01": 5}}',
  '{"curve": "linear", "baseline": 100, "signals": {"invoice": {"weight": 1, "usage": false}}}');

-- A feed of users that stops, or all feeds, is no member's silence.
SELECT usage, stopped, (r).flags, (r).main_risk, count(*)
FROM (SELECT usage, stopped, health_report(
               pg_temp.daily('user:ada', '2025-10-01', '2025-12-26') + pg_temp.daily('login', '2025-10-01', CASE stopped WHEN 'all' THEN date '2025-12-26' ELSE '2025-12-31' END),
               jsonb_build_object('min_population', 3, 'signals', jsonb_build_object('login', 1, 'user:*',
                 jsonb_build_object('weight', 5, 'measure', 'distinct', 'usage', usage)))::health_model, '2026-01-01') OVER (PARTITION BY usage, stopped) AS r
      FROM unnest('{f,t}'::bool[]) AS usage, unnest('{all,users}'::text[]) AS stopped, generate_series(1, 4)) AS s
GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4;

-- Who tried it and became a customer yesterday is not silent for longer than that, which is no silence yet.
SELECT since, (r).reason, (r).main_risk
FROM (SELECT since, health_report(pg_temp.daily('login', '2025-09-01', coalesce(since - 20, '2025-12-31')), '{"min_population": 3, "signals": {"login": 1}}',
                                  '2026-01-01', NULL, since) OVER () AS r
      FROM unnest('{2025-12-31,2025-12-22,NULL,NULL,NULL}'::date[]) AS since) AS s WHERE since IS NOT NULL ORDER BY since DESC;
SELECT since, (r).main_risk
FROM (SELECT since, health_report(pg_temp.daily('login', '2025-09-01', '2025-12-31') + pg_temp.daily('user:ada', '2025-09-01', coalesce(since - 2, '2025-12-31')),
               '{"min_population": 3, "min_tenure_days": 1, "signals": {"login": 1, "user:*": {"weight": 1, "measure": "distinct"}}}',
               '2026-01-01', NULL, since) OVER () AS r
      FROM unnest('{2025-12-30,2025-12-29,NULL,NULL,NULL}'::date[]) AS since) AS s WHERE since IS NOT NULL ORDER BY since DESC;

--
-- Scorecards
--

-- Visits weigh 40 and 50 are the best, an NPS of 10 weighs 30, twelve exports weigh 20, users per seat 10. Who was not asked for an
-- NPS is not punished for it.
CREATE TEMPORARY TABLE card AS SELECT '{"combine": "mean", "usage_weight": 40, "baseline": 50, "curve": "linear",
  "window_days": 28, "min_population": 1, "dimension_caps": {"mail": 3, "support": 15}, "signals": {
    "login": 1,
    "nps": {"weight": 30, "measure": "last", "out_of": 10, "label": "NPS", "dimension": "outcomes"},
    "export": {"weight": 20, "scale": [[0, 0], [12, 1]], "dimension": "adoption"},
    "user:*": {"weight": 10, "measure": "distinct", "of": "size"},
    "mail": {"weight": 1, "unit": "score", "dimension": "mail"},
    "click": {"weight": 2, "unit": "score", "dimension": "mail"},
    "ticket": {"weight": -5, "dimension": "support"},
    "csm": {"measure": "last", "set_score": true, "window_days": 14, "label": "CSM"}}}'::health_model AS model;
CREATE TEMPORARY TABLE customer (name text, activity health_activity, size float8);
CREATE FUNCTION pg_temp.cards(as_of date, changes jsonb DEFAULT '{}') RETURNS TABLE (name text, r health_report_row)
LANGUAGE sql AS $$
  SELECT name, health_report(activity, model || changes, as_of, size) OVER () FROM customer, card ORDER BY name
$$;
CREATE FUNCTION pg_temp.card_drivers(as_of date, who text)
RETURNS TABLE (signal text, kind text, points numeric, change numeric, vs_peers numeric, text text) LANGUAGE sql AS $$
  SELECT signal, kind, round(points::numeric, 3), round(change::numeric, 3), round(vs_peers::numeric, 3), text
  FROM pg_temp.cards(as_of), health_driver_rows((r).drivers) WHERE name = who ORDER BY rank
$$;
INSERT INTO customer VALUES
  -- 40 logins of 2 users are 20, and that is 40 of 100: (40 * 40 + 30 * 90 + 20 * 50 + 10 * 50) / 100.
  ('a all', '{"login": {"2025-12-30": 40}, "nps": {"2025-12-20": [1, 9]}, "export": {"2025-12-20": 6}, "user:1": {"2025-12-20": 1}}', 2),
  -- (40 * 40 + 20 * 50 + 10 * 50) / 70
  ('b not asked', '{"login": {"2025-12-30": 40}, "export": {"2025-12-20": 6}, "user:1": {"2025-12-20": 1}}', 2),
  -- Neither logins nor exports are 0, not missing: (30 * 90) / 100.
  ('c asked only', '{"nps": {"2025-12-20": [1, 9]}}', 2),
  -- (30 * 100 + 20 * 100) / 100: an NPS of 12 counts as 10, and 40 exports as 12.
  ('d above the best', '{"nps": {"2025-12-20": [1, 12]}, "export": {"2025-12-20": 40}}', 2),
  ('e empty', '{}', 2),
  ('f not loaded', NULL, 2);
SELECT name, (r).score, (r).coverage, (r).raw_score, (r).accounts_compared, (r).dimensions, (r).flags FROM pg_temp.cards('2026-01-01');
-- Nobody has a size, so nobody has a share of it.
UPDATE customer SET size = NULL;
SELECT name, round((r).score::numeric, 3) AS score, (r).coverage, (r).dimensions FROM pg_temp.cards('2026-01-01') LIMIT 3;
-- health_score gives the same.
SELECT bool_and(score IS NOT DISTINCT FROM (r).score) AS same
FROM (SELECT health_score(activity, model, '2026-01-01', size) OVER () AS score,
             health_report(activity, model, '2026-01-01', size) OVER () AS r FROM customer, card) AS s;

-- Readings alone: without one there is no score, and without one at the earlier date no change. Only who has a score is compared.
CREATE TEMPORARY TABLE surveyed AS SELECT * FROM (VALUES
  ('a now and then', '{"nps": {"2025-11-25": [1, 6], "2025-12-20": [1, 9]}}'::health_activity), ('b now', '{"nps": {"2025-12-20": [1, 9]}}'),
  ('c long ago', '{"nps": {"2024-12-20": [1, 9]}}'), ('d never', '{"login": {"2025-12-20": 9}}'), ('e nothing', '{}'),
  ('f now, again', '{"nps": {"2024-12-20": [1, 9], "2025-12-20": [1, 9]}}')) AS v (name, activity);
SELECT name, (r).score, (r).previous_score, (r).score_change, (r).band, (r).coverage, (r).accounts_compared, (r).flags
FROM (SELECT name, health_report(activity, '{"combine": "mean", "signals": {
        "nps": {"weight": 1, "measure": "last", "out_of": 10, "window_days": 60}}}', '2026-01-01') OVER () AS r FROM surveyed) AS s ORDER BY name;

-- A measure that came: its points are there, its change is not its own. The others are asked for less of the mean.
TRUNCATE customer;
INSERT INTO customer VALUES
  ('came', '{"login": {"2025-11-30": 20, "2025-12-30": 40}, "nps": {"2025-12-20": [1, 9]}, "export": {"2025-11-20": 6, "2025-12-20": 6}}', 2),
  ('expired', '{"login": {"2025-11-30": 20, "2025-12-30": 20}, "nps": {"2025-11-20": [1, 9]}}', 2),
  ('stayed', '{"login": {"2025-11-30": 20, "2025-12-30": 40}, "nps": {"2025-11-20": [1, 9], "2025-12-20": [1, 7]}, "export": {"2025-11-20": 6, "2025-12-20": 6}}', 2);
SELECT name, round((r).score::numeric, 3) AS score, round((r).score_change::numeric, 3) AS change, round((r).coverage::numeric, 3) AS coverage
FROM pg_temp.cards('2026-01-01');
SELECT * FROM pg_temp.card_drivers('2026-01-01', 'came');
SELECT * FROM pg_temp.card_drivers('2026-01-01', 'expired');
SELECT * FROM pg_temp.card_drivers('2026-01-01', 'stayed');

-- Bounds of dimensions: nine mails and three clicks are 15 points and give 3, 9/15 and 6/15 of them; five tickets take 15, not 25.
TRUNCATE customer;
INSERT INTO customer VALUES
  ('a', '{"login": {"2025-11-30": 25, "2025-12-30": 25}, "mail": {"2025-12-20": 9}, "click": {"2025-12-20": 3}}', NULL),
  ('b', '{"login": {"2025-11-30": 25, "2025-12-30": 25}, "mail": {"2025-12-20": 1}, "click": {"2025-12-20": 1}}', NULL),
  ('c', '{"login": {"2025-11-30": 25, "2025-12-30": 25}, "mail": {"2025-12-20": 9}, "ticket": {"2025-12-20": 5}}', NULL);
SELECT name, round((r).score::numeric, 3) AS score, (r).dimensions FROM pg_temp.cards('2026-01-01');
SELECT name, health_adjustment(activity, model, '2026-01-01') FROM customer, card ORDER BY name;
SELECT * FROM pg_temp.card_drivers('2026-01-01', 'a');

-- A value that sets the score, until it expires after 14 days; it is no more than 100. Whoever says 33 today has the difference.
TRUNCATE customer;
INSERT INTO customer VALUES ('a', '{"login": {"2025-11-01": 25, "2025-11-30": 25, "2025-12-20": 25}, "csm": {"2026-01-02": [1, 33]}}', NULL),
  ('b', '{"login": {"2025-11-01": 25, "2025-11-30": 25, "2025-12-20": 25}, "csm": {"2026-01-02": [1, 140]}}', NULL);
SELECT as_of, name, round((r).score::numeric, 3) AS score, round((r).previous_score::numeric, 3) AS previous, (r).band, (r).main_risk
FROM unnest(ARRAY[date '2026-01-02', '2026-01-03', '2026-01-16', '2026-01-17', '2026-01-31']) AS as_of, pg_temp.cards(as_of, '{"trend_days": 28}')
ORDER BY name, as_of;
SELECT * FROM pg_temp.card_drivers('2026-01-03', 'a');
SELECT * FROM pg_temp.card_drivers('2026-01-31', 'a');
-- Of weight 0 it sets nothing.
SELECT name, (r).main_risk, (r).score < 34 AS set FROM pg_temp.cards('2026-01-03', '{"signals": {"csm": {"weight": 0}}}');

-- A raw score is no score of a scorecard. health_raw_score is one of its measures, and health_adjustment its points.
SELECT health_raw_score(activity, model, '2026-01-03') AS raw FROM customer, card ORDER BY name;
SELECT health_normalize(25, 50, model) FROM card;
SELECT health_normalize(25, model) OVER () FROM card;
SELECT health_baseline(25, model) FROM card;
SELECT * FROM health_history('{}', (SELECT model FROM card), '2026-01-01', '2026-01-03');
