-- health_report and health_driver_rows: the drivers of random accounts, against plain SQL. What each signal adds to the
-- score, to its change, and to the distance from the peers.
-- Runs in a fresh database. A failure prints its seed: repeat it with psql -v seed=0.123456 -f ...
\ir common/start.sql

-- One row per claim; the end of the file fails if a case differs, or if a claim had no case to be wrong about.
CREATE TABLE verdict (claim text, cases bigint, differ bigint, example text);

CREATE FUNCTION differ(mine float8, theirs float8) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$
  SELECT mine IS DISTINCT FROM theirs AND (abs(mine - theirs) <= 1e-9) IS NOT TRUE
$$;

-- f(raw) for a baseline b, which is NULL where nobody is eligible.
CREATE FUNCTION f(raw float8, b float8, p float8, curve text) RETURNS float8 LANGUAGE sql IMMUTABLE AS $$
  SELECT CASE WHEN raw <= 0 OR b IS NULL THEN 0
              WHEN b <= 0 OR curve <> 'open' AND raw >= b THEN 100
              WHEN curve = 'linear' THEN 100 * raw / b
              WHEN curve = 'exponential' THEN 100 * (1 - power(1 - p, raw / b)) / p
              ELSE 100 * (1 - exp(greatest(-700, raw / b * ln(1 - p)))) END  -- exp() must not underflow
$$;

CREATE FUNCTION decay(age int, half_life float8, linear float8) RETURNS float8 LANGUAGE sql IMMUTABLE AS $$
  SELECT CASE WHEN half_life IS NOT NULL THEN power(2, -age / half_life)
              WHEN linear IS NOT NULL THEN greatest(0, 1 - age / linear) ELSE 1 END
$$;

\ir common/fleets.sql

-- ---------------------------------------------------------------- contributions

