import { createContext, useState } from "react";

/** Whether texts are laid out (Markdown, JSON) or shown letter by letter as they were sent. */
export type TextMode = "formatted" | "sent";

export const TextModeContext = createContext<TextMode>("formatted");

const storageKey = "bennu.text";

export function useTextMode(): [TextMode, (mode: TextMode) => void] {
  const [mode, set] = useState<TextMode>(stored);
  function choose(next: TextMode) {
    set(next);
    try {
      window.localStorage.setItem(storageKey, next);
    } catch {
      // Without storage it lasts as long as the page.
    }
  }
  return [mode, choose];
}

function stored(): TextMode {
  try {
    return window.localStorage.getItem(storageKey) === "sent" ? "sent" : "formatted";
  } catch {
    return "formatted";
  }
}
