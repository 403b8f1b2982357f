import HTTP
import Hummingbird

/// Answers 404 below paths that belong to programs, where the browser application's page would only confuse.
struct UnknownPaths {
    let prefixes: [String]

    func add<Context: RequestContext>(to router: Router<Context>) {
        for prefix in prefixes {
            for method in [HTTPRequest.Method.get, .head, .post, .put, .patch, .delete] {
                router.on("\(prefix)/**", method: method) { _, _ -> Response in throw APIError.notFound("Not Found") }
            }
        }
    }
}
