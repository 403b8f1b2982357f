import Foundation
import NIOSSL
import Settings

/// A certificate with its issuers, and the key that belongs to it, as the files of `PHOENIX_TLS_*` hold them.
struct CertifiedKey: Sendable {
    /// The server's own certificate first.
    let chain: [NIOSSLCertificate]
    let key: NIOSSLPrivateKey
    /// What both were read from, to tell whether files have changed.
    let contents: Contents

    struct Contents: Sendable, Equatable {
        var certificate: Data
        var key: Data
    }

    /// Reads the files. Throws `StartFailure` with one line for what cannot be read, is no PEM, needs another password or does
    /// not belong together.
    init(_ settings: TLSSettings) throws(StartFailure) {
        try self.init(settings, Self.contents(settings))
    }

    init(_ settings: TLSSettings, _ contents: Contents) throws(StartFailure) {
        self.contents = contents
        chain = try Self.certificates(contents.certificate, "PHOENIX_TLS_CERT_FILE", settings.certificateFile)
        key = try Self.key(contents.key, settings)
        do {
            // Looks whether the two belong together.
            _ = try NIOSSLContext(
                configuration: .makeServerConfiguration(
                    certificateChain: chain.map { .certificate($0) }, privateKey: .privateKey(key)))
        } catch {
            throw Self.failure(
                "PHOENIX_TLS_KEY_FILE", settings.keyFile,
                "does not belong to the certificate in PHOENIX_TLS_CERT_FILE, or is of a kind that cannot be used")
        }
    }

    static func contents(_ settings: TLSSettings) throws(StartFailure) -> Contents {
        Contents(
            certificate: try read("PHOENIX_TLS_CERT_FILE", settings.certificateFile),
            key: try read("PHOENIX_TLS_KEY_FILE", settings.keyFile))
    }

    /// When the server's own certificate ends, in seconds since 1970.
    var expiry: Int { chain.first.map { Int($0.notValidAfter) } ?? 0 }

    /// The certificates of a file of issuers.
    static func issuers(_ path: String) throws(StartFailure) -> [NIOSSLCertificate] {
        try certificates(read("PHOENIX_TLS_CA_FILE", path), "PHOENIX_TLS_CA_FILE", path)
    }

    private static func certificates(
        _ content: Data, _ variable: String, _ path: String
    ) throws(StartFailure) -> [NIOSSLCertificate] {
        guard let found = try? NIOSSLCertificate.fromPEMBytes(Array(content)), !found.isEmpty else {
            throw failure(variable, path, "holds no certificates in PEM form")
        }
        return found
    }

    private static func key(_ content: Data, _ settings: TLSSettings) throws(StartFailure) -> NIOSSLPrivateKey {
        let password = settings.keyPassword
        do {
            return try NIOSSLPrivateKey(bytes: Array(content), format: .pem) { set in
                set(Array((password?.revealed ?? "").utf8))
            }
        } catch {
            let isEncrypted = content.range(of: Data("ENCRYPTED".utf8)) != nil
            let reason =
                !isEncrypted
                ? "holds no private key in PEM form"
                : password == nil
                    ? "is encrypted; set PHOENIX_TLS_KEY_FILE_PASSWORD"
                    : "cannot be decrypted with PHOENIX_TLS_KEY_FILE_PASSWORD"
            throw failure("PHOENIX_TLS_KEY_FILE", settings.keyFile, reason)
        }
    }

    private static func read(_ variable: String, _ path: String) throws(StartFailure) -> Data {
        do {
            return try Data(contentsOf: URL(fileURLWithPath: path))
        } catch {
            throw failure(variable, path, "cannot be read")
        }
    }

    private static func failure(_ variable: String, _ path: String, _ reason: String) -> StartFailure {
        StartFailure("\(variable) (\(path)) \(reason)", .configuration)
    }
}
