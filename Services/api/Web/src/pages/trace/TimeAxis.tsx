import { useRef, type RefObject } from "react";
import { durationText } from "../../format/duration";
import { durationTicks } from "../../model/series";
import { useWidth } from "../../ui/useWidth";

/** The head of the tree's columns; over the bars, the time since the trace began, in milliseconds up to `total`. */
export function TimeAxis({ total }: { total: number }) {
  const box = useRef<HTMLDivElement>(null);
  const ticks = useTicks(box, total);
  return (
    <div className="time-axis" aria-hidden="true">
      <span>Span</span>
      <div className="time-axis-scale" ref={box}>
        {ticks.map(({ time, left }) => <span key={time} className="numeric" style={{ left }}>{time === 0 ? "0" : durationText(time)}</span>)}
      </div>
      <span className="time-axis-end">Duration</span>
    </div>
  );
}

/** The axis' marks, carried on behind the bars. */
export function TimeGrid({ total }: { total: number }) {
  const box = useRef<HTMLDivElement>(null);
  const ticks = useTicks(box, total);
  return (
    <div className="tree-grid" aria-hidden="true">
      <div ref={box}>{ticks.map(({ time, left }) => <span key={time} style={{ left }} />)}</div>
    </div>
  );
}

function useTicks(box: RefObject<HTMLElement>, total: number) {
  const width = useWidth(box);
  const ticks = width === 0 ? [] : durationTicks(total, Math.max(1, Math.floor(width / 80)));
  // The last one's words must not run into the next column.
  return ticks
    .map((time) => ({ time, share: total > 0 ? time / total : 0 }))
    .filter(({ time, share }) => time === 0 || share * width < width - 36)
    .map(({ time, share }) => ({ time, left: `${share * 100}%` }));
}
