// Moving meetings about the board: picked up by drag, or by tap and keyboard, and put down where there is room. What is
// drawn of it is the board's (routes/board) and the question's before others are told (ui/Held).
import { tick } from 'svelte';
import type { Day } from './agenda';
import type { MyBoothQuery } from './api/generated';
import { keyOf, targets, type Place, type Row } from './board';
import { serverClock } from './clock.svelte';
import { connection } from './connection.svelte';
import { market } from './market.svelte';
import { inLine } from './names';
import { preferences } from './preferences.svelte';
import { session } from './session.svelte';
import { reading } from './store/reading.svelte';
import { ms } from './time';

export type Meeting = NonNullable<NonNullable<MyBoothQuery['myBooth']>['meetings']>[number];

/** What the board shows while something is moved about it. */
interface Shown {
  rows: readonly Row[] | undefined;
  day: Day | undefined;
}

export class Moving {
  /** Taps pick meetings up, instead of opening them. */
  on = $state(false);
  held = $state.raw<Meeting>();
  to = $state.raw<Place>();
  /** What became of the last one. */
  said = $state('');
  #shown: () => Shown;

  /** The times of the meeting that is held: those free with both sides. */
  times = $derived(this.held ? reading('MeetingTimes', { id: this.held.id }) : undefined);
  slots = $derived(new Set((this.times?.answer?.meetingTimes ?? []).flatMap(({ slot }) => (slot ? [slot.number] : []))));
  /** The places of the day that is shown at which it would sit down. */
  lit = $derived.by(() => {
    const { rows } = this.#shown();
    return this.held && rows ? targets(rows, this.slots) : [];
  });
  #keys = $derived(new Set(this.lit.map(keyOf)));
  /** For which meeting on which day the focus was led already. */
  #led = '';

  constructor(shown: () => Shown) {
    this.#shown = shown;
    // Once it is known where it can go, the first place comes into view and has the focus.
    $effect(() => {
      const key = this.held && this.on ? `${this.held.id} ${shown().day?.number}` : '';
      if (!key || this.#led === key || !this.lit.length) return;
      this.#led = key;
      void tick().then(() => {
        const first = document.querySelector<HTMLElement>('.drop');
        first?.scrollIntoView({ block: 'center', inline: 'center' });
        first?.focus({ preventScroll: true });
      });
    });
  }

  takes = (place: Place): boolean => this.#keys.has(keyOf(place));
  movable = (meeting: Meeting): boolean =>
    session.canBook(market.event?.phase) && connection.reachable && !meeting.locked && !!meeting.slot && ms(meeting.slot.startsAt) > serverClock.now;
  /** So many of its times are on this day. */
  timesOn = (day: Day | undefined): number => day?.slots.filter((slot) => this.slots.has(slot.number)).length ?? 0;

  turn() {
    this.on = !this.on;
    this.said = '';
    this.held = this.to = undefined;
  }

  pick(meeting: Meeting) {
    this.said = this.#led = '';
    this.to = undefined;
    this.held = this.held?.id === meeting.id ? undefined : meeting;
  }

  drag(drag: DragEvent, meeting: Meeting) {
    if (!drag.dataTransfer || !this.movable(meeting)) return drag.preventDefault();
    drag.dataTransfer.effectAllowed = 'move';
    drag.dataTransfer.setData('text/plain', inLine(meeting.buyer.organisation.name, preferences.language));
    // The browser takes its picture of what is dragged first.
    setTimeout(() => {
      this.said = '';
      this.to = undefined;
      this.held = meeting;
    });
  }

  /** It stays where it was; the focus goes back to it. */
  putBack = async () => {
    const id = this.held?.id;
    this.held = this.to = undefined;
    await tick();
    if (this.on && id) document.getElementById(`meeting-${id}`)?.focus();
  };

  moved = (text: string) => {
    this.held = this.to = undefined;
    this.said = text;
  };
}
