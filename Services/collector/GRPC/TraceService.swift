import Domain
import GRPCCore
import GRPCNIOTransportCore
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
            forMethod: Self.export, deserializer: RequestDecoder(bytesMax: requestBytesMax),
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

    private func export(_ request: ServerRequest<DecodedRequest>, from sender: Sender) async -> ServerResponse<
        [UInt8]
    > {
        do throws(IngestRefusal) {
            let project = request.metadata[stringValues: SpanIngest.projectHeader].first { _ in true }
            let bytes = request.message.bodyBytes
            try ingest.hold(bytes, for: sender, through: .grpc)
            defer { ingest.budget.release(bytes, of: sender) }
            let batch = try await ingest.store(request.message, project: project, from: sender, through: .grpc)
            return ServerResponse(message: ExportTraceResponse(batch).protobuf)
        } catch {
            return ServerResponse(error: RPCError(error))
        }
    }
}

/// Decodes a request where the transport holds its bytes. A failure is a value: gRPC would answer a thrown one with
/// INTERNAL, and bad bytes are the client's.
private struct RequestDecoder: MessageDeserializer {
    let bytesMax: Int

    func deserialize<Bytes: GRPCContiguousBytes>(_ serializedMessageBytes: Bytes) throws -> DecodedRequest {
        let count = serializedMessageBytes.withUnsafeBytes { $0.count }
        guard count <= bytesMax else { return DecodedRequest(refused: .tooLarge(bytesMax: bytesMax)) }
        // The transport's own bytes are shared by reference; those of another transport have to be copied.
        guard let shared = serializedMessageBytes as? GRPCNIOTransportBytes else {
            return DecodedRequest(serializedMessageBytes.withUnsafeBytes { Array($0) }, encoding: .protobuf)
        }
        return shared.withUnsafeBytes { bytes in
            DecodedRequest(protobuf: bytes, body: { shared.withUnsafeBytes { Array($0) } })
        }
    }
}

private struct BytesSerializer: MessageSerializer {
    func serialize<Bytes: GRPCContiguousBytes>(_ message: [UInt8]) throws -> Bytes {
        Bytes(message)
    }
}

extension RPCError {
    /// The status by which OTLP senders know whether to try again: UNAVAILABLE or RESOURCE_EXHAUSTED with a RetryInfo,
    /// or none of the retryable ones (OTLP 1.x, "OTLP/gRPC Response").
    fileprivate init(_ refusal: IngestRefusal) {
        let code: Code
        switch refusal {
        case .malformed: code = .invalidArgument
        case .overloaded, .stopping, .databaseUnavailable, .credentialsUnavailable: code = .unavailable
        case .overShare, .overQuota, .storageFull, .capacityReached, .tooLarge: code = .resourceExhausted
        case .unauthenticated: code = .unauthenticated
        case .forbidden: code = .permissionDenied
        case .failed: code = .internalError
        }
        var metadata = Metadata()
        if let delay = refusal.retryDelay {
            let details = RPCStatus(code: Int32(code.rawValue), message: refusal.message, retryDelay: delay)
            metadata.addBinary(details.protobuf, forKey: "grpc-status-details-bin")
        }
        self.init(code: code, message: refusal.message, metadata: metadata)
    }
}
