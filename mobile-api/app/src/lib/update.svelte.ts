// The service worker: registered when the page is at rest, and exchanged for a newer one when the person says so.
class Update {
  /** A newer version is there and waits. */
  ready = $state(false);
  #waiting: ServiceWorker | null = null;

  async start() {
    if (!('serviceWorker' in navigator) || import.meta.env.DEV) return;
    const controlled = navigator.serviceWorker.controller !== null;
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
      if (controlled) location.reload();
    });
    document.addEventListener('visibilitychange', () => {
      if (document.visibilityState === 'visible') void registration.update().catch(() => undefined);
    });
  }

  /** Takes the newer version; the page is loaded anew. */
  use() {
    if (this.#waiting) this.#waiting.postMessage('take over');
    else location.reload();
  }
}

export const update = new Update();
