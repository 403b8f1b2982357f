import Identity
import JMESPath

/// What an id token must say to be ours (OpenID Connect Core 1.0, section 3.1.3.7).
struct IDTokenRules {
    /// How far the provider's clock may be off, in seconds.
    static let skew = 60.0

    var metadata: ProviderMetadata
    var clientID: String
    var nonce: String
    var algorithm: SignatureAlgorithm
    /// The access token that came with it.
    var accessToken: String?
    /// Seconds since 1970.
    var now: Double

    /// Throws for the first rule that is broken.
    func check(_ claims: JSONValue) throws(OpenIDError) {
        guard metadata.algorithms.contains(algorithm) else {
            throw refusal("is signed as the provider says it never does")
        }
        guard let issuer = metadata.issuer(for: claims), claims["iss"]?.string == issuer else {
            throw refusal("is of another issuer")
        }
        try checkAudience(claims)
        try checkTimes(claims)
        guard let found = claims["nonce"]?.string, IDTokenRules.isEqual(found, nonce) else {
            throw refusal("is for another sign-in: its nonce differs")
        }
        guard let subject = claims["sub"]?.string, !subject.isEmpty, subject.utf8.count <= 255 else {
            throw refusal("names no subject")
        }
        if let hash = claims["at_hash"] {
            guard let accessToken, let text = hash.string,
                Base64URL.decode(text) == algorithm.halfHash(accessToken)
            else { throw refusal("belongs to another access token") }
        }
    }

    private func checkAudience(_ claims: JSONValue) throws(OpenIDError) {
        let audience = claims["aud"]
        let audiences = audience?.array?.compactMap(\.string) ?? audience?.string.map { [$0] } ?? []
        guard audiences.contains(clientID) else { throw refusal("is for another client") }
        guard let party = claims["azp"] else {
            guard audiences.count == 1 else { throw refusal("is for several clients and does not say which one asked") }
            return
        }
        guard party.string == clientID else { throw refusal("was asked for by another client") }
    }

    private func checkTimes(_ claims: JSONValue) throws(OpenIDError) {
        guard let expiry = claims["exp"]?.double, now < expiry + Self.skew else { throw refusal("has expired") }
        guard let issued = claims["iat"]?.double, issued <= now + Self.skew else { throw refusal("is of the future") }
        if let start = claims["nbf"] {
            guard let start = start.double, start <= now + Self.skew else { throw refusal("does not hold yet") }
        }
    }

    private func refusal(_ reason: String) -> OpenIDError { OpenIDError(.failed, "the id token \(reason)") }

    /// Takes the same time wherever the two differ.
    static func isEqual(_ left: String, _ right: String) -> Bool {
        let (left, right) = (Array(left.utf8), Array(right.utf8))
        guard left.count == right.count else { return false }
        return zip(left, right).reduce(UInt8(0)) { $0 | ($1.0 ^ $1.1) } == 0
    }
}
