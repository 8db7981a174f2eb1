# What the tests of this folder share: a server with the extension, and questions about errors.
package HealthScore;

use strict;
use warnings;

use Exporter 'import';
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

our @EXPORT = qw(start_node value rows_of sqlstates clean_log);

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

# No process of the server died since it was started, and none had an internal error.
sub clean_log
{
  my ($node) = @_;
  my $log = slurp_file($node->logfile);
  unlike($log, qr/terminated by signal|PANIC|TRAP:|XX000|unexpected internal error/, 'server log is clean');
  return;
}

1;
