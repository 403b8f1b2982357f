/// A schema's types and directives, as the validator, the executor and introspection look them up. Immutable.
public final class Schema: Sendable {
    public let description: String?
    /// All types in the order of declaration, introspection's and the built-in scalars last.
    public let types: [SchemaType]
    public let directives: [SchemaDirective]
    public let queryTypeName: String
    public let mutationTypeName: String?
    public let subscriptionTypeName: String?

    private let typeIndex: [String: SchemaType]
    private let directiveIndex: [String: SchemaDirective]
    private let possibleTypeNames: [String: [String]]
    private let possibleTypeSets: [String: Set<String>]

    /// Adds the built-in scalars, the specified directives and introspection's types where they are missing.
    public init(
        types: [SchemaType], directives: [SchemaDirective] = [], queryTypeName: String = "Query",
        mutationTypeName: String? = nil, subscriptionTypeName: String? = nil, description: String? = nil
    ) {
        var all = types
        var index = [String: SchemaType](minimumCapacity: types.count + 16)
        for type in types where index[type.name] == nil { index[type.name] = type }
        for type in SpecifiedTypes.all where index[type.name] == nil {
            all.append(type)
            index[type.name] = type
        }
        let missing = SpecifiedTypes.directives.filter { specified in
            !directives.contains { $0.name == specified.name }
        }
        self.types = all
        self.directives = directives + missing
        self.queryTypeName = queryTypeName
        self.mutationTypeName = mutationTypeName
        self.subscriptionTypeName = subscriptionTypeName
        self.description = description
        typeIndex = index
        directiveIndex = Dictionary(self.directives.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
        possibleTypeNames = Schema.possibleTypes(all)
        possibleTypeSets = possibleTypeNames.mapValues { Set($0) }
    }

    public func type(named name: String) -> SchemaType? { typeIndex[name] }
    public func directive(named name: String) -> SchemaDirective? { directiveIndex[name] }

    public var queryType: SchemaType? { typeIndex[queryTypeName] }
    public var mutationType: SchemaType? { mutationTypeName.flatMap { typeIndex[$0] } }
    public var subscriptionType: SchemaType? { subscriptionTypeName.flatMap { typeIndex[$0] } }

    /// Names of the object types that a value of this type can have: of an object itself only (October 2021, 6.3.2).
    public func possibleTypes(of type: SchemaType) -> [String] {
        type.kind == .object ? [type.name] : possibleTypeNames[type.name] ?? []
    }

    /// Whether an object type can stand where a type is asked for.
    public func isPossible(_ objectName: String, as name: String) -> Bool {
        objectName == name || possibleTypeSets[name]?.contains(objectName) == true
    }

    /// Whether the two types have an object type in common, so that a fragment on one can match the other.
    public func overlap(_ first: SchemaType, _ second: SchemaType) -> Bool {
        if first.name == second.name { return true }
        return possibleTypes(of: first).contains { isPossible($0, as: second.name) }
    }

    /// Whether a value of `type` can stand where `other` is asked for (October 2021, `IsValidImplementationFieldType`).
    public func isSubtype(_ type: WrappedType, of other: WrappedType) -> Bool {
        switch (type, other) {
        case (.nonNull(let inner), .nonNull(let otherInner)): isSubtype(inner, of: otherInner)
        case (.nonNull(let inner), _): isSubtype(inner, of: other)
        case (_, .nonNull): false
        case (.list(let inner), .list(let otherInner)): isSubtype(inner, of: otherInner)
        case (.named(let name), .named(let otherName)): name == otherName || isNamedSubtype(name, of: otherName)
        default: false
        }
    }

    private func isNamedSubtype(_ name: String, of other: String) -> Bool {
        if possibleTypeSets[other]?.contains(name) == true { return true }
        return typeIndex[name]?.interfaces.contains(other) == true
    }

    /// A field of a composite type, with the meta-fields that every such type, and the root query type, has.
    public func field(_ name: String, of type: SchemaType) -> SchemaField? {
        guard name.utf8.first == UInt8(ascii: "_") else { return type.field(named: name) }
        if name == "__typename", type.kind.isComposite { return SpecifiedTypes.typenameField }
        if type.name == queryTypeName {
            if name == "__schema" { return SpecifiedTypes.schemaField }
            if name == "__type" { return SpecifiedTypes.typeField }
        }
        return type.field(named: name)
    }

    private static func possibleTypes(_ types: [SchemaType]) -> [String: [String]] {
        var result: [String: [String]] = [:]
        for type in types {
            switch type.kind {
            case .union: result[type.name] = type.members
            case .interface: result[type.name, default: []] += []
            case .object: for interface in type.interfaces { result[interface, default: []].append(type.name) }
            default: break
            }
        }
        return result
    }
}
