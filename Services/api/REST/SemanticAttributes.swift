/// The names of OpenInference, and attributes in the form that whole spans' columns have: what a name stands for goes by
/// that name, at any depth, and whatever else is there stays where it is.
///
/// `{"llm": {"model_name": "m", "other": 1}}` becomes `{"llm.model_name": "m", "llm": {"other": 1}}`, and an element of
/// `retrieval.documents` becomes `{"document.content": "…"}`.
enum SemanticAttributes {
    /// https://github.com/Arize-ai/openinference/blob/main/spec/semantic_conventions.md
    private static let names = [
        "agent.name", "audio.mime_type", "audio.transcript", "audio.url", "completion.text", "decision.model_name",
        "decision.provider", "decision.request.model_name", "decision.response.model_name", "decision.system",
        "decision.token_count.input", "decision.token_count.output", "document.content", "document.id",
        "document.metadata", "document.mime_type", "document.name", "document.score", "document.url",
        "embedding.embeddings", "embedding.invocation_parameters", "embedding.model_name", "embedding.text",
        "embedding.vector", "graph.node.id", "graph.node.name", "graph.node.parent_id", "image.url",
        "input.documents", "input.images", "input.mime_type", "input.value", "llm.choices", "llm.cost.completion",
        "llm.cost.completion_details", "llm.cost.completion_details.audio", "llm.cost.completion_details.output",
        "llm.cost.completion_details.reasoning", "llm.cost.prompt", "llm.cost.prompt_details",
        "llm.cost.prompt_details.audio", "llm.cost.prompt_details.cache_input", "llm.cost.prompt_details.cache_read",
        "llm.cost.prompt_details.cache_write", "llm.cost.prompt_details.input", "llm.cost.total", "llm.finish_reason",
        "llm.function_call", "llm.input_messages", "llm.invocation_parameters", "llm.model_name",
        "llm.output_messages", "llm.prompt_template.template", "llm.prompt_template.variables",
        "llm.prompt_template.version", "llm.prompts", "llm.provider", "llm.request.model_name",
        "llm.response.model_name", "llm.system", "llm.token_count.completion", "llm.token_count.completion_details",
        "llm.token_count.completion_details.audio", "llm.token_count.completion_details.reasoning",
        "llm.token_count.prompt", "llm.token_count.prompt_details", "llm.token_count.prompt_details.audio",
        "llm.token_count.prompt_details.cache_input", "llm.token_count.prompt_details.cache_read",
        "llm.token_count.prompt_details.cache_write", "llm.token_count.total", "llm.tools", "message.content",
        "message.contents", "message.function_call_arguments_json", "message.function_call_name", "message.name",
        "message.role", "message.tool_call_id", "message.tool_calls", "message_content.audio", "message_content.data",
        "message_content.document", "message_content.encrypted_content", "message_content.id",
        "message_content.image", "message_content.signature", "message_content.text", "message_content.type",
        "message_content.video", "metadata", "openinference.span.kind", "output.documents", "output.images",
        "output.mime_type", "output.value", "prompt.id", "prompt.text", "prompt.url", "prompt.vendor",
        "reranker.input_documents", "reranker.model_name", "reranker.output_documents", "reranker.query",
        "reranker.top_k", "retrieval.documents", "session.id", "tag.tags", "tool.description", "tool.id",
        "tool.json_schema", "tool.name", "tool.parameters", "tool_call.function.arguments",
        "tool_call.function.name", "tool_call.id", "tool_call.reasoning_signature", "user.id", "video.url",
    ]

    /// What stands below these is the application's own and keeps its form.
    private static let opaque: Set<String> = [
        "document.metadata", "embedding.invocation_parameters", "llm.invocation_parameters",
        "llm.prompt_template.variables", "metadata", "tool.json_schema", "tool.parameters",
    ]

    private struct Name {
        var text: String
        /// Behind the first key.
        var path: ArraySlice<String>
    }

    /// By their first key, those of many keys first, which others of them may be the beginning of.
    private static let namesByKey: [String: [Name]] = {
        let split = names.map { (text: $0, path: $0.split(separator: ".").map(String.init)) }
        return Dictionary(grouping: split, by: \.path[0]).mapValues { names in
            names.map { Name(text: $0.text, path: $0.path.dropFirst()) }.sorted { $0.path.count > $1.path.count }
        }
    }()

    /// The columns of a whole span, in order of their names.
    static func columns(of attributes: JSONValue) -> [(name: String, value: JSONValue)] {
        guard case .object(let members) = named(attributes) else { return [] }
        return members.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    }

    private static func named(_ value: JSONValue) -> JSONValue {
        switch value {
        case .array(let elements): .array(elements.map(named))
        case .object(let members): .object(members.reduce(into: [:]) { add($1.key, $1.value, to: &$0) })
        default: value
        }
    }

    /// Adds a member: what has names by them, and the rest by its key.
    private static func add(_ key: String, _ value: JSONValue, to members: inout [String: JSONValue]) {
        var rest = value
        var wasTaken = false
        for name in namesByKey[key] ?? [] {
            guard let part = name.path.isEmpty ? value : rest.remove(at: name.path) else { continue }
            members[name.text] = opaque.contains(name.text) ? part : named(part)
            if name.path.isEmpty { return }
            wasTaken = true
        }
        if !wasTaken || rest != .object([:]) { members[key] = named(rest) }
    }
}

extension JSONValue {
    /// Takes a member out, with objects that become empty by that.
    fileprivate mutating func remove(at path: ArraySlice<String>) -> JSONValue? {
        guard let key = path.first, case .object(var members) = self, var member = members[key] else { return nil }
        guard path.count > 1 else {
            members[key] = nil
            self = .object(members)
            return member
        }
        guard let removed = member.remove(at: path.dropFirst()) else { return nil }
        members[key] = member == .object([:]) ? nil : member
        self = .object(members)
        return removed
    }
}
