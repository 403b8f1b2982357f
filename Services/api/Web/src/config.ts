/** What the server writes into the page: `<script type="application/json" id="bennu-config">`. */
export interface PageConfig {
  /** The path that everything lies below, without a slash at its end; empty at the top of the host. */
  readonly rootPath: string;
  readonly version: string;
}

export function readPageConfig(text: string | null | undefined): PageConfig {
  let value: unknown = null;
  try {
    value = JSON.parse(text ?? "");
  } catch {
    // A page that nobody filled in is served from the top of its host.
  }
  const fields = (typeof value === "object" && value !== null ? value : {}) as Record<string, unknown>;
  const rootPath = typeof fields.rootPath === "string" ? fields.rootPath.replace(/\/+$/, "") : "";
  return {
    rootPath: rootPath === "" || rootPath.startsWith("/") ? rootPath : `/${rootPath}`,
    version: typeof fields.version === "string" ? fields.version : "",
  };
}

export const pageConfig: PageConfig = readPageConfig(
  typeof document === "undefined" ? null : document.getElementById("bennu-config")?.textContent,
);

/** The origin and root path, as clients outside the browser must be told: `https://host/root`. */
export function publicURL(): string {
  return `${window.location.origin}${pageConfig.rootPath}`;
}
