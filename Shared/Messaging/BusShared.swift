import Synchronization

/// What the messaging thread and the tasks of a bus both hold.
final class BusShared: Sendable {
    let mailbox: Mailbox
    let incoming: BatchChannel<IncomingRequest>
    let directoryEvents = BatchChannel<DirectoryEvent>(countMax: 1_024, overflow: .dropsOldest)
    private let total = Mutex(BusCounters())

    init(limits: BusLimits) {
        mailbox = Mailbox(limits: limits)
        incoming = BatchChannel(countMax: limits.requestsWaitingMax, overflow: .refusesNewest)
    }

    var counters: BusCounters { total.withLock { $0 } }

    func add(_ counters: BusCounters) {
        guard counters != BusCounters() else { return }
        total.withLock { $0 += counters }
    }

    func count(_ change: (inout BusCounters) -> Void) {
        total.withLock { change(&$0) }
    }

    /// Has the directory read soon; `directoryRead(answering:)` with this number, or a later one, is the answer.
    func demandDirectory(_ demand: UInt64) {
        directoryEvents.push([.demand(demand)])
    }
}

/// Why the directory is to be read.
enum DirectoryEvent: Sendable {
    case tick
    case demand(UInt64)
}
