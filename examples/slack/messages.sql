-- Slack messages of the alerts, the expansion list and the week, and the outbox that send.py empties.
--
--   psql -d yours -v ON_ERROR_STOP=1 -f examples/slack/messages.sql     once; again after an edit, it keeps the outbox
--   SELECT fill_slack_outbox();                                         every night, after alert_feed was refreshed
--   examples/slack/send.py --watch 10                                   all day, on as many machines as you like
--
-- It reads settings, health_models and scoreboard (views.sql), alert_feed (history.sql), renewals, expansion and
-- weekly_digest (book.sql), and writes in the language of the models: UPDATE health_models SET model = model ||
-- '{"language": "fr"}', then the refreshes of the night. No webhook's URL is in the database, only the names of channels.
-- The sender's role needs SELECT and UPDATE on slack_outbox, and nothing else.

BEGIN;
SET LOCAL client_min_messages = warning;

-- ---------------------------------------------------------------- who hears what

-- Edit the channels. A rule may have several channels, and a channel several rules; a rule without a channel is silent.
CREATE TABLE IF NOT EXISTS slack_routes (
    rule    text NOT NULL CHECK (rule IN ('value at risk', 'adoption', 'csm', 'expansion', 'week')),
    channel text NOT NULL CHECK (channel <> ''),
    PRIMARY KEY (rule, channel)
);

INSERT INTO slack_routes
SELECT rule, channel
FROM (VALUES ('value at risk', 'directors'),         -- alerts of large contracts: goes_to is account director
             ('adoption',      'customer-success'),  -- others whose main risk is adoption: goes_to is customer success
             ('csm',           'customer-success'),  -- all other alerts, and those who recovered: goes_to is a CSM
             ('expansion',     'revenue'),           -- accounts with room to grow
             ('week',          'customer-success')   -- a line for each CSM, in Monday’s digest
     ) AS routes (rule, channel)
WHERE NOT EXISTS (SELECT FROM slack_routes);

-- One row per alert and channel. The unique key makes that no night tells one twice; rows stay when they are sent. Keep
-- them for 90 days at least: what was told within 60 days is not told again.
CREATE TABLE IF NOT EXISTS slack_outbox (
    id            bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    account_id    text NOT NULL,                      -- empty for a digest
    alert         text NOT NULL,
    as_of         date NOT NULL,
    channel       text NOT NULL,
    message       jsonb NOT NULL,                     -- what is posted: text and blocks
    state         text NOT NULL DEFAULT 'pending' CHECK (state IN ('pending', 'sent', 'failed')),
    attempts      int NOT NULL DEFAULT 0,             -- how often it was claimed
    claimed_until timestamptz,                        -- a sender is at it; if it died, another takes over then
    retry_at      timestamptz NOT NULL DEFAULT '-infinity',
    unclear       boolean NOT NULL DEFAULT false,     -- an attempt ended without a clear answer: the next may repeat it
    reason        text,                               -- why the last attempt failed
    sent_at       timestamptz,
    UNIQUE (account_id, alert, as_of, channel)
);

CREATE INDEX IF NOT EXISTS slack_outbox_pending ON slack_outbox (attempts, id) WHERE state = 'pending';

-- ---------------------------------------------------------------- texts that Slack takes

-- Names and sentences without the three characters by which Slack recognizes mentions and links: an account that is
-- called <!channel> wakes nobody. Line ends become blanks.
CREATE OR REPLACE FUNCTION slack_escape(content text) RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT replace(replace(replace(btrim(regexp_replace(content, '[[:space:][:cntrl:]]+', ' ', 'g')),
                                   '&', '&amp;'), '<', '&lt;'), '>', '&gt;')
$$;

-- At most so many characters, where one beyond the Basic Multilingual Plane (an emoji) counts as two, and no half of
-- an escaped character at the end.
CREATE OR REPLACE FUNCTION slack_cut(content text, most int) RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE WHEN char_length(content) + wide <= most THEN content
                ELSE regexp_replace(left(content, greatest(most - 1 - wide, (most - 1) / 2)), '&[a-z]*$', '') || '…' END
    FROM regexp_count(left(content, most), '[\U00010000-\U0010FFFF]') AS wide
