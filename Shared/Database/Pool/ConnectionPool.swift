import Foundation
import Logging
import Synchronization

/// Connections of one kind, each on a thread of its own, and the queue of transactions that wait for one.
///
/// Invariant: whenever the queue is not empty, a thread lives that will look at it. A thread takes a transaction only once
/// it has a connection (and the writer's turn, on SQLite), so whatever blocks it, those who wait keep their deadline.
// Unchecked: `state` is only touched between `condition.lock()` and `unlock()`, and NSCondition is needed because a
// Mutex cannot be waited on.
final class ConnectionPool: @unchecked Sendable {
    struct Limits {
        var connections: Int
        var waiting: Int
        var waitingTime: Duration
        var statementLogger: Logger?
        var fault: (@Sendable (FaultPoint) -> DatabaseError?)?

        init(_ options: DatabaseOptions, connections: Int) {
            precondition(connections > 0 && options.waitingMax > 0)
            self.connections = connections
            waiting = options.waitingMax
            waitingTime = options.waitingTime
            statementLogger = options.statementLogger
            fault = options.fault
        }
    }

    private struct State {
        var queue: [any PooledJob] = []
        var threads = 0
        var idle = 0
        var connected = 0
        var isClosed = false
        var closing: [CheckedContinuation<Void, Never>] = []
        var keeper: Task<Void, Never>?
        var outage: Outage?
    }

    /// Why nothing can be reached, and when the next one may try again.
    private struct Outage {
        var reason: any Error
        var retryAt: ContinuousClock.Instant
        var backoff: Backoff
    }

    private let label: String
    private let limits: Limits
    private let logger: Logger
    private let open: @Sendable () throws -> any EngineConnection
    private let condition = NSCondition()
    private var state = State()

    init(
        label: String, limits: Limits, logger: Logger, open: @escaping @Sendable () throws -> any EngineConnection
    ) {
        self.label = label
        self.limits = limits
        self.logger = logger
        self.open = open
    }

    func run<T: Sendable>(
        _ access: TransactionTerms.Access, time: Duration,
        _ body: @Sendable @escaping (DatabaseConnection) throws -> T
    ) async throws -> T {
        try Task.checkCancellation()
        let cancellation = Cancellation()
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                submit(
                    TransactionJob(
                        access: access, time: time, expires: .now + limits.waitingTime, cancellation: cancellation,
                        statementLogger: limits.statementLogger, fault: limits.fault,
                        continuation: continuation, body: body))
            }
        } onCancel: {
            cancellation.cancel()
            leaveQueue(cancellation)
        }
    }

    var waitingCount: Int { withState { $0.queue.count } }
    var connectionCount: Int { withState { $0.connected } }

    /// Refuses what waits and lets the threads end.
    func stop() {
        let (rejected, keeper) = withState { state in
            state.isClosed = true
            defer { (state.queue, state.keeper) = ([], nil) }
            condition.broadcast()
            return (state.queue, state.keeper)
        }
        keeper?.cancel()
        for job in rejected { job.reject(DatabaseError.unavailable("it is being closed")) }
    }

    /// Returns when all threads have ended, or after a while: one may be stuck in a call that nothing can interrupt.
    func close() async {
        stop()
        let patience = Task {
            try? await Task.sleep(for: .seconds(5))
            self.stopWaitingForClose()
        }
        await withCheckedContinuation { continuation in
            let isDone = withState { state in
                if state.threads > 0 { state.closing.append(continuation) }
                return state.threads == 0
            }
            if isDone { continuation.resume() }
        }
        patience.cancel()
    }

    private func stopWaitingForClose() {
        let closing = withState { state in
            defer { state.closing = [] }
            return state.closing
        }
        for continuation in closing { continuation.resume() }
    }

    private func withState<T>(_ body: (inout State) -> T) -> T {
        condition.lock()
        defer { condition.unlock() }
        return body(&state)
    }
}

// MARK: - The queue

extension ConnectionPool {
    private func submit(_ job: any PooledJob) {
        let refusal: (any Error)? = withState { state in
            if job.cancellation.isCancelled { return CancellationError() }
            if state.isClosed { return DatabaseError.unavailable("it is closed") }
            if state.connected == 0, let outage = state.outage, outage.retryAt > .now { return outage.reason }
            guard state.queue.count < limits.waiting else { return DatabaseError.overloaded }
            state.queue.append(job)
            condition.signal()
            addThreadIfNeeded(&state)
            keepDeadlinesIfNeeded(&state)
            return nil
        }
        if let refusal { job.reject(refusal) }
    }

