// The app is updated while people use it: what waits to be sent without a network is sent once by the next version, and
// nobody is thrown out of what they are writing, though another tab of theirs has gone over and the files are gone.
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { Deployment } from '../src/deployment';
import { Device, launch, type Look } from '../src/device';
import { until } from '../src/machine';
import { EVE } from '../src/market';
import { fresh } from '../src/person';
import { Server } from '../src/server';

let browser: Browser;
beforeAll(async () => void (browser = await launch()));
afterAll(() => browser?.close());

/** A buyer's phone with the app on it, behind a server whose app can be updated. */
async function phone(code: string, look: Look) {
  const deployment = await Deployment.begin();
  const server = await Server.on(inject('quiet'), EVE, { ICHIBA_BASE_URL: deployment.origin });
  await deployment.before(server.port);
  const person = await server.person(code);
  const device = await Device.with(browser, deployment.origin, look, person);
  device.excused.push(/ERR_INTERNET_DISCONNECTED|ERR_FAILED|WebSocket/);
  const buyer: string = (await person.ask('Me')).me.buyer.id;
  const exhibitors: string[] = (await person.ask('Exhibitors')).exhibitors.edges.map(({ node }: any) => node.id);
  return {
    ...{ deployment, server, person, device, buyer, exhibitors },
    async [Symbol.asyncDispose]() {
      for (const it of [device, server, deployment]) await it[Symbol.asyncDispose]();
    },
  };
}

/** Opens it a second time: then the app is on the device, and it is from there that it comes. */
async function again(device: Device, path: string) {
  await device.open(path);
  await device.page.waitForFunction(() => navigator.serviceWorker.controller !== null);
  await device.open(path);
}

/** Another tab is opened after the update; it, and the first one, say that there is a new version. */
async function updated(device: Device, deployment: Deployment) {
  deployment.update();
  const tab = await device.tab();
  await tab.goto('/me');
  for (const page of [tab, device.page]) await page.getByText(device.say('state.newVersion')).waitFor();
  return tab;
}

it('what waits without a network is sent once by the next version', async () => {
  await using all = await phone('B101', { width: 'phone', language: 'ja', theme: 'light' });
  const { deployment, person, device, buyer, exhibitors } = all;
  const { page, say, context } = device;
  const [first] = (await person.ask('Suggestions', { buyer, exhibitor: exhibitors[0] })).suggestions;
  const meeting = (await person.does('BookMeeting', { id: fresh(), buyer, exhibitor: exhibitors[0], slot: first.slot.number })).id;
  await again(device, `/exhibitor/${exhibitors[1]}`);
  await device.open(`/meeting/${meeting}`);
  await (await updated(device, deployment)).close();

  await context.setOffline(true);
  await page.getByText(say('state.offlineBand')).waitFor();
  await page.getByRole('button', { name: say('meeting.cancel') }).click();
  await page.getByRole('button', { name: say('meeting.cancelYes') }).click();
  await page.getByText(say('meeting.queued')).waitFor();
  await page.goto(`/exhibitor/${exhibitors[1]}`);
  await page.getByRole('group', { name: say('wish.rate') }).getByRole('button', { name: say('wish.of', { rank: 4 }) }).click();
  const band = page.getByRole('button', { name: say('state.queued', { count: 2 }) });
  await band.waitFor();
  await page.getByRole('button', { name: say('state.update') }).click();
  await page.getByText(say('state.newVersion')).waitFor({ state: 'detached' });
  await band.waitFor();
  await page.getByRole('link', { name: say('nav.me') }).click();
  await page.getByText(say('me.version', { version: deployment.version })).waitFor();
  await band.click();
  const waiting = page.getByRole('dialog', { name: say('outbox.title') });
  expect(await waiting.getByRole('listitem').count()).toBe(2);
  await page.getByRole('button', { name: say('outbox.close') }).click();

  const before = device.sent.length;
  await context.setOffline(false);
  await until('the wish', async () => (await person.ask('MyWishes')).myWishes.some((wish: any) => wish.rank === 4));
  await band.waitFor({ state: 'detached' });
  const sent = device.sent.slice(before).map(({ operation }) => operation);
  expect(sent.filter((operation) => ['CancelMeeting', 'SetWish'].includes(operation))).toEqual(['CancelMeeting', 'SetWish']);
  expect((await person.ask('MyAgenda')).myAgenda.entries.filter(({ meeting }: any) => meeting)).toEqual([]);
  expect(device.faults).toEqual([]);
});

it('nobody is thrown out of what they are writing when another tab goes over', async () => {
  await using all = await phone('B102', { width: 'phone', language: 'en', theme: 'dark' });
  const { deployment, person, device, exhibitors } = all;
  const { page, say, context } = device;
  const words = 'Half written, then the app is updated 🎻';
  await again(device, `/exhibitor/${exhibitors[0]}`);
  const before = deployment.version;
  await page.getByRole('button', { name: say('request.ask') }).click();
  await page.getByLabel(say('request.message')).fill(words);
  const tab = await updated(device, deployment);
  await tab.getByRole('button', { name: say('state.update') }).click();
  await tab.getByText(say('me.version', { version: deployment.version })).waitFor();
  await tab.close();
  expect(await page.getByLabel(say('request.message')).inputValue()).toBe(words);

  // Sent without a network; what opens then is a part of the version of before, which the server has no more.
  await context.setOffline(true);
  await page.getByText(say('state.offlineBand')).waitFor();
  await page.getByRole('button', { name: say('request.send') }).click();
  await page.getByRole('button', { name: say('state.queued', { count: 1 }) }).click();
  await page.getByRole('dialog', { name: say('outbox.title') }).getByRole('listitem').waitFor();
  await page.getByRole('button', { name: say('outbox.close') }).click();
  await context.setOffline(false);
  const requests = async () => (await person.ask('MyRequests', { state: 'OPEN' })).myRequests.map(({ message }: any) => message);
  await until('the request', async () => (await requests()).length > 0);
  expect(await requests()).toEqual([words]);
  expect(device.count('RequestMeeting')).toBe(1);

  // The next screen is the next version's.
  expect(before).not.toBe(deployment.version);
  await page.getByRole('link', { name: say('nav.me') }).click();
  await page.getByText(say('me.version', { version: deployment.version })).waitFor();
  expect(await page.getByText(say('state.newVersion')).count()).toBe(0);
  expect(device.faults).toEqual([]);
});
