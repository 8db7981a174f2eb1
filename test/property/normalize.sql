-- health_baseline, health_normalize, health_winsorize, health_band, health_score and health_report of random populations,
-- against plain SQL.
-- Runs in a fresh database. A failure names its seed: repeat it with psql -v seed=0.123456 -f ...
\ir common/start.sql
\ir common/trial.sql

-- f(raw) for a baseline b, NULL where nobody is eligible.
CREATE FUNCTION f(raw float8, b float8, p float8, curve text) RETURNS float8 LANGUAGE sql IMMUTABLE AS $$
  SELECT CASE WHEN raw IS NULL THEN NULL
              WHEN raw <= 0 OR b IS NULL THEN 0
              WHEN b <= 0 OR curve <> 'open' AND raw >= b THEN 100
              WHEN curve = 'linear' THEN 100 * raw / b
              WHEN curve = 'exponential' THEN 100 * (1 - power(1 - p, raw / b)) / p
              -- exp() must not underflow
              WHEN curve = 'open' THEN 100 * (1 - exp(greatest(-700, raw / b * ln(1 - p)))) END
$$;
-- Praise is capped before the penalty.
CREATE FUNCTION adjusted(e float8, praise float8, penalty float8) RETURNS float8 LANGUAGE sql IMMUTABLE AS $$
  SELECT CASE WHEN e IS NOT NULL THEN greatest(0, least(100, e + praise) - penalty) END
$$;

-- ---------------------------------------------------------------- vectors by hand

CREATE TABLE vector AS
SELECT * FROM unnest(
  ARRAY[475, 89, 101, 7, 3, 21, 2, 149, 223, 1, 13, 9, 37]::float8[],
  ARRAY[100, 42.747358, 48.511047, 3.362152, 1.440922, 10.086455, 0.960615, 71.565802, 100, 0.480307, 6.243996,
        4.322767, 17.771374],
  ARRAY[100, 69.588572, 74.749173, 8.27729, 3.62601, 23.027941, 2.430682, 89.726593, 100, 1.222062, 14.87955,
        10.526898, 37.313254],
  ARRAY[99.476954, 62.629714, 67.274256, 7.449561, 3.263409, 20.725147, 2.187614, 80.753934, 91.509867, 1.099856,
        13.391595, 9.474208, 33.581928]) AS v (raw, linear, exponential, open);
INSERT INTO trial SELECT 'vector, baseline', NULL, health_baseline(raw, '{}'), 208.2, 1e-9 FROM vector;
INSERT INTO trial
SELECT 'vector, ' || curve, raw, mine, theirs, 5.1e-7
FROM (SELECT raw, health_normalize(raw, '{"curve": "linear"}') OVER () AS a, linear,
             health_normalize(raw, '{}') OVER () AS b, exponential,
             health_normalize(raw, '{"curve": "open"}') OVER () AS c, open FROM vector) AS v
     CROSS JOIN LATERAL (VALUES ('linear', a, linear), ('exponential', b, exponential), ('open', c, open))
       AS u (curve, mine, theirs);

-- ---------------------------------------------------------------- random raw scores

-- Segments of 1 to 60 rows with ties, zeros, negatives and NULLs; some have nobody eligible, some no raw score at all.
CREATE TABLE segment AS
SELECT segment, p::float8 AS p, curve, population, frozen, nulls, losses,
       health_make_model(percentile => p, curve => curve, population => population, baseline => frozen) AS model
FROM (SELECT segment, CASE WHEN segment % 6 = 4 THEN 1 ELSE round((0.01 + 0.98 * random())::numeric, 3) END AS p,
             (ARRAY['exponential', 'linear', 'open'])[1 + segment % 3] AS curve,
             (ARRAY['active', 'all'])[1 + segment % 2] AS population,
             CASE WHEN segment % 7 = 0 THEN round((1 + 100 * random())::numeric, 1) END AS frozen,
             CASE WHEN segment % 20 = 1 THEN 1 ELSE 0.05 END AS nulls,
             CASE WHEN segment % 20 = 2 THEN 1 ELSE 0.3 * random() END AS losses
      FROM generate_series(1, 400) AS segment) AS s;
