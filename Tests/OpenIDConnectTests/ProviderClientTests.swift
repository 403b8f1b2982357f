import Domain
import Foundation
import Identity
import JMESPath
import Testing

@testable import OpenIDConnect

@Suite struct ProviderClientTests {
    private static func refusal(_ work: () async throws(OpenIDError) -> Void) async -> OpenIDError? {
        do {
            try await work()
            return nil
        } catch {
            return error
        }
    }

    // MARK: The way there

    @Test func theWayThereHasAllThatTheProviderNeeds() async throws {
        let client = try ProviderClient.make(FakeProvider(), ["SCOPES": "groups"])
        let departure = try await client.departure(redirectURI: "https://here/cb?", state: "st&ate")
        let url = try #require(URLComponents(string: departure.url))
        let query = Dictionary(uniqueKeysWithValues: (url.queryItems ?? []).map { ($0.name, $0.value ?? "") })
        let verifier = try #require(departure.codeVerifier)
        #expect(departure.url.hasPrefix("https://idp.example/authorize?"))
        #expect(query["response_type"] == "code" && query["client_id"] == "bennu" && query["state"] == "st&ate")
        #expect(query["redirect_uri"] == "https://here/cb?" && query["nonce"] == departure.nonce)
        #expect(query["scope"] == "openid email profile groups")
        #expect(query["code_challenge_method"] == "S256")
        #expect(query["code_challenge"] == CodeChallenge.challenge(verifier: verifier))
        #expect(verifier.count == 43 && departure.nonce.count == 43)
        #expect(!departure.url.contains(verifier))
        let other = try await client.departure(redirectURI: "https://here/cb?", state: "s")
        #expect(other.nonce != departure.nonce && other.codeVerifier != verifier)
    }

