// A buyer and an exhibitor at once, each on a phone, from the wish to what came of the meeting: timetable, cancelling,
// request, acceptance, moving, no network, no-show, standby, outcome. Played twice: who speaks Japanese the first time
// speaks English the second. What the screens say is compared with what the server says.
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Device, launch } from '../src/device';
import { axe } from '../src/judge';
import { until } from '../src/machine';
import { at, changedSeed, makeMarket, remove } from '../src/market';
import { fresh, movePhase, type Person } from '../src/person';
import { Server } from '../src/server';
import { pattern, type Language } from '../src/words';

/** The booth has one table, and somebody sits there in two slots only; who waits is free in the second alone. */
const BOOTH = { exhibitor: 'X21', booth: 'C-07', staff: 'S055' };
const BUYER = 'B001';
const WAITING = 'B004';
const OTHER = 'B006';
const FIRST = '13:55';
const SECOND = '14:20';
/** Early on the first day: logins hold for half a day of not being used. */
const BEGINNING = at('08:00');

function scene(name: string, text: string): string {
  const keep = (line: (row: string) => boolean) => text.split('\n').filter((row, number) => number === 0 || !row || line(row));
  const played = (row: string) => [BUYER, WAITING, OTHER, BOOTH.exhibitor].some((code) => row.startsWith(`${code},`) || row.includes(`,${code},`));
  const away = (day: string, from: string, until: string) => `${BOOTH.booth},${day},${from},${until},0`;
  switch (name) {
    case 'exhibitors.csv':
      return text.replace(/^(X21,.*,C-07,C),8,(.*),100,214,/m, '$1,1,$2,,,');
    case 'staffing.csv':
      return [
        ...keep((row) => !row.startsWith(BOOTH.booth)).filter(Boolean),
        ...[away('2025-11-05', '10:00', FIRST), away('2025-11-05', '14:45', '17:40'), away('2025-11-06', '10:00', '17:40')],
      ].join('\n').concat('\n');
    case 'unavailable.csv':
      return `${keep((row) => !played(row)).filter(Boolean).join('\n')}\n${WAITING},2025-11-05,13:45,14:15,Call\n`;
    case 'attendance.csv':
      return keep((row) => !played(row)).join('\n');
    case 'wishes.csv':
      return keep((row) => /^B01\d,/.test(row) && !played(row)).join('\n');
    default:
      return text;
  }
}

let browser: Browser;
let market: string;

beforeAll(async () => {
  const files = changedSeed(scene);
  [browser, market] = await Promise.all([launch(), makeMarket('imported', files)]);
  remove(files);
});

afterAll(async () => {
  await browser?.close();
  if (market) remove(market);
});

/** The organizer's part, over the API: a run, and its publication. */
async function publish(organizer: Person) {
  const id = fresh();
  await organizer.does('StartTimetableRun', { id, seconds: 1 });
  await until('the end of the run', async () => (await organizer.ask('TimetableRun', { id })).timetableRun.state === 'DONE');
  await organizer.does('PublishTimetable', { id, key: fresh() });
}

/** Everybody who plays: on phones those who are watched, over the API the others. */
async function cast(tongues: { buyer: Language; booth: Language }) {
  const server = await Server.on(market, BEGINNING);
  const person = (code: string) => server.person(code);
  const [organizer, buyer, staff, waiting, other] = [await person('OR01'), await person(BUYER), await person(BOOTH.staff), await person(WAITING), await person(OTHER)];
  const phone = (language: Language, who: Person) => Device.with(browser, server.origin, { width: 'phone', language, theme: 'light' }, who);
  const [mine, theirs, third] = [await phone(tongues.buyer, buyer), await phone(tongues.booth, staff), await phone(tongues.buyer, waiting)];
  const id = async (who: Person, side: 'buyer' | 'exhibitor'): Promise<string> => (await who.ask('Me')).me[side].id;
  const ids = { buyer: await id(buyer, 'buyer'), exhibitor: await id(staff, 'exhibitor'), waiting: await id(waiting, 'buyer'), other: await id(other, 'buyer') };
  const slots = (await organizer.ask('Event')).event.days.flatMap((day: any) => day.slots);
  const slot = (clock: string): number => slots.find((it: any) => Date.parse(it.startsAt) === Date.parse(at(clock))).number;
  return { server, organizer, buyer, staff, waiting, mine, theirs, third, ids, slot };
}
type Cast = Awaited<ReturnType<typeof cast>>;

