// Nobody is led to a screen on which there is nothing for them.
import { expect, it } from 'vitest';
import { isFor, type Looking } from './screens';

const who = {
  buyer: { side: 'buyer', roles: ['BUYER'] },
  booth: { side: 'booth', roles: ['EXHIBITOR'] },
  desk: { side: 'desk', roles: ['ORGANIZER'] },
  officer: { side: 'other', roles: ['OFFICER'] },
  adviser: { side: 'other', roles: ['ADVISER'] },
  visitor: { side: 'other', roles: ['VISITOR'] },
} satisfies Record<string, Looking>;

it.each([
  ['/', 'buyer booth desk officer adviser visitor'],
  ['/exhibitor/1', 'buyer booth desk officer adviser visitor'],
  ['/requests', 'buyer booth'],
  ['/free', 'buyer booth adviser'],
  ['/board', 'booth'],
  ['/timetable', 'desk officer'],
  ['/timetable/compare', 'desk officer'],
  ['/timetable/why', 'desk'],
  ['/people', 'desk officer'],
  ['/people/1', 'desk'],
  ['/people/import', 'desk'],
  ['/booths', 'desk'],
])('%s is for %s', (path, names) => {
  const open = Object.entries(who).filter(([, one]) => isFor(path, one));
  expect(open.map(([name]) => name).join(' ')).toBe(names);
});
