// A meeting as one of its two sides sees it: who is the other, and the words for the place.
import type { Meeting } from './agenda';
import type { Side } from './session.svelte';
import { both, language, list, t } from './words/index.svelte';

type Place = { table: number; booth: { code: string } | null };

/** The other side: the exhibitor for a buyer, the buyer for those of a booth; for whoever joins, both. */
export function other(meeting: Meeting, side: Side) {
  return side === 'booth'
    ? { ...meeting.buyer.organisation, person: meeting.buyer.person, meets: undefined, href: `/buyer/${meeting.buyer.id}` }
    : { ...meeting.exhibitor.organisation, person: undefined, meets: side === 'other' ? meeting.buyer.organisation : undefined, href: `/exhibitor/${meeting.exhibitor.id}` };
}

/** `Booth C-07 · table 3` */
export function place({ table, booth }: Place, side: Side): string {
  const at = t('place.table', { table });
  return side === 'booth' || !booth ? at : `${t('place.booth', { code: booth.code })} · ${at}`;
}

/** `Interpreter Japanese–English` */
export function interpreter(languages: readonly string[] | null | undefined): string | undefined {
  return languages?.length ? t('place.interpreter', { languages: languages.map(language).join('–') }) : undefined;
}

/** What an entry without a meeting is called. */
export function titleOf(entry: { kind: string; title: { ja: string; en: string } | null }): string {
  return both(entry.title) || (entry.kind === 'ABSENCE' ? t('agenda.absence') : t('agenda.session'));
}

/** Several words in a row, each named. */
export const named = <T extends string>(codes: readonly T[], name: (code: T) => string): string => list(codes.map(name));
