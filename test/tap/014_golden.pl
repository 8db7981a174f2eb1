# Values that were stored under any version of their format are read today, in every way in which values come: as bytes, as
# text, from a dump. Their bytes are those that are written today, and a version of the future is refused with a hint.

use strict;
use warnings;

use FindBin;
use lib $FindBin::RealBin;
use HealthScore;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

my $node = start_node('golden');
my $folder = PostgreSQL::Test::Utils::tempdir;
# A part comes with the population that it makes.
my %types = (activity_v1 => 'health_activity', model_v1 => 'health_model', population_v1 => 'health_population',
  population_part_v1 => 'health_population_part');

# All values of a table, as they are sent and as text.
sub values_in
{
  my ($database, $table, $type) = @_;
  return $node->safe_psql($database, "SELECT encode(${type}_send(value), 'hex') || ' ' || value FROM $table ORDER BY n");
}

for my $file (sort keys %types)
{
  my $type = $types{$file};
  my @golden = golden($file);
  cmp_ok(scalar(@golden), '>=', 4, "$file: there are values");
  my $is_part = $type eq 'health_population_part';
  my $expected = join "\n", map { $is_part ? "$_->[0] \\x$_->[0]" : "$_->[0] $_->[1]" } @golden;

  $node->safe_psql('postgres', "CREATE TABLE $file (n int, value $type)");
  my ($status, $err) = load_binary($node, 'postgres', $file, map { $_->[0] } @golden);
  is($err, '', "$file: loaded as bytes");
  is(values_in('postgres', $file, $type), $expected, "$file: they are sent and printed as ever");

  $node->safe_psql('postgres', "CREATE TABLE ${file}_text (n int, value $type)");
  my $rows = join ",\n", map { "($_, \$golden\$" . ($is_part ? "\\x$golden[$_][0]" : $golden[$_][1]) . '$golden$)' } 0 .. $#golden;
  $node->safe_psql('postgres', "INSERT INTO ${file}_text VALUES $rows");
  is(values_in('postgres', "${file}_text", $type), $expected, "$file: read as text they have those bytes, too");

  if ($is_part)
  {
    is($node->safe_psql('postgres', "SELECT health_population_merge(value) FROM $file GROUP BY n ORDER BY n"),
      join("\n", map { $_->[1] } @golden), "$file: they make the populations that they made");
  }

  # The next version of the format. Of a population the number is in the document, of which models have none: there an option
  # that is not known.
  my $next = $golden[0][0];
  my %future = (
    health_activity => '02' . substr($next, 2),
    health_population_part => '02' . substr($next, 2),
    health_population => '01' . unpack('H*', pack('H*', substr($next, 2)) =~ s/"version": 1/"version": 2, "new": 1/r),
    health_model => '01' . unpack('H*', pack('H*', substr($next, 2)) =~ s/\{/{"window_weeks": 1, /r));
  ($status, $err) = load_binary($node, 'postgres', $file, $future{$type});
  isnt($status, 0, "$file: a version of the future is refused");
  like($err, $type eq 'health_model' ? qr/unknown key in health_model: window_weeks\nHINT: / :
      qr/invalid $type: unknown version 2\nHINT:  A newer version of health_score may have written it/, "$file: and said to be one");
}

# A dump, and what it restores.
my @dump = ('pg_dump', '-d', $node->connstr('postgres'));
$node->command_ok([ @dump, '-f', "$folder/golden.sql" ], 'dump');
$node->command_ok([ @dump, '-Fc', '-f', "$folder/golden.archive" ], 'dump as an archive');
$node->safe_psql('postgres', "CREATE DATABASE $_ TEMPLATE template0") for qw(of_script of_archive);
$node->command_ok([ 'psql', '-X', '-q', '-v', 'ON_ERROR_STOP=1', '-d', $node->connstr('of_script'), '-f', "$folder/golden.sql" ], 'restore');
$node->command_ok([ 'pg_restore', '--exit-on-error', '-d', $node->connstr('of_archive'), "$folder/golden.archive" ], 'restore the archive');
# Into the same database: what is there goes first, and no row comes twice.
$node->command_ok([ 'pg_restore', '--clean', '--if-exists', '--single-transaction', '-d', $node->connstr('of_archive'),
  "$folder/golden.archive" ], 'restore over what is there');
for my $database (qw(of_script of_archive))
{
  is(values_in($database, $_, $types{$_}), values_in('postgres', $_, $types{$_}), "$database: $_") for sort keys %types;
}

clean_log($node);
done_testing();
