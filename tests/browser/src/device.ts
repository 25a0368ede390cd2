// A phone or a desk: the system's Chromium with one person's look of things (width, language, appearance), watched from
// its first request on. Whatever goes wrong in it unasked is a fault: errors in the console, scripts that throw, what the
// content policy refuses, requests to anybody but our own server.
import { chromium as driver, type Browser, type BrowserContext, type Page, type Request } from 'playwright-core';
import { chromium } from './machine';
import type { Person } from './person';
import { speaker, type Language, type Say } from './words';

/** How things are seen. */
export interface Look {
  width: 'phone' | 'desk';
  language: Language;
  theme: 'light' | 'dark';
  /** Letters twice as large. */
  large?: true;
  /** The content policy is set aside, as only controls do. */
  lawless?: true;
}

/** What the browser says of an answer that the server was too busy to give. */
const BUSY = /^console: .* 503 .*\/graphql$/;
/** So often a page is opened on a machine that others keep busy, and so long it is waited for each time. */
const MOST = 3;
const PATIENCE = 70_000;

export const PHONE = { width: 360, height: 640 };
export const DESK = { width: 1440, height: 900 };
export const shown = ({ width, language, theme, large }: Look): string => [width, language, theme, ...(large ? ['200 %'] : [])].join(' ');

/** Starts a browser that calls nobody of its own accord. */
export function launch(): Promise<Browser> {
  const root = process.getuid?.() === 0;
  return driver.launch({
    executablePath: chromium(),
    chromiumSandbox: !root,
    args: ['--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
  });
}

/** Notes, before anything else runs, what moved on the page and when the last skeleton went away. */
function note() {
  const kept = { shifts: [] as { at: number; value: number; what: string }[], skeleton: 0, refused: [] as string[] };
  Object.assign(window, { kept });
  const name = (node: Node | null) => (node instanceof Element ? `${node.tagName.toLowerCase()}.${node.className}` : '');
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries() as (PerformanceEntry & { value: number; hadRecentInput: boolean; sources: { node: Node | null }[] })[]) {
      if (!entry.hadRecentInput) kept.shifts.push({ at: entry.startTime, value: entry.value, what: entry.sources.map(({ node }) => name(node)).join(', ') });
    }
  }).observe({ type: 'layout-shift', buffered: true });
  let there = false;
  new MutationObserver(() => {
    const was = there;
    there = !!document.querySelector('[aria-busy="true"], .skeleton');
    // What is drawn in its place comes with the next frame.
    if (was && !there) requestAnimationFrame(() => requestAnimationFrame(() => (kept.skeleton = performance.now())));
  }).observe(document, { childList: true, subtree: true, attributes: true });
  document.addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI }) => kept.refused.push(`${violatedDirective} ${blockedURI}`));
}

function enlarge() {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(':root { font-size: 200%; }');
  document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
}

export class Device {
  readonly say: Say;
  /** What went wrong unasked. */
  readonly faults: string[] = [];
  /** Every operation that was sent, by its name and variables. */
  readonly sent: { operation: string; variables: Record<string, unknown> }[] = [];
  /** Faults that belong to what is being tried, such as the network that was cut. In development only the app looks whether
   * there is an explorer; here there is none. */
  excused: RegExp[] = [/404 .*\/explorer\/$/];
  #flying = new Set<Request>();
  #landed = 0;

  private constructor(
    readonly origin: string,
    readonly look: Look,
    readonly context: BrowserContext,
    readonly page: Page,
  ) {
    this.say = speaker(look.language);
    this.#watch(context, page);
  }

  /** A device with this look; `person` is signed in on it. */
  static async with(browser: Browser, origin: string, look: Look, person?: Person): Promise<Device> {
    const context = await browser.newContext({
      baseURL: origin,
      viewport: look.width === 'phone' ? PHONE : DESK,
      hasTouch: look.width === 'phone',
      locale: look.language === 'ja' ? 'ja-JP' : 'en-GB',
      timezoneId: 'Asia/Tokyo',
      colorScheme: look.theme,
      reducedMotion: 'reduce',
      bypassCSP: look.lawless === true,
    });
    if (person) await context.addCookies(person.cookies.map((cookie) => ({ ...cookie, url: origin })));
    await context.addInitScript(note);
    if (look.large) await context.addInitScript(enlarge);
    context.setDefaultTimeout(30_000);
    return new Device(origin, look, context, await context.newPage());
  }

  /** Another tab beside the first, watched alike. */
  async tab(): Promise<Page> {
    const page = await this.context.newPage();
    this.#watchPage(page);
    return page;
  }

  #watch(context: BrowserContext, page: Page) {
    context.on('request', (request) => {
      const url = request.url();
      if (!url.startsWith(`${this.origin}/`) && !/^(data|blob|about):/.test(url)) this.faults.push(`a request to elsewhere: ${url}`);
      if (!url.endsWith('/graphql')) return;
      const { operation = '', variables = {} } = (request.postDataJSON() ?? {}) as Partial<Device['sent'][number]>;
      this.sent.push({ operation, variables });
    });
    page.on('request', (request) => this.#flying.add(request));
    const landed = (request: Request) => {
      this.#flying.delete(request);
      this.#landed = Date.now();
    };
    page.on('requestfinished', landed);
    page.on('requestfailed', landed);
    this.#watchPage(page);
  }

  #watchPage(page: Page) {
    page.on('console', (message) => message.type() === 'error' && this.#fault(`console: ${message.text()} ${message.location().url}`));
    page.on('pageerror', (error) => this.#fault(`a script threw: ${error.message}`));
    page.on('websocket', (socket) => {
      if (!socket.url().startsWith(this.origin.replace('http', 'ws'))) this.faults.push(`a socket to elsewhere: ${socket.url()}`);
    });
  }

  #fault(text: string) {
    if (!this.excused.some((pattern) => pattern.test(text))) this.faults.push(text);
  }

  /** Opens a path, and waits until the page is at rest; anew where the server was too busy to answer all of it. */
  async open(path: string) {
    for (let time = 1; ; time++) {
      await this.page.goto(path);
      await this.rest();
      const others = this.faults.filter((fault) => !BUSY.test(fault));
      if (others.length === this.faults.length || time === MOST) return;
      this.faults.splice(0, Infinity, ...others);
    }
  }

  /** Waits until nothing is under way and nothing is a skeleton any more. */
  async rest() {
    const start = Date.now();
    for (let quiet = 0; quiet < 3; ) {
      const busy = this.#flying.size > 0 || Date.now() - this.#landed < 100 || (await this.page.evaluate(waits));
      quiet = busy ? 0 : quiet + 1;
      if (Date.now() - start > PATIENCE) throw new Error(`${this.page.url()} does not come to rest: ${[...this.#flying].map((it) => it.url()).join(", ")} ${await this.page.evaluate(waits)} ${Date.now() - this.#landed}`);
      await this.page.waitForTimeout(40);
    }
  }

  /** Waits until the page is told of changes as they happen. */
  async live() {
    await this.page.getByRole('status').filter({ hasText: this.say('state.live') }).waitFor();
  }

  /** How often an operation was sent. */
  count(operation: string): number {
    return this.sent.filter((sent) => sent.operation === operation).length;
  }

  async [Symbol.asyncDispose]() {
    await this.context.close();
  }
}

/** Whether something on the page is still to come. */
function waits(): boolean {
  const h1 = document.querySelector('h1');
  return !h1?.textContent?.trim() || !!document.querySelector('[aria-busy="true"]') || !!document.querySelector('.bars, .skeleton');
}
