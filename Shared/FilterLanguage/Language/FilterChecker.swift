import Domain

/// Gives a filter's names their meaning, and refuses what does not fit together.
struct FilterChecker {
    let scalars: [Unicode.Scalar]
    let root: FilterVocabulary
    /// Of the loops around what is checked, the innermost last.
    var variables: [(name: String, scope: FilterScope, vocabulary: FilterVocabulary)] = []
    var scopeCount = 1
    /// All that were named.
    private(set) var annotations: Set<FilterAnnotation> = []

    static func check(
        _ text: String, _ vocabulary: FilterVocabulary
    ) throws(FilterError) -> (condition: FilterCondition, annotations: Set<FilterAnnotation>) {
        let syntax = try FilterParser.parse(text)
        guard syntax.depth <= vocabulary.depthMax else {
            throw FilterError("the filter is nested too deeply", position: syntax.range.lowerBound)
        }
        var checker = FilterChecker(scalars: Array(text.unicodeScalars), root: vocabulary)
        let condition = try checker.condition(syntax)
        return (condition, checker.annotations)
    }

    /// What a text names that is nothing but a path in a span's attributes.
    static func attributePath(_ text: String) throws(FilterError) -> AttributePath {
        let syntax = try FilterParser.parse(text)
        var checker = FilterChecker(scalars: Array(text.unicodeScalars), root: .span)
        guard case .attribute(let path) = try checker.operand(syntax) else {
            throw checker.error("\(checker.shown(syntax)) is not an attribute", syntax)
        }
        return path
    }

    private init(scalars: [Unicode.Scalar], root: FilterVocabulary) {
        self.scalars = scalars
        self.root = root
    }

    mutating func note(_ slot: AnnotationSlot) {
        annotations.insert(FilterAnnotation(subject: slot.source.subject, name: slot.name))
    }

    /// A piece of the filter, in quotes.
    func shown(_ syntax: FilterSyntax) -> String {
        FilterError.shown(String(String.UnicodeScalarView(scalars[syntax.range])))
    }

    func error(_ message: String, _ syntax: FilterSyntax) -> FilterError {
        FilterError(message, position: syntax.range.lowerBound)
    }
}

// MARK: - Conditions

extension FilterChecker {
    mutating func condition(_ syntax: FilterSyntax) throws(FilterError) -> FilterCondition {
        switch syntax.kind {
        case .and(let parts): return .and(try conditions(parts))
        case .or(let parts): return .or(try conditions(parts))
        case .not(let part): return .not(try condition(part))
        case .comparison(let first, let rest): return try comparisons(first, rest)
        case .call(let function, let arguments):
            if let quantifier = try quantifier(function, arguments, syntax) { return quantifier }
        default: break
        }
        switch try operand(syntax) {
        case .annotation(let slot): return .hasAnnotation(slot)
        case .value(let value, .boolean): return .compare(.equal, value, .literal(.boolean(true)))
        default: throw error("\(shown(syntax)) is not a condition: compare it with something", syntax)
        }
    }

    mutating func conditions(_ parts: [FilterSyntax]) throws(FilterError) -> [FilterCondition] {
        var conditions: [FilterCondition] = []
        for part in parts { conditions.append(try condition(part)) }
        return conditions
    }

    private mutating func comparisons(
        _ first: FilterSyntax, _ rest: [(ComparisonOperator, FilterSyntax)]
    ) throws(FilterError) -> FilterCondition {
        var left = first
        var conditions: [FilterCondition] = []
        for (comparison, right) in rest {
            conditions.append(try self.comparison(left, comparison, right))
            left = right
        }
        return conditions.count == 1 ? conditions[0] : .and(conditions)
    }

    private mutating func comparison(
        _ leftSyntax: FilterSyntax, _ comparison: ComparisonOperator, _ rightSyntax: FilterSyntax
    ) throws(FilterError) -> FilterCondition {
        let sides = Sides(
            left: try operand(leftSyntax), leftSyntax: leftSyntax, right: try operand(rightSyntax),
            rightSyntax: rightSyntax)
        switch (sides.left, sides.right) {
        case (.literal, .literal), (.literal, .list), (.list, .literal), (.list, .list):
            throw error(
                "\(shown(leftSyntax)) and \(shown(rightSyntax)) are both values: one must be a field", leftSyntax)
        default: break
        }
        switch comparison {
        case .isEqual, .isNotEqual: return try identity(sides, isNegated: comparison == .isNotEqual)
        case .isIn, .isNotIn:
            let containment = try containment(sides)
            return comparison == .isIn ? containment : .not(containment)
        default: return try ordinary(sides, comparison)
        }
    }

