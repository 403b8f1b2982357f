import Database
import DequeModule
import Domain
import Logging
import Synchronization

/// What a transaction stored.
public struct CommittedSpans: Sendable {
    public var spanCount: Int
    /// The traces that got spans, by the project they are in.
    public var tracesByProject: [Int64: [TraceID]]

    public init(spanCount: Int, tracesByProject: [Int64: [TraceID]]) {
        self.spanCount = spanCount
        self.tracesByProject = tracesByProject
    }
}

/// Why spans were not taken; the sender may try again.
public enum SpanWriterError: Error, Equatable {
    /// The queue holds as many bytes as it may. Nothing of the request was written.
    case overloaded
    /// There is room, but the sender or the project holds its share of it. Nothing of the request was written.
    case overShare
    /// The service is stopping. Nothing of the request was written.
    case stopping
    /// The database has not answered within `SpanWriter.Options.answerWithin`. The spans wait on and may still be
    /// written; writing them again is harmless.
    case slow
}

/// Makes spans durable by group commit: whatever waits while a transaction runs goes into the next one.
///
/// Any number of tasks may call `write` at once. `run` must be running, or nothing is ever written.
public final class SpanWriter: Sendable {
    public struct Options: Sendable {
        /// What may be held undone, in bytes of decoded spans in memory; beyond it requests are refused.
        public var queueBytesMax = 128 << 20
        /// How long what is admitted should wait at most, at the pace of the latest transactions: a slower database gets
        /// a shorter queue, for a sender that is refused at once is served better than one whose patience ends.
        public var waitMax: Duration = .milliseconds(700)
        /// What is admitted until the first transactions show how fast the database is, in bytes.
        public var queueBytesAtFirst = 32 << 20
        /// What one transaction takes, in bytes.
        public var groupBytesMax = 16 << 20
        /// What one transaction takes, in spans.
        public var groupSpansMax = 4096
        /// Transactions at once. SQLite has one writer.
        public var writerCount = 2
        /// Keeps apart the rollup rows of writers that run at the same time; any number.
        public var shardSeed: UInt64 = 0
        /// After how long a request that waits is answered with `SpanWriterError.slow`.
        public var answerWithin: Duration = .seconds(5)
        /// The project of spans that name none.
        public var defaultProject = "default"

        public init() {}
    }

    /// What a span costs; nil where no price is known.
    public typealias Costing = @Sendable (SpanBatch, SpanRecord) -> SpanCostColumns?

    private struct Waiter: Sendable {
        let request: PreparedSpans
        let sender: String?
        let isPatient: Bool
        let answer: SingleAnswer

        /// For the share of a project its first one counts: requests of several are rare.
        var origin: CommitQueue<Waiter>.Origin {
            .init(sender: sender, project: sender == nil ? nil : request.projectNames.first)
        }
    }

    // Without the request, whose memory must go as soon as it is written.
    private struct Unanswered {
        let answer: SingleAnswer
        let deadline: ContinuousClock.Instant
    }

    private struct State {
        var queue: CommitQueue<Waiter>
        var idleWriters: [CheckedContinuation<Void, Never>] = []
        /// Requests without an answer, by their deadlines, which is the order in which they came.
        var unanswered: Deque<Unanswered> = []
        /// When the transactions under way began, by writer.
        var busySince: [Int64: ContinuousClock.Instant] = [:]
        var pace = CommitPace()
    }

    private static let overdueCheckInterval: Duration = .milliseconds(250)

    private static let shardCount: UInt64 = 16
    private static let duplicateRetriesMax = 8

    private let database: Database
    private let options: Options
    private let costing: Costing
    private let logger: Logger
    private let projects: ProjectDirectory
    private let resources: ResourceDirectory
    private let onCommit: @Sendable (CommittedSpans) -> Void
    private let moves: SpanIDMoves
    private let state: Mutex<State>

