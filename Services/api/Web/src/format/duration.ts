/** Milliseconds for people, in three significant digits or less: `0 ms`, `840 µs`, `12.4 ms`, `1.24 s`, `2m 03s`, `1h 04m`. */
export function durationText(milliseconds: number): string {
  if (!Number.isFinite(milliseconds)) {
    return "–";
  }
  if (milliseconds < 0) {
    return `−${durationText(-milliseconds)}`;
  }
  if (milliseconds === 0) {
    return "0 ms";
  }
  if (milliseconds < 0.9995) {
    return `${Math.round(milliseconds * 1_000)} µs`;
  }
  if (milliseconds < 999.5) {
    return `${digits(milliseconds)} ms`;
  }
  if (milliseconds < 59_950) {
    return `${digits(milliseconds / 1_000)} s`;
  }
  const seconds = Math.round(milliseconds / 1_000);
  if (seconds < 3_600) {
    return `${Math.floor(seconds / 60)}m ${two(seconds % 60)}s`;
  }
  const minutes = Math.round(milliseconds / 60_000);
  if (minutes < 48 * 60) {
    return `${Math.floor(minutes / 60)}h ${two(minutes % 60)}m`;
  }
  const hours = Math.round(milliseconds / 3_600_000);
  return `${Math.floor(hours / 24)}d ${two(hours % 24)}h`;
}

function digits(value: number): string {
  const decimals = value < 9.995 ? 2 : value < 99.95 ? 1 : 0;
  return value.toFixed(decimals).replace(/\.?0+$/, (zeros) => (zeros.startsWith(".") ? "" : zeros));
}

function two(value: number): string {
  return String(value).padStart(2, "0");
}
