// Puts the kept theme and language on before anything is drawn, so that nothing flashes. A file of its own: the page
// may hold no script of ours inside.
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
})();
