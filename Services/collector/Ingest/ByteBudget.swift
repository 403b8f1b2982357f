import Storage
import Synchronization

/// Bytes that requests may hold at once while they are read and wait: a bound that refuses instead of waiting, shared
/// between senders so that none can take all of it.
final class ByteBudget: Sendable {
    private let room: Mutex<SharedRoom<Sender>>

    init(bytesMax: Int) {
        room = Mutex(SharedRoom(bytesMax: bytesMax))
    }

    var bytesUsed: Int { room.withLock { $0.bytesHeld } }

    /// Takes bytes if they are there. What was taken must be given back by `release`.
    func reserve(_ count: Int, for sender: Sender) throws(IngestRefusal) {
        switch room.withLock({ $0.admit(count, for: [sender]) }) {
        case .admitted: return
        case .full: throw .overloaded
        case .overShare: throw .overShare
        }
    }

    func release(_ count: Int, of sender: Sender) {
        room.withLock { $0.release(count, of: [sender]) }
    }
}
