// Every screen, as everybody who may open it, on phones and desks, in both languages, light and dark, and with letters
// twice as large. The product of all that is thinned by a rule: see `rows`.
import type { Browser } from 'playwright-core';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { Device, launch, shown, type Look } from '../src/device';
import { judge } from '../src/judge';
import { pictures } from '../src/machine';
import { EVE, at } from '../src/market';
import { fresh, movePhase, type Person } from '../src/person';
import { find, PEOPLE, routes, SCREENS, unknown, type Found, type Role, type Screen } from '../src/screens';
import { Server } from '../src/server';

/** The eve, when the calendar is open; and four minutes before the first slot of the afternoon, when people sit down. */
const MOMENTS = { eve: EVE, onSite: at('13:26') } as const;
type Moment = keyof typeof MOMENTS;

interface Sight extends Look {
  moment: Moment;
}
/** Two looks that together have each width, language and appearance, and one with large letters. */
const LOOKS: readonly (readonly [Sight, Sight, Sight])[] = [
  [
    { width: 'phone', language: 'ja', theme: 'light', moment: 'onSite' },
    { width: 'desk', language: 'en', theme: 'dark', moment: 'eve' },
    { width: 'phone', language: 'en', theme: 'light', large: true, moment: 'eve' },
  ],
  [
    { width: 'phone', language: 'en', theme: 'dark', moment: 'onSite' },
    { width: 'desk', language: 'ja', theme: 'light', moment: 'eve' },
    { width: 'phone', language: 'ja', theme: 'dark', large: true, moment: 'eve' },
  ],
];

/** Those for whom the app is: they see their screens in two looks, the first of a screen with large letters too. */
const MAIN: readonly Role[] = ['nobody', 'buyer', 'exhibitor', 'organizer'];

/** Every (row, role) with its looks; which width goes with which language alternates. Who is not named above has one. */
const rows = SCREENS.flatMap((screen) => screen.roles.map((role, place) => ({ screen, role, place }))).map(({ screen, role, place }, number) => {
  const [one, other, large] = LOOKS[number % 2] ?? LOOKS[0]!;
  const looks = !MAIN.includes(role) ? [[one, other][(number >> 1) % 2]!] : place === 0 ? [one, other, large] : [one, other];
  return { screen, role, looks, name: `${nameOf(screen)} as ${role}` };
});
function nameOf({ route, state }: Screen): string {
  return state ? `${route}, ${state},` : route;
}

let browser: Browser;
const servers = {} as Record<Moment, Server>;
const people = {} as Record<Moment, Partial<Record<Role, Person>>>;
const found = {} as Record<Moment, Found>;
const devices = new Map<string, Device>();

/** Somebody's meeting is cancelled, and one side asks for it anew: a request that waits. */
async function askedAnew(asker: Person, meeting: { id: string; buyer: { id: string }; exhibitor: { id: string } }, message: string) {
  await asker.does('CancelMeeting', { id: meeting.id, key: fresh() });
  await asker.does('RequestMeeting', { id: fresh(), buyer: meeting.buyer.id, exhibitor: meeting.exhibitor.id, message });
}

/** What there is to show besides meetings: requests both ways, notices, somebody on standby, a time of one's own. */
async function fill(moment: Moment) {
  const { buyer, exhibitor } = people[moment] as Record<Role, Person>;
  const booth = (await exhibitor.ask('Me')).me.exhibitor.id;
  const mine = (await buyer.ask('MyAgenda')).myAgenda.entries.flatMap(({ meeting }: any) => meeting ?? []).reverse();
  const theirs = (await exhibitor.ask('MyBooth')).myBooth.meetings.map((it: any) => ({ ...it, exhibitor: { id: booth } })).reverse();
  const [first, second] = mine.filter((it: any) => it.exhibitor.id !== booth);
  await askedAnew(buyer, first, 'Enchanté ♪ はじめまして');
  const guest = theirs.find((it: any) => it.buyer.code !== PEOPLE.buyer);
  await askedAnew(await servers[moment].person(guest.buyer.code), guest, 'お会いできますか');
  await buyer.does('CancelMeeting', { id: second.id, key: fresh() });
  await buyer.does('JoinStandby', { exhibitor: second.exhibitor.id, key: fresh() });
  await buyer.does('AddAbsence', { id: fresh(), from: at('17:15', '2025-11-06'), until: at('17:40', '2025-11-06'), reason: 'Train' });
}

async function begin(moment: Moment) {
  const server = (servers[moment] = await Server.on(inject('published'), MOMENTS[moment]));
  const entries = Object.entries(PEOPLE).filter(([, code]) => code);
  people[moment] = {};
  for (const [role, code] of entries) people[moment][role as Role] = await server.person(code);
  const { buyer, exhibitor, organizer } = people[moment] as Record<Role, Person>;
  if (moment === 'onSite') await movePhase(organizer, 'ON_SITE');
  await fill(moment);
  found[moment] = await find({ buyer, exhibitor, organizer });
}

beforeAll(async () => {
  browser = await launch();
  for (const moment of Object.keys(MOMENTS) as Moment[]) await begin(moment);
});

afterAll(async () => {
  await browser?.close();
  for (const server of Object.values(servers)) await server[Symbol.asyncDispose]();
});

/** The device of a role with a look; devices are kept from row to row, as a person keeps theirs. */
async function device(role: Role, sight: Sight): Promise<Device> {
  const key = `${role} ${sight.moment} ${shown(sight)}`;
  const kept = devices.get(key);
  if (kept) return kept;
  const made = await Device.with(browser, servers[sight.moment].origin, sight, people[sight.moment][role]);
  devices.set(key, made);
  return made;
}

async function picture(device: Device, screen: Screen, role: Role) {
  const folder = pictures();
  if (!folder) return;
  mkdirSync(folder, { recursive: true });
  const name = [nameOf(screen).replace(/\W+/g, '-').replace(/^-|-$/g, '') || 'today', role, shown(device.look).replace(/\W+/g, '-')].join(' ');
  await device.page.screenshot({ path: join(folder, `${name}.png`), fullPage: true });
}

it('every route of the app has a row', () => {
  expect(unknown(routes(), SCREENS)).toEqual([]);
});

it('a route without a row, and a row without a route, are found', () => {
  expect(unknown(['/', '/new'], [{ route: '/' }, { route: '/old' }])).toEqual(['/new has no row in src/screens.ts', '/old is not a route of the app any more']);
});

it('each screen is seen on phone and desk, in both languages, light and dark, and with large letters', () => {
  for (const screen of SCREENS) {
    const looks = rows.filter((row) => row.screen === screen).flatMap(({ looks }) => looks);
    const values = new Set(looks.flatMap(({ width, language, theme, large }) => [width, language, theme, ...(large ? ['large'] : [])]));
    expect(values, nameOf(screen)).toEqual(new Set(['phone', 'desk', 'ja', 'en', 'light', 'dark', 'large']));
  }
});

describe.each(rows)('$name', ({ screen, role, looks }) => {
  it.each(looks.map((sight) => [shown(sight), sight] as const))('%s', async (_, sight) => {
    const seen = await device(role, sight);
    await seen.open(screen.path?.(found[sight.moment], role) ?? screen.route);
    if (role !== 'nobody') await seen.live();
    await screen.then?.(seen);
    await seen.rest();
    await picture(seen, screen, role);
    const problems = await judge(seen);
    if (problems.length) expect.fail(problems.join('\n'));
  });
});
