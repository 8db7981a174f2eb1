# A statement that is told to end does so before it has its answers, and the session is well afterwards. What is counted
# is answers, not seconds, which depend on the machine.

use strict;
use warnings;

use FindBin;
use lib $FindBin::RealBin;
use HealthScore;
use IPC::Run;
use PostgreSQL::Test::Utils;
use Test::More;

my $node = start_node('cancel');
my $folder = PostgreSQL::Test::Utils::tempdir;

# What makes statements long: many accounts, activities of many days and of many signals, prefixes that begin alike, long
# texts.
$node->safe_psql('postgres', <<'SQL');
CREATE TABLE accounts AS
SELECT n AS account, a.activity FROM generate_series(1, 150000) AS n,
  (SELECT health_activity('signal ' || i % 8, date '2025-06-01' + i % 200, i % 5) AS activity
    FROM generate_series(1, 400) AS i) AS a;
CREATE TABLE centuries AS SELECT
  health_activity('signal ' || i, day) AS activity,
  (SELECT jsonb_build_object('signals', jsonb_object_agg('signal ' || i, jsonb_build_object('weight', 1, 'window_days',
    36000 + i)))::health_model AS model FROM generate_series(1, 20) AS i)
  FROM generate_series(1, 20) AS i, unnest('{1991-01-01,2089-12-01}'::date[]) AS day;
CREATE TABLE large AS SELECT health_activity('signal ' || i, date '1970-01-01' + day, day % 3 * i) AS activity
  FROM generate_series(1, 12) AS i, generate_series(0, 84000) AS day;
