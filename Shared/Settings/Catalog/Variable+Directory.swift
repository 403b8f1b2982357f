/// Sign-in through a directory (LDAP).
extension Variable {
    private static func directory(
        _ name: String, _ kind: Kind = .text, default defaultValue: String? = nil, secret: Bool = false,
        readers: Readers = .auth
    ) -> Variable {
        Variable("PHOENIX_LDAP_\(name)", kind, default: defaultValue, secret: secret, readers: readers)
    }

    static let ldapHost = directory("HOST", readers: [.auth, .api])
    static let ldapPort = directory("PORT", .port)
    static let ldapTLSMode = directory("TLS_MODE", .choice(["starttls", "ldaps", "none"]), default: "starttls")
    static let ldapTLSVerify = directory("TLS_VERIFY", .boolean, default: "true")
    static let ldapCAFile = directory("TLS_CA_CERT_FILE", .path)
    static let ldapClientCertificate = directory("TLS_CLIENT_CERT_FILE", .path)
    static let ldapClientKey = directory("TLS_CLIENT_KEY_FILE", .path)
    static let ldapBindDN = directory("BIND_DN")
    static let ldapBindPassword = directory("BIND_PASSWORD", secret: true)
    static let ldapUserBases = directory("USER_SEARCH_BASE_DNS")
    static let ldapUserFilter = directory(
        "USER_SEARCH_FILTER", default: "(&(objectClass=user)(sAMAccountName=%s))")
    static let ldapEmail = directory("ATTR_EMAIL")
    static let ldapUniqueID = directory("ATTR_UNIQUE_ID")
    static let ldapDisplayName = directory("ATTR_DISPLAY_NAME", default: "displayName")
    static let ldapMemberOf = directory("ATTR_MEMBER_OF", default: "memberOf")
    static let ldapGroupBases = directory("GROUP_SEARCH_BASE_DNS")
    static let ldapGroupFilter = directory("GROUP_SEARCH_FILTER")
    static let ldapGroupFilterAttribute = directory("GROUP_SEARCH_FILTER_USER_ATTR")
    static let ldapGroupRoles = directory("GROUP_ROLE_MAPPINGS")
    static let ldapAllowSignUp = directory("ALLOW_SIGN_UP", .boolean, default: "true")

    static let ldap = [
        ldapHost, ldapPort, ldapTLSMode, ldapTLSVerify, ldapCAFile, ldapClientCertificate, ldapClientKey, ldapBindDN,
        ldapBindPassword, ldapUserBases, ldapUserFilter, ldapEmail, ldapUniqueID, ldapDisplayName, ldapMemberOf,
        ldapGroupBases, ldapGroupFilter, ldapGroupFilterAttribute, ldapGroupRoles, ldapAllowSignUp,
    ]
}