/** The pair's meeting as the server has it. */
async function meeting({ staff }: Cast): Promise<{ id: string; slot: { startsAt: string }; buyer: { id: string } }[]> {
  return (await staff.ask('MyBooth')).myBooth.meetings;
}

async function wishes({ mine, theirs, ids, buyer, staff }: Cast) {
  await mine.open(`/exhibitor/${ids.exhibitor}`);
  await mine.page.getByRole('group', { name: mine.say('wish.rate') }).getByRole('button', { name: mine.say('wish.of', { rank: 5 }) }).click();
  await mine.page.getByText(mine.say('wish.set', { rank: 5 })).waitFor();
  await theirs.open(`/buyer/${ids.buyer}`);
  await theirs.page.getByRole('group', { name: theirs.say('wish.rate') }).getByRole('button', { name: theirs.say('wish.of', { rank: 4 }) }).click();
  await theirs.page.getByText(theirs.say('wish.set', { rank: 4 })).waitFor();
  expect((await buyer.ask('MyWishes')).myWishes.map(({ rank }: any) => rank)).toEqual([5]);
  expect((await staff.ask('MyWishes')).myWishes.map(({ rank }: any) => rank)).toEqual([4]);
}

async function timetable(the: Cast) {
  const { mine, theirs, organizer } = the;
  await mine.open('/agenda');
  await theirs.open('/board');
  await publish(organizer);
  // Nobody loads anything anew: the news come by themselves.
  await mine.page.getByRole('main').getByRole('link').filter({ hasText: '星空レコード' }).waitFor();
  await theirs.page.getByRole('table').getByRole('link').filter({ hasText: 'Studio Hirondelle' }).waitFor();
}

async function cancel(the: Cast) {
  const { mine, theirs } = the;
  await mine.page.getByRole('main').getByRole('link').filter({ hasText: '星空レコード' }).click();
  await mine.page.getByRole('button', { name: mine.say('meeting.cancel') }).click();
  await mine.page.getByRole('button', { name: mine.say('meeting.cancelYes') }).click();
  await mine.page.getByText(mine.say('meeting.cancelledSay')).waitFor();
  await theirs.page.getByRole('table').getByRole('link').filter({ hasText: 'Studio Hirondelle' }).waitFor({ state: 'detached' });
  expect(await meeting(the)).toEqual([]);
}

async function request(the: Cast) {
  const { mine, theirs, ids } = the;
  await theirs.open('/requests');
  await mine.open(`/exhibitor/${ids.exhibitor}`);
  await mine.page.getByRole('button', { name: mine.say('request.ask') }).click();
  const form = mine.page.locator('form').filter({ has: mine.page.getByRole('heading', { name: mine.say('request.ask') }) });
  await form.getByRole('button', { name: FIRST }).click();
  await form.getByLabel(mine.say('request.message')).fill('Bonjour 🎧 星空さん');
  await form.getByRole('button', { name: mine.say('request.send') }).click();
  await mine.page.getByText(mine.say('request.sent')).waitFor();
  const card = theirs.page.getByRole('article').filter({ hasText: 'Studio Hirondelle' });
  await card.getByText('Bonjour 🎧 星空さん').waitFor();
  await card.getByRole('button', { name: FIRST }).click();
  await card.getByRole('button', { name: theirs.say('request.accept', { time: FIRST }) }).click();
  await theirs.page.getByText(pattern(theirs.look.language, 'request.accepted')).waitFor();
  const [made] = await meeting(the);
  expect(Date.parse(made?.slot.startsAt ?? '')).toBe(Date.parse(at(FIRST)));
}

async function move(the: Cast) {
  const { mine, theirs } = the;
  const [made] = await meeting(the);
  await theirs.open('/board');
  await mine.open(`/meeting/${made?.id}`);
  // The app is kept on the device a little after it is at rest; from then on it opens without a network.
  await mine.page.waitForFunction(() => navigator.serviceWorker.controller !== null);
  await mine.page.getByRole('button', { name: mine.say('move.open'), exact: true }).click();
  const sheet = mine.page.getByRole('region', { name: mine.say('move.title') });
  await sheet.getByRole('button', { name: SECOND }).click();
  await sheet.getByRole('button', { name: pattern(mine.look.language, 'move.confirm') }).click();
  await mine.page.getByText(mine.say('move.movedSay')).waitFor();
  const row = theirs.page.getByRole('row').filter({ has: theirs.page.getByRole('rowheader', { name: SECOND }) });
  await row.getByRole('link').filter({ hasText: 'Studio Hirondelle' }).waitFor();
}

