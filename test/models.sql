-- The ready model of examples/models.sql: what a newcomer copies must be whole. Runs after it, in a database of its own.
\set ON_ERROR_STOP on
SET client_min_messages = warning;

-- One row per segment and signal, with the options as they are after the overrides.
CREATE TEMPORARY TABLE ready AS
SELECT segment, model, signal, o AS options, coalesce(o ->> 'measure', 'count') AS measure, (o ->> 'weight')::numeric AS weight,
       (o ->> 'opportunity')::bool IS TRUE AS opportunity
FROM health_models CROSS JOIN jsonb_each(model::jsonb -> 'signals') AS s (signal, o);

-- Which states of a signal are bad news, and which good news could be an opportunity.
CREATE TEMPORARY TABLE state AS
SELECT segment, signal, options, kind, good
FROM ready CROSS JOIN LATERAL (
    SELECT unnest(CASE WHEN coalesce(weight, 0) = 0 THEN '{}'  -- known, or set_score: no points, no news
                       WHEN measure = 'distinct' THEN '{low,fell,member_silent}'
                       WHEN measure IN ('last', 'mean') THEN ARRAY['low', CASE WHEN weight > 0 THEN 'fell' ELSE 'rose' END, 'expired']
                       WHEN weight < 0 THEN '{risk}'
                       WHEN options ->> 'unit' = 'score' THEN '{fading}'
                       ELSE ARRAY['inactive', 'down', 'moved', 'fading', 'below_peers']
                            || CASE WHEN options ? 'expected_within_days' THEN '{awaited}'::text[] ELSE '{}' END END::text[]), false
    UNION ALL
    SELECT unnest(CASE WHEN measure = 'distinct' THEN '{high,rose}' ELSE '{up,new}' END::text[]), true WHERE opportunity
) AS k (kind, good);

DO $$
DECLARE
  wrong text;
  tongues CONSTANT text[] := '{en,fr}';
