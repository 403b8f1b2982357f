import Domain
import Identity

/// Sign-in and secrets.
public struct AccountSettings: Sendable, Equatable {
    /// An administrator who is made at the first start.
    public struct Administrator: Sendable, Hashable {
        public var name: String
        public var email: EmailAddress
    }

    public var isEnabled: Bool
    /// Signs tokens; there whenever `isEnabled`.
    public var secret: Secret?
    /// A bearer token that acts as the system user.
    public var adminSecret: Secret?
    public var administrators: [Administrator]
    /// Of `admin@localhost`, where it is not the well-known one.
    public var initialAdminPassword: Secret?
    public var passwordPolicy: PasswordPolicy
    /// Whether people sign in by passwords of ours.
    public var hasPasswords: Bool
    public var limitsRequestRates: Bool
    /// The failures of an account from an address after which it has to wait; nil for no such limit.
    public var signInFailuresMax: Int?
    public var accessTokenLife: Duration
    public var refreshTokenLife: Duration
    public var passwordResetLife: Duration
    /// Browsers send cookies back over TLS only.
    public var hasSecureCookies: Bool
    /// The path below which browsers send cookies; nil for the root path.
    public var cookiePath: String?
}

extension AccountSettings {
    init(_ reader: inout SettingsReader) {
        isEnabled = reader.boolean(.enableAuth) ?? false
        secret = reader.signingSecret(.secret)
        adminSecret = reader.signingSecret(.adminSecret)
        administrators = Self.administrators(&reader)
        passwordPolicy = PasswordPolicy(isStrong: reader.boolean(.strongPasswordPolicy) ?? false)
        initialAdminPassword = reader.secret(.defaultAdminPassword)
        hasPasswords = !(reader.boolean(.disableBasicAuth) ?? false)
        limitsRequestRates = !(reader.boolean(.disableRateLimit) ?? false)
        let failuresMax = reader.integer(.bruteForceAttemptsMax) ?? 5
        signInFailuresMax = reader.boolean(.disableBruteForceProtection) ?? false ? nil : failuresMax
        accessTokenLife = .seconds(60 * (reader.integer(.accessTokenMinutes) ?? 10))
        refreshTokenLife = .seconds(60 * (reader.integer(.refreshTokenMinutes) ?? 10_080))
        passwordResetLife = .seconds(60 * (reader.integer(.passwordResetMinutes) ?? 15))
        hasSecureCookies = reader.boolean(.secureCookies) ?? false
        let path = reader.text(.cookiesPath)
        cookiePath = reader.environment[Variable.cookiesPath.name] == nil ? nil : path
        if isEnabled, reader.environment[Variable.secret.name] == nil {
            reader.complain(
                .secret, "is not set", remedy: "PHOENIX_ENABLE_AUTH needs it; try the output of `openssl rand -hex 32`")
        }
        guard let adminSecret else { return }
        if reader.environment[Variable.secret.name] == nil {
            reader.complain(.secret, "is not set", remedy: "PHOENIX_ADMIN_SECRET needs it")
        }
        if adminSecret == secret {
            reader.complain(.adminSecret, "equals PHOENIX_SECRET", remedy: "set it to a secret of its own")
        }
    }

    private static func administrators(_ reader: inout SettingsReader) -> [Administrator] {
        guard let text = reader.text(.admins) else { return [] }
        let remedy = "set it to name=mail;name=mail with different names and addresses"
        var found: [Administrator] = []
        for piece in text.split(separator: ";").map(\.trimmingSpaces) where !piece.isEmpty {
            guard let equals = piece.lastIndex(of: "="), case let name = piece[..<equals].trimmingSpaces, !name.isEmpty
            else {
                reader.complain(.admins, "has an entry without a name (\(OneLine.quoted(piece)))", remedy: remedy)
                continue
            }
            guard let email = EmailAddress(piece[piece.index(after: equals)...]) else {
                reader.complain(
                    .admins, "has an entry without a mail address (\(OneLine.quoted(piece)))", remedy: remedy)
                continue
            }
            guard !found.contains(where: { $0.name == name || $0.email == email }) else {
                reader.complain(.admins, "names somebody twice (\(OneLine.quoted(piece)))", remedy: remedy)
                continue
            }
            found.append(Administrator(name: name, email: email))
        }
        return found
    }
}
