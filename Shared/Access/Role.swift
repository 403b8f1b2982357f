/// What a person or a key may do; the names are those of the database and of GraphQL.
public enum Role: String, Codable, Sendable, Hashable, CaseIterable {
    /// The system user: system API keys and `PHOENIX_ADMIN_SECRET`. Has an admin's rights, and cannot sign in.
    case system = "SYSTEM"
    case admin = "ADMIN"
    case member = "MEMBER"
    /// May read only.
    case viewer = "VIEWER"

    /// Whether the role has an admin's rights.
    public var isAdmin: Bool { self == .admin || self == .system }
}
