# Large things: each is an answer, or the error that docs/reliability.md names; never more memory than promised.

use strict;
use warnings;

use FindBin;
use lib $FindBin::RealBin;
use HealthScore;
use List::Util qw(min);
use Test::More;

my $node = start_node('limits', 'shared_buffers = 256MB', 'max_wal_size = 4GB', 'max_parallel_workers_per_gather = 0');

# A partition of five million accounts. The scores are those of one segment of a thousand, five thousand times over.
$node->safe_psql('postgres', <<'SQL');
CREATE TABLE thousand AS SELECT n, health_activity('login', date '2025-12-31' - i * 3 % 200, n % 7) AS activity
  FROM generate_series(1, 1000) AS n, generate_series(1, 1 + n % 9) AS i GROUP BY n;
CREATE TABLE models AS SELECT health_model '{"half_life_days": 30, "signals": {"login": 1}}' AS model;
SQL
my $scores = "SELECT n, health_score(activity, (SELECT model FROM models), '2026-01-01') OVER () AS score FROM thousand";
is(value($node, "SELECT count(*), count(DISTINCT score), max(abs(score - alone)) < 1e-9 FROM (
    $scores, generate_series(1, 5000)) AS q JOIN (SELECT n, score AS alone FROM ($scores) AS a) AS b USING (n)"),
  value($node, "SELECT 5000000, count(DISTINCT score), true FROM ($scores) AS q"), 'five million accounts in a partition');

# Ten thousand groups of activities with 500 cells each. With little memory they go to disk, and come back the same.
$node->safe_psql('postgres', <<'SQL');
CREATE TABLE events AS
SELECT n % 10000 AS account, 'signal ' || n % 7 AS signal, date '2025-01-01' + (n / 10000 % 500) AS day
FROM generate_series(1, 5000000) AS n;
ANALYZE events;
SQL
my $grouped = 'SELECT account, health_activity(signal, day) AS activity FROM events GROUP BY account';
my $digest = "SELECT md5(string_agg(md5(health_activity_send(activity)), '' ORDER BY account)) FROM ($grouped) AS q";
my $small = "SET work_mem = '4MB'; SET enable_sort = off; SET health_score.grouping = off;";
my $spilled = value($node, "$small EXPLAIN (ANALYZE, COSTS OFF, TIMING OFF, SUMMARY OFF) $grouped");
like($spilled, qr/HashAggregate/, 'a hash aggregate');
like($spilled, qr/Disk Usage: \d{4,}kB/, 'that spills');
is(value($node, "$small $digest"), value($node, "SET work_mem = '1GB'; SET enable_hashagg = off; $digest"),
  'gives the same bytes as a sort');
like(value($node, "SET work_mem = '4MB'; EXPLAIN (ANALYZE, COSTS OFF, TIMING OFF, SUMMARY OFF) $grouped"),
  qr/HealthActivity.*Parts: \d+\n.*Disk Usage: \d{4,} ?kB/s, 'the extension\'s own node, which spills as well');
is(value($node, "SET work_mem = '4MB'; $digest"), value($node, "SET health_score.grouping = off; $digest"),
  'gives them, too');

# What passes a limit is the error that docs/reliability.md names.
my %limits = (
  'signals of an activity' => [ "SELECT health_activity('s' || n, date '2026-01-01') FROM generate_series(1, 1000001) AS n",
    '54000' ],
  'signals of a model' => [ "SELECT health_make_model(signals => jsonb_object_agg('s' || n, 1))
    FROM generate_series(1, 10001) AS n", '54000' ],
  'events of a signal and day' => [ "SELECT health_daily('a', date '2026-01-01', 2147483647::bigint, NULL) + '{\"a\":
    {\"2026-01-01\": 1}}'", '22003' ],
  'values of a signal and day' => [ "SELECT health_activity('a', date '2026-01-01', 9e12)
    FROM generate_series(1, 2)", '22003' ],
  'days' => [ "SELECT health_activity('a', date '2200-01-01')", '22008' ],
  'bytes of a name' => [ "SELECT health_activity(repeat('a', 256), date '2026-01-01')", '22023' ],
  'dates of a history' => [ "SELECT count(*) FROM models, health_history('{}', model, '1800-01-01', '2199-12-31')",
    '54000' ],
  'readings of a slope' => [ "SELECT health_slope(n, date '2000-01-01' + n::int) FROM generate_series(1, 4097) AS n",
    '54000' ],
  'readings of a sparkline' => [ 'SELECT health_sparkline(n) FROM generate_series(1, 100001) AS n', '54000' ],
  'depth of an activity' => [ "SELECT (repeat('{\"a\":', 100000) || '1' || repeat('}', 100000))::health_activity",
    '22P02' ],
  'text form of an activity' => [ "SELECT health_activity(repeat('\\', 245) || n, date '2026-01-01')
    FROM generate_series(1, 950000) AS n", '54000' ],
  'depth of a model' => [ "SELECT (repeat('{\"a\":', 100000) || '1' || repeat('}', 100000))::health_model", '54001' ],
  'depth of an override' => [ "SELECT '{}'::health_model || (repeat('{\"a\":', 3000) || '1' || repeat('}', 3000))::jsonb",
    '22023' ]);
for my $what (sort keys %limits)
{
  my (undef, $states) = sqlstates($node, "SELECT FROM ($limits{$what}[0]) AS q (r) WHERE r IS NULL;");
  is("@$states", $limits{$what}[1], "limit: $what");
}

# A session that runs the report a thousand times does not grow, with one statement or with many.
$node->safe_psql('postgres', "CREATE TABLE few AS SELECT n, n % 3 AS segment, activity FROM thousand WHERE n <= 60");
my $report = "SELECT sum((r).score) FROM (SELECT health_report(activity, model, '2026-01-01') OVER (PARTITION BY segment)
  AS r FROM few, models) AS q";
my $memory = "SELECT FROM pg_stat_force_next_flush();
  SELECT 'memory', (SELECT sum(used_bytes) FROM pg_backend_memory_contexts),
  (SELECT (regexp_match(pg_read_file('/proc/' || pg_backend_pid() || '/status'), 'RssAnon:\\s*(\\d+)'))[1]);";
my $hundred = "DO \$\$ BEGIN FOR i IN 1 .. 100 LOOP PERFORM ($report); END LOOP; END \$\$;";
my @thousand = (("$report;") x 500, ($hundred) x 5, $memory);
my $out = $node->safe_psql('postgres', join("\n", ("$report;") x 100, $hundred, $memory, @thousand, @thousand));
my (@contexts, @resident);
for my $line (grep { /^memory/ } split /\n/, $out)
{
  my (undef, $total, $kilobytes) = split /\|/, $line;
  push @contexts, $total;
  push @resident, $kilobytes;
}
# A leak grows each time; the server's own statistics and caches come and go.
cmp_ok(min(map { $contexts[$_] - $contexts[ $_ - 1 ] } 1, 2), '<', 1000,
  "less than a byte a report: @contexts bytes in memory contexts, each after a thousand reports");
cmp_ok(min(map { $resident[$_] - $resident[ $_ - 1 ] } 1, 2), '<', 500, "resident memory: @resident kB");

clean_log($node);
done_testing();
