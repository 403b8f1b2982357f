import Domain

/// The requests of this process that have no answer yet.
struct RequestTable {
    private var requests: [UInt64: PendingRequest] = [:]
    private var unsent: [ServiceKind: Set<UInt64>] = [:]
    /// No request ends before it; some that would have are answered by now.
    private(set) var deadlineMin: ContinuousClock.Instant?

    var count: Int { requests.count }

    subscript(correlation: UInt64) -> PendingRequest? { requests[correlation] }

    mutating func insert(_ request: PendingRequest) {
        requests[request.correlation] = request
        deadlineMin = deadlineMin.map { min($0, request.deadline) } ?? request.deadline
        index(request)
    }

    /// Stores a request again whose state has changed.
    mutating func update(_ request: PendingRequest) {
        guard requests[request.correlation] != nil else { return }
        requests[request.correlation] = request
        index(request)
    }

    mutating func remove(_ correlation: UInt64) -> PendingRequest? {
        requests.removeValue(forKey: correlation)
    }

    /// The requests of a kind that are still to be sent, oldest first. They are not unsent any more afterwards.
    mutating func takeUnsent(of kind: ServiceKind) -> [PendingRequest] {
        (unsent.removeValue(forKey: kind) ?? []).sorted().compactMap { correlation in
            guard let request = requests[correlation], case .unsent = request.state else { return nil }
            return request
        }
    }

    /// The requests whose question to the directory has been answered.
    func awaitingDirectory(upTo demand: UInt64) -> [PendingRequest] {
        requests.values.filter { request in
            guard case .awaitingDirectory(let own) = request.state else { return false }
            return own <= demand
        }.sorted { $0.correlation < $1.correlation }
    }

    /// Takes out the requests whose time is over.
    mutating func takeExpired(now: ContinuousClock.Instant) -> [PendingRequest] {
        guard let deadlineMin, deadlineMin <= now else { return [] }
        let expired = requests.values.filter { $0.deadline <= now }
        for request in expired { requests[request.correlation] = nil }
        self.deadlineMin = requests.values.lazy.map(\.deadline).min()
        for (kind, correlations) in unsent {
            let left = correlations.filter { requests[$0] != nil }
            unsent[kind] = left.isEmpty ? nil : left
        }
        return expired
    }

    mutating func takeAll() -> [PendingRequest] {
        defer { self = RequestTable() }
        return Array(requests.values)
    }

    /// Whether an answer of this instance is still awaited.
    func isAwaiting(_ instance: String) -> Bool {
        requests.values.contains { request in
            guard case .sent(instance) = request.state else { return false }
            return true
        }
    }

    private mutating func index(_ request: PendingRequest) {
        guard case .unsent = request.state else { return }
        unsent[request.kind, default: []].insert(request.correlation)
    }
}