    /// RFC 7636, appendix B.
    @Test func aChallengeIsTheSpecificationsExample() {
        #expect(
            CodeChallenge.challenge(verifier: "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk")
                == "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM")
    }

    // MARK: The client's proof

    private static func exchange(_ changes: [String: String?]) async throws -> ProviderRequest? {
        let provider = FakeProvider()
        _ = try await ProviderClient.make(provider, changes).signIn()
        return provider.requests.first { $0.url.hasSuffix("/token") }
    }

    @Test func eachWayToProveWhoAsksIsAsItsSpecificationSays() async throws {
        let basic = try await Self.exchange([:])
        #expect(basic?.authorization == "Basic \(Base64.encode(Array("bennu:s%2Fp%20c".utf8)))")
        #expect(basic?.form?.contains("client_secret") == false)
        #expect(
            basic?.form?.contains("grant_type=authorization_code&code=c-1&redirect_uri=https%3A%2F%2Fhere%2F") == true)
        #expect(basic?.form?.contains("code_verifier=v-1") == true)
        let post = try await Self.exchange(["TOKEN_ENDPOINT_AUTH_METHOD": "client_secret_post"])
        #expect(post?.authorization == nil)
        #expect(post?.form?.hasSuffix("&client_id=bennu&client_secret=s%2Fp%20c") == true)
        let none = try await Self.exchange(["TOKEN_ENDPOINT_AUTH_METHOD": "none", "CLIENT_SECRET": nil])
        #expect(none?.authorization == nil)
        #expect(none?.form?.hasSuffix("&client_id=bennu") == true)
    }

    @Test func anAssertionIsReadAnewForEachRequest() async throws {
        let path = NSTemporaryDirectory() + "assertion-\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: path) }
        let provider = FakeProvider()
        let client = try ProviderClient.make(
            provider,
            [
                "TOKEN_ENDPOINT_AUTH_METHOD": "private_key_jwt", "CLIENT_SECRET": nil, "CLIENT_ASSERTION_FILE": path,
            ])
        #expect(await Self.refusal { () async throws(OpenIDError) in _ = try await client.signIn() }?.code == .provider)
        for text in ["first", "second"] {
            try Data("\(text).jwt\n".utf8).write(to: URL(fileURLWithPath: path))
            _ = try await client.signIn()
            let form = provider.requests.last { $0.url.hasSuffix("/token") }?.form
            #expect(form?.contains("client_assertion=\(text).jwt") == true)
            #expect(
                form?.contains("client_assertion_type=urn%3Aietf%3Aparams%3Aoauth%3Aclient-assertion-type%3Ajwt-bearer")
                    == true)
        }
    }

    // MARK: What the provider answers

    @Test(arguments: [
        (ProviderResponse(status: 400, body: Array(#"{"error":"invalid_grant"}"#.utf8)), OpenIDError.Code.provider),
        (ProviderResponse(status: 200, body: Array("[]".utf8)), .provider),
        (ProviderResponse(status: 302, body: []), .provider),
        (ProviderResponse(status: 200, body: Array(#"{"access_token":"x"}"#.utf8)), .noIDToken),
    ])
    func aTokenEndpointThatRefusesEndsTheSignIn(answer: ProviderResponse, code: OpenIDError.Code) async throws {
        let provider = FakeProvider()
        provider.state.withLock { $0.tokenAnswer = answer }
        let client = try ProviderClient.make(provider)
        let error = await Self.refusal { () async throws(OpenIDError) in _ = try await client.signIn() }
        #expect(error?.code == code)
        #expect(error?.description.contains("c-1") == false)
    }

    @Test(arguments: [
        ("issuer", JSONValue.string("https://evil.example")), ("issuer", .null),
        ("token_endpoint", .string("http://idp.example/token")), ("token_endpoint", .null),
        ("jwks_uri", .string("file:///etc/passwd")), ("authorization_endpoint", .string("https://user@evil.example/")),
        ("userinfo_endpoint", .string("http://169.254.169.254/")),
    ])
    func aDiscoveryDocumentThatIsNotToBeTrustedIsRefused(name: String, value: JSONValue) async throws {
        let provider = FakeProvider()
        provider.state.withLock { $0.metadata[name] = value == .null ? nil : value }
        let client = try ProviderClient.make(provider)
        let error = await Self.refusal { () async throws(OpenIDError) in _ = try await client.signIn() }
        #expect(error?.code == .provider)
    }

    @Test func changedKeysAreFetchedOnceAMinuteAtMost() async throws {
        let provider = FakeProvider()
        let client = try ProviderClient.make(provider)
        let fetches = { provider.requests.count { $0.url.hasSuffix("/keys") } }
        _ = try await client.signIn()
        #expect(fetches() == 1)
        // Changed right after: the last fetch is too near.
        provider.state.withLock {
            $0.header["kid"] = .string("two")
            $0.publishedKeyID = "two"
        }
        #expect(await Self.refusal { () async throws(OpenIDError) in _ = try await client.signIn() } != nil)
        #expect(fetches() == 1)
        provider.state.withLock { $0.seconds += 61 }
        _ = try await client.signIn()
        #expect(fetches() == 2)
        // Made-up names do not make it ask again and again.
        provider.state.withLock { $0.header["kid"] = .string("three") }
        for _ in 0..<5 { _ = await Self.refusal { () async throws(OpenIDError) in _ = try await client.signIn() } }
        #expect(fetches() == 2)
    }

    @Test func whatTheTokenLacksIsFetchedAndTheTokenCountsMore() async throws {
        let provider = FakeProvider()
        provider.state.withLock {
            $0.claims["email"] = nil
            $0.userInfo = .object([
                "sub": .string("ada-1"), "email": .string("ada@info.example"), "name": .string("Someone else"),
            ])
        }
        let identity = try await ProviderClient.make(provider).signIn()
        #expect(identity.email.text == "ada@info.example" && identity.name == "Ada")
        #expect(provider.requests.last?.authorization == "Bearer at-1")
    }

    @Test func aCompleteTokenIsEnough() async throws {
        let provider = FakeProvider()
        _ = try await ProviderClient.make(provider).signIn()
        #expect(!provider.requests.contains { $0.url.hasSuffix("/userinfo") })
    }

    @Test func userInfoOfSomebodyElseIsRefused() async throws {
        let provider = FakeProvider()
        provider.state.withLock {
            $0.claims["email"] = nil
            $0.userInfo = .object(["sub": .string("eve"), "email": .string("ada@example.com")])
        }
        let client = try ProviderClient.make(provider)
        #expect(await Self.refusal { () async throws(OpenIDError) in _ = try await client.signIn() }?.code == .failed)
    }

    @Test func withoutAMailAddressNobodySignsIn() async throws {
        let provider = FakeProvider()
        provider.state.withLock {
            $0.claims["email"] = nil
            $0.userInfo = .object(["sub": .string("ada-1")])
        }
        let client = try ProviderClient.make(provider)
        #expect(await Self.refusal { () async throws(OpenIDError) in _ = try await client.signIn() }?.code == .noEmail)
    }

    // MARK: Groups and roles

    @Test func onlyAllowedGroupsSignIn() async throws {
        let allowed = ["GROUPS_ATTRIBUTE_PATH": "groups[]", "ALLOWED_GROUPS": "admins,engineers"] as [String: String?]
        _ = try await ProviderClient.make(FakeProvider(), allowed).signIn()
        let refused = try ProviderClient.make(
            FakeProvider(), ["GROUPS_ATTRIBUTE_PATH": "groups", "ALLOWED_GROUPS": "admins"])
        #expect(await Self.refusal { () async throws(OpenIDError) in _ = try await refused.signIn() }?.code == .failed)
    }

    @Test(arguments: [
        ("Owner:ADMIN,Reader:VIEWER", JSONValue.string("Owner"), "ADMIN"),
        ("Owner:ADMIN", .array([.string("x"), .string("Owner")]), "ADMIN"),
        ("Owner:ADMIN", .string("owner"), "VIEWER"), ("Owner:ADMIN", .integer(1), "VIEWER"),
        ("", .string("member"), "MEMBER"), ("", .string("SYSTEM"), "VIEWER"),
    ])
    func rolesFollowTheMapping(mapping: String, claim: JSONValue, role: String) async throws {
        let provider = FakeProvider()
        provider.state.withLock { $0.claims["role"] = claim }
        let client = try ProviderClient.make(provider, ["ROLE_ATTRIBUTE_PATH": "role", "ROLE_MAPPING": mapping])
        #expect(try await client.signIn().role == role)
    }

    @Test func whereRolesAreStrictAnUnknownOneIsRefused() async throws {
        let provider = FakeProvider()
        provider.state.withLock { $0.claims["role"] = .string("Guest") }
        let client = try ProviderClient.make(
            provider,
            ["ROLE_ATTRIBUTE_PATH": "role", "ROLE_MAPPING": "Owner:ADMIN", "ROLE_ATTRIBUTE_STRICT": "true"])
        #expect(await Self.refusal { () async throws(OpenIDError) in _ = try await client.signIn() }?.code == .failed)
    }
}

@Suite struct MicrosoftTests {
    private static let host = "https://login.microsoftonline.com"
    private static let tenant = "72f988bf-86f1-41af-91ab-2d7cd011db47"

    private static func metadata(_ issuer: String, at tenant: String) throws -> ProviderMetadata {
        try ProviderMetadata(
            document: .object([
                "issuer": .string(issuer), "authorization_endpoint": .string("\(host)/a"),
                "token_endpoint": .string("\(host)/t"), "jwks_uri": .string("\(host)/k"),
            ]), discoveryURL: "\(host)/\(tenant)/v2.0/.well-known/openid-configuration")
    }

    @Test func severalTenantsAtOnceAreToldApartByTheTokensOwn() throws {
        let metadata = try Self.metadata("\(Self.host)/{tenantid}/v2.0", at: "common")
        #expect(metadata.issuer(for: .object(["tid": .string(Self.tenant)])) == "\(Self.host)/\(Self.tenant)/v2.0")
        #expect(metadata.issuer(for: .object([:])) == nil)
        #expect(metadata.issuer(for: .object(["tid": .string("evil/../" + Self.tenant.dropFirst(8))])) == nil)
    }

    @Test func aTenantMayBeNamedByItsDomain() throws {
        _ = try Self.metadata("\(Self.host)/\(Self.tenant)/v2.0", at: "contoso.onmicrosoft.com")
        #expect(throws: OpenIDError.self) { try Self.metadata("https://evil.example/v2.0", at: "common") }
    }
}

@Suite struct SignInStateTests {
    private let secret = Secret("0123456789abcdef0123456789abcdef")
    private let now: Int64 = 1_800_000_000_000_000_000

    @Test func anyReplicaReadsIt() throws {
        let state = SignInState(provider: "fake", origin: "https://here", returnURL: "/projects")
        #expect(try SignInState(state.signed(with: secret, now: now), secret: secret, now: now) == state)
    }

    @Test func nothingElsePassesForIt() throws {
        let text = SignInState(provider: "fake", origin: "https://here", returnURL: nil).signed(with: secret, now: now)
        let later = now + 901 * 1_000_000_000
        #expect(throws: OpenIDError.self) { try SignInState(text, secret: secret, now: later) }
        #expect(throws: OpenIDError.self) { try SignInState(text, secret: Secret("another"), now: now) }
        let apiKey = TokenSigner(secret: secret).sign(TokenID(.apiKey, 1)).revealed
        #expect(throws: OpenIDError.self) { try SignInState(apiKey, secret: secret, now: now) }
        for spoiled in ["", "..", text + "x", String(text.dropLast()), text.replacing(".", with: "..")] {
            #expect(throws: OpenIDError.self) { try SignInState(spoiled, secret: secret, now: now) }
        }
        #expect(throws: TokenSigner.Refusal.self) { try TokenSigner(secret: secret).verify(Secret(text)) }
    }

    @Test(arguments: [
        ("/", true), ("/projects/1?x=y#z", true), ("/_a", true), ("//evil.example", false), ("/\\evil.example", false),
        ("https://evil.example", false), ("", false), ("projects", false), ("/.evil", false),
        ("/a\r\nSet-Cookie: x", false),
        ("/%2Fevil", false), ("/é", false), ("/a\\b", false), ("/a b", false),
    ])
    func onlyPathsOfOurOwnAreSafe(text: String, isSafe: Bool) {
        #expect(ReturnURL.isSafe(text) == isSafe)
    }
}
