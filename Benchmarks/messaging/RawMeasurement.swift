import CZeroMQ
import Domain
import Foundation
import Identity

/// ZeroMQ alone between the same two processes, DEALER to ROUTER: the limit for whatever is built on it.
struct RawMeasurement {
    let transport: String
    let folder: String

    private static let frameSize = 200

    func run() {
        let (context, socket) = open(ZMQ_DEALER)
        defer { close(context, socket) }
        zmq_connect(socket, waitForEndpoint())
        report("\(transport), ZeroMQ alone, round trip: \(roundTrips(socket).text)")
        report("\(transport), ZeroMQ alone, one way: \(oneWay(socket))")
        zmq_send(socket, "end", 3, 0)
        receive(socket)
    }

    /// The other process: sends back what comes, except for runs of frames that begin with a dot.
    func serve() {
        let (context, socket) = open(ZMQ_ROUTER)
        defer { close(context, socket) }
        zmq_bind(socket, transport == "ipc" ? "ipc://\(folder)/raw" : "tcp://127.0.0.1:*")
        var endpoint = [CChar](repeating: 0, count: 256)
        var size = endpoint.count
        zmq_getsockopt(socket, ZMQ_LAST_ENDPOINT, &endpoint, &size)
        let text = endpoint.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
        try? Data(text).write(to: URL(fileURLWithPath: endpointFile), options: .atomic)
        var identity = [UInt8](repeating: 0, count: 256)
        var frame = [UInt8](repeating: 0, count: 256)
        while true {
            let identitySize = zmq_recv(socket, &identity, identity.count, 0)
            let frameSize = zmq_recv(socket, &frame, frame.count, 0)
            if frame[0] == UInt8(ascii: ".") { continue }
            zmq_send(socket, identity, Int(identitySize), ZMQ_SNDMORE)
            zmq_send(socket, frame, Int(frameSize), 0)
            if frameSize == 3 { return }
        }
    }

    private func roundTrips(_ socket: UnsafeMutableRawPointer) -> Delays {
        let frame = [UInt8](repeating: UInt8(ascii: "x"), count: Self.frameSize)
        return Delays(
            (0..<10_000).map { _ in
                let start = nanoseconds()
                zmq_send(socket, frame, frame.count, 0)
                receive(socket)
                return nanoseconds() - start
            })
    }

    private func oneWay(_ socket: UnsafeMutableRawPointer) -> String {
        let frame = [UInt8](repeating: UInt8(ascii: "."), count: Self.frameSize)
        let count = 1_000_000
        let start = nanoseconds()
        for _ in 0..<count { zmq_send(socket, frame, frame.count, 0) }
        zmq_send(socket, "all", 4, 0)
        receive(socket)
        return perSecond(count, since: start)
    }

    private func receive(_ socket: UnsafeMutableRawPointer) {
        var frame = [UInt8](repeating: 0, count: 256)
        zmq_recv(socket, &frame, frame.count, 0)
    }

    private var endpointFile: String { "\(folder)/raw.endpoint" }

    private func waitForEndpoint() -> String {
        while true {
            if let text = try? String(contentsOfFile: endpointFile, encoding: .utf8) { return text }
            Thread.sleep(forTimeInterval: 0.01)
        }
    }

    private func open(_ type: Int32) -> (UnsafeMutableRawPointer?, UnsafeMutableRawPointer) {
        let context = zmq_ctx_new()
        guard let socket = zmq_socket(context, type) else { preconditionFailure("no socket") }
        guard transport != "ipc" else { return (context, socket) }
        let keys = CurveKeys.derived(from: Setup.secret)
        if type == ZMQ_ROUTER {
            var isServer: Int32 = 1
            zmq_setsockopt(socket, ZMQ_CURVE_SERVER, &isServer, 4)
            zmq_setsockopt(socket, ZMQ_CURVE_SECRETKEY, keys.server.secretKey, 32)
        } else {
            zmq_setsockopt(socket, ZMQ_CURVE_SERVERKEY, keys.server.publicKey, 32)
            zmq_setsockopt(socket, ZMQ_CURVE_PUBLICKEY, keys.client.publicKey, 32)
            zmq_setsockopt(socket, ZMQ_CURVE_SECRETKEY, keys.client.secretKey, 32)
        }
        return (context, socket)
    }

    private func close(_ context: UnsafeMutableRawPointer?, _ socket: UnsafeMutableRawPointer) {
        zmq_close(socket)
        zmq_ctx_term(context)
    }
}
