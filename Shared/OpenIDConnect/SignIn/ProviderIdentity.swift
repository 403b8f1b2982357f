import Domain
import Identity
import JMESPath
import Settings

/// Who signed in at a provider, and what that provider says of them, after all rules of its settings.
public struct ProviderIdentity: Sendable, Equatable {
    /// The client and the subject name a person for good; the mail may change hands.
    public var clientID: String
    public var subject: String
    public var email: EmailAddress
    /// The provider says that it has not seen that the address is theirs.
    public var isEmailRefuted: Bool
    public var name: String?
    public var picture: String?
    /// `ADMIN`, `MEMBER` or `VIEWER`; nil where roles are not the provider's matter.
    public var role: String?

    init(claims: JSONValue, settings: OAuth2Settings) throws(OpenIDError) {
        guard let subject = claims["sub"]?.string else { throw OpenIDError(.failed, "there is no subject") }
        try Self.checkGroups(claims, settings.groups)
        guard let text = Self.find(settings.emailPath, claims).string, let email = EmailAddress(text) else {
            throw OpenIDError(.noEmail, "the provider gives no mail address at \(settings.emailPath)")
        }
        self.subject = subject
        self.email = email
        clientID = settings.clientID
        isEmailRefuted = [.boolean(false), .string("false")].contains(claims["email_verified"])
        name = claims["name"]?.string.flatMap(Self.oneLine)
        picture = claims["picture"]?.string.flatMap { $0.hasPrefix("https://") && $0.utf8.count <= 2_048 ? $0 : nil }
        role = try Self.role(claims, settings.roles)
    }

    /// Whether all that the settings ask for is there.
    static func isComplete(_ claims: JSONValue, _ settings: OAuth2Settings) -> Bool {
        let paths = [settings.emailPath, settings.groups?.path, settings.roles?.path].compactMap(\.self)
        return paths.allSatisfy { find($0, claims) != .null }
    }

    private static func checkGroups(_ claims: JSONValue, _ rule: OAuth2Settings.GroupRule?) throws(OpenIDError) {
        guard let rule else { return }
        let found = find(rule.path, claims)
        let groups = found.array?.compactMap(\.string) ?? found.string.map { [$0] } ?? []
        guard !rule.allowed.isDisjoint(with: groups) else {
            throw OpenIDError(.failed, "who signed in is in none of the allowed groups")
        }
    }

    private static func role(_ claims: JSONValue, _ rule: OAuth2Settings.RoleRule?) throws(OpenIDError) -> String? {
        guard let rule else { return nil }
        let found = find(rule.path, claims)
        let names = found.array?.compactMap(\.string) ?? found.string.map { [$0] } ?? []
        let ours: Set = ["ADMIN", "MEMBER", "VIEWER"]
        for name in names {
            if rule.mapping.isEmpty, ours.contains(name.uppercased()) { return name.uppercased() }
            if let role = rule.mapping[name], ours.contains(role) { return role }
        }
        guard !rule.isStrict else { throw OpenIDError(.failed, "who signed in has no role here") }
        return "VIEWER"
    }

    /// What cannot be evaluated for these claims is not there.
    private static func find(_ path: JMESPath, _ claims: JSONValue) -> JSONValue {
        (try? path.evaluate(claims)) ?? .null
    }

    private static func oneLine(_ text: String) -> String? {
        let scalars = text.unicodeScalars.filter { !$0.properties.isWhitespace || $0 == " " }
        let line = String(String.UnicodeScalarView(scalars)).prefix(200).trimmingSpaces
        return line.isEmpty ? nil : line
    }
}

extension Substring {
    fileprivate var trimmingSpaces: String {
        var text = self
        while text.first == " " { text.removeFirst() }
        while text.last == " " { text.removeLast() }
        return String(text)
    }
}
