import "./SplitPane.css";
import { useRef, useState, type KeyboardEvent, type PointerEvent, type ReactNode } from "react";

const storageKey = "bennu.split";
const least = 24;
const greatest = 76;

/** Two parts side by side with a border that can be moved, by pointer or arrow keys; its place is remembered. */
export function SplitPane({ left, right, label }: { left: ReactNode; right: ReactNode; label: string }) {
  const box = useRef<HTMLDivElement>(null);
  const [share, setShare] = useState(storedShare);

  function moveTo(next: number) {
    const bounded = Math.round(Math.min(greatest, Math.max(least, next)) * 10) / 10;
    setShare(bounded);
    storeShare(bounded);
  }
  function drag(event: PointerEvent) {
    if (!event.currentTarget.hasPointerCapture(event.pointerId) || box.current === null) {
      return;
    }
    const { left: start, width } = box.current.getBoundingClientRect();
    moveTo(((event.clientX - start) / width) * 100);
  }
  function step(event: KeyboardEvent) {
    const next = { ArrowLeft: share - 2, ArrowRight: share + 2, Home: least, End: greatest }[event.key];
    if (next !== undefined) {
      event.preventDefault();
      event.stopPropagation();
      moveTo(next);
    }
  }

  return (
    <div className="split" ref={box} style={{ gridTemplateColumns: `minmax(0, ${share}fr) 0 minmax(0, ${100 - share}fr)` }}>
      {left}
      <div
        className="split-border" role="separator" aria-orientation="vertical" aria-label={label} tabIndex={0}
        aria-valuenow={Math.round(share)} aria-valuemin={least} aria-valuemax={greatest}
        onPointerDown={(event) => event.currentTarget.setPointerCapture(event.pointerId)} onPointerMove={drag} onKeyDown={step}
        onDoubleClick={() => moveTo(50)}
      />
      {right}
    </div>
  );
}

function storedShare(): number {
  try {
    const value = Number(window.localStorage.getItem(storageKey));
    return value >= least && value <= greatest ? value : 48;
  } catch {
    return 48;
  }
}

function storeShare(share: number): void {
  try {
    window.localStorage.setItem(storageKey, String(share));
  } catch {
    // Without storage it lasts as long as the page.
  }
}
