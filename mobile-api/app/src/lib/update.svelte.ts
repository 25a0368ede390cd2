// The service worker: registered when the page is at rest, and exchanged for a newer one when the person says so. Only
// the tab in which it was said is loaded anew: in others somebody may be writing, and they go over with their next screen.
class Update {
  /** A newer version is there and waits. */
  ready = $state(false);
  /** Another tab went over to it. */
  taken = false;
  #wanted = false;
  #waiting: ServiceWorker | null = null;

  async start() {
    if (!('serviceWorker' in navigator) || import.meta.env.DEV) return;
    let controlled = navigator.serviceWorker.controller !== null;
    const registration = await navigator.serviceWorker.register('/service-worker.js').catch(() => undefined);
    if (!registration) return;
    const look = () => {
      if (registration.waiting && navigator.serviceWorker.controller) {
        this.#waiting = registration.waiting;
        this.ready = true;
      }
    };
    look();
    registration.addEventListener('updatefound', () => registration.installing?.addEventListener('statechange', look));
    navigator.serviceWorker.addEventListener('controllerchange', () => {
      if (this.#wanted) location.reload();
      // The first version of all takes over too, from none.
      this.taken = this.ready = controlled;
      controlled = true;
    });
    document.addEventListener('visibilitychange', () => {
      if (document.visibilityState === 'visible') void registration.update().catch(() => undefined);
    });
  }

  /** Takes the newer version; the page is loaded anew. */
  use() {
    this.#wanted = true;
    if (this.#waiting && !this.taken) this.#waiting.postMessage('take over');
    else location.reload();
  }
}

export const update = new Update();
