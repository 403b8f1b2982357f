import Crypto
import Domain

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// Signs and reads Phoenix's tokens: JSON Web Tokens (RFC 7519) with HS256 (RFC 7518, section 3.2) under the deployment's
/// secret, whose one claim is the id of their row.
public struct TokenSigner: Sendable {
    public enum Refusal: Error, Equatable, Sendable {
        /// Not three parts in base64url, or not JSON where JSON must be.
        case malformed
        case wrongSignature
        /// The header asks for another algorithm than HS256, or for an extension that must be understood.
        case wrongHeader
        /// The claims are not exactly one well-formed `jti`.
        case wrongClaims
    }

    /// Longer texts are no tokens of ours, whatever is in them.
    private static let lengthMax = 1_024
    private static let header = Base64URL.encode(Array(#"{"alg":"HS256","typ":"JWT"}"#.utf8))

    private let key: SymmetricKey

    /// - Parameter secret: `PHOENIX_SECRET`, whose UTF-8 bytes are the key.
    public init(secret: Secret) {
        key = SymmetricKey(data: Data(secret.revealed.utf8))
    }

    public func sign(_ id: TokenID) -> Secret {
        let payload = Base64URL.encode(Array(#"{"jti":"\#(id)"}"#.utf8))
        let signed = "\(Self.header).\(payload)"
        let code = HMAC<SHA256>.authenticationCode(for: Data(signed.utf8), using: key)
        return Secret("\(signed).\(Base64URL.encode(Array(code)))")
    }

    /// The id that a token carries. That its row exists and has not expired is for the caller to see.
    public func verify(_ token: Secret) throws(Refusal) -> TokenID {
        let text = token.revealed
        guard text.utf8.count <= Self.lengthMax else { throw .malformed }
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 3, let header = Base64URL.decode(parts[0]), let payload = Base64URL.decode(parts[1]),
            let code = Base64URL.decode(parts[2])
        else { throw .malformed }
        // First of all, so that nothing is read that we have not written. The comparison takes constant time.
        let signed = Data("\(parts[0]).\(parts[1])".utf8)
        guard HMAC<SHA256>.isValidAuthenticationCode(code, authenticating: signed, using: key) else {
            throw .wrongSignature
        }
        try Self.check(header: header)
        return try Self.id(payload: payload)
    }

    private struct Header: Decodable {
        var alg: String
        var typ: String?
        var crit: [String]?
    }

    private static func check(header: [UInt8]) throws(Refusal) {
        guard let header = try? JSONDecoder().decode(Header.self, from: Data(header)) else { throw .malformed }
        guard header.alg == "HS256", header.crit == nil, header.typ.map({ $0.uppercased() == "JWT" }) ?? true else {
            throw .wrongHeader
        }
    }

    // Other tokens under the same secret carry other claims: none of them is to pass for one of these.
    private static func id(payload: [UInt8]) throws(Refusal) -> TokenID {
        guard let claims = try? JSONDecoder().decode([String: String].self, from: Data(payload)), claims.count == 1,
            let id = claims["jti"].flatMap({ TokenID($0) })
        else { throw .wrongClaims }
        return id
    }
}
