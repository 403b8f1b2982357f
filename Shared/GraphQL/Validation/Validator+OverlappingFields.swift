/// Fields with one response key must be the same field with the same arguments, wherever they can meet (October 2021,
/// 5.3.2).
extension Validator {
    typealias Conflicts = [OverlappingFields.Conflict]

    mutating func checkOverlaps(in selectionSet: SelectionSet, parent: SchemaType?) {
        let map = fieldMap(selectionSet, parent)
        var conflicts: Conflicts = []
        for group in map.groups where group.entries.count > 1 { compareWithin(group.entries, &conflicts) }
        for (index, name) in map.fragmentNames.enumerated() {
            compare(map, withFragment: name, isExclusive: false, &conflicts)
            for other in map.fragmentNames[(index + 1)...] {
                compareFragments(name, other, isExclusive: false, &conflicts)
            }
        }
        for conflict in conflicts {
            report(
                "Fields '\(conflict.key)' conflict because \(conflict.reason). "
                    + "Use different aliases on the fields to fetch both if this was intentional.",
                atAll: conflict.first + conflict.second)
        }
    }

    private mutating func fieldMap(_ selectionSet: SelectionSet, _ parent: SchemaType?) -> OverlappingFields.FieldMap {
        if let map = overlaps.maps[ObjectIdentifier(selectionSet)] { return map }
        let map = OverlappingFields.FieldMap()
        collect(selectionSet, parent, into: map)
        overlaps.maps[ObjectIdentifier(selectionSet)] = map
        return map
    }

    private func collect(_ selectionSet: SelectionSet, _ parent: SchemaType?, into map: OverlappingFields.FieldMap) {
        for selection in selectionSet.selections {
            switch selection {
            case .field(let field):
                map.add(.init(parent: parent, field: field, definition: parent?.field(named: field.name.text)))
            case .fragmentSpread(let spread): map.add(fragmentName: spread.name.text)
            case .inlineFragment(let fragment):
                let type = fragment.typeCondition.map { schema.type(named: $0.text) } ?? parent
                collect(fragment.selectionSet, type, into: map)
            }
        }
    }

    private mutating func fieldMap(_ fragment: FragmentDefinition) -> OverlappingFields.FieldMap {
        fieldMap(fragment.selectionSet, schema.type(named: fragment.typeCondition.text))
    }

    private mutating func compareWithin(_ entries: [OverlappingFields.Entry], _ conflicts: inout Conflicts) {
        for index in entries.indices {
            for other in entries[(index + 1)...] where !isAborted {
                if let conflict = conflict(entries[index], other, isExclusive: false) { conflicts.append(conflict) }
            }
        }
    }

    private mutating func compare(
        _ first: OverlappingFields.FieldMap, _ second: OverlappingFields.FieldMap, isExclusive: Bool,
        _ conflicts: inout Conflicts
    ) {
        for group in first.groups {
            guard let others = second[group.key] else { continue }
            for entry in group.entries {
                for other in others where !isAborted {
                    if let conflict = conflict(entry, other, isExclusive: isExclusive) { conflicts.append(conflict) }
                }
            }
        }
    }

    private mutating func compare(
        _ map: OverlappingFields.FieldMap, withFragment name: String, isExclusive: Bool, _ conflicts: inout Conflicts
    ) {
        guard let fragment = fragments[name], !isAborted else { return }
        let other = fieldMap(fragment)
        guard map !== other else { return }
        settle(.init(map, other, isExclusive), fragment.location, &conflicts) { validator, conflicts in
            validator.compare(map, other, isExclusive: isExclusive, &conflicts)
            for next in other.fragmentNames
            where validator.overlaps.insert(next, name, isExclusive: isExclusive) {
                validator.compare(map, withFragment: next, isExclusive: isExclusive, &conflicts)
            }
        }
    }

    private mutating func compareFragments(
        _ name: String, _ otherName: String, isExclusive: Bool, _ conflicts: inout Conflicts
    ) {
        guard name != otherName, !isAborted, overlaps.insert(name, otherName, isExclusive: isExclusive),
            let fragment = fragments[name], let other = fragments[otherName]
        else { return }
        guard enter(at: fragment.location) else { return }
        let (first, second) = (fieldMap(fragment), fieldMap(other))
        compare(first, second, isExclusive: isExclusive, &conflicts)
        for next in second.fragmentNames { compareFragments(name, next, isExclusive: isExclusive, &conflicts) }
        for next in first.fragmentNames { compareFragments(next, otherName, isExclusive: isExclusive, &conflicts) }
        overlaps.depth -= 1
    }

    /// Compares a pair unless it is known to agree, and notes if it does.
    private mutating func settle(
        _ pair: OverlappingFields.Pair, _ location: Int32, _ conflicts: inout Conflicts,
        _ body: (inout Validator, inout Conflicts) -> Void
    ) {
        guard overlaps.settled.insert(pair).inserted, enter(at: location) else { return }
        let count = conflicts.count
        body(&self, &conflicts)
        if conflicts.count > count { overlaps.settled.remove(pair) }
        overlaps.depth -= 1
    }

    private mutating func enter(at location: Int32) -> Bool {
        guard count(at: location) else { return false }
        guard overlaps.depth < OverlappingFields.maximumDepth else {
            abort(
                "Fields with the same response name are nested too deeply to compare. Validation aborted.", at: location
            )
            return false
        }
        overlaps.depth += 1
        return true
    }

