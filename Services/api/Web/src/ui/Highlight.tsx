import { Fragment } from "react";
import { occurrences } from "../format/text";

/** A text with the places marked where a word occurs. */
export function Highlight({ text, word }: { text: string; word: string }) {
  const places = occurrences(text, word);
  if (places.length === 0) {
    return <>{text}</>;
  }
  return (
    <>
      {places.map(([start, end], index) => (
        <Fragment key={start}>
          {text.slice(places[index - 1]?.[1] ?? 0, start)}
          <mark>{text.slice(start, end)}</mark>
        </Fragment>
      ))}
      {text.slice(places[places.length - 1]?.[1] ?? 0)}
    </>
  );
}
