import assert from "node:assert/strict";
import { test } from "node:test";
import type { SeriesPoint } from "../src/data/types";
import { axisTicks, durationTicks, filledSeries } from "../src/model/series";
import { rowRange } from "../src/ui/useVirtualRows";

const second = 1_000_000;
const point = (seconds: number, count: number): SeriesPoint => ({
  time: seconds * second, traceCount: count, spanCount: 2 * count, errorCount: 0, promptTokens: 0, completionTokens: 0,
});

test("missing buckets are zero, and the last one is the present", () => {
  const now = 10 * 3_600 * second + 90 * second;
  const { points, bucketSeconds } = filledSeries({ bucketSeconds: 60, points: [point(36_060, 4), point(36_000, 2)] }, "1h", now, 100);
  assert.equal(bucketSeconds, 60);
  assert.equal(points.length, 60);
  assert.deepEqual(points.slice(-3).map((each) => each.traceCount), [0, 2, 4]);
  assert.equal(points[59]?.time, 36_060 * second);
});

test("narrow buckets are put together without losing a count", () => {
  const now = 30 * 86_400 * second;
  const raw = Array.from({ length: 1_440 }, (_, index) => point(29 * 86_400 + 60 + index * 60, 1));
  const { points, bucketSeconds } = filledSeries({ bucketSeconds: 60, points: raw }, "24h", now, 100);
  assert.equal(bucketSeconds, 900);
  assert.ok(points.length <= 100);
  assert.ok(points.reduce((sum, each) => sum + each.traceCount, 0) >= 1_425);
});

test("points outside of the window are left out", () => {
  const { points } = filledSeries({ bucketSeconds: 60, points: [point(0, 9)] }, "1h", 100 * 3_600 * second, 100);
  assert.equal(points.reduce((sum, each) => sum + each.traceCount, 0), 0);
});

test("axis ticks are round, start at zero and reach the greatest value", () => {
  assert.deepEqual(axisTicks(0, 4), [0, 1]);
  assert.deepEqual(axisTicks(1, 4), [0, 1]);
  assert.deepEqual(axisTicks(153, 4), [0, 50, 100, 150, 200]);
  assert.ok(Math.max(...axisTicks(8_765_432, 4)) >= 8_765_432);
});

test("durations are divided at round times", () => {
  assert.deepEqual(durationTicks(5_460, 3), [0, 2_000, 4_000]);
  assert.deepEqual(durationTicks(184_000, 3), [0, 60_000, 120_000, 180_000]);
  assert.deepEqual(durationTicks(0, 3), [0]);
});

test("only rows in sight are drawn, with some to spare on both sides", () => {
  assert.deepEqual(rowRange(0, 100, 10, 1_000, 2), { first: 0, end: 12 });
  assert.deepEqual(rowRange(505, 100, 10, 1_000, 2), { first: 48, end: 63 });
  assert.deepEqual(rowRange(99_999, 100, 10, 5, 2), { first: 5, end: 5 });
  assert.deepEqual(rowRange(-500, 100, 10, 5, 2), { first: 0, end: 0 });
});
