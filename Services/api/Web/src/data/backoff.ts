/**
 * Milliseconds to wait before the attempt that follows `failures` failed ones: doubling up to half a minute, and
 * spread by `random` (0 to 1) so that all pages do not come back at once when a server does.
 */
export function backoffDelay(failures: number, random: number): number {
  const full = Math.min(30_000, 1_000 * 2 ** Math.max(0, Math.min(failures - 1, 10)));
  return Math.round(full / 2 + (full / 2) * random);
}
