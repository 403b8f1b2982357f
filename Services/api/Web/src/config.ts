/** What the server writes into the page: `<script type="application/json" id="bennu-config">`. */
export interface PageConfig {
  /** The path that everything lies below, without a slash at its end; empty at the top of the host. */
  readonly rootPath: string;
  readonly version: string;
  /** How people sign in; null where nobody has to. */
  readonly authentication: AuthenticationConfig | null;
}

export interface AuthenticationConfig {
  /** With a mail address and a password kept here. */
  readonly hasPasswords: boolean;
  readonly hasLDAP: boolean;
  /** Whether mail goes out, so that a forgotten password can be replaced. */
  readonly hasMail: boolean;
  readonly hasStrongPasswords: boolean;
  readonly providers: readonly IdentityProvider[];
}

/** Somebody else who says who a person is. */
export interface IdentityProvider {
  readonly id: string;
  readonly name: string;
  /** The sign-in page goes there by itself. */
  readonly isAutomatic: boolean;
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
    authentication: readAuthentication(fields.authentication),
  };
}

function readAuthentication(value: unknown): AuthenticationConfig | null {
  if (typeof value !== "object" || value === null) {
    return null;
  }
  const fields = value as Record<string, unknown>;
  const providers = Array.isArray(fields.providers) ? (fields.providers as Record<string, unknown>[]) : [];
  return {
    hasPasswords: fields.hasPasswords === true,
    hasLDAP: fields.hasLDAP === true,
    hasMail: fields.hasMail === true,
    hasStrongPasswords: fields.hasStrongPasswords === true,
    providers: providers
      .filter((provider) => typeof provider.id === "string" && typeof provider.name === "string")
      .map((provider) => ({
        id: provider.id as string, name: provider.name as string, isAutomatic: provider.isAutomatic === true,
      })),
  };
}

export const pageConfig: PageConfig = readPageConfig(
  typeof document === "undefined" ? null : document.getElementById("bennu-config")?.textContent,
);

/** The origin and root path, as clients outside the browser must be told: `https://host/root`. */
export function publicURL(): string {
  return `${window.location.origin}${pageConfig.rootPath}`;
}
