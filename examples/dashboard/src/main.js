// The frame: language, colours, and which page the address names (#/, #/account/ID, #/movement, ...).
import { book } from './data.js';
import { h } from './dom.js';
import { languages, speech } from './format.js';
import { account } from './pages/account.js';
import { alerts } from './pages/alerts.js';
import { board } from './pages/board.js';
import { check } from './pages/check.js';
import { movement } from './pages/movement.js';
import { wall } from './pages/wall.js';
import './style.css';

const pages = { '': board, movement, alerts, check, wall };

// A choice is kept by the browser; ?lang=fr&theme=dark in the address comes first, for links and for screens on a wall.
const asked = new URLSearchParams(location.search);
function kept(key, values) {
  let value = asked.get(key);
  try {
    value ??= localStorage.getItem(`health-${key}`);
  } catch {
    /* no storage: it is asked again next time */
  }
  return values.includes(value) ? value : null;
}
function choose(key, value) {
  try {
    localStorage.setItem(`health-${key}`, value);
  } catch {
    /* the same */
  }
  if (!asked.has(key)) return;
  asked.set(key, value);
  try {
    history.replaceState(null, '', `?${asked}${location.hash}`);
  } catch {
    /* a page from a folder may not */
  }
}

let language =
  kept('lang', languages) ??
  languages.find((name) => navigator.languages.some((wish) => wish.startsWith(name))) ??
  languages[0];
const dark = matchMedia('(prefers-color-scheme: dark)');
let theme = kept('theme', ['light', 'dark']);
const show = (name) => (document.documentElement.dataset.theme = name);
const isDark = () => (theme ? theme === 'dark' : dark.matches);
dark.addEventListener('change', () => render());

function route() {
  const [path, query] = location.hash.replace(/^#\/?/, '').split('?');
  const [name, id] = path.split('/');
  return { name, id: decodeURIComponent(id ?? ''), query: Object.fromEntries(new URLSearchParams(query ?? '')) };
}

// What a page keeps in the address, so that Back and a sent link show the same rows.
function keep(values) {
  const query = new URLSearchParams(values).toString(),
    path = location.hash.split('?')[0] || '#/';
  try {
    history.replaceState(null, '', query ? `${path}?${query}` : path);
  } catch {
    /* a page from a folder may not */
  }
}

async function content(say, { name, id, query }) {
  const accounts = await book('accounts', language);
  if (!accounts?.length) return { title: say.t('empty'), content: [h('p', { class: 'note' }, say.t('emptyMore'))] };
  if (name === 'account') return account(say, { id });
  return Object.hasOwn(pages, name) ? pages[name](say, { query, keep }) : { title: say.t('notFound'), content: [] };
}

// On a wall nobody sees by the date that the nights stopped: older than two days is a warning.
function freshness(say, asOf) {
  const n = Math.floor((Date.now() - Date.parse(`${asOf}T00:00:00Z`)) / 864e5),
    old = n > 2;
  return h('span', { class: old ? 'old' : 'quiet' }, [
    say.t('asOf', { date: say.date(asOf) }),
    old ? ` (${say.t('old', { n })})` : '',
  ]);
}

function frame(say, now, page, asOf) {
  const link = (name, key) =>
    h('a', { href: `#/${name}`, 'aria-current': now.name === name ? 'page' : null }, say.t(key));
  const heading = h('h1', { tabindex: -1 }, page.title);
  return [
    h(
      'a',
      {
        class: 'skip',
        href: '#main',
        onclick: (event) => {
          event.preventDefault();
          document.querySelector('h1').focus();
        },
      },
      say.t('skip'),
    ),
    page.className === 'wall'
      ? null
      : h(
          'header',
          {},
          h(
            'div',
            { class: 'title' },
            h('b', {}, say.t('title')),
            asOf ? h('span', { class: 'quiet' }, say.t('asOf', { date: say.date(asOf) })) : null,
          ),
          h(
            'nav',
            { 'aria-label': say.t('pages') },
            link('', 'boardShort'),
            link('movement', 'movement'),
            link('alerts', 'alerts'),
            link('check', 'checkShort'),
            link('wall', 'wall'),
          ),
          h(
            'div',
            { class: 'switches' },
            h(
              'div',
              { role: 'group', 'aria-label': say.t('language') },
              languages.map((name) =>
                h(
                  'button',
                  {
                    lang: name,
                    'aria-pressed': String(name === language),
                    title: speech(name).t('languageName'),
                    onclick: () => {
                      choose('lang', (language = name));
                      render();
                    },
                  },
                  name.toUpperCase(),
                ),
              ),
            ),
            h(
              'button',
              {
                class: 'theme',
                onclick: () => {
                  choose('theme', (theme = isDark() ? 'light' : 'dark'));
                  render();
                },
              },
              h('span', { 'aria-hidden': 'true' }, isDark() ? '☀ ' : '☾ '),
              h('span', { class: 'word' }, say.t(isDark() ? 'light' : 'dark')),
            ),
          ),
        ),
    h(
      'main',
      { id: 'main', class: [page.className, page.wide ? 'wide' : ''].filter(Boolean).join(' ') || null },
      page.before,
      page.className === 'wall'
        ? h(
            'div',
            { class: 'top' },
            heading,
            freshness(say, asOf),
            h('a', { href: '#/' }, say.t('leave')),
          )
        : heading,
      page.content,
    ),
  ];
}

let turn = 0;
async function render(moved) {
  const mine = (turn += 1),
    say = speech(language),
    now = route();
  const [page, accounts] = await Promise.all([content(say, now), book('accounts', language)]);
  if (mine !== turn) return; // something newer was asked for while the data came
  document.documentElement.lang = language;
  show(isDark() ? 'dark' : 'light');
  document.title = `${page.title} – ${say.t('title')}`;
  const held =
    document.activeElement?.className === 'theme'
      ? '.theme'
      : document.activeElement?.lang
        ? `button[lang=${document.activeElement.lang}]`
        : null;
  document.body.replaceChildren(...frame(say, now, page, accounts?.[0]?.as_of).filter(Boolean));
  if (held && !moved) document.querySelector(held)?.focus();
  if (moved) {
    scrollTo(0, 0);
    document.querySelector('h1').focus({ preventScroll: true });
  }
}

// On paper it is always light.
addEventListener('beforeprint', () => show('light'));
addEventListener('afterprint', () => show(isDark() ? 'dark' : 'light'));
addEventListener('hashchange', () => render(true));
render();
