// The risk feed: what was told, day by day.
import { book } from '../data.js';
import { h } from '../dom.js';
import { absent, accountLink, bandClass, portions, select, shape, unique } from '../parts.js';
import { settings } from '../settings.js';

export async function alerts(say, { query, keep }) {
  const [accounts, feed] = await Promise.all([book('accounts', say.language), book('alerts', say.language)]);
  const title = say.t('alerts'),
    lead = h('p', { class: 'lead' }, say.t('alertsMore'));
  if (!feed) return { title, content: [absent(say, 'alert_feed')] };
  if (!feed.length) return { title, content: [lead, h('p', { class: 'note' }, say.t('noAlerts'))] };
  const byId = new Map(accounts.map((account) => [account.account_id, account]));
  const state = { kind: '', to: '', ...query };
  const list = h('div', { class: 'feed' }),
    count = h('p', { class: 'shown', role: 'status' }),
    foot = h('div');
  const options = (column) => [
    ['', say.t('every')],
    ...unique(feed.map((alert) => alert[column]).filter((value) => value !== null))
      .sort(say.compare)
      .map((value) => [value, say.name('alert', value)]),
  ];
  const change = (values) => {
    Object.assign(state, values);
    keep(Object.fromEntries(Object.entries(state).filter(([, value]) => value)));
    show();
  };
  function show() {
    const rows = feed.filter(
      (alert) =>
        byId.has(alert.account_id) &&
        (!state.kind || alert.alert === state.kind) &&
        (!state.to || alert.goes_to === state.to),
    );
    count.textContent = rows.length ? say.t('shownAlerts', { n: rows.length }) : say.t('noAlertFits');
    let day = null;
    foot.replaceChildren(
      portions(
        say,
        list,
        rows,
        (alert) => {
          const account = byId.get(alert.account_id),
            head = alert.as_of === day ? null : h('h2', {}, say.weekday((day = alert.as_of)));
          return h(
            'div',
            { class: 'item' },
            head,
            h(
              'article',
              { class: bandClass(alert.band) },
              h(
                'h3',
                {},
                h(
                  'span',
                  { class: 'kind' },
                  shape(alert.band),
                  ' ',
                  say.name('alert', alert.alert),
                ),
                accountLink(account),
                h('span', { class: 'quiet' }, say.money(alert.arr)),
              ),
              h('p', {}, alert.reason),
              h(
                'p',
                { class: 'next' },
                alert.next_step ? [h('b', {}, alert.next_step), ' '] : null,
                h(
                  'span',
                  { class: 'quiet' },
                  [
                    alert.goes_to === null ? null : `→ ${say.name('goes', alert.goes_to)}`,
                    account.score_shown === null ? null : say.t('today', { score: account.score_shown }),
                  ]
                    .filter(Boolean)
                    .join(' · '),
                ),
              ),
            ),
          );
        },
        settings.rows,
      ),
    );
  }
  show();
  return {
    title,
    content: [
      lead,
      h(
        'div',
        { class: 'controls' },
        select(say.t('kind'), options('alert'), state.kind, (kind) => change({ kind })),
        select(say.t('goesTo'), options('goes_to'), state.to, (to) => change({ to })),
      ),
      count,
      list,
      foot,
    ],
  };
}
