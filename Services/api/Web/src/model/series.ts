import type { Instant, Series, SeriesPoint, SeriesWindow } from "../data/types";

const windowSeconds: Record<SeriesWindow, number> = { "1h": 3_600, "24h": 86_400, "7d": 7 * 86_400, "30d": 30 * 86_400 };

/** Widths that buckets may be put together to, in seconds: ones that people count in. */
const widths = [60, 120, 300, 600, 900, 1_800, 3_600, 7_200, 10_800, 21_600, 43_200, 86_400, 172_800];

/**
 * A window's buckets without gaps, from old to new, at most `countMax` of them: missing ones are zero, and narrow ones
 * are put together. The last one is the one that `now` lies in.
 */
export function filledSeries(series: Series, window: SeriesWindow, now: Instant, countMax: number): Series {
  const span = windowSeconds[window];
  const width =
    widths.find((candidate) => candidate >= series.bucketSeconds && candidate % series.bucketSeconds === 0
      && span / candidate <= countMax) ?? Math.max(series.bucketSeconds, 86_400);
  const micros = width * 1_000_000;
  const last = Math.floor(now / micros);
  const count = Math.max(1, Math.ceil(span / width));
  const points = Array.from({ length: count }, (_, index) => emptyPoint((last - count + 1 + index) * micros));
  for (const point of series.points) {
    const index = Math.floor(point.time / micros) - (last - count + 1);
    const sum = points[index];
    if (sum !== undefined) {
      points[index] = added(sum, point);
    }
  }
  return { bucketSeconds: width, points };
}

function emptyPoint(time: Instant): SeriesPoint {
  return { time, traceCount: 0, spanCount: 0, errorCount: 0, promptTokens: 0, completionTokens: 0 };
}

function added(sum: SeriesPoint, point: SeriesPoint): SeriesPoint {
  return {
    time: sum.time,
    traceCount: sum.traceCount + point.traceCount,
    spanCount: sum.spanCount + point.spanCount,
    errorCount: sum.errorCount + point.errorCount,
    promptTokens: sum.promptTokens + point.promptTokens,
    completionTokens: sum.completionTokens + point.completionTokens,
  };
}

/** Round numbers from 0 to at least `greatest`, about `count` of them, for an axis. Whole ones: these are counts. */
export function axisTicks(greatest: number, count: number): readonly number[] {
  if (greatest <= 0) {
    return [0, 1];
  }
  const rough = greatest / count;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = Math.max(1, [1, 2, 5, 10].map((factor) => factor * power).find((candidate) => candidate >= rough) ?? rough);
  const ticks: number[] = [];
  for (let tick = 0; ; tick += step) {
    ticks.push(tick);
    if (tick >= greatest) {
      return ticks;
    }
  }
}

/** Round durations in milliseconds from 0 to at most `total`, about `count` of them. */
export function durationTicks(total: number, count: number): readonly number[] {
  if (!(total > 0)) {
    return [0];
  }
  const rough = total / count;
  const steps = [1_000, 2_000, 5_000, 10_000, 15_000, 30_000, 60_000, 120_000, 300_000, 600_000, 1_800_000, 3_600_000];
  const power = 10 ** Math.floor(Math.log10(rough));
  const small = [1, 2, 5, 10].map((factor) => factor * power).find((candidate) => candidate >= rough) ?? rough;
  const step = rough < 1_000 ? small : steps.find((candidate) => candidate >= rough * 0.75) ?? small;
  const ticks: number[] = [];
  for (let tick = 0; tick <= total; tick += step) {
    ticks.push(tick);
  }
  return ticks;
}
