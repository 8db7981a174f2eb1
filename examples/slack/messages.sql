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

-- A heading and at most ten lines, or nothing where there are none.
CREATE OR REPLACE FUNCTION slack_list(heading text, lines text[], more text) RETURNS jsonb LANGUAGE sql IMMUTABLE AS $$
    SELECT slack_section('*' || heading || E'*\n' || array_to_string(lines[:10], E'\n')
                         || CASE WHEN cardinality(lines) > 10
                                 THEN E'\n' || format(more, cardinality(lines) - 10) ELSE '' END)
    WHERE cardinality(lines) > 0
$$;

-- The words around the sentences of the reports.
CREATE OR REPLACE VIEW slack_words (language, words) AS
VALUES ('en', '{
  "drop": "%s: score fell", "entered_red": "%s is in the red", "expansion": "%s: room to grow",
  "score": "*Score*\n%s", "today": "%s (%s today)", "arr": "*ARR*\n%s", "csm": "*CSM*\n%s",
  "seats": "*Seats in use*\n%s of %s", "renewal": "*Renewal*\n%s", "next_step": "*Next step:* %s",
  "director": "for the account director", "adoption": "for customer success", "csm_acts": "for %s",
  "title": "Customer health, %s", "book": "%s accounts: %s",
  "band": "%s %s (ARR %s)", "red": "red", "yellow": "yellow", "green": "green",
  "news": "New alerts", "back": "Recovered", "grow": "Room to grow", "week": "Week by CSM",
  "more": "and %s more", "count": "%s: %s",
  "line": "• *%s* %s, ARR %s: %s", "grow_line": "• *%s* %s of %s seats in use, ARR %s, renewal %s",
  "week_line": "• *%s* accounts: %s, mean score %s (%s in 7 days), red: %s (ARR %s) %s",
  "date": "YYYY-MM-DD", "group": ",", "point": ".", "minus": "-"}'::jsonb),
       ('fr', '{
  "drop": "%s\u00a0: score en baisse", "entered_red": "%s passe au rouge",
  "expansion": "%s\u00a0: potentiel de croissance",
  "score": "*Score*\n%s", "today": "%s (%s aujourd’hui)", "arr": "*ARR*\n%s", "csm": "*CSM*\n%s",
  "seats": "*Licences utilisées*\n%s sur %s", "renewal": "*Renouvellement*\n%s",
  "next_step": "*À faire\u00a0:* %s",
  "director": "pour la direction des grands comptes", "adoption": "pour le customer success", "csm_acts": "pour %s",
  "title": "Santé des clients, %s", "book": "%s comptes\u00a0: %s",
  "band": "%s %s (ARR %s)", "red": "en rouge", "yellow": "en jaune", "green": "en vert",
  "news": "Nouvelles alertes", "back": "Rétablis", "grow": "Potentiel de croissance", "week": "La semaine par CSM",
  "more": "et %s de plus", "count": "%s\u00a0: %s",
  "line": "• *%s* %s, ARR %s\u00a0: %s",
  "grow_line": "• *%s* licences utilisées\u00a0: %s sur %s, ARR %s, renouvellement le %s",
  "week_line": "• *%s* comptes\u00a0: %s, score moyen %s (%s en 7 jours), en rouge\u00a0: %s (ARR %s) %s",
  "date": "DD/MM/YYYY", "group": "\u00a0", "point": ",", "minus": "−"}');

-- A whole number, and one with a digit behind the point and its sign, as the language writes them.
CREATE OR REPLACE FUNCTION slack_number(number numeric, words jsonb) RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT replace(to_char(number, 'FM999,999,999,999,990'), ',', words ->> 'group')
$$;

CREATE OR REPLACE FUNCTION slack_change(number numeric, words jsonb) RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE WHEN round(number, 1) > 0 THEN '+' WHEN round(number, 1) < 0 THEN words ->> 'minus' ELSE '' END
           || replace(to_char(abs(number), 'FM999990.0'), '.', words ->> 'point')
$$;

