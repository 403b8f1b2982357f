import { useState } from "react";
import { seriesWindows, useSeries, type SeriesPoint, type SeriesWindow } from "../../data";
import { exactText } from "../../format/number";
import { filledSeries } from "../../model/series";
import { replaceQuery } from "../../router/history";
import { useLocation } from "../../router/useLocation";
import { Segmented } from "../../ui/Segmented";
import { SeriesChart, type ChartPart } from "../../ui/SeriesChart";
import { useNow } from "../../ui/useNow";

type Measure = "traces" | "spans" | "tokens";

const measures: readonly (readonly [Measure, string])[] = [["traces", "Traces"], ["spans", "Spans"], ["tokens", "Tokens"]];
const windows = seriesWindows.map((window) => [window, window] as const);
const windowWords: Record<SeriesWindow, string> = {
  "1h": "the last hour", "24h": "the last 24 hours", "7d": "the last 7 days", "30d": "the last 30 days",
};

/** What happened when. */
export function ActivityPanel({ projectId }: { projectId: string }) {
  const { query } = useLocation();
  const window = seriesWindows.find((each) => each === query.get("window")) ?? "24h";
  const [measure, setMeasure] = useState<Measure>("traces");
  const now = useNow();
  const { value } = useSeries(projectId, window);
  const { points, bucketSeconds } = filledSeries(value ?? { bucketSeconds: 3_600, points: [] }, window, now, 100);
  const parts = chartParts(points, measure);
  const sum = parts.reduce((total, part) => total + part.values.reduce((each, count) => each + count, 0), 0);
  return (
    <div className="activity">
      <div className="activity-head">
        <Segmented value={measure} options={measures} label="What to count" onChange={setMeasure} />
        <p className="activity-sum"><strong className="numeric">{exactText(sum)}</strong> {measure} in {windowWords[window]}</p>
        <Segmented
          value={window} options={windows} label="Window of time"
          onChange={(next) => replaceQuery({ window: next === "24h" ? null : next })}
        />
      </div>
      <SeriesChart
        times={points.map((point) => point.time)} bucketSeconds={bucketSeconds} parts={parts}
        label={`${exactText(sum)} ${measure} in ${windowWords[window]}`}
      />
    </div>
  );
}

function chartParts(points: readonly SeriesPoint[], measure: Measure): readonly ChartPart[] {
  switch (measure) {
    case "traces":
      return [{ name: "Traces", tone: "first", values: points.map((point) => point.traceCount) }];
    case "spans":
      return [
        { name: "Errors", tone: "error", values: points.map((point) => Math.min(point.errorCount, point.spanCount)) },
        { name: "Other spans", tone: "first", values: points.map((point) => Math.max(0, point.spanCount - point.errorCount)) },
      ];
    case "tokens":
      return [
        { name: "Prompt", tone: "first", values: points.map((point) => point.promptTokens) },
        { name: "Completion", tone: "second", values: points.map((point) => point.completionTokens) },
      ];
  }
}
