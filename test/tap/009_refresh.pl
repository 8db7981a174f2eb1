# A schedule's life: examples/refresh.sql under the real pg_cron, views that are refreshed over unchanged data, and
# sessions that maintain the same accounts at once and are killed while they do.

use strict;
use warnings;

use FindBin;
use lib $FindBin::RealBin;
use HealthScore;
use IPC::Run;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;
use Time::HiRes qw(sleep);

my $node = start_node('refresh', q{shared_preload_libraries = 'pg_cron'}, q{cron.database_name = 'postgres'},
  'cron.use_background_workers = on', 'max_worker_processes = 12', 'autovacuum = off', 'restart_after_crash = on');
$node->safe_psql('postgres', 'CREATE EXTENSION pg_cron');

# ---------------------------------------------------------------- the example

# Stands for Citus: who would be distributed, and that nothing is in it yet.
$node->safe_psql('postgres', q{
CREATE FUNCTION create_distributed_table(distributed regclass, distribution_column text, colocate_with text) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
  filled boolean;
BEGIN
  EXECUTE format('SELECT EXISTS (SELECT FROM %s)', distributed) INTO filled;
  RAISE NOTICE 'distributed %, %, %, filled %', distributed, distribution_column, colocate_with, filled;
END $$;
CREATE FUNCTION create_reference_table(reference regclass) RETURNS void
LANGUAGE sql AS $$ SELECT create_distributed_table(reference, '', 'everywhere') $$});
my $examples = "$FindBin::RealBin/../../examples";
my ($out, $err) = ('', '');
$node->psql('postgres', "\\i $examples/sample.sql\n\\i $examples/views.sql\n\\i $examples/refresh.sql",
  stdout => \$out, stderr => \$err, on_error_die => 1);
is(join("\n", $err =~ /NOTICE: +distributed (.*)/g),
  "settings, , everywhere, filled f\naccount_activity, account_id, accounts, filled f",
  'tables are distributed before they are filled');
my @progress = $err =~ /NOTICE: +(days .*)/g;
like($progress[0], qr/^days 2025-01-01 to 2025-01-31: 300 accounts, 8 % of the days done$/, 'a backfill says how far it is');
is(scalar(grep { /100 % of the days/ } @progress), 2, 'to its end');

# What the events say now, from the first day that is kept; and what is stored.
my $rebuilt = q{SELECT account_id, coalesce(activity, '{}') AS activity, coalesce(user_activity, '{}') AS user_activity
FROM accounts LEFT JOIN (
  SELECT account_id, health_activity(s.signal, occurred_at, s.value) AS activity, health_activity(s.person, occurred_at)
    AS user_activity
  FROM events, LATERAL (VALUES (event, value, user_id), ('user:' || user_id, NULL, NULL)) AS s (signal, value, person)
  WHERE occurred_at >= '2025-07-01 00:00+00' GROUP BY account_id) AS e USING (account_id)};
my $stored = 'SELECT account_id, activity, user_activity FROM account_activity';
is(rows_of($node, $stored), rows_of($node, $rebuilt), 'backfilled, refreshed, trimmed and without a user: the bytes of a rebuild');

# Events that came late, were deleted or are new: the next night's run has them right, and a second run changes nothing.
$node->safe_psql('postgres', q{
INSERT INTO events VALUES ('A003', 'late', 'login', NULL, '2025-12-30 23:59:59.999999+00'),
  ('A003', 'late', 'login', NULL, '2025-12-29 00:00+00');
DELETE FROM events WHERE account_id = 'A005' AND occurred_at >= '2025-12-29 00:00+00';
DELETE FROM events WHERE account_id = 'A009';
DELETE FROM accounts WHERE account_id = 'A009';
INSERT INTO accounts (account_id, name, segment) VALUES ('A999', 'Novice', 'smb');
INSERT INTO events VALUES ('A999', 'n1', 'login', NULL, '2025-12-31 12:00+00')});
isnt(rows_of($node, $stored), rows_of($node, $rebuilt), 'events changed');
my $night = q{CALL refresh_activity('2025-12-29', '2026-01-01')};
value($node, $night);
is(rows_of($node, $stored), rows_of($node, $rebuilt), 'a night heals what came late, was deleted or is new');
my $healed = rows_of($node, $stored);
value($node, $night);
is(rows_of($node, $stored), $healed, 'a second run is harmless');
# Refreshing days in the middle leaves the days after them as they are.
value($node, q{CALL refresh_activity('2025-10-01', '2025-11-01', 7)});
is(rows_of($node, $stored), $healed, 'refreshing days in the middle too');
cmp_ok(value($node, q{SELECT count(*) FROM account_users WHERE week <= month AND regulars <= month AND month > 0}), '>', 200,
  'users are counted');

