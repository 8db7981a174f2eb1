// The scoreboard: figures per band, then all accounts, to search, sort and filter.
import { book } from '../data.js';
import { h } from '../dom.js';
import {
  accountLink,
  bandLabel,
  cell,
  headCell,
  lowestBandFirst,
  portions,
  row,
  scoreAndBand,
  select,
  sparkline,
  sum,
  table,
  trend,
  unique,
} from '../parts.js';
import { settings } from '../settings.js';

const last = (value) => (value === null || value === undefined ? Infinity : value);
const orders = {
  // nobody's score and no ARR come last
  urgency: (a, b) => lowestBandFirst(a.band, b.band) || (b.arr ?? -1) - (a.arr ?? -1),
  score: (a, b) => last(a.score) - last(b.score),
  change: (a, b) => last(a.score_change) - last(b.score_change),
  arr: (a, b) => (b.arr ?? -1) - (a.arr ?? -1),
  name: (a, b, compare) => compare(a.name ?? '', b.name ?? ''),
  csm: (a, b, compare) => compare(a.csm ?? '', b.csm ?? ''),
};

export function figures(say, accounts, band, choose) {
  const arr = sum(accounts.map((account) => account.arr));
  const tile = (key, label, rows) => {
    const content = [
      h('span', { class: 'what' }, label),
      h('span', { class: 'count' }, say.whole(rows.length)),
      h('span', { class: 'money' }, say.moneyShort(sum(rows.map((r) => r.arr)))),
      h(
        'span',
        { class: 'share' },
        say.t('ofAll', { percent: say.percent(arr ? sum(rows.map((r) => r.arr)) / arr : 0) }),
      ),
    ];
    return choose
      ? h(
          'button',
          { class: 'tile', 'data-band': key, 'aria-pressed': String(key === band), onclick: () => choose(key) },
          content,
        )
      : h('div', { class: 'tile', 'data-band': key }, content);
  };
  return h(
    'div',
    { class: 'tiles' },
    tile('', say.t('all'), accounts),
    unique(accounts.map((account) => account.band))
      .sort(lowestBandFirst)
      .map((name) =>
        tile(
          name ?? 'none',
          bandLabel(say, name),
          accounts.filter((account) => account.band === name),
        ),
      ),
  );
}

