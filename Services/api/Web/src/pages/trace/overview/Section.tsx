import { useId, type ReactNode } from "react";
import { CopyButton } from "../../../ui/CopyButton";

interface SectionProps {
  readonly title: string;
  /** Beside the title: a count, a model. */
  readonly note?: ReactNode;
  readonly copy?: string | (() => string);
  readonly children: ReactNode;
}

/** A part of the overview with its heading. */
export function Section({ title, note, copy, children }: SectionProps) {
  const id = useId();
  return (
    <section className="section" aria-labelledby={id}>
      <div className="section-head">
        <h3 id={id}>{title}</h3>
        {note !== undefined && <span className="section-note">{note}</span>}
        {copy !== undefined && <CopyButton text={copy} label={`Copy: ${title.toLowerCase()}`} />}
      </div>
      {children}
    </section>
  );
}

/** A box for content that came from the application. */
export function Box({ children }: { children: ReactNode }) {
  return <div className="box">{children}</div>;
}
