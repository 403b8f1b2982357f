import Foundation
import Hummingbird
import HummingbirdCore
import Logging
import ServiceLifecycle

/// HTTP/1.1 on a Unix socket, in a folder that is closed to other users.
struct LocalHTTPService<Responder: HTTPResponder>: Service
where Responder.Context: InitializableFromSource<ApplicationRequestContextSource> {
    private let responder: Responder
    private let path: String
    private let logger: Logger

    init(_ responder: Responder, path: String, logger: Logger) {
        self.responder = responder
        self.path = path
        self.logger = logger
    }

    func run() async throws {
        // Of a process that was killed; the launcher sees to it that only one of a kind runs.
        unlink(path)
        defer { unlink(path) }
        var quiet = logger
        quiet.logLevel = max(logger.logLevel, .warning)
        let application = Application(
            responder: responder, server: .http1(),
            configuration: ApplicationConfiguration(address: .unixDomainSocket(path: path), serverName: nil),
            logger: quiet)
        try await application.run()
    }
}