/** Without a network: what is done waits where it can be seen, and is done once when there is one again. */
async function offline(the: Cast) {
  const { mine, buyer, organizer, ids, slot } = the;
  const { exhibitors } = await buyer.ask('Exhibitors');
  const another = exhibitors.edges.map(({ node }: any) => node).find(({ id }: any) => id !== ids.exhibitor).id;
  await mine.open(`/exhibitor/${another}`);
  const [made] = await meeting(the);
  await mine.open(`/meeting/${made?.id}`);
  await mine.page.getByRole('button', { name: mine.say('move.open'), exact: true }).click();
  const sheet = mine.page.getByRole('region', { name: mine.say('move.title') });
  await sheet.getByRole('button', { name: FIRST }).click();
  mine.excused.push(/ERR_INTERNET_DISCONNECTED|WebSocket/);
  await mine.context.setOffline(true);
  await mine.page.getByText(mine.say('state.offlineBand')).waitFor();
  // It moves into a place that is taken meanwhile.
  await sheet.getByRole('button', { name: pattern(mine.look.language, 'move.confirm') }).click();
  await mine.page.getByText(mine.say('move.queued')).waitFor();
  await organizer.does('BookMeeting', { id: fresh(), buyer: ids.other, exhibitor: ids.exhibitor, slot: slot(FIRST) });
  await mine.page.goto(`/exhibitor/${another}`);
  await mine.page.getByRole('group', { name: mine.say('wish.rate') }).getByRole('button', { name: mine.say('wish.of', { rank: 3 }) }).click();
  const band = mine.page.getByRole('button', { name: mine.say('state.queued', { count: 2 }) });
  await band.click();
  const waiting = mine.page.getByRole('dialog', { name: mine.say('outbox.title') });
  await waiting.getByText(mine.say('outbox.queued'), { exact: true }).first().waitFor();
  expect(await waiting.getByRole('listitem').count()).toBe(2);
  await mine.page.getByRole('button', { name: mine.say('outbox.close') }).click();
  const before = mine.count('MoveMeeting') + mine.count('SetWish');
  await mine.context.setOffline(false);
  // The wish is done, the move refused with its reason; each was sent once.
  await mine.page.getByRole('button', { name: mine.say('state.refusedCount', { count: 1 }) }).click();
  const refused = mine.page.getByRole('dialog', { name: mine.say('outbox.title') }).getByRole('listitem');
  await refused.getByText(mine.say('outbox.refused'), { exact: true }).waitFor();
  const reason = (await refused.innerText()).replace(mine.say('outbox.drop'), '');
  expect(reason.split('\n').filter((line) => line.trim()).length, reason).toBeGreaterThan(1);
  expect(reason).toMatch(mine.look.language === 'ja' ? /[ぁ-ん]/ : /[a-z]{3}/);
  await refused.getByRole('button', { name: mine.say('outbox.drop') }).click();
  await mine.page.getByText(mine.say('outbox.none')).waitFor();
  expect(mine.count('MoveMeeting') + mine.count('SetWish') - before).toBe(2);
  expect((await buyer.ask('MyWishes')).myWishes.find((wish: any) => wish.exhibitor.id === another)?.rank).toBe(3);
  expect(Date.parse((await meeting(the)).find((it) => it.buyer.id === ids.buyer)?.slot.startsAt ?? '')).toBe(Date.parse(at(SECOND)));
}

async function standby({ third, ids }: Cast) {
  await third.open(`/exhibitor/${ids.exhibitor}`);
  await third.page.getByRole('button', { name: third.say('standby.join') }).click();
  await third.page.getByText(pattern(third.look.language, 'standby.joined')).waitFor();
}

/** The server is at another time now; phones are taken out of the pocket again. */
async function meanwhile({ server, mine, theirs, third }: Cast, clock: string) {
  for (const device of [mine, theirs, third]) device.excused.push(/ERR_CONNECTION_REFUSED|ERR_CONNECTION_RESET|WebSocket/);
  await server.restart(at(clock));
  for (const device of [mine, theirs, third]) {
    await device.page.reload();
    await device.live();
  }
}