BEGIN
  ASSERT (SELECT count(*) = 3 AND count(DISTINCT model ->> 'name') = 3 AND bool_and(model ->> 'version' IS NOT NULL)
          FROM health_models), 'three models, each with a name and a version';
  ASSERT (SELECT bool_and(n = 20) FROM (SELECT count(*) AS n FROM ready GROUP BY segment) AS s), 'overrides add no signal';
  ASSERT (SELECT array_agg(DISTINCT options ->> 'dimension' ORDER BY options ->> 'dimension')
                 = '{adoption,commercial,outcomes,support}' FROM ready), 'four dimensions';

  SELECT string_agg(DISTINCT signal, ', ') INTO wrong FROM ready
  WHERE NOT coalesce(options -> 'label' ?& tongues, false);
  ASSERT wrong IS NULL, 'labels in both languages: ' || wrong;

  -- Where nothing is said of its own, that is a decision: the sentence of the extension is right for these.
  SELECT string_agg(DISTINCT signal, ', ') INTO wrong FROM ready
  WHERE (options ? 'text') = (signal = ANY ('{admin_login,csat,nps,relationship,invoice_paid,full_export,
                                              cancel_page_visited,csm_score}'));
  ASSERT wrong IS NULL, 'a text, or the decision for none: ' || wrong;
  SELECT string_agg(signal || ' ' || kind, ', ') INTO wrong
  FROM ready CROSS JOIN LATERAL jsonb_each(options -> 'text') AS t (kind, said) WHERE NOT said ?& tongues;
  ASSERT wrong IS NULL, 'texts in both languages: ' || wrong;

  SELECT string_agg(DISTINCT signal || ' ' || kind, ', ') INTO wrong
  FROM state CROSS JOIN LATERAL (SELECT options -> 'next_step' AS step) AS s
  WHERE NOT coalesce(step -> kind ?& tongues OR NOT good AND step ?& tongues, false);
  ASSERT wrong IS NULL, 'a step for each bad state and each opportunity, in both languages: ' || wrong;
  SELECT string_agg(DISTINCT signal || ' ' || kind, ', ') INTO wrong
  FROM ready CROSS JOIN LATERAL jsonb_object_keys(options -> 'next_step') AS kind
  WHERE kind <> ALL (tongues) AND NOT EXISTS (SELECT FROM state AS s WHERE s.signal = ready.signal AND s.kind = kind);
  ASSERT wrong IS NULL, 'steps that nothing leads to: ' || wrong;
  ASSERT (SELECT count(DISTINCT kind) = 5 AND bool_and(said ?& tongues)
          FROM health_models CROSS JOIN jsonb_each(model::jsonb -> 'next_steps') AS n (kind, said)), 'steps of the account';

  -- Billing is no visit.
  ASSERT (SELECT count(*) = 9 AND bool_and(options -> 'usage' = 'false') FROM ready
          WHERE signal IN ('contract_extended', 'invoice_paid', 'payment_days_past_due')), 'usage: false';
END $$;

-- What the sample has no readings of, each planted in one of some accounts that are otherwise alike and green: what is
-- said, and the step. A line of days is of one signal, days before 2026-01-01, with values where it is a reading.
CREATE TEMPORARY TABLE planted (story text, signal text, ago int[], value float8[], en text, fr text, step text);
INSERT INTO planted VALUES
  ('one urgent ticket', 'urgent_tickets_open', '{1}', '{1}',
   '1 urgent ticket open (first on record)', '1 ticket urgent ouvert (première mesure connue)', 'Get a date from support and pass it on'),
  ('urgent tickets', 'urgent_tickets_open', '{29,1}', '{1,3}',
   '3 urgent tickets open (1 before)', '3 tickets urgents ouverts (contre 1 avant)', 'Get a date from support and pass it on'),
  ('a bad rating', 'csat', '{60,3}', '{5,2}',
   'Support rating fell to 2 out of 5 (5 before)', 'Note du support en baisse à 2 sur 5 (contre 5 avant)', 'Call the person who gave the rating'),
  ('a worried CSM', 'relationship', '{60}', '{2}',
   'Relationship rating 2 out of 5', 'Note de la relation 2 sur 5', 'Agree on a plan with the sponsor'),
  ('an old invoice', 'payment_days_past_due', '{29,1}', '{2,30}',
   'An invoice is 30 days past due', 'Une facture a 30 jours de retard', 'Ask billing to call their accounts team'),
  ('the sponsor left', 'sponsor_left', '{5}', NULL,
   'The sponsor left 5 days ago', 'Départ du sponsor il y a 5 jours', 'Find the new sponsor and meet'),
  ('and nobody came', 'sponsor_left', '{89}', NULL,
   'The sponsor left 89 days ago', 'Départ du sponsor il y a 89 jours', 'Find the new sponsor and meet'),
  ('took its data', 'full_export', '{2}', NULL,
   'Full data export 2 days ago', 'Export complet des données il y a 2 jours', 'Ask what the full export is for'),
  ('looked for the door', 'cancel_page_visited', '{40,2}', NULL,
   'Cancel page visited twice in 90 days, the latest 2 days ago',
   'Page de résiliation consultée 2 fois en 90 jours, la dernière il y a 2 jours', 'Call today'),
  ('more seats', 'seats_added', '{12}', NULL,
   'Contract extended 12 days ago', 'Contrat étendu il y a 12 jours', 'Plan the rollout with the sponsor');

CREATE TEMPORARY TABLE told AS
SELECT language, story, en, fr, step, (r).*
FROM (SELECT language, p.*, health_report(activity, model || jsonb_build_object('language', language, 'baseline', 15),
                                          '2026-01-01', 10, '2020-01-01') OVER (PARTITION BY language) AS r
      FROM planted AS p
      CROSS JOIN LATERAL (
          SELECT health_activity(signal, date '2026-01-01' - ago, value) AS activity
          FROM (SELECT 'login', ago, 1 FROM generate_series(1, 180) AS ago
                UNION ALL SELECT 'user:' || n, ago, NULL FROM generate_series(1, 6) AS n, generate_series(1, 180, 7) AS ago
                UNION ALL SELECT 'form_published', ago, NULL FROM generate_series(2, 180, 7) AS ago
                UNION ALL SELECT p.signal, u.ago, u.value FROM unnest(p.ago, p.value) AS u (ago, value)) AS e (signal, ago, value)
      ) AS a
      CROSS JOIN unnest('{en,fr}'::text[]) AS language
      JOIN health_models ON segment = 'mid') AS reported;

SELECT language, story, score_shown, reason, next_step FROM told ORDER BY story, language;

DO $$
DECLARE
  wrong text;
BEGIN
  SELECT string_agg(format('%s (%s): %s / %s / %s', story, language, reason, main_risk, main_opportunity), E'\n') INTO wrong
  FROM told CROSS JOIN LATERAL (SELECT CASE language WHEN 'en' THEN en ELSE fr END AS due) AS d
  WHERE due IS DISTINCT FROM replace(CASE story WHEN 'more seats' THEN main_opportunity ELSE main_risk END, E'\u00A0', ' ')
        OR strpos(lower(replace(reason, E'\u00A0', ' ')), lower(due)) = 0
        OR language = 'en' AND next_step IS DISTINCT FROM step;
  IF wrong IS NOT NULL THEN RAISE EXCEPTION E'told otherwise:\n%', wrong; END IF;
END $$;
