import Domain
import Foundation
import HTTP
import Hummingbird
import OTLP

/// A span as `POST …/spans` takes it.
struct SubmittedSpan: Sendable {
    private struct Body: Decodable {
        var data: [Span]
    }

    private struct Span: Decodable {
        struct Context: Decodable {
            var traceID: String
            var spanID: String

            enum CodingKeys: String, CodingKey {
                case traceID = "trace_id"
                case spanID = "span_id"
            }
        }

        struct Event: Decodable {
            var name: String
            var timestamp: String
            var attributes: [String: JSONValue]?
        }

        /// With attributes whose numbers are what was written: 1.0 is no whole number.
        func exact(_ json: JSONValue?) -> Span {
            var span = self
            if case .object(let fields)? = json?["attributes"] { span.attributes = fields }
            for index in (events ?? []).indices {
                guard case .object(let fields)? = json?["events"]?[index]?["attributes"] else { continue }
                span.events?[index].attributes = fields
            }
            return span
        }

        var name: String
        var context: Context
        var kind: String
        var parentID: String?
        var startTime: String
        var endTime: String
        var statusCode: String
        var statusMessage: String?
        var attributes: [String: JSONValue]?
        var events: [Event]?

        enum CodingKeys: String, CodingKey {
            case name, context, attributes, events
            case kind = "span_kind"
            case parentID = "parent_id"
            case startTime = "start_time"
            case endTime = "end_time"
            case statusCode = "status_code"
            case statusMessage = "status_message"
        }
    }

    let traceID: TraceID
    let spanID: SpanID
    private let parentID: SpanID?
    private let startTime: Int64
    private let endTime: Int64
    private let span: Span
    private let eventTimes: [Int64]

    /// Throws `ValidationError` for the first span that is not one.
    static func all(inBody bytes: [UInt8]) throws -> [SubmittedSpan] {
        let body: Body
        do {
            body = try JSONDecoder().decode(Body.self, from: Data(bytes))
        } catch let error as DecodingError {
            throw ValidationError(error)
        }
        let exact = ExactJSON.value(of: bytes)?["data"]
        return try body.data.enumerated().map { index, span in
            do {
                return try SubmittedSpan(span.exact(exact?[index]))
            } catch let error as ValidationError {
                throw ValidationError([.key("body"), .key("data"), .index(index)] + error.location, error.message)
            }
        }
    }

    /// The spans as a request that came over OTLP would be, so that they are stored by the same rules.
    static func batch(_ spans: [SubmittedSpan]) throws -> SpanBatch {
        var json = JSONWriter()
        json.object {
            $0.field("resourceSpans", array: [spans]) { json, spans in
                json.object {
                    $0.field("scopeSpans", array: [spans]) { json, spans in
                        json.object { $0.field("spans", array: spans) { $1.write(to: &$0) } }
                    }
                }
            }
        }
        return try ExportTraceRequest.decode(json: json.bytes)
    }

    private init(_ span: Span) throws {
        guard let traceID = TraceID(hex: span.context.traceID), !traceID.isZero else {
            throw ValidationError([.key("context"), .key("trace_id")], "must be 32 hexadecimal digits")
        }
        guard let spanID = SpanID(hex: span.context.spanID), !spanID.isZero else {
            throw ValidationError([.key("context"), .key("span_id")], "must be 16 hexadecimal digits")
        }
        parentID = try span.parentID.flatMap { $0.isEmpty ? nil : $0 }.map { text in
            guard let id = SpanID(hex: text) else {
                throw ValidationError([.key("parent_id")], "must be 16 hexadecimal digits")
            }
            return id
        }
        startTime = try Self.time(span.startTime, "start_time")
        endTime = try Self.time(span.endTime, "end_time")
        eventTimes = try (span.events ?? []).map { try Self.time($0.timestamp, "events") }
        self.traceID = traceID
        self.spanID = spanID
        self.span = span
    }

    private static func time(_ text: String, _ field: String) throws -> Int64 {
        guard let time = Timestamp.parseISO8601(text, requiresOffset: true), time >= 0 else {
            throw ValidationError([.key(field)], "must be a time in ISO 8601 with an offset, since 1970")
        }
        return time
    }

    private func write(to json: inout JSONWriter) {
        json.object {
            $0.field("traceId", traceID.description)
            $0.field("spanId", spanID.description)
            $0.field("parentSpanId", parentID?.description ?? "")
            $0.field("name", span.name)
            $0.field("startTimeUnixNano", String(startTime))
            $0.field("endTimeUnixNano", String(endTime))
            $0.field("status") {
                $0.field("code", Self.statusCodes[span.statusCode.uppercased()] ?? 0)
                $0.field("message", span.statusMessage ?? "")
            }
            $0.attributes(attributes)
            $0.field("events", array: zip(span.events ?? [], eventTimes)) { json, event in
                json.object {
                    $0.field("name", event.0.name)
                    $0.field("timeUnixNano", String(event.1))
                    $0.attributes(event.0.attributes ?? [:])
                }
            }
        }
    }

    private static let statusCodes = ["OK": 1, "ERROR": 2]
    private static let kindKey = "openinference.span.kind"

    /// The field `span_kind` goes before an attribute that says otherwise.
    private var attributes: [String: JSONValue] {
        var attributes = span.attributes ?? [:]
        attributes[Self.kindKey] = .text(span.kind.uppercased())
        return attributes
    }
}

extension ValidationError {
    fileprivate init(_ error: DecodingError) {
        let (path, message): ([any CodingKey], String) =
            switch error {
            case .keyNotFound(let key, let context): (context.codingPath + [key], "Field required")
            case .typeMismatch(_, let context), .valueNotFound(_, let context):
                (context.codingPath, "Input has the wrong type")
            case .dataCorrupted(let context): (context.codingPath, "Input is not valid JSON")
            @unknown default: ([], "Input is not valid")
            }
        self.init([.key("body")] + path.map { $0.intValue.map(Step.index) ?? .key($0.stringValue) }, message)
    }
}

extension JSONWriter {

    /// Attributes as OTLP/JSON writes them, ordered by key.
    fileprivate mutating func attributes(_ attributes: [String: JSONValue]) {
        field("attributes", array: attributes.sorted { $0.key < $1.key }) { $0.keyValue($1.key, $1.value) }
    }

    private mutating func keyValue(_ key: String, _ value: JSONValue) {
        object {
            $0.field("key", key)
            $0.key("value")
            $0.anyValue(value)
        }
    }

    private mutating func anyValue(_ value: JSONValue) {
        object { json in
            switch value {
            case .null: break
            case .boolean(let value): json.field("boolValue", value)
            case .integer(let value): json.field("intValue", String(value))
            case .real(let value): json.field("doubleValue", value)
            case .text(let value): json.field("stringValue", value)
            case .array(let values):
                json.field("arrayValue") { $0.field("values", array: values) { $0.anyValue($1) } }
            case .object(let fields):
                json.field("kvlistValue") {
                    $0.field("values", array: fields.sorted { $0.key < $1.key }) { $0.keyValue($1.key, $1.value) }
                }
            }
        }
    }
}
