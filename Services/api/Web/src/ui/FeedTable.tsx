import "./FeedTable.css";
import { useEffect, useRef, useState, type FocusEvent, type ReactNode, type RefObject } from "react";
import { flushSync } from "react-dom";
import type { FeedRow, FeedView } from "../data";
import { Link } from "../router/Link";
import { currentLocation } from "../router/history";
import { useShortcuts } from "../shell/shortcuts";
import { countedText } from "../format/number";
import { Icon } from "./Icon";
import { DataNotice, Skeleton } from "./Notice";
import { useMediaQuery } from "./useMediaQuery";
import { useVirtualRows } from "./useVirtualRows";

export interface Column<Row> {
  readonly name: string;
  readonly title: string;
  /** The title is for screen readers only. */
  readonly isTitleHidden?: boolean;
  readonly isNumeric?: boolean;
  /** Its content is the link that the whole row is. */
  readonly isLink?: boolean;
  readonly cell: (row: Row) => ReactNode;
}

export interface FeedTableProps<Row extends FeedRow> {
  readonly view: FeedView<Row>;
  readonly columns: readonly Column<Row>[];
  /** The class that lays the columns out. */
  readonly layout: string;
  readonly label: string;
  readonly noun: string;
  readonly rowHref: (row: Row) => string;
  readonly rowLabel: (row: Row) => string;
  /** What stands there when there is no row. */
  readonly empty: ReactNode;
}

/** What sticks to the top of the page: the bar, the tools above the table, and its header. */
const coveredTop = 48 + 48 + 32;

/**
 * A long live list: only rows in sight are drawn, older ones come as the reader scrolls, and new ones appear at the top,
 * or wait behind a button while the reader looks at others.
 */
export function FeedTable<Row extends FeedRow>(props: FeedTableProps<Row>) {
  const { view, columns, layout, label, noun, rowHref, rowLabel } = props;
  const isNarrow = useMediaQuery("(max-width: 720px)");
  const rowHeight = isNarrow ? 84 : 42;
  const rows: readonly Row[] = view.feed?.rows ?? [];
  const list = useRef<HTMLDivElement>(null);
  const { first, end, reveal } = useVirtualRows({ count: rows.length, rowHeight, list, coveredTop });
  const fresh = useFreshRows(view.feed?.rows ?? null);
  useHold(view, list);
  useMoreOnScroll(view, end >= rows.length - 12);
  const { activeIndex, onFocus } = useRowKeys(rows, list, reveal, noun);

  if (view.feed === null) {
    return view.error === null
      ? <LoadingRows columns={columns} layout={layout} />
      : <DataNotice error={view.error} isStale={false} onRetry={view.retry} />;
  }
  return (
    <>
      {/* What heals by itself is told by the page, once. */}
      {view.error !== null && !view.error.isRetryable && <DataNotice error={view.error} isStale onRetry={view.retry} />}
      <NewRows view={view} noun={noun} list={list} />
      {rows.length === 0 ? props.empty : (
        <div
          className={`feed-table ${layout}`} role="table" aria-label={label}
          aria-rowcount={view.feed.nextCursor === null ? rows.length + 1 : -1}
        >
          <HeaderRow columns={columns} />
          <div className="feed-rows" role="rowgroup" ref={list} style={{ height: rows.length * rowHeight }} onFocus={onFocus}>
            {rows.slice(first, end).map((row, offset) => (
              <TableRow
                key={row.id} row={row} index={first + offset} height={rowHeight} columns={columns} href={rowHref(row)} label={rowLabel(row)}
                isNew={fresh.has(row.id)} isActive={first + offset === activeIndex}
              />
            ))}
          </div>
        </div>
      )}
      {rows.length > 0 && <p className="feed-end" role="status">{endText(view, rows.length, noun)}</p>}
    </>
  );
}

interface TableRowProps<Row> {
  readonly row: Row;
  readonly index: number;
  readonly height: number;
  readonly columns: readonly Column<Row>[];
  readonly href: string;
  readonly label: string;
  readonly isNew: boolean;
  /** The one that the tabulator reaches. */
  readonly isActive: boolean;
}

function TableRow<Row>({ row, index, height, columns, href, label, isNew, isActive }: TableRowProps<Row>) {
  return (
    <div
      role="row" aria-rowindex={index + 2} className={isNew ? "feed-row feed-row-new" : "feed-row"}
      style={{ height, transform: `translateY(${index * height}px)` }}
    >
      {columns.map((column) => (
        <div key={column.name} role="cell" className={cellClass(column)}>
          {column.isLink !== true ? column.cell(row) : (
            <Link className="feed-link" href={href} aria-label={label} data-row={index} tabIndex={isActive ? 0 : -1}>
              {column.cell(row)}
            </Link>
          )}
        </div>
      ))}
    </div>
  );
}

function HeaderRow<Row>({ columns }: { columns: readonly Column<Row>[] }) {
  return (
    <div role="rowgroup" className="feed-header">
      <div role="row" aria-rowindex={1} className="feed-header-row">
        {columns.map((column) => <div key={column.name} role="columnheader" className={cellClass(column)}>{titleOf(column)}</div>)}
      </div>
    </div>
  );
}

function titleOf<Row>(column: Column<Row>): ReactNode {
  return column.isTitleHidden === true ? <span className="hidden-visually">{column.title}</span> : column.title;
}

function cellClass<Row>(column: Column<Row>): string {
  return `feed-cell feed-cell-${column.name}${column.isNumeric === true ? " feed-cell-numeric numeric" : ""}`;
}

