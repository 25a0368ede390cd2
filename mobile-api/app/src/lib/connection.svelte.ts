// Whether the server can be reached, by what really happened to requests: browsers say "on line" in any cellar.

/** How often it is looked for while it is away. */
const LOOK = 10_000;

class Connection {
  /** The last request came through. */
  reachable = $state(true);
  /** Changes are told as they happen. */
  live = $state(false);
  #looking: ReturnType<typeof setTimeout> | undefined;
  #back = new Set<() => void>();

  get state(): 'live' | 'polling' | 'offline' {
    return !this.reachable ? 'offline' : this.live ? 'live' : 'polling';
  }

  /** What is done whenever the server is there again. */
  whenBack(act: () => void) {
    this.#back.add(act);
  }

  lost() {
    this.reachable = false;
    this.#looking ??= setTimeout(() => void this.look(), LOOK);
  }

  found() {
    clearTimeout(this.#looking);
    this.#looking = undefined;
    if (this.reachable) return;
    this.reachable = true;
    for (const act of this.#back) act();
  }

  /** Asks whether the server is there. */
  async look() {
    this.#looking = undefined;
    try {
      const { ok } = await fetch('/healthz', { cache: 'no-store', signal: AbortSignal.timeout(LOOK) });
      if (!ok) throw new Error('not there');
      this.found();
    } catch {
      this.lost();
    }
  }

  /** Listens to the browser. */
  watch() {
    if (!navigator.onLine) this.lost();
    addEventListener('offline', () => this.lost());
    addEventListener('online', () => void this.look());
  }
}

export const connection = new Connection();
