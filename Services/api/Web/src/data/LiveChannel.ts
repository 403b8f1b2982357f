import { backoffDelay } from "./backoff";
import type { Liveness } from "./types";

/** Which traces got spans; null where that is not known and anything may have changed. */
export type LiveNews = readonly string[] | null;

const pollInterval = 10_000;
/** News may be lost between the services while this stream stays open, so that pages are refreshed by time as well. */
const safetyInterval = 30_000;
const hiddenGrace = 20_000;

/**
 * The live news of one project, shared by all who listen. A broken stream is opened again with growing pauses, and in
 * the meantime listeners are told every ten seconds that anything may have changed. A hidden page gives its stream up:
 * a browser has six connections a host, and other tabs need them.
 */
export class LiveChannel {
  private readonly listeners = new Set<(news: LiveNews) => void>();
  private readonly statusListeners = new Set<() => void>();
  private source: EventSource | null = null;
  private failures = 0;
  private reconnectTimer: number | undefined;
  private tickTimer: number | undefined;
  private hiddenTimer: number | undefined;
  private status: Liveness = "connecting";

  constructor(private readonly url: string) {}

  get liveness(): Liveness {
    return this.status;
  }

  subscribe(listener: (news: LiveNews) => void): () => void {
    this.listeners.add(listener);
    if (this.listeners.size === 1) {
      this.start();
    }
    return () => {
      this.listeners.delete(listener);
      if (this.listeners.size === 0) {
        this.stop();
      }
    };
  }

  subscribeToStatus(listener: () => void): () => void {
    this.statusListeners.add(listener);
    return () => {
      this.statusListeners.delete(listener);
    };
  }

  private start(): void {
    document.addEventListener("visibilitychange", this.visibilityChanged);
    this.connect();
  }

  private stop(): void {
    document.removeEventListener("visibilitychange", this.visibilityChanged);
    window.clearTimeout(this.hiddenTimer);
    this.disconnect();
    this.failures = 0;
    this.setStatus("connecting");
  }

  private connect(): void {
    this.disconnect();
    const source = new EventSource(this.url);
    this.source = source;
    source.onopen = () => {
      const missedSome = this.failures > 0;
      this.failures = 0;
      this.setStatus("live");
      this.tick(safetyInterval);
      if (missedSome) {
        this.tell(null);
      }
    };
    source.onerror = () => this.broken();
    source.addEventListener("spans", (event) => this.tell(traceIds((event as MessageEvent<string>).data)));
    this.tick(pollInterval);
  }

  private disconnect(): void {
    this.source?.close();
    this.source = null;
    window.clearTimeout(this.reconnectTimer);
    window.clearInterval(this.tickTimer);
  }

  private broken(): void {
    this.source?.close();
    this.source = null;
    this.failures += 1;
    this.setStatus("polling");
    this.tick(pollInterval);
    if (this.failures === 2) {
      // It was no hiccup: find out now what else cannot be had, and say so.
      this.tell(null);
    }
    window.clearTimeout(this.reconnectTimer);
    this.reconnectTimer = window.setTimeout(() => this.connect(), backoffDelay(this.failures, Math.random()));
  }

  private tick(interval: number): void {
    window.clearInterval(this.tickTimer);
    this.tickTimer = window.setInterval(() => {
      if (!document.hidden) {
        this.tell(null);
      }
    }, interval);
  }

  private readonly visibilityChanged = () => {
    window.clearTimeout(this.hiddenTimer);
    if (document.hidden) {
      this.hiddenTimer = window.setTimeout(() => this.disconnect(), hiddenGrace);
    } else if (this.source === null) {
      this.tell(null);
      this.connect();
    }
  };

  private setStatus(status: Liveness): void {
    if (this.status === status) {
      return;
    }
    this.status = status;
    for (const listener of [...this.statusListeners]) {
      listener();
    }
  }

  private tell(news: LiveNews): void {
    for (const listener of [...this.listeners]) {
      listener(news);
    }
  }
}

/** The ids in an event's data. Long lists are cut by the server, so that one at its limit says nothing of the rest. */
export function traceIds(data: string): LiveNews {
  try {
    const value = (JSON.parse(data) as { traceIds?: unknown }).traceIds;
    if (!Array.isArray(value) || value.length >= 100) {
      return null;
    }
    return value.filter((id): id is string => typeof id === "string");
  } catch {
    return null;
  }
}
