// Bad moments: fingers that tap twice, two tabs, pages that are older than the calendar, clocks that are wrong, storage
// that is gone, texts that are too long. Each ends in a clear sentence in the
// person's language, and nothing is lost.
import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, inject, it } from 'vitest';
import { Device, launch, type Look } from '../src/device';
import { until } from '../src/machine';
import { EVE, STRANGE } from '../src/market';
import { fresh, type Person } from '../src/person';
import { Server } from '../src/server';
import { pattern } from '../src/words';

const JA: Look = { width: 'phone', language: 'ja', theme: 'light' };
const EN: Look = { width: 'phone', language: 'en', theme: 'dark' };
const HOUR = 3_600_000;

let browser: Browser;
let server: Server;
let organizer: Person;
const devices: Device[] = [];

beforeAll(async () => {
  browser = await launch();
  server = await Server.on(inject('quiet'), EVE);
  organizer = await server.person('OR01');
});

afterEach(async () => {
  for (const device of devices.splice(0)) await device[Symbol.asyncDispose]();
});

afterAll(async () => {
  await browser?.close();
  await server?.[Symbol.asyncDispose]();
});

/** Nobody else is this person in this file, so tests do not meet. */
async function somebody(code: string, look: Look) {
  const person = await server.person(code);
  const device = await Device.with(browser, server.origin, look, person);
  devices.push(device);
  const buyer: string = (await person.ask('Me')).me.buyer.id;
  const exhibitors: string[] = (await person.ask('Exhibitors')).exhibitors.edges.map(({ node }: any) => node.id);
  return { person, device, buyer, exhibitors };
}
type Somebody = Awaited<ReturnType<typeof somebody>>;

const meetings = async (person: Person) => (await person.ask('MyAgenda')).myAgenda.entries.flatMap(({ meeting }: any) => meeting ?? []);

/** Books the pair's best slot, over the API. */
async function booked({ person, buyer, exhibitors }: Somebody, number = 0): Promise<string> {
  const exhibitor = exhibitors[number] ?? '';
  const { suggestions } = await person.ask('Suggestions', { buyer, exhibitor });
  return (await person.does('BookMeeting', { id: fresh(), buyer, exhibitor, slot: suggestions[0].slot.number })).id;
}

async function withoutNetwork(device: Device) {
  device.excused.push(/ERR_INTERNET_DISCONNECTED|ERR_FAILED|WebSocket/);
  await device.context.setOffline(true);
  await device.page.getByText(device.say('state.offlineBand')).waitFor();
}

it('a double tap books once', async () => {
  const { device, person, exhibitors } = await somebody('B101', JA);
  await device.open(`/exhibitor/${exhibitors[0]}`);
  const times = device.page.getByRole('region', { name: device.say('book.title') });
  await times.getByRole('button', { name: /^\d\d:\d\d/ }).first().click();
  await times.getByRole('button', { name: pattern('ja', 'book.confirm') }).dblclick();
  await device.page.getByText(device.say('book.bookedSay')).waitFor();
  await device.rest();
  expect((await meetings(person)).length).toBe(1);
  expect(await device.page.getByText(device.say('book.refused')).count()).toBe(0);
  expect(device.faults).toEqual([]);
});

it('an answer that is lost on its way is asked for again, and the meeting is there once', async () => {
  const { device, person, exhibitors } = await somebody('B102', EN);
  device.excused.push(/ERR_INTERNET_DISCONNECTED/);
  let lost = 0;
  await device.context.route('**/graphql', async (route) => {
    if (route.request().postDataJSON().operation !== 'BookMeeting' || lost++) return route.continue();
    await route.fetch();
    await route.abort('internetdisconnected');
  });
  await device.open(`/exhibitor/${exhibitors[0]}`);
  const times = device.page.getByRole('region', { name: device.say('book.title') });
  await times.getByRole('button', { name: /^\d\d:\d\d/ }).first().click();
  await times.getByRole('button', { name: pattern('en', 'book.confirm') }).click();
  await device.page.getByText(device.say('book.queued')).waitFor();
  await device.page.evaluate(() => dispatchEvent(new Event('online')));
  await device.page.getByRole('button', { name: device.say('state.queued', { count: 1 }) }).waitFor({ state: 'detached' });
  const ids = device.sent.filter(({ operation }) => operation === 'BookMeeting').map(({ variables }) => variables.id);
  expect(ids.length).toBe(2);
  expect(new Set(ids).size).toBe(1);
  expect((await meetings(person)).map(({ id }: any) => id)).toEqual([ids[0]]);
});

