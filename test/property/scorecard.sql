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
                                 'praise', '{"weight": 1.5, "unit": "score", "dimension": "support"}'::jsonb)
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
                           'growth', 'error', 'ticket', 'praise', 'csm'])[1 + floor(random() * 16)::int] AS signal
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
       least(cap, 2 * health_measure(activity, 'ticket', at, window_days)) AS penalty,
       least(cap, 1.5 * health_measure(activity, 'praise', at, window_days)) AS praise,
       CASE WHEN overridable AND csm IS NOT NULL THEN greatest(0, least(100, csm)) END AS override
FROM account JOIN fleet USING (fleet) CROSS JOIN LATERAL (VALUES (true, as_of), (false, as_of - trend_days)) AS t (now, at)
     CROSS JOIN LATERAL health_measure(activity, 'csm', at, 30, 'last') AS csm;

CREATE TABLE expected AS
SELECT *, CASE WHEN weights > 0 THEN coalesce(override, greatest(0, least(100, e + praise) - penalty)) END AS score
FROM (SELECT account, fleet, now, override, praise, penalty, f, usage_weight, weights, weights / total AS coverage,
             CASE WHEN weights > 0 THEN (usage_weight * f + measures) / weights ELSE 0 END AS e
      FROM (SELECT u.*, coalesce(m.usage_weight, 0) AS usage_weight, coalesce(m.usage_weight, 0) + coalesce(p.weights, 0) AS weights,
                   coalesce(p.measures, 0) AS measures, least(100, 100 * raw / coalesce(frozen, baseline, 'Infinity')) AS f
            FROM usage AS u JOIN fleet AS m USING (fleet)
                 LEFT JOIN (SELECT fleet, now, percentile_cont(0.9) WITHIN GROUP (ORDER BY raw) AS baseline
                            FROM usage WHERE raw > 0 GROUP BY fleet, now) AS b USING (fleet, now)
                 LEFT JOIN (SELECT account, now, sum(weight)::float8 AS weights, sum(weight * m) AS measures
                            FROM part GROUP BY account, now) AS p USING (account, now)) AS s
           JOIN (SELECT fleet, sum(weight)::float8 + coalesce(max(usage_weight), 0) AS total
                 FROM measure JOIN fleet USING (fleet) GROUP BY fleet) AS t USING (fleet)) AS means;

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
                       coalesce(sum(change) FILTER (WHERE kind = 'coverage'), 0) AS coverage FROM driver GROUP BY account) AS d USING (account)
     LEFT JOIN (SELECT account, sum(a.weight * (a.m - b.m)) AS moved, count(b.m) = count(*) AND count(a.m) = count(*) AS same
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
        CASE WHEN (r).previous_score IS NOT NULL THEN now.e - before.e - (now.usage_weight * (now.f - before.f) + coalesce(p.moved, 0)) / now.weights END),
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
           FROM expected AS e JOIN usage USING (account, now) JOIN fleet AS f ON f.fleet = e.fleet WHERE now
           GROUP BY e.fleet, f.usage_weight) AS c USING (fleet);
-- What each measure gives and how it moved.
INSERT INTO trial
SELECT claim, format('account %s, %s', account, signal), mine, theirs, 1e-9
FROM (SELECT account, signal, d.points, d.change, a.m AS m, b.m AS had, a.weight, weights, (r).previous_score IS NOT NULL AS compared
      FROM (SELECT * FROM part WHERE now) AS a LEFT JOIN (SELECT * FROM part WHERE NOT now) AS b USING (account, signal)
           JOIN driver AS d USING (account, signal) JOIN report USING (account)
           JOIN expected AS e USING (account) WHERE e.now) AS s
     CROSS JOIN LATERAL (VALUES ('points of a measure', points, weight * m / weights),
       ('change of a measure', CASE WHEN compared THEN change END, CASE WHEN compared THEN coalesce(weight * (m - had) / weights, 0) END),
       ('a measure that stayed', CASE WHEN compared AND m = had THEN change END, CASE WHEN compared AND m = had THEN 0 END))
       AS v (claim, mine, theirs);
-- What has no row gives nothing.
INSERT INTO trial
SELECT 'no row', format('account %s, %s', account, signal), m, 0, 1e-9
FROM part JOIN report USING (account) WHERE now AND NOT EXISTS (SELECT FROM driver AS d WHERE (d.account, d.signal) = (part.account, part.signal));

\set claims 17
\ir common/verdict.sql
