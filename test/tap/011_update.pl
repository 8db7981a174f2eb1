# ALTER EXTENSION UPDATE: an extension that was updated from an older version is the one that is installed today, and what
# was stored is as it was. The test makes a version of its own, 0.9: today's script without some of its objects, which the
# update creates.

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
is(scalar(@added), 8, 'statements that the older version lacks');
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

my $use = q{SELECT md5(string_agg(q::text, ',' ORDER BY account)) FROM
  (SELECT account, activity, r FROM scores JOIN stored USING (account)) AS q};
my @earlier = split /\n/, $node->safe_psql('postgres', "SELECT version FROM pg_available_extension_versions
  WHERE name = 'health_score' AND version <> '$now' ORDER BY version");
is($earlier[0], '0.9', "earlier versions than $now: @earlier");
for my $version (@earlier)
{
  database_with('older', $version);
  my $as = sub { $node->safe_psql('older', $_[0], extra_params => [ '-U', 'analyst' ]) };
  ok(members('older') ne $fresh, "$version: is not today's");
  $as->(q{CREATE TABLE stored AS SELECT n AS account, health_activity('login', timestamptz '2025-12-01 12:00+00' +
        n * interval '1 day', n) AS activity
      FROM generate_series(1, 20) AS n GROUP BY n;
    CREATE TABLE model AS SELECT health_model '{"half_life_days": 30, "signals": {"login": 1}}' AS model;
    CREATE VIEW scores AS SELECT account, health_report(activity, model, '2026-01-01') OVER () AS r
      FROM stored CROSS JOIN model});
  my $before = $as->($use);
  $as->('ALTER EXTENSION health_score UPDATE');
  is($as->(q{SELECT extversion FROM pg_extension WHERE extname = 'health_score'}), $now, "$version: updated by its owner");
  is($as->($use), $before, "$version: what was stored is as it was");
  $as->('DROP VIEW scores; DROP TABLE stored, model');
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

clean_log($node);
done_testing();
