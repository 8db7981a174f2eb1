# Over a hypertable of TimescaleDB (its Apache edition) an activity is that of a plain table; workers aggregate parts of
# its chunks. Runs where the server has TimescaleDB (scripts/test).

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
my $expected = rows_of($node, sprintf $activities, 'plain');
my $hyper = sprintf $activities, 'hyper';
my $workers = 'SET max_parallel_workers_per_gather = 2; SET min_parallel_table_scan_size = 0; SET parallel_setup_cost = 0;
  SET parallel_tuple_cost = 0;';
my $parts = qr/Finalize \w*Aggregate.*Gather.*Partial \w*Aggregate.*Parallel Append.*_hyper_\d+_\d+_chunk/s;
for my $case ([ 'one process', '', qr/Aggregate.*Append.*_hyper_\d+_\d+_chunk/s ], [ 'workers aggregate parts', $workers, $parts ])
{
  my ($name, $settings, $pattern) = @$case;
  $node->safe_psql('postgres', $settings =~ s/SET/ALTER ROLE postgres SET/gr) if $settings;
  my $plan = value($node, "EXPLAIN (COSTS OFF) $hyper");
  like($plan, $pattern, $name) or diag($plan);
  is(rows_of($node, $hyper), $expected, "$name: the bytes of the plain table");
}
# What a continuous aggregate would keep: an activity of each account and day, merged when it is read.
$node->safe_psql('postgres', q{CREATE TABLE daily AS
  SELECT time_bucket('1 day', occurred_at) AS day, account, health_activity(signal, occurred_at, value) AS activity
  FROM hyper GROUP BY 1, 2});
is(rows_of($node, 'SELECT account, health_rollup(activity) AS activity FROM daily GROUP BY account'), $expected,
  'activities by day merge to the same bytes');
is(value($node, q{SELECT count(*) FROM daily WHERE health_first_day(activity) <> day::date
  OR health_last_day(activity) <> day::date}), 0, 'a bucket of a day is a day of the activity');

clean_log($node);
done_testing();
