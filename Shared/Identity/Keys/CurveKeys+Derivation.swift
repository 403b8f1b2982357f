import Crypto
import Domain

extension CurveKeys {
    /// The keys that all services of a deployment have in common because they know its secret.
    public static func derived(from secret: Secret) -> CurveKeys {
        CurveKeys(
            server: pair(from: secret, purpose: "messaging: CurveZMQ server"),
            client: pair(from: secret, purpose: "messaging: CurveZMQ client"))
    }

    private static func pair(from secret: Secret, purpose: String) -> Pair {
        var scalar = KeyDerivation.key(from: secret, purpose: purpose).withUnsafeBytes { Array($0) }
        // RFC 7748, section 5: every implementation clamps when it multiplies; a clamped key is the same to all of them.
        scalar[0] &= 248
        scalar[31] = scalar[31] & 127 | 64
        do {
            let key = try Curve25519.KeyAgreement.PrivateKey(rawRepresentation: scalar)
            return Pair(publicKey: Array(key.publicKey.rawRepresentation), secretKey: scalar)
        } catch {
            preconditionFailure("any 32 bytes are an X25519 key (RFC 7748, section 5)")
        }
    }
}
