/// Definitions and extensions of the type system (October 2021, 3).
extension Parser {
    mutating func parseDescription() throws(SyntaxError) -> DescriptionNode? {
        guard lexer.kind == .string || lexer.kind == .blockString else { return nil }
        let description = DescriptionNode(
            text: lexer.stringValue, block: lexer.kind == .blockString, location: location)
        try advance()
        return description
    }

    /// Parses a definition if the current name begins one.
    mutating func parseTypeSystemDefinition(
        description: DescriptionNode?, location start: Int32
    ) throws(SyntaxError) -> TypeSystemDefinition? {
        if lexer.isText("schema") { return .schema(try parseSchema(description: description, location: start)) }
        if lexer.isText("directive") {
            return .directive(try parseDirectiveDefinition(description: description, location: start))
        }
        guard let sort = typeSort else { return nil }
        let head = TypeHead(isExtension: false, description: description, location: start)
        return .type(try parseType(sort, head))
    }

    /// Parses `extend` and what follows it.
    mutating func parseExtension() throws(SyntaxError) -> TypeSystemDefinition {
        let start = location
        try advance()
        guard lexer.kind == .name else { throw unexpected() }
        if lexer.isText("schema") { return .schema(try parseSchemaExtension(location: start)) }
        guard let sort = typeSort else { throw unexpected() }
        return .type(try parseType(sort, TypeHead(isExtension: true, description: nil, location: start)))
    }

    private var typeSort: TypeSort? {
        if lexer.isText("type") { return .object }
        if lexer.isText("input") { return .inputObject }
        if lexer.isText("enum") { return .enumeration }
        if lexer.isText("interface") { return .interface }
        if lexer.isText("union") { return .union }
        return lexer.isText("scalar") ? .scalar : nil
    }

    private mutating func parseSchema(
        description: DescriptionNode?, location start: Int32
    ) throws(SyntaxError) -> SchemaNode {
        try advance()
        let directives = try parseDirectives(isConstant: true)
        let operations = try many(.braceLeft, .braceRight) { (parser) throws(SyntaxError) in
            try parser.parseRootOperation()
        }
        return SchemaNode(
            isExtension: false, description: description, directives: directives, operations: operations,
            location: start)
    }

    private mutating func parseSchemaExtension(location start: Int32) throws(SyntaxError) -> SchemaNode {
        try advance()
        let directives = try parseDirectives(isConstant: true)
        let operations = try optionalMany(.braceLeft, .braceRight) { (parser) throws(SyntaxError) in
            try parser.parseRootOperation()
        }
        if directives.isEmpty && operations.isEmpty { throw unexpected() }
        return SchemaNode(
            isExtension: true, description: nil, directives: directives, operations: operations, location: start)
    }

    private mutating func parseRootOperation() throws(SyntaxError) -> SchemaNode.RootOperation {
        let start = location
        guard lexer.kind == .name else {
            throw SyntaxError("Expected Name, found \(describeToken()).", at: lexer.start)
        }
        guard let kind = operationKind else { throw unexpected() }
        try advance()
        try expect(.colon)
        return SchemaNode.RootOperation(kind: kind, type: try parseName(), location: start)
    }

    private mutating func parseType(_ sort: TypeSort, _ head: TypeHead) throws(SyntaxError) -> TypeNode {
        try advance()
        let name = try parseName()
        let interfaces = try parseInterfaces(sort)
        let directives = try parseDirectives(isConstant: true)
        let (body, isBodyEmpty) = try parseBody(sort, interfaces)
        if head.isExtension && directives.isEmpty && isBodyEmpty { throw unexpected() }
        return TypeNode(
            isExtension: head.isExtension, description: head.description, name: name, directives: directives,
            body: body, location: head.location)
    }

    private mutating func parseInterfaces(_ sort: TypeSort) throws(SyntaxError) -> [Name] {
        guard sort == .object || sort == .interface, try skip(keyword: "implements") else { return [] }
        return try delimitedNames(.ampersand) { (parser) throws(SyntaxError) in try parser.parseName() }
    }

