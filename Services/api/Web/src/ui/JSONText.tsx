import "./JSONText.css";
import { memo } from "react";
import type { JSONValue } from "../data";
import { jsonTokens } from "../model/jsonTree";

/** More than this is shown without colours: each coloured piece is an element. */
const colouredMax = 60_000;

/** JSON, laid out and coloured. */
export const JSONText = memo(function JSONText({ value }: { value: JSONValue }) {
  const text = JSON.stringify(value, null, 2) ?? "";
  return (
    <pre className="json-text" tabIndex={0}>
      {text.length > colouredMax ? text : jsonTokens(text).map((piece, index) =>
        piece.type === null ? piece.text : <span key={index} className={`json-${piece.type}`}>{piece.text}</span>,
      )}
    </pre>
  );
});
