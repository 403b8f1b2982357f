/// An OpenInference attribute made of GenAI ones.
typealias DerivedAttribute = (key: String, value: JSONValue)

/// OpenTelemetry's semantic conventions for generative AI, put into OpenInference's terms.
///
/// Older drafts are read too: `gen_ai.system` for the provider, `prompt_tokens` and `completion_tokens`, and message parts as
/// `GenAIMessages` says.
struct GenAIConventions {
    static let prefix: StaticString = "gen_ai."

    /// What is read of the attributes, without the prefix.
    static let keys: Set<String> = Set(
        ["operation.name", "provider.name", "system", "conversation.id", "output.type", "system_instructions"]
            + ["input.messages", "output.messages", "embeddings.dimension.count"]
            + ["retrieval.documents", "retrieval.query.text"]
            + parameters.map { "request.\($0)" }
            + ["request.model", "request.choice.count", "request.stop_sequences", "request.encoding_formats"]
            + ["usage.input_tokens", "usage.output_tokens", "usage.prompt_tokens", "usage.completion_tokens"]
            + ["usage.cache_read.input_tokens", "usage.cache_creation.input_tokens"]
            + ["response.id", "response.model", "response.finish_reasons"]
            + ["tool.name", "tool.description", "tool.definitions"]
            + ["tool.call.id", "tool.call.arguments", "tool.call.result"])

    private let source: [String: JSONValue]
    private var derived: [DerivedAttribute] = []

    /// The OpenInference attributes that `source` (keys without their prefix) stands for.
    static func openInference(from source: [String: JSONValue]) -> [DerivedAttribute] {
        var conventions = GenAIConventions(source: source)
        conventions.derive()
        return conventions.derived
    }

    private init(source: [String: JSONValue]) {
        self.source = source
    }

    private subscript(key: String) -> JSONValue? {
        assert(Self.keys.contains(key))
        let value = source[key]
        if case .null? = value { return nil }
        return value
    }

    private mutating func add(_ key: String, _ value: JSONValue?) {
        if let value { derived.append((key, value)) }
    }

    private mutating func derive() {
        let kind = spanKind
        add("openinference.span.kind", kind.map { .text($0) })
        deriveProvider()
        add("session.id", self["conversation.id"])
        deriveRequest(isEmbedding: kind == "EMBEDDING")
        deriveTokenCounts()
        deriveMessages()
        deriveToolDefinitions()
        if kind == "TOOL" { deriveTool() }
        if kind == "RETRIEVER" { deriveRetrieval() }
        deriveResponse()
    }

    private var spanKind: String? {
        if let operation = self["operation.name"]?.text {
            switch operation {
            case "chat", "text_completion", "generate_content": return "LLM"
            case "embeddings": return "EMBEDDING"
            case "execute_tool": return "TOOL"
            case "retrieval": return "RETRIEVER"
            case "invoke_agent", "create_agent": return "AGENT"
            default: return nil
            }
        }
        if self["tool.call.id"] != nil || self["tool.name"] != nil { return "TOOL" }
        if self["retrieval.documents"] != nil || self["retrieval.query.text"] != nil { return "RETRIEVER" }
        if self["embeddings.dimension.count"] != nil { return "EMBEDDING" }
        if self["input.messages"] != nil || self["output.messages"] != nil || self["request.model"] != nil {
            return "LLM"
        }
        return nil
    }

    private mutating func deriveProvider() {
        guard let name = (self["provider.name"] ?? self["system"])?.text?.lowercased(), !name.isEmpty else { return }
        let known = Self.providers[name] ?? (nil, name)
        add("llm.provider", known.provider.map { .text($0) })
        add("llm.system", known.system.map { .text($0) })
    }

    /// OpenInference's `llm.provider` (who serves) and `llm.system` (whose model) by the GenAI name. The second half are
    /// names of older drafts.
    private static let providers: [String: (provider: String?, system: String?)] = [
        "openai": ("openai", "openai"), "anthropic": ("anthropic", "anthropic"), "cohere": ("cohere", "cohere"),
        "mistral_ai": ("mistralai", "mistralai"), "deepseek": ("deepseek", nil), "groq": ("groq", nil),
        "perplexity": ("perplexity", nil), "x_ai": ("xai", nil), "azure.ai.openai": ("azure", "openai"),
        "azure.ai.inference": ("azure", nil), "aws.bedrock": ("aws", nil), "gcp.vertex_ai": ("google", "vertexai"),
        "gcp.gen_ai": ("google", nil), "gcp.gemini": ("google", nil),
        "xai": ("xai", nil), "az.ai.openai": ("azure", "openai"), "az.ai.inference": ("azure", nil),
        "vertex_ai": ("google", "vertexai"), "gemini": ("google", nil),
    ]

