-- The stories of examples/sample.sql, as the report tells them in both languages. Runs after sample.sql and views.sql.
-- Stories in general, one by one, are in stories.sql.
\set ON_ERROR_STOP on
SET client_min_messages = warning;

CREATE TABLE told AS
SELECT language, account_id, (r).*
FROM (SELECT language, account_id,
             health_report(coalesce(activity, '{}'),
                           model || jsonb_build_object('language', language), '2026-01-01', seats, created_on)
             OVER (PARTITION BY language, segment) AS r
      FROM accounts LEFT JOIN account_activity USING (account_id)
           JOIN health_models USING (segment) CROSS JOIN unnest('{en,fr}'::text[]) AS language) AS reported;

-- What the account did, how its sentence begins, and what its main risk is, if there is one. French is written here with
-- plain spaces where its typography wants no-break ones.
CREATE TABLE story (language text, account_id text, reason text, signal text, risk text, next_step text);
INSERT INTO story VALUES
  ('en', 'A003', 'Score fell to 85 (-15): Admin inactive for 14 days; Reports viewed at 160 in 28 days (199 before); ', 'admin_login',
   'Admin inactive for 14 days', 'Find out who the admin is now'),
  ('fr', 'A003', 'Score tombé à 85 (−15) : admin sans activité depuis 14 jours ; consultations de rapports, 160 en 28 jours (contre 199 avant) ; ',
   'admin_login', 'Admin sans activité depuis 14 jours', 'Vérifier qui est l’admin aujourd’hui'),
  ('en', 'A004', 'Score fell to 64 (-20): usage down 66% in 4 weeks (above all Forms published -88%, Reports viewed -57%, Logins -61%); '
                 '28 of 40 seats unused for 14 days.',
   NULL, 'Usage down 66% in 4 weeks (above all Forms published -88%, Reports viewed -57%, Logins -61%)', 'Ask the sponsor what changed'),
  ('fr', 'A004', 'Score tombé à 64 (−20) : usage en baisse de 66 % sur 4 semaines (surtout publications de formulaires −88 %, '
                 'consultations de rapports −57 %, connexions −61 %) ; 28 licences sur 40 sans utilisation depuis 14 jours.',
   NULL, 'Usage en baisse de 66 % sur 4 semaines (surtout publications de formulaires −88 %, consultations de rapports −57 %, connexions −61 %)',
   'Demander au sponsor ce qui a changé'),
  ('en', 'A005', 'Score fell to 55 (-45): Cancel page visited twice in 90 days, the latest 3 days ago.', 'cancel_page_visited',
   'Cancel page visited twice in 90 days, the latest 3 days ago', 'Call today'),
  ('fr', 'A005', 'Score tombé à 55 (−45) : page de résiliation consultée 2 fois en 90 jours, la dernière il y a 3 jours.', 'cancel_page_visited',
   'Page de résiliation consultée 2 fois en 90 jours, la dernière il y a 3 jours', 'Appeler aujourd’hui'),
  ('en', 'A009', 'Score fell to 45 (-38): Full data export twice in 90 days, the latest 2 days ago; Reports viewed down 63%;', 'full_export',
   'Full data export twice in 90 days, the latest 2 days ago', 'Ask what the full export is for'),
  ('fr', 'A009', 'Score tombé à 45 (−38) : export complet des données 2 fois en 90 jours, la dernière il y a 2 jours ; '
                 'consultations de rapports en baisse de 63 % ;',
   'full_export', 'Export complet des données 2 fois en 90 jours, la dernière il y a 2 jours', 'Demander à quoi sert l’export complet'),
  -- Healthy, young, and never there.
  ('en', 'A001', 'Score 100: ', NULL, NULL, NULL), ('fr', 'A001', 'Score 100 : ', NULL, NULL, NULL),
  ('en', 'A002', 'Score 100: ', NULL, NULL, NULL), ('fr', 'A002', 'Score 100 : ', NULL, NULL, NULL),
  ('en', 'A006', 'Score 84: new, day 10; Reports viewed already at 11 in 10 days; ', NULL, NULL,
   'Congratulate them and plan the second form'),
  ('fr', 'A006', 'Score 84 : nouveau client, jour 10 ; consultations de rapports, déjà 11 en 10 jours ; ', NULL, NULL,
   'Les féliciter et préparer le deuxième formulaire'),
  ('en', 'A010', 'Score 0: no activity on record since the start 213 days ago.', NULL, 'No activity on record since the start 213 days ago',
   'Book a first session with the buyer'),
  ('fr', 'A010', 'Score 0 : aucune activité connue depuis le début, il y a 213 jours.', NULL, 'Aucune activité connue depuis le début, il y a 213 jours',
   'Fixer une première session avec l’acheteur');
UPDATE story SET reason = regexp_replace(reason, ' ([%:;])', E'\u00A0\\1', 'g'), risk = regexp_replace(risk, ' ([%:;])', E'\u00A0\\1', 'g')
WHERE language = 'fr';

SELECT language, account_id, score_shown, reason FROM told WHERE account_id <= 'A010' ORDER BY 2, 1;

DO $$
DECLARE
  wrong text;
BEGIN
  SELECT string_agg(format(E'%s (%s): %s | %s | %s | %s\n  not %s | %s | %s | %s', account_id, s.language, t.reason, t.main_risk_signal, t.main_risk,
                           t.next_step, s.reason, signal, risk, s.next_step), E'\n' ORDER BY account_id, s.language) INTO wrong
  FROM story AS s LEFT JOIN told AS t USING (language, account_id)
  WHERE (t.main_risk_signal, t.main_risk, t.next_step) IS DISTINCT FROM (s.signal, s.risk, s.next_step)
     OR NOT starts_with(t.reason, s.reason);
  IF wrong IS NOT NULL THEN RAISE EXCEPTION E'stories told otherwise:\n%', wrong; END IF;

  -- The fade is one of all signals: at least two of them fall by half.
  ASSERT (SELECT count(*) >= 2 FROM told CROSS JOIN health_driver_rows(drivers)
          WHERE told.language = 'en' AND account_id = 'A004' AND kind = 'down' AND pct < -50), 'fade';
  ASSERT (SELECT bool_and(band = 'green') FROM told WHERE account_id IN ('A001', 'A002')), 'healthy';
  ASSERT (SELECT bool_and(flags = 'new_account' AND previous_score IS NULL) FROM told WHERE account_id = 'A006'), 'new';
  ASSERT (SELECT bool_and(flags = 'no_activity' AND score = 0) FROM told WHERE account_id = 'A010'), 'never came';
  ASSERT (SELECT bool_and(main_risk_dimension IS NOT NULL) FROM told WHERE account_id IN ('A003', 'A004', 'A005', 'A009')), 'where it is';
  -- Two languages, one truth.
  ASSERT (SELECT bool_and(e.score = f.score AND e.main_risk_signal IS NOT DISTINCT FROM f.main_risk_signal
                          AND (e.reason IS DISTINCT FROM f.reason OR e.reason !~ ':'))  -- Score 76.
          FROM told AS e JOIN told AS f USING (account_id) WHERE e.language = 'en' AND f.language = 'fr'), 'languages';
END $$;
