/// What an API key may be used for, within its owner's role.
public struct KeyScope: Codable, Sendable, Hashable {
    /// The names are those of the database and of REST.
    public enum Kind: String, Codable, Sendable, Hashable, CaseIterable {
        case full = "FULL"
        /// Nothing can be changed with it.
        case read = "READ"
        /// Spans can be sent with it, and nothing else be done.
        case ingest = "INGEST"
    }

    /// The one project that a key is for.
    public struct Project: Codable, Sendable, Hashable {
        public var id: Int64
        public var name: String

        public init(id: Int64, name: String) {
            self.id = id
            self.name = name
        }
    }

    public static let full = KeyScope(.full)

    public var kind: Kind
    /// Nil for all.
    public var project: Project?

    public init(_ kind: Kind, project: Project? = nil) {
        self.kind = kind
        self.project = project
    }
}
