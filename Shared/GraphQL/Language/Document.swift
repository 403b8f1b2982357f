/// A parsed document: its definitions in the order of the text (October 2021, 2.2).
public struct Document: Sendable {
    public let definitions: [Definition]
    public let source: Source

    public init(definitions: [Definition], source: Source) {
        self.definitions = definitions
        self.source = source
    }

    /// The operations in the order of the text.
    public var operations: [OperationDefinition] {
        definitions.compactMap { definition in
            guard case .operation(let operation) = definition else { return nil }
            return operation
        }
    }

    /// The fragments in the order of the text.
    public var fragments: [FragmentDefinition] {
        definitions.compactMap { definition in
            guard case .fragment(let fragment) = definition else { return nil }
            return fragment
        }
    }
}

/// What stands at the top of a document.
public enum Definition: Sendable {
    case operation(OperationDefinition)
    case fragment(FragmentDefinition)
    case typeSystem(TypeSystemDefinition)

    /// Byte offset of the first character in the document's UTF-8 text.
    public var location: Int32 {
        switch self {
        case .operation(let operation): operation.location
        case .fragment(let fragment): fragment.location
        case .typeSystem(let definition): definition.location
        }
    }
}

/// Which of the schema's root types an operation starts from.
public enum OperationKind: String, Sendable, Hashable, CaseIterable {
    case query, mutation, subscription
}

/// A query, a mutation or a subscription (October 2021, 2.3).
///
/// The executable nodes are classes so that passing them around costs one reference count; they never change, and
/// `===` tells two places of one document apart.
public final class OperationDefinition: Sendable {
    public let kind: OperationKind
    public let name: Name?
    public let variableDefinitions: [VariableDefinition]
    public let directives: [Directive]
    public let selectionSet: SelectionSet
    public let location: Int32

    public init(
        kind: OperationKind, name: Name?, variableDefinitions: [VariableDefinition], directives: [Directive],
        selectionSet: SelectionSet, location: Int32
    ) {
        self.kind = kind
        self.name = name
        self.variableDefinitions = variableDefinitions
        self.directives = directives
        self.selectionSet = selectionSet
        self.location = location
    }
}

/// A variable that an operation takes (October 2021, 2.10).
public struct VariableDefinition: Sendable {
    /// The name without the dollar sign; its location is that of the name.
    public let name: Name
    public let type: TypeReference
    public let defaultValue: Value?
    public let directives: [Directive]
    /// Byte offset of the dollar sign.
    public let location: Int32

    public init(
        name: Name, type: TypeReference, defaultValue: Value?, directives: [Directive], location: Int32
    ) {
        self.name = name
        self.type = type
        self.defaultValue = defaultValue
        self.directives = directives
        self.location = location
    }
}

/// A named fragment (October 2021, 2.8).
public final class FragmentDefinition: Sendable {
    public let name: Name
    public let typeCondition: Name
    public let directives: [Directive]
    public let selectionSet: SelectionSet
    public let location: Int32

    public init(
        name: Name, typeCondition: Name, directives: [Directive], selectionSet: SelectionSet, location: Int32
    ) {
        self.name = name
        self.typeCondition = typeCondition
        self.directives = directives
        self.selectionSet = selectionSet
        self.location = location
    }
}
