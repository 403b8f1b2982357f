import Domain
import FilterLanguage
import Storage

/// A span as queries take values from it.
struct SpanQuerySpan {
    let record: SpanRecordWithBodies
    let attributes: JSONValue
    /// Prompt and completion tokens of it and all below it; only read where a query asks for them.
    var cumulativeTokens: (prompt: Int64, completion: Int64)?

    init(_ record: SpanRecordWithBodies) {
        self.record = record
        attributes = Self.json(record.attributes)
    }

    static func json(_ bytes: [UInt8]?) -> JSONValue {
        bytes.flatMap { ExactJSON.value(of: $0) } ?? .null
    }

    /// As among whole spans, where what has no events has an empty list of them.
    func wholeCell(_ key: SpanQueryKey) -> SpanQueryFrame.Cell {
        if key == .field(.events), record.events == nil { return .value(.array([])) }
        return cell(key)
    }

    func cell(_ key: SpanQueryKey) -> SpanQueryFrame.Cell {
        switch key {
        case .field(let field): cell(field)
        case .attribute(let path): attributes.value(at: path).map { .value($0) } ?? .null
        }
    }

    private func cell(_ field: SpanQueryKey.Field) -> SpanQueryFrame.Cell {
        let skeleton = record.skeleton
        return switch field {
        case .spanID: .value(.text(skeleton.spanID.description))
        case .traceID: .value(.text(record.traceID.description))
        case .parentID: skeleton.parentID.map { .value(.text($0.description)) } ?? .null
        case .name: .value(.text(skeleton.name))
        case .kind: .value(.text(skeleton.kind))
        case .startTime: .time(skeleton.startTime)
        case .endTime: .time(skeleton.endTime)
        case .latency: .value(.real(Double(skeleton.endTime - skeleton.startTime) / 1e6))
        case .statusCode: .value(.text(skeleton.statusCode))
        case .statusMessage: .value(.text(record.statusMessage))
        case .events: record.events.map { .value(Self.json($0)) } ?? .null
        case .cumulativePrompt: .value(.integer(cumulativeTokens?.prompt ?? 0))
        case .cumulativeCompletion: .value(.integer(cumulativeTokens?.completion ?? 0))
        case .cumulativeTotal:
            .value(.integer((cumulativeTokens?.prompt ?? 0) + (cumulativeTokens?.completion ?? 0)))
        }
    }
}

/// What a query names: a field of the span or a path in its attributes.
enum SpanQueryKey: Hashable {
    enum Field: String {
        case spanID = "span_id"
        case traceID = "trace_id"
        case parentID = "parent_id"
        case name
        case kind = "span_kind"
        case startTime = "start_time"
        case endTime = "end_time"
        case latency = "latency_ms"
        case statusCode = "status_code"
        case statusMessage = "status_message"
        case events
        case cumulativePrompt = "cumulative_llm_token_count_prompt"
        case cumulativeCompletion = "cumulative_llm_token_count_completion"
        case cumulativeTotal = "cumulative_llm_token_count_total"
    }

    case field(Field)
    case attribute([AttributeStep])

    private static let otherNames = [
        "context.span_id": Field.spanID, "context.trace_id": .traceID,
        "cumulative_token_count.prompt": .cumulativePrompt, "cumulative_token_count.completion": .cumulativeCompletion,
        "cumulative_token_count.total": .cumulativeTotal,
    ]

    /// Throws `FilterError` for what names neither.
    init(_ text: String) throws(FilterError) {
        if let field = Field(rawValue: text) ?? Self.otherNames[text] {
            self = .field(field)
        } else {
            self = .attribute(try AttributeStep.path(text))
        }
    }

    var needsCumulativeTokens: Bool {
        switch self {
        case .field(.cumulativePrompt), .field(.cumulativeCompletion), .field(.cumulativeTotal): true
        default: false
        }
    }
}

extension JSONValue {
    /// Nil where nothing is, or null.
    func value(at path: [AttributeStep]) -> JSONValue? {
        var value = self
        for step in path {
            switch (step, value) {
            case (.key(let key), .object(let members)):
                guard let member = members[key] else { return nil }
                value = member
            case (.index(let index), .array(let elements)):
                let place = index < 0 ? elements.count + index : index
                guard elements.indices.contains(place) else { return nil }
                value = elements[place]
            case (.key(let key), .array(let elements)):
                // `documents.0.document`, as flat keys name an element.
                guard let index = Int(key), elements.indices.contains(index) else { return nil }
                value = elements[index]
            default: return nil
            }
        }
        return value == .null ? nil : value
    }
}
