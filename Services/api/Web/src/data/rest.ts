import { DataError, type DataErrorReason } from "./DataError";
import type { DataSource } from "./DataSource";
import { Fields } from "./decode";
import { authorizedFetch } from "./session";
import type {
  Page, Project, RootSpan, Series, SeriesPoint, SessionRow, SpanDetail, SpanEvent, SpanSkeleton, Totals, Trace, TraceRow,
} from "./types";

/** The server's own REST below `bennu/v1`. Addresses are relative, so that they follow the page's `<base>`. */
export const restSource: DataSource = {
  projects: async () => (await get("projects")).list("data", project),
  project: async (id) => (await get(`projects/${piece(id)}`)).nested("data", project),
  traces: async (query, cursor, limit) =>
    page(
      await get(`projects/${piece(query.projectId)}/traces`, {
        limit: String(limit), cursor, search: query.search ?? null, sessionId: query.sessionId ?? null,
      }),
      traceRow,
    ),
  sessions: async (projectId, cursor, limit) =>
    page(await get(`projects/${piece(projectId)}/sessions`, { limit: String(limit), cursor }), sessionRow),
  series: async (projectId, window) => (await get(`projects/${piece(projectId)}/series`, { window })).nested("data", series),
  trace: async (traceId) => (await get(`traces/${piece(traceId)}`)).nested("data", trace),
  span: async (spanId) => (await get(`spans/${piece(spanId)}`)).nested("data", spanDetail),
  eventsURL: (projectId) => address(projectId === null ? "events" : `projects/${piece(projectId)}/events`),
};

const piece = encodeURIComponent;

function address(path: string, query: Record<string, string | null> = {}): string {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value !== null && value !== "") {
      parameters.set(name, value);
    }
  }
  const text = parameters.toString();
  return `bennu/v1/${path}${text === "" ? "" : `?${text}`}`;
}

async function get(path: string, query: Record<string, string | null> = {}): Promise<Fields> {
  const response = await authorizedFetch(address(path, query), { headers: { accept: "application/json" } });
  if (!response.ok) {
    throw new DataError(reason(response.status), await refusal(response), response.status);
  }
  try {
    return Fields.of(await response.json(), path);
  } catch (error) {
    throw error instanceof DataError ? error : new DataError("malformed", "The server's answer is not JSON.");
  }
}

function reason(status: number): DataErrorReason {
  switch (status) {
    case 401:
    case 403:
      return "unauthorized";
    case 404:
      return "notFound";
    case 429:
      return "unavailable";
    default:
      return status >= 500 ? "unavailable" : "refused";
  }
}

async function refusal(response: Response): Promise<string> {
  try {
    return Fields.of(await response.json(), "").nested("error", (error) => error.text("message"));
  } catch {
    return `The server answered ${response.status}.`;
  }
}

function page<Item>(fields: Fields, item: (fields: Fields) => Item): Page<Item> {
  return { items: fields.list("data", item), nextCursor: fields.optionalText("nextCursor") };
}

function totals(fields: Fields): Totals {
  return {
    spanCount: fields.number("spanCount"),
    errorCount: fields.number("errorCount"),
    promptTokens: fields.number("promptTokens"),
    completionTokens: fields.number("completionTokens"),
    totalCost: fields.optionalNumber("totalCost") ?? 0,
  };
}

function project(fields: Fields): Project {
  return {
    ...totals(fields),
    id: fields.text("id"),
    name: fields.text("name"),
    description: fields.optionalText("description"),
    traceCount: fields.number("traceCount"),
    latencyP50: fields.optionalNumber("latencyMsP50"),
    latencyP99: fields.optionalNumber("latencyMsP99"),
    lastSpanTime: fields.optionalInstant("lastSpanTime"),
  };
}

function traceRow(fields: Fields): TraceRow {
  return {
    ...totals(fields),
    id: fields.text("id"),
    traceId: fields.text("traceId"),
    startTime: fields.instant("startTime"),
    endTime: fields.instant("endTime"),
    latency: fields.number("latencyMs"),
    sessionId: fields.optionalText("sessionId"),
    userId: fields.optionalText("userId"),
    rootSpan: fields.optionalNested("rootSpan", rootSpan),
  };
}

function rootSpan(fields: Fields): RootSpan {
  return {
    spanId: fields.text("spanId"),
    name: fields.text("name"),
    kind: fields.kind("kind"),
    statusCode: fields.status("statusCode"),
    inputPreview: fields.optionalText("inputPreview"),
    outputPreview: fields.optionalText("outputPreview"),
    isOrphan: fields.flag("isOrphan"),
  };
}

function sessionRow(fields: Fields): SessionRow {
  return {
    ...totals(fields),
    id: fields.text("id"),
    sessionId: fields.text("sessionId"),
    startTime: fields.instant("startTime"),
    endTime: fields.instant("endTime"),
    traceCount: fields.number("traceCount"),
    userId: fields.optionalText("userId"),
  };
}

function series(fields: Fields): Series {
  return { bucketSeconds: fields.number("bucketSeconds"), points: fields.list("points", seriesPoint) };
}

function seriesPoint(fields: Fields): SeriesPoint {
  return {
    time: fields.instant("time"),
    traceCount: fields.number("traceCount"),
    spanCount: fields.number("spanCount"),
    errorCount: fields.number("errorCount"),
    promptTokens: fields.number("promptTokens"),
    completionTokens: fields.number("completionTokens"),
  };
}

function trace(fields: Fields): Trace {
  return {
    ...totals(fields),
    id: fields.text("id"),
    traceId: fields.text("traceId"),
    projectId: fields.text("projectId"),
    projectName: fields.text("projectName"),
    startTime: fields.instant("startTime"),
    endTime: fields.instant("endTime"),
    latency: fields.number("latencyMs"),
    sessionId: fields.optionalText("sessionId"),
    spans: fields.list("spans", spanSkeleton),
  };
}

function spanSkeleton(fields: Fields): SpanSkeleton {
  return {
    id: fields.text("id"),
    spanId: fields.text("spanId"),
    parentId: fields.optionalText("parentId"),
    name: fields.text("name"),
    kind: fields.kind("kind"),
    statusCode: fields.status("statusCode"),
    startTime: fields.instant("startTime"),
    endTime: fields.instant("endTime"),
    promptTokens: fields.optionalNumber("promptTokens"),
    completionTokens: fields.optionalNumber("completionTokens"),
    modelName: fields.optionalText("modelName"),
  };
}

function spanDetail(fields: Fields): SpanDetail {
  return {
    ...spanSkeleton(fields),
    traceId: fields.text("traceId"),
    statusMessage: fields.optionalText("statusMessage") ?? "",
    attributes: fields.object("attributes"),
    events: fields.list("events", spanEvent),
    otlp: fields.optionalObject("otlp"),
    resource: fields.optionalObject("resource"),
    promptCost: fields.optionalNumber("promptCost"),
    completionCost: fields.optionalNumber("completionCost"),
  };
}

function spanEvent(fields: Fields): SpanEvent {
  return {
    name: fields.text("name"),
    time: fields.optionalInstant("timestamp"),
    attributes: fields.object("attributes"),
  };
}
