import Domain
import Testing

@testable import Settings

@Suite struct OAuth2SettingsTests {
    private static let url = "https://idp.example/.well-known/openid-configuration"

    /// Variables of a provider named `MY_IDP`, complete but for the changes.
    private static func variables(_ changes: [String: String?] = [:]) -> [String: String] {
        var values: [String: String] = ["CLIENT_ID": "bennu", "CLIENT_SECRET": "hush", "OIDC_CONFIG_URL": url]
        for (name, value) in changes { values[name] = value }
        return Dictionary(uniqueKeysWithValues: values.map { ("PHOENIX_OAUTH2_MY_IDP_\($0)", $1) })
    }

    @Test func aProviderHasTheDefaultsOfPhoenix() throws {
        let provider = try #require(try settings(Self.variables()).oauth2.first)
        #expect(provider.id == "my_idp")
        #expect(provider.displayName == "My Idp")
        #expect(provider.scopes == ["openid", "email", "profile"])
        #expect(provider.authentication == .basic)
        #expect(provider.allowsSignUp && !provider.usesPKCE && !provider.signsInAutomatically)
        #expect(provider.groups == nil && provider.roles == nil)
        #expect(provider.emailPath.text == "email")
        #expect(provider.clientSecret == Secret("hush"))
    }

    @Test func everythingOfAProviderIsRead() throws {
        let provider = try #require(
            try settings(
                Self.variables([
                    "DISPLAY_NAME": "Our sign-in", "SCOPES": "groups, email offline_access", "ALLOW_SIGN_UP": "false",
                    "AUTO_LOGIN": "true", "USE_PKCE": "true", "TOKEN_ENDPOINT_AUTH_METHOD": "client_secret_post",
                    "GROUPS_ATTRIBUTE_PATH": "groups[]", "ALLOWED_GROUPS": "admins, engineers",
                    "ROLE_ATTRIBUTE_PATH": "roles[0]", "ROLE_MAPPING": "Owner:admin, a:b:VIEWER",
                    "ROLE_ATTRIBUTE_STRICT": "true", "ROLE_RESYNC": "false", "EMAIL_ATTRIBUTE_PATH": "mail || upn",
                ])
            ).oauth2.first)
        #expect(provider.displayName == "Our sign-in")
        #expect(provider.scopes == ["openid", "email", "profile", "groups", "offline_access"])
        #expect(provider.groups?.allowed == ["admins", "engineers"])
        #expect(provider.roles?.mapping == ["Owner": "ADMIN", "a:b": "VIEWER"])
        #expect(provider.roles?.isStrict == true && provider.roles?.isResynchronised == false)
        #expect(provider.authentication == .post && provider.usesPKCE && provider.signsInAutomatically)
    }

    @Test func providersThatPeopleKnowHaveTheirOwnSpelling() throws {
        var variables: [String: String] = [:]
        for name in ["GOOGLE", "AWS_COGNITO", "MICROSOFT_ENTRA_ID", "KEYCLOAK"] {
            variables["PHOENIX_OAUTH2_\(name)_CLIENT_ID"] = "x"
            variables["PHOENIX_OAUTH2_\(name)_CLIENT_SECRET"] = "y"
            variables["PHOENIX_OAUTH2_\(name)_OIDC_CONFIG_URL"] = Self.url
        }
        let names = try settings(variables).oauth2.map(\.displayName)
        #expect(names == ["AWS Cognito", "Google", "Keycloak", "Microsoft Entra ID"])
    }

    @Test(
        arguments: [
            (["CLIENT_ID": nil], "CLIENT_ID is not set"), (["CLIENT_SECRET": nil], "CLIENT_SECRET is not set"),
            (["OIDC_CONFIG_URL": nil], "OIDC_CONFIG_URL is not set"),
            (["OIDC_CONFIG_URL": "http://idp.example/x"], "is not encrypted"),
            (["TOKEN_ENDPOINT_AUTH_METHOD": "none"], "USE_PKCE is not true"),
            (["TOKEN_ENDPOINT_AUTH_METHOD": "private_key_jwt"], "CLIENT_ASSERTION_FILE is not set"),
            (["TOKEN_ENDPOINT_AUTH_METHOD": "magic"], "is none of its values"),
            (["GROUPS_ATTRIBUTE_PATH": "groups"], "ALLOWED_GROUPS is not set"),
            (["ALLOWED_GROUPS": "a"], "GROUPS_ATTRIBUTE_PATH is not set"),
            (["GROUPS_ATTRIBUTE_PATH": "groups[", "ALLOWED_GROUPS": "a"], "is no JMESPath expression"),
            (["ROLE_MAPPING": "a:ADMIN"], "ROLE_ATTRIBUTE_PATH is not set"),
            (["ROLE_ATTRIBUTE_PATH": "r", "ROLE_MAPPING": "a:SYSTEM"], "gives no role"),
            (["EMAIL_ATTRIBUTE_PATH": "foo(a)"], "is no JMESPath expression"),
            (["AUTO_LOGIN": "yes"], "is no truth value"),
        ] as [([String: String?], String)])
    func anIncompleteProviderStopsTheStartAndSaysWhatIsMissing(changes: [String: String?], problem: String) {
        let lines = problems(Self.variables(changes))
        #expect(lines.count == 1, "\(lines)")
        #expect(lines.first?.contains(problem) == true, "\(lines)")
        #expect(lines.first?.hasPrefix("PHOENIX_OAUTH2_MY_IDP_") == true)
        #expect(lines.allSatisfy { !$0.contains("hush") })
    }

    @Test func plainHTTPIsOnlyForThisMachine() throws {
        let local = ["OIDC_CONFIG_URL": "http://localhost:8080/.well-known/openid-configuration"] as [String: String?]
        #expect(try settings(Self.variables(local)).oauth2.count == 1)
    }

    @Test func anAssertionsFileMayBeNamedByAnotherVariable() throws {
        var variables = Self.variables([
            "CLIENT_SECRET": nil, "TOKEN_ENDPOINT_AUTH_METHOD": "private_key_jwt",
            "CLIENT_ASSERTION_FILE_ENV_VAR": "AZURE_FEDERATED_TOKEN_FILE",
        ])
        #expect(problems(variables).contains { $0.contains("names a variable that is not set") })
        variables["AZURE_FEDERATED_TOKEN_FILE"] = "/run/token"
        #expect(try settings(variables).oauth2.first?.assertionFile == "/run/token")
    }

    @Test func oneProviderAtMostSignsInAutomatically() {
        let first = Self.variables(["AUTO_LOGIN": "true"])
        let second = Dictionary(
            uniqueKeysWithValues: first.map { ($0.replacing("MY_IDP", with: "OTHER"), $1) })
        #expect(problems(first.merging(second) { $1 }).count == 1)
    }

    @Test func aSecretIsNeverShown() throws {
        let report = try settings(Self.variables()).report
        let entry = try #require(report.first { $0.variable.name.hasSuffix("MY_IDP_CLIENT_SECRET") })
        #expect(entry.value == "(secret)")
        #expect(report.contains { $0.variable.name.hasSuffix("MY_IDP_CLIENT_ID") && $0.value == "bennu" })
    }
}