    /// The two sides of a comparison.
    struct Sides {
        var left: FilterOperand
        var leftSyntax: FilterSyntax
        var right: FilterOperand
        var rightSyntax: FilterSyntax

        var mirrored: Sides {
            Sides(left: right, leftSyntax: rightSyntax, right: left, rightSyntax: leftSyntax)
        }
    }

    // MARK: `is`

    private func identity(_ sides: Sides, isNegated: Bool) throws(FilterError) -> FilterCondition {
        // `None is x` is `x is None`.
        if case .literal(let literal) = sides.left, literal == .none || literal.type == .boolean {
            return try identity(sides.mirrored, isNegated: isNegated)
        }
        guard case .literal(let literal) = sides.right else {
            throw error("'is' is followed by None, True or False; write '==' to compare", sides.rightSyntax)
        }
        let condition: FilterCondition
        switch literal {
        case .none: condition = try missing(sides.left, sides.leftSyntax)
        case .boolean: condition = try ordinary(sides, .equal)
        default: throw error("'is' is followed by None, True or False; write '==' to compare", sides.rightSyntax)
        }
        return isNegated ? .not(condition) : condition
    }

    private func missing(_ operand: FilterOperand, _ syntax: FilterSyntax) throws(FilterError) -> FilterCondition {
        switch operand {
        case .attribute(let path): return .attributeIsMissing(path)
        case .annotation(let slot): return .not(.hasAnnotation(slot))
        case .parentSpan(let scope): return .not(.hasParentSpan(scope))
        case .value(let value, _): return .isMissing(value)
        case .literal, .list: throw error("\(shown(syntax)) is a value, never None", syntax)
        }
    }

    // MARK: `==`, `<`, …

    private func ordinary(_ sides: Sides, _ comparison: ComparisonOperator) throws(FilterError) -> FilterCondition {
        if case .literal(.none) = sides.right { return try noneComparison(sides, comparison) }
        if case .literal(.none) = sides.left { return try noneComparison(sides.mirrored, comparison) }
        try refuseUncomparable(sides.left, sides.leftSyntax)
        try refuseUncomparable(sides.right, sides.rightSyntax)
        switch (sides.left, sides.right) {
        case (.attribute(let left), .attribute(let right)): return Self.attributes(left, comparison, right)
        case (.attribute, _): return try attribute(sides, comparison)
        case (_, .attribute): return try attribute(sides.mirrored, comparison.mirrored)
        case (.value(_, .time), .literal), (.literal, .value(_, .time)): return try times(sides, comparison)
        case (.value(let field, _), .literal): return try literal(field, comparison, sides)
        case (.literal, .value(let field, _)): return try literal(field, comparison.mirrored, sides.mirrored)
        default: return try values(sides, comparison)
        }
    }

    /// As people write it who know SQL better than Python; it means `is None`.
    private func noneComparison(_ sides: Sides, _ comparison: ComparisonOperator) throws(FilterError) -> FilterCondition
    {
        guard !comparison.isOrder else {
            throw error("None is neither less nor greater than anything", sides.rightSyntax)
        }
        let condition = try missing(sides.left, sides.leftSyntax)
        return comparison == .equal ? condition : .not(condition)
    }

    private func refuseUncomparable(_ operand: FilterOperand, _ syntax: FilterSyntax) throws(FilterError) {
        switch operand {
        case .value(.field(let field, _), _) where field.anyOf != nil:
            throw error("\(shown(syntax)) is no one text: look for some in it, as in 'x' in \(field.name)", syntax)
        case .list: throw error("a list stands only after 'in'", syntax)
        case .annotation:
            throw error(
                "\(shown(syntax)) has .label, .score, .explanation and .identifier: compare one of them", syntax)
        case .parentSpan: throw error("parent_span is only compared with None: 'parent_span is None'", syntax)
        default: break
        }
    }

    private static func attributes(
        _ left: AttributePath, _ comparison: ComparisonOperator, _ right: AttributePath
    ) -> FilterCondition {
        let readings: [AttributeReading] = comparison.isOrder ? [.text, .number] : [.text, .number, .boolean]
        return .firstKnown(readings.map { .compare(comparison, .attribute(left, $0), .attribute(right, $0)) })
    }

    /// An attribute on the left, something of a known type on the right.
    private func attribute(_ sides: Sides, _ comparison: ComparisonOperator) throws(FilterError) -> FilterCondition {
        guard case .attribute(let path) = sides.left else { return .and([]) }
        switch sides.right {
        case .literal(let literal):
            let reading = reading(of: literal.type ?? .text)
            if comparison.isOrder, literal.type == .boolean { throw unordered(.boolean, sides.rightSyntax) }
            return .compare(comparison, .attribute(path, reading), .literal(literal))
        case .value(let value, let type):
            guard type != .time else {
                throw error(
                    "\(shown(sides.leftSyntax)) is an attribute and cannot be compared with a time", sides.leftSyntax)
            }
            if comparison.isOrder { try refuseUnordered(sides.right, sides.rightSyntax) }
            return .compare(comparison, .attribute(path, reading(of: type)), value)
        default: return .and([])
        }
    }

