import { useEffect, useRef } from "react";

/** Something a key does on the page that is shown. */
export interface Shortcut {
  /** As `event.key` says it; several keys may do the same. */
  readonly keys: readonly string[];
  readonly does: string;
  readonly run: (event: KeyboardEvent) => void;
}

export interface ShortcutGroup {
  readonly title: string;
  readonly shortcuts: readonly Shortcut[];
}

const groups: { current: ShortcutGroup }[] = [];

/** The keys that work now. Those of a page come before the application's, and win over them. */
export function shortcutGroups(): readonly ShortcutGroup[] {
  return groups.map((group) => group.current).sort((a, b) => Number(a.title === everywhere) - Number(b.title === everywhere));
}

export const everywhere = "Everywhere";

/** Has these keys work for as long as the component is there. Keys typed into fields are left alone. */
export function useShortcuts(title: string, shortcuts: readonly Shortcut[]): void {
  const group = useRef<ShortcutGroup>({ title, shortcuts });
  group.current = { title, shortcuts };
  useEffect(() => {
    const mine = group;
    groups.push(mine);
    return () => {
      groups.splice(groups.indexOf(mine), 1);
    };
  }, []);
}

window.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) {
    return;
  }
  if (document.querySelector("dialog[open]") !== null) {
    return;
  }
  for (const group of shortcutGroups()) {
    const shortcut = group.shortcuts.find((each) => each.keys.includes(event.key));
    if (shortcut !== undefined) {
      shortcut.run(event);
      return;
    }
  }
});

function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName));
}
