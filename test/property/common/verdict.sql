-- Fails where a case is wrong, or where there are not as many claims as psql's variable `claims` says.
SELECT set_config('test.seed', :'seed', false), set_config('test.claims', :'claims', false) \g /dev/null
SELECT claim, count(theirs) AS cases, count(*) FILTER (WHERE wrong) AS wrong,
       min(left(format('%s: %s, not %s', subject, mine, theirs), 500)) FILTER (WHERE wrong) AS example
INTO verdict FROM trial GROUP BY claim;
TABLE verdict ORDER BY claim;
DO $$
BEGIN
  -- A claim that had no case has not been tried.
  IF (SELECT count(*) FROM verdict) <> current_setting('test.claims')::int
     OR EXISTS (SELECT FROM verdict WHERE wrong > 0 OR cases = 0) THEN
    RAISE EXCEPTION 'plain SQL says otherwise, or a claim was not tried (seed %)', current_setting('test.seed');
  END IF;
END $$;
