import Synchronization

/// Wakes the one who waits. It may ring before that one waits, and is heard then.
final class Bell: Sendable {
    private struct State {
        var hasRung = false
        var isSilent = false
        var waiter: CheckedContinuation<Void, Never>?
    }

    private let state = Mutex(State())

    /// Nobody is to wait any more.
    var isSilent: Bool { state.withLock(\.isSilent) }

    func ring() {
        wake { $0.hasRung = true }
    }

    func silence() {
        wake { $0.isSilent = true }
    }

    /// Returns when the bell has rung since the last wait, after `time`, or at once when it is silent. For one task.
    func wait(for time: Duration) async {
        let alarm = Task {
            try await Task.sleep(for: time)
            ring()
        }
        await withCheckedContinuation { continuation in
            let isToWait = state.withLock { state in
                guard !state.hasRung, !state.isSilent else { return false }
                state.waiter = continuation
                return true
            }
            if !isToWait { continuation.resume() }
        }
        alarm.cancel()
        state.withLock { $0.hasRung = false }
    }

    private func wake(_ change: (inout State) -> Void) {
        let waiter = state.withLock { state in
            change(&state)
            defer { state.waiter = nil }
            return state.waiter
        }
        waiter?.resume()
    }
}
