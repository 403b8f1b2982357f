import { DataError } from "./DataError";
import type { DataSource } from "./DataSource";
import type { Fields } from "./decode";
import projectDocument from "./documents/Project.graphql";
import projectNamedDocument from "./documents/ProjectNamed.graphql";
import projectsDocument from "./documents/Projects.graphql";
import seriesDocument from "./documents/Series.graphql";
import sessionsDocument from "./documents/Sessions.graphql";
import spanBodiesDocument from "./documents/SpanBodies.graphql";
import spanDocument from "./documents/Span.graphql";
import traceDocument from "./documents/Trace.graphql";
import tracesDocument from "./documents/Traces.graphql";
import { graphql } from "./graphql";
import type {
  Instant, ListedProject, Page, Project, RootSpan, Series, SeriesPoint, SeriesWindow, SessionRow, SpanBody, SpanDetail, SpanEvent,
  SpanSkeleton, Totals, Trace, TraceRow,
} from "./types";

/** GraphQL, one document a question. Addresses are relative, so that they follow the page's `<base>`. */
export const graphqlSource: DataSource = {
  projects,
  project: async (id, signal) =>
    (await graphql(projectDocument, { project: id }, signal)).nested("node", (fields) => {
      if (fields.optionalText("id") === null) {
        // The id is something else's.
        throw missing();
      }
      return project(fields);
    }),
  projectNamed: async (name, signal) =>
    (await graphql(projectNamedDocument, { name }, signal)).optionalNested("getProjectByName", (fields) => fields.text("id"))
      ?? fail(missing()),
  traces: async (query, cursor, limit, signal) => {
    const variables = {
      project: query.projectId, first: limit, after: cursor, search: given(query.search), session: given(query.sessionId),
    };
    const data = await graphql(tracesDocument, variables, signal);
    return data.nested("node", (fields) => page(fields, "traces", traceRow));
  },
  sessions: async (projectId, cursor, limit, signal) => {
    const data = await graphql(sessionsDocument, { project: projectId, first: limit, after: cursor }, signal);
    return data.nested("node", (fields) => page(fields, "sessions", sessionRow));
  },
  series: async (projectId, window, signal) => {
    const { seconds, scale, span } = windows[window];
    const data = await graphql(
      seriesDocument, { project: projectId, time: timeRange(span, seconds), bins: { scale } }, signal,
    );
    return data.nested("node", (fields) => series(fields, seconds));
  },
  trace: async (traceId, signal) =>
    (await graphql(traceDocument, { trace: traceId }, signal)).optionalNested("getTraceByOtelId", trace) ?? fail(missing()),
  span: async (spanId, signal) =>
    (await graphql(spanDocument, { span: spanId }, signal)).optionalNested("getSpanByOtelId", spanDetail) ?? fail(missing()),
  spanBodies: async (spanIds, signal) => {
    const data = await graphql(spanBodiesDocument, Object.fromEntries(spanIds.map((id, place) => [`s${place}`, id])), signal);
    const found = spanIds.map((_id, place) => data.optionalNested(`s${place}`, spanBody));
    return new Map(found.flatMap((body) => (body === null ? [] : [[body.spanId, body] as const])));
  },
  eventsURL: (projectId) =>
    projectId === null ? "bennu/v1/events" : `bennu/v1/projects/${encodeURIComponent(projectId)}/events`,
};

const hour = 3_600;
const windows: Record<SeriesWindow, { readonly span: number; readonly seconds: number; readonly scale: string }> = {
  "1h": { span: hour, seconds: 60, scale: "MINUTE" },
  "24h": { span: 24 * hour, seconds: hour, scale: "HOUR" },
  "7d": { span: 7 * 24 * hour, seconds: hour, scale: "HOUR" },
  "30d": { span: 30 * 24 * hour, seconds: 24 * hour, scale: "DAY" },
};

/** The last `span` seconds in whole steps, the one that the present lies in included. */
function timeRange(span: number, step: number): { readonly start: string; readonly end: string } {
  const now = Date.now() / 1_000;
  const whole = (seconds: number) => new Date(Math.floor(seconds / step) * step * 1_000).toISOString();
  return { start: whole(now - span), end: whole(now + step) };
}

async function projects(signal?: AbortSignal): Promise<readonly ListedProject[]> {
  const { span, seconds } = windows["24h"];
  const day = timeRange(span, seconds);
  const found: ListedProject[] = [];
  let after: string | null = null;
  do {
    const data: Fields = await graphql(projectsDocument, { after, day }, signal);
    const next: Page<ListedProject> = page(data, "projects", listedProject);
    found.push(...next.items);
    after = next.nextCursor;
  } while (after !== null);
  return found;
}

function given(text: string | undefined): string | null {
  return text === undefined || text === "" ? null : text;
}

function missing(): DataError {
  return new DataError("notFound", "It is not there.");
}

function fail(error: DataError): never {
  throw error;
}

function page<Item>(fields: Fields, name: string, item: (fields: Fields) => Item): Page<Item> {
  return fields.nested(name, (connection) => ({
    items: connection.list("edges", (edge) => edge.nested("node", item)),
    nextCursor: connection.nested("pageInfo", (info) => (info.flag("hasNextPage") ? info.optionalText("endCursor") : null)),
  }));
}

/** Null is the sum of nothing. */
function sum(fields: Fields, name: string): number {
  return fields.optionalNumber(name) ?? 0;
}

