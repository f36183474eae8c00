// The treemap of what is inside one node: drawn by ECharts, with one focusable option over each of its first-level cells.
import { TreemapChart } from 'echarts/charts';
import * as echarts from 'echarts/core';
import { CanvasRenderer } from 'echarts/renderers';

import { chooseCells } from './cells.js';
import { textOn } from './colours.js';
import { element, fillWith } from './dom.js';
import { isArrow, neighbour } from './spatial.js';

echarts.use([TreemapChart, CanvasRenderer]);

const HEADER = 20; // px, of a cell that is opened
const FONT = 'system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif';
const STEPS = { Home: () => 0, End: (at, n) => n - 1, PageDown: (at, n) => Math.min(n - 1, at + 1), PageUp: (at) => Math.max(0, at - 1) };

export class Treemap {
  /** @param {{open(node), up(), point(cell, place), leave(), describe(cell): string}} events */
  constructor(events) {
    this.events = events;
    this.canvas = element('div', { class: 'treemap-canvas', aria: { hidden: 'true' } });
    this.options = element('div', {
      class: 'treemap-options', role: 'listbox', tabindex: '0', id: 'treemap',
      onkeydown: (event) => this.onKey(event), onfocus: () => this.activate(this.active), onblur: () => events.leave(),
    });
    this.empty = element('p', { class: 'treemap-empty', hidden: true }, 'Nothing here has bytes in this measure.');
    this.root = element('div', { class: 'treemap' }, this.canvas, this.options, this.empty);
    this.cells = [];
    this.byId = new Map(); // the chart copies its data deeply, so it gets ids
    this.active = 0;
    this.chart = null;
  }

  /** Must be in the document before the first draw: the chart takes its size from there. */
  start() {
    this.chart = echarts.init(this.canvas, null, { renderer: 'canvas' });
    const cellOf = (p) => this.byId.get(p.data?.id);
    this.chart.on('mousemove', (p) => cellOf(p) && this.events.point(cellOf(p), { x: p.event.offsetX, y: p.event.offsetY }));
    this.chart.on('globalout', () => this.events.leave());
    this.chart.on('click', (p) => cellOf(p) && this.onClick(cellOf(p)));
    new ResizeObserver(() => this.resize()).observe(this.root);
  }

  /** @param {{root: Node, weigh, fillOf, look}} picture what to draw; `look` has the theme's colours */
  draw(picture) {
    this.picture = picture;
    const { clientWidth: width, clientHeight: height } = this.root;
    const area = Math.max(1, width * height);
    this.cells = chooseCells(picture.root, area, picture.weigh);
    const total = this.cells.reduce((sum, cell) => sum + cell.weight, 0);
    this.byId.clear();
    this.scale = total > 0 ? area / total : 0;
    this.chart.setOption({ series: [this.series()] }, { notMerge: true });
    this.size = `${width}x${height}`;
    this.empty.hidden = this.cells.length > 0;
    this.placeOptions();
  }

  series() {
    const { look } = this.picture;
    return {
      type: 'treemap', left: 0, top: 0, right: 0, bottom: 0, roam: false, nodeClick: false, animation: false,
      breadcrumb: { show: false }, sort: 'desc', squareRatio: 1.25,
      data: this.cells.map((cell, index) => this.datum(cell, 1, String(index))),
      itemStyle: { borderWidth: 0, gapWidth: 3, borderColor: look.ground },
      label: { fontFamily: FONT, position: [6, 5], padding: [0, 10, 0, 0], overflow: 'truncate', ellipsis: '\u2026' },
      upperLabel: { fontFamily: FONT },
      emphasis: { itemStyle: { borderColor: look.accent }, label: {}, upperLabel: { color: look.ink } },
    };
  }

