// For a screen on a wall: the figures, and the ten accounts of today, to be read at three metres.
import { book } from '../data.js';
import { h } from '../dom.js';
import { absent, accountLink, bandLabel, moved } from '../parts.js';
import { figures } from './board.js';

export async function wall(say) {
  const [accounts, today] = await Promise.all([book('accounts', say.language), book('today', say.language)]);
  const byId = new Map(accounts.map((account) => [account.account_id, account]));
  setTimeout(() => location.hash.startsWith('#/wall') && location.reload(), 15 * 60 * 1000); // nobody is there to do it
  return {
    title: say.t('wallTitle'),
    className: 'wall',
    content: [
      figures(say, accounts),
      today === null
        ? absent(say, 'ten_today')
        : today.length
          ? h(
              'ol',
              { class: 'ten' },
              today.filter((row) => byId.has(row.account_id)).map((row) => item(say, byId.get(row.account_id), row)),
            )
          : h('p', { class: 'note' }, say.t('noneToday')),
    ],
  };
}

// Why today: it may leave, or how the score moved; and when it renews, where that is near.
function why(say, account, { why: reasons, days_to_renewal: days }) {
  const change = moved(account);
  return [
    [
      reasons.includes('leaving') ? say.t('leaving') : null,
      change ? `${change < 0 ? '↓' : '↑'} ${say.wholeSigned(change)}` : null,
    ]
      .filter(Boolean)
      .join(' · '),
    days === null || days < 0 || days > 90 ? '' : days === 0 ? say.t('renewsToday') : say.t('renews', { n: days }),
  ];
}

const item = (say, account, today) =>
  h(
    'li',
    {},
    h(
      'span',
      { class: 'mark' },
      h('span', { class: 'score' }, account.score_shown === null ? '–' : say.whole(account.score_shown)),
      bandLabel(say, account.band),
    ),
    h(
      'span',
      { class: 'who' },
      h('b', {}, accountLink(account)),
      h(
        'span',
        {},
        [
          today.arr_at_stake === null ? null : say.t('atStake', { money: say.moneyShort(today.arr_at_stake) }),
          account.csm,
        ]
          .filter(Boolean)
          .join(' · '),
      ),
    ),
    h(
      'span',
      { class: 'why' },
      why(say, account, today).map((line) => (line ? h('span', {}, line) : null)),
    ),
    h('span', { class: 'risk' }, account.main_risk?.replace(/\s*\([^()]*\)/g, '')), // the details are a click away
    h('span', { class: 'step' }, account.next_step),
  );
