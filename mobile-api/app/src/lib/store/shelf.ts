// What is kept on this device: the last answer of each question, and actions that wait. In IndexedDB; where the browser
// gives none (private windows), nothing is kept and everything else works.
import { clear, createStore, del, entries, get, set, type UseStore } from 'idb-keyval';

const stores = new Map<string, UseStore | undefined>();

/** One database a store: idb-keyval wants it so. */
function store(name: 'answers' | 'actions'): UseStore | undefined {
  if (!stores.has(name)) {
    const there = typeof indexedDB !== 'undefined';
    stores.set(name, there ? createStore(`ichiba-${name}`, name) : undefined);
  }
  return stores.get(name);
}

async function quietly<T>(act: Promise<T> | undefined): Promise<T | undefined> {
  try {
    return await act;
  } catch {
    return undefined;
  }
}

export function shelf<T>(name: 'answers' | 'actions') {
  const opened = () => store(name);
  const on = <R>(act: (store: UseStore) => Promise<R>) => {
    const there = opened();
    return quietly(there && act(there));
  };
  return {
    get: (key: string) => on((store) => get<T>(key, store)),
    set: (key: string, value: T) => on((store) => set(key, value, store)),
    del: (key: string) => on((store) => del(key, store)),
    all: async (): Promise<[string, T][]> => (await on((store) => entries<string, T>(store))) ?? [],
    clear: () => on((store) => clear(store)),
  };
}
