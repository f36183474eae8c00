// The page of a history: lines that the reader chose, and the builds at which they changed.
import { readAddress, writeAddress } from './address.js';
import { lineColour } from './colours.js';
import { toneOf } from './details.js';
import { choice, element, fillWith, nameText, swatch } from './dom.js';
import { count, digits, growth, humanSize, signedSize } from './format.js';
import { History } from './history.js';
import { HistoryChart } from './history_chart.js';
import { lookOf } from './look.js';
import { NodeTable } from './table.js';
import { currentTheme, onThemeChange, themeSwitch } from './theme.js';
import { Tooltip } from './tooltip.js';

const FIRST_LINES = 5;
const MOST_LISTED = 200;

export class HistoryView {
  constructor(data, page) {
    this.history = new History(data);
    this.page = page;
    this.chosen = new Map(); // series -> rank of its colour
    this.state = { measure: this.history.measures[0], from: 'zero', find: '' };
    const address = readAddress();
    if (this.history.measures.includes(address.measure)) this.state.measure = address.measure;
    this.chart = new HistoryChart(this.history, {
      value: (series, build) => this.value(series, build), describe: (build) => this.describe(build),
      point: (build, place) => this.tooltip.show(this.tooltipOf(build), place), leave: () => this.tooltip.hide(),
    });
    this.tooltip = new Tooltip(this.chart.root);
    this.table = new NodeTable({ caption: 'Builds at which a line changed' });
  }

  value(series, build) {
    return this.history.value(series, build, this.state.measure);
  }

  start() {
    const { history } = this;
    document.title = `${history.title} \u2013 winnow history`;
    this.order = this.ordered();
    // Regressions first, then whatever else the history points at.
    const interest = new Map();
    for (const mark of history.marks) {
      const series = history.series[mark.series];
      interest.set(series, Math.max(interest.get(series) ?? 0, mark.regression ? 2 : 1));
    }
    const firsts = [...this.order].sort((a, b) => (interest.get(b) ?? 0) - (interest.get(a) ?? 0));
    firsts.slice(0, FIRST_LINES).forEach((series, rank) => this.chosen.set(series, rank));
    this.order.sort((a, b) => this.groupOf(a) - this.groupOf(b) || Number(this.chosen.has(b)) - Number(this.chosen.has(a)));
    this.page.append(...this.layout());
    this.chart.start();
    onThemeChange(() => this.draw());
    this.drawList();
    this.draw();
  }

  /** Largest first, by group in the order the groups first come. */
  ordered() {
    this.groups = [...new Set(this.history.series.map((each) => each.group))];
    const size = (series) => this.history.span(series, this.state.measure)?.to ?? 0;
    return [...this.history.series].sort((a, b) => this.groupOf(a) - this.groupOf(b) || size(b) - size(a) || a.index - b.index);
  }

  groupOf(series) {
    return this.groups.indexOf(series.group);
  }

  layout() {
    const { history } = this;
    const dates = history.isDated && history.builds.length ? `${day(history.builds[0])} to ${day(history.builds[history.builds.length - 1])}` : '';
    const about = [count(history.builds.length, 'build'), dates, count(history.series.length, 'line'), history.source].filter(Boolean);
    this.list = element('ul', { class: 'series-list' });
    this.found = element('p', { class: 'quiet', role: 'status' });
    return [
      element('div', { class: 'skips' }, element('a', { href: '#', onclick: (event) => { event.preventDefault(); this.chart.slider.focus(); } }, 'Skip to the chart')),
      element('header', { class: 'top' }, element('div', { class: 'top-line' }, element('div', {},
        element('p', { class: 'brand' }, 'winnow history'), element('h1', {}, nameText(history.title)),
        element('p', { class: 'about' }, about.map((text) => element('span', {}, nameText(text))))), themeSwitch())),
      element('main', {}, this.toolbar(),
        element('div', { class: 'stage' },
          element('div', { class: 'stage-map' }, this.chart.root,
            element('p', { class: 'keys' }, 'Keys on the chart: left and right move from build to build, Home and End go to the first and last. Rings mark what the history points at, regressions in orange.')),
          element('aside', { class: 'details series', aria: { label: 'Lines' } }, this.searchField(), this.found, this.list)),
        element('section', { class: 'table-section', id: 'table' }, element('div', { class: 'table-head' },
          element('h2', {}, 'Changes of the chosen lines')), this.table.root)),
    ];
  }

  toolbar() {
    const controls = [choice({
      name: 'from', label: 'Axis from', value: this.state.from, choices: [['zero', 'Zero'], ['least', 'Smallest']],
      onchange: (from) => { this.state.from = from; this.draw(); },
    })];
    if (this.history.measures.length > 1) {
      controls.unshift(choice({
        name: 'measure', label: 'Measure', value: this.state.measure, choices: this.history.measures.map((each) => [each, each]),
        onchange: (measure) => { this.state.measure = measure; writeAddress({ measure }, false); this.drawList(); this.draw(); },
      }));
    }
    return element('div', { class: 'toolbar', role: 'group', aria: { label: 'View' } }, controls.map((each) => each.root));
  }

