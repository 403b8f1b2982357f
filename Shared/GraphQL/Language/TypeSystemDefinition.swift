/// A definition or an extension of the type system as a document writes it (October 2021, 3).
///
/// The nodes' names end in `Node`: the schema's own model of types has the plain names.
public indirect enum TypeSystemDefinition: Sendable {
    case schema(SchemaNode)
    case type(TypeNode)
    case directive(DirectiveNode)

    /// Byte offset of the first character, which is the description's where there is one.
    public var location: Int32 {
        switch self {
        case .schema(let node): node.location
        case .type(let node): node.location
        case .directive(let node): node.location
        }
    }
}

/// A string literal before a definition.
public struct DescriptionNode: Sendable {
    public let text: String
    public let block: Bool
    public let location: Int32

    public init(text: String, block: Bool, location: Int32) {
        self.text = text
        self.block = block
        self.location = location
    }
}

/// `schema { … }` or `extend schema …`.
public struct SchemaNode: Sendable {
    public struct RootOperation: Sendable {
        public let kind: OperationKind
        public let type: Name
        public let location: Int32

        public init(kind: OperationKind, type: Name, location: Int32) {
            self.kind = kind
            self.type = type
            self.location = location
        }
    }

    public let isExtension: Bool
    public let description: DescriptionNode?
    public let directives: [Directive]
    public let operations: [RootOperation]
    public let location: Int32

    public init(
        isExtension: Bool, description: DescriptionNode?, directives: [Directive], operations: [RootOperation],
        location: Int32
    ) {
        self.isExtension = isExtension
        self.description = description
        self.directives = directives
        self.operations = operations
        self.location = location
    }
}

/// The definition or extension of a named type.
public struct TypeNode: Sendable {
    /// What sort of type it is, with what only this sort has.
    public enum Body: Sendable {
        case scalar
        case object(interfaces: [Name], fields: [FieldDefinitionNode])
        case interface(interfaces: [Name], fields: [FieldDefinitionNode])
        case union(members: [Name])
        case enumeration(values: [EnumValueNode])
        case inputObject(fields: [InputValueNode])
    }

    public let isExtension: Bool
    public let description: DescriptionNode?
    public let name: Name
    public let directives: [Directive]
    public let body: Body
    public let location: Int32

    public init(
        isExtension: Bool, description: DescriptionNode?, name: Name, directives: [Directive], body: Body,
        location: Int32
    ) {
        self.isExtension = isExtension
        self.description = description
        self.name = name
        self.directives = directives
        self.body = body
        self.location = location
    }
}

/// A field of an object or interface type.
public struct FieldDefinitionNode: Sendable {
    public let description: DescriptionNode?
    public let name: Name
    public let arguments: [InputValueNode]
    public let type: TypeReference
    public let directives: [Directive]
    public let location: Int32

    public init(
        description: DescriptionNode?, name: Name, arguments: [InputValueNode], type: TypeReference,
        directives: [Directive], location: Int32
    ) {
        self.description = description
        self.name = name
        self.arguments = arguments
        self.type = type
        self.directives = directives
        self.location = location
    }
}

/// An argument of a field or directive, or a field of an input object.
public struct InputValueNode: Sendable {
    public let description: DescriptionNode?
    public let name: Name
    public let type: TypeReference
    public let defaultValue: Value?
    public let directives: [Directive]
    public let location: Int32

    public init(
        description: DescriptionNode?, name: Name, type: TypeReference, defaultValue: Value?,
        directives: [Directive], location: Int32
    ) {
        self.description = description
        self.name = name
        self.type = type
        self.defaultValue = defaultValue
        self.directives = directives
        self.location = location
    }
}

/// One value of an enum type.
public struct EnumValueNode: Sendable {
    public let description: DescriptionNode?
    public let name: Name
    public let directives: [Directive]
    public let location: Int32

    public init(description: DescriptionNode?, name: Name, directives: [Directive], location: Int32) {
        self.description = description
        self.name = name
        self.directives = directives
        self.location = location
    }
}

/// `directive @name(…) on …`.
public struct DirectiveNode: Sendable {
    public let description: DescriptionNode?
    public let name: Name
    public let arguments: [InputValueNode]
    public let isRepeatable: Bool
    /// Names of `DirectiveLocation`; the parser takes no others.
    public let locations: [Name]
    public let location: Int32

    public init(
        description: DescriptionNode?, name: Name, arguments: [InputValueNode], isRepeatable: Bool,
        locations: [Name], location: Int32
    ) {
        self.description = description
        self.name = name
        self.arguments = arguments
        self.isRepeatable = isRepeatable
        self.locations = locations
        self.location = location
    }
}

/// Where a directive may stand (October 2021, 3.13).
public enum DirectiveLocation: String, Sendable, Hashable, CaseIterable {
    case query = "QUERY"
    case mutation = "MUTATION"
    case subscription = "SUBSCRIPTION"
    case field = "FIELD"
    case fragmentDefinition = "FRAGMENT_DEFINITION"
    case fragmentSpread = "FRAGMENT_SPREAD"
    case inlineFragment = "INLINE_FRAGMENT"
    case variableDefinition = "VARIABLE_DEFINITION"
    case schema = "SCHEMA"
    case scalar = "SCALAR"
    case object = "OBJECT"
    case fieldDefinition = "FIELD_DEFINITION"
    case argumentDefinition = "ARGUMENT_DEFINITION"
    case interface = "INTERFACE"
    case union = "UNION"
    case enumeration = "ENUM"
    case enumValue = "ENUM_VALUE"
    case inputObject = "INPUT_OBJECT"
    case inputFieldDefinition = "INPUT_FIELD_DEFINITION"
}
