/// The built-in functions (https://jmespath.org/specification.html#built-in-functions).
enum Function: String, Sendable {
    case abs, avg, ceil, contains, floor, join, keys, length, map, max, merge, min, reverse, sort, sum, type, values
    case endsWith = "ends_with"
    case maxBy = "max_by"
    case minBy = "min_by"
    case notNull = "not_null"
    case sortBy = "sort_by"
    case startsWith = "starts_with"
    case toArray = "to_array"
    case toNumber = "to_number"
    case toString = "to_string"

    private enum Parameter {
        case value, reference
    }

    private var parameters: [Parameter] {
        switch self {
        case .contains, .endsWith, .join, .startsWith: [.value, .value]
        case .map: [.reference, .value]
        case .maxBy, .minBy, .sortBy: [.value, .reference]
        default: [.value]
        }
    }

    private var takesMore: Bool { self == .merge || self == .notNull }

    /// Throws if the number of arguments is wrong, or if a reference stands where a value must, or the reverse.
    func check(_ arguments: [Node]) throws(JMESPathError) {
        let parameters = parameters
        guard arguments.count == parameters.count || takesMore && arguments.count > parameters.count else {
            throw JMESPathError(
                .invalidArity, "\(rawValue) takes \(parameters.count) arguments, not \(arguments.count)")
        }
        for (position, argument) in arguments.enumerated() {
            let isReference = if case .reference = argument { true } else { false }
            let expected = position < parameters.count ? parameters[position] : .value
            guard isReference == (expected == .reference) else {
                throw JMESPathError(.invalidType, "argument \(position + 1) of \(rawValue) is of the wrong kind")
            }
        }
    }

    /// The arguments have been checked.
    func call(_ arguments: [Node], _ value: JSONValue) throws(JMESPathError) -> JSONValue {
        switch self {
        case .map: return .array(try keyed(arguments[1], by: arguments[0], value).map(\.key))
        case .sortBy: return .array(try sortable(arguments[0], by: arguments[1], value).map(\.element))
        case .maxBy: return try extreme(arguments, value) { $1.key.isOrderedBefore($0.key) }
        case .minBy: return try extreme(arguments, value) { $0.key.isOrderedBefore($1.key) }
        default: break
        }
        var values: [JSONValue] = []
        for argument in arguments { values.append(try argument.evaluate(value)) }
        switch self {
        case .abs, .ceil, .floor: return try rounded(values[0])
        case .avg, .sum: return try total(values[0])
        case .max, .min, .sort: return try ordered(values[0])
        case .contains, .endsWith, .startsWith, .join: return try text(values)
        case .keys, .values, .merge: return try members(values)
        case .length, .reverse: return try sequence(values[0])
        default: return converted(values)
        }
    }

    private func wrongType(_ value: JSONValue) -> JMESPathError {
        JMESPathError(.invalidType, "\(rawValue) cannot be given a value of type \(value.typeName)")
    }

    // MARK: Numbers

    private func rounded(_ value: JSONValue) throws(JMESPathError) -> JSONValue {
        switch value {
        case .integer(let number): return self == .abs ? Self.number(Double(number).magnitude) : value
        case .number(let number):
            switch self {
            case .abs: return .number(number.magnitude)
            case .ceil: return Self.number(number.rounded(.up))
            default: return Self.number(number.rounded(.down))
            }
        default: throw wrongType(value)
        }
    }

    private func total(_ value: JSONValue) throws(JMESPathError) -> JSONValue {
        guard case .array(let elements) = value else { throw wrongType(value) }
        var sum = 0.0
        for element in elements {
            guard let number = element.double else { throw wrongType(element) }
            sum += number
        }
        if self == .sum { return Self.number(sum) }
        return elements.isEmpty ? .null : Self.number(sum / Double(elements.count))
    }

    private static func number(_ value: Double) -> JSONValue {
        Int64(exactly: value).map(JSONValue.integer) ?? .number(value)
    }

    // MARK: Order

    private func ordered(_ value: JSONValue) throws(JMESPathError) -> JSONValue {
        guard case .array(let elements) = value else { throw wrongType(value) }
        try checkOrder(elements)
        let sorted = elements.sorted { $0.isOrderedBefore($1) }
        switch self {
        case .sort: return .array(sorted)
        case .max: return sorted.last ?? .null
        default: return sorted.first ?? .null
        }
    }

    /// All are numbers, or all are strings.
    private func checkOrder(_ elements: [JSONValue]) throws(JMESPathError) {
        guard let first = elements.first else { return }
        for element in elements {
            guard element.isOrderable, element.typeName == first.typeName else { throw wrongType(element) }
        }
    }

