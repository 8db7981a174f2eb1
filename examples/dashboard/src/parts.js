// Pieces that several pages share.
import { h } from './dom.js';

export const bandOrder = ['red', 'yellow', 'green'];
export const bandClass = (band) => (bandOrder.includes(band) ? band : 'other');

// A shape of its own for each band, besides colour and word: a triangle down, a diamond, a circle, and a square for others.
const shapes = { red: '1,2 15,2 8,15', yellow: '8,0 16,8 8,16 0,8', other: '2,2 14,2 14,14 2,14' };
export function shape(band) {
  const kind = bandClass(band);
  return h(
    'svg',
    { class: `shape ${kind}`, viewBox: '0 0 16 16', 'aria-hidden': 'true' },
    kind === 'green' ? h('circle', { cx: 8, cy: 8, r: 7.5 }) : h('polygon', { points: shapes[kind] }),
  );
}

export const bandLabel = (say, band) =>
  h('span', { class: `band ${bandClass(band)}` }, shape(band), say.name('band', band ?? 'none'));

export const scoreAndBand = (say, row) => [
  h('span', { class: 'score' }, row.score_shown === null ? '–' : say.whole(row.score_shown)),
  ' ',
  bandLabel(say, row.band),
];

// As sentences tell it: the difference of the scores that are shown.
export const moved = (row) =>
  row.score_shown === null || row.previous_score === null ? null : row.score_shown - Math.floor(row.previous_score);

const arrows = { up: '↑', down: '↓', flat: '→' };
export const trend = (say, row) =>
  row.trend === null
    ? null
    : h(
        'span',
        { class: `trend ${row.trend}` },
        h('span', { 'aria-hidden': 'true', class: 'arrow' }, arrows[row.trend]),
        h('span', { class: 'quiet' }, ` ${say.name('trend', row.trend)} `),
        say.wholeSigned(moved(row)),
      );

// The scores of weeks on the fixed scale of 0 to 100; a short one ends at the right as well.
export function sparkline(say, scores, band, weeks = 13) {
  if (!scores?.length) return null;
  const x = (i) => 2 + (i + weeks - scores.length) * (96 / (weeks - 1)),
    y = (score) => 26 - score * 0.24;
  const points = scores.map((score, i) => `${x(i).toFixed(1)},${y(score).toFixed(1)}`);
  return h(
    'svg',
    { class: 'line', viewBox: '0 0 100 28', role: 'img', 'aria-label': say.t('lineOf', { scores: scores.join(', ') }) },
    h('line', { x1: 0, x2: 100, y1: 26, y2: 26, class: 'axis' }),
    h('polyline', { points: points.join(' ') }),
    h('circle', { cx: x(scores.length - 1), cy: y(scores.at(-1)), r: 3, class: bandClass(band) }),
  );
}

export const accountLink = (account, children = account.name) =>
  h('a', { href: `#/account/${encodeURIComponent(account.account_id)}` }, children);

export function select(label, options, value, onchange) {
  return h(
    'label',
    {},
    h('span', {}, label),
    h(
      'select',
      { onchange: (event) => onchange(event.target.value) },
      options.map(([key, text]) => h('option', { value: key, selected: key === value }, text)),
    ),
  );
}

const files = { ten_today: 'book.sql', account_activity: 'views.sql' };
export const absent = (say, view) =>
  h('p', { class: 'note' }, say.t('absent', { view, file: `examples/${files[view] ?? 'history.sql'}` }));

// A table that is a list of cards on a phone; roles, since display: block would take the meaning away.
export function table(name, columns, body, caption) {
  return h(
    'div',
    { class: 'scroll' },
    h(
      'table',
      { class: name, role: 'table' },
      caption && h('caption', {}, caption),
      h(
        'thead',
        { role: 'rowgroup' },
        h(
          'tr',
          { role: 'row' },
          columns.map((column) =>
            column instanceof Node
              ? column
              : h('th', { role: 'columnheader', scope: 'col', class: column.class }, column.text ?? column),
          ),
        ),
      ),
      body,
    ),
  );
}
export const row = (...cells) => h('tr', { role: 'row' }, cells);
export const cell = (className, label, ...children) =>
  h('td', { role: 'cell', class: className, 'data-label': label }, children);
export const headCell = (...children) => h('th', { role: 'rowheader', scope: 'row' }, children);

export const unique = (values) => [...new Set(values)];
export const sum = (values) => values.reduce((total, value) => total + (value ?? 0), 0);
export const lowestBandFirst = (a, b) => place(a) - place(b);
const place = (band) => (bandOrder.includes(band) ? bandOrder.indexOf(band) : bandOrder.length);

// Rows in portions: as many thousands as there are would take the browser seconds.
export function portions(say, body, rows, make, size) {
  const button = h('button', { class: 'more', onclick: () => show() });
  let shown = 0;
  function show() {
    body.append(...rows.slice(shown, shown + size).map(make));
    const first = body.children[shown];
    if (shown > 0) first?.querySelector('a, button')?.focus();
    shown = Math.min(rows.length, shown + size);
    button.hidden = shown === rows.length;
    button.textContent = say.t('more', { n: Math.min(size, rows.length - shown) });
  }
  body.replaceChildren();
  show();
  return button;
}
