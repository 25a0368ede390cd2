// The organizer at the timetable desk, through the screens: a calculation begun, watched and stopped, what it leaves out
// and why, its publication and the way back, seen live in a buyer's open agenda; files with a mistake and without; phases.
// Played twice: at a desk in Japanese and on a phone in English, the buyer each time in the other language.
import type { Browser, Locator } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Device, launch } from '../src/device';
import { axe } from '../src/judge';
import { until } from '../src/machine';
import { EVE, changedSeed, makeMarket, remove } from '../src/market';
import { fresh, type Person } from '../src/person';
import { Server } from '../src/server';
import { pattern, type Language } from '../src/words';

const LONG = '600';
const BUYER = 'B001';

/** Of the seed's market some buyers' wishes, and three meetings that are in each other's way: each two of them want the
 * same buyer, table or interpreter, in the only two slots there are for them. Two can be had; that three cannot no prices
 * prove, so a gap stays and the search goes on until it is stopped. Nobody is promised a number of meetings. */
function scene(name: string, text: string): string {
  const rows = text.split('\n').filter(Boolean);
  /** Columns of a row, changed. */
  const column = (row: string, changes: Record<number, string>) => row.split(',').map((cell, place) => changes[place] ?? cell).join(',');
  const change = (code: string, changes: Record<number, string>) => (row: string) => (row.startsWith(`${code},`) ? column(row, changes) : row);
  const two = { 12: '2025-11-05 10:00', 13: '2025-11-05 10:50' };
  const without = (pattern: RegExp) => rows.filter((row, place) => !place || !pattern.test(row));
  const file = (rows: string[]) => `${rows.join('\n')}\n`;
  switch (name) {
    case 'buyers.csv':
      return file([rows[0]!, ...rows.slice(1).map((row) => column(row, { 14: '' })).map(change('B290', { 8: 'th', ...two })).map(change('B291', { 8: 'ja', ...two }))]);
    case 'exhibitors.csv':
      return file([rows[0]!, ...rows.slice(1).map((row) => column(row, { 10: '' })).map(change('X34', { 7: '1', 8: 'th' })).map(change('X35', { 8: 'ja' }))]);
    case 'market.toml':
      return text.replace(/(languages = \["ja", "th"\]\ncount = )\d+/, '$11');
    case 'staffing.csv':
      return file(without(/^E-0[67],/));
    case 'attendance.csv':
      return file(without(/,B29[01]$/));
    case 'wishes.csv':
      return file([...rows.filter((row, place) => !place || (/^B0[0-4]\d,/.test(row) && !/,X3[45],/.test(row))), 'B290,X34,5,', 'B290,X35,5,', 'B291,X34,5,']);
    default:
      return text;
  }
}

let browser: Browser;
let market: string;
beforeAll(async () => {
  const files = changedSeed(scene);
  [browser, market] = await Promise.all([launch(), makeMarket('published', files)]);
  remove(files);
});
afterAll(async () => {
  await browser?.close();
  if (market) remove(market);
});

/** The organizer at a desk or on a phone; a buyer on a phone, who wishes for an exhibitor that the calendar has not. */
async function cast(look: { width: 'phone' | 'desk'; language: Language; buyers: Language }) {
  const server = await Server.on(market, EVE);
  const [organizer, buyer] = [await server.person('OR01'), await server.person(BUYER)];
  const desk = await Device.with(browser, server.origin, { ...look, theme: 'light' }, organizer);
  const phone = await Device.with(browser, server.origin, { width: 'phone', language: look.buyers, theme: 'dark' }, buyer);
  const id: string = (await buyer.ask('Me')).me.buyer.id;
  const met = new Set((await meetings(buyer)).map(({ exhibitor }) => exhibitor.id));
  const { exhibitors } = await buyer.ask('Exhibitors', { first: 100 });
  const wanted = exhibitors.edges.map(({ node }: any) => node).find((it: any) => !met.has(it.id));
  // What both sides want most is placed before everything else.
  for (const side of ['BUYER', 'EXHIBITOR']) await organizer.does('SetWish', { buyer: id, exhibitor: wanted.id, side, want: 'RANK', rank: 5, key: fresh() });
  return { server, organizer, buyer, desk, phone, id, wanted: { id: wanted.id as string, name: wanted.organisation.name.written as string } };
}
type Cast = Awaited<ReturnType<typeof cast>>;

const meetings = async (buyer: Person): Promise<{ id: string; exhibitor: { id: string } }[]> => (await buyer.ask('MyAgenda')).myAgenda.entries.flatMap(({ meeting }: any) => meeting ?? []);

/** What stands beside a figure's name. */
const figure = async (within: Locator, name: string) => (await within.locator('dl > div').filter({ has: within.page().getByText(name, { exact: true }) }).locator('dd').innerText()).trim();
const number = (text: string) => Number(text.replace(/[^-\d.]/g, ''));

