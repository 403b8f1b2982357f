extension Schema {
    /// The schema in the schema definition language (October 2021, 3), without what every schema has. Types stand in
    /// the order of declaration; descriptions are block strings.
    public var sdl: String {
        var printer = Printer()
        var isFirst = true
        func separate() {
            if !isFirst { printer.write("\n\n") }
            isFirst = false
        }
        if let definition = schemaNode {
            separate()
            printer.write(.schema(definition))
        }
        for directive in directives where !SpecifiedTypes.directiveNames.contains(directive.name) {
            separate()
            printer.write(.directive(node(directive)))
        }
        for type in types where !type.name.hasPrefix("__") && !SpecifiedTypes.scalarNames.contains(type.name) {
            separate()
            printer.write(.type(node(type)))
        }
        return printer.output + "\n"
    }

    /// The schema's own definition, which may be left out where the roots have their usual names.
    private var schemaNode: SchemaNode? {
        let roots: [(OperationKind, String?, String)] = [
            (.query, queryTypeName, "Query"), (.mutation, mutationTypeName, "Mutation"),
            (.subscription, subscriptionTypeName, "Subscription"),
        ]
        let isUsual = roots.allSatisfy { _, name, usual in name == usual || name == nil && type(named: usual) == nil }
        if isUsual, description == nil { return nil }
        let operations = roots.compactMap { kind, name, _ in
            name.map { SchemaNode.RootOperation(kind: kind, type: Name($0, at: 0), location: 0) }
        }
        return SchemaNode(
            isExtension: false, description: node(description), directives: [], operations: operations, location: 0)
    }

    private func node(_ type: SchemaType) -> TypeNode {
        let body: TypeNode.Body =
            switch type.kind {
            case .scalar: .scalar
            case .object: .object(interfaces: names(type.interfaces), fields: type.fields.map(node))
            case .interface: .interface(interfaces: names(type.interfaces), fields: type.fields.map(node))
            case .union: .union(members: names(type.members))
            case .enum: .enumeration(values: type.enumValues.map(node))
            case .inputObject: .inputObject(fields: type.inputFields.map(node))
            }
        var directives = type.specifiedByURL.map { [usedDirective("specifiedBy", "url", $0)] } ?? []
        if type.isOneOf { directives.append(Directive(name: Name("oneOf", at: 0), arguments: [], location: 0)) }
        return TypeNode(
            isExtension: false, description: node(type.description), name: Name(type.name, at: 0),
            directives: directives, body: body, location: 0)
    }

    private func node(_ field: SchemaField) -> FieldDefinitionNode {
        FieldDefinitionNode(
            description: node(field.description), name: Name(field.name, at: 0),
            arguments: field.arguments.map(node), type: TypeReference(field.type),
            directives: deprecated(field.deprecationReason), location: 0)
    }

    private func node(_ input: SchemaInputValue) -> InputValueNode {
        InputValueNode(
            description: node(input.description), name: Name(input.name, at: 0), type: TypeReference(input.type),
            defaultValue: input.defaultValue.map { Value($0, input.type, self) },
            directives: deprecated(input.deprecationReason), location: 0)
    }

    private func node(_ value: SchemaEnumValue) -> EnumValueNode {
        EnumValueNode(
            description: node(value.description), name: Name(value.name, at: 0),
            directives: deprecated(value.deprecationReason), location: 0)
    }

    private func node(_ directive: SchemaDirective) -> DirectiveNode {
        DirectiveNode(
            description: node(directive.description), name: Name(directive.name, at: 0),
            arguments: directive.arguments.map(node), isRepeatable: directive.isRepeatable,
            locations: names(directive.locations), location: 0)
    }

    private func node(_ description: String?) -> DescriptionNode? {
        description.map { DescriptionNode(text: $0, block: isBlockString($0), location: 0) }
    }
}

/// Whether a block string gives the text back: it has no control characters, and no blanks that would be taken off.
private func isBlockString(_ text: String) -> Bool {
    guard !text.isEmpty, text.first?.isWhitespace == false, text.last?.isWhitespace == false else { return false }
    return text.unicodeScalars.allSatisfy { $0 == "\n" || $0 == "\t" || $0.value >= 0x20 && $0.value != 0x7F }
}

private func names(_ texts: [String]) -> [Name] {
    texts.map { Name($0, at: 0) }
}

private func deprecated(_ reason: String?) -> [Directive] {
    guard let reason else { return [] }
    if reason == "No longer supported" {
        return [Directive(name: Name("deprecated", at: 0), arguments: [], location: 0)]
    }
    return [usedDirective("deprecated", "reason", reason)]
}

private func usedDirective(_ name: String, _ argument: String, _ text: String) -> Directive {
    let value = Value.string(text, block: false, location: 0)
    return Directive(
        name: Name(name, at: 0), arguments: [Argument(name: Name(argument, at: 0), value: value)], location: 0)
}

extension TypeReference {
    fileprivate init(_ type: WrappedType) {
        switch type {
        case .named(let name): self = .named(Name(name, at: 0))
        case .list(let inner): self = .list(TypeReference(inner), location: 0)
        case .nonNull(let inner): self = .nonNull(TypeReference(inner))
        }
    }
}

extension Value {
    /// A default as a literal of its type.
    fileprivate init(_ value: InputValue, _ type: WrappedType, _ schema: Schema) {
        let named = schema.type(named: type.name)
        switch value {
        case .null: self = .null(location: 0)
        case .boolean(let flag): self = .boolean(flag, location: 0)
        case .int(let number): self = .int(String(number), location: 0)
        case .float(let number): self = .float(printedFloat(number), location: 0)
        case .string(let text) where named?.kind == .enum: self = .enumValue(text, location: 0)
        case .string(let text): self = .string(text, block: false, location: 0)
        case .enumValue(let name): self = .enumValue(name, location: 0)
        case .list(let items):
            self = .list(items.map { Value($0, type.item ?? type, schema) }, location: 0)
        case .object(let fields):
            self = .object(
                fields.map { field in
                    let inner = named?.inputField(named: field.name)?.type ?? .string
                    return ObjectField(name: Name(field.name, at: 0), value: Value(field.value, inner, schema))
                }, location: 0)
        }
    }
}
