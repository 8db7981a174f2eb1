# A statement that is told to end does so before it has its answer, and the session is well afterwards. The server asks
# for interrupts between rows, so what is canceled here is one call of a function, in which nobody but the core can ask.
# How often it asks elsewhere: test/unit/memory_test.cpp.

use strict;
use warnings;

use FindBin;
use lib $FindBin::RealBin;
use HealthScore;
use IPC::Run;
use PostgreSQL::Test::Utils;
use Test::More;
use Time::HiRes 'time';

my $node = start_node('cancel');
my $folder = PostgreSQL::Test::Utils::tempdir;

$node->safe_psql('postgres', <<'SQL');
CREATE TABLE accounts AS
SELECT n AS account, a.activity FROM generate_series(1, 150000) AS n,
  (SELECT health_activity('signal ' || i % 8, date '2025-06-01' + i % 200, i % 5) AS activity
    FROM generate_series(1, 400) AS i) AS a;
CREATE TABLE large AS SELECT health_activity('signal ' || i, date '1970-01-01' + day, day % 3 * i) AS activity
  FROM generate_series(1, 12) AS i, generate_series(0, 84000) AS day;
CREATE TABLE large_text AS SELECT activity::text AS t FROM large;
CREATE TABLE alike AS SELECT (SELECT health_activity(repeat('u', 20) || i, date '2026-01-01') AS activity
    FROM generate_series(1, 200000) AS i),
  (SELECT jsonb_build_object('signals', jsonb_object_agg(repeat('u', i) || '*', '{"weight": 1,
    "measure": "distinct"}'::jsonb))::health_model AS model FROM generate_series(1, 20) AS i);
CREATE SEQUENCE answers;
SQL

my $model = q{'{"half_life_days": 30, "signals": {"signal 1": 1, "signal 2": {"weight": 3, "measure": "days"},
  "signal 3": {"weight": -2, "unit": "raw", "max_points": 50}}}'};
my %calls = (
  'sum of a million cells' => 'SELECT activity + activity FROM large',
  'a million cells from text' => 'SELECT t::health_activity FROM large_text',
  'text of a million cells' => 'SELECT activity::text FROM large',
  'score with prefixes that begin alike' => "SELECT health_raw_score(activity, model, '2026-01-02') FROM alike",
  'slope of many readings' => "SELECT health_slope(n * 7 % 11, date '2000-01-01' + n::int)
    FROM generate_series(1, 4000) AS n");

# The answer is counted in a sequence, which keeps its number when the statement fails.
for my $name (sort keys %calls)
{
  my $call = "SELECT count(CASE WHEN num_nulls(r) >= 0 THEN nextval('answers') END) FROM ($calls{$name}) AS q (r);";
  my $answers = 'SELECT CASE WHEN is_called THEN last_value ELSE 0 END FROM answers;';
  my $began = time;
  $node->safe_psql('postgres', "ALTER SEQUENCE answers RESTART; $call");
  my $timeout = 1 + int((time - $began) * 1000 / 5);
  is($node->safe_psql('postgres', $answers), 1, "$name has an answer");
  my ($out, $states) = sqlstates($node, join("\n", 'ALTER SEQUENCE answers RESTART;', "SET statement_timeout = $timeout;",
    $call, 'RESET statement_timeout;', $answers));
  is("@$states", '57014', 'and is canceled in a fifth of the time');
  is($out, 0, 'before it has it');
}

# By another session, and the session that was canceled goes on.
my %statements = (
  'health_report over many accounts' => "SELECT (health_report(activity, $model, '2026-01-01') OVER ()).score
    FROM accounts, generate_series(1, 5)",
  'health_rollup over many accounts' => 'SELECT health_rollup(activity) FROM accounts, generate_series(1, 20)');
for my $name (sort keys %statements)
{
  append_to_file("$folder/session.sql",
    "SELECT pg_backend_pid(); SELECT count(r) FROM ($statements{$name}) AS q (r); SELECT 'well', pg_backend_pid();");
  my ($out, $err) = ('', '');
  my $session = IPC::Run::start([ 'psql', '-XAtq', '-d', $node->connstr('postgres'), '-f', "$folder/session.sql" ], '>',
    \$out, '2>', \$err);
  ok($node->poll_query_until('postgres',
    "SELECT count(*) = 1 FROM pg_stat_activity WHERE state = 'active' AND backend_type = 'client backend'
      AND query LIKE 'SELECT count(r)%' AND now() - query_start > interval '1 second'"),
    "pg_cancel_backend: $name is under way");
  $node->safe_psql('postgres',
    "SELECT pg_cancel_backend(pid) FROM pg_stat_activity WHERE backend_type = 'client backend'
      AND query LIKE 'SELECT count(r)%'");
  $session->finish;
  like($err, qr/canceling statement due to user request/, "pg_cancel_backend: $name is canceled");
  like($out, qr/^(\d+)\nwell\|\1$/, 'and the session goes on');
  unlink "$folder/session.sql";
}

# The node that groups, canceled wherever it is: at once, while it reads, sorts, writes its file, merges and returns, with
# workers or without. A busy machine may need more than one try.
$node->safe_psql('postgres', <<'SQL');
CREATE TABLE events AS SELECT n::bigint * 7919 % 1000003 AS account, 1 AS one, 'signal ' || n % 23 AS signal,
  date '2025-01-01' + (n::bigint * 104729 % 300)::int AS day, n::float8 AS value FROM generate_series(1, 1200000) AS n;
VACUUM ANALYZE events;
-- Waits until the other session has run a statement for so long, then stops it, and returns after how many milliseconds it ended.
CREATE FUNCTION ends_after(stop text, seconds float8) RETURNS float8 LANGUAGE plpgsql AS $$
DECLARE victim int; began timestamptz;
BEGIN
  FOR i IN 1 .. 2000 LOOP
    SELECT pid INTO victim FROM pg_stat_activity WHERE state = 'active' AND backend_type = 'client backend'
      AND query LIKE 'SELECT count(y)%' AND clock_timestamp() - query_start >= seconds * interval '1 second';
    EXIT WHEN victim IS NOT NULL;
    PERFORM pg_sleep(0.002), pg_stat_clear_snapshot();
  END LOOP;
  began := clock_timestamp();
  EXECUTE format('SELECT %I(%s)', stop, coalesce(victim, 0));
  LOOP
    PERFORM pg_stat_clear_snapshot();
    EXIT WHEN NOT EXISTS (SELECT FROM pg_stat_activity WHERE pid = victim AND state = 'active' AND query LIKE 'SELECT count(y)%');
    PERFORM pg_sleep(0.002);
  END LOOP;
  RETURN extract(epoch FROM clock_timestamp() - began) * 1000;
END $$;
SQL
my $workers = 'SET parallel_setup_cost = 0; SET parallel_tuple_cost = 0;';
my $alone = 'SET max_parallel_workers_per_gather = 0;';
for my $case (
  [ 'a million accounts', 'account', "$alone SET work_mem = '1GB';" ],
  [ 'a million accounts, in a file', 'account', "$alone SET work_mem = '4MB';" ],
  [ 'a million accounts, in many passes', 'account', "$alone SET work_mem = '64kB'; SET hash_mem_multiplier = 1;" ],
  [ 'a million accounts, by workers', 'account', "$workers SET work_mem = '1GB';" ],
  [ 'a million accounts, by workers, in files', 'account', "$workers SET work_mem = '4MB';" ],
  [ 'a million names', 'account::text', "$alone SET work_mem = '1GB';" ],
  [ 'one account', 'one', "$alone SET work_mem = '1GB';" ],
  [ 'one account, in a file', 'one', "$alone SET work_mem = '64kB';" ])
{
  my ($name, $key, $settings) = @$case;
  my $statement = "SELECT count(y) FROM (SELECT $key, health_activity(signal, day, value) AS y FROM events GROUP BY 1 OFFSET 0) AS q;";
  $settings .= 'SET enable_sort = off;';
  $settings .= 'SET cpu_operator_cost = 0.1;' if $key eq 'one';
  my $plan = $node->safe_psql('postgres', "$settings EXPLAIN (ANALYZE, TIMING OFF) $statement");
  like($plan, $settings =~ /max_parallel/ ? qr/HealthActivity/ : qr/Workers Launched: [12].*HealthActivity/s, "$name: the node");
  my ($seconds) = map { $_ / 1000 } $plan =~ /Execution Time: ([\d.]+)/;
  for my $at (0, 0.2, 0.4, 0.6, 0.75, 0.9)
  {
    my ($stop, $printed) = $at == 0.75 ? ('pg_terminate_backend', '') : ('pg_cancel_backend', "well\n");
    my ($after, $out, $err);
    for my $try (1 .. 6)  # earlier each time: what was measured may have taken longer
    {
      ($out, $err) = ('', '');
      append_to_file("$folder/session.sql", "$settings\n$statement\nSELECT 'well';");
      my $session = IPC::Run::start([ 'psql', '-XAtq', '-d', $node->connstr('postgres'), '-f', "$folder/session.sql" ], '>',
        \$out, '2>', \$err);
      $after = value($node, sprintf("SELECT ends_after('$stop', %f)", $at * $seconds / $try));
      $session->finish;
      unlink "$folder/session.sql";
      last if $after < 100 && $err =~ /administrator command|canceling/ && $out eq $printed;
    }
    cmp_ok($after, '<', 100, sprintf('%s ends %d ms after %s at %d %%', $name, $after, $stop, $at * 100));
    like($err, $at == 0.75 ? qr/administrator command/ : qr/canceling/, 'with an error');
    is($out, $printed, 'and the session goes on, or not');
  }
  my ($out, $states) = sqlstates($node, sprintf("$settings SET statement_timeout = %d;\n$statement\nSELECT 'well';", $seconds * 400));
  is("@$states $out", '57014 well', 'and by statement_timeout');
}
is(value($node, 'SELECT count(*) FROM pg_ls_tmpdir()'), 0, 'no file is left');

# A session that was canceled many times gives right results and does not grow.
my ($out, $states) = sqlstates($node,
  join("\n", "SET statement_timeout = '20ms';",
  ((map { "SELECT count(r) FROM ($statements{$_}) AS q (r);" } sort keys %statements) x 20),
  'RESET statement_timeout;', "SELECT health_raw_score(activity, $model, '2026-01-01') > 0 FROM accounts LIMIT 1;",
  'SELECT sum(total_bytes) < 20000000 FROM pg_backend_memory_contexts;'));
is(scalar(grep { $_ eq '57014' } @$states), 40, 'canceled 40 times');
is($out, "t\nt", 'right results, and no memory kept');

clean_log($node);
done_testing();
