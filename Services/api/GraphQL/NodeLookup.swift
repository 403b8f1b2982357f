import Domain
import GraphQL

/// How nodes of one type are found by their number (Relay's Global Object Identification).
struct NodeLookup: Sendable {
    let typeName: String
    /// Nil where there is none.
    let find: @Sendable (Int64, Field) async throws -> OutputValue?

    init(_ typeName: String, find: @escaping @Sendable (Int64, Field) async throws -> OutputValue?) {
        self.typeName = typeName
        self.find = find
    }

    private static let byType: [String: NodeLookup] = Dictionary(
        APISchema.parts.flatMap(\.nodes).map { ($0.typeName, $0) }, uniquingKeysWith: { first, _ in first })

    /// Throws `ExpectedError` for what is no id, or nobody's.
    static func find(_ text: String, _ field: Field) async throws -> OutputValue {
        guard let id = GlobalID(encoded: text), let lookup = byType[id.typeName] else {
            throw ExpectedError("\(text) is not the id of anything", .notFound)
        }
        guard let node = try await lookup.find(id.number, field) else {
            throw ExpectedError("\(id.typeName) with ID \(id.number) not found", .notFound)
        }
        return node
    }
}

extension Arguments {
    /// The number of a node's id. Throws `ExpectedError` where it is another type's.
    func id(_ name: String, of type: String) throws -> Int64 {
        try Self.number(of: string(name), type)
    }

    func optionalID(_ name: String, of type: String) throws -> Int64? {
        try optionalString(name).map { try Self.number(of: $0, type) }
    }

    func ids(_ name: String, of type: String) throws -> [Int64] {
        try value(name, as: [String].self).map { try Self.number(of: $0, type) }
    }

    private static func number(of text: String, _ type: String) throws -> Int64 {
        guard let id = GlobalID(encoded: text), id.typeName == type else {
            throw ExpectedError("\(text) is not the id of a \(type)")
        }
        return id.number
    }
}
