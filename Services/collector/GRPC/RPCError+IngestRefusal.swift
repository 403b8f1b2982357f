import GRPCCore
import OTLP

extension RPCError {
    /// The status by which OTLP senders know whether to try again: UNAVAILABLE or RESOURCE_EXHAUSTED with a RetryInfo,
    /// DEADLINE_EXCEEDED, or none of the retryable ones (OTLP 1.x, "OTLP/gRPC Response").
    init(_ refusal: IngestRefusal) {
        let code: Code
        switch refusal {
        case .malformed, .interrupted: code = .invalidArgument
        case .tooSlow: code = .deadlineExceeded
        case .overloaded, .stopping, .databaseUnavailable, .credentialsUnavailable: code = .unavailable
        case .overShare, .overQuota, .storageFull, .capacityReached, .tooLarge: code = .resourceExhausted
        case .unauthenticated: code = .unauthenticated
        case .forbidden, .otherProject: code = .permissionDenied
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
