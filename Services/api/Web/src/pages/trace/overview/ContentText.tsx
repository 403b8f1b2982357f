import { useContext } from "react";
import { parsedJSON } from "../../../model/attributes";
import { JSONText } from "../../../ui/JSONText";
import { LongText } from "../../../ui/LongText";
import { Markdown } from "../../../ui/Markdown";
import { TextModeContext } from "./textMode";

/** A text in the way its type asks for: JSON laid out, anything else as Markdown, or all of it just as it was sent. */
export function ContentText({ text, mimeType = null }: { text: string; mimeType?: string | null }) {
  const mode = useContext(TextModeContext);
  if (mode === "sent") {
    return <LongText text={text}>{(shown) => <div className="text-plain text-sent">{shown}</div>}</LongText>;
  }
  const json = mimeType === "text/plain" ? undefined : parsedJSON(text);
  return json === undefined ? <LongText text={text}>{(shown) => <Markdown text={shown} />}</LongText> : <JSONText value={json} />;
}
