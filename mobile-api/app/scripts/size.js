// How much script a phone loads until a buyer sees Today, packed; fails above the budget. What comes later (the socket,
// sheets, other screens) is shown beside it. Reads what `npm run build` made.
import { existsSync, readFileSync } from 'node:fs';
import { brotliCompressSync, gzipSync } from 'node:zlib';

const BUDGET = 90 * 1024;

const here = (path) => new URL(`../${path}`, import.meta.url);
const manifest = JSON.parse(readFileSync(here('.svelte-kit/output/client/.vite/manifest.json'), 'utf8'));
const routes = readFileSync(here('.svelte-kit/generated/client-optimized/app.js'), 'utf8');

/** The file of a screen, by its path, and that of the frame around all of them. */
function node(path) {
  // Screens are numbered; 0 is the frame.
  const number = path === undefined ? 0 : routes.split(`"${path}": [`)[1]?.match(/^\d+/)?.[0];
  return `.svelte-kit/generated/client-optimized/nodes/${number}.js`;
}

/** Everything that is loaded with these, not what they load later. */
function closure(keys, found = new Set()) {
  for (const key of keys) {
    if (found.has(key)) continue;
    if (!manifest[key]) throw new Error(`${key} was not built`);
    found.add(key);
    closure(manifest[key].imports ?? [], found);
  }
  return found;
}

function sizes(files) {
  const all = [...files].map((file) => readFileSync(here(`build/${file}`)));
  const sum = (pack) => all.reduce((total, bytes) => total + pack(bytes).length, 0);
  return { plain: sum((bytes) => bytes), gzip: sum((bytes) => gzipSync(bytes, { level: 9 })), brotli: sum((bytes) => brotliCompressSync(bytes)) };
}

const kb = (bytes) => `${(bytes / 1024).toFixed(1)} KB`.padStart(10);
const show = (what, { plain, gzip, brotli }) => console.log(`${what.padEnd(34)}${kb(plain)}${kb(gzip)}${kb(brotli)}`);

if (!existsSync(here('build/index.html'))) throw new Error('build the app first: npm run build');
const start = Object.keys(manifest).find((key) => key.endsWith('runtime/client/entry.js'));
const first = closure([start, '.svelte-kit/generated/client-optimized/app.js', node(), node('/')]);
const scripts = new Set([...first].map((key) => manifest[key].file));
const styles = new Set([...first].flatMap((key) => manifest[key].css ?? []));

console.log(`${''.padEnd(34)}${'plain'.padStart(10)}${'gzip'.padStart(10)}${'brotli'.padStart(10)}`);
const total = sizes([...scripts, 'index.html']);
show('script of the first load, Today', total);
show('styles of the first load', sizes(styles));
for (const [path] of routes.matchAll(/"\/[^"]*": \[\d+/g)) {
  const name = path.split('"')[1];
  const more = [...closure([node(name)])].map((key) => manifest[key].file).filter((file) => !scripts.has(file));
  if (more.length) show(`  more for ${name}`, sizes(more));
}
for (const key of Object.keys(manifest).filter((key) => manifest[key].isDynamicEntry && key.endsWith('.svelte') || key.includes('graphql-ws'))) {
  const more = [...closure([key])].map((key) => manifest[key].file).filter((file) => !scripts.has(file));
  show(`  later: ${key.split('/').slice(-3).join('/')}`.slice(0, 33), sizes(more));
}
if (total.gzip > BUDGET) {
  console.error(`The first load has ${kb(total.gzip).trim()} of script (gzip); the budget is ${kb(BUDGET).trim()}.`);
  process.exit(1);
}
