// The modules of the viewer that need no browser: numbers as text, trees that add up, cells, neighbours, colours.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { addressText, readAddress } from '../../tools/size_analyzer/viewer/src/address.js';
import { chooseCells } from '../../tools/size_analyzer/viewer/src/cells.js';
import { changeColour, contrast, kindColour, rankColour, textOn } from '../../tools/size_analyzer/viewer/src/colours.js';
import { growth, humanSize, percent, shorten, signedSize, visible } from '../../tools/size_analyzer/viewer/src/format.js';
import { neighbour } from '../../tools/size_analyzer/viewer/src/spatial.js';

test('sizes read as in the terminal', () => {
  assert.equal(humanSize(0), '0 bytes');
  assert.equal(humanSize(1), '1 byte');
  assert.equal(humanSize(999), '999 bytes');
  assert.equal(humanSize(1000), '1.0 kB');
  assert.equal(humanSize(999_949), '999.9 kB');
  assert.equal(humanSize(999_950), '1.0 MB');
  assert.equal(humanSize(5_242_983_816), '5.2 GB');
  assert.equal(signedSize(-1500), '\u22121.5 kB');
  assert.equal(signedSize(1500), '+1.5 kB');
});

test('shares and growth', () => {
  assert.equal(percent(1, 3), '33.3 %');
  assert.equal(percent(1, 1_000_000), '<0.1 %');
  assert.equal(percent(0, 10), '0.0 %');
  assert.equal(percent(1, 0), '');
  assert.equal(growth(150, 100), '+50.0 %');
  assert.equal(growth(50, 100), '\u221250.0 %');
  assert.equal(growth(1, 0), '');
});

test('what hides in a name is seen', () => {
  assert.equal(visible('evil\u202egpj.exe'), 'evil\u27e8U+202E\u27e9gpj.exe');
  assert.equal(visible('a\u0000b'), 'a\u27e8U+0000\u27e9b');
  assert.equal(visible('größe.日本'), 'größe.日本');
  assert.equal(shorten('abcdefghij', 5), 'ab\u2026ij');
});

test('an address comes back as it was, and a damaged one is ignored', () => {
  const state = { by: 'directory', at: ['d:Windows/d:System32', 'f:100% & more#.dll'] };
  assert.deepEqual(readAddress(addressText(state)), state);
  assert.deepEqual(readAddress('#at=%E0%A4%A&by=directory'), { by: 'directory' });
});

const leaf = (name, weight) => ({ name, weight, children: [] });
const weigh = (node) => node.weight;
function branch(name, children) {
  return { name, children, weight: children.reduce((sum, child) => sum + child.weight, 0) };
}

test('cells have the weight of all nodes, the small ones together', () => {
  const small = Array.from({ length: 500 }, (_, i) => leaf(`s${i}`, 1));
  const root = branch('root', [branch('a', [leaf('x', 5000), leaf('y', 3000)]), leaf('b', 2000), ...small]);
  const cells = chooseCells(root, 100_000, weigh);
  assert.deepEqual(cells.map((cell) => [cell.node?.name ?? `${cell.gathered} more`, cell.weight]), [['a', 8000], ['b', 2000], ['500 more', 500]]);
  assert.deepEqual(cells[0].children.map((cell) => cell.node.name), ['x', 'y']);
});

test('a chain of only children is one cell', () => {
  const root = branch('root', [branch('component', [branch('folder', [leaf('file', 10)])]), leaf('other', 10)]);
  const [first] = chooseCells(root, 100_000, weigh);
  assert.equal(first.node.name, 'component');
  assert.deepEqual(first.children, []);
});

test('a file that is nearly all one part is one cell, one of two kinds is opened', () => {
  const file = (name, ...parts) => ({ ...branch(name, parts), type: 'file' });
  const root = branch('root', [file('plain.exe', leaf('content', 950), leaf('signature', 50)), file('debug.exe', leaf('content', 500), leaf('.debug', 400))]);
  assert.deepEqual(chooseCells(root, 200_000, weigh).map((cell) => cell.children.map((child) => child.node.name)), [[], ['content', '.debug']]);
});

test('arrows reach the cell ahead, and stay at the edge', () => {
  // one tall cell at the left, two beside it
  const rects = [{ x: 0, y: 0, width: 50, height: 100 }, { x: 50, y: 0, width: 50, height: 50 }, { x: 50, y: 50, width: 50, height: 50 }];
  assert.equal(neighbour(rects, 0, 'ArrowRight'), 1);
  assert.equal(neighbour(rects, 1, 'ArrowDown'), 2);
  assert.equal(neighbour(rects, 2, 'ArrowLeft'), 0);
  assert.equal(neighbour(rects, 2, 'ArrowUp'), 1);
  assert.equal(neighbour(rects, 0, 'ArrowLeft'), 0);
});

test('the text on every colour can be read (WCAG AA)', () => {
  const kinds = ['executable', 'library', 'driver', 'service binary', 'language', 'font', 'NLS table', 'registry hive', 'component store',
    'update payload', 'data', 'debug section', 'signature', 'slack', 'named stream', 'file table', 'directory index', 'file system',
    'partition table', 'free space', 'container format', 'unclaimed'];
  for (const theme of ['light', 'dark']) {
    const fills = kinds.map((kind) => kindColour(kind, theme));
    assert.equal(new Set(fills).size, kinds.length, 'no two kinds have one colour');
    fills.push(...['new', 'grew', 'same', 'shrank', 'gone'].map((change) => changeColour(change, theme)));
    for (let rank = 0; rank < 30; rank++) fills.push(rankColour(rank, theme));
    for (const fill of fills) assert.ok(contrast(fill, textOn(fill)) >= 4.5, `${theme} ${fill}: ${contrast(fill, textOn(fill))}`);
  }
});
