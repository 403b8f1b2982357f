extension Schema {
    /// Builds the schema that a document in the schema definition language describes, extensions included
    /// (October 2021, 3).
    ///
    /// - Throws: the syntax error, or a message about a root type that is missing. Other rules for schemas are not
    ///   checked.
    public convenience init(sdl: String) throws(GraphQLError) {
        let document = try Document(parsing: sdl, limits: ParseLimits(maximumBytes: 16 << 20, maximumTokens: 2_000_000))
        var builder = SchemaBuilder()
        for case .typeSystem(let definition) in document.definitions { builder.add(definition) }
        let roots = builder.roots
        let query = roots[.query] ?? "Query"
        guard builder.types.contains(where: { $0.name.text == query }) else {
            throw GraphQLError(message: "The schema has no type '\(query)' for queries.")
        }
        let hasType = { (name: String) in builder.types.contains { $0.name.text == name } }
        let conventional = { (kind: OperationKind, name: String) -> String? in
            roots[kind] ?? (roots.isEmpty && hasType(name) ? name : nil)
        }
        self.init(
            types: builder.types.map { builder.schemaType($0) }, directives: builder.directives, queryTypeName: query,
            mutationTypeName: conventional(.mutation, "Mutation"),
            subscriptionTypeName: conventional(.subscription, "Subscription"), description: builder.description)
    }
}

/// Puts definitions and their extensions together.
private struct SchemaBuilder {
    private(set) var types: [TypeNode] = []
    private(set) var directives: [SchemaDirective] = []
    private(set) var roots: [OperationKind: String] = [:]
    private(set) var description: String?
    private var extensions: [String: [TypeNode]] = [:]

    mutating func add(_ definition: TypeSystemDefinition) {
        switch definition {
        case .schema(let node):
            for operation in node.operations { roots[operation.kind] = operation.type.text }
            if let text = node.description?.text { description = text }
        case .type(let node) where node.isExtension: extensions[node.name.text, default: []].append(node)
        case .type(let node): types.append(node)
        case .directive(let node):
            directives.append(
                SchemaDirective(
                    name: node.name.text, description: node.description?.text,
                    arguments: node.arguments.map(SchemaInputValue.init), isRepeatable: node.isRepeatable,
                    locations: node.locations.map(\.text)))
        }
    }

    func schemaType(_ node: TypeNode) -> SchemaType {
        let nodes = [node] + (extensions[node.name.text] ?? [])
        let specifiedBy = nodes.flatMap(\.directives).first { $0.name.text == "specifiedBy" }
        return SchemaType(
            kind: node.body.kind, name: node.name.text, description: node.description?.text,
            fields: nodes.flatMap { $0.body.fields.map(SchemaField.init) },
            interfaces: nodes.flatMap { $0.body.interfaces.map(\.text) },
            members: nodes.flatMap { $0.body.members.map(\.text) },
            enumValues: nodes.flatMap { $0.body.enumValues.map(SchemaEnumValue.init) },
            inputFields: nodes.flatMap { $0.body.inputFields.map(SchemaInputValue.init) },
            isOneOf: node.body.kind == .inputObject && nodes.flatMap(\.directives).contains { $0.name.text == "oneOf" },
            specifiedByURL: specifiedBy?.text(ofArgument: "url"))
    }
}

extension TypeNode.Body {
    fileprivate var kind: TypeKind {
        switch self {
        case .scalar: .scalar
        case .object: .object
        case .interface: .interface
        case .union: .union
        case .enumeration: .enum
        case .inputObject: .inputObject
        }
    }

    fileprivate var fields: [FieldDefinitionNode] {
        switch self {
        case .object(_, let fields), .interface(_, let fields): fields
        default: []
        }
    }

    fileprivate var interfaces: [Name] {
        switch self {
        case .object(let interfaces, _), .interface(let interfaces, _): interfaces
        default: []
        }
    }

    fileprivate var members: [Name] {
        if case .union(let members) = self { return members }
        return []
    }

    fileprivate var enumValues: [EnumValueNode] {
        if case .enumeration(let values) = self { return values }
        return []
    }

    fileprivate var inputFields: [InputValueNode] {
        if case .inputObject(let fields) = self { return fields }
        return []
    }
}

extension SchemaField {
    fileprivate init(_ node: FieldDefinitionNode) {
        self.init(
            name: node.name.text, description: node.description?.text,
            arguments: node.arguments.map(SchemaInputValue.init), type: WrappedType(node.type),
            deprecationReason: node.directives.deprecationReason)
    }
}

extension SchemaInputValue {
    fileprivate init(_ node: InputValueNode) {
        self.init(
            name: node.name.text, description: node.description?.text, type: WrappedType(node.type),
            defaultValue: node.defaultValue.map { InputValue($0, [:]) },
            deprecationReason: node.directives.deprecationReason)
    }
}

extension SchemaEnumValue {
    fileprivate init(_ node: EnumValueNode) {
        self.init(
            name: node.name.text, description: node.description?.text,
            deprecationReason: node.directives.deprecationReason)
    }
}

extension [Directive] {
    fileprivate var deprecationReason: String? {
        guard let directive = first(where: { $0.name.text == "deprecated" }) else { return nil }
        return directive.text(ofArgument: "reason") ?? "No longer supported"
    }
}

extension Directive {
    fileprivate func text(ofArgument name: String) -> String? {
        guard case .string(let text, _, _)? = arguments.first(where: { $0.name.text == name })?.value else {
            return nil
        }
        return text
    }
}
