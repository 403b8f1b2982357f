import "./Sparkline.css";

/** Counts as a row of small bars, the last of them being the present. */
export function Sparkline({ values, label, width = 120, height = 28 }: {
  values: readonly number[];
  label: string;
  width?: number;
  height?: number;
}) {
  const greatest = Math.max(1, ...values);
  const step = width / Math.max(1, values.length);
  return (
    <svg className="sparkline" height={height} viewBox={`0 0 ${width} ${height}`} preserveAspectRatio="none" role="img" aria-label={label}>
      {values.map((value, index) => {
        // Nothing is a thin line, and the least of something can be told from it.
        const bar = value === 0 ? 1 : Math.max(3, (value / greatest) * height);
        return (
          <rect
            key={index} className={value === 0 ? "sparkline-none" : "sparkline-bar"} x={index * step} y={height - bar}
            width={step * 0.8} height={bar}
          />
        );
      })}
    </svg>
  );
}
