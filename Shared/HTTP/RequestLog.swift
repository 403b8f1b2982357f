import HTTPTypes
import Hummingbird
import Logging

/// Gives every request an id, which is in its log lines and its answer, and writes a line of it at debug.
///
/// An id that a proxy in front has given is kept, so that one request has one id in every service's log.
public struct RequestLog<Context: RequestContext>: RouterMiddleware {
    private static var header: HTTPField.Name? { HTTPField.Name("x-request-id") }
    private static var idLengthMax: Int { 64 }

    private let logger: Logger

    public init(logger: Logger) {
        self.logger = logger
    }

    public func handle(
        _ request: Request, context: Context, next: (Request, Context) async throws -> Response
    ) async throws -> Response {
        guard let header = Self.header else { return try await next(request, context) }
        let id = request.headers[header].flatMap(Self.accepted) ?? Self.newID()
        // For services that the request is forwarded to.
        var head = request.head
        head.headerFields[header] = id
        var context = context
        context.logger = logger
        context.logger[metadataKey: "request_id"] = "\(id)"
        let start = ContinuousClock.now
        var response = try await next(Request(head: head, body: request.body), context)
        response.headers[header] = id
        // The query is left out: it may hold a token.
        context.logger.debug(
            "answered",
            metadata: [
                "method": "\(request.method.rawValue)", "path": "\(request.uri.path)",
                "status": "\(response.status.code)", "duration": "\(start.duration(to: .now))",
            ])
        return response
    }

    /// Short and plain, or else none: it goes into logs as it is.
    private static func accepted(_ id: String) -> String? {
        let isPlain = id.utf8.allSatisfy { byte in
            UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte || UInt8(ascii: "a")...UInt8(ascii: "z") ~= byte | 0x20
                || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "_") || byte == UInt8(ascii: ".")
        }
        return isPlain && (1...idLengthMax).contains(id.utf8.count) ? id : nil
    }

    private static func newID() -> String {
        let digits = String(UInt64.random(in: .min ... .max), radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }
}
