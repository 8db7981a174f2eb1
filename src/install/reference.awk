# Writes docs/reference.md: awk -v documented=1 -f expand.awk FILE... | awk -f reference.awk
#
# Reads the statements CREATE and COMMENT ON, and the lines that begin with --@, which say what SQL cannot:
#
#   --@ theme Scores                  from here on
#   --@ function health_band          or type, or setting: all forms of that name
#   --@ stability: stable             or experimental
#   --@ null: NULL for a NULL score.  or one of the other labels below; more lines of it are indented:
#   --@   And of a NULL model.
#   --@ example:
#   --@   SELECT health_band(70);
#   --@ output:
#   --@    health_band
#   --@   -------------
#   --@    yellow
#
# With -v names=1 it writes what test/house.sh asks for instead: the names that are created.
#
# Each object needs its COMMENT, and what users call a block of such lines with stability; a function null, errors and
# an example as well. What lacks them is an error that names the file and the object.

function complain(where, what) { print where ": " what > "/dev/stderr"; wrong = 1 }

function trim(text) { gsub(/^ +| +$/, "", text); return text }

# ---------------------------------------------------------------- the doc lines

function directive(line,  key) {
  if (match(line, /^--@ (file|theme) /)) {
    if (line ~ /^--@ file/) file = substr(line, RLENGTH + 1)
    else theme = substr(line, RLENGTH + 1)
    block = ""
  } else if (line ~ /^--@ (function|type|setting) [a-z_.]+$/) {
    block = substr(line, 5)
    if (block in described) complain(file, "a second block of " block)
    described[block] = file
    theme_of[block] = theme
    if (line ~ /setting/) entry(block)
  } else if (!block) complain(file, "no function, type or setting before: " line)
  else if (match(line, /^--@ [a-z]+:/)) {
    key = substr(line, 5, RLENGTH - 5)
    if (!(key in label)) complain(file, "unknown key of " block ": " key)
    item = ++items[block]
    item_key[block, item] = key
    item_text[block, item] = trim(substr(line, RLENGTH + 1))
    has[block, key] = item_text[block, item]
    if (key == "example") has[block, key] = 1
  } else if (line ~ /^--@(   |$)/ && items[block])
    item_text[block, item] = item_text[block, item] (item_text[block, item] == "" ? "" : "\n") substr(line, 7)
  else complain(file, "malformed: " line)
}

function entry(id) {
  if (id in entered) return
  entered[id] = 1
  id_of[++entries] = id
}

# ---------------------------------------------------------------- the statements

function after(text, what,  at) { at = index(text, what); return at ? substr(text, at + length(what)) : "" }
function before(text, what,  at) { at = index(text, what); return at ? substr(text, 1, at - 1) : text }
function word_after(text, what) { text = after(text, what); sub(/[^a-z_0-9].*/, "", text); return text }

# What is asked for of "a int, b text DEFAULT 'x', OUT c date": the types of the arguments, or all as they are written,
# or the columns.
function arguments(list, asked,  n, i, part, type, all) {
  n = split(list, part, ",")
  for (i = 1; i <= n; i++) {
    part[i] = trim(part[i])
    if ((part[i] ~ /^OUT /) != (asked == "columns")) continue
    sub(/^OUT /, "", part[i])
    type = part[i]
    sub(/ DEFAULT .*/, "", type)
    sub(/^[^ ]+ /, "", type)
    all = all (all == "" ? "" : ", ") (asked == "types" ? type : part[i])
  }
  return all
}

function object(kind, name, types) {
  o = ++objects
  kind_of[o] = kind
  name_of[o] = name
  types_of[o] = types
  file_of[o] = file
  number[kind, name (kind == "type" || kind ~ /class/ ? "" : "(" types ")")] = o
  number[kind, name] = o
}

