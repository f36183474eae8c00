// Everything that is known of one node, in words and numbers.
import { element, fillWith, nameText, swatch } from './dom.js';
import { count, digits, growth, humanSize, percent, signedSize } from './format.js';
import { TYPE_NAMES } from './lens.js';
import { MEASURES } from './report.js';
import { itemsBelow, shares } from './tree.js';

const MOST_SHARES = 6;

export class Details {
  constructor() {
    this.root = element('aside', { class: 'details', id: 'details', aria: { label: 'Details' } });
  }

  show(report, lens, node) {
    this.report = report;
    this.lens = lens;
    fillWith(this.root,
      element('p', { class: 'details-type' }, TYPE_NAMES[node.type]),
      element('h2', {}, nameText(node.name)),
      this.path(node),
      this.sizes(node),
      this.facts(node),
      this.makeup(node),
      this.services(node));
  }

  path(node) {
    const item = node.item ?? node.whole;
    if (item && item.directory >= 0) return element('p', { class: 'details-path' }, nameText(this.report.pathOf(item)));
    if (node.directory > 0) return element('p', { class: 'details-path' }, nameText(this.report.directoryPath(node.directory)));
    return null;
  }

  sizes(node) {
    const { report } = this;
    const head = ['', 'bytes', 'of the image', report.hasBaseline && 'change'].filter((each) => each !== false);
    return element('table', { class: 'details-sizes' },
      element('thead', {}, element('tr', {}, head.map((title) => element('th', { scope: 'col' }, title)))),
      element('tbody', {}, MEASURES.map((measure, m) => element('tr', { class: m === this.lens.measure && 'chosen' },
        element('th', { scope: 'row' }, measure),
        element('td', { title: `${digits(node.now[m])} bytes` }, humanSize(node.now[m])),
        element('td', {}, percent(node.now[m], report.total[m])),
        report.hasBaseline && element('td', { class: toneOf(node.now[m] - node.then[m]) }, signedSize(node.now[m] - node.then[m]))))));
  }

  facts(node) {
    const rows = [];
    const add = (name, value) => value && rows.push(element('div', {}, element('dt', {}, name), element('dd', {}, nameText(value))));
    const owner = node.owner >= 0 ? this.report.owners[node.owner] : null;
    const item = node.item ?? node.whole;
    add('Exact', `${digits(this.lens.now(node))} bytes ${this.lens.state.measure}`);
    if (this.report.hasBaseline) {
      add('Before', `${digits(this.lens.then(node))} bytes`);
      add('Growth', growth(this.lens.now(node), this.lens.then(node)));
    }
    if (node.files > 1) add('Files', digits(node.files));
    if (owner) this.addOwner(owner, node, add);
    if (item) {
      add('Kind', this.report.kinds[item.kind]);
      add('Language', item.language);
      add('Architecture', item.architecture);
      if (item.shadowed) add('Shadowed', 'a later layer has this path: stored, never seen');
    }
    return rows.length ? element('dl', { class: 'details-facts' }, rows) : null;
  }

  addOwner(owner, node, add) {
    const isOwner = node.type === 'component' || node.type === 'app';
    if (!isOwner && owner.kind !== 'nobody') add(owner.kind === 'app' ? 'App' : 'Component', owner.name);
    add('Version', owner.version);
    if (owner.old_version && owner.old_version !== owner.version) add('Version before', owner.old_version);
    add('Package', owner.package);
    if (isOwner) add('Architecture', owner.architecture);
    add('Why it is here', owner.reason || (owner.requested ? 'requested' : ''));
    if (owner.kind !== 'nobody') add('Known from', owner.basis);
  }

  /** What it is made of, under the chosen colours, as bars. */
  makeup(node) {
    const { lens } = this;
    const total = lens.now(node);
    if (!node.children.length || total <= 0) return null;
    const all = shares(node, lens.measure, (item) => lens.label(item)).filter(([, bytes]) => bytes > 0);
    if (all.length < 2 && lens.state.colour !== 'kind') return null;
    return element('div', { class: 'makeup' }, element('h3', {}, 'What it is made of'),
      element('ul', {}, all.slice(0, MOST_SHARES).map(([label, bytes]) => this.bar(label, bytes, total))),
      all.length > MOST_SHARES && element('p', { class: 'quiet' }, `and ${count(all.length - MOST_SHARES, 'smaller one')}`));
  }

  bar(label, bytes, total) {
    const fill = element('span', { class: 'bar-fill' });
    fill.style.width = `${(100 * bytes) / total}%`;
    fill.style.backgroundColor = this.lens.colourOf(label);
    return element('li', {},
      element('span', { class: 'bar-label' }, swatch(this.lens.colourOf(label)), nameText(label)),
      element('span', { class: 'bar-value' }, `${humanSize(bytes)} · ${percent(bytes, total)}`),
      element('span', { class: 'bar', aria: { hidden: 'true' } }, fill));
  }

  services(node) {
    const files = new Set();
    if (node.type === 'image' || this.report.services.length === 0) return null;
    for (const item of itemsBelow(node)) if (item.directory >= 0) files.add(this.report.pathOf(item));
    const found = this.report.services.filter((service) => files.has(service.file));
    if (found.length === 0) return null;
    return element('div', { class: 'makeup' }, element('h3', {}, count(found.length, 'service')),
      element('ul', { class: 'plain' }, found.slice(0, 8).map((service) => element('li', {},
        nameText(service.name), ` (${service.start}${service.driver ? ', driver' : ''}${service.listens ? ', listens' : ''})`))),
      found.length > 8 && element('p', { class: 'quiet' }, `and ${digits(found.length - 8)} more`));
  }
}

export function toneOf(delta) {
  if (delta > 0) return 'more';
  return delta < 0 ? 'less' : '';
}
