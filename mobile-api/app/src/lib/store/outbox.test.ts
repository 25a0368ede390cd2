// Actions on their way: kept before they are sent, sent once and in order, refused visibly.
import 'fake-indexeddb/auto';
import { beforeEach, expect, it, vi } from 'vitest';
import { NoAnswer } from '../api/ask';

const ask = vi.hoisted(() => vi.fn());
vi.mock('../api/ask', async (original) => ({ ...(await original<object>()), ask }));

const { connection } = await import('../connection.svelte');
const { outbox } = await import('./outbox.svelte');

const label = { word: 'outbox.cancel', name: 'Kita Music', time: '14:20' } as const;
const cancel = (id: string) => outbox.act('CancelMeeting', { id, key: `key of ${id}` }, label);
const done = { cancelMeeting: { __typename: 'Meeting', id: 'm', state: 'CANCELLED' } };
const refused = { cancelMeeting: { __typename: 'Refusal', code: 'meeting_cancelled', message: 'This meeting is cancelled.' } };
const dead = () => Promise.reject(new NoAnswer('offline', 'no network'));

beforeEach(async () => {
  ask.mockReset();
  connection.reachable = true;
  await outbox.clear();
});

it('is done at once with a network, and leaves nothing behind', async () => {
  ask.mockResolvedValue(done);
  expect(await cancel('1')).toEqual({ kind: 'done', answer: done });
  expect(outbox.actions).toEqual([]);
});

it('a refusal goes to whoever asked', async () => {
  ask.mockResolvedValue(refused);
  expect(await cancel('1')).toMatchObject({ kind: 'refused', refusal: { code: 'meeting_cancelled' } });
  expect(outbox.actions).toEqual([]);
});

it('waits when the network dies under way, and is sent again with the same key', async () => {
  ask.mockImplementationOnce(dead);
  expect(await cancel('1')).toEqual({ kind: 'queued' });
  expect(outbox.waiting).toBe(1);
  ask.mockResolvedValue(done);
  await outbox.replay();
  expect(outbox.actions).toEqual([]);
  expect(ask.mock.calls.map(([, variables]) => variables)).toEqual([
    { id: '1', key: 'key of 1' },
    { id: '1', key: 'key of 1' },
  ]);
});

it('keeps the order, and stops at the first that finds no network', async () => {
  connection.reachable = false;
  ask.mockImplementation(dead);
  for (const id of ['1', '2', '3']) expect(await cancel(id)).toEqual({ kind: 'queued' });
  await outbox.replay();
  ask.mockReset();
  ask.mockResolvedValueOnce(done).mockImplementationOnce(dead).mockResolvedValue(done);
  await outbox.replay();
  expect(outbox.waiting).toBe(2);
  await outbox.replay();
  expect(ask.mock.calls.map(([, { id }]) => id)).toEqual(['1', '2', '2', '3']);
});

it('what is refused while nobody looks stays until it was read', async () => {
  connection.reachable = false;
  ask.mockImplementation(dead);
  await cancel('1');
  ask.mockReset();
  ask.mockResolvedValue(refused);
  await outbox.replay();
  expect(outbox.refused).toBe(1);
  expect(outbox.actions[0]).toMatchObject({ state: 'refused', refusal: { message: 'This meeting is cancelled.' } });
  await outbox.replay();
  expect(ask).toHaveBeenCalledTimes(1);
  await outbox.drop(outbox.actions[0]?.id ?? '');
  expect(outbox.actions).toEqual([]);
});

it('two at once over all tabs send each action once', async () => {
  connection.reachable = false;
  ask.mockImplementation(dead);
  await cancel('1');
  ask.mockReset();
  ask.mockResolvedValue(done);
  await Promise.all([outbox.replay(), outbox.replay()]);
  expect(ask).toHaveBeenCalledTimes(1);
});

it('survives a reload', async () => {
  connection.reachable = false;
  ask.mockImplementation(dead);
  await cancel('1');
  await vi.waitFor(() => expect(outbox.actions[0]?.state).toBe('queued'));
  vi.resetModules();
  const again = await import('./outbox.svelte');
  ask.mockReset();
  ask.mockResolvedValue(done);
  await again.outbox.start();
  expect(ask).toHaveBeenCalledTimes(1);
});
