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

    // A piece of a filter is shown so that a person finds it, not so that it fills the screen.
    private static let shownMax = 60

    /// A piece of a filter in quotes, cut where it is long.
    static func shown(_ piece: String) -> String {
        let scalars = piece.unicodeScalars
        guard scalars.count > shownMax else { return "'\(piece)'" }
        return "'\(String(scalars.prefix(shownMax)))…'"
    }
}

extension FilterError: CustomStringConvertible {
    /// The message with the place, counted from 1 as people do.
    public var description: String { "\(message) (at character \(position + 1))" }
}
