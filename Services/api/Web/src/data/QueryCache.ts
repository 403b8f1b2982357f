import { DataError } from "./DataError";

/** What a page knows of one question: the newest answer, and whether asking again failed or is under way. */
export interface QueryState<Value> {
  readonly value: Value | undefined;
  readonly error: DataError | null;
  readonly isFetching: boolean;
  /** Milliseconds since 1970; 0 for never. */
  readonly fetchedAt: number;
}

interface Entry {
  state: QueryState<unknown>;
  readonly listeners: Set<() => void>;
  fetching: Promise<unknown> | null;
}

const untouched: QueryState<never> = { value: undefined, error: null, isFetching: false, fetchedAt: 0 };

/**
 * Answers by key: an old one is shown at once while a new one is fetched. At most one request a key is under way. Entries
 * that nobody listens to are kept, the least recently used ones being dropped above `entriesMax`.
 */
export class QueryCache {
  private readonly entries = new Map<string, Entry>();

  constructor(private readonly entriesMax: number, private readonly now: () => number = Date.now) {}

  state<Value>(key: string): QueryState<Value> {
    return (this.entries.get(key)?.state ?? untouched) as QueryState<Value>;
  }

  subscribe(key: string, listener: () => void): () => void {
    const entry = this.entry(key);
    entry.listeners.add(listener);
    return () => {
      entry.listeners.delete(listener);
    };
  }

  /** Fetches unless the answer is younger than `ageMax` milliseconds. Never rejects: a failure is in the state. */
  async refresh<Value>(key: string, fetcher: () => Promise<Value>, ageMax: number): Promise<void> {
    const entry = this.entry(key);
    const { state } = entry;
    if (entry.fetching !== null) {
      await entry.fetching;
      return;
    }
    if (state.value !== undefined && state.error === null && this.now() - state.fetchedAt < ageMax) {
      return;
    }
    entry.fetching = this.fetch(entry, fetcher);
    await entry.fetching;
  }

  /** Puts in what was learned otherwise. */
  put<Value>(key: string, value: Value): void {
    this.set(this.entry(key), { value, error: null, isFetching: false, fetchedAt: this.now() });
  }

  private async fetch<Value>(entry: Entry, fetcher: () => Promise<Value>): Promise<void> {
    this.set(entry, { ...entry.state, isFetching: true });
    try {
      const value = await fetcher();
      entry.fetching = null;
      this.set(entry, { value, error: null, isFetching: false, fetchedAt: this.now() });
    } catch (error) {
      entry.fetching = null;
      this.set(entry, { ...entry.state, error: DataError.from(error), isFetching: false });
    }
  }

  private set(entry: Entry, state: QueryState<unknown>): void {
    entry.state = state;
    for (const listener of [...entry.listeners]) {
      listener();
    }
  }

  private entry(key: string): Entry {
    const found = this.entries.get(key);
    if (found !== undefined) {
      // A map keeps the order of insertion: the first is the one not used for longest.
      this.entries.delete(key);
      this.entries.set(key, found);
      return found;
    }
    const entry: Entry = { state: untouched, listeners: new Set(), fetching: null };
    this.dropUnused();
    this.entries.set(key, entry);
    return entry;
  }

  private dropUnused(): void {
    for (const [key, entry] of this.entries) {
      if (this.entries.size < this.entriesMax) {
        return;
      }
      if (entry.listeners.size === 0 && entry.fetching === null) {
        this.entries.delete(key);
      }
    }
  }
}
