import Domain
import Foundation
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
        /// The order in which columns were asked for, which the client's JSON has and dictionaries lose.
        var selectedNames: [String] = []
        var explodedNames: [String] = []
        var concatenatedNames: [String] = []

        enum CodingKeys: String, CodingKey {
            case select, filter, explode, concat, rename, index
        }
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

    /// Throws `DecodingError` for what is no such request.
    init(json: [UInt8]) throws {
        self = try JSONDecoder().decode(SpanQueryRequest.self, from: Data(json))
        guard let queries = ExactJSON.member("queries", of: json) else { return }
        for (number, query) in ExactJSON.elements(of: queries).enumerated() where self.queries.indices.contains(number)
        {
            self.queries[number].readOrder(query)
        }
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

extension SpanQueryRequest.Query {
    fileprivate mutating func readOrder(_ json: [UInt8]) {
        func keys(_ json: [UInt8]?) -> [String] { json.map { ExactJSON.members(of: $0).map(\.key) } ?? [] }
        let members = ExactJSON.members(of: json)
        func member(_ name: String) -> [UInt8]? { members.last { $0.key == name }?.value }
        selectedNames = keys(member("select"))
        explodedNames = keys(member("explode").flatMap { ExactJSON.member("kwargs", of: $0) })
        concatenatedNames = keys(member("concat").flatMap { ExactJSON.member("kwargs", of: $0) })
    }
}

extension Dictionary where Key == String {
    /// In the order of these names; what is not among them comes last, by name.
    func ordered(_ names: [String]) -> [(key: String, value: Value)] {
        let places = Dictionary<String, Int>(zip(names, names.indices), uniquingKeysWith: { first, _ in first })
        return sorted {
            (places[$0.key] ?? names.count, $0.key) < (places[$1.key] ?? names.count, $1.key)
        }.map { ($0.key, $0.value) }
    }
}