-- ---------------------------------------------------------------- one message per alert

-- What the feed had to tell in the last three days, so that a night that failed is made up for.
CREATE OR REPLACE VIEW slack_news AS
SELECT f.as_of, f.alert, f.account_id, slack_cut(slack_escape(f.name), 80) AS name, f.name AS full_name, f.arr, b.csm,
       floor(f.score) AS score, floor(f.score_today) AS score_today, slack_escape(f.reason) AS reason,
       slack_escape(f.next_step) AS next_step, renews_on, w.words,
       CASE f.goes_to WHEN 'account director' THEN 'value at risk' WHEN 'customer success' THEN 'adoption'
                      ELSE 'csm' END AS rule
FROM alert_feed AS f
CROSS JOIN settings AS s
JOIN scoreboard AS b USING (account_id)
LEFT JOIN renewals USING (account_id)
JOIN health_models AS m USING (segment)
JOIN slack_words AS w ON w.language = m.model ->> 'language'
WHERE f.as_of > s.as_of - 3 AND f.as_of <= s.as_of;

-- The last line of each message is its key, with the channel: a repeat shows by it.
CREATE OR REPLACE VIEW slack_alerts AS
SELECT r.channel, n.account_id, n.alert, n.as_of, n.arr, jsonb_build_object(
           'text', slack_cut(n.name || ': ' || coalesce(n.reason, n.alert), 1000),
           'blocks', jsonb_path_query_array(jsonb_build_array(
               slack_header(format(words ->> n.alert, slack_cut(n.full_name, 80))),
               slack_section(n.reason),
               jsonb_build_object('type', 'section', 'fields', jsonb_build_array(
                   slack_mrkdwn(format(words ->> 'score', CASE WHEN score = score_today THEN score::text
                                                               ELSE format(words ->> 'today', score, score_today) END)),
                   slack_mrkdwn(format(words ->> 'arr', coalesce(slack_number(n.arr, words), '–'))),
                   slack_mrkdwn(format(words ->> 'renewal', coalesce(to_char(renews_on, words ->> 'date'), '–'))),
                   slack_mrkdwn(format(words ->> 'csm', slack_cut(coalesce(slack_escape(csm), '–'), 80))))),
               slack_section(format(words ->> 'next_step', nullif(n.next_step, ''))),
               jsonb_build_object('type', 'context', 'elements', jsonb_build_array(slack_mrkdwn(
                   slack_cut(slack_escape(n.account_id), 200) || ' · ' || n.alert || ' · ' || n.as_of || ' · '
                   || CASE n.rule WHEN 'value at risk' THEN words ->> 'director'
                                  WHEN 'adoption' THEN words ->> 'adoption'
                                  ELSE format(words ->> 'csm_acts', slack_cut(coalesce(slack_escape(csm), 'CSM'), 80))
                      END)))
           ), '$[*] ? (@ != null)')) AS message
FROM slack_news AS n
JOIN slack_routes AS r USING (rule)
WHERE n.alert <> 'recovered';

CREATE OR REPLACE VIEW slack_growth AS
SELECT r.channel, e.account_id, 'expansion' AS alert, b.as_of, e.arr, jsonb_build_object(
           'text', slack_cut(slack_escape(e.name) || ': ' || coalesce(slack_escape(b.reason), 'expansion'), 1000),
           'blocks', jsonb_path_query_array(jsonb_build_array(
               slack_header(format(words ->> 'expansion', slack_cut(e.name, 80))),
               slack_section(slack_escape(b.reason)),
               jsonb_build_object('type', 'section', 'fields', jsonb_build_array(
                   slack_mrkdwn(format(words ->> 'seats', e.users, e.seats)),
                   slack_mrkdwn(format(words ->> 'renewal', to_char(e.renews_on, words ->> 'date'))),
                   slack_mrkdwn(format(words ->> 'arr', coalesce(slack_number(e.arr, words), '–'))),
                   slack_mrkdwn(format(words ->> 'csm', slack_cut(coalesce(slack_escape(e.csm), '–'), 80))))),
               slack_section(slack_escape(b.main_opportunity)),
               jsonb_build_object('type', 'context', 'elements', jsonb_build_array(slack_mrkdwn(
                   slack_cut(slack_escape(e.account_id), 200) || ' · expansion · ' || b.as_of)))
           ), '$[*] ? (@ != null)')) AS message
