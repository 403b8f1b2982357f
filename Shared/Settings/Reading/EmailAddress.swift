/// A mail address, trimmed and lowercase. It is valid when it looks like `x@y.z`.
public struct EmailAddress: Sendable, Hashable, CustomStringConvertible {
    public let text: String

    public init?(_ text: some StringProtocol) {
        let trimmed = text.trimmingSpaces.lowercased()
        let pieces = trimmed.split(separator: "@", omittingEmptySubsequences: false)
        guard pieces.count == 2, !pieces[0].isEmpty, !trimmed.contains(where: \.isWhitespace) else { return nil }
        let labels = pieces[1].split(separator: ".", omittingEmptySubsequences: false)
        guard labels.count > 1, labels.allSatisfy({ !$0.isEmpty }) else { return nil }
        self.text = trimmed
    }

    public var description: String { text }
}
