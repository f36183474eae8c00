// The page of an image, as a reader uses it: by mouse, by keyboard, in both themes.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { Browser, picture, reportOf, texts } from './browser.mjs';

const browser = await Browser.open();
let file;
let report;
before(() => { file = browser.make('size'); report = reportOf(file); });
after(() => browser.close());

const sum = (numbers) => numbers.reduce((total, number) => total + number, 0);
const digits = (number) => String(number).replace(/\B(?=(\d{3})+$)/g, ',');
const exact = (tab) => tab.$eval('.details-facts dd', (each) => each.textContent);
const heading = (tab) => tab.$eval('.table-head h2', (each) => each.textContent);
const names = (tab) => texts(tab, '.rows tbody th');

test('it loads nothing, says nothing on the console, and adds up', async () => {
  const tab = await browser.show(file);
  for (const measure of ['logical', 'allocated', 'stored']) {
    await tab.check(`input[name=measure][value=${measure}]`, { force: true });
    const total = sum(report.items[measure]);
    assert.equal(total, report.image.total[['logical', 'allocated', 'stored'].indexOf(measure)]);
    assert.equal(await exact(tab), `${digits(total)} bytes ${measure}`);
    const shown = await tab.$$eval(`.rows .is-${measure} span`, (cells) => cells.map((cell) => Number(cell.title.replace(/[^0-9]/g, ''))));
    assert.equal(sum(shown), total, `rows of ${measure}`);
  }
  assert.equal(await tab.title(), 'shop-2.tar \u2013 winnow size');
  assert.deepEqual(tab.faults, []);
  await picture(tab, 'size-light', { fullPage: true });
  await tab.close();
});

test('a click goes one level down, and the trail back', async () => {
  const tab = await browser.show(file);
  const box = await tab.locator('#cell-0').boundingBox();
  await tab.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
  assert.match(await tab.textContent('.tooltip'), /node\.exe.*26\.0 MB/s);
  await tab.mouse.click(box.x + box.width / 2, box.y + box.height / 2);
  assert.equal(await heading(tab), 'Contents of shop');
  assert.deepEqual(await texts(tab, '.crumbs li'), ['shop-2.tar', 'shop26.0 MB']);
  await tab.click('.crumbs button');
  assert.equal(await heading(tab), 'Contents of shop-2.tar');
  await tab.goBack();
  assert.equal(await heading(tab), 'Contents of shop');
  await tab.reload();
  assert.equal(await heading(tab), 'Contents of shop');
  assert.deepEqual(tab.faults, []);
  await tab.close();
});

test('the keyboard alone reaches, opens and leaves every cell', async () => {
  const tab = await browser.show(file);
  await tab.keyboard.press('Tab');
  assert.equal(await tab.evaluate(() => document.activeElement.textContent), 'Skip to the treemap');
  await tab.keyboard.press('Enter');
  const active = () => tab.$eval('#treemap', (map) => document.getElementById(map.getAttribute('aria-activedescendant')).textContent);
  assert.match(await active(), /^shop, app, 26\.0 MB stored, 84\.\d % of shop-2\.tar/);
  await tab.keyboard.press('ArrowRight');
  assert.match(await active(), /^shell, package, 4\.0 MB stored/);
  await picture(tab, 'size-focus');
  await tab.keyboard.press('Enter');
  assert.equal(await heading(tab), 'Contents of shell');
  await tab.keyboard.press('Enter');
  await tab.keyboard.press('End');
  await tab.keyboard.press('Home');
  await tab.keyboard.press('Backspace');
  await tab.keyboard.press('Backspace');
  assert.equal(await heading(tab), 'Contents of shop-2.tar');
  const reached = new Set();
  for (const _ of await tab.$$('#treemap [role=option]')) {
    reached.add(await active());
    await tab.keyboard.press('PageDown');
  }
  assert.equal(reached.size, (await tab.$$('#treemap [role=option]')).length);
  assert.deepEqual(tab.faults, []);
  await tab.close();
});

