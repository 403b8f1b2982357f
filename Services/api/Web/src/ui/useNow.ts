import { useSyncExternalStore } from "react";
import type { Instant } from "../data";
import { nowInstant } from "../format/time";

// One clock for all relative times on the page, so that they move together and cost one timer.
const tick = 5_000;
const listeners = new Set<() => void>();
let now = nowInstant();
let timer: number | undefined;

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  if (listeners.size === 1) {
    timer = window.setInterval(() => {
      now = nowInstant();
      listeners.forEach((each) => each());
    }, tick);
  }
  return () => {
    listeners.delete(listener);
    if (listeners.size === 0) {
      window.clearInterval(timer);
    }
  };
}

/** The present, renewed every few seconds. */
export function useNow(): Instant {
  return useSyncExternalStore(subscribe, () => now);
}