CREATE TABLE member AS
SELECT row_number() OVER () AS id, segment,
       CASE WHEN a < nulls THEN NULL
            WHEN b < losses THEN -round((c * 5)::numeric, 1)  -- some are 0
            WHEN d < 0.2 THEN ceil(c * 10)
            ELSE -ln(1 - c) * 100 END::float8 AS raw,
       CASE WHEN e < 0.7 THEN (f - 0.5) * 200 END AS adjustment
FROM (SELECT *, random() AS a, random() AS b, random() AS c, random() AS d, random() AS e, random() AS f
      FROM segment CROSS JOIN LATERAL generate_series(1, 1 + (segment * 37) % 60)) AS dice;

CREATE TABLE baseline AS
SELECT segment, mine, coalesce(frozen, b) AS b, largest, low, high
FROM segment
     JOIN (SELECT segment, health_baseline(raw, model) AS mine, max(abs(raw)) AS largest,
                  percentile_cont(p) WITHIN GROUP (ORDER BY raw) FILTER (WHERE raw > 0 OR population = 'all') AS b,
                  percentile_cont(p / 2) WITHIN GROUP (ORDER BY raw) AS low,
                  percentile_cont((1 + p) / 2) WITHIN GROUP (ORDER BY raw) AS high
           FROM member JOIN segment USING (segment) GROUP BY segment, p) AS b USING (segment);
INSERT INTO trial
SELECT 'health_baseline', format('segment %s', segment), mine, b, 1e-12 * largest
FROM baseline JOIN segment USING (segment) WHERE frozen IS NULL OR largest IS NOT NULL;

INSERT INTO trial
SELECT claim, format('member %s', id), mine, theirs, 1e-9
FROM (SELECT id, raw, b, model, f(raw, b, p, curve) AS e, adjustment, greatest(adjustment, 0) AS praise,
             greatest(-adjustment, 0) AS penalty, least(high, greatest(low, raw)) AS clamped,
             health_normalize(raw, model) OVER w AS plain, health_normalize(raw, model, adjustment) OVER w AS moved,
             health_winsorize(raw, p / 2, (1 + p) / 2) OVER w AS winsorized
      FROM member JOIN segment USING (segment) JOIN baseline USING (segment)
      WINDOW w AS (PARTITION BY segment)) AS m
     CROSS JOIN LATERAL (SELECT raw <= 0 OR b IS NOT NULL AS known) AS k  -- what the scalar form can tell
     CROSS JOIN LATERAL (VALUES
       ('health_normalize', plain, e),
       ('health_normalize, adjusted', moved, adjusted(e, praise, penalty)),
       ('health_normalize, scalar', health_normalize(raw, b, model), CASE WHEN known THEN e END),
       ('health_normalize, scalar, adjusted', health_normalize(raw, b, model, adjustment),
        CASE WHEN known THEN adjusted(e, praise, penalty) END),
       ('health_winsorize', winsorized, CASE WHEN raw IS NOT NULL THEN clamped END)) AS v (claim, mine, theirs);

INSERT INTO trial
SELECT 'exactly 100 from the baseline on', format('member %s', id), score, 100
FROM (SELECT id, raw, segment, curve, health_normalize(raw, model) OVER (PARTITION BY segment) AS score
      FROM member JOIN segment USING (segment)) AS m
     JOIN baseline USING (segment)
WHERE curve <> 'open' AND raw >= mine AND raw > 0;

-- ---------------------------------------------------------------- random fleets

