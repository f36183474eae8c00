// What the colours mean, with the bytes of each; each entry is a button that leaves everything else out.
import { element, fillWith, nameText, swatch } from './dom.js';
import { humanSize, signedSize } from './format.js';
import { CHANGES } from './lens.js';
import { itemsBelow } from './tree.js';

export class Legend {
  /** @param {(label: string) => void} ontoggle */
  constructor(ontoggle) {
    this.ontoggle = ontoggle;
    this.root = element('div', { class: 'legend', role: 'group', aria: { label: 'Colours: choose what to show' } });
  }

  /** @param {Set<string>} only the labels that are chosen; empty: all */
  show(lens, node, only) {
    const focused = document.activeElement?.closest?.('.legend') ? document.activeElement.dataset.label : null;
    fillWith(this.root, entriesOf(lens, node).map(([label, bytes]) => this.entry(lens, label, bytes, only)));
    if (focused !== null) [...this.root.children].find((each) => each.dataset.label === focused)?.focus();
  }

  entry(lens, label, bytes, only) {
    const isChange = lens.state.colour === 'change';
    return element('button', {
      type: 'button', data: { label }, aria: { pressed: String(only.has(label)) },
      class: only.size > 0 && !only.has(label) && 'left-out', onclick: () => this.ontoggle(label),
    }, swatch(lens.colourOf(label)), nameText(label), element('span', { class: 'legend-size' },
      isChange && label !== 'same' ? signedSize(bytes) : humanSize(bytes)));
  }
}

function entriesOf(lens, node) {
  const sums = new Map();
  const isChange = lens.state.colour === 'change';
  for (const item of itemsBelow(node)) {
    const label = lens.label(item);
    const now = item.now[lens.measure];
    const bytes = isChange && label !== 'same' ? now - item.then[lens.measure] : now;
    sums.set(label, (sums.get(label) ?? 0) + bytes);
  }
  const entries = [...sums].filter(([, bytes]) => bytes !== 0);
  if (isChange) return entries.sort((a, b) => CHANGES.indexOf(a[0]) - CHANGES.indexOf(b[0]));
  return entries.sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
}