-- c of every account and signal at both dates: now, and trend_days earlier.
CREATE TABLE part AS
SELECT account, fleet, now, signal, unit, measure, voice, greatest(-max_points, least(max_points, coalesce(weight * term, 0))) AS c
FROM scored JOIN fleet AS m USING (fleet) JOIN rule AS r USING (fleet)
     CROSS JOIN LATERAL (VALUES (true, as_of), (false, as_of - trend_days)) AS t (now, at)
     CROSS JOIN LATERAL (SELECT CASE WHEN never_expires THEN 100000 ELSE r.window_days END AS whole,
       CASE WHEN since IS NOT NULL AND (unit = 'raw' OR mapping IS NOT NULL)
                 AND measure IN ('count', 'days', 'sum') AND NOT never_expires
            THEN greatest(at - since, min_tenure) END AS tenure,
       CASE WHEN own_decay IS NULL THEN half_life ELSE (own_decay ->> 'half_life_days')::float8 END AS h,
       CASE WHEN own_decay IS NULL THEN linear ELSE (own_decay ->> 'linear_days')::float8 END AS l) AS o
     CROSS JOIN LATERAL (SELECT least(whole, tenure) AS days) AS n
     CROSS JOIN LATERAL (SELECT CASE WHEN days = whole THEN 1 ELSE sum(decay(age, h, l)) / sum(decay(age, h, l))
                                  FILTER (WHERE age < days) END AS factor
                         FROM generate_series(0, CASE WHEN days < whole THEN whole - 1 ELSE 0 END) AS age) AS f
     CROSS JOIN LATERAL (
       SELECT sum(x * decay(at - 1 - day, h, l)) * factor AS decayed,
              coalesce(sum(x), 0)::float8 * whole / days AS amount,
              sum(value) / nullif(sum(valued), 0) AS mean, max(day) AS last, coalesce(sum(count), 0) AS count,
              (array_agg(value / valued ORDER BY day DESC) FILTER (WHERE valued > 0))[1] AS latest
       FROM (SELECT day, sum(value) AS value, count(value) AS valued, count(*) AS count,
                    CASE measure WHEN 'count' THEN least(count(*), daily_cap) WHEN 'days' THEN 1
                                 ELSE coalesce(sum(value), 0) END AS x
             FROM event AS e
             WHERE e.account = scored.account AND day >= at - days AND day < at
                   AND (e.signal = r.signal OR e.signal = 'old_login' AND r.signal = 'login')
             GROUP BY day) AS d) AS w
     CROSS JOIN LATERAL (
       SELECT count(DISTINCT signal)::float8 AS members FROM event AS e
       WHERE e.account = scored.account AND day >= at - r.window_days AND day < at AND measure = 'distinct'
             AND starts_with(e.signal, left(r.signal, -1))) AS g
     CROSS JOIN LATERAL (  -- of a ratio all logins in its window, of a trend what was there in the window before
       SELECT count(*) FILTER (WHERE e.signal IN ('login', 'old_login') AND day >= at - days) AS logins,
              count(*) FILTER (WHERE e.signal = r.signal AND day < at - days) AS prior
       FROM event AS e
       WHERE e.account = scored.account AND day >= at - 2 * days AND day < at AND measure IN ('ratio', 'trend')) AS b
     CROSS JOIN LATERAL (
       SELECT CASE WHEN measure = 'last' THEN latest - neutral::float8
                   WHEN measure = 'mean' THEN mean - neutral::float8
                   WHEN measure = 'recency' THEN coalesce(1 - (at - 1 - last) / days::float8, 0) - neutral::float8
                   WHEN measure = 'ratio' THEN count / nullif(logins, 0)::float8 - neutral::float8
                   WHEN measure = 'trend'
                     THEN CASE WHEN prior >= 5 THEN least(1, (count - prior) / prior::float8) - neutral::float8 END
                   WHEN mapping IS NOT NULL AND fleet % 2 = 1
                     THEN mapping[CASE WHEN amount < mapping[2] THEN 3 ELSE 4 END]
                   WHEN mapping IS NOT NULL
                     THEN mapping[3] + (mapping[4] - mapping[3])
                          * least(1, greatest(0, (amount - mapping[1]) / (mapping[2] - mapping[1])))
                   WHEN r.signal = 'user:*' AND seats IS NULL THEN NULL  -- a share of nothing
                   WHEN r.signal = 'user:*' THEN least(1, members / seats) - neutral::float8
                   WHEN measure = 'distinct' THEN members - neutral::float8
                   WHEN unit = 'score' OR measure = 'days' OR seats IS NULL THEN decayed
                   ELSE decayed / power(seats, exponent) END AS term) AS v
WHERE activity IS NOT NULL AND started;
CREATE INDEX ON part (account);

-- What contributions add up to: the raw score, and what the others give and take, of the dimension `voice` no more than
-- its cap.
CREATE TABLE total AS
SELECT account, fleet, now, sum(raw) AS raw, sum(greatest(raw, 0)) AS p_raw, sum(greatest(-raw, 0)) AS n_raw,
       least(max(cap), sum(greatest(said, 0))) + sum(greatest(adjustment, 0)) AS praise,
       least(max(cap), sum(greatest(-said, 0))) + sum(greatest(-adjustment, 0)) AS penalty
FROM part JOIN fleet USING (fleet)
     CROSS JOIN LATERAL (SELECT CASE WHEN unit = 'raw' THEN c ELSE 0 END AS raw, CASE WHEN voice THEN c ELSE 0 END AS said,
                                CASE WHEN unit = 'score' AND NOT voice THEN c ELSE 0 END AS adjustment) AS c
GROUP BY account, fleet, now;
CREATE TABLE eligible AS
SELECT account, fleet, now, raw FROM total JOIN scored USING (account, fleet) JOIN fleet USING (fleet)
WHERE NOT size_missing AND (raw > 0 OR population = 'all')
      AND (as_of - CASE WHEN now THEN 0 ELSE trend_days END - since >= min_tenure) IS NOT FALSE;