FROM expansion AS e
JOIN scoreboard AS b USING (account_id)
JOIN health_models AS m USING (segment)
JOIN slack_words AS w ON w.language = m.model ->> 'language'
JOIN slack_routes AS r ON r.rule = 'expansion';

-- ---------------------------------------------------------------- one digest per channel and day

-- The alerts of the day that went to the channel in a line each, and who recovered; on Mondays the expansion list and
-- the week by CSM as well. The largest first. A channel that has none of these hears nothing. In the language of most
-- accounts.
CREATE OR REPLACE VIEW slack_digest AS
WITH spoken AS (
    SELECT words
    FROM (SELECT m.model ->> 'language' AS language, count(*) AS accounts
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
           format(spoken.words ->> 'line', name, score, coalesce(slack_number(n.arr, spoken.words), '–'),
                  CASE n.alert WHEN 'recovered' THEN coalesce(slack_escape(csm), '–')
                               ELSE coalesce(next_step, reason, '–') END) AS line
    FROM slack_news AS n JOIN slack_routes USING (rule) CROSS JOIN settings AS s CROSS JOIN spoken
    WHERE n.as_of = s.as_of
    UNION ALL
    SELECT channel, 'grow', e.arr, e.name,
           format(words ->> 'grow_line', slack_cut(slack_escape(e.name), 80), users, seats,
                  coalesce(slack_number(e.arr, words), '–'), to_char(renews_on, words ->> 'date'))
    FROM expansion AS e CROSS JOIN settings AS s CROSS JOIN spoken JOIN slack_routes ON rule = 'expansion'
    WHERE extract(isodow FROM s.as_of) = 1
    UNION ALL
    SELECT channel, 'week', d.red_arr, csm,
           format(words ->> 'week_line', slack_cut(coalesce(slack_escape(csm), '–'), 80), d.accounts, floor(score),
                  coalesce(slack_change(change::numeric, words), '–'), red, slack_number(red_arr, words), line)
    FROM weekly_digest AS d CROSS JOIN settings AS s CROSS JOIN spoken JOIN slack_routes ON rule = 'week'
    WHERE extract(isodow FROM s.as_of) = 1
), parts AS (
    SELECT channel, part, array_agg(slack_cut(line, 280) ORDER BY weight DESC NULLS LAST, name) AS lines
    FROM lines GROUP BY channel, part
), wholes AS (
    SELECT channel,
           string_agg(CASE part WHEN 'week' THEN words ->> part
                                ELSE format(words ->> 'count', words ->> part, cardinality(lines)) END,
                      ', ' ORDER BY place) AS summary,
           jsonb_agg(slack_list(words ->> part, lines, words ->> 'more') ORDER BY place) AS sections
    FROM parts CROSS JOIN spoken CROSS JOIN LATERAL array_position('{news,back,grow,week}', part) AS place
    GROUP BY channel
)
SELECT channel, '' AS account_id, 'digest' AS alert, s.as_of, NULL::numeric AS arr, jsonb_build_object(
           'text', slack_cut(title || '. ' || summary, 1000),
           'blocks', jsonb_build_array(
               slack_header(title),
               slack_section(format(words ->> 'book', slack_number(book.accounts, words), slack_escape(bands))))
               || sections
               || jsonb_build_array(jsonb_build_object('type', 'context', 'elements',
                      jsonb_build_array(slack_mrkdwn('digest · ' || s.as_of))))) AS message
FROM wholes CROSS JOIN settings AS s CROSS JOIN spoken CROSS JOIN book
CROSS JOIN LATERAL format(words ->> 'title', to_char(s.as_of, words ->> 'date')) AS title;

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
