import Crypto
import CryptoExtras
import Foundation
import Identity
import JMESPath
import Synchronization

@testable import OpenIDConnect
@testable import Settings

/// A provider that signs whatever a test wants it to.
final class FakeProvider: ProviderTransport {
    static let issuer = "https://idp.example"
    static let start: Int64 = 1_800_000_000

    struct State {
        var claims: [String: JSONValue] = [:]
        var header: [String: JSONValue] = ["alg": .string("RS256"), "kid": .string("one")]
        var metadata: [String: JSONValue] = [:]
        var userInfo: JSONValue?
        /// Instead of the token endpoint's answer.
        var tokenAnswer: ProviderResponse?
        /// Instead of the id token.
        var idToken: String?
        var signingKey = FakeProvider.rsa
        var publishedKeyID = "one"
        var seconds = FakeProvider.start
        var requests: [ProviderRequest] = []
    }

    static let rsa = makeKey()
    static let strange = makeKey()
    let state = Mutex(State())

    // `try!` because making a key of a size that is known to be good does not fail.
    private static func makeKey() -> _RSA.Signing.PrivateKey { try! _RSA.Signing.PrivateKey(keySize: .bits2048) }

    init() {
        state.withLock {
            $0.claims = [
                "iss": .string(Self.issuer), "aud": .string("bennu"), "sub": .string("ada-1"),
                "exp": .integer(Self.start + 300), "iat": .integer(Self.start), "nonce": .string("n-1"),
                "email": .string("Ada@Example.com"), "name": .string("Ada"), "groups": .array([.string("engineers")]),
                "role": .string("Owner"),
            ]
            $0.metadata = [
                "issuer": .string(Self.issuer), "authorization_endpoint": .string("\(Self.issuer)/authorize"),
                "token_endpoint": .string("\(Self.issuer)/token"), "jwks_uri": .string("\(Self.issuer)/keys"),
                "userinfo_endpoint": .string("\(Self.issuer)/userinfo"),
            ]
        }
    }

    func send(_ request: ProviderRequest) async throws(OpenIDError) -> ProviderResponse {
        let answer = state.withLock { state -> ProviderResponse in
            state.requests.append(request)
            switch request.url {
            case "\(Self.issuer)/.well-known/openid-configuration": return Self.json(.object(state.metadata))
            case "\(Self.issuer)/keys": return Self.json(Self.keySet(state))
            case "\(Self.issuer)/token":
                if let answer = state.tokenAnswer { return answer }
                return Self.json(
                    .object([
                        "id_token": .string(state.idToken ?? Self.token(state)), "access_token": .string("at-1"),
                        "token_type": .string("Bearer"),
                    ]))
            case "\(Self.issuer)/userinfo":
                return state.userInfo.map(Self.json) ?? ProviderResponse(status: 500, body: [])
            default: return ProviderResponse(status: 404, body: [])
            }
        }
        return answer
    }

    var requests: [ProviderRequest] { state.withLock(\.requests) }

    private static func json(_ value: JSONValue) -> ProviderResponse {
        ProviderResponse(status: 200, body: Array(value.text.utf8))
    }

    static func publicKey(_ state: State) -> (n: Data, e: Data) {
        // `try!` because every key has its primitives.
        let primitives = try! state.signingKey.publicKey.getKeyPrimitives()
        return (primitives.modulus, primitives.publicExponent)
    }

    private static func keySet(_ state: State) -> JSONValue {
        let key = try! rsa.publicKey.getKeyPrimitives()
        return .object([
            "keys": .array([
                .object([
                    "kty": .string("RSA"), "use": .string("sig"), "kid": .string(state.publishedKeyID),
                    "n": .string(Base64URL.encode(Array(key.modulus))),
                    "e": .string(Base64URL.encode(Array(key.publicExponent))),
                ]),
                .object(["kty": .string("oct"), "k": .string("c2VjcmV0")]),
            ])
        ])
    }

    static func token(_ state: State) -> String {
        let message = unsigned(state)
        let bytes = Data(message.utf8)
        let signature: Data
        switch state.header["alg"]?.string {
        case "PS256":
            signature = try! state.signingKey.signature(for: SHA256.hash(data: bytes), padding: .PSS).rawRepresentation
        default:
            signature = try! state.signingKey.signature(
                for: SHA256.hash(data: bytes), padding: .insecurePKCS1v1_5
            ).rawRepresentation
        }
        return "\(message).\(Base64URL.encode(Array(signature)))"
    }

    static func unsigned(_ state: State) -> String {
        let header = Base64URL.encode(Array(JSONValue.object(state.header).text.utf8))
        return "\(header).\(Base64URL.encode(Array(JSONValue.object(state.claims).text.utf8)))"
    }
}

/// Settings of that provider.
func providerSettings(_ changes: [String: String?] = [:]) throws -> OAuth2Settings {
    var values: [String: String] = [
        "CLIENT_ID": "bennu", "CLIENT_SECRET": "s/p c", "USE_PKCE": "true",
        "OIDC_CONFIG_URL": "\(FakeProvider.issuer)/.well-known/openid-configuration",
    ]
    for (name, value) in changes { values[name] = value }
    let variables = Dictionary(uniqueKeysWithValues: values.map { ("PHOENIX_OAUTH2_FAKE_\($0)", $1) })
    let files = FileChecks(home: "/") { _ in true }
    guard let provider = try Settings(Environment(variables), files: files).oauth2.first else {
        throw OpenIDError(.unknownProvider, "no provider")
    }
    return provider
}

extension ProviderClient {
    static func make(_ provider: FakeProvider, _ changes: [String: String?] = [:]) throws -> ProviderClient {
        ProviderClient(settings: try providerSettings(changes), transport: provider) {
            provider.state.withLock(\.seconds) * 1_000_000_000
        }
    }

    func signIn() async throws(OpenIDError) -> ProviderIdentity {
        try await identity(
            Arrival(code: "c-1", redirectURI: "https://here/oauth2/fake/tokens", nonce: "n-1", codeVerifier: "v-1"))
    }
}
