import Crypto
import Domain
import Identity
import JMESPath

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// What a sign-in carries through the provider and back, signed with the deployment's secret so that any replica can
/// answer (RFC 6749, section 10.12).
public struct SignInState: Sendable, Equatable {
    /// How long somebody may take at the provider, in seconds.
    public static let lifetime: Int64 = 900
    private static let header = Base64URL.encode(Array(#"{"alg":"HS256","typ":"JWT"}"#.utf8))

    public var random: String
    /// The provider: one's state is not to be taken at another's callback.
    public var provider: String
    /// Scheme, host and port that the callback comes back to.
    public var origin: String
    /// Where the person wanted to go: a path.
    public var returnURL: String?

    public init(provider: String, origin: String, returnURL: String?) {
        random = RandomText.make()
        self.provider = provider
        self.origin = origin
        self.returnURL = returnURL
    }

    /// - Parameter now: nanoseconds since 1970.
    public func signed(with secret: Secret, now: Int64) -> String {
        var claims: [String: JSONValue] = [
            "random": .string(random), "idp": .string(provider), "origin_url": .string(origin),
            "exp": .integer(now / Timestamp.nanosecondsPerSecond + Self.lifetime),
        ]
        claims["return_url"] = returnURL.map(JSONValue.string)
        let message = "\(Self.header).\(Base64URL.encode(Array(JSONValue.object(claims).text.utf8)))"
        let code = HMAC<SHA256>.authenticationCode(for: Data(message.utf8), using: Self.key(secret))
        return "\(message).\(Base64URL.encode(Array(code)))"
    }

    /// Reads what `signed` gives; throws `invalidState` for anything else and for what is too old.
    public init(_ text: String, secret: Secret, now: Int64) throws(OpenIDError) {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        // The header is ours to the byte, so that it cannot ask for anything.
        guard text.utf8.count <= 8_192, parts.count == 3, parts[0] == Self.header,
            let code = Base64URL.decode(parts[2]),
            HMAC<SHA256>.isValidAuthenticationCode(
                code, authenticating: Data("\(parts[0]).\(parts[1])".utf8), using: Self.key(secret)),
            let claims = Base64URL.decode(parts[1]).flatMap({ JSONValue(parsing: $0) }),
            let random = claims["random"]?.string, let provider = claims["idp"]?.string,
            let origin = claims["origin_url"]?.string, case .integer(let expiry)? = claims["exp"]
        else { throw OpenIDError(.invalidState, "the state is not one of ours") }
        guard now / Timestamp.nanosecondsPerSecond < expiry else {
            throw OpenIDError(.invalidState, "the state is too old")
        }
        self.random = random
        self.provider = provider
        self.origin = origin
        returnURL = claims["return_url"]?.string
    }

    private static func key(_ secret: Secret) -> SymmetricKey { SymmetricKey(data: Data(secret.revealed.utf8)) }
}

/// Where somebody may be sent after signing in.
public enum ReturnURL {
    /// A path of our own: `/`, followed by nothing or a letter, digit or `_`, so that it cannot name another host.
    public static func isSafe(_ text: String) -> Bool {
        guard text.first == "/", text.utf8.count <= 2_048,
            text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "\\") })
        else { return false }
        guard let second = text.dropFirst().first else { return true }
        return second.isASCII && (second.isLetter || second.isNumber || second == "_")
    }
}

/// Text that nobody can guess: 256 bits.
public enum RandomText {
    public static func make() -> String {
        Base64URL.encode(SymmetricKey(size: .bits256).withUnsafeBytes { Array($0) })
    }
}

/// Proof that the code is used by who asked for it (PKCE, RFC 7636), with S256.
enum CodeChallenge {
    static func challenge(verifier: String) -> String {
        Base64URL.encode(Array(SHA256.hash(data: Data(verifier.utf8))))
    }
}
