import { useState, type ReactNode } from "react";
import { bytesText } from "../format/number";

/** Longer texts are shown by their beginning: laying a megabyte out holds the page up, and few read to its end. */
export const wholeMax = 40_000;
const shownMax = 20_000;

/** A text of any length, the whole of a long one only when asked for. */
export function LongText({ text, children }: { text: string; children: (text: string) => ReactNode }) {
  const [isWhole, setWhole] = useState(false);
  if (text.length <= wholeMax || isWhole) {
    return <>{children(text)}</>;
  }
  return (
    <>
      {children(text.slice(0, shownMax))}
      <button type="button" className="clamp-button" onClick={() => setWhole(true)}>… and {bytesText(text.length - shownMax)} more</button>
    </>
  );
}
