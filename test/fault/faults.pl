# Memory that runs out, and disks: whichever allocation of the module, or call for a temporary file, fails, the statement
# ends with 53200 or 53100, and the session goes on with the right answers, without a leak and without a file. Runs on a
# build of the module in which these calls can be made to fail (fault.cpp).

use strict;
use warnings;

use FindBin;
use lib "$FindBin::RealBin/../tap";
use HealthScore;
use Test::More;

my $node = start_node('faults', 'max_parallel_workers_per_gather = 0', 'autovacuum = off');
$node->safe_psql('postgres', <<'SQL');
CREATE FUNCTION health_fault(after bigint, unknown boolean) RETURNS void
  AS '$libdir/health_score' LANGUAGE C STRICT;
CREATE FUNCTION health_fault_left() RETURNS bigint AS '$libdir/health_score' LANGUAGE C;
CREATE TABLE events AS
SELECT n % 7 AS account, CASE WHEN n % 3 = 0 THEN 'a signal with quite a long name ' || n % 5 ELSE 's' || n % 40 END
  AS signal, timestamptz '2025-09-01 00:00+00' + n * interval '3 hours' AS at, CASE WHEN n % 2 = 0 THEN n END AS value
FROM generate_series(1, 900) AS n;
-- In days that come and go, for the node that groups.
CREATE TABLE many AS SELECT account, 'n' || repeat(account::text, 9) AS name, md5(account::text)::uuid AS uid, signal, at - interval '1 day' *
  (n * 7919 % 100) AS at, value FROM (SELECT *, row_number() OVER () AS n FROM events) AS e, generate_series(1, 5);
INSERT INTO many SELECT NULL, NULL, NULL, 's1', '2025-09-01', 1 FROM generate_series(1, 3);
CREATE TABLE accounts AS SELECT account, health_activity(signal, at, value) AS activity, account + 1.0::float8 AS size
  FROM events GROUP BY account;
CREATE TABLE models AS SELECT health_model '{"half_life_days": 30, "max_drivers": 4, "language": "fr", "signals": {
  "s1": {"weight": 2, "aliases": ["s2", "s3"]}, "s4": {"weight": 1, "measure": "sum", "label": {"en": "Sums"}},
  "s*": {"weight": 10, "measure": "distinct", "of": "size", "text": "{missing} of {size}"},
  "s5": {"weight": -3, "unit": "score", "next_step": "Call"}}}' AS model;

-- Lets each allocation of a statement fail in turn, and returns what came of it: allocations, failures, and every
-- SQLSTATE but the ones that are due; strange counts the unknown exceptions, full the disks without room. A statement is
-- text that gives one text.
CREATE FUNCTION try_all(statement text, unknown boolean, OUT allocations bigint, OUT failures bigint, OUT others text,
  OUT strange bigint, OUT "full" bigint)
LANGUAGE plpgsql AS $$
DECLARE
  expected text;
  result text;
  remaining bigint;
BEGIN
  EXECUTE statement INTO expected;
  failures := 0;
  strange := 0;
  "full" := 0;
  others := '';
  FOR n IN 1 .. 1000000 LOOP
    PERFORM health_fault(n, unknown);
    BEGIN
      EXECUTE statement INTO result;
      remaining := health_fault_left();
      IF result IS DISTINCT FROM expected THEN others := others || ' another result at ' || n; END IF;
    EXCEPTION WHEN OTHERS THEN
      remaining := health_fault_left();
      failures := failures + 1;
      IF unknown AND SQLSTATE = 'XX000' AND SQLERRM = 'health_score: unexpected internal error' THEN
        strange := strange + 1;
      ELSIF remaining = 0 AND SQLSTATE = '53100' THEN "full" := "full" + 1;
      ELSIF remaining > 0 OR SQLSTATE <> '53200' THEN others := others || ' ' || SQLSTATE || SQLERRM;
      END IF;
    END;
    IF remaining > 0 THEN
      allocations := n - 1;
      RETURN;
    END IF;
  END LOOP;
END $$;
SQL

