import Domain

/// A password as Phoenix stores it: PBKDF2-HMAC-SHA256 with 10,000 iterations, too few for today. It can be checked, to
/// let its owner in once more and hash anew; there is no way to make one.
public struct LegacyPasswordHash: Sendable {
    static let iterations = 10_000
    private static let size = 32

    private let salt: [UInt8]
    private let hash: [UInt8]

    /// Takes the two columns; nil unless both have 32 bytes.
    public init?(salt: [UInt8], hash: [UInt8]) {
        guard salt.count == Self.size, hash.count == Self.size else { return nil }
        self.salt = salt
        self.hash = hash
    }

    /// Whether the password is the one that was hashed; takes the same time for each wrong one.
    public func matches(_ password: Secret) -> Bool {
        let computed = PBKDF2.derive(from: password, salt: salt, iterations: Self.iterations, count: Self.size)
        return ConstantTime.isEqual(computed, hash)
    }
}
