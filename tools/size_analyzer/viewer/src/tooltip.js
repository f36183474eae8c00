// What is under the pointer or the keyboard's cell, in a box beside it.
import { element, fillWith, nameText, swatch } from './dom.js';

export class Tooltip {
  /** @param {HTMLElement} frame what the places are relative to; the box stays inside it */
  constructor(frame) {
    this.frame = frame;
    this.box = element('div', { class: 'tooltip', aria: { hidden: 'true' }, hidden: true });
    frame.append(this.box);
  }

  /** @param {{title: string, about: string, colour?: string, rows: [string, string][]}} content */
  show({ title, about, colour, rows }, place) {
    fillWith(this.box,
      element('div', { class: 'tooltip-title' }, colour && swatch(colour), nameText(title)),
      about && element('div', { class: 'tooltip-about' }, nameText(about)),
      element('dl', {}, rows.map(([name, value]) => [element('dt', {}, name), element('dd', {}, nameText(value))])));
    this.box.hidden = false;
    const { clientWidth, clientHeight } = this.frame;
    const { offsetWidth, offsetHeight } = this.box;
    const left = place.x + 16 + offsetWidth > clientWidth ? place.x - offsetWidth - 12 : place.x + 16;
    const top = place.y + 16 + offsetHeight > clientHeight ? place.y - offsetHeight - 12 : place.y + 16;
    this.box.style.left = `${Math.max(4, left)}px`;
    this.box.style.top = `${Math.max(4, top)}px`;
  }

  hide() {
    this.box.hidden = true;
  }
}
