import Settings

/// Begins sessions of people who have just proved who they are.
protocol SessionOpening: Sendable {
    /// The `Set-Cookie` fields (RFC 6265, section 4.1) of a new session. `LDAP` and `OAuth2` sign-ins end up here as those by password do.
    func cookies(openingSessionOf user: Int64) async throws -> [String]
}

/// Where the cookies of this deployment hold, and whether only over TLS.
struct CookieScope: Sendable, Hashable {
    var path: String
    var isSecure: Bool

    /// One that comes back when somebody arrives from another site.
    func lax(_ name: String, _ value: String, seconds: Int64) -> String {
        cookie(name, value, seconds: seconds, sameSite: "lax")
    }

    /// One that comes back from our own pages only.
    func strict(_ name: String, _ value: String, seconds: Int64) -> String {
        cookie(name, value, seconds: seconds, sameSite: "strict")
    }

    private func cookie(_ name: String, _ value: String, seconds: Int64, sameSite: String) -> String {
        let attributes = "Path=\(path); Max-Age=\(seconds); HttpOnly; SameSite=\(sameSite)"
        return "\(name)=\(value); \(attributes)\(isSecure ? "; Secure" : "")"
    }
}

extension CookieScope {
    init(_ settings: Settings) {
        let root = settings.network.rootPath
        path = settings.accounts.cookiePath ?? (root.isEmpty ? "/" : root)
        isSecure = settings.accounts.hasSecureCookies || settings.tls.isEnabledForHTTP
    }
}
