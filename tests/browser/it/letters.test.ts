// Letters that do not arrive, as the organizer sees them: a mail server that is not there, a mailbox that it does not have,
// and what is tried anew once it has. The mail server is the test's own, spoken to over the network.
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { Device, launch } from '../src/device';
import { axe } from '../src/judge';
import { freePort, until } from '../src/machine';
import { EVE, email } from '../src/market';
import { fresh } from '../src/person';
import { Server } from '../src/server';
import { MailServer } from '../src/smtp';

/** A letter waits a minute for others to the same person. */
const LATER = '2025-11-04T10:05:00+09:00';
const MUCH_LATER = '2025-11-04T11:30:00+09:00';
const BUYER = { code: 'B004', name: 'Marcus Tremblay' };

let browser: Browser;
beforeAll(async () => void (browser = await launch()));
afterAll(() => browser?.close());

/** What the server says of the two, to whom reads what. */
const SAID = {
  en: { silent: 'The server it goes to does not answer.', refused: 'The server it goes to does not take it (550).' },
  ja: { silent: '送り先のサーバーが応答しません。', refused: '送り先のサーバーが受け取りを断りました（550）。' },
};

it.each([
  { width: 'phone', language: 'en' },
  { width: 'desk', language: 'ja' },
] as const)('a letter waits, is given up, is tried anew and sent: on a $width, in $language', async ({ width, language }) => {
  const { silent, refused } = SAID[language];
  const port = await freePort();
  await using server = await Server.on(inject('quiet'), EVE, { ICHIBA_MAIL: `smtp://127.0.0.1:${port}` });
  const [organizer, buyer] = [await server.person('OR01'), await server.person(BUYER.code)];
  const { id } = (await buyer.ask('Me')).me.buyer;
  const exhibitor = (await buyer.ask('Exhibitors')).exhibitors.edges[0].node.id;
  const [{ slot }] = (await buyer.ask('Suggestions', { buyer: id, exhibitor })).suggestions;
  await organizer.does('BookMeeting', { id: fresh(), buyer: id, exhibitor, slot: slot.number });
  await server.restart(LATER);

  /** The buyer's letter, once it stands like that. */
  const stands = (state: string, problem: string) => until(state, async () => (await organizer.ask('Letters', { state })).letters.nodes.some((it: any) => it.problem === problem && it.recipient.name.written === BUYER.name));
  await stands('WAITING', SAID.en.silent);
  await using device = await Device.with(browser, server.origin, { width, language, theme: 'light' }, organizer);
  const { page, say } = device;
  const letters = page.getByRole('row').filter({ hasText: BUYER.name });
  const state = page.getByRole('navigation', { name: say('letters.state') });
  await device.open('/letters?state=WAITING');
  await letters.getByText(silent).waitFor();
  expect(await axe(page)).toEqual([]);

  // The mail server comes, and has no such mailbox.
  await using mail = await MailServer.on(port);
  mail.strangers.add(email(BUYER.code));
  // The pauses between tries grow; they are not waited for.
  device.excused.push(/ERR_CONNECTION|WebSocket/);
  await server.restart(MUCH_LATER);
  await stands('FAILED', SAID.en.refused);
  await state.getByRole('link', { name: say('letters.FAILED') }).click();
  await letters.getByText(refused).waitFor();
  expect(await axe(page)).toEqual([]);
  await device.open('/');
  await page.getByRole('link', { name: say('today.failed', { count: 1 }) }).click();

  mail.strangers.clear();
  await letters.getByRole('button', { name: say('letters.retryOf', { name: BUYER.name }) }).click();
  await page.getByText(say('letters.again')).waitFor();
  await state.getByRole('link', { name: say('letters.SENT') }).click();
  await letters.getByText(say('letters.SENT')).waitFor();
  expect(await axe(page)).toEqual([]);
  await until('the mail', () => mail.taken.includes(email(BUYER.code)));
  expect(mail.taken.filter((to) => to === email(BUYER.code)).length, 'it came once').toBe(1);
  expect(device.faults).toEqual([]);
});
