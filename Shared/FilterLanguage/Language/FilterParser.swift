/// Makes syntax of a filter's tokens: recursive descent over Python's expression grammar, as far as filters use it.
///
/// Every recursion goes through `nested`, which counts, so that no text can exhaust the stack.
struct FilterParser {
    /// In Unicode scalars.
    static let lengthMax = 10_000
    /// Redundant parentheses count too.
    private static let nestingMax = 60
    /// Of expressions within one another; SQLite's own parser holds about three times as many.
    static let depthMax = 20
    /// SQLite takes a thousand conditions joined by AND.
    private static let nodesMax = 500

    private let scalars: [Unicode.Scalar]
    private let tokens: [FilterToken]
    private var index = 0
    private var nesting = 0
    private var nodeCount = 0

    /// Throws `FilterError` for what is no expression of the language, and for what is too long or too deep.
    static func parse(_ text: String) throws(FilterError) -> FilterSyntax {
        let scalars = Array(text.unicodeScalars.prefix(lengthMax + 1))
        guard scalars.count <= lengthMax else {
            throw FilterError("a filter has at most \(lengthMax) characters", position: lengthMax)
        }
        var parser = FilterParser(scalars: scalars, tokens: try FilterLexer.tokens(of: scalars))
        guard parser.kind != .end else { throw FilterError("the filter is empty", position: 0) }
        let syntax = try parser.parseOr()
        guard parser.kind == .end else { throw parser.unexpected("the end of the filter") }
        return syntax
    }

    private init(scalars: [Unicode.Scalar], tokens: [FilterToken]) {
        self.scalars = scalars
        self.tokens = tokens
    }

    private var token: FilterToken { tokens[index] }
    private var kind: FilterToken.Kind { tokens[index].kind }

    private mutating func take(_ mark: FilterToken.Mark) -> Bool {
        guard kind == .mark(mark) else { return false }
        index += 1
        return true
    }

    private mutating func take(_ keyword: FilterToken.Keyword) -> Bool {
        guard kind == .keyword(keyword) else { return false }
        index += 1
        return true
    }

    private mutating func expect(_ mark: FilterToken.Mark) throws(FilterError) {
        guard take(mark) else { throw unexpected("'\(mark.rawValue)'") }
    }

    private func unexpected(_ wanted: String) -> FilterError {
        let found = kind == .end ? "the filter ends" : "\(FilterError.shown(piece(token.range))) stands"
        return FilterError("\(found) where \(wanted) is expected", position: token.range.lowerBound)
    }

    private func piece(_ range: Range<Int>) -> String {
        String(String.UnicodeScalarView(scalars[range]))
    }

    private mutating func nested<T>(
        _ parse: (inout FilterParser) throws(FilterError) -> T
    ) throws(FilterError) -> T {
        nesting += 1
        defer { nesting -= 1 }
        guard nesting <= Self.nestingMax else {
            throw FilterError("the filter is nested too deeply", position: token.range.lowerBound)
        }
        return try parse(&self)
    }

    /// A piece of syntax from `start` to the last token that was taken.
    private mutating func node(
        _ kind: FilterSyntax.Kind, from start: Int, over parts: [FilterSyntax] = []
    ) throws(FilterError) -> FilterSyntax {
        let range = start..<tokens[max(index, 1) - 1].range.upperBound
        // A loop is a statement of its own within the statement.
        let own = if case .comprehension = kind { 2 } else { 1 }
        let depth = own + (parts.lazy.map(\.depth).max() ?? 0)
        nodeCount += 1
        guard depth <= Self.depthMax else { throw FilterError("the filter is nested too deeply", position: start) }
        guard nodeCount <= Self.nodesMax else {
            throw FilterError("the filter has too many parts", position: start)
        }
        return FilterSyntax(kind: kind, range: range, depth: depth)
    }
}

// MARK: - Conditions

