import GRPCCore
import OTLP

extension RPCError {
    /// The status by which OTLP senders know whether to try again: UNAVAILABLE or RESOURCE_EXHAUSTED with a RetryInfo,
    /// DEADLINE_EXCEEDED, or none of the retryable ones (OTLP 1.x, "OTLP/gRPC Response").
    init(_ refusal: IngestRefusal) {
        let code = Status.Code(rawValue: Int(refusal.rpcCode)).flatMap { Code($0) } ?? .internalError
        var metadata = Metadata()
        if let delay = refusal.retryDelay {
            let details = RPCStatus(code: refusal.rpcCode, message: refusal.message, retryDelay: delay)
            metadata.addBinary(details.protobuf, forKey: "grpc-status-details-bin")
        }
        self.init(code: code, message: refusal.message, metadata: metadata)
    }
}
