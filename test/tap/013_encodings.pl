# Names of signals are text: whatever the encodings of the database and of the client, they arrive as the letters they
# are, in the text form and in the binary one, and a message never quotes half a letter.

use strict;
use warnings;
use utf8;

use FindBin;
use lib $FindBin::RealBin;
use Encode qw(encode);
use HealthScore;
use PostgreSQL::Test::Utils;
use Test::More;

my $node = start_node('encodings');
my $folder = PostgreSQL::Test::Utils::tempdir;
my %encoding = (utf8 => 'UTF8', latin1 => 'LATIN1', euc_jp => 'EUC_JP', sql_ascii => 'SQL_ASCII');
for my $database (sort keys %encoding)
{
  $node->safe_psql('postgres',
    "CREATE DATABASE $database ENCODING '$encoding{$database}' LOCALE 'C' TEMPLATE template0");
  $node->safe_psql($database, 'CREATE EXTENSION health_score; CREATE TABLE kept (activity health_activity)');
}

# Runs SQL written in UTF-8, as a client that says so.
sub run_in
{
  my ($database, $sql) = @_;
  my ($out, $err) = ('', '');
  my $status = $node->psql($database, encode('UTF-8', "\\set VERBOSITY verbose\nSET client_encoding = 'UTF8'; $sql"),
    stdout => \$out, stderr => \$err);
  my $text = $status == 0 ? $out : $err;
  utf8::decode($text) or BAIL_OUT("not UTF-8: $text");
  return $text;
}

my %names = (
  latin1 => [ 'é', 'e', 'z', 'ÿ', 'à la carte', 'Ü' ],
  # In another order in UTF-8: half-width letters come last there, and first here.
  euc_jp => [ 'ログイン', 'ｱｲｳ', '解約', 'あ', '亜', 'x' ],
  sql_ascii => [ 'é', '解約', 'x' ]);
