import CZeroMQ
import Domain

/// The addresses of an instance, as it tells others.
struct BusEndpoints: Sendable, Equatable {
    var publish: String
    var request: String
}

/// The ZeroMQ context of a bus, and its sockets but for those that ask single peers.
final class BusSockets {
    private let context: UnsafeMutableRawPointer
    private let transport: BusTransport
    private let instance: String
    private let limits: BusLimits
    private var opened: [BusSocket] = []

    private(set) var connectionGuard: ConnectionGuard?
    /// PUB, bound.
    let publisher: BusSocket
    /// ROUTER, bound: takes the requests of others.
    let router: BusSocket
    /// SUB, connected to the publisher of every peer.
    let subscription: BusSocket
    let endpoints: BusEndpoints
    /// Where the sockets' files are, if they are files.
    let folder: SocketFolder?

    init(transport: BusTransport, instance: String, limits: BusLimits) throws(BusError) {
        guard let context = zmq_ctx_new() else { throw zmqError("no context") }
        self.context = context
        self.transport = transport
        self.instance = instance
        self.limits = limits
        var opened: [BusSocket] = []
        do throws(BusError) {
            // Before anything listens: where nobody is asked, ZeroMQ lets everybody in.
            if case .tcp(_, _, let keys) = transport {
                let connectionGuard = try ConnectionGuard(keys: keys, context: context, limits: limits)
                self.connectionGuard = connectionGuard
                opened.append(connectionGuard.socket)
            }
            publisher = try Self.open(ZMQ_PUB, context, transport, limits, &opened)
            router = try Self.open(ZMQ_ROUTER, context, transport, limits, &opened)
            subscription = try Self.open(ZMQ_SUB, context, transport, limits, &opened)
            (endpoints, folder) = try Self.bind(publisher, router, transport: transport, instance: instance)
        } catch {
            for socket in opened { socket.close() }
            zmq_ctx_term(context)
            throw error
        }
        self.opened = opened
    }

    /// A DEALER connected to one peer's ROUTER. It takes messages only while the connection stands.
    func openDealer(to endpoint: String) throws(BusError) -> BusSocket {
        var sockets: [BusSocket] = []
        do throws(BusError) {
            let dealer = try Self.open(ZMQ_DEALER, context, transport, limits, &sockets)
            try dealer.set(ZMQ_IMMEDIATE, Int32(1))
            try dealer.connect(endpoint)
            return dealer
        } catch {
            for socket in sockets { socket.close() }
            throw error
        }
    }

    /// Sends what is left for as long as the sockets linger, then gives everything back.
    func close() {
        for socket in opened { socket.close() }
        while zmq_ctx_term(context) != 0, zmq_errno() == EINTR {}
        folder?.remove(instance)
    }

    private static func open(
        _ type: Int32, _ context: UnsafeMutableRawPointer, _ transport: BusTransport, _ limits: BusLimits,
        _ opened: inout [BusSocket]
    ) throws(BusError) -> BusSocket {
        let socket = try BusSocket(type, context: context, limits: limits)
        opened.append(socket)
        guard case .tcp(_, _, let keys) = transport else { return socket }
        try socket.set(ZMQ_TCP_KEEPALIVE, Int32(1))
        if type == ZMQ_PUB || type == ZMQ_ROUTER {
            try socket.set(ZMQ_CURVE_SERVER, Int32(1))
            try socket.set(ZMQ_CURVE_SECRETKEY, bytes: keys.server.secretKey)
            try socket.set(ZMQ_ZAP_DOMAIN, bytes: Array(ConnectionGuard.domain.utf8))
        } else {
            try socket.set(ZMQ_CURVE_SERVERKEY, bytes: keys.server.publicKey)
            try socket.set(ZMQ_CURVE_PUBLICKEY, bytes: keys.client.publicKey)
            try socket.set(ZMQ_CURVE_SECRETKEY, bytes: keys.client.secretKey)
        }
        return socket
    }

    private static func bind(
        _ publisher: BusSocket, _ router: BusSocket, transport: BusTransport, instance: String
    ) throws(BusError) -> (BusEndpoints, SocketFolder?) {
        switch transport {
        case .ipc(let directory):
            let folder = try SocketFolder(path: directory, instance: instance)
            folder.removeAbandoned()
            let endpoints = BusEndpoints(
                publish: folder.endpointPublish(of: instance), request: folder.endpointRequest(of: instance))
            do throws(BusError) {
                try publisher.bind(endpoints.publish)
            } catch {
                guard try folder.remakeIfGone() else { throw error }
                try publisher.bind(endpoints.publish)
            }
            try router.bind(endpoints.request)
            return (endpoints, folder)
        case .tcp(let host, let advertised, _):
            let address = "tcp://\(["", "0.0.0.0", "::", "[::]"].contains(host) ? "*" : bracketed(host)):*"
            try publisher.bind(address)
            try router.bind(address)
            let endpoints = BusEndpoints(
                publish: try endpoint(of: publisher, advertised: advertised),
                request: try endpoint(of: router, advertised: advertised))
            return (endpoints, nil)
        }
    }

    private static func endpoint(of socket: BusSocket, advertised: String) throws(BusError) -> String {
        let bound = try socket.lastEndpoint()
        guard let colon = bound.lastIndex(of: ":") else { throw .transport("no port in \(bound)") }
        return "tcp://\(bracketed(advertised))\(bound[colon...])"
    }

    /// An IPv6 address needs brackets before a port (RFC 3986, section 3.2.2).
    private static func bracketed(_ host: String) -> String {
        host.contains(":") && !host.hasPrefix("[") ? "[\(host)]" : host
    }
}
