import Domain
import GraphQL

/// What every part of the schema is made of: scalars, time ranges, nodes and pages.
enum CoreTypes {
    static let part = APISchema.Part(types: [dateTime, json, identifier, sortDirection, timeRange, node, pageInfo])

    private static let dateTime = ScalarType(
        "DateTime", description: "A date with its time, as ISO 8601 writes it, with an offset.",
        parse: { value in
            guard case .string(let text) = value, Timestamp.parseISO8601(text) != nil else {
                throw ExpectedError("Not a time such as 2026-01-31T12:00:00+00:00")
            }
            return value
        })

    private static let json = ScalarType(
        "JSON", description: "Any JSON value.",
        specifiedBy: "https://ecma-international.org/publications-and-standards/standards/ecma-404/")

    private static let identifier = ScalarType(
        "Identifier",
        description:
            "A name of lowercase letters, digits, underscores and hyphens that begins and ends with a letter or digit.",
        parse: { value in
            guard case .string(let text) = value, text.wholeMatch(of: /[a-z0-9]([_a-z0-9-]*[a-z0-9])?/) != nil else {
                throw ExpectedError("Not an identifier")
            }
            return value
        })

    enum SortDirection: String, GraphQLEnum, Hashable {
        case asc
        case desc
    }

    private static let sortDirection = EnumType("SortDir", SortDirection.self, description: "Which end comes first.")

    private static let timeRange = InputObjectType(
        "TimeRange", description: "A stretch of time.",
        fields: [
            .argument("start", .named("DateTime"), default: .null, description: "Included; open where it is null."),
            .argument("end", .named("DateTime"), default: .null, description: "Not included; open where it is null."),
        ])

    private static let node = InterfaceType(
        "Node", description: "Anything that has an id of its own.",
        fields: [.field("id", .nonNull(.id), description: "Distinct among all nodes of all types.")])

    static let pageInfo: Object<PageInfo> = ObjectType("PageInfo", description: "Where a page stands.") {
        type in
        type.field("hasNextPage", .nonNull(.boolean), description: "Whether more comes after it.") { $0.hasNext }
        type.field("hasPreviousPage", .nonNull(.boolean), description: "Whether something comes before it.") {
            $0.hasPrevious
        }
        type.field("startCursor", .string, description: "Of its first edge.") { $0.startCursor }
        type.field("endCursor", .string, description: "Of its last edge.") { $0.endCursor }
    }
}

/// From `start` to before `end`, nanoseconds since 1970; nil is open.
struct TimeRange: InputObjectDecodable, Sendable, Hashable {
    var start: Int64?
    var end: Int64?

    init(fields: Arguments) throws {
        start = try fields.time("start")
        end = try fields.time("end")
    }
}

extension Arguments {
    /// A `DateTime`, as nanoseconds since 1970.
    func time(_ name: String) throws -> Int64? {
        try optionalString(name).flatMap { Timestamp.parseISO8601($0) }
    }
}

/// A time of ours as a `DateTime`.
func dateTime(_ nanoseconds: Int64) -> OutputValue { .string(Timestamp.iso8601(nanoseconds)) }

func dateTime(_ nanoseconds: Int64?) -> OutputValue { nanoseconds.map { dateTime($0) } ?? .null }

/// A node's id.
func nodeID(_ type: String, _ number: Int64) -> OutputValue { .string(GlobalID(type, number).description) }
