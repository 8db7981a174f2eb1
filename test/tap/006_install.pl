# The owner of a database installs the extension without being superuser, in any schema; it can be moved. Objects that
# somebody else has put on the search_path are not called, neither when it is installed nor when it is used.

use strict;
use warnings;

use FindBin;
use lib $FindBin::RealBin;
use HealthScore;
use Test::More;

my $node = start_node('install');
$node->safe_psql('postgres',
  'DROP EXTENSION health_score; CREATE ROLE analyst LOGIN; CREATE ROLE attacker LOGIN;
    CREATE DATABASE owned OWNER analyst');

# As one of the two roles, in the database of the analyst. Dies on an error.
sub as
{
  my ($role, $sql) = @_;
  return $node->safe_psql('owned', $sql, extra_params => [ '-U', $role ]);
}

# The same for what may fail: the result, or the SQLSTATE of the error.
sub answer_to
{
  my ($role, $sql) = @_;
  my ($out, $err) = ('', '');
  $node->psql('owned', "\\set VERBOSITY sqlstate\n$sql", stdout => \$out, stderr => \$err,
    extra_params => [ '-U', $role ]);
  return $err =~ /ERROR: +([0-9A-Z]{5})/ ? $1 : $out;
}

# A query with a type, an operator, an aggregate, a window function and a function in SQL of the extension.
my $use = q{
SELECT count(*) FROM (SELECT health_score(health_activity('login', date '2025-12-31', n),
  health_make_model(signals => '{"login": 1}', half_life_days => 30) || '{"window_days": 60}',
  '2026-01-01') OVER () AS s
  FROM generate_series(1, 5) AS n GROUP BY n) AS q WHERE s > 0};

as('analyst', 'CREATE EXTENSION health_score');
is(as('analyst', $use), '5', 'the owner of a database creates the extension and uses it');
is(answer_to('attacker', 'DROP EXTENSION health_score;'), '42501', 'others cannot drop it');
is(as('attacker', $use), '5', 'but use it');
as('analyst', 'CREATE TABLE kept (activity health_activity)');
is(answer_to('analyst', 'DROP EXTENSION health_score;'), '2BP01', 'it is not dropped while something needs it');
as('analyst', 'DROP TABLE kept; DROP EXTENSION health_score');
is(as('analyst', "SELECT count(*) FROM pg_proc WHERE proname LIKE 'health\\_%'"), '0', 'it leaves nothing behind');
is(as('analyst', "SELECT count(*) FROM pg_type WHERE typname LIKE '%health\\_%'"), '0', 'nor a type');

# Into a schema of its own, and from there to another one, with objects that depend on it.
as('analyst', 'CREATE SCHEMA scoring; CREATE SCHEMA "Other schema"; CREATE EXTENSION health_score SCHEMA scoring');
is(answer_to('analyst', "$use;"), '42883', 'not found outside of its schema');
is(as('analyst', "SET search_path = scoring; $use"), '5', 'found on the search_path');
is(as('analyst', q{SELECT scoring.health_make_model(signals => '{"login": 1}', window_days => 60)}),
  '{"signals": {"login": 1}, "window_days": 60}', 'found by its full name');
as('analyst', q{CREATE TABLE stored AS SELECT scoring.health_activity('login', date '2025-12-31', n) AS activity,
  scoring.health_make_model(signals => '{"login": 1}') AS model
  FROM generate_series(1, 5) AS n GROUP BY n;
CREATE VIEW scores AS SELECT scoring.health_score(activity, model OPERATOR(scoring.||) '{"window_days": 60}',
  '2026-01-01') OVER () AS score FROM stored;
CREATE INDEX ON stored (activity)});
my $before = as('analyst', 'TABLE scores');
# A trusted extension's objects belong to the superuser of the server, so moving them is up to superusers.
$node->safe_psql('owned', 'ALTER EXTENSION health_score SET SCHEMA "Other schema"');
is(as('analyst', 'TABLE scores'), $before, 'moved: a view finds it');
is(as('analyst', qq{SET search_path = "Other schema"; $use}), '5', 'moved: found on the search_path');
is(as('analyst', q{SELECT "Other schema".health_make_model(signals => '{"login": 1}', window_days => 60)}),
  '{"signals": {"login": 1}, "window_days": 60}', 'moved: a function in SQL finds the type');
is(as('analyst', 'SET enable_seqscan = off; SELECT count(*) FROM stored AS a JOIN stored AS b ON a.activity
  OPERATOR("Other schema".=) b.activity'), '5', 'moved: the index works');
like(as('analyst', 'SELECT DISTINCT pg_typeof(activity) FROM stored'), qr/"Other schema".health_activity/,
  'moved: so is the type');
as('analyst', 'DROP EXTENSION health_score CASCADE');
is(as('analyst', "SELECT count(*) FROM pg_attribute WHERE attrelid = 'stored'::regclass AND attnum > 0
  AND NOT attisdropped"), '0', 'dropped with what needed it');

# The attacker may create objects in the schema that the extension goes to, before it does, and in one that is first on
# the search_path afterwards: everything that a function in SQL or the script calls, with the very types of the call.
my $caught = q{RETURNS jsonb LANGUAGE plpgsql IMMUTABLE AS $$ BEGIN RAISE 'caught'; END $$};
# health_make_model calls jsonb_build_object('window_days', window_days, ...): the types of its arguments, each after
# a key.
my $types = $node->safe_psql('postgres', q{CREATE EXTENSION health_score;
SELECT string_agg('text, ' || format_type(type, NULL), ', ' ORDER BY n) FROM pg_proc,
  unnest(proargtypes) WITH ORDINALITY AS a (type, n)
WHERE proname = 'health_make_model' AND type <> 'jsonb'::regtype;});
my @decoys = (
  "CREATE FUNCTION %s.jsonb_strip_nulls(jsonb) $caught",
  "CREATE FUNCTION %s.jsonb_build_object($types) $caught",
  "CREATE FUNCTION %s.jsonb_build_object(text, jsonb) $caught",
  "CREATE FUNCTION %s.jsonb_concat(jsonb, jsonb) $caught",
  'CREATE OPERATOR %s.|| (LEFTARG = jsonb, RIGHTARG = jsonb, FUNCTION = %s.jsonb_concat)',
  'CREATE DOMAIN %s.timestamptz AS pg_catalog.timestamptz CHECK (false)',
  'CREATE DOMAIN %s.jsonb AS pg_catalog.jsonb CHECK (false)');
my $model = q{health_make_model(signals => '{"login": 1}', half_life_days => 30)};
my $expected = '{"signals": {"login": 1}, "half_life_days": 30}';

as('analyst', 'CREATE SCHEMA shared; GRANT ALL ON SCHEMA shared TO attacker');
as('attacker', join('; ', map { s/%s/shared/gr } @decoys));
as('analyst', 'CREATE EXTENSION health_score SCHEMA shared');
is(answer_to('analyst', "SELECT shared.$model;"), $expected,
  'objects in the schema of the extension do not get into its functions');
as('analyst', 'DROP EXTENSION health_score; CREATE EXTENSION health_score SCHEMA public;
  CREATE SCHEMA trap; GRANT ALL ON SCHEMA trap TO attacker');
as('attacker', join('; ', map { s/%s/trap/gr } @decoys) . q{;
CREATE FUNCTION trap.health_model(jsonb) RETURNS public.health_model
  LANGUAGE plpgsql IMMUTABLE AS $$ BEGIN RAISE 'caught'; END $$});
for my $path ('trap, public', 'trap, pg_catalog, public')
{
  is(answer_to('analyst', "SET search_path = $path; SELECT public.$model;"), $expected,
    "objects on the search_path do not either: $path");
}
is(answer_to('analyst',
  qq{SET search_path = trap, public; SELECT public.$model OPERATOR(public.||) '{"half_life_days": null}';}),
  '{"signals": {"login": 1}}', 'an operator by its full name');

# Names that are taken make the installation fail as a whole, without a trace of it.
as('analyst', 'DROP EXTENSION health_score CASCADE; CREATE FUNCTION public.health_day(timestamptz) RETURNS date
  LANGUAGE sql AS $$ SELECT NULL::date $$');
is(answer_to('analyst', 'CREATE EXTENSION health_score;'), '42723', 'it does not take over a function of that name');
is(as('analyst', "SELECT count(*) FROM pg_extension WHERE extname = 'health_score'"), '0', 'and is not there');

# Loaded by the server before any session, by a session at its start, or by a command.
as('analyst', 'DROP FUNCTION public.health_day(timestamptz); CREATE EXTENSION health_score SCHEMA public');
$node->safe_psql('postgres', "ALTER SYSTEM SET shared_preload_libraries = 'health_score'");
$node->restart;
is(as('analyst', $use), '5', 'loaded with the server');
like(as('analyst', "SELECT count(set_config(name, 'on', false)) FROM pg_settings
  WHERE name IN ('force_parallel_mode', 'debug_parallel_query'); $use"), qr/^1\n5$/, 'and in workers');
$node->safe_psql('postgres', "ALTER SYSTEM RESET shared_preload_libraries;
  ALTER SYSTEM SET session_preload_libraries = 'health_score'");
$node->restart;
is(as('analyst', $use), '5', 'loaded with the session');
is($node->safe_psql('owned', "LOAD 'health_score'; $use"), '5', 'loaded by a command');

clean_log($node);
done_testing();
