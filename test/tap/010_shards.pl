# Many machines with what PostgreSQL has: two shards behind a coordinator (postgres_fdw, hash partitions by account). Each
# shard aggregates its own accounts, one row an account travels, and the result has the bytes of one machine. And a
# standby, which reads what the primary wrote.

use strict;
use warnings;

use FindBin;
use lib $FindBin::RealBin;
use HealthScore;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

my $one = start_node('one', q{log_statement = 'all'}, 'wal_level = replica', 'max_wal_senders = 4', 'hot_standby = on');
my @shards = map { start_node("shard_$_", q{log_statement = 'all'}) } 0, 1;

# The events of one machine, and the same in partitions that are tables of other clusters.
$one->safe_psql('postgres', qq{
CREATE TABLE local_events (account_id int, event text, occurred_at timestamptz, value float8);
INSERT INTO local_events
SELECT n * 7 % 400, 'event ' || n * n % 23, timestamptz '2025-09-01 00:00+00' + n * interval '5 minutes 11 seconds',
       CASE WHEN n % 3 = 0 THEN n / 7.0 END
FROM generate_series(1, 30000) AS n;
CREATE TABLE accounts AS SELECT DISTINCT account_id, 'segment ' || account_id % 3 AS segment, 1 + account_id % 9 AS seats
  FROM local_events;
CREATE TABLE models AS SELECT health_model '{"half_life_days": 30, "signals": {"event 1": 1, "event 2": {"weight": -0.5, "unit": "raw"},
  "event 3": {"weight": 2, "measure": "sum"}, "event 4": {"weight": 5, "unit": "score", "measure": "days"}}}' AS model;
