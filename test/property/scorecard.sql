-- health_score and health_report of random scorecards (combine mean), against health_measure and plain SQL arithmetic.
-- Runs in a fresh database. A failure names its seed: repeat it with psql -v seed=0.123456 -f ...
\ir common/start.sql
\ir common/trial.sql

-- ---------------------------------------------------------------- random fleets

CREATE TABLE fleet AS
SELECT fleet, date '2026-01-01' + floor(random() * 100)::int AS as_of, 10 + floor(random() * 50)::int AS trend_days,
       20 + floor(random() * 60)::int AS window_days, CASE WHEN fleet % 3 > 0 THEN ceil(random() * 60) END AS usage_weight,
       CASE WHEN fleet % 2 = 0 THEN 5 + floor(random() * 40)::int END AS frozen, floor(random() * 12)::int AS cap,
       fleet % 4 = 1 AS overridable
FROM generate_series(1, 30) AS fleet;

-- Measures; some fleets have readings only. The part of the best is low where the value is `least`, high where it is `most`, and in proportion between.
CREATE TABLE measure AS
SELECT fleet, signal, measure, round((1 + 39 * random())::numeric, 2) AS weight, 10 + floor(random() * 50)::int AS days,
       least, most, low, high
FROM fleet CROSS JOIN (VALUES ('nps', 'last', 0, 10, 0, 1), ('csat', 'mean', 1, 5, 0, 1), ('export', 'count', 0, 8, 0, 1),
                              ('visit', 'days', 2, 12, 0.25, 1), ('seconds', 'sum', 0, 100, 0, 0.9), ('call', 'recency', 0, 1, 0, 1),
                              ('team:*', 'distinct', 0, 4, 0, 1), ('growth', 'trend', -1, 1, 0, 1), ('error', 'ratio', 0, 1, 1, 0))
              AS v (signal, measure, least, most, low, high)
WHERE CASE WHEN fleet % 6 = 0 THEN signal IN ('nps', 'csat') ELSE random() < 0.5 OR signal = 'nps' END;

CREATE TABLE model AS
SELECT fleet, health_make_model(combine => 'mean', usage_weight => usage_weight::numeric, curve => 'linear', baseline => frozen,
         min_population => 1, trend_days => trend_days, window_days => window_days, max_drivers => 100,
         dimension_caps => jsonb_build_object('support', cap), signals => signals
           || jsonb_build_object('ticket', '{"weight": -2, "dimension": "support"}'::jsonb, 'login', CASE WHEN usage_weight > 0 THEN 1 ELSE 0 END,
                                 'praise', '{"weight": 1.5, "unit": "score", "dimension": "support"}'::jsonb,
                                 'thanks', '{"weight": 2.5, "unit": "score", "dimension": "support"}'::jsonb)
           || CASE WHEN overridable THEN '{"csm": {"measure": "last", "set_score": true, "window_days": 30}}' ELSE '{}' END::jsonb) AS model
FROM fleet JOIN (SELECT fleet, jsonb_object_agg(signal, jsonb_build_object('weight', weight, 'measure', measure,
                          CASE measure WHEN 'distinct' THEN 'days' ELSE 'window_days' END, days)
                        || CASE measure WHEN 'ratio' THEN '{"of": "login"}' ELSE '{}' END::jsonb
                        || CASE WHEN least = 0 AND high = 1 AND measure NOT IN ('count', 'days', 'sum')
                                THEN jsonb_build_object('out_of', most)
                                ELSE jsonb_build_object('scale', jsonb_build_array(jsonb_build_array(least, low), jsonb_build_array(most, high)))
                           END) AS signals
                 FROM measure GROUP BY fleet) AS m USING (fleet);

-- Some accounts have next to nothing, so that measures come and go.
CREATE TABLE account AS
SELECT account, fleet, coalesce(health_activity(signal, day, value), '{}') AS activity
FROM (SELECT account, 1 + account % 30 AS fleet FROM generate_series(1, 300) AS account) AS a
     JOIN fleet USING (fleet)
     LEFT JOIN LATERAL (
       SELECT signal, as_of - floor(200 * random() ^ 1.5)::int AS day,
              CASE signal WHEN 'nps' THEN floor(random() * 12) WHEN 'csat' THEN ceil(random() * 5)
                          WHEN 'seconds' THEN floor(random() * 60) - 5 WHEN 'csm' THEN floor(random() * 140) - 20 END AS value
       FROM (SELECT (ARRAY['login', 'login', 'login', 'nps', 'csat', 'export', 'visit', 'seconds', 'call', 'team:' || n % 6, 'growth',
                           'growth', 'error', 'ticket', 'praise', 'thanks', 'csm'])[1 + floor(random() * 17)::int] AS signal
             FROM generate_series(1, CASE WHEN account % 5 = 0 THEN 3 ELSE account % 83 END) AS n) AS dice) AS e ON true
