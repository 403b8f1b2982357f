import "./overview.css";
import { useMemo, type ReactNode } from "react";
import type { JSONObject, SpanDetail } from "../../../data";
import { objectAttribute, textAttribute } from "../../../model/attributes";
import {
  content, documents, embeddedTexts, exceptionEvent, inputMessages, invocationParameters, outputMessages, promptTemplate, tags,
  toolDefinitions, toolUse, type Content,
} from "../../../model/openInference";
import { Clamp } from "../../../ui/Clamp";
import { JSONText } from "../../../ui/JSONText";
import { JSONTree } from "../../../ui/JSONTree";
import { Empty, Notice } from "../../../ui/Notice";
import { Segmented } from "../../../ui/Segmented";
import { ContentText } from "./ContentText";
import { Documents } from "./Documents";
import { Embeddings } from "./Embeddings";
import { Messages } from "./Messages";
import { Parameters, Template, Tools, Usage } from "./ModelCall";
import { Box, Section } from "./Section";
import { TextModeContext, useTextMode, type TextMode } from "./textMode";

/** What the span did, in the terms of its kind. Parts are shown by what is there: kinds are claims, attributes are facts. */
export function OverviewTab({ span, onShowEvents }: { span: SpanDetail; onShowEvents: () => void }) {
  const [mode, setMode] = useTextMode();
  const parts = useMemo(() => overviewParts(span), [span]);
  return (
    <TextModeContext.Provider value={mode}>
      <div className="overview">
        <Failure span={span} onShowEvents={onShowEvents} />
        {parts.length === 0 && span.statusCode !== "ERROR" && (
          <Empty title="No input or output"><p>This span carries times and attributes only.</p></Empty>
        )}
        {parts.length > 0 && (
          <div className="overview-mode">
            <Segmented value={mode} options={modes} label="How to show texts" onChange={setMode} />
          </div>
        )}
        {parts}
      </div>
    </TextModeContext.Provider>
  );
}

const modes: readonly (readonly [TextMode, string])[] = [["formatted", "Formatted"], ["sent", "As sent"]];

function Failure({ span, onShowEvents }: { span: SpanDetail; onShowEvents: () => void }) {
  const exception = span.events.map(exceptionEvent).find((each) => each !== null) ?? null;
  if (span.statusCode !== "ERROR" && exception === null) {
    return null;
  }
  const words = exception === null ? span.statusMessage : [exception.type, exception.message].filter((text) => text !== "").join(": ");
  const stackTrace = <button type="button" className="button button-small" onClick={onShowEvents}>Stack trace</button>;
  return (
    <Notice tone="error" action={exception === null ? undefined : stackTrace}>
      {words === "" ? "The span failed without saying why." : words}
    </Notice>
  );
}

const documentKeys = ["retrieval.documents", "reranker.input_documents", "reranker.output_documents"];

function overviewParts(span: SpanDetail): readonly ReactNode[] {
  const { attributes } = span;
  const asked = inputMessages(attributes);
  const answered = outputMessages(attributes);
  const hasDocuments = documentKeys.some((key) => documents(attributes, key).length > 0);
  const parts = [
    ...toolParts(attributes),
    asked.length > 0
      ? <Section key="asked" title="Input messages" note={asked.length}><Messages messages={asked} label="Input messages" /></Section>
      : contentPart("Input", content(attributes, "input")),
    ...documentParts(attributes),
    ...embeddingParts(attributes),
    answered.length > 0
      ? (
        <Section key="answered" title="Output messages" note={answered.length > 1 ? answered.length : undefined}>
          <Messages messages={answered} label="Output messages" />
        </Section>
      )
      // Documents are the output already.
      : hasDocuments ? null : contentPart("Output", content(attributes, "output")),
    ...modelParts(span),
    ...metadataParts(attributes),
  ];
  return parts.filter((part) => part !== null);
}

function contentPart(title: "Input" | "Output", value: Content | null): ReactNode {
  return value === null ? null : (
    <Section key={title} title={title} copy={value.value}>
      <Box>
        <Clamp height={520}>
          {value.value === "" ? <span className="quiet">Empty</span> : <ContentText text={value.value} mimeType={value.mimeType} />}
        </Clamp>
      </Box>
    </Section>
  );
}

