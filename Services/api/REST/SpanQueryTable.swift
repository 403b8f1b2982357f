import FilterLanguage
import HTTP
import Storage

/// One query of a request, understood, with the table that grows from the spans that it is given.
struct SpanQueryTable {
    let filter: SpanFilter?
    private let index: (name: String, key: SpanQueryKey)
    private let columns: [(name: String, key: SpanQueryKey)]
    private let explosion: Elements?
    private let concatenation: Elements?
    private let separator: String
    private let isWhole: Bool
    private let rename: [String: String]
    private var rows: [[SpanQueryFrame.Cell]] = []
    /// Of whole spans: what their attributes are called, in the order in which they were first seen.
    private var attributeNames: [String] = []
    private var attributePlaces: [String: Int] = [:]

    /// A list in spans' attributes, and what is wanted of its elements.
    private struct Elements {
        var list: [AttributeStep]
        var name: String
        /// Columns with paths within an element; empty for the element itself.
        var parts: [(name: String, path: [AttributeStep])]

        init(_ key: String, _ parts: [String: String]?) throws(FilterError) {
            list = try AttributeStep.path(key)
            name = key
            self.parts = []
            for (name, path) in (parts ?? [:]).sorted(by: { $0.key < $1.key }) {
                self.parts.append((name, try AttributeStep.path(path)))
            }
        }

        var columnNames: [String] { parts.isEmpty ? [name] : parts.map(\.name) }

        func cells(of element: JSONValue) -> [SpanQueryFrame.Cell] {
            guard !parts.isEmpty else { return [element == .null ? .null : .value(element)] }
            return parts.map { element.value(at: $0.path).map { .value($0) } ?? .null }
        }

        func elements(of span: SpanQuerySpan) -> [JSONValue]? {
            guard case .array(let elements)? = span.attributes.value(at: list) else { return nil }
            return elements
        }
    }

    /// Throws `ValidationError` for the part of the query that cannot be used. `location` is the query's own.
    init(_ query: SpanQueryRequest.Query, at location: [ValidationError.Step]) throws {
        func checked<T>(_ path: [String], _ make: () throws -> T) throws -> T {
            do {
                return try make()
            } catch let error as FilterError {
                throw ValidationError(location + path.map { .key($0) }, error.description)
            }
        }
        filter = try query.filter.map { filter in
            try checked(["filter", "condition"]) { try SpanFilter(filter.condition) }
        }
        let indexKey = query.index?.key ?? "context.span_id"
        index = (Self.columnName(indexKey), try checked(["index", "key"]) { try SpanQueryKey(indexKey) })
        explosion = try query.explode.map { explode in
            try checked(["explode"]) { try Elements(explode.key, explode.kwargs) }
        }
        concatenation = try query.concat.map { concat in
            try checked(["concat"]) { try Elements(concat.key, concat.kwargs) }
        }
        separator = query.concat?.separator ?? "\n\n"
        rename = query.rename ?? [:]
        isWhole = query.select?.isEmpty ?? true && query.explode == nil && query.concat == nil
        let selected = try (query.select ?? [:]).sorted { $0.key < $1.key }.map { name, projection in
            (name, try checked(["select", name]) { try SpanQueryKey(projection.key) })
        }
        // What is the index is no column too, but among whole spans, where clients look for both.
        columns = isWhole ? Self.wholeColumns : selected.filter { [key = index.key] in $0.1 != key }
    }

    private static func columnName(_ key: String) -> String {
        switch key {
        case "span_id", "trace_id": "context.\(key)"
        default: key
        }
    }

    private static let wholeColumns: [(String, SpanQueryKey)] = [
        ("name", .field(.name)), ("span_kind", .field(.kind)), ("parent_id", .field(.parentID)),
        ("start_time", .field(.startTime)), ("end_time", .field(.endTime)), ("status_code", .field(.statusCode)),
        ("status_message", .field(.statusMessage)), ("events", .field(.events)), ("context.span_id", .field(.spanID)),
        ("context.trace_id", .field(.traceID)),
    ]

    var needsCumulativeTokens: Bool {
        index.key.needsCumulativeTokens || columns.contains { $0.key.needsCumulativeTokens }
    }

    // MARK: Rows

