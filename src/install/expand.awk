# Writes out what the install scripts would repeat by hand: awk -f expand.awk FILE...
#
#   -- for @type@ | @suffix@
#   --   | bigint |
#   --   | date   | _date
#   CREATE FUNCTION health_f(x @type@) ... AS 'MODULE_PATHNAME', 'health_f@suffix@';
#   -- end
#
# gives what is between once for each row below the names, with the row's values in their places. A row begins with a
# bar. Blocks may nest.
#
#   -- include comparison.template | @type@ = health_model | @library@ =
#
# gives the lines of that file in the folder of this one, with the values in their places.
# Lines that begin with --@ are for reference.awk; they are left out unless it is asked for them (-v documented=1).
# A malformed block is an error.

function fail(what) { print FILENAME ":" FNR ": " what > "/dev/stderr"; failed = 1; exit 1 }

function cells(line, into,  n, i) {
  sub(/^-- +(for |\|)?/, "", line)
  n = split(line, into, "|")
  for (i = 1; i <= n; i++) gsub(/^ +| +$/, "", into[i])
  return n
}

function replace(text, name, by,  i, done) {
  while (i = index(text, name)) { done = done substr(text, 1, i - 1) by; text = substr(text, i + length(name)) }
  return done text
}

function expand(names, rows, body,  columns, name, i, n, row, r, value, text, all) {
  columns = cells(names, name)
  for (i = 1; i <= columns; i++) if (name[i] !~ /^@[a-z_]+@$/ || !index(body, name[i])) fail("never used: " name[i])
  n = split(rows, row, "\n") - 1
  if (n < 2) fail("a block needs two rows or more")
  for (r = 1; r <= n; r++) {
    if (cells(row[r], value) != columns) fail("not " columns " values: " row[r])
    text = body
    for (i = 1; i <= columns; i++) text = replace(text, name[i], value[i])
    all = all text
  }
  return all
}

function include(line,  n, part, i, at, name, folder, text) {
  sub(/^-- include /, "", line)
  n = cells(line, part)
  folder = FILENAME
  sub(/[^\/]*$/, "", folder)
  while ((i = (getline line < (folder part[1]))) > 0) text = text line "\n"
  if (i < 0) fail("no such file: " part[1])
  close(folder part[1])
  for (i = 2; i <= n; i++) {
    at = index(part[i], " =")
    name = substr(part[i], 1, at - 1)
    if (name !~ /^@[a-z_]+@$/ || !index(text, name)) fail("never used: " part[i])
    text = replace(text, name, substr(part[i], at + 3))
  }
  n = split(text, part, "\n") - 1
  for (i = 1; i <= n; i++) take(part[i])
}

function take(line,  text) {
  if (line ~ /^--@/ && !documented) return
  if (line ~ /^-- include /) include(line)
  else if (line ~ /^-- for /) {
    names[++depth] = line
    rows[depth] = body[depth] = ""
  } else if (depth && body[depth] == "" && line ~ /^-- +\|/) rows[depth] = rows[depth] line "\n"
  else if (line == "-- end") {
    if (!depth) fail("no block to end")
    text = expand(names[depth], rows[depth], body[depth])
    depth--
    body[depth] = body[depth] text
  } else if (depth && line ~ /^-- +\|/) fail("a row that is not right below the names: " line)
  else body[depth] = body[depth] line "\n"
}

BEGIN { depth = 0 }
FNR == 1 && depth { fail("the file before ends inside of a block") }
FNR == 1 { take("--@ file " FILENAME) }
{ take($0) }

END {
  if (!failed && depth) fail("the file ends inside of a block")
  if (!failed && match(body[0], /@[a-z_]+@/)) fail("no block has " substr(body[0], RSTART, RLENGTH))
  if (failed) exit 1
  printf "%s", body[0]
}
