# Activities may be built in parts: by workers, by partition, from spilled groups. The plan is asserted by pattern, to
# be sure that the parts exist; the bytes must be those of one pass over the rows. The executor's own aggregate is
# meant, but where a test says otherwise: the extension's node has 015_grouping.pl.

use strict;
use warnings;

use FindBin;
use lib $FindBin::RealBin;
use HealthScore;
use Test::More;

my $node = start_node('plans', 'max_worker_processes = 8', 'max_parallel_workers = 8',
  'max_parallel_workers_per_gather = 0', 'health_score.grouping = off');

# Prices that tempt the planner into workers wherever they are allowed; and one process only.
my $parallel = 'SET max_parallel_workers_per_gather = 2; SET min_parallel_table_scan_size = 0;
  SET parallel_setup_cost = 0; SET parallel_tuple_cost = 0; SET parallel_leader_participation = off;';
my $partitionwise = 'SET enable_partitionwise_aggregate = on;';

# The same events three times: in order, shuffled, and partitioned. Every third has no value, names are short and long.
$node->safe_psql('postgres', <<'SQL');
CREATE TABLE events (account int, signal text, occurred_at timestamptz, value float8);
INSERT INTO events
SELECT n % 211, CASE WHEN n % 7 < 4 THEN 'signal ' || n % 7 ELSE 'a signal with quite a long name ' || n % 5 END,
       timestamptz '2025-01-01 00:00+00' + n * interval '7 minutes 11 seconds',
       CASE WHEN n % 3 > 0 THEN n / 8.0 - 1000 END
FROM generate_series(1, 40000) AS n;
CREATE TABLE shuffled AS SELECT * FROM events ORDER BY md5(events::text);
CREATE TABLE parted (LIKE events) PARTITION BY HASH (account);
CREATE TABLE parted_0 PARTITION OF parted FOR VALUES WITH (MODULUS 3, REMAINDER 0);
CREATE TABLE parted_1 PARTITION OF parted FOR VALUES WITH (MODULUS 3, REMAINDER 1);
CREATE TABLE parted_2 PARTITION OF parted FOR VALUES WITH (MODULUS 3, REMAINDER 2);
INSERT INTO parted SELECT * FROM shuffled;
-- Parts to be merged: an activity per account and hour of the day.
CREATE TABLE parts AS
SELECT account, account % 3 AS region, health_activity(signal, occurred_at, value) AS activity
FROM events GROUP BY account, extract(hour FROM occurred_at)
ORDER BY md5(account::text || extract(hour FROM occurred_at));
CREATE TABLE parted_parts (LIKE parts) PARTITION BY HASH (account);
CREATE TABLE parted_parts_0 PARTITION OF parted_parts FOR VALUES WITH (MODULUS 2, REMAINDER 0);
CREATE TABLE parted_parts_1 PARTITION OF parted_parts FOR VALUES WITH (MODULUS 2, REMAINDER 1);
INSERT INTO parted_parts SELECT * FROM parts;
ANALYZE;
SQL

# A fingerprint of the activities (column activity) that a query gives.
sub bytes_of
{
  my ($settings, $query) = @_;
  return value($node, "$settings SELECT count(*) || ' ' || md5(string_agg(bytes, ',' ORDER BY bytes)) "
      . "FROM (SELECT encode(health_activity_send(activity), 'hex') AS bytes FROM ($query) AS q) AS b");
}

