#!/usr/bin/env bash
# The plan of the house, as CONTRIBUTING tells it: one concept, one basename in every layer. Prints what is not so.
# Server headers are included in src/pg/pg.hpp only, and the core includes nothing but itself and the standard library.
# The themes of the core build on each other as docs/architecture.md says, and its picture is that of the code.
#
# The concepts are the files of src/install. Of each function there: it is called in the regression test of its concept,
# its C symbol is in the binding of its concept, the table in CONTRIBUTING has it if its name is another one, and the
# reference tells of it.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
shopt -s nullglob
wrong=0

complain() {
  echo "$*"
  wrong=1
}

# A line for each name that the install scripts create: file, kind and name.
names=$(awk -v documented=1 -f src/install/expand.awk src/install/[0-9]*.sql | awk -v names=1 -f src/install/reference.awk)

listed=
for file in src/install/[0-9]*.sql; do
  concept=$(basename "$file" .sql)
  concept=${concept#??_}
  [ "$concept" != head ] || continue
  for layer in src/core/$concept.hpp src/pg/$concept.cpp sql/$concept.sql expected/$concept.out \
    test/unit/${concept}_test.cpp; do
    [ -e "$layer" ] || complain "$file has no $layer"
  done
  while read -r kind name; do
    case $kind in
      symbol)
        grep -qs "^PG_FUNCTION_INFO_V1($name);" "src/pg/$concept.cpp" || complain "$name is not in src/pg/$concept.cpp"
        ;;
      function)
        grep -qsw "$name" <(sed 's/--.*//' "sql/$concept.sql") || complain "$name is not in sql/$concept.sql"
        ;;&
      function | type)
        [ "$name" = "health_$concept" ] || listed+="$name $concept"$'\n'
        ;;
    esac
  done < <(sed -n "s|^$file ||p" <<<"$names" | sort -u)
done

for file in src/core/*.cpp; do
  [ -e "test/unit/$(basename "$file" .cpp)_test.cpp" ] || complain "$file has no unit test"
done
# The server's headers, like those of other libraries, have a slash or end in .h.
strange=$(grep -nE '^ *# *include' src/core/* | grep -vE '"[a-z_]+\.hpp"|<[a-z_]+>') &&
  complain "the core includes what is not its own:"$'\n'"$strange"
strange=$(grep -nE '^ *# *include' src/pg/* | grep -vE '^src/pg/pg\.hpp:|"(core|pg)/[a-z_]+\.hpp"|<[a-z_]+>') &&
  complain "only src/pg/pg.hpp includes server headers:"$'\n'"$strange"
strange=$(scripts/architecture --check) || complain "$strange"
for file in sql/*.sql; do
  [[ $(head -n 1 "$file") == "-- "* ]] || complain "$file does not begin with a line that says what it shows"
done

# A malformed block in an install script ends the build: without its end, with no block to end, without rows, with a row
# that is too short, with a name that is not used, or is not known, with a comment for a row or before the rows; so does
# a file that is not there.
rows=$'--   | 1 | 2\n--   | 3 | 4\n'
for text in $'-- for @a@ | @b@\n'"$rows"'@a@ @b@' '-- end' $'-- for @a@ | @b@\n@a@ @b@\n-- end' \
  $'-- for @a@ | @b@\n'"$rows"$'--   | 5\n@a@ @b@\n-- end' $'-- for @a@ | @b@\n'"$rows"$'@a@\n-- end' '@a@' \
  $'-- for @a@\n--   | 1\n--   A comment.\n@a@\n-- end' $'-- for @a@\n-- A comment.\n--   | 1\n--   | 2\n@a@\n-- end' \
  '-- include nothing.template'; do
  ! awk -f src/install/expand.awk <<<"$text" >/dev/null 2>&1 || complain "expand.awk takes: $text"
done

# docs/reference.md is that of src/install. Whatever of it is missing ends the build, with a line that names file and object:
# a comment, of whatever object, a block for what users call, or a part of one; so does a word that it does not know.
scripts/reference --check || wrong=1
valid="--@ file x.sql
--@ theme Scores
--@ function health_f
--@ stability: stable
--@ null: NULL for NULL.
--@ errors: none of its own.
--@ example:
--@   SELECT health_f(1);
CREATE FUNCTION health_f(a int) RETURNS int AS 'f' LANGUAGE C IMMUTABLE;
COMMENT ON FUNCTION health_f(int) IS 'one more';"
awk -f src/install/reference.awk <<<"$valid" >/dev/null || complain "reference.awk does not take: $valid"
for edit in '/^COMMENT/d' '/^--@ function/,/^--@   SELECT/d' '/stability/d' 's/stable/solid/' '/@ null/d' '/@ errors/d' \
  '/SELECT/d;/example/d' 's/--@ errors/--@ error/' 's/theme Scores/theme Score/' 's/function health_f$/function health_g/' \
  's/one more/&\n--@ function health_f/' "\$aCREATE TYPE health_f_t (INPUT = health_f);" \
  "\$aCREATE TYPE health_f_row AS (a int);" "\$aCREATE CAST (health_f AS int) WITHOUT FUNCTION;" \
  "\$aCREATE OPERATOR = (LEFTARG = health_f, RIGHTARG = int, FUNCTION = health_f);"; do
  said=$(sed "$edit" <<<"$valid" | awk -f src/install/reference.awk 2>&1 >/dev/null) && complain "reference.awk takes: $edit"
  grep -q '^x\.sql: .*health_[fg]' <<<"$said" || complain "reference.awk says of $edit: $said"
done
script=health_score--$(sed -n "s/^default_version *= *'\(.*\)'/\1/p" health_score.control).sql
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
mkdir "$folder/src"
cp -R Makefile health_score.control "$folder"
cp -R src/install "$folder/src"
make -s -C "$folder" PGXS=/dev/null "$script" || complain "make does not put the install script together"
rm "$folder/$script"
echo "CREATE FUNCTION health_new() RETURNS int RETURN 1;" >>"$folder/src/install/50_band.sql"
said=$(make -s -C "$folder" PGXS=/dev/null "$script" 2>&1) && complain "make takes a function that nobody has described"
grep -q '50_band.sql: .*health_new' <<<"$said" || complain "make says of a function that nobody has described: $said"
[ ! -e "$folder/$script" ] || complain "make leaves an install script that is not described"

# The rows of CONTRIBUTING: | `health_a`, `sum`, operator `+` | concept |
told=$(sed -n 's/^| \(.*`.*\) | \([a-z_]*\) |$/\1 \2/p' CONTRIBUTING.md | tr -d ',' |
  awk '{ for (i = 1; i < NF; i++) if ($i ~ /^`[a-z_]+`$/) print substr($i, 2, length($i) - 2), $NF }')
differences=$(diff <(sort -u <<<"${listed%$'\n'}") <(sort <<<"$told")) ||
  complain "the table of names in CONTRIBUTING (>) is not that of src/install (<):"$'\n'"$differences"
exit $wrong
