/** Bennu's mark: the heron before the sun. */
export function Mark({ size = 26 }: { size?: number }) {
  return (
    <svg className="mark" width={size} height={size} viewBox="0 0 32 32" aria-hidden="true">
      <circle className="mark-sun" cx="20.5" cy="10" r="6.5" />
      <path
        className="mark-bird"
        d="M2.5 8.6 11.6 5.2c.9-.4 1.8-.5 2.6-.4 2.7.3 4.2 2.5 3.7 5-.4 2-1.9 3.4-1.9 5.4 0 1.7 1.2 2.9 3.1 3.6l10.4 3.7c-2.8 3-6.7 4.7-11 4.7-6.3 0-10.5-3.7-10.5-9 0-3.6 2.3-6.1 2.6-8.4.1-1-.6-1.5-1.7-1.3z"
      />
      <circle className="mark-eye" cx="13.2" cy="7.9" r="0.9" />
    </svg>
  );
}
