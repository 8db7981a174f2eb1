// The two charts with axes, by Observable Plot. Colours are variables of style.css, so that they follow the theme.
import { areaY, barY, dot, lineY, plot, ruleY, text } from '@observablehq/plot';
import { bandOrder, lowestBandFirst, unique } from './parts.js';

const date = (iso) => new Date(`${iso}T00:00:00Z`);
const colour = (band) => (bandOrder.includes(band) ? `var(--${band})` : 'var(--other)');
const ink = (band) => (bandOrder.includes(band) ? `var(--on-${band})` : 'var(--on-other)');

export function historyChart(say, history, told, width, label) {
  const days = history.map(({ day, score }) => ({ day: date(day), score }));
  const at = new Map(history.map(({ day, score }) => [day, score]));
  const alerts = told.map(({ as_of: day, alert }) => ({ day: date(day), alert, score: at.get(day) }));
  const chart = plot({
    width,
    height: 260,
    marginLeft: 34,
    marginRight: 36,
    marginTop: 28,
    style: { fontSize: '14px', background: 'none' },
    x: {
      type: 'utc',
      ticks: width < 500 ? 4 : 8,
      tickFormat: (day) => say.day(day.toISOString().slice(0, 10)),
      label: null,
    },
    y: { domain: [0, 100], ticks: [0, 25, 50, 75, 100], grid: true, label: null },
    marks: [
      areaY(days, { x: 'day', y: 'score', fill: 'var(--accent)', fillOpacity: 0.12 }),
      lineY(days, { x: 'day', y: 'score', stroke: 'var(--accent)', strokeWidth: 2.5 }),
      dot(alerts, { x: 'day', y: 'score', r: 9, fill: 'var(--surface)', stroke: 'var(--ink)', strokeWidth: 2 }),
      text(alerts, {
        x: 'day',
        y: 'score',
        text: (_, i) => String(i + 1),
        fontSize: 12,
        fontWeight: 700,
        fill: 'var(--ink)',
      }),
      ruleY([0], { stroke: 'currentColor' }),
    ],
  });
  describe(chart, label);
  return chart;
}

// The bands stacked, the lowest at the bottom, with their numbers in them.
export function weeksChart(say, weeks, width, label) {
  const bands = unique(weeks.map((week) => week.band)).sort(lowestBandFirst);
  const dates = unique(weeks.map((week) => week.as_of));
  const narrow = width < 600;
  const shown = narrow ? dates.filter((_, i) => (dates.length - 1 - i) % 2 === 0) : dates;
  let top = 0;
  const bars = shown.flatMap((day) => {
    let at = 0;
    return bands.flatMap((band) => {
      const week = weeks.find((w) => w.as_of === day && w.band === band);
      if (!week) return [];
      const bar = { day, band, from: at, to: at + week.accounts, accounts: week.accounts };
      at = bar.to;
      top = Math.max(top, at);
      return [bar];
    });
  });
  const chart = plot({
    width,
    height: 380,
    marginLeft: 8,
    marginRight: 8,
    marginBottom: 32,
    style: { fontSize: narrow ? '12px' : '14px', background: 'none' },
    x: {
      type: 'band',
      domain: shown,
      ticks: narrow ? shown.filter((_, i) => (shown.length - 1 - i) % 2 === 0) : shown,
      tickFormat: say.day,
      label: null,
      padding: 0.12,
      tickSize: 0,
    },
    y: { axis: null, domain: [0, top] },
    marks: [
      barY(bars, {
        x: 'day',
        y1: 'from',
        y2: 'to',
        fill: (bar) => colour(bar.band),
        insetTop: 1,
        insetBottom: 1,
        stroke: 'var(--quiet)',
        strokeWidth: 0.5,
      }),
      text(
        bars.filter((bar) => bar.accounts > top / 25),
        {
          x: 'day',
          y: (bar) => (bar.from + bar.to) / 2,
          text: (bar) => say.whole(bar.accounts),
          fill: (bar) => ink(bar.band),
          fontWeight: 700,
          fontSize: narrow ? 13 : 16,
        },
      ),
    ],
  });
  describe(chart, label);
  return chart;
}

function describe(chart, label) {
  chart.querySelectorAll('[aria-label]').forEach((part) => part.removeAttribute('aria-label')); // an image is read as one
  chart.setAttribute('role', 'img');
  chart.setAttribute('aria-label', label);
}

// A chart as wide as its place, drawn again when that changes.
export function fitted(draw) {
  const place = document.createElement('div');
  place.className = 'chart';
  let drawn = 0;
  new ResizeObserver(() => {
    const width = Math.floor(place.clientWidth);
    if (width && width !== drawn) place.replaceChildren(draw((drawn = width)));
  }).observe(place);
  return place;
}
