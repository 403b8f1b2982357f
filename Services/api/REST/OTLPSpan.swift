import Domain
import Foundation
import HTTP
import Storage

/// What OTLP says of a span beyond its other columns; what is at its default is not there.
private struct MoreOfSpan: Decodable {
    struct Event: Decodable {
        var timeUnixNano: String?
        var droppedAttributesCount: Int64?
    }

    var kind: String?
    var traceState: String?
    var flags: Int64?
    var droppedAttributesCount: Int64?
    var droppedEventsCount: Int64?
    var droppedLinksCount: Int64?
    /// One for each event of the span; nil where none has more to it.
    var events: [Event]?

    init(_ span: SpanRecordWithBodies) {
        guard let stored = span.otlp, let more = try? JSONDecoder().decode(Self.self, from: Data(stored)) else {
            return
        }
        self = more
    }
}

extension JSONWriter {
    /// A span as `GET …/spans/otlpv1` shows it: OTLP's fields in snake case, ids as hexadecimal digits.
    mutating func otlpSpan(_ span: SpanRecordWithBodies) {
        let skeleton = span.skeleton
        let more = MoreOfSpan(span)
        object {
            $0.field("trace_id", span.traceID.description)
            $0.field("span_id", skeleton.spanID.description)
            $0.field("parent_span_id", skeleton.parentID?.description)
            $0.field("name", skeleton.name)
            // What most senders leave out is left out here.
            if let state = more.traceState { $0.field("trace_state", state) }
            if let flags = more.flags { $0.field("flags", flags) }
            $0.field("kind", "SPAN_KIND_\(more.kind ?? "INTERNAL")")
            $0.field("start_time_unix_nano", skeleton.startTime)
            $0.field("end_time_unix_nano", skeleton.endTime)
            $0.field(
                "attributes", array: AttributeFlattening.leaves(of: span.attributes)
            ) { $0.otlpKeyValue($1.key, $1.value) }
            if let count = more.droppedAttributesCount { $0.field("dropped_attributes_count", count) }
            $0.field("events", array: Self.events(span, more)) { $0.otlpEvent($1) }
            if let count = more.droppedEventsCount { $0.field("dropped_events_count", count) }
            if let count = more.droppedLinksCount { $0.field("dropped_links_count", count) }
            $0.key("status")
            $0.object {
                $0.field("code", skeleton.statusCode == "ERROR" ? 2 : skeleton.statusCode == "OK" ? 1 : 0)
                $0.field("message", span.statusMessage)
            }
        }
    }

    private struct Event: Decodable {
        var name: String
        var timestamp: String
        var attributes: [String: JSONValue]?
        var more: MoreOfSpan.Event?

        private enum CodingKeys: CodingKey {
            case name, timestamp, attributes
        }

        /// Nanoseconds since 1970.
        var time: Int64? { more?.timeUnixNano.flatMap { Int64($0) } ?? Timestamp.parseISO8601(timestamp) }
    }

    private static func events(_ span: SpanRecordWithBodies, _ more: MoreOfSpan) -> [Event] {
        var events = span.events.flatMap { try? JSONDecoder().decode([Event].self, from: Data($0)) } ?? []
        for (index, more) in (more.events ?? []).enumerated() where index < events.count { events[index].more = more }
        return events
    }

    private mutating func otlpEvent(_ event: Event) {
        object {
            $0.field("name", event.name)
            $0.field("time_unix_nano", event.time)
            $0.field("attributes", array: (event.attributes ?? [:]).sorted { $0.key < $1.key }) { json, attribute in
                json.object {
                    $0.field("key", attribute.key)
                    $0.key("value")
                    $0.otlpValue(attribute.value)
                }
            }
            if let count = event.more?.droppedAttributesCount { $0.field("dropped_attributes_count", count) }
        }
    }

    private mutating func otlpKeyValue(_ key: String, _ value: ArraySlice<UInt8>) {
        object {
            $0.field("key", key)
            $0.key("value")
            $0.otlpValue(Self.typed(value))
        }
    }

    /// The decoder takes 1.0 for a whole number; stored text says which it was, and a list has one type.
    private static func typed(_ json: ArraySlice<UInt8>) -> JSONValue {
        let value = (try? JSONDecoder().decode(JSONValue.self, from: Data(json))) ?? .null
        guard json.contains(where: { ".eE".utf8.contains($0) }) else { return value }
        if case .array(let elements) = value {
            let reals = elements.compactMap(\.real)
            return reals.count == elements.count ? .array(reals.map(JSONValue.real)) : value
        }
        return value.real.map(JSONValue.real) ?? value
    }

    /// Maps have no form in this route's schema; they go as their JSON text.
    private mutating func otlpValue(_ value: JSONValue) {
        object { json in
            switch value {
            case .null: break
            case .boolean(let value): json.field("bool_value", value)
            case .integer(let value): json.field("int_value", value)
            case .real(let value): json.field("double_value", value)
            case .text(let value): json.field("string_value", value)
            case .object(let fields): json.field("string_value", Self.text(.object(fields)))
            case .array(let values):
                json.key("array_value")
                json.object { $0.field("values", array: values) { $0.otlpValue($1) } }
            }
        }
    }

    private static func text(_ value: JSONValue) -> String {
        var json = JSONWriter()
        json.value(value)
        return String(decoding: json.bytes, as: UTF8.self)
    }
}
