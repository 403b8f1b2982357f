import HeapModule

/// What waits to be committed, as a state machine without I/O or clock: requests are queued, and a writer that is free
/// takes all that fits one transaction. So groups grow with load by themselves, and nothing waits while a writer is idle.
///
/// Bytes count from `enqueue` until `finished`, so the bound covers what is being written as well as what waits. Senders
/// share both the room and the turns: what one sends comes out in its order, and between senders as if a byte of each
/// were served after the other (self-clocked fair queueing: Golestani, 1994).
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

    /// For whom a request's bytes count. Empty where nobody is to be held to a share.
    struct Origin: Sendable, Hashable {
        var sender: String?
        var project: String?

        fileprivate var sharers: [Sharer] {
            [sender.map(Sharer.sender), project.map(Sharer.project)].compactMap { $0 }
        }
    }

    fileprivate enum Sharer: Hashable, Sendable {
        case sender(String)
        case project(String)
    }

    enum Admission: Equatable {
        case accepted
        case refusedFull
        /// The sender, or the project, holds its share already.
        case refusedOverShare
        case refusedClosed
    }

    struct Group {
        var elements: [Element]
        var bytes: Int
        fileprivate var parts: [(origin: Origin, bytes: Int)]
    }

    fileprivate struct Entry: Comparable {
        let element: Element
        let origin: Origin
        let bytes: Int
        let spans: Int
        /// When its last byte would be served, on a clock that counts bytes of each sender.
        let turn: Int
        /// Keeps those of one turn in the order of their coming.
        let number: Int

        static func < (one: Entry, other: Entry) -> Bool { (one.turn, one.number) < (other.turn, other.number) }
        static func == (one: Entry, other: Entry) -> Bool { one.number == other.number }
    }

    private(set) var isClosed = false
    private var room: SharedRoom<Sharer>
    private var waiting: Heap<Entry> = []
    private var turn = 0
    private var number = 0
    /// The turn of what each sender has queued last; those that have nothing waiting are left out.
    private var lastTurns: [String?: (turn: Int, waiting: Int)] = [:]
    let limits: Limits

    init(limits: Limits) {
        self.limits = limits
        room = SharedRoom(bytesMax: limits.queueBytesMax)
    }

    var bytesHeld: Int { room.bytesHeld }
    var bytesWanted: Int { room.bytesWanted }
    var isEmpty: Bool { waiting.isEmpty }
    var waitingCount: Int { waiting.count }

    /// One request is taken even if it alone is larger than the bound, or it could never be served.
    mutating func enqueue(_ element: Element, from origin: Origin = Origin(), bytes: Int, spans: Int) -> Admission {
        guard !isClosed else { return .refusedClosed }
        switch room.admit(bytes, for: origin.sharers) {
        case .admitted: break
        case .full: return .refusedFull
        case .overShare: return .refusedOverShare
        }
        let before = lastTurns[origin.sender] ?? (turn: turn, waiting: 0)
        let own = max(turn, before.turn) + bytes
        lastTurns[origin.sender] = (own, before.waiting + 1)
        number += 1
        waiting.insert(
            Entry(element: element, origin: origin, bytes: bytes, spans: spans, turn: own, number: number))
        return .accepted
    }

    /// What `enqueue` would say to a sender's next request, whatever its project.
    func look(from sender: String, bytes: Int) -> Admission {
        guard !isClosed else { return .refusedClosed }
        return switch room.look(bytes, for: [.sender(sender)]) {
        case .admitted: .accepted
        case .full: .refusedFull
        case .overShare: .refusedOverShare
        }
    }

    /// The next transaction's requests; nil when none wait.
    mutating func takeGroup() -> Group? {
        guard !isEmpty else { return nil }
        var group = Group(elements: [], bytes: 0, parts: [])
        var spans = 0
        while let entry = waiting.min {
            let fits = group.bytes + entry.bytes <= limits.groupBytesMax && spans + entry.spans <= limits.groupSpansMax
            guard group.elements.isEmpty || fits else { break }
            group.elements.append(entry.element)
            group.parts.append((entry.origin, entry.bytes))
            group.bytes += entry.bytes
            spans += entry.spans
            waiting.removeMin()
            leave(entry)
        }
        return group
    }

    /// A group's transaction has ended, well or badly.
    mutating func finished(_ group: Group) {
        for part in group.parts { room.release(part.bytes, of: part.origin.sharers) }
    }

    /// From now on admits while it holds fewer bytes than can be written in time, within its limits: never so few that a
    /// group would be cut short. What is held already stays.
    mutating func admit(below bytes: Int) {
        room.bytesWanted = min(limits.queueBytesMax, max(limits.groupBytesMax, bytes))
    }

    /// Nothing more is admitted; what waits is still handed out.
    mutating func close() {
        isClosed = true
    }

    private mutating func leave(_ entry: Entry) {
        turn = entry.turn
        guard let last = lastTurns[entry.origin.sender] else { return }
        lastTurns[entry.origin.sender] = last.waiting == 1 ? nil : (last.turn, last.waiting - 1)
    }
}

extension CommitQueue: Sendable where Element: Sendable {}
extension CommitQueue.Group: Sendable where Element: Sendable {}
extension CommitQueue.Entry: Sendable where Element: Sendable {}
