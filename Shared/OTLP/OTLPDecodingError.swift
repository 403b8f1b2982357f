/// Why bytes are no OTLP request, and where that shows.
public struct OTLPDecodingError: Error, Equatable, Sendable, CustomStringConvertible {
    public enum Reason: Equatable, Sendable {
        /// The bytes end inside a field.
        case truncated
        /// A varint has more than ten bytes.
        case malformedVarint
        /// Field number 0, a wire type that does not exist, or a group that does not end.
        case malformedTag
        /// Groups or JSON values nested deeper than any exporter nests them.
        case nestedTooDeeply
        /// More than can be addressed in one batch, or a request made to grow when decoded.
        case tooLarge
        /// No well-formed JSON (RFC 8259).
        case malformedJSON
        /// A JSON value of a type that the named field does not take.
        case wrongType(field: String)
        /// A number in JSON that the named field has no room for, or a fraction where it takes whole numbers only.
        case outOfRange(field: String)
        /// A field that comes twice in an object of JSON.
        case repeatedField(String)
    }

    public let reason: Reason
    /// Bytes before the place where reading stopped.
    public let offset: Int

    public init(_ reason: Reason, offset: Int) {
        self.reason = reason
        self.offset = offset
    }

    public var description: String { "\(explanation) at byte \(offset)" }

    private var explanation: String {
        switch reason {
        case .truncated: "the request ends inside a field"
        case .malformedVarint: "malformed varint"
        case .malformedTag: "malformed field tag"
        case .nestedTooDeeply: "nested too deeply"
        case .tooLarge: "the request is too large when decoded"
        case .malformedJSON: "malformed JSON"
        case .wrongType(let field): "wrong type of value for \(field)"
        case .outOfRange(let field): "a number that \(field) cannot be"
        case .repeatedField(let field): "\(field) twice in one object"
        }
    }
}
