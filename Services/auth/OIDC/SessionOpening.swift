import HTTPTypes

/// Begins sessions of people who have just proved who they are.
protocol SessionOpening: Sendable {
    /// The `Set-Cookie` fields of a new session. `LDAP` and `OAuth2` sign-ins end up here as those by password do.
    func cookies(openingSessionOf user: Int64) async throws -> [String]
}

/// Where the cookies of this deployment hold, and whether only over TLS.
struct CookieScope: Sendable, Hashable {
    var path: String
    var isSecure: Bool

    /// One that only the browser's own navigation sends back.
    func lax(_ name: String, _ value: String, seconds: Int64) -> String {
        "\(name)=\(value); Path=\(path); Max-Age=\(seconds); HttpOnly; SameSite=lax\(isSecure ? "; Secure" : "")"
    }
}