ANALYZE});
# The statements of docs/scale.md, with the addresses of these shards.
my $page = slurp_file("$FindBin::RealBin/../../docs/scale.md");
# A block of the page by the word behind its language.
sub block_of { my ($word) = @_; return ($page =~ /^```sql $word\n(.*?)^```/ms)[0]; }
my $statements = block_of('shards');
for my $i (0, 1)
{
  my $shard = $shards[$i];
  my ($host, $port) = ($shard->host, $shard->port);
  $shard->safe_psql('postgres', block_of('shard_tables'));
  is($statements =~ s/host 'shard-$i', port '5432'/host '$host', port '$port'/g, 1, "the page has shard $i");
}
$one->safe_psql('postgres', $statements);
$one->safe_psql('postgres', 'INSERT INTO events SELECT * FROM local_events');
is($one->safe_psql('postgres', 'SELECT count(*) > 5000 FROM events_' . $_), 't', "shard $_ has events") for 0, 1;
# Each shard builds the activities of its accounts, as it would every night.
$_->safe_psql('postgres', 'INSERT INTO account_activity
  SELECT account_id, health_activity(event, occurred_at, value) FROM events GROUP BY account_id; ANALYZE') for @shards;
$one->safe_psql('postgres', 'ANALYZE events, account_activity');

sub plan_of
{
  my ($query, $options) = @_;
  return value($one, "EXPLAIN (VERBOSE, COSTS OFF" . ($options // '') . ") $query");
}
# The statements that come to each shard; and how many rows go from the shards to the coordinator.
sub remote { return join "\n", plan_of($_[0]) =~ /Remote SQL: (.*)/g; }
sub travelled
{
  my $plan = plan_of($_[0], ', ANALYZE, TIMING OFF, SUMMARY OFF');
  my $rows = 0;
  $rows += $1 * $2 while $plan =~ /Foreign Scan.*?\(actual rows=([\d.]+) loops=(\d+)\)/g;
  return $rows;
}

# Activities aggregated by the shards, straight from the events.
my $activities = q{SELECT account_id, health_activity(event, occurred_at, value) AS activity FROM %s
  WHERE occurred_at >= '2025-10-01 00:00+00' GROUP BY account_id};
my $sharded = sprintf $activities, 'events';
my @remote = split /\n/, remote($sharded);
is(scalar(@remote), 2, 'two remote statements');
like($_, qr/^SELECT account_id, public\.health_activity\(event, occurred_at, value\) FROM public\.events WHERE .* GROUP BY 1$/,
  'a shard aggregates')
  for @remote;
is(travelled($sharded), 400, 'one row an account travels');
is(rows_of($one, $sharded), rows_of($one, sprintf $activities, 'local_events'), 'the bytes of one machine');
like(slurp_file($shards[1]->logfile), qr/DECLARE c\d+ CURSOR FOR\s+SELECT account_id, public\.health_activity/,
  'the shard was asked so');

# A cut-off that is not constant: as a sub-select it is sent along; a bare clock stays here, and the rows come.
my $recent = q{SELECT account_id, health_activity(event, occurred_at) AS activity FROM %s
  WHERE occurred_at >= (SELECT health_day_start(health_day(max(occurred_at)) - 30) FROM local_events) GROUP BY account_id};
like(remote(sprintf $recent, 'events'), qr/^SELECT account_id, public\.health_activity.*\$1::timestamp.*GROUP BY 1$/m, 'a shard aggregates the last days');
is(rows_of($one, sprintf $recent, 'events'), rows_of($one, sprintf $recent, 'local_events'), 'the bytes of one machine');

unlike(remote(q{SELECT account_id, health_activity(event, occurred_at) FROM events
  WHERE occurred_at >= now() - interval '3 days' GROUP BY account_id}), qr/health_activity/, 'with a clock no shard aggregates');

# Raw scores of stored activities. A plain expression is computed here, and the activities travel; over an aggregate it
# goes along with it, and numbers travel.
my $model = value($one, 'SELECT model FROM models');
my $raws = "SELECT account_id, health_raw_score(health_rollup(activity), '$model', '2025-12-01') AS raw,
  health_adjustment(health_rollup(activity), '$model', '2025-12-01') AS adjustment FROM %s GROUP BY account_id";
like(remote(sprintf $raws, 'account_activity'), qr/^SELECT account_id, public\.health_raw_score\(public\.health_rollup\(/,
  'raw scores are computed by the shards');
is(travelled(sprintf $raws, 'account_activity'), 400, 'one row an account travels');
like(remote("SELECT health_raw_score(activity, '$model', '2025-12-01') FROM account_activity"),
  qr/^SELECT activity FROM public\.account_activity$/m, 'without an aggregate the activities travel');
my $stored = q{SELECT account_id, health_activity(event, occurred_at, value) AS activity FROM local_events GROUP BY account_id};
is(rows_of($one, sprintf $raws, 'account_activity'), rows_of($one, sprintf $raws, "($stored) AS a"), 'the bits of one machine');
# With the date as a sub-select the session's DateStyle is none of the shard's business.
my $dated = $raws =~ s/'2025-12-01'/(SELECT date '2025-12-01')/gr;
like(remote(sprintf $dated, 'account_activity'), qr/health_raw_score\(public\.health_rollup\(activity\).*\$1::date/,
  'a date as a sub-select is sent along');
is(value($one, "SET datestyle = 'SQL, DMY'; SET extra_float_digits = 0; " . sprintf
  "SELECT md5(string_agg(float8send(raw)::text, ',' ORDER BY account_id)) FROM ($dated) AS s", 'account_activity'),
  value($one, sprintf "SELECT md5(string_agg(float8send(raw)::text, ',' ORDER BY account_id)) FROM ($dated) AS s",
  "($stored) AS a"), 'and is the same day for every DateStyle');

# Scores: the percentile is taken here, over what each shard sent.
my $report = q{SELECT account_id, (r).* FROM (SELECT account_id, health_report(activity, model, '2025-12-01', seats)
  OVER (PARTITION BY segment) AS r FROM accounts JOIN (%s) AS a USING (account_id) CROSS JOIN models) AS s};
my $expected = rows_of($one, sprintf $report, $stored);
is(rows_of($one, sprintf $report, 'SELECT * FROM account_activity'), $expected, 'reports from the shards\' activities');
is(rows_of($one, sprintf $report, $stored =~ s/local_events/events/r), $expected, 'reports from the shards\' events');
is(travelled(sprintf $report, $stored =~ s/local_events/events/r), 400, 'one row an account travels');
my $two_steps = "SELECT account_id, health_normalize(raw, '$model', adjustment) OVER (PARTITION BY segment) AS score
  FROM ($raws) AS s JOIN accounts USING (account_id)";
is(rows_of($one, sprintf $two_steps, 'account_activity'), rows_of($one, sprintf $two_steps, "($stored) AS a"),
  'raw scores of the shards, normalized here');

# A group that spans shards: each sends the activities of its accounts, and they are merged here.
my $segments = 'SELECT account_id % 3 AS account_id, health_rollup(activity) AS activity FROM (%s) AS a GROUP BY 1';
is(rows_of($one, sprintf $segments, $sharded), rows_of($one, sprintf $segments, sprintf $activities, 'local_events'),
  'activities of groups that span shards merge');

# A night's work: each shard splices its own tail; the coordinator reads.
$one->safe_psql('postgres', q{INSERT INTO events VALUES (3, 'event 1', '2025-12-18 00:00+00', 1);
  INSERT INTO local_events VALUES (3, 'event 1', '2025-12-18 00:00+00', 1)});
$_->safe_psql('postgres', q{INSERT INTO account_activity AS kept
  SELECT account_id, coalesce(tail, '{}') FROM account_activity FULL JOIN (SELECT account_id, health_activity(event,
    occurred_at, value) AS tail FROM events WHERE occurred_at >= '2025-12-15 00:00+00' GROUP BY account_id) AS t
    USING (account_id) ORDER BY account_id
  ON CONFLICT (account_id) DO UPDATE SET activity = health_splice(kept.activity, excluded.activity, '2025-12-15')})
  for @shards;
is(rows_of($one, 'SELECT * FROM account_activity'), rows_of($one, $stored), 'shards refresh themselves');

# ---------------------------------------------------------------- reports by the shards

$_->safe_psql('postgres', block_of('shard')) for @shards;
$one->safe_psql('postgres', block_of('coordinator'));
$one->safe_psql('postgres', qq{INSERT INTO shard_$_.accounts SELECT * FROM accounts WHERE account_id IN
  (SELECT account_id FROM account_activity_$_); INSERT INTO shard_$_.models SELECT * FROM models}) for 0, 1;
$one->safe_psql('postgres', 'CALL exchange()');
my $merge = 'SELECT segment, health_population_merge(part) AS population FROM (SELECT * FROM shard_0.population_parts
  UNION ALL SELECT * FROM shard_1.population_parts) AS p GROUP BY segment';
is(travelled($merge), 6, 'a part of each segment and shard travels');
is(rows_of($one, 'SELECT * FROM populations'),
  rows_of($one, "SELECT segment, health_population(activity, model, '2025-12-01', seats) AS population
    FROM accounts JOIN ($stored) AS a USING (account_id) CROSS JOIN models GROUP BY segment"),
  'the merged populations are those of one machine');
is(rows_of($_, 'SELECT * FROM populations'), rows_of($one, 'SELECT * FROM populations'), 'and come to each shard')
  for @shards;
my $windowed = $report =~ s/SELECT account_id, \(r\)/SELECT account_id, segment, (r)/r =~
  s/FROM \(SELECT account_id, health/FROM (SELECT account_id, segment, health/r;
is(rows_of($one, 'SELECT * FROM account_health'), rows_of($one, sprintf $windowed, $stored),
  'the shards\' reports are those of one machine');
like(remote('SELECT score, reason FROM account_health WHERE account_id = 7'),
  qr/^SELECT score, reason FROM public\.account_health WHERE \(\(account_id = 7\)\)$/m, 'one account is asked for there');
is(travelled('SELECT score, reason FROM account_health WHERE account_id = 7'), 1, 'and one row travels');
# A shard whose model is behind.
$shards[1]->safe_psql('postgres', q{UPDATE models SET model = model || '{"signals": {"event 1": 2}}'});
my ($status, undef, $error) = $one->psql('postgres', 'CALL exchange()');
like($error, qr/ERROR:  model differs within one population/, 'parts of two models are refused');
is(rows_of($one, 'SELECT * FROM account_health'), rows_of($one, sprintf $windowed, $stored), 'and nothing changed');

# ---------------------------------------------------------------- a standby

$one->safe_psql('postgres', "CREATE TABLE kept AS SELECT account_id, activity FROM ($stored) AS s;
  CREATE MATERIALIZED VIEW board AS " . sprintf($report, 'SELECT * FROM kept') . ';
  CREATE UNIQUE INDEX ON board (account_id); CREATE INDEX ON kept USING hash (activity)');
$one->backup('base');
my $standby = PostgreSQL::Test::Cluster->new('standby');
$standby->init_from_backup($one, 'base', has_streaming => 1);
$standby->start;
$one->safe_psql('postgres', q{UPDATE kept SET activity = health_splice(activity, '{"event 1": {"2025-12-18": 5}}',
  '2025-12-17') WHERE account_id % 5 = 0; REFRESH MATERIALIZED VIEW CONCURRENTLY board});
$one->wait_for_catchup($standby, 'replay', $one->lsn('insert'));
for my $query ('SELECT account_id, health_activity_send(activity) FROM kept', 'SELECT * FROM board',
  sprintf($report, 'SELECT * FROM kept'))
{
  is(rows_of($standby, $query), rows_of($one, $query), 'a standby reads the same: ' . substr $query, 0, 40);
}
# It groups events as the primary does, in workers and in temporary files, too, which it may write.
my $grouped = "SELECT md5(string_agg(account_id || md5(health_activity_send(activity)), '' ORDER BY account_id)) FROM
  (" . sprintf($activities, 'local_events') . ') AS q';
my $same = value($one, "SET health_score.grouping = off; $grouped");
my $dear = 'SET cpu_operator_cost = 0.05;';  # or so few rows are not worth it
my $workers = 'SET min_parallel_table_scan_size = 0; SET parallel_setup_cost = 0; SET parallel_tuple_cost = 0;';
for my $way ('SET max_parallel_workers_per_gather = 0;', $workers, "$workers SET work_mem = 64;")
{
  like(value($standby, "$dear $way EXPLAIN $grouped"), qr/HealthActivity/, 'the node on a standby');
  is(value($standby, "$dear $way $grouped"), $same, 'and its bytes');
}
is(value($standby, 'SET enable_seqscan = off; SELECT count(*) FROM kept AS k WHERE activity = (SELECT activity FROM kept
  WHERE account_id = 5)'), 1, 'and finds an activity by its index');

clean_log($_) for $one, @shards, $standby;
done_testing();