CREATE TABLE baseline AS
SELECT fleet, now, coalesce(frozen, percentile_cont(p) WITHIN GROUP (ORDER BY raw)) AS b,
       percentile_cont(0.5) WITHIN GROUP (ORDER BY raw) AS middle
FROM fleet CROSS JOIN (VALUES (true), (false)) AS t (now) LEFT JOIN eligible USING (fleet, now)
GROUP BY fleet, now, p, frozen;
CREATE TABLE level AS
SELECT *, greatest(0, top - penalty) AS score
FROM (SELECT *, least(100, e + praise) AS top
      FROM (SELECT t.*, f(raw, b, p, curve) AS e, f(p_raw, b, p, curve) AS gained
            FROM total AS t JOIN baseline USING (fleet, now) JOIN fleet USING (fleet)) AS e) AS t;

-- ---------------------------------------------------------------- what the drivers must say

-- Level: positive raw signals share f(P), negative ones take f(P) - f(P-N) away; adjustments likewise, up to 100, then
-- down to 0.
CREATE TABLE point AS
SELECT account, fleet, now, signal, unit, c,
       CASE WHEN c * room = 0 THEN 0
            WHEN unit = 'raw' THEN CASE WHEN c > 0 THEN gained * c / p_raw ELSE -(gained - e) * -c / n_raw END
            ELSE CASE WHEN c > 0 THEN (top - e) * c * room / praise
                                 ELSE -(top - score) * -c * room / penalty END END AS points
FROM (SELECT part.*, CASE WHEN voice THEN least(1, cap / nullif(sum(abs(c)) OVER w, 0)) ELSE 1 END AS room
      FROM part JOIN fleet USING (fleet) WINDOW w AS (PARTITION BY account, now, voice, sign(c))) AS part
     JOIN level USING (account, fleet, now);

-- The profile: per raw signal the median over the eligible accounts at or above the median raw score. Zeros count.
CREATE TABLE profile AS
SELECT fleet, signal, CASE WHEN unit = 'raw' THEN percentile_cont(0.5) WITHIN GROUP (ORDER BY c) ELSE 0 END AS c
FROM part JOIN eligible USING (account, fleet, now) JOIN baseline USING (fleet, now)
WHERE now AND raw >= middle GROUP BY fleet, signal, unit;

-- The distance from the profile: a move of the raw signals from c0 to c1 under today's baseline, the mean of gains-first
-- and losses-first.
CREATE TABLE moved AS
SELECT account, signal,
       CASE WHEN c1 > c0 THEN ((high - origin) + (goal - low)) / 2 * (c1 - c0) / gain
            WHEN c1 < c0 THEN ((goal - high) + (low - origin)) / 2 * (c0 - c1) / loss ELSE 0 END AS points
FROM (SELECT account, fleet, signal, c0, c1, sum(c0) OVER w AS r0, sum(c1) OVER w AS r1,
             sum(greatest(c1 - c0, 0)) OVER w AS gain, sum(greatest(c0 - c1, 0)) OVER w AS loss
      FROM (SELECT account, fleet, signal, a.c AS c0, b.c AS c1
            FROM profile AS a JOIN part AS b USING (fleet, signal) WHERE b.now AND b.unit = 'raw') AS step
      WINDOW w AS (PARTITION BY account)) AS s
     JOIN fleet USING (fleet) JOIN baseline USING (fleet)
     CROSS JOIN LATERAL (SELECT f(r0, b, p, curve) AS origin, f(r0 + gain, b, p, curve) AS high,
                                f(r0 - loss, b, p, curve) AS low, f(r1, b, p, curve) AS goal) AS f
WHERE now;

