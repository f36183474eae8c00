// The page of an image beside a baseline: what grew, shrank, is new or gone, and that it adds up to the difference.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { Browser, picture, reportOf, texts } from './browser.mjs';

const browser = await Browser.open();
let file;
let report;
before(() => { file = browser.make('diff'); report = reportOf(file); });
after(() => browser.close());

async function rows(tab) {
  return Object.fromEntries(await tab.$$eval('.rows tbody tr', (found) => found.map((row) => [row.querySelector('th').textContent,
    [row.querySelector('.is-status').textContent, row.querySelector('.is-change').textContent]])));
}

test('every file has its change, and the total is the difference of the totals', async () => {
  const tab = await browser.show(file, { hash: '#by=directory&rows=files' });
  const found = await rows(tab);
  assert.deepEqual(found['app/node.exe'], ['grew', '+2.0 MB']);
  assert.deepEqual(found['Windows/System32/kernel32.dll'], ['shrank', '\u221250.0 kB']);
  assert.deepEqual(found['Windows/Fonts/old.ttf'], ['gone', '\u2212400.0 kB']);
  assert.deepEqual(found['left/over.bin'], ['new', '+80.0 kB']);
  assert.deepEqual(found['Windows/System32/ntdll.dll'], ['same', '0 bytes']);
  const [delta] = await texts(tab, '.details-sizes .chosen td:last-child');
  const difference = report.image.total[2] - report.baseline.total[2];
  assert.equal(delta, `+${(difference / 1e6).toFixed(1)} MB`);
  const changes = await tab.$$eval('.rows .is-change span', (cells) => cells.map((cell) => [cell.className, Number(cell.title.replace(/[^0-9]/g, ''))]));
  assert.equal(changes.reduce((sum, [tone, bytes]) => sum + (tone === 'less' ? -bytes : bytes), 0), difference);
  assert.deepEqual(tab.faults, []);
  await tab.close();
});

test('colours say what grew and shrank, the area how much', async () => {
  const tab = await browser.show(file);
  assert.deepEqual(await texts(tab, '.legend bdi'), ['new', 'grew', 'same', 'shrank', 'gone']);
  assert.match(await tab.textContent('#cell-0'), /^shop, app, .*, grew, \+2\.0 MB/);
  await picture(tab, 'diff-light', { fullPage: true });
  await tab.check('input[name=area][value=size]', { force: true });
  assert.match(await tab.textContent('#cell-0'), /^shop, app, .*, grew, \+2\.0 MB/);
  await tab.click('.legend button:has-text("gone")');
  assert.match(await tab.textContent('.found'), /^Showing 0 files/);
  assert.deepEqual(await texts(tab, '.rows tbody th'), ['shell']);
  assert.deepEqual(tab.faults, []);
  await tab.close();
});

test('counts stand beside those of the baseline', async () => {
  const tab = await browser.show(file, { theme: 'dark' });
  assert.deepEqual(await texts(tab, '.counts dd'), ['10 +2', '1', '3', '4 \u22121']);
  await picture(tab, 'diff-dark', { fullPage: true });
  assert.deepEqual(tab.faults, []);
  await tab.close();
});
