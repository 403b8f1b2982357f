import assert from "node:assert/strict";
import { test } from "node:test";
import { FeedStore } from "../src/data/FeedStore";
import { feedExtended, feedMeets, feedRefreshed, feedReleased, feedStarted, type FeedRow } from "../src/data/feed";
import type { Page } from "../src/data/types";

interface Row extends FeedRow {
  readonly traceId: string;
  readonly version: number;
}

const row = (time: number, version = 0): Row => ({ id: `r${time}`, traceId: `t${time}`, startTime: time, version });
const page = (times: readonly number[], nextCursor: string | null = "more", version = 0): Page<Row> => ({
  items: times.map((time) => row(time, version)), nextCursor,
});
const times = (rows: readonly Row[]) => rows.map((each) => each.startTime);

test("older pages are appended once", () => {
  const feed = feedExtended(feedStarted(page([9, 8])), page([8, 7], null));
  assert.deepEqual([times(feed.rows), feed.nextCursor], [[9, 8, 7], null]);
});

test("new rows come in at the head when nobody looks elsewhere", () => {
  const feed = feedRefreshed(feedExtended(feedStarted(page([9, 8])), page([7, 6])), page([11, 10, 9, 8]), false);
  assert.deepEqual([times(feed.rows), feed.nextCursor], [[11, 10, 9, 8, 7, 6], "more"]);
});

test("held rows stay where they are, and are brought up to date", () => {
  const feed = feedRefreshed(feedStarted(page([9, 8])), page([10, 9, 8], "more", 1), true);
  assert.deepEqual([times(feed.rows), times(feed.waiting), feed.rows[0]?.version], [[9, 8], [10], 1]);
  assert.deepEqual(times(feedReleased(feed).rows), [10, 9, 8]);
  assert.deepEqual(feedReleased(feed).waiting, []);
});

test("a row that is gone between the newest ones is dropped", () => {
  const feed = feedRefreshed(feedStarted(page([9, 8, 7, 6])), page([9, 7]), false);
  assert.deepEqual(times(feed.rows), [9, 7, 6]);
});

test("a page that says it is all there is replaces everything", () => {
  assert.deepEqual(times(feedRefreshed(feedStarted(page([9, 8, 7])), page([8], null), false).rows), [8]);
});

test("newest rows that do not meet the old ones start the feed anew, so that no gap is hidden", () => {
  const feed = feedStarted(page([3, 2, 1]));
  assert.equal(feedMeets(feed, page([90, 80])), false);
  const anew = feedRefreshed(feed, page([90, 80], "at 80"), false);
  assert.deepEqual([times(anew.rows), anew.nextCursor], [[90, 80], "at 80"]);
});

test("held rows survive a gap until they are released", () => {
  const held = feedRefreshed(feedStarted(page([3, 2, 1])), page([90, 80], "at 80"), true);
  assert.deepEqual([times(held.rows), times(held.waiting)], [[3, 2, 1], [90, 80]]);
  const released = feedReleased(held);
  assert.deepEqual([times(released.rows), released.nextCursor], [[90, 80], "at 80"]);
});

test("a trace that turns out to have started earlier moves to its place", () => {
  const earlier: Page<Row> = { items: [row(9), { ...row(10), startTime: 8.5 }, row(8)], nextCursor: "more" };
  assert.deepEqual(feedRefreshed(feedStarted(page([10, 9, 8])), earlier, false).rows.map((each) => each.id), ["r9", "r10", "r8"]);
});

/** A server with rows in memory, by keyset. */
class Rows {
  rows: Row[] = [];
  asked: (string | null)[] = [];
  fails = false;

  fetch = async (cursor: string | null): Promise<Page<Row>> => {
    this.asked.push(cursor);
    if (this.fails) {
      throw new Error("away");
    }
    const below = this.rows.filter((each) => cursor === null || each.startTime < Number(cursor)).sort((a, b) => b.startTime - a.startTime);
    const last = below[1];
    return { items: below.slice(0, 2), nextCursor: below.length > 2 && last !== undefined ? String(last.startTime) : null };
  };
}

const settled = () => new Promise<void>((resolve) => setTimeout(resolve, 0));

test("the store reads on until what is new meets what is there", async () => {
  const server = new Rows();
  server.rows = [1, 2, 3, 4].map((time) => row(time));
  const store = new FeedStore<Row>(server.fetch);
  store.refresh(null);
  await settled();
  server.rows.push(row(5), row(6), row(7));
  store.refresh(null);
  await settled();
  assert.deepEqual(times(store.state.feed?.rows ?? []), [7, 6, 5, 4, 3]);
  await store.loadMore();
  assert.deepEqual(times(store.state.feed?.rows ?? []), [7, 6, 5, 4, 3, 2, 1]);
});

test("the store fetches the page of an older row again when the news names it", async () => {
  const server = new Rows();
  server.rows = [1, 2, 3, 4, 5].map((time) => row(time));
  const store = new FeedStore<Row>(server.fetch);
  store.refresh(null);
  await settled();
  await store.loadMore();
  server.rows = server.rows.map((each) => (each.startTime === 2 ? row(2, 7) : each));
  store.refresh(["t2"]);
  await settled();
  assert.equal(store.state.feed?.rows.find((each) => each.id === "r2")?.version, 7);
});

test("news that comes during a fetch leads to one more fetch, not to many", async () => {
  const server = new Rows();
  server.rows = [row(1)];
  const store = new FeedStore<Row>(server.fetch);
  store.refresh(null);
  store.refresh(["a"]);
  store.refresh(["b"]);
  await settled();
  assert.equal(server.asked.length, 2);
});

test("a failed fetch keeps the rows and says why", async () => {
  const server = new Rows();
  server.rows = [row(1)];
  const store = new FeedStore<Row>(server.fetch);
  store.refresh(null);
  await settled();
  server.fails = true;
  store.refresh(null);
  await settled();
  assert.equal(store.state.feed?.rows.length, 1);
  assert.notEqual(store.state.error, null);
  server.fails = false;
  store.refresh(null);
  await settled();
  assert.equal(store.state.error, null);
});