my $rows = 'FROM accounts, models';
my %statements = (
  'activity in and out' => q{SELECT health_activity_out(health_activity_in('{"a": {"2026-01-01": [2, 3.5, 1]}, "b":
    {"2026-01-01": 1}}'))::text},
  'activity of a text out of order' => q{SELECT health_activity_in(('{' || string_agg(format('"s%s": {"2026-01-02": 1,
    "2026-01-01": [1, 2e0]}', 500 - n), ', ') || ', "\\u00e9\\n": {}}')::cstring)::text FROM generate_series(1, 300) AS n},
  'a model a group' => q{SELECT string_agg(s::text, ' ' ORDER BY account) FROM (SELECT account, health_weighted_sum(value, at,
    model || jsonb_build_object('window_days', 40 + account), '2026-01-01') + health_baseline(value, model) AS s
    FROM events, models WHERE account < 9 GROUP BY account) AS q},
  'activity binary' => 'SELECT md5(string_agg(health_activity_send(activity), NULL ORDER BY account)) FROM accounts',
  'model in and out' => q{SELECT health_model_out(health_model_in('{"signals": {"a": 1, "b": {"weight": 2}}}'))::text},
  'model and patch' => q{SELECT (model || '{"signals": {"s1": null, "new": 2}}')::text FROM models},
  'make_model' => q{SELECT health_make_model(signals => '{"a": 1}', window_days => 30)::text},
  'comparison' => "SELECT min(activity::text) || count(DISTINCT activity) FROM accounts WHERE activity > '{}'",
  'hash' => 'SELECT sum(hashtext(activity::text) + n)::text FROM (SELECT activity, count(*) AS n FROM accounts
    GROUP BY activity) AS q',
  'health_activity' => 'SELECT health_activity(signal, at, value)::text FROM events',
  'health_activity by group' => 'SELECT string_agg(a::text, account::text ORDER BY account) FROM (SELECT account,
    health_activity(signal, at, value) AS a FROM events GROUP BY account) AS q',
  'health_activity in a window' => 'SELECT max(a::text) FROM (SELECT health_activity(signal, at) OVER (ORDER BY at) AS a
    FROM events LIMIT 30) AS q',
  'times as text' => 'SELECT health_activity(signal, at::text, value)::text FROM events',
  'health_daily' => 'SELECT string_agg((SELECT health_daily(signal, day, count, value, value_count) FROM health_cells(activity))::text,
    NULL ORDER BY account) FROM accounts',
  'health_rollup' => 'SELECT health_rollup(activity)::text FROM accounts',
  'arithmetic' => q{SELECT string_agg((health_splice(activity, '{"z": {"2026-01-01": 1}}', '2025-11-01') + activity)::text ||
    health_trim(activity, '2025-11-01') || health_without(activity, '{s1,a*}'), '') FROM accounts},
  'observation' => q{SELECT health_observation('nps', '2026-01-01', 9)::text},
  'health_cells' => 'SELECT string_agg(c::text, NULL) FROM accounts, health_cells(activity) AS c',
  'health_members' => q{SELECT string_agg(m::text, NULL) FROM accounts, health_members(activity, 's*', '2026-01-01', 30) AS m},
  'questions' => q{SELECT string_agg(health_measure(activity, 's4', '2026-01-01', 90, 'sum') || '/' ||
    health_active_count(activity, '2026-01-01', 90, 1, '{s*}') || health_first_day(activity) || health_last_day(activity)
    || health_days_inactive(activity, '2026-01-01'), ' ' ORDER BY account) FROM accounts},
  'raw score' => "SELECT string_agg(health_raw_score(activity, model, '2025-12-20', size, '2025-11-20')::text ||
    health_adjustment(activity, model, '2025-12-20', size, '2025-11-20'), ' ' ORDER BY account) $rows",
  'health_history' => "SELECT string_agg(h::text, ' ' ORDER BY account, as_of) $rows,
    health_history(activity, model, '2025-12-01', '2025-12-20', size, '2025-11-20') AS h",
  'health_score' => "SELECT string_agg(s::text, ' ') FROM (SELECT health_score(activity, model, '2025-12-20', size, date '2025-12-20' - (account * 2)::int)
    OVER () AS s $rows) AS q",
  'health_normalize' => "SELECT string_agg(s::text, ' ') FROM (SELECT health_normalize(size, model) OVER () AS s $rows)
    AS q",
  'health_report' => "SELECT string_agg(s::text, ' ') FROM (SELECT health_report(activity, model, '2025-12-20', size, date '2025-12-20' - (account * 2)::int)
    OVER () AS s $rows) AS q",
  'health_population' => "SELECT health_population(activity, model, '2025-12-20', size, date '2025-12-20' - (account * 2)::int)::text $rows",
  'population parts' => "SELECT health_population_merge(part)::text FROM (SELECT health_population_part(activity, model, '2025-12-20', size)
    AS part $rows GROUP BY account) AS q",
  'population in and out' => q{SELECT (health_population_out(health_population_in('{"version": 1, "as_of": "2026-01-01", "accounts": 2,
    "model": {"signals": {"a": 1}}, "signals": {"a": {"recent": 2}}}')))::text},
  'population in other words' => "SELECT (health_population(activity, model, '2025-12-20') || '{\"language\": \"en\"}')::text $rows",
  'population rows' => "SELECT string_agg(r::text, ' ') FROM (SELECT health_population(activity, model, '2025-12-20') AS p $rows) AS q,
    health_population_rows(p) AS r",
  'report against a population' => "SELECT string_agg(health_report(p, activity, size, NULL, day)::text || health_score(p, activity, size), ' ')
    FROM accounts, (SELECT health_population(activity, model, '2025-12-20', size) AS p $rows) AS q,
    unnest('{2025-12-20,2026-01-03}'::date[]) AS day",
  'explain' => "SELECT string_agg(health_explain((s).score, (s).previous_score, (s).drivers), ' ') FROM (SELECT health_report(activity, model,
    '2025-12-20', size) OVER () AS s $rows) AS q",
  'driver rows' => "SELECT string_agg(d::text, ' ') FROM (SELECT health_report(activity, model,
    '2025-12-20', size) OVER () AS s $rows) AS q, health_driver_rows((s).drivers) AS d",
  'health_drivers' => "SELECT health_drivers(signal, value ORDER BY at)::text FROM events",
  'composite' => "SELECT health_composite(size, account)::text FROM accounts",
  'sliding sum' => "SELECT string_agg(s::text, ' ') FROM (SELECT health_sliding_sum(value, at, '{\"window_days\": 5}')
    OVER (ORDER BY at ROWS 20 PRECEDING) AS s FROM events) AS q",
  'slope' => "SELECT health_slope(value, at::date)::text FROM events",
  'sparkline' => "SELECT health_sparkline(value ORDER BY at) FROM events",
  'bands' => "SELECT string_agg(b || '', ' ') FROM (SELECT health_stable_band(size * 12, model) OVER (ORDER BY account)
    AS b $rows) AS q",
  'alert' => "SELECT string_agg(b::text, ' ') FROM (SELECT health_alert(50 - value / 20, at::date, model)
    OVER (ORDER BY at) AS b FROM events, models) AS q");