$$;

-- 3000 characters is what a text may have. verbatim: Slack looks for no names of people and channels in it.
CREATE OR REPLACE FUNCTION slack_mrkdwn(content text) RETURNS jsonb LANGUAGE sql IMMUTABLE AS $$
    SELECT jsonb_build_object('type', 'mrkdwn', 'text', slack_cut(content, 3000), 'verbatim', true)
$$;

CREATE OR REPLACE FUNCTION slack_section(content text) RETURNS jsonb LANGUAGE sql IMMUTABLE AS $$
    SELECT jsonb_build_object('type', 'section', 'text', slack_mrkdwn(content)) WHERE content <> ''
$$;

-- A header is plain text of 150 characters. Nothing is escaped in it, so the brackets of a mention are taken away.
CREATE OR REPLACE FUNCTION slack_header(content text) RETURNS jsonb LANGUAGE sql IMMUTABLE AS $$
    SELECT jsonb_build_object('type', 'header', 'text', jsonb_build_object(
               'type', 'plain_text', 'text', slack_cut(translate(btrim(
               regexp_replace(content, '[[:space:][:cntrl:]]+', ' ', 'g')), '<>', '‹›'), 150), 'emoji', false))
$$;

-- The words around the sentences of the reports. Pairs are for one and for several.
CREATE OR REPLACE VIEW slack_words (language, words) AS
VALUES ('en', '{
  "drop": "%s: score fell", "entered_red": "%s turned red", "expansion": "%s: room to grow",
  "outgrown": "%s: over the contract", "named": "%s: %s",
  "score": "*Score*\n%s", "today": "%s (%s today)", "arr": "*ARR*\n%s", "csm": "*CSM*\n%s",
  "renewal": "*Renewal*\n%s", "risk": "*Main risk:* %s", "next_step": "*Next step:* %s",
  "users": ["%s active user", "%s active users"], "seats": ["%s in 30 days on %s seat", "%s in 30 days on %s seats"],
  "over": "%s, over the contract", "full": "%s, all in use",
  "renews": "renews in %s days", "renews_today": "renews today", "renews_tomorrow": "renews tomorrow",
  "room": "%s; %s.", "more_seats": "Propose more seats",
  "for_director": "For the account director", "for_adoption": "For customer success", "for_csm": "For %s",
  "alert_of": "alert of %s", "as_of": "As of %s",
  "title": "Customer health, %s", "accounts": ["%s account", "%s accounts"],
  "band": "%s %s (ARR %s)", "red": "red", "yellow": "yellow", "green": "green",
  "news": "New alerts", "back": "Recovered", "grow": "Room to grow", "week": "Week by CSM",
  "more": ["and %s more", "and %s more"],
  "line": "• *%s*: %s, ARR %s: %s", "moved": "%s (%s in %s days)",
  "grow_line": "• *%s*: %s; ARR %s, %s",
  "week_line": "• *%s*: %s, average %s (%s this week), %s red (ARR %s) %s", "nobody": "no CSM",
  "months": ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"],
  "first": "1", "group": ",", "point": "."}'::jsonb),
       ('fr', '{
  "drop": "%s\u00a0: score en baisse", "entered_red": "%s passe au rouge",
  "expansion": "%s\u00a0: potentiel de croissance", "outgrown": "%s\u00a0: au-delà du contrat", "named": "%s\u00a0: %s",
  "score": "*Score*\n%s", "today": "%s (%s aujourd’hui)", "arr": "*ARR*\n%s", "csm": "*CSM*\n%s",
  "renewal": "*Renouvellement*\n%s", "risk": "*Risque principal\u00a0:* %s", "next_step": "*À faire\u00a0:* %s",
  "users": ["%s utilisateur actif", "%s utilisateurs actifs"],
  "seats": ["%s en 30\u00a0jours pour %s licence", "%s en 30\u00a0jours pour %s licences"],
  "over": "%s, au-delà du contrat", "full": "%s, toutes utilisées",
  "renews": "renouvellement dans %s\u00a0jours", "renews_today": "renouvellement aujourd’hui",
  "renews_tomorrow": "renouvellement demain",
  "room": "%s\u00a0; %s.", "more_seats": "Proposer des licences supplémentaires",
  "for_director": "Pour le directeur de compte", "for_adoption": "Pour l’équipe clients", "for_csm": "Pour %s",
  "alert_of": "alerte du %s", "as_of": "Au %s",
  "title": "Santé des clients, %s", "accounts": ["%s compte", "%s comptes"],
  "band": "%s %s (ARR %s)", "red": "en rouge", "yellow": "en jaune", "green": "en vert",
  "news": "Nouvelles alertes", "back": "Rétablis", "grow": "Potentiel de croissance", "week": "La semaine par CSM",
  "more": ["et %s autre", "et %s autres"],
  "line": "• *%s*\u00a0: %s, ARR %s\u00a0: %s", "moved": "%s (%s sur %s jours)",
  "grow_line": "• *%s*\u00a0: %s\u00a0; ARR %s, %s",
  "week_line": "• *%s*\u00a0: %s, moyenne %s (%s sur 7 jours), %s en rouge (ARR %s) %s", "nobody": "sans CSM",
  "months": ["janv.", "févr.", "mars", "avr.", "mai", "juin", "juil.", "août", "sept.", "oct.", "nov.", "déc."],
  "first": "1er", "group": "\u00a0", "point": ","}');