async function noShow(the: Cast) {
  const { mine, theirs, third, organizer, ids } = the;
  await meanwhile(the, '14:18');
  await movePhase(organizer, 'ON_SITE');
  const missed = (await meeting(the)).find((it) => it.buyer.id === ids.buyer)?.id;
  await theirs.open(`/meeting/${missed}`);
  await mine.open(`/meeting/${missed}`);
  await third.open('/');
  await theirs.page.getByRole('button', { name: theirs.say('table.here') }).click();
  await theirs.page.getByText(pattern(theirs.look.language, 'table.came')).waitFor();
  await mine.page.getByText(pattern(mine.look.language, 'table.came')).waitFor();
  await meanwhile(the, '14:23');
  await theirs.open(`/meeting/${missed}`);
  // Whoever is faster: the booth that says so, or the server that looks every five seconds.
  const report = theirs.page.getByRole('button', { name: theirs.say('table.noShow') });
  const over = theirs.page.getByText(theirs.say('table.missedSay'));
  await report.or(over).first().waitFor();
  if (await report.isVisible()) await report.click({ timeout: 2000 }).catch(() => undefined);
  await over.waitFor();
  await mine.page.getByText(mine.say('table.missedSay')).waitFor();
}

async function recovered(the: Cast) {
  const { theirs, third, ids } = the;
  await third.page.getByRole('button', { name: third.say('standby.take') }).click();
  await third.page.getByText(pattern(third.look.language, 'standby.taken')).waitFor();
  const taken = (await meeting(the)).find((it) => it.buyer.id === ids.waiting);
  expect(Date.parse(taken?.slot.startsAt ?? '')).toBe(Date.parse(at(SECOND)));
  await theirs.open(`/meeting/${taken?.id}`);
  await third.open(`/meeting/${taken?.id}`);
  // The buyer reads the code at the table: with it both are here.
  const code = (await the.staff.ask('Meeting', { id: taken?.id })).meeting.code as string;
  await theirs.page.getByText(code, { exact: true }).waitFor();
  await third.page.getByLabel(third.say('table.codeEnter')).fill(code);
  await third.page.getByRole('button', { name: third.say('table.codeSend') }).click();
  await theirs.page.getByRole('button', { name: theirs.say('table.end') }).click();
  await third.page.getByText(pattern(third.look.language, 'table.ended')).waitFor();
  return taken?.id ?? '';
}

async function outcome({ third, theirs, waiting, staff }: Cast, id: string) {
  await third.page.getByRole('button', { name: third.say('outcome.open') }).click();
  const sheet = third.page.getByRole('dialog', { name: third.say('outcome.title') });
  await sheet.getByRole('button', { name: third.say('wish.of', { rank: 4 }) }).click();
  await sheet.getByLabel(third.say('outcome.interest.STRONG')).check();
  await sheet.getByLabel(third.say('outcome.deal')).check();
  await sheet.getByLabel(third.say('outcome.next')).fill('デモ音源を送る 🎶');
  await third.rest();
  expect(await axe(third.page)).toEqual([]);
  await sheet.getByRole('button', { name: third.say('outcome.save') }).click();
  await third.page.getByText(third.say('outcome.saved')).waitFor();
  const noted = async (who: Person) => (await who.ask('Meeting', { id })).meeting.outcome;
  expect(await noted(waiting)).toMatchObject({ rating: 4, interest: 'STRONG', deal: true, nextStep: 'デモ音源を送る 🎶' });
  // It is for one's own side only.
  expect(await noted(staff)).toBeNull();
  expect(await theirs.page.getByText('デモ音源を送る 🎶').count()).toBe(0);
}

describe.each([
  { buyer: 'ja', booth: 'en' },
  { buyer: 'en', booth: 'ja' },
] as const)('the buyer speaks $buyer, the booth $booth', (tongues) => {
  let the: Cast;
  let held = '';
  beforeAll(async () => void (the = await cast(tongues)));
  afterAll(async () => {
    for (const device of [the?.mine, the?.theirs, the?.third]) await device?.[Symbol.asyncDispose]();
    await the?.server[Symbol.asyncDispose]();
  });

  it('both sides wish for each other', () => wishes(the));
  it('the timetable is published, and both see their meeting', () => timetable(the));
  it('the buyer cancels, and the booth sees it', () => cancel(the));
  it('the buyer asks anew, and the booth accepts', () => request(the));
  it('the buyer moves the meeting, and the booth sees it', () => move(the));
  it('without a network actions wait, are done once, and a refusal says why', () => offline(the));
  it('somebody waits for a place at the full booth', () => standby(the));
  it('the buyer does not come', () => noShow(the));
  it('who waited takes the place, comes, and the meeting is held', async () => void (held = await recovered(the)));
  it('what came of it is noted, for one side alone', () => outcome(the, held));
  it('nothing went wrong on any of the phones', () => {
    expect([the.mine, the.theirs, the.third].flatMap(({ faults }) => faults)).toEqual([]);
  });
});
