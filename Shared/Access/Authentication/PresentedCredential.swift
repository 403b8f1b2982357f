import Domain

/// What a request carries to say who makes it.
struct PresentedCredential {
    static let accessTokenCookie = "phoenix-access-token"

    /// The token itself; nil where the request carries none that counts.
    let token: Secret?

    /// A bearer token (RFC 6750, section 2.1); or the cookie, if there is no `Authorization` field at all.
    init(authorization: String?, cookie: String?) {
        token = authorization.map(Self.bearer) ?? cookie.flatMap { Self.cookie(Self.accessTokenCookie, in: $0) }
    }

    private static func bearer(_ field: String) -> Secret? {
        let parts = field.split(separator: " ", maxSplits: 1)
        guard parts.count == 2, parts[0].lowercased() == "bearer" else { return nil }
        let token = parts[1].drop { $0 == " " }
        return token.isEmpty ? nil : Secret(String(token))
    }

    /// The first one of the name (RFC 6265, section 4.2.1).
    private static func cookie(_ name: String, in field: String) -> Secret? {
        for pair in field.split(separator: ";") {
            let pair = pair.drop { $0 == " " }
            guard let equals = pair.firstIndex(of: "="), pair[..<equals] == name else { continue }
            let value = pair[pair.index(after: equals)...]
            return value.isEmpty ? nil : Secret(String(value))
        }
        return nil
    }
}
