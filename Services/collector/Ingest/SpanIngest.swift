import Database
import Domain
import Logging
import OTLP
import ServiceRuntime
import Spool
import Storage

/// Takes decoded requests of both protocols and returns when their spans are on disk: in the database, or, while that
/// is away or does not answer, in the spool.
struct SpanIngest: Sendable {
    /// The header, or gRPC metadata, that names a request's project.
    static let projectHeader = "x-project-name"

    enum Transport: String, Sendable {
        case grpc, http
    }

    let writer: SpanWriter
    let gate: DatabaseGate
    /// Nil where the operator has turned it off.
    let spool: Spool?
    let metrics: CollectorMetrics
    let logger: Logger

    /// Returns the request's spans once they are durable; those that were rejected are counted in the batch.
    func store(
        _ request: DecodedRequest, project: String?, through transport: Transport
    ) async throws(IngestRefusal) -> SpanBatch {
        do {
            let batch = try request.result.get()
            try await store(batch, of: request, project: Self.normalised(project))
            metrics.accepted(batch, through: transport)
            return batch
        } catch {
            let refusal = IngestRefusal(error)
            metrics.refused(refusal, spans: (try? request.result.get())?.spans.count ?? 0, through: transport)
            if refusal == .failed { logger.error("spans could not be stored", metadata: ["error": "\(error)"]) }
            throw refusal
        }
    }

    private func store(_ batch: SpanBatch, of request: DecodedRequest, project: String?) async throws {
        do {
            // A database that a newer release has migrated, or none has yet, is not ours to write to.
            guard gate.isOpen else { throw IngestRefusal.databaseUnavailable }
            try await writer.write(batch, project: project)
        } catch {
            guard let spool, mayBeSpooled(error) else { throw error }
            do {
                try await spool.append(
                    SpoolRecord(encoding: request.encoding, project: project, body: request.body()))
                metrics.spooled(batch)
            } catch let failure as SpoolError {
                // The sender hears of the database; why the spool did not help is the operator's business.
                logger.debug("the spool refused a request", metadata: ["error": "\(failure)"])
                throw error
            }
        }
    }

    /// The spool is for a database that is away or does not answer. A queue that is full while the database works is
    /// the senders' to wait for: their spans would only come back later on top of new ones.
    private func mayBeSpooled(_ error: any Error) -> Bool {
        switch IngestRefusal(error) {
        case .databaseUnavailable: true
        case .overloaded: writer.isStalled
        case .malformed, .tooLarge, .stopping, .storageFull, .failed: false
        }
    }

    private static func normalised(_ project: String?) -> String? {
        guard let project else { return nil }
        let trimmed = project.trimmingWhitespace()
        return trimmed.isEmpty ? nil : trimmed
    }
}