    private func addThreadIfNeeded(_ state: inout State) {
        guard state.queue.count > state.idle, state.threads < limits.connections else { return }
        if state.threads > 0, let outage = state.outage, outage.retryAt > .now { return }
        state.threads += 1
        let thread = Thread { self.work() }
        thread.name = "database \(label)"
        thread.stackSize = 4 << 20
        thread.start()
    }

    /// A job that an idle thread takes at once needs nobody to watch its deadline.
    private func keepDeadlinesIfNeeded(_ state: inout State) {
        guard state.queue.count > state.idle else { return }
        keepDeadlines(&state)
    }

    private func keepDeadlines(_ state: inout State) {
        guard state.keeper == nil, !state.isClosed else { return }
        state.keeper = Task {
            while !Task.isCancelled, let next = self.expireJobs() {
                try? await Task.sleep(until: next, clock: .continuous)
            }
        }
    }

    /// Refuses those that have waited too long; returns when the next one will have, or nil when none waits.
    private func expireJobs() -> ContinuousClock.Instant? {
        let (expired, next) = withState { state in
            let now = ContinuousClock.now
            let expired = state.queue.filter { $0.expires <= now }
            state.queue.removeAll { $0.expires <= now }
            let next = state.queue.map(\.expires).min()
            if next == nil { state.keeper = nil }
            return (expired, next)
        }
        for job in expired { job.reject(DatabaseError.timedOut) }
        return next
    }

    private func leaveQueue(_ cancellation: Cancellation) {
        let job = withState { state -> (any PooledJob)? in
            guard let position = state.queue.firstIndex(where: { $0.cancellation === cancellation }) else { return nil }
            return state.queue.remove(at: position)
        }
        job?.reject(CancellationError())
    }
}

// MARK: - The threads

extension ConnectionPool {
    private func work() {
        var engine: (any EngineConnection)?
        while waitForWork() {
            guard serveOne(on: &engine) else { break }
        }
        if let engine { disconnect(engine) }
        let closing = withState { state in
            state.threads -= 1
            guard state.threads == 0 else { return [] as [CheckedContinuation<Void, Never>] }
            defer { state.closing = [] }
            return state.closing
        }
        for continuation in closing { continuation.resume() }
    }

    /// False when the pool is closed.
    private func waitForWork() -> Bool {
        condition.lock()
        defer { condition.unlock() }
        // Not within `withState`: others change the state during the wait, which exclusive access to it would forbid, and
        // which the optimiser would therefore not see.
        state.idle += 1
        while state.queue.isEmpty && !state.isClosed { condition.wait() }
        state.idle -= 1
        return !state.isClosed
    }

    /// False when there is no connection; the thread then ends, and a later job makes a new one.
    private func serveOne(on engine: inout (any EngineConnection)?) -> Bool {
        do {
            let current = try connect(&engine)
            if !current.takeTurnAtOnce() {
                withState { keepDeadlines(&$0) }
                current.takeTurn()
            }
            defer { current.endTurn() }
            guard let job = withState({ $0.queue.isEmpty ? nil : $0.queue.removeFirst() }) else { return true }
            if job.attempt(on: current, mayBeRepeated: true) { return true }
            do {
                _ = job.attempt(on: try connect(&engine), mayBeRepeated: false)
            } catch {
                job.reject(error)
                throw error
            }
            return true
        } catch {
            noteOutage(error)
            return false
        }
    }

    private func connect(_ engine: inout (any EngineConnection)?) throws -> any EngineConnection {
        if let engine {
            if engine.isUsable { return engine }
            disconnect(engine)
        }
        engine = nil
        withState { keepDeadlines(&$0) }
        let fresh = try open()
        engine = fresh
        withState { state in
            state.connected += 1
            state.outage = nil
        }
        return fresh
    }

    private func disconnect(_ engine: any EngineConnection) {
        engine.close()
        withState { $0.connected -= 1 }
    }

    private func noteOutage(_ error: any Error) {
        let rejected = withState { state in
            var backoff = state.outage?.backoff ?? Backoff(first: .milliseconds(50), longest: .seconds(1))
            let delay = backoff.next()
            state.outage = Outage(reason: error, retryAt: .now + delay, backoff: backoff)
            guard state.connected == 0 else { return [] as [any PooledJob] }
            defer { state.queue = [] }
            return state.queue
        }
        logger.debug("no connection", metadata: ["pool": "\(label)", "error": "\(error)"])
        for job in rejected { job.reject(error) }
    }
}
