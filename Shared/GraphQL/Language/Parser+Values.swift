/// Values and references to types (October 2021, 2.9 and 2.11).
extension Parser {
    /// Parses a value; a constant one has no variables in it.
    mutating func parseValue(isConstant: Bool) throws(SyntaxError) -> Value {
        let start = location
        switch lexer.kind {
        case .bracketLeft: return try parseList(isConstant: isConstant)
        case .braceLeft: return try parseObject(isConstant: isConstant)
        case .dollar: return try parseVariable(isConstant: isConstant)
        case .name: return try parseNamedValue()
        case .int, .float:
            let text = lexer.text
            let isInt = lexer.kind == .int
            try advance()
            return isInt ? .int(text, location: start) : .float(text, location: start)
        case .string, .blockString:
            let text = lexer.stringValue
            let isBlock = lexer.kind == .blockString
            try advance()
            return .string(text, block: isBlock, location: start)
        default: throw unexpected()
        }
    }

    private mutating func parseNamedValue() throws(SyntaxError) -> Value {
        let start = location
        let value: Value =
            if lexer.isText("true") {
                .boolean(true, location: start)
            } else if lexer.isText("false") {
                .boolean(false, location: start)
            } else if lexer.isText("null") {
                .null(location: start)
            } else {
                .enumValue(lexer.text, location: start)
            }
        try advance()
        return value
    }

    private mutating func parseVariable(isConstant: Bool) throws(SyntaxError) -> Value {
        let start = location
        try advance()
        guard isConstant else { return .variable(try parseName().text, location: start) }
        let message =
            lexer.kind == .name
            ? "Unexpected variable '$\(lexer.text)' in constant value." : "Unexpected \(TokenKind.dollar.description)."
        throw SyntaxError(message, at: Int(start))
    }

    private mutating func parseList(isConstant: Bool) throws(SyntaxError) -> Value {
        let start = location
        let values = try nested { (parser) throws(SyntaxError) in
            try parser.advance()
            var values: [Value] = []
            while try !parser.skip(.bracketRight) { values.append(try parser.parseValue(isConstant: isConstant)) }
            return values
        }
        return .list(values, location: start)
    }

    private mutating func parseObject(isConstant: Bool) throws(SyntaxError) -> Value {
        let start = location
        let fields = try nested { (parser) throws(SyntaxError) in
            try parser.advance()
            var fields: [ObjectField] = []
            while try !parser.skip(.braceRight) {
                let name = try parser.parseName()
                try parser.expect(.colon)
                fields.append(ObjectField(name: name, value: try parser.parseValue(isConstant: isConstant)))
            }
            return fields
        }
        return .object(fields, location: start)
    }

    mutating func parseTypeReference() throws(SyntaxError) -> TypeReference {
        let start = location
        let type: TypeReference
        if lexer.kind == .bracketLeft {
            let inner = try nested { (parser) throws(SyntaxError) in
                try parser.advance()
                return try parser.parseTypeReference()
            }
            try expect(.bracketRight)
            type = .list(inner, location: start)
        } else {
            type = .named(try parseName())
        }
        return try skip(.bang) ? .nonNull(type) : type
    }
}
