import Foundation
import GraphQL

/// What graphql-core makes of a document.
struct ReferenceCase: Decodable, CustomStringConvertible {
    struct Reported: Decodable, Hashable, CustomStringConvertible {
        var message: String
        var locations: [[Int]]

        var description: String { "\(message) \(locations)" }
    }

    var text: String
    var syntax: Reported?
    var printed: String?
    var errors: [Reported]?

    var description: String { text }

    private static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appending(path: "Fixtures")

    static func all() throws -> [ReferenceCase] {
        try JSONDecoder().decode(
            [ReferenceCase].self, from: Data(contentsOf: folder.appending(path: "expectations.json")))
    }

    static func library() throws -> String {
        try String(contentsOf: folder.appending(path: "library.graphql"), encoding: .utf8)
    }
}

extension ReferenceCase.Reported {
    init(_ error: GraphQLError) {
        self.init(message: error.message, locations: error.locations.map { [$0.line, $0.column] })
    }
}
