import type { ReactNode } from "react";
import type { SpanSkeleton, Trace } from "../../data";
import { durationText } from "../../format/duration";
import { costText, countedText, countText, exactText } from "../../format/number";
import { momentText } from "../../format/time";
import { nameText, shortId } from "../../format/text";
import type { SpanTree } from "../../model/spanTree";
import { href } from "../../router/history";
import { Link } from "../../router/Link";
import { CopyButton } from "../../ui/CopyButton";
import { Icon } from "../../ui/Icon";
import { KindIcon } from "../../ui/KindBadge";
import { StatusBadge } from "../../ui/StatusDot";

/** What there is to say of a whole trace. */
export function TraceHead({ trace, tree }: { trace: Trace; tree: SpanTree<SpanSkeleton> }) {
  const root = tree.roots[0]?.span;
  const tokens = trace.promptTokens + trace.completionTokens;
  return (
    <header className="trace-head">
      <div className="trace-title">
        {root !== undefined && <KindIcon kind={root.kind} />}
        <h1 title={root?.name}>{root === undefined ? "Trace" : nameText(root.name)}</h1>
        {root !== undefined && <StatusBadge status={root.statusCode} />}
      </div>
      <dl className="trace-facts">
        <Fact name="Latency">{durationText(trace.latency)}</Fact>
        <Fact name="Spans">{exactText(trace.spanCount)}</Fact>
        {trace.errorCount > 0 && <Fact name="Errors" isAlarming>{exactText(trace.errorCount)}</Fact>}
        {tokens > 0 && (
          <Fact name="Tokens" title={`${exactText(trace.promptTokens)} prompt, ${exactText(trace.completionTokens)} completion`}>
            {countText(tokens)}
          </Fact>
        )}
        {trace.totalCost > 0 && <Fact name="Cost">{costText(trace.totalCost)}</Fact>}
        <Fact name="Started">{momentText(trace.startTime)}</Fact>
        {trace.sessionId !== null && (
          <Fact name="Session">
            <Link className="trace-session" href={href({ page: "session", projectId: trace.projectId, sessionId: trace.sessionId })} title={trace.sessionId}>
              {trace.sessionId}
            </Link>
          </Fact>
        )}
        <Fact name="Trace">
          <code title={trace.traceId}>{shortId(trace.traceId)}</code>
          <CopyButton text={trace.traceId} label="Copy the trace id" />
        </Fact>
      </dl>
      {tree.orphanCount > 0 && (
        <p className="trace-orphans">
          <Icon name="orphan" size={14} />
          {countedText(tree.orphanCount, "span")} {tree.orphanCount === 1 ? "names a parent that has" : "name parents that have"} not arrived
        </p>
      )}
    </header>
  );
}

function Fact({ name, title, isAlarming = false, children }: { name: string; title?: string; isAlarming?: boolean; children: ReactNode }) {
  return (
    <div title={title} className={isAlarming ? "trace-fact trace-fact-alarming" : "trace-fact"}>
      <dt>{name}</dt>
      <dd className="numeric">{children}</dd>
    </div>
  );
}
