# ALTER EXTENSION UPDATE: an extension that was updated from an older version is the one that is installed today, and what
# was stored is as it was. The versions are those that were given away, which scripts/freeze keeps in src/update, and one that
# the test makes, 0.9: today's script without some of its objects and the last column of a report, which the update creates.

use strict;
use warnings;

use FindBin;
use lib $FindBin::RealBin;
use HealthScore;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

my $node = start_node('update');
my $now = value($node, q{SELECT default_version FROM pg_available_extensions WHERE name = 'health_score'});

my @made;
END { unlink @made }

# Puts a script beside those of the server, until the test ends.
sub install
{
  my ($versions, $script) = @_;
  my $file = $node->config_data('--sharedir') . "/extension/health_score--$versions.sql";
  unlink $file;
  push @made, $file;
  append_to_file($file, $script);
  return;
}

my $older = slurp_file($node->config_data('--sharedir') . "/extension/health_score--$now.sql");
my @added;
$older =~ s/^((?:CREATE|COMMENT ON) (?:FUNCTION|AGGREGATE) (?:health_sparkline\w*|health_winsorize)\(.*?;)$/
  push @added, $1; ''/gmse;
$older =~ s/,\n  (model text)\n\);/push @added, "ALTER TYPE health_report_row ADD ATTRIBUTE $1;"; "\n);"/me;
$older =~ s/^(COMMENT ON COLUMN health_report_row\.model .*;)$/push @added, $1; ''/me;
is(scalar(@added), 10, 'statements that the older version lacks');
install('0.9', $older);
install("0.9--$now", join "\n", @added);

# Everything that belongs to the extension, as a dump for pg_upgrade writes it, without object numbers.
sub members
{
  my ($database) = @_;
  my $file = PostgreSQL::Test::Utils::tempdir . '/dump.sql';
  system_or_bail('pg_dump', '--binary-upgrade', '--schema-only', '-d', $node->connstr($database), '-f', $file);
  my @lines = grep { !/^--|^$|^\\(un)?restrict |binary_upgrade_set_next|binary_upgrade_create_empty_extension|^SELECT|^SET / }
    split /\n/, slurp_file($file);
  return join "\n", sort @lines;
}

# A database of an ordinary role, with the extension in that version.
sub database_with
{
  my ($database, $version) = @_;
  $node->safe_psql('postgres', "DROP DATABASE IF EXISTS $database");
  $node->safe_psql('postgres', "CREATE DATABASE $database OWNER analyst");
  $node->safe_psql($database, "CREATE EXTENSION health_score VERSION '$version'", extra_params => [ '-U', 'analyst' ]);
  return;
}

$node->safe_psql('postgres', 'CREATE ROLE analyst LOGIN');
database_with('fresh', $now);
my $fresh = members('fresh');
like($fresh, qr/CREATE AGGREGATE public\.health_rollup/, 'the dump has the members');

# What an older version stored, values whose bytes are older than all of them, and what is made of both.
my %golden = (activity => 'activity_v1', model => 'model_v1', population => 'population_v1', population_part => 'population_part_v1');
my @use = (
  'SELECT * FROM scores JOIN stored USING (account)',
  'SELECT account, (r).score, (r).drivers, (r).flags FROM kept_rows',
  'SELECT r.score, r.reason, r.flags, health_population_merge(part) OVER (PARTITION BY account)
   FROM whole CROSS JOIN stored CROSS JOIN LATERAL health_report(population, activity) AS r',
  'SELECT health_driver_rows(drivers) FROM documents',
  'SELECT b, health_churn_probability(50, calibration) FROM documents CROSS JOIN health_backtest_rows(backtest) AS b',
  q{SELECT a.n, a.value, m.n, m.value, health_raw_score(a.value, m.value, '2026-01-10') FROM activity AS a CROSS JOIN model AS m},
  q{SELECT n, value, health_score(value, '{"a": {"2025-12-31": 2}, "login": {"2025-12-20": 7}}') FROM population},
  'SELECT n, value, health_population_merge(value) OVER (PARTITION BY n) FROM population_part');
