/// What can be searched for in a span: its name and the beginnings of its input and output, in one case.
enum SearchText {
    // An index of trigrams has nothing for less.
    static let indexedNeedleMin = 3

    static func of(name: String, input: String?, output: String?) -> String {
        folded([name, input, output].compactMap { $0 }.joined(separator: "\n"))
    }

    /// Every letter in lower case, as Unicode has it.
    static func folded(_ text: String) -> String {
        text.lowercased()
    }

    // Of a long text, the first trigrams leave little to look at.
    private static let trigramsMax = 40

    /// A query of SQLite's FTS5 for what has every trigram of a text, which may still stand in another order. The text
    /// has three characters or more.
    static func trigramQuery(_ text: String) -> String {
        let scalars = Array(text.unicodeScalars)
        let starts = 0...max(0, min(scalars.count - indexedNeedleMin, trigramsMax))
        return Set(starts.map { String(String.UnicodeScalarView(scalars[$0..<min($0 + 3, scalars.count)])) })
            .sorted().map { "\"\($0.replacing("\"", with: "\"\""))\"" }.joined(separator: " AND ")
    }
}
