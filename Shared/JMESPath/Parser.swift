/// Turns words into a tree, by how strongly each operator binds (Pratt's way).
struct Parser {
    /// More words need more stack to evaluate than a task should use.
    private static let tokensMax = 1_000
    private static let depthMax = 50
    /// Operators that bind less end a projection.
    private static let projectionEnd = 10

    private let tokens: [Token]
    private var position = 0
    private var depth = 0

    static func parse(_ text: String) throws(JMESPathError) -> Node {
        let tokens = try Lexer.tokens(text)
        guard tokens.count <= tokensMax else { throw JMESPathError(.syntax, "the expression is too long") }
        var parser = Parser(tokens: tokens)
        let node = try parser.expression(0)
        guard parser.token == .end else { throw parser.unexpected() }
        return node
    }

    private init(tokens: [Token]) {
        self.tokens = tokens
    }

    private var token: Token { tokens[position] }

    private func unexpected() -> JMESPathError {
        JMESPathError(
            .syntax, token == .end ? "the expression ends too early" : "word \(position + 1) cannot stand there")
    }

    private mutating func take(_ expected: Token) -> Bool {
        guard token == expected else { return false }
        position += 1
        return true
    }

    private mutating func require(_ expected: Token) throws(JMESPathError) {
        guard take(expected) else { throw unexpected() }
    }

    private static func strength(_ token: Token) -> Int {
        switch token {
        case .pipe: 1
        case .or: 2
        case .and: 3
        case .comparator: 5
        case .flatten: 9
        case .star: 20
        case .filter: 21
        case .dot: 40
        case .not: 45
        case .leftBrace: 50
        case .leftBracket: 55
        case .leftParenthesis: 60
        default: 0
        }
    }

    private mutating func expression(_ strength: Int) throws(JMESPathError) -> Node {
        depth += 1
        defer { depth -= 1 }
        guard depth <= Self.depthMax else { throw JMESPathError(.syntax, "the expression is nested too deeply") }
        var node = try beginning()
        while strength < Self.strength(token) { node = try continuation(of: node) }
        return node
    }

    // MARK: What begins an expression

    private mutating func beginning() throws(JMESPathError) -> Node {
        let first = token
        position = min(position + 1, tokens.count - 1)
        switch first {
        case .literal(let value): return .literal(value)
        case .identifier(let name): return try take(.leftParenthesis) ? call(name) : .field(name)
        case .quotedIdentifier(let name):
            guard token != .leftParenthesis else { throw unexpected() }
            return .field(name)
        case .current: return .current
        case .star: return .valueProjection(.current, each: try projected(Self.strength(.star)))
        case .filter: return try filter(.current)
        case .flatten: return .listProjection(.flatten(.current), each: try projected(Self.strength(.flatten)))
        case .not: return .not(try expression(Self.strength(.not)))
        case .leftBrace: return try hash()
        case .leftBracket: return try bracketsAtBeginning()
        case .leftParenthesis:
            let node = try expression(0)
            try require(.rightParenthesis)
            return node
        default:
            position -= first == .end ? 0 : 1
            throw unexpected()
        }
    }

    private mutating func bracketsAtBeginning() throws(JMESPathError) -> Node {
        switch token {
        case .number, .colon: return try indexOrSlice(of: .current)
        case .star where tokens[position + 1] == .rightBracket:
            position += 2
            return .listProjection(.current, each: try projected(Self.strength(.star)))
        default: return try list()
        }
    }

    // MARK: What goes on after an expression

    private mutating func continuation(of left: Node) throws(JMESPathError) -> Node {
        let operation = token
        position += 1
        switch operation {
        case .dot:
            if take(.star) { return .valueProjection(left, each: try projected(Self.strength(.star))) }
            return .chain(left, try afterDot(Self.strength(.dot)))
        case .pipe: return .chain(left, try expression(Self.strength(.pipe)))
        case .or: return .or(left, try expression(Self.strength(.or)))
        case .and: return .and(left, try expression(Self.strength(.and)))
        case .comparator(let comparator):
            return .comparison(comparator, left, try expression(Self.strength(operation)))
        case .flatten: return .listProjection(.flatten(left), each: try projected(Self.strength(.flatten)))
        case .filter: return try filter(left)
        case .leftBracket:
            if take(.star) {
                try require(.rightBracket)
                return .listProjection(left, each: try projected(Self.strength(.star)))
            }
            return try indexOrSlice(of: left)
        default:
            position -= 1
            throw unexpected()
        }
    }

    private mutating func afterDot(_ strength: Int) throws(JMESPathError) -> Node {
        switch token {
        case .identifier, .quotedIdentifier, .star: return try expression(strength)
        case .leftBracket:
            position += 1
            return try list()
        case .leftBrace:
            position += 1
            return try hash()
        default: throw unexpected()
        }
    }

    /// What is done with each element of a projection.
    private mutating func projected(_ strength: Int) throws(JMESPathError) -> Node {
        guard Self.strength(token) >= Self.projectionEnd else { return .current }
        switch token {
        case .leftBracket, .filter: return try expression(strength)
        case .dot:
            position += 1
            return try afterDot(strength)
        default: throw unexpected()
        }
    }

    private mutating func filter(_ left: Node) throws(JMESPathError) -> Node {
        let condition = try expression(0)
        try require(.rightBracket)
        let each = token == .flatten ? Node.current : try projected(Self.strength(.filter))
        return .filterProjection(left, condition: condition, each: each)
    }

    // MARK: Within brackets, braces and parentheses

    private mutating func indexOrSlice(of left: Node) throws(JMESPathError) -> Node {
        var parts: [Int?] = [nil]
        while token != .rightBracket {
            if case .number(let number) = token, parts[parts.count - 1] == nil {
                parts[parts.count - 1] = number
            } else if token == .colon, parts.count < 3 {
                parts.append(nil)
            } else {
                throw unexpected()
            }
            position += 1
        }
        guard parts.count > 1 else {
            guard case let index?? = parts.first else { throw unexpected() }
            position += 1
            return .chain(left, .index(index))
        }
        position += 1
        let step = parts.count == 3 ? parts[2] ?? 1 : 1
        guard step != 0 else { throw JMESPathError(.invalidValue, "a slice's step cannot be 0") }
        let slice = Node.chain(left, .slice(start: parts[0], stop: parts[1], step: step))
        return .listProjection(slice, each: try projected(Self.strength(.star)))
    }

    private mutating func list() throws(JMESPathError) -> Node {
        var nodes = [try expression(0)]
        while take(.comma) { nodes.append(try expression(0)) }
        try require(.rightBracket)
        return .list(nodes)
    }

    private mutating func hash() throws(JMESPathError) -> Node {
        var entries: [HashEntry] = []
        repeat {
            switch token {
            case .identifier(let name), .quotedIdentifier(let name):
                position += 1
                try require(.colon)
                entries.append(HashEntry(name: name, value: try expression(0)))
            default: throw unexpected()
            }
        } while take(.comma)
        try require(.rightBrace)
        return .hash(entries)
    }

    private mutating func call(_ name: String) throws(JMESPathError) -> Node {
        guard let function = Function(rawValue: name) else {
            throw JMESPathError(.unknownFunction, "there is no function \(name)")
        }
        var arguments: [Node] = []
        if !take(.rightParenthesis) {
            repeat {
                arguments.append(take(.reference) ? .reference(try expression(0)) : try expression(0))
            } while take(.comma)
            try require(.rightParenthesis)
        }
        try function.check(arguments)
        return .call(function, arguments)
    }
}
