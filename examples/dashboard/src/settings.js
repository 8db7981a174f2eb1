// What a team sets first.
export const settings = {
  currency: 'EUR',
  locales: { en: 'en-GB', fr: 'fr-FR' }, // by language: how numbers, dates and money are written
  rows: 100, // of a table, before "Show more"
};

export const accountsPerFile = 25;
