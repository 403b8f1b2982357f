extension FilterChecker {
    /// `left in right`.
    mutating func containment(_ sides: Sides) throws(FilterError) -> FilterCondition {
        if case .list(let literals) = sides.right { return try membership(sides, literals) }
        let needle = try needle(sides)
        switch sides.right {
        case .literal(.text): return .contains(try text(sides.right), needle: needle)
        case .attribute(let path): return .attributeContains(path, needle: needle)
        case .value(.field(let field, let scope), .text) where field.anyOf != nil:
            return containment(inAnyOf: field, scope, needle)
        case .value(let haystack, .text): return .contains(haystack, needle: needle)
        default:
            throw error(
                "\(shown(sides.rightSyntax)) cannot contain anything: 'in' is followed by text or a list",
                sides.rightSyntax)
        }
    }

    /// A field of any element, as `any_input` of a session.
    private mutating func containment(
        inAnyOf field: FilterField, _ scope: FilterScope, _ needle: FilterValue
    ) -> FilterCondition {
        guard let (collection, elementField) = field.anyOf,
            let found = collection.vocabulary().fields[elementField]
        else { return .or([]) }
        let element = FilterScope(number: scopeCount)
        scopeCount += 1
        return .some(
            FilterLoop(collection: collection, parent: scope, element: element),
            [.contains(.field(found, element), needle: needle)])
    }

    private func needle(_ sides: Sides) throws(FilterError) -> FilterValue {
        switch sides.left {
        case .literal(.text), .value(_, .text), .attribute: return try text(sides.left)
        default: throw error("\(shown(sides.leftSyntax)) is not text: only text is contained in text", sides.leftSyntax)
        }
    }

    private func text(_ operand: FilterOperand) throws(FilterError) -> FilterValue {
        switch operand {
        case .literal(let literal): .literal(literal)
        case .attribute(let path): .attribute(path, .text)
        case .value(let value, _): value
        default: throw FilterError("not text", position: 0)
        }
    }

    private func membership(_ sides: Sides, _ literals: [FilterLiteral]) throws(FilterError) -> FilterCondition {
        switch sides.left {
        case .attribute(let path): return attributeMembership(path, literals)
        case .value(let value, let type):
            for literal in literals where literal != .none && literal.type != (type == .time ? .text : type) {
                throw error(
                    "\(shown(sides.leftSyntax)) is \(type.described), and the list holds \(literal.type?.described ?? "None")",
                    sides.rightSyntax)
            }
            return try membership(value, type, literals.filter { $0 != .none }, sides)
        default:
            throw error("\(shown(sides.leftSyntax)) cannot be looked for in a list", sides.leftSyntax)
        }
    }

    private func membership(
        _ value: FilterValue, _ type: FilterType, _ literals: [FilterLiteral], _ sides: Sides
    ) throws(FilterError) -> FilterCondition {
        if type == .time {
            var parts: [FilterCondition] = []
            for literal in literals {
                parts.append(.compare(.equal, value, .time(try time(literal, sides.rightSyntax))))
            }
            return parts.isEmpty ? .isOneOf(value, []) : .or(parts)
        }
        guard case .field(let field, let scope) = value else { return .isOneOf(value, literals) }
        if let id = field.id { return .isID(field, scope, Self.ids(literals, id)) }
        return .isOneOf(value, literals.map { Self.adapted($0, to: field) })
    }

    /// The attribute decides by its own type which of the literals it is compared with.
    private func attributeMembership(_ path: AttributePath, _ literals: [FilterLiteral]) -> FilterCondition {
        let readings: [(FilterType, AttributeReading)] = [(.text, .text), (.number, .number), (.boolean, .boolean)]
        let parts = readings.compactMap { type, reading -> FilterCondition? in
            let ofType = literals.filter { $0.type == type }
            return ofType.isEmpty ? nil : .isOneOf(.attribute(path, reading), ofType)
        }
        guard parts.count != 1 else { return parts[0] }
        return parts.isEmpty ? .isOneOf(.attribute(path, .text), []) : .firstKnown(parts)
    }
}
