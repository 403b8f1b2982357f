import Domain
import HTTP
import HTTPTypes
import Hummingbird
import Settings

/// `/auth/login`, `/auth/logout` and `/auth/refresh`.
struct SessionRoutes: Sendable {
    private struct Credentials: Decodable {
        var email: String?
        var password: String?
    }

    let sessions: Sessions
    /// Nil where nobody signs in by password.
    let passwords: PasswordSignIn?
    let limits: RouteLimits
    let rootPath: String

    func add<Context: RemoteAddressRequestContext>(to routes: some RouterMethods<Context>) {
        routes.post("/auth/login") { request, context in
            try limits.check(request, context, "login")
            return try await login(request, from: SenderAddress(request, context))
        }
        routes.get("/auth/logout") { request, context in await logout(request, context) }
        routes.post("/auth/refresh") { request, context in
            try limits.check(request, context, "refresh")
            return Response.noContent(setting: try await sessions.renew(request.secretCookie(Sessions.Cookie.refresh)))
        }
    }

    private func login(_ request: Request, from address: SenderAddress) async throws -> Response {
        guard let passwords else { throw PasswordSignIn.off }
        let credentials = try await request.decodedBody(Credentials.self)
        guard let email = credentials?.email, !email.isEmpty, let password = credentials?.password, !password.isEmpty
        else { throw APIError(.unauthorized, "Email and password required") }
        let cookies = try await passwords.cookies(email: email, password: Secret(password), from: address)
        return Response.noContent(setting: cookies)
    }

    private func logout<Context: RequestContext>(_ request: Request, _ context: Context) async -> Response {
        do {
            try await sessions.end(
                access: request.bearerToken ?? request.secretCookie(Sessions.Cookie.access),
                refresh: request.secretCookie(Sessions.Cookie.refresh))
        } catch {
            // Whoever leaves shall not be kept by that: without its cookies the browser is signed out, and what they held
            // ends by itself.
            context.logger.warning("a session could not be ended", metadata: ["error": "\(error)"])
        }
        var headers: HTTPFields = [
            .location: "\(rootPath)/\(passwords == nil ? "logout" : "login")", .cacheControl: "no-store",
        ]
        headers.addCookies(sessions.deletions)
        return Response(status: .found, headers: headers)
    }
}
