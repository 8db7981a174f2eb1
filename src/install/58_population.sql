-- Populations as values: whom an account is compared with.

--@ theme Scores
--@ type health_population
--@ stability: stable
--@ keys: [what a population holds](drivers.md#what-a-population-holds).
--@ null: `||` gives NULL where one side is NULL.
--@ errors: 22023 for a document that is no population, and for `||` with a key that is not made of words: another model is another
--@   population.
--@ notes: The order of `<` is that of jsonb.
--@ example:
--@   SELECT (health_population('{"login": {"2026-01-03": 4}}', '{"signals": {"login": 1}}', '2026-01-05') || '{"name": "smb"}')::jsonb
--@          - 'model' AS population;
--@ output:
--@                                                                                population
--@   --------------------------------------------------------------------------------------------------------------------------------------------------------------------
--@    {"as_of": "2026-01-05", "peers": true, "newest": "2026-01-03", "signals": {"login": {"recent": 4, "contribution": 4}}, "version": 1, "accounts": 1, "baseline": 4}
-- include document.template | @type@ = health_population | @input@ = | @binary@ = | @text@ = whom accounts are compared with: model, date, baseline, medians and the profile of the peers; made by health_population(activity, model, as_of) | @made@ = a jsonb document as a population; error 22023 for anything else | @document@ = the population as a document
-- include json.template | @type@ = health_population | @argument@ = population | @document@ = the population as a document
-- include comparison.template | @type@ = health_population | @library@ = | @c@ = jsonb_ | @language@ = internal

-- The text form takes untyped literals and string parameters of database drivers, as that of models does.
--@ function health_population
--@ stability: stable
--@ null: rows without a model or date are skipped; a NULL activity is no account, `{}` is one without events; NULL where no row is left.
--@ errors: 22023 for a model without signals, where model or `as_of` differs within the group, and for a size that is NaN or infinite;
--@   22008 for an infinite `as_of`.
--@ notes: Of a `jsonb` it is the cast: the document as a population.
--@ see: [which form of a report](performance.md#which-form-of-a-report).
--@ example:
--@   SELECT health_population(activity, '{"signals": {"login": 1}}', '2026-01-05')::jsonb -> 'baseline' AS baseline
--@   FROM (VALUES ('{"login": {"2026-01-03": 4}}'::health_activity), ('{"login": {"2026-01-03": 2}}')) AS v (activity);
--@ output:
--@    baseline
--@   ----------
--@    3.8
--@ function health_population_part
--@ stability: stable
--@ null: as of `health_population`.
--@ errors: as of `health_population`.
--@ example:
--@   SELECT health_population_merge(part) = health_population(activity, '{"signals": {"login": 1}}', '2026-01-05') AS same
--@   FROM (SELECT activity, health_population_part(activity, '{"signals": {"login": 1}}', '2026-01-05') AS part
--@         FROM (VALUES ('{"login": {"2026-01-03": 4}}'::health_activity), ('{"login": {"2026-01-03": 2}}')) AS v (activity)
--@         GROUP BY activity) AS parts;
--@ output:
--@    same
--@   ------
--@    t
--@ function health_population_merge
--@ stability: stable
--@ null: NULL parts are skipped; NULL where no row is left.
--@ errors: 22023 where model, `as_of`, or the use of size and `since` differs; 22P03 for bytes that are no part.
--@ see: [reports by the shards](scale.md#reports-by-the-shards).
--@ example:
--@   SELECT health_population_merge(part)::jsonb -> 'accounts' AS accounts
--@   FROM (SELECT health_population_part('{"login": {"2026-01-03": 4}}', '{"signals": {"login": 1}}', '2026-01-05') AS part
--@         FROM generate_series(1, 3) AS shard GROUP BY shard) AS parts;
--@ output:
--@    accounts
--@   ----------
--@    3
-- for @type@   | @suffix@
--   | jsonb    |
--   | text     | _text
CREATE FUNCTION health_population_override(population health_population, words @type@) RETURNS health_population
  AS 'MODULE_PATHNAME', 'health_population_override@suffix@' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION health_population_override(health_population, @type@) IS 'implements ||';
CREATE OPERATOR || (LEFTARG = health_population, RIGHTARG = @type@, FUNCTION = health_population_override);
COMMENT ON OPERATOR || (health_population, @type@) IS
  'the population in other words: language, name, version, next_steps, and label, text, next_step of signals; any other key is an error';
-- end

--@ function health_population_rows
--@ stability: stable
--@ null: no rows for NULL, and none for a signal that nobody has; `days_inactive` and `pct` are NULL where fewer than
--@   `min_population` accounts have it, `pct` also where there was nothing before, `stopped` where it goes on.
--@ errors: none of its own.
--@ example:
--@   SELECT signal, label, contribution, recent
--@   FROM health_population_rows((SELECT health_population(activity, '{"signals": {"login": 1}}', '2026-01-05')
--@     FROM (VALUES ('{"login": {"2026-01-03": 4}}'::health_activity), ('{"login": {"2026-01-03": 2}}')) AS v (activity)));
--@ output:
--@    signal | label | contribution | recent
--@   --------+-------+--------------+--------
--@    login  | Login |            4 |      4
CREATE FUNCTION health_population_rows(population health_population)
  RETURNS TABLE (signal text, label text, contribution float8, recent float8, days_inactive float8, pct float8, stopped date)
  AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE ROWS 20;
COMMENT ON FUNCTION health_population_rows(health_population) IS
  'a population''s medians of each signal. Of the peers, the more active half: contribution, in raw points, and recent, its measure over trend_days (per size where sizes were given). Of the accounts that had it, from min_population on: days_inactive, full days without it, and pct, change in percent against the trend_days before; stopped: its first day without anybody';

--@ type health_population_part
--@ stability: stable
--@ errors: 22P03 for bytes that are no part. They are to be kept or sent, not read, and need the same build on both sides.
--@ notes: Parts are merged, not compared: there is no `=`, so `UNION ALL` and not `UNION`.
CREATE TYPE health_population_part;

CREATE FUNCTION health_population_part_in(cstring) RETURNS health_population_part
  AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION health_population_part_in(cstring) IS 'input of health_population_part: bytes, as of bytea';
CREATE FUNCTION health_population_part_out(health_population_part) RETURNS cstring
  AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION health_population_part_out(health_population_part) IS 'output of health_population_part: bytes, as of bytea in hex';
CREATE FUNCTION health_population_part_recv(internal) RETURNS health_population_part
  AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION health_population_part_recv(internal) IS 'binary input of health_population_part';
CREATE FUNCTION health_population_part_send(health_population_part) RETURNS bytea
  AS 'byteasend' LANGUAGE internal IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION health_population_part_send(health_population_part) IS 'binary output of health_population_part';

CREATE TYPE health_population_part (
  INPUT = health_population_part_in, OUTPUT = health_population_part_out, RECEIVE = health_population_part_recv,
  SEND = health_population_part_send, INTERNALLENGTH = VARIABLE, ALIGNMENT = double, STORAGE = extended
);
COMMENT ON TYPE health_population_part IS
  'part of a population that others can be merged with: four numbers for each account and signal; made by health_population_part(activity, model, as_of)';

-- for @arguments@ | @types@
--   | activity health_activity, model health_model, as_of date                            | health_activity, health_model, date
--   | activity health_activity, model health_model, as_of date, size float8               | health_activity, health_model, date, float8
--   | activity health_activity, model health_model, as_of date, size float8, since date   | health_activity, health_model, date, float8, date
CREATE FUNCTION health_population_add(state health_population_part, @arguments@) RETURNS health_population_part
  AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE COST 200;
COMMENT ON FUNCTION health_population_add(health_population_part, @types@) IS 'transition of health_population and health_population_part; for the aggregates only';
-- end
CREATE FUNCTION health_population_combine(state health_population_part, part health_population_part) RETURNS health_population_part
  AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE COST 200;
COMMENT ON FUNCTION health_population_combine(health_population_part, health_population_part) IS 'combines two states; for the aggregates only';
CREATE FUNCTION health_population_final(state health_population_part) RETURNS health_population
  AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION health_population_final(health_population_part) IS 'result of health_population and health_population_merge; for the aggregates only';
CREATE FUNCTION health_population_part_final(state health_population_part) RETURNS health_population_part
  AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION health_population_part_final(health_population_part) IS 'a state as it is stored; for the aggregates only';

-- for @arguments@ | @types@ | @text@
--   | activity health_activity, model health_model, as_of date                            | health_activity, health_model, date                | of these accounts under a model at a date
--   | activity health_activity, model health_model, as_of date, size float8               | health_activity, health_model, date, float8        | of these accounts, per size (seats)
--   | activity health_activity, model health_model, as_of date, size float8, since date   | health_activity, health_model, date, float8, date  | of these accounts, per size and with the day each began
CREATE AGGREGATE health_population(@arguments@) (
  SFUNC = health_population_add, STYPE = health_population_part, SSPACE = 65536,
  COMBINEFUNC = health_population_combine, FINALFUNC = health_population_final, FINALFUNC_MODIFY = READ_ONLY, PARALLEL = SAFE
);
COMMENT ON AGGREGATE health_population(@types@) IS 'population @text@; NULL without any row that has a model and a date';
CREATE AGGREGATE health_population_part(@arguments@) (
  SFUNC = health_population_add, STYPE = health_population_part, SSPACE = 65536,
  COMBINEFUNC = health_population_combine, FINALFUNC = health_population_part_final, FINALFUNC_MODIFY = READ_ONLY, PARALLEL = SAFE
);
COMMENT ON AGGREGATE health_population_part(@types@) IS 'part of a population @text@, to be merged with others';
-- end
CREATE AGGREGATE health_population_merge(part health_population_part) (
  SFUNC = health_population_combine, STYPE = health_population_part, SSPACE = 65536,
  COMBINEFUNC = health_population_combine, FINALFUNC = health_population_final, FINALFUNC_MODIFY = READ_ONLY, PARALLEL = SAFE
);
COMMENT ON AGGREGATE health_population_merge(health_population_part) IS
  'population of parts that were made under one model at one date; exact in any order and any split';
