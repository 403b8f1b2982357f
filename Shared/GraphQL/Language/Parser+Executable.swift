/// Operations, fragments and what stands in them (October 2021, 2.3 to 2.8).
extension Parser {
    /// The kind of operation that the current token begins.
    var operationKind: OperationKind? {
        guard lexer.kind == .name else { return nil }
        if lexer.isText("query") { return .query }
        if lexer.isText("mutation") { return .mutation }
        return lexer.isText("subscription") ? .subscription : nil
    }

    mutating func parseOperation() throws(SyntaxError) -> OperationDefinition {
        let start = location
        guard let kind = operationKind else {
            return OperationDefinition(
                kind: .query, name: nil, variableDefinitions: [], directives: [],
                selectionSet: try parseSelectionSet(), location: start)
        }
        try advance()
        let name = lexer.kind == .name ? try parseName() : nil
        let variables = try optionalMany(.parenthesisLeft, .parenthesisRight) { (parser) throws(SyntaxError) in
            try parser.parseVariableDefinition()
        }
        let directives = try parseDirectives(isConstant: false)
        return OperationDefinition(
            kind: kind, name: name, variableDefinitions: variables, directives: directives,
            selectionSet: try parseSelectionSet(), location: start)
    }

    private mutating func parseVariableDefinition() throws(SyntaxError) -> VariableDefinition {
        let start = location
        try expect(.dollar)
        let name = try parseName()
        try expect(.colon)
        let type = try parseTypeReference()
        let defaultValue = try skip(.equals) ? try parseValue(isConstant: true) : nil
        return VariableDefinition(
            name: name, type: type, defaultValue: defaultValue, directives: try parseDirectives(isConstant: true),
            location: start)
    }

    mutating func parseFragmentDefinition() throws(SyntaxError) -> FragmentDefinition {
        let start = location
        try expect(keyword: "fragment")
        let name = try parseFragmentName()
        try expect(keyword: "on")
        let condition = try parseName()
        let directives = try parseDirectives(isConstant: false)
        return FragmentDefinition(
            name: name, typeCondition: condition, directives: directives, selectionSet: try parseSelectionSet(),
            location: start)
    }

    private mutating func parseFragmentName() throws(SyntaxError) -> Name {
        if lexer.kind == .name, lexer.isText("on") { throw unexpected() }
        return try parseName()
    }

    private mutating func parseSelectionSet() throws(SyntaxError) -> SelectionSet {
        let start = location
        let selections = try nested { (parser) throws(SyntaxError) in
            try parser.many(.braceLeft, .braceRight) { (parser) throws(SyntaxError) in try parser.parseSelection() }
        }
        return SelectionSet(selections: selections, location: start)
    }

    private mutating func parseSelection() throws(SyntaxError) -> Selection {
        guard lexer.kind == .spread else { return .field(try parseField()) }
        let start = location
        try advance()
        let hasCondition = try skip(keyword: "on")
        if !hasCondition, lexer.kind == .name {
            let name = try parseFragmentName()
            return .fragmentSpread(
                FragmentSpread(name: name, directives: try parseDirectives(isConstant: false), location: start))
        }
        let condition = hasCondition ? try parseName() : nil
        let directives = try parseDirectives(isConstant: false)
        return .inlineFragment(
            InlineFragment(
                typeCondition: condition, directives: directives, selectionSet: try parseSelectionSet(),
                location: start))
    }

    private mutating func parseField() throws(SyntaxError) -> FieldSelection {
        let first = try parseName()
        let second = try skip(.colon) ? try parseName() : nil
        let arguments = try parseArguments(isConstant: false)
        let directives = try parseDirectives(isConstant: false)
        return FieldSelection(
            alias: second == nil ? nil : first, name: second ?? first, arguments: arguments, directives: directives,
            selectionSet: lexer.kind == .braceLeft ? try parseSelectionSet() : nil)
    }

    private mutating func parseArguments(isConstant: Bool) throws(SyntaxError) -> [Argument] {
        try optionalMany(.parenthesisLeft, .parenthesisRight) { (parser) throws(SyntaxError) in
            let name = try parser.parseName()
            try parser.expect(.colon)
            return Argument(name: name, value: try parser.parseValue(isConstant: isConstant))
        }
    }

    mutating func parseDirectives(isConstant: Bool) throws(SyntaxError) -> [Directive] {
        guard lexer.kind == .at else { return [] }
        var directives: [Directive] = []
        while lexer.kind == .at {
            let start = location
            try advance()
            let name = try parseName()
            directives.append(
                Directive(name: name, arguments: try parseArguments(isConstant: isConstant), location: start))
        }
        return directives
    }
}
