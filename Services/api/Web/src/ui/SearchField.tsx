import { forwardRef } from "react";
import { Icon } from "./Icon";

interface SearchFieldProps {
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly onEnter?: () => void;
  readonly label: string;
  /** The key that focuses it, shown while it is empty. */
  readonly shortcut?: string;
}

export const SearchField = forwardRef<HTMLInputElement, SearchFieldProps>(function SearchField(
  { value, onChange, onEnter, label, shortcut }, ref,
) {
  return (
    <div className="field-search">
      <Icon name="search" size={14} />
      <input
        ref={ref} type="search" value={value} aria-label={label} placeholder={label} autoComplete="off" spellCheck={false}
        onChange={(event) => onChange(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === "Enter") {
            onEnter?.();
          }
          if (event.key === "Escape") {
            event.stopPropagation();
            if (value === "") {
              event.currentTarget.blur();
            } else {
              onChange("");
            }
          }
        }}
      />
      {value === "" && shortcut !== undefined && <kbd className="key field-end" aria-hidden="true">{shortcut}</kbd>}
      {value !== "" && (
        <button type="button" className="button-icon button-small field-end" aria-label="Clear the search" onClick={() => onChange("")}>
          <Icon name="close" size={12} />
        </button>
      )}
    </div>
  );
});