@Suite struct LDAPSettingsTests {
    private static func variables(_ changes: [String: String?] = [:]) -> [String: String] {
        var values: [String: String] = [
            "HOST": "one.example, two.example", "USER_SEARCH_BASE_DNS": #"["ou=people,dc=example"]"#,
            "ATTR_EMAIL": "mail", "GROUP_ROLE_MAPPINGS": #"[{"group_dn": "*", "role": "viewer"}]"#,
        ]
        for (name, value) in changes { values[name] = value }
        return Dictionary(uniqueKeysWithValues: values.map { ("PHOENIX_LDAP_\($0)", $1) })
    }

    @Test func aDirectoryHasTheDefaultsOfPhoenix() throws {
        let directory = try #require(try settings(Self.variables()).ldap)
        #expect(directory.hosts == ["one.example", "two.example"])
        #expect(directory.port == 389 && directory.tlsMode == .startTLS && directory.verifiesCertificates)
        #expect(directory.memberOfAttribute == "memberOf" && directory.displayNameAttribute == "displayName")
        #expect(directory.roles == [LDAPSettings.RoleRule(group: "*", role: "VIEWER")])
        #expect(directory.allowsSignUp && directory.groupSearch == nil)
        #expect(try settings(Self.variables(["TLS_MODE": "ldaps"])).ldap?.port == 636)
        #expect(try settings().ldap == nil)
    }

    @Test(
        arguments: [
            (["ATTR_EMAIL": nil], "ATTR_EMAIL is not set"), (["ATTR_EMAIL": "null"], "ATTR_UNIQUE_ID is not set"),
            (["USER_SEARCH_BASE_DNS": nil], "USER_SEARCH_BASE_DNS is not set"),
            (["USER_SEARCH_BASE_DNS": "ou=people"], "is no JSON list of names"),
            (["USER_SEARCH_FILTER": "(uid=ada)"], "has no %s"),
            (["BIND_DN": "cn=reader"], "BIND_PASSWORD is not set"), (["BIND_PASSWORD": "hush"], "BIND_DN is not set"),
            (["GROUP_SEARCH_FILTER": "(member=%s)"], "GROUP_SEARCH_BASE_DNS is not set"),
            (["GROUP_SEARCH_BASE_DNS": #"["ou=groups"]"#], "GROUP_SEARCH_FILTER is not set"),
            (["GROUP_ROLE_MAPPINGS": #"[{"group_dn": "*", "role": "SYSTEM"}]"#], "is no JSON list of groups and roles"),
            (["GROUP_ROLE_MAPPINGS": "[1"], "is no JSON list of groups and roles"),
            (["GROUP_ROLE_MAPPINGS": nil], "GROUP_ROLE_MAPPINGS is not set"),
            (["TLS_CA_CERT_FILE": "/none.pem"], "is no readable file"), (["TLS_MODE": "tls"], "is none of its values"),
        ] as [([String: String?], String)])
    func anIncompleteDirectoryStopsTheStartAndSaysWhatIsMissing(changes: [String: String?], problem: String) {
        let lines = problems(Self.variables(changes))
        #expect(lines.count == 1, "\(lines)")
        #expect(lines.first?.contains(problem) == true, "\(lines)")
        #expect(lines.allSatisfy { !$0.contains("hush") })
    }
}
