import { useEffect, useRef, useState, type ReactNode } from "react";
import { useTraceFeed, type FeedView, type Project, type TraceRow } from "../../data";
import { durationText } from "../../format/duration";
import { costText, countedText, countText, exactText } from "../../format/number";
import { nameText, oneLine, shortId } from "../../format/text";
import { spanIdIn, traceIdIn } from "../../model/ids";
import { href, navigate, replaceQuery } from "../../router/history";
import { Link } from "../../router/Link";
import type { Route } from "../../router/route";
import { useLocation } from "../../router/useLocation";
import { useShortcuts } from "../../shell/shortcuts";
import { FeedTable, type Column } from "../../ui/FeedTable";
import { Highlight } from "../../ui/Highlight";
import { Icon } from "../../ui/Icon";
import { KindIcon, kindName } from "../../ui/KindBadge";
import { Empty } from "../../ui/Notice";
import { SearchField } from "../../ui/SearchField";
import { StatusDot } from "../../ui/StatusDot";
import { TimeAgo } from "../../ui/Time";
import { FirstTrace } from "../projects/FirstTrace";

export function TraceList({ projectId, project, tabs }: { projectId: string; project: Project | undefined; tabs: ReactNode }) {
  const search = useLocation().query.get("search") ?? "";
  const view = useTraceFeed({ projectId, search });
  const shown = useLastShown(view);
  const slowest = slowLatency(project, shown.feed?.rows ?? []);
  return (
    <section className="list" aria-label="Traces">
      <div className="list-tools">
        {tabs}
        <TraceSearch search={search} />
      </div>
      <div className={shown === view ? undefined : "list-outdated"} aria-busy={shown !== view}>
        <FeedTable
          view={shown} columns={columns(search, slowest)} layout="trace-rows" label="Traces, newest first" noun="trace"
          rowHref={(row) => href({ page: "trace", projectId, traceId: row.traceId })} rowLabel={rowLabel}
          empty={search === "" ? <FirstTrace /> : <NoMatch search={search} />}
        />
      </div>
    </section>
  );
}

function NoMatch({ search }: { search: string }) {
  const byId = routeOfId(search);
  if (byId !== null) {
    return (
      <Empty title="This looks like an id">
        <Link className="button" href={href(byId)}>Open the {byId.page} {shortId(search)}</Link>
      </Empty>
    );
  }
  return <Empty title="No trace matches"><p>The names of all spans were looked at, and the beginnings of their inputs and outputs.</p></Empty>;
}

/** Where a trace's or span's id leads to; null for other texts. */
function routeOfId(text: string): Route | null {
  const traceId = traceIdIn(text);
  if (traceId !== null) {
    return { page: "trace", projectId: null, traceId };
  }
  const spanId = spanIdIn(text);
  return spanId === null ? null : { page: "span", spanId };
}

/** While a new search is under way, the rows of the one before it stay. */
function useLastShown(view: FeedView<TraceRow>): FeedView<TraceRow> {
  const last = useRef(view);
  const shown = view.feed === null && view.error === null && last.current.feed !== null ? last.current : view;
  useEffect(() => {
    last.current = shown;
  }, [shown]);
  return shown;
}

function TraceSearch({ search }: { search: string }) {
  const [text, setText] = useState(search);
  const field = useRef<HTMLInputElement>(null);
  useShortcuts("Traces", [
    {
      keys: ["/"], does: "Search", run: (event) => {
        event.preventDefault();
        field.current?.focus();
      },
    },
  ]);
  function openId() {
    const byId = routeOfId(text);
    if (byId !== null) {
      navigate(href(byId));
    }
  }
  useEffect(() => {
    const timer = window.setTimeout(() => replaceQuery({ search: text.trim() }), 250);
    return () => window.clearTimeout(timer);
  }, [text]);
  return (
    <div className="list-search">
      <SearchField ref={field} value={text} onChange={setText} onEnter={openId} label="Search traces" shortcut="/" />
    </div>
  );
}

