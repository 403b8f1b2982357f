import type {
  ListedProject, Page, Project, Series, SeriesWindow, SessionRow, SpanBody, SpanDetail, Trace, TraceQuery, TraceRow,
} from "./types";

/** The most spans whose bodies are asked for at once: as many places as `SpanBodies.graphql` has. */
export const spanBodiesMax = 16;

/** Everything pages ask the server for. Each call rejects with a `DataError`, or with the signal's reason where that aborts. */
export interface DataSource {
  projects(signal?: AbortSignal): Promise<readonly ListedProject[]>;
  project(id: string, signal?: AbortSignal): Promise<Project>;
  /** The id of the project that has this name. */
  projectNamed(name: string, signal?: AbortSignal): Promise<string>;
  /** Newest first. */
  traces(query: TraceQuery, cursor: string | null, limit: number, signal?: AbortSignal): Promise<Page<TraceRow>>;
  /** Newest first. */
  sessions(projectId: string, cursor: string | null, limit: number, signal?: AbortSignal): Promise<Page<SessionRow>>;
  series(projectId: string, window: SeriesWindow, signal?: AbortSignal): Promise<Series>;
  trace(traceId: string, signal?: AbortSignal): Promise<Trace>;
  span(spanId: string, signal?: AbortSignal): Promise<SpanDetail>;
  /** By span id, at most `spanBodiesMax`; what is not there is left out. */
  spanBodies(spanIds: readonly string[], signal?: AbortSignal): Promise<ReadonlyMap<string, SpanBody>>;
  /** Where the events of a project, or with null of all projects, are streamed from. */
  eventsURL(projectId: string | null): string;
}
