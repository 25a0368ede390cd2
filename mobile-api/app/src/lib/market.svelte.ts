// The event everybody looks at: its zone, days and phase, from one question.
import { serverClock } from './clock.svelte';
import { preferences } from './preferences.svelte';
import { reading } from './store/reading.svelte';
import * as time from './time';
import { t } from './words/index.svelte';

const own = time.ownZone();

class Market {
  get event() {
    return reading('Event').answer?.event;
  }

  /** Whether it is known, or cannot be had now. */
  get come(): boolean {
    const { answer, trouble } = reading('Event');
    return answer !== undefined || trouble !== undefined;
  }

  /** Until it is known, times are shown as the device has them. */
  get zone(): string {
    return this.event?.zone ?? own;
  }

  clock = (moment: time.Moment): string => time.clock(moment, this.zone);

  /** `Wed 5 Nov`, with "today" where it is. */
  day = (moment: time.Moment): string => time.day(moment, this.zone, preferences.language);

  /** `tomorrow, Wed 5 Nov` */
  near = (moment: time.Moment): string => {
    const [then, today] = [time.date(moment, this.zone), time.date(serverClock.now, this.zone)];
    const tomorrow = time.date(serverClock.now + 86_400_000, this.zone);
    const word = then === today ? t('day.today') : then === tomorrow ? t('day.tomorrow') : undefined;
    return word ? `${word} · ${this.day(moment)}` : this.day(moment);
  };

  /** The person's own clock, where it differs. */
  own = (moment: time.Moment): string | undefined => time.ownClock(moment, this.zone, own, preferences.language);

  get ownZone(): string {
    return own;
  }
}

export const market = new Market();
