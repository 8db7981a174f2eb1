-- The stories of examples/sample.sql, as the report tells them in both languages. Runs after sample.sql and views.sql.
\set ON_ERROR_STOP on
SET client_min_messages = warning;

CREATE TABLE told AS
SELECT language, account_id, (r).*
FROM (SELECT language, account_id,
             health_report(coalesce(activity, '{}'),
                           model || jsonb_build_object('language', language), '2026-01-01', seats)
             OVER (PARTITION BY language, segment) AS r
      FROM accounts LEFT JOIN account_activity USING (account_id)
           CROSS JOIN health_models CROSS JOIN unnest('{en,fr}'::text[]) AS language) AS reported;

-- What the account did, the first thing the report tells of it, and what the sentence must hold.
CREATE TABLE story (language text, account_id text, signal text, risk text);
INSERT INTO story VALUES
  ('en', 'A003', 'admin_login', 'Admin inactive for 14 days'),
  ('fr', 'A003', 'admin_login', 'Admin sans activité depuis 14 jours'),
  ('en', 'A004', 'user:*', '28 of 40 seats idle for 14 days'),
  ('fr', 'A004', 'user:*', '28 licences sur 40 inactives depuis 14 jours'),
  ('en', 'A005', 'cancel_page_visited', 'Cancel page visited 2 times, last 3 days ago'),
  ('fr', 'A005', 'cancel_page_visited', 'Page de résiliation consultée 2 fois, la dernière il y a 3 jours'),
  ('en', 'A009', 'full_export', 'Full export of their data 2 times, last 2 days ago'),
  ('fr', 'A009', 'full_export', 'Export complet de leurs données 2 fois, la dernière il y a 2 jours');

SELECT language, account_id, score_shown, reason FROM told WHERE account_id <= 'A010' ORDER BY 2, 1;

DO $$
DECLARE
  wrong text;
BEGIN
  SELECT string_agg(format('%s (%s): %s, not %s', account_id, s.language, t.reason, risk), E'\n') INTO wrong
  FROM story AS s LEFT JOIN told AS t USING (language, account_id)
  WHERE (t.main_risk_signal, t.main_risk) IS DISTINCT FROM (s.signal, s.risk)
     OR position(CASE s.language WHEN 'en' THEN 'Score fell to ' ELSE 'Score tombé à ' END IN t.reason) <> 1
     OR position(s.risk IN t.reason) = 0;
  IF wrong IS NOT NULL THEN RAISE EXCEPTION E'stories told otherwise:\n%', wrong; END IF;

  -- The fade is one of all signals: at least two of them fall by half.
  ASSERT (SELECT count(*) >= 2 FROM told CROSS JOIN health_driver_rows(drivers)
          WHERE told.language = 'en' AND account_id = 'A004' AND kind = 'down' AND pct < -50), 'fade';
  ASSERT (SELECT bool_and(band = 'green' AND main_risk IS NULL) FROM told WHERE account_id IN ('A001', 'A002')), 'healthy';
  ASSERT (SELECT bool_and(flags = 'new_account' AND previous_score IS NULL) FROM told WHERE account_id = 'A006'), 'new';
  ASSERT (SELECT bool_and(flags = 'no_activity' AND score = 0) FROM told WHERE account_id = 'A010'), 'never came';
  ASSERT (SELECT bool_and(next_step IS NOT NULL AND main_risk_dimension IS NOT NULL) FROM told
          WHERE account_id IN ('A003', 'A004', 'A005', 'A009')), 'what to do';
  -- Two languages, one truth.
  ASSERT (SELECT bool_and(e.score = f.score AND e.main_risk_signal IS NOT DISTINCT FROM f.main_risk_signal
                          AND e.reason IS DISTINCT FROM f.reason)
          FROM told AS e JOIN told AS f USING (account_id) WHERE e.language = 'en' AND f.language = 'fr'), 'languages';
END $$;
