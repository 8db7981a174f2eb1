-- The rest of the sample, which the product does not know: what the billing, the CRM and the customer success team would
-- send. sample.sql runs this file; parents.sql, book.sql and what else is about contracts reads its tables. All of it is
-- made up: who used the product little leaves or shrinks more often, so what is found by band shows the method and proves
-- nothing.

BEGIN;

-- Two digits that depend on the text and nothing else.
CREATE FUNCTION pg_temp.draw(text) RETURNS int LANGUAGE sql IMMUTABLE AS
$$ SELECT ('x' || left(md5($1), 6))::bit(24)::int % 100 $$;

-- When each contract ends: small teams pay by the quarter, the others by the year.
CREATE TABLE renewals (
    account_id text PRIMARY KEY,
    renews_on  date NOT NULL
);

INSERT INTO renewals
SELECT account_id, (SELECT min(day)
                    FROM generate_series(1, 60) AS n
                    CROSS JOIN LATERAL (SELECT CASE segment WHEN 'smb' THEN 3 * n ELSE 12 * n END AS months) AS m
                    CROSS JOIN LATERAL (SELECT (created_on + make_interval(months => months))::date AS day) AS d
                    WHERE day >= '2026-01-01')
FROM accounts;

-- Who pays how much from when to when: a new row at each change of the amount. Some accounts tried the product for years and
-- began to pay in the last two quarters.
CREATE TABLE subscriptions (
    account_id text NOT NULL,
    started_on date NOT NULL,
    ended_on   date,  -- the first day without it; NULL: it runs on
    monthly    numeric NOT NULL,
    PRIMARY KEY (account_id, started_on),
    CHECK (ended_on > started_on)
);

INSERT INTO subscriptions
WITH quarters (quarter, starts) AS (
    VALUES ('2025 Q3', date '2025-07-01'), ('2025 Q4', date '2025-10-01')
), logins AS (
    SELECT account_id, count(*) AS logins FROM events WHERE event = 'login' GROUP BY account_id
), starters AS (
    SELECT account_id, arr,
           CASE WHEN account_id > 'A010' AND segment <> 'enterprise' AND pg_temp.draw(account_id || ' starts') < 16
                THEN date '2025-07-01' + pg_temp.draw(account_id || ' when') * 184 / 100
                ELSE created_on END AS started_on,
           percent_rank() OVER (PARTITION BY segment ORDER BY coalesce(logins, 0)::float8 / seats) AS usage
    FROM accounts LEFT JOIN logins USING (account_id)
), drawn AS (  -- contracts change on the first of a month; the sample's ten stories keep theirs
    SELECT s.*, (q.starts + make_interval(months => 1 + pg_temp.draw(account_id || quarter || ' on') % 3))::date AS day,
           CASE WHEN draw < 10 * (1 - usage) THEN 'churn'
                WHEN draw BETWEEN 20 AND 20 + 12 * (1 - usage) THEN 'contraction'
                WHEN draw BETWEEN 40 AND 40 + 25 * usage THEN 'expansion' END AS kind
    FROM starters AS s
    CROSS JOIN quarters AS q
    CROSS JOIN LATERAL (SELECT pg_temp.draw(account_id || quarter) AS draw) AS d
    WHERE account_id > 'A010' AND q.starts > started_on
), steps AS (  -- before: how much the amount was, of what it is after
    SELECT account_id, arr, started_on AS day, 'start' AS kind, 1 AS before FROM starters
    UNION ALL
    SELECT account_id, arr, day, kind, CASE kind WHEN 'expansion' THEN 0.8 WHEN 'contraction' THEN 1.25 ELSE 1 END
    FROM (SELECT *, lag(kind) OVER (PARTITION BY account_id ORDER BY day) AS previous FROM drawn) AS d
    WHERE kind IS NOT NULL AND previous IS DISTINCT FROM 'churn'
)
SELECT account_id, day, ended_on, round(monthly, 2)
FROM (SELECT account_id, kind, day, lead(day) OVER w AS ended_on,
             arr / 12 * coalesce(lead(before) OVER w, 1) * coalesce(lead(before, 2) OVER w, 1) AS monthly
      FROM steps WINDOW w AS (PARTITION BY account_id ORDER BY day)) AS s
WHERE kind <> 'churn'
ORDER BY account_id, day;

-- Some accounts belong to a parent: five each.
CREATE TABLE parent_accounts (
    account_id text PRIMARY KEY,
    parent     text NOT NULL
);

INSERT INTO parent_accounts
SELECT account_id, first_value(name) OVER (PARTITION BY n / 5 ORDER BY account_id) || ' Holding'
FROM (SELECT account_id, name, substr(account_id, 2)::int AS n FROM accounts) AS a
WHERE n BETWEEN 10 AND 299 AND n / 5 % 2 = 0;

-- Where they are.
CREATE TABLE account_cities (
    account_id text PRIMARY KEY,
    city       text NOT NULL
);

INSERT INTO account_cities
SELECT account_id, CASE WHEN account_id = 'A010' THEN 'New York'
                        ELSE (ARRAY['New York', 'Boston', 'Chicago', 'Toronto', 'London', 'Paris'])
                             [1 + pg_temp.draw(account_id || ' city') % 6] END
FROM accounts;

-- The CSMs who share the middle of the book.
CREATE TABLE pool (csm text PRIMARY KEY);
INSERT INTO pool VALUES ('Daniel'), ('Grace'), ('Hugo');

-- What the CRM has recorded of the CSMs: up to three calls, mails and meetings an account, and those that the stories need.
-- A005 is called on the morning when the cancel page is told, A009 a day after its fall, and nobody calls A004.
CREATE TABLE csm_action (
    account_id text NOT NULL,
    csm        text,
    kind       text NOT NULL,
    acted_at   timestamptz NOT NULL
);

INSERT INTO csm_action
SELECT account_id, csm, (ARRAY['call', 'mail', 'meeting'])[n],
       timestamptz '2026-01-01 00:00+00'
           + make_interval(hours => 8 - 24 * (1 + pg_temp.draw(account_id || ' day ' || n) * 89 / 100),
                           mins => 6 * pg_temp.draw(account_id || ' time ' || n))
FROM accounts CROSS JOIN generate_series(1, 3) AS n
WHERE account_id > 'A010' AND pg_temp.draw(account_id || ' acts ' || n) < 60
UNION ALL
SELECT account_id, csm, 'call', acted_at
FROM (VALUES ('A005', timestamptz '2025-12-24 10:30+00'), ('A009', timestamptz '2025-12-29 09:00+00'))
       AS s (account_id, acted_at)
JOIN accounts USING (account_id)
ORDER BY 4, 1;

DROP FUNCTION pg_temp.draw(text);

COMMIT;

ANALYZE renewals, subscriptions, parent_accounts, account_cities, pool, csm_action;
