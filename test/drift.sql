-- A renamed event in the sample is found the next day, with its new name, and nothing else is reported. Runs after
-- sample.sql and views.sql.
\set ON_ERROR_STOP on
SET client_min_messages = warning;
SET plpgsql.check_asserts = on;

CREATE TABLE reported AS
SELECT renamed, f.*
FROM (SELECT renamed, health_drift(activity, model, '2026-01-01') AS drift
      FROM unnest('{nothing,login,report_viewed,admin_login}'::text[]) AS renamed
      CROSS JOIN LATERAL (SELECT account_id, health_activity(CASE WHEN event = renamed AND occurred_at >= '2025-12-31 00:00+00'
                                                                  THEN 'new ' || event ELSE event END, occurred_at, value) AS activity
                          FROM events GROUP BY account_id
                          UNION ALL SELECT account_id, health_activity('user:' || user_id, occurred_at) FROM events GROUP BY account_id) AS a
      CROSS JOIN (SELECT model FROM health_models WHERE segment = 'mid') AS m
      GROUP BY renamed) AS d
CROSS JOIN health_drift_rows(drift) AS f;

DO $$ BEGIN
  ASSERT (SELECT array_agg(kind || ' ' || signal ORDER BY kind, signal) FILTER (WHERE kind <> 'never_seen') IS NULL
          FROM reported WHERE renamed = 'nothing'), 'where nothing changed nothing is reported';
  ASSERT (SELECT array_agg(signal ORDER BY signal) = '{contract_extended,csat,csm_score,payment_days_past_due,relationship,sponsor_left,urgent_tickets_open}'
          FROM reported WHERE renamed = 'nothing'), 'but for the signals that the sample does not have: '
         || (SELECT string_agg(signal, ' ') FROM reported WHERE renamed = 'nothing');
  ASSERT (SELECT bool_and(r.names = '{"new ' || renamed || '"}')
          FROM (SELECT renamed, array_agg(alias) FILTER (WHERE kind <> 'never_seen')::text AS names
                FROM reported WHERE renamed <> 'nothing' GROUP BY renamed) AS r), 'each change is found the next day, and it alone: '
         || (SELECT string_agg(format('%s: %s %s %s', renamed, kind, signal, alias), '; ') FROM reported WHERE kind <> 'never_seen');
  ASSERT (SELECT bool_and(since = '2025-12-31' AND signal = renamed) FROM reported WHERE kind = 'renamed'), 'since when, and what';
END $$;
