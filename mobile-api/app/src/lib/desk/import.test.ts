import { expect, it } from 'vitest';
import { base64 } from './import';

it('writes any bytes, also more than fit into one call', () => {
  const bytes = Uint8Array.from({ length: 100_000 }, (_, at) => (at * 31) % 256);
  expect(base64(new Uint8Array())).toBe('');
  expect(Buffer.from(base64(bytes), 'base64').equals(Buffer.from(bytes))).toBe(true);
});
