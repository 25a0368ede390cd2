import { beforeEach, expect, it, vi } from 'vitest';

const answer = { me: { roles: [] }, event: { id: 'e' }, myAgenda: { entries: [] }, myRequests: [], myShifts: [], unreadNotices: 3 };
const coming = (part: object = {}) => Promise.resolve({ asked: 1, now: '2', heard: Date.now(), language: 'en', body: { data: answer }, ...part });

let first: typeof import('./first').first;
beforeEach(async () => {
  vi.resetModules();
  ({ first } = await import('./first'));
});
const page = (answer: unknown) => Object.assign(globalThis, { ichibaFirst: answer });

it('every part is taken once', async () => {
  page(coming());
  expect((await first('UnreadNotices', {}, 'en'))?.answer).toEqual({ unreadNotices: 3 });
  expect(await first('UnreadNotices', {}, 'en')).toBeUndefined();
  expect((await first('MyAgenda', {}, 'en'))?.answer).toEqual({ me: { roles: [] }, myAgenda: { entries: [] } });
});

it('only the question that it answers is answered', async () => {
  page(coming());
  expect(await first('MyRequests', { state: 'CLOSED' }, 'en')).toBeUndefined();
  expect((await first('MyRequests', { state: 'OPEN' }, 'en'))?.answer).toEqual({ myRequests: [] });
  expect(await first('MyWishes', {}, 'en')).toBeUndefined();
});

it.each([
  ['in another language', () => coming({ language: 'ja' })],
  ['that is old', () => coming({ heard: Date.now() - 60_000 })],
  ['with errors', () => coming({ body: { data: answer, errors: [{}] } })],
  ['that is none', () => coming({ body: {} })],
  ['that never came', () => Promise.resolve(undefined)],
  ['that failed', () => Promise.reject(new Error('gone'))],
])('an answer %s is not taken', async (_, given) => {
  page(given());
  expect(await first('Me', {}, 'en')).toBeUndefined();
});

it('where the page asked nothing there is nothing', async () => {
  page(undefined);
  expect(await first('Me', {}, 'en')).toBeUndefined();
});
