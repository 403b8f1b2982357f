/// Who makes a request, and by what they proved it.
public enum Principal: Sendable, Hashable {
    /// Authentication is off: everybody may do everything, except what issues credentials.
    case anyone
    /// A person, by their session or by one of their API keys.
    case user(id: Int64, role: Role, credential: Credential)
    /// The system user, by a system API key or by `PHOENIX_ADMIN_SECRET`.
    case system(SystemCredential)

    /// How a person is known.
    public enum Credential: Sendable, Hashable {
        /// A session's access token; the value is the row's id.
        case accessToken(Int64)
        /// An API key; the value is the row's id.
        case apiKey(Int64)
    }

    /// How the system user is known.
    public enum SystemCredential: Sendable, Hashable {
        case apiKey(Int64)
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
}
