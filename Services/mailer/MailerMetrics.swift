import Domain
import Observability
import Storage

/// What the mailer counts.
struct MailerMetrics: Sendable {
    let registry: MetricsRegistry

    init(registry: MetricsRegistry) {
        self.registry = registry
    }

    func sent(_ kind: String) { count("bennu_mailer_sent_total", "Mails that a server has taken.", ["kind": kind]) }

    func gaveUp(_ kind: String) {
        count("bennu_mailer_failed_total", "Mails that were given up; the log says why.", ["kind": kind])
    }

    func postponed(_ kind: String) {
        count("bennu_mailer_retries_total", "Attempts that failed and are made again.", ["kind": kind])
    }

    /// Of all mailers together: it is the outbox that is counted.
    func show(_ counts: MailCounts) {
        registry.gauge("bennu_mailer_queue_length", "Mails that wait to be sent.").set(Double(counts.waiting))
        let age = counts.oldestWaiting.map { Double(SystemClock.now() - $0) / 1e9 } ?? 0
        registry.gauge("bennu_mailer_oldest_seconds", "How long the oldest of them has waited.").set(max(age, 0))
    }

    private func count(_ name: String, _ help: String, _ labels: MetricLabels) {
        registry.counter(name, help, labels: labels).increment()
    }
}
