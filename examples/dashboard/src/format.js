// Words, numbers, dates and money in the language of the page.
import { settings } from './settings.js';
import { texts } from './texts.js';

export const languages = Object.keys(texts);

export function speech(language) {
  const locale = settings.locales[language];
  const number = (digits, sign) =>
    new Intl.NumberFormat(locale, {
      minimumFractionDigits: digits,
      maximumFractionDigits: digits,
      signDisplay: sign ?? 'auto',
    });
  const formats = {
    whole: number(0),
    tenth: number(1),
    tenthSigned: number(1, 'exceptZero'),
    wholeSigned: number(0, 'exceptZero'),
    percent: new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: 0 }),
    money: new Intl.NumberFormat(locale, { style: 'currency', currency: settings.currency, maximumFractionDigits: 0 }),
    moneyShort: new Intl.NumberFormat(locale, {
      style: 'currency',
      currency: settings.currency,
      notation: 'compact',
      minimumSignificantDigits: 3,
      maximumSignificantDigits: 3,
    }),
    date: new Intl.DateTimeFormat(locale, { dateStyle: 'long', timeZone: 'UTC' }),
    day: new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'short', timeZone: 'UTC' }),
    weekday: new Intl.DateTimeFormat(locale, { weekday: 'long', day: 'numeric', month: 'long', timeZone: 'UTC' }),
  };
  const plural = new Intl.PluralRules(locale),
    collator = new Intl.Collator(locale, { numeric: true });
  const minus = (text) => text.replace('-', '\u2212');
  const say =
    (format, then = (text) => text) =>
    (value) =>
      value === null || value === undefined ? '' : then(formats[format].format(value));
  // Intl writes the first day of a month as 1 in French, too.
  const ordinal = (text) => (language === 'fr' ? text.replace(/(^|\s)1(?=\s\p{L})/u, '$11er') : text);
  const date = (format) => (iso) => (iso ? ordinal(formats[format].format(new Date(`${iso}T00:00:00Z`))) : '');
  const known = (group, name) => texts[language][group]?.[name] ?? texts[language].names[name];
  return {
    language,
    locale,
    compare: collator.compare,
    whole: say('whole', minus),
    tenth: say('tenth', minus),
    tenthSigned: say('tenthSigned', minus),
    wholeSigned: say('wholeSigned', minus),
    percent: say('percent'),
    money: say('money'),
    moneyShort: say('moneyShort', (text) => text.replace(/(\p{L})\s(?=\p{Sc})/u, '$1')), // 26,4 k€
    date: date('date'),
    day: date('day'),
    weekday: date('weekday'),
    // t('accounts', { n: 3 }): numbers are written in the locale; a text with plural forms is chosen by n.
    t(key, values = {}) {
      let text = texts[language].page[key];
      if (typeof text === 'object') text = text[plural.select(values.n)] ?? text.other;
      return text.replace(/\{(\w+)\}/g, (_, name) =>
        typeof values[name] === 'number' ? formats.whole.format(values[name]) : values[name],
      );
    },
    // A value of the database that has a word here (a band, a dimension), or as it is.
    name: (group, name) => known(group, name) ?? name,
    explain: (group, name) => texts[language][group]?.[name],
  };
}
