import Dispatch
import Domain
import Synchronization

/// Hashes and checks passwords on threads of its own, so that sign-ins delay nobody else, and only so many at a time, so
/// that they leave the processor to others.
public final class PasswordHasher: Sendable {
    /// More sign-ins wait than can be served in reasonable time; nothing was computed.
    public struct Overloaded: Error, Equatable {}

    private struct State {
        var waiting = 0
        var turn = 0
    }

    private let queues: [DispatchQueue]
    private let waitingMax: Int
    private let iterations: Int
    private let decoy: PasswordHash
    private let state = Mutex(State())

    /// - Parameters:
    ///   - threads: how many passwords are hashed at a time.
    ///   - waitingMax: how many may wait or be in work.
    public convenience init(threads: Int = 2, waitingMax: Int = 100) {
        self.init(threads: threads, waitingMax: waitingMax, iterations: PasswordHash.iterationsDefault)
    }

    init(threads: Int, waitingMax: Int, iterations: Int) {
        precondition(threads > 0 && waitingMax > 0, "a hasher needs a thread and room for a password")
        // A serial queue each: Dispatch runs them on threads apart from those that Swift's tasks share.
        queues = (0..<threads).map { DispatchQueue(label: "bennu.passwords.\($0)") }
        self.waitingMax = waitingMax
        self.iterations = iterations
        decoy = PasswordHash(hashing: Secret(""), salt: [UInt8](repeating: 0, count: 16), iterations: iterations)
    }

    /// Hashes a new password; throws `Overloaded`.
    public func hash(_ password: Secret) async throws -> PasswordHash {
        try await run { [iterations] in PasswordHash(hashing: password, iterations: iterations) }
    }

    /// Checks a password; throws `Overloaded`.
    public func check(_ password: Secret, against stored: StoredPassword) async throws -> PasswordVerdict {
        try await run { [iterations, decoy] in
            switch stored {
            case .current(let hash):
                guard hash.matches(password) else { return .wrong }
                guard hash.iterations < iterations else { return .right }
                return .rightButOutdated(replacement: PasswordHash(hashing: password, iterations: iterations))
            case .legacy(let hash):
                guard hash.matches(password) else {
                    // The rest of what a wrong password takes at any other account.
                    _ = decoy.matches(password, iterations: iterations - LegacyPasswordHash.iterations)
                    return .wrong
                }
                return .rightButOutdated(replacement: PasswordHash(hashing: password, iterations: iterations))
            case .none:
                _ = decoy.matches(password)
                return .wrong
            }
        }
    }

    private func run<T: Sendable>(_ work: @escaping @Sendable () -> T) async throws -> T {
        let queue = try state.withLock { state in
            guard state.waiting < waitingMax else { throw Overloaded() }
            state.waiting += 1
            state.turn = (state.turn + 1) % queues.count
            return queues[state.turn]
        }
        return await withCheckedContinuation { continuation in
            queue.async { [self] in
                let result = work()
                state.withLock { $0.waiting -= 1 }
                continuation.resume(returning: result)
            }
        }
    }
}
