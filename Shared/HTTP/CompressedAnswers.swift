import Compression
import HTTPTypes
import Hummingbird
import NIOCore

/// Compresses whole answers for clients that take gzip (RFC 9110, section 12.5.3). Streams, small bodies and what is
/// compressed already go as they are.
public struct CompressedAnswers<Context: RequestContext>: RouterMiddleware {
    private static var bytesMin: Int { 1024 }

    public init() {}

    public func handle(
        _ request: Request, context: Context, next: (Request, Context) async throws -> Response
    ) async throws -> Response {
        var response = try await next(request, context)
        guard request.method != .head, let length = response.body.contentLength, length >= Self.bytesMin,
            response.headers[.contentEncoding] == nil, Self.isText(response.headers[.contentType])
        else { return response }
        // Caches must know it of the plain body as well.
        response.headers[.vary] = "Accept-Encoding"
        return AcceptEncoding.takesGzip(request.headers) ? try await Self.compressed(response) : response
    }

    private static func compressed(_ response: Response) async throws -> Response {
        let writer = CollectingWriter()
        try await response.body.write(writer)
        var headers = response.headers
        headers[.contentEncoding] = "gzip"
        headers[.contentLength] = nil
        let body = writer.collected.withUnsafeReadableBytes { gzip($0) }
        return Response(status: response.status, headers: headers, body: .init(byteBuffer: ByteBuffer(bytes: body)))
    }

    private static func isText(_ type: String?) -> Bool {
        guard let type else { return false }
        return type.hasPrefix("text/") && !type.hasPrefix("text/event-stream") || type.hasPrefix("application/json")
            || type.hasPrefix("image/svg")
    }
}

/// Takes a body's pieces into one buffer.
private final class CollectingWriter: ResponseBodyWriter {
    var collected = ByteBuffer()

    func write(_ buffer: ByteBuffer) async throws {
        var buffer = buffer
        collected.writeBuffer(&buffer)
    }

    func finish(_ trailingHeaders: HTTPFields?) async throws {}
}
