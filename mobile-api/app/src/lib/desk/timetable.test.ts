import { expect, it } from 'vitest';
import { canRollBack, shown, type Version } from './timetable';

const version = (id: string, state: Version['state'], publishedAt: string | null = null) => ({ id, state, publishedAt }) as Version;

it('shows what is named, else what waits for a decision', () => {
  const versions = [version('4', 'DRAFT'), version('3', 'PROPOSED'), version('2', 'PUBLISHED'), version('1', 'SUPERSEDED')];
  expect(shown(versions, '1')?.id).toBe('1');
  expect(shown(versions, null)?.id).toBe('3');
  expect(shown(versions, 'gone')?.id).toBe('3');
  expect(shown(versions.slice(2), null)?.id).toBe('2');
  expect(shown([versions[0]!], null)?.id).toBe('4');
  expect(shown([], null)).toBeUndefined();
});

it('rolls back to what was published once, not to what was set aside', () => {
  expect(canRollBack(version('1', 'SUPERSEDED', '2025-10-01T00:00:00Z'))).toBe(true);
  expect(canRollBack(version('1', 'SUPERSEDED'))).toBe(false);
  expect(canRollBack(version('1', 'PROPOSED', '2025-10-01T00:00:00Z'))).toBe(false);
});