test('by directory: other groups, the same bytes', async () => {
  const tab = await browser.show(file, { theme: 'dark' });
  const before_ = await exact(tab);
  await tab.check('input[name=by][value=directory]', { force: true });
  assert.deepEqual(await names(tab), ['app', 'Windows', 'left', 'File system and container']);
  assert.equal(await exact(tab), before_);
  assert.match(tab.url(), /by=directory/);
  await picture(tab, 'size-dark', { fullPage: true });
  await tab.check('input[name=colour][value=language]', { force: true });
  assert.deepEqual(await texts(tab, '.legend bdi'), ['no language', 'de-DE', 'en-US']);
  assert.deepEqual(tab.faults, []);
  await tab.close();
});

test('the search and the legend leave rows out and say how much is left', async () => {
  const tab = await browser.show(file, { hash: '#rows=files' });
  await tab.fill('#find', 'shell MUI');
  await tab.waitForFunction(() => document.querySelectorAll('.rows tbody tr').length === 2);
  assert.deepEqual(await names(tab), ['Windows/System32/de-DE/shell32.dll.mui', 'Windows/System32/en-US/shell32.dll.mui']);
  assert.match(await tab.textContent('.found'), /^Showing 2 files, 38\.0 kB of 3\d\.\d MB/);
  await tab.click('.found button');
  await tab.click('.legend button:has-text("library")');
  // of kernel32.dll what is neither debug section nor signature
  assert.deepEqual(await names(tab), ['Windows/System32/shell32.dll', 'Windows/System32/ntdll.dll', 'Windows/System32/kernel32.dll']);
  await tab.click('.rows th[data-column=name] button');
  assert.deepEqual(await names(tab), ['Windows/System32/kernel32.dll', 'Windows/System32/ntdll.dll', 'Windows/System32/shell32.dll']);
  assert.equal(await tab.getAttribute('.rows th[data-column=name]', 'aria-sort'), 'ascending');
  assert.deepEqual(tab.faults, []);
  await tab.close();
});

test('a file shows its parts, its service and where it is known from', async () => {
  const tab = await browser.show(file, { hash: '#by=directory' });
  for (const name of ['Windows', 'System32', 'kernel32.dll']) await tab.click(`.rows tbody button:has(bdi:text-is("${name}"))`);
  assert.deepEqual((await names(tab)).sort(), ['.debug_info', 'Authenticode', 'content of kernel32.dll']);
  await tab.click('.crumbs button:has-text("System32")');
  await tab.click('.rows tbody button:has(bdi:text-is("shell32.dll"))');
  assert.match(await tab.textContent('.details'), /Windows\/System32\/shell32\.dll.*Component\s*Shell.*Known from\s*provenance.*1 service.*Themes \(automatic, listens\)/s);
  assert.deepEqual(tab.faults, []);
  await tab.close();
});

test('the switch overrides the system, and paper is light', async () => {
  const tab = await browser.show(file, { theme: 'dark' });
  const theme = () => tab.evaluate(() => document.documentElement.dataset.theme);
  assert.equal(await theme(), 'dark');
  await tab.check('input[name=theme][value=light]', { force: true });
  assert.equal(await theme(), 'light');
  await tab.check('input[name=theme][value=dark]', { force: true });
  const paper = await tab.pdf({ format: 'A4' });
  assert.ok(paper.length > 20_000, `a page of ${paper.length} bytes`);
  assert.equal(await theme(), 'dark');
  assert.deepEqual(tab.faults, []);
  await tab.close();
});

test('on a small screen nothing is wider than the screen', async () => {
  const tab = await browser.show(file, { width: 400, height: 800 });
  assert.ok(await tab.evaluate(() => document.documentElement.scrollWidth) <= 400);
  await picture(tab, 'size-small', { fullPage: true });
  assert.deepEqual(tab.faults, []);
  await tab.close();
});