-- A whole number, and one with its sign and a digit behind the point, as the language writes them.
CREATE OR REPLACE FUNCTION slack_number(number numeric, words jsonb) RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT replace(to_char(number, 'FM999,999,999,999,990'), ',', words ->> 'group')
$$;

CREATE OR REPLACE FUNCTION slack_change(number numeric, words jsonb) RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE WHEN round(number, 1) > 0 THEN '+' WHEN round(number, 1) < 0 THEN '−' ELSE '' END
           || replace(to_char(abs(number), 'FM999990.0'), '.', words ->> 'point')
$$;

-- 25 Jan 2026, 25 janv. 2026.
CREATE OR REPLACE FUNCTION slack_date(day date, words jsonb) RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT concat_ws(' ', CASE extract(day FROM day) WHEN 1 THEN words ->> 'first' ELSE extract(day FROM day)::text END,
                     words -> 'months' ->> (extract(month FROM day)::int - 1), extract(year FROM day))
    WHERE day IS NOT NULL
$$;

-- "1 account", "37 accounts": the words for one or for several.
CREATE OR REPLACE FUNCTION slack_form(number numeric, forms jsonb) RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT forms ->> CASE WHEN number = 1 THEN 0 ELSE 1 END
$$;

-- A heading and at most ten lines, or nothing where there are none.
CREATE OR REPLACE FUNCTION slack_list(heading text, lines text[], words jsonb) RETURNS jsonb LANGUAGE sql IMMUTABLE AS $$
    SELECT slack_section('*' || heading || E'*\n' || array_to_string(lines[:10], E'\n')
                         || CASE WHEN cardinality(lines) > 10
                                 THEN E'\n' || format(slack_form(cardinality(lines) - 10, words -> 'more'),
                                                      cardinality(lines) - 10) ELSE '' END)
    WHERE cardinality(lines) > 0
$$;

-- "6 active users in 30 days on 5 seats, over the contract", and "renews today".
CREATE OR REPLACE FUNCTION slack_seats(users numeric, seats numeric, words jsonb) RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT format(CASE WHEN users > seats THEN words ->> 'over' WHEN users = seats THEN words ->> 'full' ELSE '%s' END,
                  format(slack_form(seats, words -> 'seats'),
                         format(slack_form(users, words -> 'users'), slack_number(users, words)),
                         slack_number(seats, words)))
$$;

