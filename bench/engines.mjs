// DuckDB and ClickHouse, each in this process, on a columnar copy of their own:
//
//   node engines.mjs duckdb|clickhouse load|answers|run FOLDER [PATTERN]
//
// load copies FOLDER/*.csv and prints its seconds; answers writes FOLDER/<engine>_<task>.csv; run prints task, variant
// and milliseconds of each query whose name matches. A query that takes less than two seconds is run twice, and the
// second time counts: the same rule as for PostgreSQL. The tasks and the SQL forms are those of forms.sql.
import { writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const [engine, action, folder, pattern = ''] = process.argv.slice(2);
const require = createRequire(`${folder}/`);  // the packages lie where the data does, not beside this file

const half = '(ln(2) / 30)';  // no decimal literal: DuckDB would calculate in decimals, ten times slower
const curve = (x) => `100 * (1 - pow(0.1, least(greatest(${x}, 0), 1))) / 0.9`;
const points =
  'CASE WHEN c > 0 THEN c / gains * gained WHEN c < 0 THEN c / (gains - raw) * (gained - score) ELSE 0 END';

async function duckdb() {
  const { DuckDBInstance } = require('@duckdb/node-api');
  const connection = await (await DuckDBInstance.create(`${folder}/duckdb`, { threads: '2' })).connect();
  const query = async (sql) => (await connection.runAndReadAll(sql)).getRows();
  await query(`SET TimeZone = 'UTC'`);

  const window = `occurred_at >= TIMESTAMP '2025-10-03' AND occurred_at < TIMESTAMP '2026-01-01'`;
  const age = `(DATE '2025-12-31' - occurred_at::DATE)`;
  const baseline = `baseline AS (SELECT segment, quantile_cont(raw, 0.9) AS b
    FROM accounts JOIN raw USING (account_id) WHERE raw > 0 GROUP BY segment)`;
  const tasks = {};
  for (const [variant, suffix] of [['text', ''], ['enum', '_enum']]) {
    const events = `events${suffix} JOIN weights${suffix} USING (event)`;
    const raw = (weight) => `SELECT account_id, sum(${weight} * exp(-${half} * ${age})) AS raw
      FROM ${events} WHERE ${window} GROUP BY account_id`;
    const part = `SELECT account_id, event, sum(decay) FILTER (age < 90) AS now,
        sum(decay) FILTER (age >= 28 AND age < 118) AS before,
        count(*) FILTER (age < 28) AS recent, count(*) FILTER (age >= 28 AND age < 56) AS earlier, min(age) AS silent
      FROM (SELECT account_id, event, ${age} AS age, exp(-${half} * ${age}) AS decay
            FROM events${suffix} WHERE occurred_at < TIMESTAMP '2026-01-01') GROUP BY account_id, event`;
    const moved = `SELECT account_id, event, recent, earlier, silent, weight * coalesce(now, 0) AS c,
        weight * (coalesce(now, 0) - coalesce(before, 0) * pow(2, 28 / 30)) AS change
      FROM (${part}) JOIN weights${suffix} USING (event)`;
    const days = `SELECT account_id, ${age} AS age, sum(weight) AS weight
      FROM ${events} WHERE occurred_at < TIMESTAMP '2026-01-01' GROUP BY ALL`;
    for (const [task, weight] of [['score', 'weight'], ['what_if', 'other_weight']]) {
      tasks[`${task} ${variant}`] = `WITH raw AS (${raw(weight)}), ${baseline}
        SELECT account_id, ${curve('coalesce(raw, 0) / b')} AS score
        FROM accounts LEFT JOIN raw USING (account_id) JOIN baseline USING (segment)`;
    }
    tasks[`report ${variant}`] = `WITH moved AS (${moved}),
      raw AS (SELECT account_id, sum(c) AS raw, sum(greatest(c, 0)) AS gains FROM moved GROUP BY account_id),
      ${baseline},
      scored AS (SELECT account_id, raw, gains, ${curve('coalesce(raw, 0) / b')} AS score,
                        ${curve('gains / b')} AS gained
                 FROM accounts LEFT JOIN raw USING (account_id) JOIN baseline USING (segment)),
      ranked AS (SELECT *, row_number() OVER (PARTITION BY account_id ORDER BY abs(change) DESC, event) AS rank
                 FROM moved QUALIFY rank <= 5)
      SELECT account_id, score, drivers FROM scored LEFT JOIN (
        SELECT account_id, to_json(list({signal: event, points: ${points}, change: change,
                                         recent: recent, prior: earlier, days_inactive: silent} ORDER BY rank)) AS drivers
        FROM ranked JOIN scored USING (account_id) GROUP BY account_id) USING (account_id)`;
    tasks[`history ${variant}`] = history(days);
  }
  // A moving frame over every day of every account, which DuckDB computes with a segment tree.
  function history(days) {
    return `WITH grid AS (SELECT account_id, age, coalesce(weight, 0) * exp(${half} * (179 - age)) AS grown
        FROM (SELECT account_id, age FROM accounts, (SELECT range AS age FROM range(180)))
             LEFT JOIN (${days}) USING (account_id, age))
      SELECT account_id, DATE '2026-01-01' - age::INT AS as_of,
             sum(grown) OVER (PARTITION BY account_id ORDER BY age DESC ROWS 89 PRECEDING)
               * exp(-${half} * (179 - age)) AS raw
      FROM grid QUALIFY age < 90`;
  }
  tasks['kept_history'] = history('SELECT account_id, age, weight FROM account_day');

  return {
    version: async () => (await query('SELECT version()'))[0][0],
    tasks,
    async load() {
      const columns = {
        weights: `'event': 'VARCHAR', 'weight': 'DOUBLE', 'other_weight': 'DOUBLE'`,
        accounts: `'account_id': 'BIGINT', 'segment': 'VARCHAR'`,
        events: `'account_id': 'BIGINT', 'event': 'VARCHAR', 'occurred_at': 'TIMESTAMP'`,
      };
      for (const [table, list] of Object.entries(columns)) {
        await query(`CREATE TABLE ${table} AS FROM read_csv('${folder}/${table}.csv', columns = {${list}})`);
      }
      await query(`CREATE TYPE event_name AS ENUM (SELECT DISTINCT event FROM events ORDER BY event)`);
      await query(`CREATE TABLE weights_enum AS SELECT event::event_name AS event, weight, other_weight FROM weights`);
      await query(`CREATE TABLE events_enum AS SELECT account_id, event::event_name AS event, occurred_at FROM events`);
      await query(`CREATE TABLE account_day AS SELECT account_id, ${age} AS age, sum(weight) AS weight
        FROM events JOIN weights USING (event) WHERE occurred_at < TIMESTAMP '2026-01-01' GROUP BY ALL ORDER BY ALL`);
      await query('CHECKPOINT');
    },
    // Every column is read to the end, as an application would.
    run: (task) => query(`SELECT ${task.startsWith('report') ? 'sum(score), sum(length(drivers::VARCHAR))'
      : task.includes('history') ? 'count(as_of), sum(raw)' : 'sum(score)'} FROM (${tasks[task]})`),
    answer: (task, file, filter) =>
      query(`COPY (SELECT * FROM (${tasks[task]}) ${filter}) TO '${file}' (HEADER false)`),
  };
}

async function clickhouse() {
  const { Session } = require('chdb');
  const session = new Session(`${folder}/clickhouse`);
  const settings = 'SETTINGS max_threads = 2, optimize_aggregation_in_order = 0, join_use_nulls = 0';
  const query = (sql, format = 'CSV') => session.query(sql, format);
  if (action !== 'load') query('USE bench');

  const time = (day) => `toDateTime64('${day} 00:00:00', 6, 'UTC')`;
  const age = `(toInt32(toDate('2025-12-31')) - toInt32(toDate(occurred_at)))`;
  // A window function instead of a join: ClickHouse would compute the raw scores once for each time they are named.
  const baseline = 'quantileExactInclusiveIf(0.9)(raw, raw > 0) OVER (PARTITION BY segment) AS b';
  const tasks = {};
  for (const [variant, events] of [['by account', 'events'], ['by time', 'events_by_time']]) {
    // A lookup in two arrays instead of a join.
    const lookup = (weight) => `w AS (SELECT groupArray(event) AS names, groupArray(${weight}) AS list FROM weights),`;
    const weight = 'transform(event, (SELECT names FROM w), (SELECT list FROM w), 0.)';
    const raw = `SELECT account_id, sum(${weight} * exp(-${half} * ${age})) AS raw FROM ${events}
      WHERE occurred_at >= ${time('2025-10-03')} AND occurred_at < ${time('2026-01-01')} GROUP BY account_id`;
    const part = `SELECT account_id, event, sumIf(exp(-${half} * ${age}), ${age} < 90) AS now,
        sumIf(exp(-${half} * ${age}), ${age} >= 28 AND ${age} < 118) AS before, countIf(${age} < 28) AS recent,
        countIf(${age} >= 28 AND ${age} < 56) AS prior, min(${age}) AS silent
      FROM ${events} WHERE occurred_at < ${time('2026-01-01')} GROUP BY account_id, event`;
    const moved = `SELECT account_id, p.event AS event, recent, prior, silent, weight * now AS c,
        weight * (now - before * pow(2, 28 / 30)) AS change
      FROM (${part}) AS p JOIN weights AS w ON p.event = w.event`;
    for (const [task, weight] of [['score', 'weight'], ['what_if', 'other_weight']]) {
      tasks[`${task} ${variant}`] = `WITH ${lookup(weight)} raw AS (${raw})
        SELECT account_id, ${curve('raw / b')} AS score
        FROM (SELECT account_id, raw, ${baseline} FROM accounts LEFT JOIN raw USING (account_id))`;
    }
    tasks[`report ${variant}`] = `WITH moved AS (${moved}),
      account AS (SELECT account_id, sum(c) AS raw, sum(greatest(c, 0)) AS gains,
                         arraySlice(arraySort(t -> (-abs(t.3), t.1),
                           groupArray((toString(event), c, change, recent, prior, silent))), 1, 5) AS top
                  FROM moved GROUP BY account_id),
      scored AS (SELECT account_id, raw, gains, top, ${curve('raw / b')} AS score, ${curve('gains / b')} AS gained
                 FROM (SELECT account_id, raw, gains, top, ${baseline}
                       FROM accounts LEFT JOIN account USING (account_id)))
      SELECT account_id, score, toJSONString(arrayMap(t -> CAST(
        (t.1, ${points.replaceAll('c ', 't.2 ')}, t.3, t.4, t.5, t.6),
        'Tuple(signal String, points Float64, change Float64, recent Int64, prior Int64, days_inactive Int64)'), top)) AS drivers
      FROM scored`;
    // One dense array of days an account, running totals in it, differences of two of them.
    tasks[`history ${variant}`] = `WITH ${lookup('weight')} days AS (
        SELECT account_id, toUInt32(179 - ${age}) AS day, sum(${weight}) AS weight FROM ${events}
        WHERE occurred_at < ${time('2026-01-01')} GROUP BY account_id, day)
      SELECT account_id, toDate('2025-07-05') + day AS as_of, raw FROM (
        SELECT account_id, range(91, 181) AS list, 
               arrayCumSum(groupArrayInsertAt(0., 180)(weight * exp(${half} * day), day)) AS total,
               arrayMap(i -> (total[i] - total[i - 90]) * exp(-${half} * (i - 1)), list) AS raws
        FROM days GROUP BY account_id) ARRAY JOIN list AS day, raws AS raw`;
  }
  const file = (name, columns) => `file('${folder}/${name}.csv', CSV, '${columns}')`;
  return {
    version: () => query('SELECT version()').trim().replaceAll('"', ''),
    tasks,
    load() {
      query('CREATE DATABASE bench ENGINE = Atomic');
      query('USE bench');
      const weights = 'event String, weight Float64, other_weight Float64';
      const accounts = 'account_id Int64, segment String';
      query(`CREATE TABLE weights (${weights}) ENGINE = MergeTree ORDER BY event`);
      query(`CREATE TABLE accounts (${accounts}) ENGINE = MergeTree ORDER BY account_id`);
      const columns = `(account_id Int64, event LowCardinality(String), occurred_at DateTime64(6, 'UTC'))`;
      query(`CREATE TABLE events ${columns} ENGINE = MergeTree ORDER BY (account_id, occurred_at)`);
      query(`CREATE TABLE events_by_time ${columns} ENGINE = MergeTree ORDER BY occurred_at`);
      query(`INSERT INTO weights SELECT * FROM ${file('weights', weights)}`);
      query(`INSERT INTO accounts SELECT * FROM ${file('accounts', accounts)}`);
      const times = `account_id Int64, event String, occurred_at DateTime64(6, \\'UTC\\')`;
      query(`INSERT INTO events_by_time SELECT * FROM ${file('events', times)}`);
      query('INSERT INTO events SELECT * FROM events_by_time');
      query('OPTIMIZE TABLE events FINAL');
      query('OPTIMIZE TABLE events_by_time FINAL');
    },
    run: (task) => query(`${tasks[task]} ${settings}`, 'Null'),
    answer: (task, file, filter) => writeFileSync(file, query(`SELECT * FROM (${tasks[task]}) ${filter} ${settings}`)),
  };
}

let database;
try {
  database = await { duckdb, clickhouse }[engine]();
} catch (error) {
  console.error(`${engine} does not start: ${error.message}`);
  process.exit(3);
}
const timed = async (work) => {
  const start = performance.now();
  await work();
  return performance.now() - start;
};
if (action === 'load') {
  console.log([((await timed(database.load)) / 1000).toFixed(1), await database.version()].join('\t'));
} else if (action === 'answers') {  // [PATTERN] stands for the accounts whose history is compared: every n-th
  for (const task of Object.keys(database.tasks)) {
    const [name] = task.split(' ');
    const filter = name.endsWith('history') ? `WHERE account_id % ${pattern} = 0` : '';
    await database.answer(task, `${folder}/${engine}_${task.replaceAll(' ', '_')}.csv`, filter);
  }
} else {
  for (const task of Object.keys(database.tasks)) {
    const [name, ...variant] = task.split(' ');
    if (!new RegExp(pattern).test(`${engine}_${name}`)) continue;
    let ms = await timed(() => database.run(task));
    if (ms < 2000) ms = await timed(() => database.run(task));
    console.log([`${engine}_${name}`, variant.join(' '), ms.toFixed(2)].join('\t'));
  }
}
process.exit(0);