extension FilterParser {
    private mutating func parseOr() throws(FilterError) -> FilterSyntax {
        let start = token.range.lowerBound
        var parts = [try parseAnd()]
        while take(.or) { parts.append(try parseAnd()) }
        return parts.count == 1 ? parts[0] : try node(.or(parts), from: start, over: parts)
    }

    private mutating func parseAnd() throws(FilterError) -> FilterSyntax {
        let start = token.range.lowerBound
        var parts = [try parseNot()]
        while take(.and) { parts.append(try parseNot()) }
        return parts.count == 1 ? parts[0] : try node(.and(parts), from: start, over: parts)
    }

    private mutating func parseNot() throws(FilterError) -> FilterSyntax {
        let start = token.range.lowerBound
        guard take(.not) else { return try parseComparison() }
        let part = try nested { (parser) throws(FilterError) in try parser.parseNot() }
        return try node(.not(part), from: start, over: [part])
    }

    private mutating func parseComparison() throws(FilterError) -> FilterSyntax {
        let start = token.range.lowerBound
        let first = try parseSum()
        var rest: [(ComparisonOperator, FilterSyntax)] = []
        while let comparison = try takeComparison() { rest.append((comparison, try parseSum())) }
        guard !rest.isEmpty else { return first }
        return try node(.comparison(first, rest), from: start, over: [first] + rest.map(\.1))
    }

    private mutating func takeComparison() throws(FilterError) -> ComparisonOperator? {
        if take(.is) { return take(.not) ? .isNotEqual : .isEqual }
        if take(.in) { return .isIn }
        if kind == .keyword(.not) {
            index += 1
            guard take(.in) else { throw unexpected("'in'") }
            return .isNotIn
        }
        guard case .mark(let mark) = kind, let comparison = Self.comparisons[mark] else { return nil }
        index += 1
        return comparison
    }

    private static let comparisons: [FilterToken.Mark: ComparisonOperator] = [
        .equal: .equal, .notEqual: .notEqual, .less: .less, .lessOrEqual: .lessOrEqual, .greater: .greater,
        .greaterOrEqual: .greaterOrEqual,
    ]
}

// MARK: - Values

extension FilterParser {
    private mutating func parseSum() throws(FilterError) -> FilterSyntax {
        let start = token.range.lowerBound
        var left = try parseProduct()
        while case .mark(let mark) = kind, let operation = ArithmeticOperator(rawValue: mark.rawValue),
            operation == .add || operation == .subtract
        {
            index += 1
            let right = try parseProduct()
            left = try node(.arithmetic(operation, left, right), from: start, over: [left, right])
        }
        return left
    }

    private mutating func parseProduct() throws(FilterError) -> FilterSyntax {
        let start = token.range.lowerBound
        var left = try parseSign()
        while case .mark(let mark) = kind, let operation = ArithmeticOperator(rawValue: mark.rawValue),
            operation != .add && operation != .subtract
        {
            index += 1
            let right = try parseSign()
            left = try node(.arithmetic(operation, left, right), from: start, over: [left, right])
        }
        return left
    }

    private mutating func parseSign() throws(FilterError) -> FilterSyntax {
        let start = token.range.lowerBound
        guard kind == .mark(.minus) || kind == .mark(.plus) else { return try parsePostfix() }
        let isNegative = kind == .mark(.minus)
        index += 1
        let value = try nested { (parser) throws(FilterError) in try parser.parseSign() }
        guard isNegative else { return value }
        return try node(.negative(value), from: start, over: [value])
    }

    private mutating func parsePostfix() throws(FilterError) -> FilterSyntax {
        let start = token.range.lowerBound
        var value = try parseAtom()
        while true {
            if take(.dot) {
                guard case .name(let name) = kind else { throw unexpected("a name") }
                index += 1
                value = try member(name, of: value, from: start)
            } else if take(.openBracket) {
                let element = try nested { (parser) throws(FilterError) in try parser.parseOr() }
                try expect(.closeBracket)
                value = try node(.element(value, element), from: start)
            } else if take(.openParenthesis) {
                let arguments = try parseArguments()
                value = try node(.call(value, arguments), from: start, over: arguments)
            } else {
                return value
            }
        }
    }

