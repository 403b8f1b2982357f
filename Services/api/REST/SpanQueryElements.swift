import FilterLanguage
import HTTP

/// A list in spans' attributes, and what a query wants of its elements.
struct SpanQueryElements {
    let list: [AttributeStep]
    let name: String
    /// Columns with paths within an element; empty for the whole of it.
    let parts: [(name: String, path: [AttributeStep])]

    /// Throws `FilterError` for what is no path. `order` is that of the parts' names.
    init(_ key: String, _ parts: [String: String]?, order: [String]) throws {
        list = try AttributeStep.path(key)
        name = key
        self.parts = try (parts ?? [:]).ordered(order).map { ($0, try AttributeStep.path($1)) }
    }

    /// The columns of joined elements.
    var columnNames: [String] { parts.isEmpty ? [name] : parts.map(\.name) }

    /// Nil where the span has no such list, or nothing in it.
    func elements(of span: SpanQuerySpan) -> [JSONValue]? {
        guard case .array(let elements)? = span.attributes.value(at: list), !elements.isEmpty else { return nil }
        return elements
    }

    func cells(of element: JSONValue) -> [SpanQueryFrame.Cell] {
        guard !parts.isEmpty else { return [element == .null ? .null : .value(element)] }
        return parts.map { element.value(at: $0.path).map { .value($0) } ?? .null }
    }

    /// The whole of an element by its keys: `{"document": {"content": "…"}}` is `document.content`. A list stays whole,
    /// and what has no keys goes by the list's own name.
    func leaves(of element: JSONValue) -> [(name: String, value: JSONValue)] {
        guard case .object = element else { return element == .null ? [] : [(name, element)] }
        return Self.leaves(of: element, at: nil)
    }

    private static func leaves(of value: JSONValue, at path: String?) -> [(name: String, value: JSONValue)] {
        guard case .object(let members) = value, !members.isEmpty || path == nil else { return [(path ?? "", value)] }
        return members.sorted { $0.key < $1.key }.flatMap { key, member in
            leaves(of: member, at: path.map { "\($0).\(key)" } ?? key)
        }
    }

    /// What is there of the elements' parts, as one text a column; null where nothing of a part is there.
    func joined(_ elements: [JSONValue], separator: String) -> [SpanQueryFrame.Cell] {
        let rows = elements.map { cells(of: $0) }
        return columnNames.indices.map { column in
            let texts = rows.compactMap { Self.text($0[column]) }
            return texts.isEmpty ? .null : .value(.text(texts.joined(separator: separator)))
        }
    }

    private static func text(_ cell: SpanQueryFrame.Cell) -> String? {
        guard case .value(let value) = cell else { return nil }
        if case .text(let text) = value { return text }
        var json = JSONWriter()
        json.value(value)
        return String(decoding: json.bytes, as: UTF8.self)
    }
}
