// That the tests can fail: each thing that screens are judged by is broken once on a page that was good, and found.
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, expect, inject, it } from 'vitest';
import { Device, launch, type Look } from '../src/device';
import { judge } from '../src/judge';
import { EVE } from '../src/market';
import type { Person } from '../src/person';
import { Server } from '../src/server';

const LOOK: Look = { width: 'phone', language: 'ja', theme: 'light' };
let browser: Browser;
let server: Server;
let buyer: Person;
let device: Device;

beforeAll(async () => {
  browser = await launch();
  server = await Server.on(inject('quiet'), EVE);
  buyer = await server.person('B001');
  device = await Device.with(browser, server.origin, LOOK, buyer);
});

afterAll(async () => {
  await browser?.close();
  await server?.[Symbol.asyncDispose]();
});

beforeEach(async () => {
  await device.open('/me');
  await device.live();
  await device.rest();
  expect(await judge(device)).toEqual([]);
});

/** Breaks the page and expects it to be found. */
async function found(breaking: () => unknown, problem: RegExp) {
  await device.page.evaluate(breaking);
  await device.page.waitForTimeout(200);
  const problems = await judge(device);
  expect(problems.filter((it) => problem.test(it)), problems.join('\n')).not.toEqual([]);
}

it('a picture that says nothing to who cannot see it', () =>
  found(() => document.querySelector('main')?.append(Object.assign(new Image(), { src: '/icon.svg' })), /^axe image-alt/));

it('grey on grey', () =>
  found(() => {
    const text = Object.assign(document.createElement('p'), { textContent: '読めない文字' });
    text.style.color = '#eeeeee';
    document.querySelector('main')?.append(text);
  }, /^axe color-contrast/));

it('something wider than the phone', () =>
  found(() => {
    const wide = document.createElement('div');
    wide.style.cssText = 'width: 500px; height: 10px';
    document.querySelector('main')?.append(wide);
  }, /^scrolls sideways/));

it('a key in place of a word', () => found(() => (document.querySelector('h2')!.textContent = 'me.others'), /^not said in words: me.others/));

it('a name that nobody filled in', () => found(() => (document.querySelector('h2')!.textContent = 'あと {minutes} 分'), /^not said in words/));

it('a word of the other language', () => found(() => (document.querySelector('h2')!.textContent = 'What others read of you'), /^not said in words/));

it('no heading', () => found(() => document.querySelector('h1')?.remove(), /^headings of the first rank/));

it('no title', () => found(() => (document.title = ''), /^no title/));

it('something that jumps', () =>
  found(async () => {
    // Only what moves without being asked counts: half a second after the last touch.
    await new Promise((done) => setTimeout(done, 600));
    const push = document.createElement('div');
    push.style.height = '300px';
    document.querySelector('main')?.prepend(push);
  }, /^moves by/));

it('an error in the console', () => found(() => console.error('told to nobody'), /^console: told to nobody/));

it('a script that throws', () => found(() => void setTimeout(() => (null as any).nothing, 0), /^a script threw/));

it('what the content policy refuses', () => found(() => document.body.append(Object.assign(document.createElement('script'), { textContent: 'window.planted = 1' })), /^the content policy refused script-src/));

it('a request to elsewhere', async () => {
  // Our own policy would not let it out: here it is set aside.
  await using careless = await Device.with(browser, server.origin, { ...LOOK, lawless: true });
  await careless.page.goto('/sign-in');
  await careless.page.evaluate(() => fetch('http://127.0.0.2:9/', { mode: 'no-cors' }).catch(() => undefined));
  expect(careless.faults.join('\n')).toMatch(/a request to elsewhere: http:\/\/127\.0\.0\.2:9\//);
});
