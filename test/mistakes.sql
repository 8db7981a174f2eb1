-- Proves the tables of docs/guides/mistakes.md: what stands on the left gives what the page says, an error or a result,
-- and what stands on the right gives something else, and no error. The table about installing is left out: nothing in it is
-- a query. Run from the root of the project, in a database of its own with the extension.
\set ON_ERROR_STOP on

CREATE TEMP TABLE page (n int GENERATED ALWAYS AS IDENTITY, line text);
-- CSV with marks that no page has: each line is one field, as it stands.
\copy page (line) FROM 'docs/guides/mistakes.md' WITH (FORMAT csv, DELIMITER E'\x01', QUOTE E'\x02')

-- The page's only block of SQL makes the tables that its examples are about.
SELECT string_agg(line, E'\n' ORDER BY n) FROM page
WHERE n > (SELECT min(n) FROM page WHERE line = '```sql') AND n < (SELECT min(n) FROM page WHERE line = '```')
\gexec

-- What an example gives: the words of its error, or the different results of its rows.
CREATE FUNCTION pg_temp.outcome(example text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
  result text;
BEGIN
  IF example NOT LIKE '% FROM %' THEN example := example || ' FROM book'; END IF;
  EXECUTE format('SELECT string_agg(DISTINCT result, E''\n'')
                  FROM (SELECT (SELECT string_agg(coalesce(value, ''NULL''), '', '') FROM json_each_text(row_to_json(q)))
                        FROM (SELECT %s) AS q) AS results (result)', example) INTO result;
  RETURN coalesce(result, 'no rows');
EXCEPTION WHEN OTHERS THEN
  RETURN 'ERROR: ' || sqlerrm;
END $$;

CREATE TEMP TABLE mistake AS
SELECT n, code[1] AS wrong, coalesce(substring(cell[3], '^`([^`]*)`'), 'ERROR: ' || cell[3]) AS sees,
       substring(cell[4], '^`([^`]*)`') AS fix
FROM page
CROSS JOIN LATERAL (SELECT array_agg(replace(btrim(c), '\|', '|') ORDER BY i)
                    FROM regexp_split_to_table(line, '(?<!\\)\|') WITH ORDINALITY AS cells (c, i)) AS cells (cell)
CROSS JOIN LATERAL regexp_match(cell[2], '^`(.*)`$') AS code
WHERE line LIKE '| `%';

DO $$
DECLARE
  wrong text;
  examples int;
BEGIN
  SELECT count(*), string_agg(format(E'%s: %s\n  the page says %s\n  it gives      %s\n  what is right %s', n, mistake.wrong, sees, gives,
                                     right_gives), E'\n')
                   FILTER (WHERE gives <> sees OR right_gives LIKE 'ERROR: %' OR right_gives = gives)
  INTO examples, wrong
  FROM mistake CROSS JOIN LATERAL (SELECT pg_temp.outcome(mistake.wrong), coalesce(pg_temp.outcome(fix), 'ERROR: none')
                                  ) AS outcome (gives, right_gives);
  IF wrong IS NOT NULL THEN RAISE EXCEPTION E'docs/guides/mistakes.md, line\n%', wrong; END IF;
  IF examples <> (SELECT count(*) FROM page WHERE line LIKE '| %' AND line NOT LIKE '| you write |%'
                    AND n < (SELECT n FROM page WHERE line LIKE '| message |%')) OR examples < 60 THEN
    RAISE EXCEPTION 'docs/guides/mistakes.md: % examples are read', examples;
  END IF;
END $$;
