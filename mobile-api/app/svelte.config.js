// How SvelteKit builds the app: one page, filled in by the browser, that the server hands out for every path of the app.
import adapter from '@sveltejs/adapter-static';
import { vitePreprocess } from '@sveltejs/vite-plugin-svelte';
import { createHash } from 'node:crypto';
import { readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const here = import.meta.dirname;
const output = 'build';

/** The same sources make the same version, on whatever machine and at whatever time. */
function version() {
  const hash = createHash('sha256');
  const within = (folder) =>
    readdirSync(join(here, folder), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && !entry.name.startsWith('generated'))
      .map((entry) => join(entry.parentPath, entry.name));
  const files = [...within('src'), ...within('static'), ...within('../operations'), join(here, 'package-lock.json')];
  for (const file of files.sort()) hash.update(file.slice(here.length)).update(readFileSync(file));
  return hash.digest('hex').slice(0, 12);
}

/**
 * The page asks for Today's files at once, with the frame's, and for nothing that is needed later: most visits begin
 * there, and on a phone each wait counts. What is done first is within it.
 */
function withToday(page) {
  const manifest = JSON.parse(readFileSync(join(here, '.svelte-kit/output/client/.vite/manifest.json'), 'utf8'));
  const routes = readFileSync(join(here, '.svelte-kit/generated/client-optimized/app.js'), 'utf8');
  const number = routes.split('"/": [')[1].match(/^\d+/)[0];
  const found = new Set();
  const add = (key) => {
    if (found.has(key)) return;
    found.add(key);
    (manifest[key].imports ?? []).forEach(add);
  };
  for (const node of [0, number]) add(`.svelte-kit/generated/client-optimized/nodes/${node}.js`);
  const files = [...found].flatMap((key) => [manifest[key].file, ...(manifest[key].css ?? [])]);
  const missing = [...new Set(files)].filter((file) => !page.includes(file));
  const styles = new Set(files);
  const needed = page.replace(/\s*<link href="\/([^"]*)" rel="stylesheet">/g, (whole, file) => (styles.has(file) ? whole : ''));
  const first = readFileSync(join(here, 'static/first.js'), 'utf8').replace(/^\s*\/\/.*\n/gm, '');
  const within = needed.replace('<script src="/first.js"></script>', () => `<script>${first}</script>`);
  if (within === needed) throw new Error('the page does not begin with first.js');
  const link = (file) => `<link href="/${file}" rel="${file.endsWith('.css') ? 'stylesheet' : 'modulepreload'}">`;
  return within.replace('</head>', `${missing.map(link).join('')}</head>`);
}

/**
 * Besides the files, what the server must know of them: the paths that are pages (all others are "not found"), and the
 * hashes of the scripts within the page, which its content policy names.
 */
function withServed(adapt) {
  return {
    ...adapt,
    async adapt(builder) {
      await adapt.adapt(builder);
      const path = ({ segments }) => `/${segments.map(({ content, dynamic }) => (dynamic ? '*' : content)).join('/')}`;
      const pages = builder.routes.map(path).sort();
      const file = join(here, output, 'index.html');
      const page = withToday(readFileSync(file, 'utf8'));
      writeFileSync(file, page);
      const inside = [...page.matchAll(/<script>([^]*?)<\/script>/g)];
      const scripts = inside.map(([, text]) => `sha256-${createHash('sha256').update(text).digest('base64')}`);
      writeFileSync(join(here, output, 'served.json'), `${JSON.stringify({ pages, scripts }, null, 2)}\n`);
      await builder.compress(join(here, output));
      // The server packs with gzip itself.
      for (const file of readdirSync(join(here, output), { recursive: true })) {
        if (file.endsWith('.gz')) rmSync(join(here, output, file));
      }
    },
  };
}

/** @type {import('@sveltejs/kit').Config} */
export default {
  preprocess: vitePreprocess(),
  compilerOptions: { runes: true },
  kit: {
    adapter: withServed(adapter({ pages: output, assets: output, fallback: 'index.html' })),
    // Ours registers it when the page is at rest: lib/update.svelte.ts.
    serviceWorker: { register: false },
    version: { name: version() },
    paths: { relative: false },
  },
};
