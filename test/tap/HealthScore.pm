# What the tests of this folder share: a server with the extension, questions about errors, stored values of old.
package HealthScore;

use strict;
use warnings;

use Exporter 'import';
use File::Basename;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

our @EXPORT = qw(start_node value rows_of sqlstates clean_log golden load_binary);

# A running server with the extension in database postgres, and these lines in its configuration.
sub start_node
{
  my ($name, @lines) = @_;
  my $node = PostgreSQL::Test::Cluster->new($name);
  # The encoding decides which bytes are text, the locale nothing.
  $node->init(extra => [ '--encoding=UTF8', '--locale=C' ]);
  $node->append_conf('postgresql.conf', join("\n", 'jit = off', @lines, ''));
  $node->start;
  $node->safe_psql('postgres', 'CREATE EXTENSION health_score');
  return $node;
}

# The one value of a query; statements before it, such as SET, print nothing.
sub value
{
  my ($node, $sql) = @_;
  return $node->safe_psql('postgres', $sql);
}

# A fingerprint of a query's rows.
sub rows_of
{
  my ($node, $query, $database) = @_;
  return $node->safe_psql($database // 'postgres',
    "SELECT count(*) || ' ' || md5(string_agg(q::text, E'\\n' ORDER BY q::text)) FROM ($query) AS q");
}

# Runs a script to its end in one session and returns its output and the SQLSTATEs of all errors on the way.
sub sqlstates
{
  my ($node, $sql) = @_;
  my ($out, $err) = ('', '');
  $node->psql('postgres', "\\set VERBOSITY sqlstate\n$sql", on_error_stop => 0, stdout => \$out, stderr => \$err);
  return ($out, [ $err =~ /ERROR: +([0-9A-Z]{5})/g ], $err);
}

# The values in test/golden/FILE.txt: of each line the bytes, in hex, and what follows them.
sub golden
{
  my ($file) = @_;
  my @lines = grep { !/^#/ } split /\n/, slurp_file(dirname(__FILE__) . "/../golden/$file.txt");
  return map { [ split / /, $_, 2 ] } @lines;
}

# Loads values of these bytes, in hex, into a table of (n int, value), as COPY in binary form. Returns psql's exit code and
# its error.
sub load_binary
{
  my ($node, $database, $table, @values) = @_;
  my $file = PostgreSQL::Test::Utils::tempdir . "/$table.copy";
  my $n = 0;
  unlink $file;
  append_to_file($file, "PGCOPY\n\377\r\n\0" . pack('N2', 0, 0)
      . join('', map { pack('n N N N/a*', 2, 4, ++$n, pack('H*', $_)) } @values) . pack('n', 65535));
  chmod 0644, $file;
  my $status = $node->psql($database, "COPY $table FROM '$file' (FORMAT binary)", stderr => \my $err);
  return ($status, $err);
}

# No process of the server died since it was started, and none had an internal error.
sub clean_log
{
  my ($node) = @_;
  my $log = slurp_file($node->logfile);
  unlike($log, qr/terminated by signal|PANIC|TRAP:|XX000|unexpected internal error/, 'server log is clean');
  return;
}

1;
