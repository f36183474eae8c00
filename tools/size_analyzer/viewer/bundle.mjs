// node bundle.mjs MODULES OUTPUT: the page as one HTML file, with @@TITLE@@ and @@REPORT@@ left for html_page.cpp to fill.
// MODULES is the node_modules folder that `npm ci` made. Script and style run by their digest alone: the page's policy
// allows nothing else, and no request at all.
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const here = path.dirname(fileURLToPath(import.meta.url));
if (process.argv.length !== 4) {
  console.error('usage: node bundle.mjs MODULES OUTPUT');
  process.exit(2);
}
const modules = path.resolve(process.argv[2]);
const output = process.argv[3];
const esbuild = createRequire(path.join(modules, 'bundle.cjs'))('esbuild');

/** What esbuild makes of one entry: its text and which files it is made of. */
async function bundle(entry) {
  const result = await esbuild.build({
    absWorkingDir: here,
    entryPoints: [entry],
    nodePaths: [modules],
    bundle: true,
    write: false,
    minify: true,
    metafile: true,
    format: 'iife',
    target: 'es2020',
    charset: 'utf8',
    legalComments: 'none', // the licences stand in the page, whole
    outfile: 'page',
    logLevel: 'warning',
  });
  return { text: result.outputFiles[0].text.trim(), inputs: Object.keys(result.metafile.inputs) };
}

/** The packages of node_modules that the inputs come from, sorted. */
function packagesOf(inputs) {
  const names = inputs.map((input) => /.*node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(input)?.[1]);
  return [...new Set(names.filter(Boolean))].sort();
}

/** Name, version, licence and the texts that must go along with a package. */
async function licenceOf(name) {
  const folder = path.join(modules, name);
  const about = JSON.parse(await readFile(path.join(folder, 'package.json'), 'utf8'));
  let text = `${name} ${about.version}, ${about.license}\n\n`;
  for (const file of ['NOTICE', 'LICENSE', 'LICENSE.txt']) {
    if (existsSync(path.join(folder, file))) text += `${(await readFile(path.join(folder, file), 'utf8')).trim()}\n\n`;
  }
  return text;
}

const digest = (text) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
const escapeText = (text) => text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;');

const script = await bundle('src/main.js');
const style = await bundle('src/style.css');
// Either would end or change the script element; esbuild writes neither.
if (/<\/script|<!--/i.test(script.text)) throw new Error('the script cannot stand in a page');
const parts = {
  POLICY: `default-src 'none'; script-src ${digest(script.text)}; style-src ${digest(style.text)}; img-src data:; ` +
    "base-uri 'none'; form-action 'none'",
  STYLE: style.text,
  LICENCES: escapeText((await Promise.all(packagesOf(script.inputs).map(licenceOf))).join('')).trim(),
  SCRIPT: script.text,
};
const skeleton = await readFile(path.join(here, 'page.html'), 'utf8');
const page = skeleton.replace(/@@(POLICY|STYLE|LICENCES|SCRIPT)@@/g, (_, name) => parts[name]);
for (const marker of ['@@TITLE@@', '@@REPORT@@']) {
  if (page.split(marker).length !== 2) throw new Error(`${marker} must stand in the page exactly once`);
}
await writeFile(output, page);
