# Hostile bytes: each is a value or an error of a class that says whose fault it is, and never an end of the server.
# The mutations come from a seeded generator, so that a failure can be repeated (SEED=n in the environment for
# another one).

use strict;
use warnings;

use FindBin;
use lib $FindBin::RealBin;
use HealthScore;
use PostgreSQL::Test::Utils;
use Test::More;

my $node = start_node('hostile', "log_statement = 'none'", "log_min_error_statement = 'panic'");
my $folder = PostgreSQL::Test::Utils::tempdir;
my $seed = $ENV{SEED} // 20260101;
note "SEED=$seed";

# A small generator of our own: Perl's may differ between builds.
sub below
{
  my ($limit) = @_;
  $seed = ($seed * 1103515245 + 12345) % 2147483648;
  return ($seed >> 8) % $limit;
}

$node->safe_psql('postgres', <<'SQL');
CREATE TABLE activities (value health_activity);
CREATE TABLE models (value health_model);
CREATE TABLE populations (value health_population);
CREATE TABLE parts (value health_population_part);
CREATE TABLE seeds (kind text, value bytea);
INSERT INTO seeds
SELECT 'activity', health_activity_send(a) FROM unnest(ARRAY[
  '{}', '{"login": {"2026-01-03": 4}}', '{"nps": {"1970-01-01": [1, 9], "2199-12-31": [2147483647, -9000000000000]}}',
  '{"a": {"2026-01-03": [3, 1.5, 2], "2026-01-04": 7}, "é🚀": {"2026-01-03": 1}, "z": {"2026-01-01": 1,
    "2026-06-01": 300, "2026-06-02": [1, 0]}}']::health_activity[]) AS a
UNION ALL
SELECT 'activity', health_activity_send(health_activity('user:' || n % 40, date '2025-01-01' + n,
  CASE WHEN n % 3 = 0 THEN n END)) FROM generate_series(1, 300) AS n
UNION ALL
SELECT 'model', convert_to(m, 'UTF8') FROM unnest(ARRAY[
  '{}', '{"window_days": 90, "half_life_days": 30, "signals": {"login": 1, "export": {"weight": 5.25, "measure": "days",
    "label": {"en": "Export", "fr": "Exporté"}}}}',
  '{"bands": [["bad", 0], [{"en": "fair", "fr": "moyen"}, 30.5], [{"fr": "réussi"}, 60], ["good", 100]]}',
  '{"curve": "open", "percentile": 0.95, "language": "fr", "red_below": 40, "green_from": 70.5,
    "signals": {"user:*": {"weight": 30, "measure": "distinct", "days": 14, "of": "size", "neutral": 0.5},
    "nps": {"weight": -2e0, "measure": "last", "window_days": null, "aliases": ["csat", "é🚀"]}}}']) AS m;
CREATE TABLE accounts AS SELECT n, health_activity((ARRAY['login', 'export', 'user:' || i])[1 + i % 3], date '2025-11-01' + n + i) AS activity
FROM generate_series(1, 12) AS n, generate_series(1, n * 4) AS i GROUP BY n;
CREATE TABLE model_of AS SELECT health_model '{"min_population": 2, "window_days": 30, "trend_days": 7, "signals": {"login": 1,
  "export": {"weight": 2, "label": "Exporté"}, "user:*": {"weight": 2, "measure": "distinct"}}}' AS model;
INSERT INTO seeds
SELECT 'population', convert_to(health_population(activity, model, '2025-12-15', n, date '2025-10-01' + n)::text, 'UTF8')
FROM accounts, model_of GROUP BY n % 2
UNION ALL SELECT 'population', convert_to(format('{"version": 1, "as_of": "2026-01-01", "accounts": 40, "baseline": 12345.678901234567, "size": 40.25,
  "days_inactive": 1.5, "model": {"name": %s, "signals": {"a": 1}}, "peers": true, "signals": {"a": {"contribution": 12.345678901234567}}}',
  to_json(repeat('a name that takes any change ', 20))), 'UTF8')
UNION ALL SELECT 'part', health_population_part_send(health_population_part(activity, model, '2025-12-15', nullif(n, 3), date '2025-10-01' + n))
FROM accounts, model_of GROUP BY n % 4;
SQL
my %seeds;
push @{ $seeds{ (split /\|/)[0] } }, pack('H*', (split /\|/)[1])
  for split /\n/, $node->safe_psql('postgres', "SELECT kind, encode(value, 'hex') FROM seeds");