    private typealias Keyed = (element: JSONValue, key: JSONValue)

    private func keyed(_ list: Node, by reference: Node, _ value: JSONValue) throws(JMESPathError) -> [Keyed] {
        let source = try list.evaluate(value)
        guard case .array(let elements) = source, case .reference(let expression) = reference else {
            throw wrongType(source)
        }
        var keyed: [Keyed] = []
        for element in elements { keyed.append((element, try expression.evaluate(element))) }
        return keyed
    }

    private func sortable(_ list: Node, by reference: Node, _ value: JSONValue) throws(JMESPathError) -> [Keyed] {
        let keyed = try keyed(list, by: reference, value)
        try checkOrder(keyed.map(\.key))
        return keyed.sorted { $0.key.isOrderedBefore($1.key) }
    }

    /// The first that comes before all others.
    private func extreme(
        _ arguments: [Node], _ value: JSONValue, comesFirst: (Keyed, Keyed) -> Bool
    ) throws(JMESPathError) -> JSONValue {
        let keyed = try keyed(arguments[0], by: arguments[1], value)
        try checkOrder(keyed.map(\.key))
        guard var best = keyed.first else { return .null }
        for candidate in keyed.dropFirst() where comesFirst(candidate, best) { best = candidate }
        return best.element
    }

    // MARK: Text

    private func text(_ values: [JSONValue]) throws(JMESPathError) -> JSONValue {
        if self == .contains, case .array(let elements) = values[0] { return .boolean(elements.contains(values[1])) }
        guard case .string(let first) = values[0] else { throw wrongType(values[0]) }
        if self == .join { return try joined(values[1], first) }
        guard case .string(let second) = values[1] else {
            if self == .contains { return .boolean(false) }
            throw wrongType(values[1])
        }
        let (text, part) = (Array(first.unicodeScalars), Array(second.unicodeScalars))
        switch self {
        case .startsWith: return .boolean(text.starts(with: part))
        case .endsWith: return .boolean(text.reversed().starts(with: part.reversed()))
        default: return .boolean(part.isEmpty || first.unicodeScalars.firstRange(of: part) != nil)
        }
    }

    private func joined(_ value: JSONValue, _ glue: String) throws(JMESPathError) -> JSONValue {
        guard case .array(let elements) = value else { throw wrongType(value) }
        var texts: [String] = []
        for element in elements {
            guard case .string(let text) = element else { throw wrongType(element) }
            texts.append(text)
        }
        return .string(texts.joined(separator: glue))
    }

    // MARK: Objects and lengths

    private func members(_ values: [JSONValue]) throws(JMESPathError) -> JSONValue {
        var merged: [String: JSONValue] = [:]
        for value in values {
            guard case .object(let members) = value else { throw wrongType(value) }
            merged.merge(members) { $1 }
        }
        switch self {
        case .keys: return .array(merged.keys.sorted { $0.precedes($1) }.map(JSONValue.string))
        case .values: return .array(merged.valuesByName)
        default: return .object(merged)
        }
    }

    private func sequence(_ value: JSONValue) throws(JMESPathError) -> JSONValue {
        switch value {
        case .array(let elements):
            return self == .length ? .integer(Int64(elements.count)) : .array(elements.reversed())
        case .string(let text):
            guard self == .reverse else { return .integer(Int64(text.unicodeScalars.count)) }
            return .string(String(String.UnicodeScalarView(text.unicodeScalars.reversed())))
        case .object(let members) where self == .length: return .integer(Int64(members.count))
        default: throw wrongType(value)
        }
    }

    // MARK: Conversions

    private func converted(_ values: [JSONValue]) -> JSONValue {
        switch self {
        case .notNull: return values.first { $0 != .null } ?? .null
        case .type: return .string(values[0].typeName)
        case .toArray: return values[0].array == nil ? .array(values) : values[0]
        case .toString: return values[0].string == nil ? .string(values[0].text) : values[0]
        default:
            guard case .string(let text) = values[0] else { return values[0].double == nil ? .null : values[0] }
            guard let number = JSONValue(parsing: text.utf8), number.double != nil else { return .null }
            return number
        }
    }
}

extension JSONValue {
    fileprivate var isOrderable: Bool { double != nil || string != nil }

    /// Both are numbers, or both are strings.
    fileprivate func isOrderedBefore(_ other: JSONValue) -> Bool {
        if let left = double, let right = other.double { return left < right }
        guard let left = string, let right = other.string else { return false }
        return left.precedes(right)
    }
}
