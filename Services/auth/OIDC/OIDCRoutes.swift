import Access
import Domain
import Foundation
import HTTP
import HTTPTypes
import Hummingbird
import Logging
import OpenIDConnect
import Settings

/// Sign-in through providers: `/oauth2/{idp}/login` sends people there, `/oauth2/{idp}/tokens` takes them back.
struct OIDCRoutes: Sendable {
    private enum Cookie {
        static let state = "phoenix-oauth2-state"
        static let nonce = "phoenix-oauth2-nonce"
        static let verifier = "phoenix-oauth2-code-verifier"
        static let all = [state, nonce, verifier]
    }

    let providers: [String: ProviderClient]
    let secret: Secret
    let origin: RequestOrigin
    let rootPath: String
    /// Where refusals are told: `/login`, or `/logout` where nobody signs in by password.
    let refusalPath: String
    let cookies: CookieScope
    let accounts: any ExternalAccounts
    let sessions: any SessionOpening
    let limits: RouteLimits
    let now: @Sendable () -> Int64

    func add<Context: RemoteAddressRequestContext>(to routes: some RouterMethods<Context>) {
        for method in [HTTPRequest.Method.get, .post] {
            routes.on("/oauth2/:idp/login", method: method) { request, context in
                try limits.check(request, context, "oauth2/login")
                return await answering(request, context.logger) { () async throws in
                    try await depart(request, context)
                }
            }
        }
        routes.get("/oauth2/:idp/tokens") { request, context in
            let arrival = try CallbackRequest(request)
            return await answering(request, context.logger) { () async throws in
                try await arrive(arrival, context)
            }
        }
    }

    private func depart(_ request: Request, _ context: some RequestContext) async throws -> Response {
        let provider = try provider(context)
        guard let base = origin.base(of: request) else {
            throw OpenIDError(.failed, "the request does not say which address it was sent to")
        }
        let returnURL = QueryParameters(request.uri).text("returnUrl").flatMap { $0.utf8.count <= 2_048 ? $0 : nil }
        let state = SignInState(provider: provider.settings.id, origin: base, returnURL: returnURL)
            .signed(with: secret, now: now())
        let departure = try await provider.departure(redirectURI: redirectURI(base, provider), state: state)
        let life = SignInState.lifetime
        var kept = [
            cookies.lax(Cookie.state, state, seconds: life), cookies.lax(Cookie.nonce, departure.nonce, seconds: life),
        ]
        if let verifier = departure.codeVerifier { kept.append(cookies.lax(Cookie.verifier, verifier, seconds: life)) }
        return redirect(to: departure.url, setting: kept)
    }

    private func arrive(_ arrival: CallbackRequest, _ context: some RequestContext) async throws -> Response {
        let provider = try provider(context)
        guard let given = arrival.state, given == Secret(arrival.stateCookie) else {
            throw OpenIDError(.invalidState, "the state differs from its cookie")
        }
        let state = try SignInState(arrival.stateCookie, secret: secret, now: now())
        guard state.provider == provider.settings.id else {
            throw OpenIDError(.invalidState, "the state is another provider's")
        }
        let target = state.returnURL ?? "/"
        guard ReturnURL.isSafe(target) else { throw OpenIDError(.unsafeReturnURL, "the return URL leads elsewhere") }
        if let error = arrival.error { throw OpenIDError(.failed, "the provider refused: \(error)") }
        if provider.settings.usesPKCE, arrival.verifier == nil {
            throw OpenIDError(.invalidState, "the code verifier's cookie is missing")
        }
        let identity = try await provider.identity(
            .init(
                code: arrival.code, redirectURI: redirectURI(state.origin, provider), nonce: arrival.nonce,
                codeVerifier: arrival.verifier))
        let user = try await accounts.signIn(ExternalPerson(identity, provider.settings))
        return redirect(to: rootPath + target, setting: try await sessions.cookies(openingSessionOf: user) + deletions)
    }

    private func provider(_ context: some RequestContext) throws(OpenIDError) -> ProviderClient {
        guard let id = context.parameters.get("idp"), let provider = providers[id] else {
            throw OpenIDError(.unknownProvider, "there is no such provider")
        }
        return provider
    }

    private func redirectURI(_ base: String, _ provider: ProviderClient) -> String {
        "\(base)/oauth2/\(provider.settings.id)/tokens"
    }

    // MARK: Answers

    private var deletions: [String] { Cookie.all.map { cookies.lax($0, "", seconds: 0) } }

    /// Whatever goes wrong, the person ends up on a page of ours; why is for the log.
    private func answering(
        _ request: Request, _ logger: Logger, _ work: () async throws -> Response
    ) async -> Response {
        do {
            return try await work()
        } catch let error as OpenIDError {
            return refusal(error.code, "\(error)", logger)
        } catch ExternalRefusal.emailInUse {
            return refusal(.emailInUse, "another account has the mail address", logger)
        } catch ExternalRefusal.notAllowed {
            return refusal(.notAllowed, "there is no account for who signed in", logger)
        } catch {
            return refusal(.failed, "\(error)", logger)
        }
    }

    private func refusal(_ code: OpenIDError.Code, _ reason: String, _ logger: Logger) -> Response {
        logger.notice(
            "sign-in through a provider failed", metadata: ["code": "\(code.rawValue)", "reason": "\(reason)"])
        return redirect(to: "\(rootPath)\(refusalPath)?error=\(code.rawValue)", setting: deletions)
    }

    private func redirect(to location: String, setting cookies: [String]) -> Response {
        // The code stands in this page's address, which is nobody else's business.
        var headers: HTTPFields = [.location: location, .cacheControl: "no-store"]
        headers[HTTPField.Name("referrer-policy")!] = "no-referrer"
        for cookie in cookies { headers.append(HTTPField(name: .setCookie, value: cookie)) }
        return Response(status: .found, headers: headers)
    }

    /// What comes back with the person. Throws 422 without the cookies, or without what the specification requires.
    private struct CallbackRequest {
        var state: Secret?
        var stateCookie: String
        var nonce: String
        var verifier: String?
        var code: String
        /// The provider's error, if that is what it is (RFC 6749, section 4.1.2.1).
        var error: String?

        init(_ request: Request) throws {
            let parameters = QueryParameters(request.uri)
            guard let stateCookie = request.cookies[Cookie.state]?.value, !stateCookie.isEmpty,
                let nonce = request.cookies[Cookie.nonce]?.value, !nonce.isEmpty
            else { throw APIError.invalid("the cookies of a sign-in through a provider are missing") }
            guard let state = parameters.text("state") else { throw APIError.invalid("state is missing") }
            error = parameters.text("error").map {
                String($0.filter { $0.isASCII && ($0.isLetter || $0 == "_") }.prefix(60))
            }
            guard let code = parameters.text("code") ?? error else { throw APIError.invalid("code is missing") }
            guard code.utf8.count <= 4_096 else { throw APIError.invalid("code is too long") }
            self.state = Secret(state)
            self.stateCookie = stateCookie
            self.nonce = nonce
            self.code = code
            verifier = request.cookies[Cookie.verifier]?.value
        }
    }
}

extension ExternalPerson {
    init(_ identity: ProviderIdentity, _ settings: OAuth2Settings) {
        self.init(
            proof: .provider(clientID: identity.clientID, subject: identity.subject), email: identity.email.text,
            isEmailRefuted: identity.isEmailRefuted, name: identity.name, picture: identity.picture,
            role: identity.role.flatMap(Role.init), updatesRole: settings.roles?.isResynchronised ?? false,
            allowsSignUp: settings.allowsSignUp)
    }
}