-- Each has its model, date and sizes: none, all, or some missing. Weights have either sign, in some fleets only minus.
CREATE TABLE fleet AS
SELECT *, health_make_model(
         signals => format('{"login": {"weight": %s, "unit": "raw"},
                             "export": {"weight": %s, "unit": "raw", "measure": "days", "dimension": "outcomes"},
                             "seconds": {"weight": %s, "unit": "raw", "measure": "sum", "dimension": "outcomes",
                                         "usage": false},
                             "error": {"weight": %s, "unit": "raw", "dimension": "quality", "max_points": 40},
                             "nps": {"weight": %s, "measure": "last", "neutral": 7, "window_days": 45,
                                     "dimension": "sentiment"},
                             "cancel": {"weight": %s, "unit": "score", "max_points": 50},
                             "praise": {"weight": %s, "unit": "score", "dimension": "sentiment", "usage": true},
                             "user:*": {"weight": %s, "measure": "distinct", "days": 14, "of": "size",
                                        "neutral": 0.3}}', VARIADIC weights)::jsonb,
         window_days => window_days, trend_days => trend_days, percentile => p::numeric, curve => curve,
         population => population, min_population => min_population,
         red_below => CASE WHEN NOT banded THEN red_below END, green_from => CASE WHEN NOT banded THEN green_from END,
         bands => CASE WHEN banded THEN format('[["low", 0], ["middle", %s], ["high", %s]]', red_below, green_from)::jsonb END,
         trend_points => trend_points, max_drivers => max_drivers, baseline => frozen,
         half_life_days => CASE WHEN fleet % 3 = 0 THEN 30 END,
         linear_days => CASE WHEN fleet % 3 = 1 THEN 60 END, size_exponent => exponent) AS model
FROM (SELECT fleet, date '2026-01-01' + floor(random() * 100)::int AS as_of, round(random()::numeric, 1) AS exponent,
             20 + floor(random() * 80)::int AS window_days, 7 + floor(random() * 30)::int AS trend_days,
             round((0.5 + 0.45 * random())::numeric, 2)::float8 AS p,
             (ARRAY['exponential', 'linear', 'open'])[1 + floor(random() * 3)::int] AS curve,
             (ARRAY['active', 'all'])[1 + floor(random() * 2)::int] AS population,
             floor(random() * 30)::int AS min_population, 1 + floor(random() * 59)::int AS red_below, fleet % 5 = 4 AS banded,
             60 + floor(random() * 40)::int AS green_from, floor(random() * 20)::int AS trend_points,
             1 + floor(random() * 9)::int AS max_drivers, CASE WHEN fleet % 10 = 9 THEN 50 END AS frozen
      FROM generate_series(1, 40) AS fleet) AS dice
     JOIN (SELECT fleet, array_agg(round((10 * (random() - lift))::numeric, 3)::text ORDER BY n) AS weights
           FROM generate_series(1, 40) AS fleet
                CROSS JOIN unnest(ARRAY[0.2, 0.2, 0.2, 0.9, 0.2, 0.9, 0.2, 0.2]) WITH ORDINALITY AS w (usual, n)
                CROSS JOIN LATERAL (SELECT CASE WHEN fleet % 13 = 0 THEN 1 ELSE usual END AS lift) AS l
           GROUP BY fleet) AS w USING (fleet);

-- Events start and end some days from as_of: some accounts are new, some silent, some go on after as_of.
CREATE TABLE account AS
SELECT row_number() OVER () AS account, fleet, a < 0.06 AS unknown,
       CASE WHEN fleet % 3 = 1 OR fleet % 3 = 2 AND b < 0.7 THEN ceil(c * 20)
            WHEN fleet % 3 = 2 AND b < 0.8 THEN (ARRAY[0, -3])[1 + floor(c * 2)::int] END::float8 AS size,
       -floor(d * 150)::int AS start,
       CASE WHEN fleet % 4 = 0 THEN -floor(e * 40)::int - 4 ELSE 50 - floor(e * 100)::int END AS stop
FROM (SELECT fleet, random() AS a, random() AS b, random() AS c, random() AS d, random() AS e
      FROM generate_series(1, 40) AS fleet CROSS JOIN LATERAL generate_series(1, 1 + (fleet * 29) % 50)) AS dice;

CREATE TABLE event AS
SELECT account, fleet, signal, as_of + start + floor(b * (stop - start))::int AS day,
       CASE signal WHEN 'nps' THEN floor(c * 11) WHEN 'seconds' THEN round((c * 10)::numeric, 2) END::float8 AS value
