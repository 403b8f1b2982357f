import Logging
import Messaging
import Observability
import ServiceLifecycle

/// Asks auth over the bus whether it is there, so that operators see it before people who sign in do.
struct AuthWatch: Service {
    private static let interval: Duration = .seconds(10)
    private static let patience: Duration = .seconds(2)

    let bus: MessageBus
    let metrics: MetricsRegistry
    let logger: Logger

    func run() async throws {
        let gauge = metrics.gauge("bennu_api_auth_reachable", "Whether auth has answered the last ping: 1 or 0.")
        try? await cancelWhenGracefulShutdown {
            // Its first answer is what everybody expects; only a change is worth a line.
            var wasReachable: Bool?
            while !Task.isCancelled {
                let isReachable = await ping()
                gauge.set(isReachable ? 1 : 0)
                if let before = wasReachable, before != isReachable {
                    logger.notice(isReachable ? "auth answers again" : "auth does not answer")
                }
                wasReachable = isReachable
                try await Task.sleep(for: Self.interval)
            }
        }
    }

    private func ping() async -> Bool {
        do {
            _ = try await bus.request(Ping(), of: .auth, timeout: Self.patience)
            return true
        } catch {
            logger.debug("auth was asked in vain", metadata: ["error": "\(error)"])
            return false
        }
    }
}
