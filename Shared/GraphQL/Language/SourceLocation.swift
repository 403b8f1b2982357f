/// A place in a document's text: lines and columns count from 1, columns in Unicode scalar values (October 2021, 7.1.2).
public struct SourceLocation: Sendable, Hashable {
    public var line: Int
    public var column: Int

    public init(line: Int, column: Int) {
        self.line = line
        self.column = column
    }
}
