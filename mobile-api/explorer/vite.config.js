// Bundles the explorer into dist/. Everything it needs is in there: the page loads nothing from anywhere else.
import { defineConfig } from 'vite';

// GraphiQL carries two fonts as data: URLs, which a strict content policy refuses; the system's fonts do.
const systemFonts = {
  name: 'system-fonts',
  enforce: 'pre',
  transform(code, id) {
    if (!id.endsWith('.css')) return null;
    return { code: code.replace(/@font-face\s*\{[^}]*\}/g, ''), map: null };
  },
};

export default defineConfig({
  base: '/explorer/',
  plugins: [systemFonts],
  build: {
    // Small pictures as files too: `img-src 'self'` is enough.
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 2000,
    modulePreload: { polyfill: false },
    rolldownOptions: {
      // "use client" is for servers that render React; this page is rendered in the browser only.
      checks: { moduleLevelDirective: false },
      onLog(level, log, report) {
        if (log.code !== 'MODULE_LEVEL_DIRECTIVE') report(level, log);
      },
    },
  },
});
