import Synchronization

/// A bounded queue from a thread to a task. The reader takes all that waits at once, so that a batch costs one hop into
/// Swift concurrency, whatever its size. One reader; any number of writers.
final class BatchChannel<Element: Sendable>: Sendable {
    enum Overflow: Sendable {
        case dropsOldest
        case refusesNewest
    }

    private struct State {
        var waiting: [Element] = []
        var reader: CheckedContinuation<[Element]?, Never>?
        var isFinished = false
    }

    private let state = Mutex(State())
    private let countMax: Int
    private let overflow: Overflow

    init(countMax: Int, overflow: Overflow) {
        self.countMax = countMax
        self.overflow = overflow
    }

    /// Adds a batch and returns what there is no room for: the oldest that waited, or the newest of the batch. A channel
    /// that is finished has room for nothing.
    @discardableResult
    func push(_ batch: [Element]) -> [Element] {
        let (reader, taken, lost) = state.withLock {
            state -> (CheckedContinuation<[Element]?, Never>?, [Element], [Element]) in
            guard !state.isFinished else { return (nil, [], batch) }
            state.waiting.append(contentsOf: batch)
            let lost = Self.removeExcess(from: &state.waiting, countMax: countMax, overflow: overflow)
            guard let reader = state.reader, !state.waiting.isEmpty else { return (nil, [], lost) }
            state.reader = nil
            let taken = state.waiting
            state.waiting = []
            return (reader, taken, lost)
        }
        reader?.resume(returning: taken)
        return lost
    }

    /// All that waits, at least one element; nil once the channel is finished and empty. To cancel the reading task
    /// finishes the channel.
    func next() async -> [Element]? {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let (ready, batch) = state.withLock { state -> (Bool, [Element]?) in
                    if !state.waiting.isEmpty {
                        defer { state.waiting = [] }
                        return (true, state.waiting)
                    }
                    if state.isFinished { return (true, nil) }
                    precondition(state.reader == nil, "a batch channel has one reader")
                    state.reader = continuation
                    return (false, nil)
                }
                if ready { continuation.resume(returning: batch) }
            }
        } onCancel: {
            finish()
        }
    }

    /// Takes nothing any more; what waits can still be read.
    func finish() {
        let reader = state.withLock { state in
            state.isFinished = true
            defer { state.reader = nil }
            return state.reader
        }
        reader?.resume(returning: nil)
    }

    private static func removeExcess(from waiting: inout [Element], countMax: Int, overflow: Overflow) -> [Element] {
        let excess = waiting.count - countMax
        guard excess > 0 else { return [] }
        switch overflow {
        case .dropsOldest:
            defer { waiting.removeFirst(excess) }
            return Array(waiting.prefix(excess))
        case .refusesNewest:
            defer { waiting.removeLast(excess) }
            return Array(waiting.suffix(excess))
        }
    }
}
