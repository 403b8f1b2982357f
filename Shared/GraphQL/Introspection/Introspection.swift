/// Resolvers for introspection's own types (October 2021, 4.2), by type.
func introspectionResolvers() -> [String: DeclaredType] {
    [
        resolvers("__Schema", schemaFields), resolvers("__Type", typeFields), resolvers("__Field", fieldFields),
        resolvers("__InputValue", inputFields), resolvers("__EnumValue", enumValueFields),
        resolvers("__Directive", directiveFields),
    ].reduce(into: [:]) { $0[$1.type.name] = $1 }
}

/// `__schema` and `__type` of the root of queries.
func rootMetaFields(_ schema: Schema) -> [(SchemaField, FieldResolver)] {
    [
        (SpecifiedTypes.schemaField, .sync { _, _ in [object("__Schema", schema)] }),
        (
            SpecifiedTypes.typeField,
            .sync { _, info in
                let name = try info.arguments.string("name")
                guard schema.type(named: name) != nil else { return [.null] }
                return [typeObject(.named(name), schema)]
            }
        ),
    ]
}

/// A type as introspection shows it: with its wrapping.
private struct TypeNodeValue: Sendable {
    var type: WrappedType
    var schema: Schema
}

/// Something declared in a schema.
private struct Declared<Value: Sendable>: Sendable {
    var value: Value
    var schema: Schema
}

private typealias Resolve<Value> = @Sendable (Value, Arguments) throws -> OutputValue

private func resolvers<Value: Sendable>(_ name: String, _ fields: [String: Resolve<Value>]) -> DeclaredType {
    let type = ObjectType<Value, RootValue>(name) { _ in }
    var declared = type.declared()
    declared.contextType = nil
    declared.resolvers = fields.mapValues { resolve in
        .sync { parents, info in
            guard let parents = parents as? Parents<Value> else { return [] }
            return parents.values.map { value in .catching { try resolve(value, info.arguments) } }
        }
    }
    return declared
}

private func object<Value: Sendable>(_ typeName: String, _ value: Value) -> OutputValue {
    .object(ObjectBox(typeName: typeName, value: value))
}

private func typeObject(_ type: WrappedType, _ schema: Schema) -> OutputValue {
    object("__Type", TypeNodeValue(type: type, schema: schema))
}

private func objects<Value: Sendable>(_ typeName: String, _ values: [Value], _ schema: Schema) -> OutputValue {
    .list(values.map { object(typeName, Declared(value: $0, schema: schema)) })
}

private let schemaFields: [String: Resolve<Schema>] = [
    "description": { schema, _ in schema.description.graphQLOutput },
    "types": { schema, _ in .list(schema.types.map { typeObject(.named($0.name), schema) }) },
    "queryType": { schema, _ in typeObject(.named(schema.queryTypeName), schema) },
    "mutationType": { schema, _ in schema.mutationTypeName.map { typeObject(.named($0), schema) } ?? .null },
    "subscriptionType": { schema, _ in
        schema.subscriptionTypeName.map { typeObject(.named($0), schema) } ?? .null
    },
    "directives": { schema, _ in objects("__Directive", schema.directives, schema) },
]

extension TypeNodeValue {
    /// The type where it has no wrapping.
    fileprivate var named: SchemaType? {
        guard case .named(let name) = type else { return nil }
        return schema.type(named: name)
    }

    fileprivate func includes(_ deprecationReason: String?, _ arguments: Arguments) throws -> Bool {
        try deprecationReason == nil || arguments.optionalBool("includeDeprecated") == true
    }
}

