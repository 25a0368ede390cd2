// What cannot be done, tried on the screens: in the wrong phase, in a slot that has begun, with what is somebody else's or
// of another event, in more words than there is room for. Each ends in a clear sentence in the person's language, and
// nothing is lost.
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Device, launch } from '../src/device';
import { EVE, at, changedSeed, ichiba, makeMarket, remove } from '../src/market';
import { fresh, movePhase, type Person } from '../src/person';
import { Server } from '../src/server';
import { pattern, type Language } from '../src/words';

/** Another event on the same server, with the same people a month later. */
const OTHER = 'osaka-2025';
const other = (name: string, text: string) => quiet(name, text.replaceAll('2025-11-0', '2025-12-0').replace('code = "tokyo-2025"', `code = "${OTHER}"`));
/** One wish of all: everybody else has time. */
const quiet = (name: string, text: string) => (name === 'wishes.csv' ? 'by,on,rank,avoid\nB001,X01,5,\n' : text);

let browser: Browser;
let market: string;
beforeAll(async () => {
  const [files, others] = [changedSeed(quiet), changedSeed(other)];
  [browser, market] = await Promise.all([launch(), makeMarket('published', files)]);
  await ichiba(market, EVE, ['import', others]);
  [files, others].forEach(remove);
});
afterAll(async () => {
  await browser?.close();
  if (market) remove(market);
});

/** An id of the other event: its first exhibitor's. */
async function elsewhere(person: Person): Promise<string> {
  const cookie = person.cookies.map(({ name, value }) => `${name}=${value}`).join('; ');
  const headers = { 'content-type': 'application/json', 'x-ichiba': 'test', 'x-ichiba-event': OTHER, cookie };
  const answer = await fetch(`${person.origin}/graphql`, { method: 'POST', headers, body: JSON.stringify({ operation: 'Exhibitors', variables: { first: 1 } }) });
  return ((await answer.json()) as any).data.exhibitors.edges[0].node.id;
}

const meetings = async (person: Person) => (await person.ask('MyAgenda')).myAgenda.entries.flatMap(({ meeting }: any) => meeting ?? []);

/** One buyer of several, who meets nobody yet. */
async function cast(language: Language) {
  const server = await Server.on(market, at('09:40'), { ICHIBA_EVENT: 'tokyo-2025' });
  const [organizer, person, stranger] = [await server.person('OR01'), await server.person('B101'), await server.person('B102')];
  const device = await Device.with(browser, server.origin, { width: 'phone', language, theme: 'light' }, person);
  device.excused.push(/ERR_INTERNET_DISCONNECTED|ERR_CONNECTION|ERR_FAILED|WebSocket/);
  // The app is on the phone before the network comes and goes.
  await device.open('/');
  await device.page.waitForFunction(() => navigator.serviceWorker.controller !== null);
  const id = async (who: Person): Promise<string> => (await who.ask('Me')).me.buyer.id;
  const [buyer, strangers] = [await id(person), await id(stranger)];
  const exhibitors: { id: string; name: string }[] = (await person.ask('Exhibitors')).exhibitors.edges.map(({ node }: any) => ({ id: node.id, name: node.organisation.name.written }));
  /** Books the pair's slot that begins at this hour, over the API. */
  const booked = async (who: string, exhibitor: string, clock: string): Promise<string> => {
    const slots = (await organizer.ask('Event')).event.days.flatMap((day: any) => day.slots);
    const slot = slots.find((it: any) => Date.parse(it.startsAt) === Date.parse(at(clock))).number;
    return (await organizer.does('BookMeeting', { id: fresh(), buyer: who, exhibitor, slot })).id;
  };
  return { server, organizer, person, device, buyer, strangers, exhibitors, booked };
}
type Cast = Awaited<ReturnType<typeof cast>>;

async function wrongPhase({ device, organizer, person, buyer, exhibitors, booked }: Cast) {
  const { page, say, context } = device;
  const meeting = await booked(buyer, exhibitors[0]!.id, '11:15');
  await device.open(`/meeting/${meeting}`);
  await context.setOffline(true);
  await page.getByText(say('state.offlineBand')).waitFor();
  await page.getByRole('button', { name: say('meeting.cancel') }).click();
  await page.getByRole('button', { name: say('meeting.cancelYes') }).click();
  await page.getByText(say('meeting.queued')).waitFor();
  await movePhase(organizer, 'FINAL');
  await context.setOffline(false);
  await page.getByRole('button', { name: say('state.refusedCount', { count: 1 }) }).click();
  const refused = page.getByRole('dialog', { name: say('outbox.title') }).getByRole('listitem');
  await refused.getByText(device.look.language === 'ja' ? '現在の段階（日程確定）では受け付けていません。' : 'This is closed now (final); ').waitFor();
  await refused.getByRole('button', { name: say('outbox.drop') }).click();
  await page.getByRole('button', { name: say('outbox.close') }).click();
  expect((await meetings(person)).map(({ id }: any) => id)).toEqual([meeting]);
  await movePhase(organizer, 'ON_SITE');
}

