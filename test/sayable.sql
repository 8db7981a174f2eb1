-- Can what a report says be said aloud? A judge of every sentence about the accounts of examples/sample.sql, which runs
-- before with views.sql, and about a random book of 300 more, in both languages: what is named moved, what is printed
-- stands in the columns, what is green and without news has no risk.
-- A failure prints its seed: repeat it with psql -v seed=0.123456 -f examples/sample.sql -f examples/views.sql -f ...
SET client_min_messages = warning;
\ir property/common/start.sql

-- ---------------------------------------------------------------- a random book

-- Twelve fleets of 25 accounts, each with a model of its own: every fourth is a scorecard; two in three know sizes, one
-- in two since when their accounts are there, one in three is closed on Saturday and Sunday. In one of them a signal is
-- renamed, in one the feed stops.
CREATE TABLE fleet AS
SELECT fleet, fleet % 4 = 3 AS scorecard, fleet % 3 <> 1 AS sized, fleet % 2 = 0 AS dated, fleet % 3 = 0 AS weekend,
       fleet = 5 AS renamed, fleet = 10 AS stale, date '2026-01-01' + floor(random() * 100)::int AS as_of,
       (ARRAY[14, 28, 28, 30])[1 + floor(random() * 4)::int] AS trend_days
FROM generate_series(1, 12) AS fleet;

-- All measures and units; w and v are the weight at most and the neutral value.
CREATE TABLE rule AS
SELECT fleet, signal, CASE WHEN o ? 'set_score' THEN o
                           ELSE o || jsonb_build_object('weight', round((w * (0.3 + 0.7 * random()))::numeric, 2)) END
              || CASE WHEN random() < bounded THEN jsonb_build_object('max_points', 3 + floor(random() * 12)::int)
                      ELSE '{}' END AS options
FROM fleet CROSS JOIN (VALUES
  (NULL, 'login', 5, 0, jsonb '{"label": {"en": "Login", "fr": "Connexion"}, "dimension": "adoption",
     "next_step": {"en": "Call the team", "fr": "Appeler l’équipe"}}'),
  (NULL, 'export', 9, 0.1, '{"measure": "days", "dimension": "adoption", "label": {"en": "Export", "fr": "Export"},
     "opportunity": true,
     "next_step": {"en": "Ask what the exports are for", "fr": "Demander à quoi servent les exports"}}'),
  (NULL, 'minutes', 0.8, 0.1, '{"measure": "sum", "dimension": "adoption",
     "label": {"en": "minutes watched", "fr": "minutes regardées"}}'),
  (NULL, 'form_published', 9, 0, '{"daily_cap": 5, "dimension": "outcomes",
     "label": {"en": "Form published", "fr": "Formulaire publié"}, "opportunity": true,
     "next_step": {"down": {"en": "Ask for the next form", "fr": "Demander le prochain formulaire"},
                   "up": {"en": "Show them templates", "fr": "Montrer les modèles"}}}'),
  (NULL, 'error', -2, 0.3, '{"unit": "raw", "dimension": "support", "label": {"en": "Error", "fr": "Erreur"}}'),
  (NULL, 'cancel', -20, 0.3, '{"dimension": "intent", "label": {"en": "Cancel page", "fr": "Page de résiliation"},
     "next_step": {"en": "Call today", "fr": "Appeler aujourd’hui"}}'),
  (NULL, 'sponsor_left', -15, 0, '{"window_days": null, "half_life_days": null,
     "label": {"en": "Sponsor left", "fr": "Départ du sponsor"},
     "text": {"risk": {"en": "Sponsor left {ago} {ago|day|days} ago",
                       "fr": "Sponsor parti il y a {ago} {ago|jour|jours}"}}}'),
  (false, 'api_call', 1, 0.3, '{"usage": false, "label": {"en": "API call", "fr": "Appel à l’API"}}'),
  (false, 'csat', 4, 0.2, '{"measure": "last", "unit": "raw", "neutral": 3, "window_days": 45, "out_of": 5,
     "label": {"en": "Support rating", "fr": "Note du support"}}'),
  (false, 'team:*', 6, 0.2, '{"measure": "distinct", "unit": "raw", "days": 21}'),
  (false, 'praise', 3, 0.3, '{"measure": "days", "unit": "score", "label": {"en": "Praise", "fr": "Éloge"}}'),
  (false, 'credit', -2, 0.3, '{"measure": "sum", "unit": "score", "label": {"en": "Credit note", "fr": "Avoir"}}'),
  (false, 'nps', 2, 0, '{"measure": "last", "neutral": 7, "window_days": null, "label": {"en": "NPS", "fr": "NPS"}}'),
  (false, 'effort', 3, 0.3, '{"measure": "mean", "neutral": 4, "out_of": 7, "dimension": "support",
     "label": {"en": "Ease of use", "fr": "Facilité d’usage"}}'),
  (false, 'advice', 8, 0, '{"measure": "recency", "label": {"en": "Advice", "fr": "Conseil"}}'),
  (false, 'report', 8, 0.3, '{"measure": "ratio", "of": "login",
     "label": {"en": "Reports a login", "fr": "Rapports par connexion"}}'),
  (false, 'course', 9, 0, '{"measure": "trend", "window_days": 28, "label": {"en": "Courses", "fr": "Cours"}}'),
  (false, 'visit', 4, 0, '{"scale": [[1, 0], [4, 1]], "label": {"en": "Visit", "fr": "Visite"}}'),
  (false, 'onboarded', 6, 0, '{"unit": "score", "usage": false, "window_days": 180, "expected_within_days": 20,
     "label": {"en": "Onboarding done", "fr": "Intégration terminée"}}'),
  (false, 'seat_use', 10, 0, '{"measure": "last", "neutral": 0.5, "window_days": 30, "out_of": 1,
     "label": {"en": "Seat use", "fr": "Taux d’usage"}}'),
  (true, 'csat', 15, 0, '{"measure": "last", "scale": [[1, 0], [5, 1]], "out_of": 5, "window_days": 120,
     "label": {"en": "Support rating", "fr": "Note du support"}}'),
  (true, 'nps', 20, 0, '{"measure": "mean", "out_of": 10, "window_days": 180, "label": {"en": "NPS", "fr": "NPS"}}'),
  (true, 'advice', 10, 0, '{"measure": "recency", "usage": false, "label": {"en": "Advice", "fr": "Conseil"}}'),
  (true, 'open_tickets', 10, 0, '{"measure": "last", "scale": [[0, 1], [5, 0]], "window_days": 60,
     "dimension": "support", "label": {"en": "Open tickets", "fr": "Tickets ouverts"},
     "next_step": {"en": "Review the tickets", "fr": "Revoir les tickets"}}'),
  (true, 'seat_use', 10, 0, '{"measure": "last", "out_of": 1, "window_days": 30,
     "label": {"en": "Seat use", "fr": "Taux d’usage"}}'),
  (true, 'csm_score', 0, 0, '{"measure": "last", "set_score": true, "window_days": 30,
     "label": {"en": "the CSM", "fr": "le CSM"}}'))
  AS v (mean, signal, w, bounded, o)
WHERE mean IS NULL OR mean = scorecard
UNION ALL
SELECT fleet, 'user:*', jsonb_build_object('weight', 10 + floor(random() * 20)::int, 'measure', 'distinct', 'days', 14,
                                           'label', jsonb '{"en": "Active users", "fr": "Utilisateurs actifs"}')
       || CASE WHEN scorecard AND sized THEN '{"of": "size"}'::jsonb
               WHEN scorecard THEN '{"out_of": 8}'
               WHEN sized THEN '{"of": "size", "neutral": 0.5,
                                 "text": {"en": "{missing} {missing|seat|seats} of {size} idle for {days} days",
                                          "fr": "{missing} {missing|licence inactive|licences inactives} sur {size}"}}'
               ELSE '{"neutral": 4, "max_points": 20, "weight": 2}' END
