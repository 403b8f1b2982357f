import Domain
import Observability
import Storage

/// What the collector counts. Spans accepted and refused add up to spans offered; refusals have the words that senders
/// are told as their reason.
struct CollectorMetrics: Sendable {
    let registry: MetricsRegistry

    init(registry: MetricsRegistry) {
        self.registry = registry
    }

    func accepted(_ batch: SpanBatch, through transport: SpanIngest.Transport) {
        let labels: MetricLabels = ["transport": transport.rawValue]
        registry.counter(
            "bennu_collector_spans_accepted_total", "Spans that were answered as stored.", labels: labels
        ).increment(by: batch.spans.count)
        registry.counter(
            "bennu_collector_bytes_accepted_total", "Bytes of decoded spans that were answered as stored.",
            labels: labels
        ).increment(by: batch.bytes.count)
        if batch.rejectedCount > 0 { refuse(batch.rejectedCount, reason: "invalid_id", transport: transport.rawValue) }
    }

    /// Spans that wait in the spool; they count as accepted too.
    func spooled(_ batch: SpanBatch) {
        registry.counter(
            "bennu_collector_spans_spooled_total", "Spans kept in the spool since the database did not take them."
        ).increment(by: batch.spans.count)
    }

    /// A request of `spans` spans (0 where they could not be read) was refused.
    func refused(_ refusal: IngestRefusal, spans: Int, through transport: SpanIngest.Transport) {
        refuse(spans, reason: refusal.reason, transport: transport.rawValue)
        refuseRequest(reason: refusal.reason, transport: transport.rawValue)
    }

    /// A connection was ended since its streams were reset as soon as they were opened.
    func endedForResets() {
        registry.counter(
            "bennu_collector_connections_ended_total", "Connections that were ended, by reason.",
            labels: ["reason": "rapid_reset"]
        ).increment()
    }

    /// What a transaction stored.
    func committed(_ spans: CommittedSpans) {
        registry.counter("bennu_collector_spans_stored_total", "Spans written to the database.")
            .increment(by: spans.spanCount)
        registry.histogram(
            "bennu_collector_commit_spans", "Spans that one transaction wrote.", bounds: [1, 8, 64, 512, 4096]
        ).record(Double(spans.spanCount))
    }

    /// Shows how full the bounded places are, each time that metrics are read.
    func watch(_ writer: SpanWriter, _ budget: ByteBudget, spoolBytes: @escaping @Sendable () -> Int) {
        registry.gauge(
            "bennu_collector_intake_bytes_used", "Bytes of requests that are being read or whose spans wait."
        ) {
            Double(budget.bytesUsed)
        }
        registry.gauge("bennu_collector_queue_bytes_used", "Bytes of decoded spans that wait or are being written.") {
            Double(writer.bytesHeld)
        }
        registry.gauge(
            "bennu_collector_queue_bytes_admitted", "Bytes that may wait at the pace of the latest transactions."
        ) {
            Double(writer.bytesAdmitted)
        }
        registry.gauge("bennu_collector_spool_bytes_used", "Bytes in the spool's files.") { Double(spoolBytes()) }
    }

    private func refuse(_ spans: Int, reason: String, transport: String) {
        registry.counter(
            "bennu_collector_spans_refused_total", "Spans that were not stored, by reason.",
            labels: ["reason": reason, "transport": transport]
        ).increment(by: spans)
    }

    private func refuseRequest(reason: String, transport: String) {
        registry.counter(
            "bennu_collector_requests_refused_total", "Requests that were not stored, by reason.",
            labels: ["reason": reason, "transport": transport]
        ).increment()
    }
}
