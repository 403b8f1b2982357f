import "./Documents.css";
import { exactText } from "../../../format/number";
import type { EmbeddedText } from "../../../model/openInference";
import { Clamp } from "../../../ui/Clamp";
import { CopyButton } from "../../../ui/CopyButton";

/** The texts that were embedded, and how their vectors begin. */
export function Embeddings({ texts }: { texts: readonly EmbeddedText[] }) {
  return (
    <ol className="documents" aria-label="Embedded texts">
      {texts.map(({ text, vector }, index) => (
        <li key={index} className="document">
          <Clamp height={110}><div className="text-plain">{text === "" ? <span className="quiet">No text</span> : text}</div></Clamp>
          {vector.length > 0 && (
            <p className="vector">
              <span className="numeric">{exactText(vector.length)} dimensions</span>
              <code>[{vector.slice(0, 4).map((value) => value.toPrecision(3)).join(", ")}{vector.length > 4 ? ", …" : ""}]</code>
              <CopyButton text={() => JSON.stringify(vector)} label="Copy the vector" />
            </p>
          )}
        </li>
      ))}
    </ol>
  );
}
