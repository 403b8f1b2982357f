import CZeroMQ

/// A ZeroMQ socket. It belongs to the thread that made it and never waits.
struct BusSocket {
    let pointer: UnsafeMutableRawPointer

    init(_ type: Int32, context: UnsafeMutableRawPointer, limits: BusLimits) throws(BusError) {
        guard let pointer = zmq_socket(context, type) else { throw zmqError("no socket") }
        self.pointer = pointer
        try set(ZMQ_LINGER, Int32(limits.lingerMax / .milliseconds(1)))
        try set(ZMQ_SNDHWM, Int32(limits.socketMessagesMax))
        try set(ZMQ_RCVHWM, Int32(limits.socketMessagesMax))
        try set(ZMQ_MAXMSGSIZE, Int64(limits.messageBytesMax + Self.envelopeBytesMax))
        try set(ZMQ_IPV6, Int32(1))
        try set(ZMQ_RECONNECT_IVL, Int32(100))
        try set(ZMQ_RECONNECT_IVL_MAX, Int32(2_000))
        try set(ZMQ_HANDSHAKE_IVL, Int32(5_000))
        // A host that vanishes without a word is noticed by its missing heartbeats, not by the kernel's hours.
        try set(ZMQ_HEARTBEAT_IVL, Int32(2_000))
        try set(ZMQ_HEARTBEAT_TIMEOUT, Int32(6_000))
        try set(ZMQ_HEARTBEAT_TTL, Int32(6_000))
    }

    /// More than what an envelope adds to its body.
    static let envelopeBytesMax = 1_024

    func set<Value: BitwiseCopyable>(_ option: Int32, _ value: Value) throws(BusError) {
        let result = withUnsafeBytes(of: value) { zmq_setsockopt(pointer, option, $0.baseAddress, $0.count) }
        guard result == 0 else { throw zmqError("socket option \(option)") }
    }

    func set(_ option: Int32, bytes: [UInt8]) throws(BusError) {
        guard zmq_setsockopt(pointer, option, bytes, bytes.count) == 0 else {
            throw zmqError("socket option \(option)")
        }
    }

    func bind(_ endpoint: String) throws(BusError) {
        guard zmq_bind(pointer, endpoint) == 0 else { throw zmqError("cannot listen on \(endpoint)") }
    }

    func connect(_ endpoint: String) throws(BusError) {
        guard zmq_connect(pointer, endpoint) == 0 else { throw zmqError("cannot connect to \(endpoint)") }
    }

    func disconnect(_ endpoint: String) {
        _ = zmq_disconnect(pointer, endpoint)
    }

    /// The address that the last `bind` got, with the port that the system chose.
    func lastEndpoint() throws(BusError) -> String {
        var text = [CChar](repeating: 0, count: 512)
        var size = text.count
        guard zmq_getsockopt(pointer, ZMQ_LAST_ENDPOINT, &text, &size) == 0 else { throw zmqError("no address") }
        return String(decoding: text.prefix(while: { $0 != 0 }).map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    /// False if the socket cannot take it now.
    @discardableResult
    func send(_ frame: [UInt8], hasMore: Bool = false) -> Bool {
        while zmq_send(pointer, frame, frame.count, hasMore ? ZMQ_DONTWAIT | ZMQ_SNDMORE : ZMQ_DONTWAIT) < 0 {
            guard zmq_errno() == EINTR else { return false }
        }
        return true
    }

    func close() {
        _ = zmq_close(pointer)
    }
}

/// What ZeroMQ's last failed call of this thread says.
func zmqError(_ what: String) -> BusError {
    .transport("\(what): \(String(cString: zmq_strerror(zmq_errno())))")
}
