import HTTP
import Hummingbird
import ServiceRuntime

/// Refuses what needs the database while it has not been reached or does not have this release's schema yet. The page
/// itself and the ways to other services stay open.
struct ClosedGate<Context: RequestContext>: RouterMiddleware {
    private let gate: DatabaseGate

    init(_ gate: DatabaseGate) {
        self.gate = gate
    }

    func handle(
        _ request: Request, context: Context, next: (Request, Context) async throws -> Response
    ) async throws -> Response {
        let path = request.uri.path
        let needsDatabase = (path.hasPrefix("/v1/") && path != "/v1/traces") || path.hasPrefix("/bennu/")
        guard needsDatabase, let reason = gate.reason else { return try await next(request, context) }
        throw APIError(.serviceUnavailable, reason, retryAfter: .seconds(1))
    }
}
