/** The trace id that a text is, in lowercase hex; null for anything else. UUIDs, as some tools print them, count too. */
export function traceIdIn(text: string): string | null {
  return hexOf(text, 32);
}

/** The span id that a text is, in lowercase hex; null for anything else. */
export function spanIdIn(text: string): string | null {
  return hexOf(text, 16);
}

/** Whether a text is the id of a project (base64 of `Project:1`), and not the name of one. */
export function isProjectId(text: string): boolean {
  try {
    return /^Project:\d+$/.test(atob(text));
  } catch {
    return false;
  }
}

function hexOf(text: string, digits: number): string | null {
  const hex = text.trim().replace(/^0x/i, "").replace(/-/g, "").toLowerCase();
  // OpenTelemetry's ids are never all zeros (Trace API, "SpanContext").
  return hex.length === digits && /^[0-9a-f]+$/.test(hex) && !/^0+$/.test(hex) ? hex : null;
}
