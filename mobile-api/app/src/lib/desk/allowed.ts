// What each phase of the market allows, to those who take part and to those who run it. The server decides by
// backend/domain/src/verb.rs; a test compares the two.
import type { Phase } from '../phases';

export const phases: readonly Phase[] = ['WISHES', 'CALCULATED', 'OPEN_CALENDAR', 'FINAL', 'ON_SITE', 'AFTER'];

const preparing: Phase[] = ['WISHES', 'OPEN_CALENDAR', 'ON_SITE'];
const before: Phase[] = ['WISHES', 'OPEN_CALENDAR'];
const booking: Phase[] = ['OPEN_CALENDAR', 'ON_SITE'];
const published: Phase[] = ['OPEN_CALENDAR', 'FINAL', 'ON_SITE'];
const untilOver: Phase[] = ['WISHES', 'CALCULATED', 'OPEN_CALENDAR', 'FINAL', 'ON_SITE'];
const onSite: Phase[] = ['ON_SITE'];
const result: Phase[] = ['ON_SITE', 'AFTER'];
const talk: Phase[] = ['OPEN_CALENDAR', 'FINAL', 'ON_SITE', 'AFTER'];

/** One row an activity people have a word for; `verbs` are the server's words for it. */
export const activities = [
  { key: 'wish', verbs: ['setWish'], people: preparing, organizer: untilOver },
  { key: 'avoid', verbs: ['avoid'], people: untilOver, organizer: untilOver },
  { key: 'away', verbs: ['addAbsence', 'removeAbsence', 'setStay', 'setStaffing'], people: preparing, organizer: untilOver },
  { key: 'describe', verbs: ['updateBuyer', 'updateExhibitor'], people: before, organizer: untilOver },
  { key: 'request', verbs: ['requestMeeting', 'acceptRequest', 'counterRequest'], people: booking, organizer: published },
  { key: 'close', verbs: ['declineRequest', 'withdrawRequest'], people: published, organizer: published },
  { key: 'book', verbs: ['bookMeeting', 'moveMeeting', 'cancelMeeting', 'swapMeetings', 'fitIn'], people: booking, organizer: published },
  { key: 'staff', verbs: ['assignStaff', 'inviteAdviser', 'releaseAdviser'], people: published, organizer: published },
  { key: 'standby', verbs: ['joinStandby', 'leaveStandby', 'answerOffer'], people: published, organizer: published },
  { key: 'table', verbs: ['checkIn', 'reportNoShow', 'endMeeting'], people: onSite, organizer: onSite },
  { key: 'outcome', verbs: ['recordOutcome'], people: result, organizer: result },
  { key: 'message', verbs: ['messageMeeting'], people: talk, organizer: talk },
] as const;

/** What opens and what closes for those who take part when the market moves from one phase to another. */
export function moving(from: Phase, to: Phase) {
  const opens = activities.filter(({ people }) => !people.includes(from) && people.includes(to));
  const closes = activities.filter(({ people }) => people.includes(from) && !people.includes(to));
  return { opens, closes };
}