    /// `onCommit` is called after each transaction, on a writer's task; it must not block.
    public convenience init(
        database: Database, options: Options = Options(), logger: Logger, costing: @escaping Costing,
        onCommit: @escaping @Sendable (CommittedSpans) -> Void = { _ in }
    ) {
        self.init(
            database: database, options: options, logger: logger, costing: costing, moves: SpanIDMoves(),
            onCommit: onCommit)
    }

    init(
        database: Database, options: Options, logger: Logger, costing: @escaping Costing, moves: SpanIDMoves,
        onCommit: @escaping @Sendable (CommittedSpans) -> Void
    ) {
        self.database = database
        self.moves = moves
        self.options = options
        self.costing = costing
        self.logger = logger
        self.onCommit = onCommit
        projects = ProjectDirectory(database: database)
        resources = ResourceDirectory(database: database)
        let limits = CommitQueue<Waiter>.Limits(
            queueBytesMax: options.queueBytesMax, groupBytesMax: options.groupBytesMax,
            groupSpansMax: options.groupSpansMax)
        var queue = CommitQueue<Waiter>(limits: limits)
        queue.admit(below: options.queueBytesAtFirst)
        state = Mutex(State(queue: queue))
    }

    /// Returns when the spans are durable. Safe to repeat: a span whose id is stored already is left as it is.
    ///
    /// `project` is the request's own word for its project (the header `x-project-name`) and goes before the resource's.
    /// `sender` is whose share of the queue it is to count for, beside its project's; nil where it is nobody's. A patient
    /// caller hears what became of the spans, however long that takes, and never `SpanWriterError.slow`.
    /// Throws `SpanWriterError`, and `DatabaseError` when the outcome is a failure or unknown. Cancellation does not undo.
    ///
    /// More spans than one transaction takes are written by several, one after another: where it throws then, those of the
    /// first ones may be stored.
    public func write(
        _ batch: SpanBatch, project: String? = nil, sender: String? = nil, isPatient: Bool = false
    ) async throws {
        guard !batch.spans.isEmpty else { return }
        let prepared = try await prepare(batch, project: project)
        for part in prepared.parts(ofSpans: options.groupSpansMax) {
            try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Void, any Error>) in
                enqueue(
                    Waiter(request: part, sender: sender, isPatient: isPatient, answer: SingleAnswer(continuation)))
            }
        }
    }

    /// The names of the projects that spans of a request belong to, with the share of its bytes that each has.
    public func bytesByProject(of batch: SpanBatch, project: String?) -> [String: Int] {
        guard !batch.spans.isEmpty else { return [:] }
        if let project { return [project: batch.bytes.count] }
        var counts: [String: Int] = [:]
        for span in batch.spans {
            let resource = Int(span.resource)
            counts[batch.resources[resource].projectName ?? options.defaultProject, default: 0] += 1
        }
        return counts.mapValues { batch.bytes.count * $0 / batch.spans.count }
    }

    /// Throws what `write` would throw at this moment for want of room: whoever asks before decoding spares the work.
    public func checkRoom(for bytes: Int, sender: String) throws(SpanWriterError) {
        switch state.withLock({ $0.queue.look(from: sender, bytes: bytes) }) {
        case .accepted: return
        case .refusedFull: throw .overloaded
        case .refusedOverShare: throw .overShare
        case .refusedClosed: throw .stopping
        }
    }

    /// The bytes that are held now, of `Options.queueBytesMax`.
    public var bytesHeld: Int { state.withLock { $0.queue.bytesHeld } }

    /// Below how many bytes held more is admitted at the moment: as many as are written within `Options.waitMax`.
    public var bytesAdmitted: Int { state.withLock { $0.queue.bytesWanted } }

    /// A transaction has been under way for longer than requests may wait: the database is there and does not answer.
    public var isStalled: Bool {
        let limit = ContinuousClock.Instant.now - options.answerWithin
        return state.withLock { state in state.busySince.values.contains { $0 < limit } }
    }

    /// Forgets which projects exist, after one was deleted or renamed.
    public func forgetProjects() {
        projects.forget()
    }

    /// Writes until `stop` was called, or the task was cancelled, and all that had been admitted is done.
    public func run() async {
        await withTaskCancellationHandler {
            await writeUntilStopped()
        } onCancel: {
            stop()
        }
    }

    private func writeUntilStopped() async {
        await withTaskGroup(of: Void.self) { overdue in
            overdue.addTask { await self.answerOverdue() }
            await withTaskGroup(of: Void.self) { group in
                let writerCount = database.dialect == .sqlite ? 1 : options.writerCount
                for writer in 0..<writerCount {
                    let shard = Int64((options.shardSeed &+ UInt64(writer)) % Self.shardCount)
                    group.addTask { await self.writeGroups(shard: shard) }
                }
            }
            overdue.cancelAll()
        }
    }

    /// Refuses what comes from now on; what was admitted is still written.
    public func stop() {
        let idle = state.withLock { state in
            state.queue.close()
            defer { state.idleWriters = [] }
            return state.idleWriters
        }
        for writer in idle { writer.resume() }
    }

    private func prepare(_ batch: SpanBatch, project: String?) async throws -> PreparedSpans {
        let names = batch.resources.map { project ?? $0.projectName ?? options.defaultProject }
        let ids = try await projects.ids(of: Set(names))
        let resourceIDs = try await resources.ids(of: batch)
        return PreparedSpans(
            batch: batch, spans: batch.spans.indices, costs: batch.spans.map { costing(batch, $0) },
            projectIDs: names.compactMap { ids[$0] }, resourceIDs: resourceIDs, projectNames: names)
    }

    private func enqueue(_ waiter: Waiter) {
        let request = waiter.request
        let (admission, idle) = state.withLock {
            state -> (CommitQueue<Waiter>.Admission, CheckedContinuation<Void, Never>?) in
            let admission = state.queue.enqueue(
                waiter, from: waiter.origin, bytes: request.memoryBytes, spans: request.spans.count)
            guard admission == .accepted else { return (admission, nil) }
            if !waiter.isPatient {
                state.unanswered.append(Unanswered(answer: waiter.answer, deadline: .now + options.answerWithin))
            }
            return (admission, state.idleWriters.popLast())
        }
        idle?.resume()
        switch admission {
        case .accepted: break
        case .refusedFull: waiter.answer.give(.failure(SpanWriterError.overloaded))
        case .refusedOverShare: waiter.answer.give(.failure(SpanWriterError.overShare))
        case .refusedClosed: waiter.answer.give(.failure(SpanWriterError.stopping))
        }
    }

    /// Answers what has waited too long, so that its sender hears of it before its own patience ends.
    private func answerOverdue() async {
        while !Task.isCancelled {
            let now = ContinuousClock.Instant.now
            let overdue = state.withLock { state in
                var overdue: [SingleAnswer] = []
                while let first = state.unanswered.first, first.answer.isGiven || first.deadline < now {
                    overdue.append(state.unanswered.removeFirst().answer)
                }
                return overdue
            }
            for answer in overdue { answer.give(.failure(SpanWriterError.slow)) }
            try? await Task.sleep(for: overdueCheckPause)
        }
    }

    /// While nobody waits it wakes the process seldom, but in time for whoever comes meanwhile.
    private var overdueCheckPause: Duration {
        let isIdle = state.withLock { $0.unanswered.isEmpty }
        return isIdle ? max(Self.overdueCheckInterval, options.answerWithin / 5) : Self.overdueCheckInterval
    }

    private func writeGroups(shard: Int64) async {
        while let group = await nextGroup() {
            state.withLock { $0.busySince[shard] = .now }
            let outcomes = await commit(group.elements, shard: shard)
            // Before anybody is answered: who sends again at once must find the room that he has left.
            state.withLock { state in
                finished(group, shard: shard, in: &state)
            }
            for (waiter, outcome) in zip(group.elements, outcomes) { waiter.answer.give(outcome) }
        }
    }

    private func finished(_ group: CommitQueue<Waiter>.Group, shard: Int64, in state: inout State) {
        let writers = state.busySince.count
        if let began = state.busySince.removeValue(forKey: shard) {
            state.pace.committed(bytes: group.bytes, in: .now - began, writers: writers)
        }
        state.queue.finished(group)
        if let bytes = state.pace.bytes(in: options.waitMax) { state.queue.admit(below: bytes) }
    }

    /// The next group; waits for one, and returns nil once the queue is closed and empty.
    private func nextGroup() async -> CommitQueue<Waiter>.Group? {
        while true {
            let (group, isClosed) = state.withLock { ($0.queue.takeGroup(), $0.queue.isClosed) }
            if let group { return group }
            if isClosed { return nil }
            await withCheckedContinuation { (continuation: CheckedContinuation<Void, Never>) in
                let hasWork = state.withLock { state in
                    // Asked again under the lock: a request may have come since.
                    guard state.queue.isEmpty, !state.queue.isClosed else { return true }
                    state.idleWriters.append(continuation)
                    return false
                }
                if hasWork { continuation.resume() }
            }
        }
    }

    /// What became of each request.
    private func commit(_ waiters: [Waiter], shard: Int64) async -> [Result<Void, any Error>] {
        do {
            onCommit(try await writeTolerantly(waiters.map(\.request), shard: shard))
            return waiters.map { _ in .success(()) }
        } catch let error as DatabaseError where !error.isRetryable && waiters.count > 1 {
            // One request may carry what the database refuses; the others must not suffer from it.
            logger.debug("group refused, writing its requests one by one", metadata: ["error": "\(error)"])
            var outcomes: [Result<Void, any Error>] = []
            for waiter in waiters { outcomes += await commit([waiter], shard: shard) }
            return outcomes
        } catch {
            return waiters.map { _ in .failure(error) }
        }
    }

    /// Writes as if every span were new, which they nearly always are; where one is not, looks first which ones are.
    private func writeTolerantly(_ requests: [PreparedSpans], shard: Int64) async throws -> CommittedSpans {
        var requests = requests
        var looksFirst = false
        for attempt in 0..<Self.duplicateRetriesMax {
            do {
                return try await writeOnce(requests, lookingFirst: looksFirst, shard: shard)
            } catch DatabaseError.uniqueViolation {
                looksFirst = true
            } catch DatabaseError.foreignKeyViolation {
                projects.forget()
                requests = try await renewProjects(of: requests)
            } catch DatabaseError.serialization {
                // Another collector was in the way; it is out of it after a moment.
            }
            try await Task.sleep(for: .milliseconds(Int.random(in: 1...(4 << attempt))))
        }
        return try await writeOnce(requests, lookingFirst: true, shard: shard)
    }

    private func writeOnce(
        _ requests: [PreparedSpans], lookingFirst: Bool, shard: Int64
    ) async throws -> CommittedSpans {
        let plan = lookingFirst ? nil : WritePlan(requests: requests)
        return try await database.write { [moves] connection in
            if let plan { return try GroupWrite.run(plan, on: connection, shard: shard, moves: moves) }
            let stored = try GroupWrite.stored(among: WritePlan.spanIDs(of: requests), on: connection)
            return try GroupWrite.run(
                WritePlan(requests: requests, excluding: stored), on: connection, shard: shard, moves: moves)
        }
    }

    private func renewProjects(of requests: [PreparedSpans]) async throws -> [PreparedSpans] {
        var renewed: [PreparedSpans] = []
        for request in requests {
            let ids = try await projects.ids(of: Set(request.projectNames))
            renewed.append(request.with(projectIDs: request.projectNames.compactMap { ids[$0] }))
        }
        return renewed
    }
}