FROM (SELECT account, fleet, start, stop, random() AS b, random() AS c,
             (ARRAY['login', 'login', 'login', 'export', 'seconds', 'error', 'nps', 'cancel', 'praise',
                    'user:' || n % 5, 'mystery'])[1 + floor(random() * 11)::int] AS signal
      FROM account CROSS JOIN LATERAL generate_series(1, (account * 13) % 50) AS n
      WHERE stop > start) AS dice
     JOIN fleet USING (fleet);
-- Some fleets pause for 1 to 4 days before as_of, and mystery, which no model knows, is kept with few accounts, with
-- some of them only after as_of: there a look ahead would show in the flags.
DELETE FROM event USING fleet
WHERE fleet.fleet = event.fleet
      AND (fleet.fleet % 4 = 1 AND day < as_of AND day >= as_of - 1 - fleet.fleet / 4 % 4
           OR signal = 'mystery' AND (account % 5 <> 0 OR account % 10 = 5 AND day < as_of));

-- What shows that an account is there: what the model says, or else what it measures of its own with a weight above 0.
CREATE TABLE usage AS
SELECT fleet, key, coalesce((value ->> 'usage')::boolean,
                            coalesce((value ->> 'weight')::float8, value::float8) > 0
                            AND value ->> 'measure' IS DISTINCT FROM 'last') AS usage
FROM fleet CROSS JOIN jsonb_each(model::jsonb -> 'signals');
-- Sizes as scored: one that is missing is the median of those that are known.
CREATE TABLE scored AS
SELECT account, fleet, activity, past, size, CASE WHEN size > 0 THEN size ELSE median END AS seats,
       (size > 0) IS NOT TRUE AND median IS NOT NULL AS size_missing, first, last, unscored
FROM (SELECT account, fleet, size,
             CASE WHEN NOT unknown THEN coalesce(health_activity(signal, day, value), '{}') END AS activity,
             CASE WHEN NOT unknown
                  THEN coalesce(health_activity(signal, day, value) FILTER (WHERE day < as_of), '{}') END AS past,
             min(day) FILTER (WHERE day < as_of) AS first,
             max(day) FILTER (WHERE day < as_of AND usage) AS last,
             coalesce(bool_or(signal = 'mystery' AND day >= as_of - window_days AND day < as_of), false) AS unscored
      FROM account JOIN fleet USING (fleet) LEFT JOIN event USING (account, fleet)
           CROSS JOIN LATERAL (SELECT EXISTS (SELECT FROM usage AS u WHERE u.fleet = account.fleet AND usage
                                                     AND signal LIKE replace(key, '*', '%'))) AS v (usage)
      GROUP BY account, fleet, size, unknown) AS a
     JOIN (SELECT fleet, percentile_cont(0.5) WITHIN GROUP (ORDER BY size)
                           FILTER (WHERE size > 0 AND NOT unknown) AS median
           FROM account GROUP BY fleet) AS m USING (fleet);

-- ---------------------------------------------------------------- the score, composed

-- What each signal brings by itself, on the day and trend_days before: the scores of a model that has only this one.
CREATE TABLE contribution AS
SELECT account, fleet, at, at = as_of AS now, signal, health_raw_score(activity, alone, at, seats) AS c,
       health_adjustment(activity, alone, at, seats) AS a
FROM fleet
     CROSS JOIN LATERAL (
       SELECT key AS signal, jsonb_set(model::jsonb, '{signals}', jsonb_build_object(key, value))::health_model AS alone
       FROM jsonb_each(model::jsonb -> 'signals')) AS s
     CROSS JOIN LATERAL (VALUES (as_of), (as_of - trend_days)) AS t (at)
     JOIN scored USING (fleet)
WHERE activity IS NOT NULL;

CREATE TABLE moment AS
SELECT account, fleet, at, raw, praise, penalty, NOT size_missing AND (raw > 0 OR population = 'all') AS eligible
FROM scored JOIN fleet USING (fleet)
     JOIN (SELECT account, at, sum(greatest(a, 0)) AS praise, sum(greatest(-a, 0)) AS penalty
           FROM contribution GROUP BY account, at) AS a USING (account)
     CROSS JOIN LATERAL health_raw_score(activity, model, at, seats) AS raw;
