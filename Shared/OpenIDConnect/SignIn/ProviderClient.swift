import Domain
import Identity
import JMESPath
import Logging
import Settings

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// Signs people in through one provider: the authorization code flow of OpenID Connect Core 1.0, section 3.1.
public final class ProviderClient: Sendable {
    /// What begins a sign-in: where to send the person, and what their browser keeps until they are back.
    public struct Departure: Sendable {
        public var url: String
        public var nonce: String
        /// Nil where PKCE is off.
        public var codeVerifier: String?
    }

    /// What comes back from the provider, and what the browser has kept.
    public struct Arrival: Sendable {
        public var code: String
        public var redirectURI: String
        public var nonce: String
        public var codeVerifier: String?

        public init(code: String, redirectURI: String, nonce: String, codeVerifier: String?) {
            self.code = code
            self.redirectURI = redirectURI
            self.nonce = nonce
            self.codeVerifier = codeVerifier
        }
    }

    private static let hour = 3_600 * Timestamp.nanosecondsPerSecond
    private static let minute = 60 * Timestamp.nanosecondsPerSecond

    public let settings: OAuth2Settings
    private let transport: any ProviderTransport
    private let now: @Sendable () -> Int64
    private let metadata: RefreshingCache<ProviderMetadata>
    private let keys: RefreshingCache<[JSONWebKey]>

    public init(
        settings: OAuth2Settings, transport: any ProviderTransport,
        now: @escaping @Sendable () -> Int64 = { SystemClock.now() }
    ) {
        self.settings = settings
        self.transport = transport
        self.now = now
        let metadata = RefreshingCache(lifetime: Self.hour, lifetimeInNeed: 24 * Self.hour, now: now) {
            () async throws(OpenIDError) in
            let document = try await Self.document(settings.discoveryURL, transport)
            return try ProviderMetadata(document: document, discoveryURL: settings.discoveryURL)
        }
        self.metadata = metadata
        keys = RefreshingCache(lifetime: Self.hour, lifetimeInNeed: 24 * Self.hour, now: now) {
            () async throws(OpenIDError) in
            JSONWebKey.keys(try await Self.document(try await metadata.value().keysURL, transport))
        }
    }

    // MARK: The way there

    /// Throws `OpenIDError` if the provider cannot be asked where people sign in.
    public func departure(redirectURI: String, state: String) async throws(OpenIDError) -> Departure {
        let endpoint = try await metadata.value().authorizationEndpoint
        let nonce = RandomText.make()
        let verifier = settings.usesPKCE ? RandomText.make() : nil
        var parameters = [
            ("response_type", "code"), ("client_id", settings.clientID), ("redirect_uri", redirectURI),
            ("scope", settings.scopes.joined(separator: " ")), ("state", state), ("nonce", nonce),
        ]
        if let verifier {
            parameters.append(("code_challenge", CodeChallenge.challenge(verifier: verifier)))
            parameters.append(("code_challenge_method", "S256"))
        }
        let separator = endpoint.contains("?") ? "&" : "?"
        return Departure(
            url: "\(endpoint)\(separator)\(ProviderURL.encoded(parameters))", nonce: nonce, codeVerifier: verifier)
    }

    // MARK: The way back

    /// Who has signed in. Throws `OpenIDError` for whatever is not as the specification and the settings want it.
    public func identity(_ arrival: Arrival) async throws(OpenIDError) -> ProviderIdentity {
        let metadata = try await metadata.value()
        let answer = try await exchange(arrival, metadata)
        guard let idToken = answer["id_token"]?.string else {
            throw OpenIDError(.noIDToken, "the token endpoint gave no id token")
        }
        let accessToken = answer["access_token"]?.string
        var claims = try await verified(idToken, accessToken: accessToken, nonce: arrival.nonce, metadata)
        if !ProviderIdentity.isComplete(claims, settings), let accessToken, let endpoint = metadata.userInfoEndpoint {
            claims = try await completed(claims, accessToken: accessToken, endpoint)
        }
        return try ProviderIdentity(claims: claims, settings: settings)
    }

