-- The usual spreadsheet of health scores: an export as it comes, the weighted score of its template in SQL, and the same
-- accounts scored by the extension, which adds why, the trend, and what is not known.
--
--   createdb sheet
--   psql -d sheet -v ON_ERROR_STOP=1 -f examples/spreadsheet.sql          (from the repository's root)
--   psql -d sheet -c 'SELECT * FROM sheet_and_report ORDER BY score'
--
-- Prints nothing; in a database of its own. The template gives each account sub-scores from 0 to 100, their SUMPRODUCT with
-- the weights, and a colour:
--
--   Last Login        15   IF(TODAY()-E2<=7,100,IF(TODAY()-E2<=30,50,0))
--   Active Users      25   MIN(1,G2/F2)*100                                of the licensed ones
--   Logins (28 days)  20   MIN(1,H2/PERCENTILE.INC(H$2:H$99,0.9))*100      the best tenth has 100
--   Feature Adoption  15   I2*100
--   Open Tickets      10   MAX(0,1-J2/5)*100
--   NPS               15   (K2+100)/2
--   Score                  SUMPRODUCT(weights,sub-scores)/SUM(weights)
--   Colour                 IF(score<50,"red",IF(score<75,"yellow","green"))
--
-- Yours has other columns: change them in sheet_row (the name of the account's column; if no line has it, there are no rows),
-- sheet, template and the model. Nothing here reads the clock: an export is of a date.

CREATE EXTENSION IF NOT EXISTS health_score;

BEGIN;

-- ---------------------------------------------------------------- the export as it comes

-- One row per line of the files. A cell with a line break in it would be two lines: take it out in the sheet.
CREATE TABLE sheet_line (
    exported_on date,
    n           int GENERATED ALWAYS AS IDENTITY,
    line        text,
    CONSTRAINT no_line_break_in_a_cell CHECK (length(line) % 2 = length(replace(line, '"', '')) % 2)
);

-- Your files here, each with its date. Delimiter and quote are characters that no sheet has, so that a line stays as it is.
-- What Excel calls "CSV" rather than "CSV UTF-8" needs ENCODING 'WIN1252'.
\copy sheet_line (line) FROM 'examples/spreadsheet/2025-12-04.csv' (FORMAT csv, DELIMITER E'\x01', QUOTE E'\x02', ENCODING 'UTF8')
UPDATE sheet_line SET exported_on = '2025-12-04' WHERE exported_on IS NULL;
\copy sheet_line (line) FROM 'examples/spreadsheet/2026-01-01.csv' (FORMAT csv, DELIMITER E'\x01', QUOTE E'\x02', ENCODING 'UTF8')
UPDATE sheet_line SET exported_on = '2026-01-01' WHERE exported_on IS NULL;

-- The cells of a line, trimmed; empty ones are NULL.
CREATE FUNCTION csv_cells(line text, delimiter text) RETURNS text[] LANGUAGE sql IMMUTABLE AS $$
    SELECT array_agg(nullif(btrim(coalesce(replace(cell[1], '""', '"'), cell[2])), '') ORDER BY n)
    FROM regexp_matches(line || delimiter, format('(?:"((?:[^"]|"")*)"|([^"%1$s]*))%1$s', delimiter), 'g')
             WITH ORDINALITY AS c (cell, n)
$$;

-- "60%" is 0.6, "12 400,50 €" is 12400.5. mark is the decimal one, the other groups thousands: "0,6" where the point is the
-- mark is an error, not 6. What stands for nothing is nothing.
CREATE FUNCTION sheet_number(cell text, mark text) RETURNS float8 LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE WHEN lower(cell) IN ('-', 'n/a', '#n/a') THEN NULL
                WHEN digits ~ format('^-?\d{1,3}([%1$s]\d{3})+([%2$s]\d+)?$|^-?\d+([%2$s]\d+)?$', other, mark)
                    THEN replace(replace(digits, other, ''), mark, '.')::float8
                ELSE digits::float8 END / CASE WHEN strpos(cell, '%') > 0 THEN 100 ELSE 1 END
    FROM (SELECT regexp_replace(cell, '[\s\u00A0\u202F€$£%]', '', 'g') AS digits,
                 CASE mark WHEN ',' THEN '.' ELSE ',' END AS other) AS t
$$;

-- Days before months, or ISO; a time behind them is left away. Anything else is an error: 12/31/2025 has no month 31, and
-- nobody can tell what 01.02.2026 is.
CREATE FUNCTION sheet_date(cell text) RETURNS date LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE WHEN lower(cell) IN ('-', 'n/a', '#n/a') THEN NULL
                WHEN cell ~ '^\d{4}-\d\d-\d\d' THEN left(cell, 10)::date
                WHEN cell ~ '^\d{1,2}/\d{1,2}/\d{4}' THEN make_date(dmy[3]::int, dmy[2]::int, dmy[1]::int)
                ELSE ('neither DD/MM/YYYY nor ISO: ' || cell)::date END
    FROM regexp_match(cell, '^(\d+)/(\d+)/(\d{4})') AS m (dmy)
$$;

-- One document per account and export: {"Account Name": "Elm", "Last Login": "31/12/2025", ...}. The first line that has the
-- column of the account is the header; whatever stands above it, and blank lines, are left out. A sheet is written with
-- semicolons where the comma is the decimal mark.
CREATE VIEW sheet_row AS
WITH lines AS (
    SELECT exported_on, n, line, delimiter, csv_cells(ltrim(line, U&'\FEFF'), delimiter) AS cells
    FROM (SELECT *, CASE WHEN strpos(line, E'\t') > 0 THEN E'\t' WHEN strpos(line, ';') > 0 THEN ';' ELSE ',' END AS delimiter
          FROM sheet_line) AS d
), headers AS (
    SELECT DISTINCT ON (exported_on) exported_on, n, delimiter, cells AS names
    FROM lines WHERE 'Account Name' = ANY (cells) ORDER BY exported_on, n
)
SELECT exported_on, l.n, CASE h.delimiter WHEN ',' THEN '.' ELSE ',' END AS mark, jsonb_object_agg(name, cell) AS cells
FROM headers AS h
JOIN (SELECT exported_on, n, line FROM sheet_line) AS l USING (exported_on)
CROSS JOIN LATERAL unnest(h.names, csv_cells(l.line, h.delimiter)) AS c (name, cell)
WHERE l.n > h.n AND name IS NOT NULL
GROUP BY exported_on, l.n, h.delimiter
HAVING count(cell) > 0;

-- The columns of your sheet.
CREATE VIEW sheet AS
SELECT exported_on, cells ->> 'Account Name' AS account, cells ->> 'CSM' AS csm,
       sheet_number(cells ->> 'ARR', mark) AS arr, sheet_date(cells ->> 'Renewal Date') AS renews_on,
       sheet_date(cells ->> 'Last Login') AS last_login,
       sheet_number(cells ->> 'Licensed Users', mark) AS licensed, sheet_number(cells ->> 'Active Users', mark) AS active,
       sheet_number(cells ->> 'Logins (28 days)', mark)::bigint AS logins,
       sheet_number(cells ->> 'Feature Adoption', mark) AS adoption,
       sheet_number(cells ->> 'Open Tickets', mark) AS tickets, sheet_number(cells ->> 'NPS', mark) AS nps
FROM sheet_row;

-- ---------------------------------------------------------------- the template

-- Formulas take an empty cell for 0: no tickets known is no tickets, no NPS is one of 0, no login is one of 1899. No
-- licensed users is #DIV/0!, here NULL. PERCENTILE.INC is percentile_cont.
CREATE VIEW template AS
SELECT exported_on, account, sub.*, score,
       CASE WHEN score < 50 THEN 'red' WHEN score < 75 THEN 'yellow' WHEN score >= 75 THEN 'green' END AS colour
FROM sheet
JOIN (SELECT exported_on, percentile_cont(0.9) WITHIN GROUP (ORDER BY logins) AS best
      FROM sheet GROUP BY exported_on) AS p USING (exported_on)
CROSS JOIN LATERAL (
    SELECT CASE WHEN exported_on - last_login <= 7 THEN 100 WHEN exported_on - last_login <= 30 THEN 50
                ELSE 0 END::float8 AS last_login_points,
           -- The CASE, as least(1, NULL) is 1.
           CASE WHEN licensed > 0 THEN least(1, coalesce(active, 0) / licensed) * 100 END AS active_points,
           least(1, coalesce(logins, 0) / best) * 100 AS logins_points,
           coalesce(adoption, 0) * 100 AS adoption_points,
           greatest(0, 1 - coalesce(tickets, 0) / 5) * 100 AS tickets_points,
           (coalesce(nps, 0) + 100) / 2 AS nps_points
) AS sub
CROSS JOIN LATERAL (
    SELECT CASE WHEN count(points) = 6 THEN sum(weight * points) / sum(weight) END AS score
    FROM (VALUES (15, last_login_points), (25, active_points), (20, logins_points), (15, adoption_points),
                 (10, tickets_points), (15, nps_points)) AS w (weight, points)
) AS s;

-- ---------------------------------------------------------------- the same, by the extension

-- One activity per account from all exports. What an export says is what held on the day before it. An empty cell is no
-- reading; of logins alone nothing is none, in a scorecard as well.
CREATE VIEW sheet_activity AS
SELECT account, health_rollup(part) AS activity
FROM (SELECT account, health_daily('login', exported_on - 1, logins, NULL) AS part FROM sheet GROUP BY account
      UNION ALL
      SELECT account, health_activity(signal, exported_on - 1, value)
      FROM sheet
      CROSS JOIN LATERAL (VALUES ('days_since_login', (exported_on - last_login)::float8),
                                 ('seat_use', active / nullif(licensed, 0)),
                                 ('adoption', adoption), ('tickets', tickets), ('nps', nps)) AS r (signal, value)
      GROUP BY account) AS parts
GROUP BY account;

-- The weights and formulas above as a scorecard (docs/model.md). A reading counts until the next export four weeks later.
CREATE TABLE sheet_model (model health_model);
INSERT INTO sheet_model VALUES ('{
  "name": "spreadsheet", "version": "1", "combine": "mean", "window_days": 28, "red_below": 50, "green_from": 75,
  "usage_weight": 20, "curve": "linear", "percentile": 0.9, "population": "all", "size_exponent": 0, "min_population": 5,
  "signals": {
    "login": {"weight": 1, "label": "Logins", "next_step": "Ask what keeps them away"},
    "days_since_login": {"weight": 15, "measure": "last", "steps": [[0, 1], [8, 0.5], [31, 0]],
                         "label": "Days since the last login", "next_step": "Ask who still needs it"},
    "seat_use": {"weight": 25, "measure": "last", "out_of": 1, "label": "Active users", "next_step": "Offer a training"},
    "adoption": {"weight": 15, "measure": "last", "out_of": 1, "label": "Feature adoption",
                 "next_step": "Show what they do not use"},
    "tickets": {"weight": 10, "measure": "last", "scale": [[0, 1], [5, 0]], "label": "Open tickets",
                "next_step": "Get a date from support"},
    "nps": {"weight": 15, "measure": "last", "scale": [[-100, 0], [100, 1]], "label": "NPS",
            "next_step": "Call those who answered"}}}');

-- Of the latest export, one beside the other: the same number, but where a cell is missing, which the template took for 0.
-- (An activity keeps six places of a reading, so 7 of 9 users is 0.777778.)
CREATE VIEW sheet_and_report AS
SELECT account, csm, arr, renews_on, t.score AS sheet_score, t.colour AS sheet_colour, (r).score, (r).band, (r).coverage,
       concat_ws(', ', CASE WHEN last_login IS NULL THEN 'Last Login' END,
                       CASE WHEN licensed IS NULL THEN 'Licensed Users' END,
                       CASE WHEN active IS NULL THEN 'Active Users' END,
                       CASE WHEN logins IS NULL THEN 'Logins' END,
                       CASE WHEN adoption IS NULL THEN 'Feature Adoption' END,
                       CASE WHEN tickets IS NULL THEN 'Open Tickets' END, CASE WHEN nps IS NULL THEN 'NPS' END) AS missing,
       (r).previous_score, (r).trend, (r).reason, (r).main_risk, (r).next_step
FROM (SELECT s.*, health_report(activity, model, exported_on) OVER () AS r
      FROM sheet AS s JOIN sheet_activity USING (account) CROSS JOIN sheet_model
      WHERE exported_on = (SELECT max(exported_on) FROM sheet)) AS s
JOIN template AS t USING (exported_on, account);

COMMIT;
