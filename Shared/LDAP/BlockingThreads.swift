import Dispatch
import Synchronization

/// Threads for calls that block, so that those of Swift's tasks never do; only so many calls wait.
public final class BlockingThreads: Sendable {
    /// More wait than can be served in reasonable time; nothing was done.
    public struct Overloaded: Error, Equatable {}

    private struct State {
        var waiting: [Int]
    }

    private let queues: [DispatchQueue]
    private let waitingMax: Int
    private let state: Mutex<State>

    init(count: Int, waitingMax: Int) {
        precondition(count > 0 && waitingMax > 0, "there must be a thread and room for a call")
        queues = (0..<count).map { DispatchQueue(label: "bennu.directory.\($0)") }
        self.waitingMax = waitingMax
        state = Mutex(State(waiting: Array(repeating: 0, count: count)))
    }

    /// What the work gives or throws; throws `Overloaded`.
    func run<T: Sendable>(_ work: @escaping @Sendable () throws -> T) async throws -> T {
        let lane = try state.withLock { state in
            guard state.waiting.reduce(0, +) < waitingMax else { throw Overloaded() }
            let lane = state.waiting.indices.min { state.waiting[$0] < state.waiting[$1] } ?? 0
            state.waiting[lane] += 1
            return lane
        }
        return try await withCheckedThrowingContinuation { continuation in
            queues[lane].async { [self] in
                let result = Result { try work() }
                state.withLock { $0.waiting[lane] -= 1 }
                continuation.resume(with: result)
            }
        }
    }
}
