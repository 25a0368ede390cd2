// What somebody is called in a sentence at the desk, by the id that a question carries; until it is known, "…".
import { buyers, exhibitors } from '../catalogue';
import { inLine } from '../names';
import { preferences } from '../preferences.svelte';
import { reading } from '../store/reading.svelte';
import { language } from '../words/index.svelte';

/** `B012 Kita Music` */
export function calledBuyer(id: string): string {
  const found = (buyers().answer ?? []).find((one) => one.id === id);
  return found ? `${found.code} ${inLine(found.organisation.name, preferences.language)}` : '…';
}

/** `C-07 Hoshizora Records`: by the booth, where there is one. */
export function calledExhibitor(id: string): string {
  const found = (exhibitors().answer ?? []).find((one) => one.id === id);
  return found ? `${found.booth?.code ?? found.code} ${inLine(found.organisation.name, preferences.language)}` : '…';
}

/** The languages of a pool of interpreters: `Japanese–English`. */
export function between(pool: string): string {
  const found = reading('Interpreters').answer?.interpreters?.find(({ code }) => code === pool);
  return found?.languages.map(language).join('–') ?? pool;
}