GROUP BY account, fleet;

-- ---------------------------------------------------------------- by the definition, at both dates

CREATE FUNCTION number_of(activity health_activity, signal text, measure text, at date, days int) RETURNS float8
LANGUAGE sql STABLE AS $$
  SELECT CASE measure
    WHEN 'ratio' THEN health_measure(activity, signal, at, days, 'count') / nullif(health_measure(activity, 'login', at, days, 'count'), 0)
    ELSE health_measure(activity, signal, at, days, measure) END
$$;
CREATE TABLE part AS
SELECT account, fleet, now, signal, weight,
       100 * least(1, greatest(0, low + (high - low) * least(1, greatest(0, (number - least) / (most - least))))) AS m
FROM account JOIN fleet USING (fleet) JOIN measure USING (fleet)
     CROSS JOIN LATERAL (VALUES (true, as_of), (false, as_of - trend_days)) AS t (now, at)
     CROSS JOIN LATERAL number_of(activity, signal, measure, at, days) AS number
WHERE number IS NOT NULL;

CREATE TABLE usage AS
SELECT account, fleet, now, at, CASE WHEN usage_weight > 0 THEN health_measure(activity, 'login', at, window_days) ELSE 0 END AS raw,
       2 * health_measure(activity, 'ticket', at, window_days) AS ticket, 1.5 * health_measure(activity, 'praise', at, window_days) AS praise,
       2.5 * health_measure(activity, 'thanks', at, window_days) AS thanks,
       CASE WHEN overridable AND csm IS NOT NULL THEN greatest(0, least(100, csm)) END AS override
FROM account JOIN fleet USING (fleet) CROSS JOIN LATERAL (VALUES (true, as_of), (false, as_of - trend_days)) AS t (now, at)
     CROSS JOIN LATERAL health_measure(activity, 'csm', at, 30, 'last') AS csm;

CREATE FUNCTION f(raw float8, baseline float8) RETURNS float8 LANGUAGE sql IMMUTABLE AS $$
  SELECT least(100, 100 * raw / coalesce(baseline, 'Infinity'))
$$;
CREATE FUNCTION adjusted(e float8, praise float8, penalty float8, cap float8) RETURNS float8 LANGUAGE sql IMMUTABLE AS $$
  SELECT greatest(0, least(100, e + least(cap, praise)) - least(cap, penalty))
$$;
CREATE TABLE expected AS
SELECT *, CASE WHEN weights > 0 THEN coalesce(override, computed) END AS score
FROM (SELECT *, adjusted(e, praise + thanks, ticket, cap) AS computed
      FROM (SELECT *, weights / total AS coverage, CASE WHEN weights > 0 THEN (usage_weight * f + measures) / weights ELSE 0 END AS e
            FROM (SELECT u.*, cap, b.baseline, coalesce(m.usage_weight, 0) AS usage_weight,
                         coalesce(m.usage_weight, 0) + coalesce(p.weights, 0) AS weights,
                         coalesce(p.measures, 0) AS measures, f(raw, b.baseline) AS f
                  FROM usage AS u JOIN fleet AS m USING (fleet)
                       JOIN (SELECT fleet, now, coalesce(frozen, percentile_cont(0.9) WITHIN GROUP (ORDER BY raw) FILTER (WHERE raw > 0)) AS baseline
                             FROM usage JOIN fleet USING (fleet) GROUP BY fleet, now, frozen) AS b USING (fleet, now)
                       LEFT JOIN (SELECT account, now, sum(weight)::float8 AS weights, sum(weight * m) AS measures
                                  FROM part GROUP BY account, now) AS p USING (account, now)) AS s
                 JOIN (SELECT fleet, sum(weight)::float8 + coalesce(max(usage_weight), 0) AS total
                       FROM measure JOIN fleet USING (fleet) GROUP BY fleet) AS t USING (fleet)) AS means) AS scores;

-- What each signal moved, of those that were there at both dates.
CREATE TABLE pair AS
SELECT account, fleet, 'share' AS unit, signal, a.weight * a.m AS c0, b.weight * b.m AS c1
FROM part AS a JOIN part AS b USING (account, fleet, signal) WHERE NOT a.now AND b.now
UNION ALL
SELECT account, fleet, unit, signal, c0, c1
FROM usage AS a JOIN usage AS b USING (account, fleet)
     CROSS JOIN LATERAL (VALUES ('raw', 'login', a.raw, b.raw), ('score', 'ticket', -a.ticket, -b.ticket),
                                ('score', 'praise', a.praise, b.praise), ('score', 'thanks', a.thanks, b.thanks)) AS v (unit, signal, c0, c1)
