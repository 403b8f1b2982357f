import Messaging
import Synchronization

/// A service directory of one process, which can be made to fail.
final class MemoryDirectory: ServiceDirectory {
    struct Unavailable: Error {}

    private struct State {
        var rows: [String: ServiceInstance] = [:]
        var isAvailable = true
        var keepsWithdrawn = false
        var readCount = 0
    }

    private let state = Mutex(State())

    var rows: [ServiceInstance] { state.withLock { Array($0.rows.values) } }
    var readCount: Int { state.withLock { $0.readCount } }

    func setAvailable(_ isAvailable: Bool) {
        state.withLock { $0.isAvailable = isAvailable }
    }

    /// As if instances were killed instead of stopped.
    func setKeepsWithdrawn(_ keepsWithdrawn: Bool) {
        state.withLock { $0.keepsWithdrawn = keepsWithdrawn }
    }

    func insert(_ instance: ServiceInstance) {
        state.withLock { $0.rows[instance.id] = instance }
    }

    func announce(_ instance: ServiceInstance) async throws {
        try state.withLock { state in
            guard state.isAvailable else { throw Unavailable() }
            state.rows[instance.id] = instance
        }
    }

    func instances() async throws -> [ServiceInstance] {
        try state.withLock { state in
            guard state.isAvailable else { throw Unavailable() }
            state.readCount += 1
            return Array(state.rows.values)
        }
    }

    func withdraw(id: String) async throws {
        try state.withLock { state in
            guard state.isAvailable else { throw Unavailable() }
            if !state.keepsWithdrawn { state.rows[id] = nil }
        }
    }
}
