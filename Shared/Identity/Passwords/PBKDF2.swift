import CryptoExtras
import Domain

/// PBKDF2 with HMAC-SHA256 (RFC 8018, section 5.2).
enum PBKDF2 {
    static func derive(from password: Secret, salt: [UInt8], iterations: Int, count: Int) -> [UInt8] {
        do {
            // "Unchecked" refers to the number of iterations, which Phoenix's own hashes have too few of.
            let key = try KDF.Insecure.PBKDF2.deriveKey(
                from: Array(password.revealed.utf8), salt: salt, using: .sha256, outputByteCount: count,
                unsafeUncheckedRounds: iterations)
            return key.withUnsafeBytes { Array($0) }
        } catch {
            preconditionFailure("PBKDF2 fails only for want of memory: \(error)")
        }
    }
}
