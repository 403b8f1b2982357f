extension Document {
    /// Parses a document with operations, fragments and definitions of the type system.
    ///
    /// - Throws: a syntax error with the place where it shows, or the limit that the text exceeds.
    public init(parsing text: String, limits: ParseLimits = ParseLimits()) throws(GraphQLError) {
        try self.init(parsing: Source(text), limits: limits)
    }

    /// Parses a document with operations, fragments and definitions of the type system.
    ///
    /// - Throws: a syntax error with the place where it shows, or the limit that the text exceeds.
    public init(parsing source: Source, limits: ParseLimits = ParseLimits()) throws(GraphQLError) {
        guard source.bytes.count <= min(limits.maximumBytes, Int(Int32.max)) else {
            throw GraphQLError(
                message: "Document is too large: \(source.bytes.count) bytes, \(limits.maximumBytes) are allowed.")
        }
        let result = source.bytes.withUnsafeBufferPointer { bytes -> Result<[Definition], SyntaxError> in
            var parser = Parser(lexer: Lexer(bytes), limits: limits)
            do throws(SyntaxError) {
                return .success(try parser.parseDefinitions())
            } catch {
                return .failure(error)
            }
        }
        switch result {
        case .success(let definitions): self.init(definitions: definitions, source: source)
        case .failure(let error): throw error.reported(in: source)
        }
    }
}

/// Recursive descent over the grammar (October 2021, appendix B), one token of look-ahead.
struct Parser {
    var lexer: Lexer
    let limits: ParseLimits
    private var tokenCount = 0
    private var depth = 0

    init(lexer: Lexer, limits: ParseLimits) {
        self.lexer = lexer
        self.limits = limits
    }

    mutating func parseDefinitions() throws(SyntaxError) -> [Definition] {
        try advance()
        var definitions: [Definition] = []
        repeat {
            definitions.append(try parseDefinition())
        } while lexer.kind != .end
        return definitions
    }

    private mutating func parseDefinition() throws(SyntaxError) -> Definition {
        if lexer.kind == .braceLeft { return .operation(try parseOperation()) }
        let start = location
        let description = try parseDescription()
        guard lexer.kind == .name else { throw unexpected() }
        if let definition = try parseTypeSystemDefinition(description: description, location: start) {
            return .typeSystem(definition)
        }
        guard description == nil else {
            throw SyntaxError(
                "Unexpected description, descriptions are supported only on type definitions.", at: Int(start))
        }
        if operationKind != nil { return .operation(try parseOperation()) }
        if lexer.isText("fragment") { return .fragment(try parseFragmentDefinition()) }
        if lexer.isText("extend") { return .typeSystem(try parseExtension()) }
        throw unexpected()
    }

    // MARK: - Tokens

    /// Byte offset of the current token.
    var location: Int32 { Int32(truncatingIfNeeded: lexer.start) }

    mutating func advance() throws(SyntaxError) {
        try lexer.advance()
        guard lexer.kind != .end else { return }
        tokenCount += 1
        if tokenCount > limits.maximumTokens {
            throw SyntaxError(
                "Document contains more than \(limits.maximumTokens) tokens. Parsing aborted.", at: lexer.start)
        }
    }

    mutating func expect(_ kind: TokenKind) throws(SyntaxError) {
        guard lexer.kind == kind else {
            throw SyntaxError("Expected \(kind.description), found \(describeToken()).", at: lexer.start)
        }
        try advance()
    }

    /// Moves on if the current token is of this kind; answers whether it was.
    mutating func skip(_ kind: TokenKind) throws(SyntaxError) -> Bool {
        guard lexer.kind == kind else { return false }
        try advance()
        return true
    }

    mutating func expect(keyword: StaticString) throws(SyntaxError) {
        guard try skip(keyword: keyword) else {
            throw SyntaxError("Expected '\(keyword)', found \(describeToken()).", at: lexer.start)
        }
    }

    mutating func skip(keyword: StaticString) throws(SyntaxError) -> Bool {
        guard lexer.kind == .name, lexer.isText(keyword) else { return false }
        try advance()
        return true
    }

    func unexpected() -> SyntaxError {
        SyntaxError("Unexpected \(describeToken()).", at: lexer.start)
    }

    func describeToken() -> String {
        switch lexer.kind {
        case .name, .int, .float: "\(lexer.kind.description) '\(lexer.text)'"
        case .string, .blockString: "\(lexer.kind.description) '\(lexer.stringValue)'"
        default: lexer.kind.description
        }
    }

    mutating func parseName() throws(SyntaxError) -> Name {
        guard lexer.kind == .name else {
            throw SyntaxError("Expected Name, found \(describeToken()).", at: lexer.start)
        }
        let name = Name(lexer.text, at: location)
        try advance()
        return name
    }

    /// Runs `body` one level deeper.
    @inline(__always)
    mutating func nested<Node>(
        _ body: (inout Parser) throws(SyntaxError) -> Node
    ) throws(SyntaxError) -> Node {
        depth += 1
        guard depth <= limits.maximumDepth else {
            throw SyntaxError(
                "Document is nested more than \(limits.maximumDepth) levels deep. Parsing aborted.", at: lexer.start)
        }
        let node = try body(&self)
        depth -= 1
        return node
    }

    /// One or more of `element` between two tokens.
    @inline(__always)
    mutating func many<Node>(
        _ open: TokenKind, _ close: TokenKind, _ element: (inout Parser) throws(SyntaxError) -> Node
    ) throws(SyntaxError) -> [Node] {
        try expect(open)
        var nodes: [Node] = []
        repeat {
            nodes.append(try element(&self))
        } while try !skip(close)
        return nodes
    }

    /// One or more of `element` between two tokens, or nothing at all.
    @inline(__always)
    mutating func optionalMany<Node>(
        _ open: TokenKind, _ close: TokenKind, _ element: (inout Parser) throws(SyntaxError) -> Node
    ) throws(SyntaxError) -> [Node] {
        guard lexer.kind == open else { return [] }
        return try many(open, close, element)
    }

    /// One or more names with a token between them, which may also stand before the first.
    mutating func delimitedNames(
        _ delimiter: TokenKind, _ element: (inout Parser) throws(SyntaxError) -> Name
    ) throws(SyntaxError) -> [Name] {
        _ = try skip(delimiter)
        var names: [Name] = []
        repeat {
            names.append(try element(&self))
        } while try skip(delimiter)
        return names
    }
}