export async function board(say, { query, keep }) {
  const [accounts, lines] = await Promise.all([book('accounts', say.language), book('lines', say.language)]);
  const lineOf = new Map(lines?.map((line) => [line.account_id, line.line]));
  const state = { q: '', band: '', segment: '', csm: '', flag: '', sort: 'urgency', down: '', ...query };
  if (!orders[state.sort]) state.sort = 'urgency';
  const text = new Map(
    accounts.map((a) => [a, [a.name, a.main_risk, a.next_step].join('\n').toLocaleLowerCase(say.locale)]),
  );

  const tiles = h('div'),
    count = h('p', { class: 'shown', role: 'status' }),
    body = h('tbody', { role: 'rowgroup' }),
    foot = h('div');
  const search = h('input', {
    type: 'search',
    placeholder: say.t('searchHint'),
    value: state.q,
    oninput: (event) => change({ q: event.target.value }),
  });
  const controls = h('div', { class: 'controls' });
  const heads = [
    ['name', 'account'],
    ['score', 'score'],
    ['change', 'change'],
    [null, 'line'],
    [null, 'risk'],
    [null, 'step'],
    ['arr', 'arr'],
    ['csm', 'csm'],
  ];
  const buttons = new Map();
  const columns = heads.map(([order, key]) => {
    if (!order) return { text: say.t(key), class: key };
    const head = h(
      'th',
      { role: 'columnheader', scope: 'col', class: key },
      h(
        'button',
        { onclick: () => change(state.sort === order ? { down: state.down ? '' : '1' } : { sort: order, down: '' }) },
        say.t(key),
        h('span', { class: 'mark', 'aria-hidden': 'true' }),
      ),
    );
    buttons.set(order, head);
    return head;
  });

  function change(values) {
    Object.assign(state, values);
    keep(
      Object.fromEntries(
        Object.entries(state).filter(([key, value]) => value && !(key === 'sort' && value === 'urgency')),
      ),
    );
    show();
  }
  function choices(column) {
    const names = unique(accounts.map((account) => account[column]).filter((value) => value !== null)).sort(
      say.compare,
    );
    return [['', say.t('every')], ...names.map((name) => [name, say.name(column, name)])];
  }
  function showControls() {
    const flags = unique(accounts.flatMap((account) => account.flags?.split(',') ?? [])).sort();
    controls.replaceChildren(
      h('label', { class: 'search' }, h('span', {}, say.t('search')), search),
      select(say.t('segment'), choices('segment'), state.segment, (segment) => change({ segment })),
      select(say.t('csm'), choices('csm'), state.csm, (csm) => change({ csm })),
      flags.length
        ? select(
            say.t('flag'),
            [['', say.t('every')], ...flags.map((flag) => [flag, say.name('flagName', flag)])],
            state.flag,
            (flag) => change({ flag }),
          )
        : '',
      select(
        say.t('sort'),
        Object.keys(orders).map((order) => [order, say.t(`sort${order[0].toUpperCase()}${order.slice(1)}`)]),
        state.sort,
        (sort) => change({ sort, down: '' }),
      ),
      h(
        'button',
        {
          class: 'plain',
          onclick: () => {
            search.value = '';
            change({ q: '', band: '', segment: '', csm: '', flag: '' });
            showControls();
          },
        },
        say.t('clear'),
      ),
    );
  }
  function show() {
    const q = state.q.trim().toLocaleLowerCase(say.locale);
    const fits = (account) =>
      (!state.segment || account.segment === state.segment) &&
      (!state.csm || account.csm === state.csm) &&
      (!state.flag || account.flags?.split(',').includes(state.flag)) &&
      (!q || text.get(account).includes(q));
    const before = accounts.filter(fits);
    const rows = before
      .filter((account) => !state.band || (account.band ?? 'none') === state.band)
      .sort((a, b) => orders[state.sort](a, b, say.compare) || say.compare(a.name ?? '', b.name ?? ''));
    if (state.down) rows.reverse();
    for (const [order, head] of buttons) {
      const direction = state.sort !== order ? null : (order === 'arr') === !state.down ? 'descending' : 'ascending';
      head.setAttribute('aria-sort', direction ?? 'none');
      head.querySelector('.mark').textContent = direction === null ? '' : direction === 'ascending' ? ' ↑' : ' ↓';
    }
    const focused = tiles.contains(document.activeElement) && document.activeElement.dataset.band;
    tiles.replaceChildren(
      figures(say, before, state.band, (band) => change({ band: state.band === band ? '' : band })),
    );
    if (focused !== false)
      [...tiles.querySelectorAll('button')].find((button) => button.dataset.band === focused)?.focus();
    count.textContent = rows.length ? say.t('shown', { n: rows.length, total: accounts.length }) : say.t('none');
    controls.querySelectorAll('label:last-of-type select').forEach((element) => {
      element.value = state.sort;
    });
    foot.replaceChildren(portions(say, body, rows, line, settings.rows));
  }
  const line = (account) =>
    row(
      headCell(
        accountLink(account),
        h(
          'small',
          {},
          say.name('segment', account.segment),
          account.csm && h('span', { class: 'csm' }, ` · ${account.csm}`),
        ),
      ),
      cell('score', say.t('score'), scoreAndBand(say, account)),
      cell('change', say.t('change'), trend(say, account)),
      cell('line', say.t('line'), sparkline(say, lineOf.get(account.account_id), account.band)),
      cell('risk', say.t('risk'), account.main_risk ?? h('span', { class: 'quiet' }, say.t('nothing'))),
      cell('step', say.t('step'), account.next_step),
      cell('arr', say.t('arr'), say.money(account.arr)),
      cell('csm', say.t('csm'), account.csm),
    );

  showControls();
  show();
  return {
    title: say.t('board'),
    wide: true,
    content: [tiles, controls, count, table('accounts', columns, body), foot],
  };
}
