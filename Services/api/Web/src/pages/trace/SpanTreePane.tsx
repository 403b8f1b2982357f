import "./SpanTreePane.css";
import { useEffect, useMemo, useRef, useState } from "react";
import type { SpanSkeleton } from "../../data";
import { exactText } from "../../format/number";
import { criticalStretches } from "../../model/criticalPath";
import { ancestorIds, visibleLines, withAncestors, type SpanNode, type SpanTree, type TreeLine } from "../../model/spanTree";
import { useShortcuts } from "../../shell/shortcuts";
import { Icon } from "../../ui/Icon";
import { Empty } from "../../ui/Notice";
import { SearchField } from "../../ui/SearchField";
import { useVirtualRows } from "../../ui/useVirtualRows";
import { useWidth } from "../../ui/useWidth";
import { SpanRow, spanRowHeight, type RowContext } from "./SpanRow";
import { TimeAxis, TimeGrid } from "./TimeAxis";
import { useTreeKeys } from "./useTreeKeys";

/** Traces above this size start with only their first levels open. */
const openMax = 300;

interface SpanTreePaneProps {
  readonly tree: SpanTree<SpanSkeleton>;
  readonly chosenId: string | null;
  readonly onChoose: (spanId: string) => void;
}

/** The spans of a trace as a tree, each with its bar in time. */
export function SpanTreePane({ tree, chosenId, onChoose }: SpanTreePaneProps) {
  const [wanted, setWanted] = useState("");
  const [onlyErrors, setOnlyErrors] = useState(false);
  const { collapsed, setCollapsed } = useCollapsed(tree, chosenId);
  const kept = useMemo(() => keptSpans(tree, wanted, onlyErrors), [tree, wanted, onlyErrors]);
  const lines = useMemo(() => visibleLines(tree, kept === null ? collapsed : none, kept), [tree, collapsed, kept]);
  const [zoomedId, setZoomedId] = useState<string | null>(null);
  const zoomed = zoomedId === null ? undefined : tree.nodes.get(zoomedId);
  const context = useRowContext(tree, lines, wanted, zoomed);
  const field = useRef<HTMLInputElement>(null);
  useShortcuts("Span tree", [
    {
      keys: ["/"], does: "Find spans", run: (event) => {
        event.preventDefault();
        field.current?.focus();
      },
    },
    { keys: ["e"], does: "Next failed span", run: () => nextError(tree, chosenId, onChoose) },
    { keys: ["z"], does: "Spread the chosen span over the time axis", run: zoom },
  ]);

  function zoom() {
    setZoomedId(zoomed === undefined ? chosenId : null);
  }

  return (
    <section className="tree-pane" aria-label="Spans">
      <div className="tree-tools">
        <SearchField ref={field} value={wanted} onChange={setWanted} label="Find spans" shortcut="/" />
        {context.errorTotal > 0 && (
          <button
            type="button" className="button-icon tree-errors" aria-pressed={onlyErrors} onClick={() => setOnlyErrors(!onlyErrors)}
            aria-label={`Only failed spans: ${context.errorTotal}`} title="Only failed spans"
          >
            <Icon name="alert" size={14} />
            <span className="numeric">{exactText(context.errorTotal)}</span>
          </button>
        )}
        <button
          type="button" className="button-icon" aria-pressed={zoomed !== undefined} onClick={zoom} aria-label="Zoom to the chosen span"
          title={zoomed === undefined ? "Zoom to the chosen span (z)" : "Back to the whole trace (z)"}
        >
          <Icon name="zoom" />
        </button>
        <button type="button" className="button-icon" aria-label="Expand all" title="Expand all" onClick={() => setCollapsed(none)}>
          <Icon name="expand" />
        </button>
        <button type="button" className="button-icon" aria-label="Collapse all" title="Collapse all" onClick={() => setCollapsed(foldedBelow(tree, 1))}>
          <Icon name="collapse" />
        </button>
      </div>
      <TimeAxis total={(context.endTime - context.startTime) / 1_000} />
      {lines.length === 0
        ? <Empty title="No span matches" />
        : <Lines lines={lines} context={context} chosenId={chosenId} onChoose={onChoose} collapsed={collapsed} onCollapse={setCollapsed} />}
    </section>
  );
}

const none: ReadonlySet<string> = new Set();

interface LinesProps {
  readonly lines: readonly TreeLine<SpanSkeleton>[];
  readonly context: RowContext;
  readonly chosenId: string | null;
  readonly onChoose: (spanId: string) => void;
  readonly collapsed: ReadonlySet<string>;
  readonly onCollapse: (collapsed: ReadonlySet<string>) => void;
}

