// How vite serves and bundles the app. `npm run dev` asks a running product (ICHIBA, usually http://127.0.0.1:8080) for
// everything that is not the app's own.
import { sveltekit } from '@sveltejs/kit/vite';
import type { Plugin } from 'vite';
import { defineConfig } from 'vitest/config';

const product = process.env.ICHIBA ?? 'http://127.0.0.1:8080';
// The server takes requests from its own pages only; in development these come through here.
const handOn = { target: product, changeOrigin: true, ws: true, headers: { origin: product } };
const proxy = {
  ...Object.fromEntries(['/graphql', '/import', '/sign-out', '/sign-in/enter', '/icon.svg', '/style.css'].map((path) => [path, handOn])),
};

// SvelteKit's own announcer of titles has its style in an attribute, which our content policy refuses: a class does.
const announcer: Plugin = {
  name: 'announcer-by-class',
  enforce: 'pre',
  transform(code, id) {
    if (!id.endsWith('generated/root.svelte')) return null;
    const changed = code.replace(/(id="svelte-announcer"[^>]*?)\sstyle="[^"]*"/, '$1 class="hidden"');
    if (changed === code) this.error('the announcer of SvelteKit looks different now: see the content policy');
    return { code: changed, map: null };
  },
};

// The frame, what is said of errors (both are asked for at the start) and Today are within the file that every visit
// loads; as files of their own, as the other screens are, they would be further ways there and back.
const within: Plugin = {
  name: 'today-within',
  apply: 'build',
  enforce: 'pre',
  transform(code, id) {
    if (!id.endsWith('generated/client-optimized/app.js')) return null;
    const nodes = ['0', '1', code.match(/"\/": \[(\d+)/)?.[1] ?? ''];
    const loaded = nodes.reduce((all, node) => all.replace(`() => import('./nodes/${node}')`, `() => Promise.resolve(node${node})`), code);
    if (loaded.split('Promise.resolve(node').length !== nodes.length + 1) this.error('the list of screens of SvelteKit looks different now');
    return { code: `${nodes.map((node) => `import * as node${node} from './nodes/${node}';\n`).join('')}${loaded}`, map: null };
  },
};

// What every screen needs, and Today, with which most visits begin, come in one file: browsers ask for six at a time, and on
// a slow network each further turn costs a way there and back. What few screens need stays apart, above all sheets with
// their library and everything of the organizer's desk.
const apart = /\/src\/lib\/desk\/|\/(Sheet|OutcomeSheet|AtTable|Offers|Standby|Pick|OwnClock|Refused|RequestCard|AskFor|MoveTo|Swap|Seats|Message|Shifts|Feed|Push|Held|csv|leads|staffing|board|Wide|Arrange|arranging|BoardTable|BoardCell|BoardWaits|moving|push|FitIn|Rate|spans|Waiting|Filters|Times|DayGrid|Choice|Segments|Facts|catalogue|plan|fold)\b|bits-ui|graphql-ws/;
const shared = /rolldown\/runtime|vite\/preload-helper|\/src\/lib\/|\/src\/app\.css|\/src\/routes\/\+(layout|page|error)\.|\/client-optimized\/(app|nodes\/[012])\.js|\/node_modules\/(svelte|@sveltejs\/kit|esm-env|idb-keyval|clsx|devalue)\/|\/@lucide\/svelte\/dist\/(Icon|defaultAttributes|context|utils)/;

export default defineConfig({
  plugins: [announcer, within, sveltekit()],
  server: { host: '127.0.0.1', proxy },
  preview: { host: '127.0.0.1', proxy },
  // The oldest browsers that know light-dark() and auto-phrase's neighbours; older ones get the page without colours.
  build: {
    target: 'es2022',
    cssTarget: ['chrome123', 'firefox120', 'safari17.5'],
  },
  environments: {
    client: {
      build: {
        rolldownOptions: {
          output: { codeSplitting: { groups: [{ name: 'base', test: (id: string) => shared.test(id) && !apart.test(id) }] } },
        },
      },
    },
  },
  test: { include: ['src/**/*.test.ts'] },
});
