import type { Instant } from "../data/types";

/** What the tree needs to know of a span. */
export interface TreeSpan {
  readonly spanId: string;
  readonly parentId: string | null;
  readonly startTime: Instant;
  readonly endTime: Instant;
}

export interface SpanNode<Span extends TreeSpan> {
  readonly span: Span;
  readonly parent: SpanNode<Span> | null;
  readonly children: readonly SpanNode<Span>[];
  /** 0 for roots. */
  readonly depth: number;
  /** It names a parent that is not there (not yet, or not in this trace). */
  readonly isOrphan: boolean;
  /** Spans below it, itself not counted. */
  readonly descendantCount: number;
}

export interface SpanTree<Span extends TreeSpan> {
  readonly roots: readonly SpanNode<Span>[];
  readonly nodes: ReadonlyMap<string, SpanNode<Span>>;
  readonly startTime: Instant;
  readonly endTime: Instant;
  readonly orphanCount: number;
}

interface MutableNode<Span extends TreeSpan> {
  span: Span;
  parent: MutableNode<Span> | null;
  children: MutableNode<Span>[];
  depth: number;
  isOrphan: boolean;
  descendantCount: number;
}

/**
 * The tree of a trace's spans, siblings by start time. Every span is in it once: one whose parent is missing becomes a
 * root, and a ring of parents is cut above one of its spans.
 */
export function buildSpanTree<Span extends TreeSpan>(spans: readonly Span[]): SpanTree<Span> {
  const nodes = new Map<string, MutableNode<Span>>();
  for (const span of spans) {
    if (!nodes.has(span.spanId)) {
      nodes.set(span.spanId, { span, parent: null, children: [], depth: 0, isOrphan: false, descendantCount: 0 });
    }
  }
  const inOrder = [...nodes.values()].sort(byStart);
  const roots: MutableNode<Span>[] = [];
  for (const node of inOrder) {
    const { parentId } = node.span;
    const parent = parentId === null ? undefined : nodes.get(parentId);
    if (parent === undefined || isAbove(node, parent)) {
      node.isOrphan = parentId !== null;
      roots.push(node);
    } else {
      node.parent = parent;
      parent.children.push(node);
    }
  }
  measure(roots);
  return {
    roots,
    nodes,
    startTime: inOrder.reduce((least, node) => Math.min(least, node.span.startTime), Infinity),
    endTime: inOrder.reduce((greatest, node) => Math.max(greatest, node.span.endTime), -Infinity),
    orphanCount: roots.filter((node) => node.isOrphan).length,
  };
}

/** Whether `node` is `other` or above it, by the parents linked so far. */
function isAbove<Span extends TreeSpan>(node: MutableNode<Span>, other: MutableNode<Span>): boolean {
  // Nobody hangs below a node without children, which is nearly every one at the time it is linked.
  if (node.children.length === 0) {
    return node === other;
  }
  for (let above: MutableNode<Span> | null = other; above !== null; above = above.parent) {
    if (above === node) {
      return true;
    }
  }
  return false;
}

/** Sets depths and counts without recursion: a trace may be thousands of levels deep. */
function measure<Span extends TreeSpan>(roots: readonly MutableNode<Span>[]): void {
  const order: MutableNode<Span>[] = [...roots];
  for (let index = 0; index < order.length; index += 1) {
    const node = order[index]!;
    for (const child of node.children) {
      child.depth = node.depth + 1;
      order.push(child);
    }
  }
  for (let index = order.length - 1; index >= 0; index -= 1) {
    const node = order[index]!;
    if (node.parent !== null) {
      node.parent.descendantCount += node.descendantCount + 1;
    }
  }
}

function byStart<Span extends TreeSpan>(a: MutableNode<Span>, b: MutableNode<Span>): number {
  return (
    a.span.startTime - b.span.startTime || b.span.endTime - a.span.endTime || (a.span.spanId < b.span.spanId ? -1 : 1)
  );
}

/** A line of the tree as it is shown. */
export interface TreeLine<Span extends TreeSpan> {
  readonly node: SpanNode<Span>;
  readonly isExpanded: boolean;
  /** Which of its siblings it is, from 1, and how many they are: what screen readers say. */
  readonly position: number;
  readonly siblingCount: number;
  /** For each level down to its own (the first `railsMax` of them): whether a line to a later sibling runs through. */
  readonly rails: readonly boolean[];
}

/** Deeper levels are not drawn one by one: there is no room, and a chain of thousands would cost its square. */
export const railsMax = 20;

/** The lines to show, from top to bottom: those below collapsed spans left out; with `kept`, only spans in it. */
export function visibleLines<Span extends TreeSpan>(
  tree: SpanTree<Span>, collapsed: ReadonlySet<string>, kept: ReadonlySet<string> | null = null,
): readonly TreeLine<Span>[] {
  const lines: TreeLine<Span>[] = [];
  const isKept = (node: SpanNode<Span>) => kept === null || kept.has(node.span.spanId);
  type Item = { node: SpanNode<Span>; position: number; siblingCount: number; rails: readonly boolean[] };
  const stack: Item[] = [];

  function push(siblings: readonly SpanNode<Span>[], rails: (isLast: boolean) => readonly boolean[]) {
    const shown = siblings.filter(isKept);
    for (let index = shown.length - 1; index >= 0; index -= 1) {
      const isLast = index === shown.length - 1;
      stack.push({ node: shown[index]!, position: index + 1, siblingCount: shown.length, rails: rails(isLast) });
    }
  }

  push(tree.roots, () => []);
  for (let item = stack.pop(); item !== undefined; item = stack.pop()) {
    const { node, rails } = item;
    const isExpanded = node.children.length > 0 && !collapsed.has(node.span.spanId);
    lines.push({ ...item, isExpanded });
    if (isExpanded) {
      push(node.children, (isLast) => (rails.length < railsMax ? [...rails, !isLast] : rails));
    }
  }
  return lines;
}

/** The ids of matching spans and of all above them, so that what is found keeps its place in the tree. */
export function withAncestors<Span extends TreeSpan>(
  tree: SpanTree<Span>, matches: (span: Span) => boolean,
): ReadonlySet<string> {
  const kept = new Set<string>();
  for (const node of tree.nodes.values()) {
    if (!matches(node.span)) {
      continue;
    }
    for (let above: SpanNode<Span> | null = node; above !== null && !kept.has(above.span.spanId); above = above.parent) {
      kept.add(above.span.spanId);
    }
  }
  return kept;
}

/** The ids of all spans above this one, which must be expanded for it to be seen. */
export function ancestorIds<Span extends TreeSpan>(tree: SpanTree<Span>, spanId: string): readonly string[] {
  const ids: string[] = [];
  for (let above = tree.nodes.get(spanId)?.parent ?? null; above !== null; above = above.parent) {
    ids.push(above.span.spanId);
  }
  return ids;
}