-- The score of four states under today's baseline: before, now, and where each signal contributes what it did at the
-- better or the worse of the two dates. Gains first goes by way of `best`, losses first by way of `worst`.
CREATE TABLE pair AS
SELECT account, fleet, signal, unit, a.measure, voice, a.c AS c0, b.c AS c1
FROM part AS a JOIN part AS b USING (account, fleet, signal, unit, voice) WHERE NOT a.now AND b.now;
CREATE TABLE state AS
SELECT account, fleet, state, e, greatest(0, least(100, e + praise) - penalty) AS score
FROM (SELECT account, fleet, state, sum(c) FILTER (WHERE unit = 'raw') AS raw,
             least(max(cap), sum(greatest(c, 0)) FILTER (WHERE voice))
               + sum(greatest(c, 0)) FILTER (WHERE unit = 'score' AND NOT voice) AS praise,
             least(max(cap), sum(greatest(-c, 0)) FILTER (WHERE voice))
               + sum(greatest(-c, 0)) FILTER (WHERE unit = 'score' AND NOT voice) AS penalty
      FROM pair JOIN fleet USING (fleet)
           CROSS JOIN LATERAL (VALUES ('before', c0), ('now', c1), ('best', greatest(c0, c1)), ('worst', least(c0, c1)))
             AS s (state, c)
      GROUP BY account, fleet, state) AS t
     JOIN fleet USING (fleet) JOIN baseline USING (fleet) CROSS JOIN LATERAL f(raw, b, p, curve) AS e
WHERE now;
-- One gain and one loss, of the score and of f(raw).
CREATE TABLE swing AS
SELECT account, ((best - origin) + (goal - worst)) / 2 AS gain, ((goal - best) + (worst - origin)) / 2 AS loss,
       ((best_e - origin_e) + (goal_e - worst_e)) / 2 AS gain_e, ((goal_e - best_e) + (worst_e - origin_e)) / 2 AS loss_e
FROM (SELECT account, max(score) FILTER (WHERE state = 'before') AS origin, max(score) FILTER (WHERE state = 'best') AS best,
             max(score) FILTER (WHERE state = 'worst') AS worst, max(score) FILTER (WHERE state = 'now') AS goal,
             max(e) FILTER (WHERE state = 'before') AS origin_e, max(e) FILTER (WHERE state = 'best') AS best_e,
             max(e) FILTER (WHERE state = 'worst') AS worst_e, max(e) FILTER (WHERE state = 'now') AS goal_e
      FROM state GROUP BY account) AS s;
-- They are shared in proportion to what those who moved would do without the caps.
CREATE TABLE change AS
SELECT account, signal, CASE WHEN alone > 0 THEN gain * alone / sum(greatest(alone, 0)) OVER w
                             WHEN alone < 0 THEN loss * alone / sum(least(alone, 0)) OVER w ELSE 0 END AS points
FROM (SELECT *, CASE WHEN unit = 'score' OR c0 = c1 THEN c1 - c0
                     WHEN c1 > c0 THEN gain_e * (c1 - c0) / sum(greatest(c1 - c0, 0)) OVER w
                     ELSE loss_e * (c0 - c1) / sum(greatest(c0 - c1, 0)) OVER w END AS alone
      FROM pair JOIN swing USING (account) WINDOW w AS (PARTITION BY account, unit)) AS s
WINDOW w AS (PARTITION BY account);

CREATE TABLE expected AS
SELECT account, signal, a.points, v.points AS vs_peers, CASE WHEN compared THEN d.points END AS change
FROM point AS a JOIN scored USING (account, fleet) JOIN change AS d USING (account, signal)
     LEFT JOIN moved AS v USING (account, signal)
WHERE now
UNION ALL  -- the peers moved, the account did not
SELECT account, 'baseline', 0, NULL, state.score - level.score
FROM state JOIN level USING (account, fleet) JOIN scored USING (account, fleet)
WHERE state = 'before' AND NOT now AND compared;

-- ---------------------------------------------------------------- what they say

CREATE TABLE report AS
SELECT account, fleet, (r).*, score_then
FROM (SELECT account, fleet, health_report(activity, model, as_of, size, since) OVER w AS r,
             health_score(activity, model, as_of - trend_days, size, since) OVER w AS score_then
      FROM scored JOIN fleet USING (fleet) JOIN model USING (fleet) WINDOW w AS (PARTITION BY fleet)) AS r;
