# Values leave the server and come back the same: COPY, dump and restore, a crash, logical replication. And a refreshed
# view over unchanged data changes no row.

use strict;
use warnings;

use FindBin;
use lib $FindBin::RealBin;
use HealthScore;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

my $node = start_node('roundtrip', 'wal_level = logical', 'max_wal_senders = 4', 'max_replication_slots = 4');
my $folder = PostgreSQL::Test::Utils::tempdir;

$node->safe_psql('postgres', <<'SQL');
CREATE TABLE scoring (segment text PRIMARY KEY, model health_model NOT NULL,
  document jsonb GENERATED ALWAYS AS (model::jsonb) STORED);
INSERT INTO scoring VALUES
  ('smb', '{"half_life_days": 30, "signals": {"login": 1, "export": {"weight": 5, "measure": "days",
    "label": {"en": "Export", "fr": "Exporté"}}}}'),
  ('mid', '{"curve": "open", "language": "fr", "signals": {"login": 0.000001, "nps": {"weight": 2, "measure": "last",
    "neutral": 7, "window_days": null}}}');
CREATE TABLE account_activity (
  account_id int PRIMARY KEY, segment text REFERENCES scoring,
  activity health_activity NOT NULL DEFAULT '{}' CHECK (health_active_count(activity, '2026-01-01', 400) < 5000));
