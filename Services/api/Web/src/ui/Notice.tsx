import type { ReactNode } from "react";
import type { DataError } from "../data";
import { Icon } from "./Icon";

export function Notice({ tone, children, action }: { tone: "ok" | "warning" | "error"; children: ReactNode; action?: ReactNode }) {
  return (
    <div className={tone === "warning" ? "notice" : `notice notice-${tone}`} role={tone === "error" ? "alert" : "status"}>
      <Icon name={tone === "ok" ? "check" : "alert"} size={14} />
      <div className="notice-body">{children}</div>
      {action}
    </div>
  );
}

/** Why something could not be fetched. With `isStale`, what is shown below it is older than it should be. */
export function DataNotice({ error, isStale, onRetry }: { error: DataError; isStale: boolean; onRetry: () => void }) {
  const retry = <button type="button" className="button button-small" onClick={onRetry}>Try again</button>;
  return (
    <Notice tone={isStale ? "warning" : "error"} action={error.reason === "unauthorized" ? undefined : retry}>
      {explanation(error)}
      {isStale ? " What you see is not the newest." : ""}
      {error.isRetryable ? " Trying again by itself." : ""}
    </Notice>
  );
}

function explanation(error: DataError): string {
  switch (error.reason) {
    case "unreachable":
      return "The server cannot be reached.";
    case "unavailable":
      return `The server cannot answer at the moment (${error.message.replace(/\.$/, "")}).`;
    case "unauthorized":
      return "You are not signed in, or may not see this.";
    case "notFound":
    case "refused":
    case "malformed":
      return error.message;
  }
}

/** What stands in the place of things that are not there; `isPage` where it is all that the page says. */
export function Empty({ title, isPage = false, children }: { title: string; isPage?: boolean; children?: ReactNode }) {
  const Heading = isPage ? "h1" : "h2";
  return (
    <div className="empty">
      <Heading>{title}</Heading>
      {children}
    </div>
  );
}

/** A place where something will be. */
export function Skeleton({ width, height = 12 }: { width: number | string; height?: number }) {
  return <span className="skeleton" style={{ width, height }} />;
}
