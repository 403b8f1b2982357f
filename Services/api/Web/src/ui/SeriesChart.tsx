import "./SeriesChart.css";
import { useRef, useState, type KeyboardEvent, type PointerEvent } from "react";
import type { Instant } from "../data";
import { countText, exactText } from "../format/number";
import { clockText, dayAndClockText, shortDayText } from "../format/time";
import { axisTicks } from "../model/series";
import { useWidth } from "./useWidth";

/** One of the parts that a bar is stacked from, the lowest first. */
export interface ChartPart {
  readonly name: string;
  /** Names the class that colours it. */
  readonly tone: "first" | "second" | "error";
  readonly values: readonly number[];
}

interface SeriesChartProps {
  readonly times: readonly Instant[];
  readonly bucketSeconds: number;
  readonly parts: readonly ChartPart[];
  readonly label: string;
  readonly height?: number;
}

const axisWidth = 40;
const axisHeight = 20;

/** Counts by time as stacked bars. Arrow keys walk through the bars as the pointer does. */
export function SeriesChart({ times, bucketSeconds, parts, label, height = 168 }: SeriesChartProps) {
  const box = useRef<HTMLDivElement>(null);
  const width = useWidth(box);
  const [chosen, choose] = useState<number | null>(null);
  const sums = times.map((_, index) => parts.reduce((sum, part) => sum + (part.values[index] ?? 0), 0));
  const ticks = axisTicks(Math.max(0, ...sums), 4);
  const top = ticks[ticks.length - 1] ?? 1;
  const plotWidth = Math.max(0, width - axisWidth);
  const plotHeight = height - axisHeight - 8;
  const step = plotWidth / Math.max(1, times.length);
  const y = (value: number) => 8 + plotHeight * (1 - value / top);

  function point(event: PointerEvent) {
    const left = event.currentTarget.getBoundingClientRect().left + axisWidth;
    const index = Math.floor((event.clientX - left) / step);
    choose(index >= 0 && index < times.length ? index : null);
  }
  function walk(event: KeyboardEvent) {
    const at = chosen ?? times.length;
    const to = { ArrowLeft: at - 1, ArrowRight: at + 1, Home: 0, End: times.length - 1 }[event.key];
    if (to !== undefined) {
      event.preventDefault();
      choose(Math.max(0, Math.min(times.length - 1, to)));
    }
  }

  return (
    <div
      className="chart" ref={box} tabIndex={0} role="group" aria-label={`${label}. Arrow keys walk through the bars.`}
      style={{ height }} onPointerMove={point} onPointerLeave={() => choose(null)} onKeyDown={walk} onBlur={() => choose(null)}
    >
      {width > 0 && (
        <svg width={width} height={height} aria-hidden="true">
          {ticks.map((tick) => (
            <g key={tick}>
              <line className={tick === 0 ? "chart-base" : "chart-grid"} x1={axisWidth} x2={width} y1={y(tick)} y2={y(tick)} />
              <text className="chart-text" x={axisWidth - 8} y={y(tick) + 3.5} textAnchor="end">{countText(tick)}</text>
            </g>
          ))}
          {timeLabels(times, bucketSeconds, plotWidth).map(([index, text]) => (
            <text key={index} className="chart-text" x={axisWidth + index * step} y={height - 4} textAnchor="middle">{text}</text>
          ))}
          {chosen !== null && <rect className="chart-chosen" x={axisWidth + chosen * step} y={8} width={step} height={plotHeight} />}
          {times.map((time, index) => <Bar key={time} index={index} parts={parts} x={axisWidth + index * step} width={step} y={y} />)}
        </svg>
      )}
      {chosen !== null && (
        <Tip
          time={times[chosen] ?? 0} bucketSeconds={bucketSeconds} parts={parts} index={chosen}
          at={axisWidth + (chosen + 0.5) * step} width={width}
        />
      )}
    </div>
  );
}

function Bar({ index, parts, x, width, y }: {
  index: number; parts: readonly ChartPart[]; x: number; width: number; y: (value: number) => number;
}) {
  const gap = Math.min(10, width * 0.25);
  let below = 0;
  return (
    <g>
      {parts.map((part) => {
        const value = part.values[index] ?? 0;
        const bottom = y(below);
        below += value;
        return value === 0 ? null : (
          <rect
            key={part.name} className={`chart-${part.tone}`} x={x + gap / 2} width={Math.max(1, width - gap)}
            y={Math.min(y(below), bottom - 1)} height={Math.max(1, bottom - y(below))} rx={Math.min(1.5, width / 4)}
          />
        );
      })}
    </g>
  );
}

function Tip({ time, bucketSeconds, parts, index, at, width }: {
  time: Instant; bucketSeconds: number; parts: readonly ChartPart[]; index: number; at: number; width: number;
}) {
  const end = time + bucketSeconds * 1_000_000;
  const isLeft = at > width / 2;
  return (
    <div className="chart-tip" role="status" style={isLeft ? { right: width - at + 12 } : { left: at + 12 }}>
      <div className="chart-tip-time">
        {bucketSeconds >= 86_400 ? shortDayText(time) : `${dayAndClockText(time)} – ${clockText(end)}`}
      </div>
      {parts.map((part) => (
        <div key={part.name} className="chart-tip-line">
          <span className={`chart-key chart-key-${part.tone}`} aria-hidden="true" />
          {part.name}
          <span className="numeric">{exactText(part.values[index] ?? 0)}</span>
        </div>
      ))}
    </div>
  );
}

/** Labels at round times, as many as there is room for. */
function timeLabels(times: readonly Instant[], bucketSeconds: number, width: number): readonly (readonly [number, string])[] {
  const isDays = bucketSeconds * times.length > 3 * 86_400;
  const room = Math.max(1, Math.floor(width / (isDays ? 64 : 72)));
  const strides = isDays
    ? [1, 2, 3, 5, 7, 10, 15].map((days) => days * 86_400)
    : [300, 600, 900, 1_800, 3_600, 7_200, 10_800, 14_400, 21_600, 43_200];
  const stride = strides.find((seconds) => seconds >= bucketSeconds && (bucketSeconds * times.length) / seconds <= room) ?? 86_400;
  return times.flatMap((time, index) => {
    // Round in the reader's zone, not in UTC.
    const local = time / 1_000_000 - new Date(time / 1_000).getTimezoneOffset() * 60;
    const past = ((local % stride) + stride) % stride;
    const left = index * (width / times.length);
    const fits = left > 4 && width - left > 16;
    return past < bucketSeconds && fits ? [[index, isDays ? shortDayText(time) : clockText(time)] as const] : [];
  });
}
