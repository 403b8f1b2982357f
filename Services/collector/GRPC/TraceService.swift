import Compression
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
            forMethod: Self.export, deserializer: RequestReceiver(),
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
            let coding = request.metadata[stringValues: MessageAdmission.codingHeader].first { _ in true }
            let batch =
                if let coding = coding.flatMap({ ContentCoding(header: $0) }) {
                    try await store(inflating: request.message, coding, project: project, from: sender)
                } else {
                    try await store(request.message, project: project, from: sender)
                }
            return ServerResponse(message: ExportTraceResponse(batch).protobuf)
        } catch {
            return ServerResponse(error: RPCError(error))
        }
    }

    /// The bytes on the wire have their room already.
    private func store(
        _ received: ReceivedRequest, project: String?, from sender: Sender
    ) async throws(IngestRefusal) -> SpanBatch {
        try ingest.checkRoom(for: received.count, of: sender, through: .grpc, spanCount: received.spanCount)
        return try await ingest.store(received.decoded(), project: project, from: sender, through: .grpc)
    }

    private func store(
        inflating received: ReceivedRequest, _ coding: ContentCoding, project: String?, from sender: Sender
    ) async throws(IngestRefusal) -> SpanBatch {
        let inflated = try received.bytes.withUnsafeBytes {
            ingest.inflate($0, coding, bytesMax: requestBytesMax, for: sender, through: .grpc)
        }.get()
        defer { ingest.release(inflated, of: sender) }
        try ingest.checkRoom(
            for: inflated.bytes.count, of: sender, through: .grpc, spanCount: inflated.spanCountOfProtobuf)
        let request = DecodedRequest(inflated.bytes, encoding: .protobuf)
        return try await ingest.store(request, project: project, from: sender, through: .grpc)
    }
}

/// A request's bytes where the transport holds them: decoded only once there is room for what comes of it.
private struct ReceivedRequest: Sendable {
    let bytes: any GRPCContiguousBytes & Sendable

    var count: Int { bytes.withUnsafeBytes { $0.count } }

    func decoded() -> DecodedRequest {
        bytes.withUnsafeBytes { read in
            DecodedRequest(protobuf: read, body: { [bytes] in bytes.withUnsafeBytes { Array($0) } })
        }
    }

    func spanCount() -> Int {
        bytes.withUnsafeBytes { ExportTraceRequest.spanCount(protobuf: $0) }
    }
}

/// Hands the transport's bytes on, shared by reference. Whatever is wrong with them is found later: gRPC would answer
/// what is thrown here with INTERNAL.
private struct RequestReceiver: MessageDeserializer {
    func deserialize<Bytes: GRPCContiguousBytes>(_ serializedMessageBytes: Bytes) throws -> ReceivedRequest {
        guard let shared = serializedMessageBytes as? GRPCNIOTransportBytes else {
            return ReceivedRequest(bytes: serializedMessageBytes.withUnsafeBytes { Array($0) })
        }
        return ReceivedRequest(bytes: shared)
    }
}

private struct BytesSerializer: MessageSerializer {
    func serialize<Bytes: GRPCContiguousBytes>(_ message: [UInt8]) throws -> Bytes {
        Bytes(message)
    }
}
