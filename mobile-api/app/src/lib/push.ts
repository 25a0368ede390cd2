// Messages that the browser shows while the app is closed: whether it can, whether it does, on and off. The server has a
// key where they are configured; the browser makes an address for it, and the person may take both back.
import { ask } from './api/ask';
import { fresh } from './fresh';

/** What stands in the way, or how it stands. */
export type PushState = 'impossible' | 'denied' | 'off' | 'on';

/** Where the browser keeps the subscription; there is none before the service worker is. */
async function manager(): Promise<PushManager | undefined> {
  if (!('serviceWorker' in navigator) || !('PushManager' in globalThis) || !('Notification' in globalThis)) return undefined;
  return (await navigator.serviceWorker.getRegistration())?.pushManager;
}

export async function pushState(): Promise<PushState> {
  const there = await manager();
  if (!there) return 'impossible';
  if (Notification.permission === 'denied') return 'denied';
  return (await there.getSubscription()) ? 'on' : 'off';
}

/** Base64url, as servers write keys, in bytes. */
export function bytes(key: string): Uint8Array<ArrayBuffer> {
  const plain = atob(key.replaceAll('-', '+').replaceAll('_', '/'));
  return Uint8Array.from(plain, (letter) => letter.charCodeAt(0));
}

const letters = (buffer: ArrayBuffer | null): string =>
  btoa(String.fromCharCode(...new Uint8Array(buffer ?? new ArrayBuffer(0))))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '');

/** Asks the browser, then tells the server; says what the server refused. */
export async function startPush(key: string): Promise<string | undefined> {
  const there = await manager();
  if (!there) return undefined;
  const made = await there.subscribe({ userVisibleOnly: true, applicationServerKey: bytes(key) });
  const variables = { id: fresh(), endpoint: made.endpoint, p256dh: letters(made.getKey('p256dh')), auth: letters(made.getKey('auth')) };
  try {
    const result = (await ask('SubscribePush', variables)).subscribePush;
    if (result?.__typename === 'PushSubscription') return undefined;
    await made.unsubscribe();
    return result?.message ?? '';
  } catch (error) {
    // Half of it is worse than nothing: the page would say "on" and nothing would come.
    await made.unsubscribe();
    throw error;
  }
}

/** Nothing comes from here on, whether or not the server hears of it: an address that is gone is dropped by it later. */
export async function stopPush(): Promise<void> {
  const made = await (await manager())?.getSubscription();
  if (!made) return;
  await made.unsubscribe();
  await ask('UnsubscribePush', { key: fresh(), endpoint: made.endpoint }).catch(() => undefined);
}