function create_function(text,  list, returns) {
  sub(/^CREATE FUNCTION /, "", text)
  list = before(after(text, "("), ")")
  object("function", before(text, "("), arguments(list, "types"))
  if (match(text, /'MODULE_PATHNAME'(, '[a-z_0-9]+)?/))
    symbol[o] = RLENGTH > 17 ? substr(text, RSTART + 20, RLENGTH - 20) : name_of[o]
  arguments_of[o] = arguments(list, "all")
  text = trim(after(text, ")"))
  sub(/^RETURNS /, "", text)
  returns = before(text, " ")
  set_of[o] = returns ~ /^(SETOF|TABLE)$/
  if (returns == "SETOF") returns = "TABLE (" arguments(list, "columns") ")"
  else if (returns == "TABLE") returns = before(text, ")") ")"
  sub(/ (RETURN|BEGIN ATOMIC) .*/, " ", text)
  result_of[o] = returns
  called[name_of[o]] = returns
  cost_of[o] = text ~ / COST / ? before(after(text, " COST ") " ", " ") : text ~ /LANGUAGE (C|internal)/ ? 1 : 100
  sub(/;$/, "", cost_of[o])
  cost[name_of[o]] = cost_of[o]
  attributes[o] = (text ~ / WINDOW / ? "window function" : "function") (text ~ / IMMUTABLE/ ? ", immutable" : ", volatile") \
    (text ~ / STRICT/ ? ", strict" : "") (text ~ / PARALLEL SAFE/ ? ", parallel safe" : ", parallel unsafe") ", cost " cost_of[o]
  if (set_of[o]) attributes[o] = attributes[o] ", rows " (text ~ / ROWS / ? before(after(text, " ROWS ") " ", " ") : 1000)
  sub(/;$/, "", attributes[o])
}

function create_aggregate(text,  list) {
  sub(/^CREATE AGGREGATE /, "", text)
  list = before(after(text, "("), ")")
  object("aggregate", before(text, "("), arguments(list, "types"))
  arguments_of[o] = list
  result_of[o] = called[word_after(text, " FINALFUNC = ")]
  attributes[o] = "aggregate, immutable" (text ~ /PARALLEL = SAFE/ ? ", parallel safe" : ", parallel unsafe") \
    ", cost " cost[word_after(text, "SFUNC = ")] " a row" (text ~ /MINVFUNC/ ? ", in moving frames" : "")
}

function create_type(text,  n, i, part) {
  sub(/^CREATE TYPE /, "", text)
  if (text ~ /^[a-z_]+;$/) return  # a shell, to be filled in
  object("type", before(text, " "), "")
  if (text !~ /^[a-z_]+ AS /) return
  n = split(before(after(text, "("), ");"), part, ",")
  for (i = 1; i <= n; i++) columns[name_of[o], i] = trim(part[i])
  columns[name_of[o]] = n
}

function create_operator(text) {
  if (text ~ /^CREATE OPERATOR CLASS /) {
    sub(/^CREATE OPERATOR CLASS /, "", text)
    object("operator class", before(text, " ") " USING " word_after(text, " USING "), "")
    return
  }
  sub(/^CREATE OPERATOR /, "", text)
  left[objects + 1] = word_after(text, "LEFTARG = ")
  right[objects + 1] = word_after(text, "RIGHTARG = ")
  object("operator", before(text, " "), left[objects + 1] ", " right[objects + 1])
  result_of[o] = called[word_after(text, " FUNCTION = ")]
}

function create_cast(text) {
  object("cast", trim(before(after(text, "CAST ("), ")")), "")
  attributes[o] = text ~ / AS ASSIGNMENT/ ? "in assignments" : text ~ / AS IMPLICIT/ ? "implicit" : "explicit"
}

function comment(text,  kind, target) {
  match(text, /^COMMENT ON (FUNCTION|AGGREGATE|TYPE|OPERATOR CLASS|OPERATOR|CAST|COLUMN) /)
  kind = tolower(substr(text, 12, RLENGTH - 12))
  text = substr(text, RLENGTH + 1)
  target = before(text, " IS '")
  text = after(text, " IS '")
  sub(/'; *$/, "", text)
  gsub(/''/, "'", text)
  if (kind == "column") { column_comment[target] = text; return }
  if (kind == "operator") sub(/ \(/, "(", target)
  if (kind == "cast") target = substr(target, 2, length(target) - 2)
  if ((kind, target) in number) comment_of[number[kind, target]] = text
  else complain(file, "a COMMENT on what is not created: " kind " " target)
}

# The functions that are there for an aggregate, a type, an operator, an index, a cast or the planner.
function note_support(text,  n, word) {
  while (match(text, /((FUNC|FUNCTION|INPUT|OUTPUT|RECEIVE|SEND) =|SUPPORT|FUNCTION [0-9]|WITH FUNCTION) [a-z_0-9]+/)) {
    n = split(substr(text, RSTART, RLENGTH), word, " ")
    support[word[n]] = 1
    text = substr(text, RSTART + RLENGTH)
  }
}

function finish(  text) {
  text = statement
  statement = ""
  gsub(/[ \t]+/, " ", text)
  text = trim(text)
  if (text == "") return
  if (text ~ /^COMMENT ON /) { comment(text); return }
  note_support(text)
  if (text ~ /^CREATE FUNCTION /) create_function(text)
  else if (text ~ /^CREATE AGGREGATE /) create_aggregate(text)
  else if (text ~ /^CREATE TYPE /) create_type(text)
  else if (text ~ /^CREATE OPERATOR /) create_operator(text)
  else if (text ~ /^CREATE CAST /) create_cast(text)
  else complain(file, "no kind of object that the reference knows: " substr(text, 1, 60))
}

BEGIN {
  themes = split("Activities,Models,Scores,Over time,Explanations and scorecards,Is the model any good,Settings", theme_name, ",")
  split("stability,since,summary,default,formula,units,null,errors,notes,keys,see,example,output", key, ",")
  for (i in key) label[key[i]] = ""
  label["formula"] = "Formula"; label["units"] = "Units and ranges"; label["null"] = "NULL"; label["errors"] = "Errors"
  label["keys"] = "Keys"; label["see"] = "See"
}

/^--@/ { finish(); directive($0); next }
/^(CREATE|COMMENT) / { finish(); statement = $0; next }
/^(--|\\)/ { next }
{ sub(/(^| )-- .*/, ""); if (statement != "") statement = statement " " $0 }

# ---------------------------------------------------------------- is all of it there?

function described_as(o) {  # the block that an object belongs to; "" where PostgreSQL alone calls it
  if (kind_of[o] == "function" && name_of[o] in support) return ""
  if (kind_of[o] == "function" || kind_of[o] == "aggregate") return "function " name_of[o]
  if (kind_of[o] == "type") return "type " name_of[o]
  if (kind_of[o] == "operator" && name_of[o] !~ /^(=|<>|<|<=|>|>=)$/) return "type " left[o]
  if (kind_of[o] == "cast") return "type " (name_of[o] ~ /^health_/ ? before(name_of[o], " ") : after(name_of[o], " AS "))
  return ""
}

function shown(o) { return kind_of[o] " " name_of[o] (kind_of[o] ~ /function|aggregate|operator$/ ? "(" types_of[o] ")" : "") }

function check(  o, id, i, name) {
  for (o = 1; o <= objects; o++) {
    if (!(o in comment_of)) complain(file_of[o], "no COMMENT on " shown(o))
    id = described_as(o)
    if (id == "" || id in exists) continue
    entry(id)
    exists[id] = 1
    if (!(id in described)) complain(file_of[o], "no block --@ " id)
    else if (has[id, "stability"] !~ /^(stable|experimental)$/) complain(file_of[o], "neither stable nor experimental: " id)
    if (id in described && id ~ /^function/)
      for (name in label) if (name ~ /^(null|errors|example)$/ && !((id, name) in has)) complain(file_of[o], "no " name " of " id)
    if (id ~ /^type/)
      for (i = 1; i <= columns[name_of[o]]; i++) {
        name = name_of[o] "." before(columns[name_of[o], i], " ")
        if (!(name in column_comment)) complain(file_of[o], "no COMMENT on column " name)
      }
  }
  for (id in described) {
    if (id ~ /^setting/) exists[id] = 1
    if (!(id in exists)) complain(described[id], "a block of what is not there: " id)
    for (i = 1; i <= themes && theme_name[i] != theme_of[id]; i++) {}
    if (i > themes) complain(described[id], "no theme of " id)
  }
}

# For each name its file, its kind (function, type, support, or symbol in the library) and itself.
function print_names(  o) {
  for (o = 1; o <= objects; o++) {
    if (kind_of[o] ~ /^(function|aggregate|type)$/)
      print file_of[o], (name_of[o] in support ? "support" : kind_of[o] == "type" ? "type" : "function"), name_of[o]
    if (o in symbol) print file_of[o], "symbol", symbol[o]
  }
}

# ---------------------------------------------------------------- the page

function code(text) { return "`" text "`" }
function plain(text) { gsub(/[*]/, "\\*", text); return text }  # no emphasis
function in_table(text) { gsub(/[|]/, "\\|", text); return text }
function capital(text) { return toupper(substr(text, 1, 1)) substr(text, 2) }
function paragraph(text) { printf "%s\n\n", text }

function heading(id) { return id ~ /^function/ ? after(id, " ") : capital(id) }

function anchor(id) { id = tolower(heading(id)); gsub(/ /, "-", id); gsub(/[.]/, "", id); return "#" id }

function main_object(id,  o) { for (o = 1; described_as(o) != id; o++) {} return o }

function name_in_text(o) {
  if (kind_of[o] == "operator") return left[o] " " name_of[o] " " right[o]
  return kind_of[o] == "type" ? "type " name_of[o] : name_of[o]
}

# The first clause of a comment, and whether the function needs OVER.
function clause(o,  text, other, over) {
  text = comment_of[o]
  sub(/^window function[^:]*: /, "", text)
  sub(/(; |: |[.] |, for example ).*/, "", text)
  if (attributes[o] !~ /^window/) return text
  over = "window function"
  for (other = o; other <= objects; other++)
    if (name_of[other] == name_of[o] && attributes[other] !~ /^window/) over = "window function, and plain"
  return text " (" over ")"
}

function quick_row(name, id, text) {
  printf "| [%s](%s) | %s | %s |\n", in_table(code(name)), anchor(id), in_table(plain(text)), has[id, "stability"]
}

function quick_table(theme,  e, id, o) {
  printf "\n| %s | | |\n|---|---|---|\n", theme
  for (e = 1; e <= entries; e++) {
    id = id_of[e]
    if (theme_of[id] != theme) continue
    if (id ~ /^setting/) { quick_row(after(id, " "), id, has[id, "summary"]); continue }
    o = main_object(id)
    quick_row(name_in_text(o), id, clause(o))
    for (; o <= objects; o++)
      if (kind_of[o] == "operator" && described_as(o) == id) quick_row(name_in_text(o), id, clause(o))
  }
}

# The forms of a function, each with its result and comment, below what they have in common; the operators and casts of a
# type.
function print_forms(id,  o, said, any) {
  for (o = 1; o <= objects; o++) {
    if (described_as(o) != id || kind_of[o] == "type") continue
    if (attributes[o] != said && kind_of[o] ~ /function|aggregate/)
      printf "%s%s:\n\n", said ? "\n" : "", capital(said = attributes[o])
    printf "- %s: %s\n", form(o), plain(comment_of[o])
    any = 1
  }
  if (any) print ""
}

function form(o) {
  if (kind_of[o] == "cast") return "cast " code(name_of[o]) " (" attributes[o] ")"
  return code(kind_of[o] == "operator" ? name_in_text(o) : name_of[o] "(" arguments_of[o] ")") " → " code(result_of[o])
}

function print_columns(type,  i, name) {
  print "| column | type | |\n|---|---|---|"
  for (i = 1; i <= columns[type]; i++) {
    name = before(columns[type, i], " ")
    printf "| %s | %s | %s |\n", code(name), code(after(columns[type, i], " ")), in_table(plain(column_comment[type "." name]))
  }
  print ""
}

function print_item(key, text) {
  if (key == "example") paragraph("```sql\n" text "\n```")
  else if (key == "output") { gsub(/\n/, "\n    ", text); paragraph("    " text) }
  else if (key == "default") paragraph("**Default**: " code(text))
  else if (key == "notes") paragraph(text)
  else if (label[key]) paragraph("**" label[key] "**: " text)
}

function print_entry(id,  i, type, o) {
  type = id ~ /^type/ ? after(id, " ") : ""
  paragraph("### " heading(id))
  paragraph(capital(has[id, "stability"]) " since " ((id, "since") in has ? has[id, "since"] : "1.0") ".")
  if (id ~ /^setting/) paragraph(capital(has[id, "summary"]) ".")
  else if (type) paragraph(capital(plain(comment_of[main_object(id)])) ".")
  if (columns[type]) print_columns(type)
  else if (id !~ /^setting/) print_forms(id)
  for (i = 1; i <= items[id]; i++) print_item(item_key[id, i], item_text[id, i])
}

function print_support(  o, name) {
  print "| object | what it is | |\n|---|---|---|"
  for (o = 1; o <= objects; o++) {
    if (described_as(o) != "") continue
    name = shown(o)
    sub(/ USING /, " for access method ", name)
    printf "| %s | %s | %s |\n", code(name), in_table(comment_of[o]), attributes[o]
    if (sub(/^operator class/, "operator family", name)) printf "| %s | holds the class of that name | |\n", code(name)
  }
}

END {
  finish()
  if (names) { print_names(); exit }
  check()
  if (wrong) exit 1
  paragraph("# Reference")
  paragraph("<!-- Written by scripts/reference from src/install: change it there. -->")
  print "Everything that `CREATE EXTENSION health_score` makes, by what it is for. In psql, after `\\x` for one column a line,"
  print "`\\df+ health_band` says it of one function, `\\da+ health_auc` of an aggregate, `\\d+ health_report_row` of the columns of a"
  print "report."
  print ""
  print "What is **stable** keeps its names, types and meaning within a major version; what is **experimental** may change in a minor"
  print "one: [compatibility](compatibility.md) says exactly what that means."
  print ""
  print "No function reads a table or the clock: for this morning pass `health_day(now())`. Errors are told by their SQLSTATE. A wrong"
  print "model is 22023 everywhere, and each [limit](reliability.md#limits) has an error of its own."
  print "\n## All names"
  for (i = 1; i <= themes; i++) quick_table(theme_name[i])
  print ""
  for (i = 1; i <= themes; i++) {
    paragraph("## " theme_name[i])
    for (e = 1; e <= entries; e++) if (theme_of[id_of[e]] == theme_name[i]) print_entry(id_of[e])
  }
  paragraph("## Called by PostgreSQL itself")
  print "Input and output of types, steps of aggregates, what the operators above call, and what sorts, joins and groups by a value:"
  paragraph("nobody calls these by name. Each type but `health_report_row` that has `=` sorts and hashes by it.")
  print_support()
}
