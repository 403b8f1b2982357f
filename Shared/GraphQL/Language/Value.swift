/// A literal or a variable where the grammar takes a value (October 2021, 2.9). Locations are byte offsets of the first
/// character.
public indirect enum Value: Sendable {
    case null(location: Int32)
    case boolean(Bool, location: Int32)
    /// The digits as written: they need not fit a machine integer.
    case int(String, location: Int32)
    /// The number as written.
    case float(String, location: Int32)
    /// The string with escapes resolved, or a block string's lines without their common indentation.
    case string(String, block: Bool, location: Int32)
    case enumValue(String, location: Int32)
    case list([Value], location: Int32)
    case object([ObjectField], location: Int32)
    /// A variable's name without the dollar sign.
    case variable(String, location: Int32)

    /// Byte offset of the first character in the document's UTF-8 text.
    public var location: Int32 {
        switch self {
        case .null(let location), .boolean(_, let location), .int(_, let location), .float(_, let location),
            .string(_, _, let location), .enumValue(_, let location), .list(_, let location),
            .object(_, let location), .variable(_, let location):
            location
        }
    }
}

/// One field of an input object literal.
public struct ObjectField: Sendable {
    public let name: Name
    public let value: Value

    public var location: Int32 { name.location }

    public init(name: Name, value: Value) {
        self.name = name
        self.value = value
    }
}
