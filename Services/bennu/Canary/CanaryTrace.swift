import Domain
import Foundation

/// A trace of which all is known from its run and its number: an agent's root, a model's call and a tool that failed.
///
/// Times are whole microseconds, since JSON answers have no more.
struct CanaryTrace: Sendable, Hashable {
    struct Span: Sendable, Hashable {
        var id: SpanID
        var parentID: SpanID?
        var name: String
        /// By its OpenInference name.
        var kind: String
        /// Nanoseconds since 1970.
        var startTime: Int64
        /// Nanoseconds since 1970.
        var endTime: Int64
        var isError: Bool
        var texts: [String: String]
        var numbers: [String: Int64]
    }

    /// The sums that a trace's row keeps.
    struct Sums: Sendable, Hashable {
        var spans: Int64
        var errors: Int64
        var promptTokens: Int64
        var completionTokens: Int64
    }

    let run: UInt64
    let number: UInt64
    /// Nanoseconds since 1970, a whole number of microseconds.
    let startTime: Int64

    init(run: UInt64, number: UInt64, startTime: Int64) {
        self.run = run
        self.number = number
        self.startTime = startTime / 1000 * 1000
    }

    var traceID: TraceID { TraceID(high: run | 1, low: number) }
    var sessionID: String { "canary-\(traceID)" }

    var sums: Sums {
        Sums(
            spans: 3, errors: 1, promptTokens: Int64(number % 1000) + 1, completionTokens: Int64(number % 100) + 1)
    }

    var spans: [Span] {
        let root = span(0, parent: nil, name: "canary agent", kind: "AGENT", from: 0, to: 9000)
        var call = span(1, parent: root.id, name: "canary call", kind: "LLM", from: 1000, to: 5000)
        call.texts["llm.model_name"] = "canary"
        call.texts["output.value"] = "answer \(mixed(17)) \"quoted\" \u{1F426}\n"
        call.numbers["llm.token_count.prompt"] = sums.promptTokens
        call.numbers["llm.token_count.completion"] = sums.completionTokens
        var tool = span(2, parent: root.id, name: "canary tool", kind: "TOOL", from: 5000, to: 8000)
        tool.isError = true
        return [root, call, tool]
    }

    private func span(
        _ index: UInt64, parent: SpanID?, name: String, kind: String, from: Int64, to: Int64
    ) -> Span {
        Span(
            id: SpanID(mixed(index) | 1), parentID: parent, name: name, kind: kind,
            startTime: startTime + from * 1000, endTime: startTime + to * 1000, isError: false,
            texts: [
                "session.id": sessionID, "input.value": "question \(mixed(index + 32))",
            ], numbers: [:])
    }

    /// A number that looks like chance and follows from the trace (Steele and others, SplitMix64, 2014).
    private func mixed(_ salt: UInt64) -> UInt64 {
        var value = run &+ (number &* 64 &+ salt &+ 1) &* 0x9E37_79B9_7F4A_7C15
        value = (value ^ value >> 30) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ value >> 27) &* 0x94D0_49BB_1331_11EB
        return value ^ value >> 31
    }
}

extension CanaryTrace {
    /// The request that writes it, in OTLP/JSON.
    func request(project: String) throws -> Data {
        try JSONSerialization.data(withJSONObject: [
            "resourceSpans": [
                [
                    "resource": ["attributes": [Self.attribute("openinference.project.name", project)]],
                    "scopeSpans": [["scope": ["name": "bennu canary"], "spans": spans.map(otlp)]],
                ]
            ]
        ])
    }

    private func otlp(_ span: Span) -> [String: Any] {
        var fields: [String: Any] = [
            "traceId": traceID.description, "spanId": span.id.description, "name": span.name,
            "startTimeUnixNano": String(span.startTime), "endTimeUnixNano": String(span.endTime),
            "status": ["code": span.isError ? 2 : 1],
            "attributes": [Self.attribute("openinference.span.kind", span.kind)]
                + span.texts.map { Self.attribute($0, $1) }
                + span.numbers.map { ["key": $0, "value": ["intValue": String($1)]] as [String: Any] },
        ]
        if let parent = span.parentID { fields["parentSpanId"] = parent.description }
        return fields
    }

    private static func attribute(_ key: String, _ text: String) -> [String: Any] {
        ["key": key, "value": ["stringValue": text]]
    }
}
