import { useEffect, useState } from "react";
import { Icon } from "./Icon";

/** Copies a text and says so for a moment. With children it shows them as its label. */
export function CopyButton({ text, label, children }: { text: string | (() => string); label: string; children?: string }) {
  const [outcome, setOutcome] = useState<"idle" | "copied" | "failed">("idle");
  useEffect(() => {
    if (outcome === "idle") {
      return;
    }
    const timer = window.setTimeout(() => setOutcome("idle"), 1_600);
    return () => window.clearTimeout(timer);
  }, [outcome]);

  const said = outcome === "copied" ? "Copied" : outcome === "failed" ? "Not copied" : label;
  return (
    <button
      type="button" className={children === undefined ? "button-icon button-small" : "button button-small"} aria-label={said} title={said}
      onClick={(event) => {
        event.stopPropagation();
        void copied(typeof text === "function" ? text() : text).then((done) => setOutcome(done ? "copied" : "failed"));
      }}
    >
      <Icon name={outcome === "copied" ? "check" : outcome === "failed" ? "close" : "copy"} size={14} />
      {children !== undefined && <span>{outcome === "idle" ? children : said}</span>}
      <span className="hidden-visually" role="status">{outcome === "idle" ? "" : said}</span>
    </button>
  );
}

async function copied(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return copiedBySelection(text);
  }
}

/** The clipboard's interface is for secure origins only; a server on plain HTTP in somebody's network is none. */
function copiedBySelection(text: string): boolean {
  const area = document.createElement("textarea");
  area.value = text;
  area.setAttribute("readonly", "");
  area.className = "hidden-visually";
  const host = document.querySelector("dialog[open]") ?? document.body;
  const focused = document.activeElement;
  host.append(area);
  area.select();
  const done = document.execCommand("copy");
  area.remove();
  if (focused instanceof HTMLElement) {
    focused.focus();
  }
  return done;
}
