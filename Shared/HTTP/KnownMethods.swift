import HTTPTypes
import Hummingbird

/// Answers 405, with the methods that are served (RFC 9110, section 15.5.6), where a path is known and the method is not.
public struct KnownMethods<Inner: HTTPResponder>: HTTPResponder {
    private let inner: Inner
    private let routes: [(method: String, pieces: [Substring])]

    /// Put it around the router's responder. Routes that match anything below a path do not make that known.
    public init<Context: RequestContext>(of router: Router<Context>) where Inner == RouterResponder<Context> {
        inner = router.buildResponder()
        routes = router.routes.map { ($0.method.rawValue, "\($0.path)") }.filter { !$0.1.contains("**") }.map {
            (method: $0.0, pieces: $0.1.split(separator: "/"))
        }
    }

    public func respond(to request: Request, context: Inner.Context) async throws -> Response {
        let answer = try await inner.respond(to: request, context: context)
        guard answer.status == .notFound else { return answer }
        let allowed = methods(of: request.uri.path)
        guard !allowed.isEmpty, !allowed.contains(request.method.rawValue) else { return answer }
        var headers = answer.headers
        headers[.contentLength] = nil
        headers[.contentEncoding] = nil
        headers[.allow] = allowed.joined(separator: ", ")
        headers[.contentType] = "text/plain; charset=utf-8"
        // HEAD is answered without content (RFC 9110, section 9.3.2), and nothing behind this takes it out.
        let content = request.method == .head ? "" : "Method Not Allowed"
        return Response(
            status: .methodNotAllowed, headers: headers, body: .init(byteBuffer: ByteBuffer(string: content)))
    }

    /// Sorted; HEAD comes with GET.
    private func methods(of path: String) -> [String] {
        let pieces = path.split(separator: "/")
        var methods = Set(routes.filter { Self.matches($0.pieces, pieces) }.map(\.method))
        if methods.contains("GET") { methods.insert("HEAD") }
        return methods.sorted()
    }

    private static func matches(_ pattern: [Substring], _ pieces: [Substring]) -> Bool {
        pattern.count == pieces.count
            && zip(pattern, pieces).allSatisfy { $0.first == ":" || $0.first == "{" || $0 == "*" || $0 == $1 }
    }
}
