import Foundation
import NIOSSL
import Settings
import TestSupport
import Testing

@testable import ServiceRuntime

@Suite struct CertificateTests {
    /// A folder with the files of two servers, made by openssl.
    private struct Files {
        let folder: String

        init() throws {
            folder = FileManager.default.temporaryDirectory.appendingPathComponent("bennu-\(UUID().uuidString)").path
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            try make("first")
            try make("second")
        }

        func make(_ name: String) throws {
            try Command.output([
                "/usr/bin/env", "openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1",
                "-nodes", "-days", "2", "-subj", "/CN=\(name)", "-keyout", path("\(name).key"), "-out",
                path("\(name).pem"),
            ])
        }

        func encrypt(_ name: String, password: String) throws {
            try Command.output([
                "/usr/bin/env", "openssl", "pkcs8", "-topk8", "-in", path(name), "-passout", "pass:\(password)", "-out",
                path("encrypted.key"),
            ])
        }

        func path(_ name: String) -> String { "\(folder)/\(name)" }
        func remove() { try? FileManager.default.removeItem(atPath: folder) }

        func settings(_ certificate: String, _ key: String, _ more: [String: String] = [:]) throws -> TLSSettings {
            let variables = [
                "PHOENIX_TLS_ENABLED": "true", "PHOENIX_TLS_CERT_FILE": path(certificate),
                "PHOENIX_TLS_KEY_FILE": path(key), "HOME": folder,
            ]
            return try Settings(Environment(variables.merging(more) { $1 })).tls
        }

        func copy(_ name: String, to other: String) throws {
            try Data(contentsOf: URL(fileURLWithPath: path(name))).write(to: URL(fileURLWithPath: path(other)))
        }
    }

    @Test func whatCannotBeUsedIsToldInOneLineThatNamesTheVariable() throws {
        let files = try Files()
        defer { files.remove() }
        try files.encrypt("first.key", password: "sesame")
        try Data("no PEM".utf8).write(to: URL(fileURLWithPath: files.path("text")))
        let password = ["PHOENIX_TLS_KEY_FILE_PASSWORD": "canary7"]
        for (settings, variable, words) in [
            (try files.settings("first.pem", "second.key"), "PHOENIX_TLS_KEY_FILE", "does not belong"),
            (try files.settings("text", "first.key"), "PHOENIX_TLS_CERT_FILE", "no certificates"),
            (try files.settings("first.pem", "text"), "PHOENIX_TLS_KEY_FILE", "no private key"),
            (try files.settings("first.pem", "encrypted.key"), "PHOENIX_TLS_KEY_FILE", "is encrypted"),
            (try files.settings("first.pem", "encrypted.key", password), "PHOENIX_TLS_KEY_FILE", "cannot be decrypted"),
        ] {
            let failure = #expect(throws: StartFailure.self) { try ServerCertificate.check(settings) }
            #expect(failure?.code == .configuration)
            #expect(failure?.line.hasPrefix(variable) == true)
            #expect(failure?.line.contains(words) == true)
            #expect(failure?.line.contains("canary7") == false)
            #expect(failure?.line.contains("\n") == false)
        }
    }

    @Test func anEncryptedKeyIsReadWithItsPassword() throws {
        let files = try Files()
        defer { files.remove() }
        try files.encrypt("first.key", password: "sesame")
        let settings = try files.settings(
            "first.pem", "encrypted.key", ["PHOENIX_TLS_KEY_FILE_PASSWORD": "sesame"])
        let certificate = try ServerCertificate(settings)
        let plain = try NIOSSLPrivateKey(file: files.path("first.key"), format: .pem)
        #expect(try certificate.key.derBytes == plain.derBytes)
    }

    @Test func renewedFilesAreTakenOnlyWhenTheyBelongTogether() throws {
        let files = try Files()
        defer { files.remove() }
        try files.copy("first.pem", to: "used.pem")
        try files.copy("first.key", to: "used.key")
        let certificate = try ServerCertificate(files.settings("used.pem", "used.key"))
        let first = certificate.chain
        #expect(try certificate.reload() == false)
        try files.copy("second.pem", to: "used.pem")
        #expect(throws: StartFailure.self) { try certificate.reload() }
        #expect(certificate.chain == first)
        try files.copy("second.key", to: "used.key")
        #expect(try certificate.reload())
        #expect(try certificate.chain == NIOSSLCertificate.fromPEMFile(files.path("second.pem")))
        #expect(certificate.sslContextConfigurationOverride.certificateChain?.count == 1)
    }

    @Test func clientsAreAskedForACertificateOnlyWhereThatIsSet() throws {
        let files = try Files()
        defer { files.remove() }
        let open = try ServerCertificate(
            files.settings("first.pem", "first.key", ["PHOENIX_TLS_CA_FILE": files.path("second.pem")]))
        #expect(open.clientIssuers == nil)
        #expect(open.serverConfiguration(protocols: ["http/1.1"]).certificateVerification == .none)
        let closed = try ServerCertificate(
            files.settings(
                "first.pem", "first.key",
                ["PHOENIX_TLS_CA_FILE": files.path("second.pem"), "PHOENIX_TLS_VERIFY_CLIENT": "true"]))
        let configuration = closed.serverConfiguration(protocols: ["http/1.1"])
        #expect(configuration.certificateVerification == .noHostnameVerification)
        #expect(configuration.minimumTLSVersion == .tlsv12)
    }

    @Test func theFrontDoorFindsServicesOfItsHostWithoutEncryption() throws {
        let files = try Files()
        defer { files.remove() }
        func addresses(_ more: [String: String]) throws -> ServiceAddresses {
            let variables = [
                "PHOENIX_TLS_ENABLED": "true", "PHOENIX_TLS_CERT_FILE": files.path("first.pem"),
                "PHOENIX_TLS_KEY_FILE": files.path("first.key"), "HOME": files.folder,
            ]
            return try Settings(Environment(variables.merging(more) { $1 })).addresses
        }
        #expect(try addresses([:]).collectorURL == "https://127.0.0.1:4318")
        let launched = try addresses(["BENNU_LOCAL_SOCKETS": "/run/b x", "BENNU_AUTH_HOST": "127.0.0.1"])
        #expect(launched.collectorURL == "http+unix://%2frun%2fb%20x%2fcollector%2ehttp")
        #expect(launched.authURL == "http://127.0.0.1:6007")
        let named = try addresses(["BENNU_LOCAL_SOCKETS": "/run", "BENNU_COLLECTOR_URL": "https://c.example"])
        #expect(named.collectorURL == "https://c.example")
    }
}
