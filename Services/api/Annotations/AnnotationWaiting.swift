import Domain
import Logging
import Messaging
import Observability
import ServiceLifecycle
import ServiceRuntime
import Storage
import Synchronization

/// Stores waiting annotations when their spans, traces and sessions have come. Every replica does its part.
///
/// Collectors pay nothing for it: they say over the bus that spans have come, as they do anyway, and what has been missed
/// is found by its own next turn.
struct AnnotationWaiting: Service {
    private static let interval: Duration = .seconds(1)
    /// Between two looks, however often spans come.
    private static let pause: Duration = .milliseconds(250)

    let annotations: WaitingAnnotations
    let bus: MessageBus
    let gate: DatabaseGate
    let metrics: MetricsRegistry
    let logger: Logger

    init(_ context: ServiceContext) {
        annotations = WaitingAnnotations(database: context.database)
        bus = context.bus
        gate = context.gate
        metrics = context.metrics
        logger = context.logger
    }

    func run() async throws {
        try? await cancelWhenGracefulShutdown {
            try await gate.wait()
            let news = News()
            let (signals, signal) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask {
                    for await _ in bus.subscribe(SpansArrived.self) {
                        news.come()
                        signal.yield()
                    }
                }
                group.addTask {
                    while true {
                        signal.yield()
                        try await Task.sleep(for: Self.interval)
                    }
                }
                defer { group.cancelAll() }
                for await _ in signals {
                    await examine(spansHaveCome: news.take())
                    try await Task.sleep(for: Self.pause)
                }
            }
        }
    }

    /// A database that is away is tried again at the next signal; nothing is lost meanwhile.
    private func examine(spansHaveCome: Bool) async {
        do {
            let waiting = try await annotations.count()
            metrics.gauge("bennu_api_annotations_waiting", "Annotations whose span, trace or session has not come.")
                .set(Double(waiting))
            guard waiting > 0 else { return }
            var news = spansHaveCome
            while true {
                let outcome = try await annotations.examine(spansHaveCome: news)
                report(outcome)
                guard outcome.stored + outcome.dropped.values.reduce(0, +) == WaitingAnnotations.examinedAtOnce
                else { return }
                news = spansHaveCome
            }
        } catch {
            logger.debug("waiting annotations were not looked at", metadata: ["error": "\(error)"])
        }
    }

    private func report(_ outcome: WaitingOutcome) {
        for (subject, count) in outcome.dropped {
            metrics.counter(
                "bennu_api_annotations_dropped_total",
                "Annotations that were dropped, as their span, trace or session did not come.",
                labels: ["subject": subject.rawValue]
            ).increment(by: count)
            logger.warning(
                "annotations were dropped: what they are about has not come within BENNU_ANNOTATION_WAIT_HOURS",
                metadata: ["subject": "\(subject.rawValue)", "count": "\(count)"])
        }
        guard outcome.stored > 0 else { return }
        metrics.counter(
            "bennu_api_waiting_annotations_stored_total",
            "Annotations that had to wait for their span, trace or session and have been stored."
        ).increment(by: outcome.stored)
    }
}

/// Whether spans have come since somebody last asked.
private final class News: Sendable {
    private let hasCome = Mutex(false)

    func come() {
        hasCome.withLock { $0 = true }
    }

    func take() -> Bool {
        hasCome.withLock { hasCome in
            defer { hasCome = false }
            return hasCome
        }
    }
}
