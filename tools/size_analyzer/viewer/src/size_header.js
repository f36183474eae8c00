// The top of an image's page: what it is, its totals, its counts.
import { element, nameText } from './dom.js';
import { count, digits, signedDigits } from './format.js';
import { themeSwitch } from './theme.js';

export function sizeHeader(report, measures) {
  const { image, baseline } = report;
  return element('header', { class: 'top' },
    element('div', { class: 'top-line' },
      element('div', {},
        element('p', { class: 'brand' }, 'winnow size'),
        element('h1', {}, nameText(image.name)),
        element('p', { class: 'about' }, aboutImage(image).map((text) => element('span', {}, nameText(text)))),
        baseline && element('p', { class: 'about' }, element('span', { class: 'against' }, 'against ', nameText(baseline.name)),
          aboutImage(baseline).map((text) => element('span', {}, nameText(text))))),
      themeSwitch()),
    measures,
    counts(report),
    warnings(image));
}

function aboutImage(image) {
  const files = image.layers > 1 ? `${count(image.layers, 'layer')}` : '';
  return [image.format, image.tag, image.os_version && `Windows ${image.os_version}`, image.architecture, files,
    ...image.feeds.map((feed) => `feed ${feed}`)].filter(Boolean);
}

function counts(report) {
  const then = new Map(report.baseline?.counts ?? []);
  const rows = report.image.counts.map(([name, value]) => element('div', {},
    element('dt', {}, name), element('dd', {}, digits(value), countChange(then, name, value))));
  return rows.length > 0 && element('dl', { class: 'counts', aria: { label: 'Counts' } }, rows);
}

function countChange(then, name, value) {
  if (!then.has(name) || then.get(name) === value) return null;
  return element('span', { class: `count-change ${value > then.get(name) ? 'more' : 'less'}` }, ` ${signedDigits(value - then.get(name))}`);
}

function warnings(image) {
  if (image.warnings.length === 0) return null;
  return element('details', { class: 'warnings' }, element('summary', {}, count(image.warnings.length, 'warning')),
    element('ul', {}, image.warnings.map((text) => element('li', {}, nameText(text)))));
}