CREATE TABLE driver AS
SELECT account, coalesce(signal, kind) AS signal, points, d.change, vs_peers
FROM report CROSS JOIN health_driver_rows(drivers) AS d;

-- A signal of which there is nothing to say has no driver; adjustments have no peers, and the baseline is nobody's.
INSERT INTO verdict
SELECT claim || ' of ' || signal, count(*) FILTER (WHERE theirs <> 0), count(*) FILTER (WHERE differ(mine, theirs)),
       min(format('account %s: %s, not %s', account, mine, theirs)) FILTER (WHERE differ(mine, theirs))
FROM expected AS e LEFT JOIN driver AS d USING (account, signal)
     CROSS JOIN LATERAL (VALUES ('points', d.points, e.points), ('change', d.change, e.change),
                                ('vs_peers', d.vs_peers, e.vs_peers)) AS v (claim, said, theirs)
     CROSS JOIN LATERAL (SELECT CASE WHEN d.account IS NULL AND theirs IS NOT NULL THEN 0 ELSE said END AS mine) AS m
WHERE claim = 'change' OR signal <> 'baseline'
GROUP BY claim, signal
HAVING count(theirs) > 0 OR count(mine) > 0;
INSERT INTO verdict
SELECT 'no other drivers', count(*), count(*) FILTER (WHERE e.account IS NULL),
       min(format('account %s, %s', account, signal)) FILTER (WHERE e.account IS NULL)
FROM driver LEFT JOIN expected AS e USING (account, signal);

INSERT INTO verdict
SELECT claim, count(theirs), count(*) FILTER (WHERE differ(mine, theirs)),
       min(format('account %s: %s, not %s', account, mine, theirs)) FILTER (WHERE differ(mine, theirs))
FROM report AS r
     LEFT JOIN (SELECT account, sum(points) AS points, sum(change) AS change, sum(vs_peers) AS vs_peers
                FROM expected GROUP BY account) AS e USING (account)
     LEFT JOIN (SELECT account, e AS level FROM level WHERE now) AS l USING (account)
     LEFT JOIN (SELECT fleet, sum(c) AS profile FROM profile GROUP BY fleet) AS q USING (fleet)
     JOIN fleet USING (fleet) JOIN (SELECT fleet, b FROM baseline WHERE now) AS b USING (fleet)
     CROSS JOIN LATERAL (VALUES
       ('previous_score is the score of that day', previous_score,
        CASE WHEN r.score_change IS NOT NULL THEN score_then END),
       ('points sum to the score', e.points, score),
       ('changes sum to the change', e.change, r.score_change),
       ('vs_peers sum to the distance from the profile', e.vs_peers,
        CASE WHEN profile IS NOT NULL THEN level - f(profile, b, p, curve) END)) AS v (claim, mine, theirs)
GROUP BY claim;

-- To the bit: what was read again as it was did not move, whatever moved beside it.
INSERT INTO verdict
SELECT 'unmoved ' || unit, count(*) FILTER (WHERE score_change <> 0), count(*) FILTER (WHERE d.change <> 0),
       min(format('account %s, %s: %s', account, signal, d.change)) FILTER (WHERE d.change <> 0)
FROM pair JOIN driver AS d USING (account, signal) JOIN report USING (account, fleet)
WHERE c0 = c1 AND measure IN ('last', 'distinct', 'recency') GROUP BY unit;

-- To the bit, and what is said of young accounts.
INSERT INTO verdict
SELECT claim, count(theirs), count(*) FILTER (WHERE mine IS DISTINCT FROM theirs),
       min(format('account %s: %s, not %s', account, mine, theirs)) FILTER (WHERE mine IS DISTINCT FROM theirs)
