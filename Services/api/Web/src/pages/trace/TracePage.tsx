import "./TracePage.css";
import { useEffect, useMemo, useState } from "react";
import { useTrace, type Trace } from "../../data";
import { shortId } from "../../format/text";
import { buildSpanTree } from "../../model/spanTree";
import { href, redirect, replaceQuery } from "../../router/history";
import { useLocation } from "../../router/useLocation";
import { Frame, type Crumb } from "../../shell/Frame";
import { LivenessBadge } from "../../shell/LivenessBadge";
import { DataNotice, Empty, Skeleton } from "../../ui/Notice";
import { SplitPane } from "../../ui/SplitPane";
import { useMediaQuery } from "../../ui/useMediaQuery";
import { SpanPane } from "./SpanPane";
import { SpanTreePane } from "./SpanTreePane";
import { TraceHead } from "./TraceHead";

export function TracePage({ projectId, traceId }: { projectId: string | null; traceId: string }) {
  const { value: trace, error, refresh } = useTrace(traceId);
  const location = useLocation();
  const owner = trace?.projectId;
  useEffect(() => {
    // Traces can be moved, and are linked to without their project: the address follows.
    if (owner !== undefined && owner !== projectId) {
      redirect(href({ page: "trace", projectId: owner, traceId }, { span: location.query.get("span") }));
    }
  }, [owner, projectId, traceId, location.query]);

  const title = trace === undefined ? "Trace" : rootName(trace);
  return (
    <Frame
      crumbs={crumbs(trace, projectId, traceId)} title={title} isFilling
      status={owner === undefined ? undefined : <LivenessBadge projectId={owner} />}
    >
      {error?.reason === "notFound" && trace === undefined && (
        <Empty isPage title="This trace is not here">
          <p>Its spans may be on their way, then it appears here by itself; or it was deleted, or its id is mistyped.</p>
          <code>{traceId}</code>
        </Empty>
      )}
      {error !== null && (error.reason !== "notFound" || trace !== undefined) && (
        <div className="trace-notice"><DataNotice error={error} isStale={trace !== undefined} onRetry={refresh} /></div>
      )}
      {trace === undefined && error === null && <Loading />}
      {trace !== undefined && trace.spans.length === 0 && <Empty isPage title="This trace has no spans" />}
      {trace !== undefined && trace.spans.length > 0 && <TraceView trace={trace} />}
    </Frame>
  );
}

function TraceView({ trace }: { trace: Trace }) {
  const tree = useMemo(() => buildSpanTree(trace.spans), [trace.spans]);
  const wanted = useLocation().query.get("span");
  const isNarrow = useMediaQuery("(max-width: 820px)");
  const [isSpanShown, showSpan] = useState(wanted !== null);
  const chosen = (wanted === null ? undefined : tree.nodes.get(wanted)) ?? tree.roots[0];

  function choose(spanId: string) {
    replaceQuery({ span: spanId });
    showSpan(true);
  }
  const treePane = <SpanTreePane tree={tree} chosenId={chosen?.span.spanId ?? null} onChoose={choose} />;
  const spanPane = chosen === undefined ? null : (
    <SpanPane
      key={isNarrow ? "narrow" : "wide"} node={chosen} traceStart={tree.startTime}
      {...(isNarrow ? { onBack: () => showSpan(false) } : {})}
    />
  );
  return (
    <div className="trace">
      {(!isNarrow || !isSpanShown) && <TraceHead trace={trace} tree={tree} />}
      {isNarrow
        ? <div className="trace-single">{isSpanShown ? spanPane : treePane}</div>
        : <SplitPane label="Width of the span tree" left={treePane} right={spanPane} />}
    </div>
  );
}

function rootName(trace: Trace): string {
  const tree = buildSpanTree(trace.spans);
  return tree.roots[0]?.span.name ?? trace.traceId;
}

function crumbs(trace: Trace | undefined, projectId: string | null, traceId: string): readonly Crumb[] {
  const owner = trace?.projectId ?? projectId;
  const project: readonly Crumb[] = owner === null ? [] : [
    { text: trace?.projectName ?? "…", href: href({ page: "project", projectId: owner, tab: "traces" }) },
  ];
  return [{ text: "Projects", href: href({ page: "projects" }) }, ...project, { text: shortId(traceId), isCode: true }];
}

function Loading() {
  return (
    <div className="trace-loading" aria-busy="true" aria-label="Loading the trace">
      <Skeleton width="30%" height={22} />
      {[60, 45, 50, 30, 55, 40].map((width, index) => <Skeleton key={index} width={`${width}%`} height={14} />)}
    </div>
  );
}
