import CZeroMQ
import Domain

/// Decides who may connect (ZeroMQ Authentication Protocol, RFC 27): only who holds the deployment's client key. ZeroMQ
/// asks it by a socket inside the process before it lets a connection send or receive anything.
struct ConnectionGuard {
    static let domain = "bennu"
    private static let endpoint = "inproc://zeromq.zap.01"

    let socket: BusSocket
    private let clientKey: [UInt8]
    private let frames = FrameBuffer(capacity: 7)

    init(keys: CurveKeys, context: UnsafeMutableRawPointer, limits: BusLimits) throws(BusError) {
        socket = try BusSocket(ZMQ_REP, context: context, limits: limits)
        clientKey = keys.client.publicKey
        do {
            try socket.bind(Self.endpoint)
        } catch {
            socket.close()
            throw error
        }
    }

    /// Answers all questions that wait; returns how many connections it refused.
    func answer() -> Int {
        var refused = 0
        while frames.receive(from: socket) {
            let isAllowed = isAllowed
            if !isAllowed { refused += 1 }
            let requestID = frames.count > 1 ? Array(frames[1]) : []
            let answer = [
                Array("1.0".utf8), requestID, Array((isAllowed ? "200" : "400").utf8),
                Array((isAllowed ? "OK" : "Not of this deployment").utf8), [], [],
            ]
            for (position, frame) in answer.enumerated() {
                socket.send(frame, hasMore: position < answer.count - 1)
            }
        }
        return refused
    }

    // Frames: version, request id, domain, address, identity, mechanism, credentials.
    private var isAllowed: Bool {
        guard frames.count == 7, frames[0].elementsEqual("1.0".utf8), frames[2].elementsEqual(Self.domain.utf8),
            frames[5].elementsEqual("CURVE".utf8), frames[6].count == clientKey.count
        else { return false }
        return zip(frames[6], clientKey).reduce(0) { $0 | ($1.0 ^ $1.1) } == 0
    }
}
