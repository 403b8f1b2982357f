const grouped = new Intl.NumberFormat("en");
const cents = new Intl.NumberFormat("en", { minimumFractionDigits: 2, maximumFractionDigits: 2 });

/** Every digit: `12,345`. */
export function exactText(value: number): string {
  return grouped.format(value);
}

const units: readonly [number, string][] = [[1e12, "T"], [1e9, "B"], [1e6, "M"], [1e3, "k"]];

/** A count in at most three digits: `0`, `842`, `12.3k`, `4.06M`. */
export function countText(value: number): string {
  const size = Math.abs(value);
  if (size < 1_000) {
    return grouped.format(Math.round(value * 10) / 10);
  }
  for (const [unit, suffix] of units) {
    // The border lies where rounding would give 1000 of the smaller unit.
    if (size >= unit * 0.9995) {
      return `${significant(value / unit)}${suffix}`;
    }
  }
  return grouped.format(value);
}

/** US dollars: cents from a cent on, else as many digits as it takes to see something; `–` for nothing. */
export function costText(dollars: number | null): string {
  if (dollars === null || dollars === 0) {
    return "–";
  }
  if (dollars < 0.000_05) {
    return "<$0.0001";
  }
  if (dollars < 0.01) {
    return `$${dollars.toFixed(4)}`;
  }
  if (dollars < 1) {
    return `$${dollars.toFixed(3)}`;
  }
  return dollars < 10_000 ? `$${cents.format(dollars)}` : `$${countText(dollars)}`;
}

/** A share of one as a percentage: `0%`, `<0.1%`, `3.2%`, `45%`. */
export function shareText(share: number): string {
  const percent = share * 100;
  if (!Number.isFinite(percent) || percent <= 0) {
    return "0%";
  }
  if (percent < 0.1) {
    return "<0.1%";
  }
  return percent < 9.95 ? `${percent.toFixed(1).replace(/\.0$/, "")}%` : `${Math.round(percent)}%`;
}

/** Bytes for people, in units of 1024: `512 B`, `12.3 KiB`. */
export function bytesText(bytes: number): string {
  if (bytes < 1_024) {
    return `${bytes} B`;
  }
  return bytes < 1_048_576 ? `${significant(bytes / 1_024)} KiB` : `${significant(bytes / 1_048_576)} MiB`;
}

/** `1 trace`, `2 traces`. */
export function countedText(count: number, noun: string, plural = `${noun}s`): string {
  return `${exactText(count)} ${count === 1 ? noun : plural}`;
}

function significant(value: number): string {
  const size = Math.abs(value);
  const text = value.toFixed(size < 9.995 ? 2 : size < 99.95 ? 1 : 0);
  return text.includes(".") ? text.replace(/\.?0+$/, "") : text;
}
