import Domain

/// What `PHOENIX_SECRET` and `PHOENIX_ADMIN_SECRET` must be like.
public enum SecretPolicy {
    public enum Rule: Hashable, Sendable, CaseIterable, CustomStringConvertible {
        case tooShort
        case noDigit
        case noLowercaseLetter
        case notASCII
        case whiteSpace

        /// Says what would be right, and nothing about the value.
        public var description: String {
            switch self {
            case .tooShort: "must have at least \(SecretPolicy.lengthMin) characters"
            case .noDigit: "must have a digit"
            case .noLowercaseLetter: "must have a lowercase letter"
            case .notASCII: "must have ASCII characters only"
            case .whiteSpace: "must not have white space"
            }
        }
    }

    public static let lengthMin = 32

    /// All rules that a secret breaks; none if it is good.
    public static func check(_ secret: Secret) -> [Rule] {
        let scalars = secret.revealed.unicodeScalars
        return Rule.allCases.filter { rule in
            switch rule {
            case .tooShort: scalars.count < lengthMin
            case .noDigit: !scalars.contains { ("0"..."9").contains($0) }
            case .noLowercaseLetter: !scalars.contains { ("a"..."z").contains($0) }
            case .notASCII: !scalars.allSatisfy(\.isASCII)
            case .whiteSpace: scalars.contains(where: \.properties.isWhitespace)
            }
        }
    }
}
