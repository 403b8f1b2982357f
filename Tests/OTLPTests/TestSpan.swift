import Domain
import Foundation
import OTLP

/// A span that a test sends, and the request around it.
struct TestSpan {
    var traceID = [UInt8](repeating: 1, count: 16)
    var spanID: [UInt8] = [0, 0, 0, 0, 0, 0, 0, 2]
    var parentID: [UInt8] = []
    var name = "span"
    var startTime: UInt64 = 1_700_000_000_000_000_000
    var endTime: UInt64 = 1_700_000_001_000_000_000
    var attributes: [(String, TestValue)] = []
    /// Whatever else a test wants in the message.
    var extra: (inout WireMessage) -> Void = { _ in }

    init(_ attributes: KeyValuePairs<String, TestValue> = [:]) {
        self.attributes = attributes.map { ($0.key, $0.value) }
    }

    var message: WireMessage {
        WireMessage {
            $0.bytes(1, traceID)
            $0.bytes(2, spanID)
            if !parentID.isEmpty { $0.bytes(4, parentID) }
            $0.text(5, name)
            $0.fixed64(7, startTime)
            $0.fixed64(8, endTime)
            for (key, value) in attributes { $0.attribute(9, key, value) }
            extra(&$0)
        }
    }
}

/// A request with the spans in one scope of one resource.
func request(
    _ spans: [TestSpan], resource: KeyValuePairs<String, TestValue> = [:],
    scope: (inout WireMessage) -> Void = { $0.text(1, "scope") }
) -> [UInt8] {
    WireMessage {
        $0.message(1) { resourceSpans in
            resourceSpans.message(1) { message in for (key, value) in resource { message.attribute(1, key, value) } }
            resourceSpans.message(2) { scopeSpans in
                scopeSpans.message(1, scope)
                for span in spans { scopeSpans.message(2, span.message) }
            }
        }
    }.bytes
}

func decode(_ span: TestSpan) throws -> (batch: SpanBatch, record: SpanRecord) {
    let batch = try ExportTraceRequest.decode(protobuf: request([span]))
    guard let record = batch.spans.first else { throw NoSpan() }
    return (batch, record)
}

struct NoSpan: Error {}

/// JSON as Foundation reads it, so that two texts can be compared by what they say.
func json(_ text: String?) throws -> NSObject {
    guard let text else { return NSNull() }
    let value = try JSONSerialization.jsonObject(with: Data(text.utf8), options: .fragmentsAllowed)
    return value as? NSObject ?? NSNull()
}

/// The attributes' JSON of a span that has these.
func attributes(_ attributes: KeyValuePairs<String, TestValue>) throws -> NSObject {
    let (batch, record) = try decode(TestSpan(attributes))
    return try json(batch.text(record.attributes))
}
