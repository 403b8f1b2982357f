import Crypto

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// Signatures that only the provider can make (RFC 7518, section 3.1; RFC 8037). There is no `none`, and nothing with a
/// shared secret: a public key must never pass for one.
enum SignatureAlgorithm: String, Sendable, CaseIterable {
    case rs256 = "RS256"
    case rs384 = "RS384"
    case rs512 = "RS512"
    case ps256 = "PS256"
    case ps384 = "PS384"
    case ps512 = "PS512"
    case es256 = "ES256"
    case es384 = "ES384"
    case es512 = "ES512"
    case edDSA = "EdDSA"

    /// The `at_hash` of an access token: the left half of its hash (OpenID Connect Core, section 3.1.3.6).
    func halfHash(_ text: String) -> [UInt8] {
        let bytes = Data(text.utf8)
        let hash =
            switch self {
            case .rs256, .ps256, .es256: Array(SHA256.hash(data: bytes))
            case .rs384, .ps384, .es384: Array(SHA384.hash(data: bytes))
            case .rs512, .ps512, .es512, .edDSA: Array(SHA512.hash(data: bytes))
            }
        return Array(hash.prefix(hash.count / 2))
    }
}