CREATE OR REPLACE FUNCTION slack_renews(days int, words jsonb) RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT format(words ->> CASE days WHEN 0 THEN 'renews_today' WHEN 1 THEN 'renews_tomorrow' ELSE 'renews' END, days)
$$;

-- Small print.
CREATE OR REPLACE FUNCTION slack_context(content text) RETURNS jsonb LANGUAGE sql IMMUTABLE AS $$
    SELECT jsonb_build_object('type', 'context', 'elements', jsonb_build_array(slack_mrkdwn(content)))
$$;

-- ---------------------------------------------------------------- one message per alert

-- What the feed had to tell in the last three days, so that a night that failed is made up for.
CREATE OR REPLACE VIEW slack_news AS
SELECT f.as_of, f.alert, f.account_id, slack_cut(slack_escape(f.name), 80) AS name, f.name AS full_name, f.arr, b.csm,
       floor(f.score) AS score, floor(f.score_today) AS score_today, slack_escape(f.reason) AS reason,
       slack_escape(f.next_step) AS next_step, renews_on, w.words,
       CASE f.goes_to WHEN 'account director' THEN 'value at risk' WHEN 'customer success' THEN 'adoption'
                      ELSE 'csm' END AS rule,
       b.score_shown - floor(b.previous_score) AS moved, coalesce(m.model ->> 'trend_days', '28') AS trend_days
FROM alert_feed AS f
CROSS JOIN settings AS s
JOIN scoreboard AS b USING (account_id)
LEFT JOIN renewals USING (account_id)
JOIN health_models AS m USING (segment)
JOIN slack_words AS w ON w.language = coalesce(m.model ->> 'language', 'en')
WHERE f.as_of > s.as_of - 3 AND f.as_of <= s.as_of;

-- The last line of each message is its key, with the channel: a repeat shows by it. The line before says it in words.
CREATE OR REPLACE VIEW slack_alerts AS
SELECT r.channel, n.account_id, n.alert, n.as_of, n.arr, jsonb_build_object(
           'text', slack_cut(format(words ->> 'named', n.name, coalesce(n.reason, n.alert)), 1000),
           'blocks', jsonb_path_query_array(jsonb_build_array(
               slack_header(format(words ->> n.alert, slack_cut(n.full_name, 80))),
               slack_section(n.reason),
               jsonb_build_object('type', 'section', 'fields', jsonb_build_array(
                   slack_mrkdwn(format(words ->> 'score', CASE WHEN score = score_today THEN score::text
                                                               ELSE format(words ->> 'today', score, score_today) END)),
                   slack_mrkdwn(format(words ->> 'arr', coalesce(slack_number(n.arr, words), '–'))),
                   slack_mrkdwn(format(words ->> 'renewal', coalesce(slack_date(renews_on, words), '–'))),
                   slack_mrkdwn(format(words ->> 'csm', slack_cut(coalesce(slack_escape(csm), '–'), 80))))),
               slack_section(replace(words ->> 'next_step', '%s', nullif(n.next_step, ''))),
               slack_context(CASE n.rule WHEN 'value at risk' THEN words ->> 'for_director'
                                         WHEN 'adoption' THEN words ->> 'for_adoption'
                                         ELSE format(words ->> 'for_csm',
                                                     slack_cut(coalesce(slack_escape(csm), 'CSM'), 80)) END
                             || ' · ' || format(words ->> 'alert_of', slack_date(n.as_of, words))),
               slack_context(slack_cut(slack_escape(n.account_id), 200) || ' · ' || n.alert || ' · ' || n.as_of)
           ), '$[*] ? (@ != null)')) AS message
FROM slack_news AS n
JOIN slack_routes AS r USING (rule)
WHERE n.alert <> 'recovered';

