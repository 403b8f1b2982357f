import Synchronization

/// Shut until the database has the schema of this release. Nothing may be written before: a newer release's database must
/// stay untouched.
public final class DatabaseGate: Sendable {
    private let latch = Latch()
    private let explanation = Mutex("the database has not answered yet")

    init() {}

    /// Whether the database may be used.
    public var isOpen: Bool { latch.isOpen }

    /// Why it is shut, for people; nil once it is open.
    public var reason: String? { isOpen ? nil : explanation.withLock { $0 } }

    /// Returns when the gate is open. Throws `CancellationError`.
    public func wait() async throws {
        try await latch.wait()
    }

    func explain(_ reason: String) {
        explanation.withLock { $0 = reason }
    }

    func open() {
        latch.open()
    }
}
