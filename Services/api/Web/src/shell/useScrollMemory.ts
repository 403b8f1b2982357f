import { useLayoutEffect } from "react";
import { currentLocation, type Location } from "../router/history";

// By entry of the history. The browser's own memory acts before a page's rows are there.
const positions = new Map<string, number>();
window.history.scrollRestoration = "manual";
window.addEventListener("scroll", () => positions.set(currentLocation().key, window.scrollY), { passive: true });

/** Puts a page that the reader comes back to where it was left, and a new one to its top, with the focus on its content. */
export function useScrollMemory(location: Location): void {
  const { key, isReturn } = location;
  useLayoutEffect(() => {
    window.scrollTo(0, isReturn ? positions.get(key) ?? 0 : 0);
    if (document.activeElement === document.body || document.activeElement === null) {
      document.getElementById("content")?.focus({ preventScroll: true });
    }
  }, [key, isReturn]);
}
