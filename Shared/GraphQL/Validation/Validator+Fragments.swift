/// Fragments' definitions (October 2021, 5.5.1 and 5.5.2).
extension Validator {
    mutating func checkFragment(_ fragment: FragmentDefinition) {
        let name = fragment.name.text
        let type = schema.type(named: fragment.typeCondition.text)
        if let type, !type.kind.isComposite {
            report(
                "Fragment '\(name)' cannot condition on non composite type '\(type.name)'.",
                at: fragment.typeCondition.location)
        }
        if let known = knownFragmentNames[name] {
            report("There can be only one fragment named '\(name)'.", at: known.location, fragment.name.location)
        } else {
            knownFragmentNames[name] = fragment.name
        }
        for cycle in cycles.find(from: fragment, fragments) { reportCycle(cycle) }
        checkUnique(fragment.directives)
        checkTypeName(fragment.typeCondition)
        usages = []
        field = nil
        checkDirectives(fragment.directives, at: .fragmentDefinition)
        checkSelectionSet(fragment.selectionSet, parent: type)
        if !usages.isEmpty { fragmentUsages[name] = usages }
    }

    private mutating func reportCycle(_ cycle: [FragmentSpread]) {
        guard let last = cycle.last else { return }
        let via = cycle.dropLast().map { "'\($0.name.text)'" }.joined(separator: ", ")
        report(
            "Cannot spread fragment '\(last.name.text)' within itself\(wrapped(" via ", via)).",
            atAll: cycle.map(\.location))
    }

    mutating func checkFragmentsAreUsed() {
        guard !fragments.isEmpty, !isAborted else { return }
        var used: Set<String> = []
        for operation in document.operations {
            for fragment in referencedFragments(of: operation) { used.insert(fragment.name.text) }
        }
        for fragment in document.fragments where !used.contains(fragment.name.text) {
            report("Fragment '\(fragment.name.text)' is never used.", at: fragment.location)
        }
    }

    /// All fragments that an operation uses, directly or through others.
    func referencedFragments(of operation: OperationDefinition) -> [FragmentDefinition] {
        guard !fragments.isEmpty else { return [] }
        var found: [FragmentDefinition] = []
        var names: Set<String> = []
        var pending = [operation.selectionSet]
        while let selectionSet = pending.popLast() {
            for spread in spreads(in: selectionSet) where names.insert(spread.name.text).inserted {
                guard let fragment = fragments[spread.name.text] else { continue }
                found.append(fragment)
                pending.append(fragment.selectionSet)
            }
        }
        return found
    }
}

/// The uses of fragments below a selection set, those of outer sets first.
func spreads(in selectionSet: SelectionSet) -> [FragmentSpread] {
    var found: [FragmentSpread] = []
    var pending = [selectionSet]
    while let next = pending.popLast() {
        for selection in next.selections {
            switch selection {
            case .fragmentSpread(let spread): found.append(spread)
            case .field(let field): if let inner = field.selectionSet { pending.append(inner) }
            case .inlineFragment(let fragment): pending.append(fragment.selectionSet)
            }
        }
    }
    return found
}

/// Looks for fragments that use themselves; each fragment is gone through once.
struct FragmentCycles {
    private var visited: Set<String> = []
    private var path: [FragmentSpread] = []
    private var positions: [String: Int] = [:]
    private var found: [[FragmentSpread]] = []

    /// The cycles that are reached from here and were not before.
    mutating func find(
        from fragment: FragmentDefinition, _ fragments: [String: FragmentDefinition]
    ) -> [[FragmentSpread]] {
        found = []
        visit(fragment, fragments)
        return found
    }

    private mutating func visit(_ fragment: FragmentDefinition, _ fragments: [String: FragmentDefinition]) {
        guard visited.insert(fragment.name.text).inserted else { return }
        let uses = spreads(in: fragment.selectionSet)
        guard !uses.isEmpty else { return }
        positions[fragment.name.text] = path.count
        for use in uses {
            path.append(use)
            if let position = positions[use.name.text] {
                found.append(Array(path[position...]))
            } else if let next = fragments[use.name.text] {
                visit(next, fragments)
            }
            path.removeLast()
        }
        positions[fragment.name.text] = nil
    }
}
