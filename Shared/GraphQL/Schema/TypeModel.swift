/// What a named type is (October 2021, 3.4), in introspection's words.
public enum TypeKind: String, Sendable, Hashable, CaseIterable {
    case scalar = "SCALAR"
    case object = "OBJECT"
    case interface = "INTERFACE"
    case union = "UNION"
    case `enum` = "ENUM"
    case inputObject = "INPUT_OBJECT"

    /// Whether fields may be selected below a value of such a type.
    public var isComposite: Bool { self == .object || self == .interface || self == .union }
    public var isAbstract: Bool { self == .interface || self == .union }
    public var isLeaf: Bool { self == .scalar || self == .enum }
    public var isInput: Bool { isLeaf || self == .inputObject }
    public var isOutput: Bool { self != .inputObject }
}

/// A named type of a schema: one value for all six kinds, where what a kind does not have is empty.
public final class SchemaType: Sendable {
    public let kind: TypeKind
    public let name: String
    public let description: String?
    /// Output fields of an object or interface, in the order of declaration.
    public let fields: [SchemaField]
    /// Interfaces that an object or interface says it implements.
    public let interfaces: [String]
    /// A union's members.
    public let members: [String]
    public let enumValues: [SchemaEnumValue]
    public let inputFields: [SchemaInputValue]
    /// Whether exactly one of an input object's fields is given, and is not null (September 2025, 3.10.1).
    public let isOneOf: Bool
    public let specifiedByURL: String?

    private let fieldIndex: [String: Int]
    private let inputFieldIndex: [String: Int]
    private let enumValueIndex: [String: Int]

    public init(
        kind: TypeKind, name: String, description: String? = nil, fields: [SchemaField] = [], interfaces: [String] = [],
        members: [String] = [], enumValues: [SchemaEnumValue] = [], inputFields: [SchemaInputValue] = [],
        isOneOf: Bool = false, specifiedByURL: String? = nil
    ) {
        self.kind = kind
        self.name = name
        self.description = description
        self.fields = fields
        self.interfaces = interfaces
        self.members = members
        self.enumValues = enumValues
        self.inputFields = inputFields
        self.isOneOf = isOneOf
        self.specifiedByURL = specifiedByURL
        fieldIndex = indexByName(fields.map(\.name))
        inputFieldIndex = indexByName(inputFields.map(\.name))
        enumValueIndex = indexByName(enumValues.map(\.name))
    }

    public func field(named name: String) -> SchemaField? {
        fieldIndex[name].map { fields[$0] }
    }

    public func inputField(named name: String) -> SchemaInputValue? {
        inputFieldIndex[name].map { inputFields[$0] }
    }

    public func enumValue(named name: String) -> SchemaEnumValue? {
        enumValueIndex[name].map { enumValues[$0] }
    }
}

/// An output field of an object or interface.
public struct SchemaField: Sendable {
    public var name: String
    public var description: String?
    public var arguments: [SchemaInputValue]
    public var type: WrappedType
    /// Why the field should not be used any more; nil where it may be.
    public var deprecationReason: String?

    public init(
        name: String, description: String? = nil, arguments: [SchemaInputValue] = [], type: WrappedType,
        deprecationReason: String? = nil
    ) {
        self.name = name
        self.description = description
        self.arguments = arguments
        self.type = type
        self.deprecationReason = deprecationReason
    }

    public func argument(named name: String) -> SchemaInputValue? {
        arguments.first { $0.name == name }
    }
}

/// An argument of a field or directive, or a field of an input object.
public struct SchemaInputValue: Sendable {
    public var name: String
    public var description: String?
    public var type: WrappedType
    public var defaultValue: InputValue?
    public var deprecationReason: String?

    public init(
        name: String, description: String? = nil, type: WrappedType, defaultValue: InputValue? = nil,
        deprecationReason: String? = nil
    ) {
        self.name = name
        self.description = description
        self.type = type
        self.defaultValue = defaultValue
        self.deprecationReason = deprecationReason
    }

    /// Whether it must be given: not nullable and without a default (October 2021, 5.4.2.1).
    public var isRequired: Bool { type.isNonNull && defaultValue == nil }
}

/// A value of an enum.
public struct SchemaEnumValue: Sendable {
    public var name: String
    public var description: String?
    public var deprecationReason: String?

    public init(name: String, description: String? = nil, deprecationReason: String? = nil) {
        self.name = name
        self.description = description
        self.deprecationReason = deprecationReason
    }
}

/// A directive's declaration.
public struct SchemaDirective: Sendable {
    public var name: String
    public var description: String?
    public var arguments: [SchemaInputValue]
    public var isRepeatable: Bool
    /// Where it may stand, in the specification's words: `FIELD`, `FRAGMENT_SPREAD`, ….
    public var locations: [String]

    public init(
        name: String, description: String? = nil, arguments: [SchemaInputValue] = [], isRepeatable: Bool = false,
        locations: [String]
    ) {
        self.name = name
        self.description = description
        self.arguments = arguments
        self.isRepeatable = isRepeatable
        self.locations = locations
    }

    public func argument(named name: String) -> SchemaInputValue? {
        arguments.first { $0.name == name }
    }
}

/// Positions by name; of equal names the first counts.
private func indexByName(_ names: [String]) -> [String: Int] {
    var index = [String: Int](minimumCapacity: names.count)
    for (position, name) in names.enumerated() where index[name] == nil { index[name] = position }
    return index
}
