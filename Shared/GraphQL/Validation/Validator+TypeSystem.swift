/// Definitions of the type system do not belong into a document to execute; what can be said of them beside that.
extension Validator {
    mutating func checkTypeSystem(_ definition: TypeSystemDefinition) {
        usages = []
        field = nil
        switch definition {
        case .schema(let node):
            checkUnique(node.directives)
            checkDirectives(node.directives, at: .schema)
            for operation in node.operations { checkTypeName(operation.type) }
        case .type(let node): checkTypeNode(node)
        case .directive(let node): for argument in node.arguments { checkInput(argument, .argumentDefinition) }
        }
    }

    private mutating func checkTypeNode(_ node: TypeNode) {
        checkUnique(node.directives)
        switch node.body {
        case .scalar: checkDirectives(node.directives, at: .scalar)
        case .object(let interfaces, let fields):
            checkFields(interfaces, node.directives, .object, fields)
        case .interface(let interfaces, let fields):
            checkFields(interfaces, node.directives, .interface, fields)
        case .union(let members):
            checkDirectives(node.directives, at: .union)
            for member in members { checkTypeName(member) }
        case .enumeration(let values):
            checkDirectives(node.directives, at: .enumeration)
            for value in values {
                checkUnique(value.directives)
                checkDirectives(value.directives, at: .enumValue)
            }
        case .inputObject(let fields):
            checkDirectives(node.directives, at: .inputObject)
            for field in fields { checkInput(field, .inputFieldDefinition) }
        }
    }

    private mutating func checkFields(
        _ interfaces: [Name], _ directives: [Directive], _ location: DirectiveLocation, _ fields: [FieldDefinitionNode]
    ) {
        for interface in interfaces { checkTypeName(interface) }
        checkDirectives(directives, at: location)
        for field in fields {
            checkUnique(field.directives)
            for argument in field.arguments { checkInput(argument, .argumentDefinition) }
            checkTypeName(field.type.namedType)
            checkDirectives(field.directives, at: .fieldDefinition)
        }
    }

    private mutating func checkInput(_ input: InputValueNode, _ location: DirectiveLocation) {
        checkUnique(input.directives)
        checkTypeName(input.type.namedType)
        if let value = input.defaultValue { checkValue(value, expected: nil, hasDefault: false) }
        checkDirectives(input.directives, at: location)
    }
}