sub plan_of
{
  my ($settings, $query, $options) = @_;
  return value($node, "$settings EXPLAIN (COSTS OFF" . ($options // '') . ") $query");
}

my $events = 'SELECT account, health_activity(signal, occurred_at, value) AS activity FROM %s GROUP BY account';
my $in_order = bytes_of('', sprintf($events, 'events'));
like($in_order, qr/^211 /, 'one activity an account');
is(bytes_of('', sprintf($events, 'shuffled')), $in_order, 'shuffled rows give the same bytes');

# Built by workers, in partial states that the leader merges.
like(plan_of($parallel, sprintf($events, 'events')), qr/Finalize \w*Aggregate.*Gather.*Partial \w*Aggregate/s,
  'workers aggregate parts');
like(plan_of($parallel, sprintf($events, 'shuffled'), ', ANALYZE, TIMING OFF, SUMMARY OFF'), qr/Workers Launched: 2/,
  'two workers do');
is(bytes_of($parallel, sprintf($events, $_)), $in_order, "workers give the same bytes: $_")
  for qw(events shuffled parted);

# Every overload, over all rows at once: here two partial states meet for each signal.
my %calls = (
  'timestamptz' => 'health_activity(signal, occurred_at)',
  'timestamptz, value' => 'health_activity(signal, occurred_at, value)',
  'timestamp' => "health_activity(signal, occurred_at AT TIME ZONE 'UTC')",
  'timestamp, value' => "health_activity(signal, occurred_at AT TIME ZONE 'UTC', value)",
  'date' => 'health_activity(signal, health_day(occurred_at))',
  'date, value' => 'health_activity(signal, health_day(occurred_at), value)',
  'text' => 'health_activity(signal, occurred_at::text)',
  'text, value' => 'health_activity(signal, occurred_at::text, value)',
  'daily' => 'health_daily(signal, health_day(occurred_at), account, value)',
  'daily, value_count' => 'health_daily(signal, health_day(occurred_at), account, value, (value IS NOT NULL)::int)');
for my $overload (sort keys %calls)
{
  # An account number serves as the count; where it is 0 there may be no value.
  my $query = "SELECT $calls{$overload} AS activity FROM shuffled WHERE account > 0";
  like(plan_of($parallel, $query), qr/Finalize Aggregate.*Gather.*Partial Aggregate/s,
    "workers aggregate parts: ($overload)");
  is(bytes_of($parallel, $query), bytes_of('', $query), "and give the same bytes: ($overload)");
}

# A worker without rows has no state to merge, and where none has rows the result is NULL.
my $few = 'SELECT health_activity(signal, occurred_at) FILTER (WHERE account = %s) AS activity FROM shuffled';
is(bytes_of($parallel, sprintf($few, 7)), bytes_of('', sprintf($few, 7)), 'parts that are empty');
is(value($node, "$parallel " . sprintf($few, -1)), '', 'all parts empty: NULL');

# The extension's own node, alone and in workers.
for my $way ('', $parallel)
{
  my $grouping = "SET health_score.grouping = on; $way";
  like(plan_of($grouping, sprintf($events, 'events')), $way ? qr/Gather.*HealthActivity/s : qr/HealthActivity/, 'a node');
  is(bytes_of($grouping, sprintf($events, $_)), $in_order, "gives the same bytes: $_") for qw(events shuffled parted);
}

# health_rollup merges stored parts, in workers.
my $rollup = 'SELECT account, health_rollup(activity) AS activity FROM parts GROUP BY account';
my $regions = 'SELECT region, health_rollup(activity) AS activity FROM parts GROUP BY region';
is(bytes_of('', $rollup), $in_order, 'merged parts give the same bytes');
like(plan_of($parallel, $regions), qr/Finalize \w*Aggregate.*Gather.*Partial \w*Aggregate/s, 'workers merge parts');
is(bytes_of($parallel, $regions),
  bytes_of('', 'SELECT health_activity(signal, occurred_at, value) AS activity FROM events GROUP BY account % 3'),
  'parts merged by workers give the same bytes');
my $everything = 'SELECT health_activity(signal, occurred_at, value) AS activity FROM events';
is(bytes_of($parallel, 'SELECT health_rollup(activity) AS activity FROM parts'), bytes_of('', $everything),
  'all merged into one');

# Partitionwise: whole groups in each partition, or partial ones where the group spans partitions.
my $by_account = sprintf($events, 'parted');
like(plan_of($partitionwise, $by_account), qr/Append.*HashAggregate.*parted_0.*HashAggregate.*parted_1/s,
  'partitions aggregate their own');
is(bytes_of($partitionwise, $by_account), $in_order, 'partitionwise gives the same bytes');
my $by_signal = 'SELECT signal, health_activity(signal, occurred_at, value) AS activity FROM parted GROUP BY signal';
like(plan_of($partitionwise, $by_signal),
  qr/Finalize \w*Aggregate.*Append.*Partial \w*Aggregate.*parted_0.*Partial \w*Aggregate.*parted_1/s,
  'partitions aggregate parts');
my $signals = bytes_of('', $by_signal =~ s/parted/events/r);
is(bytes_of($partitionwise, $by_signal), $signals, 'partial partitionwise gives the same bytes');
is(bytes_of("$parallel $partitionwise", $by_signal), $signals, 'and with workers, too');

# Merged in each partition; and in parts, where a region spans partitions.
my $parted_rollup = $rollup =~ s/FROM parts/FROM parted_parts/r;
like(plan_of($partitionwise, $parted_rollup), qr/Append.*Aggregate.*parted_parts_0.*Aggregate.*parted_parts_1/s,
  'partitions merge their own');
is(bytes_of($partitionwise, $parted_rollup), $in_order, 'merged by partition: the same bytes');
my $parted_regions = $regions =~ s/FROM parts/FROM parted_parts/r;
like(plan_of($partitionwise, $parted_regions),
  qr/Finalize \w*Aggregate.*Append.*Partial \w*Aggregate.*parted_parts_0.*Partial \w*Aggregate.*parted_parts_1/s,
  'partitions merge parts');
is(bytes_of($_, $parted_regions), bytes_of('', $regions), 'merged in parts: the same bytes')
  for $partitionwise, "$parallel $partitionwise";

# More groups than fit into memory: hash aggregation writes rows to disk and comes back to them.
my $many = q{SELECT account * 10000 + n, health_activity(signal, occurred_at, value) AS activity
  FROM events, generate_series(1, 20) AS n GROUP BY 1};
my $spill = 'SET work_mem = 64; SET hash_mem_multiplier = 1; SET enable_sort = off;';
like(plan_of($spill, $many, ', ANALYZE, TIMING OFF, SUMMARY OFF'), qr/HashAggregate.*Batches: [1-9]\d+\b.*Disk Usage/s,
  'groups spill');
is(bytes_of($spill, $many), bytes_of("SET work_mem = '256MB'; SET enable_hashagg = off;", $many),
  'spilled groups give the same bytes');

# Raw scores are computed by workers, below the window that compares them.
$node->safe_psql('postgres', "CREATE TABLE stored AS $rollup; ANALYZE stored");
my $raw = q{SELECT md5(string_agg(raw::text, ',' ORDER BY raw)) FROM (SELECT health_raw_score(activity,
  '{"window_days": 200, "half_life_days": 30, "signals": {"signal 1": 1, "signal 2": {"weight": 2.5, "measure": "sum"},
    "signal 3": {"weight": -1, "unit": "raw", "measure": "days"}}}',
  '2025-07-01', account) AS raw FROM stored OFFSET 0) AS s};
