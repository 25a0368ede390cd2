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

/** What a file of SvelteKit hands on from another, by its own names: `{ load: 'a' }` for `export { a as load } from …`. */
function handsOn(file) {
  const found = readFileSync(join(here, '.svelte-kit/output/client', file), 'utf8').match(/^export\s*\{([^}]*)\}\s*from\s*"\.\.\/([^"]+)";?\s*$/);
  if (!found) throw new Error(`${file} does more than hand on`);
  const names = found[1].split(',').map((pair) => pair.trim().split(' as '));
  return { from: `_app/immutable/${found[2]}`, names: Object.fromEntries(names.map(([theirs, own]) => [own ?? theirs, theirs])) };
}

/**
 * The page loads the one file in which the frame and Today are (vite.config.ts), with what that needs, and begins from
 * there: on a phone each further file may wait for a turn of its own. What is done first is within the page.
 */
function withToday(page) {
  const manifest = JSON.parse(readFileSync(join(here, '.svelte-kit/output/client/.vite/manifest.json'), 'utf8'));
  const [start, app] = ['runtime/client/entry.js', 'client-optimized/app.js'].map((end) => manifest[Object.keys(manifest).find((key) => key.endsWith(end))].file);
  const [kit, screens] = [handsOn(start), handsOn(app)];
  const base = Object.keys(manifest).find((key) => manifest[key].file === kit.from);
  if (!base || screens.from !== kit.from) throw new Error('SvelteKit and the screens are not in one file');
  const needed = (key) => [manifest[key].file, ...(manifest[key].css ?? []), ...(manifest[key].imports ?? []).flatMap(needed)];
  const link = (file) => `<link href="/${file}" rel="${file.endsWith('.css') ? 'stylesheet' : 'modulepreload'}">`;
  const handed = Object.entries(screens.names).map(([own, theirs]) => `${own}: base.${theirs}`);
  const begin = `import("/${kit.from}").then((base) => base.${kit.names.start}({ ${handed.join(', ')} }, element));`;
  const first = readFileSync(join(here, 'static/first.js'), 'utf8').replace(/^\s*\/\/.*\n/gm, '');
  const changes = [
    [/\s*<link href="[^"]*" rel="(stylesheet|modulepreload)">/g, ''],
    [/Promise\.all\(\[[^]*?kit\.start\(app, element\);\s*\}\);/, begin],
    ['<script src="/first.js"></script>', `<script>${first}</script>`],
    ['</head>', `${[...new Set(needed(base))].map(link).join('')}</head>`],
  ];
  return changes.reduce((whole, [what, becomes]) => {
    const changed = whole.replace(what, () => becomes);
    if (changed === whole) throw new Error(`the page has no ${what}`);
    return changed;
  }, page);
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
