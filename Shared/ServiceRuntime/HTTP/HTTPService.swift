import HTTP
import Hummingbird
import HummingbirdCore
import Logging
import NIOCore
import ServiceLifecycle
import Settings

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// HTTP/1.1 on one of a service's ports.
public struct HTTPService<Responder: HTTPResponder>: Service
where Responder.Context: InitializableFromSource<ApplicationRequestContextSource> {
    private let responder: Responder
    private let server: HTTPServerBuilder
    private let listener: Listener
    private let variable: String
    private let logger: Logger

    /// How long a connection may be silent while no answer is under way on it. Load balancers keep theirs for 60 s, and
    /// must be the first to let go: they would otherwise send a request into a closing connection.
    public static var idleMax: TimeAmount { .seconds(75) }

    /// How connections are served, encrypted or not.
    public static var connections: HTTP1Channel.Configuration {
        .init(additionalChannelHandlers: [ReceiveBuffers()], idleTimeout: idleMax)
    }

    /// `variable` is what chooses the port: named when the port is taken.
    public init(
        _ responder: Responder, server: HTTPServerBuilder = .http1(configuration: Self.connections),
        on listener: Listener, variable: String,
        logger: Logger
    ) {
        self.responder = responder
        self.server = server
        self.listener = listener
        self.variable = variable
        self.logger = logger
    }

    /// Throws `StartFailure` if the port cannot be listened on. A graceful shutdown finishes what is in flight.
    public func run() async throws {
        let isEverywhere = NetworkSettings.isEverywhere(listener.host)
        do {
            // The IPv6 address of everything takes IPv4 as well.
            try await application(host: isEverywhere ? "::" : listener.host).run()
        } catch let error as IOError where isEverywhere && Self.lacksIPv6(error) && !listener.isListening {
            try await runOnIPv4()
        } catch let error as IOError where !listener.isListening {
            throw failure(error)
        }
    }

    private func runOnIPv4() async throws {
        do {
            try await application(host: "0.0.0.0").run()
        } catch let error as IOError where !listener.isListening {
            throw failure(error)
        }
    }

    private func failure(_ error: IOError) -> StartFailure {
        .listening(host: listener.host, port: listener.port, variable: variable, code: error.errnoCode)
    }

    private static func lacksIPv6(_ error: IOError) -> Bool {
        error.errnoCode == EAFNOSUPPORT || error.errnoCode == EADDRNOTAVAIL
    }

    private func application(host: String) -> Application<Responder> {
        // The server's own events are not worth a line each: the service says what it listens on.
        var quiet = logger
        quiet.logLevel = max(logger.logLevel, .warning)
        return Application(
            responder: responder, server: server,
            configuration: ApplicationConfiguration(
                address: .hostname(host, port: listener.port), serverName: nil, backlog: 1024),
            onServerRunning: { [listener] _ in listener.bound() }, logger: quiet)
    }
}
