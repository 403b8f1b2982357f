import Domain
import Identity
import JMESPath

/// A provider that people may sign in through: OpenID Connect with discovery.
public struct OAuth2Settings: Sendable, Equatable {
    /// How this client proves at the token endpoint who it is (OpenID Connect Core, section 9).
    public enum Authentication: String, Sendable, CaseIterable {
        case basic = "client_secret_basic"
        case post = "client_secret_post"
        /// A public client: the code verifier is all the proof there is.
        case none = "none"
        /// A signed assertion that somebody else keeps fresh in a file, such as a workload's identity.
        case assertion = "private_key_jwt"
    }

    /// What roles follow from.
    public struct RoleRule: Sendable, Equatable {
        public var path: JMESPath
        /// What the provider calls a role, and what it is here: `ADMIN`, `MEMBER` or `VIEWER`. Empty if the provider's names are ours.
        public var mapping: [String: String]
        /// Who has no known role is refused; otherwise a viewer.
        public var isStrict: Bool
        /// The role follows the provider at every sign-in, not just the first.
        public var isResynchronised: Bool
    }

    /// As it stands in paths: lowercase letters, digits and `_`.
    public var id: String
    public var displayName: String
    public var clientID: String
    public var clientSecret: Secret?
    public var discoveryURL: String
    public var authentication: Authentication
    /// Read anew for every request.
    public var assertionFile: String?
    public var usesPKCE: Bool
    /// `openid email profile`, and what was added.
    public var scopes: [String]
    public var allowsSignUp: Bool
    public var signsInAutomatically: Bool
    public var emailPath: JMESPath
    /// Groups of which somebody must be in one; nil where that is not asked for.
    public var groups: GroupRule?
    public var roles: RoleRule?

    public struct GroupRule: Sendable, Equatable {
        public var path: JMESPath
        public var allowed: Set<String>
    }
}

extension OAuth2Settings {
    private static let prefix = "PHOENIX_OAUTH2_"

    static func all(_ reader: inout SettingsReader) -> [OAuth2Settings] {
        let chosen = Set(reader.environment.names.filter { reader.environment[$0] != nil }.compactMap(chosenPart))
        let providers = chosen.sorted().compactMap { OAuth2Settings($0, &reader) }
        for (position, provider) in providers.enumerated() {
            let name = "\(prefix)\(provider.id.uppercased())_AUTO_LOGIN"
            guard let variable = VariableCatalog.variable(named: name), provider.signsInAutomatically,
                providers[..<position].contains(where: \.signsInAutomatically)
            else { continue }
            reader.complain(variable, "is true for more than one provider", remedy: "set it to true for one at most")
        }
        return providers
    }

    /// `GOOGLE` of `PHOENIX_OAUTH2_GOOGLE_CLIENT_ID`; nil for names outside the family.
    private static func chosenPart(_ name: String) -> String? {
        guard name.hasPrefix(prefix), !VariableCatalog.all.contains(where: { $0.name == name }) else { return nil }
        let rest = name.dropFirst(prefix.count)
        let suffix = VariableFamily.oauth2Suffixes.first { rest.hasSuffix("_\($0)") && rest.count > $0.count + 1 }
        return suffix.map { String(rest.dropLast($0.count + 1)) }
    }

