// Names as their bearers write them; what else is known of them stands below.
export interface Named {
  written: string;
  reading?: string | null;
  latin?: string | null;
}

/** The Latin form where there is one that says more, else the reading. */
export function below(name: Named): string | undefined {
  const other = name.latin ?? name.reading;
  return other && other !== name.written ? other : undefined;
}

/** Whether readers of a language can read a name as it is written: those of Japanese read kana, Han and Latin letters. */
export function readable(written: string, language: string): boolean {
  const letters = language === 'ja' ? /^[\p{scx=Latin}\p{scx=Han}\p{scx=Hiragana}\p{scx=Katakana}\P{L}]*$/u : /^[\p{scx=Latin}\P{L}]*$/u;
  return letters.test(written);
}

/** For a line of text in a language: `星空レコード` in Japanese, `Hoshizora Records` in English. */
export function inLine(name: Named, language: string): string {
  return (!readable(name.written, language) && name.latin) || name.written;
}

/** What a heading in a language does not say of a name: its other forms. */
export function besides(name: Named, language: string): string[] {
  const shown = inLine(name, language);
  return [...new Set([name.written, name.latin, name.reading])].filter((form): form is string => !!form && form !== shown);
}

/** Whether a text is to be set in Japanese type: screen readers and line breaking ask. */
export const script = (text: string): 'ja' | undefined => (/[\u3040-\u30ff\u3400-\u9fff]/.test(text) ? 'ja' : undefined);
