import Database
import Logging
import ServiceLifecycle
import ServiceRuntime
import Storage

/// Keeps the index of search up with the spans that arrive. Every replica does its part of what waits.
struct TextIndexing: Service {
    let database: Database
    let gate: DatabaseGate
    let logger: Logger

    func run() async throws {
        try? await cancelWhenGracefulShutdown {
            try await gate.wait()
            try await TextIndexer(database: database).run { error in
                logger.warning("spans wait to be indexed for search", metadata: ["error": "\(error)"])
            }
        }
    }
}