push @{ $seeds{text} }, '{}', '{"login": {"2026-01-03": 4}}',
  '{"nps": {"1970-01-01": [1, 9], "2199-12-31": [2147483647, -9000000000000]}}',
  '{"a": {"2026-01-03": [3, 1.5, 2], "2026-01-04": 7}, "\u00e9\ud83d\ude80": {"2026-01-03": 1},
    "z\"\\\\": {"2026-01-01": 1, "2026-06-02": [1, 0.000001]}}';

# Pieces that mean something to one of the readers.
my @words = ("\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\x01", "\x80\x00", "\xF1" . "\0" x 63, "\0", "\x01", "\xC3",
  "\xED\xA0\x80", '"', '{', '}', '[', ']', ',', ':',
  'null', 'true', '1e400', '-0', '1e-400', '99999999999999999999', '0.0000001', 'NaN', '"weight"', '"signals"',
  '2026-02-30', '[' x 50, '{"a":' x 50, '"\ud800"', '"\u0000"', '\\');

sub mutated
{
  my (@from) = @_;
  my $bytes = $from[ below(scalar @from) ];
  for (0 .. below(4))
  {
    my $at = below(length($bytes) + 1);
    my $what = below(7);
    my $length = 1 + below(8);
    my $other = $from[ below(scalar @from) ];
    if ($what == 0 && $at < length $bytes) { substr($bytes, $at, 1) ^= chr(1 << below(8)) }
    elsif ($what == 1 && $at < length $bytes) { substr($bytes, $at, 1) = chr(below(256)) }
    elsif ($what == 2) { $bytes = substr($bytes, 0, $at) }
    elsif ($what == 3) { substr($bytes, $at, $length) = '' }
    elsif ($what == 4) { substr($bytes, $at, 0) = $words[ below(scalar @words) ] }
    elsif ($what == 5) { substr($bytes, $at, 0) = substr($bytes, below(length($bytes) + 1), $length) }
    else { $bytes = substr($bytes, 0, $at) . substr($other, below(length($other) + 1)) }
  }
  return $bytes;
}

# A file as COPY BINARY writes it, with one row of one field.
sub binary_file
{
  my ($name, $field) = @_;
  open my $file, '>:raw', "$folder/$name" or die "$folder/$name: $!";
  print $file "PGCOPY\n\xFF\r\n\0", pack('NN', 0, 0), pack('nN', 1, length $field), $field, pack('n', 65535);
  close $file;
  return "'$folder/$name'";
}

# Runs many statements in one session. Each ends well or with an error of class 22, 54 or 08P01.
sub survives
{
  my ($what, @statements) = @_;
  my ($out, $states, $err) = sqlstates($node, "SET client_encoding = sql_ascii;\n" . join("\n", @statements)
    . "\nSELECT 'the end';");
  is($out, 'the end', "$what: the session goes on to the end");
  my @others = grep { !/^(22...|54...|08P01)$/ } @$states;
  is("@others", '', "$what: errors of the right class");
  return scalar @$states;
}

# The same for mutated values: most are refused, but not all, so that both ways out are taken.
sub survives_mutations
{
  my ($what, @statements) = @_;
  my $refused = survives($what, @statements);
  cmp_ok($refused, '>', @statements / 2, "$what: most are refused");
  cmp_ok($refused, '<', scalar @statements, "$what: not all are");
  return;
}

survives_mutations('binary activities',
  map { 'COPY activities FROM ' . binary_file("activity_$_", mutated(@{ $seeds{activity} }))
  . ' (FORMAT binary);' } 1 .. 2000);
survives_mutations('binary models',
  map { 'COPY models FROM ' . binary_file("model_$_", (below(50) ? "\1" : chr below(256)) . mutated(@{ $seeds{model} }))
  . ' (FORMAT binary);' } 1 .. 1500);

survives_mutations('binary populations',
  map { 'COPY populations FROM ' . binary_file("population_$_", (below(50) ? "\1" : chr below(256)) . mutated(@{ $seeds{population} }))
  . ' (FORMAT binary);' } 1 .. 1500);
survives_mutations('binary parts',
  map { 'COPY parts FROM ' . binary_file("part_$_", mutated(@{ $seeds{part} })) . ' (FORMAT binary);' } 1 .. 2000);