  searchField() {
    this.search = element('input', { type: 'search', id: 'find', placeholder: 'name \u2026', autocomplete: 'off', oninput: () => this.drawList() });
    return element('div', { class: 'search' }, element('label', { for: 'find' }, 'Lines'), this.search);
  }

  drawList() {
    const words = this.search.value.toLowerCase().split(/\s+/).filter(Boolean);
    const found = this.order.filter((each) => words.every((word) => `${each.group} ${each.name}`.toLowerCase().includes(word)));
    this.found.textContent = words.length ? `${digits(found.length)} of ${count(this.order.length, 'line')}`
      : found.length > MOST_LISTED ? `the first ${MOST_LISTED} of ${digits(found.length)}; search for others` : '';
    fillWith(this.list, found.slice(0, MOST_LISTED).map((series, index) => [
      (index === 0 || found[index - 1].group !== series.group) && element('li', { class: 'series-group' }, series.group),
      this.entry(series)]));
  }

  entry(series) {
    const span = this.history.span(series, this.state.measure);
    const box = element('input', { type: 'checkbox', onchange: () => this.toggle(series, box.checked) });
    box.checked = this.chosen.has(series);
    const mark = box.checked ? swatch(lineColour(this.chosen.get(series), currentTheme())) : element('span', { class: 'swatch empty' });
    return element('li', {}, element('label', { class: 'series-entry' }, box, mark, nameText(series.name),
      span && element('span', { class: 'series-size' }, humanSize(span.to), ' ',
        element('span', { class: toneOf(span.to - span.from) }, growth(span.to, span.from)))));
  }

  toggle(series, isOn) {
    if (isOn) {
      const used = new Set(this.chosen.values());
      let rank = 0;
      while (used.has(rank)) rank += 1;
      this.chosen.set(series, rank);
    } else {
      this.chosen.delete(series);
    }
    const at = [...this.list.querySelectorAll('input')].indexOf(document.activeElement);
    this.drawList();
    this.list.querySelectorAll('input')[at]?.focus();
    this.draw();
  }

  draw() {
    const theme = currentTheme();
    const lines = [...this.chosen].map(([series, rank]) => ({ series, colour: lineColour(rank, theme) }));
    this.chart.draw({ lines, look: lookOf(theme), fromZero: this.state.from === 'zero' });
    for (const label of this.list.querySelectorAll('.series-entry')) label.classList.toggle('chosen', label.querySelector('input').checked);
    const rows = [...this.chosen.keys()].flatMap((series) => this.history.steps(series, this.state.measure))
      .map((step) => ({ ...step, name: step.series.name }));
    this.table.show(rows, this.columns(theme), 'change');
  }

  columns(theme) {
    const { history } = this;
    const time = (step) => (history.isDated ? history.builds[step.build].date : step.build);
    return [
      { id: 'build', title: 'Build', value: (step) => step.build, cell: (step) => nameText(history.builds[step.build].label) },
      history.isDated && { id: 'date', title: 'Date', value: time, cell: (step) => day(history.builds[step.build]) },
      { id: 'name', title: 'Line', value: (step) => step.name, cell: (step) => element('span', { class: 'line-name' }, swatch(lineColour(this.chosen.get(step.series), theme)), nameText(step.name)) },
      { id: 'before', title: 'Before', number: true, value: (step) => step.from ?? 0, cell: (step) => (step.from === null ? 'not there' : humanSize(step.from)) },
      { id: 'now', title: 'After', number: true, value: (step) => step.to, cell: (step) => humanSize(step.to) },
      {
        id: 'change', title: 'Change', number: true, hint: 'largest change in either direction first', value: (step) => Math.abs(step.delta),
        cell: (step) => element('span', { class: toneOf(step.delta), title: `${digits(Math.abs(step.delta))} bytes` }, signedSize(step.delta)),
      },
      { id: 'growth', title: 'Growth', number: true, value: (step) => (step.from ? step.delta / step.from : 0), cell: (step) => growth(step.to, step.from ?? 0) },
      { id: 'note', title: 'Why', value: (step) => step.mark?.text ?? '', cell: (step) => nameText(step.mark?.text ?? '') },
    ].filter(Boolean);
  }

  describe(build) {
    const { builds } = this.history;
    const lines = [...this.chosen.keys()].map((series) => `${series.name} ${this.sizeAt(series, build)}`);
    return [builds[build].label, day(builds[build]), ...lines].filter(Boolean).join(', ');
  }

  sizeAt(series, build) {
    const bytes = this.value(series, build);
    if (bytes === null) return 'not there';
    const before = this.history.buildBefore(series, build);
    const delta = before < 0 ? 0 : bytes - this.value(series, before);
    return delta === 0 ? humanSize(bytes) : `${humanSize(bytes)} (${signedSize(delta)})`;
  }

  tooltipOf(build) {
    const { builds, marks } = this.history;
    const rows = [...this.chosen.keys()].filter((series) => this.value(series, build) !== null).map((series) => [series.name, this.sizeAt(series, build)]);
    for (const mark of marks) {
      if (mark.build === build && this.chosen.has(this.history.series[mark.series])) rows.push(['why', mark.text]);
    }
    return { title: builds[build].label, about: day(builds[build]), rows };
  }
}

function day(build) {
  return build.date.slice(0, 10);
}
