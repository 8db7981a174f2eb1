-- Sample data: 300 customer accounts and 180 days of product events before 2026-01-01, with the ready model of models.sql,
-- and contracts, cities and calls of their CSMs (sample_business.sql). Run it in an empty database; the same data comes out
-- everywhere. Then run views.sql.
--
-- Ten accounts have a story, the others are background noise:
--
--   id    name               segment     seats  story
--   A001  Meridian Freight   enterprise    600  a healthy giant
--   A002  Petit Atelier      smb             6  a small team, healthy too
--   A003  Halcyon Bank       enterprise    120  the admin fell silent: last login on 2025-12-17, all others go on
--   A004  Larkspur Media     mid            40  a slow fade over ten weeks
--   A005  Quarry Lane Foods  mid            30  uses it well, but visited the cancel page on 2025-12-23 and 2025-12-29
--   A006  Nimbus Dental      smb             8  a new account, ten days old
--   A007  Orchard Labs       mid            25  shares a user, consultant-1, with A008
--   A008  Basalt Design      smb             6  shares a user, consultant-1, with A007
--   A009  Vector Supply      mid            35  took all its data out in the last week, does little else
--   A010  Empty Harbor       smb            10  bought it and never came

-- Makes the extension and health_models. The sample has the events that are named there, but none of the readings of
-- support, the CSM and the billing.
\ir models.sql

BEGIN;

CREATE TABLE accounts (
    account_id text PRIMARY KEY,
    name       text NOT NULL,
    segment    text NOT NULL,
    seats      int,
    arr        numeric,
    csm        text,
    created_on date
);

CREATE TABLE events (
    account_id  text NOT NULL,
    user_id     text,
    event       text NOT NULL,
    value       float8,
    occurred_at timestamptz NOT NULL
);

