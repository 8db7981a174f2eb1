# pg_upgrade from an older major: every activity, model, view and index is there and is as it was. The older server, with
# the extension, is in $OLD_INSTALL.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::RealBin/../tap";
use HealthScore;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

my @encoding = ('--encoding=UTF8', '--locale=C');
my $old = PostgreSQL::Test::Cluster->new('old', install_path => $ENV{OLD_INSTALL});
$old->init(extra => \@encoding);
$old->start;
$old->safe_psql('postgres', q{
CREATE EXTENSION health_score;
CREATE TABLE kept AS
SELECT n % 300 AS account, health_activity('signal ' || n % 17, timestamptz '2025-07-01 00:00+00' + n * interval '9 minutes',
  CASE WHEN n % 3 = 0 THEN n / 8.0 END) AS activity
FROM generate_series(1, 25000) AS n GROUP BY 1;
CREATE UNIQUE INDEX ON kept (account);
CREATE INDEX ON kept USING hash (activity);
CREATE TABLE models AS SELECT health_model '{"half_life_days": 30, "signals": {"signal 1": 1, "signal 2": {"weight": -0.5, "unit": "raw"}}}' AS model;
CREATE VIEW reports AS SELECT account, (r).* FROM (SELECT account, health_report(activity, model, '2025-12-01') OVER () AS r
  FROM kept CROSS JOIN models) AS s;
CREATE MATERIALIZED VIEW board AS SELECT * FROM reports;
CREATE UNIQUE INDEX ON board (account)});

my @queries = ('SELECT account, activity, health_activity_send(activity) FROM kept', 'TABLE models', 'TABLE reports',
  'TABLE board');
my @before = map { rows_of($old, $_) } @queries;
like($before[0], qr/^300 /, 'activities are there before');
$old->stop;

my $new = PostgreSQL::Test::Cluster->new('new');
$new->init(extra => \@encoding);
my $programs = $new->config_data('--bindir');
chdir PostgreSQL::Test::Utils::tempdir;
command_ok([ 'pg_upgrade', '--no-sync', '-d', $old->data_dir, '-D', $new->data_dir, '-b', "$ENV{OLD_INSTALL}/bin",
  '-B', $programs, '-s', $new->host, '-p', $old->port, '-P', $new->port ], 'pg_upgrade');
$new->start;
is(rows_of($new, $queries[$_]), $before[$_], "after it: $queries[$_]") for 0 .. 3;
is($new->safe_psql('postgres', 'SET enable_seqscan = off; SELECT count(*) FROM kept WHERE activity = (SELECT activity
  FROM kept WHERE account = 7)'), 1, 'an activity is found by its index');
$new->safe_psql('postgres', 'REFRESH MATERIALIZED VIEW CONCURRENTLY board');
is(rows_of($new, $queries[3]), $before[3], 'a refresh changes nothing');
$new->safe_psql('postgres', q{UPDATE kept SET activity = health_splice(activity, '{"signal 1": {"2025-11-30": 2}}', '2025-11-30')});
is($new->safe_psql('postgres', q{SELECT count(*) FROM kept WHERE health_last_day(activity) = '2025-11-30'}), 300,
  'and nights go on');

clean_log($new);
done_testing();
