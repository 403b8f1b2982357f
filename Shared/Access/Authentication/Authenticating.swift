/// Tells who makes a request from what it carries.
public protocol Authenticating: Sendable {
    /// - Parameters:
    ///   - authorization: The `Authorization` field's value (RFC 9110, section 11.6.2). With one, cookies count for
    ///     nothing, whatever its scheme.
    ///   - cookie: The `Cookie` field's value.
    func principal(authorization: String?, cookie: String?) async throws(AuthenticationRefusal) -> Principal
}

/// Why nobody is known to make a request.
public enum AuthenticationRefusal: Error, Sendable, Hashable {
    /// The request carries nothing that says who makes it.
    case missing
    /// It carries something that is broken, unknown or revoked.
    case invalid
    case expired
    /// Whose it is cannot be looked up at the moment.
    case unavailable

    /// What the client is told.
    public var message: String {
        switch self {
        case .missing, .invalid: "Invalid token"
        case .expired: "Expired token"
        case .unavailable: "who makes the request cannot be looked up at the moment; try again"
        }
    }
}

/// Where authentication is off everybody is `.anyone`.
public struct NoAuthentication: Authenticating {
    public init() {}

    public func principal(authorization: String?, cookie: String?) async throws(AuthenticationRefusal) -> Principal {
        .anyone
    }
}
