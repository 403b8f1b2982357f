import "./JSONText.css";
import { memo } from "react";
import type { JSONValue } from "../data";
import { jsonTokens } from "../model/jsonTree";
import { LongText, wholeMax } from "./LongText";

/** JSON, laid out and coloured. */
export const JSONText = memo(function JSONText({ value }: { value: JSONValue }) {
  const text = JSON.stringify(value, null, 2) ?? "";
  return (
    <LongText text={text}>
      {(shown) => (
        <pre className="json-text" tabIndex={0}>
          {shown.length > wholeMax ? shown : jsonTokens(shown).map((piece, index) =>
            // More than that is shown without colours: each coloured piece is an element.
            piece.type === null ? piece.text : <span key={index} className={`json-${piece.type}`}>{piece.text}</span>,
          )}
        </pre>
      )}
    </LongText>
  );
});
