/// Which row of the database a token stands for. All else about it (whose it is, until when it holds) is in that row.
public struct TokenID: Hashable, Sendable, CustomStringConvertible {
    public enum Kind: String, Sendable, CaseIterable {
        case passwordReset = "PasswordResetToken"
        case access = "AccessToken"
        case refresh = "RefreshToken"
        case apiKey = "ApiKey"
    }

    public let kind: Kind
    public let number: Int64

    public init(_ kind: Kind, _ number: Int64) {
        self.kind = kind
        self.number = number
    }

    /// Reads `Kind:number` as `description` writes it; nil for any other spelling.
    public init?(_ text: some StringProtocol) {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 2, let kind = Kind(rawValue: String(parts[0])), let number = Int64(parts[1]),
            number > 0, String(number) == parts[1]
        else { return nil }
        self.init(kind, number)
    }

    public var description: String { "\(kind.rawValue):\(number)" }
}
