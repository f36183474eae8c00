// How the reader looks at a report: the measure, what colours mean, what is left out. Answers for single nodes.
import { changeColour, kindColour, rankColour } from './colours.js';
import { digits, humanSize, percent, signedSize } from './format.js';
import { MEASURES } from './report.js';
import { changeOf, shares } from './tree.js';

export const CHANGES = ['new', 'grew', 'same', 'shrank', 'gone'];
export const NEUTRAL = 'no language';

export const TYPE_NAMES = {
  image: 'Image', group: 'Group', package: 'Package', component: 'Component', app: 'App', winnow: 'Made by winnow',
  nobody: 'Unclaimed', directory: 'Directory', file: 'File', part: 'Part of a file', overhead: 'No file',
};

export class Lens {
  /** @param {{measure: string, colour: string, area: string}} state */
  constructor(report, state, theme) {
    this.report = report;
    this.state = state;
    this.theme = theme;
    this.measure = MEASURES.indexOf(state.measure);
    this.ranks = new Map([[NEUTRAL, 0]]);
  }

  now(node) {
    return node.now[this.measure];
  }

  then(node) {
    return node.then[this.measure];
  }

  delta(node) {
    return this.now(node) - this.then(node);
  }

  weigh(node) {
    return this.state.area === 'change' ? node.changed[this.measure] : this.now(node);
  }

  change(node) {
    return changeOf(node, this.measure);
  }

  /** What an item counts as under the chosen colours. */
  label(item) {
    if (this.state.colour === 'language') return item.language || NEUTRAL;
    if (this.state.colour === 'change') return itemChange(item, this.measure);
    return this.report.kinds[item.kind];
  }

  /** Languages get their colours in the order of their bytes in the whole image. */
  rankLanguages(root) {
    for (const [label] of shares(root, this.measure, (item) => item.language || NEUTRAL)) {
      if (!this.ranks.has(label)) this.ranks.set(label, this.ranks.size);
    }
  }

  colourOf(label) {
    if (this.state.colour === 'language') return rankColour(this.ranks.get(label) ?? 0, this.theme);
    if (this.state.colour === 'change') return changeColour(label, this.theme);
    return kindColour(label, this.theme);
  }

  fillOf(cell) {
    const { node } = cell;
    if (!node) return this.theme === 'dark' ? '#39414d' : '#d5dae1';
    if (this.state.colour === 'change') return this.colourOf(this.change(node));
    const side = this.now(node) > 0 || node.itemsNow > 0 ? 'now' : 'then';
    return this.colourOf(shares(node, this.measure, (item) => this.label(item), side)[0][0]);
  }

  /** "5.0 MB", or "+1.2 MB" where the area shows change. */
  sizeText(cell) {
    if (this.state.area === 'change') return cell.node ? signedSize(this.delta(cell.node)) : humanSize(cell.weight);
    return humanSize(cell.weight);
  }

  /** A cell in words. */
  describe(cell, within) {
    if (!cell.node) return `${cell.gathered} smaller, together ${humanSize(cell.weight)}`;
    const { node } = cell;
    const words = [node.name, TYPE_NAMES[node.type].toLowerCase()];
    words.push(`${humanSize(this.now(node))} ${this.state.measure}`);
    if (this.now(within)) words.push(`${percent(this.now(node), this.now(within))} of ${within.name}`);
    if (this.report.hasBaseline) words.push(`${this.change(node)}, ${signedSize(this.delta(node))}`);
    if (node.children.length) words.push(`holds ${digits(node.children.length)}`);
    return words.join(', ');
  }
}

export function itemChange(item, measure) {
  if (!item.isThen) return 'new';
  if (!item.isNow) return 'gone';
  const delta = item.now[measure] - item.then[measure];
  if (delta > 0) return 'grew';
  return delta < 0 ? 'shrank' : 'same';
}
