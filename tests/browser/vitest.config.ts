// How the browser tests run: files side by side, tests of a file one after the other, on one market made once.
import { defineConfig } from 'vitest/config';

// The driver then sees what service workers ask for too.
process.env.PW_EXPERIMENTAL_SERVICE_WORKER_NETWORK_EVENTS = '1';

// A machine that others keep busy stands still now and then, longer than the app waits for an answer: what fails twice more
// has failed, and each try is reported.
const shared = { globalSetup: ['src/setup.ts'], retry: 2, testTimeout: 240_000, hookTimeout: 120_000, pool: 'forks' as const };

export default defineConfig({
  test: {
    // Two cores are what everybody has; each file has a server and a browser of its own.
    maxWorkers: 2,
    reporters: ['verbose'],
    projects: [
      { test: { ...shared, name: 'it', include: ['it/**/*.test.ts'] } },
      { test: { ...shared, name: 'slow', include: ['slow/**/*.test.ts'] } },
    ],
  },
});