# Grouped by our own node: keys, values, a condition, and more than fits into memory.
my $digest = q{SELECT md5(string_agg(coalesce(key::text, '-') || coalesce(a::text, '-'), ' ' ORDER BY key)) FROM};
my $more = '(SELECT many.* FROM many, generate_series(1, 4) OFFSET 0) AS e';
my %grouped = (
  (map { ("by $_" => "$digest (SELECT $_ AS key, health_activity(signal, at, value) AS a FROM many GROUP BY 1) AS q") }
    'account::int8', 'account', 'uid', 'name', 'name::varchar', '(at AT TIME ZONE \'UTC\')::date'),
  'without values, HAVING' => "$digest (SELECT account AS key, health_activity(signal, at) AS a FROM $more
    GROUP BY account HAVING health_last_day(health_activity(signal, at)) > '2025-09-02') AS q",
  'rows of a plan' => "$digest (SELECT account AS key, health_activity(signal, at, value) AS a FROM $more GROUP BY 1) AS q",
  'rescanned' => "SELECT string_agg(n || md5(q::text), ' ' ORDER BY n, account) FROM generate_series(1, 2) AS n, LATERAL (SELECT
    account, health_activity(signal, at, n) AS a FROM many GROUP BY 1) AS q");
my $grouping = 'SET cpu_operator_cost = 1; SET hash_mem_multiplier = 1; SET enable_sort = off;';

