// Opens pages that make_pages wrote in a headless Chromium, and remembers all that a report must never do: messages on the
// console, errors of scripts, requests of any kind.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const here = path.dirname(fileURLToPath(import.meta.url));
export const root = path.resolve(here, '../..');
const chromium = ['/usr/bin/chromium', '/usr/bin/chromium-browser'].find((file) => existsSync(file));

/** Skips the whole test by name where something is missing that install_deps.sh installs; fails when it is required. */
function need(what, isThere) {
  if (isThere) return;
  const required = process.env.WINNOW_TEST_PREREQUISITES === 'required';
  console.log(`${required ? 'missing' : 'skipped'}: ${path.basename(process.argv[1])} needs ${what} (tools/dev/install_deps.sh all)`);
  process.exit(required ? 1 : 77);
}

function playwright() {
  const modules = execFileSync(path.join(root, 'tools/dev/npm_packages.sh'), [here], { encoding: 'utf8' }).trim();
  return createRequire(path.join(modules, 'tests.cjs'))('playwright-core');
}

export class Browser {
  static async open() {
    need('chromium', Boolean(chromium));
    need('make_pages, which is built with everything else', existsSync(process.env.WINNOW_MAKE_PAGES ?? ''));
    const made = new Browser();
    made.folder = mkdtempSync(path.join(tmpdir(), 'winnow-viewer-'));
    // A first start on a machine that also compiles takes long.
    made.browser = await playwright().chromium.launch({
      executablePath: chromium, timeout: 120_000, args: ['--no-sandbox', '--disable-gpu', '--font-render-hinting=none'],
    });
    return made;
  }

  async close() {
    await this.browser.close();
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** Path of a new page of make_pages. */
  make(name) {
    const file = path.join(this.folder, `${name}.html`);
    execFileSync(process.env.WINNOW_MAKE_PAGES, [name, file]);
    return file;
  }

  /** A tab that shows a file; `faults` of the tab must stay empty. */
  async show(file, { hash = '', theme = 'light', width = 1360, height = 900 } = {}) {
    const tab = await this.browser.newPage({ viewport: { width, height }, colorScheme: theme, reducedMotion: 'reduce' });
    tab.setDefaultTimeout(60_000);
    tab.faults = [];
    tab.on('console', (message) => tab.faults.push(`console: ${message.text()}`));
    tab.on('pageerror', (error) => tab.faults.push(`error: ${error.stack}`));
    tab.on('dialog', (dialog) => { tab.faults.push('a dialog'); dialog.dismiss(); });
    const own = pathToFileURL(file).href;
    tab.on('request', (request) => { if (request.url() !== own) tab.faults.push(`request: ${request.url()}`); });
    await tab.goto(own + hash);
    await tab.waitForSelector('html[data-ready]', { state: 'attached' });
    return tab;
  }
}

/** The data a page embeds. */
export function reportOf(file) {
  const text = /<script type="application\/json" id="report">(.*?)<\/script>/s.exec(readFileSync(file, 'utf8'))[1];
  return JSON.parse(text);
}

/** Pictures are kept where WINNOW_PICTURES says, to be looked at. */
export async function picture(tab, name, options = {}) {
  const folder = process.env.WINNOW_PICTURES;
  const bytes = await tab.screenshot({ path: folder && path.join(folder, `${name}.png`), ...options });
  return bytes;
}

/** Texts of all elements that match. */
export const texts = (tab, selector) => tab.$$eval(selector, (found) => found.map((each) => each.textContent.trim()));
