// What components see of the server, whatever it is asked by. Times are whole microseconds since 1970, durations are
// milliseconds with fractions, money is in US dollars.

export type Instant = number;

export const spanKinds = [
  "LLM", "CHAIN", "AGENT", "TOOL", "RETRIEVER", "EMBEDDING", "RERANKER", "PROMPT", "EVALUATOR", "GUARDRAIL", "UNKNOWN",
] as const;
export type SpanKind = typeof spanKinds[number];

export type StatusCode = "OK" | "ERROR" | "UNSET";

export type JSONValue = null | boolean | number | string | readonly JSONValue[] | JSONObject;
export interface JSONObject {
  readonly [key: string]: JSONValue;
}

/** Sums over the spans of a project, session or trace. */
export interface Totals {
  readonly spanCount: number;
  readonly errorCount: number;
  readonly promptTokens: number;
  readonly completionTokens: number;
  readonly totalCost: number;
}

export interface Project extends Totals {
  readonly id: string;
  readonly name: string;
  readonly description: string | null;
  readonly traceCount: number;
  /** Of traces; null where there is none. */
  readonly latencyP50: number | null;
  readonly latencyP99: number | null;
  readonly lastSpanTime: Instant | null;
}

/** A project as the list of all shows it. */
export interface ListedProject extends Project {
  /** Its traces of the last 24 hours; spans and tokens are not counted. */
  readonly day: Series;
}

export interface TraceRow extends Totals {
  readonly id: string;
  readonly traceId: string;
  readonly startTime: Instant;
  readonly endTime: Instant;
  readonly latency: number;
  readonly sessionId: string | null;
  readonly userId: string | null;
  /** Null for a trace whose spans are all on their way. */
  readonly rootSpan: RootSpan | null;
}

export interface RootSpan {
  readonly spanId: string;
  readonly name: string;
  readonly kind: SpanKind;
  readonly statusCode: StatusCode;
  readonly inputPreview: string | null;
  readonly outputPreview: string | null;
  /** It names a parent that has not arrived. */
  readonly isOrphan: boolean;
}

export interface SessionRow extends Totals {
  readonly id: string;
  readonly sessionId: string;
  readonly startTime: Instant;
  readonly endTime: Instant;
  readonly traceCount: number;
  readonly userId: string | null;
}

export interface Trace extends Totals {
  readonly id: string;
  readonly traceId: string;
  readonly projectId: string;
  readonly projectName: string;
  readonly startTime: Instant;
  readonly endTime: Instant;
  readonly latency: number;
  readonly sessionId: string | null;
  readonly spans: readonly SpanSkeleton[];
}

/** As much of a span as the tree needs; bodies come one by one. */
export interface SpanSkeleton {
  readonly id: string;
  readonly spanId: string;
  readonly parentId: string | null;
  readonly name: string;
  readonly kind: SpanKind;
  readonly statusCode: StatusCode;
  readonly startTime: Instant;
  readonly endTime: Instant;
  /** Null for kinds other than LLM. */
  readonly promptTokens: number | null;
  readonly completionTokens: number | null;
  readonly modelName: string | null;
}

/** What a span says, without its place in a trace. */
export interface SpanBody {
  readonly spanId: string;
  readonly statusMessage: string;
  readonly attributes: JSONObject;
}

export interface SpanDetail extends SpanSkeleton, SpanBody {
  readonly traceId: string;
  readonly events: readonly SpanEvent[];
  /** What OTLP says beyond the rest (kind, links, flags, trace state); null where all of it is at its default. */
  readonly otlp: JSONObject | null;
  readonly resource: JSONObject | null;
  readonly promptCost: number | null;
  readonly completionCost: number | null;
}

export interface SpanEvent {
  readonly name: string;
  readonly time: Instant | null;
  readonly attributes: JSONObject;
}

export const seriesWindows = ["1h", "24h", "7d", "30d"] as const;
export type SeriesWindow = typeof seriesWindows[number];

/** Counts by time; buckets without anything may be missing. */
export interface Series {
  readonly bucketSeconds: number;
  readonly points: readonly SeriesPoint[];
}

export interface SeriesPoint {
  readonly time: Instant;
  readonly traceCount: number;
  readonly spanCount: number;
  readonly errorCount: number;
  readonly promptTokens: number;
  readonly completionTokens: number;
}

export interface Page<Item> {
  readonly items: readonly Item[];
  /** What the next older page is asked by; null at the end. */
  readonly nextCursor: string | null;
}

export interface TraceQuery {
  readonly projectId: string;
  readonly search?: string;
  readonly sessionId?: string;
}

/** Whether news arrives by itself, or is asked for now and then. */
export type Liveness = "connecting" | "live" | "polling";