FROM fleet;

CREATE TABLE model AS
SELECT fleet, jsonb_build_object('window_days', (ARRAY[60, 90, 90])[1 + fleet % 3], 'trend_days', trend_days,
                                 'curve', (ARRAY['exponential', 'linear', 'open'])[1 + fleet / 2 % 3],
                                 'min_population', 5, 'max_drivers', CASE WHEN fleet % 6 = 1 THEN 5 ELSE 100 END,
                                 'signals', signals)
       || CASE WHEN scorecard THEN '{"combine": "mean", "usage_weight": 40, "green_from": 65}' ELSE '{}' END::jsonb
       || CASE WHEN fleet % 5 <> 0 THEN '{"half_life_days": 30}' ELSE '{}' END::jsonb
       || CASE WHEN fleet % 2 = 0 THEN '{"percentile": 0.75}' ELSE '{}' END::jsonb
       || CASE WHEN weekend THEN '{"weekend": [6, 7]}' ELSE '{}' END::jsonb
       || CASE fleet WHEN 8 THEN '{"bands": [[{"en": "critical", "fr": "critique"}, 0],
                                   ["at risk", 30], ["fair", 60], ["good", 75]]}'
                     WHEN 9 THEN '{"trend_points": 4, "risk_points": 2, "dimension_caps": {"intent": 20}}'
                     WHEN 12 THEN '{"trend_points": 1, "silent_days": 15}' ELSE '{}' END::jsonb AS model
FROM fleet
     JOIN (SELECT fleet, jsonb_object_agg(signal, options) AS signals FROM rule GROUP BY fleet) AS r USING (fleet);

-- What an account is like. Days count from as_of; shape bends its activity over time: below 1 it grows, above it fades.
CREATE TABLE account AS
SELECT row_number() OVER (ORDER BY fleet, n) AS account, fleet, n, -start AS start,
       CASE WHEN silence < 0.15 THEN -floor(silence * 400)::int WHEN stale THEN -6 ELSE 0 END AS stop,
       0.3 + 1.3 * busy AS level, CASE WHEN bend < 0.2 THEN 0.5 WHEN bend > 0.8 THEN 2 ELSE 1 END AS shape,
       CASE WHEN shock < 0.15 THEN 0.7 WHEN shock > 0.85 THEN -0.7 ELSE 0 END AS shock,  -- recent loss or gain
       CASE WHEN sized AND seats > 0.05 THEN 2 + floor(seats * 20)::int END AS size,
       CASE WHEN dated AND known < 0.9
            THEN as_of - start - CASE WHEN known < 0.2 THEN floor(known * 60)::int  -- first seen later
                                      WHEN known > 0.85 THEN -floor(known * 20)::int  -- a trial before
                                      ELSE 0 END END AS since,
       monthly < 0.06 AS monthly, never < 0.04 AS never, away < 0.2 AS away, moody < 0.5 AS moody, mood
FROM (SELECT fleet, n, CASE WHEN random() < 0.2 THEN 3 + floor(random() * 40) ELSE 60 + floor(random() * 140) END::int
               AS start, random() AS silence, random() AS busy, random() AS bend, random() AS shock, random() AS seats,
             random() AS known, random() AS monthly, random() AS never, random() AS away, random() AS moody,
             random() AS mood
      FROM fleet CROSS JOIN generate_series(1, 25) AS n) AS dice
     JOIN fleet USING (fleet);

-- How often a day, and what is read between low and high.
CREATE TABLE habit (signal text, rate float8, low float8, high float8);
INSERT INTO habit VALUES
  ('login', 0.9, NULL, NULL), ('export', 0.3, NULL, NULL), ('form_published', 0.25, NULL, NULL),
  ('api_call', 0.3, NULL, NULL), ('team', 0.5, NULL, NULL), ('user', 1.1, NULL, NULL), ('report', 0.3, NULL, NULL),
  ('course', 0.2, NULL, NULL), ('advice', 0.03, NULL, NULL), ('visit', 0.02, NULL, NULL),
  ('praise', 0.01, NULL, NULL), ('onboarded', 0.01, NULL, NULL), ('error', 0.02, NULL, NULL),
  ('cancel', 0.002, NULL, NULL), ('sponsor_left', 0.0008, NULL, NULL), ('minutes', 0.5, 0, 40), ('credit', 0.005, 0, 4),
  ('csat', 0.03, 1, 5), ('nps', 0.012, 0, 10), ('effort', 0.03, 1, 7), ('seat_use', 0.1, 0, 1),
  ('open_tickets', 0.05, 0, 7), ('csm_score', 0.001, 0, 100);