it('of two tabs one sends what waits, and both show what came of it', async () => {
  const { device, person, exhibitors } = await somebody('B103', JA);
  const path = `/exhibitor/${exhibitors[2]}`;
  await device.open(path);
  const other = await device.tab();
  await other.goto(path);
  await other.getByRole('group', { name: device.say('wish.rate') }).waitFor();
  await withoutNetwork(device);
  await device.page.getByRole('group', { name: device.say('wish.rate') }).getByRole('button', { name: device.say('wish.of', { rank: 2 }) }).click();
  await device.page.getByRole('button', { name: device.say('state.queued', { count: 1 }) }).waitFor();
  await device.context.setOffline(false);
  await until('the wish', async () => (await person.ask('MyWishes')).myWishes.length === 1);
  await device.page.getByText(device.say('state.offlineBand')).waitFor({ state: 'detached' });
  await other.reload();
  await other.getByRole('group', { name: device.say('wish.rate') }).getByRole('button', { name: device.say('wish.of', { rank: 2 }), pressed: true }).waitFor();
  expect(device.count('SetWish')).toBe(1);
});

it('a page that is older than a roll back: the action is refused with its reason', async () => {
  const me = await somebody('B104', EN);
  const { device, person, buyer, exhibitors } = me;
  await person.does('SetWish', { buyer, exhibitor: exhibitors[3], want: 'RANK', rank: 5, key: fresh() });
  const id = fresh();
  await organizer.does('StartTimetableRun', { id, seconds: 1 });
  await until('the end of the run', async () => (await organizer.ask('TimetableRun', { id })).timetableRun.state === 'DONE');
  const [before] = (await organizer.ask('Timetables')).timetables.filter(({ state }: any) => state === 'PUBLISHED');
  await organizer.does('PublishTimetable', { id, key: fresh() });
  const [meeting] = await meetings(person);
  await device.open(`/meeting/${meeting.id}`);
  await withoutNetwork(device);
  await organizer.does('RollBackTimetable', { id: before.id, key: fresh() });
  await device.page.getByRole('button', { name: device.say('meeting.cancel') }).click();
  await device.page.getByRole('button', { name: device.say('meeting.cancelYes') }).click();
  await device.page.getByText(device.say('meeting.queued')).waitFor();
  await device.context.setOffline(false);
  await device.page.getByRole('button', { name: device.say('state.refusedCount', { count: 1 }) }).click();
  const refused = device.page.getByRole('dialog', { name: device.say('outbox.title') }).getByRole('listitem');
  expect(await refused.innerText()).toMatch(/cancel[^]*\n.*[a-z]{3}.*\./i);
  await device.page.getByRole('button', { name: device.say('outbox.close') }).click();
  await device.page.getByText(device.say('meeting.cancelledSay')).waitFor();
});

it.each([-9, 7])('a device whose clock is off by %i hours shows and does what the venue says', async (hours) => {
  const me = await somebody(hours < 0 ? 'B105' : 'B106', JA);
  const { device } = me;
  const meeting = await booked(me);
  await device.context.addInitScript((shift) => {
    const Real = Date;
    const now = () => Real.now() + shift;
    globalThis.Date = new Proxy(Real, { construct: (real, given) => (given.length ? Reflect.construct(real, given) : new real(now())), get: (real, name) => (name === 'now' ? now : Reflect.get(real, name)) });
  }, hours * HOUR);
  await device.open('/');
  // The eve, a little after ten; the first visit learns it from the first answer.
  await device.page.getByRole('heading', { level: 1, name: /\b10:0\d/ }).waitFor();
  await device.open(`/meeting/${meeting}`);
  await device.page.getByText(pattern('ja', 'today.inDays')).or(device.page.getByText(pattern('ja', 'today.inHours'))).first().waitFor();
  await device.page.getByRole('button', { name: device.say('meeting.cancel') }).click();
  await device.page.getByRole('button', { name: device.say('meeting.cancelYes') }).click();
  await device.page.getByText(device.say('meeting.cancelledSay')).waitFor();
});

