/// Who makes a request, and by what they proved it.
public enum Principal: Codable, Sendable, Hashable {
    /// Authentication is off: everybody may do everything, except what issues credentials.
    case anyone
    /// A person, by their session or by one of their API keys.
    case user(id: Int64, role: Role, credential: Credential)
    /// The system user, by a system API key or by `PHOENIX_ADMIN_SECRET`.
    case system(SystemCredential)

    /// How a person is known.
    public enum Credential: Codable, Sendable, Hashable {
        /// A session's access token; the value is the row's id.
        case accessToken(Int64)
        /// An API key; the value is the row's id.
        case apiKey(Int64, scope: KeyScope = .full)
    }

    /// How the system user is known.
    public enum SystemCredential: Codable, Sendable, Hashable {
        /// The value is the row's id.
        case apiKey(Int64, scope: KeyScope = .full)
        /// `PHOENIX_ADMIN_SECRET`.
        case adminSecret
    }

    /// The role whose rights the request has; admin rights where authentication is off.
    public var role: Role {
        switch self {
        case .anyone: .admin
        case .user(_, let role, _): role
        case .system: .system
        }
    }

    /// What the credential leaves of the role's rights: all of them, but for some keys.
    public var scope: KeyScope {
        switch self {
        case .user(_, _, .apiKey(_, let scope)), .system(.apiKey(_, let scope)): scope
        case .anyone, .user(_, _, .accessToken), .system(.adminSecret): .full
        }
    }

    /// The account; nil where there is none.
    public var userID: Int64? {
        if case .user(let id, _, _) = self { id } else { nil }
    }
}
