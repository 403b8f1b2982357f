import Synchronization

/// A subscription as its reader holds it; when the reader lets go of it, the bus drops it.
final class Subscription: Sendable {
    private let channel: BatchChannel<[UInt8]>
    private let onEnd: @Sendable () -> Void
    /// Taken from the channel and not read yet, newest first.
    private let batch = Mutex<[[UInt8]]>([])

    init(channel: BatchChannel<[UInt8]>, onEnd: @escaping @Sendable () -> Void) {
        self.channel = channel
        self.onEnd = onEnd
    }

    deinit {
        onEnd()
    }

    /// The next message that `decode` can read; nil at the end.
    func next<Message>(_ decode: (_ body: [UInt8]) -> Message?) async -> Message? {
        while true {
            while let body = batch.withLock({ $0.popLast() }) {
                if let message = decode(body) { return message }
            }
            guard let bodies = await channel.next() else { return nil }
            batch.withLock { $0 = bodies.reversed() }
        }
    }

    func finish() {
        channel.finish()
        onEnd()
    }
}
