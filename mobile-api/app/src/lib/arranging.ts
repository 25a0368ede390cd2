// What is asked about one of the other side besides who they are: all of it stands on their page, which is drawn when all
// of it has come.
import { entriesOf } from './agenda';
import { market } from './market.svelte';
import { session } from './session.svelte';
import { reading, type Shown } from './store/reading.svelte';

/** For the page of a pair; a side that is missing is the reader's, who has none. */
export function arranging(buyer: string | undefined, exhibitor: string | undefined): Shown<unknown>[] {
  const agenda = reading('MyAgenda');
  const mine = [reading('Me'), agenda, reading('MyWishes'), reading('MyRequests', { state: 'OPEN' })];
  if (!buyer || !exhibitor) return mine;
  const meet = entriesOf(agenda.answer).some(({ meeting }) => meeting?.buyer.id === buyer && meeting.exhibitor.id === exhibitor);
  if (meet || !session.canBook(market.event?.phase)) return mine;
  return [...mine, reading('Suggestions', { buyer, exhibitor }), ...(session.side === 'buyer' ? [reading('MyStandby')] : [])];
}