    /// Nil for one that is incomplete, which has then been complained about.
    private init?(_ name: String, _ reader: inout SettingsReader) {
        let problemsBefore = reader.problems.count
        var family = ProviderReader(name: name)
        id = name.lowercased()
        if !id.unicodeScalars.allSatisfy({ ("a"..."z").contains($0) || ("0"..."9").contains($0) || $0 == "_" }) {
            reader.complain(
                family.variable("CLIENT_ID"), "names a provider with other characters than letters, digits and _",
                remedy: "choose another name for it")
        }
        displayName = reader.text(family.variable("DISPLAY_NAME")) ?? Self.readable(id)
        clientID = family.required("CLIENT_ID", &reader)
        discoveryURL = family.discoveryURL(&reader)
        authentication =
            reader.choice(family.variable("TOKEN_ENDPOINT_AUTH_METHOD")).flatMap(Authentication.init) ?? .basic
        clientSecret = reader.secret(family.variable("CLIENT_SECRET"))
        assertionFile = family.assertionFile(&reader)
        usesPKCE = reader.boolean(family.variable("USE_PKCE")) ?? false
        scopes = Self.scopes(reader.text(family.variable("SCOPES")) ?? "")
        allowsSignUp = reader.boolean(family.variable("ALLOW_SIGN_UP")) ?? true
        signsInAutomatically = reader.boolean(family.variable("AUTO_LOGIN")) ?? false
        emailPath = family.path("EMAIL_ATTRIBUTE_PATH", &reader) ?? Self.plainEmail
        groups = family.groups(&reader)
        roles = family.roles(&reader)
        family.checkProof(of: self, &reader)
        guard reader.problems.count == problemsBefore else { return nil }
    }

    // `try!` because a name alone always compiles; a test reads it.
    private static let plainEmail = try! JMESPath("email")

    private static func scopes(_ added: String) -> [String] {
        var scopes = ["openid", "email", "profile"]
        for scope in added.split(whereSeparator: { $0 == " " || $0 == "," }).map(String.init)
        where !scopes.contains(scope) {
            scopes.append(scope)
        }
        return scopes
    }

    private static func readable(_ id: String) -> String {
        switch id {
        case "google": "Google"
        case "aws_cognito": "AWS Cognito"
        case "microsoft_entra_id": "Microsoft Entra ID"
        default: id.split(separator: "_").map { $0.prefix(1).uppercased() + $0.dropFirst() }.joined(separator: " ")
        }
    }
}

/// Reads the variables of one provider.
private struct ProviderReader {
    let name: String

    func variable(_ suffix: String) -> Variable {
        let name = "PHOENIX_OAUTH2_\(name)_\(suffix)"
        return VariableCatalog.variable(named: name) ?? Variable(name, .text)
    }

    mutating func required(_ suffix: String, _ reader: inout SettingsReader) -> String {
        if let text = reader.text(variable(suffix)) { return text }
        reader.complain(variable(suffix), "is not set", remedy: "the provider \(name) needs it")
        return ""
    }

    func discoveryURL(_ reader: inout SettingsReader) -> String {
        let variable = variable("OIDC_CONFIG_URL")
        guard reader.environment[variable.name] != nil else {
            reader.complain(
                variable, "is not set",
                remedy: "set it to the provider's address that ends with /.well-known/openid-configuration")
            return ""
        }
        guard let url = reader.url(variable), let parts = URLParts(url) else { return "" }
        let isLocal = ["localhost", "127.0.0.1", "::1"].contains(parts.host)
        if parts.scheme != "https", !isLocal {
            reader.complain(variable, "is not encrypted", remedy: "set it to an address that begins with https://")
        }
        return url
    }

    func assertionFile(_ reader: inout SettingsReader) -> String? {
        let file = reader.path(variable("CLIENT_ASSERTION_FILE"))
        let indirect = reader.text(variable("CLIENT_ASSERTION_FILE_ENV_VAR"))
        if file != nil, indirect != nil {
            reader.complain(
                variable("CLIENT_ASSERTION_FILE_ENV_VAR"), "is set beside CLIENT_ASSERTION_FILE",
                remedy: "set one of the two")
        }
        guard file == nil, let indirect else { return file }
        guard let named = reader.environment[indirect] else {
            reader.complain(
                variable("CLIENT_ASSERTION_FILE_ENV_VAR"), "names a variable that is not set",
                remedy: "set that variable to the assertion's file, or name another")
            return nil
        }
        return reader.files.expanding(named)
    }

    func path(_ suffix: String, _ reader: inout SettingsReader) -> JMESPath? {
        guard let text = reader.text(variable(suffix)) else { return nil }
        do {
            return try JMESPath(text)
        } catch {
            reader.complain(
                variable(suffix), "is no JMESPath expression: \(error.message)",
                remedy: "set it to one such as realm_access.roles")
            return nil
        }
    }

