import Logging
import NIOCertificateReloading
import NIOSSL
import Observability
import ServiceLifecycle
import Settings
import Synchronization

/// What a service shows to those who connect, and what it asks them to show. Follows the files: a renewed certificate serves
/// new connections without a restart.
public final class ServerCertificate: CertificateReloader {
    private let settings: TLSSettings
    private let current: Mutex<CertifiedKey>
    /// Issuers of the certificates that clients must show; nil if they need not.
    public let clientIssuers: [NIOSSLCertificate]?

    /// Throws `StartFailure` for files that cannot be used.
    public init(_ settings: TLSSettings) throws(StartFailure) {
        self.settings = settings
        current = Mutex(try CertifiedKey(settings))
        if let issuers = settings.clientIssuersFile {
            clientIssuers = try CertifiedKey.issuers(issuers)
        } else {
            clientIssuers = nil
        }
    }

    /// Throws `StartFailure` for the files of settings with which a service could not start.
    public static func check(_ settings: TLSSettings) throws(StartFailure) {
        if settings.isEnabled { _ = try ServerCertificate(settings) }
    }

    /// The server's own certificate first.
    public var chain: [NIOSSLCertificate] { current.withLock(\.chain) }
    public var key: NIOSSLPrivateKey { current.withLock(\.key) }
    /// When the certificate ends, in seconds since 1970.
    public var expiry: Int { current.withLock(\.expiry) }

    /// What new connections are shown at this moment.
    public var sslContextConfigurationOverride: NIOSSLContextConfigurationOverride {
        let current = current.withLock { $0 }
        var override = NIOSSLContextConfigurationOverride()
        override.certificateChain = current.chain.map { .certificate($0) }
        override.privateKey = .privateKey(current.key)
        return override
    }

    /// TLS 1.2 and newer for a server of the named application protocols (RFC 7301).
    public func serverConfiguration(protocols: [String]) -> TLSConfiguration {
        var configuration = TLSConfiguration.makeServerConfiguration(
            certificateChain: chain.map { .certificate($0) }, privateKey: .privateKey(key))
        configuration.minimumTLSVersion = .tlsv12
        configuration.applicationProtocols = protocols
        if let clientIssuers {
            configuration.trustRoots = .certificates(clientIssuers)
            // A client has no host name to compare with; that it must show a certificate is part of this mode.
            configuration.certificateVerification = .noHostnameVerification
        }
        configuration.setCertificateReloader(self)
        return configuration
    }

    /// Trust in the services that this one calls: the system's issuers, and those of this deployment. Shows the own
    /// certificate to those who ask for one.
    public func clientConfiguration() -> TLSConfiguration {
        var configuration = TLSConfiguration.makeClientConfiguration()
        configuration.minimumTLSVersion = .tlsv12
        if let clientIssuers { configuration.additionalTrustRoots = [.certificates(clientIssuers)] }
        configuration.certificateChain = chain.map { .certificate($0) }
        configuration.privateKey = .privateKey(key)
        return configuration
    }

    /// Takes the files as they are now. Returns whether they have changed; throws `StartFailure` and keeps what there was if
    /// they cannot be used.
    func reload() throws(StartFailure) -> Bool {
        let contents = try CertifiedKey.contents(settings)
        guard contents != current.withLock(\.contents) else { return false }
        let renewed = try CertifiedKey(settings, contents)
        current.withLock { $0 = renewed }
        return true
    }
}

/// Looks every few seconds whether the files of a certificate have been renewed.
struct CertificateWatch: Service {
    let certificate: ServerCertificate
    let metrics: MetricsRegistry
    let logger: Logger
    var interval: Duration = .seconds(10)

    func run() async throws {
        metrics.gauge(
            "bennu_tls_certificate_expiry_timestamp_seconds", "When the certificate in use ends, in seconds since 1970."
        ) { [certificate] in Double(certificate.expiry) }
        try? await cancelWhenGracefulShutdown {
            var complaint: String?
            while !Task.isCancelled {
                try await Task.sleep(for: interval)
                complaint = look(after: complaint)
            }
        }
    }

    /// Complains once about the same thing: a file may stay as it is for long.
    private func look(after complaint: String?) -> String? {
        do {
            if try certificate.reload() { logger.notice("the renewed certificate is in use") }
            return nil
        } catch {
            if error.line != complaint {
                logger.error("the certificate's files cannot be used", metadata: ["reason": "\(error.line)"])
            }
            return error.line
        }
    }
}
