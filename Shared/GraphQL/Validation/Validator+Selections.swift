/// Fields, fragments' uses and what stands below them (October 2021, 5.3 and 5.5).
extension Validator {
    /// Walks the selections of a value of type `parent`, which is nil where the type is not known.
    mutating func checkSelectionSet(_ selectionSet: SelectionSet, parent: SchemaType?) {
        let parent = parent?.kind.isComposite == true ? parent : nil
        checkOverlaps(in: selectionSet, parent: parent)
        for selection in selectionSet.selections where !isAborted {
            switch selection {
            case .field(let field): checkField(field, parent: parent)
            case .fragmentSpread(let spread): checkSpread(spread, parent: parent)
            case .inlineFragment(let fragment): checkInlineFragment(fragment, parent: parent)
            }
        }
    }

    private mutating func checkField(_ selection: FieldSelection, parent: SchemaType?) {
        let definition = parent.flatMap { schema.field(selection.name.text, of: $0) }
        let type = definition.flatMap { schema.type(named: $0.type.name) }
        if let definition, let type { checkLeaf(selection, definition.type, type) }
        if let parent, definition == nil { reportUnknownField(selection, parent) }
        checkUnique(selection.directives)
        checkArgumentNamesAreUnique(selection.arguments)
        checkIntrospectionDepth(selection)
        let outerField = field
        field = definition
        for argument in selection.arguments {
            checkArgument(argument, of: selection, definition, parent)
        }
        checkDirectives(selection.directives, at: .field)
        if let selectionSet = selection.selectionSet { checkSelectionSet(selectionSet, parent: type) }
        field = outerField
        if let definition { checkRequiredArguments(of: selection, definition) }
    }

    private mutating func checkLeaf(_ selection: FieldSelection, _ wrapped: WrappedType, _ type: SchemaType) {
        let name = selection.name.text
        if type.kind.isLeaf {
            guard let selectionSet = selection.selectionSet else { return }
            report(
                "Field '\(name)' must not have a selection since type '\(wrapped)' has no subfields.",
                at: selectionSet.location)
        } else if selection.selectionSet == nil {
            report(
                "Field '\(name)' of type '\(wrapped)' must have a selection of subfields. "
                    + "Did you mean '\(name) { ... }'?", at: selection.location)
        }
    }

    private mutating func reportUnknownField(_ selection: FieldSelection, _ parent: SchemaType) {
        let name = selection.name.text
        var hint = didYouMean(typesWithField(name, below: parent), "to use an inline fragment on")
        if hint.isEmpty, parent.kind != .union {
            hint = didYouMean(suggestions(for: name, among: parent.fields.map(\.name)))
        }
        report("Cannot query field '\(name)' on type '\(parent.name)'.\(hint)", at: selection.location)
    }

    /// Possible types of an abstract type that have the field, and interfaces of theirs that do, the most common first.
    private func typesWithField(_ name: String, below parent: SchemaType) -> [String] {
        guard parent.kind.isAbstract else { return [] }
        var found: [SchemaType] = []
        var counts: [String: Int] = [:]
        for possibleName in schema.possibleTypes(of: parent) {
            guard let possible = schema.type(named: possibleName), possible.field(named: name) != nil else { continue }
            if counts[possible.name] == nil { found.append(possible) }
            counts[possible.name] = 1
            for interfaceName in possible.interfaces {
                guard let interface = schema.type(named: interfaceName), interface.field(named: name) != nil else {
                    continue
                }
                if counts[interface.name] == nil { found.append(interface) }
                counts[interface.name, default: 0] += 1
            }
        }
        found.sort { first, second in
            let (one, other) = (counts[first.name] ?? 0, counts[second.name] ?? 0)
            if one != other { return one > other }
            if first.kind == .interface, isSubtype(second, of: first) { return true }
            if second.kind == .interface, isSubtype(first, of: second) { return false }
            return isNaturallyOrdered(first.name, second.name)
        }
        return found.map(\.name)
    }

    private func isSubtype(_ type: SchemaType, of other: SchemaType) -> Bool {
        type.name != other.name && schema.isSubtype(.named(type.name), of: .named(other.name))
    }

    private mutating func checkSpread(_ spread: FragmentSpread, parent: SchemaType?) {
        let name = spread.name.text
        if let fragment = fragments[name] {
            if let type = schema.type(named: fragment.typeCondition.text), type.kind.isComposite, let parent,
                !schema.overlap(type, parent)
            {
                report(
                    "Fragment '\(name)' cannot be spread here as objects of type '\(parent.name)' "
                        + "can never be of type '\(type.name)'.", at: spread.location)
            }
        } else {
            report("Unknown fragment '\(name)'.", at: spread.name.location)
        }
        checkUnique(spread.directives)
        checkDirectives(spread.directives, at: .fragmentSpread)
    }

    private mutating func checkInlineFragment(_ fragment: InlineFragment, parent: SchemaType?) {
        var type = parent
        if let condition = fragment.typeCondition {
            type = schema.type(named: condition.text)
            if let type, !type.kind.isComposite {
                report(
                    "Fragment cannot condition on non composite type '\(condition.text)'.", at: condition.location)
            }
            if let type, type.kind.isComposite, let parent, !schema.overlap(type, parent) {
                report(
                    "Fragment cannot be spread here as objects of type '\(parent.name)' "
                        + "can never be of type '\(type.name)'.", at: fragment.location)
            }
        }
        checkUnique(fragment.directives)
        if let condition = fragment.typeCondition { checkTypeName(condition) }
        checkDirectives(fragment.directives, at: .inlineFragment)
        checkSelectionSet(fragment.selectionSet, parent: type)
    }

    /// Reports a name of a type that there is not.
    mutating func checkTypeName(_ name: Name) {
        guard schema.type(named: name.text) == nil, !ownTypeNames.contains(name.text) else { return }
        let options = schema.types.map(\.name) + ownTypeNames
        report(
            "Unknown type '\(name.text)'.\(didYouMean(suggestions(for: name.text, among: options)))", at: name.location)
    }

    /// Introspection that lists types of types of types costs too much to answer.
    private mutating func checkIntrospectionDepth(_ selection: FieldSelection) {
        guard selection.name.text == "__schema" || selection.name.text == "__type" else { return }
        if introspectionDepth(selection.selectionSet) >= 3 {
            report("Maximum introspection depth exceeded", at: selection.location)
        }
    }

    /// How many lists of introspection's types stand in each other at most.
    private mutating func introspectionDepth(_ selectionSet: SelectionSet?) -> Int {
        var deepest = 0
        for selection in selectionSet?.selections ?? [] {
            switch selection {
            case .field(let field):
                let isList = ["fields", "interfaces", "possibleTypes", "inputFields"].contains(field.name.text)
                deepest = max(deepest, introspectionDepth(field.selectionSet) + (isList ? 1 : 0))
            case .inlineFragment(let fragment): deepest = max(deepest, introspectionDepth(fragment.selectionSet))
            case .fragmentSpread(let spread): deepest = max(deepest, introspectionDepth(of: spread.name.text))
            }
        }
        return deepest
    }

    private mutating func introspectionDepth(of fragmentName: String) -> Int {
        if let depth = introspectionDepths[fragmentName] { return depth }
        introspectionDepths[fragmentName] = 0
        let depth = introspectionDepth(fragments[fragmentName]?.selectionSet)
        introspectionDepths[fragmentName] = depth
        return depth
    }
}
