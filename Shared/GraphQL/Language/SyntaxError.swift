/// Why a text is no document, and the byte where that shows.
struct SyntaxError: Error {
    let message: String
    let offset: Int

    init(_ message: String, at offset: Int) {
        self.message = message
        self.offset = offset
    }

    /// The error as an answer carries it.
    func reported(in source: Source) -> GraphQLError {
        GraphQLError(message: "Syntax Error: \(message)", locations: [source.location(of: Int32(offset))])
    }
}
