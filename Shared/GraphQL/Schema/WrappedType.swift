/// A type as a field, argument or variable names it: a named type in any number of lists and non-nulls (October 2021,
/// 3.4.1).
public indirect enum WrappedType: Sendable, Hashable {
    case named(String)
    case list(WrappedType)
    case nonNull(WrappedType)

    /// The name inside all wrapping.
    public var name: String {
        switch self {
        case .named(let name): name
        case .list(let inner), .nonNull(let inner): inner.name
        }
    }

    public var isNonNull: Bool {
        if case .nonNull = self { return true }
        return false
    }

    /// The same type without the outermost non-null.
    public var nullable: WrappedType {
        if case .nonNull(let inner) = self { return inner }
        return self
    }

    /// The items' type where this is a list, null or not.
    public var item: WrappedType? {
        if case .list(let item) = nullable { return item }
        return nil
    }
}

extension WrappedType: CustomStringConvertible {
    /// As a document writes it: `[String!]!`.
    public var description: String {
        switch self {
        case .named(let name): name
        case .list(let inner): "[\(inner)]"
        case .nonNull(let inner): "\(inner)!"
        }
    }
}
