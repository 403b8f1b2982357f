import { DataError } from "./DataError";
import { feedExtended, feedMeets, feedRefreshed, feedReleased, feedStarted, feedUpdated, type Feed, type FeedRow } from "./feed";
import type { LiveNews } from "./LiveChannel";
import type { Page } from "./types";

export interface FeedState<Row extends FeedRow> {
  /** Null until the first page is there. */
  readonly feed: Feed<Row> | null;
  readonly error: DataError | null;
  readonly isLoadingMore: boolean;
}

const newestPagesMax = 4;
const updatedPagesMax = 3;

/** Fetches a feed's pages and keeps it; the one shell around `feed.ts`. */
export class FeedStore<Row extends FeedRow & { readonly traceId?: string }> {
  private current: FeedState<Row> = { feed: null, error: null, isLoadingMore: false };
  private readonly listeners = new Set<() => void>();
  /** By row: the cursor of the page it came with, to fetch it again. */
  private readonly cursors = new Map<string, string | null>();
  private isHeld = false;
  private refreshing: Promise<void> | null = null;
  private wanted: { news: LiveNews } | null = null;

  constructor(private readonly fetchPage: (cursor: string | null) => Promise<Page<Row>>) {}

  get state(): FeedState<Row> {
    return this.current;
  }

  subscribe(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => {
      this.listeners.delete(listener);
    };
  }

  /** Whether new rows wait instead of moving the ones that the reader looks at. */
  hold(isHeld: boolean): void {
    this.isHeld = isHeld;
  }

  release(): void {
    const { feed } = this.current;
    if (feed !== null) {
      this.set({ feed: feedReleased(feed) });
    }
  }

  /** Fetches what is new. Calls during a fetch lead to one more after it. */
  refresh(news: LiveNews): void {
    if (this.refreshing !== null) {
      this.wanted = { news: this.wanted === null ? news : together(this.wanted.news, news) };
      return;
    }
    this.refreshing = this.fetchNewest(news).finally(() => {
      this.refreshing = null;
      const next = this.wanted;
      this.wanted = null;
      if (next !== null) {
        this.refresh(next.news);
      }
    });
  }

  async loadMore(): Promise<void> {
    const { feed, isLoadingMore } = this.current;
    if (feed === null || feed.nextCursor === null || isLoadingMore) {
      return;
    }
    const cursor = feed.nextCursor;
    this.set({ isLoadingMore: true });
    try {
      const page = await this.fetched(cursor);
      const now = this.current.feed;
      // The feed may have started anew while this page was on its way.
      this.set({ feed: now !== null && now.nextCursor === cursor ? feedExtended(now, page) : now, isLoadingMore: false, error: null });
    } catch (error) {
      this.set({ isLoadingMore: false, error: DataError.from(error) });
    }
  }

  private async fetchNewest(news: LiveNews): Promise<void> {
    try {
      let page = await this.fetched(null);
      const { feed } = this.current;
      if (feed === null) {
        this.set({ feed: feedStarted(page), error: null });
        return;
      }
      for (let pages = 1; pages < newestPagesMax && !feedMeets(feed, page); pages += 1) {
        const next = await this.fetched(page.nextCursor);
        page = { items: [...page.items, ...next.items], nextCursor: next.nextCursor };
      }
      this.set({ feed: feedRefreshed(this.current.feed ?? feed, page, this.isHeld), error: null });
      await this.fetchUpdated(news, page);
    } catch (error) {
      this.set({ error: DataError.from(error) });
    }
  }

  /** Fetches again the pages of those rows that the news names and the newest page does not have. */
  private async fetchUpdated(news: LiveNews, newest: Page<Row>): Promise<void> {
    if (news === null || news.length === 0) {
      return;
    }
    const fresh = new Set(newest.items.map((row) => row.id));
    const named = new Set(news);
    const stale = (this.current.feed?.rows ?? []).filter(
      (row) => row.traceId !== undefined && named.has(row.traceId) && !fresh.has(row.id),
    );
    const cursors = new Set(stale.map((row) => this.cursors.get(row.id) ?? null));
    for (const cursor of [...cursors].slice(0, updatedPagesMax)) {
      const page = await this.fetched(cursor);
      const { feed } = this.current;
      if (feed !== null) {
        this.set({ feed: feedUpdated(feed, page.items) });
      }
    }
  }

  private async fetched(cursor: string | null): Promise<Page<Row>> {
    const page = await this.fetchPage(cursor);
    for (const row of page.items) {
      this.cursors.set(row.id, cursor);
    }
    return page;
  }

  private set(change: Partial<FeedState<Row>>): void {
    this.current = { ...this.current, ...change };
    for (const listener of [...this.listeners]) {
      listener();
    }
  }
}

function together(first: LiveNews, second: LiveNews): LiveNews {
  return first === null || second === null ? null : [...first, ...second];
}
