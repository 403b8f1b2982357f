import HTTPTypes

extension IngestRefusal {
    /// Retryable are 429, 502, 503 and 504, and nothing else (OTLP 1.x, "Retryable Response Codes").
    var status: HTTPResponse.Status {
        switch self {
        case .malformed, .interrupted: .badRequest
        case .unsupported: .unsupportedMediaType
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
}
