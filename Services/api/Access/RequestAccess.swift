import Access
import Domain
import HTTP
import HTTPTypes
import Hummingbird

/// Lets through who may use a route, and refuses everybody else: the one place where requests to the API are permitted.
/// The rules are `RESTPermissions`' rows; a route without one is refused.
struct RequestAccess<Context: AuthenticatedRequestContext>: RouterMiddleware {
    let authenticator: any Authenticating

    func handle(
        _ request: Request, context: Context, next: (Request, Context) async throws -> Response
    ) async throws -> Response {
        let rule = RouteRules.rule(method: request.method, endpoint: context.endpointPath)
        if rule == .open { return try await next(request, context) }
        var context = context
        let principal = try await principal(of: request)
        if case .denied(let reason) = Permissions.decide(
            rule, for: principal, isOfProject: { Self.isOf($0, context) })
        {
            context.logger.info(
                "refused",
                metadata: ["reason": "\(reason)", "method": "\(request.method)", "path": "\(request.uri.path)"])
            throw APIError(reason == .notSignedIn ? .unauthorized : .forbidden, reason.message)
        }
        context.principal = principal
        return try await next(request, context)
    }

    /// Whether a route is about a project and nothing else: keys for one project may use no other. Reads the identifier as
    /// routes do, an id before a name, or a project that is named like another's id would open that one.
    private static func isOf(_ project: KeyScope.Project, _ context: Context) -> Bool {
        guard let endpoint = context.endpointPath,
            ["/v1/projects/", "/bennu/v1/projects/"].contains(where: endpoint.hasPrefix),
            let identifier = try? context.parameters.decoded("project")
        else { return false }
        if let id = GlobalID(encoded: identifier), id.typeName == "Project" { return id.number == project.id }
        return identifier == project.name
    }

    private func principal(of request: Request) async throws -> Principal {
        do {
            return try await authenticator.principal(
                authorization: request.headers[.authorization], cookie: request.headers[.cookie])
        } catch AuthenticationRefusal.unavailable {
            throw APIError(.serviceUnavailable, AuthenticationRefusal.unavailable.message, retryAfter: .seconds(1))
        } catch {
            throw APIError(.unauthorized, error.message)
        }
    }
}

/// The rule of each of this service's routes, those included that match any path below theirs.
enum RouteRules {
    /// - Parameter endpoint: the route's own path as the router knows it; nil where no route matched, which is answered
    ///   by 404 whoever asks.
    static func rule(method: HTTPRequest.Method, endpoint: String?) -> Rule? {
        guard let endpoint else { return .open }
        if openEndpoints.contains(endpoint) { return .open }
        let method = method == .head ? HTTPRequest.Method.get : method
        return RESTPermissions.rule(method: method.rawValue, path: endpoint)
    }

    /// The page with its files, what other services decide themselves, and what is not there for anybody.
    private static let openEndpoints: Set<String> = [
        "/", "/**", "/auth/**", "/oauth2/**", "/v1/**", "/.well-known/**", "/bennu/v1/**",
    ]
}