# All contexts of a session that lets everything fail over and over. A leak grows each time, where the server's own
# statistics and caches come and go. Returns how many calls for files failed.
sub let_fail
{
  my ($settings, %statements) = @_;
  my $all = join '; ', map { "SELECT '$_', (try_all(\$s\$$statements{$_}\$s\$, false)).*" =~ s/'UTC'/''UTC''/r } sort keys %statements;
  my $size = 'SELECT FROM pg_stat_force_next_flush(); SELECT sum(used_bytes) FROM pg_backend_memory_contexts';
  my @lines = split /\n/, $node->safe_psql('postgres', "$settings $all; $all; $size; $all; $size; $all; $size");
  my ($total, $files) = (0, 0);
  for my $name (sort keys %statements)
  {
    my ($line) = grep { (split /\|/)[0] eq $name } @lines;
    my (undef, $allocations, $failures, $others, undef, $full) = split /\|/, $line, -1;
    cmp_ok($failures, '>', 0, "$name: $allocations calls, each failed once");
    is($others, '', "$name: 53200 or 53100 each time, and then the same result");
    $total += $failures;
    $files += $full;
  }
  note "$total calls failed, $files of them for files";
  my @sizes = grep { /^\d+$/ } @lines;
  is(scalar(@sizes), 3, "bytes in use, each time after $total failures: @sizes");
  ok($sizes[1] <= $sizes[0] || $sizes[2] <= $sizes[1], 'nothing is kept');
  is($node->safe_psql('postgres', 'SELECT count(*) FROM pg_ls_tmpdir()'), 0, 'no file is left');
  return $files;
}
is(let_fail('', %statements), 0, 'no file is needed');
is(let_fail($grouping, %grouped), 0, 'nor for groups that fit into memory');
cmp_ok(let_fail("$grouping SET work_mem = '64kB';", %grouped), '>', 100, 'but where they do not');
# As several processes do it, of which there is one; once with another.
my $shared = "$grouping SET work_mem = '64kB'; SET max_parallel_workers_per_gather = 1; SET min_parallel_table_scan_size = 0;
  SET parallel_setup_cost = 0; SET parallel_tuple_cost = 0; SET enable_material = off;";
my %by_many = map { $_ => $grouped{$_} } 'by uid', 'by name', 'rescanned';
cmp_ok(let_fail("$shared SET max_parallel_workers = 0;", %by_many), '>', 100, 'nor where others may read it');
is($node->safe_psql('postgres', "$shared SELECT others FROM try_all(\$s\$$by_many{'by name'}\$s\$, false)"), '', 'with a worker');
like($node->safe_psql('postgres', "$shared EXPLAIN (ANALYZE) $by_many{'by name'}"),
  qr/Workers Launched: 1.*Parallel Custom Scan \(HealthActivity\).*Disk Usage/s, 'which there is');
for my $name (sort keys %grouped)
{
  like($node->safe_psql('postgres', "$grouping SET work_mem = '64kB'; EXPLAIN (ANALYZE) $grouped{$name}"),
    qr/HealthActivity.*Disk Usage: \d+ kB/s, "$name: the node, and a file");
}

# An exception of an unexpected type becomes an error like any other.
for my $name ('health_report', 'health_activity', 'health_history', 'model in and out', 'by name')
{
  my $settings = $grouped{$name} ? "$grouping SET work_mem = '64kB';" : '';
  my $statement = $statements{$name} // $grouped{$name};
  my (undef, $failures, $others, $strange) = split /\|/,
    $node->safe_psql('postgres', "$settings SELECT * FROM try_all(\$s\$$statement\$s\$, true)"), -1;
  is($others, '', "$name: an unknown exception is caught each time");
  cmp_ok($strange, '>', 0, "$name: $strange of $failures times");
}

my $log = PostgreSQL::Test::Utils::slurp_file($node->logfile);
unlike($log, qr/terminated by signal|PANIC|TRAP:/, 'no process died');
done_testing();
