import Domain
import JMESPath

/// A directory that people may sign in through (LDAP version 3, RFC 4511).
public struct LDAPSettings: Sendable, Equatable {
    public enum TLSMode: String, Sendable {
        case startTLS = "starttls"
        case ldaps
        /// Nothing is encrypted.
        case none
    }

    /// Members of a group, or everybody (`*`), have a role.
    public struct RoleRule: Sendable, Equatable {
        /// A group's distinguished name, or `*`.
        public var group: String
        /// `ADMIN`, `MEMBER` or `VIEWER`.
        public var role: String

        public init(group: String, role: String) {
            self.group = group
            self.role = role
        }
    }

    /// Where groups are looked for that do not stand in the person's own entry.
    public struct GroupSearch: Sendable, Equatable {
        public var bases: [String]
        /// `%s` is the value of `userAttribute`, or the name that was typed.
        public var filter: String
        public var userAttribute: String?

        public init(bases: [String], filter: String, userAttribute: String?) {
            self.bases = bases
            self.filter = filter
            self.userAttribute = userAttribute
        }
    }

    /// Tried in order while they cannot be reached.
    public var hosts: [String]
    public var port: Int
    public var tlsMode: TLSMode
    public var verifiesCertificates: Bool
    public var issuersFile: String?
    public var clientCertificateFile: String?
    public var clientKeyFile: String?
    /// Who searches; nil for nobody in particular.
    public var bindDN: String?
    public var bindPassword: Secret?
    public var userBases: [String]
    /// `%s` is the name that was typed.
    public var userFilter: String
    /// Nil where entries have no mail addresses.
    public var emailAttribute: String?
    public var uniqueIDAttribute: String?
    public var displayNameAttribute: String
    public var memberOfAttribute: String
    public var groupSearch: GroupSearch?
    /// The first that fits counts; who fits none may not sign in.
    public var roles: [RoleRule]
    public var allowsSignUp: Bool
}

extension LDAPSettings {
    /// Nil where no directory is configured, or one that has been complained about.
    init?(_ reader: inout SettingsReader) {
        let hosts = (reader.text(.ldapHost) ?? "").split(separator: ",").map(\.trimmingSpaces).filter { !$0.isEmpty }
        guard !hosts.isEmpty else {
            for variable in Variable.ldap { reader.check(variable) }
            return nil
        }
        self.hosts = hosts
        tlsMode = reader.choice(.ldapTLSMode).flatMap(TLSMode.init) ?? .startTLS
        port = reader.port(.ldapPort) ?? (tlsMode == .ldaps ? 636 : 389)
        reader.enter(.ldapPort, shown: "\(port)", derivedFrom: [.ldapTLSMode])
        verifiesCertificates = reader.boolean(.ldapTLSVerify) ?? true
        issuersFile = Self.file(.ldapCAFile, &reader)
        clientCertificateFile = Self.file(.ldapClientCertificate, &reader)
        clientKeyFile = Self.file(.ldapClientKey, &reader)
        bindDN = reader.text(.ldapBindDN)
        bindPassword = reader.secret(.ldapBindPassword)
        userBases = Self.names(.ldapUserBases, isRequired: true, &reader)
        userFilter = reader.text(.ldapUserFilter) ?? ""
        let email = reader.text(.ldapEmail)
        emailAttribute = email?.lowercased() == "null" ? nil : email
        uniqueIDAttribute = reader.text(.ldapUniqueID)
        displayNameAttribute = reader.text(.ldapDisplayName) ?? "displayName"
        memberOfAttribute = reader.text(.ldapMemberOf) ?? "memberOf"
        groupSearch = Self.groupSearch(&reader)
        roles = Self.roles(&reader)
        allowsSignUp = reader.boolean(.ldapAllowSignUp) ?? true
        check(isEmailGiven: email != nil, &reader)
    }