-- What the report knows of seats is left out: it counts other days. A risk goes first, and so does its step.
CREATE OR REPLACE VIEW slack_growth AS
SELECT r.channel, e.account_id, 'expansion' AS alert, b.as_of, e.arr, jsonb_build_object(
           'text', slack_cut(format(words ->> 'named', slack_escape(e.name), room), 1000),
           'blocks', jsonb_path_query_array(jsonb_build_array(
               slack_header(format(words ->> CASE WHEN users > seats THEN 'outgrown' ELSE 'expansion' END,
                                   slack_cut(e.name, 80))),
               slack_section(concat_ws(' ', room, CASE WHEN main_opportunity_signal NOT LIKE 'user:%'
                                                       THEN slack_escape(b.main_opportunity) || '.' END)),
               jsonb_build_object('type', 'section', 'fields', jsonb_build_array(
                   slack_mrkdwn(format(words ->> 'score', b.score_shown)),
                   slack_mrkdwn(format(words ->> 'arr', coalesce(slack_number(e.arr, words), '–'))),
                   slack_mrkdwn(format(words ->> 'renewal', slack_date(e.renews_on, words))),
                   slack_mrkdwn(format(words ->> 'csm', slack_cut(coalesce(slack_escape(e.csm), '–'), 80))))),
               slack_section(replace(words ->> 'risk', '%s', slack_escape(nullif(b.main_risk, '')))),
               slack_section(format(words ->> 'next_step',
                                    coalesce(slack_escape(nullif(b.next_step, '')), words ->> 'more_seats'))),
               slack_context(format(words ->> 'as_of', slack_date(b.as_of, words))),
               slack_context(slack_cut(slack_escape(e.account_id), 200) || ' · expansion · ' || b.as_of)
           ), '$[*] ? (@ != null)')) AS message
FROM expansion AS e
JOIN scoreboard AS b USING (account_id)
JOIN health_models AS m USING (segment)
JOIN slack_words AS w ON w.language = coalesce(m.model ->> 'language', 'en')
JOIN slack_routes AS r ON r.rule = 'expansion'
CROSS JOIN LATERAL format(words ->> 'room', slack_seats(users, seats, words),
                          slack_renews(renews_on - b.as_of, words)) AS room;

-- ---------------------------------------------------------------- one digest per channel and day

