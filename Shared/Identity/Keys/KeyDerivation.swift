import Crypto
import Domain

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// Keys for single purposes out of the deployment's one secret (HKDF-SHA256, RFC 5869), so that no two uses share a key
/// and none of them reveals the secret.
public enum KeyDerivation {
    private static let salt = Data("bennu key derivation v1".utf8)

    /// A key for one purpose; the same secret and purpose always give the same key. `count` is in bytes, at most 8,160.
    public static func key(from secret: Secret, purpose: String, count: Int = 32) -> SymmetricKey {
        HKDF<SHA256>.deriveKey(
            inputKeyMaterial: SymmetricKey(data: Data(secret.revealed.utf8)), salt: salt, info: Data(purpose.utf8),
            outputByteCount: count)
    }
}
