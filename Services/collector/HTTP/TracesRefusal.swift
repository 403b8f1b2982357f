import HTTPTypes

/// Why a body was not taken, beyond what both protocols share.
enum TracesRefusal: Error, Equatable {
    /// Before or after inflating it is larger than the limit.
    case tooLarge(bytesMax: Int)
    /// The sender went away, or sent less than it had said.
    case interrupted
    case refused(IngestRefusal)

    /// Retryable are 429, 502, 503 and 504, and nothing else (OTLP 1.x, "Retryable Response Codes").
    var status: HTTPResponse.Status {
        switch self {
        case .tooLarge, .refused(.tooLarge): .contentTooLarge
        case .interrupted: .badRequest
        case .refused(.malformed): .badRequest
        case .refused(.overloaded), .refused(.stopping), .refused(.databaseUnavailable), .refused(.storageFull),
            .refused(.credentialsUnavailable):
            .serviceUnavailable
        case .refused(.overShare), .refused(.overQuota): .tooManyRequests
        case .refused(.capacityReached): .init(code: 507, reasonPhrase: "Insufficient Storage")
        case .refused(.unauthenticated): .unauthorized
        case .refused(.forbidden), .refused(.otherProject): .forbidden
        case .refused(.failed): .internalServerError
        }
    }

    var message: String {
        switch self {
        case .tooLarge(let bytesMax): "the request is larger than \(bytesMax) bytes"
        case .interrupted: "the body ended too early"
        case .refused(let refusal): refusal.message
        }
    }

    /// The code of google.rpc.Status that goes with the HTTP status.
    var rpcCode: Int32 {
        switch self {
        case .tooLarge, .refused(.tooLarge): 8
        case .interrupted: 3
        case .refused(.malformed): 3
        case .refused(.overloaded), .refused(.stopping), .refused(.databaseUnavailable),
            .refused(.credentialsUnavailable):
            14
        case .refused(.storageFull), .refused(.overShare), .refused(.overQuota), .refused(.capacityReached): 8
        case .refused(.unauthenticated): 16
        case .refused(.forbidden), .refused(.otherProject): 7
        case .refused(.failed): 13
        }
    }

    var retryDelay: Duration? {
        switch self {
        case .tooLarge, .interrupted: nil
        case .refused(let refusal): refusal.retryDelay
        }
    }
}
