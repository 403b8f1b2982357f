import { useCallback, useEffect, useMemo, useRef, useSyncExternalStore } from "react";
import { DataError } from "./DataError";
import { spanBodiesMax } from "./DataSource";
import { FeedStore, type FeedState } from "./FeedStore";
import type { FeedRow } from "./feed";
import { Gathered } from "./Gathered";
import { graphqlSource } from "./graphqlSource";
import { LiveChannel, type LiveNews } from "./LiveChannel";
import { QueryCache, type QueryState } from "./QueryCache";
import { throttled } from "./throttle";
import type {
  ListedProject, Liveness, Page, Project, Series, SeriesWindow, SessionRow, SpanBody, SpanDetail, Trace, TraceQuery, TraceRow,
} from "./types";

const source = graphqlSource;
const cache = new QueryCache(400);
const pageSize = 50;
const forever = Infinity;

/** A question's answer, with the means to ask again. */
export interface Query<Value> extends QueryState<Value> {
  readonly refresh: () => void;
}

export function useProjects(): Query<readonly ListedProject[]> {
  const query = useQuery("projects", () => source.projects(), { ageMax: 2_000, interval: 30_000 });
  useRefreshOnNews(allProjects, query.refresh, 1_000);
  return query;
}

export function useProject(id: string | null): Query<Project> {
  const query = useQuery(id === null ? null : `project/${id}`, () => source.project(id ?? ""), { ageMax: 2_000, interval: 30_000 });
  useRefreshOnNews(id, query.refresh, 2_000);
  return query;
}

/** The id of the project that has this name. */
export function useProjectNamed(name: string): Query<string> {
  return useQuery(`project-named/${name}`, () => source.projectNamed(name), { ageMax: 2_000, awaitsMissing: true });
}

/** Counts by time of a project. */
export function useSeries(projectId: string, window: SeriesWindow): Query<Series> {
  const key = `series/${projectId}/${window}`;
  const query = useQuery(key, () => source.series(projectId, window), { ageMax: 5_000, interval: 60_000 });
  useRefreshOnNews(projectId, query.refresh, 5_000);
  return query;
}

export function useTrace(traceId: string): Query<Trace> {
  const query = useQuery(`trace/${traceId}`, () => source.trace(traceId), { ageMax: 2_000, awaitsMissing: true });
  const isTrace = useCallback((news: LiveNews) => news === null || news.includes(traceId), [traceId]);
  useRefreshOnNews(query.value?.projectId ?? null, query.refresh, 1_000, isTrace);
  return query;
}

/** A span's body. It never changes once it is stored, so that one answer is enough. */
export function useSpan(spanId: string | null): Query<SpanDetail> {
  return useQuery(spanId === null ? null : `span/${spanId}`, () => source.span(spanId ?? ""), { ageMax: forever });
}

const spanBodies = new Gathered((ids) => source.spanBodies(ids), spanBodiesMax, 30);

/** What one of many spans of a page says: those that are asked for at about the same time come in one answer. */
export function useSpanBody(spanId: string | null): Query<SpanBody> {
  return useQuery(spanId === null ? null : `span-body/${spanId}`, () => spanBodies.fetch(spanId ?? ""), { ageMax: forever });
}

/** A feed of rows, as a list shows it. */
export interface FeedView<Row extends FeedRow> extends FeedState<Row> {
  readonly loadMore: () => void;
  readonly retry: () => void;
  readonly hold: (isHeld: boolean) => void;
  readonly release: () => void;
}

export function useTraceFeed(query: TraceQuery): FeedView<TraceRow> {
  const { projectId, search = "", sessionId = "" } = query;
  const key = `traces/${projectId}/${sessionId}/${search}`;
  return useFeed(key, projectId, (cursor) => source.traces({ projectId, search, sessionId }, cursor, pageSize));
}

export function useSessionFeed(projectId: string): FeedView<SessionRow> {
  return useFeed(`sessions/${projectId}`, projectId, (cursor) => source.sessions(projectId, cursor, pageSize));
}

export function useLiveness(projectId: string): Liveness {
  const live = channel(projectId);
  const subscribe = useCallback((listener: () => void) => live.subscribeToStatus(listener), [live]);
  return useSyncExternalStore(subscribe, () => live.liveness);
}

/** Stands for every project where news are asked for. */
const allProjects = "*";
const channels = new Map<string, LiveChannel>();

