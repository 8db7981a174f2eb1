# health_sliding_sum in an ascending frame: each row enters once and leaves once. EXPLAIN does not show whether the
# inverse transition is used, so its traces are counted.

use strict;
use warnings;

use FindBin;
use lib $FindBin::RealBin;
use HealthScore;
use Test::More;

my $node = start_node('sliding');
$node->safe_psql('postgres', <<'SQL');
CREATE TABLE event AS
SELECT n, (n % 10)::float8 AS weight, timestamptz '2025-01-01 00:00+00' + n * interval '1 hour' AS occurred_at
FROM generate_series(1, 2000) AS n;
CREATE TABLE models AS SELECT '{"window_days": 30, "half_life_days": 10}'::health_model AS model;
SQL

# Runs a query and counts the rows that entered and left the frame's state.
sub moves
{
  my ($query) = @_;
  my ($out, $err);
  $node->psql('postgres', "SET client_min_messages = debug5; $query", stdout => \$out, stderr => \$err);
  my $enters = () = $err =~ /health_sliding_sum: a row enters/g;
  my $leaves = () = $err =~ /health_sliding_sum: a row leaves/g;
  return ($enters, $leaves, $out);
}

my $literal = q{'{"window_days": 30, "half_life_days": 10}'};
my %models = ('a literal' => $literal, 'an uncorrelated subselect' => '(SELECT model FROM models)');
for my $name (sort keys %models)
{
  my ($enters, $leaves, $sum) = moves("SELECT sum(s) FROM (SELECT health_sliding_sum(weight, occurred_at, $models{$name})
    OVER (ORDER BY occurred_at ROWS 99 PRECEDING) AS s FROM event) AS w");
  is($enters, 2000, "each row enters once, with the model as $name");
  is($leaves, 1900, "and leaves once");
  my $fresh = $node->safe_psql('postgres', "SELECT sum(s) FROM (SELECT (SELECT health_weighted_sum(weight, occurred_at,
      $models{$name}, health_day(e.occurred_at) + 1) FROM event AS x WHERE x.n BETWEEN e.n - 99 AND e.n) AS s
    FROM event AS e ORDER BY n) AS w");
  is($sum, $fresh, 'with the sums of fresh computations');
}

# A frame that starts at the first row never removes; one by time does.
my ($enters, $leaves) = moves("SELECT count(s) FROM (SELECT health_sliding_sum(weight, occurred_at, $literal)
  OVER (ORDER BY occurred_at) AS s FROM event) AS w");
is("$enters $leaves", '2000 0', 'a growing frame');
($enters, $leaves) = moves("SELECT count(s) FROM (SELECT health_sliding_sum(weight, occurred_at, $literal)
  OVER (ORDER BY occurred_at RANGE '5 days' PRECEDING) AS s FROM event) AS w");
is("$enters $leaves", '2000 1879', 'a frame by time');

clean_log($node);
done_testing();
