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
      const inside = [...readFileSync(join(here, output, 'index.html'), 'utf8').matchAll(/<script>([^]*?)<\/script>/g)];
      const scripts = inside.map(([, text]) => `sha256-${createHash('sha256').update(text).digest('base64')}`);
      writeFileSync(join(here, output, 'served.json'), `${JSON.stringify({ pages, scripts }, null, 2)}\n`);
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
    adapter: withServed(adapter({ pages: output, assets: output, fallback: 'index.html', precompress: true })),
    // Ours registers it when the page is at rest: lib/update.svelte.ts.
    serviceWorker: { register: false },
    version: { name: version() },
    paths: { relative: false },
  },
};