function Lines({ lines, context, chosenId, onChoose, collapsed, onCollapse }: LinesProps) {
  const scroller = useRef<HTMLDivElement>(null);
  const list = useRef<HTMLDivElement>(null);
  const width = useWidth(list);
  const { first, end, reveal } = useVirtualRows({ count: lines.length, rowHeight: spanRowHeight, list, scroller });
  const chosenIndex = lines.findIndex((line) => line.node.span.spanId === chosenId);

  function toggle(spanId: string) {
    const next = new Set(collapsed);
    if (!next.delete(spanId)) {
      next.add(spanId);
    }
    onCollapse(next);
  }
  const onKeyDown = useTreeKeys({ lines, chosenIndex, onChoose, onToggle: toggle, reveal });
  useEffect(() => {
    if (chosenIndex >= 0) {
      reveal(chosenIndex);
    }
    // Only when another span is chosen, and not when the lines around it change.
  }, [chosenId]);

  return (
    <div className="tree-scroller" ref={scroller}>
      <div
        className="tree-lines" role="tree" aria-label="Span tree" tabIndex={0} ref={list} style={{ height: lines.length * spanRowHeight }}
        aria-activedescendant={chosenIndex >= first && chosenIndex < end ? `span-${chosenId}` : undefined} onKeyDown={onKeyDown}
      >
        <TimeGrid total={(context.endTime - context.startTime) / 1_000} />
        {lines.slice(first, end).map((line, offset) => (
          <SpanRow
            key={line.node.span.spanId} line={line} top={(first + offset) * spanRowHeight} width={width} context={context}
            isChosen={first + offset === chosenIndex} onChoose={onChoose} onToggle={toggle}
          />
        ))}
      </div>
    </div>
  );
}

/** Which spans are folded: none in small traces, all below the first level in large ones; never above the chosen one. */
function useCollapsed(tree: SpanTree<SpanSkeleton>, chosenId: string | null) {
  const [collapsed, setCollapsed] = useState<ReadonlySet<string>>(() => (tree.nodes.size > openMax ? foldedBelow(tree, 1) : none));
  useEffect(() => {
    const above = chosenId === null ? [] : ancestorIds(tree, chosenId);
    setCollapsed((folded) => (above.some((id) => folded.has(id)) ? new Set([...folded].filter((id) => !above.includes(id))) : folded));
    // A span that arrives must not unfold what the reader folded.
  }, [chosenId]);
  return { collapsed, setCollapsed };
}

function foldedBelow(tree: SpanTree<SpanSkeleton>, depth: number): ReadonlySet<string> {
  const folded = new Set<string>();
  for (const node of tree.nodes.values()) {
    if (node.depth >= depth && node.children.length > 0) {
      folded.add(node.span.spanId);
    }
  }
  return folded;
}

function keptSpans(tree: SpanTree<SpanSkeleton>, wanted: string, onlyErrors: boolean): ReadonlySet<string> | null {
  const word = wanted.trim().toLowerCase();
  if (word === "" && !onlyErrors) {
    return null;
  }
  return withAncestors(tree, (span) => {
    const texts = [span.name, span.kind, span.modelName ?? "", span.spanId];
    const isWanted = word === "" || texts.some((text) => text.toLowerCase().includes(word));
    return isWanted && (!onlyErrors || span.statusCode === "ERROR");
  });
}

function useRowContext(
  tree: SpanTree<SpanSkeleton>, lines: readonly TreeLine<SpanSkeleton>[], wanted: string, zoomed: SpanNode<SpanSkeleton> | undefined,
): RowContext {
  const critical = useMemo(() => criticalStretches(tree), [tree]);
  const errorsBelow = useMemo(() => errorCounts(tree), [tree]);
  const errorTotal = useMemo(() => [...tree.nodes.values()].filter((node) => node.span.statusCode === "ERROR").length, [tree]);
  const depthMax = useMemo(() => lines.reduce((depth, line) => Math.max(depth, line.rails.length), 0), [lines]);
  return useMemo(() => {
    const { startTime, endTime } = zoomed?.span ?? tree;
    const traceDuration = (tree.endTime - tree.startTime) / 1_000;
    return { startTime, endTime, traceDuration, critical, errorsBelow, errorTotal, depthMax, wanted };
  }, [tree, zoomed, critical, errorsBelow, errorTotal, depthMax, wanted]);
}

/** How many spans below each one failed: what a folded line must still tell. */
function errorCounts(tree: SpanTree<SpanSkeleton>): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const node of tree.nodes.values()) {
    if (node.span.statusCode === "ERROR") {
      for (const id of ancestorIds(tree, node.span.spanId)) {
        counts.set(id, (counts.get(id) ?? 0) + 1);
      }
    }
  }
  return counts;
}

/** Chooses the next failed span in the order of the whole tree, folded or not. */
function nextError(tree: SpanTree<SpanSkeleton>, chosenId: string | null, onChoose: (spanId: string) => void) {
  const all = visibleLines(tree, none).map((line) => line.node.span);
  const at = all.findIndex((span) => span.spanId === chosenId);
  const next = [...all.slice(at + 1), ...all.slice(0, at + 1)].find((span) => span.statusCode === "ERROR");
  if (next !== undefined) {
    onChoose(next.spanId);
  }
}
