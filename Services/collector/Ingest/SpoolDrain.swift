import Logging
import OTLP
import ServiceLifecycle
import Spool
import Storage

/// Moves what was spooled into the database, oldest first, as soon as the database takes it again.
struct SpoolDrain: Service {
    private static let pauseMin: Duration = .milliseconds(500)
    private static let pauseMax: Duration = .seconds(10)

    let spool: Spool
    let writer: SpanWriter
    let logger: Logger

    func run() async throws {
        await withGracefulShutdownHandler {
            await drain()
        } onGracefulShutdown: {
            spool.close()
        }
    }

    private func drain() async {
        var pause = Self.pauseMin
        while !spool.isClosed, !Task.isCancelled {
            do {
                try await spool.drainOldest(store)
                if spool.isEmpty { logger.info("the spool is empty again") }
                pause = Self.pauseMin
            } catch {
                logger.debug("the spool waits for the database", metadata: ["error": "\(error)"])
                try? await Task.sleep(for: pause)
                pause = min(pause * 2, Self.pauseMax)
            }
        }
    }

    private func store(_ record: SpoolRecord) async throws {
        let encoding = record.encoding
        do {
            try await writer.write(
                try DecodedRequest(record.body, encoding: encoding).result.get(), project: record.project)
        } catch let error as OTLPDecodingError {
            // It was decoded once before it was acknowledged; only another release's decoder could refuse it now.
            logger.error("a spooled request cannot be read and is dropped", metadata: ["error": "\(error)"])
        } catch {
            switch IngestRefusal(error) {
            case .databaseUnavailable, .overloaded, .stopping, .storageFull:
                throw error
            case .malformed, .failed:
                logger.error("a spooled request cannot be stored and is dropped", metadata: ["error": "\(error)"])
            }
        }
    }
}
