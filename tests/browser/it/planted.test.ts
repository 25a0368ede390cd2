// Scripts planted wherever people write: in names, wishes' neighbours, messages and notes. On no screen that shows them
// are they ever run; they are shown as the text they are. The content policy would stop them even if they were not.
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { Device, launch, type Look } from '../src/device';
import { EVE, changedSeed, makeMarket, remove } from '../src/market';
import { fresh, type Person } from '../src/person';
import { Server } from '../src/server';

/** Each says where it was planted. */
const planted = (where: string) => `<img src=x onerror="(window.ran??=[]).push('${where}')"><script>window.ran='${where}'</script>`;
const LOOK: Look = { width: 'phone', language: 'en', theme: 'light' };

declare global {
  interface Window {
    ran?: string[];
  }
}

let browser: Browser;
let market: string;
let server: Server;
let buyer: Person;
let staff: Person;
let ids: { buyer: string; exhibitor: string; meeting: string; artist: string };

/** As a cell of a CSV file. */
const cell = (text: string) => `"${text.replaceAll('"', '""')}"`;

function plant(name: string, text: string): string {
  switch (name) {
    case 'buyers.csv':
      return text.replace(/^B010,[^,]*,[^,]*,[^,]*,/m, `B010,${cell(planted('organisation'))},,${cell(planted('buyer'))},`);
    case 'exhibitors.csv':
      return text.replace(/^X21,[^,]*,/m, `X21,${cell(planted('exhibitor'))},`);
    case 'staff.csv':
      return text.replace(/^S055,X21,[^,]*,/m, `S055,X21,${cell(planted('staff'))},`);
    case 'artists.csv':
      return text.replace(/^(A\d+),X21,[^,]*,/m, (_, code) => `${code},X21,${cell(planted('artist'))},`);
    case 'wishes.csv':
      return 'by,on,rank,avoid\nB010,X21,5,\nX21,B010,5,\n';
    default:
      return text;
  }
}

beforeAll(async () => {
  const files = changedSeed(plant);
  [browser, market] = await Promise.all([launch(), makeMarket('published', files)]);
  remove(files);
  server = await Server.on(market, EVE);
  [buyer, staff] = [await server.person('B010'), await server.person('S055')];
  const [made] = (await staff.ask('MyBooth')).myBooth.meetings;
  const exhibitor = (await staff.ask('Me')).me.exhibitor.id;
  const artist = (await buyer.ask('Exhibitor', { id: exhibitor })).exhibitor.artists.find(({ name }: any) => name.written.includes('artist')).id;
  ids = { buyer: made.buyer.id, exhibitor, meeting: made.id, artist };
  await buyer.does('AddAbsence', { id: fresh(), from: '2025-11-06T17:15:00+09:00', until: '2025-11-06T17:40:00+09:00', reason: planted('absence') });
  await buyer.does('MessageMeeting', { meeting: made.id, text: planted('message'), key: fresh() });
  const { exhibitors } = await buyer.ask('Exhibitors');
  const other = exhibitors.edges.map(({ node }: any) => node.id).find((id: string) => id !== exhibitor);
  await buyer.does('RequestMeeting', { id: fresh(), buyer: ids.buyer, exhibitor: other, message: planted('request') });
});

afterAll(async () => {
  await browser?.close();
  await server?.[Symbol.asyncDispose]();
  if (market) remove(market);
});

/** What ran on a page, and which planted texts it shows. */
async function visit(device: Device, path: string) {
  await device.open(path);
  const text = await device.page.evaluate(() => document.body.innerText);
  const shown = [...text.matchAll(/window\.ran='(\w+)'/g)].map(([, where]) => where);
  return { ran: await device.page.evaluate(() => window.ran), shown };
}

it('nothing that was planted runs, and all of it is shown as text', async () => {
  const seen = new Set<string | undefined>();
  const everywhere = ['/', '/agenda', '/find', '/find?what=artists', '/find?what=buyers', '/requests', '/wishes', '/notices', '/me', '/free', '/plan?booth=C-07', '/badge'];
  const own = { buyer: [`/exhibitor/${ids.exhibitor}`, `/artist/${ids.artist}`], booth: ['/board', '/leads', '/staffing', `/buyer/${ids.buyer}`] };
  for (const [person, paths] of [
    [buyer, [...everywhere, ...own.buyer]],
    [staff, [...everywhere, ...own.booth]],
  ] as const) {
    await using device = await Device.with(browser, server.origin, LOOK, person);
    device.page.on('dialog', (dialog) => device.faults.push(`a dialog: ${dialog.message()}`));
    for (const path of [...paths, `/meeting/${ids.meeting}`]) {
      const { ran, shown } = await visit(device, path);
      expect(ran, path).toBeUndefined();
      shown.forEach((where) => seen.add(where));
    }
    expect(device.faults).toEqual([]);
  }
  expect(seen).toEqual(new Set(['organisation', 'buyer', 'exhibitor', 'staff', 'artist', 'absence', 'message', 'request']));
});

/** Puts the planted text into the page as markup, as a careless screen would. */
async function carelessly(device: Device) {
  await device.page.evaluate((text) => (document.querySelector('main')!.innerHTML = text), planted('markup'));
  await device.page.waitForTimeout(300);
  return device.page.evaluate(() => ({ ran: window.ran, refused: window.kept.refused }));
}

it('even a careless screen would not run it: the content policy refuses', async () => {
  await using device = await Device.with(browser, server.origin, LOOK, buyer);
  await device.open('/me');
  const { ran, refused } = await carelessly(device);
  expect(ran).toBeUndefined();
  expect(refused.join('\n')).toMatch(/script-src/);
});

it('without the policy it would run, and be found', async () => {
  await using device = await Device.with(browser, server.origin, { ...LOOK, lawless: true });
  await device.page.goto('/sign-in');
  await device.page.locator('h1').waitFor();
  await device.page.evaluate(() => document.body.append(document.createElement('main')));
  expect((await carelessly(device)).ran).toEqual(['markup']);
});