CREATE TABLE population AS
SELECT fleet, at, count(*) FILTER (WHERE eligible) AS members,
       coalesce(frozen, percentile_cont(p) WITHIN GROUP (ORDER BY raw) FILTER (WHERE eligible)) AS b,
       percentile_cont(0.5) WITHIN GROUP (ORDER BY raw) FILTER (WHERE eligible) AS median
FROM moment JOIN fleet USING (fleet) GROUP BY fleet, at, p, frozen;
CREATE TABLE composed AS
SELECT account, fleet, at, raw, eligible AND raw >= median AS peer,
       adjusted(f(raw, b, p, curve), praise, penalty) AS score
FROM moment JOIN population USING (fleet, at) JOIN fleet USING (fleet);

-- All there is to say of each account. Where it has no activity, only what holds of the population.
CREATE TABLE expected AS
SELECT account, fleet, score, raw, CASE WHEN old THEN previous_score END AS previous_score,
       CASE WHEN old AND previous_raw > 0 THEN 100 * (raw - previous_raw) / previous_raw END AS raw_change_pct,
       coalesce(b, frozen) AS baseline, coalesce(members, 0) AS population,
       CASE WHEN known THEN as_of - 1 - last END AS days_inactive, known, old, unscored, size_missing, last,
       max(last) FILTER (WHERE known) OVER (PARTITION BY fleet) AS newest
FROM scored JOIN fleet USING (fleet)
     CROSS JOIN LATERAL (SELECT activity IS NOT NULL AS known, first < as_of - trend_days AS old) AS k
     LEFT JOIN population AS p USING (fleet)
     LEFT JOIN composed AS now USING (account, fleet, at)
     LEFT JOIN (SELECT account, fleet, raw AS previous_raw, score AS previous_score
                FROM composed JOIN fleet USING (fleet) WHERE at = as_of - trend_days) AS before USING (account, fleet)
WHERE at = as_of OR at IS NULL;

-- Fleets where a usage signal has stopped: nobody had it for three days and for longer than ever in its window, and a
-- fifth of the accounts had it in the trend_days before.
CREATE TABLE stopped AS
SELECT DISTINCT fleet
FROM (SELECT fleet, key, account, max(day) AS until
      FROM event JOIN fleet USING (fleet) JOIN usage AS u USING (fleet) JOIN scored USING (account, fleet)
      WHERE usage AND signal LIKE replace(key, '*', '%') AND activity IS NOT NULL AND day < as_of
      GROUP BY fleet, key, account) AS had
     JOIN (SELECT fleet, key, max(day) AS last, max(coalesce(day - before - 1, 0)) AS gap
           FROM (SELECT fleet, key, day, lag(day) OVER (PARTITION BY fleet, key ORDER BY day) AS before
                 FROM (SELECT DISTINCT fleet, key, day
                       FROM event JOIN fleet USING (fleet) JOIN usage AS u USING (fleet) JOIN scored USING (account, fleet)
                       WHERE usage AND signal LIKE replace(key, '*', '%') AND activity IS NOT NULL AND day < as_of
                             AND day >= as_of - CASE key WHEN 'user:*' THEN 14 ELSE window_days END) AS d) AS g
           GROUP BY fleet, key) AS feed USING (fleet, key)
     JOIN fleet USING (fleet)
     JOIN (SELECT fleet, count(*) FILTER (WHERE known) AS known FROM expected GROUP BY fleet) AS k USING (fleet)
WHERE as_of - 1 - last >= 3 AND as_of - 1 - last > gap AND known >= min_population
GROUP BY fleet, key, known, trend_days
HAVING 5 * count(*) FILTER (WHERE until > last - trend_days) >= known;
-- Fleets whose baseline and median are a fifth less than they were.
CREATE TABLE fell AS
SELECT fleet.fleet
FROM fleet JOIN population AS now ON now.fleet = fleet.fleet AND now.at = as_of
     JOIN population AS before ON before.fleet = fleet.fleet AND before.at = as_of - trend_days
