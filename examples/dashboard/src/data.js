// Loads what data.js has written: each file once, as objects, in the language of the page where there are words in it.
import { accountsPerFile } from './settings.js';

const arrived = new Map();
globalThis.dashboard = (name, table) => arrived.set(name, table);

const files = new Map();
function file(name) {
  if (!files.has(name)) {
    files.set(
      name,
      new Promise((resolve) => {
        const script = document.createElement('script');
        script.src = `data/${name}.js`;
        script.onload = () => resolve(arrived.get(name) ?? null);
        script.onerror = () => resolve(null);
        document.head.append(script);
      }),
    );
  }
  return files.get(name);
}

const objects = (table) =>
  table.rows.map((row) => Object.fromEntries(table.columns.map((column, i) => [column, row[i]])));

// The rows of a query, or null where the database has no such view.
async function rows(kind, name, part, language) {
  const suffix = part === undefined ? '' : `-${part}`;
  const table = await file(`${kind}/${name}${suffix}`);
  if (!table) return null;
  const words = table.languages.includes(language) ? await file(`${kind}/${name}.${language}${suffix}`) : null;
  const result = objects(table);
  words?.rows.forEach(
    (row, i) =>
      row &&
      words.columns.forEach((column, j) => {
        result[i][column] = row[j] ?? result[i][column];
      }),
  );
  return result;
}

export const book = (name, language) => rows('book', name, undefined, language);

// The rows of one account: place is its place in the rows of accounts.
export async function ofAccount(name, account, place, language) {
  const all = await rows('account', name, Math.floor(place / accountsPerFile), language);
  return all?.filter((row) => row.account_id === account) ?? null;
}