# Text, as a literal of a statement; a zero byte cannot be part of one.
sub literal { return "'" . ($_[0] =~ tr/\0//dr =~ s/'/''/gr) . "'" }
survives_mutations('text activities',
  map { 'INSERT INTO activities VALUES (' . literal(mutated(@{ $seeds{text} })) . ');' } 1 .. 2000);
survives_mutations('text models',
  map { 'INSERT INTO models VALUES (' . literal(mutated(@{ $seeds{model} })) . ');' } 1 .. 1500);
my $base = q{'{"signals": {"login": {"weight": 2, "label": {"en": "Login"}}, "export": 1}}'::health_model};
survives_mutations('overrides',
  map { "SELECT FROM (SELECT $base || " . literal(mutated(@{ $seeds{model} })) . '::jsonb AS m) AS q WHERE m IS NULL;' }
    1 .. 500);

# What came through is canonical, and every function can live with it.
cmp_ok(value($node, 'SELECT count(*) FROM activities'), '>', 50, 'activities came through');
is(value($node, 'SELECT count(*) FROM activities WHERE value::text::health_activity <> value
  OR health_activity_send(value::text::health_activity) <> health_activity_send(value)'), '0', 'canonical');
# (But for sums that float8 cannot hold to the millionth.)
is(value($node, q{SELECT count(*) FROM activities WHERE NOT EXISTS (SELECT FROM health_cells(activities.value) AS c
  WHERE abs(c.value) > 1e9) AND value <> (SELECT coalesce(health_daily(signal, day, n, v), '{}') FROM (
  SELECT signal, day, value_count AS n, value AS v FROM health_cells(activities.value) WHERE value_count > 0
  UNION ALL SELECT signal, day, count - value_count,
    NULL FROM health_cells(activities.value) WHERE value_count < count) AS c)}), '0', 'cells are the activity');
cmp_ok(value($node, 'SELECT count(*) FROM models'), '>', 50, 'models came through');
is(value($node, 'SELECT count(*) FROM models WHERE value::jsonb::health_model <> value
  OR value::text::health_model <> value'), '0', 'models are what they say');
# Populations are what they say and report any activity, or say why not; parts make a population, with and without others.
cmp_ok(value($node, 'SELECT count(*) FROM populations'), '>', 50, 'populations came through');
is(value($node, 'SELECT count(*) FROM populations WHERE value::jsonb::health_population <> value
  OR value::text::health_population <> value'), '0', 'populations are what they say');
survives('reports', map { "SELECT FROM (SELECT health_report(p.value, a.value, a.size, a.since, date '2026-01-01' + (a.size::int)) AS r
  FROM (SELECT value FROM populations OFFSET $_ LIMIT 1) AS p, (SELECT activity AS value, n AS size, date '2025-10-01' + n AS since FROM accounts
    UNION ALL SELECT value, NULL, NULL FROM (SELECT value FROM activities LIMIT 50) AS l) AS a OFFSET 0) AS q WHERE (r).score = 'NaN';" } 0 .. 60);
cmp_ok(value($node, 'SELECT count(*) FROM parts'), '>', 50, 'parts came through');
survives('merged parts', map { my $part = "(SELECT value FROM parts OFFSET $_ LIMIT 1)";
  "SELECT FROM (SELECT health_population_merge(value) AS p FROM $part AS q OFFSET 0) AS q WHERE (health_report(p, '{}')).score = 'NaN';
   SELECT FROM (SELECT health_population_merge(value) AS p FROM (SELECT value FROM $part AS q UNION ALL SELECT
     health_population_part(activity, model, '2025-12-15', n) FROM accounts, model_of) AS q OFFSET 0) AS q WHERE p IS NULL;" } 0 .. 100);
# Any model scores any activity, or says why not: some have no signals, and some sums are too large.
survives('scores', map { "SELECT FROM (SELECT health_raw_score(a.value, m.value, '2026-06-03', 7) AS raw
  FROM activities AS a, (SELECT value FROM models OFFSET $_ LIMIT 1) AS m OFFSET 0) AS q
  WHERE raw = 'NaN';" } map { below(300) } 1 .. 40);

# Bytes damaged in known ways, each with the answer it must have.
my $ok = pack('H*', '0101056c6f67696e0805000102ac02');    # {"login": {"1970-01-01": 1, "1970-01-03": 300}}
my @damaged = (
  [ 'as it should be', $ok, 'ok' ],
  [ 'empty activity', "\x01\x00", 'ok' ],
  [ 'no bytes', '', '22P03' ],
  [ 'no version', "\x00\x00", '22P03' ],
  [ 'another version', "\x02" . substr($ok, 1), '22P03' ],
  [ 'state of an aggregate', "\xF1" . "\0" x 39 . pack('V10', (0) x 10), '22P03' ],
  [ 'a byte short', substr($ok, 0, -1), '22P03' ],
  [ 'a byte long', "$ok\x00", '22P03' ],
  [ 'a signal more than announced', "\x01\x00" . substr($ok, 2), '22P03' ],
  [ 'a signal fewer than announced', "\x01\x02" . substr($ok, 2), '22P03' ],
  [ 'more signals than an activity holds', "\x01\xC1\x84\x3D", '22P03' ],
  [ 'an empty name', "\x01\x01\x00\x04\x02\x00\x01", '22P03' ],
  [ 'a name beyond the end', "\x01\x01\x09login", '22P03' ],
  [ 'a name that is not UTF-8', "\x01\x01\x01\xFF\x04\x02\x00\x01", '22021' ],
  [ 'a name with a zero byte', "\x01\x01\x01\x00\x04\x02\x00\x01", '22021' ],
  [ 'a name that is a surrogate', "\x01\x01\x03\xED\xA0\x80\x04\x02\x00\x01", '22021' ],
  [ 'names out of order', "\x01\x02\x01b\x04\x02\x00\x01\x01a\x04\x02\x00\x01", '22P03' ],
  [ 'a name twice', "\x01\x02\x01a\x04\x02\x00\x01\x01a\x04\x02\x00\x01", '22P03' ],
  [ 'a signal without cells', "\x01\x01\x01a\x00\x00", '22P03' ],
  [ 'more cells than bytes', "\x01\x01\x01a\x08\x02\x00\x01", '22P03' ],
  [ 'more bytes than cells', "\x01\x01\x01a\x04\x03\x00\x01\x00", '22P03' ],
  [ 'an unknown mode', "\x01\x01\x01a\x07\x02\x00\x01", '22P03' ],
  [ 'a day twice', "\x01\x01\x01a\x08\x04\x00\x01\x00\x01", '22P03' ],
  [ 'the last day', "\x01\x01\x01a\x04\x04\xA5\x90\x05\x01", 'ok' ],
  [ 'the day after', "\x01\x01\x01a\x04\x04\xA6\x90\x05\x01", '22P03' ],
  [ 'days that add up to the day after', "\x01\x01\x01a\x08\x06\xA5\x90\x05\x01\x01\x01", '22P03' ],
  [ 'count 0', "\x01\x01\x01a\x04\x02\x00\x00", '22P03' ],
  [ 'count 2^31 - 1', "\x01\x01\x01a\x04\x06\x00\xFF\xFF\xFF\xFF\x07", 'ok' ],
  [ 'count 2^31', "\x01\x01\x01a\x04\x06\x00\x80\x80\x80\x80\x08", '22P03' ],
  [ 'a long way to write 1', "\x01\x01\x01a\x04\x03\x00\x81\x00", '22P03' ],
  [ 'a number of more than 64 bits', "\x01\x01\x01a\x05\x0C\x00\x01" . "\xFF" x 9 . "\x02", '22P03' ],
  [ 'mode 1: all have a value', "\x01\x01\x01a\x05\x03\x00\x01\x02", 'ok' ],
  [ 'mode 2 where all have a value', "\x01\x01\x01a\x06\x04\x00\x01\x01\x02", '22P03' ],
  [ 'mode 2 where none has', "\x01\x01\x01a\x06\x03\x00\x01\x00", '22P03' ],
  [ 'more values than events', "\x01\x01\x01a\x06\x04\x00\x01\x02\x02", '22P03' ]);
for my $case (@damaged)
{
  my ($what, $bytes, $expected) = @$case;
  my (undef, $states) = sqlstates($node, 'COPY activities FROM ' . binary_file('damaged', $bytes)
    . ' (FORMAT binary);');
  is($states->[0] // 'ok', $expected, "damaged: $what");
}

clean_log($node);
done_testing();
