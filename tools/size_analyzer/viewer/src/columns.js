// The columns of the table below a treemap.
import { toneOf } from './details.js';
import { element, nameText, swatch } from './dom.js';
import { digits, growth, humanSize, percent, signedSize } from './format.js';
import { TYPE_NAMES } from './lens.js';
import { MEASURES } from './report.js';
import { itemsBelow } from './tree.js';

/** @param {{report: Report, lens: Lens, within: Node, isFlat: boolean, open(node)}} view */
export function columnsOf(view) {
  const { report } = view;
  const sizes = report.hasBaseline ? changeColumns(view) : measureColumns(view);
  return [nameColumn(view), ...aboutColumns(view), ...sizes];
}

/** The column rows are sorted by before the reader sorts them. */
export function firstOrder(view) {
  return view.report.hasBaseline ? 'change' : view.lens.state.measure;
}

function nameColumn(view) {
  const { report, lens, isFlat } = view;
  const textOf = (node) => (isFlat ? pathOfNode(report, node) : node.name);
  return {
    id: 'name', title: isFlat ? 'Path' : 'Name', value: (node) => textOf(node).toLowerCase(),
    cell: (node) => element('button', { type: 'button', class: 'link', onclick: () => view.open(node) },
      swatch(lens.fillOf({ node })), nameText(textOf(node))),
  };
}

/** The item that says what a file is: itself, its content, or where that is left out its first part. */
function itemOf(node) {
  return node.item ?? node.whole ?? itemsBelow(node).next().value;
}

function pathOfNode(report, node) {
  const folder = report.directoryPath(itemOf(node).directory);
  return folder ? `${folder}/${node.name}` : node.name;
}

function aboutColumns({ report, isFlat }) {
  const ownerOf = (node) => (node.owner >= 0 && report.owners[node.owner].kind !== 'nobody' ? report.owners[node.owner].name : '');
  const kindOf = (node) => (isFlat || node.item ? report.kinds[itemOf(node).kind] : TYPE_NAMES[node.type].toLowerCase());
  const languageOf = (node) => itemOf(node).language;
  const columns = [{ id: 'kind', title: isFlat ? 'Kind' : 'What', value: kindOf, cell: kindOf }];
  columns.push({ id: 'owner', title: 'Owner', value: ownerOf, cell: (node) => nameText(ownerOf(node)) });
  if (isFlat) columns.push({ id: 'language', title: 'Language', value: languageOf, cell: languageOf });
  else columns.push({ id: 'files', title: 'Files', number: true, value: (node) => node.files, cell: (node) => digits(node.files) });
  return columns;
}

function measureColumns({ lens, within }) {
  const columns = MEASURES.map((measure, m) => ({
    id: measure, title: measure[0].toUpperCase() + measure.slice(1), number: true, value: (node) => node.now[m],
    cell: (node) => sizeCell(node.now[m]),
  }));
  columns.push({
    id: 'share', title: 'Share', number: true, hint: `of the ${lens.state.measure} bytes of ${within.name}`,
    value: (node) => lens.now(node), cell: (node) => shareCell(lens.now(node), lens.now(within)),
  });
  return columns;
}

function changeColumns({ lens }) {
  return [
    { id: 'status', title: 'Status', value: (node) => lens.change(node), cell: (node) => statusCell(lens.change(node)) },
    { id: 'before', title: 'Before', number: true, value: (node) => lens.then(node), cell: (node) => sizeCell(lens.then(node)) },
    { id: 'now', title: 'Now', number: true, value: (node) => lens.now(node), cell: (node) => sizeCell(lens.now(node)) },
    {
      id: 'change', title: 'Change', number: true, hint: 'largest change in either direction first',
      value: (node) => Math.abs(lens.delta(node)),
      cell: (node) => element('span', { class: toneOf(lens.delta(node)), title: `${digits(Math.abs(lens.delta(node)))} bytes` },
        signedSize(lens.delta(node))),
    },
    {
      id: 'growth', title: 'Growth', number: true,
      value: (node) => (lens.then(node) ? lens.delta(node) / lens.then(node) : Infinity * Math.sign(lens.delta(node)) || 0),
      cell: (node) => growth(lens.now(node), lens.then(node)),
    },
  ];
}

function sizeCell(bytes) {
  return element('span', { title: `${digits(bytes)} bytes` }, humanSize(bytes));
}

function shareCell(part, whole) {
  const fill = element('span', { class: 'bar-fill' });
  fill.style.width = `${whole > 0 ? (100 * part) / whole : 0}%`;
  return element('span', { class: 'share' }, element('span', { class: 'bar', aria: { hidden: 'true' } }, fill),
    element('span', {}, percent(part, whole)));
}

function statusCell(change) {
  return element('span', { class: `status ${change}` }, change);
}
