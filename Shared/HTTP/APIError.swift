import HTTPTypes

/// An answer other than success, with what the client is told and what only the log is.
public struct APIError: Error, Sendable {
    public var status: HTTPResponse.Status
    /// For the client. Never holds a secret, SQL or another error's words.
    public var message: String
    /// When to try again; nil where that would not help.
    public var retryAfter: Duration?
    /// For the log.
    public var cause: (any Error)?

    public init(
        _ status: HTTPResponse.Status, _ message: String, retryAfter: Duration? = nil, cause: (any Error)? = nil
    ) {
        self.status = status
        self.message = message
        self.retryAfter = retryAfter
        self.cause = cause
    }

    public static func notFound(_ message: String) -> APIError { APIError(.notFound, message) }

    /// Something in the request that cannot be used (422, as the Phoenix's clients expect it).
    public static func invalid(_ message: String) -> APIError { APIError(.unprocessableContent, message) }
}
