// What time it is at the server, to the minute: phones' clocks are wrong, and a demonstration has a time of its own.
// Kept, so that it holds offline too.
const KEY = 'ichiba.clock';
const MINUTE = 60_000;
/** Longer than this a request says nothing exact about the time. */
const SURE = 10_000;
/** Smaller differences are the network's. */
const JITTER = 2_000;

class ServerClock {
  /** The moment, in milliseconds; changes at the edge of every minute. */
  now = $state(Date.now());
  #shift = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor() {
    if (typeof localStorage === 'undefined') return;
    this.#shift = Number(localStorage.getItem(KEY)) || 0;
    this.#tick();
    document.addEventListener('visibilitychange', () => this.#tick());
  }

  /** The exact moment. */
  get exact(): number {
    return Date.now() + this.#shift;
  }

  /** The server said what time it is, between these two of ours. */
  hear(said: string | null, asked: number, heard: number) {
    const at = Number(said);
    if (!at || heard - asked > SURE) return;
    const shift = Math.round(at - (asked + heard) / 2);
    if (Math.abs(shift - this.#shift) < JITTER) return;
    this.#shift = shift;
    localStorage.setItem(KEY, String(shift));
    this.#tick();
  }

  #tick() {
    clearTimeout(this.#timer);
    this.now = this.exact;
    if (document.visibilityState === 'visible') {
      this.#timer = setTimeout(() => this.#tick(), MINUTE - (this.exact % MINUTE) + 20);
    }
  }
}

export const serverClock = new ServerClock();
