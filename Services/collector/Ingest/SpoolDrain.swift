import Logging
import OTLP
import ServiceLifecycle
import ServiceRuntime
import Spool
import Storage

/// Moves what was spooled into the database, oldest first, as soon as the database takes it again.
struct SpoolDrain: Service {
    private static let pauseMin: Duration = .milliseconds(500)
    private static let pauseMax: Duration = .seconds(10)
    private static let roomPause: Duration = .milliseconds(50)

    let spool: Spool
    let writer: SpanWriter
    let gate: DatabaseGate
    let logger: Logger

    func run() async throws {
        do {
            try await runUntilShutdown()
        } catch is CancellationError {
            // Told to stop before the database was there; the spool's files wait for the next start.
        }
    }

    private func runUntilShutdown() async throws {
        try await withGracefulShutdownHandler {
            try await cancelWhenGracefulShutdown { try await gate.wait() }
            await drain()
        } onGracefulShutdown: {
            spool.close()
        }
    }

    private func drain() async {
        var pause = Self.pauseMin
        while !spool.isClosed, !Task.isCancelled {
            do {
                try await spool.drainOldest { records in
                    try await store(records)
                    // What gets on between two failures must not wait ever longer.
                    pause = Self.pauseMin
                }
                if spool.isEmpty, !spool.isClosed { logger.info("the spool is empty again") }
            } catch {
                logger.debug("the spool waits for the database", metadata: ["error": "\(error)"])
                try? await Task.sleep(for: pause)
                pause = min(pause * 2, Self.pauseMax)
            }
        }
    }

    /// All at once, so that they share a transaction; one after another where there is no room for so many.
    private func store(_ records: [SpoolRecord]) async throws {
        do {
            try await withThrowingTaskGroup(of: Void.self) { group in
                for record in records { group.addTask { try await store(record) } }
                try await group.waitForAll()
            }
        } catch  where IngestRefusal(error) == .overloaded {
            for record in records { try await storeOnceThereIsRoom(record) }
        }
    }

    private func storeOnceThereIsRoom(_ record: SpoolRecord) async throws {
        while true {
            do {
                return try await store(record)
            } catch  where IngestRefusal(error) == .overloaded && !spool.isClosed {
                try await Task.sleep(for: Self.roomPause)
            }
        }
    }

    private func store(_ record: SpoolRecord) async throws {
        do {
            let batch = try DecodedRequest(record.body, encoding: record.encoding).result.get()
            // Whatever it takes: a request that is large for this database would be begun anew for ever.
            try await writer.write(batch, project: record.project, isPatient: true)
        } catch {
            switch (error is OTLPDecodingError, IngestRefusal(error)) {
            case (false, .databaseUnavailable), (false, .overloaded), (false, .stopping), (false, .storageFull):
                throw error
            default:
                // It was acknowledged, so it is not thrown away; but it must not hold up what came after it.
                let path = try await spool.setAside(record)
                logger.error("a spooled request was set aside", metadata: ["error": "\(error)", "path": "\(path)"])
            }
        }
    }
}