like(plan_of($parallel, $raw), qr/Gather.*Parallel Seq Scan on stored/s, 'workers score accounts');
is(value($node, "$parallel $raw"), value($node, $raw), 'and give the same bits');

# Populations are made by workers, and so are the reports against them: with none, two and four the same bytes.
$node->safe_psql('postgres', <<'SQL');
CREATE TABLE fleet AS
SELECT account * 100 + n AS id, n % 3 AS segment, CASE WHEN n % 7 > 0 THEN activity END AS activity,
       CASE WHEN account % 4 > 0 THEN n + 1.5 END::float8 AS size,
       CASE WHEN account % 5 > 0 THEN date '2024-12-01' + account + n END AS since
FROM stored, generate_series(0, 9) AS n ORDER BY md5(account::text || n);
ALTER TABLE fleet SET (parallel_workers = 4);
CREATE TABLE scoring AS SELECT health_model '{"window_days": 60, "half_life_days": 30, "trend_days": 14, "signals": {
  "signal 1": 1, "signal 2": {"weight": 2.5, "measure": "sum"}, "signal 3": {"weight": -1, "unit": "score"},
  "a signal*": {"weight": 3, "measure": "distinct", "of": "size"}}}' AS model;
ANALYZE fleet;
CREATE TABLE kept AS SELECT segment, health_population(activity, model, '2025-07-01', size, since) AS population
  FROM fleet, scoring GROUP BY segment;
CREATE TABLE kept_parts AS SELECT segment, health_population_part(activity, model, '2025-07-01', size, since) AS part
  FROM fleet, scoring GROUP BY segment, id % 40;
ANALYZE kept_parts;
ALTER TABLE kept_parts SET (parallel_workers = 4);
SQL
sub text_of
{
  my ($settings, $query) = @_;
  return value($node, "$settings SELECT count(*) || ' ' || md5(string_agg(q::text, E'\n' ORDER BY q::text)) FROM ($query) AS q");
}
my $model_of = '(SELECT model FROM scoring)';
for my $arguments ('', ', size', ', size, since')
{
  my $population = "SELECT segment, health_population(activity, $model_of, '2025-07-01'$arguments) AS p FROM fleet GROUP BY segment";
  like(plan_of($parallel, $population), qr/Finalize \w*Aggregate.*Gather.*Partial \w*Aggregate/s,
    "workers make populations: (activity, model, as_of$arguments)");
  # Everybody at once, so that each worker has a part; it is written as text.
  my $everybody = $population =~ s/ GROUP BY segment//r =~ s/SELECT segment,/SELECT/r;
  for my $query ($population, $everybody, $everybody =~ s/health_population/health_population_part/r)
  {
    # The bytes of a part have the order of its accounts.
    my $asked = $query =~ /_part/ ? "SELECT health_population_merge(p) FROM ($query) AS q" : $query;
    my $alone = text_of('', $asked);
    is(text_of("$parallel SET max_parallel_workers_per_gather = $_;", $asked), $alone,
      "$_ workers give the same population: $arguments")
      for 2, 4;
  }
}
my $merge = 'SELECT health_population_merge(part) AS p FROM kept_parts';
like(plan_of($parallel, $merge), qr/Finalize \w*Aggregate.*Gather.*Partial \w*Aggregate/s, 'workers merge parts of populations');
is(text_of($parallel, "$merge GROUP BY segment"), text_of('', 'SELECT population FROM kept'), 'parts merged by workers: the same');

