import { memo, type MouseEvent } from "react";
import type { Instant, SpanSkeleton } from "../../data";
import { durationText } from "../../format/duration";
import { countText, exactText } from "../../format/number";
import { nameText } from "../../format/text";
import { criticalDuration, type CriticalStretch } from "../../model/criticalPath";
import type { TreeLine } from "../../model/spanTree";
import { Highlight } from "../../ui/Highlight";
import { Icon } from "../../ui/Icon";
import { kindClass, KindIcon, kindName } from "../../ui/KindBadge";

export const spanRowHeight = 32;

/** What all rows of a tree share. */
export interface RowContext {
  /** What the bars' column spans: the trace, or a span that was zoomed to. */
  readonly startTime: Instant;
  readonly endTime: Instant;
  /** Of the whole trace, in milliseconds. */
  readonly traceDuration: number;
  readonly critical: ReadonlyMap<string, readonly CriticalStretch[]>;
  readonly errorsBelow: ReadonlyMap<string, number>;
  readonly errorTotal: number;
  readonly depthMax: number;
  readonly wanted: string;
}

interface SpanRowProps {
  readonly line: TreeLine<SpanSkeleton>;
  readonly top: number;
  readonly width: number;
  readonly context: RowContext;
  readonly isChosen: boolean;
  readonly onChoose: (spanId: string) => void;
  readonly onToggle: (spanId: string) => void;
}

export const SpanRow = memo(function SpanRow({ line, top, width, context, isChosen, onChoose, onToggle }: SpanRowProps) {
  const { node, isExpanded, position, siblingCount, rails } = line;
  const { span } = node;
  const hasChildren = node.children.length > 0;
  // Deep trees share out two fifths of the names' column between their levels.
  const indent = Math.max(4, Math.min(16, (width * 0.2) / Math.max(1, context.depthMax)));

  function toggle(event: MouseEvent) {
    event.stopPropagation();
    onToggle(span.spanId);
  }
  return (
    <div
      id={`span-${span.spanId}`} role="treeitem" aria-level={node.depth + 1} aria-posinset={position} aria-setsize={siblingCount}
      aria-selected={isChosen} aria-expanded={hasChildren ? isExpanded : undefined} aria-label={rowLabel(line)}
      className={`span-row${isChosen ? " span-row-chosen" : ""}${hasChildren ? "" : " span-row-leaf"}`}
      style={{ top, height: spanRowHeight }} onClick={() => onChoose(span.spanId)}
    >
      <div className="span-row-name">
        {rails.map((goesOn, level) => (
          <span key={level} className={`rail ${railClass(goesOn, level === rails.length - 1)}`} style={{ width: indent }} aria-hidden="true" />
        ))}
        <span className="span-row-toggle" onClick={hasChildren ? toggle : undefined} aria-hidden="true">
          {hasChildren && <Icon name={isExpanded ? "chevron-down" : "chevron-right"} size={12} />}
        </span>
        <KindIcon kind={span.kind} />
        <span className="span-row-text" title={span.name}>
          <Highlight text={nameText(span.name)} word={context.wanted.trim()} />
        </span>
        <Marks line={line} errorsBelow={context.errorsBelow.get(span.spanId) ?? 0} />
      </div>
      <Bar span={span} context={context} />
      <span className="span-row-duration numeric">{durationText((span.endTime - span.startTime) / 1_000)}</span>
    </div>
  );
});

/** The piece of the tree's lines in one level of a row; `isOwn` in the level that leads to the row itself. */
function railClass(goesOn: boolean, isOwn: boolean): string {
  if (isOwn) {
    return goesOn ? "rail-branch" : "rail-end";
  }
  return goesOn ? "rail-line" : "";
}

function Marks({ line, errorsBelow }: { line: TreeLine<SpanSkeleton>; errorsBelow: number }) {
  const { node, isExpanded } = line;
  const isFolded = node.children.length > 0 && !isExpanded;
  const hasFailed = node.span.statusCode === "ERROR";
  const tokens = (node.span.promptTokens ?? 0) + (node.span.completionTokens ?? 0);
  return (
    <>
      {node.isOrphan && <Mark tone="orphan" title={`Its parent ${node.span.parentId ?? ""} has not arrived`} />}
      {hasFailed && <Mark tone="error" title="Failed" />}
      {isFolded && <span className="span-mark span-mark-count numeric">{countText(node.descendantCount)}</span>}
      {isFolded && errorsBelow > 0 && !hasFailed && <Mark tone="error" title={`${exactText(errorsBelow)} failed below`} />}
      {tokens > 0 && (
        <span className="span-mark span-mark-tokens numeric" title={`${exactText(tokens)} tokens`}>{countText(tokens)} tok</span>
      )}
    </>
  );
}

function Mark({ tone, title }: { tone: "orphan" | "error"; title: string }) {
  return <span className={`span-mark span-mark-${tone}`} title={title}><Icon name={tone === "orphan" ? "orphan" : "alert"} size={13} /></span>;
}

/** The span in its trace's time: pale where it waited for its children or nobody waited for it, solid where all waited for it. */
function Bar({ span, context }: { span: SpanSkeleton; context: RowContext }) {
  const total = Math.max(1, context.endTime - context.startTime);
  const place = (from: Instant, to: Instant) => ({
    left: `${((from - context.startTime) / total) * 100}%`,
    width: `${Math.max(0, ((to - from) / total) * 100)}%`,
  });
  const stretches = context.critical.get(span.spanId) ?? [];
  const share = criticalDuration(stretches) / Math.max(0.001, context.traceDuration);
  const title = stretches.length === 0
    ? "Not on the critical path"
    : `On the critical path for ${durationText(criticalDuration(stretches))}, ${Math.round(share * 100)}% of the trace`;
  return (
    <span className={`span-bars ${span.statusCode === "ERROR" ? "span-bars-error" : kindClass(span.kind)}`} aria-hidden="true" title={title}>
      <span className="span-bar" style={place(span.startTime, Math.max(span.startTime, span.endTime))} />
      {stretches.map((stretch) => <span key={stretch.from} className="span-bar-critical" style={place(stretch.from, stretch.to)} />)}
    </span>
  );
}

function rowLabel({ node }: TreeLine<SpanSkeleton>): string {
  const { span } = node;
  const failed = span.statusCode === "ERROR" ? ", failed" : "";
  const orphan = node.isOrphan ? ", parent missing" : "";
  return `${nameText(span.name)}, ${kindName(span.kind)}, ${durationText((span.endTime - span.startTime) / 1_000)}${failed}${orphan}`;
}
