import Logging
import Observability
import ServiceLifecycle

/// Says once, in one line, that the service is set up and where it listens.
struct ReadyAnnouncement: Service {
    let readiness: Readiness
    let metrics: MetricsRegistry
    let logger: Logger
    let start: ContinuousClock.Instant

    func run() async throws {
        let gauge = metrics.gauge(
            "bennu_ready", "Whether ports are open and the database had the right schema: 1 or 0.")
        do {
            try await cancelWhenGracefulShutdown { try await readiness.waitUntilSetUp() }
        } catch is CancellationError {
            return
        }
        gauge.set(1)
        var metadata: Logger.Metadata = ["after": "\(Int((ContinuousClock.now - start) / .milliseconds(1))) ms"]
        for listener in readiness.listening { metadata[listener.protocolName] = "\(listener.address)" }
        logger.info("ready", metadata: metadata)
        try? await gracefulShutdown()
        gauge.set(0)
    }
}