    private func check(isEmailGiven: Bool, _ reader: inout SettingsReader) {
        if !isEmailGiven {
            reader.complain(
                .ldapEmail, "is not set",
                remedy: "set it to the attribute that holds mail addresses, or to null where there is none")
        } else if emailAttribute == nil, uniqueIDAttribute == nil {
            reader.complain(
                .ldapUniqueID, "is not set", remedy: "without mail addresses it is all that tells people apart")
        }
        if !userFilter.contains("%s") {
            reader.complain(.ldapUserFilter, "has no %s", remedy: "put %s where the name that was typed belongs")
        }
        if (clientCertificateFile == nil) != (clientKeyFile == nil) {
            let missing: Variable = clientKeyFile == nil ? .ldapClientKey : .ldapClientCertificate
            reader.complain(missing, "is not set", remedy: "a client certificate needs both of its files")
        }
        // A name without a password would search as nobody, and pass for a success (RFC 4513, section 5.1.2).
        if (bindDN == nil) != (bindPassword == nil) {
            let missing: Variable = bindDN == nil ? .ldapBindDN : .ldapBindPassword
            reader.complain(missing, "is not set", remedy: "set both, or neither to search as nobody in particular")
        }
    }

    private static func file(_ variable: Variable, _ reader: inout SettingsReader) -> String? {
        guard let path = reader.path(variable) else { return nil }
        if !reader.files.isReadable(path) {
            reader.complain(variable, "is no readable file", remedy: "set it to the path of a PEM file")
        }
        return path
    }

    private static func names(
        _ variable: Variable, isRequired: Bool, _ reader: inout SettingsReader
    ) -> [String] {
        let text = reader.text(variable)
        if text == nil, !isRequired { return [] }
        let names =
            text.flatMap { JSONValue(parsing: $0.utf8)?.array }?.compactMap(\.string).filter { !$0.isEmpty } ?? []
        if names.isEmpty {
            reader.complain(
                variable, text == nil ? "is not set" : "is no JSON list of names",
                remedy: #"set it to a list such as ["ou=people,dc=example,dc=com"]"#)
        }
        return names
    }

    private static func groupSearch(_ reader: inout SettingsReader) -> GroupSearch? {
        let bases = names(.ldapGroupBases, isRequired: false, &reader)
        let filter = reader.text(.ldapGroupFilter)
        let attribute = reader.text(.ldapGroupFilterAttribute)
        switch (bases.isEmpty, filter) {
        case (true, nil): return nil
        case (false, let filter?):
            if !filter.contains("%s") {
                reader.complain(.ldapGroupFilter, "has no %s", remedy: "put %s where the member belongs")
            }
            return GroupSearch(bases: bases, filter: filter, userAttribute: attribute)
        case (true, _):
            reader.complain(.ldapGroupBases, "is not set", remedy: "PHOENIX_LDAP_GROUP_SEARCH_FILTER needs it")
        case (false, nil):
            reader.complain(.ldapGroupFilter, "is not set", remedy: "PHOENIX_LDAP_GROUP_SEARCH_BASE_DNS needs it")
        }
        return nil
    }

    private static func roles(_ reader: inout SettingsReader) -> [RoleRule] {
        let text = reader.text(.ldapGroupRoles) ?? ""
        let entries = JSONValue(parsing: text.utf8)?.array ?? []
        let rules = entries.compactMap { entry -> RoleRule? in
            guard let group = entry["group_dn"]?.string, !group.isEmpty,
                let role = entry["role"]?.string.flatMap({ AssignableRole(named: $0) })
            else { return nil }
            return RoleRule(group: group, role: role.rawValue)
        }
        if rules.isEmpty || rules.count != entries.count {
            reader.complain(
                .ldapGroupRoles, text.isEmpty ? "is not set" : "is no JSON list of groups and roles",
                remedy:
                    #"set it to a list such as [{"group_dn": "*", "role": "VIEWER"}]; roles are ADMIN, MEMBER and VIEWER"#
            )
        }
        return rules
    }
}
