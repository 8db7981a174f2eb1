// Runs the queries and writes their rows beside the site: node data.js FOLDER. The database is that of libpq's variables
// (PGHOST, PGDATABASE, ...) or of DATABASE_URL.
//
//   queries/book/NAME.sql       becomes FOLDER/book/NAME.js, which a page loads when it needs it
//   queries/account/NAME.sql    the rows of some accounts each: FOLDER/account/NAME-0.js, NAME-1.js, ...
//   queries/.../NAME.fr.sql     French words for NAME: its columns take the place of those of NAME; rows are matched by the
//                               columns in `keys` that it has
//
// The files are JSON in a call, since a page that is opened from a folder may load scripts and nothing else.
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { accountsPerFile } from './src/settings.js';

const keys = ['account_id', 'as_of', 'rank', 'segment', 'signal'];
const queries = path.join(path.dirname(fileURLToPath(import.meta.url)), 'queries');
const folder = process.argv[2];
if (!folder) throw new Error('usage: node data.js FOLDER');

// Dates stay text, as a Date would move them through the time zone of this machine.
const types = { 20: Number, 1700: Number, 1082: String };
const client = new pg.Client({
  connectionString: process.env.DATABASE_URL,
  user: process.env.DATABASE_URL ? undefined : (process.env.PGUSER ?? os.userInfo().username),
  types: { getTypeParser: (oid, format) => types[oid] ?? pg.types.getTypeParser(oid, format) },
});

// The rows of a query as arrays; null where a table or view that it reads is not there, which leaves its page empty.
async function run(kind, name) {
  await client.query('SAVEPOINT query');
  try {
    const text = await readFile(path.join(queries, kind, `${name}.sql`), 'utf8');
    const { fields, rows } = await client.query({ text, rowMode: 'array' });
    return { columns: fields.map((field) => field.name), rows };
  } catch (error) {
    if (error.code !== '42P01' || name === 'accounts') {
      throw new Error(`queries/${kind}/${name}.sql: ${error.message}`, { cause: error });
    }
    await client.query('ROLLBACK TO SAVEPOINT query');
    console.warn(`without queries/${kind}/${name}.sql: ${error.message}`);
    return null;
  }
}

// The words of a translation in the order of the rows that they belong to, null where there are none.
function align(words, table) {
  const shared = words.columns.filter((column) => keys.includes(column));
  const indexes = (columns, wanted) => wanted.map((column) => columns.indexOf(column));
  const key = (row, at) => JSON.stringify(at.map((index) => row[index]));
  const inWords = indexes(words.columns, shared),
    inTable = indexes(table.columns, shared);
  const texts = words.columns.filter((column) => !shared.includes(column)),
    at = indexes(words.columns, texts);
  const found = new Map(words.rows.map((row) => [key(row, inWords), at.map((index) => row[index])]));
  return { columns: texts, rows: table.rows.map((row) => found.get(key(row, inTable)) ?? null) };
}

async function write(to, name, table) {
  await writeFile(path.join(to, `${name}.js`), `dashboard(${JSON.stringify(name)}, ${JSON.stringify(table)});\n`);
}

async function writeAll(to) {
  const places = new Map(); // of the accounts, in the order of accounts.sql
  for (const kind of ['book', 'account']) {
    await mkdir(path.join(to, kind), { recursive: true });
    const tables = new Map();
    // accounts.sql first; a query before its translations.
    const names = (await readdir(path.join(queries, kind)))
      .filter((file) => file.endsWith('.sql'))
      .map((file) => file.slice(0, -4))
      .sort((a, b) => a.split('.').length - b.split('.').length || (a < b ? -1 : 1));
    for (const name of names) {
      const base = tables.get(name.split('.')[0]);
      let table = await run(kind, name);
      if (name.includes('.')) table = table && base && align(table, base);
      else if (table)
        table.languages = names.filter((other) => other.startsWith(`${name}.`)).map((other) => other.split('.')[1]);
      tables.set(name, table);
      if (name === 'accounts') {
        const id = table.columns.indexOf('account_id');
        table.rows.forEach((row, place) => places.set(row[id], Math.floor(place / accountsPerFile)));
      }
      if (kind === 'book') await write(to, `book/${name}`, table);
      else await writeParts(to, name, table, base ?? table, places);
    }
  }
  return places.size;
}

async function writeParts(to, name, table, base, places) {
  const parts = Array.from({ length: Math.ceil(places.size / accountsPerFile) }, () => table && { ...table, rows: [] });
  const id = base ? base.columns.indexOf('account_id') : -1;
  table?.rows.forEach((row, index) => parts[places.get(base.rows[index][id])]?.rows.push(row));
  for (const [part, rows] of parts.entries()) await write(to, `account/${name}-${part}`, rows);
}

const fresh = `${folder}.new`;
try {
  await client.connect();
  // All queries see the same moment.
  await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
  await rm(fresh, { recursive: true, force: true });
  const accounts = await writeAll(fresh);
  await rm(folder, { recursive: true, force: true });
  await rename(fresh, folder);
  console.log(`${accounts} accounts`);
} catch (error) {
  console.error(`error: ${error.message}`);
  if (error.code === 'ECONNREFUSED' || error.code === 'ENOENT')
    console.error('Which database? Set PGHOST, PGDATABASE and PGUSER, or DATABASE_URL.');
  process.exitCode = 1;
} finally {
  await rm(fresh, { recursive: true, force: true });
  await client.end();
}
