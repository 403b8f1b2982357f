/// Makes what a resolver answers a scalar's or enum's value in the answer (October 2021, 3.5 and 6.4.3).
enum LeafCoercion: Sendable {
    case int, float, string, boolean, id
    case enumeration(name: String, values: Set<String>)
    case custom(ScalarHooks)

    init(_ type: SchemaType?, _ hooks: ScalarHooks?) {
        if let type, type.kind == .enum {
            self = .enumeration(name: type.name, values: Set(type.enumValues.map(\.name)))
        } else if let hooks {
            self = .custom(hooks)
        } else {
            switch type?.name {
            case "Int": self = .int
            case "Float": self = .float
            case "Boolean": self = .boolean
            case "ID": self = .id
            default: self = .string
            }
        }
    }

    /// - Throws: why the value is none of the type's.
    func coerced(_ value: OutputValue) throws -> OutputValue {
        switch self {
        case .int: try coercedInt(value)
        case .float: try coercedFloat(value)
        case .string: try coercedString(value)
        case .boolean: try coercedBoolean(value)
        case .id: try coercedID(value)
        case .enumeration(let name, let values): try coercedEnum(value, name, values)
        case .custom(let hooks): try hooks.serialize(value)
        }
    }
}

private func coercedInt(_ value: OutputValue) throws -> OutputValue {
    switch value {
    case .int(let number):
        guard Int32(exactly: number) != nil else {
            throw GraphQLError(message: "Int cannot represent non 32-bit signed integer value: \(number)")
        }
        return value
    case .boolean(let flag): return .int(flag ? 1 : 0)
    case .float(let number):
        guard let whole = Int(exactly: number) else { break }
        return try coercedInt(.int(whole))
    case .string(let text):
        guard let whole = Int(text) else { break }
        return try coercedInt(.int(whole))
    default: break
    }
    throw GraphQLError(message: "Int cannot represent non-integer value: \(value.inspected)")
}

private func coercedFloat(_ value: OutputValue) throws -> OutputValue {
    switch value {
    case .float(let number) where number.isFinite: return value
    case .int(let number): return .float(Double(number))
    case .boolean(let flag): return .float(flag ? 1 : 0)
    case .string(let text):
        guard let number = Double(text), number.isFinite else { break }
        return .float(number)
    default: break
    }
    throw GraphQLError(message: "Float cannot represent non numeric value: \(value.inspected)")
}

private func coercedString(_ value: OutputValue) throws -> OutputValue {
    switch value {
    case .string: return value
    case .boolean(let flag): return .string(flag ? "true" : "false")
    case .int(let number): return .string(String(number))
    case .float(let number) where number.isFinite: return .string("\(number)")
    default: throw GraphQLError(message: "String cannot represent value: \(value.inspected)")
    }
}

private func coercedBoolean(_ value: OutputValue) throws -> OutputValue {
    switch value {
    case .boolean: return value
    case .int(let number): return .boolean(number != 0)
    case .float(let number) where number.isFinite: return .boolean(number != 0)
    default: throw GraphQLError(message: "Boolean cannot represent a non boolean value: \(value.inspected)")
    }
}

private func coercedID(_ value: OutputValue) throws -> OutputValue {
    switch value {
    case .string: return value
    case .int(let number): return .string(String(number))
    case .float(let number):
        guard let whole = Int(exactly: number) else { break }
        return .string(String(whole))
    default: break
    }
    throw GraphQLError(message: "ID cannot represent value: \(value.inspected)")
}

private func coercedEnum(_ value: OutputValue, _ name: String, _ values: Set<String>) throws -> OutputValue {
    if case .string(let text) = value, values.contains(text) { return value }
    throw GraphQLError(message: "Enum '\(name)' cannot represent value: \(value.inspected)")
}