    /// Adds a span's row, or its rows where a list is exploded. A span without the list has none.
    mutating func add(_ span: SpanQuerySpan) {
        var cells = columns.map { span.cell($0.key) }
        if let concatenation { cells += joined(concatenation, of: span) }
        if isWhole { cells += attributes(of: span) }
        let index = span.cell(index.key)
        guard let explosion else {
            rows.append([index] + cells)
            return
        }
        for (position, element) in (explosion.elements(of: span) ?? []).enumerated() {
            rows.append([index, .value(.integer(Int64(position)))] + cells + explosion.cells(of: element))
        }
    }

    /// What is there of the elements' parts, as one text a column.
    private func joined(_ elements: Elements, of span: SpanQuerySpan) -> [SpanQueryFrame.Cell] {
        guard let list = elements.elements(of: span) else { return elements.columnNames.map { _ in .null } }
        let rows = list.map { elements.cells(of: $0) }
        return elements.columnNames.indices.map { column in
            .value(.text(rows.compactMap { Self.text($0[column]) }.joined(separator: separator)))
        }
    }

    private static func text(_ cell: SpanQueryFrame.Cell) -> String? {
        guard case .value(let value) = cell else { return nil }
        if case .text(let text) = value { return text }
        var json = JSONWriter()
        json.value(value)
        return String(decoding: json.bytes, as: UTF8.self)
    }

    private mutating func attributes(of span: SpanQuerySpan) -> [SpanQueryFrame.Cell] {
        var cells = [SpanQueryFrame.Cell](repeating: .null, count: attributeNames.count)
        for (name, value) in SemanticAttributes.columns(of: span.attributes) {
            if let place = attributePlaces[name] {
                cells[place] = .value(value)
            } else {
                attributePlaces[name] = attributeNames.count
                attributeNames.append(name)
                cells.append(.value(value))
            }
        }
        return cells
    }

    // MARK: The table

    func frame() -> SpanQueryFrame {
        var indexNames = [index.name]
        if let explosion {
            indexNames.append(explosion.name == "retrieval.documents" ? "document_position" : "position")
        }
        var names = columns.map(\.name) + (concatenation?.columnNames ?? [])
        names += attributeNames.map { "attributes.\($0)" } + (explosion?.columnNames ?? [])
        let width = indexNames.count + names.count
        return SpanQueryFrame(
            indexNames: indexNames, columnNames: names.map { rename[$0] ?? $0 },
            rows: rows.map { $0 + [SpanQueryFrame.Cell](repeating: .null, count: width - $0.count) })
    }
}

/// How whole spans' attributes become columns: those that OpenInference names each by its name, whatever else is there by
/// its first name, with all below it as one value.
enum SemanticAttributes {
    /// OpenInference's names, https://github.com/Arize-ai/openinference/blob/main/spec/semantic_conventions.md
    private static let names = [
        "agent.name", "embedding.embeddings", "embedding.invocation_parameters", "embedding.model_name",
        "graph.node.id",
        "graph.node.name", "graph.node.parent_id", "input.mime_type", "input.value", "llm.cost.completion",
        "llm.cost.prompt", "llm.cost.total", "llm.finish_reason", "llm.function_call", "llm.input_messages",
        "llm.invocation_parameters", "llm.model_name", "llm.output_messages", "llm.prompt_template.template",
        "llm.prompt_template.variables", "llm.prompt_template.version", "llm.prompts", "llm.provider", "llm.system",
        "llm.token_count.completion", "llm.token_count.completion_details.audio",
        "llm.token_count.completion_details.reasoning", "llm.token_count.prompt",
        "llm.token_count.prompt_details.audio",
        "llm.token_count.prompt_details.cache_input", "llm.token_count.prompt_details.cache_read",
        "llm.token_count.prompt_details.cache_write", "llm.token_count.total", "llm.tools", "metadata",
        "openinference.span.kind", "output.mime_type", "output.value", "reranker.input_documents",
        "reranker.model_name",
        "reranker.output_documents", "reranker.query", "reranker.top_k", "retrieval.documents", "session.id",
        "tag.tags",
        "tool.description", "tool.id", "tool.json_schema", "tool.name", "tool.parameters", "user.id",
    ].map { (name: $0, path: $0.split(separator: ".").map(String.init)) }

    static func columns(of attributes: JSONValue) -> [(name: String, value: JSONValue)] {
        var rest = attributes
        var columns: [(String, JSONValue)] = []
        for (name, path) in names {
            if let value = rest.remove(at: path[...]) { columns.append((name, value)) }
        }
        if case .object(let members) = rest {
            columns += members.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
        }
        return columns
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
