extension FilterChecker {
    /// A name with what follows it: `a.b['c']`.
    private struct Chain {
        enum Step {
            case member(String)
            case element(FilterSyntax)
        }

        var base: FilterSyntax
        var steps: [(step: Step, syntax: FilterSyntax)] = []

        /// Taken apart without recursion, since chains may be long.
        init(_ syntax: FilterSyntax) {
            var current = syntax
            while true {
                switch current.kind {
                case .member(let base, let name):
                    steps.append((.member(name), current))
                    current = base
                case .element(let base, let element):
                    steps.append((.element(element), current))
                    current = base
                default:
                    base = current
                    steps.reverse()
                    return
                }
            }
        }
    }

    // A path of more steps than SQLite's JSON is deep leads nowhere.
    private static let pathMax = 40

    /// What one side of a comparison is.
    mutating func operand(_ syntax: FilterSyntax) throws(FilterError) -> FilterOperand {
        if let literal = syntax.literal { return .literal(literal) }
        switch syntax.kind {
        case .list(let elements): return .list(try literals(elements))
        case .name, .member, .element: return try named(Chain(syntax), syntax)
        case .call(let function, let arguments): return try call(function, arguments, syntax)
        case .negative, .arithmetic: return try arithmetic(syntax)
        case .comparison, .not, .and, .or:
            throw error("\(shown(syntax)) is a condition and has no value to compare", syntax)
        default: throw error("\(shown(syntax)) does not stand for a value", syntax)
        }
    }

    private func literals(_ elements: [FilterSyntax]) throws(FilterError) -> [FilterLiteral] {
        var literals: [FilterLiteral] = []
        for element in elements {
            guard let literal = element.literal else {
                throw error("\(shown(element)): a list holds only text, numbers, True, False and None", element)
            }
            literals.append(literal)
        }
        return literals
    }

    private mutating func named(_ chain: Chain, _ syntax: FilterSyntax) throws(FilterError) -> FilterOperand {
        guard case .name(let name) = chain.base.kind else {
            throw error("\(shown(chain.base)) has no parts", chain.base)
        }
        guard chain.steps.count <= Self.pathMax else {
            throw error("a path has at most \(Self.pathMax) steps", syntax)
        }
        if let variable = variables.last(where: { $0.name == name }) {
            return try named(
                after: variable.vocabulary, variable.scope, name, Array(chain.steps), syntax)
        }
        return try named(root, .root, first: name, chain.steps, syntax)
    }

    /// What stands behind a loop's variable.
    private mutating func named(
        after vocabulary: FilterVocabulary, _ scope: FilterScope, _ variable: String,
        _ steps: [(step: Chain.Step, syntax: FilterSyntax)], _ syntax: FilterSyntax
    ) throws(FilterError) -> FilterOperand {
        guard let first = steps.first, case .member(let name) = first.step else {
            throw error("'\(variable)' is a \(vocabulary.subject): compare one of its fields", syntax)
        }
        return try named(vocabulary, scope, first: name, Array(steps.dropFirst()), syntax)
    }

    private mutating func named(
        _ vocabulary: FilterVocabulary, _ scope: FilterScope, first name: String,
        _ steps: [(step: Chain.Step, syntax: FilterSyntax)], _ syntax: FilterSyntax
    ) throws(FilterError) -> FilterOperand {
        if steps.isEmpty, let field = vocabulary.fields[name] { return .value(.field(field, scope), field.type) }
        if steps.count == 1, case .member(let member) = steps[0].step,
            let field = vocabulary.dottedFields["\(name).\(member)"]
        {
            return .value(.field(field, scope), field.type)
        }
        if let source = vocabulary.annotations[name], let first = steps.first, case .element(let key) = first.step {
            return try annotation(source, scope, key, Array(steps.dropFirst()), syntax)
        }
        if vocabulary.hasParentSpan, name == "parent_span" {
            guard steps.isEmpty else {
                throw error(
                    "\(shown(syntax)): fields of the parent cannot be asked for, only 'parent_span is None'", syntax)
            }
            return .parentSpan(scope)
        }
        guard vocabulary.hasAttributes else { throw unknown(name, vocabulary, syntax) }
        return .attribute(try path(name, steps, scope, syntax))
    }

    private func unknown(_ name: String, _ vocabulary: FilterVocabulary, _ syntax: FilterSyntax) -> FilterError {
        let known = vocabulary.names + (variables.isEmpty ? [] : variables.map(\.name))
        let hint = Suggestion.ending(for: name, among: known)
        guard vocabulary.fields[name] == nil, vocabulary.collections[name] == nil else {
            return error("\(shown(syntax)) is not a field of a \(vocabulary.subject)", syntax)
        }
        return error("'\(name)' is not a field of a \(vocabulary.subject)\(hint)", syntax)
    }

    private mutating func annotation(
        _ source: AnnotationSource, _ scope: FilterScope, _ key: FilterSyntax,
        _ steps: [(step: Chain.Step, syntax: FilterSyntax)], _ syntax: FilterSyntax
    ) throws(FilterError) -> FilterOperand {
        guard case .text(let name)? = key.literal else {
            throw error("\(shown(key)): an annotation's name is text", key)
        }
        let slot = AnnotationSlot(scope: scope, source: source, name: name)
        note(slot)
        guard let step = steps.first else { return .annotation(slot) }
        guard steps.count == 1, case .member(let member) = step.step else {
            throw error("\(shown(syntax)): an annotation has .label, .score and .explanation", syntax)
        }
        guard let field = AnnotationField(rawValue: member) else {
            let hint = Suggestion.ending(for: member, among: AnnotationField.allCases.map(\.rawValue))
            throw error("'\(member)' is not a field of an annotation\(hint)", step.syntax)
        }
        return .value(.annotation(slot, field), field == .score ? .number : .text)
    }

    private func path(
        _ name: String, _ steps: [(step: Chain.Step, syntax: FilterSyntax)], _ scope: FilterScope,
        _ syntax: FilterSyntax
    ) throws(FilterError) -> AttributePath {
        var path = AttributePath(scope: scope, steps: [.key(name)])
        for (step, syntax) in steps {
            switch step {
            case .member(let member): path.steps.append(.key(member))
            case .element(let element): path.steps.append(try self.step(element, syntax))
            }
        }
        guard name == "attributes", let first = steps.first, case .element = first.step else { return path }
        path.steps.removeFirst()
        guard case .key? = path.steps.first else {
            throw error("\(shown(syntax)): attributes have names, not numbers", syntax)
        }
        return path
    }

    private func step(_ element: FilterSyntax, _ syntax: FilterSyntax) throws(FilterError) -> AttributePath.Step {
        switch element.literal {
        case .text(let key)?: return .key(key)
        case .number(let number)?:
            guard let index = Int32(exactly: number) else { fallthrough }
            return .index(index)
        default: throw error("\(shown(element)): a key is text, or a whole number for a list", element)
        }
    }
}
