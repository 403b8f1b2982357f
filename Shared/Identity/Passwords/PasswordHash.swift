import Domain

/// A password as it is stored: PBKDF2-HMAC-SHA256 (RFC 8018, section 5.2) with its parameters beside it, so that they can
/// be raised without a migration. To compute one takes a tenth of a second on purpose: use `PasswordHasher`.
public struct PasswordHash: Sendable, Equatable {
    /// What new hashes get.
    public static let iterationsDefault = 600_000
    /// Fewer are never read: a stored text cannot weaken what protects it.
    static let iterationsMin = 100_000
    /// More are never read: a stored text cannot stop the service either.
    static let iterationsMax = 10_000_000
    private static let saltSize = 16
    private static let hashSize = 32
    private static let algorithm = "pbkdf2-sha256"

    let iterations: Int
    let salt: [UInt8]
    private let hash: [UInt8]

    /// Hashes a password with a random salt.
    public init(hashing password: Secret, iterations: Int = Self.iterationsDefault) {
        var generator = SystemRandomNumberGenerator()
        let salt = (0..<Self.saltSize).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
        self.init(hashing: password, salt: salt, iterations: iterations)
    }

    init(hashing password: Secret, salt: [UInt8], iterations: Int) {
        precondition((Self.iterationsMin...Self.iterationsMax).contains(iterations), "too few or too many iterations")
        self.iterations = iterations
        self.salt = salt
        hash = PBKDF2.derive(from: password, salt: salt, iterations: iterations, count: Self.hashSize)
    }

    /// Reads what `stored` has given; nil for anything else.
    public init?(stored text: String) {
        let parts = text.split(separator: "$", omittingEmptySubsequences: false)
        guard parts.count == 5, parts[0].isEmpty, parts[1] == Self.algorithm, parts[2].hasPrefix("i="),
            let iterations = Int(parts[2].dropFirst(2)), "i=\(iterations)" == parts[2],
            (Self.iterationsMin...Self.iterationsMax).contains(iterations),
            let salt = Base64URL.decode(parts[3]), salt.count >= Self.saltSize,
            let hash = Base64URL.decode(parts[4]), hash.count == Self.hashSize
        else { return nil }
        self.iterations = iterations
        self.salt = salt
        self.hash = hash
    }

    /// `$pbkdf2-sha256$i=600000$<salt>$<hash>`, both in base64url.
    public var stored: String {
        "$\(Self.algorithm)$i=\(iterations)$\(Base64URL.encode(salt))$\(Base64URL.encode(hash))"
    }

    /// Whether the password is the one that was hashed; takes the same time for each wrong one.
    public func matches(_ password: Secret) -> Bool {
        matches(password, iterations: iterations)
    }

    func matches(_ password: Secret, iterations: Int) -> Bool {
        let computed = PBKDF2.derive(from: password, salt: salt, iterations: iterations, count: Self.hashSize)
        return ConstantTime.isEqual(computed, hash)
    }

    /// Whether a new hash would be stronger: replace it when the password is at hand.
    public var isOutdated: Bool { iterations < Self.iterationsDefault }
}