function toolParts(attributes: JSONObject): readonly ReactNode[] {
  const use = toolUse(attributes);
  if (use === null) {
    return [];
  }
  return [
    <Section key="tool" title="Tool" note={use.name === null ? undefined : <code>{use.name}</code>}>
      {use.description !== null && <p className="tool-description">{use.description}</p>}
      {use.parameters !== null && (
        <details className="tool-parameters">
          <summary>Parameters</summary>
          {typeof use.parameters === "object" ? <JSONText value={use.parameters} /> : <ContentText text={String(use.parameters)} />}
        </details>
      )}
    </Section>,
  ];
}

function documentParts(attributes: JSONObject): readonly ReactNode[] {
  const retrieved = documents(attributes, "retrieval.documents");
  const ranked = documents(attributes, "reranker.output_documents");
  const unranked = documents(attributes, "reranker.input_documents");
  const query = textAttribute(attributes, "reranker.query");
  const hasInput = content(attributes, "input") !== null;
  return [
    query === null || hasInput ? null : <Section key="query" title="Query" copy={query}><Box><ContentText text={query} /></Box></Section>,
    retrieved.length === 0 ? null : (
      <Section key="retrieved" title="Documents" note={retrieved.length}>
        <Documents documents={retrieved} label="Documents" />
      </Section>
    ),
    ranked.length === 0 ? null : (
      <Section key="ranked" title="Ranked documents" note={ranked.length}>
        <Documents documents={ranked} label="Ranked documents" {...(unranked.length > 0 ? { before: unranked } : {})} />
      </Section>
    ),
    unranked.length === 0 ? null : (
      <Section key="unranked" title="Documents before" note={unranked.length}>
        <Documents documents={unranked} label="Documents before ranking" />
      </Section>
    ),
  ];
}

function embeddingParts(attributes: JSONObject): readonly ReactNode[] {
  const texts = embeddedTexts(attributes);
  return texts.length === 0 ? [] : [
    <Section key="embeddings" title="Embedded texts" note={texts.length}><Embeddings texts={texts} /></Section>,
  ];
}

function modelParts(span: SpanDetail): readonly ReactNode[] {
  const { attributes } = span;
  const parameters = invocationParameters(attributes);
  const template = promptTemplate(attributes);
  const tools = toolDefinitions(attributes);
  const tokens = (span.promptTokens ?? 0) + (span.completionTokens ?? 0);
  return [
    tokens === 0 ? null : <Section key="usage" title="Usage"><Usage span={span} /></Section>,
    parameters === null ? null : (
      <Section key="parameters" title="Invocation parameters" copy={() => JSON.stringify(parameters, null, 2)}>
        <Parameters parameters={parameters} />
      </Section>
    ),
    tools.length === 0 ? null : <Section key="tools" title="Tools offered" note={tools.length}><Tools tools={tools} /></Section>,
    template === null ? null : (
      <Section key="template" title="Prompt template" note={template.version ?? undefined} copy={template.template}>
        <Template template={template} />
      </Section>
    ),
  ];
}

function metadataParts(attributes: JSONObject): readonly ReactNode[] {
  const metadata = objectAttribute(attributes, "metadata");
  const words = tags(attributes);
  const user = textAttribute(attributes, "user.id");
  const hasMetadata = metadata !== null && Object.keys(metadata).length > 0;
  return [
    words.length === 0 && user === null ? null : (
      <Section key="tags" title={user === null ? "Tags" : "Context"}>
        <ul className="chips">
          {user !== null && <li className="chip" title="user.id">{user}</li>}
          {words.map((word) => <li key={word} className="chip">{word}</li>)}
        </ul>
      </Section>
    ),
    !hasMetadata ? null : (
      <Section key="metadata" title="Metadata" copy={() => JSON.stringify(metadata, null, 2)}>
        <Box><JSONTree value={metadata} label="Metadata" /></Box>
      </Section>
    ),
  ];
}
