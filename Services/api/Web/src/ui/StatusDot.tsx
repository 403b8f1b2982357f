import "./StatusDot.css";
import type { StatusCode } from "../data";

const words: Record<StatusCode, string> = { OK: "OK", ERROR: "Error", UNSET: "No status" };

/** A status as a dot: filled for OK, a ring for none, a diamond for errors, so that colour is not all that tells. */
export function StatusDot({ status }: { status: StatusCode }) {
  return <span className={`status-dot status-dot-${status.toLowerCase()}`} role="img" aria-label={words[status]} title={words[status]} />;
}

export function StatusBadge({ status }: { status: StatusCode }) {
  return (
    <span className={`status-badge status-badge-${status.toLowerCase()}`}>
      <span className={`status-dot status-dot-${status.toLowerCase()}`} aria-hidden="true" />
      {words[status]}
    </span>
  );
}
