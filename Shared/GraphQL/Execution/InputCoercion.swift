/// Brings what comes in into its declared types: literals of a document and values of a request's variables
/// (October 2021, 3.5, 3.9, 3.10 and 6.1.2).
struct InputCoercion: Sendable {
    let schema: Schema
    let scalars: [String: ScalarHooks]

    /// Why a literal does not fit, and where.
    struct LiteralError: Error {
        var message: String
        var location: Int32
    }

    /// Values of the arguments of a field or directive (October 2021, 6.4.1).
    func arguments(
        _ definitions: [SchemaInputValue], _ given: [Argument], at location: Int32, _ variables: [String: InputValue]
    ) throws(LiteralError) -> Arguments {
        var fields: [InputValue.ObjectField] = []
        fields.reserveCapacity(definitions.count)
        for definition in definitions {
            let argument = given.first { $0.name.text == definition.name }
            if let value = try value(of: definition, argument, at: location, variables) {
                fields.append(InputValue.ObjectField(definition.name, value))
            }
        }
        return Arguments(fields)
    }

    private func value(
        of definition: SchemaInputValue, _ argument: Argument?, at location: Int32, _ variables: [String: InputValue]
    ) throws(LiteralError) -> InputValue? {
        let described = "Argument '\(definition.name)' of"
        guard let argument else {
            if let value = definition.defaultValue { return defaulted(value, definition.type) }
            guard definition.type.isNonNull else { return nil }
            throw LiteralError(
                message: "\(described) required type '\(definition.type)' was not provided.", location: location)
        }
        var isNull = false
        if case .null = argument.value { isNull = true }
        if case .variable(let name, let place) = argument.value {
            guard let value = variables[name] else {
                if let value = definition.defaultValue { return defaulted(value, definition.type) }
                guard definition.type.isNonNull else { return nil }
                let what = "was provided the variable '$\(name)' which was not provided a runtime value."
                throw LiteralError(
                    message: "\(described) required type '\(definition.type)' \(what)", location: place)
            }
            isNull = value.isNull
        }
        if isNull, definition.type.isNonNull {
            throw LiteralError(
                message: "\(described) non-null type '\(definition.type)' must not be null.",
                location: argument.value.location)
        }
        guard let value = try coerced(argument.value, definition.type, variables) else {
            throw LiteralError(
                message: "Argument '\(definition.name)' has invalid value \(argument.value).",
                location: argument.value.location)
        }
        return value
    }

    /// A default as the schema declares it, with the defaults of input objects' fields put in.
    func defaulted(_ value: InputValue, _ type: WrappedType) -> InputValue {
        var ignored: [InputProblem] = []
        return coerced(value, type, path: [], &ignored) ?? value
    }

    /// A literal of a document with its variables put in; nil where it does not fit its type.
    func coerced(
        _ value: Value, _ type: WrappedType, _ variables: [String: InputValue]
    ) throws(LiteralError) -> InputValue? {
        if case .variable(let name, _) = value {
            guard let found = variables[name], !(found.isNull && type.isNonNull) else { return nil }
            return found
        }
        if case .null = value { return type.isNonNull ? nil : .null }
        if let item = type.item { return try coercedList(value, item, variables) }
        guard let named = schema.type(named: type.name) else { return nil }
        switch named.kind {
        case .inputObject: return try coercedObject(value, named, variables)
        case .enum:
            guard case .enumValue(let name, _) = value, named.enumValue(named: name) != nil else { return nil }
            return .enumValue(name)
        default: return try coercedScalar(value, named, variables)
        }
    }

    private func coercedList(
        _ value: Value, _ item: WrappedType, _ variables: [String: InputValue]
    ) throws(LiteralError) -> InputValue? {
        guard case .list(let values, _) = value else {
            return try coerced(value, item, variables).map { .list([$0]) }
        }
        var items: [InputValue] = []
        for value in values {
            if case .variable(let name, _) = value, variables[name] == nil {
                if item.isNonNull { return nil }
                items.append(.null)
                continue
            }
            guard let coerced = try coerced(value, item, variables) else { return nil }
            items.append(coerced)
        }
        return .list(items)
    }

    private func coercedObject(
        _ value: Value, _ type: SchemaType, _ variables: [String: InputValue]
    ) throws(LiteralError) -> InputValue? {
        guard case .object(let given, _) = value else { return nil }
        var fields: [InputValue.ObjectField] = []
        for definition in type.inputFields {
            var literal = given.last { $0.name.text == definition.name }?.value
            if case .variable(let name, _)? = literal, variables[name] == nil { literal = nil }
            if let literal {
                guard let coerced = try coerced(literal, definition.type, variables) else { return nil }
                fields.append(InputValue.ObjectField(definition.name, coerced))
            } else if let value = definition.defaultValue {
                fields.append(InputValue.ObjectField(definition.name, defaulted(value, definition.type)))
            } else if definition.type.isNonNull {
                return nil
            }
        }
        if type.isOneOf, fields.count != 1 || fields[0].value.isNull { return nil }
        return .object(fields)
    }

    private func coercedScalar(
        _ value: Value, _ type: SchemaType, _ variables: [String: InputValue]
    ) throws(LiteralError) -> InputValue? {
        guard let hooks = scalars[type.name] else { return builtIn(value, type.name) }
        do {
            return try hooks.parse(InputValue(value, variables))
        } catch {
            throw LiteralError(message: refusal(error, value, type.name), location: value.location)
        }
    }

    /// Why a literal is none of a custom scalar, for the validator: variables in it read as null there.
    func objection(_ name: String, _ literal: Value) -> String? {
        guard let hooks = scalars[name] else { return nil }
        do {
            _ = try hooks.parse(InputValue(literal, [:]))
            return nil
        } catch {
            return refusal(error, literal, name)
        }
    }

    private func refusal(_ error: any Error, _ literal: Value, _ name: String) -> String {
        let found = "Expected value of type '\(name)', found \(literal)"
        return (error as? GraphQLError)?.message ?? "\(found); \(error)"
    }

    private func builtIn(_ value: Value, _ name: String) -> InputValue? {
        switch (name, value) {
        case ("Int", .int(let text, _)): Int32(text).map { .int(Int64($0)) }
        case ("Float", .int(let text, _)), ("Float", .float(let text, _)): Double(text).map(InputValue.float)
        case ("String", .string(let text, _, _)), ("ID", .string(let text, _, _)), ("ID", .int(let text, _)):
            .string(text)
        case ("Boolean", .boolean(let flag, _)): .boolean(flag)
        default: scalars[name] == nil && !SpecifiedTypes.scalarNames.contains(name) ? InputValue(value, [:]) : nil
        }
    }
}

extension InputValue {
    /// A literal with its variables put in, without a type to go by; a number too large for 64 bits becomes a float.
    init(_ literal: GraphQL.Value, _ variables: [String: InputValue]) {
        self =
            switch literal {
            case .null: .null
            case .variable(let name, _): variables[name] ?? .null
            case .boolean(let value, _): .boolean(value)
            case .int(let text, _): Int64(text).map(InputValue.int) ?? .float(Double(text) ?? 0)
            case .float(let text, _): .float(Double(text) ?? 0)
            case .string(let text, _, _): .string(text)
            case .enumValue(let name, _): .enumValue(name)
            case .list(let values, _): .list(values.map { InputValue($0, variables) })
            case .object(let fields, _):
                .object(fields.map { ObjectField($0.name.text, InputValue($0.value, variables)) })
            }
    }
}