is(value($node, q{CALL read_columns('2026-01-01'); SELECT count(*) FROM account_activity JOIN accounts USING (account_id)
  WHERE health_measure(activity + readings, 'arr', '2026-01-01', 7, 'last') IS DISTINCT FROM arr::float8}), 0,
  'readings are those of the columns');
my (undef, $states) = sqlstates($node, q{CALL refresh_activity('2026-01-01', '2026-01-01');
  CALL refresh_activity('2025-12-01', '2026-01-01', 0); CALL refresh_activity(NULL, '2026-01-01');});
is("@$states", 'P0001 P0001 P0001', 'days that are none are an error');

# Whatever writes activities waits for who does already.
my $writer = IPC::Run::start([ 'psql', '-X', '-q', '-d', $node->connstr('postgres') . ' application_name=writer', '-c',
  q{SELECT pg_advisory_lock('account_activity'::regclass::bigint), pg_sleep(600)} ], '<', '/dev/null', '&>', '/dev/null');
$node->poll_query_until('postgres', q{SELECT count(*) = 1 FROM pg_locks WHERE locktype = 'advisory' AND granted});
(undef, $states) = sqlstates($node, q{SET lock_timeout = '100ms'; CALL refresh_activity('2025-12-29', '2026-01-01');
  CALL read_columns('2026-01-01'); CALL trim_activity('2025-07-01'); CALL forget_user('A001-1');});
is("@$states", '55P03 55P03 55P03 55P03', 'a night, readings, retention and erasure wait for each other');
$node->safe_psql('postgres', q{SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'writer'});
$writer->finish;

# pg_cron runs it: the same commands, every minute instead of once a night. Its days are those of now, so the sample is
# moved there. Midnight may pass meanwhile.
my $today = value($node, 'SELECT health_day(now())');
is(value($node, q{SELECT string_agg(jobname || ' ' || schedule, ', ' ORDER BY jobid) FROM cron.job}),
  'health: activity 5 0 * * *, health: scoreboard 35 0 * * *, health: retention 5 1 1 * *, health: log 5 2 * * *',
  'jobs are scheduled');
