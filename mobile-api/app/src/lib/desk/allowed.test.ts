// The server's table of verbs is the truth: what the screen says of phases must be what it allows.
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { activities, moving, phases } from './allowed';

const source = readFileSync(new URL('../../../../../backend/domain/src/verb.rs', import.meta.url), 'utf8');
const screaming = (name: string) => name.replace(/(?<=[a-z])(?=[A-Z])/g, '_').toUpperCase();
const sets = new Map(
  [...source.matchAll(/const (\w+): &\[Phase\] = &(?:\[([^\]]*)\]|Phase::ALL);/g)].map(([, name, list]) => [
    name,
    list === undefined ? [...phases] : list.split(',').map((one) => screaming(one.trim())).filter(Boolean),
  ]),
);
const rows = new Map([...source.matchAll(/right\(Verb::\w+, "(\w+)", \w+, (\w+), (\w+)\)/g)].map(([, code, people, organizer]) => [code, { people, organizer }]));

it('the table of verbs is read', () => {
  expect(rows.size).toBeGreaterThan(35);
  expect(sets.get('PREPARING')).toEqual(['WISHES', 'OPEN_CALENDAR', 'ON_SITE']);
});

it.each(activities)('$key is allowed when the server allows it', ({ verbs, people, organizer }) => {
  for (const verb of verbs) {
    const row = rows.get(verb);
    expect([verb, sets.get(row?.people ?? ''), sets.get(row?.organizer ?? '')]).toEqual([verb, [...people], [...organizer]]);
  }
});

it('says what opens and closes', () => {
  const keys = (list: readonly { key: string }[]) => list.map(({ key }) => key);
  const { opens, closes } = moving('OPEN_CALENDAR', 'FINAL');
  expect([keys(opens), keys(closes)]).toEqual([[], ['wish', 'away', 'describe', 'request', 'book']]);
  expect(keys(moving('FINAL', 'ON_SITE').opens)).toContain('table');
});
