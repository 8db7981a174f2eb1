// One account: what to say, what to do, where the points come from and what moved them.
import { fitted, historyChart } from '../charts.js';
import { book, ofAccount } from '../data.js';
import { h } from '../dom.js';
import { absent, bandLabel, moved, trend } from '../parts.js';
import { changeWaterfall, pointsWaterfall } from '../waterfall.js';

const daysBefore = (iso, days) => new Date(Date.parse(`${iso}T00:00:00Z`) - days * 864e5).toISOString().slice(0, 10);

export async function account(say, { id }) {
  const accounts = await book('accounts', say.language);
  const place = accounts.findIndex((row) => row.account_id === id),
    found = accounts[place];
  const back = h('p', { class: 'back' }, h('a', { href: '#/' }, '← ', say.t('back')));
  if (!found)
    return {
      title: say.t('account'),
      before: back,
      content: [h('p', { class: 'note' }, say.t('unknownAccount', { id }))],
    };
  const [drivers, histories, segments] = await Promise.all([
    ofAccount('drivers', id, place, say.language),
    ofAccount('history', id, place, say.language),
    book('segments', say.language),
  ]);
  const days = segments.find((segment) => segment.segment === found.segment)?.trend_days ?? 28;
  const earlier = daysBefore(found.as_of, days);
  const fact = (label, value, size = '') =>
    value === null || value === '' ? null : h('div', { class: `fact ${size}` }, h('dt', {}, label), h('dd', {}, value));
  const scored = found.score !== null && drivers?.length;
  const points = () =>
    h(
      'section',
      {},
      h('h2', {}, say.t('waterfall')),
      h('p', { class: 'lead' }, say.t('waterfallMore')),
      pointsWaterfall(say, found, drivers),
    );
  const changes = () =>
    h(
      'section',
      {},
      h('h2', {}, say.t('changes')),
      found.previous_score === null
        ? null
        : h('p', { class: 'lead' }, say.t('changesMore', { date: say.date(earlier) })),
      changeWaterfall(say, found, drivers, earlier),
    );
  return {
    title: found.name,
    before: back,
    content: [
      h(
        'div',
        { class: 'summary' },
        h(
          'div',
          {
            class: 'big',
            role: 'img',
            'aria-label': say.t('scoreOf', {
              score: found.score_shown ?? say.t('noScore'),
              band: say.name('band', found.band ?? 'none'),
            }),
          },
          h('span', { class: 'score' }, found.score_shown === null ? '–' : say.whole(found.score_shown)),
          bandLabel(say, found.band),
          trend(say, found),
        ),
        h('p', { class: 'reason' }, found.reason),
      ),
      h(
        'dl',
        { class: 'facts' },
        fact(say.t('risk'), found.main_risk, 'widest'),
        fact(say.t('step'), found.next_step, 'wide'),
        fact(say.t('opportunity'), found.main_opportunity, 'wide'),
        fact(say.t('arr'), say.money(found.arr)),
        fact(say.t('csm'), found.csm),
        fact(say.t('segment'), say.name('segment', found.segment)),
        fact(say.t('daysInactive'), found.days_inactive ? say.whole(found.days_inactive) : null),
        fact(
          say.t('flags'),
          found.flags?.split(',').map((flag) => h('div', {}, say.explain('flag', flag) ?? flag)) ?? null,
          'wide',
        ),
      ),
      h(
        'section',
        {},
        h('h2', {}, say.t('history')),
        histories === null ? absent(say, 'band_history') : history(say, found, histories[0]),
      ),
      scored
        ? h(
            'div',
            { class: 'pair' },
            moved(found) ? [changes(), points()] : [points(), changes()],
          )
        : null,
    ],
  };
}

function history(say, { as_of: today }, found) {
  if (!found) return h('p', { class: 'note' }, say.t('noEarlier'));
  const days = found.ago.map((ago, i) => ({ day: daysBefore(today, ago), score: found.scores[i] }));
  const shown = (score) => say.whole(Math.floor(score)),
    scores = found.scores;
  const label = say.t('historyLabel', {
    from: say.date(days[0].day),
    to: say.date(days.at(-1).day),
    low: shown(Math.min(...scores)),
    high: shown(Math.max(...scores)),
    last: shown(scores.at(-1)),
  });
  return [
    fitted((width) => historyChart(say, days, found.alerts ?? [], width, label)),
    found.alerts
      ? h(
          'ol',
          { class: 'told' },
          found.alerts.map(({ as_of: day, alert }) =>
            h('li', {}, `${say.day(day)} `, h('b', {}, say.name('alert', alert))),
          ),
        )
      : null,
  ];
}
