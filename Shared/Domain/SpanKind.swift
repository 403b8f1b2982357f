/// What a span did, by the attribute `openinference.span.kind`. OTLP's own `kind` is something else.
public enum SpanKind: String, CaseIterable, Sendable {
    case tool = "TOOL"
    case chain = "CHAIN"
    case llm = "LLM"
    case prompt = "PROMPT"
    case retriever = "RETRIEVER"
    case embedding = "EMBEDDING"
    case agent = "AGENT"
    case reranker = "RERANKER"
    case evaluator = "EVALUATOR"
    case guardrail = "GUARDRAIL"
    case unknown = "UNKNOWN"
}

/// How a span ended (OpenTelemetry, Trace API, "Set Status").
public enum SpanStatusCode: String, CaseIterable, Sendable {
    case unset = "UNSET"
    case ok = "OK"
    case error = "ERROR"
}
