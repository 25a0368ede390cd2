// What is done before anything is drawn: the kept theme and language are put on, so that nothing flashes, and the first
// screen's question goes out before the app is there to ask it: on a phone each way there and back counts. The build
// puts this into the page itself.
(() => {
  const root = document.documentElement;
  let kept = {};
  try {
    kept = JSON.parse(localStorage.getItem('ichiba.preferences') ?? '{}');
  } catch {
    // What cannot be read counts as not there.
  }
  if (kept.theme === 'light' || kept.theme === 'dark') root.dataset.theme = kept.theme;
  const first = (navigator.languages ?? [navigator.language]).find((tag) => /^(ja|en)\b/.test(tag));
  root.lang = kept.language ?? first?.slice(0, 2) ?? 'en';
  if (location.pathname !== '/') return;
  const asked = Date.now();
  const headers = { 'content-type': 'application/json', 'accept-language': root.lang, 'x-ichiba': 'app' };
  // Answered or not: lib/api/first.ts takes it, or asks itself.
  window.ichibaFirst = fetch('/graphql', { method: 'POST', headers, body: '{"operation":"Today","variables":{}}' })
    .then(async (response) => ({ asked, now: response.headers.get('x-ichiba-now'), heard: Date.now(), language: root.lang, body: await response.json() }))
    .catch(() => undefined);
})();
