import type { Instant } from "../data";
import { agoText, isoText, momentText } from "../format/time";
import { useNow } from "./useNow";

/** How long ago something was; the exact time is its tooltip. */
export function TimeAgo({ instant }: { instant: Instant }) {
  // The clock ticks every few seconds: what is newer than its last tick is not in the future.
  const now = Math.max(useNow(), instant);
  return (
    <time className="numeric" dateTime={isoText(instant)} title={momentText(instant)}>
      {agoText(instant, now)}
    </time>
  );
}
