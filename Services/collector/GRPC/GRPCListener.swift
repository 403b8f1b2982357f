import GRPCCore
import GRPCNIOTransportCore
import GRPCNIOTransportHTTP2Posix
import HTTP
import Logging
import NIOCore
import ServiceLifecycle
import ServiceRuntime

/// OTLP over gRPC on an already bound socket.
struct GRPCListener: Service {
    // Measured with requests of 512 spans: 327 requests a second with gRPC's default window, 504 with this one.
    private static let windowBytes = 4 << 20
    private static let frameBytesMax = 1 << 20
    private static let streamsMax = 256
    // Exporters send every few seconds; one that was away for longer connects again by itself.
    private static let idleMax: Duration = .seconds(300)
    private static let keepaliveInterval: Duration = .seconds(60)
    private static let keepalivePatience: Duration = .seconds(20)
    private static let graceMax: Duration = .seconds(30)
    private static let silenceMax: TimeAmount = .seconds(100)

    private let descriptor: Int32
    private let listener: Listener
    private let service: TraceService
    private let requestBytesMax: Int
    private let security: HTTP2ServerTransport.Posix.TransportSecurity

    /// Binds at once. Throws `StartFailure` where that fails. Encrypted if there is a certificate.
    init(listener: Listener, service: TraceService, requestBytesMax: Int, certificate: ServerCertificate?) throws {
        security = try certificate.map { .tls(try .init($0)) } ?? .plaintext
        do {
            descriptor = try ListeningSocket.bind(host: listener.host, port: listener.port)
        } catch let error as ListeningSocket.BindError {
            throw StartFailure.listening(
                host: listener.host, port: listener.port, variable: "PHOENIX_GRPC_PORT", code: error.code)
        }
        self.listener = listener
        self.service = service
        self.requestBytesMax = requestBytesMax
    }

    func run() async throws {
        let server = GRPCServer(
            transport: HTTP2ServerTransport.Posix(
                listeningSocketDescriptor: Int(descriptor), transportSecurity: security, config: config),
            services: [service])
        do {
            try await withGracefulShutdownHandler {
                async let serving: Void = server.serve()
                _ = try await server.transport.listeningAddress
                listener.bound()
                try await serving
            } onGracefulShutdown: {
                server.beginGracefulShutdown()
            }
        } catch let error as RuntimeError where error.code == .serverIsStopped {
            // Told to stop before it had begun to listen.
        }
    }

    private var config: HTTP2ServerTransport.Posix.Config {
        .defaults { config in
            config.http2.targetWindowSize = Self.windowBytes
            config.http2.maxFrameSize = Self.frameBytesMax
            config.http2.maxConcurrentStreams = Self.streamsMax
            // What is larger does not come this far, but the transport must not refuse first what does.
            config.rpc.maxRequestPayloadSize = min(requestBytesMax, Int(Int32.max))
            let largeReads = LargeReads.Places()
            let (ingest, known, bytesMax) = (service.ingest, service.access.known, requestBytesMax)
            config.channelDebuggingCallbacks.onAcceptHTTP2Stream = { stream in
                stream.eventLoop.makeCompletedFuture {
                    let address = SenderAddress(ipAddress: stream.remoteAddress?.ipAddress, forwardedFor: nil)
                    try stream.pipeline.syncOperations.addHandler(
                        MessageAdmission(ingest: ingest, known: known, address: address, bytesMax: bytesMax),
                        position: .first)
                }
            }
            // Named to senders whose coding is not known; nothing compressed comes this far.
            config.compression.enabledAlgorithms = [.gzip, .deflate]
            config.channelDebuggingCallbacks.onAcceptTCPConnection = { connection in
                connection.eventLoop.makeCompletedFuture {
                    try LargeReads.prepare(connection, largeReads)
                    try SilentConnections.add(to: connection, silenceMax: Self.silenceMax)
                    try RapidResets.add(to: connection, onEnd: ingest.metrics.endedForResets)
                }
            }
            config.connection.maxIdleTime = Self.idleMax
            config.connection.maxGraceTime = Self.graceMax
            config.connection.keepalive.time = Self.keepaliveInterval
            config.connection.keepalive.timeout = Self.keepalivePatience
            // A client may ask every 10 s whether the connection lives; exporters' defaults are slower.
            config.connection.keepalive.clientBehavior.minPingIntervalWithoutCalls = .seconds(10)
            config.connection.keepalive.clientBehavior.allowWithoutCalls = true
        }
    }
}

extension HTTP2ServerTransport.Posix.TransportSecurity.TLS {
    /// As gRPC's transport takes it: decoded, since that reads no encrypted keys. What is renewed on disk follows.
    fileprivate init(_ certificate: ServerCertificate) throws {
        self = .defaults(
            certificateChain: try certificate.chain.map { .bytes(try $0.toDERBytes(), format: .der) },
            privateKey: .bytes(try certificate.key.derBytes, format: .der))
        if let issuers = certificate.clientIssuers {
            trustRoots = .certificates(try issuers.map { .bytes(try $0.toDERBytes(), format: .der) })
            clientCertificateVerification = .noHostnameVerification
        }
        certificateReloader = certificate
    }
}
