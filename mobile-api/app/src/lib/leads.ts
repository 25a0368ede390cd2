// Leads of a booth: everybody it met or was checked in with, and what it noted of them. Pure.
import type { Interest, MyLeadsQuery } from './api/generated';
import { fold, holds } from './fold';

type Meeting = NonNullable<NonNullable<MyLeadsQuery['myBooth']>['meetings']>[number];
export type Lead = Meeting;

/** What a list of leads is narrowed to. */
export interface Narrowing {
  words: string;
  interest: Interest | 'UNNOTED' | '';
  deal: boolean;
}

/** Those who came or of whom something was noted, the latest first. */
export const leads = (meetings: readonly Meeting[]): Lead[] =>
  meetings.filter(({ buyerCameAt, startedAt, outcome }) => buyerCameAt || startedAt || outcome).sort((a, b) => (b.slot?.number ?? 0) - (a.slot?.number ?? 0) || a.table - b.table);

/** Everything of a lead that is looked through. */
function text({ buyer: { organisation, person, code }, outcome }: Lead): string {
  const { name } = organisation;
  return fold([name.written, name.latin, person.name.written, person.name.latin, code, outcome?.note, outcome?.nextStep].filter(Boolean).join(' '));
}

/** Those that fit all of it; whatever is empty fits. */
export function narrowed(all: readonly Lead[], { words, interest, deal }: Narrowing): Lead[] {
  return all.filter((lead) => {
    const noted = lead.outcome;
    if (deal && !noted?.deal) return false;
    if (interest === 'UNNOTED' ? noted : interest && noted?.interest !== interest) return false;
    return !words.trim() || holds(text(lead), words);
  });
}
