import Synchronization

/// Whom credentials stood for when they were looked at last: enough to know whose share a message counts for while it is
/// being read, and no more. Whether it is taken is asked again when it is there.
///
/// Holds no credentials, only hashes that nobody outside this process can make.
final class KnownSenders: Sendable {
    // One entry takes some dozen bytes; a collector with more senders than that forgets them now and then.
    private static let countMax = 20_000

    private let senders = Mutex<[Int: Sender]>([:])

    func sender(authorization: String) -> Sender? {
        let hash = authorization.hashValue
        return senders.withLock { $0[hash] }
    }

    func remember(_ sender: Sender, authorization: String) {
        let hash = authorization.hashValue
        senders.withLock { senders in
            guard senders[hash] != sender else { return }
            if senders.count >= Self.countMax { senders = [:] }
            senders[hash] = sender
        }
    }

    func forget(authorization: String) {
        let hash = authorization.hashValue
        senders.withLock { $0[hash] = nil }
    }
}
