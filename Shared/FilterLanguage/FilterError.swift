/// Why a filter is refused: what is wrong, with the offending piece, and where it stands.
public struct FilterError: Error, Sendable, Hashable {
    /// A sentence for the person who wrote the filter.
    public var message: String
    /// Where the offending piece begins, in Unicode scalars from 0.
    public var position: Int

    public init(_ message: String, position: Int) {
        self.message = message
        self.position = position
    }
}
