/** Every page there is, with what its address carries. */
export type Route =
  | { readonly page: "projects" }
  | ProjectRoute
  | { readonly page: "trace"; readonly projectId: string | null; readonly traceId: string }
  /** A span whose trace has to be found first. */
  | { readonly page: "span"; readonly spanId: string }
  | { readonly page: "signIn" }
  /** Where people land after leaving, when they cannot sign in with a password. */
  | { readonly page: "signedOut" }
  | { readonly page: "forgottenPassword" }
  /** The person's own password must be changed before anything else. */
  | { readonly page: "firstPassword" }
  /** The link in a mail; the token is in the query. */
  | { readonly page: "resetPassword" }
  | { readonly page: "profile" }
  | { readonly page: "settings"; readonly tab: SettingsTab }
  | { readonly page: "missing"; readonly path: string };

/** What lies within a project. Its id may be its name instead, in links that were not made here. */
export type ProjectRoute =
  | { readonly page: "project"; readonly projectId: string; readonly tab: ProjectTab }
  | { readonly page: "session"; readonly projectId: string; readonly sessionId: string };

export type SettingsTab = "users" | "keys";

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
    case "signIn":
    case "signedOut":
    case "forgottenPassword":
    case "firstPassword":
    case "resetPassword":
    case "profile":
      return accountPaths[route.page];
    case "settings":
      return `/settings/${route.tab === "users" ? "users" : "api-keys"}`;
    case "missing":
      return route.path;
  }
}

/** The addresses are Phoenix's: they stand in mails and in the answers of `/auth` and `/oauth2`. */
const accountPaths = {
  signIn: "/login",
  signedOut: "/logout",
  forgottenPassword: "/forgot-password",
  firstPassword: "/reset-password",
  resetPassword: "/reset-password-with-token",
  profile: "/profile",
} as const;

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
  return parseAccountRoute(pieces) ?? { page: "missing", path };
}

function parseAccountRoute(pieces: readonly string[]): Route | null {
  const path = `/${pieces.join("/")}`;
  for (const page of Object.keys(accountPaths) as (keyof typeof accountPaths)[]) {
    if (accountPaths[page] === path) {
      return { page };
    }
  }
  if (path === "/settings" || path === "/settings/users" || path === "/settings/general") {
    return { page: "settings", tab: "users" };
  }
  return path === "/settings/api-keys" ? { page: "settings", tab: "keys" } : null;
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
