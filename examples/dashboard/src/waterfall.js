// Waterfalls as tables: a row per signal, with its bar, its words and its number.
import { h } from './dom.js';
import { cell, headCell, row, table } from './parts.js';

const tenths = (value) => Math.floor(value * 10 + 1e-4);

// Tenths that add up to the total as it is shown: each is rounded down, and what is missing goes to the largest remainders.
export function addingUp(values, total) {
  const parts = values.map(tenths);
  const missing = total - parts.reduce((a, b) => a + b, 0);
  values
    .map((value, i) => [value * 10 - parts[i], i])
    .sort((a, b) => b[0] - a[0])
    .slice(0, missing)
    .forEach(([, i]) => {
      parts[i] += 1;
    });
  return parts;
}

// The label, and what is said of it: most sentences begin with the label.
function words(say, { label, kind, text }) {
  const name = label ?? say.name('kind', kind);
  return text?.startsWith(name)
    ? [name, h('span', { class: 'said' }, text.slice(name.length))]
    : [name, h('small', {}, text)];
}

function waterfall(say, drivers, { name, from, to, first, last, number, caption }) {
  const parts = addingUp(
    drivers.map((driver) => driver[number]),
    to - from,
  );
  const rows = drivers.map((driver, i) => ({ driver, part: parts[i] })).sort((a, b) => b.part - a.part);
  let at = from;
  const ends = rows.map(({ part }) => [at, (at += part)]);
  const all = [...ends.flat(), from, to, ...(number === 'points' ? [0] : [])];
  // A change of some points is drawn across the whole width, not as a sliver of 100.
  const span = Math.max(...all) - Math.min(...all) || 1,
    margin = number === 'points' ? 0 : span * 0.08;
  const low = Math.max(number === 'points' ? -Infinity : 0, Math.min(...all) - margin),
    high = Math.max(low + 1, Math.max(...all) + margin);
  const percent = (value) => `${((100 * (value - low)) / (high - low)).toFixed(2)}%`;
  const bar = (a, b, kind) =>
    h(
      'div',
      { class: 'bars', 'aria-hidden': 'true' },
      h('div', {
        class: `bar ${kind}`,
        style: { left: percent(Math.min(a, b)), width: percent(low + Math.abs(b - a)) },
      }),
      low < 0 && h('div', { class: 'zero', style: { left: percent(0) } }),
      h('div', { class: 'joint', style: { left: percent(b) } }),
    );
  // The page shows whole scores, rounded down: 64.6 as 64.
  const total = (label, value) =>
    h(
      'tr',
      { role: 'row', class: 'total' },
      headCell(label, value % 10 ? h('small', {}, say.t('shownAs', { score: Math.floor(value / 10) })) : null),
      cell('bar', '', number === 'points' ? bar(0, value, 'whole') : bar(value, value, 'point')),
      cell('number', say.t('points'), say.tenth(value / 10)),
    );
  return table(
    `waterfall ${name}`,
    [say.t('signal'), { text: '', class: 'bar' }, { text: say.t(number), class: 'number' }],
    h(
      'tbody',
      { role: 'rowgroup' },
      first && total(first, from),
      rows.map(({ driver, part }, i) =>
        row(
          headCell(words(say, driver)),
          cell('bar', '', bar(...ends[i], part < 0 ? 'loss' : 'gain')),
          cell('number', say.t(number), say.tenthSigned(part / 10)),
        ),
      ),
      total(last, to),
    ),
    caption,
  );
}

export function pointsWaterfall(say, account, drivers) {
  const counted = drivers.filter((driver) => driver.points),
    none = drivers.filter((driver) => !driver.points && driver.signal !== null);
  if (!counted.length && account.flags?.split(',').includes('no_activity'))
    return h('p', { class: 'note' }, say.t('noUsage'));
  return [
    waterfall(say, counted, {
      name: 'points',
      from: 0,
      to: tenths(account.score),
      last: say.t('total'),
      number: 'points',
      caption: say.t('waterfall'),
    }),
    none.length
      ? h(
          'p',
          { class: 'note' },
          say.t('zero', { list: none.map((driver) => driver.text ?? driver.label).join(' · ') }),
        )
      : null,
  ];
}

export function changeWaterfall(say, account, drivers, earlier) {
  if (account.previous_score === null) return h('p', { class: 'note' }, say.t('noEarlier'));
  const moved = drivers.filter((driver) => driver.change);
  if (!moved.length) return h('p', { class: 'note' }, say.t('noChange'));
  return waterfall(say, moved, {
    name: 'changes',
    from: tenths(account.previous_score),
    to: tenths(account.score),
    first: say.t('before', { date: say.day(earlier) }),
    last: say.t('now', { date: say.day(account.as_of) }),
    number: 'change',
    caption: say.t('changes'),
  });
}
