# Compiled expressions call the extension's functions, or take them in as bitcode and inline them. Results must be the
# same, and an error that C++ throws from inlined code must be an error like any other.

use strict;
use warnings;

use FindBin;
use lib $FindBin::RealBin;
use HealthScore;
use Test::More;

my $node = start_node('jit');
if (value($node, 'SET jit = on; SELECT pg_jit_available()') ne 't')
{
  plan skip_all => 'this server cannot compile expressions';
}

$node->safe_psql('postgres', <<'SQL');
CREATE TABLE events AS
SELECT n % 50 AS account, CASE WHEN n % 3 = 0 THEN 'login' ELSE 'a signal with a longer name ' || n % 4 END AS signal,
       timestamptz '2025-10-01 00:00+00' + n * interval '3 hours' AS occurred_at, n / 8.0 AS value
FROM generate_series(1, 700) AS n;
CREATE TABLE accounts AS SELECT account, health_activity(signal, occurred_at, value) AS activity,
  (account % 4)::float8 AS size FROM events GROUP BY account;
CREATE TABLE texts AS SELECT activity::text AS text, '{"signals": {"login": 1}}'::text AS model FROM accounts;
SQL

my $jit = 'SET jit = on; SET jit_above_cost = 0; SET jit_inline_above_cost = 0; SET jit_optimize_above_cost = 0;';
my $model = q{'{"half_life_days": 20, "signals": {"login": 1.5, "a signal with a longer name 1": {"weight": 2,
  "measure": "sum"}}}'::health_model};
my %queries = (
  aggregate => 'SELECT account, health_activity(signal, occurred_at, value) FROM events GROUP BY account',
  rollup => 'SELECT size, health_rollup(activity) FROM accounts GROUP BY size',
  operators => q{SELECT account, activity + '{"login": {"2026-01-01": 1}}', activity < '{}', activity = activity
    FROM accounts},
  text => 'SELECT text::health_activity, model::health_model, health_make_model(half_life_days => length(model))
    FROM texts',
  raw => "SELECT account, health_raw_score(activity, $model, '2026-01-01', size), health_adjustment(activity, $model,
    '2026-01-01') FROM accounts",
  questions => q{SELECT account, health_measure(activity, 'login', '2026-01-01', 30), health_active_count(activity,
    '2026-01-01', 30), health_last_day(activity) FROM accounts},
  members => q{SELECT account, m.* FROM accounts, health_members(activity, '*', '2026-01-01', 30) AS m WHERE share > 0.2},
  cells => 'SELECT account, c.* FROM accounts, health_cells(activity) AS c WHERE value > 50',
  normalize => "SELECT account, health_normalize(health_raw_score(activity, $model, '2026-01-01'), $model)
    OVER (PARTITION BY size) FROM accounts",
  score => "SELECT account, health_score(activity, $model, '2026-01-01', size) OVER () FROM accounts",
  sums => "SELECT account, health_weighted_sum(value, occurred_at, $model, '2026-01-01'),
    health_slope(value, occurred_at::date), health_sparkline(value ORDER BY occurred_at) FROM events GROUP BY account",
  sliding => "SELECT account, occurred_at, health_sliding_sum(value, occurred_at, $model)
    OVER (PARTITION BY account ORDER BY occurred_at ROWS 5 PRECEDING) FROM events",
  history => "SELECT account, h.* FROM accounts, health_history(activity, $model, '2025-12-01', '2026-01-01', size, '2025-12-10') AS h",
  bands => "SELECT account, occurred_at, health_stable_band(value, $model) OVER w, health_alert(value,
    health_day(occurred_at), $model) OVER w FROM events WINDOW w AS (PARTITION BY account ORDER BY occurred_at)",
  report => "SELECT account, (r).* FROM (SELECT account, health_report(activity, $model, '2026-01-01', size, date '2025-11-20')
    OVER () AS r FROM accounts) AS s");
for my $name (sort keys %queries)
{
  my $rows = "SELECT count(*) || ' ' || md5(string_agg(q::text, E'\\n' ORDER BY q::text)) FROM ($queries{$name}) AS q";
  is(value($node, "$jit $rows"), value($node, $rows), "the same result: $name");
  like(value($node, "$jit EXPLAIN $queries{$name}"), qr/JIT:.*Inlining true, Optimization true/s,
    "compiled and inlined: $name");
}

# Errors, one after the other in one session, which afterwards is the same and well.
my @errors = (
  [ '22023', q{SELECT (replace(model, '1', '"one"'))::health_model FROM texts} ],
  [ '22P02', q{SELECT (replace(text, '2025', 'year'))::health_activity FROM texts} ],
  [ '22003', q{SELECT health_activity(signal, occurred_at, CASE WHEN account = 49 THEN 'NaN' ELSE value END)
    FROM events} ],
  [ '22008', q{SELECT health_activity(signal, occurred_at - account * interval '10 years') FROM events} ],
  [ '22023', q{SELECT health_activity(signal || repeat('x', account * 6), occurred_at) FROM events} ],
  [ '22003', q{SELECT activity + (SELECT health_daily(signal, day, 2147483647, NULL) FROM health_cells(activity))
    FROM accounts} ],
  [ '22023', q{SELECT (replace(activity::text, '[', '[1, 1], "2025-01-01": ['))::health_activity FROM accounts} ],
  [ '22023', q{SELECT health_raw_score(activity, health_make_model(curve => CASE WHEN size = 3 THEN 'round' END,
    signals => '{"login": 1}'), '2026-01-01') FROM accounts} ],
  [ '22023', q{SELECT health_raw_score(activity, '{}', '2026-01-01') FROM accounts} ],
  [ '22023', q{SELECT health_raw_score(activity, '{"signals": {"login": 1}}', '2026-01-01',
    CASE WHEN size = 3 THEN 'NaN' ELSE size END) FROM accounts} ],
  [ '22023', q{SELECT health_measure(activity, 'login', '2026-01-01', 30 - account) FROM accounts} ],
  [ '22003', q{SELECT health_normalize(CASE WHEN size = 3 THEN 'Infinity' ELSE size END, '{}') OVER () FROM accounts} ],
  [ '22023', q{SELECT health_normalize(size, health_make_model(window_days => 90 + size::int)) OVER () FROM accounts} ],
  [ '22023', q{SELECT health_score(activity, health_make_model(signals => '{"login": 1}',
    window_days => 90 + size::int), '2026-01-01') OVER () FROM accounts} ],
  [ '22023', q{SELECT health_report(activity, '{"signals": {"login": 1}}', date '2026-01-01' + size::int) OVER ()
    FROM accounts} ],
  [ '22003', q{SELECT health_baseline(CASE WHEN size = 3 THEN 'NaN' ELSE size END, '{}') FROM accounts} ]);
my $script = join("\n", $jit, 'SELECT pg_backend_pid();', (map { "$_->[1];" } @errors, @errors),
  "SELECT count(health_score) FROM ($queries{score}) AS q;", 'SELECT pg_backend_pid();');
my ($out, $states, $err) = sqlstates($node, $script);
is_deeply($states, [ map { $_->[0] } @errors, @errors ], 'errors keep their SQLSTATE') or diag $err;
like($out, qr/^(\d+)\n50\n\1$/, 'and the session goes on');

clean_log($node);
done_testing();