/** Accessibility's rules are kept in the states that are passed through, too. */
async function sound({ page }: Device) {
  expect(await axe(page)).toEqual([]);
}

/** Begins a calculation, sees figures come, and stops it. */
async function calculated({ desk: { page, say }, desk }: Cast) {
  await desk.open('/timetable');
  await page.getByText(say('run.new'), { exact: true }).click();
  await page.getByLabel(say('run.seconds')).fill(LONG);
  await page.getByRole('button', { name: say('run.start') }).click();
  const run = page.getByRole('region', { name: say('run.title') });
  await run.getByText(say('run.RUNNING')).waitFor();
  await until('something that is placed', async () => number(await figure(run, say('figure.value'))) > 0);
  const [value, bound, seconds] = [await figure(run, say('figure.value')), await figure(run, say('figure.bound')), await figure(run, say('figure.seconds'))];
  expect(number(bound)).toBeGreaterThan(number(value));
  expect(await figure(run, say('figure.gap'))).toMatch(/^\d+(\.\d+)?\s?%$/);
  // More comes without anybody asking for it.
  await until('newer figures', async () => (await figure(run, say('figure.seconds'))) !== seconds);
  await sound(desk);
  await run.getByRole('button', { name: say('run.stop') }).click();
  await page.getByRole('heading', { name: say('version.title', { version: 2 }) }).waitFor();
  await desk.rest();
}

/** The proposal's figures are the server's, and whoever is not placed is counted by why, down to one pair. */
async function looked({ desk: { page, say }, desk, organizer }: Cast) {
  const [proposal] = (await organizer.ask('TimetableList')).timetables;
  expect(proposal).toMatchObject({ version: 2, state: 'PROPOSED' });
  const main = page.getByRole('main');
  const shown = await Promise.all([say('figure.value'), say('figure.bound'), say('figure.placed')].map(async (name) => number((await figure(main, name)).split('\n')[0] ?? '')));
  expect(shown).toEqual([proposal.value, proposal.upperBound, proposal.placed]);
  const reasons = page.getByRole('region', { name: pattern(desk.look.language, 'reasons.title') });
  const counted = async () => (await reasons.getByRole('row').locator('td:last-child').allInnerTexts()).map(number);
  const sum = async () => (await counted()).reduce((all, one) => all + one, 0);
  await until('every reason', async () => (await sum()) === proposal.requests - proposal.placed);
  expect((await counted()).length).toBeGreaterThan(0);
  await sound(desk);
  await reasons.getByRole('link', { name: say('why.open') }).click();
  const first = page.getByRole('main').getByRole('listitem').filter({ has: page.locator('a[href*="buyer="]') }).first();
  const why = await first.locator('p').first().innerText();
  await first.getByRole('link').click();
  await page.getByRole('heading', { name: ' – ' }).waitFor();
  await page.getByText(why).first().waitFor();
  await sound(desk);
}

/** The buyer's meeting with whom both sides wish for. */
const arranged = async ({ buyer, wanted }: Cast) => (await meetings(buyer)).find(({ exhibitor }) => exhibitor.id === wanted.id)?.id;

async function published(the: Cast) {
  const { desk, phone, organizer } = the;
  await phone.open('/agenda');
  await phone.live();
  expect(await arranged(the)).toBeUndefined();
  await desk.open('/timetable');
  const { page, say } = desk;
  await page.getByRole('button', { name: say('publish.open') }).click();
  const question = page.getByRole('group', { name: say('publish.ask', { version: 2 }) });
  const [{ id }] = (await organizer.ask('TimetableList')).timetables;
  const { difference } = (await organizer.ask('TimetableVersion', { id })).timetable;
  expect(difference.buyersTold).toBeGreaterThan(0);
  await question.getByText(say('publish.told', { buyers: difference.buyersTold, exhibitors: difference.exhibitorsTold })).waitFor();
  await sound(desk);
  await question.getByRole('button', { name: say('publish.yes') }).click();
  await page.getByText(say('publish.done', { version: 2 })).waitFor();
  await inAgenda(the, 'visible');
}

/** The page that was open shows it, or shows it no longer, without being loaded anew. */
async function inAgenda(the: Cast, state: 'visible' | 'detached') {
  const { phone, wanted } = the;
  const name = phone.page.locator('.on-screen').getByRole('link').filter({ hasText: wanted.name });
  if (state === 'visible') await phone.page.locator(`a[href="/meeting/${await arranged(the)}"]`).first().waitFor({ state: 'attached' });
  // It may be on either day.
  for (const day of await phone.page.getByRole('navigation', { name: phone.say('agenda.title') }).getByRole('link').all()) {
    await day.click();
    if (state === 'detached') await name.waitFor({ state });
    else if (await name.count()) return;
  }
  if (state === 'visible') throw new Error('it is on no day');
}

