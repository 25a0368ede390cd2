// Which screens are for whom. Whoever opens another by its address reads that there is nothing, as the server says too: it
// decides, by backend/domain/src/access.rs. Pure.
import type { Side, Viewer } from './session.svelte';

/** Who looks: from which side, and as what. */
export interface Looking {
  side: Side;
  roles: Viewer['roles'];
}

const desk = ({ side }: Looking) => side === 'desk';
/** Officers read and change nothing. */
const reads = (who: Looking) => desk(who) || who.roles.includes('OFFICER');
const meets = ({ side }: Looking) => side === 'buyer' || side === 'booth';
const booth = ({ side }: Looking) => side === 'booth';

/** The first that fits holds; what is not named is for everybody. */
const screens: readonly [under: RegExp, who: (who: Looking) => boolean][] = [
  [/^\/timetable(\/compare)?$/, reads],
  [/^\/people$/, reads],
  [/^\/(timetable|people|booths|letters|phases)(\/|$)/, desk],
  [/^\/(board|leads|staffing)$/, booth],
  [/^\/(requests|wishes)$/, meets],
  // Advisers are asked to join meetings: when they cannot, they say so.
  [/^\/free$/, (who) => meets(who) || who.roles.includes('ADVISER')],
];

/** Whether a path leads whoever looks to something of theirs. */
export const isFor = (path: string, who: Looking): boolean => screens.find(([under]) => under.test(path))?.[1](who) ?? true;
