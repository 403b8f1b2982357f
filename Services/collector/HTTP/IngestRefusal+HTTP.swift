import HTTPTypes

extension IngestRefusal {
    /// Retryable are 429, 502, 503 and 504, and nothing else (OTLP 1.x, "Retryable Response Codes").
    var status: HTTPResponse.Status {
        switch self {
        case .malformed, .interrupted: .badRequest
        case .tooLarge: .contentTooLarge
        case .tooSlow: .requestTimeout
        case .overloaded, .stopping, .databaseUnavailable, .storageFull, .credentialsUnavailable: .serviceUnavailable
        case .overShare, .overQuota: .tooManyRequests
        case .capacityReached: .init(code: 507, reasonPhrase: "Insufficient Storage")
        case .unauthenticated: .unauthorized
        case .forbidden, .otherProject: .forbidden
        case .failed: .internalServerError
        }
    }

    /// The code of google.rpc.Status that goes with the HTTP status.
    var rpcCode: Int32 {
        switch self {
        case .malformed, .interrupted: 3
        case .tooSlow: 4
        case .overloaded, .stopping, .databaseUnavailable, .credentialsUnavailable: 14
        case .tooLarge, .storageFull, .overShare, .overQuota, .capacityReached: 8
        case .unauthenticated: 16
        case .forbidden, .otherProject: 7
        case .failed: 13
        }
    }
}
