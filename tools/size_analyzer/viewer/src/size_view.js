// The page of one image: what the reader chose, and everything that is drawn from it.
import { readAddress, writeAddress } from './address.js';
import { columnsOf, firstOrder } from './columns.js';
import { Details } from './details.js';
import { choice, element, fillWith, nameText } from './dom.js';
import { count, digits, growth, humanSize, percent, signedSize } from './format.js';
import { Legend } from './legend.js';
import { Lens, TYPE_NAMES } from './lens.js';
import { lookOf } from './look.js';
import { MEASURES } from './report.js';
import { sizeHeader } from './size_header.js';
import { NodeTable } from './table.js';
import { currentTheme, onThemeChange } from './theme.js';
import { Tooltip } from './tooltip.js';
import { addressOf, buildTree, itemsBelow, nodeAt } from './tree.js';
import { Treemap } from './treemap.js';

const CHOICES = {
  by: ['component', 'directory'], measure: ['stored', 'allocated', 'logical'], colour: ['kind', 'language', 'change'],
  area: ['size', 'change'], rows: ['contents', 'files'],
};

export class SizeView {
  constructor(report, page) {
    this.report = report;
    this.page = page;
    this.state = this.stateFrom(readAddress());
    this.only = new Set();
    this.treemap = new Treemap({
      open: (node) => this.open(node), up: () => this.up(), leave: () => this.tooltip.hide(),
      point: (cell, place) => this.tooltip.show(this.tooltipOf(cell), place),
      describe: (cell) => this.lens.describe(cell, this.node),
    });
    this.tooltip = new Tooltip(this.treemap.root);
    this.legend = new Legend((label) => this.toggleLabel(label));
    this.details = new Details();
    this.table = new NodeTable({ caption: 'What the treemap shows, as rows' });
  }

  stateFrom(address) {
    const { hasBaseline } = this.report;
    const pick = (name, usual) => (CHOICES[name].includes(address[name]) ? address[name] : usual);
    const state = {
      by: pick('by', 'component'), measure: pick('measure', 'stored'), colour: pick('colour', hasBaseline ? 'change' : 'kind'),
      area: pick('area', hasBaseline ? 'change' : 'size'), rows: pick('rows', 'contents'), find: address.find ?? '',
      at: address.at ?? [],
    };
    if (!hasBaseline) Object.assign(state, { colour: state.colour === 'change' ? 'kind' : state.colour, area: 'size' });
    return state;
  }

  start() {
    document.title = `${this.report.image.name} \u2013 winnow size`;
    this.page.append(...this.layout());
    this.treemap.start();
    onThemeChange(() => this.draw());
    window.addEventListener('popstate', () => {
      this.state = this.stateFrom(readAddress());
      this.syncControls();
      this.rebuild();
    });
    this.rebuild();
  }

  layout() {
    this.crumbs = element('nav', { class: 'crumbs', aria: { label: 'Where you are' } });
    this.news = element('p', { class: 'unseen', role: 'status' });
    this.found = element('p', { class: 'found', role: 'status' });
    const work = element('main', { id: 'main', tabindex: '-1' },
      element('h2', { class: 'unseen' }, 'Treemap'),
      this.toolbar(), this.found,
      element('div', { class: 'stage' },
        element('div', { class: 'stage-map' }, this.crumbs, this.treemap.root, this.legend.root,
          element('p', { class: 'keys' }, 'Keys on the treemap: arrows move, Enter opens, Backspace goes back, Page Down is the next smaller.')),
        this.details.root),
      element('section', { class: 'table-section', id: 'table', tabindex: '-1', aria: { label: 'Table' } },
        this.rowsSwitch(), this.table.root));
    const skips = element('div', { class: 'skips' }, element('a', { href: '#', onclick: (event) => skip(event, 'treemap') }, 'Skip to the treemap'),
      element('a', { href: '#', onclick: (event) => skip(event, 'table') }, 'Skip to the table'));
    return [skips, sizeHeader(this.report, this.measureSwitch()), work, this.news];
  }