it('signing out in another tab ends this one too, and nothing personal stays', async () => {
  const me = await somebody('B107', EN);
  const { device } = me;
  const booking = await booked(me);
  await device.open('/agenda');
  const other = await device.tab();
  await other.goto('/me');
  await other.getByRole('button', { name: device.say('me.signOut') }).click();
  await other.getByRole('heading', { name: device.say('signIn.title') }).waitFor();
  await device.page.getByRole('heading', { name: device.say('signIn.title') }).waitFor();
  const kept = await device.page.evaluate(async () => {
    const answers = await new Promise<unknown[]>((done) => {
      const opening = indexedDB.open('ichiba-answers');
      opening.onsuccess = () => {
        const all = opening.result.transaction('answers').objectStore('answers').getAll();
        all.onsuccess = () => done(all.result);
      };
    });
    return { answers: JSON.stringify(answers), person: localStorage.getItem('ichiba.person') };
  });
  const [meeting] = await meetings(me.person).catch(() => [undefined]);
  expect(meeting, 'the login has ended').toBeUndefined();
  expect(kept.person).toBeNull();
  for (const own of [booking, me.buyer]) expect(kept.answers).not.toContain(own);
});

it('with everything that was kept gone the app begins anew', async () => {
  const me = await somebody('B109', EN);
  const { device } = me;
  await booked(me);
  await device.open('/agenda');
  await device.page.evaluate(async () => {
    localStorage.clear();
    for (const { name } of await indexedDB.databases()) indexedDB.deleteDatabase(name ?? '');
    for (const name of await caches.keys()) await caches.delete(name);
  });
  await device.open('/agenda');
  await device.page.getByRole('main').locator('a[href^="/meeting/"]').first().waitFor();
  expect(device.faults).toEqual([]);
});

it('of ten thousand characters the field takes what fits, and what it shows is what is sent', async () => {
  const { device, person, exhibitors } = await somebody('B110', JA);
  const words = 'あ🎵'.repeat(3_333);
  await device.open(`/exhibitor/${exhibitors[5]}`);
  await device.page.getByRole('button', { name: device.say('request.ask') }).click();
  const field = device.page.getByLabel(device.say('request.message'));
  await field.fill(words);
  const shown = await field.inputValue();
  expect(words.startsWith(shown) && shown.length > 1_900 && shown.length <= 2_000, String(shown.length)).toBe(true);
  await device.page.getByRole('button', { name: device.say('request.send') }).click();
  await device.page.getByText(device.say('request.sent')).waitFor();
  expect((await person.ask('MyRequests', { state: 'OPEN' })).myRequests.map(({ message }: any) => message)).toEqual([shown]);
});

/** Whether a text is drawn whole: nothing of it is cut, hidden or outside of the window. */
const whole = (device: Device, text: string) =>
  device.page.getByText(text).first().evaluate((it) => {
    const { left, right } = it.getBoundingClientRect();
    const cut = [it, ...(function* up(node: Element | null): Generator<Element> {
      for (; node && node.tagName !== 'MAIN'; node = node.parentElement) yield node;
    })(it.parentElement)].filter((box) => getComputedStyle(box).display !== 'inline' && box.scrollWidth > box.clientWidth + 1 && getComputedStyle(box).overflowX !== 'visible');
    return left >= 0 && right <= innerWidth && cut.length === 0;
  });

it('names that run from right to left, with pictures in them, are shown whole and spoil nothing beside them', async () => {
  const staff = await server.person('S055');
  const guest = await server.person('B111');
  const device = await Device.with(browser, server.origin, JA, staff);
  devices.push(device);
  await device.open(`/buyer/${(await guest.ask('Me')).me.buyer.id}`);
  for (const text of [STRANGE.organisation, STRANGE.name]) expect(await whole(device, text), text).toBe(true);
  await device.open(`/find?what=buyers&q=${encodeURIComponent('النيل')}`);
  expect(await whole(device, STRANGE.organisation)).toBe(true);
  // Its direction is its own: what follows it stays where it belongs.
  const name = device.page.getByText(STRANGE.organisation).last();
  expect(await name.evaluate((it) => [getComputedStyle(it).direction, /isolate|plaintext/.test(getComputedStyle(it).unicodeBidi)])).toEqual(['rtl', true]);
  expect(device.faults).toEqual([]);
});
