# ALTER EXTENSION UPDATE: an extension that was updated from an earlier version is the one that is installed today, and
# what was stored is as it was.

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
my @earlier = split /\n/, $node->safe_psql('postgres', "SELECT version FROM pg_available_extension_versions
  WHERE name = 'health_score' AND version <> '$now' ORDER BY version");
cmp_ok(scalar(@earlier), '>', 0, "earlier versions than $now: @earlier");

# Everything that belongs to the extension, as a dump for pg_upgrade writes it, without object numbers.
sub members
{
  my ($database) = @_;
  my $file = PostgreSQL::Test::Utils::tempdir . '/dump.sql';
  $node->command_ok([ 'pg_dump', '--binary-upgrade', '--schema-only', '-d', $node->connstr($database), '-f', $file ],
    "$database: dumped");
  my @lines = grep { !/^--|^$|^\\(un)?restrict |binary_upgrade_set_next|binary_upgrade_create_empty_extension|^SELECT|^SET / }
    split /\n/, slurp_file($file);
  return join "\n", sort @lines;
}

$node->safe_psql('postgres', 'CREATE ROLE analyst LOGIN; CREATE DATABASE fresh OWNER analyst');
$node->safe_psql('fresh', 'CREATE EXTENSION health_score', extra_params => [ '-U', 'analyst' ]);
my $fresh = members('fresh');
like($fresh, qr/CREATE AGGREGATE public\.health_rollup/, 'the dump has the members');

my $use = q{SELECT md5(string_agg(q::text, ',' ORDER BY account)) FROM
  (SELECT account, activity, r FROM scores JOIN stored USING (account)) AS q};
for my $version (@earlier)
{
  (my $database = "from_$version") =~ s/\W/_/g;
  my $as = sub { $node->safe_psql($database, $_[0], extra_params => [ '-U', 'analyst' ]) };
  $node->safe_psql('postgres', "CREATE DATABASE $database OWNER analyst");
  $as->("CREATE EXTENSION health_score VERSION '$version'");
  $as->(q{CREATE TABLE stored AS SELECT n AS account, health_activity('login', date '2025-12-01' + n, n) AS activity
      FROM generate_series(1, 20) AS n GROUP BY n;
    CREATE TABLE model AS SELECT health_model '{"half_life_days": 30, "signals": {"login": 1}}' AS model;
    CREATE VIEW scores AS SELECT account, health_report(activity, model, '2026-01-01') OVER () AS r
      FROM stored CROSS JOIN model});
  my $before = $as->($use);
  $as->('ALTER EXTENSION health_score UPDATE');
  is($as->(q{SELECT extversion FROM pg_extension WHERE extname = 'health_score'}), $now, "$version: updated by its owner");
  is($as->($use), $before, "$version: what was stored is as it was");
  $as->('DROP VIEW scores; DROP TABLE stored, model');
  is(members($database), $fresh, "$version: updated is what a fresh installation is");
}

clean_log($node);
done_testing();
