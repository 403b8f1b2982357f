/** Every page there is, with what its address carries. */
export type Route =
  | { readonly page: "projects" }
  | { readonly page: "project"; readonly projectId: string; readonly tab: ProjectTab }
  | { readonly page: "session"; readonly projectId: string; readonly sessionId: string }
  | { readonly page: "trace"; readonly projectId: string | null; readonly traceId: string }
  /** A span whose trace has to be found first. */
  | { readonly page: "span"; readonly spanId: string }
  | { readonly page: "missing"; readonly path: string };

export type ProjectTab = "traces" | "sessions";

/** The path of a route below the root path; the inverse of `parseRoute`. */
export function routePath(route: Route): string {
  switch (route.page) {
    case "projects":
      return "/projects";
    case "project":
      return `/projects/${encode(route.projectId)}${route.tab === "sessions" ? "/sessions" : ""}`;
    case "session":
      return `/projects/${encode(route.projectId)}/sessions/${encode(route.sessionId)}`;
    case "trace":
      return route.projectId === null
        ? `/traces/${encode(route.traceId)}`
        : `/projects/${encode(route.projectId)}/traces/${encode(route.traceId)}`;
    case "span":
      return `/redirects/spans/${encode(route.spanId)}`;
    case "missing":
      return route.path;
  }
}

/** The route of a path below the root path. The addresses that Phoenix redirects by id are understood too. */
export function parseRoute(path: string): Route {
  const pieces = path.split("/").filter((piece) => piece !== "").map(decode);
  const [first, second, third, fourth] = pieces;
  if (first === undefined || (first === "projects" && second === undefined)) {
    return { page: "projects" };
  }
  if (first === "projects" && second !== undefined && pieces.length <= 4) {
    if (third === undefined || (third === "traces" && fourth === undefined)) {
      return { page: "project", projectId: second, tab: "traces" };
    }
    if (third === "sessions") {
      return fourth === undefined
        ? { page: "project", projectId: second, tab: "sessions" }
        : { page: "session", projectId: second, sessionId: fourth };
    }
    if (third === "traces" && fourth !== undefined) {
      return { page: "trace", projectId: second, traceId: fourth };
    }
  }
  if (first === "traces" && second !== undefined && pieces.length === 2) {
    return { page: "trace", projectId: null, traceId: second };
  }
  if (first === "redirects" && second === "traces" && third !== undefined && pieces.length === 3) {
    return { page: "trace", projectId: null, traceId: third };
  }
  if (first === "redirects" && second === "spans" && third !== undefined && pieces.length === 3) {
    return { page: "span", spanId: third };
  }
  return { page: "missing", path };
}

/** What is left of a location's path below the root path; null where it lies outside of it. */
export function pathBelowRoot(pathname: string, rootPath: string): string | null {
  if (rootPath === "") {
    return pathname;
  }
  if (pathname === rootPath) {
    return "/";
  }
  return pathname.startsWith(`${rootPath}/`) ? pathname.slice(rootPath.length) : null;
}

function encode(piece: string): string {
  return encodeURIComponent(piece);
}

function decode(piece: string): string {
  try {
    return decodeURIComponent(piece);
  } catch {
    return piece;
  }
}
