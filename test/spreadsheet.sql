-- examples/spreadsheet.sql: what it reads, and the numbers of the template by hand. Runs after it.
\set ON_ERROR_STOP on
SET client_min_messages = warning;
SET plpgsql.check_asserts = on;

-- Cells as people write them, and those that must not be guessed.
DO $$
DECLARE
  wrong text;
BEGIN
  ASSERT csv_cells('a;"b;c";"d ""e""";; f ', ';') = '{a,"b;c","d \"e\"",NULL,f}', 'quotes, empty cells, blanks';
  ASSERT csv_cells('a,b;c,', ',') = '{a,b;c,NULL}' AND csv_cells('', ',') = '{NULL}'
      AND csv_cells(E'a\tb c', E'\t') = '{a,b c}',
    'other delimiters';
  ASSERT (SELECT array_agg(sheet_number(cell, ',') ORDER BY n)
          FROM unnest(ARRAY['60%', '67,5 %', '12' || chr(160) || '400,50 €', '1.234.567', '-40', '7', '0,6', '7.5',
                            'n/a', NULL])
                 WITH ORDINALITY AS c (cell, n)) = '{0.6,0.675,12400.5,1234567,-40,7,0.6,7.5,NULL,NULL}', 'decimal comma';
  ASSERT (SELECT array_agg(sheet_number(cell, '.') ORDER BY n)
          FROM unnest('{60%,67.5%,"$12,400.50","1,234,567",-40,7,.5,-}'::text[]) WITH ORDINALITY AS c (cell, n))
         = '{0.6,0.675,12400.5,1234567,-40,7,0.5,NULL}', 'decimal point';
  ASSERT (SELECT array_agg(sheet_date(cell) ORDER BY n)
          FROM unnest('{31/12/2025,1/2/2026,2026-02-01,2026-02-01T10:00:00Z,"31/12/2025 14:05",-,NULL}'::text[])
                 WITH ORDINALITY AS c (cell, n))
         = '{2025-12-31,2026-02-01,2026-02-01,2026-02-01,2025-12-31,NULL,NULL}', 'dates';
  FOREACH wrong IN ARRAY '{sheet_date(''12/31/2025''),sheet_date(''01.02.2026''),sheet_date(''31 Dec''),"sheet_number(''0,6'', ''.'')",
                          "sheet_number(''many'', '','')","sheet_number(''1,2,3'', '','')"}'::text[] LOOP
    BEGIN
      EXECUTE 'SELECT ' || wrong;
      ASSERT false, 'taken: ' || wrong;
    EXCEPTION WHEN data_exception THEN NULL;  -- as it should
    END;
  END LOOP;
  BEGIN
    INSERT INTO sheet_line (line) VALUES ('"a cell');
    ASSERT false, 'half a cell';
  EXCEPTION WHEN check_violation THEN NULL;
  END;
END $$;

-- Both files say the same of accounts, though one has ISO dates, commas and decimal points, the other a title above, DD/MM/YYYY,
-- semicolons, decimal commas, CRLF and blank lines at its end. Both begin with a byte order mark.
DO $$ BEGIN
  ASSERT (SELECT array_agg(n ORDER BY exported_on) = '{10,10}'
          FROM (SELECT exported_on, count(*) AS n FROM sheet GROUP BY exported_on) AS s)
         AND (SELECT count(*) FILTER (WHERE nullif(btrim(line, ';'), '') IS NULL) = 3 FROM sheet_line),
    'ten accounts, and no blank line';
  ASSERT (SELECT count(*) = 10 AND bool_and((a.csm, a.arr, a.renews_on) = (b.csm, b.arr, b.renews_on))
          FROM sheet AS a JOIN sheet AS b USING (account)
          WHERE (a.exported_on, b.exported_on) = ('2025-12-04', '2026-01-01')),
    'the same accounts';
  ASSERT (SELECT array_agg((account, csm, arr, renews_on, last_login, licensed, active, logins, adoption, tickets, nps)::text ORDER BY account)
          FROM sheet WHERE exported_on = '2026-01-01' AND account ~ '^[BCF]')
         = ARRAY['("Birch, Cole and Partners",Bruno,12400.5,2026-02-15,2025-12-02,10,4,31,0.4,0,)',
                 '("Cedar ""North"" Clinics",Amélie,30000,2026-03-31,2025-12-25,25,23,310,0.675,1,50)',
                 '("Fir Studios",Chloé,9600,2026-04-12,,8,5,40,,,)'], 'cell by cell';
END $$;

