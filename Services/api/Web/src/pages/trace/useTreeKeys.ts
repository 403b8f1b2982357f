import type { KeyboardEvent } from "react";
import type { SpanSkeleton } from "../../data";
import type { TreeLine } from "../../model/spanTree";
import { useShortcuts } from "../../shell/shortcuts";

interface TreeKeys {
  readonly lines: readonly TreeLine<SpanSkeleton>[];
  readonly chosenIndex: number;
  readonly onChoose: (spanId: string) => void;
  readonly onToggle: (spanId: string) => void;
  readonly reveal: (row: number) => void;
}

/** The keys of a tree, as the ARIA Authoring Practices have them ("Tree View"), and j and k from anywhere on the page. */
export function useTreeKeys({ lines, chosenIndex, onChoose, onToggle, reveal }: TreeKeys) {
  const line = lines[chosenIndex];

  function goTo(index: number) {
    const next = lines[Math.max(0, Math.min(lines.length - 1, index))];
    if (next !== undefined) {
      onChoose(next.node.span.spanId);
      reveal(lines.indexOf(next));
    }
  }
  function fold() {
    if (line?.isExpanded === true) {
      onToggle(line.node.span.spanId);
    } else if (line?.node.parent != null) {
      onChoose(line.node.parent.span.spanId);
    }
  }
  function unfold() {
    if (line === undefined || line.node.children.length === 0) {
      return;
    }
    if (line.isExpanded) {
      goTo(chosenIndex + 1);
    } else {
      onToggle(line.node.span.spanId);
    }
  }
  useShortcuts("Spans", [
    { keys: ["j", "ArrowDown"], does: "Next span", run: (event) => act(event, () => goTo(chosenIndex + 1)) },
    { keys: ["k", "ArrowUp"], does: "Previous span", run: (event) => act(event, () => goTo(chosenIndex - 1)) },
    { keys: ["ArrowLeft"], does: "Fold, or go to the parent", run: (event) => act(event, fold) },
    { keys: ["ArrowRight"], does: "Unfold, or go to the first child", run: (event) => act(event, unfold) },
  ]);

  return (event: KeyboardEvent) => {
    const actions: Record<string, () => void> = {
      ArrowDown: () => goTo(chosenIndex + 1),
      ArrowUp: () => goTo(chosenIndex - 1),
      ArrowLeft: fold,
      ArrowRight: unfold,
      Home: () => goTo(0),
      End: () => goTo(lines.length - 1),
      Enter: () => document.getElementById("span-pane")?.focus(),
      " ": () => line !== undefined && line.node.children.length > 0 && onToggle(line.node.span.spanId),
    };
    const action = event.ctrlKey || event.metaKey || event.altKey ? undefined : actions[event.key];
    if (action !== undefined) {
      event.preventDefault();
      event.stopPropagation();
      action();
    }
  };
}

/** Arrow keys outside of the tree scroll what has the focus, unless nothing has. */
function act(event: globalThis.KeyboardEvent, action: () => void) {
  const isNowhere = document.activeElement === document.body || document.activeElement?.id === "content";
  if (event.key.startsWith("Arrow") && !isNowhere) {
    return;
  }
  event.preventDefault();
  action();
}
