import Logging
import Synchronization

/// A transaction that waits for its connection.
protocol PooledJob: Sendable {
    var expires: ContinuousClock.Instant { get }
    var cancellation: Cancellation { get }

    /// Runs it and tells its caller. False if nothing came of it because the connection was dead already, and it may be
    /// repeated on another.
    func attempt(on engine: any EngineConnection, mayBeRepeated: Bool) -> Bool
    func reject(_ error: any Error)
}

/// Whether the task that asked has been cancelled.
final class Cancellation: Sendable {
    private let flag = Atomic(false)

    var isCancelled: Bool { flag.load(ordering: .relaxed) }

    func cancel() {
        flag.store(true, ordering: .relaxed)
    }
}

struct TransactionJob<T: Sendable>: PooledJob {
    let access: TransactionTerms.Access
    let time: Duration
    let expires: ContinuousClock.Instant
    let cancellation: Cancellation
    let statementLogger: Logger?
    let fault: (@Sendable (FaultPoint) -> DatabaseError?)?
    let continuation: CheckedContinuation<T, any Error>
    let body: @Sendable (DatabaseConnection) throws -> T

    func reject(_ error: any Error) {
        continuation.resume(throwing: error)
    }

    func attempt(on engine: any EngineConnection, mayBeRepeated: Bool) -> Bool {
        let cancellation = cancellation
        let terms = TransactionTerms(
            access: access, time: time, isCancelled: { [access] in access == .read && cancellation.isCancelled })
        let connection = DatabaseConnection(engine, statementLogger: statementLogger, fault: fault)
        do {
            try engine.begin(terms)
            let value = try body(connection)
            try end(connection, engine, with: value)
        } catch {
            engine.rollback()
            guard mayBeRepeated, !engine.isUsable, !connection.hasAnswered, isSafeToRepeat(error) else {
                continuation.resume(throwing: error)
                return true
            }
            return false
        }
        return true
    }

    private func end(_ connection: DatabaseConnection, _ engine: any EngineConnection, with value: T) throws {
        switch access {
        case .read:
            // Nothing can go wrong any more that would concern the caller.
            continuation.resume(returning: value)
            engine.rollback()
        case .write:
            guard !connection.hasFailed else { throw DatabaseError.transactionFailed }
            if let error = fault?(.commit) { throw error }
            try engine.commit()
            if let error = fault?(.committed) { throw error }
            continuation.resume(returning: value)
        }
    }

    /// A commit whose answer is missing must never be repeated here; a transaction without any answer may.
    private func isSafeToRepeat(_ error: any Error) -> Bool {
        guard case .unavailable = error as? DatabaseError else { return false }
        return true
    }
}