WHERE least(now.members, before.members) >= min_population AND before.b > 0 AND before.median > 0
      AND now.b <= 0.8 * before.b AND now.median <= 0.8 * before.median;

CREATE TABLE report AS
SELECT account, fleet, health_score, r AS whole, past, (r).*
FROM (SELECT account, fleet, health_score(activity, model, as_of, size) OVER w,
             health_report(activity, model, as_of, size) OVER w AS r,
             health_report(past, model, as_of, size) OVER w AS past
      FROM scored JOIN fleet USING (fleet) WINDOW w AS (PARTITION BY fleet)) AS r;

-- ---------------------------------------------------------------- the report

INSERT INTO trial
SELECT claim, format('account %s', account), mine, theirs, 1e-9
FROM report AS r LEFT JOIN expected AS e USING (account, fleet)
     CROSS JOIN LATERAL (VALUES
       ('health_score', health_score, e.score), ('score', r.score, e.score), ('raw_score', r.raw_score, e.raw),
       ('previous_score', r.previous_score, e.previous_score), ('score_change', score_change, e.score - e.previous_score),
       ('raw_change_pct', r.raw_change_pct, e.raw_change_pct), ('baseline', r.baseline, e.baseline),
       ('accounts_compared', r.accounts_compared, e.population), ('days_inactive', r.days_inactive, e.days_inactive)
     ) AS v (claim, mine, theirs);

-- Words follow from the numbers, which are right by now; flags come in a fixed order.
INSERT INTO trial
SELECT claim, format('account %s', account), mine, theirs
FROM report AS r JOIN expected AS e USING (account, fleet) JOIN fleet AS f USING (fleet)
     JOIN (SELECT fleet, bool_or(usage) AS judged FROM usage GROUP BY fleet) AS j USING (fleet)
     CROSS JOIN LATERAL (VALUES
       ('band', band, (CASE WHEN banded THEN '{low,middle,high}'::text[] ELSE '{red,yellow,green}' END)[
                        CASE WHEN r.score < red_below THEN 1 WHEN r.score < green_from THEN 2
                             WHEN r.score >= green_from THEN 3 END]),
       ('health_band', health_band(r.score, f.model), band),
       ('trend', trend, CASE WHEN score_change = 0 OR abs(score_change) < trend_points THEN 'flat'
                             WHEN score_change > 0 THEN 'up' WHEN score_change < 0 THEN 'down' END),
       ('flags', flags, nullif(concat_ws(',',
          CASE WHEN known AND judged AND last IS NULL THEN 'no_activity' END,
          CASE WHEN NOT known THEN 'no_data' END,
          CASE WHEN known AND size_missing THEN 'size_missing' END,
          CASE WHEN known AND NOT old THEN 'new_account' END,
          CASE WHEN e.population < min_population THEN 'small_population' END,
          CASE WHEN coalesce(e.baseline, 0) <= 0 THEN 'degenerate_baseline' END,
          CASE WHEN known AND unscored THEN 'unscored_signals' END,
          CASE WHEN r.raw_change_pct <= -30 THEN 'usage_drop' END,
          CASE WHEN judged AND coalesce(newest < f.as_of - 2, true) THEN 'stale_data'
               WHEN EXISTS (SELECT FROM stopped AS s WHERE s.fleet = f.fleet) THEN 'signal_stopped' END,
          CASE WHEN EXISTS (SELECT FROM fell WHERE fell.fleet = f.fleet) THEN 'fleet_fell' END), ''))) AS v (claim, mine, theirs);
-- Each flag is raised somewhere; whether a whole fleet fell, or one of its signals stopped, is chance.
INSERT INTO trial
SELECT 'flag ' || flag, format('account %s', account), true, true
FROM report CROSS JOIN string_to_table(flags, ',') AS flag WHERE flag NOT IN ('signal_stopped', 'fleet_fell');

-- Without the events from as_of on every column stays what it is.
INSERT INTO trial SELECT 'the past sees nothing later', format('account %s', account), past, whole FROM report;

-- ---------------------------------------------------------------- drivers

