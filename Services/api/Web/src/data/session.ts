import { pageConfig } from "../config";
import { DataError } from "./DataError";

/**
 * `fetch` for what needs a signed-in person. An access token lives for minutes: where one has ended, the refresh token is
 * exchanged for new ones and the request is made again, so that pages notice nothing. Where that fails the sign-in page is
 * gone to, with the way back.
 */
export async function authorizedFetch(address: string, options: RequestInit = {}): Promise<Response> {
  const response = await reached(address, options);
  if (response.status !== 401 || pageConfig.authentication === null) {
    return response;
  }
  if (!(await renewed())) {
    goToSignIn();
    return response;
  }
  const second = await reached(address, options);
  if (second.status === 401) {
    goToSignIn();
  }
  return second;
}

/** `fetch` with the page's cookies; what is not reached rejects with a `DataError`, what is aborted with the signal's reason. */
export async function reached(address: string, options: RequestInit = {}): Promise<Response> {
  try {
    return await fetch(address, { credentials: "same-origin", ...options });
  } catch {
    options.signal?.throwIfAborted();
    throw new DataError("unreachable", "The server cannot be reached.");
  }
}

let renewal: Promise<boolean> | null = null;

/** New tokens for the old; many requests that find their token ended share one exchange. */
function renewed(): Promise<boolean> {
  renewal ??= exchange().finally(() => {
    renewal = null;
  });
  return renewal;
}

const lockName = "bennu-session";
const renewedAtKey = "bennu.session.renewedAt";

/** One tab at a time: a refresh token is good for one exchange, and a second use of it would end the session. */
async function exchange(): Promise<boolean> {
  const askedAt = Date.now();
  if (!("locks" in navigator)) {
    return exchangeNow();
  }
  return navigator.locks.request(lockName, async () => {
    const renewedAt = Number(window.localStorage.getItem(renewedAtKey) ?? "0");
    return renewedAt > askedAt ? true : exchangeNow();
  });
}

async function exchangeNow(): Promise<boolean> {
  const response = await reached("auth/refresh", { method: "POST" });
  if (response.ok) {
    window.localStorage.setItem(renewedAtKey, String(Date.now()));
  }
  return response.ok;
}

function goToSignIn(): void {
  const { pathname, search } = window.location;
  const inside = pathname.slice(pageConfig.rootPath.length) || "/";
  if (inside.startsWith("/login") || inside.startsWith("/logout")) {
    return;
  }
  const query = new URLSearchParams(inside === "/" ? {} : { returnUrl: inside + search }).toString();
  window.location.assign(`${pageConfig.rootPath}/login${query === "" ? "" : `?${query}`}`);
}
