import { expect, it } from 'vitest';
import { incoming, outgoing, toggled, whom, type Request } from './requests';

const request = (id: string, yourTurn: boolean, expiresAt: string, state: Request['state'] = 'OPEN') =>
  ({ id, state, yourTurn, expiresAt, buyer: { id: 'b', organisation: { name: { written: 'B' } }, person: { name: { written: 'P' } } }, exhibitor: { id: 'e', organisation: { name: { written: 'E' } }, booth: { code: 'C-07' } } }) as unknown as Request;
const all = [request('1', true, '2025-11-05T10:00:00Z'), request('2', false, '2025-11-05T09:00:00Z'), request('3', true, '2025-11-05T09:00:00Z'), request('4', false, '', 'DECLINED'), request('5', true, '', 'EXPIRED')];

it('whose turn it is decides the pile, and the most urgent is first', () => {
  expect(incoming(all).map(({ id }) => id)).toEqual(['3', '1']);
  expect(outgoing(all).map(({ id }) => id)).toEqual(['2']);
});

it('each side sees the other', () => {
  expect(whom(all[0]!, 'booth')).toMatchObject({ id: 'b', href: '/buyer/b' });
  expect(whom(all[0]!, 'buyer')).toMatchObject({ id: 'e', href: '/exhibitor/e', code: 'C-07' });
});

it('of too many times the oldest gives way', () => {
  expect(toggled([1, 2], 2, 3)).toEqual([1]);
  expect(toggled([1, 2, 3], 4, 3)).toEqual([2, 3, 4]);
});