CREATE TABLE driver AS
SELECT account, fleet, d.*, (SELECT array_agg(key ORDER BY key) FROM jsonb_object_keys(json) AS key) AS keys, n
FROM report CROSS JOIN jsonb_array_elements(drivers) WITH ORDINALITY AS a (json, n)
     CROSS JOIN jsonb_to_record(json) AS d (signal text, dimension text, kind text, points float8, change float8,
                                            vs_peers float8, recent float8, prior float8, days_inactive int);
INSERT INTO trial
SELECT 'keys of a driver', format('account %s', account), keys,
       '{change,days_inactive,dimension,kind,label,pct,points,prior,recent,signal,text,vs_peers}'
FROM driver;

-- Where the baseline is not positive, f jumps at 0: what is left of a sum by rounding must not count as above it.
CREATE FUNCTION tidy(a float8, b float8) RETURNS float8 LANGUAGE sql IMMUTABLE AS $$
  SELECT CASE WHEN abs(a + b) < 1e-12 * (abs(a) + abs(b)) THEN 0 ELSE a + b END
$$;
-- A move from r0 to r1 under one baseline, split among the signals: the mean of gains first and losses first. Here it is the
-- one from the peers, per signal the median of those at or above the median raw score; property/report splits changes.
CREATE TABLE move AS
SELECT account, signal, f1 - f0 AS total,
       CASE WHEN delta > 0 THEN (high - f0 + f1 - low) / 2 * delta / gained
            WHEN delta < 0 THEN (f1 - high + low - f0) / 2 * -delta / lost ELSE 0 END AS points
FROM (SELECT account, fleet, signal, c1 - c0 AS delta, sum(greatest(c1 - c0, 0)) OVER w AS gained,
             sum(greatest(c0 - c1, 0)) OVER w AS lost, sum(c0) OVER w AS r0, sum(c1) OVER w AS r1
      FROM (SELECT account, fleet, signal, profile.c AS c0, present.c AS c1
            FROM (SELECT * FROM contribution WHERE now) AS present
                 JOIN (SELECT fleet, signal, percentile_cont(0.5) WITHIN GROUP (ORDER BY c) AS c
                       FROM contribution JOIN composed USING (account, fleet, at) WHERE now AND peer
                       GROUP BY fleet, signal) AS profile USING (fleet, signal)) AS c
      WINDOW w AS (PARTITION BY account)) AS m
     JOIN fleet USING (fleet)
     JOIN population USING (fleet)
     CROSS JOIN LATERAL (SELECT f(r0, b, p, curve) AS f0, f(r1, b, p, curve) AS f1,
                                f(tidy(r0, gained), b, p, curve) AS high, f(tidy(r0, -lost), b, p, curve) AS low) AS e
WHERE at = as_of;

-- Signals of unit score move with the cap; here are the others.
INSERT INTO trial
SELECT 'vs_peers of a driver', format('account %s, %s', account, signal), vs_peers, m.points, 1e-9
FROM driver LEFT JOIN move AS m USING (account, signal)
WHERE signal IN ('login', 'export', 'seconds', 'error');
INSERT INTO trial
SELECT 'a change is told of who was there', format('account %s, %s', account, signal), change IS NOT NULL, coalesce(old, false)
FROM driver JOIN expected USING (account, fleet)
WHERE signal IS NOT NULL;

-- All raw scores are below 0, and so are the sums on the way from one to the other: no signal moved any score.
INSERT INTO trial
SELECT 'no change below 0', format('%s of account %s', d ->> 'signal', i), (d ->> 'change')::float8, 0
FROM (SELECT i, health_report(format('{"a": {"2026-01-0%s": %s}, "b": {"2026-01-0%s": %s}, "c": {"2026-03-25": 1}}',
                                     1 + i % 9, 1 + i % 7, 1 + i % 4, 1 + i % 5)::health_activity,
                              '{"half_life_days": 30, "window_days": 60, "population": "all",
                                "signals": {"a": {"weight": -0.3, "unit": "raw"}, "b": {"weight": -0.7, "unit": "raw"},
                                            "c": {"weight": -1, "unit": "raw"}}}', '2026-03-28') OVER () AS r
      FROM generate_series(1, 100) AS i) AS r
     CROSS JOIN jsonb_array_elements((r).drivers) AS d;

