/// A part of a variable's value that does not fit its type.
struct InputProblem {
    var path: [PathElement]
    var value: InputValue
    var message: String
}

extension InputCoercion {
    /// Values of an operation's variables (October 2021, 6.1.2).
    ///
    /// - Throws: at most fifty errors, and a last one that says there are more.
    func variables(
        of operation: OperationDefinition, given: [InputValue.ObjectField], source: Source
    ) -> Result<[String: InputValue], GraphQLErrors> {
        var values: [String: InputValue] = [:]
        var errors: [GraphQLError] = []
        for definition in operation.variableDefinitions {
            let problems = coerce(definition, given.value(named: definition.name.text), &values)
            for message in problems {
                guard errors.count < 50 else {
                    let text = "Too many errors processing variables, error limit reached. Execution aborted."
                    return .failure(GraphQLErrors(errors: errors + [GraphQLError(message: text)]))
                }
                errors.append(
                    GraphQLError(message: message, locations: [source.location(of: definition.location)]))
            }
        }
        return errors.isEmpty ? .success(values) : .failure(GraphQLErrors(errors: errors))
    }

    /// Puts the variable's value among the values, or answers what is wrong with it.
    private func coerce(
        _ definition: VariableDefinition, _ given: InputValue?, _ values: inout [String: InputValue]
    ) -> [String] {
        let name = definition.name.text
        let type = WrappedType(definition.type)
        guard schema.type(named: type.name)?.kind.isInput == true else {
            return ["Variable '$\(name)' expected value of type '\(type)' which cannot be used as an input type."]
        }
        guard let given else {
            if let literal = definition.defaultValue {
                do {
                    values[name] = try coerced(literal, type, [:])
                } catch {
                    return [error.message]
                }
            } else if type.isNonNull {
                return ["Variable '$\(name)' of required type '\(type)' was not provided."]
            }
            return []
        }
        if given.isNull, type.isNonNull {
            return ["Variable '$\(name)' of non-null type '\(type)' must not be null."]
        }
        var problems: [InputProblem] = []
        values[name] = coerced(given, type, path: [], &problems)
        return problems.map { problem in
            let place = problem.path.isEmpty ? "" : " at '\(name)\(problem.path.map(\.suffix).joined())'"
            return "Variable '$\(name)' got invalid value \(problem.value.inspected)\(place); \(problem.message)"
        }
    }

    /// A value of a request's variable in its type; nil, and the problems, where it does not fit.
    func coerced(
        _ value: InputValue, _ type: WrappedType, path: [PathElement], _ problems: inout [InputProblem]
    ) -> InputValue? {
        if value.isNull {
            guard type.isNonNull else { return .null }
            let message = "Expected non-nullable type '\(type)' not to be None."
            problems.append(InputProblem(path: path, value: value, message: message))
            return nil
        }
        if let item = type.item {
            guard case .list(let items) = value else {
                return coerced(value, item, path: path, &problems).map { .list([$0]) }
            }
            var results: [InputValue] = []
            for (index, element) in items.enumerated() {
                if let result = coerced(element, item, path: path + [.index(index)], &problems) {
                    results.append(result)
                }
            }
            return .list(results)
        }
        guard let named = schema.type(named: type.name) else { return nil }
        if named.kind == .inputObject { return coercedObject(value, named, path, &problems) }
        do {
            return try coercedLeaf(value, named)
        } catch {
            let message = (error as? GraphQLError)?.message ?? "Expected type '\(named.name)'. \(error)"
            problems.append(InputProblem(path: path, value: value, message: message))
            return nil
        }
    }