    /// Steps of a path stand beside each other, not within one another: they are counted, and held flat by `pathMax`.
    private mutating func member(
        _ name: String, of base: FilterSyntax, from start: Int
    ) throws(FilterError) -> FilterSyntax {
        try node(.member(base, name), from: start)
    }

    private mutating func parseArguments() throws(FilterError) -> [FilterSyntax] {
        var arguments: [FilterSyntax] = []
        while !take(.closeParenthesis) {
            let argument = try nested { (parser) throws(FilterError) in try parser.parseComprehensionOrValue() }
            arguments.append(argument)
            guard kind != .mark(.closeParenthesis) else { continue }
            try expect(.comma)
        }
        return arguments
    }

    private mutating func parseComprehensionOrValue() throws(FilterError) -> FilterSyntax {
        let element = try parseOr()
        guard kind == .keyword(.for) else { return element }
        return try parseComprehension(of: element)
    }

    private mutating func parseComprehension(of element: FilterSyntax) throws(FilterError) -> FilterSyntax {
        index += 1
        guard case .name(let variable) = kind else { throw unexpected("a name") }
        index += 1
        guard take(.in) else { throw unexpected("'in'") }
        let source = try parseSum()
        var conditions: [FilterSyntax] = []
        while take(.if) { conditions.append(try parseOr()) }
        return try node(
            .comprehension(.init(element: element, variable: variable, source: source, conditions: conditions)),
            from: element.range.lowerBound, over: [element, source] + conditions)
    }

    private mutating func parseAtom() throws(FilterError) -> FilterSyntax {
        let start = token.range.lowerBound
        switch kind {
        case .name(let name):
            index += 1
            return try node(.name(name), from: start)
        case .text: return try parseText()
        case .number(let number): return try literal(.number(number))
        case .keyword(.true): return try literal(.boolean(true))
        case .keyword(.false): return try literal(.boolean(false))
        case .keyword(.none): return try literal(.none)
        case .mark(.openParenthesis):
            return try nested { (parser) throws(FilterError) in try parser.parseParenthesis() }
        case .mark(.openBracket): return try nested { (parser) throws(FilterError) in try parser.parseList() }
        default: throw unexpected("a name or a value")
        }
    }

    private mutating func literal(_ literal: FilterLiteral) throws(FilterError) -> FilterSyntax {
        let start = token.range.lowerBound
        index += 1
        return try node(.literal(literal), from: start)
    }

    /// Texts that follow one another are one, as in Python.
    private mutating func parseText() throws(FilterError) -> FilterSyntax {
        let start = token.range.lowerBound
        var text = ""
        while case .text(let next) = kind {
            text += next
            index += 1
        }
        return try node(.literal(.text(text)), from: start)
    }

    /// An expression in parentheses, or a tuple.
    private mutating func parseParenthesis() throws(FilterError) -> FilterSyntax {
        let start = token.range.lowerBound
        index += 1
        if take(.closeParenthesis) { return try node(.list([]), from: start) }
        let first = try parseComprehensionOrValue()
        if take(.closeParenthesis) { return first }
        var elements = [first]
        while !take(.closeParenthesis) {
            try expect(.comma)
            if take(.closeParenthesis) { break }
            elements.append(try parseOr())
        }
        return try node(.list(elements), from: start, over: elements)
    }

    private mutating func parseList() throws(FilterError) -> FilterSyntax {
        let start = token.range.lowerBound
        index += 1
        var elements: [FilterSyntax] = []
        while !take(.closeBracket) {
            let element = try parseComprehensionOrValue()
            if case .comprehension = element.kind, elements.isEmpty {
                try expect(.closeBracket)
                return element
            }
            elements.append(element)
            guard kind != .mark(.closeBracket) else { continue }
            try expect(.comma)
        }
        return try node(.list(elements), from: start, over: elements)
    }
}