-- The template, worked out on paper for 1 January. PERCENTILE.INC of ten logins is at place 1 + 0.9 * 9 = 9.1 of the sorted
-- ones: 540 + 0.1 * (810 - 540) = 567. Then SUMPRODUCT, weights 15, 25, 20, 15, 10, 15.
CREATE TEMPORARY TABLE paper (account text, sheet_score numeric, colour text);
INSERT INTO paper VALUES
  ('Alder & Sons',             (1500 + 25 * 95 + 2000 * 540 / 567.0 + 15 * 85 + 10 * 80 + 15 * 85) / 100, 'green'),
  ('Birch, Cole and Partners', (750 + 25 * 40 + 2000 * 31 / 567.0 + 15 * 40 + 1000 + 15 * 50) / 100, 'red'),
  ('Cedar "North" Clinics',    (1500 + 25 * 92 + 2000 * 310 / 567.0 + 15 * 67.5 + 10 * 80 + 15 * 75) / 100, 'green'),
  ('Dogwood Media',            (1500 + 25 * 75 + 2000 * 104 / 567.0 + 15 * 50 + 0 + 15 * 25) / 100, 'red'),
  ('Elm Logistics',            (1500 + 25 * 70 + 2000 * 280 / 567.0 + 15 * 70 + 10 * 60 + 15 * 60) / 100, 'yellow'),
  ('Fir Studios',              (0 + 25 * 62.5 + 2000 * 40 / 567.0 + 0 + 1000 + 15 * 50) / 100, 'red'),
  ('Gorse Retail',             NULL, NULL),
  ('Hazel Energy',             (1500 + 2500 + 2000 + 15 * 92.5 + 1000 + 15 * 90) / 100, 'green'),
  ('Ivy Dental',               (0 + 0 + 0 + 15 * 20 + 0 + 15 * 30) / 100.0, 'red'),
  ('Juniper Foods',            (1500 + 2500 * 14 / 18.0 + 2000 * 175 / 567.0 + 15 * 60 + 1000 + 15 * 50) / 100, 'yellow');

DO $$ BEGIN
  ASSERT (SELECT count(*) = 10 AND bool_and((abs(t.score - p.sheet_score) < 1e-9) IS NOT FALSE
                                            AND (t.score IS NULL) = (p.sheet_score IS NULL)
                                            AND t.colour IS NOT DISTINCT FROM p.colour)
          FROM template AS t FULL JOIN paper AS p USING (account) WHERE exported_on IS DISTINCT FROM '2025-12-04'),
    'the template, on paper';
  -- Where no cell is empty the extension says the same: within a millionth of a reading, and in every digit that is shown.
  ASSERT (SELECT count(*) = 7 AND bool_and(abs(score - sheet_score) < 1e-5
                                           AND round(score::numeric, 3) = round(sheet_score::numeric, 3)
                                           AND band = sheet_colour AND coverage = 1)
          FROM sheet_and_report WHERE missing = ''), 'the same numbers and colours';
  -- And a month before, as the score that it compares with.
  ASSERT (SELECT count(*) = 9 AND bool_and(abs(r.previous_score - t.score) < 1e-4)
          FROM sheet_and_report AS r JOIN template AS t USING (account) JOIN sheet AS s USING (exported_on, account)
          WHERE exported_on = '2025-12-04' AND s.nps IS NOT NULL), 'the scores of the earlier export';
  ASSERT (SELECT bool_and(trend = CASE WHEN score <= previous_score - 10 THEN 'down'
                                      WHEN score >= previous_score + 10 THEN 'up' ELSE 'flat' END)
                 AND count(*) FILTER (WHERE trend = 'down') = 4 FROM sheet_and_report), 'the trend';
END $$;

-- What is missing is left out, on paper: the mean of the others. The template called no tickets known a perfect 100.
DO $$ BEGIN
  ASSERT (SELECT array_agg(account || ': ' || missing ORDER BY account) FROM sheet_and_report WHERE missing <> '')
         = ARRAY['Birch, Cole and Partners: NPS', 'Fir Studios: Last Login, Feature Adoption, Open Tickets, NPS',
                 'Gorse Retail: Licensed Users'], 'what is missing';
  ASSERT (SELECT bool_and(abs(score - due) < 1e-5 AND abs(r.coverage - e.coverage) < 1e-9) AND count(*) = 3
          FROM sheet_and_report AS r
          JOIN (VALUES ('Birch, Cole and Partners', (750 + 25 * 40 + 2000 * 31 / 567.0 + 15 * 40 + 1000) / 85, 0.85),
                       ('Fir Studios', (25 * 62.5 + 2000 * 40 / 567.0) / 45, 0.45),
                       ('Gorse Retail', (1500 + 2000 * 170 / 567.0 + 15 * 45 + 10 * 80 + 15 * 55) / 75, 0.75))
                 AS e (account, due, coverage) USING (account)), 'the mean of what is known';
  ASSERT (SELECT reason LIKE 'Score fell to 40 (-23): Days since the last login rose to 30 (2 before); Active users fell to 40%% (70%% before)%'
                 AND next_step = 'Ask who still needs it'
          FROM sheet_and_report WHERE account = 'Birch, Cole and Partners'), 'why';
END $$;

-- PERCENTILE.INC is the baseline of the extension: with zeros, ties, and of a single account its own value.
DO $$ BEGIN
  ASSERT (SELECT bool_and(abs(baseline - inc) < 1e-9)
          FROM (SELECT (SELECT health_baseline(v, (SELECT model || '{"combine": "sum", "usage_weight": null, "signals": null}' FROM sheet_model))
                        FROM unnest(logins) AS v) AS baseline, inc
                FROM (VALUES ('{0,0,12,50,50,50,200}'::float8[], 110), ('{7,7,7}', 7), ('{42}', 42), ('{0,10}', 9)) AS v (logins, inc)) AS b),
    'PERCENTILE.INC';
END $$;

\echo All facts hold.
