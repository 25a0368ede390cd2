// Language and appearance: of this device, kept over sign-out; nothing personal is in here.
const KEY = 'ichiba.preferences';

export type Language = 'ja' | 'en';
export type Theme = 'auto' | 'light' | 'dark';

function kept(): { language?: Language; theme?: Theme; agenda?: 'day' | 'list' } {
  try {
    return JSON.parse(localStorage.getItem(KEY) ?? '{}');
  } catch {
    return {};
  }
}

/** The first of our languages that the browser wants. */
export function wanted(languages: readonly string[]): Language {
  const first = languages.find((tag) => /^(ja|en)\b/.test(tag));
  return first?.startsWith('ja') ? 'ja' : 'en';
}

class Preferences {
  language = $state<Language>('en');
  theme = $state<Theme>('auto');
  agenda = $state<'day' | 'list'>('day');

  constructor() {
    if (typeof localStorage === 'undefined') return;
    const { language, theme, agenda } = kept();
    this.language = language ?? wanted(navigator.languages);
    this.theme = theme ?? 'auto';
    this.agenda = agenda ?? 'day';
  }

  /** Keeps the choice and puts it on the page. */
  choose(choice: { language?: Language; theme?: Theme; agenda?: 'day' | 'list' }) {
    Object.assign(this, choice);
    localStorage.setItem(KEY, JSON.stringify({ ...kept(), ...choice }));
    document.documentElement.lang = this.language;
    if (this.theme === 'auto') delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = this.theme;
  }
}

export const preferences = new Preferences();
