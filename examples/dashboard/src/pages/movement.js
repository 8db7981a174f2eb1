// How the book moves between the bands.
import { fitted, weeksChart } from '../charts.js';
import { book } from '../data.js';
import { h } from '../dom.js';
import {
  absent,
  accountLink,
  bandLabel,
  cell,
  headCell,
  lowestBandFirst,
  portions,
  row,
  select,
  sum,
  table,
  unique,
} from '../parts.js';
import { settings } from '../settings.js';

export async function movement(say, { query, keep }) {
  const [accounts, weeks, moves] = await Promise.all(
    ['accounts', 'weeks', 'moves'].map((name) => book(name, say.language)),
  );
  const title = say.t('movement');
  if (!weeks || !moves) return { title, content: [absent(say, 'band_history')] };
  const byId = new Map(accounts.map((account) => [account.account_id, account]));
  const bands = unique(weeks.map((week) => week.band)).sort(lowestBandFirst),
    dates = unique(weeks.map((week) => week.as_of));
  const count = (day, band, what) =>
    sum(weeks.filter((week) => week.as_of === day && week.band === band).map((week) => week[what]));

  let days = query.days === '28' ? '28' : '7';
  const place = h('div');
  function show() {
    const rows = moves.filter((move) => byId.has(move.account_id) && move[`band_${days}`] !== move.band_now);
    const flows = unique(rows.map((move) => JSON.stringify([move[`band_${days}`], move.band_now])))
      .map((key) => JSON.parse(key))
      .sort(([a, b], [c, d]) => lowestBandFirst(b, d) || lowestBandFirst(a, c));
    const among = ([from, to]) =>
      rows
        .filter((move) => move[`band_${days}`] === from && move.band_now === to)
        .map((move) => byId.get(move.account_id));
    const was = (band) => (band === null ? say.t('newcomer') : bandLabel(say, band));
    const body = h('tbody', { role: 'rowgroup' });
    const more = portions(
      say,
      body,
      rows,
      (move) => {
        const account = byId.get(move.account_id),
          before = move[`score_${days}`];
        return row(
          headCell(accountLink(account), h('small', {}, account.csm)),
          cell('from', say.t('from'), was(move[`band_${days}`])),
          cell('to', say.t('to'), bandLabel(say, move.band_now)),
          cell(
            'number',
            say.t('score'),
            before === null ? '' : `${say.whole(Math.floor(before))} → `,
            h('b', {}, say.whole(Math.floor(move.score_now))),
            move.crossed_on === null
              ? null
              : h(
                  'small',
                  {},
                  say.t('crossed', { score: Math.floor(move.crossed_score), date: say.day(move.crossed_on) }),
                ),
          ),
          cell('arr', say.t('arr'), say.money(account.arr)),
          cell('risk', say.t('risk'), account.main_risk),
        );
      },
      settings.rows,
    );
    place.replaceChildren(
      ...(rows.length
        ? [
            h(
              'ul',
              { class: 'flows', 'aria-label': say.t('flows') },
              flows.map((flow) =>
                h(
                  'li',
                  {},
                  was(flow[0]),
                  ' → ',
                  bandLabel(say, flow[1]),
                  h('b', {}, say.t('accounts', { n: among(flow).length })),
                  h('span', { class: 'quiet' }, say.moneyShort(sum(among(flow).map((a) => a.arr)))),
                ),
              ),
            ),
            table(
              'moved',
              [
                say.t('account'),
                say.t('from'),
                say.t('to'),
                { text: say.t('score'), class: 'number' },
                { text: say.t('arr'), class: 'arr' },
                say.t('risk'),
              ],
              body,
            ),
            more,
          ]
        : [h('p', { class: 'note' }, say.t('nobody'))]),
    );
  }
  show();

  return {
    title,
    content: [
      h(
        'section',
        {},
        h('h2', {}, say.t('weeks')),
        h('p', { class: 'lead' }, say.t('weeksMore')),
        h(
          'p',
          { class: 'legend', 'aria-hidden': 'true' },
          [...bands].reverse().map((band) => bandLabel(say, band)),
        ),
        fitted((width) => weeksChart(say, weeks, width, say.t('weeks'))),
        h(
          'details',
          {},
          h('summary', {}, say.t('asTable')),
          table(
            'weeks',
            [say.t('week'), ...bands.map((band) => ({ text: say.name('band', band), class: 'number' }))],
            h(
              'tbody',
              { role: 'rowgroup' },
              [...dates].reverse().map((day) =>
                row(
                  headCell(say.date(day)),
                  bands.map((band) =>
                    cell(
                      'number',
                      say.name('band', band),
                      say.whole(count(day, band, 'accounts')),
                      h('small', {}, say.moneyShort(count(day, band, 'arr'))),
                    ),
                  ),
                ),
              ),
            ),
          ),
        ),
      ),
      h(
        'section',
        {},
        h('h2', {}, say.t('moved')),
        h('p', { class: 'lead' }, say.t('movedMore')),
        h(
          'div',
          { class: 'controls' },
          select(
            say.t('period'),
            [
              ['7', say.t('last7')],
              ['28', say.t('last28')],
            ],
            days,
            (value) => {
              days = value;
              keep(days === '7' ? {} : { days });
              show();
            },
          ),
        ),
        place,
      ),
    ],
  };
}
