-- Runs after examples and the SQL of the pages: what clients read must be plain columns. Drivers of PostgreSQL hand a
-- row type over as text, so no view may have one.
DO $$
DECLARE
  wrong text;
BEGIN
  SELECT string_agg(format('%s.%s is a %s', relname, attname, format_type(atttypid, NULL)), E'\n') INTO wrong
  FROM pg_attribute AS a JOIN pg_class AS c ON c.oid = attrelid JOIN pg_type AS t ON t.oid = atttypid
  WHERE relkind IN ('v', 'm') AND relnamespace = 'public'::regnamespace AND attnum > 0 AND typtype = 'c';
  IF wrong IS NOT NULL THEN RAISE EXCEPTION E'row types in views:\n%', wrong; END IF;
END $$;
