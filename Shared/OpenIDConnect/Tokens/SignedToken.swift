import Identity
import JMESPath

/// A JSON Web Token whose signature is still to be checked (RFC 7515, section 7.1). Until then its claims are anybody's.
struct SignedToken: Sendable {
    /// Longer ones are no id tokens.
    private static let lengthMax = 64 << 10

    let algorithm: SignatureAlgorithm
    let keyID: String?
    private let message: [UInt8]
    private let signature: [UInt8]
    private let payload: JSONValue

    init(_ text: String) throws(OpenIDError) {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard text.utf8.count <= Self.lengthMax, parts.count == 3,
            let header = Base64URL.decode(parts[0]).flatMap({ JSONValue(parsing: $0) }),
            let payload = Base64URL.decode(parts[1]).flatMap({ JSONValue(parsing: $0) }), payload.object != nil,
            let signature = Base64URL.decode(parts[2])
        else { throw OpenIDError(.failed, "the id token is malformed") }
        guard let algorithm = header["alg"]?.string.flatMap(SignatureAlgorithm.init) else {
            throw OpenIDError(.failed, "the id token's algorithm is not one that only the provider can sign with")
        }
        // An extension that must be understood, and none is (RFC 7515, section 4.1.11).
        guard header["crit"] == nil else { throw OpenIDError(.failed, "the id token asks for an unknown extension") }
        self.algorithm = algorithm
        self.payload = payload
        self.signature = signature
        keyID = header["kid"]?.string
        message = Array(text.utf8.prefix(parts[0].utf8.count + 1 + parts[1].utf8.count))
    }

    /// Whether one of the keys may have signed it.
    func mayBeSigned(by keys: [JSONWebKey]) -> Bool { keys.contains { $0.fits(algorithm, id: keyID) } }

    /// The claims, if one of the keys signed them.
    func claims(signedBy keys: [JSONWebKey]) throws(OpenIDError) -> JSONValue {
        let candidates = keys.filter { $0.fits(algorithm, id: keyID) }.prefix(10)
        guard !candidates.isEmpty else {
            throw OpenIDError(.failed, "the id token is signed by a key that the provider does not have")
        }
        guard candidates.contains(where: { $0.verifies(signature, of: message, by: algorithm) }) else {
            throw OpenIDError(.failed, "the id token's signature is wrong")
        }
        return payload
    }
}
