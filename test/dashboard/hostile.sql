-- What a page could trip over: names that are markup or very long, sentences and labels that are markup, an event that the
-- model does not know, an account without ARR, CSM or size.
INSERT INTO accounts (account_id, name, segment, seats, arr, csm, created_on)
VALUES ('x/<b>?#%', '<img src=x onerror="document.title=1">', 'smb', 5, 12000, '</script><script>document.title=2</script>', '2024-01-01'),
       ('X2', repeat('Longname', 20), 'smb', NULL, NULL, NULL, '2024-01-01');
INSERT INTO account_activity
SELECT account_id, health_activity(event, day)
FROM (VALUES ('x/<b>?#%', 'login', date '2025-12-01'), ('x/<b>?#%', '<i>renamed</i>', '2025-12-30'), ('X2', 'login', '2025-12-20'))
    AS e (account_id, event, day)
GROUP BY account_id;
UPDATE health_models SET model = model || '{"signals": {"login": {"label": {"en": "<u>Logins</u>", "fr": "<u>Connexion</u>"}}}}'
WHERE segment = 'smb';
REFRESH MATERIALIZED VIEW scoreboard;
