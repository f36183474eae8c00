// The page of a history: its lines, its cursor by keyboard, the table of what changed.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { Browser, picture, texts } from './browser.mjs';

const browser = await Browser.open();
let file;
before(() => { file = browser.make('history'); });
after(() => browser.close());

test('lines, the largest change first, and why', async () => {
  const tab = await browser.show(file);
  assert.equal(await tab.title(), 'shop builds \u2013 winnow history');
  assert.deepEqual(await texts(tab, '.series-entry bdi'), ['shop.tar', 'Kernel', 'Telemetry']);
  const [first] = await tab.$$eval('.rows tbody tr', (rows) => rows.slice(0, 1).map((row) => [...row.children].map((cell) => cell.textContent)));
  assert.deepEqual(first, ['build 16', '2026-10-16', 'shop.tar', '37.6 MB', '40.6 MB', '+3.0 MB', '+8.1 %', '+3.0 MB: Telemetry is new']);
  await picture(tab, 'history-light', { fullPage: true });
  assert.deepEqual(tab.faults, []);
  await tab.close();
});

test('the keyboard moves from build to build', async () => {
  const tab = await browser.show(file, { theme: 'dark' });
  await tab.focus('#chart');
  const where = () => tab.getAttribute('#chart', 'aria-valuetext');
  assert.match(await where(), /^build 24, 2026-10-24, shop\.tar 40\.9 MB \(\+40\.0 kB\)/);
  await tab.keyboard.press('Home');
  assert.equal(await where(), 'build 1, 2026-10-01, shop.tar 37.0 MB, Kernel 5.0 MB, Telemetry not there');
  for (let i = 0; i < 15; i++) await tab.keyboard.press('ArrowRight');
  assert.match(await tab.textContent('.tooltip'), /build 16.*shop\.tar.*40\.6 MB.*Telemetry is new/s);
  await picture(tab, 'history-dark', { fullPage: true });
  assert.deepEqual(tab.faults, []);
  await tab.close();
});

test('lines are chosen, searched and measured', async () => {
  const tab = await browser.show(file);
  await tab.uncheck('.series-entry:has-text("shop.tar") input');
  assert.ok(!(await texts(tab, '.rows .is-name')).includes('shop.tar'));
  await tab.fill('#find', 'tele');
  assert.deepEqual(await texts(tab, '.series-entry bdi'), ['Telemetry']);
  await tab.check('input[name=measure][value=logical]', { force: true });
  assert.match(await tab.textContent('.series-entry'), /9\.0 MB/);
  assert.deepEqual(tab.faults, []);
  await tab.close();
});
