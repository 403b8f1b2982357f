import "./KindBadge.css";
import type { SpanKind } from "../data";
import { Icon, type IconName } from "./Icon";

const names: Record<SpanKind, string> = {
  LLM: "LLM", CHAIN: "Chain", AGENT: "Agent", TOOL: "Tool", RETRIEVER: "Retriever", EMBEDDING: "Embedding",
  RERANKER: "Reranker", PROMPT: "Prompt", EVALUATOR: "Evaluator", GUARDRAIL: "Guardrail", UNKNOWN: "Unknown",
};

export function kindName(kind: SpanKind): string {
  return names[kind];
}

/** The class that makes `--kind` the kind's colour for everything inside. */
export function kindClass(kind: SpanKind): string {
  return `kind-${kind.toLowerCase()}`;
}

export function KindIcon({ kind }: { kind: SpanKind }) {
  return (
    <span className={`kind-icon ${kindClass(kind)}`} title={names[kind]}>
      <Icon name={`kind-${kind.toLowerCase()}` as IconName} size={12} label={names[kind]} />
    </span>
  );
}

export function KindBadge({ kind }: { kind: SpanKind }) {
  return (
    <span className={`kind-badge ${kindClass(kind)}`}>
      <Icon name={`kind-${kind.toLowerCase()}` as IconName} size={12} />
      {names[kind]}
    </span>
  );
}
