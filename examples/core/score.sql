-- The scores of score_csv.cpp, made by the extension from the same file: the same to the last digit.
--
--   psql -d demo -f examples/core/score.sql
CREATE EXTENSION IF NOT EXISTS health_score;
CREATE TEMP TABLE event (account text, event text, occurred_at timestamptz, value float8);
SET timezone = 'UTC';
\copy event FROM 'examples/core/events.csv' (FORMAT csv, HEADER)
COPY (
  SELECT account, score, health_band(score) AS band
  FROM (SELECT account, health_score(health_activity(event, occurred_at, value),
                                     '{"signals": {"login": 1, "export": 5, "cancel_page_visited": -25}}',
                                     '2026-01-01') OVER () AS score
        FROM event GROUP BY account) AS scored
  ORDER BY score DESC, account COLLATE "C"
) TO STDOUT (FORMAT csv, HEADER);
