import Synchronization

/// Bytes that may be held at once by requests that are still being read: a bound that refuses instead of waiting.
final class ByteBudget: Sendable {
    let bytesMax: Int
    private let used = Mutex(0)

    init(bytesMax: Int) {
        precondition(bytesMax > 0)
        self.bytesMax = bytesMax
    }

    var bytesUsed: Int { used.withLock { $0 } }

    /// Takes bytes if they are there. What was taken must be given back by `release`.
    func reserve(_ count: Int) -> Bool {
        used.withLock { used in
            guard used + count <= bytesMax else { return false }
            used += count
            return true
        }
    }

    func release(_ count: Int) {
        used.withLock { used in
            used -= count
            precondition(used >= 0)
        }
    }
}
