/// What execution looks up: object types with their resolvers, how inputs are coerced, and the host's hooks.
final class RuntimeSchema: Sendable {
    typealias FieldGuard = @Sendable (any Sendable, String, String) throws -> Void
    typealias ErrorPresenter = @Sendable (any Error, any Sendable) -> GraphQLError

    let schema: Schema
    let inputs: InputCoercion
    let fieldGuard: FieldGuard
    let presentError: ErrorPresenter
    private let objects: [String: RuntimeObject]

    init(
        schema: Schema, draft: SchemaDraft, fieldGuard: @escaping FieldGuard, presentError: @escaping ErrorPresenter
    ) {
        self.schema = schema
        self.fieldGuard = fieldGuard
        self.presentError = presentError
        inputs = InputCoercion(schema: schema, scalars: draft.scalars)
        var objects: [String: RuntimeObject] = [:]
        let introspection = introspectionResolvers()
        for type in schema.types where type.kind == .object {
            let declared = draft.objects[type.name] ?? introspection[type.name]
            guard let declared, let makeColumn = declared.makeColumn else { continue }
            var fields: [String: RuntimeField] = [:]
            for field in type.fields {
                guard let resolver = declared.resolvers[field.name] else { continue }
                let shape = OutputShape(field.type, schema: schema, scalars: draft.scalars)
                fields[field.name] = RuntimeField(field, of: type.name, shape: shape, resolver: resolver)
            }
            if type.name == schema.queryTypeName {
                for (field, resolver) in rootMetaFields(schema) {
                    let shape = OutputShape(field.type, schema: schema, scalars: [:])
                    fields[field.name] = RuntimeField(field, of: type.name, shape: shape, resolver: resolver)
                }
            }
            fields["__typename"] = RuntimeField.typename(of: type.name, schema: schema)
            objects[type.name] = RuntimeObject(type: type, fields: fields, makeColumn: makeColumn)
        }
        self.objects = objects
    }

    func object(named name: String) -> RuntimeObject? { objects[name] }

    func rootObject(_ kind: OperationKind) -> RuntimeObject? {
        switch kind {
        case .query: objects[schema.queryTypeName]
        case .mutation: schema.mutationTypeName.flatMap { objects[$0] }
        case .subscription: schema.subscriptionTypeName.flatMap { objects[$0] }
        }
    }
}

/// An object type ready to execute.
final class RuntimeObject: Sendable {
    let type: SchemaType
    let fields: [String: RuntimeField]
    let makeColumn: @Sendable ([any TypedObject]) -> (any ParentColumn)?

    init(
        type: SchemaType, fields: [String: RuntimeField],
        makeColumn: @escaping @Sendable ([any TypedObject]) -> (any ParentColumn)?
    ) {
        self.type = type
        self.fields = fields
        self.makeColumn = makeColumn
    }
}

/// A field ready to execute.
final class RuntimeField: Sendable {
    let definition: SchemaField
    let typeName: String
    let shape: OutputShape
    let resolver: FieldResolver
    /// Whether the host's guard is asked before it is resolved.
    let isGuarded: Bool

    init(_ definition: SchemaField, of typeName: String, shape: OutputShape, resolver: FieldResolver) {
        self.definition = definition
        self.typeName = typeName
        self.shape = shape
        self.resolver = resolver
        isGuarded = definition.name != "__typename" && !typeName.hasPrefix("__")
    }

    static func typename(of typeName: String, schema: Schema) -> RuntimeField {
        let field = SpecifiedTypes.typenameField
        return RuntimeField(
            field, of: typeName, shape: OutputShape(field.type, schema: schema, scalars: [:]),
            resolver: .sync { parents, _ in [OutputValue](repeating: .string(typeName), count: parents.count) })
    }
}

/// A field's output type with what completing a value needs at hand (October 2021, 6.4.3).
final class OutputShape: Sendable {
    enum Kind: Sendable {
        case leaf(LeafCoercion)
        /// An object, or one of several where `isAbstract`.
        case composite(name: String, isAbstract: Bool)
        case list(OutputShape)
    }

    let kind: Kind
    let isNonNull: Bool
    /// How many lists stand in each other.
    let listDepth: Int
    let typeName: String

    init(_ type: WrappedType, schema: Schema, scalars: [String: ScalarHooks]) {
        isNonNull = type.isNonNull
        typeName = type.name
        switch type.nullable {
        case .list(let item):
            let shape = OutputShape(item, schema: schema, scalars: scalars)
            kind = .list(shape)
            listDepth = shape.listDepth + 1
        case .named(let name), .nonNull(.named(let name)):
            listDepth = 0
            let named = schema.type(named: name)
            if let named, named.kind.isComposite {
                kind = .composite(name: name, isAbstract: named.kind.isAbstract)
            } else {
                kind = .leaf(LeafCoercion(named, scalars[name]))
            }
        case .nonNull:
            preconditionFailure("a non-null type is in a non-null type")
        }
    }

    /// Whether values have nothing below them to be resolved.
    var isLeaf: Bool {
        switch kind {
        case .leaf: true
        case .composite: false
        case .list(let item): item.isLeaf
        }
    }
}
