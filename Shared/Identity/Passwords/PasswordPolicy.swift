import Domain

/// What a person's password must be like.
public struct PasswordPolicy: Sendable, Equatable {
    public enum Rule: Hashable, Sendable, CaseIterable {
        case empty
        case whiteSpace
        case notASCII
        case tooShort
        case noDigit
        case noLowercaseLetter
        case noUppercaseLetter
        case noSymbol
    }

    public static let symbols = "!@#$%^&*()_+"

    /// Asks for twelve characters of four kinds (`PHOENIX_ENABLE_STRONG_PASSWORD_POLICY`).
    public let isStrong: Bool

    public init(isStrong: Bool) {
        self.isStrong = isStrong
    }

    public var lengthMin: Int { isStrong ? 12 : 4 }

    /// All rules that a password breaks; none if it is good.
    public func check(_ password: Secret) -> [Rule] {
        let scalars = password.revealed.unicodeScalars
        return Rule.allCases.filter { rule in
            switch rule {
            case .empty: scalars.isEmpty
            case .whiteSpace: scalars.contains(where: \.properties.isWhitespace)
            case .notASCII: !scalars.allSatisfy(\.isASCII)
            case .tooShort: scalars.count < lengthMin
            case .noDigit: isStrong && !scalars.contains { ("0"..."9").contains($0) }
            case .noLowercaseLetter: isStrong && !scalars.contains { ("a"..."z").contains($0) }
            case .noUppercaseLetter: isStrong && !scalars.contains { ("A"..."Z").contains($0) }
            case .noSymbol: isStrong && !scalars.contains(where: Self.symbols.unicodeScalars.contains)
            }
        }
    }

    /// Says what would be right.
    public func describe(_ rule: Rule) -> String {
        switch rule {
        case .empty: "must not be empty"
        case .whiteSpace: "must not have white space"
        case .notASCII: "must have ASCII characters only"
        case .tooShort: "must have at least \(lengthMin) characters"
        case .noDigit: "must have a digit"
        case .noLowercaseLetter: "must have a lowercase letter"
        case .noUppercaseLetter: "must have an uppercase letter"
        case .noSymbol: "must have one of \(Self.symbols)"
        }
    }
}
