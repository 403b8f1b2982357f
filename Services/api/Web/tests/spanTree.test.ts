import assert from "node:assert/strict";
import { test } from "node:test";
import { criticalDuration, criticalStretches } from "../src/model/criticalPath";
import { ancestorIds, buildSpanTree, railsMax, visibleLines, withAncestors, type TreeSpan } from "../src/model/spanTree";

function span(spanId: string, parentId: string | null, startTime: number, endTime: number): TreeSpan {
  return { spanId, parentId, startTime, endTime };
}

const none: ReadonlySet<string> = new Set();
const ids = (spans: readonly TreeSpan[], collapsed = none, kept: ReadonlySet<string> | null = null) =>
  visibleLines(buildSpanTree(spans), collapsed, kept).map((line) => `${"-".repeat(line.node.depth)}${line.node.span.spanId}`);

const family = [
  span("grandchild", "second", 40, 50), span("second", "root", 30, 60), span("first", "root", 10, 20), span("root", null, 0, 100),
];

test("children stand below their parents, by start time, whatever order they came in", () => {
  assert.deepEqual(ids(family), ["root", "-first", "-second", "--grandchild"]);
});

test("siblings that start together are ordered by the longer one first", () => {
  assert.deepEqual(ids([span("r", null, 0, 9), span("short", "r", 1, 2), span("long", "r", 1, 5)]), ["r", "-long", "-short"]);
});

test("a span whose parent is missing becomes a root and is marked", () => {
  const tree = buildSpanTree([span("root", null, 5, 9), span("lost", "nobody", 0, 3), span("below", "lost", 1, 2)]);
  assert.deepEqual(tree.roots.map((node) => [node.span.spanId, node.isOrphan]), [["lost", true], ["root", false]]);
  assert.equal(tree.orphanCount, 1);
  assert.equal(tree.nodes.get("below")?.depth, 1);
});

test("rings of parents, and a span that is its own parent, lose nobody", () => {
  const tree = buildSpanTree([span("a", "b", 0, 9), span("b", "c", 1, 8), span("c", "a", 2, 7), span("self", "self", 3, 4)]);
  assert.deepEqual([...new Set(visibleLines(tree, none).map((line) => line.node.span.spanId))].sort(), ["a", "b", "c", "self"]);
  assert.equal(tree.roots.length, 2);
});

test("a span that came twice is in the tree once", () => {
  assert.deepEqual(ids([span("r", null, 0, 1), span("r", null, 0, 1)]), ["r"]);
});

test("times span all spans, also those that outlive the root", () => {
  const tree = buildSpanTree([span("r", null, 10, 20), span("late", "r", 15, 90), span("early", "gone", 3, 4)]);
  assert.deepEqual([tree.startTime, tree.endTime], [3, 90]);
});

test("an empty trace has an empty tree", () => {
  assert.deepEqual(ids([]), []);
});

test("descendants are counted at every level", () => {
  const { nodes } = buildSpanTree(family);
  assert.deepEqual(["root", "second", "first"].map((id) => nodes.get(id)?.descendantCount), [3, 1, 0]);
});

test("what lies below a collapsed span is not shown", () => {
  assert.deepEqual(ids(family, new Set(["second"])), ["root", "-first", "-second"]);
});

test("matches keep their ancestors and nothing else", () => {
  const tree = buildSpanTree(family);
  const kept = withAncestors(tree, (each) => each.spanId === "grandchild");
  assert.deepEqual(ids(family, none, kept), ["root", "-second", "--grandchild"]);
  assert.deepEqual(ancestorIds(tree, "grandchild"), ["second", "root"]);
});

test("lines say their place among the siblings that are shown", () => {
  const [, , second] = visibleLines(buildSpanTree(family), none);
  assert.deepEqual([second?.position, second?.siblingCount, second?.rails], [2, 2, [false]]);
});

test("a chain of five thousand levels is built without recursion, with bounded rails", () => {
  const chain = Array.from({ length: 5_000 }, (_, index) => span(`s${index}`, index === 0 ? null : `s${index - 1}`, index, 10_000 - index));
  const lines = visibleLines(buildSpanTree(chain), none);
  assert.equal(lines.length, 5_000);
  assert.equal(lines[4_999]?.node.depth, 4_999);
  assert.equal(lines[4_999]?.rails.length, railsMax);
});

test("the critical path goes through the child that ended last, again and again", () => {
  const stretches = criticalStretches(buildSpanTree([
    span("root", null, 0, 100_000), span("fast", "root", 10_000, 40_000), span("slow", "root", 10_000, 60_000), span("last", "root", 60_000, 90_000),
  ]));
  assert.deepEqual(stretches.get("root"), [{ from: 90_000, to: 100_000 }, { from: 0, to: 10_000 }]);
  assert.equal(stretches.has("fast"), false);
  assert.equal(criticalDuration(stretches.get("slow")), 50);
  assert.equal(criticalDuration(stretches.get("last")), 30);
});

test("the critical path covers the root exactly once", () => {
  const spans = [span("root", null, 0, 1_000), ...Array.from({ length: 40 }, (_, index) =>
    span(`c${index}`, index % 3 === 0 ? "root" : `c${index - 1}`, (index * 37) % 700, ((index * 37) % 700) + 90))];
  const all = [...criticalStretches(buildSpanTree(spans)).values()].flat().sort((a, b) => a.from - b.from);
  assert.equal(all.reduce((sum, stretch) => sum + stretch.to - stretch.from, 0), 1_000);
  all.slice(1).forEach((stretch, index) => assert.equal(stretch.from, all[index]?.to));
});

test("a child that outlives its parent holds it up no longer than it lasts", () => {
  const stretches = criticalStretches(buildSpanTree([span("root", null, 0, 100), span("late", "root", 50, 400)]));
  assert.deepEqual(stretches.get("late"), [{ from: 50, to: 100 }]);
});
