/// What stands between braces (October 2021, 2.4).
public final class SelectionSet: Sendable {
    public let selections: [Selection]
    /// Byte offset of the opening brace.
    public let location: Int32

    public init(selections: [Selection], location: Int32) {
        self.selections = selections
        self.location = location
    }
}

/// One entry of a selection set.
public enum Selection: Sendable {
    case field(FieldSelection)
    case fragmentSpread(FragmentSpread)
    case inlineFragment(InlineFragment)

    /// Byte offset of the first character in the document's UTF-8 text.
    public var location: Int32 {
        switch self {
        case .field(let field): field.location
        case .fragmentSpread(let spread): spread.location
        case .inlineFragment(let fragment): fragment.location
        }
    }

    public var directives: [Directive] {
        switch self {
        case .field(let field): field.directives
        case .fragmentSpread(let spread): spread.directives
        case .inlineFragment(let fragment): fragment.directives
        }
    }
}

/// A field that a document asks for (October 2021, 2.5).
public final class FieldSelection: Sendable {
    public let alias: Name?
    public let name: Name
    public let arguments: [Argument]
    public let directives: [Directive]
    public let selectionSet: SelectionSet?

    /// Byte offset of the alias, or of the name where there is none.
    public var location: Int32 { alias?.location ?? name.location }

    /// The key under which the answer carries the field: the alias, or else the name.
    public var responseKey: String { alias?.text ?? name.text }

    public init(
        alias: Name?, name: Name, arguments: [Argument], directives: [Directive], selectionSet: SelectionSet?
    ) {
        self.alias = alias
        self.name = name
        self.arguments = arguments
        self.directives = directives
        self.selectionSet = selectionSet
    }
}

/// A use of a named fragment: `...Name`.
public final class FragmentSpread: Sendable {
    public let name: Name
    public let directives: [Directive]
    /// Byte offset of the three dots.
    public let location: Int32

    public init(name: Name, directives: [Directive], location: Int32) {
        self.name = name
        self.directives = directives
        self.location = location
    }
}

/// A fragment written in place: `... on Type { }` or `... { }`.
public final class InlineFragment: Sendable {
    public let typeCondition: Name?
    public let directives: [Directive]
    public let selectionSet: SelectionSet
    /// Byte offset of the three dots.
    public let location: Int32

    public init(typeCondition: Name?, directives: [Directive], selectionSet: SelectionSet, location: Int32) {
        self.typeCondition = typeCondition
        self.directives = directives
        self.selectionSet = selectionSet
        self.location = location
    }
}

/// A named value given to a field or a directive (October 2021, 2.6).
public struct Argument: Sendable {
    public let name: Name
    public let value: Value

    public var location: Int32 { name.location }

    public init(name: Name, value: Value) {
        self.name = name
        self.value = value
    }
}

/// A directive where it is used (October 2021, 2.12).
public struct Directive: Sendable {
    public let name: Name
    public let arguments: [Argument]
    /// Byte offset of the `@`.
    public let location: Int32

    public init(name: Name, arguments: [Argument], location: Int32) {
        self.name = name
        self.arguments = arguments
        self.location = location
    }
}