WHERE NOT a.now AND b.now;
-- The score before and now under today's baseline and weights, without what came or went; and where each signal is what it
-- was at the better or at the worse of the dates.
CREATE TABLE state AS
SELECT account, fleet, state, adjusted(b.e + (n.usage_weight * (f(sums.raw, n.baseline) - b.f) + sums.measures) / nullif(n.weights, 0),
                                       sums.praise, sums.penalty, n.cap) AS score
FROM (SELECT account, fleet, state, sum(c) FILTER (WHERE unit = 'raw') AS raw, coalesce(sum(c - c0) FILTER (WHERE unit = 'share'), 0) AS measures,
             sum(greatest(c, 0)) FILTER (WHERE unit = 'score') AS praise, sum(greatest(-c, 0)) FILTER (WHERE unit = 'score') AS penalty
      FROM pair CROSS JOIN LATERAL (VALUES ('before', c0), ('now', c1), ('best', greatest(c0, c1)), ('worst', least(c0, c1))) AS s (state, c)
      GROUP BY account, fleet, state) AS sums
     JOIN expected AS b USING (account, fleet) JOIN expected AS n USING (account, fleet) WHERE NOT b.now AND n.now;
CREATE TABLE swing AS
SELECT account, ((best - origin) + (goal - worst)) / 2 AS gain, ((goal - best) + (worst - origin)) / 2 AS loss,
       origin - b.computed AS baseline, n.computed - goal AS coverage, n.usage_weight * (f(n.raw, n.baseline) - f(b.raw, n.baseline)) AS usage, n.weights
FROM (SELECT account, max(score) FILTER (WHERE state = 'before') AS origin, max(score) FILTER (WHERE state = 'best') AS best,
             max(score) FILTER (WHERE state = 'worst') AS worst, max(score) FILTER (WHERE state = 'now') AS goal
      FROM state GROUP BY account) AS s
     JOIN expected AS b USING (account) JOIN expected AS n USING (account) WHERE NOT b.now AND n.now;
-- Shared in proportion to what each would do without the caps. Only `login` is raw.
CREATE TABLE change AS
SELECT account, signal, c0 = c1 AS stayed, CASE WHEN alone > 0 THEN gain * alone / sum(greatest(alone, 0)) OVER w
                                                WHEN alone < 0 THEN loss * alone / sum(least(alone, 0)) OVER w ELSE 0 END AS points
FROM (SELECT *, CASE unit WHEN 'score' THEN c1 - c0 WHEN 'raw' THEN usage / nullif(weights, 0) ELSE (c1 - c0) / weights END AS alone
      FROM pair JOIN swing USING (account)) AS s
WINDOW w AS (PARTITION BY account);

-- ---------------------------------------------------------------- what the extension says

CREATE TABLE report AS
SELECT account, fleet, health_report(activity, model, as_of) OVER fleets AS r, health_score(activity, model, as_of) OVER fleets AS score
FROM account JOIN fleet USING (fleet) JOIN model USING (fleet) WINDOW fleets AS (PARTITION BY fleet);
CREATE TABLE driver AS SELECT account, d.* FROM report, health_driver_rows((r).drivers) AS d;

