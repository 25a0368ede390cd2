// Who is signed in here and as what, and the end of it. What belongs to a person leaves this device with them.
import type { MeQuery } from './api/generated';
import { outbox } from './store/outbox.svelte';
import { forget, reading } from './store/reading.svelte';

const KEY = 'ichiba.person';
const SIDE = 'ichiba.side';

export type Viewer = NonNullable<MeQuery['me']>;
/** From which side the market is seen: it decides what is in the bar below. */
export type Side = 'buyer' | 'booth' | 'desk' | 'other';

function side(viewer: Viewer): Side {
  if (viewer.exhibitor) return 'booth';
  if (viewer.buyer) return 'buyer';
  return viewer.roles.includes('ORGANIZER') ? 'desk' : 'other';
}

/** Messages of whoever was here are no longer shown on this device; the server drops an address that is gone. */
async function silence() {
  const registration = await globalThis.navigator?.serviceWorker?.getRegistration().catch(() => undefined);
  const subscription = await registration?.pushManager?.getSubscription().catch(() => undefined);
  await subscription?.unsubscribe().catch(() => undefined);
}

class Session {
  /** Known before the first answer, so that the bar does not jump. */
  #remembered = $state<Side>((typeof localStorage === 'undefined' ? null : (localStorage.getItem(SIDE) as Side)) ?? 'buyer');

  get me(): Viewer | null | undefined {
    return reading('Me').answer?.me;
  }

  get trouble() {
    return reading('Me').trouble;
  }

  get side(): Side {
    return this.me ? side(this.me) : this.#remembered;
  }

  /** Whether the event is read as an officer does, who changes nothing. */
  get isOfficer(): boolean {
    return this.me?.roles.includes('OFFICER') ?? false;
  }

  /** Whether bookings can be made and changed now, by the event's phase, by those who meet. */
  canBook(phase: string | undefined): boolean {
    return this.side !== 'other' && (phase === 'OPEN_CALENDAR' || phase === 'ON_SITE');
  }

  /** Somebody was recognised: whatever another person left goes. */
  async recognise(viewer: Viewer) {
    const id = viewer.person?.id ?? '';
    const before = localStorage.getItem(KEY);
    this.#remembered = side(viewer);
    // Writing is slow, and mostly nothing has changed.
    if (before !== id) localStorage.setItem(KEY, id);
    if (localStorage.getItem(SIDE) !== this.#remembered) localStorage.setItem(SIDE, this.#remembered);
    if (before && before !== id) {
      await this.wipe();
      localStorage.setItem(KEY, id);
      location.reload();
    }
  }

  /** Somebody signed out in another tab: this one must not go on showing what was theirs. */
  watch() {
    addEventListener('storage', ({ key, newValue }) => {
      if (key === KEY && newValue === null) location.reload();
    });
  }

  /** Removes everything personal from this device. */
  async wipe() {
    await Promise.all([forget(), outbox.clear(), silence()]);
    for (const key of [KEY, SIDE]) localStorage.removeItem(key);
    for (const name of (await globalThis.caches?.keys()) ?? []) await caches.delete(name);
  }
}

export const session = new Session();