    func groups(_ reader: inout SettingsReader) -> OAuth2Settings.GroupRule? {
        let path = path("GROUPS_ATTRIBUTE_PATH", &reader)
        let allowed = (reader.text(variable("ALLOWED_GROUPS")) ?? "").split(separator: ",").map(\.trimmingSpaces)
            .filter { !$0.isEmpty }
        let isPathGiven = reader.environment[variable("GROUPS_ATTRIBUTE_PATH").name] != nil
        if isPathGiven, allowed.isEmpty {
            reader.complain(
                variable("ALLOWED_GROUPS"), "is not set",
                remedy: "GROUPS_ATTRIBUTE_PATH needs it: the groups that may sign in")
        } else if !isPathGiven, !allowed.isEmpty {
            reader.complain(
                variable("GROUPS_ATTRIBUTE_PATH"), "is not set",
                remedy: "ALLOWED_GROUPS needs it: where groups are found")
        }
        return path.map { OAuth2Settings.GroupRule(path: $0, allowed: Set(allowed)) }
    }

    func roles(_ reader: inout SettingsReader) -> OAuth2Settings.RoleRule? {
        let path = path("ROLE_ATTRIBUTE_PATH", &reader)
        let mapping = roleMapping(&reader)
        let isStrict = reader.boolean(variable("ROLE_ATTRIBUTE_STRICT")) ?? false
        let isResynchronised = reader.boolean(variable("ROLE_RESYNC")) ?? true
        let needsPath = !mapping.isEmpty || isStrict
        if needsPath, reader.environment[variable("ROLE_ATTRIBUTE_PATH").name] == nil {
            reader.complain(
                variable("ROLE_ATTRIBUTE_PATH"), "is not set",
                remedy: "ROLE_MAPPING and ROLE_ATTRIBUTE_STRICT need it: where the role is found")
        }
        return path.map {
            OAuth2Settings.RoleRule(path: $0, mapping: mapping, isStrict: isStrict, isResynchronised: isResynchronised)
        }
    }

    private func roleMapping(_ reader: inout SettingsReader) -> [String: String] {
        let variable = variable("ROLE_MAPPING")
        var mapping: [String: String] = [:]
        for piece in (reader.text(variable) ?? "").split(separator: ",").map(\.trimmingSpaces) where !piece.isEmpty {
            guard let colon = piece.lastIndex(of: ":"), case let theirs = piece[..<colon].trimmingSpaces,
                !theirs.isEmpty,
                let role = AssignableRole(named: piece[piece.index(after: colon)...].trimmingSpaces)
            else {
                reader.complain(
                    variable, "has an entry that gives no role (\(OneLine.quoted(piece)))",
                    remedy: "set it to pairs such as Owner:ADMIN,Reader:VIEWER; roles are ADMIN, MEMBER and VIEWER")
                continue
            }
            mapping[theirs] = role.rawValue
        }
        return mapping
    }

    func checkProof(of provider: OAuth2Settings, _ reader: inout SettingsReader) {
        switch provider.authentication {
        case .basic, .post:
            guard provider.clientSecret == nil else { return }
            reader.complain(
                variable("CLIENT_SECRET"), "is not set",
                remedy: "the provider \(name) needs it, unless TOKEN_ENDPOINT_AUTH_METHOD is none or private_key_jwt")
        case .none:
            guard !provider.usesPKCE else { return }
            reader.complain(
                variable("USE_PKCE"), "is not true", remedy: "TOKEN_ENDPOINT_AUTH_METHOD=none is only safe with it")
        case .assertion:
            guard provider.assertionFile == nil else { return }
            reader.complain(
                variable("CLIENT_ASSERTION_FILE"), "is not set",
                remedy: "TOKEN_ENDPOINT_AUTH_METHOD=private_key_jwt needs it or CLIENT_ASSERTION_FILE_ENV_VAR")
        }
    }
}

/// A role that a provider or a directory may give: never the system's.
enum AssignableRole: String {
    case admin = "ADMIN"
    case member = "MEMBER"
    case viewer = "VIEWER"

    init?(named text: String) { self.init(rawValue: text.uppercased()) }
}