  measureSwitch() {
    const { report } = this;
    const meaning = {
      logical: 'length of the contents; what has several names counts once',
      allocated: report.image.allocated_is_measured ? 'clusters on the disk' : `clusters of ${digits(report.image.cluster_size)} bytes it would take`,
      stored: 'bytes of the image as it lies on disk, after compression and sharing',
    };
    this.measures = element('fieldset', { class: 'measures' }, element('legend', { class: 'unseen' }, 'Measure'));
    for (const measure of CHOICES.measure) {
      const m = MEASURES.indexOf(measure);
      const input = element('input', { type: 'radio', name: 'measure', value: measure, onchange: () => this.set({ measure }) });
      input.checked = measure === this.state.measure;
      this.measures.append(element('label', { class: 'measure', title: `${digits(report.total[m])} bytes` }, input,
        element('span', { class: 'measure-card' },
          element('span', { class: 'measure-name' }, measure),
          element('span', { class: 'measure-value' }, humanSize(report.total[m])),
          report.hasBaseline && element('span', { class: 'measure-change' }, changeText(report.total[m], report.totalThen[m])),
          element('span', { class: 'measure-meaning' }, meaning[measure]))));
    }
    return this.measures;
  }

  toolbar() {
    const { hasBaseline } = this.report;
    const radio = (name, label, choices) => choice({
      name, label, choices, value: this.state[name], onchange: (value) => this.set({ [name]: value }),
    });
    this.controls = { by: radio('by', 'Group by', [['component', 'Component'], ['directory', 'Directory']]) };
    const colours = [['kind', 'Kind'], ['language', 'Language']];
    if (hasBaseline) {
      colours.unshift(['change', 'Change']);
      this.controls.area = radio('area', 'Area is', [['change', 'Change'], ['size', 'Size']]);
    }
    this.controls.colour = radio('colour', 'Colour by', colours);
    this.search = element('input', {
      type: 'search', id: 'find', placeholder: 'path, component, kind \u2026', value: this.state.find, autocomplete: 'off', spellcheck: 'false',
      oninput: () => { clearTimeout(this.waiting); this.waiting = setTimeout(() => this.set({ find: this.search.value }), 120); },
    });
    return element('div', { class: 'toolbar', role: 'group', aria: { label: 'View' } }, Object.values(this.controls).map((each) => each.root),
      element('div', { class: 'search' }, element('label', { for: 'find' }, 'Search'), this.search));
  }

  rowsSwitch() {
    this.heading = element('h2', {}, 'Contents');
    this.controls.rows = choice({
      name: 'rows', label: 'Rows', value: this.state.rows, choices: [['contents', 'Contents'], ['files', 'All files below']],
      onchange: (rows) => this.set({ rows }),
    });
    return element('div', { class: 'table-head' }, this.heading, this.controls.rows.root);
  }

  syncControls() {
    for (const [name, control] of Object.entries(this.controls)) control.set(this.state[name]);
    for (const input of this.measures.querySelectorAll('input')) input.checked = input.value === this.state.measure;
    this.search.value = this.state.find;
  }

  set(change) {
    if ('colour' in change) this.only.clear();
    const needsTree = 'by' in change || 'find' in change || ('colour' in change) || this.only.size > 0;
    if ('by' in change) change.at = [];
    Object.assign(this.state, change);
    writeAddress(this.state, false);
    if (needsTree) this.rebuild();
    else this.draw();
  }

  toggleLabel(label) {
    if (!this.only.delete(label)) this.only.add(label);
    this.rebuild();
  }

  /** Trees of what the search and the legend leave. */
  rebuild() {
    this.lens = new Lens(this.report, this.state, currentTheme());
    const matches = matcher(this.report, this.state.find);
    this.foundTree = buildTree(this.report, this.state.by, matches);
    this.tree = this.only.size === 0 ? this.foundTree
      : buildTree(this.report, this.state.by, (item) => this.only.has(this.lens.label(item)) && matches(item));
    this.draw();
  }

  draw() {
    this.lens = new Lens(this.report, this.state, currentTheme());
    if (this.state.colour === 'language') this.lens.rankLanguages(this.foundTree);
    this.node = nodeAt(this.tree, this.state.at);
    this.tooltip.hide();
    this.drawCrumbs();
    this.drawFound();
    const { lens, node } = this;
    this.treemap.draw({
      root: node, weigh: (each) => lens.weigh(each), fillOf: (cell) => lens.fillOf(cell), sizeText: (cell) => lens.sizeText(cell),
      look: lookOf(currentTheme()), label: `Treemap of ${node.name}, ${humanSize(lens.now(node))} ${this.state.measure}`,
    });
    this.legend.show(lens, nodeAt(this.foundTree, this.state.at), this.only);
    this.details.show(this.report, lens, node);
    this.drawTable();
  }

  drawTable() {
    const isFlat = this.state.rows === 'files';
    const view = { report: this.report, lens: this.lens, within: this.node, isFlat, open: (node) => this.open(node) };
    const nodes = isFlat ? filesBelow(this.node) : this.node.children;
    this.heading.textContent = isFlat ? `Files of ${this.node.name}` : `Contents of ${this.node.name}`;
    this.table.show(this.node.item ? [this.node] : nodes, columnsOf(view), firstOrder(view));
  }

