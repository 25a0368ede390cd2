/// <reference types="@sveltejs/kit" />
/// <reference lib="webworker" />
// Keeps the app itself on the device, so that it opens without a network, and shows the messages that come while it is
// closed. One version is kept, and the one before it for pages that still run it: the server has its files no more. Answers of the server are never kept here: store/ does that, and wipes them on signing out.
import { build, files, version } from '$service-worker';

const worker = self as unknown as ServiceWorkerGlobalScope;
const CACHE = `app ${version}`;
/** Files below it are one version's alone. */
const HASHED = '/_app/immutable/';
/** The page, and what the server has besides the app's own files. */
const PAGE = '/';
const ASSETS = [...build, ...files, PAGE, '/icon.svg'];
/** Paths that are the server's own pages and answers. */
const SERVERS = /^\/(graphql|explorer|sign-out|sign-in\/enter|healthz|readyz|metrics|style\.css)(\/|$)/;

worker.addEventListener('install', (event) => {
  const keep = async () => {
    const cache = await caches.open(CACHE);
    await cache.addAll(ASSETS.map((path) => new Request(path, { cache: path.startsWith(HASHED) ? 'default' : 'reload' })));
  };
  event.waitUntil(keep());
});

worker.addEventListener('activate', (event) => {
  const tidy = async () => {
    // Oldest first.
    const others = (await caches.keys()).filter((name) => name !== CACHE);
    for (const name of others.slice(0, -1)) await caches.delete(name);
    await worker.clients.claim();
  };
  event.waitUntil(tidy());
});

worker.addEventListener('message', (event) => {
  if (event.data === 'take over') void worker.skipWaiting();
});

worker.addEventListener('fetch', (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== 'GET' || url.origin !== worker.location.origin || SERVERS.test(url.pathname)) return;
  const page = request.mode === 'navigate';
  if (!page && !ASSETS.includes(url.pathname)) {
    if (url.pathname.startsWith(HASHED)) event.respondWith(caches.match(url.pathname).then((found) => found ?? fetch(request)));
    return;
  }
  const answer = async () => {
    const cache = await caches.open(CACHE);
    const found = await cache.match(page ? PAGE : url.pathname);
    if (found) return found;
    const fresh = await fetch(request);
    // After signing out the cache is gone; it fills up again by use.
    if (fresh.ok && !page) await cache.put(url.pathname, fresh.clone());
    return fresh;
  };
  event.respondWith(answer());
});

/** A message as the server pushes it. */
interface Pushed {
  title?: string;
  body?: string;
  path?: string;
  tag?: string;
}

/** The message that came, whatever it is: browsers want something to be shown for each. */
function read(data: PushMessageData | null): Pushed {
  try {
    return (data?.json() ?? {}) as Pushed;
  } catch {
    return {};
  }
}

worker.addEventListener('push', (event) => {
  const { title, body, path, tag } = read(event.data);
  const options = { body: body ?? '', tag: tag ?? 'notice', icon: '/icon-192.png', badge: '/icon-192.png', data: { path } };
  event.waitUntil(worker.registration.showNotification(title || 'Ichiba', options));
});

/** A page of this app, whatever the message names. */
function within(path: unknown): string {
  const url = new URL(typeof path === 'string' ? path : '/notices', worker.location.origin);
  return url.origin === worker.location.origin ? url.href : worker.location.origin;
}

worker.addEventListener('notificationclick', (event) => {
  event.notification.close();
  const target = within((event.notification.data as Pushed | undefined)?.path);
  const open = async () => {
    const pages = await worker.clients.matchAll({ type: 'window', includeUncontrolled: true });
    const page = pages.find(({ visibilityState }) => visibilityState === 'visible') ?? pages[0];
    if (!page) return void (await worker.clients.openWindow(target));
    await page.focus();
    // The page goes there itself: nothing that is being typed there is thrown away by a new load.
    page.postMessage({ open: target });
  };
  event.waitUntil(open());
});
