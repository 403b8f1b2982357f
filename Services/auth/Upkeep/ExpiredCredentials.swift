import Database
import Domain
import Logging
import ServiceLifecycle
import ServiceRuntime
import Storage

/// Removes tokens that have expired and failures to sign in that count no more, once an hour.
struct ExpiredCredentials: Service {
    private static let interval = Duration.seconds(3600)

    let database: Database
    let gate: DatabaseGate
    let logger: Logger

    func run() async throws {
        try? await cancelWhenGracefulShutdown {
            try await gate.wait()
            while true {
                do {
                    try await Self.remove(from: database, now: SystemClock.now())
                } catch let error as CancellationError {
                    throw error
                } catch {
                    logger.warning(
                        "expired tokens could not be removed; that is tried again in an hour",
                        metadata: ["error": "\(error)"])
                }
                try await Task.sleep(for: Self.interval)
            }
        }
    }

    static func remove(from database: Database, now: Int64) async throws {
        try await database.write { connection in
            try TokenRepository.removeExpired(on: connection, now: now)
            try SignInFailures.remove(before: now - SignInLimit.window, on: connection)
        }
    }
}
