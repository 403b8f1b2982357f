import Domain

/// A request of this process that waits for its answer.
struct PendingRequest: Sendable {
    enum State: Sendable {
        /// No instance is known: the directory was asked, by the demand of this number.
        case awaitingDirectory(demand: UInt64)
        /// Instances are known, none is connected yet.
        case unsent
        case sent(instance: String)
    }

    let correlation: UInt64
    let kind: ServiceKind
    let topic: String
    let messageVersion: Int
    let body: [UInt8]
    let deadline: ContinuousClock.Instant
    let continuation: CheckedContinuation<[UInt8], any Error>
    var state: State = .unsent
    /// Instances that refused it, and what the last one said.
    var refusedBy: Set<String> = []
    var refusal = ""

    /// What the requester is told when the time is over.
    var timeoutError: BusError {
        if case .awaitingDirectory = state { return .noPeer(kind) }
        return .timedOut
    }
}
