-- Parent accounts of examples/parents.sql, against plain SQL. Runs after it.
\set ON_ERROR_STOP on
SET client_min_messages = warning;
SET plpgsql.check_asserts = on;

-- A parent has its children's cells, added up: in every cell the children less the parent leave nothing.
DO $$ BEGIN
  ASSERT (SELECT count(*) > 20000 AND bool_and((count, value_count, value) = (0, 0, 0))
          FROM (SELECT sum(sign * count) AS count, sum(sign * value_count) AS value_count,
                       coalesce(sum(sign * value), 0) AS value
                FROM (SELECT 1 AS sign, parent, activity FROM parent_children JOIN account_activity USING (account_id)
                      UNION ALL
                      SELECT -1, parent, activity FROM parent_activity) AS a
                CROSS JOIN health_cells(activity)
                GROUP BY parent, signal, day) AS rest), 'the rollup is the sum of the children';
END $$;

-- The composed gauge is the formula done by hand, it is what the model sees, and merging would have said otherwise.
DO $$ BEGIN
  CREATE TEMPORARY TABLE by_hand AS
  SELECT parent, sum(nps * arr) / sum(arr) AS nps, sum(arr) / max(total) AS coverage
  FROM (SELECT parent, account_id, arr, sum(arr) OVER (PARTITION BY parent) AS total FROM parent_children) AS c
  JOIN (SELECT DISTINCT ON (account_id) account_id, avg(value) AS nps
        FROM events WHERE event = 'nps' AND occurred_at < health_day_start((SELECT as_of FROM settings))
        GROUP BY account_id, health_day(occurred_at) ORDER BY account_id, health_day(occurred_at) DESC) AS n
    USING (account_id)
  GROUP BY parent;
  ASSERT (SELECT count(*) >= 20 AND bool_and(abs(g.nps - h.nps) < 1e-9 AND abs(g.coverage - h.coverage) < 1e-9)
          FROM parent_gauges AS g JOIN settings USING (as_of) JOIN by_hand AS h USING (parent)), 'composed by hand';
  ASSERT (SELECT count(*) FROM parent_gauges JOIN settings USING (as_of)) = (SELECT count(*) FROM by_hand)
         + (SELECT count(*) FROM parent_gauges JOIN settings USING (as_of) WHERE nps IS NULL), 'none is missing';
  ASSERT (SELECT count(*) > 0 FROM parent_health WHERE nps_coverage < 1), 'not everybody was asked';
  ASSERT (SELECT count(*) FILTER (WHERE abs(nps_merged - nps) >= 1) > 0 FROM parent_gauges), 'merged is not composed';
  -- The driver tells the value in force on both dates. An activity keeps a millionth of it.
  ASSERT (SELECT count(*) >= 20 AND bool_and(abs((d ->> 'recent')::float8 - h.nps) < 1e-5
                                             AND abs((d ->> 'prior')::float8 - before.nps) < 1e-5)
          FROM parent_health AS p JOIN by_hand AS h USING (parent)
          JOIN parent_gauges AS before ON before.parent = p.parent AND before.as_of = p.as_of - 28
          CROSS JOIN jsonb_array_elements(p.drivers) AS d
          WHERE d ->> 'signal' = 'nps'), 'the score has the composed gauge';
  ASSERT (SELECT bool_and(p.seats = (SELECT sum(seats) FROM parent_accounts AS c JOIN accounts USING (account_id)
                                     JOIN subscriptions AS s USING (account_id)
                                     WHERE c.parent = p.parent AND s.ended_on IS NULL)
                          AND abs(score - (SELECT sum(points) FROM health_driver_rows(p.drivers))) < 1e-9)
          FROM parent_health AS p), 'sizes add up, and points do';
  ASSERT (SELECT bool_and(p.arr = (SELECT sum(a.arr) FROM parent_accounts AS c JOIN accounts AS a USING (account_id)
                                   WHERE c.parent = p.parent
                                         AND EXISTS (SELECT FROM subscriptions AS s WHERE s.account_id = c.account_id
                                                                         AND s.ended_on IS NULL)))
          FROM parent_health AS p), 'and so does what those pay who still do';
  ASSERT (SELECT bool_and(abs(children_score - (SELECT sum(c.score * c.arr) / sum(c.arr) FROM parent_children AS c
                                                WHERE c.parent = p.parent)) < 1e-9)
          FROM parent_health AS p), 'the children''s scores, composed by hand';
  DROP TABLE by_hand;
END $$;

\echo All facts hold.
