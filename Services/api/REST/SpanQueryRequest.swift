import Domain
import HTTP

/// The body of `POST /v1/spans`, as `arize-phoenix-client` writes a `SpanQuery`.
struct SpanQueryRequest: Decodable, Sendable {
    struct Projection: Decodable, Sendable {
        var key: String
    }

    struct Condition: Decodable, Sendable {
        var condition: String
    }

    struct Explosion: Decodable, Sendable {
        var key: String
        /// Names of columns, with the paths within an element that they hold.
        var kwargs: [String: String]?
    }

    struct Concatenation: Decodable, Sendable {
        var key: String
        var kwargs: [String: String]?
        var separator: String?
    }

    struct Query: Decodable, Sendable {
        var select: [String: Projection]?
        var filter: Condition?
        var explode: Explosion?
        var concat: Concatenation?
        var rename: [String: String]?
        var index: Projection?
    }

    var queries: [Query]
    var startTime: String?
    var endTime: String?
    var limit: Int?
    var rootSpansOnly: Bool?
    var orphanSpanAsRootSpan: Bool?
    var projectName: String?

    enum CodingKeys: String, CodingKey {
        case queries, limit
        case startTime = "start_time"
        case endTime = "end_time"
        case rootSpansOnly = "root_spans_only"
        case orphanSpanAsRootSpan = "orphan_span_as_root_span"
        case projectName = "project_name"
    }

    /// Nanoseconds since 1970. Throws `ValidationError` for what is no time.
    func times() throws -> (start: Int64?, end: Int64?) {
        (try Self.time("start_time", startTime), try Self.time("end_time", endTime))
    }

    private static func time(_ name: String, _ text: String?) throws -> Int64? {
        guard let text else { return nil }
        guard let time = Timestamp.parseISO8601(text) else {
            throw ValidationError([.key("body"), .key(name)], "is not a time in ISO 8601")
        }
        return time
    }
}
