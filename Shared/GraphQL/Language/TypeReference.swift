/// A type as a document writes it: a name, a list or either of them that is never null (October 2021, 2.11).
public indirect enum TypeReference: Sendable {
    case named(Name)
    case list(TypeReference, location: Int32)
    case nonNull(TypeReference)

    /// Byte offset of the first character in the document's UTF-8 text.
    public var location: Int32 {
        switch self {
        case .named(let name): name.location
        case .list(_, let location): location
        case .nonNull(let inner): inner.location
        }
    }

    /// The name inside all lists and exclamation marks.
    public var namedType: Name {
        switch self {
        case .named(let name): name
        case .list(let inner, _), .nonNull(let inner): inner.namedType
        }
    }
}

extension TypeReference: CustomStringConvertible {
    /// The type in the document's notation, such as `[Int!]!`.
    public var description: String {
        switch self {
        case .named(let name): name.text
        case .list(let inner, _): "[\(inner)]"
        case .nonNull(let inner): "\(inner)!"
        }
    }
}
