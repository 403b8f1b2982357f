import "./Markdown.css";
import { memo, type ReactNode } from "react";
import { parseMarkdown, type Block, type Inline } from "../model/markdown";
import { CodeBlock } from "./CodeBlock";

/** Longer texts are shown as they are: nobody reads them formatted, and parsing them would hold the page up. */
export const markdownMax = 100_000;

/** A text as Markdown. Everything goes through elements made here, so that nothing in the text can become markup of its own. */
export const Markdown = memo(function Markdown({ text }: { text: string }) {
  return text.length > markdownMax
    ? <div className="text-plain">{text}</div>
    : <div className="markdown">{parseMarkdown(text).map((block, index) => <BlockView key={index} block={block} />)}</div>;
});

function BlockView({ block }: { block: Block }): JSX.Element {
  switch (block.type) {
    case "paragraph":
      return <p>{inlines(block.children)}</p>;
    case "heading":
      // Looks like a heading and is none: the text's own outline must not run through the page's.
      return <p className={`markdown-heading markdown-heading-${block.level}`}>{inlines(block.children)}</p>;
    case "code":
      return <CodeBlock text={block.text} {...(block.language === "" ? {} : { title: block.language })} />;
    case "quote":
      return <blockquote>{blocks(block.children)}</blockquote>;
    case "list": {
      const items = block.items.map((item, index) => <li key={index}>{listItem(item)}</li>);
      return block.start === null ? <ul>{items}</ul> : <ol start={block.start}>{items}</ol>;
    }
    case "table":
      return <TableView header={block.header} rows={block.rows} />;
    case "rule":
      return <hr />;
  }
}

function TableView({ header, rows }: { header: readonly (readonly Inline[])[]; rows: readonly (readonly (readonly Inline[])[])[] }) {
  return (
    <div className="markdown-table" tabIndex={0} role="group" aria-label="Table">
      <table>
        <thead>
          <tr>{header.map((cell, index) => <th key={index} scope="col">{inlines(cell)}</th>)}</tr>
        </thead>
        <tbody>
          {rows.map((row, index) => <tr key={index}>{row.map((cell, column) => <td key={column}>{inlines(cell)}</td>)}</tr>)}
        </tbody>
      </table>
    </div>
  );
}

function blocks(list: readonly Block[]): ReactNode {
  return list.map((block, index) => <BlockView key={index} block={block} />);
}

/** An item's only paragraph stands without the space around paragraphs. */
function listItem(item: readonly Block[]): ReactNode {
  const [first, ...rest] = item;
  return first?.type === "paragraph" && rest.every((block) => block.type === "list")
    ? <>{inlines(first.children)}{blocks(rest)}</>
    : blocks(item);
}

function inlines(list: readonly Inline[]): ReactNode {
  return list.map((node, index) => <InlineView key={index} node={node} />);
}

function InlineView({ node }: { node: Inline }): JSX.Element {
  switch (node.type) {
    case "text":
      return <>{node.text}</>;
    case "code":
      return <code>{node.text}</code>;
    case "strong":
      return <strong>{inlines(node.children)}</strong>;
    case "emphasis":
      return <em>{inlines(node.children)}</em>;
    case "strike":
      return <s>{inlines(node.children)}</s>;
    case "link":
      return <a href={node.url} target="_blank" rel="noopener noreferrer nofollow">{inlines(node.children)}</a>;
    case "break":
      return <br />;
  }
}