function channel(projectId: string): LiveChannel {
  let found = channels.get(projectId);
  if (found === undefined) {
    found = new LiveChannel(source.eventsURL(projectId === allProjects ? null : projectId));
    channels.set(projectId, found);
  }
  return found;
}

const everything = () => true;

function useRefreshOnNews(
  projectId: string | null, refresh: () => void, interval: number, concerns: (news: LiveNews) => boolean = everything,
): void {
  useEffect(() => {
    if (projectId === null) {
      return;
    }
    const refreshSometimes = throttled(refresh, interval);
    const unsubscribe = channel(projectId).subscribe((news) => {
      if (concerns(news)) {
        refreshSometimes();
      }
    });
    return () => {
      unsubscribe();
      refreshSometimes.cancel();
    };
  }, [projectId, refresh, interval, concerns]);
}

interface QueryOptions {
  /** An answer younger than this many milliseconds is good enough. */
  readonly ageMax: number;
  /** Ask again this often while the page is looked at. */
  readonly interval?: number;
  /** What is not there may be on its way: ask again. */
  readonly awaitsMissing?: boolean;
}

export function useQuery<Value>(key: string | null, fetcher: () => Promise<Value>, options: QueryOptions): Query<Value> {
  const newestFetcher = useRef(fetcher);
  newestFetcher.current = fetcher;
  const { ageMax, interval, awaitsMissing = false } = options;

  const subscribe = useCallback(
    (listener: () => void) => (key === null ? () => undefined : cache.subscribe(key, listener)),
    [key],
  );
  const state = useSyncExternalStore(subscribe, () => cache.state<Value>(key ?? ""));
  const ask = useCallback(
    (age: number) => {
      if (key !== null) {
        void cache.refresh(key, () => newestFetcher.current(), age);
      }
    },
    [key],
  );
  const refresh = useCallback(() => ask(0), [ask]);

  useEffect(() => ask(ageMax), [ask, ageMax]);
  useEffect(() => {
    const isHealing = state.error?.isRetryable === true || (awaitsMissing && state.error?.reason === "notFound");
    const pause = isHealing ? 5_000 : interval;
    if (key === null || pause === undefined) {
      return;
    }
    const timer = window.setInterval(() => {
      if (!document.hidden) {
        ask(0);
      }
    }, pause);
    return () => window.clearInterval(timer);
  }, [key, ask, interval, awaitsMissing, state.error]);

  return useMemo(() => ({ ...state, refresh }), [state, refresh]);
}

const feeds = new Map<string, FeedStore<never>>();
const feedsMax = 20;

function useFeed<Row extends FeedRow & { readonly traceId?: string }>(
  key: string, projectId: string, fetchPage: (cursor: string | null) => Promise<Page<Row>>,
): FeedView<Row> {
  // The key says all that the fetcher depends on.
  const store = useMemo(() => feedStore(key, fetchPage), [key]);
  const subscribe = useCallback((listener: () => void) => store.subscribe(listener), [store]);
  const state = useSyncExternalStore(subscribe, () => store.state);

  useEffect(() => {
    store.refresh(null);
    let news: LiveNews = [];
    const refresh = throttled(() => {
      const told = news;
      news = [];
      store.refresh(told);
    }, 1_000);
    const unsubscribe = channel(projectId).subscribe((more) => {
      news = news === null || more === null ? null : [...news, ...more];
      refresh();
    });
    return () => {
      unsubscribe();
      refresh.cancel();
    };
  }, [store, projectId]);

  const hasFailed = state.error instanceof DataError && state.error.isRetryable;
  useEffect(() => {
    if (!hasFailed) {
      return;
    }
    const timer = window.setInterval(() => store.refresh(null), 5_000);
    return () => window.clearInterval(timer);
  }, [store, hasFailed]);

  return useMemo(
    () => ({
      ...state,
      loadMore: () => void store.loadMore(),
      retry: () => store.refresh(null),
      hold: (isHeld: boolean) => store.hold(isHeld),
      release: () => store.release(),
    }),
    [state, store],
  );
}

function feedStore<Row extends FeedRow & { readonly traceId?: string }>(
  key: string, fetchPage: (cursor: string | null) => Promise<Page<Row>>,
): FeedStore<Row> {
  const found = feeds.get(key) as FeedStore<Row> | undefined;
  const store = found ?? new FeedStore<Row>(fetchPage);
  feeds.delete(key);
  feeds.set(key, store as unknown as FeedStore<never>);
  for (const oldest of feeds.keys()) {
    if (feeds.size <= feedsMax) {
      break;
    }
    feeds.delete(oldest);
  }
  return store;
}
