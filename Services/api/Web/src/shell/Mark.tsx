/** Bennu's mark: the heron before the sun. */
export function Mark({ size = 24 }: { size?: number }) {
  return (
    <svg className="mark" width={size} height={size} viewBox="0 0 32 32" aria-hidden="true">
      <circle className="mark-sun" cx="21" cy="9.6" r="6" />
      <path
        className="mark-bird"
        d="M3.5 9.9 13 7.2c2.6 0 4.3 1.7 4.1 4-.2 1.9-1.6 3.3-1.6 5.1 0 1.5 1.2 2.6 3 3.3l9.5 3.3c-2.7 2.7-6.3 4.1-10.2 4.1-6 0-9.8-3.5-9.8-8.4 0-3.2 1.9-5.6 2.1-7.9.1-.9-.5-1.3-1.4-1.2z"
      />
    </svg>
  );
}
