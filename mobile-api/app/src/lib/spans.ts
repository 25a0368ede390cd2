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

/** `5 min ago` */
export function age(moment: Moment): string {
  const minutes = Math.floor(Math.max(0, serverClock.now - ms(moment)) / 60_000);
  if (minutes < 1) return t('age.now');
  if (minutes < 60) return t('age.minutes', { minutes });
  return minutes < 1440 ? t('age.hours', { hours: Math.floor(minutes / 60) }) : t('age.days', { days: Math.floor(minutes / 1440) });
}