my $text_of = sub { '{' . join(', ', map { qq("$_": {"2026-01-03": ) . (ord($_) % 7 + 1) . '}' } @_) . '}' };

for my $database (qw(latin1 euc_jp))
{
  my @names = @{ $names{$database} };
  my $text = $text_of->(@names);
  run_in($database, "INSERT INTO kept VALUES ('$text')");
  is(run_in($database, "SELECT count(*) FROM kept, health_cells(activity) WHERE signal = '$names[0]'"), '1',
    "$database: the text form has the letter");
  my $sorted = run_in('utf8', "SELECT '$text'::health_activity");

  # From this database into one in UTF-8, and back, in the binary form.
  run_in($database, "COPY kept TO '$folder/$database.binary' (FORMAT binary)");
  run_in('utf8', "TRUNCATE kept; COPY kept FROM '$folder/$database.binary' (FORMAT binary)");
  is(run_in('utf8', 'TABLE kept'), $sorted, "$database to UTF8, binary");
  is(run_in('utf8', "SELECT activity = '$text' FROM kept"), 't', 'with canonical bytes there');
  run_in('utf8', "COPY kept TO '$folder/utf8.binary' (FORMAT binary)");
  run_in($database, "CREATE TABLE back (LIKE kept); COPY back FROM '$folder/utf8.binary' (FORMAT binary)");
  is(run_in($database, 'SELECT a.activity = b.activity FROM kept AS a, back AS b'), 't', "UTF8 to $database, binary");

  # A client of this database's own encoding sees its bytes as they are.
  run_in($database, "SET client_encoding = '$encoding{$database}'; COPY kept TO '$folder/own.binary' (FORMAT binary)");
  run_in($database,
    "SET client_encoding = '$encoding{$database}'; TRUNCATE back; COPY back FROM '$folder/own.binary' (FORMAT binary)");
  is(run_in($database, 'SELECT a.activity = b.activity FROM kept AS a, back AS b'), 't', "$database to itself, binary");
  like(run_in('utf8', "COPY kept FROM '$folder/own.binary' (FORMAT binary)"), qr/ERROR:  22021/, 'which UTF8 refuses');

  # A dump of this database, restored into one in UTF-8.
  $node->command_ok([ 'pg_dump', '-t', 'kept', '-d', $node->connstr($database), '-f', "$folder/$database.sql" ], 'pg_dump');
  run_in('utf8', 'DROP TABLE kept');
  $node->command_ok([ 'psql', '-X', '-q', '-v', 'ON_ERROR_STOP=1', '-d', $node->connstr('utf8'), '-f', "$folder/$database.sql" ],
    'restore');
  is(run_in('utf8', 'TABLE kept'), $sorted, "a dump of $database in UTF8");

  # Escapes stand for the same letters; a model's names and labels arrive, too.
  my $escaped = $text =~ s/([^\x00-\x7F])/sprintf('\\u%04x', ord $1)/ger;
  is(run_in($database, "SELECT activity = '$escaped' FROM kept"), 't', "$database: escapes");
  is(run_in($database, qq(SELECT '{"signals": {"$names[0]": {"weight": 1, "label": "$names[4]"}}}'::health_model)),
    qq({"signals": {"$names[0]": {"label": "$names[4]", "weight": 1}}}), "$database: a model");
  is(run_in($database, qq(SELECT health_raw_score(activity, '{"signals": {"$names[0]": 2}}', '2026-01-04') FROM kept)),
    2 * (ord($names[0]) % 7 + 1), "$database: a score");
}

# Letters that the encoding of the database or of the client does not have are errors.
run_in('utf8', q(TRUNCATE kept; INSERT INTO kept VALUES ('{"5 €": {"2026-01-03": 1}}')));
run_in('utf8', "COPY kept TO '$folder/euro.binary' (FORMAT binary)");
like(run_in('latin1', "COPY kept FROM '$folder/euro.binary' (FORMAT binary)"), qr/ERROR:  22P05/, 'no euro in LATIN1, binary');
like(run_in('latin1', q(SELECT '{"5 \\u20ac": {"2026-01-03": 1}}'::health_activity)), qr/ERROR:  22P05/,
  'nor by an escape');
like(run_in('sql_ascii', q(SELECT '{"caf\\u00e9": {"2026-01-03": 1}}'::health_activity)),
  qr/ERROR:  22P05.*HINT:  Write the letter itself/s, 'SQL_ASCII does not know what an escape stands for');

# A name as long as a name may be, in letters of one and two bytes, beside what is written with a backslash: in and out of
# its own database, whatever it takes in UTF-8.
for my $each ([ 'latin1', 'é' x 200 ], [ 'euc_jp', '解' x 120 ])
{
  my ($database, $long) = @$each;
  my $all = qq({"$long": {"2026-01-03": 1}, "C:\\\\users $names{$database}[0]": {"2026-01-03": 2}, "x\\u0001": {"2026-01-03": 3}});
  is(run_in($database, "SELECT count(*) FROM health_cells('$all')"), '3', "$database: long names and backslashes");
  is(run_in($database, "SELECT a = a::text::health_activity FROM (SELECT '$all'::health_activity) AS q (a)"), 't',
    "$database: and back");
  like(run_in($database, "COPY (SELECT '$all'::health_activity) TO '$folder/long.binary' (FORMAT binary)"),
    qr/ERROR:  54000: a signal of a health_activity has a name of more than 255 bytes/, "$database: too long in UTF-8");
  my $wrong = sprintf('{"\\u%04x\\u0041 %s": 5}', ord $names{$database}[0], $names{$database}[2]);
  like(run_in($database, "SELECT '$wrong'::health_activity"), qr/signal "${\ substr($names{$database}[0], 0, 1)}A $names{$database}[2]": expected/,
    "$database: quoted in its letters");
}

# A database in SQL_ASCII converts nothing: bytes come back as they went in.
my $raw = $text_of->(@{ $names{sql_ascii} });
run_in('sql_ascii', "INSERT INTO kept VALUES ('$raw'); COPY kept TO '$folder/raw.binary' (FORMAT binary)");
run_in('utf8', "TRUNCATE kept; COPY kept FROM '$folder/raw.binary' (FORMAT binary)");
is(run_in('utf8', "SELECT activity = '$raw' FROM kept"), 't', 'SQL_ASCII: the bytes as they are');

# So do parts of a population, whose model may be in any letters there.
is(run_in('sql_ascii', q(SELECT health_population_merge(part::text::health_population_part) = min(population::text)::health_population
  FROM (SELECT health_population(a, m, '2026-01-04') AS population, health_population_part(a, m, '2026-01-04') AS part
        FROM (VALUES ('{"x": {"2026-01-03": 1}}'::health_activity, ('{"name": "' || E'\\xe9' || '", "signals": {"x": 1}}')::health_model)) AS v (a, m)) AS p)),
  't', 'SQL_ASCII: a part whose model is not in UTF-8');

# Messages quote 100 bytes, and no half of a letter. 1 and 2 bytes a letter: x makes the hundredth byte a first half.
my %letter = (latin1 => 'é', euc_jp => '解', utf8 => 'é', sql_ascii => 'e');
my %quoted = (latin1 => 99, euc_jp => 49, utf8 => 49, sql_ascii => 99);
for my $database (sort keys %letter)
{
  my $name = 'x' . $letter{$database} x 120;
  my $shown = 'x' . $letter{$database} x $quoted{$database};
  like(run_in($database, "SELECT health_activity('$name', date 'infinity')"), qr/ERROR:  22008: signal "$shown": infinite/,
    "$database: quoted by the binding");
  like(run_in($database, qq(SELECT '{"$name": 5}'::health_activity)), qr/signal (name is too long: )?"$shown(\.\.\.)?"/,
    "$database: quoted by the core");
  like(run_in($database, qq(SELECT '{"$name": 5}'::health_model)), qr/unknown key in health_model: x($letter{$database}){100,}\n/,
    "$database: a key of a model");
  like(run_in($database, "SELECT health_explain(1, 1, '[]', '$name')"), qr/invalid language: "$shown"/,
    "$database: a language");
  # Hints quote 60 bytes.
  for my $key ('x' . $letter{$database} x 40, $letter{$database} x 40)
  {
    like(run_in($database, qq(SELECT '{"signals": {"login": {"$key": 5}}}'::health_model)), qr/ERROR:  22023: unknown key/,
      "$database: a key of a signal");
    like(run_in($database, qq(SELECT '{"signals": {"$key": {"x": 5}}}'::health_model)), qr/ERROR:  22023: unknown key/,
      "$database: the name of a signal in a hint");
  }
}
# SQL_ASCII does not know letters; what is UTF-8 is cut between them all the same.
for my $time ('é' x 90, 'x' . 'é' x 90, '解' x 90, 'x' . '解' x 90)
{
  like(run_in('sql_ascii', "SELECT health_day('$time')"), qr/ERROR:  22007: invalid time/, 'SQL_ASCII: whole letters of UTF-8');
}

# Bands have the names that the model gives them, in the letters of its database, and as bytes in SQL_ASCII.
for my $each ([ 'latin1', 'à risque', 'sûr' ], [ 'euc_jp', '解約', '安全' ], [ 'sql_ascii', 'à risque', 'sûr' ], [ 'utf8', 'à risque', 'sûr' ])
{
  my ($database, $worst, $best) = @$each;
  my $model = qq('{"bands": [[{"en": "at risk", "fr": "$worst"}, 0], [{"fr": "$best"}, 60]]}'::health_model);
  is(run_in($database, "SELECT health_band(60, $model), health_stable_band(60, $model) OVER ()"), "$best|$best",
    "$database: a band's name");
  is(run_in($database, "SELECT $model"), qq({"bands": [[{"en": "at risk", "fr": "$worst"}, 0], [{"fr": "$best"}, 60]]}),
    "$database: and back");
  like(run_in($database, qq(SELECT '{"bands": [["$worst", 0], ["$worst", 60]]}'::health_model)), qr/are named "$worst"/,
    "$database: quoted in its letters");
}

# A label begins large at the beginning of a sentence. What would be é in UTF-8 is another letter here, and stays as it is.
for my $each ([ 'latin1', 'Ã¡x' ], [ 'euc_jp', '短' ])
{
  my ($database, $label) = @$each;
  like(run_in($database, qq(SELECT drivers #>> '{0,text}', drivers #>> '{0,label}' FROM (SELECT (health_report(health_activity '{"x": {"2026-01-03": 1}}',
    '{"signals": {"x": {"weight": 5, "label": "$label"}}}', '2026-01-04') OVER ()).drivers) AS r)), qr/^$label .*\|$label$/,
    "$database: the first letter of a label");
}

# Sentences in French, and blocks, need their letters.
for my $database (qw(latin1 euc_jp))
{
  like(run_in($database, q(SELECT '{"language": "fr"}'::health_model)), qr/ERROR:  0A000.*UTF8/, "$database: French is refused");
  like(run_in($database, 'SELECT health_sparkline(50)'), qr/ERROR:  0A000.*UTF8/, "$database: blocks are refused");
}

clean_log($node);
done_testing();
