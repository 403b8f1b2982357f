import Foundation

/// Something that happens once, awaited by a test's task or by the closure of a transaction on its own thread.
// Unchecked: `hasHappened` and `waiting` are only touched under the condition's lock; a transaction's closure has to
// block, for which only a condition will do.
final class Signal: @unchecked Sendable {
    private let condition = NSCondition()
    private var hasHappened = false
    private var waiting: [CheckedContinuation<Void, Never>] = []

    var hasBeenSent: Bool { locked { hasHappened } }

    func send() {
        let waiting = locked {
            hasHappened = true
            condition.broadcast()
            defer { self.waiting = [] }
            return self.waiting
        }
        for continuation in waiting { continuation.resume() }
    }

    /// Blocks the thread.
    func waitOnThread() {
        locked {
            while !hasHappened { condition.wait() }
        }
    }

    func wait() async {
        await withCheckedContinuation { continuation in
            let isOver = locked {
                if !hasHappened { waiting.append(continuation) }
                return hasHappened
            }
            if isOver { continuation.resume() }
        }
    }

    private func locked<T>(_ body: () -> T) -> T {
        condition.lock()
        defer { condition.unlock() }
        return body()
    }
}
