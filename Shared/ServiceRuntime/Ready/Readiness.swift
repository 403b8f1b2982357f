import Database
import Logging
import Synchronization

/// Whether a service can do its work now: what `/readyz` answers.
public final class Readiness: Sendable {
    private let database: Database
    private let gate: DatabaseGate
    private let logger: Logger
    private let listeners = Mutex<[Listener]>([])
    private let databaseAnswered = Mutex(true)

    /// How long the database may take to answer a check.
    private static let databaseTime = Duration.seconds(2)

    init(database: Database, gate: DatabaseGate, logger: Logger) {
        self.database = database
        self.gate = gate
        self.logger = logger
    }

    /// Enters a port that the service will listen on; call `bound()` on the result as soon as it does. `protocolName` is for
    /// people: `http`, `grpc`.
    public func listener(_ protocolName: String, host: String, port: Int) -> Listener {
        let listener = Listener(protocolName: protocolName, host: host, port: port)
        listeners.withLock { $0.append(listener) }
        return listener
    }

    /// Nil if the service is ready, otherwise why it is not: for strangers too, so the log has the details. Asks the database.
    public func obstacle() async -> String? {
        guard gate.isOpen else { return "the database is not ready" }
        if let port = listeners.withLock({ $0.first { !$0.isListening } }) { return "\(port) is not open yet" }
        do {
            _ = try await database.read(timeout: Self.databaseTime) { try $0.query("SELECT 1") }
            note(databaseAnswers: true)
            return nil
        } catch {
            note(databaseAnswers: false, "\(error)")
            return "the database does not answer"
        }
    }

    /// One line for each change: checks come every few seconds.
    private func note(databaseAnswers: Bool, _ reason: String = "") {
        let hasChanged = databaseAnswered.withLock { answered in
            defer { answered = databaseAnswers }
            return answered != databaseAnswers
        }
        guard hasChanged else { return }
        if databaseAnswers {
            logger.info("the database answers again")
        } else {
            logger.warning("the database does not answer", metadata: ["reason": "\(reason)"])
        }
    }

    /// Whether everything is set up; the database may be away at the moment.
    var isSetUp: Bool { gate.isOpen && listeners.withLock { $0.allSatisfy(\.isListening) } }

    var listening: [Listener] { listeners.withLock { $0 } }

    /// Returns when the gate is open and all ports are, or throws `CancellationError`.
    func waitUntilSetUp() async throws {
        try await gate.wait()
        for listener in listening { try await listener.wait() }
    }
}