CREATE TABLE alike AS SELECT (SELECT health_activity(repeat('u', 20) || i, date '2026-01-01') AS activity
    FROM generate_series(1, 900000) AS i),
  (SELECT jsonb_build_object('signals', jsonb_object_agg(repeat('u', i) || '*', '{"weight": 1,
    "measure": "distinct"}'::jsonb))::health_model AS model FROM generate_series(1, 20) AS i);
CREATE TABLE large_text AS SELECT activity::text AS t FROM large;
CREATE TABLE keys AS SELECT '{' || string_agg(format('"%s": {"a": 1}', n), ',') || '}' AS t
  FROM generate_series(1, 3000000) AS n;
SQL

my $model = q{'{"half_life_days": 30, "signals": {"signal 1": 1, "signal 2": {"weight": 3, "measure": "days"},
  "signal 3": {"weight": -2, "unit": "raw", "max_points": 50}}}'};
# Each statement with the number of its rows. Rows that come out are counted.
$node->safe_psql('postgres', 'CREATE SEQUENCE answers');
my %statements = (
  'health_report over many accounts' => [ 750000, "SELECT (health_report(activity, $model, '2026-01-01') OVER ()).score
    FROM accounts, generate_series(1, 5)" ],
  'health_score over many accounts' => [ 3000000, "SELECT health_score(activity, $model, '2026-01-01') OVER ()
    FROM accounts, generate_series(1, 20)" ],
  'health_normalize over many rows' => [ 15000000, "SELECT health_normalize(account, $model) OVER ()
    FROM accounts, generate_series(1, 100)" ],
  'health_activity over many rows' => [ 1, "SELECT health_activity('signal ' || account % 7, date '2026-01-01' - n % 365, n)
    FROM accounts, generate_series(1, 200) AS n" ],
  'health_history over centuries' => [ 1, "SELECT count(*) FROM centuries, generate_series(1, 100) AS n,
    health_history(activity, model, date '2000-01-01' + n, '2089-12-31')" ],
  'health_rollup over many accounts' => [ 1, 'SELECT health_rollup(activity) FROM accounts, generate_series(1, 20)' ],
  'health_activity_by over many rows' => [ 1, "SELECT (SELECT health_activity_by(account::bigint, 'signal ' || account % 7,
    date '2026-01-01' - n % 365, n) FROM accounts, generate_series(1, 200) AS n)" ],
  'health_activity_by of one account with many signals' => [ 1, "SELECT (SELECT health_activity_by(1::bigint,
    'signal ' || n % 900000, date '2026-01-01' - n % 1000) FROM generate_series(1, 30000000) AS n)" ],
  'health_activity_by of many accounts' => [ 1, "SELECT (SELECT health_activity_by('account ' || n * 7919 % 9000000,
    'login', date '2026-01-01') FROM generate_series(1, 30000000) AS n)" ],
  'sums of a million cells' => [ 1000, 'SELECT activity + activity FROM large, generate_series(1, 1000)' ],
  'splices of a million cells' => [ 10000, "SELECT health_splice(a.activity, b.activity, '2050-01-01')
    FROM large AS a, large AS b, generate_series(1, 10000)" ],
  'scores of a million cells' => [ 10000, "SELECT health_raw_score(activity,
    health_model $model || '{\"window_days\": 36500}', '2100-01-01') FROM large, generate_series(1, 10000)" ],
  # One call of many seconds, in which nobody but the core can ask.
  'one score with prefixes that begin alike' => [ 1, "SELECT health_raw_score(activity, model, '2026-01-02') FROM alike" ],
  'drivers of many signals' => [ 1, "SELECT health_drivers('signal ' || n * 7919 % 9000000, n) FROM
    generate_series(1, 30000000) AS n" ],
  'a million cells from text' => [ 1000, 'SELECT t::health_activity FROM large_text, generate_series(1, 1000)' ],
  'a model of millions of keys' => [ 1, 'SELECT t::health_model FROM keys' ],
  'text of a million cells' => [ 1000, 'SELECT activity::text FROM large, generate_series(1, 1000)' ],
  'slopes of many readings' => [ 1000, "SELECT health_slope(n * 7 % 11, date '2000-01-01' + n::int)
    FROM generate_series(1, 4000) AS n, generate_series(1, 1000) AS m GROUP BY m" ]);

# The statement, counting in the sequence what comes out of it: a sequence keeps its number when the statement fails.
sub counted
{
  my ($name) = @_;
  return "SELECT count(CASE WHEN num_nulls(r) >= 0 THEN nextval('answers') END) FROM ($statements{$name}[1]) AS q (r);";
}

# With the timeout of the server, in one session after each other.
for my $name (sort keys %statements)
{
  my ($answers, $states) = sqlstates($node,
    join("\n", 'ALTER SEQUENCE answers RESTART;', "SET statement_timeout = '1s';", counted($name), 'RESET statement_timeout;',
    'SELECT CASE WHEN is_called THEN last_value ELSE 0 END FROM answers;'));
  is("@$states", '57014', "statement_timeout: $name is canceled");
  cmp_ok($answers, '<', $statements{$name}[0], 'before it has all answers');
}

# By another session, and the session that was canceled goes on.
for my $name ('health_report over many accounts', 'health_rollup over many accounts')
{
  append_to_file("$folder/session.sql",
    "SELECT pg_backend_pid(); SELECT count(r) FROM ($statements{$name}[1]) AS q (r); SELECT 'well', pg_backend_pid();");
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

# A session that was canceled many times gives right results and does not grow.
my ($out, $states) = sqlstates($node,
  join("\n", "SET statement_timeout = '20ms';",
  (map { "SELECT count(r) FROM ($statements{$_}[1]) AS q (r);" }
    ('health_report over many accounts', 'health_activity over many rows') x 20),
  'RESET statement_timeout;', "SELECT health_raw_score(activity, $model, '2026-01-01') > 0 FROM accounts LIMIT 1;",
  'SELECT sum(total_bytes) < 20000000 FROM pg_backend_memory_contexts;'));
is(scalar(grep { $_ eq '57014' } @$states), 40, 'canceled 40 times');
is($out, "t\nt", 'right results, and no memory kept');

clean_log($node);
done_testing();