-- The alerts of the day that went to the channel in a line each, and who recovered; on Mondays the expansion list and
-- the week by CSM as well. The largest first. A channel that has none of these hears nothing. In the language of most
-- accounts.
CREATE OR REPLACE VIEW slack_digest AS
WITH spoken AS (
    SELECT words
    FROM (SELECT coalesce(m.model ->> 'language', 'en') AS language, count(*) AS accounts
          FROM scoreboard JOIN health_models AS m USING (segment) GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT 1) AS most
    JOIN slack_words USING (language)
), book AS (
    SELECT string_agg(format(words ->> 'band', accounts, coalesce(words ->> band, band), slack_number(arr, words)), ', '
                      ORDER BY score) AS bands, sum(accounts) AS accounts
    FROM (SELECT band, count(*) AS accounts, coalesce(sum(arr), 0) AS arr, min(score) AS score
          FROM scoreboard WHERE band IS NOT NULL GROUP BY band) AS b
    CROSS JOIN spoken
), lines AS (
    SELECT channel, CASE n.alert WHEN 'recovered' THEN 'back' ELSE 'news' END AS part, n.arr AS weight, name,
           format(spoken.words ->> 'line', name,
                  CASE WHEN moved IS NULL THEN score::text
                       ELSE format(spoken.words ->> 'moved', score,
                                   CASE WHEN moved > 0 THEN '+' WHEN moved < 0 THEN '−' ELSE '±' END || abs(moved),
                                   trend_days) END,
                  coalesce(slack_number(n.arr, spoken.words), '–'),
                  CASE n.alert WHEN 'recovered' THEN coalesce(slack_escape(csm), '–')
                               ELSE coalesce(next_step, reason, '–') END) AS line
    FROM slack_news AS n JOIN slack_routes USING (rule) CROSS JOIN settings AS s CROSS JOIN spoken
    WHERE n.as_of = s.as_of
    UNION ALL
    SELECT channel, 'grow', e.arr, e.name,
           format(words ->> 'grow_line', slack_cut(slack_escape(e.name), 80), slack_seats(users, seats, words),
                  coalesce(slack_number(e.arr, words), '–'), slack_renews(renews_on - s.as_of, words))
    FROM expansion AS e CROSS JOIN settings AS s CROSS JOIN spoken JOIN slack_routes ON rule = 'expansion'
    WHERE extract(isodow FROM s.as_of) = 1
    UNION ALL
    SELECT channel, 'week', d.red_arr, csm,
           format(words ->> 'week_line', slack_cut(coalesce(slack_escape(nullif(csm, 'nobody')), words ->> 'nobody'), 80),
                  format(slack_form(d.accounts, words -> 'accounts'), slack_number(d.accounts, words)), floor(score),
                  coalesce(slack_change(change::numeric, words), '–'), red, slack_number(red_arr, words), line)
    FROM weekly_digest AS d CROSS JOIN settings AS s CROSS JOIN spoken JOIN slack_routes ON rule = 'week'
    WHERE extract(isodow FROM s.as_of) = 1
), parts AS (
    SELECT channel, part, array_agg(slack_cut(line, 280) ORDER BY weight DESC NULLS LAST, name) AS lines
    FROM lines GROUP BY channel, part
), wholes AS (
    SELECT channel,
           string_agg(CASE part WHEN 'week' THEN words ->> part
                                ELSE format(words ->> 'named', words ->> part, cardinality(lines)) END,
                      ', ' ORDER BY place) AS summary,
           jsonb_agg(slack_list(words ->> part, lines, words) ORDER BY place) AS sections
    FROM parts CROSS JOIN spoken CROSS JOIN LATERAL array_position('{news,back,grow,week}', part) AS place
    GROUP BY channel
)
SELECT channel, '' AS account_id, 'digest' AS alert, s.as_of, NULL::numeric AS arr, jsonb_build_object(
           'text', slack_cut(title || '. ' || summary, 1000),
           'blocks', jsonb_build_array(
               slack_header(title),
               slack_section(format(words ->> 'named', format(slack_form(book.accounts, words -> 'accounts'),
                                                              slack_number(book.accounts, words)), slack_escape(bands))))
               || sections || jsonb_build_array(slack_context('digest · ' || s.as_of))) AS message
FROM wholes CROSS JOIN settings AS s CROSS JOIN spoken CROSS JOIN book
CROSS JOIN LATERAL format(words ->> 'title', slack_date(s.as_of, words)) AS title;

-- ---------------------------------------------------------------- the night

-- All that is to be told today. quiet_days: an alert that late events move by a day is no new one, and who has room to
-- grow is told once a renewal, not every day.
CREATE OR REPLACE VIEW slack_messages AS
SELECT channel, account_id, alert, as_of, arr, 3 AS quiet_days, message FROM slack_alerts
UNION ALL
SELECT channel, account_id, alert, as_of, arr, 60, message FROM slack_growth
UNION ALL
SELECT channel, account_id, alert, as_of, arr, 0, message FROM slack_digest;

-- Every night, and again at will: what is there already stays as it is. Says how many messages came.
CREATE OR REPLACE FUNCTION fill_slack_outbox() RETURNS bigint LANGUAGE sql AS $$
    WITH added AS (
        INSERT INTO slack_outbox (account_id, alert, as_of, channel, message)
        SELECT account_id, alert, as_of, channel, message
        FROM slack_messages AS m
        WHERE NOT EXISTS (SELECT FROM slack_outbox AS told
                          WHERE told.account_id = m.account_id AND told.alert = m.alert AND told.as_of <> m.as_of
                                AND abs(told.as_of - m.as_of) < quiet_days)
        ORDER BY as_of, alert = 'digest', arr DESC NULLS LAST, account_id, channel
        ON CONFLICT (account_id, alert, as_of, channel) DO NOTHING
        RETURNING 1
    )
    SELECT count(*) FROM added
$$;

COMMIT;
