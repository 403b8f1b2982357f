extension Node {
    func evaluate(_ value: JSONValue) throws(JMESPathError) -> JSONValue {
        switch self {
        case .current: return value
        case .literal(let literal): return literal
        case .field(let name): return value[name] ?? .null
        case .index(let index): return value.element(at: index)
        case .slice(let start, let stop, let step): return value.slice(start: start, stop: stop, step: step)
        case .chain(let first, let second): return try second.evaluate(try first.evaluate(value))
        case .listProjection(let source, let each):
            guard case .array(let elements) = try source.evaluate(value) else { return .null }
            return try Self.project(elements, each)
        case .valueProjection(let source, let each):
            guard case .object(let members) = try source.evaluate(value) else { return .null }
            return try Self.project(members.valuesByName, each)
        case .filterProjection(let source, let condition, let each):
            guard case .array(let elements) = try source.evaluate(value) else { return .null }
            var kept: [JSONValue] = []
            for element in elements where try !condition.evaluate(element).isFalse { kept.append(element) }
            return try Self.project(kept, each)
        case .flatten(let source):
            guard case .array(let elements) = try source.evaluate(value) else { return .null }
            return .array(elements.flatMap { $0.array ?? [$0] })
        case .comparison(let comparator, let left, let right):
            return comparator.compare(try left.evaluate(value), try right.evaluate(value))
        case .or(let left, let right):
            let first = try left.evaluate(value)
            return first.isFalse ? try right.evaluate(value) : first
        case .and(let left, let right):
            let first = try left.evaluate(value)
            return first.isFalse ? first : try right.evaluate(value)
        case .not(let node): return .boolean(try node.evaluate(value).isFalse)
        case .list(let nodes):
            guard value != .null else { return .null }
            var found: [JSONValue] = []
            for node in nodes { found.append(try node.evaluate(value)) }
            return .array(found)
        case .hash(let entries):
            guard value != .null else { return .null }
            var found: [String: JSONValue] = [:]
            for entry in entries { found[entry.name] = try entry.value.evaluate(value) }
            return .object(found)
        case .call(let function, let arguments): return try function.call(arguments, value)
        case .reference:
            throw JMESPathError(.invalidType, "an expression's reference is no value")
        }
    }

    private static func project(_ elements: [JSONValue], _ each: Node) throws(JMESPathError) -> JSONValue {
        guard each != .current else { return .array(elements.filter { $0 != .null }) }
        var found: [JSONValue] = []
        for element in elements {
            let result = try each.evaluate(element)
            if result != .null { found.append(result) }
        }
        return .array(found)
    }
}

extension [String: JSONValue] {
    /// The specification leaves the order open; ours is always the same.
    var valuesByName: [JSONValue] { keys.sorted { $0.precedes($1) }.compactMap { self[$0] } }
}

extension JSONValue {
    /// A negative index counts from the end.
    fileprivate func element(at index: Int) -> JSONValue {
        guard case .array(let elements) = self else { return .null }
        let position = index < 0 ? index + elements.count : index
        return elements.indices.contains(position) ? elements[position] : .null
    }

    fileprivate func slice(start: Int?, stop: Int?, step: Int) -> JSONValue {
        guard case .array(let elements) = self else { return .null }
        let count = elements.count
        // Between `lowest` and `highest` an end may lie; one step outside means that nothing is left there.
        let (lowest, highest) = step > 0 ? (0, count) : (-1, count - 1)
        let bounded = { (end: Int) in
            let position = end < 0 ? max(end, -count - 1) + count : end
            return Swift.min(Swift.max(position, lowest), highest)
        }
        let first = start.map(bounded) ?? (step > 0 ? lowest : highest)
        let last = stop.map(bounded) ?? (step > 0 ? highest : lowest)
        // A step longer than the array reaches one element at most; as it is, adding it could overflow.
        let stride = Swift.stride(from: first, to: last, by: Swift.min(Swift.max(step, -count - 1), count + 1))
        return .array(stride.map { elements[$0] })
    }
}

extension Comparator {
    /// Null for what has no order. Text has one by its code points, as in other implementations.
    fileprivate func compare(_ left: JSONValue, _ right: JSONValue) -> JSONValue {
        switch self {
        case .equal: return .boolean(left == right)
        case .notEqual: return .boolean(left != right)
        case .less, .lessOrEqual, .greater, .greaterOrEqual: break
        }
        let isLess: Bool
        let isGreater: Bool
        if let left = left.double, let right = right.double {
            (isLess, isGreater) = (left < right, left > right)
        } else if let left = left.string, let right = right.string {
            (isLess, isGreater) = (left.precedes(right), right.precedes(left))
        } else {
            return .null
        }
        switch self {
        case .less: return .boolean(isLess)
        case .lessOrEqual: return .boolean(!isGreater)
        case .greater: return .boolean(isGreater)
        case .greaterOrEqual: return .boolean(!isLess)
        case .equal, .notEqual: return .null
        }
    }
}