function endText(view: FeedView<FeedRow>, count: number, noun: string): string {
  if (view.isLoadingMore) {
    return "Loading older ones…";
  }
  return view.feed?.nextCursor === null ? `That is all: ${countedText(count, noun)}` : "";
}

function LoadingRows<Row>({ columns, layout }: { columns: readonly Column<Row>[]; layout: string }) {
  return (
    <div className={`feed-table ${layout}`} aria-busy="true" aria-label="Loading">
      {Array.from({ length: 12 }, (_, index) => (
        <div key={index} className="feed-row feed-row-loading">
          {columns.map((column) => (
            <div key={column.name} className={cellClass(column)}><Skeleton width={column.isTitleHidden === true ? 8 : "70%"} /></div>
          ))}
        </div>
      ))}
    </div>
  );
}

/** The button that says how many rows wait, and shows them. */
function NewRows({ view, noun, list }: { view: FeedView<FeedRow>; noun: string; list: RefObject<HTMLElement> }) {
  const count = view.feed?.waiting.length ?? 0;
  function show() {
    view.hold(false);
    view.release();
    const top = list.current?.getBoundingClientRect().top ?? 0;
    window.scrollBy({ top: top - coveredTop });
  }
  return (
    <div className="feed-news" role="status">
      {count > 0 && (
        <button type="button" className="feed-news-button" onClick={show}>
          <Icon name="arrow-up" size={12} />
          {view.feed?.waitingRestartsAt === null ? countedText(count, `new ${noun}`) : `More than ${count} new ${noun}s`}
        </button>
      )}
    </div>
  );
}

/** Holds new rows back while the first row is out of sight, and shows them as soon as it is not. */
function useHold(view: FeedView<FeedRow>, list: RefObject<HTMLElement>) {
  const { hold, release } = view;
  const waits = (view.feed?.waiting.length ?? 0) > 0;
  useEffect(() => {
    function decide() {
      const isHeld = (list.current?.getBoundingClientRect().top ?? coveredTop) < coveredTop - 4;
      hold(isHeld);
      if (!isHeld && waits) {
        release();
      }
    }
    decide();
    window.addEventListener("scroll", decide, { passive: true });
    return () => window.removeEventListener("scroll", decide);
  }, [hold, release, waits, list]);
}

function useMoreOnScroll(view: FeedView<FeedRow>, isNearEnd: boolean) {
  const { loadMore, isLoadingMore, feed, error } = view;
  const hasMore = feed !== null && feed.nextCursor !== null;
  useEffect(() => {
    if (isNearEnd && hasMore && !isLoadingMore && error === null) {
      loadMore();
    }
  }, [isNearEnd, hasMore, isLoadingMore, error, loadMore]);
}

/** The rows that came in since the list was first shown, for a moment of emphasis. */
function useFreshRows(rows: readonly FeedRow[] | null): ReadonlySet<string> {
  const newest = useRef<number | null>(null);
  const fresh = useRef(new Set<string>());
  const before = newest.current;
  if (before !== null && rows !== null) {
    rows.filter((row) => row.startTime > before).forEach((row) => fresh.current.add(row.id));
  }
  useEffect(() => {
    if (rows === null) {
      return;
    }
    newest.current = Math.max(newest.current ?? 0, rows[0]?.startTime ?? 0);
    const timer = window.setTimeout(() => fresh.current.clear(), 2_000);
    return () => window.clearTimeout(timer);
  }, [rows]);
  return fresh.current;
}

/** Which row the reader was at, by address of the page, for when they come back. */
const lastActive = new Map<string, string>();

function useRowKeys(
  rows: readonly FeedRow[], list: RefObject<HTMLElement>, reveal: (row: number) => void, noun: string,
) {
  const location = currentLocation().key;
  const [activeId, setActiveId] = useState<string | null>(lastActive.get(location) ?? null);
  const found = rows.findIndex((row) => row.id === activeId);
  const activeIndex = Math.max(0, found);

  function focusRow(index: number) {
    // The row may not be drawn yet, and only what is drawn can have the focus.
    flushSync(() => reveal(index));
    list.current?.querySelector<HTMLElement>(`[data-row="${index}"]`)?.focus({ preventScroll: true });
  }
  function move(event: KeyboardEvent, step: number) {
    const isInside = list.current?.contains(document.activeElement) ?? false;
    if (event.key.startsWith("Arrow") && !isInside) {
      return;
    }
    event.preventDefault();
    focusRow(found < 0 && !isInside ? 0 : Math.min(rows.length - 1, Math.max(0, activeIndex + step)));
  }
  useShortcuts("This list", [
    { keys: ["j", "ArrowDown"], does: `Next ${noun}`, run: (event) => move(event, 1) },
    { keys: ["k", "ArrowUp"], does: `Previous ${noun}`, run: (event) => move(event, -1) },
    { keys: ["Enter"], does: `Open the ${noun}`, run: () => undefined },
  ]);
  useEffect(() => {
    if (found >= 0 && currentLocation().isReturn) {
      // By the next frame the page is where it was left.
      const frame = window.requestAnimationFrame(() => focusRow(found));
      return () => window.cancelAnimationFrame(frame);
    }
    return undefined;
    // Only when the page is shown.
  }, []);

  function onFocus(event: FocusEvent) {
    const index = event.target instanceof HTMLElement ? event.target.dataset.row : undefined;
    const row = index === undefined ? undefined : rows[Number(index)];
    if (row !== undefined) {
      lastActive.set(location, row.id);
      setActiveId(row.id);
    }
  }
  return { activeIndex, onFocus };
}
