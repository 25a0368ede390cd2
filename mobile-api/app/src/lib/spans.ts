// How long something still takes, in words.
import { serverClock } from './clock.svelte';
import { ms, until, type Moment } from './time';
import { t } from './words/index.svelte';

/** `2 d 3 h left` */
export function left(moment: Moment): string {
  const { days, hours, minutes } = until(serverClock.now, ms(moment));
  if (days) return t('left.days', { days, hours });
  return hours ? t('left.hours', { hours, minutes }) : t('left.minutes', { minutes });
}