INSERT INTO account_activity (account_id, segment) VALUES (0, 'smb');
INSERT INTO account_activity
SELECT n, CASE WHEN n % 2 = 0 THEN 'smb' ELSE 'mid' END,
       (SELECT health_activity((ARRAY['login', 'export', 'nps', 'é🚀"\', 'user:' || i])[1 + i % 5],
         date '2025-01-01' + (i * n % 360), CASE WHEN i % 2 = 0 THEN i - 7.25 END)
        FROM generate_series(1, n * 10) AS i)
FROM generate_series(1, 60) AS n;
CREATE INDEX ON account_activity USING hash (activity);
CREATE INDEX ON account_activity (health_raw_score(activity, '{"signals": {"login": 1}}', '2026-01-01'));
CREATE TABLE kept_population (segment text PRIMARY KEY, population health_population NOT NULL CHECK (population <> '{"version": 1,
  "as_of": "2026-01-01", "model": {"signals": {"a": 1}}}'), part health_population_part NOT NULL);
INSERT INTO kept_population
SELECT segment, health_population(activity, model, '2026-01-01', account_id, '2025-03-01'),
       health_population_part(activity, model, '2026-01-01', account_id, '2025-03-01')
FROM account_activity JOIN scoring USING (segment) GROUP BY segment;
CREATE INDEX ON kept_population USING hash (population);
CREATE VIEW current_scores AS
  SELECT account_id, health_score(activity, model, '2026-01-01') OVER (PARTITION BY segment) AS score
    FROM account_activity JOIN scoring USING (segment);
CREATE MATERIALIZED VIEW reports AS
  SELECT account_id, (r).* FROM (SELECT account_id, health_report(activity, model, '2026-01-01')
    OVER (PARTITION BY segment) AS r
                                 FROM account_activity JOIN scoring USING (segment)) AS s;
CREATE UNIQUE INDEX ON reports (account_id);
CREATE MATERIALIZED VIEW rolled AS SELECT segment, health_rollup(activity ORDER BY account_id) AS activity
  FROM account_activity GROUP BY segment;
CREATE MATERIALIZED VIEW pages AS SELECT account_id, health_report(population, activity, account_id, '2025-03-01') AS report
  FROM account_activity JOIN kept_population USING (segment);
CREATE TABLE archive (activity health_activity) PARTITION BY HASH (activity);
CREATE TABLE archive_0 PARTITION OF archive FOR VALUES WITH (MODULUS 2, REMAINDER 0);
CREATE TABLE archive_1 PARTITION OF archive FOR VALUES WITH (MODULUS 2, REMAINDER 1);
INSERT INTO archive SELECT activity FROM account_activity;
CREATE FUNCTION what_if(a health_activity, changes jsonb DEFAULT '{}') RETURNS float8 LANGUAGE sql IMMUTABLE
  RETURN health_raw_score(a, '{"signals": {"login": 1}}'::health_model || changes, '2026-01-01');
SQL

my @relations = ('TABLE scoring', 'TABLE account_activity', 'TABLE current_scores', 'TABLE reports', 'TABLE rolled',
  'TABLE archive', 'TABLE kept_population', 'TABLE pages',
  'SELECT segment, health_population_merge(part) = population AS same FROM kept_population GROUP BY segment, population',
  'SELECT account_id, health_activity_send(activity) FROM account_activity');
my %before = map { $_ => rows_of($node, $_) } @relations;

sub all_same
{
  my ($other, $what, $database) = @_;
  is(rows_of($other, $_, $database), $before{$_}, "$what: $_") for @relations;
  return;
}

# COPY, as text and binary.
for my $format (qw(text csv binary))
{
  for my $table (qw(account_activity scoring kept_population))
  {
    my $columns = $table eq 'scoring' ? '(segment, model)' : '';
    $node->safe_psql('postgres', "COPY $table $columns TO '$folder/copied' (FORMAT $format);
      CREATE TABLE copied (LIKE $table INCLUDING GENERATED);
      COPY copied $columns FROM '$folder/copied' (FORMAT $format)");
    is(rows_of($node, 'TABLE copied'), $before{"TABLE $table"}, "COPY $format: $table");
    $node->safe_psql('postgres', 'DROP TABLE copied');
  }
}

# Dump and restore, as a script and as an archive. The restored database gives the same dump.
my $dump = "$folder/dump.sql";
$node->command_ok([ 'pg_dump', '-d', $node->connstr('postgres'), '-f', $dump ], 'pg_dump');
$node->command_ok([ 'pg_dump', '-d', $node->connstr('postgres'), '-Fc', '-f', "$folder/dump.archive" ], 'pg_dump -Fc');
$node->safe_psql('postgres',
  'CREATE DATABASE of_script TEMPLATE template0; CREATE DATABASE of_archive TEMPLATE template0');
$node->command_ok([ 'psql', '-X', '-q', '-v', 'ON_ERROR_STOP=1', '-d', $node->connstr('of_script'), '-f', $dump ],
  'restore a script');
$node->command_ok([ 'pg_restore', '-j2', '--exit-on-error', '-d', $node->connstr('of_archive'),
  "$folder/dump.archive" ], 'pg_restore');
for my $database (qw(of_script of_archive))
{
  all_same($node, $database, $database);
  is($node->safe_psql($database, q{SELECT what_if('{"login": {"2025-12-31": 3}}', '{"signals": {"login": 2}}')}), '6',
    "$database: functions work");
  $node->command_ok([ 'pg_dump', '-d', $node->connstr($database), '-f', "$folder/again.sql" ], "$database: pg_dump");
  # Since August 2025 a dump carries a random \restrict key.
  my ($first, $second) = map { slurp_file($_) =~ s/^\\(un)?restrict .*$//mgr } ($dump, "$folder/again.sql");
  ok($first eq $second, "$database: the same dump");
}

# Whatever can be stored can be dumped and restored: eleven million cells, 185 MB of text.
$node->safe_psql('postgres', <<'SQL');
CREATE TABLE large AS SELECT health_rollup(activity) AS activity FROM (
  SELECT health_activity('signal ' || s, date '1975-01-01' + d) AS activity
  FROM generate_series(1, 500) AS s, generate_series(1, 22000) AS d GROUP BY s % 10) AS parts;
SQL
is(value($node, 'SELECT length(activity::text) > 180e6 FROM large'), 't', 'a text form beyond what jsonb holds');
$node->command_ok([ 'pg_dump', '-t', 'large', '-d', $node->connstr('postgres'), '-f', "$folder/large.sql" ],
  'pg_dump of a large activity');
$node->safe_psql('postgres', 'CREATE DATABASE of_large TEMPLATE template0');
$node->safe_psql('of_large', 'CREATE EXTENSION health_score');
$node->command_ok([ 'psql', '-X', '-q', '-v', 'ON_ERROR_STOP=1', '-d', $node->connstr('of_large'), '-f', "$folder/large.sql" ],
  'restore of a large activity');
my $digest = 'SELECT md5(health_activity_send(activity)) FROM large';
is($node->safe_psql('of_large', $digest), value($node, $digest), 'the same bytes');
$node->safe_psql('postgres', 'DROP TABLE large; DROP DATABASE of_large');
unlink "$folder/large.sql";

# A crash of the server: what was committed is there afterwards.
$node->stop('immediate');
$node->start;
all_same($node, 'after a crash');
is(value($node, 'SET enable_seqscan = off; SELECT count(*) FROM account_activity AS a WHERE activity = (SELECT activity
  FROM account_activity WHERE account_id = 7)'),
  '1', 'after a crash: the hash index finds a row');

# Logical replication, in the binary form of the types.
my $copy = start_node('subscriber');
my $schema = q{CREATE TABLE scoring (segment text PRIMARY KEY, model health_model NOT NULL,
  document jsonb GENERATED ALWAYS AS (model::jsonb) STORED);
CREATE TABLE account_activity (account_id int PRIMARY KEY, segment text, activity health_activity);
CREATE TABLE kept_population (segment text PRIMARY KEY, population health_population, part health_population_part);};
$copy->safe_psql('postgres', $schema);
$node->safe_psql('postgres', 'CREATE PUBLICATION activities FOR TABLE scoring, account_activity, kept_population');
my $publisher = $node->connstr('postgres') =~ s/'/''/gr;
$copy->safe_psql('postgres',
  "CREATE SUBSCRIPTION activities CONNECTION '$publisher' PUBLICATION activities WITH (binary = true)");
$copy->wait_for_subscription_sync($node, 'activities');
is(rows_of($copy, $_), $before{$_}, "replicated: $_") for 'TABLE scoring', 'TABLE account_activity', 'TABLE kept_population';
$node->safe_psql('postgres',
  q{UPDATE account_activity SET activity = activity + '{"login": {"2026-02-01": 1}}' WHERE account_id < 5;
    UPDATE scoring SET model = model || '{"window_days": 30}'});
$node->wait_for_catchup('activities');
is(rows_of($copy, $_), rows_of($node, $_), "changes replicated: $_") for 'TABLE scoring', 'TABLE account_activity';
$copy->stop;

# Refreshing concurrently writes the rows that differ: none over unchanged data, however that data was made.
my $report = 'SELECT account_id, xmin, ctid, r FROM reports AS r';
$node->safe_psql('postgres', 'REFRESH MATERIALIZED VIEW reports');
my $fresh = rows_of($node, $report);
$node->safe_psql('postgres', 'REFRESH MATERIALIZED VIEW CONCURRENTLY reports');
is(rows_of($node, $report), $fresh, 'a refresh over unchanged data changes no row');
# The same table in another physical order, and each activity built again from its cells.
$node->safe_psql('postgres', <<'SQL');
CREATE TABLE other AS SELECT * FROM account_activity ORDER BY md5(account_id::text);
TRUNCATE account_activity;
INSERT INTO account_activity SELECT account_id, segment, coalesce((SELECT health_daily(signal, day, count, value
  ORDER BY md5(signal || day))
  FROM (SELECT signal, day, value_count AS count, value FROM health_cells(activity) WHERE value_count > 0
        UNION ALL SELECT signal, day, count - value_count, NULL FROM health_cells(activity)
          WHERE value_count < count) AS c), '{}') FROM other;
REFRESH MATERIALIZED VIEW CONCURRENTLY reports;
SQL
is(rows_of($node, $report), $fresh, 'a refresh over the same data in another order changes no row');
# A concurrent refresh writes the rows that did change.
$node->safe_psql('postgres', q{UPDATE account_activity SET activity = health_splice(activity,
  '{"login": {"2025-12-31": 500}}', '2025-12-31') WHERE account_id = 3;
REFRESH MATERIALIZED VIEW CONCURRENTLY reports});
isnt(rows_of($node, $report), $fresh, 'a refresh over changed data changes rows');

# Maintenance over the last days may be repeated: the second run updates to the same bytes.
my $maintain = q{INSERT INTO account_activity AS a (account_id, segment, activity)
  SELECT account_id, segment, '{"login": {"2025-12-30": 2}}' FROM account_activity
  ON CONFLICT (account_id) DO UPDATE SET activity = health_splice(a.activity, excluded.activity, '2025-12-30')};
$node->safe_psql('postgres', $maintain);
my $maintained = rows_of($node, 'TABLE account_activity');
$node->safe_psql('postgres', $maintain);
is(rows_of($node, 'TABLE account_activity'), $maintained, 'splicing again changes nothing');

clean_log($node);
clean_log($copy);
done_testing();
