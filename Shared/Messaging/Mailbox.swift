import Synchronization

/// What tasks have for the messaging thread to do, and how they wake it.
final class Mailbox: Sendable {
    struct Contents {
        /// Encoded messages to publish, oldest first.
        var publications: [[UInt8]] = []
        var commands: [BusCommand] = []
        /// Publications that made room for newer ones.
        var publicationsDropped = 0
        var isEmpty: Bool { publications.isEmpty && commands.isEmpty && publicationsDropped == 0 }
    }

    private struct State {
        var contents = Contents()
        var publicationBytes = 0
        var waker: Waker?
        var isReaderAsleep = false
        var isClosed = false
    }

    private let state = Mutex(State())
    private let limits: BusLimits

    init(limits: BusLimits) {
        self.limits = limits
    }

    /// Adds a message to publish; drops the oldest that wait if there are too many. Does nothing once closed.
    func publish(_ frame: [UInt8]) {
        state.withLock { state in
            guard !state.isClosed else { return }
            state.contents.publications.append(frame)
            state.publicationBytes += frame.count
            dropOldest(from: &state)
            wake(&state)
        }
    }

    /// Counts a message that could not even be queued.
    func countDroppedPublication() {
        state.withLock { $0.contents.publicationsDropped += 1 }
    }

    /// False once closed: nobody will ever carry the command out.
    func post(_ command: BusCommand) -> Bool {
        state.withLock { state in
            guard !state.isClosed else { return false }
            state.contents.commands.append(command)
            wake(&state)
            return true
        }
    }

    /// Called by the messaging thread before it takes anything.
    func open(_ waker: Waker) {
        state.withLock { $0.waker = waker }
    }

    /// All that waits. If that is nothing, whoever adds something from now on wakes the thread.
    func take() -> Contents {
        state.withLock { state in
            let contents = state.contents
            state.contents = Contents()
            state.publicationBytes = 0
            state.isReaderAsleep = contents.isEmpty
            return contents
        }
    }

    /// The thread is up again and needs no waking.
    func readerIsAwake() {
        state.withLock { $0.isReaderAsleep = false }
    }

    /// Returns what nobody will carry out; from now on nothing is taken.
    func close() -> Contents {
        state.withLock { state in
            state.isClosed = true
            state.waker = nil
            defer { state.contents = Contents() }
            return state.contents
        }
    }

    // Under the lock, so that the pipe cannot be closed, and its number reused, in between.
    private func wake(_ state: inout State) {
        guard state.isReaderAsleep, let waker = state.waker else { return }
        state.isReaderAsleep = false
        waker.wake()
    }

    private func dropOldest(from state: inout State) {
        let waiting = state.contents.publications.count
        guard waiting > limits.outboundMessagesMax || state.publicationBytes > limits.outboundBytesMax else { return }
        // An eighth at a time: one by one, each drop would move the whole queue.
        let left = limits.outboundMessagesMax * 7 / 8
        var dropped = 0
        while dropped < waiting - 1, waiting - dropped > left || state.publicationBytes > limits.outboundBytesMax {
            state.publicationBytes -= state.contents.publications[dropped].count
            dropped += 1
        }
        state.contents.publications.removeFirst(dropped)
        state.contents.publicationsDropped += dropped
    }
}