/** @param spanCount what the type calls the number of its spans. */
function totals(fields: Fields, spanCount: "numSpans" | "recordCount"): Totals {
  return {
    spanCount: fields.number(spanCount),
    errorCount: fields.number("errorCount"),
    ...fields.nested("costSummary", (costs) => ({
      promptTokens: costs.nested("prompt", (prompt) => sum(prompt, "tokens")),
      completionTokens: costs.nested("completion", (completion) => sum(completion, "tokens")),
      totalCost: costs.nested("total", (total) => sum(total, "cost")),
    })),
  };
}

function project(fields: Fields): Project {
  return {
    ...totals(fields, "recordCount"),
    id: fields.text("id"),
    name: fields.text("name"),
    description: fields.optionalText("description"),
    traceCount: fields.number("traceCount"),
    latencyP50: fields.optionalNumber("latencyP50"),
    latencyP99: fields.optionalNumber("latencyP99"),
    lastSpanTime: fields.optionalInstant("streamingLastUpdatedAt"),
  };
}

function listedProject(fields: Fields): ListedProject {
  return { ...project(fields), day: series(fields, windows["24h"].seconds) };
}

/** From one list of steps for each kind of count, of which a document need not ask for all. */
function series(fields: Fields, bucketSeconds: number): Series {
  const points = new Map<Instant, SeriesPoint>();
  const add = (name: string, counts: (point: Fields) => Partial<SeriesPoint>) =>
    fields.optionalNested(name, (list) => {
      for (const [time, part] of list.list("data", (point) => [point.instant("timestamp"), counts(point)] as const)) {
        points.set(time, { ...(points.get(time) ?? emptyPoint(time)), ...part });
      }
    });
  add("traces", (point) => ({ traceCount: sum(point, "value") }));
  add("spans", (point) => ({ spanCount: sum(point, "totalCount"), errorCount: sum(point, "errorCount") }));
  add("tokens", (point) => ({
    promptTokens: sum(point, "promptTokenCount"), completionTokens: sum(point, "completionTokenCount"),
  }));
  return { bucketSeconds, points: [...points.values()] };
}

function emptyPoint(time: Instant): SeriesPoint {
  return { time, traceCount: 0, spanCount: 0, errorCount: 0, promptTokens: 0, completionTokens: 0 };
}

function traceRow(fields: Fields): TraceRow {
  return {
    ...totals(fields, "numSpans"),
    id: fields.text("id"),
    traceId: fields.text("traceId"),
    startTime: fields.instant("startTime"),
    endTime: fields.instant("endTime"),
    latency: fields.number("latencyMs"),
    sessionId: fields.optionalText("sessionId"),
    userId: fields.optionalText("userId"),
    rootSpan: fields.nested("rootPreview", rootSpan),
  };
}

function rootSpan(fields: Fields): RootSpan {
  return {
    spanId: fields.text("spanId"),
    name: fields.text("name"),
    kind: fields.kind("spanKind"),
    statusCode: fields.status("statusCode"),
    inputPreview: fields.optionalText("input"),
    outputPreview: fields.optionalText("output"),
    isOrphan: fields.flag("isOrphan"),
  };
}

function sessionRow(fields: Fields): SessionRow {
  return {
    ...totals(fields, "numSpans"),
    id: fields.text("id"),
    sessionId: fields.text("sessionId"),
    startTime: fields.instant("startTime"),
    endTime: fields.instant("endTime"),
    traceCount: fields.number("numTraces"),
    userId: fields.optionalText("userId"),
  };
}

function trace(fields: Fields): Trace {
  return {
    ...totals(fields, "numSpans"),
    id: fields.text("id"),
    traceId: fields.text("traceId"),
    ...fields.nested("project", (owner) => ({ projectId: owner.text("id"), projectName: owner.text("name") })),
    startTime: fields.instant("startTime"),
    endTime: fields.instant("endTime"),
    latency: fields.number("latencyMs"),
    sessionId: fields.optionalText("sessionId"),
    spans: fields.list("skeleton", spanSkeleton),
  };
}

function spanSkeleton(fields: Fields): SpanSkeleton {
  return {
    id: fields.text("id"),
    spanId: fields.text("spanId"),
    parentId: fields.optionalText("parentId"),
    name: fields.text("name"),
    kind: fields.kind("spanKind"),
    statusCode: fields.status("statusCode"),
    startTime: fields.instant("startTime"),
    endTime: fields.instant("endTime"),
    promptTokens: fields.optionalNumber("tokenCountPrompt"),
    completionTokens: fields.optionalNumber("tokenCountCompletion"),
    modelName: fields.optionalText("modelName"),
  };
}

function spanBody(fields: Fields): SpanBody {
  return {
    spanId: fields.text("spanId"),
    statusMessage: fields.text("statusMessage"),
    attributes: fields.objectText("attributes"),
  };
}

function spanDetail(fields: Fields): SpanDetail {
  const cost = (name: string) =>
    fields.optionalNested("costSummary", (costs) => costs.nested(name, (part) => part.optionalNumber("cost")));
  return {
    ...spanSkeleton(fields),
    ...spanBody(fields),
    traceId: fields.nested("context", (context) => context.text("traceId")),
    events: fields.list("events", spanEvent),
    otlp: fields.optionalObject("otlp"),
    resource: fields.optionalObject("resource"),
    promptCost: cost("prompt"),
    completionCost: cost("completion"),
  };
}

function spanEvent(fields: Fields): SpanEvent {
  return {
    name: fields.text("name"),
    time: fields.optionalInstant("timestamp"),
    attributes: fields.object("attributes"),
  };
}
