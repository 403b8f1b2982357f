import Domain
import GraphQL
import HTTP
import Storage

/// What stands in spans' attributes and events, which are read for those fields alone.
enum SpanBodyFields {
    static var types: [any TypeDeclaration] { [mimeType, ioValue, tokenDetails, event] }

    static let fields = SpanTypes.span.extended { type in
        add(&type, "attributes", .nonNull(.string), "All attributes, nested, as the text of a JSON object.") {
            .string(String(decoding: $0, as: UTF8.self))
        }
        add(&type, "metadata", .string, "The attribute metadata, as JSON text.") { attributes in
            StoredJSON.text(at: ["metadata"], in: attributes).map(OutputValue.string) ?? .null
        }
        add(&type, "numDocuments", .int, "How many documents it found or put in order; 0 where it does neither.") {
            .int(documentCount($0) ?? 0)
        }
        add(&type, "tokenPromptDetails", .nonNull(.named("TokenCountPromptDetails")), "What its prompt's tokens are.") {
            tokenDetails($0)
        }
        add(&type, "input", .named("SpanIOValue"), "What went into it.") { ioValue("input", of: $0) }
        add(&type, "output", .named("SpanIOValue"), "What came out of it.") { ioValue("output", of: $0) }
        addEventsAndCosts(&type)
        addOTLP(&type)
    }

    /// How many documents a span found or put in order; nil for spans that do neither.
    static func documentCount(_ attributes: [UInt8]) -> Int? {
        let paths = [["retrieval", "documents"], ["reranker", "output_documents"]]
        return paths.lazy.compactMap { StoredJSON.count(at: $0, in: attributes) }.first
    }

    private static func add(
        _ type: inout Object<SpanNode>.Fields, _ name: String, _ output: WrappedType, _ description: String,
        _ value: @escaping @Sendable (_ attributes: [UInt8]) -> OutputValue
    ) {
        type.batched(name, output, description: description) { spans, field in
            let attributes = try await attributes(of: spans.map(\.id), field)
            return spans.map { value(attributes[$0.id] ?? Array("{}".utf8)) }
        }
    }

    private static func addEventsAndCosts(_ type: inout Object<SpanNode>.Fields) {
        type.batched(
            "events", .nonNull(.list(.nonNull(.named("SpanEvent")))), description: "What happened meanwhile."
        ) { spans, field in
            let events = try await field.context.repositories.spans.events(of: spans.map(\.id))
            return spans.map { event(StoredJSON.events(events[$0.id] ?? [])) }
        }
        type.batched(
            "costDetailSummaryEntries", .nonNull(.list(.nonNull(.named("SpanCostDetailSummaryEntry")))),
            description: "What it cost by kind of token."
        ) { spans, field in
            let details = try await field.context.repositories.spans.costDetails(of: spans.map(\.id))
            let unpriced = spans.filter { details[$0.id] == nil && $0.record.calledModel }.map(\.id)
            let attributes = unpriced.isEmpty ? [:] : try await attributes(of: unpriced, field)
            return spans.map { span in
                if let details = details[span.id] { return CostTypes.entries([details]) }
                guard span.record.calledModel else { return CostTypes.entries([TokenCharge]()) }
                return CostTypes.unpricedEntries(of: span.record, attributes: attributes[span.id] ?? [])
            }
        }
    }

    private static func attributes(of ids: [Int64], _ field: Field) async throws -> [Int64: [UInt8]] {
        let repository = field.context.repositories.spans
        return try await field.context.attributes.values(of: ids) { try await repository.attributes(of: $0) }
    }

    private static func addOTLP(_ type: inout Object<SpanNode>.Fields) {
        type.batched(
            "otlp", .named("JSON"),
            description:
                "What OTLP says beyond the rest: kind, links, flags, trace state; null where all of it is at its default."
        ) { spans, field in
            json(try await field.context.repositories.spans.otlp(of: spans.map(\.id)), of: spans)
        }
        type.batched(
            "resource", .named("JSON"), description: "What sent it, with the scope; null where that is not known."
        ) { spans, field in
            json(try await field.context.repositories.spans.resources(of: spans.map(\.id)), of: spans)
        }
    }

    private static func json(_ stored: [Int64: [UInt8]], of spans: [SpanNode]) -> [OutputValue] {
        spans.map { span in stored[span.id].map { .json(String(decoding: $0, as: UTF8.self)) } ?? .null }
    }

    private static let mimeType = EnumType(
        "MimeType", description: "What a text is.", values: ["text", "json"].map { SchemaEnumValue(name: $0) })

    private struct IOValue: Sendable {
        var isJSON: Bool
        var value: String
    }

    private static let ioValue: Object<IOValue> = ObjectType(
        "SpanIOValue", description: "What went into a span or came out of it."
    ) { type in
        type.field("mimeType", .nonNull(.named("MimeType")), description: "What the text is.") {
            $0.isJSON ? "json" : "text"
        }
        type.field("truncatedValue", .nonNull(.string), description: "Its first 100 characters at most.") {
            $0.value.truncated(to: 100)
        }
        type.field("value", .nonNull(.string), description: "All of it.") { $0.value }
    }

    /// - Parameters:
    ///   - name: `input` or `output`.
    static func ioValue(_ name: String, of attributes: [UInt8]) -> OutputValue {
        guard let value = StoredJSON.text(at: [name, "value"], in: attributes) else { return .null }
        let mimeType = StoredJSON.text(at: [name, "mime_type"], in: attributes)
        return ioValue(IOValue(isJSON: mimeType == "application/json", value: value))
    }

    private static let tokenDetails: Object<[UInt8]> = ObjectType(
        "TokenCountPromptDetails", description: "What the tokens of a prompt are."
    ) { type in
        for (name, key, description) in [
            ("cacheRead", "cache_read", "Read from a cache."), ("cacheWrite", "cache_write", "Written to a cache."),
            ("audio", "audio", "Of sound."),
        ] {
            type.field(name, .int, description: description) { attributes -> Int64? in
                StoredJSON.text(at: ["llm", "token_count", "prompt_details", key], in: attributes)
                    .flatMap { Double($0) }.flatMap { Int64(exactly: $0.rounded()) }
            }
        }
    }

    private static let event: Object<StoredJSON.Event> = ObjectType(
        "SpanEvent", description: "Something that happened during a span."
    ) { type in
        type.field("name", .nonNull(.string), description: "What happened.") { $0.name }
        type.field("message", .nonNull(.string), description: "The exception's message; empty without one.") {
            $0.text("exception.message") ?? ""
        }
        type.field("timestamp", .nonNull(.named("DateTime")), description: "When.") { $0.timestamp }
        type.field("attributes", .nonNull(.named("JSON")), description: "All that is known of it.") {
            var json = JSONWriter()
            json.value(.object($0.attributes))
            return OutputValue.json(String(decoding: json.bytes, as: UTF8.self))
        }
    }
}

extension String {
    /// With dots at the end where something is left out.
    fileprivate func truncated(to length: Int) -> String {
        unicodeScalars.count > length
            ? String(String.UnicodeScalarView(unicodeScalars.prefix(length - 3))) + "..." : self
    }
}
