import Database
import Synchronization

/// Whether a service can do its work now: what `/readyz` answers.
public final class Readiness: Sendable {
    private let database: Database
    private let gate: DatabaseGate
    private let listeners = Mutex<[Listener]>([])

    /// How long the database may take to answer a check.
    private static let databaseTime = Duration.seconds(2)

    init(database: Database, gate: DatabaseGate) {
        self.database = database
        self.gate = gate
    }

    /// Enters a port that the service will listen on; call `bound()` on the result as soon as it does. `protocolName` is for
    /// people: `http`, `grpc`.
    public func listener(_ protocolName: String, host: String, port: Int) -> Listener {
        let listener = Listener(protocolName: protocolName, host: host, port: port)
        listeners.withLock { $0.append(listener) }
        return listener
    }

    /// Nil if the service is ready, otherwise why it is not. Asks the database.
    public func obstacle() async -> String? {
        if let reason = gate.reason { return reason }
        if let port = listeners.withLock({ $0.first { !$0.isListening } }) { return "\(port) is not open yet" }
        do {
            _ = try await database.read(timeout: Self.databaseTime) { try $0.query("SELECT 1") }
            return nil
        } catch {
            return "\(error)"
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
