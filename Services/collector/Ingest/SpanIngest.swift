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
    /// What requests may hold together, besides the queue of decoded spans.
    let budget: ByteBudget
    let quotas: ProjectQuotas
    let capacity: DatabaseCapacity
    /// Whom senders are told to ask when the database may not grow.
    let contact: String?
    let metrics: CollectorMetrics
    let logger: Logger

    /// Returns the request's spans once they are durable; those that were rejected are counted in the batch.
    func store(
        _ request: DecodedRequest, project: String?, from sender: Sender, through transport: Transport
    ) async throws(IngestRefusal) -> SpanBatch {
        do {
            let batch = try request.result.get()
            let project = Self.normalised(project)
            try admit(batch, project: project, from: sender)
            try await store(batch, of: request, project: project, from: sender)
            metrics.accepted(batch, through: transport)
            return batch
        } catch {
            let refusal = IngestRefusal(error)
            let batch = try? request.result.get()
            metrics.refused(refusal, spans: batch.map { $0.spans.count + $0.rejectedCount } ?? 0, through: transport)
            if refusal == .failed { logger.error("spans could not be stored", metadata: ["error": "\(error)"]) }
            throw refusal
        }
    }

    /// Refuses what there is no room for before it is decoded: offered more than it takes, a collector would otherwise
    /// spend its time on reading what it then refuses.
    ///
    /// Decoded spans are about as large as those on the wire. `spanCount` is asked for refused requests only.
    func checkRoom(
        for bytes: Int, of sender: Sender, through transport: Transport, spanCount: () -> Int
    ) throws(IngestRefusal) {
        guard let refusal = lackOfRoom(for: bytes, of: sender) else { return }
        metrics.refused(refusal, spans: spanCount(), through: transport)
        throw refusal
    }

    /// How much requests should hold together while they are read and wait: what can be written in time. While the database
    /// stands still they only pass through to the spool.
    var bytesWanted: Int { gate.isOpen && !writer.isStalled ? writer.bytesAdmitted : .max }

    /// Why a request of so many bytes would not be taken at the moment; nil if it would.
    func lackOfRoom(for bytes: Int, of sender: Sender) -> IngestRefusal? {
        do {
            try writer.checkRoom(for: bytes, sender: sender.name)
            return nil
        } catch {
            return spool != nil && mayBeSpooled(error) ? nil : IngestRefusal(error)
        }
    }

    /// Refuses what could be written, but may not be.
    private func admit(_ batch: SpanBatch, project: String?, from sender: Sender) throws(IngestRefusal) {
        guard !batch.spans.isEmpty else { return }
        if let only = sender.project {
            let projects = writer.bytesByProject(of: batch, project: project).keys
            guard projects.allSatisfy({ $0 == only }) else { throw .otherProject(only) }
        }
        guard !capacity.isExhausted else { throw .capacityReached(contact: contact) }
        guard !quotas.isUnlimited else { return }
        if let pause = quotas.take(writer.bytesByProject(of: batch, project: project)) { throw .overQuota(pause) }
    }

    private func store(
        _ batch: SpanBatch, of request: DecodedRequest, project: String?, from sender: Sender
    ) async throws {
        do {
            // A database that a newer release has migrated, or none has yet, is not ours to write to.
            guard gate.isOpen else { throw IngestRefusal.databaseUnavailable }
            try await writer.write(batch, project: project, sender: sender.name)
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
        case .overloaded, .overShare: writer.isStalled
        case .malformed, .unsupported, .tooLarge, .tooSlow, .interrupted, .overQuota, .unauthenticated, .forbidden,
            .otherProject, .credentialsUnavailable, .stopping, .storageFull, .capacityReached, .failed:
            false
        }
    }

    private static func normalised(_ project: String?) -> String? {
        project.flatMap { ExportTraceRequest.projectName($0) }
    }
}