    /// Counts one more comparison; answers whether there may be more.
    private mutating func count(at location: Int32) -> Bool {
        overlaps.comparisons += 1
        guard overlaps.comparisons > OverlappingFields.maximumComparisons else { return true }
        abort("Too many fields with the same response name to compare. Validation aborted.", at: location)
        return false
    }

    private mutating func conflict(
        _ first: OverlappingFields.Entry, _ second: OverlappingFields.Entry, isExclusive: Bool
    ) -> OverlappingFields.Conflict? {
        guard count(at: second.field.location) else { return nil }
        let isExclusive = isExclusive || canNeverMeet(first.parent, second.parent)
        if let reason = difference(first, second, isExclusive: isExclusive) {
            return .init(
                key: first.field.responseKey, reason: reason, first: [first.field.location],
                second: [second.field.location])
        }
        guard first.field.selectionSet != nil, second.field.selectionSet != nil else { return nil }
        let inner = innerConflicts(first, second, isExclusive: isExclusive)
        guard !inner.isEmpty else { return nil }
        return .init(
            key: first.field.responseKey,
            reason: inner.map { "subfields '\($0.key)' conflict because \($0.reason)" }.joined(separator: " and "),
            first: [first.field.location] + inner.flatMap(\.first),
            second: [second.field.location] + inner.flatMap(\.second))
    }

    /// Whether two types are different object types: no object is of both.
    private func canNeverMeet(_ first: SchemaType?, _ second: SchemaType?) -> Bool {
        guard let first, let second, first.kind == .object, second.kind == .object else { return false }
        return first.name != second.name
    }

    private func difference(
        _ first: OverlappingFields.Entry, _ second: OverlappingFields.Entry, isExclusive: Bool
    ) -> String? {
        if !isExclusive {
            let (name, otherName) = (first.field.name.text, second.field.name.text)
            if name != otherName { return "'\(name)' and '\(otherName)' are different fields" }
            if !haveSameArguments(first.field, second.field) { return "they have differing arguments" }
        }
        guard let type = first.definition?.type, let other = second.definition?.type, conflict(type, other) else {
            return nil
        }
        return "they return conflicting types '\(type)' and '\(other)'"
    }

    /// Whether values of the two types differ in shape: lists and nulls must agree, and leaves be of one type.
    private func conflict(_ first: WrappedType, _ second: WrappedType) -> Bool {
        switch (first, second) {
        case (.list(let inner), .list(let other)), (.nonNull(let inner), .nonNull(let other)): conflict(inner, other)
        case (.named(let name), .named(let other)):
            name != other
                && (schema.type(named: name)?.kind.isLeaf == true
                    || schema.type(named: other)?.kind.isLeaf == true)
        default: true
        }
    }

    private mutating func innerConflicts(
        _ first: OverlappingFields.Entry, _ second: OverlappingFields.Entry, isExclusive: Bool
    ) -> Conflicts {
        guard let set = first.field.selectionSet, let otherSet = second.field.selectionSet else { return [] }
        var conflicts: Conflicts = []
        settle(.init(set, otherSet, isExclusive), second.field.location, &conflicts) { validator, conflicts in
            let schema = validator.schema
            let map = validator.fieldMap(set, first.definition.flatMap { schema.type(named: $0.type.name) })
            let other = validator.fieldMap(otherSet, second.definition.flatMap { schema.type(named: $0.type.name) })
            validator.compare(map, other, isExclusive: isExclusive, &conflicts)
            for name in other.fragmentNames {
                validator.compare(map, withFragment: name, isExclusive: isExclusive, &conflicts)
            }
            for name in map.fragmentNames {
                validator.compare(other, withFragment: name, isExclusive: isExclusive, &conflicts)
            }
            for name in map.fragmentNames {
                for otherName in other.fragmentNames {
                    validator.compareFragments(name, otherName, isExclusive: isExclusive, &conflicts)
                }
            }
        }
        return conflicts
    }
}

/// Whether two fields are asked for with equal arguments in any order.
private func haveSameArguments(_ first: FieldSelection, _ second: FieldSelection) -> Bool {
    guard first.arguments.count == second.arguments.count else { return false }
    return first.arguments.allSatisfy { argument in
        // Of repeated names the last counts, as everywhere.
        guard let other = second.arguments.last(where: { $0.name.text == argument.name.text }) else { return false }
        return areEqual(argument.value, other.value)
    }
}

/// Whether two literals are written alike, the fields of objects in any order.
private func areEqual(_ first: Value, _ second: Value) -> Bool {
    switch (first, second) {
    case (.list(let items, _), .list(let others, _)):
        return items.count == others.count && zip(items, others).allSatisfy { areEqual($0, $1) }
    case (.object(let fields, _), .object(let others, _)):
        guard fields.count == others.count else { return false }
        let order = { (one: ObjectField, other: ObjectField) in one.name.text < other.name.text }
        return zip(fields.sorted(by: order), others.sorted(by: order)).allSatisfy {
            $0.name.text == $1.name.text && areEqual($0.value, $1.value)
        }
    case (.list, _), (_, .list), (.object, _), (_, .object): return false
    default: return first.description == second.description
    }
}
