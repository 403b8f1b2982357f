/// A name as it stands in a document (October 2021, 2.1.9).
public struct Name: Sendable, Hashable {
    public let text: String
    /// Byte offset of the first character in the document's UTF-8 text.
    public let location: Int32

    public init(_ text: String, at location: Int32) {
        self.text = text
        self.location = location
    }
}
