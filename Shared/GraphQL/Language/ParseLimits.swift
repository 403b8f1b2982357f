/// How much of a document the parser takes before it refuses it. What parses is small enough for everything that walks
/// the tree by recursion.
public struct ParseLimits: Sendable {
    /// Bytes of the UTF-8 text.
    public var maximumBytes: Int
    /// Tokens, comments not counted.
    public var maximumTokens: Int
    /// How deeply selection sets, lists, objects and list types may stand in each other.
    public var maximumDepth: Int

    public init(maximumBytes: Int = 1 << 20, maximumTokens: Int = 50_000, maximumDepth: Int = 200) {
        self.maximumBytes = maximumBytes
        self.maximumTokens = maximumTokens
        self.maximumDepth = maximumDepth
    }
}
