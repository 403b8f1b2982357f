import "./SessionPage.css";
import { useMemo, useRef } from "react";
import { useProject, useSpanBody, useTraceFeed, type TraceRow } from "../../data";
import { durationText } from "../../format/duration";
import { costText, countText, exactText } from "../../format/number";
import { nameText, shortId } from "../../format/text";
import { momentText } from "../../format/time";
import { spoken, type Content } from "../../model/openInference";
import { href } from "../../router/history";
import { Link } from "../../router/Link";
import { Frame } from "../../shell/Frame";
import { LivenessBadge } from "../../shell/LivenessBadge";
import { Clamp } from "../../ui/Clamp";
import { CopyButton } from "../../ui/CopyButton";
import { Icon } from "../../ui/Icon";
import { KindIcon } from "../../ui/KindBadge";
import { DataNotice, Empty, Skeleton } from "../../ui/Notice";
import { StatusDot } from "../../ui/StatusDot";
import { useInView } from "../../ui/useInView";
import { MissingProject } from "../project/MissingProject";
import { ContentText } from "../trace/overview/ContentText";

export function SessionPage({ projectId, sessionId }: { projectId: string; sessionId: string }) {
  const { value: project } = useProject(projectId);
  const view = useTraceFeed({ projectId, sessionId });
  const rows = view.feed?.rows;
  const oldestFirst = useMemo(() => [...(rows ?? [])].reverse(), [rows]);
  const isMissing = view.error?.reason === "notFound" && view.feed === null;
  const hasMore = view.feed !== null && view.feed.nextCursor !== null;
  return (
    <Frame
      crumbs={[
        { text: "Projects", href: href({ page: "projects" }) },
        { text: project?.name ?? "…", href: href({ page: "project", projectId, tab: "sessions" }) },
        { text: sessionId, isCode: true },
      ]}
      title={`Session ${shortId(sessionId)}`} status={<LivenessBadge projectId={projectId} />}
    >
      <div className="page session">
        {isMissing && <MissingProject project={projectId} />}
        {view.error !== null && !isMissing && <DataNotice error={view.error} isStale={view.feed !== null} onRetry={view.retry} />}
        {!isMissing && <Head sessionId={sessionId} traces={oldestFirst} isWhole={!hasMore} />}
        {rows === undefined && view.error === null && <Loading />}
        {rows?.length === 0 && (
          <Empty title="This session has no traces">
            <p>They may be on their way, then they appear here by themselves; or they were deleted, or the session's id is mistyped.</p>
          </Empty>
        )}
        {hasMore && (
          <button type="button" className="button session-more" disabled={view.isLoadingMore} onClick={view.loadMore}>
            <Icon name="arrow-up" size={14} />
            {view.isLoadingMore ? "Loading…" : "Show earlier traces"}
          </button>
        )}
        <ol className="turns" aria-label="Conversation, oldest first">
          {oldestFirst.map((trace) => <Turn key={trace.id} trace={trace} projectId={projectId} />)}
        </ol>
      </div>
    </Frame>
  );
}

function Head({ sessionId, traces, isWhole }: { sessionId: string; traces: readonly TraceRow[]; isWhole: boolean }) {
  const sum = (part: (trace: TraceRow) => number) => traces.reduce((total, trace) => total + part(trace), 0);
  const tokens = sum((trace) => trace.promptTokens + trace.completionTokens);
  const user = traces.find((trace) => trace.userId !== null)?.userId ?? null;
  const first = traces[0];
  const plus = isWhole ? "" : "+";
  return (
    <header className="session-head">
      <div className="session-title">
        <h1 className="page-title"><code>{sessionId}</code></h1>
        <CopyButton text={sessionId} label="Copy the session id" />
      </div>
      {first !== undefined && (
        <p className="session-facts numeric">
          {user !== null && <span className="session-user"><Icon name="user" size={13} />{user}</span>}
          <span>{exactText(traces.length)}{plus} {traces.length === 1 ? "trace" : "traces"}</span>
          <span>{countText(tokens)}{plus} tokens</span>
          <span>{costText(sum((trace) => trace.totalCost))}</span>
          <span>{momentText(first.startTime).replace(/\.\d+$/, "")}</span>
        </p>
      )}
    </header>
  );
}

/** How far beyond the window turns are fetched, in CSS pixels: what a reader scrolls to next comes in few requests. */
const turnsAhead = 800;

/** One trace as a question and its answer. The whole texts are fetched when it comes into sight. */
function Turn({ trace, projectId }: { trace: TraceRow; projectId: string }) {
  const item = useRef<HTMLLIElement>(null);
  const isSeen = useInView(item, turnsAhead);
  const { rootSpan } = trace;
  const { value: span } = useSpanBody(isSeen ? rootSpan?.spanId ?? null : null);
  const asked = span === undefined ? preview(rootSpan?.inputPreview) : spoken(span.attributes, "input");
  const answered = span === undefined ? preview(rootSpan?.outputPreview) : spoken(span.attributes, "output");
  const hasFailed = rootSpan?.statusCode === "ERROR";
  return (
    <li className="turn" ref={item}>
      <div className="turn-head">
        <time className="numeric" title={momentText(trace.startTime)}>{momentText(trace.startTime).slice(-12, -4)}</time>
        <Link className="turn-link" href={href({ page: "trace", projectId, traceId: trace.traceId })}>
          <KindIcon kind={rootSpan?.kind ?? "UNKNOWN"} />
          {rootSpan === null ? shortId(trace.traceId) : nameText(rootSpan.name)}
        </Link>
        <StatusDot status={rootSpan?.statusCode ?? "UNSET"} />
        <span className="turn-facts numeric">
          <span>{durationText(trace.latency)}</span>
          {trace.promptTokens + trace.completionTokens > 0 && <span>{countText(trace.promptTokens + trace.completionTokens)} tokens</span>}
          {trace.totalCost > 0 && <span>{costText(trace.totalCost)}</span>}
        </span>
      </div>
      {asked !== null && <Speech speaker="input" content={asked} />}
      {answered !== null && <Speech speaker="output" content={answered} />}
      {answered === null && hasFailed && (
        <p className="turn-failed">
          <Icon name="alert" size={14} />
          {span === undefined || span.statusMessage === "" ? "It failed without an answer." : span.statusMessage}
        </p>
      )}
    </li>
  );
}

function Speech({ speaker, content }: { speaker: "input" | "output"; content: Content }) {
  return (
    <div className={`speech speech-${speaker}`}>
      <span className="hidden-visually">{speaker === "input" ? "Input:" : "Output:"}</span>
      <Clamp height={360}><ContentText text={content.value} mimeType={content.mimeType} /></Clamp>
    </div>
  );
}

function preview(text: string | null | undefined): Content | null {
  return text === null || text === undefined || text === "" ? null : { value: text, mimeType: "text/plain" };
}

function Loading() {
  return (
    <div className="turns" aria-busy="true" aria-label="Loading the session">
      {[0, 1, 2].map((index) => <Skeleton key={index} width="100%" height={120} />)}
    </div>
  );
}
