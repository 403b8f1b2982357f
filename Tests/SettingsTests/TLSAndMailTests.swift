import Testing

@testable import Settings

@Suite struct TLSAndMailTests {
    @Test func encryptionNeedsItsFiles() {
        let lines = problems(["PHOENIX_TLS_ENABLED": "true", "PHOENIX_TLS_VERIFY_CLIENT": "true"])
        #expect(lines.count == 3)
        for name in ["PHOENIX_TLS_CERT_FILE", "PHOENIX_TLS_KEY_FILE", "PHOENIX_TLS_CA_FILE"] {
            #expect(lines.contains { $0.hasPrefix("\(name) is not set") })
        }
    }

    @Test func aFileThatIsNotThereEndsTheStart() {
        let variables = [
            "PHOENIX_TLS_ENABLED": "true", "PHOENIX_TLS_CERT_FILE": "/c.pem", "PHOENIX_TLS_KEY_FILE": "/k.pem",
        ]
        let lines = problems(variables, files: ["/c.pem"])
        #expect(
            lines == [
                "PHOENIX_TLS_KEY_FILE=\"/k.pem\" is no readable file; set it to the path of a PEM file"
            ])
        #expect(problems(variables, files: ["/c.pem", "/k.pem"]).isEmpty)
    }

    @Test func oneProtocolMayBeLeftOut() throws {
        let tls = try settings(
            [
                "PHOENIX_TLS_ENABLED": "true", "PHOENIX_TLS_ENABLED_FOR_GRPC": "false", "PHOENIX_TLS_CERT_FILE": "/c",
                "PHOENIX_TLS_KEY_FILE": "/k",
            ], files: ["/c", "/k"]
        ).tls
        #expect(tls.isEnabledForHTTP)
        #expect(!tls.isEnabledForGRPC)
    }

    @Test func mailIsOffWithoutAHost() throws {
        #expect(try settings(["PHOENIX_SMTP_PORT": "25"]).mail == nil)
        let mail = try settings([
            "PHOENIX_SMTP_HOSTNAME": "smtp.example", "PHOENIX_ROOT_URL": "https://traces.example.com/x",
        ]).mail
        #expect(mail?.port == 587)
        #expect(mail?.from == "noreply@traces.example.com")
        #expect(mail?.validatesCertificates == true)
    }

    @Test func namesOfAdministratorsMayHoldCommasSpacesAndEqualsSigns() throws {
        let administrators = try settings([
            "PHOENIX_ADMINS": "Lovelace, Ada = x=ADA@Example.com ; Bob=bob@b.example;"
        ]).accounts.administrators
        #expect(administrators.map(\.name) == ["Lovelace, Ada = x", "Bob"])
        #expect(administrators.map(\.email.text) == ["ada@example.com", "bob@b.example"])
    }

    @Test func onlyTheHostOfATrustedOriginCounts() throws {
        let hosts = try settings([
            "PHOENIX_CSRF_TRUSTED_ORIGINS": "https://A.example:8443/x, http://[::1]:6006,"
        ]).network.csrfTrustedHosts
        #expect(hosts == ["a.example", "::1"])
    }
}
