import type { Page } from "./types";

/** What a row of a feed must tell: who it is, and where it stands. */
export interface FeedRow {
  readonly id: string;
  readonly startTime: number;
}

/**
 * A list read page by page from its newest row on, while new rows come in at its head. All functions here are pure; who
 * fetches is another matter.
 *
 *     waiting (newer, held back) | rows (shown, without gaps) | older rows behind `nextCursor`
 */
export interface Feed<Row extends FeedRow> {
  readonly rows: readonly Row[];
  /** New rows that are not shown yet, since the reader is looking at others. */
  readonly waiting: readonly Row[];
  /** Set where so much came in that `waiting` does not reach down to `rows`: it will replace them. */
  readonly waitingRestartsAt: { readonly cursor: string | null } | null;
  readonly nextCursor: string | null;
}

export function feedStarted<Row extends FeedRow>(page: Page<Row>): Feed<Row> {
  return { rows: page.items, waiting: [], waitingRestartsAt: null, nextCursor: page.nextCursor };
}

/** Appends the page behind `nextCursor`. */
export function feedExtended<Row extends FeedRow>(feed: Feed<Row>, page: Page<Row>): Feed<Row> {
  const known = ids(feed.rows);
  const older = page.items.filter((row) => !known.has(row.id));
  return { ...feed, rows: [...feed.rows, ...older], nextCursor: page.nextCursor };
}

/** Whether the newest rows, as fetched, meet the ones already here, so that none between them is missed. */
export function feedMeets<Row extends FeedRow>(feed: Feed<Row>, newest: Page<Row>): boolean {
  const known = ids(feed.waitingRestartsAt === null ? feed.rows : feed.waiting);
  return newest.nextCursor === null || known.size === 0 || newest.items.some((row) => known.has(row.id));
}

/**
 * Takes in the newest rows: known ones are brought up to date, ones that are gone are dropped, and new ones are shown,
 * or wait where `isHeld`.
 */
export function feedRefreshed<Row extends FeedRow>(feed: Feed<Row>, newest: Page<Row>, isHeld: boolean): Feed<Row> {
  if (!isHeld) {
    return feedMeets({ ...feed, waitingRestartsAt: null }, newest) ? merged(feed, newest) : feedStarted(newest);
  }
  const shown = ids(feed.rows);
  if (!feedMeets({ ...feed, waitingRestartsAt: null }, newest)) {
    return { ...feed, waiting: newest.items, waitingRestartsAt: { cursor: newest.nextCursor } };
  }
  return {
    ...feedUpdated(feed, newest.items),
    waiting: newest.items.filter((row) => !shown.has(row.id)),
    waitingRestartsAt: null,
  };
}

/** Shows what waits. */
export function feedReleased<Row extends FeedRow>(feed: Feed<Row>): Feed<Row> {
  if (feed.waitingRestartsAt !== null) {
    return feedStarted({ items: feed.waiting, nextCursor: feed.waitingRestartsAt.cursor });
  }
  return { ...feed, rows: newestFirst([...feed.waiting, ...feed.rows]), waiting: [] };
}

/** Brings known rows up to date, in their places. */
export function feedUpdated<Row extends FeedRow>(feed: Feed<Row>, rows: readonly Row[]): Feed<Row> {
  const updates = new Map(rows.map((row) => [row.id, row]));
  return { ...feed, rows: feed.rows.map((row) => updates.get(row.id) ?? row) };
}

function merged<Row extends FeedRow>(feed: Feed<Row>, newest: Page<Row>): Feed<Row> {
  if (newest.nextCursor === null) {
    return feedStarted(newest);
  }
  const fresh = ids(newest.items);
  const edge = newest.items[newest.items.length - 1]?.startTime ?? Infinity;
  // A row that belongs between the fresh ones and is not among them has been deleted.
  const older = feed.rows.filter((row) => !fresh.has(row.id) && row.startTime <= edge);
  return {
    rows: newestFirst([...newest.items, ...older]),
    waiting: [],
    waitingRestartsAt: null,
    nextCursor: feed.nextCursor,
  };
}

function newestFirst<Row extends FeedRow>(rows: Row[]): Row[] {
  // The sort is stable: rows of the same time stay as the server had them.
  return rows.sort((a, b) => b.startTime - a.startTime);
}

function ids<Row extends FeedRow>(rows: readonly Row[]): Set<string> {
  return new Set(rows.map((row) => row.id));
}
