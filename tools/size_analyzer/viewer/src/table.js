// A table of nodes: sorted by any column, a hundred rows at a time.
import { element, fillWith } from './dom.js';
import { count, digits } from './format.js';

const ROWS = 100;

/**
 * @typedef {object} Column
 * @property {string} id
 * @property {string} title
 * @property {string} [hint]
 * @property {boolean} [number] right-aligned, largest first
 * @property {(node) => number|string} value to sort by
 * @property {(node) => (string|globalThis.Node|Array)} cell what is shown
 */

export class NodeTable {
  constructor({ caption }) {
    this.caption = element('caption', { class: 'unseen' }, caption);
    this.head = element('thead');
    this.body = element('tbody');
    this.table = element('table', { class: 'rows' }, this.caption, this.head, this.body);
    this.status = element('span', { class: 'page-status', role: 'status' });
    this.back = element('button', { type: 'button', onclick: () => this.turn(-1) }, '\u2039 Previous');
    this.next = element('button', { type: 'button', onclick: () => this.turn(1) }, 'Next \u203a');
    this.root = element('div', { class: 'table-box' },
      element('div', { class: 'table-scroll', tabindex: '0', role: 'region', aria: { label: 'Rows' } }, this.table),
      element('div', { class: 'pages' }, this.status, this.back, this.next));
    this.sort = null;
    this.page = 0;
  }

  /** @param {Node[]} nodes @param {Column[]} columns @param {string} sortBy first order, unless the reader chose one */
  show(nodes, columns, sortBy) {
    this.nodes = nodes;
    this.columns = columns;
    if (!this.sort?.isChosen || !columns.some((column) => column.id === this.sort.id)) {
      this.sort = { id: sortBy, down: true, isChosen: false };
    }
    this.page = 0;
    this.draw();
  }

  order(column) {
    const isSame = this.sort.id === column.id;
    this.sort = { id: column.id, down: isSame ? !this.sort.down : Boolean(column.number), isChosen: true };
    this.page = 0;
    this.draw();
    this.head.querySelector(`[data-column="${column.id}"] button`).focus();
  }

  turn(step) {
    this.page += step;
    this.draw();
    this.root.querySelector('.table-scroll').scrollTop = 0;
    if (document.activeElement?.disabled) this.root.querySelector('.pages button:not(:disabled)')?.focus();
  }

  draw() {
    const column = this.columns.find((each) => each.id === this.sort.id);
    const sign = this.sort.down ? -1 : 1;
    const keyed = this.nodes.map((node) => [column.value(node), node]);
    keyed.sort(([a, one], [b, other]) => sign * compare(a, b) || compare(one.name, other.name));
    const first = this.page * ROWS;
    const shown = keyed.slice(first, first + ROWS);
    fillWith(this.head, element('tr', {}, this.columns.map((each) => this.header(each))));
    fillWith(this.body, shown.map(([, node]) => this.row(node)));
    this.table.setAttribute('aria-rowcount', this.nodes.length);
    this.status.textContent = this.nodes.length === 0 ? 'No rows'
      : shown.length === this.nodes.length ? count(this.nodes.length, 'row')
        : `Rows ${digits(first + 1)}\u2013${digits(first + shown.length)} of ${digits(this.nodes.length)}`;
    this.back.disabled = this.page === 0;
    this.next.disabled = first + ROWS >= this.nodes.length;
    this.back.hidden = this.next.hidden = this.nodes.length <= ROWS;
  }

  header(column) {
    const isSorted = this.sort.id === column.id;
    const state = !isSorted ? 'none' : this.sort.down ? 'descending' : 'ascending';
    return element('th', { scope: 'col', class: column.number && 'number', aria: { sort: state }, data: { column: column.id } },
      element('button', { type: 'button', title: column.hint, onclick: () => this.order(column) }, column.title,
        element('span', { class: 'arrow', aria: { hidden: 'true' } }, !isSorted ? '' : this.sort.down ? '\u25be' : '\u25b4')));
  }

  row(node) {
    return element('tr', {}, this.columns.map((column, index) => element(index === 0 ? 'th' : 'td',
      { class: [column.number && 'number', `is-${column.id}`].filter(Boolean).join(' '), scope: index === 0 ? 'row' : null },
      column.cell(node))));
  }
}

function compare(a, b) {
  if (a < b) return -1;
  return a > b ? 1 : 0;
}
