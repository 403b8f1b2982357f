/// The mail address of an account, in the one spelling in which it is stored and compared: without white space around it
/// and in lowercase.
public struct EmailAddress: Hashable, Sendable, CustomStringConvertible {
    /// The account that every new installation has.
    public static let defaultAdmin = EmailAddress(trusted: "admin@localhost")
    /// The account that acts for the server itself.
    public static let system = EmailAddress(trusted: "system@localhost")

    public let text: String

    /// Takes what looks like `x@y.z`, and the two built-in addresses; nil for anything else.
    public init?(_ text: some StringProtocol) {
        let normalised = Self.normalise(text)
        guard Self.isPlausible(normalised) || [Self.defaultAdmin.text, Self.system.text].contains(normalised) else {
            return nil
        }
        self.text = normalised
    }

    private init(trusted text: String) {
        self.text = text
    }

    public var description: String { text }

    /// What a person typed, as it would be stored. What nobody may sign up with can be looked up all the same.
    public static func normalise(_ text: some StringProtocol) -> String {
        let scalars = text.unicodeScalars
        let isSpace = { (scalar: Unicode.Scalar) in scalar.properties.isWhitespace }
        guard let first = scalars.firstIndex(where: { !isSpace($0) }),
            let last = scalars.lastIndex(where: { !isSpace($0) })
        else { return "" }
        return String(String.UnicodeScalarView(scalars[first...last])).lowercased()
    }

    // One `@` with something before it, and after it a dot with something on both sides; no white space.
    private static func isPlausible(_ text: String) -> Bool {
        let parts = text.split(separator: "@", omittingEmptySubsequences: false)
        guard parts.count == 2, !parts[0].isEmpty,
            !text.unicodeScalars.contains(where: \.properties.isWhitespace)
        else { return false }
        return parts[1].dropFirst().dropLast().contains(".")
    }
}