FROM report AS r JOIN scored AS s USING (account, fleet) JOIN fleet AS f USING (fleet) JOIN model AS m USING (fleet)
     CROSS JOIN LATERAL (SELECT string_to_array(coalesce(flags, ''), ',') AS told) AS t
     CROSS JOIN LATERAL (VALUES
       ('raw is the raw score', raw_score::text, health_raw_score(activity, m.model, f.as_of, seats, since)::text),
       ('a previous score', (previous_score IS NOT NULL)::text, (compared AND started AND activity IS NOT NULL)::text),
       ('new account', ('new_account' = ANY (told))::text,
        CASE WHEN since IS NOT NULL THEN started AND f.as_of - since < min_tenure
             ELSE first IS NOT NULL AND activity IS NOT NULL AND NOT compared END::text),
       ('not started', ('not_started' = ANY (told))::text, (NOT started)::text)) AS v (claim, mine, theirs)
GROUP BY claim;

-- ---------------------------------------------------------------- by hand

-- b = 100, linear. Contributions 50 and 30 become 20 and 130, capped at 100: gains-first gives the gain 20 points and
-- the loss none; losses-first takes 30 and gives 50. The mean of both orders is -15 and +35.
INSERT INTO verdict
SELECT 'capped move by hand', 2, count(*) FILTER (WHERE differ(change, CASE signal WHEN 'a' THEN -15 ELSE 35 END)),
       string_agg(format('%s: %s', signal, change), ', ')
FROM (SELECT health_report(
               '{"a": {"2026-01-01": 50, "2026-01-11": 20}, "b": {"2026-01-01": 30, "2026-01-11": 130}}'::health_activity,
               '{"window_days": 10, "trend_days": 10, "curve": "linear", "baseline": 100, "signals": {"a": 1, "b": 1}}',
               '2026-01-21') OVER () AS r) AS r, health_driver_rows((r).drivers);
-- 85 of usage and a rating of 5 were 90. A praise of 20 has room for 10, which are all its own: the rating stayed.
INSERT INTO verdict
SELECT 'a rating that stayed', 3, count(*) FILTER (WHERE differ(change, CASE signal WHEN 'praise' THEN 10 ELSE 0 END)),
       string_agg(format('%s: %s', signal, change), ', ')
FROM (SELECT health_report(
               '{"usage": {"2025-12-10": 85, "2026-01-11": 85}, "rating": {"2025-12-10": [1, 5], "2026-01-11": [1, 5]},
                 "praise": {"2026-01-12": 1}}'::health_activity,
               '{"window_days": 20, "trend_days": 28, "curve": "linear", "baseline": 100, "signals": {"usage": 1,
                 "rating": {"weight": 1, "measure": "last", "window_days": null}, "praise": {"weight": 20, "unit": "score"}}}',
               '2026-01-21') OVER () AS r) AS r, health_driver_rows((r).drivers);
-- Two peers without a signal and one with it: the median is 0, so nothing is missing.
INSERT INTO verdict
SELECT 'the median counts zeros', 3, count(*) FILTER (WHERE differ(vs_peers, CASE name WHEN 'x' THEN 30 ELSE 0 END)),
       string_agg(format('%s: %s', name, vs_peers), ', ')
FROM (SELECT name, health_report(activity, '{"curve": "linear", "baseline": 100, "signals": {"a": 1, "b": 1}}',
                                 '2026-01-21') OVER () AS r
      FROM (VALUES ('x', '{"a": {"2026-01-11": 40}, "b": {"2026-01-11": 30}}'::health_activity),
                   ('y', '{"a": {"2026-01-11": 70}}'), ('z', '{"a": {"2026-01-11": 70}}')) AS v (name, activity)) AS r,
     health_driver_rows((r).drivers) WHERE signal = 'b';

-- ---------------------------------------------------------------- verdict

SELECT set_config('test.seed', :'seed', false) \g /dev/null
TABLE verdict ORDER BY claim;
DO $$
DECLARE
  wrong text := (SELECT string_agg(format('%s: %s of %s differ, such as %s', claim, differ, cases, example), E'\n')
                 FROM verdict WHERE differ > 0 OR cases = 0);
BEGIN
  IF wrong IS NOT NULL THEN RAISE EXCEPTION 'seed %', current_setting('test.seed') USING DETAIL = wrong; END IF;
END $$;