    private mutating func deriveRequest(isEmbedding: Bool) {
        let prefix = isEmbedding ? "embedding" : "llm"
        add("\(prefix).model_name", self["request.model"])
        var parameters: [(key: String, value: JSONValue)] = []
        for name in Self.parameters {
            if let value = self["request.\(name)"] { parameters.append((name, value)) }
        }
        if let count = self["request.choice.count"] { parameters.append(("n", count)) }
        if let stop = self["request.stop_sequences"] { parameters.append(("stop", stop)) }
        if let formats = self["request.encoding_formats"] {
            if case .list(let list) = formats, list.count == 1 {
                parameters.append(("encoding_format", list[0]))
            } else {
                parameters.append(("encoding_formats", formats))
            }
        }
        if let type = self["output.type"]?.text, let format = ["json": "json_object", "text": "text"][type] {
            parameters.append(("response_format", .object([("type", .text(format))])))
        }
        guard !parameters.isEmpty else { return }
        add("\(prefix).invocation_parameters", .text(JSONValue.object(parameters).json))
    }

    private static let parameters = [
        "temperature", "top_p", "top_k", "max_tokens", "frequency_penalty", "presence_penalty", "seed", "stream",
    ]

    private mutating func deriveTokenCounts() {
        let prompt = (self["usage.input_tokens"] ?? self["usage.prompt_tokens"])?.wholeNumber
        let completion = (self["usage.output_tokens"] ?? self["usage.completion_tokens"])?.wholeNumber
        addCount("prompt", prompt)
        addCount("completion", completion)
        if let prompt, let completion {
            let (total, overflows) = prompt.addingReportingOverflow(completion)
            if !overflows { addCount("total", total) }
        }
        addCount("prompt_details.cache_read", self["usage.cache_read.input_tokens"]?.wholeNumber)
        addCount("prompt_details.cache_write", self["usage.cache_creation.input_tokens"]?.wholeNumber)
    }

    private mutating func addCount(_ name: String, _ count: Int64?) {
        add("llm.token_count.\(name)", count.map { .number(String($0)) })
    }

    private mutating func deriveMessages() {
        let instructions = self["system_instructions"].flatMap { GenAIMessages.instructions($0) }
        let inputs = self["input.messages"].flatMap { GenAIMessages.messages($0) } ?? []
        let outputs = self["output.messages"].flatMap { GenAIMessages.messages($0) } ?? []
        derived += GenAIMessages.attributes(of: (instructions.map { [$0] } ?? []) + inputs, below: "llm.input_messages")
        derived += GenAIMessages.attributes(of: outputs, below: "llm.output_messages")
    }

    private mutating func deriveToolDefinitions() {
        guard let definitions = self["tool.definitions"]?.list else { return }
        let schemas = definitions.compactMap { Self.toolSchema($0) }
        guard schemas.count == definitions.count else { return }
        for (index, schema) in schemas.enumerated() { add("llm.tools.\(index).tool.json_schema", .text(schema.json)) }
    }

    /// A definition in the form of OpenAI's tools; nil where it has no name.
    private static func toolSchema(_ definition: JSONValue) -> JSONValue? {
        guard definition.isObject else { return nil }
        let type = definition["type"]?.text ?? "function"
        let function = definition["function"] ?? definition
        guard let name = function["name"]?.text else { return nil }
        var members: [(key: String, value: JSONValue)] = [("name", .text(name))]
        for key in ["description", "parameters"] {
            if let value = function[key] { members.append((key, value)) }
        }
        return .object([("type", .text(type)), ("function", .object(members))])
    }

    private mutating func deriveTool() {
        add("tool.name", self["tool.name"])
        add("tool.description", self["tool.description"])
        add("tool.id", self["tool.call.id"])
        add("tool.parameters", self["tool.call.arguments"])
        guard let result = self["tool.call.result"] else { return }
        add("output.value", .text(result.asText))
        if JSONValue(parsing: result.asText) != nil { add("output.mime_type", .text("application/json")) }
    }

    private mutating func deriveRetrieval() {
        if let query = self["retrieval.query.text"]?.text {
            add("input.value", .text(query))
            add("input.mime_type", .text("text/plain"))
        }
        guard let documents = self["retrieval.documents"]?.list, documents.allSatisfy(\.isObject) else { return }
        for (index, document) in documents.enumerated() {
            for name in ["id", "score", "content", "metadata"] {
                add("retrieval.documents.\(index).document.\(name)", document[name])
            }
        }
    }

    private mutating func deriveResponse() {
        if let reasons = self["response.finish_reasons"] {
            switch reasons {
            case .list(let list) where list.isEmpty: break
            case .list(let list) where list.count == 1: add("llm.finish_reason", list[0])
            default: add("llm.finish_reason", reasons)
            }
        }
        var members: [(key: String, value: JSONValue)] = []
        for name in ["id", "model"] {
            if let value = self["response.\(name)"] { members.append((name, value)) }
        }
        guard !members.isEmpty, !derived.contains(where: { $0.key == "output.value" }) else { return }
        add("output.value", .text(JSONValue.object(members).json))
        add("output.mime_type", .text("application/json"))
    }
}