    /// Section 3.1.3.1, with the client's proof of section 9.
    private func exchange(_ arrival: Arrival, _ metadata: ProviderMetadata) async throws(OpenIDError) -> JSONValue {
        var parameters = [
            ("grant_type", "authorization_code"), ("code", arrival.code), ("redirect_uri", arrival.redirectURI),
        ]
        if let verifier = arrival.codeVerifier { parameters.append(("code_verifier", verifier)) }
        var authorization: String?
        switch settings.authentication {
        case .basic:
            // Each is encoded by itself first (RFC 6749, section 2.3.1).
            let secret = ProviderURL.encoded(settings.clientSecret?.revealed ?? "")
            let credentials = "\(ProviderURL.encoded(settings.clientID)):\(secret)"
            authorization = "Basic \(Base64.encode(Array(credentials.utf8)))"
        case .post:
            parameters += [("client_id", settings.clientID), ("client_secret", settings.clientSecret?.revealed ?? "")]
        case .none: parameters.append(("client_id", settings.clientID))
        case .assertion:
            parameters += [
                ("client_id", settings.clientID),
                ("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"),
                ("client_assertion", try await assertion()),
            ]
        }
        let response = try await transport.send(
            ProviderRequest(
                url: metadata.tokenEndpoint, authorization: authorization, form: ProviderURL.encoded(parameters)))
        let answer = JSONValue(parsing: response.body)
        guard response.status == 200, let answer, answer.object != nil else {
            throw OpenIDError(.provider, "the token endpoint answered \(response.status)\(Self.shownError(answer))")
        }
        return answer
    }

    /// Who keeps the file fresh may have written it a moment ago.
    private func assertion() async throws(OpenIDError) -> String {
        guard let path = settings.assertionFile, let bytes = FileManager.default.contents(atPath: path),
            bytes.count <= 64 << 10, let text = String(data: bytes, encoding: .utf8)
        else { throw OpenIDError(.provider, "the client assertion's file cannot be read") }
        let assertion = text.filter { !$0.isWhitespace }
        guard !assertion.isEmpty else { throw OpenIDError(.provider, "the client assertion's file is empty") }
        return assertion
    }

    private func verified(
        _ text: String, accessToken: String?, nonce: String, _ metadata: ProviderMetadata
    ) async throws(OpenIDError) -> JSONValue {
        let token = try SignedToken(text)
        var known = try await keys.value()
        // A provider that has changed its keys: asked again, but not for every made-up id.
        if !token.mayBeSigned(by: known), let renewed = try await keys.renewed(interval: Self.minute) {
            known = renewed
        }
        let claims = try token.claims(signedBy: known)
        let rules = IDTokenRules(
            metadata: metadata, clientID: settings.clientID, nonce: nonce, algorithm: token.algorithm,
            accessToken: accessToken, now: Double(now()) / Double(Timestamp.nanosecondsPerSecond))
        try rules.check(claims)
        return claims
    }

    /// Section 5.3: what the id token lacks; what it says counts more.
    private func completed(
        _ claims: JSONValue, accessToken: String, _ endpoint: String
    ) async throws(OpenIDError) -> JSONValue {
        let response = try await transport.send(
            ProviderRequest(url: endpoint, authorization: "Bearer \(accessToken)", form: nil))
        guard response.status == 200, let information = JSONValue(parsing: response.body)?.object else {
            throw OpenIDError(.provider, "the user info endpoint answered \(response.status) or no JSON object")
        }
        guard let subject = claims["sub"], information["sub"] == subject else {
            throw OpenIDError(.failed, "the user info is of another subject")
        }
        return .object(information.merging(claims.object ?? [:]) { $1 })
    }

    private static func document(
        _ url: String, _ transport: any ProviderTransport
    ) async throws(OpenIDError) -> JSONValue {
        let response = try await transport.send(ProviderRequest(url: url))
        guard response.status == 200, let document = JSONValue(parsing: response.body), document.object != nil else {
            throw OpenIDError(.provider, "\(ProviderURL.shown(url)) answered \(response.status) or no JSON object")
        }
        return document
    }

    /// The error's name (RFC 6749, section 5.2) has few characters; whatever else stands there is not repeated.
    private static func shownError(_ answer: JSONValue?) -> String {
        guard let name = answer?["error"]?.string, name.utf8.count <= 60,
            name.utf8.allSatisfy({ $0 == UInt8(ascii: "_") || Character(Unicode.Scalar($0)).isLetter })
        else { return "" }
        return " (\(name))"
    }
}