-- What adds up to what. An account without anything to say has no drivers.
INSERT INTO trial
SELECT v.claim, format('account %s', account), coalesce(mine, 0), theirs, 1e-9
FROM report AS r
     LEFT JOIN (SELECT account, sum(points) AS points, sum(change) AS change, sum(vs_peers) AS vs_peers
                FROM driver GROUP BY account) AS d USING (account)
     LEFT JOIN (SELECT DISTINCT account, total FROM move) AS m USING (account)
     CROSS JOIN LATERAL (SELECT sum(value::float8) AS points FROM jsonb_each_text(dimensions)) AS s
     CROSS JOIN LATERAL (VALUES ('points sum to the score', d.points, r.score),
                                ('dimensions sum to the score', s.points, r.score),
                                ('changes sum to the change', d.change, r.score_change),
                                ('vs_peers sums to the distance', d.vs_peers, m.total)) AS v (claim, mine, theirs)
WHERE theirs IS NOT NULL;

-- Where nothing is folded away, a dimension is the sum of its drivers; signals without one go under "other".
INSERT INTO trial
SELECT 'a dimension sums its drivers', format('account %s, %s', account, key), value,
       (SELECT coalesce(sum(points), 0) FROM driver AS d
        WHERE d.account = r.account AND coalesce(dimension, 'other') = key), 1e-9
FROM report AS r CROSS JOIN jsonb_each_text(dimensions)
WHERE account NOT IN (SELECT account FROM driver WHERE kind = 'other');

-- At most max_drivers signals; then what stands for no signal: the folded rest, and what moved the peers.
INSERT INTO trial
SELECT 'signals first', format('account %s', account), array_agg(kind ORDER BY n) FILTER (WHERE n > named),
       nullif(array_remove(ARRAY[CASE WHEN bool_or(kind = 'other') THEN 'other' END,
                                 CASE WHEN bool_or(kind = 'baseline') THEN 'baseline' END], NULL), '{}')
FROM (SELECT *, count(signal) OVER (PARTITION BY account) AS named FROM driver) AS d
GROUP BY account;
INSERT INTO trial
SELECT 'folding past max_drivers', format('account %s', account), count(signal), max_drivers
FROM driver JOIN fleet USING (fleet) GROUP BY account, max_drivers
HAVING bool_or(kind = 'other') OR count(signal) > max_drivers;

-- Recent and prior: the measure over trend_days and the trend_days before, of gauges the value in force; six places.
INSERT INTO trial
SELECT format('%s of %s', claim, signal), format('account %s', account), mine, theirs, 1e-6
FROM driver AS d JOIN scored AS s USING (account, fleet) JOIN fleet AS f USING (fleet)
     CROSS JOIN LATERAL (VALUES ('recent', recent, as_of), ('prior', prior, as_of - trend_days)) AS v (claim, mine, at)
     CROSS JOIN LATERAL (
       SELECT coalesce(model::jsonb #>> ARRAY['signals', signal, 'measure'], 'count') AS measure,
              CASE signal WHEN 'nps' THEN 45 WHEN 'user:*' THEN 14 ELSE trend_days END AS days) AS m
     CROSS JOIN health_measure(activity, signal, at, days, measure) AS value
     CROSS JOIN LATERAL (
       SELECT CASE WHEN measure <> 'distinct' THEN value WHEN seats > 0 THEN least(1, value / seats) END AS theirs) AS t
WHERE signal IS NOT NULL;
INSERT INTO trial
SELECT 'days_inactive of a driver', format('account %s, %s', account, signal), days_inactive,
       health_days_inactive(activity, as_of, signal)
FROM driver JOIN scored USING (account, fleet) JOIN fleet USING (fleet)
WHERE signal IS NOT NULL;

-- ---------------------------------------------------------------- verdict

\set claims 62
\ir common/verdict.sql