CREATE TABLE event AS
SELECT account, CASE WHEN signal IN ('user', 'team') THEN signal || ':' || who
                     WHEN renamed AND signal = 'login' AND ago < 6 THEN 'signed_in' ELSE signal END AS signal,
       as_of - 1 - ago AS day,
       CASE WHEN signal = 'seat_use' THEN round(v::numeric, 2) WHEN signal = 'minutes' THEN round(v::numeric, 1)
            ELSE round(v::numeric) END::float8 AS value
FROM (SELECT account, fleet, monthly, away, shock, signal,
             -stop + floor((stop - start) * power(random(), shape))::int AS ago,
             1 + floor(7 * power(random(), 2))::int AS who, random() AS kept,
             -- The moody answer otherwise each time.
             low + (high - low) * CASE WHEN moody OR signal = 'minutes' THEN random() ELSE sqrt(mood) END AS v
      FROM account CROSS JOIN habit
           CROSS JOIN LATERAL generate_series(
             1, floor(rate * (stop - start) * CASE WHEN rate < 0.01 THEN 1 ELSE level END + random())::int)
      WHERE stop > start AND NOT never) AS dice
     JOIN fleet USING (fleet)
WHERE NOT (weekend AND kept < 0.97 AND extract(isodow FROM as_of - 1 - ago) > 5)
      AND (NOT monthly OR extract(day FROM as_of - 1 - ago) BETWEEN 2 AND 6)
      AND NOT (away AND signal = 'user' AND who = 1 AND ago < 8)
      AND NOT (shock > 0 AND ago < trend_days AND kept < shock)
      AND NOT (shock < 0 AND ago >= trend_days AND kept < -shock);
ANALYZE event;

-- ---------------------------------------------------------------- what is said

-- The sample and the book; the book at two dates.
CREATE TABLE told AS
SELECT row_number() OVER () AS id, book, account, language, began, activity, model AS m, (r).*
FROM (SELECT 'sample' AS book, account_id AS account, language, created_on AS began, seen AS activity, model,
             health_report(seen, model || jsonb_build_object('language', language), '2026-01-01', seats, created_on)
             OVER (PARTITION BY language, segment) AS r
      FROM accounts JOIN health_models USING (segment) LEFT JOIN account_activity USING (account_id)
           CROSS JOIN LATERAL (SELECT coalesce(activity, '{}') AS seen) AS s
           CROSS JOIN unnest('{en,fr}'::text[]) AS language
      UNION ALL
      SELECT 'fleet ' || fleet, n::text, language, since, activity, model,
             health_report(activity, model || jsonb_build_object('language', language), as_of - back, size, since)
             OVER (PARTITION BY fleet, back, language)
      FROM (SELECT account, coalesce(health_activity(signal, day, value), '{}') AS activity
            FROM account LEFT JOIN event USING (account) GROUP BY account) AS a
           JOIN account USING (account) JOIN fleet USING (fleet)
           JOIN (SELECT fleet, model::health_model AS model FROM model) AS m USING (fleet)
           CROSS JOIN unnest('{en,fr}'::text[]) AS language CROSS JOIN unnest('{0,35}'::int[]) AS back) AS reported;
DELETE FROM told WHERE score IS NULL;

