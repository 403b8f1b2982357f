/** Drawn for a 16-unit square, in strokes of the text's colour. */
const paths = {
  "arrow-down": "M8 3v10M4 9l4 4 4-4",
  "arrow-left": "M13 8H3M7 4 3 8l4 4",
  "arrow-up": "M8 13V3M4 7l4-4 4 4",
  alert: "M8 5.5v3.2M8 11.2v.1M7 2.6 1.7 11.8a1.1 1.1 0 0 0 1 1.7h10.6a1.1 1.1 0 0 0 1-1.7L9 2.6a1.1 1.1 0 0 0-2 0z",
  check: "m3 8.5 3.2 3.2L13 5",
  "chevron-down": "m4 6 4 4 4-4",
  "chevron-right": "m6 4 4 4-4 4",
  clock: "M8 4.5V8l2.3 1.4M14 8A6 6 0 1 1 2 8a6 6 0 0 1 12 0z",
  close: "m4 4 8 8M12 4l-8 8",
  collapse: "m4.5 2.5 3.5 3 3.5-3M4.5 13.5l3.5-3 3.5 3M2.5 8h11",
  copy: "M5.5 5.5v-2a1 1 0 0 1 1-1h6a1 1 0 0 1 1 1v6a1 1 0 0 1-1 1h-2M3.5 5.5h6a1 1 0 0 1 1 1v6a1 1 0 0 1-1 1h-6a1 1 0 0 1-1-1v-6a1 1 0 0 1 1-1z",
  expand: "m4.5 5.5 3.5-3 3.5 3M4.5 10.5l3.5 3 3.5-3M2.5 8h11",
  external: "M6.5 3.5h-3v9h9v-3M9.5 2.5h4v4M13 3 7.5 8.5",
  keyboard: "M2.5 4h11a1 1 0 0 1 1 1v6a1 1 0 0 1-1 1h-11a1 1 0 0 1-1-1V5a1 1 0 0 1 1-1zM4.2 6.6h.1M6.7 6.6h.1M9.2 6.6h.1M11.7 6.6h.1M5.5 9.4h5",
  link: "M6.7 9.3 9.3 6.7M7.3 4.7l1.4-1.4a2.8 2.8 0 0 1 4 4l-1.4 1.4M8.7 11.3l-1.4 1.4a2.8 2.8 0 0 1-4-4l1.4-1.4",
  moon: "M13.3 9.4A5.7 5.7 0 0 1 6.6 2.7a5.7 5.7 0 1 0 6.7 6.7z",
  orphan: "M4 2.5v4M4 9v.1M4 12.5a1 1 0 0 0 1 1h1M9 13.5h4.5v-4H9z",
  search: "M7.2 11.9a4.7 4.7 0 1 0 0-9.4 4.7 4.7 0 0 0 0 9.4zM10.7 10.7l2.8 2.8",
  sun: "M8 10.8a2.8 2.8 0 1 0 0-5.6 2.8 2.8 0 0 0 0 5.6zM8 1.5v1.3M8 13.2v1.3M1.5 8h1.3M13.2 8h1.3M3.4 3.4l.9.9M11.7 11.7l.9.9M3.4 12.6l.9-.9M11.7 4.3l.9-.9",
  system: "M2.5 3h11a1 1 0 0 1 1 1v6.5a1 1 0 0 1-1 1h-11a1 1 0 0 1-1-1V4a1 1 0 0 1 1-1zM5.5 14h5",
  user: "M8 8.2a2.8 2.8 0 1 0 0-5.7 2.8 2.8 0 0 0 0 5.7zM2.8 13.5a5.3 5.3 0 0 1 10.4 0",
  zoom: "M7.2 11.9a4.7 4.7 0 1 0 0-9.4 4.7 4.7 0 0 0 0 9.4zM10.7 10.7l2.8 2.8M5.2 7.2h4M7.2 5.2v4",
  "kind-llm": "M8 2.2 9.4 6.6 13.8 8 9.4 9.4 8 13.8 6.6 9.4 2.2 8l4.4-1.4z",
  "kind-chain": "M6.7 9.3 9.3 6.7M7.3 4.7l1.4-1.4a2.8 2.8 0 0 1 4 4l-1.4 1.4M8.7 11.3l-1.4 1.4a2.8 2.8 0 0 1-4-4l1.4-1.4",
  "kind-agent": "M8 4.5v-2M4 4.5h8a1.5 1.5 0 0 1 1.5 1.5v5.5A1.5 1.5 0 0 1 12 13H4a1.5 1.5 0 0 1-1.5-1.5V6A1.5 1.5 0 0 1 4 4.5zM6 8.2v1.1M10 8.2v1.1",
  "kind-tool": "M9.9 4.2a.7.7 0 0 0 0 .950l1 1a.7.7 0 0 0 .950 0l1.8-1.8a3.5 3.5 0 0 1-4.6 4.6l-4.3 4.3a1.3 1.3 0 0 1-1.9-1.9l4.3-4.3a3.5 3.5 0 0 1 4.6-4.6z",
  "kind-retriever": "M12.5 6V4a1.5 1.5 0 0 0-1.5-1.5H4A1.5 1.5 0 0 0 2.5 4v8A1.5 1.5 0 0 0 4 13.5h3M5.2 5.8h4.5M5.2 8.3h2M10.6 12.4a2 2 0 1 0 0-4.1 2 2 0 0 0 0 4.1zM12.1 11.9l1.7 1.7",
  "kind-embedding": "M4 4h.1M8 4h.1M12 4h.1M4 8h.1M8 8h.1M12 8h.1M4 12h.1M8 12h.1M12 12h.1",
  "kind-reranker": "M4.5 13V3.5M2.3 5.7l2.2-2.2 2.2 2.2M8.5 4.5h5M8.5 8h3.8M8.5 11.5h2.3",
  "kind-prompt": "M3 3.5h10M3 6.5h10M3 9.5h6M3 12.5h4M12 10v3.5M10.3 11.7h3.5",
  "kind-evaluator": "M2.5 11.5a5.5 5.5 0 1 1 11 0M8 11.5l2.5-3.7",
  "kind-guardrail": "M8 2.2 13 4v4c0 3-2.1 5-5 6-2.9-1-5-3-5-6V4zM5.9 8l1.5 1.5 2.7-2.9",
  "kind-unknown": "M8 12.5a4.5 4.5 0 1 0 0-9 4.5 4.5 0 0 0 0 9z",
} as const;

export type IconName = keyof typeof paths;

/** A picture beside words; what it means must be said by the words or by `label`. */
export function Icon({ name, size = 16, label }: { name: IconName; size?: number; label?: string }) {
  return (
    <svg
      className="icon" width={size} height={size} viewBox="0 0 16 16" fill="none" stroke="currentColor"
      strokeWidth={name === "kind-embedding" ? 2 : 1.4} strokeLinecap="round" strokeLinejoin="round"
      role={label === undefined ? undefined : "img"} aria-label={label} aria-hidden={label === undefined ? true : undefined}
    >
      <path d={paths[name]} />
    </svg>
  );
}