function columns(search: string, slowest: number): readonly Column<TraceRow>[] {
  return [
    { name: "status", title: "Status", isTitleHidden: true, cell: (row) => <StatusDot status={row.rootSpan?.statusCode ?? "UNSET"} /> },
    { name: "name", title: "Name", isLink: true, cell: (row) => <TraceName row={row} search={search} /> },
    { name: "input", title: "Input", cell: (row) => <Preview text={row.rootSpan?.inputPreview ?? null} search={search} /> },
    { name: "output", title: "Output", cell: (row) => <Preview text={row.rootSpan?.outputPreview ?? null} search={search} /> },
    { name: "latency", title: "Latency", cell: (row) => <Latency latency={row.latency} slowest={slowest} /> },
    { name: "spans", title: "Spans", isNumeric: true, cell: (row) => <SpanCount row={row} /> },
    { name: "tokens", title: "Tokens", isNumeric: true, cell: (row) => <Tokens row={row} /> },
    {
      name: "cost", title: "Cost", isNumeric: true,
      cell: (row) => <span className={row.totalCost === 0 ? "feed-quiet" : undefined}>{costText(row.totalCost)}</span>,
    },
    { name: "time", title: "Started", isNumeric: true, cell: (row) => <TimeAgo instant={row.startTime} /> },
  ];
}

function TraceName({ row, search }: { row: TraceRow; search: string }) {
  const { rootSpan } = row;
  return (
    <>
      <KindIcon kind={rootSpan?.kind ?? "UNKNOWN"} />
      <span className="feed-text" title={rootSpan?.name}><Highlight text={rowName(row)} word={search} /></span>
      {rootSpan?.isOrphan === true && (
        <span className="trace-orphan" title="The parent of its first span has not arrived">
          <Icon name="orphan" size={14} label="Parent missing" />
        </span>
      )}
    </>
  );
}

function Preview({ text, search }: { text: string | null; search: string }) {
  const line = oneLine(text ?? "", 240);
  return line === "" ? <span className="feed-quiet">–</span> : <span className="trace-preview"><Highlight text={line} word={search} /></span>;
}

function Latency({ latency, slowest }: { latency: number; slowest: number }) {
  const width = `${Math.max(2, Math.min(100, (latency / slowest) * 100))}%`;
  return (
    <span className="latency">
      <span className="latency-text numeric">{durationText(latency)}</span>
      <span className="latency-track" aria-hidden="true">
        <span className={latency > slowest * 1.1 ? "latency-bar latency-bar-over" : "latency-bar"} style={{ width }} />
      </span>
    </span>
  );
}

function SpanCount({ row }: { row: TraceRow }) {
  return (
    <span className="span-count">
      {row.errorCount > 0 && (
        <span className="trace-errors" title={`${countedText(row.errorCount, "span")} failed`}>
          <Icon name="alert" size={12} label="Failed:" />
          {countText(row.errorCount)}
        </span>
      )}
      {countText(row.spanCount)}
    </span>
  );
}

function Tokens({ row }: { row: TraceRow }) {
  const sum = row.promptTokens + row.completionTokens;
  return sum === 0 ? <span className="feed-quiet">–</span> : (
    <span title={`${exactText(row.promptTokens)} prompt, ${exactText(row.completionTokens)} completion`}>{countText(sum)}</span>
  );
}

/**
 * What a full bar stands for: the project's p99, so that one extreme trace does not make all others look alike. It is an estimate:
 * what is a little above it may be below the true one.
 */
function slowLatency(project: Project | undefined, rows: readonly TraceRow[]): number {
  return project?.latencyP99 ?? Math.max(1, ...rows.map((row) => row.latency));
}

function rowName({ rootSpan, traceId }: TraceRow): string {
  return rootSpan === null ? traceId : nameText(rootSpan.name);
}

function rowLabel(row: TraceRow): string {
  const { rootSpan } = row;
  const failed = rootSpan?.statusCode === "ERROR" ? ", failed" : "";
  return `${rowName(row)}, ${kindName(rootSpan?.kind ?? "UNKNOWN")}${failed}, ${durationText(row.latency)}`;
}
