import "./Documents.css";
import type { JSONValue } from "../../../data";
import { isObject } from "../../../model/attributes";
import type { RetrievedDocument } from "../../../model/openInference";
import { Clamp } from "../../../ui/Clamp";
import { Icon } from "../../../ui/Icon";
import { JSONTree } from "../../../ui/JSONTree";
import { ContentText } from "./ContentText";

interface DocumentsProps {
  readonly documents: readonly RetrievedDocument[];
  readonly label: string;
  /** The order before, to tell who moved. */
  readonly before?: readonly RetrievedDocument[];
}

/** Documents in their order, with their scores as bars of the greatest one. */
export function Documents({ documents, label, before }: DocumentsProps) {
  const greatest = Math.max(0, ...documents.map((document) => document.score ?? 0));
  return (
    <ol className="documents" aria-label={label}>
      {documents.map((document, index) => (
        <li key={index} className="document">
          <div className="document-head">
            <span className="document-rank numeric">{index + 1}</span>
            {before !== undefined && <Move from={rank(before, document)} to={index} />}
            <span className="document-name" title={document.id ?? undefined}>{title(document)}</span>
            {document.score !== null && <Score score={document.score} greatest={greatest} />}
          </div>
          {document.content !== "" && <Clamp height={110}><ContentText text={document.content} /></Clamp>}
          {hasMembers(document.metadata) && (
            <details className="document-metadata">
              <summary>Metadata</summary>
              <JSONTree value={document.metadata} label={`Metadata of document ${index + 1}`} />
            </details>
          )}
        </li>
      ))}
    </ol>
  );
}

function Score({ score, greatest }: { score: number; greatest: number }) {
  // Distances and log probabilities are scores too: a bar only says something of positive ones.
  const share = greatest > 0 && score >= 0 ? (score / greatest) * 100 : 0;
  return (
    <span className="document-score" title={`Score ${score}`}>
      <span className="document-track" aria-hidden="true"><span style={{ width: `${share}%` }} /></span>
      <span className="numeric">{score.toFixed(3)}</span>
    </span>
  );
}

function Move({ from, to }: { from: number; to: number }) {
  if (from < 0) {
    return <span className="document-move">new</span>;
  }
  if (from === to) {
    return <span className="document-move" aria-label="Did not move">=</span>;
  }
  const steps = Math.abs(from - to);
  return (
    <span className={from > to ? "document-move document-move-up" : "document-move"} title={`Was ${from + 1}`}>
      <Icon name={from > to ? "arrow-up" : "arrow-down"} size={11} label={from > to ? "Moved up by" : "Moved down by"} />{steps}
    </span>
  );
}

function rank(before: readonly RetrievedDocument[], document: RetrievedDocument): number {
  return before.findIndex((other) => (document.id === null ? other.content === document.content : other.id === document.id));
}

/** What a reader would call it: its title or source, where the metadata has one, else its id. */
function title(document: RetrievedDocument): string {
  const { metadata } = document;
  for (const key of ["title", "name", "source", "file_name", "url"]) {
    const value = isObject(metadata ?? undefined) ? (metadata as Record<string, JSONValue>)[key] : undefined;
    if (typeof value === "string" && value !== "") {
      return value;
    }
  }
  return document.id ?? "Document";
}

function hasMembers(value: JSONValue | null): value is JSONValue {
  return typeof value === "object" && value !== null && Object.keys(value).length > 0;
}
