/// Every variable that Bennu knows, served or not.
public enum VariableCatalog {
    public static let all: [Variable] =
        Variable.network + Variable.database + Variable.accounts + Variable.ldap + Variable.mail + Variable.tls
        + Variable.observability + Variable.bennu + Variable.unserved + Variable.clientSide

    /// Names that are built around one of an operator's own choice.
    public static let families: [VariableFamily] = [
        VariableFamily(prefix: "PHOENIX_OAUTH2_", suffixes: VariableFamily.oauth2Suffixes),
        VariableFamily(prefix: "PHOENIX_AGENTS_", suffixes: nil),
        VariableFamily(prefix: "PHOENIX_ENABLE_MCP_", suffixes: nil),
    ]

    private static let byName = Dictionary(uniqueKeysWithValues: all.map { ($0.name, $0) })

    /// The variable of a name; one that a family makes has its kind and support. Nil if the name means nothing.
    public static func variable(named name: String) -> Variable? {
        if let variable = byName[name] { return variable }
        for family in families {
            if let variable = family.variable(named: name) { return variable }
        }
        return nil
    }
}

/// Variables that share a beginning: `PHOENIX_OAUTH2_GOOGLE_CLIENT_ID` and the like for any other provider.
public struct VariableFamily: Sendable {
    public let prefix: String
    /// What must follow the chosen part; nil if anything may.
    public let suffixes: [String]?

    static let oauth2Kinds: [(suffix: String, kind: Variable.Kind)] = [
        ("CLIENT_ID", .text), ("CLIENT_SECRET", .text), ("OIDC_CONFIG_URL", .url), ("DISPLAY_NAME", .text),
        ("ALLOW_SIGN_UP", .boolean), ("AUTO_LOGIN", .boolean), ("USE_PKCE", .boolean),
        ("TOKEN_ENDPOINT_AUTH_METHOD", .choice(OAuth2Settings.Authentication.allCases.map(\.rawValue))),
        ("CLIENT_ASSERTION_FILE", .path), ("CLIENT_ASSERTION_FILE_ENV_VAR", .text), ("SCOPES", .text),
        ("GROUPS_ATTRIBUTE_PATH", .text), ("ALLOWED_GROUPS", .text), ("ROLE_ATTRIBUTE_PATH", .text),
        ("ROLE_MAPPING", .text), ("ROLE_ATTRIBUTE_STRICT", .boolean), ("ROLE_RESYNC", .boolean),
        ("EMAIL_ATTRIBUTE_PATH", .text),
    ]
    static let oauth2Suffixes = oauth2Kinds.map(\.suffix)

    func variable(named name: String) -> Variable? {
        guard name.hasPrefix(prefix), name.count > prefix.count else { return nil }
        guard let suffixes else { return Variable(name, .text, .notServed, readers: []) }
        let rest = name.dropFirst(prefix.count)
        for (suffix, kind) in Self.oauth2Kinds where suffixes.contains(suffix) {
            guard rest.hasSuffix("_\(suffix)"), rest.count > suffix.count + 1 else { continue }
            return Variable(name, kind, secret: suffix == "CLIENT_SECRET", readers: [.auth, .api])
        }
        return nil
    }

    /// The names of the family that keep the chosen part of a misspelled one, whichever part that is.
    func names(like name: String) -> [String] {
        guard let suffixes, name.hasPrefix(prefix) else { return [] }
        let pieces = name.dropFirst(prefix.count).split(separator: "_")
        guard pieces.count > 1 else { return [] }
        return (1..<pieces.count).flatMap { count in
            suffixes.map { "\(prefix)\(pieces.prefix(count).joined(separator: "_"))_\($0)" }
        }
    }
}
