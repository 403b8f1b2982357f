import Testing

@testable import Settings

@Suite struct SecretTests {
    @Test func everyBrokenRuleOfASecretIsNamed() {
        let lines = problems(["PHOENIX_SECRET": "SHÖRT ONE"])
        #expect(lines.count == 1)
        for rule in ["at least 32 characters", "a digit", "a lowercase letter", "ASCII", "white space"] {
            #expect(lines.first?.contains(rule) == true, "\(rule)")
        }
    }

    @Test func aGoodSecretIsTaken() throws {
        #expect(try settings(["PHOENIX_SECRET": goodSecret]).accounts.secret?.revealed == goodSecret)
    }

    @Test func accountsNeedASecret() {
        #expect(problems(["PHOENIX_ENABLE_AUTH": "true"]).first?.hasPrefix("PHOENIX_SECRET is not set") == true)
        #expect(problems(["PHOENIX_ENABLE_AUTH": "true", "PHOENIX_SECRET": goodSecret]).isEmpty)
    }

    @Test func theAdminSecretIsAnotherOne() {
        #expect(problems(["PHOENIX_ADMIN_SECRET": goodSecret]).first?.hasPrefix("PHOENIX_SECRET is not set") == true)
        let same = problems(["PHOENIX_SECRET": goodSecret, "PHOENIX_ADMIN_SECRET": goodSecret])
        #expect(same.first?.contains("equals PHOENIX_SECRET") == true)
        #expect(problems(["PHOENIX_SECRET": goodSecret, "PHOENIX_ADMIN_SECRET": goodSecret + "x"]).isEmpty)
    }

    @Test func messagesBetweenHostsNeedASecret() throws {
        #expect(problems(["BENNU_MESSAGING": "tcp"]).first?.hasPrefix("BENNU_CLUSTER_SECRET is not set") == true)
        let own = try settings([
            "BENNU_MESSAGING": "tcp", "BENNU_MESSAGING_HOST": "api-1", "PHOENIX_SECRET": goodSecret,
            "BENNU_CLUSTER_SECRET": goodSecret + "x",
        ])
        #expect(own.messaging == .tcp(host: "0.0.0.0", advertisedHost: "api-1", secret: .init(goodSecret + "x")))
        let shared = try settings(["BENNU_MESSAGING": "tcp", "PHOENIX_SECRET": goodSecret])
        #expect(shared.messaging == .tcp(host: "0.0.0.0", advertisedHost: nil, secret: .init(goodSecret)))
    }

    /// Canaries in every secret there is: none may be seen, whatever else is wrong.
    @Test func noSecretIsEverShown() throws {
        let canary = "canary7"
        var variables = [
            "PHOENIX_PORT": "wrong", "PHOENIX_OAUTH2_GOOGLE_CLIENT_SECRET": canary,
            "PHOENIX_OAUTH2_GOOGLE_CLIENT_ID": "bennu",
            "PHOENIX_OAUTH2_GOOGLE_OIDC_CONFIG_URL": "https://idp.example/.well-known/openid-configuration",
        ]
        for variable in VariableCatalog.all where variable.isSecret { variables[variable.name] = canary }
        variables["PHOENIX_SQL_DATABASE_URL"] = "postgres//\(canary)"
        let bad = problems(variables)
        #expect(bad.count >= 4)
        #expect(bad.allSatisfy { !$0.contains(canary) })

        let long = "canary7-0123456789abcdefghijklmnop"
        for variable in VariableCatalog.all where variable.isSecret { variables[variable.name] = long }
        variables["PHOENIX_ADMIN_SECRET"] = long + "2"
        variables["PHOENIX_PORT"] = nil
        variables["PHOENIX_SQL_DATABASE_URL"] = "postgresql://u:\(canary)@h/d?password=\(canary)"
        let good = try settings(variables)
        #expect(!SettingsReport.text(good.report).contains(canary))
        #expect(try !SettingsReport.json(good.report).contains(canary))
        #expect(!good.warnings.joined().contains(canary))
        #expect(!"\(good)".contains(canary))
    }
}