  drawCrumbs() {
    const path = [];
    for (let at = this.node; at; at = at.parent) path.unshift(at);
    fillWith(this.crumbs, element('ol', {}, path.map((node, index) => element('li', {}, index === path.length - 1
      ? element('span', { aria: { current: 'location' } }, nameText(node.name), element('span', { class: 'crumb-size' }, this.sizeOf(node)))
      : element('button', { type: 'button', class: 'link', onclick: () => this.open(node) }, nameText(node.name))))));
  }

  sizeOf(node) {
    return this.report.hasBaseline ? `${humanSize(this.lens.now(node))}, ${signedSize(this.lens.delta(node))}` : humanSize(this.lens.now(node));
  }

  drawFound() {
    const isFiltered = this.state.find !== '' || this.only.size > 0;
    this.found.hidden = !isFiltered;
    if (!isFiltered) return fillWith(this.found);
    const { tree, lens, report } = this;
    return fillWith(this.found,
      `Showing ${count(tree.files, 'file')}, ${humanSize(lens.now(tree))} of ${humanSize(report.total[lens.measure])} `,
      `(${percent(lens.now(tree), report.total[lens.measure])}). `,
      element('button', { type: 'button', class: 'link', onclick: () => this.clearFilter() }, 'Show everything'));
  }

  clearFilter() {
    this.only.clear();
    this.search.value = '';
    this.set({ find: '' });
    this.search.focus();
  }

  /** Zooms into a node; null: what was too small to draw, which the table has. */
  open(node) {
    if (node === null) return document.getElementById('table').focus();
    const address = addressOf(node);
    if (address.join('/') === this.state.at.join('/')) return undefined;
    this.state.at = address;
    writeAddress(this.state, true);
    this.draw();
    this.news.textContent = `${node.name}: ${humanSize(this.lens.now(node))}, ${count(node.children.length, 'entry', 'entries')}`;
    return undefined;
  }

  up() {
    if (this.node.parent) this.open(this.node.parent);
  }

  tooltipOf(cell) {
    const { lens, report } = this;
    if (!cell.node) return { title: `${cell.gathered} smaller`, about: `of ${cell.within.name}; the table lists them`, rows: [['together', humanSize(cell.weight)]] };
    const { node } = cell;
    const rows = [[lens.state.measure, `${humanSize(lens.now(node))} (${digits(lens.now(node))} bytes)`], ['share', `${percent(lens.now(node), report.total[lens.measure])} of the image`]];
    if (report.hasBaseline) rows.push(['change', `${changeText(lens.now(node), lens.then(node))} \u2013 ${lens.change(node)}`]);
    if (node.files > 1) rows.push(['files', digits(node.files)]);
    const item = node.item ?? node.whole;
    if (item) rows.push(['kind', [report.kinds[item.kind], item.language].filter(Boolean).join(', ')]);
    if (node.owner >= 0 && !['component', 'app', 'nobody'].includes(node.type) && report.owners[node.owner].kind !== 'nobody') {
      rows.push(['owner', report.owners[node.owner].name]);
    }
    const about = item && item.directory > 0 ? report.directoryPath(item.directory) : TYPE_NAMES[node.type];
    return { title: node.name, about, colour: node.children.length ? null : lens.fillOf(cell), rows };
  }
}

function changeText(now, then) {
  const share = growth(now, then);
  return share && now !== then ? `${signedSize(now - then)} (${share})` : signedSize(now - then);
}

/** Files, and the rows of no file, below a node; a file's parts are not apart. */
function filesBelow(node) {
  if (node.type === 'file' || node.type === 'overhead') return [node];
  return node.children.flatMap(filesBelow);
}

/** Every word must be found in the path, the owner, the kind, the language or the part's name. */
function matcher(report, text) {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return () => true;
  const owners = report.owners.map((owner) => `${owner.package} ${owner.kind === 'nobody' ? 'unclaimed' : owner.name}`.toLowerCase());
  return (item) => {
    const line = `${report.pathOf(item)} ${item.part} ${item.language} ${report.kinds[item.kind]}`.toLowerCase() + (item.directory >= 0 ? ` ${owners[item.owner]}` : '');
    return words.every((word) => line.includes(word));
  };
}

function skip(event, id) {
  event.preventDefault();
  document.getElementById(id).focus();
}
