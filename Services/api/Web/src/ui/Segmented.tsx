/** One choice of a few, all in sight. */
export function Segmented<Value extends string>({ value, options, label, onChange }: {
  value: Value;
  options: readonly (readonly [Value, string])[];
  label: string;
  onChange: (value: Value) => void;
}) {
  return (
    <div className="segmented" role="group" aria-label={label}>
      {options.map(([option, text]) => (
        <button key={option} type="button" aria-pressed={option === value} onClick={() => onChange(option)}>
          {text}
        </button>
      ))}
    </div>
  );
}