    private mutating func parseBody(
        _ sort: TypeSort, _ interfaces: [Name]
    ) throws(SyntaxError) -> (TypeNode.Body, isEmpty: Bool) {
        switch sort {
        case .scalar: return (.scalar, true)
        case .object:
            let fields = try parseFieldDefinitions()
            return (.object(interfaces: interfaces, fields: fields), interfaces.isEmpty && fields.isEmpty)
        case .interface:
            let fields = try parseFieldDefinitions()
            return (.interface(interfaces: interfaces, fields: fields), interfaces.isEmpty && fields.isEmpty)
        case .union:
            let members = try parseUnionMembers()
            return (.union(members: members), members.isEmpty)
        case .enumeration:
            let values = try optionalMany(.braceLeft, .braceRight) { (parser) throws(SyntaxError) in
                try parser.parseEnumValue()
            }
            return (.enumeration(values: values), values.isEmpty)
        case .inputObject:
            let fields = try parseInputValues(.braceLeft, .braceRight)
            return (.inputObject(fields: fields), fields.isEmpty)
        }
    }

    private mutating func parseUnionMembers() throws(SyntaxError) -> [Name] {
        guard try skip(.equals) else { return [] }
        return try delimitedNames(.pipe) { (parser) throws(SyntaxError) in try parser.parseName() }
    }

    private mutating func parseFieldDefinitions() throws(SyntaxError) -> [FieldDefinitionNode] {
        try optionalMany(.braceLeft, .braceRight) { (parser) throws(SyntaxError) in
            let start = parser.location
            let description = try parser.parseDescription()
            let name = try parser.parseName()
            let arguments = try parser.parseInputValues(.parenthesisLeft, .parenthesisRight)
            try parser.expect(.colon)
            let type = try parser.parseTypeReference()
            return FieldDefinitionNode(
                description: description, name: name, arguments: arguments, type: type,
                directives: try parser.parseDirectives(isConstant: true), location: start)
        }
    }

    private mutating func parseInputValues(
        _ open: TokenKind, _ close: TokenKind
    ) throws(SyntaxError) -> [InputValueNode] {
        try optionalMany(open, close) { (parser) throws(SyntaxError) in
            let start = parser.location
            let description = try parser.parseDescription()
            let name = try parser.parseName()
            try parser.expect(.colon)
            let type = try parser.parseTypeReference()
            let defaultValue = try parser.skip(.equals) ? try parser.parseValue(isConstant: true) : nil
            return InputValueNode(
                description: description, name: name, type: type, defaultValue: defaultValue,
                directives: try parser.parseDirectives(isConstant: true), location: start)
        }
    }

    private mutating func parseEnumValue() throws(SyntaxError) -> EnumValueNode {
        let start = location
        let description = try parseDescription()
        if lexer.kind == .name, lexer.isText("true") || lexer.isText("false") || lexer.isText("null") {
            throw SyntaxError(
                "\(describeToken()) is reserved and cannot be used for an enum value.", at: lexer.start)
        }
        let name = try parseName()
        return EnumValueNode(
            description: description, name: name, directives: try parseDirectives(isConstant: true), location: start)
    }

    private mutating func parseDirectiveDefinition(
        description: DescriptionNode?, location start: Int32
    ) throws(SyntaxError) -> DirectiveNode {
        try advance()
        try expect(.at)
        let name = try parseName()
        let arguments = try parseInputValues(.parenthesisLeft, .parenthesisRight)
        let isRepeatable = try skip(keyword: "repeatable")
        try expect(keyword: "on")
        let locations = try delimitedNames(.pipe) { (parser) throws(SyntaxError) in
            if parser.lexer.kind == .name, DirectiveLocation(rawValue: parser.lexer.text) == nil {
                throw parser.unexpected()
            }
            return try parser.parseName()
        }
        return DirectiveNode(
            description: description, name: name, arguments: arguments, isRepeatable: isRepeatable,
            locations: locations, location: start)
    }
}

private enum TypeSort {
    case scalar, object, interface, union, enumeration, inputObject
}

/// What stands before a type's keyword.
private struct TypeHead {
    var isExtension: Bool
    var description: DescriptionNode?
    var location: Int32
}