private let typeFields: [String: Resolve<TypeNodeValue>] = [
    "kind": { value, _ in
        switch value.type {
        case .nonNull: .string("NON_NULL")
        case .list: .string("LIST")
        case .named: .string(value.named?.kind.rawValue ?? "SCALAR")
        }
    },
    "name": { value, _ in (value.named?.name).graphQLOutput },
    "description": { value, _ in (value.named?.description).graphQLOutput },
    "specifiedByURL": { value, _ in (value.named?.specifiedByURL).graphQLOutput },
    "fields": { value, arguments in
        guard let type = value.named, type.kind == .object || type.kind == .interface else { return .null }
        let fields = try type.fields.filter { try value.includes($0.deprecationReason, arguments) }
        return objects("__Field", fields, value.schema)
    },
    "interfaces": { value, _ in
        guard let type = value.named, type.kind == .object || type.kind == .interface else { return .null }
        return .list(type.interfaces.map { typeObject(.named($0), value.schema) })
    },
    "possibleTypes": { value, _ in
        guard let type = value.named, type.kind.isAbstract else { return .null }
        return .list(value.schema.possibleTypes(of: type).map { typeObject(.named($0), value.schema) })
    },
    "enumValues": { value, arguments in
        guard let type = value.named, type.kind == .enum else { return .null }
        let values = try type.enumValues.filter { try value.includes($0.deprecationReason, arguments) }
        return objects("__EnumValue", values, value.schema)
    },
    "inputFields": { value, arguments in
        guard let type = value.named, type.kind == .inputObject else { return .null }
        let fields = try type.inputFields.filter { try value.includes($0.deprecationReason, arguments) }
        return objects("__InputValue", fields, value.schema)
    },
    "ofType": { value, _ in
        switch value.type {
        case .nonNull(let inner), .list(let inner): typeObject(inner, value.schema)
        case .named: .null
        }
    },
    "isOneOf": { value, _ in
        guard let type = value.named, type.kind == .inputObject else { return .null }
        return .boolean(type.isOneOf)
    },
]

private func listed(_ arguments: [SchemaInputValue], _ given: Arguments, _ schema: Schema) throws -> OutputValue {
    let isAll = try given.optionalBool("includeDeprecated") == true
    return objects("__InputValue", arguments.filter { isAll || $0.deprecationReason == nil }, schema)
}

private let fieldFields: [String: Resolve<Declared<SchemaField>>] = [
    "name": { field, _ in .string(field.value.name) },
    "description": { field, _ in field.value.description.graphQLOutput },
    "args": { field, arguments in try listed(field.value.arguments, arguments, field.schema) },
    "type": { field, _ in typeObject(field.value.type, field.schema) },
    "isDeprecated": { field, _ in .boolean(field.value.deprecationReason != nil) },
    "deprecationReason": { field, _ in field.value.deprecationReason.graphQLOutput },
]

private let inputFields: [String: Resolve<Declared<SchemaInputValue>>] = [
    "name": { input, _ in .string(input.value.name) },
    "description": { input, _ in input.value.description.graphQLOutput },
    "type": { input, _ in typeObject(input.value.type, input.schema) },
    "defaultValue": { input, _ in
        input.value.defaultValue.map { $0.literal(of: input.value.type, input.schema) }.graphQLOutput
    },
    "isDeprecated": { input, _ in .boolean(input.value.deprecationReason != nil) },
    "deprecationReason": { input, _ in input.value.deprecationReason.graphQLOutput },
]

private let enumValueFields: [String: Resolve<Declared<SchemaEnumValue>>] = [
    "name": { item, _ in .string(item.value.name) },
    "description": { item, _ in item.value.description.graphQLOutput },
    "isDeprecated": { item, _ in .boolean(item.value.deprecationReason != nil) },
    "deprecationReason": { item, _ in item.value.deprecationReason.graphQLOutput },
]

private let directiveFields: [String: Resolve<Declared<SchemaDirective>>] = [
    "name": { directive, _ in .string(directive.value.name) },
    "description": { directive, _ in directive.value.description.graphQLOutput },
    "isRepeatable": { directive, _ in .boolean(directive.value.isRepeatable) },
    "locations": { directive, _ in directive.value.locations.graphQLOutput },
    "args": { directive, arguments in try listed(directive.value.arguments, arguments, directive.schema) },
]

extension InputValue {
    /// A default as a document writes it: names of enum values stand without quotes even where they are given as text.
    func literal(of type: WrappedType, _ schema: Schema) -> String {
        if case .list(let items) = self, let item = type.item {
            return "[" + items.map { $0.literal(of: item, schema) }.joined(separator: ", ") + "]"
        }
        let named = schema.type(named: type.name)
        switch self {
        case .string(let text) where named?.kind == .enum: return text
        case .object(let fields):
            let entries = fields.map { field in
                let inner = named?.inputField(named: field.name)?.type
                return "\(field.name): \(inner.map { field.value.literal(of: $0, schema) } ?? field.value.literal)"
            }
            return "{" + entries.joined(separator: ", ") + "}"
        default: return literal
        }
    }
}
