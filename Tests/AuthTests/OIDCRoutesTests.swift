import Access
import Crypto
import CryptoExtras
import Domain
import Foundation
import HTTPTypes
import HummingbirdTesting
import Identity
import OpenIDConnect
import Settings
import Storage
import Synchronization
import Testing

@testable import bennu_auth

/// A provider that lets everybody in as Ada.
private final class Provider: ProviderTransport {
    static let issuer = "https://idp.example"
    // `try!` because making a key of a size that is known to be good does not fail.
    private static let key = try! _RSA.Signing.PrivateKey(keySize: .bits2048)

    private let nonce = Mutex("")

    func expect(nonce: String) { self.nonce.withLock { $0 = nonce } }

    func send(_ request: ProviderRequest) async throws(OpenIDError) -> ProviderResponse {
        switch request.url {
        case "\(Self.issuer)/.well-known/openid-configuration":
            Self.json([
                "issuer": Self.issuer, "authorization_endpoint": "\(Self.issuer)/authorize",
                "token_endpoint": "\(Self.issuer)/token", "jwks_uri": "\(Self.issuer)/keys",
            ])
        case "\(Self.issuer)/keys": Self.json(["keys": [Self.publicKey]])
        case "\(Self.issuer)/token":
            Self.json([
                "id_token": token(nonce: nonce.withLock { $0 }), "access_token": "at", "token_type": "Bearer",
            ])
        default: ProviderResponse(status: 404, body: [])
        }
    }

    private static var publicKey: [String: String] {
        // `try!` because every key has its primitives.
        let key = try! key.publicKey.getKeyPrimitives()
        return [
            "kty": "RSA", "use": "sig", "kid": "one", "n": Base64URL.encode(Array(key.modulus)),
            "e": Base64URL.encode(Array(key.publicExponent)),
        ]
    }

    private func token(nonce: String) -> String {
        let now = Int(Date().timeIntervalSince1970)
        let claims: [String: Any] = [
            "iss": Self.issuer, "aud": "bennu", "sub": "ada-1", "exp": now + 300, "iat": now, "nonce": nonce,
            "email": "Ada@Example.com", "name": "Ada",
        ]
        let parts = [["alg": "RS256", "kid": "one"], claims].map { Base64URL.encode(Self.json($0).body) }
        let message = parts.joined(separator: ".")
        // `try!` because a key that was just made signs.
        let signature = try! Self.key.signature(
            for: SHA256.hash(data: Data(message.utf8)), padding: .insecurePKCS1v1_5)
        return "\(message).\(Base64URL.encode(Array(signature.rawRepresentation)))"
    }

    private static func json(_ object: [String: Any]) -> ProviderResponse {
        // `try!` because the objects above are JSON.
        ProviderResponse(status: 200, body: Array(try! JSONSerialization.data(withJSONObject: object)))
    }
}

@Suite("Sign-in through a provider")
struct OIDCRoutesTests {
    private static let variables = [
        "PHOENIX_OAUTH2_FAKE_CLIENT_ID": "bennu", "PHOENIX_OAUTH2_FAKE_CLIENT_SECRET": "secret",
        "PHOENIX_OAUTH2_FAKE_OIDC_CONFIG_URL": "\(Provider.issuer)/.well-known/openid-configuration",
        "PHOENIX_ROOT_URL": "https://traces.example.com/tools", "PHOENIX_HOST_ROOT_PATH": "/tools",
    ]

    private func withProvider(
        _ more: [String: String] = [:], _ body: @Sendable (AuthFixture, Provider) async throws -> Void
    ) async throws {
        let provider = Provider()
        let variables = Self.variables.merging(more) { $1 }
        let settings = try #require(try authSettings(variables).oauth2.first)
        let client = ProviderClient(settings: settings, transport: provider)
        try await withAuth(variables, providers: ["fake": client]) { try await body($0, provider) }
    }

