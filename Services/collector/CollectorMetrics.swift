import Domain
import Metrics
import Storage

/// What the collector counts. Spans accepted, spooled and refused add up to spans offered.
struct CollectorMetrics: Sendable {
    func accepted(_ batch: SpanBatch, through transport: SpanIngest.Transport) {
        count("bennu_collector_spans_accepted_total", batch.spans.count, [("transport", transport.rawValue)])
        count("bennu_collector_bytes_accepted_total", batch.bytes.count, [("transport", transport.rawValue)])
        if batch.rejectedCount > 0 { refuse(batch.rejectedCount, reason: "invalid_id", transport: transport) }
    }

    /// Spans that wait in the spool; they count as accepted too.
    func spooled(_ batch: SpanBatch) {
        count("bennu_collector_spans_spooled_total", batch.spans.count, [])
    }

    /// A request of `spans` spans (0 where they could not be read) was refused.
    func refused(_ refusal: IngestRefusal, spans: Int, through transport: SpanIngest.Transport) {
        refuse(spans, reason: refusal.reason, transport: transport)
    }

    /// A body over HTTP was refused before its spans could be counted.
    func answered(_ refusal: TracesRefusal) {
        let reason: String
        switch refusal {
        case .tooLarge: reason = "too_large"
        case .interrupted: reason = "interrupted"
        case .refused(.malformed): reason = "malformed"
        case .refused: return
        }
        count("bennu_collector_requests_refused_total", 1, [("reason", reason), ("transport", "http")])
    }

    /// Spans that a transaction stored, and how many were waiting together.
    func committed(_ spans: CommittedSpans) {
        count("bennu_collector_spans_stored_total", spans.spanCount, [])
        Recorder(label: "bennu_collector_commit_spans").record(spans.spanCount)
    }

    private func refuse(_ spans: Int, reason: String, transport: SpanIngest.Transport) {
        let labels = [("reason", reason), ("transport", transport.rawValue)]
        count("bennu_collector_spans_refused_total", spans, labels)
        count("bennu_collector_requests_refused_total", 1, labels)
    }

    private func count(_ label: String, _ amount: Int, _ dimensions: [(String, String)]) {
        Counter(label: label, dimensions: dimensions).increment(by: amount)
    }
}