    private func coercedObject(
        _ value: InputValue, _ type: SchemaType, _ path: [PathElement], _ problems: inout [InputProblem]
    ) -> InputValue? {
        func report(_ message: String) {
            problems.append(InputProblem(path: path, value: value, message: message))
        }
        guard case .object(let given) = value else {
            report("Expected type '\(type.name)' to be a mapping.")
            return nil
        }
        var fields: [InputValue.ObjectField] = []
        for definition in type.inputFields {
            if let found = given.value(named: definition.name) {
                let inner = path + [.key(definition.name)]
                if let result = coerced(found, definition.type, path: inner, &problems) {
                    fields.append(InputValue.ObjectField(definition.name, result))
                }
            } else if let value = definition.defaultValue {
                fields.append(InputValue.ObjectField(definition.name, defaulted(value, definition.type)))
            } else if definition.type.isNonNull {
                report("Field '\(definition.name)' of required type '\(definition.type)' was not provided.")
            }
        }
        for field in given where type.inputField(named: field.name) == nil {
            let hint = didYouMean(suggestions(for: field.name, among: type.inputFields.map(\.name)))
            report("Field '\(field.name)' is not defined by type '\(type.name)'.\(hint)")
        }
        if type.isOneOf { problems += oneOfProblems(value, given, type, path) }
        return .object(fields)
    }

    private func oneOfProblems(
        _ value: InputValue, _ given: [InputValue.ObjectField], _ type: SchemaType, _ path: [PathElement]
    ) -> [InputProblem] {
        let names = type.inputFields.map(\.name).filter { given.value(named: $0) != nil }
        guard names.count == 1, let name = names.first else {
            let message = "Exactly one key must be specified for OneOf type '\(type.name)'."
            return [InputProblem(path: path, value: value, message: message)]
        }
        guard given.value(named: name)?.isNull == true else { return [] }
        return [
            InputProblem(path: path + [.key(name)], value: .null, message: "Field '\(name)' must be non-null.")
        ]
    }

    private func coercedLeaf(_ value: InputValue, _ type: SchemaType) throws -> InputValue {
        if type.kind == .enum { return try coercedEnum(value, type) }
        if let hooks = scalars[type.name] { return try hooks.parse(value) }
        switch (type.name, value) {
        case ("Int", .int(let number)): return try coercedInt(number, value)
        case ("Int", .float(let number)) where Int64(exactly: number) != nil:
            return try coercedInt(Int64(number), value)
        case ("Int", .float(let number)) where number.isFinite && number == number.rounded():
            return try coercedInt(Int64.max, value)
        case ("Int", _): throw GraphQLError(message: "Int cannot represent non-integer value: \(value.inspected)")
        case ("Float", .int(let number)): return .float(Double(number))
        case ("Float", .float(let number)) where number.isFinite: return value
        case ("Float", _): throw GraphQLError(message: "Float cannot represent non numeric value: \(value.inspected)")
        case ("Boolean", .boolean), ("String", .string), ("ID", .string): return value
        case ("Boolean", _):
            throw GraphQLError(message: "Boolean cannot represent a non boolean value: \(value.inspected)")
        case ("String", _):
            throw GraphQLError(message: "String cannot represent a non string value: \(value.inspected)")
        case ("ID", .int(let number)): return .string(String(number))
        case ("ID", .float(let number)) where Int64(exactly: number) != nil: return .string(String(Int64(number)))
        case ("ID", _): throw GraphQLError(message: "ID cannot represent value: \(value.inspected)")
        default: return value
        }
    }

    private func coercedInt(_ number: Int64, _ value: InputValue) throws -> InputValue {
        guard Int32(exactly: number) != nil else {
            throw GraphQLError(message: "Int cannot represent non 32-bit signed integer value: \(value.inspected)")
        }
        return .int(number)
    }

    private func coercedEnum(_ value: InputValue, _ type: SchemaType) throws -> InputValue {
        let names = type.enumValues.map(\.name)
        switch value {
        case .string(let name), .enumValue(let name):
            if type.enumValue(named: name) != nil { return .enumValue(name) }
            let hint = didYouMean(suggestions(for: name, among: names), "the enum value")
            throw GraphQLError(message: "Value '\(name)' does not exist in '\(type.name)' enum.\(hint)")
        default:
            let text = value.inspected
            let hint = didYouMean(suggestions(for: text, among: names), "the enum value")
            throw GraphQLError(message: "Enum '\(type.name)' cannot represent non-string value: \(text).\(hint)")
        }
    }
}

extension PathElement {
    fileprivate var suffix: String {
        switch self {
        case .key(let key): ".\(key)"
        case .index(let index): "[\(index)]"
        }
    }
}
