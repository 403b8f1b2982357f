import Hummingbird
import HummingbirdCore
import HummingbirdTLS
import ServiceLifecycle

extension ServiceContext {
    /// HTTP/1.1 on a public port: encrypted if `PHOENIX_TLS_ENABLED_FOR_HTTP` says so, and then also without encryption on a
    /// Unix socket that only this user can open, for the launcher and the front door on this host. `variable` is what chooses
    /// the port.
    public func publicHTTP<Responder: HTTPResponder>(
        _ responder: Responder, host: String, port: Int, variable: String
    ) throws -> [any Service]
    where Responder.Context: InitializableFromSource<ApplicationRequestContextSource> {
        let listener = readiness.listener("http", host: host, port: port)
        guard let certificate, settings.tls.isEnabledForHTTP else {
            return [HTTPService(responder, on: listener, variable: variable, logger: logger)]
        }
        let server: HTTPServerBuilder = try .tls(
            .http1(configuration: HTTPService<Responder>.connections),
            tlsConfiguration: certificate.serverConfiguration(protocols: ["http/1.1"]))
        let open = HTTPService(responder, server: server, on: listener, variable: variable, logger: logger)
        // Nobody has named a folder for sockets where no launcher has started this service.
        guard let path = settings.addresses.localSocket(kind) else { return [open] }
        return [open, LocalHTTPService(responder, path: path, logger: logger)]
    }
}
