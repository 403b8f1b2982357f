import Synchronization

/// Something that happens once and that many may wait for.
final class Latch: Sendable {
    private let state = Mutex(State.shut(waiting: [:], lastNumber: 0))

    private enum State {
        case shut(waiting: [Int: CheckedContinuation<Void, Never>], lastNumber: Int)
        case open
    }

    var isOpen: Bool {
        state.withLock { if case .open = $0 { true } else { false } }
    }

    func open() {
        let released = state.withLock { state in
            defer { state = .open }
            guard case .shut(let waiting, _) = state else { return [Int: CheckedContinuation<Void, Never>]() }
            return waiting
        }
        for continuation in released.values { continuation.resume() }
    }

    /// Returns when it is open. Throws `CancellationError`.
    func wait() async throws {
        guard let number = takeNumber() else { return }
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                if !enter(continuation, number) { continuation.resume() }
            }
        } onCancel: {
            remove(number)?.resume()
        }
        try Task.checkCancellation()
    }

    /// Nil once it is open.
    private func takeNumber() -> Int? {
        state.withLock { state in
            guard case .shut(let waiting, let lastNumber) = state else { return nil }
            state = .shut(waiting: waiting, lastNumber: lastNumber + 1)
            return lastNumber + 1
        }
    }

    /// False if there is nothing to wait for. Looks for a cancellation under the lock: one that comes later finds the
    /// continuation.
    private func enter(_ continuation: CheckedContinuation<Void, Never>, _ number: Int) -> Bool {
        state.withLock { state in
            guard case .shut(var waiting, let lastNumber) = state, !Task.isCancelled else { return false }
            waiting[number] = continuation
            state = .shut(waiting: waiting, lastNumber: lastNumber)
            return true
        }
    }

    private func remove(_ number: Int) -> CheckedContinuation<Void, Never>? {
        state.withLock { state in
            guard case .shut(var waiting, let lastNumber) = state else { return nil }
            let continuation = waiting.removeValue(forKey: number)
            state = .shut(waiting: waiting, lastNumber: lastNumber)
            return continuation
        }
    }
}