$node->safe_psql('postgres', qq{
UPDATE events SET occurred_at = occurred_at + (date '$today' - date '2026-01-01') * interval '24 hours';
TRUNCATE account_activity;
SELECT cron.alter_job(jobid, schedule => '* * * * *') FROM cron.job WHERE jobname <> 'health: log'});
my $ran;
for (1 .. 150)
{
  $ran = value($node, q{SELECT string_agg(jobname || ' ' || status, ', ' ORDER BY jobname)
    FROM (SELECT DISTINCT ON (jobname) jobname, status FROM cron.job_run_details JOIN cron.job USING (jobid)
          WHERE end_time IS NOT NULL ORDER BY jobname, status) AS r});
  last if ($ran =~ tr/,//) == 2;
  sleep 1;
}
is($ran, 'health: activity succeeded, health: retention succeeded, health: scoreboard succeeded',
  'pg_cron ran them in this minute')
  or diag(value($node, 'SELECT command, status, return_message FROM cron.job_run_details'));
$node->safe_psql('postgres', 'SELECT cron.unschedule(jobid) FROM cron.job');
cmp_ok(value($node, qq{SELECT count(*) FROM account_activity WHERE health_last_day(activity) = date '$today' - 1
  AND health_first_day(activity) >= date '$today' - 3}), '>', 200, 'they refreshed the last days of most accounts');
is(value($node, "SELECT as_of - date '$today' BETWEEN 0 AND 1 FROM settings"), 't', 'and the date of the board');

# ---------------------------------------------------------------- no churn

# Activities and scores straight from the events, with workers, so that the order of rows differs from run to run; beside
# them the same sums in float8, which do change. With and without decay.
$node->safe_psql('postgres', q{
CREATE TABLE raw_events AS
SELECT n % 997 AS account_id, 'signal ' || n % 25 AS event, timestamptz '2025-07-05 00:00+00' + n * interval '51.84 seconds'
  AS occurred_at, sqrt(n) AS value
FROM generate_series(1, 300000) AS n;
CREATE TABLE changes (name text, account_id int);
ANALYZE raw_events});
my $workers = q{SET max_parallel_workers_per_gather = 3; SET min_parallel_table_scan_size = 0; SET parallel_setup_cost = 0;
  SET parallel_tuple_cost = 0; SET enable_sort = off;};
my $model = q{{"signals": {"signal 1": 1, "signal 2": {"weight": 0.3, "measure": "sum"}, "signal 3": {"weight": -2, "unit": "raw"}}%s}};
my %views = (
  plain => sprintf(q{SELECT account_id, health_score(activity, '%s', '2026-01-01') OVER () AS score, activity FROM (SELECT
    account_id, health_activity(event, occurred_at, value) AS activity FROM raw_events GROUP BY account_id) AS a},
    sprintf $model, ''),
  decay => sprintf(q{SELECT account_id, (r).score, (r).drivers FROM (SELECT account_id, health_report(health_activity(event,
    occurred_at, value), '%s', '2026-01-01') OVER () AS r FROM raw_events GROUP BY account_id) AS a},
    sprintf $model, ', "half_life_days": 30'),
  floats => q{SELECT account_id, sum(value * exp(-0.0231 * (date '2026-01-01' - occurred_at::date))) AS score
    FROM raw_events GROUP BY account_id});
my %changed;
for my $name (sort keys %views)
{
  $node->safe_psql('postgres', "CREATE MATERIALIZED VIEW churn_$name AS $views{$name};
    CREATE UNIQUE INDEX ON churn_$name (account_id)");
  like(value($node, "$workers EXPLAIN (COSTS OFF) $views{$name}"),
    $name eq 'floats' ? qr/Finalize.*Gather.*Partial/s : qr/Gather.*Parallel Custom Scan \(HealthActivity\)/s, "$name: workers");
  # Whether floats change is a matter of who comes first: up to twenty times, where nothing may change four.
  for my $round (1 .. 20)
  {
    last if $name eq 'floats' ? $changed{$name} : $round > 4;
    $node->safe_psql('postgres', "CREATE TEMPORARY TABLE before AS SELECT account_id, xmin::text AS version
      FROM churn_$name; $workers REFRESH MATERIALIZED VIEW CONCURRENTLY churn_$name;
      INSERT INTO changes SELECT '$name', account_id FROM churn_$name AS v JOIN before USING (account_id)
      WHERE version <> v.xmin::text");
    $changed{$name} = value($node, "SELECT count(*) FROM changes WHERE name = '$name'");
  }
}
is($changed{plain}, 0, 'four refreshes over unchanged data change no row: score and activity');
is($changed{decay}, 0, 'nor report with decay');
cmp_ok($changed{floats}, '>', 0, "where sums of float8 change $changed{floats} rows");
clean_log($node);

# ---------------------------------------------------------------- at once, and killed

# Two sessions refresh the same accounts over and over while events come in, and are killed at any moment: first by
# pg_terminate_backend, then with the server, by SIGKILL to a backend and to the postmaster.
$node->safe_psql('postgres', q{
TRUNCATE accounts, events, account_activity;
INSERT INTO accounts (account_id, name, segment) SELECT 'K' || n, 'K', 'smb' FROM generate_series(1, 400) AS n;
CREATE TABLE incoming AS SELECT 'K' || 1 + n * 7 % 400 AS account_id, 'u' || n % 9 AS user_id, 'e' || n % 12 AS event,
  n / 8.0 AS value, timestamptz '2025-11-01 00:00+00' + n * interval '2 minutes 38.7 seconds' AS occurred_at, n
  FROM generate_series(1, 33000) AS n;
INSERT INTO events SELECT account_id, user_id, event, value, occurred_at FROM incoming WHERE n % 3 <> 0;
CALL refresh_activity('2025-11-01', '2026-01-01')});
is(rows_of($node, $stored), rows_of($node, $rebuilt), 'before: as rebuilt');

my $connection = $node->connstr('postgres') . ' application_name=splicing';
sub session
{
  my ($days) = @_;
  my @calls = ('-c', "CALL refresh_activity('2025-11-01', '2026-01-01', $days)") x 50;
  return IPC::Run::start([ 'psql', '-X', '-q', '-d', $connection, @calls ], '<', '/dev/null', '&>', '/dev/null');
}
my $others = q{pid FROM pg_stat_activity WHERE application_name = 'splicing'};
my ($killed, $waited) = (0, 0);
for my $round (1 .. 12)
{
  my @sessions = map { session($_) } 5 + $round, 31;
  $node->safe_psql('postgres', "INSERT INTO events SELECT account_id, user_id, event, value, occurred_at FROM incoming
    WHERE n % 3 = 0 AND n % 36 / 3 = $round - 1");
  for (1 .. 2)
  {
    sleep 0.05 + rand 0.3;
    $waited += value($node, "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted");
    $killed += value($node, "SELECT count(*) FROM (SELECT pg_terminate_backend(pid) FROM (SELECT $others
      ORDER BY random() LIMIT 1) AS o) AS k");
  }
  for my $session (@sessions)
  {
    $session->signal('TERM');
    $session->finish;
  }
  $node->poll_query_until('postgres', "SELECT count(pg_terminate_backend(pid)) = 0 FROM (SELECT $others) AS o");
}
cmp_ok($killed, '>=', 12, "$killed sessions killed");
cmp_ok($waited, '>', 0, "runs wait for each other ($waited times seen)");
# Whatever is stored was true at some time: no signal of a day counts more than it has events.
my $too_many = q{SELECT count(*) FROM (SELECT account_id, c.signal, c.day, c.count FROM account_activity,
    health_cells(activity) AS c WHERE signal LIKE 'e%') AS s
  LEFT JOIN (SELECT account_id, event, health_day(occurred_at) AS day, count(*) AS n FROM events GROUP BY 1, 2, 3) AS e
    ON (e.account_id, event, e.day) = (s.account_id, signal, s.day) WHERE n IS NULL OR s.count > n};
is(value($node, $too_many), 0, 'nothing is counted twice');
value($node, q{CALL refresh_activity('2025-11-01', '2026-01-01')});
is(rows_of($node, $stored), rows_of($node, $rebuilt), 'run again after it: the bytes of a rebuild');

for my $victim ('a backend', 'the postmaster')
{
  $node->safe_psql('postgres', q{TRUNCATE account_activity});
  my $whole = session(31);
  my $log = -s $node->logfile;
  my $victim_pid = '';
  for (1 .. 200)
  {
    $victim_pid = value($node, "SELECT $others AND state = 'active' AND query LIKE '%refresh%' LIMIT 1");
    last if $victim_pid ne '';
    sleep 0.02;
  }
  like($victim_pid, qr/^\d+$/, 'a run is at work');
  sleep 0.15;
  if ($victim eq 'a backend')
  {
    kill 'KILL', $victim_pid;
    $node->wait_for_log(qr/all server processes terminated; reinitializing/, $log);
    for (1 .. 100)
    {
      last if system('pg_isready', '-q', '-h', $node->host, '-p', $node->port) == 0;
      sleep 0.2;
    }
  }
  else
  {
    $node->kill9;
    # Its processes end when they notice; before, no other server starts in the same folder.
    for (1 .. 100)
    {
      sleep 0.2;
      last if $node->start(fail_ok => 1);
      $node->{_pid} = undef;  # what a start that failed has read is the file of the dead one
    }
  }
  $whole->signal('TERM');
  $whole->finish;
  is(value($node, $too_many), 0, "after SIGKILL of $victim: nothing is counted twice");
  like(value($node, 'SELECT count(*) FROM account_activity'), qr/^(0|400)$/,
    "after SIGKILL of $victim: all accounts of a step, or none");
  value($node, q{CALL refresh_activity('2025-11-01', '2026-01-01')});
  is(rows_of($node, $stored), rows_of($node, $rebuilt), "after SIGKILL of $victim: run again, the bytes of a rebuild");
}

done_testing();