my $window = "SELECT id, health_report(activity, $model_of, '2025-07-01', size, since) OVER (PARTITION BY segment) AS r FROM fleet";
my $scalar = 'SELECT id, health_report(population, activity, size, since) AS r FROM fleet JOIN kept USING (segment)';
like(plan_of($parallel, $scalar, ', VERBOSE'), qr/Gather\b.*Workers Planned.*Output:[^\n]*health_report/s,
  'workers report accounts');
unlike(plan_of($parallel, $window), qr/Gather.*WindowAgg/s, 'which no window function lets them do');
my $reports = text_of('', $window);
is(text_of('', $scalar), $reports, 'scalar reports are those of the window function');
is(text_of("$parallel SET max_parallel_workers_per_gather = $_;", $scalar), $reports, "$_ workers give the same reports") for 2, 4;
like(plan_of("$parallel SET max_parallel_workers_per_gather = 4;", $scalar, ', ANALYZE, TIMING OFF, SUMMARY OFF'),
  qr/Workers Launched: 4/, 'four workers do');
my $scores = 'SELECT id, health_score(population, activity, size, since) AS s FROM fleet JOIN kept USING (segment)';
is(text_of($parallel, $scores),
  text_of('', $window =~ s/health_report/health_score/r =~ s/AS r/AS s/r), 'and the same scores');
# Populations in two workers that disagree about the model or the date.
my ($unused, $states) = sqlstates($node, "$parallel SELECT health_population(activity,
  CASE WHEN id % 2 = 0 THEN model ELSE model || '{\"window_days\": 30}' END, '2025-07-01') FROM fleet, scoring;
  SELECT health_population(activity, $model_of, date '2025-07-01' + id % 2) FROM fleet;");
is_deeply($states, [ ('22023') x 2 ], 'models and dates of populations that differ between workers');

# health_weighted_sum and health_baseline, too, are computed in parts by workers.
my $model = q{'{"window_days": 300, "half_life_days": 20}'};
for my $aggregate (
  "health_weighted_sum(value, occurred_at, $model, '2025-07-01')",
  "health_weighted_sum(value, occurred_at::date, $model, '2025-07-01')",
  q{health_baseline(account + extract(epoch FROM occurred_at) / 1e6, '{"percentile": 0.77, "population": "all"}')})
{
  for my $groups ('1', 'signal')
  {
    my $sums = "SELECT $groups, $aggregate AS sum FROM %s GROUP BY $groups";
    my ($here, $there) = map { sprintf($sums, $_) } qw(events parted);
    like(plan_of($parallel, $here), qr/Finalize \w*Aggregate.*Gather.*Partial \w*Aggregate/s, "workers: $aggregate");
    is(rows_of($node, $here), rows_of($node, $here =~ s/FROM events/FROM shuffled/r), "in any order: $aggregate");
    my $expected = rows_of($node, $here);
    $node->safe_psql('postgres', 'ALTER SYSTEM SET max_parallel_workers_per_gather = 2;
      ALTER SYSTEM SET min_parallel_table_scan_size = 0; ALTER SYSTEM SET parallel_setup_cost = 0;
      ALTER SYSTEM SET parallel_tuple_cost = 0; ALTER SYSTEM SET enable_partitionwise_aggregate = on');
    $node->reload;
    is(rows_of($node, $_), $expected, "in parts the same bits: $aggregate") for $here, $there;
    $node->safe_psql('postgres', 'ALTER SYSTEM RESET ALL');
    $node->reload;
  }
}
# Rows of one group that disagree about the model or the date, in two workers, are an error.
($unused, $states) = sqlstates($node, "$parallel SELECT health_weighted_sum(value, occurred_at,
  (CASE WHEN account < 100 THEN '{}' ELSE '{\"window_days\": 30}' END)::health_model, '2025-07-01') FROM events;
  SELECT health_weighted_sum(value, occurred_at, $model, date '2025-07-01' + account % 2) FROM events;
  SELECT health_baseline(value, (CASE WHEN account < 100 THEN '{}' ELSE '{\"percentile\": 0.5}' END)::health_model)
  FROM events;");
is_deeply($states, [ ('22023') x 3 ], 'models and dates that differ between workers');

clean_log($node);
done_testing();
