import "./SpanPane.css";
import { useEffect, useState, type ReactNode } from "react";
import { useSpan, type Instant, type SpanDetail, type SpanSkeleton } from "../../data";
import { durationText } from "../../format/duration";
import { costText, countText, exactText } from "../../format/number";
import { nameText } from "../../format/text";
import { momentText } from "../../format/time";
import { modelName } from "../../model/openInference";
import type { SpanNode } from "../../model/spanTree";
import { useShortcuts } from "../../shell/shortcuts";
import { CopyButton } from "../../ui/CopyButton";
import { Icon } from "../../ui/Icon";
import { KindBadge } from "../../ui/KindBadge";
import { DataNotice, Skeleton } from "../../ui/Notice";
import { StatusBadge } from "../../ui/StatusDot";
import { Tabs, type Tab } from "../../ui/Tabs";
import { AttributesTab } from "./AttributesTab";
import { EventsTab } from "./EventsTab";
import { OverviewTab } from "./overview/OverviewTab";
import { RawTab } from "./RawTab";

type TabName = "overview" | "attributes" | "events" | "raw";

interface SpanPaneProps {
  readonly node: SpanNode<SpanSkeleton>;
  readonly traceStart: Instant;
  /** There where the tree is not beside it. */
  readonly onBack?: () => void;
}

/** Everything about the chosen span. */
export function SpanPane({ node, traceStart, onBack }: SpanPaneProps) {
  const { span } = node;
  const settled = useSettled(span.spanId);
  const { value: detail, error, refresh } = useSpan(settled);
  const [tab, setTab] = useState<TabName>("overview");
  const shown = detail?.spanId === span.spanId ? detail : undefined;
  const tabs = spanTabs(shown);
  useShortcuts("The span", [
    {
      keys: ["1", "2", "3", "4"], does: "Overview, attributes, events, raw",
      run: (event) => setTab(tabs[Number(event.key) - 1]?.name ?? tab),
    },
  ]);
  useEffect(() => {
    document.getElementById("span-scroller")?.scrollTo(0, 0);
  }, [span.spanId, tab]);

  return (
    <section className="span-pane" id="span-pane" aria-label="Chosen span" tabIndex={-1}>
      <header className="span-head">
        <div className="span-title">
          {onBack !== undefined && (
            <button type="button" className="button-icon" aria-label="Back to the tree" onClick={onBack}><Icon name="arrow-left" /></button>
          )}
          <h2 title={span.name}>{nameText(span.name)}</h2>
          <CopyButton text={span.spanId} label="Copy the span id">{span.spanId.slice(0, 8)}</CopyButton>
        </div>
        <Summary span={span} detail={shown} traceStart={traceStart} />
      </header>
      <Tabs tabs={tabs} chosen={tab} label="Parts of the span" onChoose={setTab}>
        <div className="span-body" id="span-scroller">
          {error !== null && shown === undefined && <DataNotice error={error} isStale={false} onRetry={refresh} />}
          {shown === undefined && error === null && <Loading />}
          {shown !== undefined && tab === "overview" && <OverviewTab key={shown.spanId} span={shown} onShowEvents={() => setTab("events")} />}
          {shown !== undefined && tab === "attributes" && <AttributesTab key={shown.spanId} span={shown} />}
          {shown !== undefined && tab === "events" && <EventsTab key={shown.spanId} span={shown} />}
          {shown !== undefined && tab === "raw" && <RawTab key={shown.spanId} span={shown} />}
        </div>
      </Tabs>
    </section>
  );
}

function spanTabs(detail: SpanDetail | undefined): readonly Tab<TabName>[] {
  const events = detail?.events ?? [];
  return [
    { name: "overview", title: "Overview" },
    { name: "attributes", title: "Attributes" },
    { name: "events", title: "Events", count: events.length, isAlarming: events.some((event) => event.name === "exception") },
    { name: "raw", title: "Raw OTLP" },
  ];
}

function Summary({ span, detail, traceStart }: { span: SpanSkeleton; detail: SpanDetail | undefined; traceStart: Instant }) {
  const tokens = (span.promptTokens ?? 0) + (span.completionTokens ?? 0);
  const cost = (detail?.promptCost ?? 0) + (detail?.completionCost ?? 0);
  const model = span.modelName ?? (detail === undefined ? null : modelName(detail.attributes));
  return (
    <div className="span-summary">
      <KindBadge kind={span.kind} />
      <StatusBadge status={span.statusCode} />
      <Item title={`${momentText(span.startTime)}, ${durationText((span.startTime - traceStart) / 1_000)} after the trace began`} icon="clock">
        {durationText((span.endTime - span.startTime) / 1_000)}
      </Item>
      {tokens > 0 && (
        <Item title={`${exactText(span.promptTokens ?? 0)} prompt, ${exactText(span.completionTokens ?? 0)} completion`}>
          {countText(span.promptTokens ?? 0)} → {countText(span.completionTokens ?? 0)} tokens
        </Item>
      )}
      {cost > 0 && (
        <Item title={`${costText(detail?.promptCost ?? 0)} prompt, ${costText(detail?.completionCost ?? 0)} completion`}>{costText(cost)}</Item>
      )}
      {model !== null && <Item title="Model"><code>{model}</code></Item>}
    </div>
  );
}

function Item({ title, icon, children }: { title: string; icon?: "clock"; children: ReactNode }) {
  return (
    <span className="span-item numeric" title={title}>
      {icon !== undefined && <Icon name={icon} size={13} />}
      {children}
    </span>
  );
}

function Loading() {
  return (
    <div className="span-loading" aria-busy="true" aria-label="Loading the span">
      {[30, 90, 80, 60, 30, 85].map((width, index) => <Skeleton key={index} width={`${width}%`} height={14} />)}
    </div>
  );
}

/** The value once it stayed for a moment: walking through the tree asks for no body that is not looked at. */
function useSettled(value: string): string {
  const [settled, settle] = useState(value);
  useEffect(() => {
    const timer = window.setTimeout(() => settle(value), 60);
    return () => window.clearTimeout(timer);
  }, [value]);
  return settled;
}
