/// Whether something may be done, and if not, why.
public enum Access: Sendable, Hashable {
    case allowed
    case denied(DenialReason)
}

/// Why something may not be done.
public enum DenialReason: Sendable, Hashable, CaseIterable {
    /// The route or field has no rule: nobody may use it until it has.
    case noRule
    case notSignedIn
    case viewersOnlyRead
    case adminsOnly
    /// There are no accounts to manage while authentication is off.
    case authenticationIsOff
    /// An API key where a person's session is asked for.
    case keysMakeNoKeys
    /// The system user where a person is asked for: it has system keys.
    case systemHasNoUserKeys
    /// The key's scope leaves this out.
    case outsideScope

    /// What REST and OTLP answer.
    public var message: String {
        switch self {
        case .noRule: "This route cannot be used."
        case .notSignedIn: "Invalid token"
        case .viewersOnlyRead: "Viewers cannot perform this action."
        case .adminsOnly: "Only admin or system users can perform this action."
        case .authenticationIsOff: "Authentication must be enabled to manage API keys"
        case .keysMakeNoKeys: "API keys cannot create API keys"
        case .systemHasNoUserKeys: "The system user has no user API keys; use the system API key routes"
        case .outsideScope: "This API key's scope does not include this action."
        }
    }

    /// What GraphQL answers.
    public var graphQLMessage: String {
        switch self {
        case .noRule: "This field cannot be used"
        case .viewersOnlyRead: "Viewers cannot perform this action"
        case .adminsOnly: "Only admin can perform this action"
        default: message
        }
    }
}

/// The one place where it is decided who may do what.
public enum Permissions {
    /// Decides for a rule that a table gave; no rule means no.
    ///
    /// - Parameter isOfProject: whether the request is about the given project and no other: asked for keys that are for
    ///   one project.
    public static func decide(
        _ rule: Rule?, for principal: Principal, isOfProject: (KeyScope.Project) -> Bool = { _ in false }
    ) -> Access {
        guard let rule else { return .denied(.noRule) }
        if case .anyone = principal { return withoutAccounts(rule) }
        guard rule == .open || isWithin(principal.scope, rule, isOfProject) else { return .denied(.outsideScope) }
        switch rule {
        case .open, .read, .ownAccount: return .allowed
        case .write, .ingest: return principal.role == .viewer ? .denied(.viewersOnlyRead) : .allowed
        case .admin, .adminOfAccounts: return principal.role.isAdmin ? .allowed : .denied(.adminsOnly)
        case .ownKeys: return ownKeys(principal)
        case .makeUserKey: return makeUserKey(principal)
        case .makeSystemKey: return makeSystemKey(principal)
        }
    }

    private static func isWithin(
        _ scope: KeyScope, _ rule: Rule, _ isOfProject: (KeyScope.Project) -> Bool
    ) -> Bool {
        if let project = scope.project, !isOfProject(project) { return false }
        return switch scope.kind {
        case .full: true
        case .read: rule == .read
        case .ingest: rule == .ingest
        }
    }

    private static func withoutAccounts(_ rule: Rule) -> Access {
        switch rule {
        case .open, .read, .write, .ingest, .admin: .allowed
        case .adminOfAccounts, .ownAccount, .ownKeys, .makeUserKey, .makeSystemKey: .denied(.authenticationIsOff)
        }
    }

    private static func ownKeys(_ principal: Principal) -> Access {
        if case .system(.apiKey) = principal { return .denied(.systemHasNoUserKeys) }
        return .allowed
    }

    private static func makeUserKey(_ principal: Principal) -> Access {
        switch principal {
        case .user(_, _, .accessToken): .allowed
        case .user(_, _, .apiKey): .denied(.keysMakeNoKeys)
        case .system: .denied(.systemHasNoUserKeys)
        case .anyone: .denied(.authenticationIsOff)
        }
    }

    private static func makeSystemKey(_ principal: Principal) -> Access {
        guard principal.role.isAdmin else { return .denied(.adminsOnly) }
        switch principal {
        case .user(_, _, .accessToken), .system(.adminSecret): return .allowed
        case .user(_, _, .apiKey), .system(.apiKey): return .denied(.keysMakeNoKeys)
        case .anyone: return .denied(.authenticationIsOff)
        }
    }
}
