/// Why a sign-in through a provider failed. The text is for the log and never holds a token or a secret.
public struct OpenIDError: Error, Sendable, Hashable, CustomStringConvertible {
    public var description: String

    public init(_ description: String) {
        self.description = description
    }
}
