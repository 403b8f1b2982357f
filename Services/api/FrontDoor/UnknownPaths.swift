import HTTP
import HTTPTypes
import Hummingbird

/// Answers 404 below paths that belong to programs, where the browser application's page would only confuse; and 405,
/// with the methods that are served (RFC 9110, section 15.5.6), for a path that is known with another one.
///
/// Add it behind all routes.
struct UnknownPaths {
    let prefixes: [String]

    func add<Context: RequestContext>(to router: Router<Context>) {
        let known = KnownPaths(router.routes.map { ($0.method, "\($0.path)") })
        for prefix in prefixes {
            for method in [HTTPRequest.Method.get, .head, .post, .put, .patch, .delete] {
                router.on("\(prefix)/**", method: method) { request, _ -> Response in
                    let allowed = known.methods(of: request.uri.path)
                    guard !allowed.isEmpty else { throw APIError.notFound("Not Found") }
                    return Self.methodNotAllowed(allowed)
                }
            }
        }
    }

    private static func methodNotAllowed(_ allowed: [String]) -> Response {
        Response(
            status: .methodNotAllowed,
            headers: [
                .allow: allowed.joined(separator: ", "), .contentType: "text/plain; charset=utf-8",
                .cacheControl: "no-store",
            ],
            body: .init(byteBuffer: ByteBuffer(string: "Method Not Allowed")))
    }
}

/// Which methods are served at which paths.
struct KnownPaths: Sendable {
    private let routes: [(method: String, pieces: [Substring])]

    /// Those that match anything below a path are left out: it is they that ask.
    init(_ routes: [(method: HTTPRequest.Method, path: String)]) {
        self.routes = routes.filter { !$0.path.contains("**") }.map {
            ($0.method.rawValue, $0.path.split(separator: "/"))
        }
    }

    /// Sorted; HEAD comes with GET.
    func methods(of path: String) -> [String] {
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
