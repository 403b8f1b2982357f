/// How much one request may have done at a time, and for how long.
public struct ExecutionLimits: Sendable {
    /// Resolvers that wait for something at the same time.
    public var concurrentResolversMax: Int
    /// After this the request's task is cancelled and the answer is an error; resolvers must heed cancellation, for the
    /// answer waits for them. Nil for no limit. Of a subscription it limits each event.
    public var timeMax: Duration?
    /// Fields in an answer, those of all its objects together. What a document asks for cannot be told before: a list that
    /// may have a thousand items mostly has a few. Beyond it the answer is an error. Of a subscription it limits each event.
    public var answeredFieldsMax: Int

    public init(concurrentResolversMax: Int = 16, timeMax: Duration? = nil, answeredFieldsMax: Int = 2_000_000) {
        self.concurrentResolversMax = max(1, concurrentResolversMax)
        self.timeMax = timeMax
        self.answeredFieldsMax = answeredFieldsMax
    }
}

/// Lets so many resolvers of a request run at a time; the others wait in the order in which they came. None is let in once
/// the answer has become too large.
actor ResolverGate {
    nonisolated let limit: Int
    nonisolated let budget: FieldBudget
    private var free: Int
    private var waiting: [CheckedContinuation<Void, Never>] = []

    init(_ limits: ExecutionLimits) {
        limit = limits.concurrentResolversMax
        budget = FieldBudget(max: limits.answeredFieldsMax)
        free = limit
    }

    nonisolated func run<Output: Sendable>(
        _ body: @Sendable () async throws -> Output
    ) async throws -> Output {
        await enter()
        do {
            try Task.checkCancellation()
            try budget.check()
            let output = try await body()
            await leave()
            return output
        } catch {
            await leave()
            throw error
        }
    }

    private func enter() async {
        guard free == 0 else {
            free -= 1
            return
        }
        // Whoever leaves hands over its place, so nothing is to be looked at again behind the wait.
        await withCheckedContinuation { waiting.append($0) }
    }

    private func leave() {
        if waiting.isEmpty {
            free += 1
        } else {
            waiting.removeFirst().resume()
        }
    }
}
