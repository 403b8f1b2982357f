import "./CodeBlock.css";
import type { ReactNode } from "react";
import { CopyButton } from "./CopyButton";

/** Code or another text that must keep its lines, with a button to copy it. */
export function CodeBlock({ text, title, children }: { text: string; title?: ReactNode; children?: ReactNode }) {
  return (
    <div className="code-block">
      {title !== undefined && <div className="code-block-title">{title}</div>}
      <div className="code-block-copy"><CopyButton text={text} label="Copy" /></div>
      <pre tabIndex={0}>{children ?? text}</pre>
    </div>
  );
}