    /// Departs, and returns the cookies and the state that went along.
    private func depart(
        _ auth: AuthFixture, _ provider: Provider, returnURL: String = "/projects"
    ) async throws -> (cookies: [String: String], state: String) {
        let response = try await auth.send(.get, "/oauth2/fake/login?returnUrl=\(returnURL)")
        #expect(response.status == .found)
        let address = try #require(response.headers[.location])
        let location = try #require(URLComponents(string: address))
        let query = Dictionary(
            try #require(location.queryItems).map { ($0.name, $0.value ?? "") }, uniquingKeysWith: { $1 })
        #expect(query["response_type"] == "code" && query["client_id"] == "bennu")
        #expect(query["scope"] == "openid email profile")
        #expect(query["redirect_uri"] == "https://traces.example.com/tools/oauth2/fake/tokens")
        for cookie in response.setCookies {
            #expect(cookie.hasSuffix("; Path=/tools; Max-Age=900; HttpOnly; SameSite=lax"))
        }
        let cookies = response.cookieValues
        let state = try #require(query["state"])
        #expect(cookies["phoenix-oauth2-state"] == state && cookies["phoenix-oauth2-nonce"] == query["nonce"])
        provider.expect(nonce: try #require(query["nonce"]))
        return (cookies, state)
    }

    private func arrive(
        _ auth: AuthFixture, state: String, cookies: [String: String]
    ) async throws -> TestResponse {
        try await auth.send(.get, "/oauth2/fake/tokens?state=\(state)&code=c-1", cookies: cookies)
    }

    private func expectRefusal(_ response: TestResponse, _ code: String, page: String = "login") {
        #expect(response.status == .found)
        #expect(response.headers[.location] == "/tools/\(page)?error=\(code)")
        let names = ["phoenix-oauth2-state", "phoenix-oauth2-nonce", "phoenix-oauth2-code-verifier"]
        #expect(names.allSatisfy { response.cookieValues[$0] == "" })
        #expect(response.cookieValues["phoenix-access-token"] == nil)
    }

    @Test func whoComesBackIsSignedIn() async throws {
        try await withProvider { auth, provider in
            for _ in 0..<2 {
                let (cookies, state) = try await depart(auth, provider)
                let response = try await arrive(auth, state: state, cookies: cookies)
                #expect(response.status == .found && response.headers[.location] == "/tools/projects")
                #expect(response.setCookies.count == 5)
                #expect(await auth.knows(response.cookieValues.filter { $0.key == "phoenix-access-token" }))
            }
            #expect(try await auth.user().oauth2UserID == "ada-1")
        }
    }

    @Test func whatDoesNotBelongTogetherIsRefused() async throws {
        try await withProvider { auth, provider in
            let (cookies, state) = try await depart(auth, provider)
            #expect(try await arrive(auth, state: state, cookies: [:]).status == .unprocessableContent)
            expectRefusal(try await arrive(auth, state: "other", cookies: cookies), "invalid_state")
            provider.expect(nonce: "another")
            expectRefusal(try await arrive(auth, state: state, cookies: cookies), "auth_failed")
            expectRefusal(try await auth.send(.get, "/oauth2/unknown/login"), "unknown_idp")
            let away = try await depart(auth, provider, returnURL: "//evil.example")
            expectRefusal(try await arrive(auth, state: away.state, cookies: away.cookies), "unsafe_return_url")
            #expect(try await auth.count("users") == 0)
        }
    }

    @Test func whoHasNoPlaceHereIsTold() async throws {
        try await withProvider { auth, provider in
            try await auth.makeUser()
            let (cookies, state) = try await depart(auth, provider)
            expectRefusal(try await arrive(auth, state: state, cookies: cookies), "email_in_use")
        }
        let closed = ["PHOENIX_OAUTH2_FAKE_ALLOW_SIGN_UP": "false", "PHOENIX_DISABLE_BASIC_AUTH": "true"]
        try await withProvider(closed) { auth, provider in
            let (cookies, state) = try await depart(auth, provider)
            expectRefusal(
                try await arrive(auth, state: state, cookies: cookies), "sign_in_not_allowed", page: "logout")
        }
    }

    @Test func departuresAreLimited() async throws {
        try await withProvider(["PHOENIX_DISABLE_RATE_LIMIT": "false"]) { auth, _ in
            for _ in 0..<12 { #expect(try await auth.send(.get, "/oauth2/fake/login").status == .found) }
            let refused = try await auth.send(.post, "/oauth2/fake/login")
            #expect(refused.status == .tooManyRequests)
        }
    }
}
