// For a screen on a wall: the figures, and the ten accounts of today, to be read at three metres.
import { book } from '../data.js';
import { h } from '../dom.js';
import { absent, accountLink, bandLabel } from '../parts.js';
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
              today.filter((row) => byId.has(row.account_id)).map((row) => item(say, byId.get(row.account_id))),
            )
          : h('p', { class: 'note' }, say.t('noneToday')),
    ],
  };
}

const item = (say, account) =>
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
      h('span', {}, [say.moneyShort(account.arr), account.csm].filter(Boolean).join(' · ')),
    ),
    h('span', { class: 'risk' }, account.main_risk),
    h('span', { class: 'step' }, account.next_step),
  );
