import DequeModule
import NIOCore
import Storage
import Synchronization

/// Bytes that requests may hold at once while they are read and wait: a bound that refuses instead of waiting, shared
/// between senders so that none can take all of it.
///
/// A request first claims room for what it says it will send, so that no more are begun than can be finished soon. A
/// claim lapses if the bytes do not follow: who announces much and sends little holds little.
final class ByteBudget: Sendable {
    /// Room that is held for one request's bytes until they come, or until it lapses.
    struct Claim: Sendable, Hashable {
        fileprivate let number: UInt64
    }

    fileprivate struct State {
        var room: SharedRoom<Sender>
        /// What is still to come of each claim.
        var open: [Claim: (sender: Sender, bytes: Int)] = [:]
        /// In the order of their lapsing, which is that of their making.
        var deadlines: Deque<(claim: Claim, deadline: NIODeadline)> = []
        var claimCount: UInt64 = 0
    }

    private static let claimLifetime: TimeAmount = .seconds(2)
    /// Most requests are smaller.
    static let claimBytesMax = 1 << 20

    private let state: Mutex<State>

    init(bytesMax: Int) {
        state = Mutex(State(room: SharedRoom(bytesMax: bytesMax)))
    }

    var bytesUsed: Int { state.withLock { $0.room.bytesHeld } }

    /// Lets a request in that says it has so many bytes (0 where it does not say) while fewer than `bytesWanted` are held;
    /// what was let in may still go beyond, up to the bound. The claim must be given back by `drop`.
    func claim(
        _ bytesAnnounced: Int, for sender: Sender, below bytesWanted: Int = .max, now: NIODeadline = .now()
    ) throws(IngestRefusal) -> Claim {
        let count = min(bytesAnnounced, Self.claimBytesMax)
        let (admission, claim) = state.withLock { state in
            state.letLapse(now)
            state.room.bytesWanted = min(bytesWanted, state.room.bytesMax)
            state.claimCount += 1
            let claim = Claim(number: state.claimCount)
            let admission = state.room.admit(count, for: [sender])
            if admission == .admitted, count > 0 {
                state.open[claim] = (sender, count)
                state.deadlines.append((claim, now + Self.claimLifetime))
            }
            return (admission, claim)
        }
        try check(admission)
        return claim
    }

    /// Takes bytes that have come, out of the claim as far as it goes. They must be given back by `release`.
    func cover(
        _ count: Int, by claim: Claim, for sender: Sender, now: NIODeadline = .now()
    ) throws(IngestRefusal) {
        let admission = state.withLock { state in
            state.letLapse(now)
            let claimed = min(state.open[claim]?.bytes ?? 0, count)
            let admission = state.room.extend(count - claimed, for: [sender])
            if admission == .admitted { state.reduce(claim, by: claimed) }
            return admission
        }
        try check(admission)
    }

    /// Gives back what is still open of a claim.
    func drop(_ claim: Claim) {
        state.withLock { state in
            guard let open = state.open.removeValue(forKey: claim) else { return }
            state.room.release(open.bytes, of: [open.sender])
        }
    }

    /// Takes bytes beside those that have come, if there is room. They must be given back by `release`.
    func reserve(_ count: Int, for sender: Sender) throws(IngestRefusal) {
        try check(state.withLock { $0.room.extend(count, for: [sender]) })
    }

    func release(_ count: Int, of sender: Sender) {
        state.withLock { $0.room.release(count, of: [sender]) }
    }

    private func check(_ admission: SharedRoom<Sender>.Admission) throws(IngestRefusal) {
        switch admission {
        case .admitted: return
        case .full: throw .overloaded
        case .overShare: throw .overShare
        }
    }
}

extension ByteBudget.State {
    fileprivate mutating func letLapse(_ now: NIODeadline) {
        while let first = deadlines.first, first.deadline <= now || open[first.claim] == nil {
            deadlines.removeFirst()
            if let lapsed = open.removeValue(forKey: first.claim) {
                room.release(lapsed.bytes, of: [lapsed.sender])
            }
        }
    }

    fileprivate mutating func reduce(_ claim: ByteBudget.Claim, by count: Int) {
        guard count > 0, let before = open[claim] else { return }
        open[claim] = before.bytes == count ? nil : (before.sender, before.bytes - count)
    }
}
