import { useState } from "react";
import type { SpanDetail } from "../../data";
import { CopyButton } from "../../ui/CopyButton";
import { JSONTree } from "../../ui/JSONTree";
import { Empty } from "../../ui/Notice";
import { SearchField } from "../../ui/SearchField";

export function AttributesTab({ span }: { span: SpanDetail }) {
  const [word, setWord] = useState("");
  if (Object.keys(span.attributes).length === 0) {
    return <Empty title="No attributes" />;
  }
  return (
    <div className="attributes">
      <div className="attributes-tools">
        <SearchField value={word} onChange={setWord} label="Find keys and values" />
        <CopyButton label="Copy all attributes as JSON" text={() => JSON.stringify(span.attributes, null, 2)}>Copy all</CopyButton>
      </div>
      <JSONTree value={span.attributes} word={word} label="Attributes" />
    </div>
  );
}