    private func reading(of type: FilterType) -> AttributeReading {
        switch type {
        case .text, .time: .text
        case .number: .number
        case .boolean: .boolean
        }
    }

    private func times(_ sides: Sides, _ comparison: ComparisonOperator) throws(FilterError) -> FilterCondition {
        if case .value(let field, _) = sides.left, case .literal(let literal) = sides.right {
            return .compare(comparison, field, .time(try time(literal, sides.rightSyntax)))
        }
        return try times(sides.mirrored, comparison.mirrored)
    }

    func time(_ literal: FilterLiteral, _ syntax: FilterSyntax) throws(FilterError) -> Int64 {
        guard case .text(let text) = literal else {
            throw error("\(shown(syntax)) is not a time: write it as '2026-01-31T12:00:00Z'", syntax)
        }
        guard let time = Timestamp.parseISO8601(text, requiresOffset: true) else {
            let reason = Timestamp.parseISO8601(text) == nil ? "is not a time" : "has no offset"
            throw error("\(shown(syntax)) \(reason): write it as '2026-01-31T12:00:00Z'", syntax)
        }
        return time
    }

    /// A field on the left, a literal on the right.
    private func literal(
        _ value: FilterValue, _ comparison: ComparisonOperator, _ sides: Sides
    ) throws(FilterError) -> FilterCondition {
        guard case .literal(let literal) = sides.right, case .value(_, let type) = sides.left else { return .and([]) }
        guard literal.type == type else { throw mismatch(sides) }
        if comparison.isOrder { try refuseUnordered(sides.left, sides.leftSyntax) }
        guard case .field(let field, let scope) = value, case .text = literal else {
            return .compare(comparison, value, .literal(literal))
        }
        if let id = field.id {
            let isID = FilterCondition.isID(field, scope, Self.ids([literal], id))
            return comparison == .equal ? isID : .not(isID)
        }
        return .compare(comparison, value, .literal(Self.adapted(literal, to: field)))
    }

    /// Ids that no row can have are left out.
    static func ids(_ literals: [FilterLiteral], _ id: FilterID) -> [[UInt8]] {
        literals.compactMap { literal in
            guard case .text(let text) = literal, text.utf8.count == id.byteCount * 2,
                let bytes = Hex.decode(text), Hex.encode(bytes) == text
            else { return nil }
            return bytes
        }
    }

    static func adapted(_ literal: FilterLiteral, to field: FilterField) -> FilterLiteral {
        guard field.isUpperCase, case .text(let text) = literal else { return literal }
        return .text(text.uppercased())
    }

    private func values(_ sides: Sides, _ comparison: ComparisonOperator) throws(FilterError) -> FilterCondition {
        guard case .value(let left, let leftType) = sides.left, case .value(let right, let rightType) = sides.right,
            leftType == rightType
        else { throw mismatch(sides) }
        if comparison.isOrder {
            try refuseUnordered(sides.left, sides.leftSyntax)
            try refuseUnordered(sides.right, sides.rightSyntax)
        }
        return .compare(comparison, left, right)
    }

    private func mismatch(_ sides: Sides) -> FilterError {
        error(
            "\(shown(sides.leftSyntax)) is \(described(sides.left)) and cannot be compared with \(shown(sides.rightSyntax)), "
                + "which is \(described(sides.right))", sides.rightSyntax)
    }

    private func described(_ operand: FilterOperand) -> String {
        switch operand {
        case .literal(let literal): literal.type?.described ?? "None"
        case .value(_, let type): type.described
        case .list: "a list"
        case .attribute: "an attribute"
        case .annotation: "an annotation"
        case .parentSpan: "a span"
        }
    }

    /// Text of attributes has an order, that of columns none, as in Phoenix.
    private func refuseUnordered(_ operand: FilterOperand, _ syntax: FilterSyntax) throws(FilterError) {
        guard case .value(let value, let type) = operand else { return }
        switch (type, value) {
        case (.text, .attribute), (.number, _), (.time, _): return
        default: throw unordered(type, syntax)
        }
    }

    private func unordered(_ type: FilterType, _ syntax: FilterSyntax) -> FilterError {
        error("\(shown(syntax)) is \(type.described), which is neither less nor greater than anything", syntax)
    }
}
