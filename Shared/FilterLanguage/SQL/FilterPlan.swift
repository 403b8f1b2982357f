/// Puts a condition into the form that SQL is written from.
///
/// A condition may speak of annotations, of which any one that satisfies the whole is enough. "There is one" can be said
/// of each part of an `or`, and of those parts of an `and` together that speak of the same annotation; so it is said as
/// far inside as can be, where an index helps.
indirect enum FilterPlan: Sendable {
    case and([FilterPlan])
    case or([FilterPlan])
    /// A condition without annotations.
    case plain(FilterCondition)
    /// That there are annotations, one of each slot, for which all conditions hold. Those that are not `required` may be
    /// missing.
    case annotated([FilterCondition], slots: [AnnotationSlot], required: Set<AnnotationSlot>)
    /// That there is none at all.
    case withoutAnnotation(AnnotationSlot)

    init(_ condition: FilterCondition) {
        self = Self.plan(condition.negationsInside)
    }

    private static func plan(_ condition: FilterCondition) -> FilterPlan {
        switch condition {
        case .and(let parts): return .and(groups(of: parts).map { group in joined(group) })
        case .or(let parts): return .or(parts.map(plan))
        default: return joined([condition])
        }
    }

    /// Conditions that speak of the same annotations, or one that speaks of none.
    private static func joined(_ conditions: [FilterCondition]) -> FilterPlan {
        let slots = conditions.reduce(into: Set()) { $0.formUnion($1.slots) }
        guard !slots.isEmpty else { return conditions.count == 1 ? .plain(conditions[0]) : .plain(.and(conditions)) }
        if conditions.count == 1, case .or = conditions[0] { return plan(conditions[0]) }
        if conditions.count == 1, case .not(.hasAnnotation(let slot)) = conditions[0] {
            return .withoutAnnotation(slot)
        }
        let required = conditions.reduce(into: Set()) { $0.formUnion($1.requiredSlots) }
        let ordered = slots.sorted { ($0.scope.number, $0.name) < ($1.scope.number, $1.name) }
        return .annotated(conditions, slots: ordered, required: required)
    }

    /// The parts of an `and`, with those together that share an annotation.
    private static func groups(of parts: [FilterCondition]) -> [[FilterCondition]] {
        var groups: [(slots: Set<AnnotationSlot>, parts: [FilterCondition])] = []
        for part in parts {
            var slots = part.slots
            var joined = [part]
            guard !slots.isEmpty else {
                groups.append((slots, joined))
                continue
            }
            for group in groups where !group.slots.isDisjoint(with: slots) {
                slots.formUnion(group.slots)
                joined = group.parts + joined
            }
            groups.removeAll { !$0.slots.isDisjoint(with: slots) }
            groups.append((slots, joined))
        }
        return groups.map(\.parts)
    }
}

extension FilterCondition {
    /// The same with every `not` directly before what cannot be taken apart (De Morgan's laws hold with "unknown" too),
    /// and without `and` in `and`.
    var negationsInside: FilterCondition { negationsInside(isNegated: false) }

    private func negationsInside(isNegated: Bool) -> FilterCondition {
        switch self {
        case .not(let part): return part.negationsInside(isNegated: !isNegated)
        case .and(let parts), .or(let parts):
            var isAnd = isNegated
            if case .and = self { isAnd = !isNegated }
            let inside = parts.map { $0.negationsInside(isNegated: isNegated) }
            return isAnd ? .and(inside.flatMap(\.conjuncts)) : .or(inside.flatMap(\.disjuncts))
        default: return isNegated ? .not(self) : self
        }
    }

    private var conjuncts: [FilterCondition] {
        if case .and(let parts) = self { parts } else { [self] }
    }

    private var disjuncts: [FilterCondition] {
        if case .or(let parts) = self { parts } else { [self] }
    }

    /// Every annotation that it speaks of, outside of loops, which look after theirs themselves.
    var slots: Set<AnnotationSlot> {
        switch self {
        case .and(let parts), .or(let parts), .firstKnown(let parts):
            parts.reduce(into: []) { $0.formUnion($1.slots) }
        case .not(let part): part.slots
        case .compare(_, let left, let right), .contains(let left, let right): left.slots.union(right.slots)
        case .isOneOf(let value, _), .isMissing(let value): value.slots
        case .attributeContains(_, let needle): needle.slots
        case .hasAnnotation(let slot): [slot]
        case .attributeIsMissing, .isID, .hasParentSpan, .some: []
        }
    }

    /// Those without which it cannot be true.
    var requiredSlots: Set<AnnotationSlot> {
        switch self {
        case .and(let parts): return parts.reduce(into: []) { $0.formUnion($1.requiredSlots) }
        case .or(let parts):
            guard let first = parts.first else { return [] }
            return parts.dropFirst().reduce(first.requiredSlots) { $0.intersection($1.requiredSlots) }
        case .not(let part):
            switch part {
            case .isMissing(let value): return value.slots
            case .compare, .isOneOf, .contains, .attributeContains: return part.slots
            default: return []
            }
        case .compare, .isOneOf, .contains, .attributeContains, .hasAnnotation: return slots
        default: return []
        }
    }
}

extension FilterValue {
    var slots: Set<AnnotationSlot> {
        switch self {
        case .annotation(let slot, _): [slot]
        case .negative(let value): value.slots
        case .arithmetic(_, let left, let right): left.slots.union(right.slots)
        case .literal, .time, .field, .attribute, .aggregate: []
        }
    }
}