-- A number in [0, 1) that depends on nothing but its arguments: integer hashing, since random() would give
-- other data each time. The draw tells apart the numbers needed for one account, day and event.
CREATE FUNCTION pg_temp.noise(bigint) RETURNS float8 LANGUAGE sql IMMUTABLE AS
$$ SELECT (($1 * 1103515245 % 2147483647 # ($1 * 1103515245 % 2147483647 >> 15)) * 48271 % 2147483647) / 2147483647.0::float8 $$;

CREATE FUNCTION pg_temp.noise(account int, ago int, event int, draw int) RETURNS float8 LANGUAGE sql IMMUTABLE AS
$$ SELECT pg_temp.noise(((account::bigint * 200 + ago) * 16 + event) * 500 + draw) $$;

-- How each account behaves: users is how many of the seats are in use, level how busy they are, slope how that changes
-- over the half year, mood what they answer when asked.
CREATE TEMPORARY TABLE profiles AS
WITH background AS (
    SELECT n, (ARRAY['Amber', 'Birch', 'Cedar', 'Delta', 'Ember', 'Fjord', 'Granite', 'Harbor', 'Indigo', 'Juniper', 'Kestrel',
                     'Lumen', 'Maple', 'Nova', 'Opal', 'Prairie', 'Quartz', 'River', 'Solar', 'Tundra'])[n % 20 + 1] || ' ' ||
              (ARRAY['Analytics', 'Bakeries', 'Clinics', 'Dynamics', 'Energy', 'Foods', 'Group', 'Hotels', 'Insurance',
                     'Logistics', 'Media', 'Networks', 'Partners', 'Retail', 'Studios', 'Travel'])[n / 20 + 1] AS name,
           CASE WHEN n % 15 < 2 THEN 'enterprise' WHEN n % 15 < 6 THEN 'mid' ELSE 'smb' END AS segment,
           pg_temp.noise(n, 0, 0, 1) AS size, pg_temp.noise(n, 0, 0, 2) AS level, pg_temp.noise(n, 0, 0, 3) AS trend,
           pg_temp.noise(n, 0, 0, 4) AS share, pg_temp.noise(n, 0, 0, 5) AS mood, pg_temp.noise(n, 0, 0, 6) AS api,
           date '2019-01-01' + floor(2300 * pg_temp.noise(n, 0, 0, 7))::int AS created_on
    FROM generate_series(11, 300) AS n
), sized AS (
    SELECT *, floor(CASE segment WHEN 'enterprise' THEN 60 + 140 * size WHEN 'mid' THEN 15 + 30 * size
                                 ELSE 3 + 14 * size END)::int AS seats
    FROM background
)
SELECT n, 'background' AS story, name, segment, seats, ceil(seats * (0.35 + 0.6 * share))::int AS users,
       CASE WHEN trend < 0.05 THEN 0.05 ELSE 0.25 + 1.75 * level * level END AS level,
       CASE WHEN trend < 0.15 THEN -0.9 WHEN trend > 0.9 THEN 0.9 ELSE 0.4 * trend - 0.2 END AS slope,
       3 + 6 * mood AS mood, CASE WHEN api < 0.4 THEN 400 * api ELSE 0 END AS api_calls, created_on
FROM sized
UNION ALL
VALUES ( 1, 'healthy',    'Meridian Freight',  'enterprise', 600, 540, 1.9, 0.1, 9.0, 900, date '2020-03-02'),
       ( 2, 'healthy',    'Petit Atelier',     'smb',          6,   6, 2.2, 0.1, 9.0,   0, date '2022-09-12'),
       ( 3, 'admin',      'Halcyon Bank',      'enterprise', 120,  75, 0.7, 0.0, 8.0, 200, date '2021-05-17'),
       ( 4, 'fade',       'Larkspur Media',    'mid',         40,  32, 0.9, 0.0, 7.0,   0, date '2021-11-08'),
       ( 5, 'cancel',     'Quarry Lane Foods', 'mid',         30,  24, 1.5, 0.0, 7.0,   0, date '2023-02-20'),
       ( 6, 'new',        'Nimbus Dental',     'smb',          8,   6, 1.4, 0.0, 8.0,   0, date '2025-12-22'),
       ( 7, 'consultant', 'Orchard Labs',      'mid',         25,  14, 1.0, 0.0, 7.0,   0, date '2023-06-05'),
       ( 8, 'consultant', 'Basalt Design',     'smb',          6,   3, 1.3, 0.0, 7.0,   0, date '2024-01-15'),
       ( 9, 'export',     'Vector Supply',     'mid',         35,  28, 0.6, 0.0, 8.0,  60, date '2022-04-11'),
       (10, 'none',       'Empty Harbor',      'smb',         10,   0, 0.0, 0.0, 7.0,   0, date '2025-06-02');

INSERT INTO accounts
SELECT 'A' || to_char(n, 'FM000'), name, segment, seats,
       seats * CASE segment WHEN 'enterprise' THEN 540 WHEN 'mid' THEN 660 ELSE 780 END,
       (ARRAY['Amélie', 'Bruno', 'Chloé', 'Daniel', 'Esther', 'Farid', 'Grace', 'Hugo'])[n % 8 + 1], created_on
FROM profiles
ORDER BY n;

-- What happens how often on a working day: per_user for each user, per_account whatever the size.
INSERT INTO events
WITH kinds (kind, event, per_user, per_account) AS (
    VALUES (1, 'login',          0.22,  0.0), (2, 'report_viewed',  0.16,  0.0), (10, 'form_published', 0.016, 0.0),
           (4, 'export',         0.03,  0.0), (5, 'invite_sent',    0.006, 0.0), (6, 'support_ticket', 0.004, 0.0),
           (7, 'admin_login',    0.0,   0.8), (8, 'api_call',       0.0,   1.0), (9, 'nps',            0.0,   0.02),
           (3, 'cancel_page_visited', 0.0, 0.0006), (11, 'full_export', 0.0, 0.0002)
), days AS (
    SELECT ago, (ARRAY[1.1, 1.1, 1.05, 1.0, 0.85, 0.08, 0.06])[extract(isodow FROM date '2026-01-01' - ago)] AS rhythm
    FROM generate_series(180, 1, -1) AS ago
), cells AS MATERIALIZED (
    SELECT p.*, kind, event, ago,
           CASE WHEN date '2026-01-01' - ago < created_on OR story = 'none' THEN 0
                WHEN story = 'background' THEN
                    rhythm * (users * level * per_user + per_account * (event <> 'api_call' OR api_calls > 0)::int)
                    * (1 + slope * (90 - ago) / 90.0)
                WHEN event = 'cancel_page_visited' THEN (story = 'cancel' AND ago IN (3, 9))::int
                WHEN event = 'full_export' THEN (story = 'export' AND ago IN (2, 5))::int
                WHEN event = 'nps' THEN (ago IN (25, 110))::int
                WHEN event = 'admin_login' THEN (rhythm > 0.5 AND (story <> 'admin' OR ago > 14))::int
                WHEN event = 'api_call' THEN (api_calls > 0)::int
                ELSE rhythm * users * level * per_user
                     * CASE WHEN story = 'fade' THEN least(1, ago / 70.0)
                            WHEN story = 'export' AND event = 'export' AND ago <= 7 THEN 8
                            WHEN story = 'export' AND event <> 'export' AND ago <= 21 THEN 0.15
                            ELSE 1 END
           END AS expected
    FROM profiles p CROSS JOIN days CROSS JOIN kinds
)
SELECT 'A' || to_char(n, 'FM000'),
       CASE WHEN event = 'admin_login' THEN 'A' || to_char(n, 'FM000') || '-admin'
            WHEN event = 'api_call' THEN NULL
            WHEN story = 'consultant' AND pg_temp.noise(n, ago, kind, 2 * i + 1) < 0.4 THEN 'consultant-1'
            -- The square makes some users busier than others.
            ELSE 'A' || to_char(n, 'FM000') || '-' || 1 + floor(users * pg_temp.noise(n, ago, kind, 2 * i) ^ 2)
       END,
       event,
       CASE event WHEN 'nps' THEN round(mood + (story = 'background')::int * (2 * pg_temp.noise(n, ago, kind, 2 * i) - 1))
                  WHEN 'api_call' THEN ceil(api_calls * (0.5 + pg_temp.noise(n, ago, kind, 2 * i))) END,
       -- Hours, not days: a day of an interval follows the session's time zone.
       timestamptz '2026-01-01 00:00+00' - make_interval(hours => 24 * ago)
           + make_interval(hours => 7, secs => floor(43200 * pg_temp.noise(n, ago, kind, 2 * i + 1)))
FROM cells
CROSS JOIN generate_series(1, CASE WHEN expected = floor(expected) THEN expected  -- planted, no chance in it
                                   ELSE floor(expected * (0.6 + 0.8 * pg_temp.noise(n, ago, kind, 0))
                                              + pg_temp.noise(n, ago, kind, 1)) END::int) AS i
ORDER BY 5, 1, 3;

CREATE INDEX ON events (occurred_at);

DROP TABLE profiles;
DROP FUNCTION pg_temp.noise(int, int, int, int);
DROP FUNCTION pg_temp.noise(bigint);

COMMIT;

ANALYZE accounts, events;

-- Contracts, renewals, parents, cities, what the CSMs did.
\ir sample_business.sql
