import HTTPTypes
import Hummingbird

/// Lets requests arrive with or without the root path: some proxies take it off and some leave it.
///
/// It stands before the router, which looks at the path before any middleware does.
public struct RootPath<Responder: HTTPResponder>: HTTPResponder {
    private let rootPath: String
    private let responder: Responder

    public init(_ rootPath: String, before responder: Responder) {
        self.rootPath = rootPath
        self.responder = responder
    }

    public func respond(to request: Request, context: Responder.Context) async throws -> Response {
        let path = request.uri.path
        guard !rootPath.isEmpty, path == rootPath || path.hasPrefix(rootPath + "/") else {
            return try await responder.respond(to: request, context: context)
        }
        var head = request.head
        let rest = request.uri.string.dropFirst(rootPath.count)
        head.path = rest.hasPrefix("/") ? String(rest) : "/" + rest
        return try await responder.respond(to: Request(head: head, body: request.body), context: context)
    }
}
