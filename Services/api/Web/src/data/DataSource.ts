import type {
  Page, Project, Series, SeriesWindow, SessionRow, SpanDetail, Trace, TraceQuery, TraceRow,
} from "./types";

/** Everything pages ask the server for. Each call rejects with a `DataError`. */
export interface DataSource {
  projects(signal?: AbortSignal): Promise<readonly Project[]>;
  project(id: string): Promise<Project>;
  /** Newest first. */
  traces(query: TraceQuery, cursor: string | null, limit: number): Promise<Page<TraceRow>>;
  /** Newest first. */
  sessions(projectId: string, cursor: string | null, limit: number): Promise<Page<SessionRow>>;
  series(projectId: string, window: SeriesWindow): Promise<Series>;
  trace(traceId: string): Promise<Trace>;
  span(spanId: string): Promise<SpanDetail>;
  /** Where the events of a project, or with null of all projects, are streamed from. */
  eventsURL(projectId: string | null): string;
}
