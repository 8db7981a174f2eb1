// The model check: can today's scores be trusted?
import { book } from '../data.js';
import { h } from '../dom.js';
import { absent, cell, headCell, row, sum, table } from '../parts.js';

// Those that stand for the data or a whole population come first, and are shown when nobody has them.
const ofTheData = [
  'stale_data',
  'signal_stopped',
  'fleet_fell',
  'small_population',
  'degenerate_baseline',
  'unscored_signals',
];

export async function check(say) {
  const [segments, flags, signals] = await Promise.all(
    ['segments', 'flags', 'signals'].map((name) => book(name, say.language)),
  );
  const others = [...new Set(flags.map((flag) => flag.flag))].filter((flag) => !ofTheData.includes(flag));
  const body = (rows) => h('tbody', { role: 'rowgroup' }, rows);
  const flagRow = (name) => {
    const having = flags.filter((flag) => flag.flag === name),
      n = sum(having.map((flag) => flag.accounts));
    const alarm = ofTheData.includes(name);
    return row(
      headCell(say.name('flagName', name), h('small', {}, h('code', {}, name))),
      cell(
        'state',
        '',
        alarm
          ? h(
              'span',
              { class: n ? 'look' : 'fine' },
              h('span', { 'aria-hidden': 'true' }, n ? '▲ ' : '✓ '),
              say.t(n ? 'look' : 'good'),
            )
          : null,
      ),
      cell(
        'number',
        say.t('accountsHead'),
        n ? h('a', { href: `#/?flag=${name}` }, say.t('accounts', { n })) : say.t('noneSeen'),
      ),
      cell('meaning', say.t('meaning'), say.explain('flag', name)),
    );
  };
  const bySignal = (rows) => [
    ...new Map(rows.map((r) => [r.signal, rows.filter((other) => other.signal === r.signal)])).entries(),
  ];
  const inSegments = (rows) =>
    rows.length === segments.length ? say.t('allSegments') : rows.map((r) => say.name('segment', r.segment)).join(', ');
  const missing = signals && bySignal(signals.filter((signal) => signal.known)),
    unknown = signals && bySignal(signals.filter((signal) => !signal.known));
  return {
    title: say.t('check'),
    content: [
      h('p', { class: 'lead' }, say.t('checkMore')),
      h(
        'section',
        {},
        h('h2', {}, say.t('populations')),
        table(
          'segments',
          [
            say.t('segment'),
            { text: say.t('accountsHead'), class: 'number' },
            { text: say.t('compared'), class: 'number' },
            { text: say.t('baseline'), class: 'number' },
            { text: say.t('median'), class: 'number' },
            say.t('model'),
          ],
          body(
            segments.map((segment) =>
              row(
                headCell(say.name('segment', segment.segment)),
                cell('number', say.t('accountsHead'), say.whole(segment.accounts)),
                cell('number', say.t('compared'), say.whole(segment.accounts_compared)),
                cell('number', say.t('baseline'), say.tenth(segment.baseline)),
                cell(
                  'number',
                  say.t('median'),
                  segment.median_score === null ? '' : say.whole(Math.floor(segment.median_score)),
                ),
                cell('model', say.t('model'), segment.model),
              ),
            ),
          ),
        ),
      ),
      h(
        'section',
        {},
        h('h2', {}, say.t('flags')),
        table(
          'flags',
          [say.t('flag'), '', { text: say.t('accountsHead'), class: 'number' }, say.t('meaning')],
          body([...ofTheData, ...others].map(flagRow)),
        ),
      ),
      signals
        ? [
            h(
              'section',
              {},
              h('h2', {}, say.t('unknown')),
              unknown.length
                ? [
                    h('p', { class: 'lead' }, say.t('unknownMore')),
                    table(
                      'signals',
                      [
                        say.t('signal'),
                        say.t('segment'),
                        { text: say.t('accountsHead'), class: 'number' },
                        say.t('lastDay'),
                      ],
                      body(
                        unknown.map(([name, rows]) =>
                          row(
                            headCell(h('code', {}, name)),
                            cell('segment', say.t('segment'), inSegments(rows)),
                            cell('number', say.t('accountsHead'), say.whole(sum(rows.map((r) => r.accounts)))),
                            cell(
                              'day',
                              say.t('lastDay'),
                              say.date(
                                rows
                                  .map((r) => r.last_day)
                                  .sort()
                                  .at(-1),
                              ),
                            ),
                          ),
                        ),
                      ),
                    ),
                  ]
                : h('p', { class: 'note' }, say.t('noneUnknown')),
            ),
            h(
              'section',
              {},
              h('h2', {}, say.t('missing')),
              missing.length
                ? [
                    h('p', { class: 'lead' }, say.t('missingMore')),
                    table(
                      'signals',
                      [say.t('signal'), say.t('label'), say.t('segment')],
                      body(
                        missing.map(([name, rows]) =>
                          row(
                            headCell(h('code', {}, name)),
                            cell('label', say.t('label'), rows[0].label),
                            cell('segment', say.t('segment'), inSegments(rows)),
                          ),
                        ),
                      ),
                    ),
                  ]
                : h('p', { class: 'note' }, say.t('noneMissing')),
            ),
          ]
        : absent(say, 'account_activity'),
    ],
  };
}
