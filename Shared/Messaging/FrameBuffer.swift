import CZeroMQ

/// The frames of one received message, in ZeroMQ's own memory, which the next message reuses.
final class FrameBuffer {
    private let frames: UnsafeMutablePointer<zmq_msg_t>
    private let capacity: Int
    /// How many frames the message has; those beyond the capacity are not kept.
    private(set) var count = 0

    init(capacity: Int) {
        self.capacity = capacity
        frames = .allocate(capacity: capacity + 1)
        frames.initialize(repeating: zmq_msg_t(), count: capacity + 1)
        for position in 0...capacity { zmq_msg_init(frames + position) }
    }

    deinit {
        for position in 0...capacity { zmq_msg_close(frames + position) }
        frames.deallocate()
    }

    /// The bytes of a frame; valid until the next message is received.
    subscript(position: Int) -> UnsafeRawBufferPointer {
        precondition(position < count && position < capacity, "no such frame")
        return UnsafeRawBufferPointer(
            start: zmq_msg_data(frames + position), count: zmq_msg_size(frames + position))
    }

    /// Takes the next whole message; false if there is none now.
    func receive(from socket: BusSocket) -> Bool {
        count = 0
        while true {
            let frame = frames + min(count, capacity)
            guard receive(frame, from: socket) else { return count > 0 }
            count += 1
            guard zmq_msg_more(frame) != 0 else { return true }
        }
    }

    private func receive(_ frame: UnsafeMutablePointer<zmq_msg_t>, from socket: BusSocket) -> Bool {
        while zmq_msg_recv(frame, socket.pointer, ZMQ_DONTWAIT) < 0 {
            guard zmq_errno() == EINTR else { return false }
        }
        return true
    }
}
