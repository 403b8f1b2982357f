import DequeModule

/// What waits to be committed, as a state machine without I/O or clock: requests are queued, and a writer that is free
/// takes all that fits one transaction. So groups grow with load by themselves, and nothing waits while a writer is idle.
///
/// Bytes count from `enqueue` until `finished`, so the bound covers what is being written as well as what waits.
struct CommitQueue<Element> {
    struct Limits: Sendable {
        /// What may be held at once, in bytes of decoded spans.
        var queueBytesMax: Int
        /// What one transaction takes, in bytes of decoded spans; a larger request goes alone.
        var groupBytesMax: Int
        /// What one transaction takes, in spans; a larger request goes alone.
        var groupSpansMax: Int

        init(queueBytesMax: Int, groupBytesMax: Int, groupSpansMax: Int) {
            precondition(queueBytesMax > 0 && groupBytesMax > 0 && groupSpansMax > 0)
            self.queueBytesMax = queueBytesMax
            self.groupBytesMax = groupBytesMax
            self.groupSpansMax = groupSpansMax
        }
    }

    enum Admission: Equatable {
        case accepted
        case refusedFull
        case refusedClosed
    }

    struct Group {
        var elements: [Element]
        var bytes: Int
    }

    fileprivate struct Entry {
        let element: Element
        let bytes: Int
        let spans: Int
    }

    private(set) var bytesHeld = 0
    private(set) var isClosed = false
    private var waiting: Deque<Entry> = []
    let limits: Limits

    init(limits: Limits) {
        self.limits = limits
    }

    var isEmpty: Bool { waiting.isEmpty }
    var waitingCount: Int { waiting.count }

    /// One request is taken even if it alone is larger than the bound, or it could never be served.
    mutating func enqueue(_ element: Element, bytes: Int, spans: Int) -> Admission {
        guard !isClosed else { return .refusedClosed }
        guard bytesHeld == 0 || bytesHeld + bytes <= limits.queueBytesMax else { return .refusedFull }
        bytesHeld += bytes
        waiting.append(Entry(element: element, bytes: bytes, spans: spans))
        return .accepted
    }

    /// The next transaction's requests, oldest first; nil when none wait.
    mutating func takeGroup() -> Group? {
        guard !isEmpty else { return nil }
        var group = Group(elements: [], bytes: 0)
        var spans = 0
        while let entry = waiting.first {
            let fits = group.bytes + entry.bytes <= limits.groupBytesMax && spans + entry.spans <= limits.groupSpansMax
            guard group.elements.isEmpty || fits else { break }
            group.elements.append(entry.element)
            group.bytes += entry.bytes
            spans += entry.spans
            waiting.removeFirst()
        }
        return group
    }

    /// A group's transaction has ended, well or badly.
    mutating func finished(_ group: Group) {
        bytesHeld -= group.bytes
        precondition(bytesHeld >= 0)
    }

    /// Nothing more is admitted; what waits is still handed out.
    mutating func close() {
        isClosed = true
    }
}

extension CommitQueue: Sendable where Element: Sendable {}
extension CommitQueue.Group: Sendable where Element: Sendable {}
extension CommitQueue.Entry: Sendable where Element: Sendable {}
