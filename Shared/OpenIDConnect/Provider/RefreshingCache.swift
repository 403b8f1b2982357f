import Domain

/// Keeps what was fetched for a while. Those who ask at the same time share one request.
actor RefreshingCache<Value: Sendable> {
    private let lifetime: Int64
    private let lifetimeInNeed: Int64
    private let fetch: @Sendable () async throws(OpenIDError) -> Value
    private let now: @Sendable () -> Int64
    private var kept: (value: Value, at: Int64)?
    private var asked: Int64?
    private var underway: Task<Result<Value, OpenIDError>, Never>?

    /// - Parameters:
    ///   - lifetime: how long it is taken without asking again, in nanoseconds.
    ///   - lifetimeInNeed: how long it is taken if asking again fails.
    init(
        lifetime: Int64, lifetimeInNeed: Int64, now: @escaping @Sendable () -> Int64,
        fetch: @escaping @Sendable () async throws(OpenIDError) -> Value
    ) {
        self.lifetime = lifetime
        self.lifetimeInNeed = lifetimeInNeed
        self.now = now
        self.fetch = fetch
    }

    func value() async throws(OpenIDError) -> Value {
        let time = now()
        if let kept, time - kept.at < lifetime { return kept.value }
        do {
            return try await fetched()
        } catch {
            guard let kept, time - kept.at < lifetimeInNeed else { throw error }
            return kept.value
        }
    }

    /// A new value, if nobody has asked for one within `interval` nanoseconds; nil otherwise.
    func renewed(interval: Int64) async throws(OpenIDError) -> Value? {
        if let asked, now() - asked < interval, underway == nil { return nil }
        return try await fetched()
    }

    private func fetched() async throws(OpenIDError) -> Value {
        if let underway { return try await underway.value.get() }
        asked = now()
        let task = Task { [fetch] in
            await Result { () async throws(OpenIDError) in try await fetch() }
        }
        underway = task
        let result = await task.value
        underway = nil
        if case .success(let value) = result { kept = (value, now()) }
        return try result.get()
    }
}

extension Result {
    /// What the work gives or throws.
    fileprivate init(_ work: () async throws(Failure) -> Success) async {
        do {
            self = .success(try await work())
        } catch {
            self = .failure(error)
        }
    }
}
