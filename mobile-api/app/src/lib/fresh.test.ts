import { expect, test } from 'vitest';
import { fresh } from './fresh';

test('an id has the form of version 7, the moment first', () => {
  const at = Date.parse('2025-11-05T01:00:00Z');
  const id = fresh(at);
  expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  expect(parseInt(id.slice(0, 8) + id.slice(9, 13), 16)).toBe(at);
});

test('ids differ, and later ones come later', () => {
  const ids = Array.from({ length: 1000 }, () => fresh(7));
  expect(new Set(ids).size).toBe(1000);
  expect(fresh(8) > fresh(7)).toBe(true);
});
