import { pageConfig } from "../config";
import { parseRoute, pathBelowRoot, routePath, type Route } from "./route";

/** Where the browser is: an immutable value that changes by identity. */
export interface Location {
  readonly route: Route;
  readonly query: URLSearchParams;
  /** Names this entry of the history, so that its scroll position can be found again. */
  readonly key: string;
  /** Whether the reader came here by going back or forth. */
  readonly isReturn: boolean;
}

type Listener = () => void;

const listeners = new Set<Listener>();
let current: Location = readLocation(false);

/** The address that the present entry shall have, and has not yet. */
let pendingAddress: string | null = null;
let pendingTimer: number | undefined;

window.addEventListener("popstate", () => {
  pendingAddress = null;
  current = readLocation(true);
  notify();
});

export function currentLocation(): Location {
  return current;
}

export function subscribeToLocation(listener: Listener): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** The address of a route, with the root path, as links need it. */
export function href(route: Route, query: Record<string, string | null> = {}): string {
  return pageConfig.rootPath + routePath(route) + queryText(query);
}

/** Goes to an address of this application as a link does. */
export function navigate(address: string): void {
  writeAddress();
  window.history.pushState({ key: newKey() }, "", address);
  current = readLocation(false);
  notify();
}

/** Goes to an address without leaving an entry for the present one. */
export function redirect(address: string): void {
  pendingAddress = null;
  window.history.replaceState({ key: current.key }, "", address);
  current = readLocation(false);
  notify();
}

/**
 * Changes parts of the query in place: what the reader chose on this page, kept for reload and for sharing. The address
 * itself follows a moment later, since browsers refuse more than a few changes a second (walking a tree makes thirty).
 */
export function replaceQuery(changes: Record<string, string | null>): void {
  const query = new URLSearchParams(current.query);
  for (const [name, value] of Object.entries(changes)) {
    if (value === null || value === "") {
      query.delete(name);
    } else {
      query.set(name, value);
    }
  }
  const text = query.toString();
  pendingAddress = window.location.pathname + (text === "" ? "" : `?${text}`);
  window.clearTimeout(pendingTimer);
  pendingTimer = window.setTimeout(writeAddress, 200);
  current = { ...current, query };
  notify();
}

function writeAddress(): void {
  if (pendingAddress !== null) {
    window.history.replaceState({ key: current.key }, "", pendingAddress);
    pendingAddress = null;
  }
}

function queryText(query: Record<string, string | null>): string {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value !== null && value !== "") {
      parameters.set(name, value);
    }
  }
  const text = parameters.toString();
  return text === "" ? "" : `?${text}`;
}

function readLocation(isReturn: boolean): Location {
  const state = window.history.state as { key?: unknown } | null;
  let key = typeof state?.key === "string" ? state.key : null;
  if (key === null) {
    key = newKey();
    window.history.replaceState({ key }, "");
  }
  const path = pathBelowRoot(window.location.pathname, pageConfig.rootPath);
  return {
    route: path === null ? { page: "missing", path: window.location.pathname } : parseRoute(path),
    query: new URLSearchParams(window.location.search),
    key,
    isReturn,
  };
}

function newKey(): string {
  return Math.random().toString(36).slice(2, 10);
}

function notify(): void {
  for (const listener of [...listeners]) {
    listener();
  }
}
