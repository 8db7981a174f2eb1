# Over a hypertable of TimescaleDB (its Apache edition, which compresses nothing) an activity is that of a plain table,
# by the extension's own node or by the executor's aggregate; workers take parts of its chunks. Runs where the server has
# TimescaleDB (scripts/test).

use strict;
use warnings;

use FindBin;
use lib $FindBin::RealBin;
use HealthScore;
use PostgreSQL::Test::Cluster;
use Test::More;

my $node = start_node('timescale', q{shared_preload_libraries = 'timescaledb'}, q{timescaledb.telemetry_level = 'off'},
  'max_worker_processes = 16', 'max_parallel_workers_per_gather = 0');
$node->safe_psql('postgres', q{
SET client_min_messages = error;
CREATE EXTENSION timescaledb;
CREATE TABLE plain (account int, signal text, occurred_at timestamptz NOT NULL, value float8);
INSERT INTO plain
SELECT n % 13, 'signal ' || n % 11, timestamptz '2025-01-01 00:00+00' + n * interval '3 minutes 41 seconds',
       CASE WHEN n % 3 > 0 THEN n / 8.0 - 1000 END
FROM generate_series(1, 40000) AS n;
CREATE TABLE hyper (LIKE plain);
SELECT create_hypertable('hyper', 'occurred_at', chunk_time_interval => interval '7 days');
INSERT INTO hyper SELECT * FROM plain ORDER BY md5(plain::text);
ANALYZE});
cmp_ok(value($node, q{SELECT count(*) FROM show_chunks('hyper')}), '>', 10, 'a hypertable of many chunks');

my $activities = 'SELECT account, health_activity(signal, occurred_at, value) AS activity FROM %s GROUP BY account';
my $hyper = sprintf $activities, 'hyper';
my $off = 'SET health_score.grouping = off;';
my $workers = 'SET max_parallel_workers_per_gather = 2; SET min_parallel_table_scan_size = 0; SET parallel_setup_cost = 0;
  SET parallel_tuple_cost = 0;';
sub bytes_of
{
  my ($settings, $query) = @_;
  return value($node, "$settings SELECT count(*) || ' ' || md5(string_agg(bytes, '' ORDER BY bytes)) FROM
    (SELECT record_send(q) AS bytes FROM ($query) AS q) AS r");
}
my $expected = bytes_of($off, sprintf $activities, 'plain');
my $chunks = qr/Append.*_hyper_\d+_\d+_chunk/s;
# Both extensions plan by the same hook: this one's is asked after TimescaleDB's, or before it when it is loaded earlier.
for my $order ('', 'health_score')
{
  $node->safe_psql('postgres', "ALTER ROLE postgres SET session_preload_libraries = '$order'") if $order;
  for my $case (
    [ 'one process aggregates', $off, qr/Aggregate.*$chunks/s ],
    [ 'workers aggregate parts', "$off $workers", qr/Finalize \w*Aggregate.*Gather.*Partial \w*Aggregate.*Parallel $chunks/s ],
    [ 'the node', '', qr/HealthActivity.*$chunks/s ],
    [ 'the node in workers', $workers, qr/Gather.*HealthActivity.*Parallel $chunks/s ],
    [ 'the node with little memory', "$workers SET work_mem = 64;", qr/Gather.*HealthActivity.*Parallel $chunks/s ])
  {
    my ($name, $settings, $pattern) = @$case;
    $name .= ', loaded before' if $order;
    my $plan = value($node, "$settings EXPLAIN (COSTS OFF) $hyper");
    like($plan, $pattern, $name) or diag($plan);
    is(bytes_of($settings, $hyper), $expected, "$name: the bytes of the plain table");
    # Chunks that the time excludes, while it is planned or when it starts; a bucket as the key; chunks in the order of time.
    for my $query ("SELECT account, health_activity(signal, occurred_at) FROM %s WHERE occurred_at >= '2025-02-05 00:00+00' GROUP BY account",
      "SELECT account, health_activity(signal, occurred_at) FROM %s WHERE occurred_at >= now() - interval '100 years' GROUP BY account",
      "SELECT time_bucket('1 day', occurred_at)::date AS day, health_activity(signal, occurred_at) FROM %s GROUP BY 1",
      'SELECT account, health_activity(signal, occurred_at) FROM (SELECT * FROM %s ORDER BY occurred_at LIMIT 30000) AS q GROUP BY 1')
    {
      is(bytes_of($settings, sprintf $query, 'hyper'), bytes_of($off, sprintf $query, 'plain'), "$name: " . substr $query, 0, 110);
    }
  }
}
$node->safe_psql('postgres', 'ALTER ROLE postgres RESET session_preload_libraries');
# What a continuous aggregate would keep: an activity of each account and day, merged when it is read.
$node->safe_psql('postgres', q{CREATE TABLE daily AS
  SELECT time_bucket('1 day', occurred_at) AS day, account, health_activity(signal, occurred_at, value) AS activity
  FROM hyper GROUP BY 1, 2});
is(bytes_of('', 'SELECT account, health_rollup(activity) AS activity FROM daily GROUP BY account'), $expected,
  'activities by day merge to the same bytes');
is(value($node, q{SELECT count(*) FROM daily WHERE health_first_day(activity) <> day::date
  OR health_last_day(activity) <> day::date}), 0, 'a bucket of a day is a day of the activity');

clean_log($node);
done_testing();
