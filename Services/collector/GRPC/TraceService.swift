import Domain
import GRPCCore
import GRPCNIOTransportCore
import HTTP
import OTLP

/// `opentelemetry.proto.collector.trace.v1.TraceService` (OTLP 1.x, section "OTLP/gRPC").
///
/// The request's bytes go from the transport straight into the decoder; no message object stands between.
struct TraceService: RegistrableRPCService {
    private static let export = MethodDescriptor(
        fullyQualifiedService: "opentelemetry.proto.collector.trace.v1.TraceService", method: "Export")

    let ingest: SpanIngest
    let access: SenderAccess
    let requestBytesMax: Int

    func registerMethods<Transport: ServerTransport>(with router: inout RPCRouter<Transport>) {
        router.registerHandler(
            forMethod: Self.export, deserializer: RequestReceiver(bytesMax: requestBytesMax),
            serializer: BytesSerializer()
        ) { stream, context in
            let sender: Sender
            do throws(IngestRefusal) {
                // Before a byte of the message is read.
                let authorization = stream.metadata[stringValues: "authorization"].first { _ in true }
                sender = try await access.sender(
                    authorization: authorization, address: SenderAddress(grpcPeer: context.remotePeer))
            } catch {
                ingest.metrics.refused(error, spans: 0, through: .grpc)
                return StreamingServerResponse(error: RPCError(error))
            }
            let request = try await ServerRequest(stream: stream)
            return StreamingServerResponse(single: await export(request, from: sender))
        }
    }

    private func export(_ request: ServerRequest<ReceivedRequest>, from sender: Sender) async -> ServerResponse<
        [UInt8]
    > {
        do throws(IngestRefusal) {
            let project = request.metadata[stringValues: SpanIngest.projectHeader].first { _ in true }
            let received = request.message
            // The bytes on the wire have their room; what they were inflated to must not be free either.
            let inflated =
                request.metadata[stringValues: "grpc-encoding"].contains { $0 != "identity" } ? received.count : 0
            try ingest.hold(inflated, for: sender, through: .grpc, spanCount: received.spanCount)
            defer { ingest.budget.release(inflated, of: sender) }
            try ingest.checkRoom(
                for: received.count, of: sender, through: .grpc, spanCount: received.spanCount)
            let batch = try await ingest.store(received.decode(), project: project, from: sender, through: .grpc)
            return ServerResponse(message: ExportTraceResponse(batch).protobuf)
        } catch {
            return ServerResponse(error: RPCError(error))
        }
    }
}

/// A request's bytes where the transport holds them: decoded only once there is room for what comes of it.
private struct ReceivedRequest: Sendable {
    let count: Int
    let decode: @Sendable () -> DecodedRequest
    let spanCount: @Sendable () -> Int

    init(refused refusal: IngestRefusal) {
        count = 0
        decode = { DecodedRequest(refused: refusal) }
        spanCount = { 0 }
    }

    /// Shares the bytes by reference.
    init(_ shared: GRPCNIOTransportBytes) {
        count = shared.withUnsafeBytes { $0.count }
        decode = {
            shared.withUnsafeBytes { bytes in
                DecodedRequest(protobuf: bytes, body: { shared.withUnsafeBytes { Array($0) } })
            }
        }
        spanCount = { shared.withUnsafeBytes { ExportTraceRequest.spanCount(protobuf: $0) } }
    }

    init(copying bytes: [UInt8]) {
        count = bytes.count
        decode = { DecodedRequest(bytes, encoding: .protobuf) }
        spanCount = { bytes.withUnsafeBytes { ExportTraceRequest.spanCount(protobuf: $0) } }
    }
}

/// Hands the transport's bytes on. A failure is a value: gRPC would answer a thrown one with INTERNAL, and bytes that are
/// too many are the client's.
private struct RequestReceiver: MessageDeserializer {
    let bytesMax: Int

    func deserialize<Bytes: GRPCContiguousBytes>(_ serializedMessageBytes: Bytes) throws -> ReceivedRequest {
        let count = serializedMessageBytes.withUnsafeBytes { $0.count }
        guard count <= bytesMax else { return ReceivedRequest(refused: .tooLarge(bytesMax: bytesMax)) }
        guard let shared = serializedMessageBytes as? GRPCNIOTransportBytes else {
            return ReceivedRequest(copying: serializedMessageBytes.withUnsafeBytes { Array($0) })
        }
        return ReceivedRequest(shared)
    }
}

private struct BytesSerializer: MessageSerializer {
    func serialize<Bytes: GRPCContiguousBytes>(_ message: [UInt8]) throws -> Bytes {
        Bytes(message)
    }
}
