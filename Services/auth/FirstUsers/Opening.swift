import HTTP
import Hummingbird
import Synchronization

/// Shut until the first users are there.
final class Opening: Sendable {
    private let state = Atomic(false)

    var isOpen: Bool { state.load(ordering: .acquiring) }

    func open() { state.store(true, ordering: .releasing) }
}

/// Lets requests wait for the opening, which is a matter of a moment, and refuses them where it takes longer.
struct OpeningWait<Context: RequestContext>: RouterMiddleware {
    let opening: Opening
    /// Why it may take longer, for people.
    let reason: @Sendable () -> String?
    var patience = Duration.seconds(5)

    func handle(
        _ request: Request, context: Context, next: (Request, Context) async throws -> Response
    ) async throws -> Response {
        let path = request.uri.path
        guard path.hasPrefix("/auth/") || path.hasPrefix("/oauth2/") else { return try await next(request, context) }
        let end = ContinuousClock.now + patience
        while !opening.isOpen {
            guard ContinuousClock.now < end else {
                throw APIError(
                    .serviceUnavailable, reason() ?? "the accounts are not set up yet", retryAfter: .seconds(1))
            }
            try await Task.sleep(for: .milliseconds(20))
        }
        return try await next(request, context)
    }
}
