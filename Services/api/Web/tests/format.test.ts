import assert from "node:assert/strict";
import { test } from "node:test";
import { durationText } from "../src/format/duration";
import { bytesText, costText, countedText, countText, shareText } from "../src/format/number";
import { occurrences, oneLine, shortId } from "../src/format/text";
import { agoText, isoText, parseInstant } from "../src/format/time";

test("times keep their microseconds through parsing and printing", () => {
  const instant = parseInstant("2025-03-04T17:03:21.042137Z");
  assert.equal(instant, 1_741_107_801_042_137);
  assert.equal(isoText(instant ?? 0), "2025-03-04T17:03:21.042137Z");
});

test("times are read with offsets, with nanoseconds, without fraction, and from before 1970", () => {
  assert.equal(parseInstant("2025-03-04T18:03:21+01:00"), 1_741_107_801_000_000);
  assert.equal(parseInstant("1970-01-01T00:00:00.000001999Z"), 1);
  assert.equal(isoText(parseInstant("1969-12-31T23:59:59.999999Z") ?? 0), "1969-12-31T23:59:59.999999Z");
  assert.equal(parseInstant("yesterday"), null);
});

test("relative times use the largest unit that fits", () => {
  const now = parseInstant("2025-03-04T12:00:00Z") ?? 0;
  const ago = (seconds: number) => agoText(now - seconds * 1_000_000, now);
  assert.deepEqual([1, 42, 300, 7_199, 86_400 * 12].map(ago), ["now", "42s ago", "5m ago", "1h ago", "12d ago"]);
  assert.equal(ago(86_400 * 60), "Jan 3, 2025");
  assert.equal(ago(-600), "in 10m");
});

test("durations are told in three digits at most", () => {
  const cases: [number, string][] = [
    [0, "0 ms"], [0.0004, "0 µs"], [0.84, "840 µs"], [1, "1 ms"], [12.44, "12.4 ms"], [999.4, "999 ms"], [999.6, "1 s"], [1_240, "1.24 s"],
    [59_940, "59.9 s"], [59_960, "1m 00s"], [123_000, "2m 03s"], [3_599_600, "1h 00m"], [3_840_000, "1h 04m"], [200_000_000, "2d 08h"], [-5, "−5 ms"],
  ];
  for (const [milliseconds, text] of cases) {
    assert.equal(durationText(milliseconds), text);
  }
  assert.equal(durationText(Number.NaN), "–");
});

test("counts are told in three digits at most", () => {
  const cases: [number, string][] = [[0, "0"], [842, "842"], [999, "999"], [1_000, "1k"], [12_345, "12.3k"], [999_600, "1M"], [4_061_000, "4.06M"], [2e9, "2B"]];
  for (const [count, text] of cases) {
    assert.equal(countText(count), text);
  }
});

test("costs show something of the smallest sums", () => {
  const cases: [number | null, string][] = [
    [null, "–"], [0, "–"], [0.000_01, "<$0.0001"], [0.0012, "$0.0012"], [0.0426, "$0.043"], [1.5, "$1.50"], [1_234.567, "$1,234.57"], [25_000, "$25k"],
  ];
  for (const [cost, text] of cases) {
    assert.equal(costText(cost), text);
  }
});

test("shares, bytes and counted things read well", () => {
  assert.deepEqual([0, 0.0004, 0.0123, 0.45, 1].map(shareText), ["0%", "<0.1%", "1.2%", "45%", "100%"]);
  assert.deepEqual([512, 12_595, 3_145_728].map(bytesText), ["512 B", "12.3 KiB", "3 MiB"]);
  assert.deepEqual([countedText(1, "trace"), countedText(2_000, "trace")], ["1 trace", "2,000 traces"]);
});

test("previews become one line and are cut", () => {
  assert.equal(oneLine("  a\n\n b\tc "), "a b c");
  assert.equal(oneLine("x".repeat(1_000), 10), `${"x".repeat(10)}…`);
});

test("words are found whatever their case, and texts that change length are left alone", () => {
  assert.deepEqual(occurrences("Ab ab", "AB"), [[0, 2], [3, 5]]);
  assert.deepEqual(occurrences("text", ""), []);
  assert.deepEqual(occurrences("İab", "ab"), []);
});

test("long ids are shortened and short ones kept", () => {
  assert.deepEqual([shortId("0123456789abcdef"), shortId("sess-1")], ["01234567…", "sess-1"]);
});