  datum(cell, depth, id) {
    const { look, fillOf } = this.picture;
    const isOpened = cell.children.length > 0;
    const side = Math.sqrt(cell.weight * this.scale);
    const fill = isOpened ? look.group[Math.min(depth, look.group.length) - 1] : fillOf(cell);
    const datum = { id, name: this.labelOf(cell), value: cell.weight };
    this.byId.set(id, cell);
    datum.itemStyle = { color: fill, borderColor: isOpened ? fill : look.ground, gapWidth: 1, borderWidth: isOpened ? 2 : 0 };
    if (isOpened) {
      datum.upperLabel = {
        show: true, height: HEADER, color: look.ink, fontSize: 12, fontWeight: depth === 1 ? 600 : 400, padding: [0, 0, 0, 4],
        formatter: () => (side > 46 ? `${this.labelOf(cell)}  ${this.sizeOf(cell)}` : ''), overflow: 'truncate',
      };
      datum.children = cell.children.map((child, index) => this.datum(child, depth + 1, `${id}.${index}`));
    } else {
      const text = textOn(fill);
      datum.label = { show: side > 42, color: text, fontSize: side > 150 ? 14 : 12, lineHeight: side > 150 ? 19 : 16 };
      datum.label.formatter = () => (side > 52 ? `${this.labelOf(cell)}\n${this.sizeOf(cell)}` : this.labelOf(cell));
    }
    return datum;
  }

  labelOf(cell) {
    return cell.node ? cell.node.name : `${cell.gathered} smaller`;
  }

  sizeOf(cell) {
    return this.picture.sizeText(cell);
  }

  /** One option over each first-level cell, where the chart has laid it out. */
  placeOptions() {
    const list = this.chart.getModel().getSeriesByIndex(0).getData().tree.root.children;
    const laidOut = new Map(list.map((node) => [node.getId(), node.getLayout()]));
    this.rects = this.cells.map((_, index) => {
      const { x, y, width, height } = laidOut.get(String(index));
      return { x, y, width, height };
    });
    fillWith(this.options, this.cells.map((cell, index) => this.option(cell, this.rects[index], index)));
    this.options.setAttribute('aria-label', this.picture.label);
    this.active = 0;
    if (document.activeElement === this.options) this.activate(0);
    else this.options.removeAttribute('aria-activedescendant');
  }

  option(cell, rect, index) {
    const made = element('div', { role: 'option', id: `cell-${index}`, aria: { selected: 'false' } },
      element('span', { class: 'unseen' }, this.events.describe(cell)));
    Object.assign(made.style, {
      left: `${rect.x}px`, top: `${rect.y}px`, width: `${rect.width}px`, height: `${rect.height}px`,
    });
    return made;
  }

  activate(index) {
    if (index >= this.cells.length) return;
    this.options.children[this.active]?.setAttribute('aria-selected', 'false');
    this.active = index;
    this.options.children[index].setAttribute('aria-selected', 'true');
    this.options.setAttribute('aria-activedescendant', `cell-${index}`);
    const rect = this.rects[index];
    this.events.point(this.cells[index], { x: rect.x + Math.min(rect.width / 2, 80), y: rect.y + Math.min(rect.height, 46) });
  }

  onKey(event) {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    const { key } = event;
    if (isArrow(key) && this.cells.length) this.activate(neighbour(this.rects, this.active, key));
    else if (key in STEPS && this.cells.length) this.activate(STEPS[key](this.active, this.cells.length));
    else if ((key === 'Enter' || key === ' ') && this.cells.length) this.open(this.cells[this.active]);
    else if (key === 'Backspace' || key === 'Escape') this.events.up();
    else return;
    event.preventDefault();
  }

  /** A click goes one level down, towards the cell it hits. */
  onClick(cell) {
    let node = cell.node ?? cell.within;
    while (node.parent && node.parent !== this.picture.root && node !== this.picture.root) node = node.parent;
    if (cell.node || node !== this.picture.root) this.events.open(node);
    else this.events.open(null);
  }

  open(cell) {
    this.events.open(cell.node);
  }

  resize() {
    const { clientWidth, clientHeight } = this.root;
    if (!this.picture || this.size === `${clientWidth}x${clientHeight}` || clientWidth === 0) return;
    this.chart.resize({ width: clientWidth, height: clientHeight });
    this.draw(this.picture);
  }
}