-- What the judge knows of an account: its age, the models' thresholds, which of its bands is the best.
CREATE TABLE known AS
SELECT id, language = 'fr' AS french,
       nullif(greatest(as_of - coalesce(began, health_first_day(activity)), 0), 0) AS age,
       -- Days in which things are counted: those of a trial before it began, too.
       nullif(greatest(as_of - least(began, health_first_day(activity)), 0), 0) AS known_days,
       coalesce((o ->> 'trend_days')::int, 28) AS trend_days,
       coalesce((o ->> 'trend_points')::float8, 10) AS trend_points,
       coalesce((o ->> 'risk_points')::float8, 3) AS risk_points,
       coalesce((o ->> 'silent_days')::int, CASE WHEN o ? 'weekend' THEN 7 ELSE 10 END) AS silent_days,
       coalesce(o #>> '{bands,-1,0}', 'green') = band AS best,
       (o ->> 'usage_weight')::float8 AS usage_weight, o ? 'dimension_caps' AS dimension_caps,
       floor(score + 1e-9)::int AS shown, floor(previous_score + 1e-9)::int AS before,
       coalesce('new_account' = ANY (string_to_array(flags, ',')), false) AS young
FROM told CROSS JOIN LATERAL (SELECT m::jsonb AS o) AS j;

CREATE TABLE driver AS
SELECT id, d.*, o ->> 'measure' IN ('last', 'mean', 'distinct', 'recency', 'ratio', 'trend') IS TRUE AS gauge,
       coalesce(o ->> 'measure', 'count') AS measure, o ? 'text' AS own_text, (o ->> 'weight')::float8 AS weight,
       (o ->> 'out_of')::float8 AS out_of, o ? 'scale' AS scaled, inside, short,
       o ->> 'of' = 'size' IS TRUE OR o ->> 'measure' IN ('recency', 'trend') IS TRUE
         OR o ->> 'out_of' = '1' IS TRUE AS percent,
       coalesce((o ->> 'usage')::boolean,
                (o ->> 'weight')::float8 > 0
                AND coalesce(o ->> 'measure', 'count') NOT IN ('last', 'mean', 'ratio', 'trend'), false) AS usage
FROM told CROSS JOIN LATERAL health_driver_rows(drivers) AS d
     CROSS JOIN LATERAL (SELECT CASE jsonb_typeof(s) WHEN 'number' THEN jsonb_build_object('weight', s) ELSE s END AS o
                         FROM (SELECT m::jsonb -> 'signals' -> d.signal AS s) AS s) AS o
     -- Within a sentence words begin small, and labels as the model has them; a second comparison with peers is told in short.
     CROSS JOIN LATERAL (SELECT CASE jsonb_typeof(o -> 'label') WHEN 'object' THEN o -> 'label' ->> language
                                     ELSE coalesce(o ->> 'label', label) END AS written) AS w
     CROSS JOIN LATERAL (SELECT CASE WHEN starts_with(text, written) THEN text
                                     ELSE lower(left(text, 1)) || substr(text, 2) END AS inside) AS i
     CROSS JOIN LATERAL (SELECT regexp_replace(
       inside, '(?: (?:in|of|en|sur) [0-9]+(?: days?| jours?)?)? \((?:contre )?([^()]*) (?:for more active customers|chez les clients plus actifs)\)',
       CASE language WHEN 'fr' THEN ' (contre \1)' ELSE ' (against \1)' END) AS short) AS p;
CREATE INDEX ON driver (id);
ANALYZE driver;

-- The sentence as its columns want it to begin; what follows are its facts.
CREATE TABLE sentence AS
SELECT id, opening, move, opening IS NOT NULL AND starts_with(reason, opening)
             AND CASE WHEN rest = '.' THEN score_change IS NULL
                      WHEN french THEN rest ~ '^\u00A0: .*\.$' ELSE rest ~ '^: .*\.$' END AS parsed,
       CASE WHEN rest NOT IN ('.', ': nothing new.', E'\u00A0: rien de nouveau.')
            THEN regexp_replace(rest, '^\u00A0?: (.*)\.$', '\1') END AS facts
FROM told JOIN known USING (id)
     CROSS JOIN LATERAL (SELECT CASE WHEN abs(score_change) >= trend_points AND shown <> before
                                     THEN sign(shown - before)::int ELSE 0 END AS move) AS v
     CROSS JOIN LATERAL (SELECT format(
       CASE sign(move) WHEN -1 THEN CASE WHEN french THEN 'Score tombé à %s (−%s)' ELSE 'Score fell to %s (-%s)' END
                       WHEN 1 THEN CASE WHEN french THEN 'Score monté à %s (+%s)' ELSE 'Score rose to %s (+%s)' END
                       ELSE 'Score %s' END, shown, abs(shown - before)) AS opening) AS b
     CROSS JOIN LATERAL (SELECT substr(reason, length(opening) + 1) AS rest) AS r;

-- What the account says of itself rather than of a signal.
CREATE TABLE account_text (kind text, pattern text);
INSERT INTO account_text VALUES
  ('never_active', '^No activity on record since the start [0-9]+ days? ago$'), ('never_active', '^No activity on record$'),
  ('never_active', '^Aucune activité connue depuis le début, il y a [0-9]+ jours?$'),
  ('never_active', '^Aucune activité enregistrée$'),
  ('silent', '^Nobody active for [0-9]+ days?$'), ('silent', '^Plus personne d’actif depuis [0-9]+ jours?$'),
  ('new', '^New, day [0-9]+$'), ('new', '^Nouveau client, jour [0-9]+$'),
  ('new', '^No activity so far$'), ('new', '^Aucune activité à ce jour$'),
  ('usage_down', '^Usage down( [0-9]+%)? in [0-9]+ (day|week)s?( \(above all .*\))?$'),
  ('usage_down', '^Usage en baisse( de [0-9]+\u00A0%)? sur [0-9]+ (jour|semaine)s?( \(surtout .*\))?$'),
  ('usage_up', '^Usage (up [0-9]+%|more than tripled) in [0-9]+ (day|week)s?( \(above all .*\))?$'),
  ('usage_up', '^Usage (en hausse de [0-9]+\u00A0%|plus que triplé) sur [0-9]+ (jour|semaine)s?( \(surtout .*\))?$'),
  ('usage_low', '^Usage at [0-9]+% of (what a score of [0-9.]+ takes|the most active customer|what the most active [0-9.]+% of customers reach)$'),
  ('usage_low', '^Usage à [0-9]+\u00A0% de (ce que demande un score de [0-9,]+|celui du client le plus actif|'
                'ce qu’atteignent les [0-9,]+\u00A0% de clients les plus actifs)$');

CREATE TABLE fact AS
SELECT f.id, n, coalesce(d.text, upper(left(f.text, 1)) || substr(f.text, 2)) AS text, f.text AS said, still, d.rank,
       d.signal, coalesce(a.kind, d.kind) AS kind, d.usage, d.gauge, d.percent, d.recent, d.prior, d.rank IS NULL AS of_account,
       CASE WHEN d.rank IS NOT NULL THEN d.change
            ELSE (SELECT sum(u.change) FROM driver AS u
                  WHERE u.id = f.id AND u.usage
                        AND (a.kind IN ('silent', 'never_active') OR a.kind = 'usage_down' AND u.kind = 'down'
                             OR a.kind = 'usage_up' AND u.kind IN ('up', 'new')))
       END AS change
FROM (SELECT id, n, move, regexp_replace(part, '^(but|mais) ', '') AS text, part ~ '^(but|mais) ' AS still
      FROM sentence CROSS JOIN LATERAL regexp_split_to_table(facts, '\u00A0?; ') WITH ORDINALITY AS p (part, n)
      WHERE parsed) AS f
     LEFT JOIN LATERAL (SELECT * FROM driver AS d WHERE d.id = f.id AND f.text IN (d.text, inside, short)
                        -- A first reading has two rows: that of what it moved, and that of what it is.
                        ORDER BY (d.kind = 'coverage') = (move <> 0 AND NOT still) DESC, rank LIMIT 1) AS d ON true
     LEFT JOIN account_text AS a ON d.rank IS NULL AND upper(left(f.text, 1)) || substr(f.text, 2) ~ a.pattern;
CREATE INDEX ON fact (id);
ANALYZE fact;

-- Every text that a report has.
CREATE TABLE word AS
SELECT id, what, text
FROM told CROSS JOIN LATERAL (VALUES ('reason', reason), ('main_risk', main_risk), ('next_step', next_step),
                                     ('main_opportunity', main_opportunity)) AS v (what, text) WHERE text IS NOT NULL
UNION ALL
SELECT id, 'driver', text FROM driver WHERE text IS NOT NULL;

-- ---------------------------------------------------------------- claims

-- One row per claim and case, and what of it is wrong.
CREATE TABLE finding (claim text, id bigint, wrong boolean, what text);

CREATE FUNCTION number(printed text) RETURNS float8 LANGUAGE sql IMMUTABLE AS
$$ SELECT translate(printed, ',−', '.-')::float8 $$;
-- Whether a number was printed for a value: a rounded one for a longer one, a share in percent.
CREATE FUNCTION prints(printed text, value float8, percent boolean) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$
  SELECT abs(number(printed) - CASE WHEN percent THEN 100 ELSE 1 END * value)
         <= CASE WHEN percent THEN 0.5 WHEN abs(value) >= 1000 THEN 0.5 ELSE 0.05 END + 1e-9
$$;

INSERT INTO finding
SELECT 'the score and its change are printed as the columns have them', id,
       NOT parsed OR score_shown <> shown OR abs(score - previous_score - score_change) > 1e-9, opening
FROM told JOIN known USING (id) JOIN sentence USING (id);

INSERT INTO finding
SELECT 'a fact is the text of a driver or one of the account', id, kind IS NULL OR kind = 'other', text FROM fact;
INSERT INTO finding
SELECT 'words are small within a sentence', f.id,
       CASE WHEN of_account THEN said ~ '^[A-Z]' ELSE NOT own_text AND said NOT IN (inside, short) END, said
FROM fact AS f LEFT JOIN driver AS d ON d.id = f.id AND d.rank = f.rank;
INSERT INTO finding
SELECT 'peers are named once in a sentence, and first', id,
       count(*) FILTER (WHERE named) <> 1 OR NOT (array_agg(named ORDER BY n))[1], NULL
FROM (SELECT f.id, n, said = inside AS named FROM fact AS f JOIN driver AS d ON d.id = f.id AND d.rank = f.rank
      WHERE inside <> short) AS f GROUP BY id;
INSERT INTO finding
SELECT 'a sentence has one colon', id, position(':' IN facts) > 0, NULL FROM sentence;
INSERT INTO finding
SELECT 'nothing new is said of a score that stayed', id, move <> 0, NULL
FROM told JOIN sentence USING (id) WHERE reason ~ '(nothing new|rien de nouveau)';

-- What is told of a fall or a rise, and whether anything else moved by a point that way. Beside a silence that is a cause, usage is not.
-- Where nothing did, usage is told by its percentage.
CREATE TABLE cause AS
SELECT f.*, move
FROM (SELECT fact.*, EXISTS (SELECT FROM fact AS o
                             WHERE o.id = fact.id AND o.kind IN ('silent', 'never_active') AND NOT o.still) AS silence
      FROM fact) AS f
     JOIN sentence USING (id)
WHERE move <> 0 AND NOT still AND f.kind IS NOT NULL;

INSERT INTO finding
SELECT CASE WHEN move < 0 THEN 'in a fall each cause fell' ELSE 'in a rise each cause rose' END, id,
       move * change < 1 AND (reached OR NOT of_account AND NOT move * change > 0), format('%s: %s', text, change)
FROM cause AS c CROSS JOIN LATERAL (
       SELECT EXISTS (SELECT FROM driver AS d WHERE d.id = c.id AND d.kind <> 'other' AND move * d.change >= 1
                                                    AND NOT (silence AND (d.usage OR d.kind = 'member_silent')))
              OR EXISTS (SELECT FROM fact AS f
                         WHERE f.id = c.id AND f.of_account AND NOT f.still AND move * f.change >= 1)
         AS reached) AS r
WHERE NOT of_account OR NOT EXISTS (SELECT FROM driver AS d WHERE d.id = c.id AND d.kind = 'other');

-- No driver that is left out moved further than one that is told; where fewer than three are told, none moved by a
-- point and by a twentieth of all that moved that way.
INSERT INTO finding
SELECT 'the causes are the largest, in their order', id,
       causes <> ordered
       OR left_out > 1 + 1e-9 AND (left_out > least + 1e-9 OR told < 3 AND left_out > total / 20 + 1e-9),
       format('%s; left out: %s', causes, (SELECT string_agg(format('%s %s', text, change), ', ') FROM driver AS d
                                           WHERE d.id = c.id AND move * change >= 1))
FROM (SELECT id, move, array_agg(text ORDER BY n) AS causes, array_agg(text ORDER BY move * change DESC, n) AS ordered,
             min(move * change) AS least, (SELECT count(*) FROM fact AS f WHERE f.id = cause.id) AS told,
             bool_or(of_account OR silence) AS of_account
      FROM cause WHERE change <> 0 GROUP BY id, move) AS c
     CROSS JOIN LATERAL (SELECT sum(move * change) AS total,
                                max(move * change) FILTER (
                                  WHERE NOT EXISTS (SELECT FROM fact AS f WHERE f.id = c.id AND f.rank = d.rank)
                                        AND NOT (of_account AND usage)
                                        AND kind NOT IN ('no_data', 'coverage', 'baseline'))
                                AS left_out
                         FROM driver AS d WHERE d.id = c.id AND move * change > 0) AS o
WHERE NOT EXISTS (SELECT FROM driver AS d WHERE d.id = c.id AND kind = 'other');
-- (Where a rise has a risk, the third cause gives way to it.)
INSERT INTO finding
SELECT 'what the others did is told where it is a third of the move', d.id,
       CASE WHEN named THEN share < 1.0 / 3 - 1e-9 AND told > 1 ELSE share > 1.0 / 3 + 1e-9 AND share * total > least + 1e-9 END,
       format('%s: %s of %s', text, change, total)
FROM driver AS d JOIN sentence USING (id)
     CROSS JOIN LATERAL (SELECT sum(move * o.change) AS total FROM driver AS o WHERE o.id = d.id AND move * o.change > 0) AS a
     CROSS JOIN LATERAL (SELECT move * d.change / total AS share) AS s
     CROSS JOIN LATERAL (SELECT bool_or(c.rank = d.rank) IS TRUE AS named, count(*) AS told, min(move * c.change) AS least
                         FROM cause AS c WHERE c.id = d.id) AS c
WHERE d.kind = 'baseline' AND move <> 0 AND share > 0
      AND NOT EXISTS (SELECT FROM driver AS o WHERE o.id = d.id AND o.kind = 'other');
INSERT INTO finding
SELECT 'what a rise, or a green score, still has is its main risk', id,
       n = 1 OR n <> last OR text <> main_risk OR move < 0 OR move = 0 AND NOT best, text
FROM (SELECT *, max(n) OVER (PARTITION BY id) AS last FROM fact) AS f JOIN sentence USING (id) JOIN told USING (id)
     JOIN known USING (id)
WHERE still;
INSERT INTO finding
SELECT 'a green score that stayed is told by strengths, and then by its risk', id,
       NOT still AND (points <= 0 AND text IS DISTINCT FROM main_risk OR main_risk IS NOT NULL AND NOT ended
                      OR NOT gauge AND age >= 2 * trend_days AND prior > 0 AND recent <= 0.8 * prior
                         AND text IS DISTINCT FROM main_risk), text
FROM (SELECT f.*, d.points, bool_or(still) OVER (PARTITION BY f.id) AS ended, count(*) OVER (PARTITION BY f.id) AS told
      FROM fact AS f LEFT JOIN driver AS d ON d.id = f.id AND d.rank = f.rank) AS f
     JOIN sentence USING (id) JOIN known USING (id) JOIN told USING (id)
WHERE best AND move = 0 AND previous_score IS NOT NULL AND told > 1;

INSERT INTO finding
SELECT 'no cause is unmoved', id,
       change = 0 OR gauge AND round((recent * p)::numeric, places) = round((prior * p)::numeric, places) IS TRUE,
       format('%s: %s to %s', text, prior, recent)
FROM cause AS c
     CROSS JOIN LATERAL (SELECT CASE WHEN percent THEN 100 ELSE 1 END AS p,
                                CASE WHEN EXISTS (SELECT FROM driver AS d
                                                  WHERE d.id = c.id AND d.signal = c.signal AND d.measure = 'ratio')
                                     THEN 2 ELSE 1 END AS places) AS printed
WHERE NOT of_account;

INSERT INTO finding
SELECT 'nothing steady is a cause', id, kind = 'steady' AND text ~ '\m(steady|sans grand changement)\M', format('%s: %s', text, change)
FROM cause WHERE NOT of_account;

INSERT INTO finding
SELECT 'what moved by a fifth is not steady', id, abs(recent - prior) >= 0.2 * abs(prior) AND recent <> prior,
       format('%s: %s to %s', text, prior, recent)
FROM driver JOIN known USING (id)
WHERE (kind = 'steady' AND measure <> 'mean' AND age > trend_days OR text ~ '\m(steady|sans grand changement)\M')
      AND prior IS NOT NULL AND recent IS NOT NULL AND NOT own_text;

INSERT INTO finding
SELECT 'numbers have no idle zeros', id, text ~ '[0-9][.,]([0-9]*0(?![0-9])|[0-9]{3})', text FROM word;
INSERT INTO finding SELECT 'every placeholder is filled in', id, text ~ '[{}]', text FROM word;
INSERT INTO finding SELECT 'single spaces', id, text ~ '[ \u00A0\u202F]{2}|^[ \u00A0]|[ \u00A0]$', text FROM word;
INSERT INTO finding
SELECT 'French spaces', id, text ~ '[^\u00A0\u202F][%:;?!]', text FROM word JOIN known USING (id)
WHERE french AND text ~ '[%:;?!]';
INSERT INTO finding
SELECT 'English spaces', id, text ~ '[ \u00A0\u202F][%:;?!]|\u00A0', text FROM word JOIN known USING (id)
WHERE NOT french AND text ~ '[%:;?!]';
INSERT INTO finding
SELECT 'one kind of apostrophe', id, text ~ '''', text FROM word WHERE text ~ '[''’]';

-- Without news: nothing lost a point, fell or fell silent, and nothing costs as much as a risk. Of a scorecard a
-- measure costs what it lacks.
INSERT INTO finding
SELECT 'what is green and without news has no main risk', id, main_risk IS NOT NULL, main_risk
FROM told JOIN known USING (id)
     CROSS JOIN LATERAL (SELECT 100 / coverage / (usage_weight + sum((o ->> 'weight')::float8)) AS each
                         FROM jsonb_each(m::jsonb -> 'signals') AS s (signal, o)
                         WHERE o ? 'out_of' OR o ? 'scale' OR o ->> 'measure' IN ('recency', 'distinct')) AS w
WHERE best AND NOT dimension_caps AND days_inactive < silent_days
      AND main_risk ~ '(most active so far|en tête jusqu''ici)' IS NOT TRUE
      AND NOT EXISTS (SELECT FROM driver AS d WHERE d.id = told.id AND (
        change <= -1 OR points <= -risk_points OR kind IN ('awaited', 'member_silent', 'inactive', 'down', 'other')
        OR usage_weight IS NOT NULL AND gauge AND weight * each - points >= risk_points));
INSERT INTO finding
SELECT 'half of the green accounts of the sample have no main risk', min(id), 2 * count(main_risk) > count(*),
       format('%s of %s have one', count(main_risk), count(*))
FROM told WHERE book = 'sample' AND language = 'en' AND band = 'green';
INSERT INTO finding
SELECT 'only a risk of the account has no signal', id,
       main_risk_signal IS NULL
         <> EXISTS (SELECT FROM account_text WHERE main_risk ~ pattern AND kind NOT IN ('new', 'usage_up')),
       format('%s: %s', main_risk_signal, main_risk)
FROM told WHERE main_risk IS NOT NULL;
INSERT INTO finding
SELECT 'a main risk is the fact of its signal', told.id,
       kind IS NULL OR kind IN ('no_data', 'baseline', 'coverage', 'override', 'other')
       OR text <> main_risk AND NOT ((own_text OR position(label IN main_risk) > 0)
                                     AND (told_otherwise OR change >= 1 OR main_risk ~ '(most active so far|en tête jusqu.ici)')),
       format('%s: %s, not %s', main_risk_signal, main_risk, text)
FROM told LEFT JOIN driver AS d ON d.id = told.id AND d.signal = main_risk_signal
     CROSS JOIN LATERAL (SELECT EXISTS (SELECT FROM fact AS f
                                        WHERE f.id = told.id AND f.signal = main_risk_signal) AS told_otherwise) AS o
WHERE main_risk_signal IS NOT NULL;
INSERT INTO finding
SELECT 'an opportunity is good news of a signal that may have one', told.id,
       NOT coalesce(kind IN ('up', 'rose', 'high', 'new') AND opportunity
                    AND (own_text OR starts_with(main_opportunity, label)),
                    opportunity,
                    EXISTS (SELECT FROM account_text AS a WHERE main_opportunity ~ pattern AND a.kind = 'usage_up'))
       OR main_risk ~ '^(Nobody active|Plus personne d’actif|No activity|Aucune activité)',
       format('%s: %s', main_opportunity_signal, main_opportunity)
FROM told LEFT JOIN driver AS d ON d.id = told.id AND d.signal = main_opportunity_signal
     CROSS JOIN LATERAL (SELECT (m::jsonb #>> ARRAY['signals', main_opportunity_signal, 'opportunity'])::boolean
                           AS opportunity) AS o
WHERE main_opportunity IS NOT NULL;
INSERT INTO finding
SELECT 'no next step without a reason for one', id, next_step IS NOT NULL, next_step
FROM told JOIN known USING (id) WHERE main_risk IS NULL AND main_opportunity IS NULL AND NOT young;

-- All spans but the one in which an outcome was expected. (What happened some days ago may have been before.)
INSERT INTO finding
SELECT 'no span is longer than the customer is one', id,
       n[1]::int * CASE WHEN n[2] ~ 'week|semaine' THEN 7 ELSE 1 END > known_days,
       format('day %s: %s', known_days, text)
FROM word JOIN known USING (id)
     CROSS JOIN LATERAL regexp_matches(regexp_replace(text, '(sous|il y a) [0-9]+ (jour|semaine)s?', '', 'g'),
                                       '([0-9]+)[ -](day|week|jour|semaine)s?(?! ago)\M', 'g') AS n
WHERE age IS NOT NULL;

-- What is printed of a driver.
INSERT INTO finding
SELECT 'down and up by as many percent as the driver', id,
       abs(pct - number(n[2]) * CASE WHEN n[1] ~ 'down|baisse' THEN -1 ELSE 1 END) > 0.5 + 1e-9,
       format('%s: %s', text, pct)
FROM driver
     CROSS JOIN LATERAL regexp_match(text, '(down|up|en baisse de|en hausse de) ([0-9]+(?:[.,][0-9]+)?)\u00A0?%') AS n
WHERE n IS NOT NULL AND NOT own_text;
INSERT INTO finding
SELECT 'inactive for as many days as the driver, or the account', id,
       n[1]::int IS DISTINCT FROM least(days_inactive, age), format('%s: %s', text, days_inactive)
FROM driver JOIN known USING (id)
     CROSS JOIN LATERAL regexp_match(text, '(?:inactive for|sans activité depuis) ([0-9]+) (?:day|jour)') AS n
WHERE n IS NOT NULL AND NOT own_text AND kind <> 'member_silent';
INSERT INTO finding
SELECT 'as many in the last days, and before, as the driver', id,
       CASE WHEN scaled AND kind IN ('low', 'high', 'steady') THEN n[2]::int > known_days
            ELSE NOT prints(n[1], coalesce(recent, 0), false) OR n[2]::int <> least(trend_days, known_days) END
       OR NOT prints(n[1], health_measure(activity, signal, as_of, n[2]::int, measure), false)
       OR b IS NOT NULL AND NOT prints(b[1], coalesce(prior, 0), false),
       format('%s: %s, %s before', text, recent, prior)
FROM driver JOIN known USING (id) JOIN told USING (id)
     CROSS JOIN LATERAL regexp_match(text, '(?:at|,|déjà) ([0-9]+(?:[.,][0-9]+)?) (?:active days? |jours? actifs? )?'
                              '(?:in|of|en|sur) ([0-9]+)(?: days?| jours?)?(?:$| \()') AS n
     CROSS JOIN LATERAL regexp_match(text, '\((?:contre )?([0-9]+(?:[.,][0-9]+)?) (?:before|avant)\)') AS b
WHERE n IS NOT NULL AND kind <> 'risk' AND NOT gauge AND NOT own_text AND text !~ '(the [0-9]+ before|précédents)';
INSERT INTO finding
SELECT 'as many in the window, and before, as in the activity', id,
       NOT prints(n[1], health_measure(activity, signal, as_of, n[2]::int, measure), false)
       OR NOT prints(n[3], health_measure(activity, signal, as_of - n[2]::int, n[2]::int, measure), false)
       OR number(n[3]) <= number(n[1]), text
FROM driver JOIN known USING (id) JOIN told USING (id)
     CROSS JOIN LATERAL regexp_match(text, '([0-9]+) (?:active days? |jours? actifs? )?(?:in|of|en|sur) ([0-9]+)(?: days?| jours?)? '
                              '\((?:contre )?([0-9]+) (?:in|of|sur)? ?(?:the|les) [0-9]+ (?:jours )?(?:before|précédents)\)') AS n
WHERE n IS NOT NULL AND NOT own_text;
INSERT INTO finding
SELECT 'a gauge shows what was read, and before', id,
       NOT coalesce(prints(n[1], recent, percent), false) OR b IS NOT NULL AND NOT prints(b[1], prior, percent)
       OR (n[2] IS NOT NULL) <> percent OR o IS NOT NULL AND number(o[1]) IS DISTINCT FROM out_of,
       format('%s: %s, %s before', text, recent, prior)
FROM driver
     CROSS JOIN LATERAL (SELECT substr(text, length(label) + 1) AS rest) AS t
     CROSS JOIN LATERAL regexp_match(rest, '([-\u2212]?[0-9]+(?:[.,][0-9]+)?)(\u00A0?%)?') AS n
     CROSS JOIN LATERAL regexp_match(rest, '\((?:contre )?([-\u2212]?[0-9]+(?:[.,][0-9]+)?)(?:\u00A0?%)? (?:before|avant)\)') AS b
     CROSS JOIN LATERAL regexp_match(rest, '(?:out of|sur) ([0-9]+(?:[.,][0-9]+)?)') AS o
WHERE n IS NOT NULL AND gauge AND NOT own_text AND kind IN ('fell', 'rose', 'low', 'high', 'steady', 'moved')
      AND text !~ '(without a|sans mesure|^No reading)';
INSERT INTO finding
SELECT 'nobody active for as many days as the report', id,
       n[1]::int IS DISTINCT FROM least(days_inactive, as_of - began) OR n[1]::int < silent_days,
       format('%s: %s', text, days_inactive)
FROM word JOIN told USING (id) JOIN known USING (id)
     CROSS JOIN LATERAL regexp_match(text, '(?:[Nn]obody active for|[Pp]lus personne d’actif depuis) ([0-9]+)') AS n
WHERE n IS NOT NULL;
INSERT INTO finding
SELECT 'a member is silent for as many days as in the activity', id,
       least(health_days_inactive(activity, as_of, left(main_risk_signal, -1) || n[1]), as_of - began)
         IS DISTINCT FROM n[2]::int, main_risk
FROM told
     CROSS JOIN LATERAL regexp_match(
       main_risk, '^([^ ]+) \(.*\), (?:most active so far, silent for|en tête jusqu.ici, sans activité depuis) ([0-9]+)') AS n
WHERE n IS NOT NULL;
INSERT INTO finding
SELECT 'an outcome is awaited since the account began', id, n[1]::int <> as_of - began IS NOT FALSE, text
FROM word JOIN told USING (id)
     CROSS JOIN LATERAL regexp_match(text, '(?:not once in|pas une fois en) ([0-9]+) (?:day|jour)s? \((?:expected|attendu)') AS n
WHERE n IS NOT NULL;
INSERT INTO finding
SELECT 'an account is new for two weeks', id,
       (age < 14) <> (n IS NOT NULL) OR n[1]::int <> age, format('day %s', age)
FROM told JOIN known USING (id)
     CROSS JOIN LATERAL regexp_match(reason, '(?:[Nn]ew, day|[Nn]ouveau client, jour) ([0-9]+)') AS n
WHERE age < 14 OR n IS NOT NULL;
INSERT INTO finding
SELECT 'usage as far from the baseline as the report', id,
       number(n[1]) IS DISTINCT FROM floor(100 * raw_score / baseline + 1e-9),
       format('%s: %s of %s', text, raw_score, baseline)
FROM word JOIN told USING (id)
     CROSS JOIN LATERAL regexp_match(text, '[Uu]sage (?:at|à) ([0-9]+)\u00A0?% (?:of|de)') AS n WHERE n IS NOT NULL;
INSERT INTO finding
SELECT 'usage moved as its signals did', f.id,
       CASE WHEN p[2] IS NULL THEN u <= 200 AND u >= -100
            ELSE abs(number(p[2]) * CASE WHEN p[1] ~ 'down|baisse' THEN -1 ELSE 1 END - u) > 0.5 + 1e-6 END IS NOT FALSE
       OR p[3]::int * CASE WHEN p[4] ~ 'week|semaine' THEN 7 ELSE 1 END <> least(trend_days, age),
       format('%s: %s', f.text, u)
FROM fact AS f JOIN known USING (id)
     CROSS JOIN LATERAL regexp_match(
       f.text, 'Usage (up|down|more than tripled|en hausse|en baisse|plus que triplé)(?: (?:de )?([0-9]+)\u00A0?%)? '
               '(?:in|sur) ([0-9]+) (\w+)') AS p
     CROSS JOIN LATERAL (SELECT 100 * (sum(weight * recent) / nullif(sum(weight * prior), 0) - 1) AS u
                         FROM driver AS d WHERE d.id = f.id AND usage AND NOT gauge AND kind <> 'no_data') AS u
WHERE p IS NOT NULL AND NOT EXISTS (SELECT FROM driver AS d WHERE d.id = f.id AND d.kind = 'other');

INSERT INTO finding
SELECT 'the facts are the first drivers, in their order', id, array_agg(rank ORDER BY n) <> array_agg(place ORDER BY n),
       format('%s: %s', array_agg(rank ORDER BY n), string_agg(text, '; ' ORDER BY n))
FROM (SELECT *, row_number() OVER (PARTITION BY id ORDER BY n)::int AS place FROM fact
      WHERE signal IS NOT NULL) AS f GROUP BY id;
INSERT INTO finding SELECT 'at most three facts', id, count(*) > 3, NULL FROM fact GROUP BY id;
INSERT INTO finding
SELECT 'one fact a signal', id, count(DISTINCT signal) < count(signal) OR count(DISTINCT text) < count(*), NULL
FROM fact GROUP BY id;
INSERT INTO finding
SELECT 'usage is one fact, not one of each signal too', f.id,
       EXISTS (SELECT FROM fact AS o WHERE o.id = f.id AND o.usage
                                           AND (o.kind = 'down' AND f.kind = 'usage_down'
                                                OR o.kind IN ('up', 'new') AND f.kind = 'usage_up')), NULL
FROM fact AS f WHERE kind IN ('usage_down', 'usage_up');
INSERT INTO finding
SELECT 'silence is one fact, not one of each signal', f.id,
       EXISTS (SELECT FROM fact AS o WHERE o.id = f.id AND o.usage), NULL
FROM fact AS f WHERE kind IN ('silent', 'never_active') AND NOT still;  -- what rose is told though nobody is there now

INSERT INTO finding
SELECT 'points sum to the score, changes to the change, dimensions to the score', id,
       abs(sum(points) - score) > 1e-9 OR abs(sum(change) - score_change) > 1e-9
       OR abs((SELECT sum(value::float8) FROM jsonb_each_text(dimensions)) - score) > 1e-9,
       format('%s of %s, %s of %s', sum(points), score, sum(change), score_change)
FROM told JOIN driver USING (id) GROUP BY id, score, score_change, dimensions;

CREATE TABLE shape AS
SELECT *, ARRAY(SELECT coalesce(signal, kind) FROM fact WHERE fact.id = told.id ORDER BY n) AS facts,
       ARRAY(SELECT signal FROM driver WHERE driver.id = told.id AND rank <= 3 ORDER BY rank) AS first,
       row_number() OVER (PARTITION BY book, account, language ORDER BY as_of) AS visit
FROM told;
INSERT INTO finding
SELECT 'both languages tell the same', e.id,
       (e.score, e.main_risk_signal, e.main_opportunity_signal, e.next_step IS NULL, e.facts, e.first)
       IS DISTINCT FROM (f.score, f.main_risk_signal, f.main_opportunity_signal, f.next_step IS NULL, f.facts, f.first),
       f.reason
FROM shape AS e JOIN shape AS f USING (book, account, visit) WHERE e.language = 'en' AND f.language = 'fr';

-- ---------------------------------------------------------------- verdict

\ir property/common/trial.sql
INSERT INTO trial
SELECT claim, format('%s, account %s on %s: "%s"', book, account, as_of, reason),
       CASE WHEN wrong THEN coalesce(what, 'wrong') ELSE 'right' END, 'right'
FROM finding JOIN told USING (id) ORDER BY id;
\set claims 46
\ir property/common/verdict.sql
