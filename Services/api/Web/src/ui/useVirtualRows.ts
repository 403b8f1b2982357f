import { useCallback, useEffect, useLayoutEffect, useState, type RefObject } from "react";

/** Which rows to draw: `first` up to, not including, `end`. */
export interface RowRange {
  readonly first: number;
  readonly end: number;
}

export function rowRange(top: number, height: number, rowHeight: number, count: number, overscan: number): RowRange {
  const first = Math.floor(top / rowHeight) - overscan;
  const end = Math.ceil((top + height) / rowHeight) + overscan;
  return { first: Math.max(0, Math.min(first, count)), end: Math.max(0, Math.min(end, count)) };
}

interface VirtualRows extends RowRange {
  /** Scrolls as little as it takes to have the row in sight, below what sticks to the top. */
  readonly reveal: (row: number) => void;
}

/**
 * The rows of `list` that are in sight, when all have one height. It scrolls with `scroller`, or with the page where none
 * is given.
 */
export function useVirtualRows(options: {
  readonly count: number;
  readonly rowHeight: number;
  readonly list: RefObject<HTMLElement>;
  readonly scroller?: RefObject<HTMLElement>;
  /** What sticks to the top of the view and covers rows. */
  readonly coveredTop?: number;
  readonly overscan?: number;
}): VirtualRows {
  const { count, rowHeight, list, scroller, coveredTop = 0, overscan = 8 } = options;
  const [range, setRange] = useState<RowRange>({ first: 0, end: Math.min(count, 40) });

  const measure = useCallback(() => {
    if (list.current === null) {
      return;
    }
    const view = scroller?.current?.getBoundingClientRect() ?? { top: 0, height: window.innerHeight };
    const next = rowRange(view.top - list.current.getBoundingClientRect().top, view.height, rowHeight, count, overscan);
    setRange((range) => (range.first === next.first && range.end === next.end ? range : next));
  }, [count, rowHeight, list, scroller, overscan]);

  useLayoutEffect(measure);
  useEffect(() => {
    const target = scroller?.current ?? window;
    target.addEventListener("scroll", measure, { passive: true });
    window.addEventListener("resize", measure);
    const sizes = new ResizeObserver(measure);
    sizes.observe(scroller?.current ?? document.body);
    return () => {
      target.removeEventListener("scroll", measure);
      window.removeEventListener("resize", measure);
      sizes.disconnect();
    };
  }, [measure, scroller]);

  const reveal = useCallback(
    (row: number) => {
      if (list.current === null) {
        return;
      }
      const view = scroller?.current?.getBoundingClientRect() ?? { top: 0, bottom: window.innerHeight };
      const top = list.current.getBoundingClientRect().top + row * rowHeight;
      const over = top - (view.top + coveredTop);
      const under = top + rowHeight - view.bottom;
      const shift = over < 0 ? over : under > 0 ? under : 0;
      if (shift !== 0) {
        (scroller?.current ?? window).scrollBy({ top: shift });
      }
      measure();
    },
    [rowHeight, list, scroller, coveredTop, measure],
  );
  return { ...range, reveal };
}
