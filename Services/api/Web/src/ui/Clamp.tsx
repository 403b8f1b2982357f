import "./Clamp.css";
import { useLayoutEffect, useRef, useState, type ReactNode } from "react";

/** Shows the beginning of something long, and all of it when asked. `height` is in CSS pixels. */
export function Clamp({ height, children }: { height: number; children: ReactNode }) {
  const box = useRef<HTMLDivElement>(null);
  const [isLong, setLong] = useState(false);
  const [isOpen, setOpen] = useState(false);
  useLayoutEffect(() => {
    const inner = box.current?.firstElementChild;
    if (inner === null || inner === undefined) {
      return;
    }
    // A little more than the limit is shown: a button would take the room that hiding it saves.
    const measure = () => setLong(inner.scrollHeight > height * 1.25 + 24);
    measure();
    const sizes = new ResizeObserver(measure);
    sizes.observe(inner);
    return () => sizes.disconnect();
  }, [height]);
  const isCut = isLong && !isOpen;
  return (
    <div className={isCut ? "clamp clamp-cut" : "clamp"}>
      <div className="clamp-box" ref={box} style={isCut ? { maxHeight: height } : undefined}><div>{children}</div></div>
      {isLong && (
        <button type="button" className="clamp-button" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
          {isOpen ? "Show less" : "Show all"}
        </button>
      )}
    </div>
  );
}
