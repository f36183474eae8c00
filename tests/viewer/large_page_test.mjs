// A page of 60,000 files, as of a full Server: it opens, zooms and searches; how fast is printed, not asserted.
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { after, test } from 'node:test';

import { Browser, picture, reportOf } from './browser.mjs';

const FILES = 60_000;
const COMPONENTS = 4_000;
const browser = await Browser.open();
after(() => browser.close());

/** The data of a small page, with the items of a large image in their place. */
function enlarge(report) {
  const owners = Array.from({ length: COMPONENTS }, (_, i) => ({ ...report.owners[1], name: `Component-${i}`, package: `Package-${i % 90}` }));
  report.owners = [report.owners[0], ...owners];
  const directories = { parent: [0, 0, 1, 1], name: ['', 'Windows', 'System32', 'WinSxS'] };
  for (let i = 0; i < COMPONENTS; i++) {
    directories.parent.push(3);
    directories.name.push(`amd64_component-${i}_31bf3856ad364e35_10.0.20348.1_none_0123456789abcdef`);
  }
  const items = Object.fromEntries(Object.keys(report.items).map((column) => [column, []]));
  const total = [0, 0, 0];
  for (let i = 0; i < FILES; i++) {
    const logical = 1000 * (1 + ((i * 7919) % 400));
    const sizes = [logical, Math.ceil(logical / 4096) * 4096, Math.round(logical * 0.45)];
    sizes.forEach((size, m) => { total[m] += size; });
    const row = {
      directory: i % 3 === 0 ? 2 : 4 + (i % COMPONENTS), name: `module-of-the-system-${i}.dll`, part: 0, owner: 1 + (i % COMPONENTS), kind: i % 11,
      language: 0, architecture: 0, flags: 2, logical: sizes[0], allocated: sizes[1], stored: sizes[2],
    };
    for (const column of Object.keys(items)) items[column].push(row[column]);
  }
  return { ...report, directories, items, services: [], image: { ...report.image, name: 'server.vhdx', total } };
}

function makeLarge() {
  const small = browser.make('size');
  const page = readFileSync(small, 'utf8');
  const text = JSON.stringify(enlarge(reportOf(small)));
  const file = path.join(browser.folder, 'large.html');
  writeFileSync(file, page.replace(/(id="report">).*?(<\/script>)/s, (_, before, behind) => before + text + behind));
  return file;
}

test('60,000 files open, zoom and are found', async () => {
  const file = makeLarge();
  const tab = await browser.show(file);
  const interactive = await tab.evaluate(() => performance.getEntriesByName('interactive')[0].startTime);
  const timed = (act) => tab.evaluate(act);
  const zoom = await timed(() => {
    const start = performance.now();
    document.querySelector('.rows tbody button').click();
    return performance.now() - start;
  });
  await tab.goBack();
  await tab.fill('#find', 'system-5999');
  await tab.waitForFunction(() => /^Showing 11 files/.test(document.querySelector('.found').textContent));
  console.log(`# page of ${FILES} files: ${(readFileSync(file).length / 1e6).toFixed(1)} MB, interactive after ${Math.round(interactive)} ms, zoom ${Math.round(zoom)} ms`);
  await picture(tab, 'large');
  assert.deepEqual(tab.faults, []);
  await tab.close();
});
