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
            struct Costs: Decodable {
                struct Part: Decodable {
                    var tokens: Int64
                }

                var prompt: Part
                var completion: Part
            }

            var numSpans: Int64
            var errorCount: Int64
            var costSummary: Costs
            var sessionId: String?
        }

        struct Found: Decodable {
            /// Nil where there is no such trace.
            var getTraceByOtelId: Trace?
        }

        struct Refusal: Decodable {
            var message: String
        }

        static let document = """
            query Sums($trace: String!) {
              getTraceByOtelId(traceId: $trace) {
                numSpans errorCount sessionId costSummary { prompt { tokens } completion { tokens } }
              }
            }
            """

        var data: Found?
        var errors: [Refusal]?
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

    func differences(_ trace: CanaryAnswers.Sums.Trace) -> [String] {
        let found = Sums(
            spans: trace.numSpans, errors: trace.errorCount, promptTokens: trace.costSummary.prompt.tokens,
            completionTokens: trace.costSummary.completion.tokens)
        return (found == sums ? [] : ["sums are \(found) and should be \(sums)"])
            + (trace.sessionId == sessionID ? [] : ["the session is \(trace.sessionId ?? "missing")"])
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
