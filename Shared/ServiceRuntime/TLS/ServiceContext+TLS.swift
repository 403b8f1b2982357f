import Hummingbird
import HummingbirdCore
import HummingbirdTLS
import ServiceLifecycle

extension ServiceContext {
    /// HTTP/1.1 as a public port has it: encrypted if `PHOENIX_TLS_ENABLED_FOR_HTTP` says so.
    public func publicHTTP() throws -> HTTPServerBuilder {
        guard let certificate, settings.tls.isEnabledForHTTP else { return .http1() }
        return try .tls(.http1(), tlsConfiguration: certificate.serverConfiguration(protocols: ["http/1.1"]))
    }

    /// The same routes without encryption on a Unix socket that only this user can open, for the launcher and the front door
    /// on this host; nil where the port is not encrypted, or nobody has named a folder for it.
    public func localHTTP<Responder: HTTPResponder>(_ responder: Responder) -> (any Service)?
    where Responder.Context: InitializableFromSource<ApplicationRequestContextSource> {
        guard settings.tls.isEnabledForHTTP, let path = settings.addresses.localSocket(kind) else { return nil }
        return LocalHTTPService(responder, path: path, logger: logger)
    }
}
