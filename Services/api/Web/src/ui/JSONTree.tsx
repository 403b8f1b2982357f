import "./JSONTree.css";
import { useState } from "react";
import type { JSONValue } from "../data";
import { bytesText } from "../format/number";
import { childNodes, containsWord, foldedText, type JSONNode } from "../model/jsonTree";
import { CopyButton } from "./CopyButton";
import { Highlight } from "./Highlight";
import { Icon } from "./Icon";

const pageSize = 100;
const textMax = 600;

/** A JSON value to browse: parts unfold, everything can be copied, and only what has `word` in it is shown. */
export function JSONTree({ value, word = "", label }: { value: JSONValue; word?: string; label: string }) {
  const needle = word.trim().toLowerCase();
  return (
    <div className="json-tree" role="group" aria-label={label}>
      <Children value={value} path="" word={needle} depth={0} />
    </div>
  );
}

function Children({ value, path, word, depth }: { value: JSONValue; path: string; word: string; depth: number }) {
  const [shownMax, setShownMax] = useState(pageSize);
  const all = childNodes(value, path).filter((node) => word === "" || containsWord(node.key, node.value, word));
  return (
    <ul className="json-children">
      {all.slice(0, shownMax).map((node) => <Node key={`${node.path}${word}`} node={node} word={word} depth={depth} />)}
      {all.length > shownMax && (
        <li>
          <button type="button" className="json-more" onClick={() => setShownMax(shownMax + pageSize)}>
            Show {Math.min(pageSize, all.length - shownMax)} of {all.length - shownMax} more
          </button>
        </li>
      )}
    </ul>
  );
}

function Node({ node, word, depth }: { node: JSONNode; word: string; depth: number }) {
  const { key, path, value, sent, childCount } = node;
  const isJSONText = value !== sent;
  const hasMatchInside = word !== "" && !key.toLowerCase().includes(word);
  const [isOpen, setOpen] = useState(hasMatchInside || (depth < 3 && childCount <= 24 && !isJSONText));
  if (childCount === 0) {
    return (
      <li className="json-line">
        <span className="json-key"><Highlight text={key} word={word} /></span>
        <Scalar value={value} word={word} />
        <LineCopy path={path} value={sent} />
      </li>
    );
  }
  return (
    <li>
      <div className="json-line">
        <button type="button" className="json-toggle" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
          <Icon name={isOpen ? "chevron-down" : "chevron-right"} size={12} />
          <span className="json-key"><Highlight text={key} word={word} /></span>
          {isJSONText && <span className="json-sent" title="Sent as text of JSON">text</span>}
          <span className="json-folded">{isOpen && !Array.isArray(value) ? "" : foldedText(value)}</span>
        </button>
        <LineCopy path={path} value={sent} />
      </div>
      {/* Below a key that matches, everything is shown. */}
      {isOpen && <Children value={value} path={path} word={hasMatchInside ? word : ""} depth={depth + 1} />}
    </li>
  );
}

function Scalar({ value, word }: { value: JSONValue; word: string }) {
  const [isWhole, setWhole] = useState(false);
  if (typeof value !== "string") {
    // Only lists and objects without members come here: JSON's own text for them is short.
    return <span className={typeof value === "number" ? "json-number" : "json-literal"}>{JSON.stringify(value)}</span>;
  }
  const isLong = value.length > textMax && !isWhole;
  return (
    <span className="json-value">
      <Highlight text={isLong ? value.slice(0, textMax) : value} word={word} />
      {isLong && (
        <button type="button" className="json-more" onClick={() => setWhole(true)}>… show all ({bytesText(value.length)})</button>
      )}
      {value === "" && <span className="json-folded">empty text</span>}
    </span>
  );
}

function LineCopy({ path, value }: { path: string; value: JSONValue }) {
  return (
    <span className="json-copy">
      <CopyButton label={`Copy the value of ${path}`} text={() => (typeof value === "string" ? value : JSON.stringify(value, null, 2))} />
    </span>
  );
}