async function rolledBack(the: Cast) {
  const { desk, phone } = the;
  const { page, say } = desk;
  await page.getByRole('complementary', { name: say('version.all') }).getByRole('link', { name: say('version.short', { version: 1 }) }).click();
  await page.getByRole('button', { name: say('rollBack.open') }).click();
  const question = page.getByRole('group', { name: say('rollBack.ask', { version: 1 }) });
  await question.getByText(pattern(desk.look.language, 'publish.told')).waitFor();
  await question.getByRole('button', { name: say('rollBack.yes') }).click();
  await page.getByText(say('rollBack.done', { version: 1 })).waitFor();
  await phone.page.locator('.on-paper').getByRole('link').filter({ hasText: the.wanted.name }).first().waitFor({ state: 'detached' });
  await inAgenda(the, 'detached');
  expect(await arranged(the)).toBeUndefined();
}

async function imported({ desk, buyer }: Cast) {
  const { page, say } = desk;
  const rank = async () => (await buyer.ask('MyWishes')).myWishes.find(({ exhibitor }: any) => exhibitor.code === 'X01')?.rank;
  const before = await rank();
  const after = before === 2 ? 3 : 2;
  const file = (rank: number) => ({ name: 'wishes.csv', mimeType: 'text/csv', buffer: Buffer.from(`by,on,rank,avoid\nB001,X01,${rank},\n`) });
  await desk.open('/people/import');
  await page.getByLabel(say('import.choose')).setInputFiles(file(9));
  await page.getByRole('heading', { name: say('import.problems', { count: 1 }) }).waitFor();
  const problems = page.getByRole('table').filter({ has: page.getByRole('columnheader', { name: say('import.problem'), exact: true }) });
  const row = problems.getByRole('row').last();
  const cells = [await row.getByRole('rowheader').innerText(), ...(await row.getByRole('cell').allInnerTexts())];
  expect(cells.slice(0, 3)).toEqual(['wishes.csv', '2', 'rank']);
  expect(cells[3]).toMatch(desk.look.language === 'ja' ? /[ぁ-ん].*9|9.*[ぁ-ん]/ : /[a-z]{3}.*9|9.*[a-z]{3}/);
  expect(await page.getByRole('button', { name: pattern(desk.look.language, 'import.apply') }).count()).toBe(0);
  await sound(desk);
  expect(await rank()).toBe(before);
  // The same file, mended, takes its place.
  await page.getByLabel(say('import.choose')).setInputFiles(file(after));
  await page.getByRole('button', { name: say('import.apply', { count: 1 }) }).click();
  await page.getByText(say('import.appliedSay')).waitFor();
  await sound(desk);
  expect(await rank()).toBe(after);
}

async function moved({ desk, phone }: Cast) {
  const { page, say } = desk;
  await phone.open('/');
  await phone.live();
  await phone.page.getByText(phone.say('phase.OPEN_CALENDAR')).waitFor();
  await desk.open('/phases');
  for (const [phase, button] of [['FINAL', 'phases.on'], ['OPEN_CALENDAR', 'phases.return']] as const) {
    const name = say(`phases.name.${phase}`);
    await page.getByRole('button', { name: say(button, { phase: name }) }).click();
    const question = page.getByRole('group', { name: say('phases.ask', { phase: name }) });
    await question.getByText(say('allowed.book')).waitFor();
    await sound(desk);
    await question.getByRole('button', { name: say('phases.yes', { phase: name }) }).click();
    await page.getByText(say('phases.moved', { phase: name })).waitFor();
    await phone.page.getByText(phone.say(`phase.${phase}`)).waitFor();
  }
}

describe.each([
  { width: 'desk', language: 'ja', buyers: 'en' },
  { width: 'phone', language: 'en', buyers: 'ja' },
] as const)('the organizer on a $width, in $language', (look) => {
  let the: Cast;
  beforeAll(async () => void (the = await cast(look)));
  afterAll(async () => {
    for (const device of [the?.desk, the?.phone]) await device?.[Symbol.asyncDispose]();
    await the?.server[Symbol.asyncDispose]();
  });

  it('a calculation shows its figures as they come, and is stopped', () => calculated(the));
  it('its figures, and why somebody is not placed', () => looked(the));
  it('it is published: the question says who is told, and an open agenda shows it', () => published(the));
  it('it is rolled back, and the open agenda follows', () => rolledBack(the));
  it('a file with a mistake says where and keeps nothing; mended, it is kept', () => imported(the));
  it('the market moves to another phase and back, and an open screen follows', () => moved(the));
  it('nothing went wrong on either device', () => {
    expect([the.desk, the.phone].flatMap(({ faults }) => faults)).toEqual([]);
  });
});