async function pastSlot({ device, server, person, exhibitors }: Cast) {
  const { page, say } = device;
  await device.open(`/exhibitor/${exhibitors[1]!.id}`);
  const times = page.getByRole('region', { name: say('book.title') });
  await times.getByRole('button', { name: /^10:00/ }).first().click();
  const confirm = times.getByRole('button', { name: pattern(device.look.language, 'book.confirm') });
  await confirm.waitFor();
  // The phone is put away, and taken out again when the slot has begun.
  await server.restart(at('10:05'));
  await confirm.click();
  const refused = times.getByRole('alert').filter({ hasText: say('book.refused') });
  await refused.getByText(device.look.language === 'ja' ? 'その時間枠はすでに始まっています。' : 'That slot has already begun; choose a later one.').waitFor();
  // Those that are left stand below.
  await times.getByRole('button', { name: /^\d\d:\d\d/ }).last().click();
  await confirm.click();
  await page.getByText(say('book.bookedSay')).waitFor();
  expect((await meetings(person)).filter(({ exhibitor }: any) => exhibitor.id === exhibitors[1]!.id).length).toBe(1);
}

async function notMine({ device, person, strangers, exhibitors, booked }: Cast) {
  const { page, say } = device;
  const theirs = await booked(strangers, exhibitors[2]!.id, '15:10');
  const away = await elsewhere(person);
  for (const path of [`/meeting/${theirs}`, `/exhibitor/${away}`, `/meeting/${away}`, `/artist/${away}`, `/buyer/${strangers}`, `/people/${strangers}`]) {
    await device.open(path);
    const main = page.getByRole('main');
    await main.getByText(say('problem.notFound')).last().waitFor();
    await main.getByText(say('problem.notFoundHint')).waitFor();
    expect(await main.innerText(), path).not.toContain(exhibitors[2]!.name);
  }
  // Nor is it done when it is asked for all the same.
  const refused = await person.ask('CancelMeeting', { id: theirs, key: fresh() });
  expect(refused.cancelMeeting).toMatchObject({ __typename: 'Refusal', code: 'not_found' });
}

async function longNote({ device, person, buyer, exhibitors, booked, server }: Cast) {
  const { page, say } = device;
  const meeting = await booked(buyer, exhibitors[3]!.id, '10:50');
  await server.restart(at('11:00'));
  await device.open(`/meeting/${meeting}`);
  await page.getByRole('button', { name: say('outcome.open') }).click();
  const sheet = page.getByRole('dialog', { name: say('outcome.title') });
  const words = 'عربي🏳️‍🌈あ'.repeat(1_000);
  expect(words.length).toBeGreaterThan(10_000);
  await sheet.getByLabel(say('outcome.note')).fill(words);
  const shown = await sheet.getByLabel(say('outcome.note')).inputValue();
  expect(words.startsWith(shown) && shown.length > 1_900 && shown.length <= 2_000, String(shown.length)).toBe(true);
  await sheet.getByRole('button', { name: say('outcome.save') }).click();
  await page.getByText(say('outcome.saved')).waitFor();
  expect((await person.ask('Meeting', { id: meeting })).meeting.outcome.note).toBe(shown);
}

describe.each(['ja', 'en'] as const)('in %s', (language) => {
  let the: Cast;
  beforeAll(async () => void (the = await cast(language)));
  afterAll(async () => {
    await the?.device[Symbol.asyncDispose]();
    await the?.server[Symbol.asyncDispose]();
  });

  it('what waited until the phase was another is refused, and stays as it was', () => wrongPhase(the));
  it('a slot that has begun cannot be booked; the nearest ones can', () => pastSlot(the));
  it("somebody else's meeting, and what is of another event, is not there", () => notMine(the));
  it('of a note of ten thousand characters the field takes what fits, and what it shows is kept', () => longNote(the));
  it('nothing went wrong unasked', () => {
    expect(the.device.faults).toEqual([]);
  });
});
