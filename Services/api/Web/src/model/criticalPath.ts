import type { Instant } from "../data/types";
import type { SpanNode, SpanTree, TreeSpan } from "./spanTree";

/** A stretch of time in which a span itself, and no child of it, held its trace up. */
export interface CriticalStretch {
  readonly from: Instant;
  readonly to: Instant;
}

/**
 * What the trace waited for, by span: walked backwards from the end of the root that ends last, always into the child
 * that ended last before the point reached. A span that is not in the result could be faster without the trace being so.
 */
export function criticalStretches<Span extends TreeSpan>(
  tree: SpanTree<Span>,
): ReadonlyMap<string, readonly CriticalStretch[]> {
  const stretches = new Map<string, CriticalStretch[]>();
  const last = latest(tree.roots);
  if (last === null) {
    return stretches;
  }
  function add(node: SpanNode<Span>, from: Instant, to: Instant) {
    if (to <= from) {
      return;
    }
    const list = stretches.get(node.span.spanId);
    if (list === undefined) {
      stretches.set(node.span.spanId, [{ from, to }]);
    } else {
      list.push({ from, to });
    }
  }

  // Each frame: a span, and the point in time up to which its stretch is not explained yet. Without recursion: see `measure`.
  type Frame = { node: SpanNode<Span>; point: Instant; rest: SpanNode<Span>[] };
  const frame = (node: SpanNode<Span>, point: Instant): Frame => ({
    node, point: Math.min(point, node.span.endTime), rest: [...node.children].sort((a, b) => a.span.endTime - b.span.endTime),
  });
  const stack: Frame[] = [frame(last, last.span.endTime)];
  for (let top = stack[stack.length - 1]; top !== undefined; top = stack[stack.length - 1]) {
    const { node } = top;
    const child = top.rest.pop();
    if (child === undefined) {
      add(node, node.span.startTime, top.point);
      stack.pop();
      continue;
    }
    // A child that ends after the point did not hold it up, unless it merely outlives its parent.
    const end = child.span.endTime > node.span.endTime ? node.span.endTime : child.span.endTime;
    const start = Math.max(child.span.startTime, node.span.startTime);
    if (end > top.point || end <= start) {
      continue;
    }
    add(node, end, top.point);
    top.point = start;
    stack.push(frame(child, end));
  }
  return stretches;
}

/** How long all stretches of a span take, in milliseconds. */
export function criticalDuration(stretches: readonly CriticalStretch[] | undefined): number {
  return (stretches ?? []).reduce((sum, stretch) => sum + (stretch.to - stretch.from), 0) / 1_000;
}

function latest<Span extends TreeSpan>(nodes: readonly SpanNode<Span>[]): SpanNode<Span> | null {
  return nodes.reduce<SpanNode<Span> | null>(
    (best, node) => (best === null || node.span.endTime > best.span.endTime ? node : best), null,
  );
}
