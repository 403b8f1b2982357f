import { useContext } from "react";
import { parsedJSON } from "../../../model/attributes";
import { JSONText } from "../../../ui/JSONText";
import { Markdown } from "../../../ui/Markdown";
import { TextModeContext } from "./textMode";

/** A text in the way its type asks for: JSON laid out, anything else as Markdown, or all of it just as it was sent. */
export function ContentText({ text, mimeType = null }: { text: string; mimeType?: string | null }) {
  const mode = useContext(TextModeContext);
  if (mode === "sent") {
    return <div className="text-plain text-sent">{text}</div>;
  }
  const json = mimeType === "text/plain" ? undefined : parsedJSON(text);
  return json === undefined ? <Markdown text={text} /> : <JSONText value={json} />;
}
