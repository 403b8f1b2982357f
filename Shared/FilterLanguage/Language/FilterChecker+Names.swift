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
            guard let first = steps.first else { return .parentSpan(scope) }
            throw unknownOfParent(first.step, vocabulary, syntax)
        }
        if let path = try rootAttribute(vocabulary, scope, name, steps, syntax) { return .attribute(path) }
        guard vocabulary.hasAttributes else { throw unknown(name, steps.map(\.step), vocabulary, syntax) }
        return .attribute(try path(name, steps, scope, syntax))
    }

    private func unknownOfParent(
        _ step: Chain.Step, _ vocabulary: FilterVocabulary, _ syntax: FilterSyntax
    ) -> FilterError {
        let known = vocabulary.dottedFields.keys.filter { $0.hasPrefix(FilterField.parentSpanPrefix) }
        guard !known.isEmpty else {
            return error(
                "\(shown(syntax)): fields of the parent cannot be asked for, only 'parent_span is None'", syntax)
        }
        guard case .member(let member) = step else {
            return error("\(shown(syntax)) is not a field of the parent", syntax)
        }
        let hint = Suggestion.ending(for: FilterField.parentSpanPrefix + member, among: known)
        return error("\(shown(syntax)) is not a field of the parent\(hint)", syntax)
    }

    private func unknown(
        _ name: String, _ steps: [Chain.Step], _ vocabulary: FilterVocabulary, _ syntax: FilterSyntax
    ) -> FilterError {
        func refusal(_ ending: String) -> FilterError {
            error("\(shown(syntax)) is not a field of a \(vocabulary.subject)\(ending)", syntax)
        }
        if vocabulary.collections[name] != nil {
            return refusal("; '\(name)' is a list: write it as any(x.name == 'a' for x in \(name))")
        }
        if vocabulary.fields[name] != nil { return refusal("") }
        if AnnotationSource.names.contains(name), let own = vocabulary.annotations.keys.min() {
            return refusal("; write \(own)['name'], or any(a.name == 'name' for a in span_annotations)")
        }
        let members = steps.compactMap { if case .member(let member) = $0 { member } else { nil } }
        if vocabulary.rootSpan != nil, !members.isEmpty, members.count == steps.count {
            let path = ([name] + members).joined(separator: ".")
            return refusal("; an attribute of its root span is written as attributes['\(path)']")
        }
        let known = vocabulary.names + variables.map(\.name)
        return error(
            "'\(name)' is not a field of a \(vocabulary.subject)\(Suggestion.ending(for: name, among: known))", syntax)
    }

    /// A path in the attributes of the span that stands for a trace or a session; nil where the name begins none.
    ///
    /// Text in brackets is the attribute's whole name or a part of it, as in `attributes['llm.model_name']`.
    private func rootAttribute(
        _ vocabulary: FilterVocabulary, _ scope: FilterScope, _ name: String,
        _ steps: [(step: Chain.Step, syntax: FilterSyntax)], _ syntax: FilterSyntax
    ) throws(FilterError) -> AttributePath? {
        guard let root = vocabulary.rootSpan, let first = steps.first else { return nil }
        switch (name, first.step) {
        case ("user", .member("id")) where steps.count == 1: break
        case ("attributes", .element), ("metadata", .element): break
        default: return nil
        }
        var path = try path(name, steps, scope, syntax)
        path.root = root
        path.steps = path.steps.flatMap(\.partsBetweenDots)
        guard path.steps.count <= Self.pathMax else { throw error("a path has at most \(Self.pathMax) steps", syntax) }
        return path
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
            throw error("\(shown(syntax)): an annotation has .label, .score, .explanation and .identifier", syntax)
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

extension AttributePath.Step {
    /// The keys that a key with dots stands for, since attributes are nested by the dots of their names.
    fileprivate var partsBetweenDots: [AttributePath.Step] {
        guard case .key(let key) = self else { return [self] }
        let parts = key.split(separator: ".", omittingEmptySubsequences: false)
        return parts.allSatisfy { !$0.isEmpty } ? parts.map { .key(String($0)) } : [self]
    }
}
