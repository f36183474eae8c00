// Names of files come from whoever made the image: they stay text.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';

import { Browser, picture, reportOf, texts } from './browser.mjs';

const browser = await Browser.open();
after(() => browser.close());

test('no name runs, hides or breaks the page', async () => {
  const file = browser.make('hostile');
  assert.equal(reportOf(file).image.name, "</title><script>document.title='taken'</script>.tar");
  const tab = await browser.show(file, { hash: '#rows=files&by=directory' });
  const shown = await texts(tab, '.rows tbody th');
  for (const name of ['Windows/</script><script>window.taken=1</script>/a.dll', 'Windows/<!--/b', '__proto__/constructor/hasOwnProperty',
    'Windows/evil\u27e8U+202E\u27e9gpj.exe', 'Windows/not-utf8-\ufffd\ufffd', '@@REPORT@@/@@TITLE@@']) {
    assert.ok(shown.includes(name), name);
  }
  assert.equal(await tab.evaluate(() => window.taken), undefined);
  assert.match(await tab.title(), /^<\/title><script>/);
  assert.equal(await tab.$('img'), null);
  await tab.check('input[name=by][value=component]', { force: true });
  await tab.fill('#find', '<b>bold');
  await tab.waitForFunction(() => document.querySelectorAll('.rows tbody tr').length === 2);
  await picture(tab, 'hostile', { fullPage: true });
  assert.deepEqual(tab.faults, []);
  await tab.close();
});

test('an address that means nothing shows the whole image', async () => {
  const tab = await browser.show(browser.make('size'), { hash: '#by=__proto__&measure=constructor&at=%FF/x/y&find=%&area=change&colour=change' });
  assert.equal(await tab.$eval('.table-head h2', (each) => each.textContent), 'Contents of shop-2.tar');
  assert.deepEqual(tab.faults, []);
  await tab.close();
});
