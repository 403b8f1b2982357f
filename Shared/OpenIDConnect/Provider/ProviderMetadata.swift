import JMESPath

/// What a provider says of itself (OpenID Connect Discovery 1.0, section 3).
struct ProviderMetadata: Sendable, Equatable {
    var issuer: String
    var authorizationEndpoint: String
    var tokenEndpoint: String
    var keysURL: String
    var userInfoEndpoint: String?
    /// Those of ours that the provider signs with; all of ours if it does not say.
    var algorithms: Set<SignatureAlgorithm>

    /// Throws for a document that lacks something, whose issuer is not at `discoveryURL`, or that sends us to addresses
    /// which are not encrypted.
    init(document: JSONValue, discoveryURL: String) throws(OpenIDError) {
        issuer = try Self.text("issuer", document)
        authorizationEndpoint = try Self.address("authorization_endpoint", document)
        tokenEndpoint = try Self.address("token_endpoint", document)
        keysURL = try Self.address("jwks_uri", document)
        userInfoEndpoint = document["userinfo_endpoint"] == nil ? nil : try Self.address("userinfo_endpoint", document)
        algorithms = Set(SignatureAlgorithm.allCases)
        if let named = document["id_token_signing_alg_values_supported"]?.array {
            algorithms = Set(named.compactMap(\.string).compactMap(SignatureAlgorithm.init))
        }
        guard Self.isIssuer(issuer, at: discoveryURL) else {
            throw OpenIDError(.provider, "\(discoveryURL) speaks for another issuer: \(issuer.prefix(200))")
        }
    }

    private static func text(_ name: String, _ document: JSONValue) throws(OpenIDError) -> String {
        guard let text = document[name]?.string, !text.isEmpty else {
            throw OpenIDError(.provider, "the discovery document has no \(name)")
        }
        return text
    }

    private static func address(_ name: String, _ document: JSONValue) throws(OpenIDError) -> String {
        let address = try text(name, document)
        guard ProviderURL.isTrustworthy(address) else {
            throw OpenIDError(.provider, "the discovery document's \(name) is no encrypted address")
        }
        return address
    }

    /// The document's address is the issuer's with a known ending (section 4.3). Microsoft's tenants may be named by a word
    /// or by `common`, while their issuer has an id: there the host must be Microsoft's own.
    private static func isIssuer(_ issuer: String, at discoveryURL: String) -> Bool {
        let expected = "\(ProviderURL.withoutSlashAtEnd(issuer))/.well-known/openid-configuration"
        if discoveryURL == expected { return true }
        guard let host = ProviderURL.host(discoveryURL),
            let issuerHost = ProviderURL.host(
                issuer.replacing("{tenantid}", with: "tenant")), issuer.hasPrefix("https://")
        else { return false }
        let microsoft: Set = [
            "login.microsoftonline.com", "login.microsoftonline.us", "login.partner.microsoftonline.cn",
        ]
        return microsoft.contains(host) && (issuerHost == host || issuerHost == "sts.windows.net")
    }

    /// The issuer that a token with these claims must name. For several tenants at once it holds the token's own tenant.
    func issuer(for claims: JSONValue) -> String? {
        guard issuer.contains("{tenantid}") else { return issuer }
        guard let tenant = claims["tid"]?.string, tenant.utf8.count == 36,
            tenant.utf8.allSatisfy({ $0 == UInt8(ascii: "-") || Character(Unicode.Scalar($0)).isHexDigit })
        else { return nil }
        return issuer.replacing("{tenantid}", with: tenant)
    }
}