my @earlier = split /\n/, $node->safe_psql('postgres', "SELECT version FROM pg_available_extension_versions
  WHERE name = 'health_score' AND version <> '$now' ORDER BY version");
is($earlier[0], '0.9', "earlier versions than $now: @earlier");
my @kept = sort map { /health_score--((?:(?!--).)+)\.sql$/ } glob "$FindBin::RealBin/../../src/update/*.sql";
is_deeply([ grep { $_ ne '0.9' } @earlier ], \@kept, 'the versions in src/update are installed');
for my $version (@earlier)
{
  database_with('older', $version);
  my $as = sub { $node->safe_psql('older', $_[0], extra_params => [ '-U', 'analyst' ]) };
  $as->(q{CREATE TABLE stored AS SELECT n AS account, health_activity('login', timestamptz '2025-12-01 12:00+00' +
        n * interval '1 day', n) AS activity
      FROM generate_series(1, 20) AS n GROUP BY n;
    CREATE TABLE models AS SELECT health_model '{"half_life_days": 30, "signals": {"login": 1}}' AS model;
    CREATE VIEW rows AS SELECT account, health_report(activity, model, '2026-01-01') OVER () AS r
      FROM stored CROSS JOIN models;
    CREATE VIEW scores AS SELECT account, (r).* FROM rows;
    CREATE TABLE kept_rows AS SELECT account, r FROM rows;
    CREATE TABLE whole AS SELECT health_population(activity, model, '2026-01-01') AS population,
        health_population_part(activity, model, '2026-01-01') AS part FROM stored CROSS JOIN models;
    CREATE TABLE documents AS SELECT (array_agg(drivers ORDER BY account))[1] AS drivers,
        health_backtest(score, account % 3 = 0, models.model) AS backtest, health_calibration(score, account % 3 = 0) AS calibration
      FROM scores CROSS JOIN models});
  for my $table (sort keys %golden)
  {
    $as->("CREATE TABLE $table (n int, value health_$table)");
    load_binary($node, 'older', $table, map { $_->[0] } golden($golden{$table}));
  }
  my @before = map { rows_of($node, $_, 'older') } @use;
  unlike($_, qr/^0 /, "$version: something is stored") for @before;
  $as->('ALTER EXTENSION health_score UPDATE');
  is($as->(q{SELECT extversion FROM pg_extension WHERE extname = 'health_score'}), $now, "$version: updated by its owner");
  is(rows_of($node, $use[$_], 'older'), $before[$_], "$version: as it was: $use[$_]") for 0 .. $#use;
  is($as->(q{SELECT count((r).score) || ' ' || count((r).model) FROM (TABLE rows UNION ALL TABLE kept_rows) AS q}), '40 0',
    "$version: reports have all columns now, and so have those that were kept");
  $as->('DROP VIEW scores, rows; DROP TABLE kept_rows, stored, models, whole, documents, ' . join(', ', keys %golden));
  is(members('older'), $fresh, "$version: updated is what a fresh installation is");
}

# The comparison notices any statement that an update lacks.
for my $lost (0 .. $#added)
{
  install("0.9--$now", join "\n", grep { $_ ne $added[$lost] } @added);
  database_with('older', '0.9');
  my $failed = $node->psql('older', 'ALTER EXTENSION health_score UPDATE', stderr => \my $err);
  my ($statement) = $added[$lost] =~ /^(.*)$/m;
  ok($failed || members('older') ne $fresh, "noticed when an update lacks: $statement");
}

# A session whose library is older than the extension says what to do.
database_with('older', $now);
$node->safe_psql('older', 'ALTER TYPE health_report_row ADD ATTRIBUTE of_tomorrow text');
for my $report ("health_report(health_activity '{}', '{\"signals\": {\"a\": 1}}', '2026-01-01') OVER ()",
  "health_report(health_population '{\"version\": 1, \"as_of\": \"2026-01-01\", \"model\": {\"signals\": {\"a\": 1}}}', '{}')")
{
  $node->psql('older', "SELECT $report", stderr => \my $err);
  like($err, qr/health_report_row has 25 columns, and the library in this session knows 24\nHINT: .*connect anew/, "refused: $report");
}

clean_log($node);
done_testing();
