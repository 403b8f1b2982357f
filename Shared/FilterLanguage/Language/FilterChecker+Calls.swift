extension FilterChecker {
    private static let casts = ["float", "int", "str"]
    private static let quantifiers = ["any", "all"]
    private static let aggregates: [String: FilterAggregate] = [
        "len": .count, "sum": .sum, "max": .maximum, "min": .minimum,
    ]

    /// `float(x)`, and where there is something to count, `len(…)`, `sum(…)`, `max(…)` and `min(…)`.
    mutating func call(
        _ function: FilterSyntax, _ arguments: [FilterSyntax], _ syntax: FilterSyntax
    ) throws(FilterError) -> FilterOperand {
        let name = try functionName(function)
        if Self.casts.contains(name) { return try cast(name, arguments, syntax) }
        guard !root.collections.isEmpty, let aggregate = Self.aggregates[name] else {
            guard !Self.quantifiers.contains(name) || root.collections.isEmpty else {
                throw error("\(shown(syntax)) is a condition and has no value to compare", syntax)
            }
            throw unknownFunction(name, function)
        }
        let (value, type) = try self.aggregate(aggregate, name, arguments, syntax)
        return .value(value, type)
    }

    private func functionName(_ function: FilterSyntax) throws(FilterError) -> String {
        guard case .name(let name) = function.kind else {
            throw error("\(shown(function)) cannot be called", function)
        }
        return name
    }

    private func unknownFunction(_ name: String, _ function: FilterSyntax) -> FilterError {
        let known = Self.casts + (root.collections.isEmpty ? [] : Self.quantifiers + Self.aggregates.keys.sorted())
        return error(
            "\(FilterError.shown(name)) is not a function of the filter language"
                + Suggestion.ending(for: name, among: known), function)
    }

    private mutating func cast(
        _ name: String, _ arguments: [FilterSyntax], _ syntax: FilterSyntax
    ) throws(FilterError) -> FilterOperand {
        guard arguments.count == 1 else { throw error("\(shown(syntax)): '\(name)' takes one attribute", syntax) }
        guard case .attribute(let path) = try operand(arguments[0]) else {
            throw error("\(shown(arguments[0])) is not an attribute: '\(name)' takes one", arguments[0])
        }
        return name == "str"
            ? .value(.attribute(path, .text), .text) : .value(.attribute(path, .number), .number)
    }

    // MARK: Loops

    /// `any(…)` and `all(…)`; nil for another function.
    mutating func quantifier(
        _ function: FilterSyntax, _ arguments: [FilterSyntax], _ syntax: FilterSyntax
    ) throws(FilterError) -> FilterCondition? {
        guard case .name(let name) = function.kind, Self.quantifiers.contains(name), !root.collections.isEmpty else {
            return nil
        }
        guard arguments.count == 1, case .comprehension(let comprehension) = arguments[0].kind else {
            throw error("\(shown(syntax)): write it as '\(name)(x.name == 'a' for x in spans)'", syntax)
        }
        let (loop, conditions, element) = try within(comprehension) { (checker, element) throws(FilterError) in
            try checker.condition(element)
        }
        if name == "any" { return .some(loop, conditions + [element]) }
        return .not(.some(loop, conditions + [.not(.firstKnown([element, .or([])]))]))
    }

    private mutating func aggregate(
        _ aggregate: FilterAggregate, _ name: String, _ arguments: [FilterSyntax], _ syntax: FilterSyntax
    ) throws(FilterError) -> (value: FilterValue, type: FilterType) {
        guard arguments.count == 1 else { throw error("\(shown(syntax)): '\(name)' takes one list", syntax) }
        guard case .comprehension(let comprehension) = arguments[0].kind else {
            guard aggregate == .count else {
                throw error("\(shown(syntax)): write it as '\(name)(x.latency_ms for x in spans)'", syntax)
            }
            let (loop, _) = try self.loop(arguments[0])
            return (.aggregate(.count, loop, [], nil), .number)
        }
        typealias Summand = (value: FilterValue, type: FilterType)
        let (loop, conditions, summand) = try within(comprehension) {
            (checker, element) throws(FilterError) -> Summand? in
            aggregate == .count ? nil : try checker.summand(element, of: aggregate)
        }
        return (.aggregate(aggregate, loop, conditions, summand?.value), summand?.type ?? .number)
    }

    private mutating func summand(
        _ syntax: FilterSyntax, of aggregate: FilterAggregate
    ) throws(FilterError) -> (value: FilterValue, type: FilterType) {
        switch try operand(syntax) {
        case .value(.attribute(let path, .number), .number): return (.attribute(path, .operand), .number)
        case .value(let value, .number): return (value, .number)
        case .value(let value, .time) where aggregate != .sum: return (value, .time)
        case .attribute(let path): return (.attribute(path, .operand), .number)
        default: throw error("\(shown(syntax)) is not a number", syntax)
        }
    }

    /// Checks a loop's element with its variable known.
    private mutating func within<T>(
        _ comprehension: FilterSyntax.Comprehension,
        _ check: (inout FilterChecker, FilterSyntax) throws(FilterError) -> T
    ) throws(FilterError) -> (FilterLoop, [FilterCondition], T) {
        let (loop, vocabulary) = try self.loop(comprehension.source)
        variables.append((comprehension.variable, loop.element, vocabulary))
        defer { variables.removeLast() }
        let conditions = try self.conditions(comprehension.conditions)
        return (loop, conditions, try check(&self, comprehension.element))
    }

    private mutating func loop(_ source: FilterSyntax) throws(FilterError) -> (FilterLoop, FilterVocabulary) {
        let (parent, vocabulary, name) = try collectionName(source)
        guard let collection = vocabulary.collections[name] else {
            let hint = Suggestion.ending(for: name, among: vocabulary.collections.keys)
            throw error("\(shown(source)) is not a list of things that a \(vocabulary.subject) has\(hint)", source)
        }
        let element = FilterScope(number: scopeCount)
        scopeCount += 1
        return (FilterLoop(collection: collection, parent: parent, element: element), collection.vocabulary())
    }

    private func collectionName(
        _ source: FilterSyntax
    ) throws(FilterError) -> (FilterScope, FilterVocabulary, String) {
        switch source.kind {
        case .name(let name): return (.root, root, name)
        case .member(let base, let name):
            guard case .name(let variable) = base.kind,
                let known = variables.last(where: { $0.name == variable })
            else { fallthrough }
            return (known.scope, known.vocabulary, name)
        default: throw error("\(shown(source)) is not a list of things", source)
        }
    }
}