INSERT INTO trial
SELECT claim, format('account %s', account), mine, theirs, 1e-9
FROM report JOIN expected AS now USING (account, fleet) JOIN expected AS before USING (account, fleet)
     JOIN (SELECT fleet, count(score) FILTER (WHERE now) AS scored FROM expected GROUP BY fleet) AS n USING (fleet)
     LEFT JOIN (SELECT account, sum(points) AS points, sum(change) AS change,
                       sum(change) FILTER (WHERE kind = 'coverage') AS coverage, sum(change) FILTER (WHERE kind = 'baseline') AS baseline,
                       sum(points) FILTER (WHERE kind = 'override') AS set_points,
                       sum(change) FILTER (WHERE kind = 'override') AS set_change FROM driver GROUP BY account) AS d USING (account)
     LEFT JOIN swing AS w USING (account)
     LEFT JOIN (SELECT account, count(b.m) = count(*) AND count(a.m) = count(*) AS same
                FROM (SELECT * FROM part WHERE now) AS a FULL JOIN (SELECT * FROM part WHERE NOT now) AS b USING (account, signal)
                GROUP BY account) AS p USING (account)
     CROSS JOIN LATERAL (VALUES
       ('health_score', report.score, now.score), ('score', (r).score, now.score),
       ('previous score', (r).previous_score, CASE WHEN (r).previous_score IS NOT NULL THEN before.score END),
       ('no previous score without a measure', CASE WHEN before.score IS NULL THEN ((r).previous_score IS NULL)::int END,
        CASE WHEN before.score IS NULL THEN 1 END),
       ('coverage', (r).coverage, CASE WHEN now.score IS NOT NULL THEN now.coverage END),
       ('points add up', CASE WHEN (r).score IS NOT NULL THEN coalesce(d.points, 0) END, now.score),
       ('dimensions add up', (SELECT sum(value::float8) FROM jsonb_each_text((r).dimensions)), now.score),
       ('changes add up', CASE WHEN (r).previous_score IS NOT NULL THEN coalesce(d.change, 0) END, (r).score - (r).previous_score),
       ('measures that came or went', CASE WHEN (r).previous_score IS NOT NULL THEN coalesce(d.coverage, 0) END,
        CASE WHEN (r).previous_score IS NOT NULL THEN w.coverage END),
       ('the baseline moved', CASE WHEN (r).previous_score IS NOT NULL THEN coalesce(d.baseline, 0) END,
        CASE WHEN (r).previous_score IS NOT NULL THEN w.baseline END),
       ('points of what is set', CASE WHEN (r).score IS NOT NULL THEN coalesce(d.set_points, 0) END, now.score - now.computed),
       ('change of what is set', CASE WHEN (r).previous_score IS NOT NULL THEN coalesce(d.set_change, 0) END,
        CASE WHEN (r).previous_score IS NOT NULL THEN now.score - now.computed - (before.score - before.computed) END),
       ('nothing came or went', CASE WHEN p.same AND (r).previous_score IS NOT NULL THEN (coalesce(d.coverage, 0) = 0)::int END,
        CASE WHEN p.same AND (r).previous_score IS NOT NULL THEN 1 END),
       ('set', CASE WHEN now.override IS NOT NULL AND now.weights > 0 THEN (r).score END, CASE WHEN now.weights > 0 THEN now.override END))
       AS v (claim, mine, theirs)
WHERE now.now AND NOT before.now;
INSERT INTO trial
SELECT 'the same bits', format('account %s', account), score, (r).score, NULL FROM report;
-- Accounts without a measure are compared with nobody: of scorecards without raw signals all others are.
INSERT INTO trial
SELECT 'accounts compared', format('account %s', account), (r).accounts_compared, compared, NULL
FROM report JOIN fleet USING (fleet)
     JOIN (SELECT e.fleet, CASE WHEN f.usage_weight > 0 THEN count(*) FILTER (WHERE raw > 0) ELSE count(score) END AS compared
           FROM expected AS e JOIN fleet AS f USING (fleet) WHERE now
           GROUP BY e.fleet, f.usage_weight) AS c USING (fleet);
-- What each measure gives and how it moved.
INSERT INTO trial
SELECT claim, format('account %s, %s', account, signal), mine, theirs, 1e-9
FROM (SELECT account, signal, d.points, d.change, a.m AS m, b.m AS had, a.weight, e.weights, (r).previous_score IS NOT NULL AS compared
      FROM (SELECT * FROM part WHERE now) AS a LEFT JOIN (SELECT * FROM part WHERE NOT now) AS b USING (account, signal)
           JOIN driver AS d USING (account, signal) JOIN report USING (account)
           JOIN expected AS e USING (account) WHERE e.now) AS s
     CROSS JOIN LATERAL (VALUES ('points of a measure', points, weight * m / weights),
       ('a measure that came', CASE WHEN compared AND had IS NULL THEN change END, CASE WHEN compared AND had IS NULL THEN 0 END))
       AS v (claim, mine, theirs);
INSERT INTO trial
SELECT 'change of ' || CASE unit WHEN 'share' THEN 'a measure' ELSE signal END, format('account %s, %s', account, signal), d.change, points, 1e-9
FROM change JOIN pair USING (account, signal) JOIN report USING (account)
     LEFT JOIN (SELECT account, signal, change FROM driver) AS d USING (account, signal)
WHERE (r).previous_score IS NOT NULL AND (d.change IS NOT NULL OR abs(points) > 1e-9);
INSERT INTO trial
SELECT 'who stayed', format('account %s, %s', account, signal), d.change, 0, NULL
FROM change JOIN (SELECT account, signal, change FROM driver) AS d USING (account, signal)
WHERE stayed AND d.change IS NOT NULL;
-- What has no row gives nothing.
INSERT INTO trial
SELECT 'no row', format('account %s, %s', account, signal), m, 0, 1e-9
FROM part JOIN report USING (account) WHERE now AND NOT EXISTS (SELECT FROM driver AS d WHERE (d.account, d.signal) = (part.account, part.signal));

\set claims 25
\ir common/verdict.sql
