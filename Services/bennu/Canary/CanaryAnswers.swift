import Domain
import Foundation

/// What a server answers about a canary's trace, as far as it is looked at.
enum CanaryAnswers {
    struct Spans: Decodable {
        struct Span: Decodable {
            struct Context: Decodable {
                var traceID: String
                var spanID: String

                enum CodingKeys: String, CodingKey {
                    case traceID = "trace_id"
                    case spanID = "span_id"
                }
            }

            enum Value: Decodable, Equatable {
                case text(String)
                case number(Int64)
                case other

                init(from decoder: any Decoder) throws {
                    let container = try decoder.singleValueContainer()
                    if let number = try? container.decode(Int64.self) {
                        self = .number(number)
                    } else if let text = try? container.decode(String.self) {
                        self = .text(text)
                    } else {
                        self = .other
                    }
                }
            }

            var name: String
            var context: Context
            var kind: String
            var parentID: String?
            var startTime: String
            var endTime: String
            var statusCode: String
            var attributes: [String: Value]

            enum CodingKeys: String, CodingKey {
                case name, context, attributes
                case kind = "span_kind"
                case parentID = "parent_id"
                case startTime = "start_time"
                case endTime = "end_time"
                case statusCode = "status_code"
            }
        }

        var data: [Span]
    }

    struct Traces: Decodable {
        struct Trace: Decodable {
            var traceID: String

            enum CodingKeys: String, CodingKey {
                case traceID = "trace_id"
            }
        }

        var data: [Trace]
    }

    struct Sums: Decodable {
        struct Trace: Decodable {
            var spanCount: Int64
            var errorCount: Int64
            var promptTokens: Int64
            var completionTokens: Int64
            var sessionId: String?
        }

        var data: Trace
    }
}

extension CanaryTrace {
    /// What of the spans is not as it was written, in words; empty if all of it is.
    func differences(_ answer: CanaryAnswers.Spans) -> [String] {
        let found = Dictionary(answer.data.map { ($0.context.spanID, $0) }) { first, _ in first }
        var differences = answer.data.count == spans.count ? [] : ["\(answer.data.count) spans for \(spans.count)"]
        for span in spans {
            guard let other = found[span.id.description] else {
                differences.append("no span \(span.id)")
                continue
            }
            differences += Self.differences(span, other).map { "span \(span.id): \($0)" }
        }
        return differences
    }

    func differences(_ answer: CanaryAnswers.Sums) -> [String] {
        let found = Sums(
            spans: answer.data.spanCount, errors: answer.data.errorCount, promptTokens: answer.data.promptTokens,
            completionTokens: answer.data.completionTokens)
        return (found == sums ? [] : ["sums are \(found) and should be \(sums)"])
            + (answer.data.sessionId == sessionID ? [] : ["the session is \(answer.data.sessionId ?? "missing")"])
    }

    private static func differences(_ span: Span, _ other: CanaryAnswers.Spans.Span) -> [String] {
        var differences: [String] = []
        func expect(_ is: Bool, _ what: String) { if !`is` { differences.append("\(what) differs") } }
        expect(other.name == span.name, "the name")
        expect(other.kind == span.kind, "the kind")
        expect(other.parentID == span.parentID?.description, "the parent")
        expect(other.statusCode == (span.isError ? "ERROR" : "OK"), "the status")
        expect(Timestamp.parseISO8601(other.startTime) == span.startTime, "the start")
        expect(Timestamp.parseISO8601(other.endTime) == span.endTime, "the end")
        for (key, text) in span.texts { expect(other.attributes[key] == .text(text), key) }
        for (key, number) in span.numbers { expect(other.attributes[key] == .number(number), key) }
        return differences
    }
}
